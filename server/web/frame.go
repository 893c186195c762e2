package web

import (
	"crypto/rand"
	"net/http"

	"seedling/store"
	"seedling/templates"
)

// frame starts a page: who looks at it and where it is. The rest is filled in
// by render, so that error pages need no store.
func (s *Server) frame(r *request) *templates.Frame {
	site := s.site
	site.Name = s.site.Host
	language := r.language()
	f := &templates.Frame{Site: site, Path: r.URL.RequestURI(), Lang: language.Code, Dir: language.Dir, Now: s.now(), Once: rand.Text()}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		f.Path = "/" // there is no way back to a POST
		if p, ok := localPath(r.form.Get("back")); ok {
			f.Path = p
		}
	}
	if settings, err := s.db.Settings(r.Context()); err == nil {
		f.Site.Name, f.Site.Description = settings.Name, settings.Description
		f.Site.JoinMode, f.Site.ShowLocal = string(settings.Registrations), settings.PublicTimelines
		f.Site.ShowExplore, f.Site.ShowSearch = settings.PublicExplore, settings.SearchForVisitors()
	}
	if r.viewer != nil {
		s.fillViewer(r, f)
	}
	return f
}

// fillViewer says who looks at the page, and what waits for them. A count that
// can't be had is left out: no page fails for it.
func (s *Server) fillViewer(r *request, f *templates.Frame) {
	u := r.viewer
	f.Theme, f.TextSize, f.NoKeys = u.Preferences.Theme, u.Preferences.TextSize, u.Preferences.NoKeys
	p := u.Preferences
	f.Look = templates.Look{Accent: p.Accent, Density: p.Density, Lines: p.Lines, Avatars: p.Avatars, Underline: p.Underline, LessMotion: p.LessMotion, Contrast: p.Contrast, NoCounts: p.NoCounts}
	f.Viewer = &templates.Viewer{
		ID: u.Account.ID, Name: u.Account.Username, DisplayName: u.Account.Name(), Avatar: avatarPath(s.db, u.Account),
		Admin: u.Role >= store.Admin, Moderator: u.Role >= store.Moderator,
	}
	if n, err := s.db.UnreadNotifications(r.Context(), u); err == nil {
		f.Viewer.Notifications = n
	}
	if n, err := s.db.UnreadConversations(r.Context(), u.Account.ID); err == nil {
		f.Viewer.Messages = n
	}
	if n, err := s.db.CountFollowRequests(r.Context(), u.Account.ID); err == nil {
		f.Viewer.Requests = n
	}
	if f.Viewer.Moderator {
		if n, err := s.db.CountPending(r.Context()); err == nil {
			f.Viewer.SignUps = n
		}
		if n, err := s.db.CountOpenReports(r.Context()); err == nil {
			f.Viewer.Reports = n
		}
	}
}

// finish puts in what only an answer can carry: cookies and what hangs on them.
func (s *Server) finish(w http.ResponseWriter, r *request, p templates.Page) {
	f := templates.FrameOf(p)
	secret := r.secret
	if secret == "" {
		secret = s.visitorSecret(w, r)
	}
	f.CSRF = token(secret)
	f.Flashes = append(f.Flashes, s.takeFlash(w, r)...)
}
