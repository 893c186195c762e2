package web

import (
	"errors"
	"net/http"
	"time"

	"seedling/store"
	"seedling/store/content"
	"seedling/templates"
)

// announcementText is how many characters of an announcement name it in a list.
const announcementText = 60

func (c *cards) announcement(a *store.Announcement) templates.Announcement {
	v := templates.Announcement{
		ID: a.ID, HTML: safeHTML(c.emojify("", a.HTML)), Text: content.Excerpt(a.HTML, announcementText), At: c.moment(a.PublishedAt()),
		Over: !a.EndsAt.IsZero() && !a.EndsAt.After(c.now), Ahead: a.StartsAt.After(c.now), Dismissed: a.Dismissed,
	}
	if !a.StartsAt.IsZero() {
		v.From = c.moment(a.StartsAt)
	}
	if !a.EndsAt.IsZero() {
		v.Till = c.moment(a.EndsAt)
	}
	for _, r := range a.Reactions {
		v.Reactions = append(v.Reactions, templates.Reaction{Emoji: r.Text, Picture: c.ownPicture(r.Text), Value: r.Key(), Count: r.Count, Mine: r.Mine})
	}
	return v
}

// ownPicture is the picture of one of our emoji, or "".
func (c *cards) ownPicture(text string) string {
	e := store.Emoji{Text: text}
	if !e.Custom() || !c.has("", text) {
		return ""
	}
	return c.picture(e)
}

// announced are the announcements above home.
func (s *Server) announced(r *request, c *cards, all bool) ([]templates.Announcement, error) {
	list, err := s.db.Announcements(r.Context(), r.viewerID(), all)
	if err != nil {
		return nil, err
	}
	rows := make([]templates.Announcement, len(list))
	for i, a := range list {
		rows[i] = c.announcement(a)
	}
	return rows, nil
}

// showAnnouncements is /announcements: those that were dismissed, too.
func (s *Server) showAnnouncements(w http.ResponseWriter, r *request) error {
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	p := templates.AnnouncementsPage{Frame: s.frame(r)}
	if p.Rows, err = s.announced(r, c, true); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, p)
}

// dismissAnnouncement is POST /announcements/{id}/dismiss.
func (s *Server) dismissAnnouncement(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if err := s.db.DismissAnnouncement(r.Context(), r.viewerID(), id); err != nil {
		return err
	}
	return back(w, r, 0, "/home")
}

// reactToAnnouncement is POST /announcements/{id}/react; see react.
func (s *Server) reactToAnnouncement(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	do := s.db.ReactToAnnouncement
	if r.query("on") == "0" {
		do = s.db.UnreactToAnnouncement
	}
	err = do(r.Context(), r.viewerID(), id, r.text("emoji"))
	switch {
	case errors.Is(err, store.ErrNotEmoji):
		return refuse(http.StatusUnprocessableEntity, "error.not_emoji")
	case errors.Is(err, store.ErrForbidden):
		return refuse(http.StatusForbidden, "error.reactions")
	case err != nil:
		return err
	}
	return back(w, r, 0, "/home")
}

// showAdminAnnouncements is /admin/announcements.
func (s *Server) showAdminAnnouncements(w http.ResponseWriter, r *request) error {
	return s.renderAdminAnnouncements(w, r, http.StatusOK, templates.AnnouncementForm{})
}

func (s *Server) renderAdminAnnouncements(w http.ResponseWriter, r *request, status int, form templates.AnnouncementForm, errs ...templates.FieldError) error {
	p := templates.AdminAnnouncementsPage{Frame: s.frame(r), Form: form}
	p.Errors = errs
	if form.ID != 0 {
		return s.renderAnnouncement(w, r, status, p)
	}
	list, err := s.db.AllAnnouncements(r.Context(), r.viewerID())
	if err != nil {
		return err
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	for _, a := range list {
		p.Rows = append(p.Rows, c.announcement(a))
	}
	return s.render(w, r, status, p)
}

// renderAnnouncement shows the form of one, and remembers what it was filled from.
func (s *Server) renderAnnouncement(w http.ResponseWriter, r *request, status int, p templates.AdminAnnouncementsPage) error {
	p.Filled = r.form.Get("seen")
	if p.Filled == "" || status == http.StatusConflict {
		saved, err := s.db.Announcement(r.Context(), p.Form.ID)
		if err != nil {
			return err
		}
		p.Filled = seenOf([]savedText{{"text", saved.Source, p.Form.Text}})
	}
	return s.render(w, r, status, p)
}

// announcement is the one that a path names by its number.
func (s *Server) announcement(r *request) (*store.Announcement, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, err
	}
	return s.db.Announcement(r.Context(), id)
}

