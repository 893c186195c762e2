package web

import (
	"net/url"
	"strings"

	"seedling/store"
	"seedling/templates"
)

// describeProfile tells feed readers and other sites of a member's profile.
func (s *Server) describeProfile(r *request, f *templates.Frame, a *store.Account) {
	if !a.Local() {
		return
	}
	base := s.db.URL()
	if settings, err := s.db.Settings(r.Context()); err == nil && settings.ShowsPosts(a, store.Viewer{}) {
		f.Feed = a.Path()
	}
	f.Card = &templates.OpenGraph{Kind: "profile", URL: base + a.Path(), Image: cardPicture(s.db, a)}
	f.OEmbed = s.oEmbedAddress(base + a.Path())
}

// cardPicture is a member's picture for other sites, most of which show no SVG.
func cardPicture(db *store.DB, a *store.Account) string {
	path := avatarPath(db, a)
	if drawn, ok := strings.CutSuffix(path, ".svg"); ok {
		path = drawn + ".png"
	}
	return absolute(db.URL(), path)
}

// describeCard tells other sites of a public post by a member, and nothing of
// what stands behind a warning.
func (s *Server) describeCard(f *templates.Frame, v *store.PostView) {
	if !embeddable(v) {
		return
	}
	base := s.db.URL()
	f.Card = &templates.OpenGraph{Kind: "article", URL: base + v.Path(), Image: cardPicture(s.db, v.Author)}
	f.OEmbed = s.oEmbedAddress(base + v.Path())
	if v.Sensitive || v.ContentWarning != "" {
		return
	}
	for _, a := range v.Attachments {
		if a.Kind == store.AttachedImage && a.URL != "" {
			f.Card.Image, f.Card.Alt, f.Card.Large = absolute(base, a.URL), a.Description, true
			f.Card.Width, f.Card.Height = a.Width, a.Height
			return
		}
	}
}

// embeddable says whether other sites may show a post: one of a member, for
// everybody.
func embeddable(v *store.PostView) bool {
	return v.Author.Local() && (v.Visibility == store.Public || v.Visibility == store.Unlisted)
}

func (s *Server) oEmbedAddress(page string) string {
	return s.db.URL() + "/api/oembed?format=json&url=" + url.QueryEscape(page)
}
