package web

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"seedling/store"
	"seedling/templates"
)

// ownPost is the viewer's own post that a path names; all others are not found.
func (s *Server) ownPost(r *request) (*store.PostView, error) {
	v, err := s.postOfPath(r)
	if err != nil {
		return nil, err
	}
	if v.AccountID != r.viewerID() {
		return nil, store.ErrNotFound
	}
	return v, nil
}

// editing is the composer for a change of v. Its token is the version that the
// author has before them.
func (s *Server) editing(r *request, v *store.PostView) (composing, error) {
	c, err := s.newComposer(r)
	if err != nil {
		return composing{}, err
	}
	c.Edit, c.Action = true, "/posts/"+strconv.FormatInt(v.ID, 10)+"/edit"
	c.Text, c.ContentWarning, c.Lang = v.Source.Text, v.ContentWarning, v.Language
	c.Format, c.Visibility = string(v.Source.Format), v.Visibility.String()
	c.Token = strconv.FormatInt(v.Version(), 10)
	c.Sensitive = v.Sensitive && v.ContentWarning == ""
	if v.Poll != nil {
		c.Poll = editedPoll(v.Poll)
	}
	in := composing{form: c, editOf: v}
	if v.Quote != nil && !v.Quote.Hidden {
		in.quoted = v.Quote.Post // stays, and is shown
	}
	return in, nil
}

// showEdit is /posts/{id}/edit.
func (s *Server) showEdit(w http.ResponseWriter, r *request) error {
	v, err := s.ownPost(r)
	if err != nil {
		return err
	}
	in, err := s.editing(r, v)
	if err != nil {
		return err
	}
	if err := s.fillMedia(r, &in, mediaOfPost(v)); err != nil {
		return err
	}
	return s.renderCompose(w, r, http.StatusOK, in)
}

