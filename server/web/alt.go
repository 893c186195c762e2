package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"seedling/store"
	"seedling/templates"
)

// showAlt is /posts/{id}/alt: the descriptions of a post's files, with a form
// for others to suggest one, and for the author to answer.
func (s *Server) showAlt(w http.ResponseWriter, r *request) error {
	v, err := s.describedPost(r)
	if err != nil {
		return err
	}
	return s.renderAlt(w, r, http.StatusOK, v, 0, "")
}

// describedPost is the post of a path, if it shows uploads of a member: others
// can't be told of a suggestion.
func (s *Server) describedPost(r *request) (*store.PostView, error) {
	v, err := s.postOfPath(r)
	if err != nil {
		return nil, err
	}
	if !describable(v) {
		return nil, store.ErrNotFound
	}
	return v, nil
}

// renderAlt shows the page; typed is what was just refused for a file.
func (s *Server) renderAlt(w http.ResponseWriter, r *request, status int, v *store.PostView, mediaID int64, typed string, errs ...templates.FieldError) error {
	list, err := s.db.AltSuggestions(r.Context(), r.viewerID(), v.ID)
	if err != nil {
		return err
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	p := templates.AltPage{Frame: s.frame(r), URL: v.Path(), Own: v.AccountID == r.viewerID()}
	p.NoIndex, p.Errors = true, errs
	for _, a := range v.Attachments {
		if a.MediaID != 0 {
			p.Files = append(p.Files, c.altFile(v.ID, a, len(p.Files)+1, list))
		}
	}
	for i := range p.Files {
		if f := &p.Files[i]; f.ID == mediaID {
			f.Typed, f.Wrong = typed, true
		}
	}
	return s.render(w, r, status, p)
}

// altFile is a file with what is suggested for it.
func (c *cards) altFile(postID int64, a *store.Attachment, number int, list []*store.AltSuggestion) templates.AltFile {
	f := templates.AltFile{ID: a.MediaID, PostID: postID, Number: number, Kind: attachmentKind(a.Kind), Alt: a.Description, Limit: store.MaxAlt}
	source, still := filePaths(c.db, a)
	if f.Preview = still; still == "" && a.Kind == store.AttachedImage {
		f.Preview = source
	}
	for _, q := range list {
		if q.MediaID == a.MediaID {
			f.Suggested = append(f.Suggested, templates.AltSuggested{ID: q.ID, From: c.account(q.From), Text: q.Text})
			f.Typed = q.Text
		}
	}
	return f
}

// suggestAlt is POST /posts/{id}/alt media, text.
func (s *Server) suggestAlt(w http.ResponseWriter, r *request) error {
	v, err := s.describedPost(r)
	if err != nil {
		return err
	}
	mediaID, text := positive(r.form.Get("media")), r.form.Get("text")
	err = s.db.SuggestAlt(r.Context(), r.viewerID(), v.ID, mediaID, text)
	var no *store.InputError
	if errors.As(err, &no) {
		return s.renderAlt(w, r, http.StatusUnprocessableEntity, v, mediaID, text, altMistake(mediaID, no))
	}
	if err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.alt_suggested")})
	return redirect(w, r, altPath(v.ID))
}

// altMistake puts into words why a suggestion is refused.
func altMistake(mediaID int64, no *store.InputError) templates.FieldError {
	key := "alt.error_empty"
	switch {
	case no.Problem == store.InputLong:
		key = "media.alt_long"
	case no.Problem == store.InputMany && no.Field == "file":
		key = "alt.error_full"
	case no.Problem == store.InputMany:
		key = "alt.error_many"
	}
	return mistake("alt-"+strconv.FormatInt(mediaID, 10), key, "n", no.Limit)
}

// acceptAlt is POST /suggestions/{id}/accept: the text as the author left it in
// the field.
func (s *Server) acceptAlt(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	p, err := s.db.AcceptAlt(r.Context(), r.viewerID(), id, strings.TrimSpace(r.form.Get("text")))
	var bad *store.PostError
	switch {
	case errors.As(err, &bad) && bad.Problem == store.PostAltLong:
		return refuse(http.StatusUnprocessableEntity, "media.alt_long", "n", bad.Limit)
	case errors.As(err, &bad):
		return refuse(http.StatusUnprocessableEntity, "alt.error_post")
	case errors.Is(err, store.ErrStale):
		return refuse(http.StatusConflict, "error.stale")
	case err != nil:
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.alt_accepted")})
	return redirect(w, r, altPath(p.ID))
}

// declineAlt is POST /suggestions/{id}/decline, by the author or who suggested it.
func (s *Server) declineAlt(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	postID, err := s.db.DeclineAlt(r.Context(), r.viewerID(), id)
	if err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.alt_declined")})
	return redirect(w, r, altPath(postID))
}

func altPath(postID int64) string { return "/posts/" + strconv.FormatInt(postID, 10) + "/alt" }

// describable says whether a card offers the page of descriptions: there are
// uploads of a member of this server on it.
func describable(v *store.PostView) bool { return v.Author.Local() && len(mediaOfPost(v)) > 0 }
