package web

import (
	"context"
	"maps"
	"net/http"
	"strings"

	"seedling/store"
	"seedling/store/content"
	"seedling/templates"
)

// renderPreview shows what a text will look like, above the form that holds it.
func (s *Server) renderPreview(w http.ResponseWriter, r *request, in composing) error {
	if m := checkText(in); m != nil {
		in.errs = append(in.errs, *m)
	}
	if len(in.errs) > 0 {
		return s.renderCompose(w, r, http.StatusUnprocessableEntity, in)
	}
	html, named, err := s.rendered(r.Context(), in.source())
	if err != nil {
		return err
	}
	d := in.draft(r.viewerID())
	in.shown = &store.PostView{Author: r.viewer.Account, Mentions: named, Poll: previewPoll(pollOf(in.form.Poll), s.now()), Post: &store.Post{
		AccountID: r.viewerID(), Visibility: d.Visibility, ContentWarning: d.ContentWarning, HTML: html, Language: d.Language, CreatedAt: s.now(),
	}}
	if in.editOf != nil {
		poll, none := in.editPoll(s.now())
		if in.shown.Poll = previewPoll(poll, s.now()); poll == nil && !none {
			in.shown.Poll = in.editOf.Poll // stays
		}
	}
	uploads, err := s.db.Media(r.Context(), r.viewerID(), in.mediaIDs()...)
	if err != nil {
		return err
	}
	texts := in.mediaTexts()
	for _, m := range uploads {
		m.MediaText = texts[m.ID]
	}
	in.shown.Attachments, in.shown.Sensitive = s.db.Attachments(uploads), d.Sensitive
	if in.lasts != 0 {
		in.shown.ExpiresAt = s.now().Add(in.lasts)
	}
	if in.quoted != nil {
		in.shown.Quote = &store.QuoteView{URI: in.quoted.URI, Post: in.quoted}
	}
	return s.renderCompose(w, r, http.StatusOK, in)
}

// checkText refuses what would not be worth a preview.
func checkText(in composing) *templates.FieldError {
	text := in.source().Text
	var m templates.FieldError
	switch n := content.Count(text); {
	case text == "" && len(in.form.Media) == 0:
		m = mistake("text", "error.post_empty")
	case n > in.form.Limit:
		m = mistake("text", "error.post_long", "n", n-in.form.Limit)
	default:
		return nil
	}
	return &m
}

// rendered is a text as the store will keep it, and whom it names among the
// accounts that are known here.
func (s *Server) rendered(ctx context.Context, source content.Source) (content.HTML, []*store.Account, error) {
	named, err := s.named(ctx, source)
	if err != nil {
		return content.HTML{}, nil, err
	}
	var accounts []*store.Account
	for _, h := range content.Find(source).Mentions {
		if a := named[h]; a != nil {
			accounts = append(accounts, a)
		}
	}
	html := content.Render(source, content.Resolver{
		Mention: func(h content.Handle) (string, bool) {
			if a := named[h]; a != nil {
				return a.URL, true
			}
			return "", false
		},
		Tag: func(name string) string { return s.db.URL() + tagPath(content.FoldTag(name)) },
	})
	return html, accounts, nil
}

// mostNamed bounds how many people a preview looks up; the store refuses posts
// that name more.
const mostNamed = 100

func (s *Server) named(ctx context.Context, source content.Source) (map[content.Handle]*store.Account, error) {
	mentions := content.Find(source).Mentions
	found, err := s.db.AccountsByHandle(ctx, mentions[:min(len(mentions), mostNamed)])
	maps.DeleteFunc(found, func(_ content.Handle, a *store.Account) bool { return a.State != store.AccountActive })
	return found, err
}

// alone is whether nobody but its author will read a post: one for the people it
// names that names nobody. People elsewhere who are not known yet are looked for.
func (s *Server) alone(ctx context.Context, v store.Visibility, source content.Source) (bool, error) {
	if v != store.Direct {
		return false, nil
	}
	for _, h := range content.Find(source).Mentions {
		if h.Host != "" && h.Host != s.db.Host() {
			return false, nil
		}
	}
	named, err := s.named(ctx, source)
	return len(named) == 0, err
}

// readersOf lists who will read a post for mentioned people, as far as the
// text says: for an edit also those whom the post named before.
func (s *Server) readersOf(r *request, c *cards, form templates.Composer, editOf *store.PostView) ([]templates.Account, error) {
	if strings.TrimSpace(form.Text) == "" {
		return nil, nil
	}
	_, named, err := s.rendered(r.Context(), content.Source{Text: form.Text, Format: content.Format(form.Format)})
	if err != nil {
		return nil, err
	}
	if editOf != nil {
		named = append(named, editOf.Mentions...)
	}
	seen := map[int64]bool{r.viewerID(): true}
	var list []templates.Account
	for _, a := range named {
		if !seen[a.ID] {
			seen[a.ID] = true
			list = append(list, c.account(a))
		}
	}
	return list, nil
}