// updatePost is POST /posts/{id}/edit.
func (s *Server) updatePost(w http.ResponseWriter, r *request) error {
	v, err := s.ownPost(r)
	if err != nil {
		return err
	}
	in, err := s.readEdit(r, v)
	if err != nil {
		return err
	}
	if changePoll(&in.form, r.form.Get("action")) || isMediaAction(r.form.Get("action")) {
		return s.renderCompose(w, r, statusOf(in), in)
	}
	if r.form.Get("action") == "preview" {
		return s.renderPreview(w, r, in)
	}
	if len(in.errs) > 0 {
		return s.renderCompose(w, r, http.StatusUnprocessableEntity, in)
	}
	if asked, err := s.askAlt(w, r, &in); asked || err != nil {
		return err
	}
	seen, err := strconv.ParseInt(r.form.Get("token"), 10, 64)
	if err != nil {
		return s.staleEdit(w, r, in)
	}
	edit := store.Edit{
		Source: in.source(), ContentWarning: in.form.ContentWarning, Language: in.form.Lang, SeenAt: seen,
		Sensitive: in.form.Sensitive, MediaIDs: in.mediaIDs(), MediaTexts: in.mediaTexts(),
	}
	edit.Poll, edit.NoPoll = in.editPoll(s.now())
	_, err = s.db.UpdatePost(r.Context(), r.viewerID(), v.ID, edit)
	var bad *store.PostError
	switch {
	case errors.As(err, &bad):
		in.errs = append(in.errs, postMistake(bad))
		return s.renderCompose(w, r, http.StatusUnprocessableEntity, in)
	case errors.Is(err, store.ErrStale):
		return s.staleEdit(w, r, in)
	case err != nil:
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.edited")})
	return redirect(w, r, v.Path())
}

// readEdit takes what was typed as a change of v, whose visibility stays.
func (s *Server) readEdit(r *request, v *store.PostView) (composing, error) {
	in, err := s.editing(r, v)
	if err != nil {
		return in, err
	}
	typed, err := s.readComposer(r)
	if err != nil {
		return in, err
	}
	in.form.Text, in.form.ContentWarning = typed.form.Text, typed.form.ContentWarning
	in.form.Media, in.form.Sensitive = typed.form.Media, typed.form.Sensitive
	in.form.Format, in.form.Lang, in.form.Token = typed.form.Format, typed.form.Lang, typed.form.Token
	if typed.form.Poll != nil || r.on("no_poll") {
		in.form.Poll = typed.form.Poll
	}
	if lang := r.form.Get("lang"); lang == v.Language {
		in.form.Lang = lang // which the form offers for this post, see languagesWith
	} else {
		in.errs = onlyField(typed.errs, "lang")
	}
	in.errs = append(in.errs, onlyField(typed.errs, "media")...)
	return in, nil
}

// mediaOfPost lists the uploads that a post shows.
func mediaOfPost(v *store.PostView) []int64 {
	var ids []int64
	for _, a := range v.Attachments {
		if a.MediaID != 0 {
			ids = append(ids, a.MediaID)
		}
	}
	return ids
}

func onlyField(errs []templates.FieldError, field string) []templates.FieldError {
	var list []templates.FieldError
	for _, e := range errs {
		if e.Field == field {
			list = append(list, e)
		}
	}
	return list
}

// staleEdit answers a change of a version that is not the newest: both texts
// are on the page, and the next press of Save replaces the newer one. The same
// change sent twice is no conflict.
func (s *Server) staleEdit(w http.ResponseWriter, r *request, in composing) error {
	now, err := s.db.PostVisibleTo(r.Context(), in.editOf.ID, r.asViewer())
	if err != nil {
		return err
	}
	stored := *r
	stored.form = nil // of the files, what is saved and not what was typed
	saved, err := s.editing(&stored, now)
	if err != nil {
		return err
	}
	if err := s.fillMedia(&stored, &saved, mediaOfPost(now)); err != nil {
		return err
	}
	if in.says(saved) && in.saysPoll(now.Poll, s.now()) {
		return redirect(w, r, now.Path())
	}
	in.newer, in.form.Token = newerOf(saved), saved.form.Token
	in.errs = append(in.errs, mistake("text", "error.stale"))
	return s.renderCompose(w, r, http.StatusConflict, in)
}

// says tells whether a form would save what another one holds.
func (in *composing) says(other composing) bool {
	a, b := in.form, other.form
	hides := func(c templates.Composer) bool { return c.Sensitive || c.ContentWarning != "" }
	return in.source() == other.source() && a.ContentWarning == b.ContentWarning && a.Lang == b.Lang && hides(a) == hides(b) &&
		slices.Equal(in.mediaIDs(), other.mediaIDs()) && maps.Equal(in.mediaTexts(), other.mediaTexts())
}

// newerOf is what the page of a change that came too late shows of what is saved.
func newerOf(saved composing) *templates.Newer {
	n := &templates.Newer{Warning: saved.form.ContentWarning, Text: saved.form.Text}
	for _, f := range saved.form.Media {
		n.Descriptions = append(n.Descriptions, f.Alt)
	}
	if saved.form.Poll != nil {
		n.Options = saved.form.Poll.Options
	}
	return n
}

// showDelete asks before a post is deleted.
func (s *Server) showDelete(w http.ResponseWriter, r *request) error {
	return s.confirmDelete(w, r, "delete")
}

// showRedraft asks before a post is deleted to be written again.
func (s *Server) showRedraft(w http.ResponseWriter, r *request) error {
	return s.confirmDelete(w, r, "redraft")
}

func (s *Server) confirmDelete(w http.ResponseWriter, r *request, what string) error {
	v, err := s.ownPost(r)
	if err != nil {
		return err
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	post := c.post(v)
	return s.render(w, r, http.StatusOK, templates.ConfirmPage{
		Frame: s.frame(r), Title: templates.M("confirm." + what), Body: []templates.Msg{templates.M("confirm." + what + "_text")},
		Action: "/posts/" + strconv.FormatInt(v.ID, 10) + "/" + what, Button: "confirm." + what + "_do",
		Danger: true, Cancel: v.Path(), Post: &post,
	})
}

// deletePost is POST /posts/{id}/delete.
func (s *Server) deletePost(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if err := s.db.DeletePost(r.Context(), r.viewerID(), id); err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.deleted")})
	return redirect(w, r, r.viewer.Account.Path())
}

// redraftPost is POST /posts/{id}/redraft: the post becomes a draft, which is
// opened in the composer.
func (s *Server) redraftPost(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	d, err := s.db.Redraft(r.Context(), r.viewerID(), id)
	if err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.redrafted")})
	return redirect(w, r, draftPath(d.ID))
}