// showAdminAnnouncement is /admin/announcements/{id}.
func (s *Server) showAdminAnnouncement(w http.ResponseWriter, r *request) error {
	a, err := s.announcement(r)
	if err != nil {
		return err
	}
	return s.renderAdminAnnouncements(w, r, http.StatusOK, templates.AnnouncementForm{
		ID: a.ID, Text: a.Source, From: s.localTime(r, a.StartsAt), Till: s.localTime(r, a.EndsAt), AllDay: a.AllDay,
	})
}

func (s *Server) localTime(r *request, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(s.zone(r)).Format(localTime)
}

// createAnnouncement is POST /admin/announcements.
func (s *Server) createAnnouncement(w http.ResponseWriter, r *request) error {
	return s.saveAnnouncement(w, r, 0)
}

// updateAnnouncement is POST /admin/announcements/{id}.
func (s *Server) updateAnnouncement(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	return s.saveAnnouncement(w, r, id)
}

func (s *Server) saveAnnouncement(w http.ResponseWriter, r *request, id int64) error {
	form := templates.AnnouncementForm{ID: id, Text: r.form.Get("text"), From: r.text("from"), Till: r.text("till"), AllDay: r.on("all_day")}
	n := store.NewAnnouncement{Source: form.Text, AllDay: form.AllDay}
	var errs []templates.FieldError
	for field, to := range map[string]*time.Time{"from": &n.StartsAt, "till": &n.EndsAt} {
		var err error
		if *to, err = s.readTime(r, field); err != nil {
			errs = append(errs, mistake(field, "announcements.bad_time"))
		}
	}
	if len(errs) > 0 {
		return s.renderAdminAnnouncements(w, r, http.StatusUnprocessableEntity, form, errs...)
	}
	var err error
	if id == 0 {
		_, err = s.db.CreateAnnouncement(r.Context(), n)
	} else {
		saved, missing := s.db.Announcement(r.Context(), id)
		if missing != nil {
			return missing
		}
		if errs := r.changed([]savedText{{"text", saved.Source, form.Text}}); errs != nil {
			return s.renderAdminAnnouncements(w, r, http.StatusConflict, form, errs...)
		}
		err = s.db.UpdateAnnouncement(r.Context(), id, n)
	}
	var wrong *store.InputError
	if errors.As(err, &wrong) {
		return s.renderAdminAnnouncements(w, r, http.StatusUnprocessableEntity, form, announcementMistake(wrong))
	}
	if err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.saved")})
	return redirect(w, r, "/admin/announcements")
}

// readTime reads a datetime-local field in the viewer's zone; empty is the zero
// time.
func (s *Server) readTime(r *request, field string) (time.Time, error) {
	text := r.text(field)
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation(localTime, text, s.zone(r))
	if err != nil {
		t, err = time.ParseInLocation(localTime+":05", text, s.zone(r)) // with seconds, as the format allows
	}
	if err == nil && (t.Year() < 2000 || t.Year() > 9000) {
		err = errors.New("a year far away")
	}
	return t, err
}

func announcementMistake(err *store.InputError) templates.FieldError {
	switch {
	case err.Field == "ends":
		return mistake("till", "announcements.too_early")
	case err.Problem == store.InputLong:
		return mistake("text", "settings.too_long", "n", err.Limit)
	case err.Problem == store.InputMany:
		return mistake("text", "announcements.too_many", "n", err.Limit)
	}
	return mistake("text", "announcements.no_text")
}

// showAnnouncementDelete asks first: /admin/announcements/{id}/delete.
func (s *Server) showAnnouncementDelete(w http.ResponseWriter, r *request) error {
	a, err := s.announcement(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, templates.ConfirmPage{
		Frame: s.frame(r), Title: templates.M("announcements.delete_title"), Body: []templates.Msg{templates.M("announcements.delete_text", "text", content.Excerpt(a.HTML, announcementText))},
		Action: r.URL.Path, Button: "announcements.delete", Danger: true, Cancel: "/admin/announcements",
	})
}

// deleteAnnouncement is POST /admin/announcements/{id}/delete. One that is gone
// already is what was wanted.
func (s *Server) deleteAnnouncement(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if err := s.db.DeleteAnnouncement(r.Context(), id); err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.announcement_deleted")})
	return redirect(w, r, "/admin/announcements")
}
