package web

import (
	"seedling/store"
	"seedling/store/content"
	"seedling/templates"
)

// quote is what a post quotes: a card if the viewer may see it and its author
// agrees, else a line that says why there is none.
func (c *cards) quote(v *store.PostView) *templates.Quote {
	q := v.Quote
	switch {
	case q == nil:
		return nil
	case q.State == store.QuoteRemoved:
		return &templates.Quote{State: "removed"}
	case q.Hidden:
		return &templates.Quote{State: "hidden"}
	case q.Post != nil:
		quoted := c.quoted(q.Post)
		return &templates.Quote{Post: &quoted}
	}
	t := &templates.Quote{State: "away", URL: webAddress(q.URI), Away: true}
	if q.State == store.QuoteWaiting {
		t.State = "waiting"
	}
	if path, ok := c.ownPath(t.URL); ok {
		t.URL, t.Away = path, false
	}
	return t
}

// text is what a post says, without the line that names what it quotes: that is
// shown below.
func text(v *store.PostView) content.HTML {
	if v.Quote == nil {
		return v.HTML
	}
	return content.StripQuote(v.HTML)
}

// quotable is a post that the viewer may see and quote.
func (s *Server) quotable(r *request, id int64) (*store.PostView, error) {
	v, err := s.db.PostVisibleTo(r.Context(), id, r.asViewer())
	if err == nil && !v.MayQuote(r.viewerID()) {
		err = store.ErrForbidden
	}
	return v, err
}
