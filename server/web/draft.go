package web

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"seedling/store"
	"seedling/store/content"
	"seedling/templates"
)

// localTime is how a field of type datetime-local writes a time: that of the
// member's zone.
const localTime = "2006-01-02T15:04"

// draftPath opens a draft in the composer.
func draftPath(id int64) string { return "/compose?draft=" + strconv.FormatInt(id, 10) }

// expiries are after how long a post can delete itself.
var expiries = []struct {
	value string
	lasts time.Duration
}{
	{"1h", time.Hour}, {"6h", 6 * time.Hour}, {"1d", day}, {"3d", 3 * day}, {"7d", 7 * day}, {"30d", 30 * day}, {"90d", 90 * day}, {"1y", 365 * day},
}

// expiryChoices offers them, and never.
func expiryChoices() []templates.Choice {
	list := []templates.Choice{{Label: "compose.expire_never"}}
	for _, e := range expiries {
		list = append(list, templates.Choice{Value: e.value, Label: "compose.expire_" + e.value})
	}
	return list
}

// expiryOf is the choice for a time, or the next shorter one.
func expiryOf(lasts time.Duration) (value string) {
	for _, e := range expiries {
		if e.lasts <= lasts {
			value = e.value
		}
	}
	return value
}

// readLater takes when a post is to come and to go, and which draft it is.
func (s *Server) readLater(r *request, in *composing) {
	c := &in.form
	c.Draft, c.DraftSeen = positive(r.form.Get("draft")), r.form.Get("draft_seen")
	c.Schedule, c.Expire = r.form.Get("schedule"), r.form.Get("expire")
	if c.Schedule != "" {
		var err error
		if in.at, err = time.ParseInLocation(localTime, cutSeconds(c.Schedule), s.zone(r)); err != nil {
			in.errs = append(in.errs, mistake("schedule", "error.schedule"))
		}
	}
	if c.Expire == "" {
		return
	}
	if !offered(expiryChoices(), c.Expire) {
		in.errs, c.Expire = append(in.errs, mistake("expire", "settings.choose")), ""
	}
	for _, e := range expiries {
		if e.value == c.Expire {
			in.lasts = e.lasts
		}
	}
}

// cutSeconds drops the seconds that some browsers send.
func cutSeconds(text string) string {
	if strings.Count(text, ":") == 2 {
		text = text[:strings.LastIndexByte(text, ':')]
	}
	return text
}

// onceToken makes the second press of a button harmless, but not the first
// press after the text was changed in a page that the Back button brought back.
func (in *composing) onceToken() string {
	c, h := in.form, sha256.New()
	parts := []string{c.Token, c.Text, c.ContentWarning, c.Visibility, c.Schedule}
	if c.Poll != nil {
		parts = append(parts, c.Poll.Options...)
	}
	for _, part := range parts {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:15])
}

// saveDraft is POST /posts with action=draft, and POST /drafts: what was typed
// is kept, whatever is wrong with it.
func (s *Server) saveDraft(w http.ResponseWriter, r *request, in composing) error {
	d := in.draft(r.viewerID())
	d.Token = in.form.Token
	saved, err := s.db.SaveDraft(r.Context(), d)
	if err != nil {
		return s.notTaken(w, r, in, err)
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.draft_saved")})
	return redirect(w, r, draftPath(saved.ID))
}

// createDraft is POST /drafts.
func (s *Server) createDraft(w http.ResponseWriter, r *request) error {
	in, err := s.readComposer(r)
	if err != nil {
		return err
	}
	return s.saveDraft(w, r, in)
}

// schedule has what was typed posted later.
func (s *Server) schedule(w http.ResponseWriter, r *request, in composing) error {
	if _, err := s.db.Schedule(r.Context(), in.draft(r.viewerID()), in.at); err != nil {
		return s.notTaken(w, r, in, err)
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.scheduled")})
	return redirect(w, r, "/scheduled")
}

// notTaken answers a text that the store did not take.
func (s *Server) notTaken(w http.ResponseWriter, r *request, in composing, err error) error {
	var bad *store.PostError
	switch {
	case errors.As(err, &bad):
		return s.refusePost(w, r, in, bad)
	case errors.Is(err, store.ErrStale):
		return s.staleDraft(w, r, in)
	}
	return err
}

// refusePost shows the form again with what is wrong. A draft that another tab
// posted or deleted is named no more, so that the next press posts the text, and
// so it does for one that was posted a moment ago.
func (s *Server) refusePost(w http.ResponseWriter, r *request, in composing, bad *store.PostError) error {
	switch bad.Problem {
	case store.PostDraftGone:
		in.form.Draft, in.form.DraftSeen = 0, ""
	case store.PostRepeated:
		in.form.Token = againToken + rand.Text()
	}
	in.errs = append(in.errs, postMistake(bad))
	return s.renderCompose(w, r, http.StatusUnprocessableEntity, in)
}

// staleDraft answers a change of a draft that was changed in another tab: both
// texts are on the page, and the next press replaces the newer one.
func (s *Server) staleDraft(w http.ResponseWriter, r *request, in composing) error {
	now, err := s.db.SavedDraft(r.Context(), r.viewerID(), in.form.Draft)
	if err != nil {
		return err
	}
	stored := *r
	stored.form = nil
	saved, err := s.composeDraft(&stored, now)
	if err != nil {
		return err
	}
	in.newer, in.form.DraftSeen = newerOf(saved), saved.form.DraftSeen
	in.errs = append(in.errs, mistake("text", "error.stale_draft"))
	return s.renderCompose(w, r, http.StatusConflict, in)
}

// composeDraft is the composer with a draft.
func (s *Server) composeDraft(r *request, d *store.SavedDraft) (in composing, err error) {
	if in.form, err = s.newComposer(r); err != nil {
		return in, err
	}
	c := &in.form
	in.policy, in.lasts, in.at = d.Policy, d.ExpiresIn, d.PublishAt
	c.Draft, c.DraftSeen = d.ID, strconv.FormatInt(d.Version(), 10)
	c.Text, c.ContentWarning, c.Lang = d.Source.Text, d.ContentWarning, d.Language
	c.Format, c.Visibility, c.Poll = string(d.Source.Format), d.Visibility.String(), pollFormOf(d.Poll)
	c.Policy, c.Expire = policyFields(d.Policy), expiryOf(d.ExpiresIn)
	c.Sensitive = d.Sensitive && d.ContentWarning == ""
	if d.Scheduled() {
		c.Schedule = d.PublishAt.In(s.zone(r)).Format(localTime)
	}
	if d.Problem != nil {
		in.errs = append(in.errs, postMistake(d.Problem))
	}
	if err := s.fillMedia(r, &in, d.MediaIDs); err != nil {
		return in, err
	}
	in.form.Media = withTexts(in.form.Media, d.MediaTexts)
	errs := in.errs
	err = s.findContext(r, &in, d.ReplyToID, d.QuoteID)
	if d.Problem != nil {
		in.errs = errs // it says already what hindered it
	}
	return in, err
}

// withTexts puts what a draft says of its files into their fields.
func withTexts(list []templates.MediaForm, texts map[int64]store.MediaText) []templates.MediaForm {
	for i, f := range list {
		if text, ok := texts[f.ID]; ok {
			list[i].Alt, list[i].Focus = text.Description, focusValue(text.FocalX, text.FocalY)
			if f.Kind == "image" {
				list[i].Box = focusBox(list[i].Focus)
			}
		}
	}
	return list
}

// showDraft is /compose?draft=ID.
func (s *Server) showDraft(w http.ResponseWriter, r *request, id int64) error {
	d, err := s.db.SavedDraft(r.Context(), r.viewerID(), id)
	if err != nil {
		return err
	}
	in, err := s.composeDraft(r, d)
	if err != nil {
		return err
	}
	return s.renderCompose(w, r, http.StatusOK, in)
}

// showDrafts is /drafts.
func (s *Server) showDrafts(w http.ResponseWriter, r *request) error {
	page, err := s.db.Drafts(r.Context(), r.viewerID(), r.storeCursor(postsPerPage))
	if err != nil {
		return err
	}
	return s.renderDrafts(w, r, "drafts", page)
}

// showScheduled is /scheduled.
func (s *Server) showScheduled(w http.ResponseWriter, r *request) error {
	page, err := s.db.Scheduled(r.Context(), r.viewerID(), r.storeCursor(postsPerPage))
	if err != nil {
		return err
	}
	return s.renderDrafts(w, r, "scheduled", page)
}

func (s *Server) renderDrafts(w http.ResponseWriter, r *request, kind string, page *store.DraftPage) error {
	p := templates.DraftsPage{Frame: s.frame(r), Kind: kind}
	p.NoIndex, p.Pager = true, r.links(page.Older, page.Newer)
	for _, d := range page.Drafts {
		p.Rows = append(p.Rows, s.draftRow(r, d))
	}
	return s.render(w, r, http.StatusOK, p)
}

// draftExcerpt is how many characters of a draft stand in the list.
const draftExcerpt = 280

func (s *Server) draftRow(r *request, d *store.SavedDraft) templates.DraftRow {
	row := templates.DraftRow{
		ID: d.ID, Text: content.Shorten(d.Source.Text, draftExcerpt), Warning: d.ContentWarning, Lang: d.Language, Visibility: d.Visibility.String(),
		Files: len(d.MediaIDs), Poll: d.Poll != nil, Reply: d.ReplyToID != 0, Saved: s.moment(r, d.SavedAt), At: s.moment(r, d.PublishAt),
	}
	if d.Problem != nil {
		m := postMistake(d.Problem).Msg
		row.Problem = &m
	}
	return row
}

// publishDraft is POST /drafts/{id}/publish: a draft or a scheduled post is
// posted now. What is wrong with it is shown in the composer.
func (s *Server) publishDraft(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	d, err := s.db.SavedDraft(r.Context(), r.viewerID(), id)
	if err != nil {
		return err
	}
	in, err := s.composeDraft(r, d)
	if err != nil {
		return err
	}
	in.form.Schedule, in.at, in.errs = "", time.Time{}, nil
	if asked, err := s.askAlt(w, r, &in); asked || err != nil {
		return err
	}
	post, err := s.db.PublishDraft(r.Context(), r.viewerID(), id)
	var bad *store.PostError
	if errors.As(err, &bad) && bad.Problem == store.PostDraftGone {
		return store.ErrNotFound
	}
	if errors.As(err, &bad) {
		return s.refusePost(w, r, in, bad)
	}
	if err != nil {
		return err
	}
	if err := s.flashPosted(w, r, post); err != nil {
		return err
	}
	return redirect(w, r, s.afterPosting(in, post))
}

// showDraftDelete asks before a draft is deleted.
func (s *Server) showDraftDelete(w http.ResponseWriter, r *request) error {
	d, err := s.draftOfPath(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, templates.ConfirmPage{
		Frame: s.frame(r), Title: templates.M("confirm.draft"), Body: []templates.Msg{templates.M("confirm.draft_text")},
		Action: "/drafts/" + r.param("id") + "/delete", Button: "confirm.delete_do", Danger: true, Cancel: draftsPath(d),
	})
}

// deleteDraft is POST /drafts/{id}/delete.
func (s *Server) deleteDraft(w http.ResponseWriter, r *request) error {
	d, err := s.draftOfPath(r)
	if err != nil {
		return err
	}
	if err := s.db.DeleteDraft(r.Context(), r.viewerID(), d.ID); err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.draft_deleted")})
	return redirect(w, r, draftsPath(d))
}

func (s *Server) draftOfPath(r *request) (*store.SavedDraft, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, err
	}
	return s.db.SavedDraft(r.Context(), r.viewerID(), id)
}

// draftsPath is the list in which a draft stands.
func draftsPath(d *store.SavedDraft) string {
	if d.Scheduled() {
		return "/scheduled"
	}
	return "/drafts"
}

// keepWriting makes a draft of the text that was sent under a session which had
// ended, now that its writer has logged in again, and opens it. ok is false if
// the form was no text to post.
func (s *Server) keepWriting(w http.ResponseWriter, r *request, user *store.User, p templates.LoginPage) (ok bool, err error) {
	switch p.Again {
	case "/posts", "/compose", "/drafts":
	default:
		return false, nil
	}
	writing := *r
	writing.viewer, writing.form, writing.files = user, map[string][]string{}, nil
	for _, f := range p.Keep {
		writing.form.Add(strings.TrimPrefix(f.Name, keptPrefix), f.Value)
	}
	in, err := s.readComposer(&writing)
	if err != nil {
		return false, err
	}
	d := in.draft(user.Account.ID)
	d.Token, d.SeenAt = in.form.Token, 0
	saved, err := s.db.SaveDraft(r.Context(), d)
	var bad *store.PostError
	if errors.As(err, &bad) {
		return false, nil // the form itself is offered again
	}
	if err != nil {
		return false, err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.draft_kept")})
	return true, redirect(w, r, draftPath(saved.ID))
}
