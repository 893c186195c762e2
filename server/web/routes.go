package web

import (
	"net/http"

	"seedling/store"

	"github.com/julienschmidt/httprouter"
)

// newRoutes lists every page and form, in the order of ui.md §3. The router
// refuses a fixed segment beside a wildcard, so there are two: the first holds
// literal paths, the second patterns.
func (s *Server) newRoutes() http.Handler {
	fixed, patterns := newRouter(), newRouter()
	fixed.NotFound = patterns
	patterns.NotFound = plain(s.page(notFound))
	get, post := fixed.GET, fixed.POST
	getPattern, postPattern := patterns.GET, patterns.POST

	fixed.Handler(http.MethodGet, "/static/*file", s.assets)
	fixed.Handler(http.MethodHead, "/static/*file", s.assets)

	// Visitors, and coming in.
	get("/", s.page(s.showLanding))
	get("/about", s.page(s.showAbout))
	get("/about/rules", s.page(s.showRules))
	get("/privacy", s.page(s.showPrivacy))
	get("/source", s.page(s.showSource))
	get("/setup", s.page(s.showSetup))
	post("/setup", s.page(s.createOwner))
	get("/join", s.page(s.showJoin))
	post("/join", s.page(s.createAccount))
	getPattern("/invite/:code", s.page(s.showInvite))
	getPattern("/join/waiting/:key", s.page(s.showWaiting))
	postPattern("/join/waiting/:key/withdraw", s.page(s.withdrawSignUp))
	get("/login", s.page(s.showLogin))
	post("/login", s.page(s.createSession))
	post("/logout", s.page(s.deleteSession))

	// Settings.
	get("/menu", s.loggedIn(s.showMenu))
	get("/settings/profile", s.loggedIn(s.showProfileSettings))
	post("/settings/profile", s.loggedIn(s.updateProfile))
	get("/settings/appearance", s.loggedIn(s.showAppearance))
	post("/settings/appearance", s.loggedIn(s.updateAppearance))
	get("/settings/security", s.loggedIn(s.showSecurity))
	post("/settings/security/password", s.loggedIn(s.updatePassword))
	postPattern("/settings/security/sessions/:id/end", s.loggedIn(s.endSession))
	post("/settings/security/sessions/end-all", s.loggedIn(s.endOtherSessions))
	get("/settings/delete", s.loggedIn(s.showLeave))
	post("/settings/delete", s.loggedIn(s.deleteAccount))

	// Moderation and administration.
	get("/mod/signups", s.role(store.Moderator, s.showSignUps))
	postPattern("/mod/signups/:id/approve", s.role(store.Moderator, s.approveSignUp))
	postPattern("/mod/signups/:id/reject", s.role(store.Moderator, s.rejectSignUp))
	get("/admin/settings", s.role(store.Admin, s.showAdminSettings))
	post("/admin/settings", s.role(store.Admin, s.updateAdminSettings))
	get("/admin/invites", s.role(store.Admin, s.showInvites))
	post("/admin/invites", s.role(store.Admin, s.createInvite))
	postPattern("/admin/invites/:id/revoke", s.role(store.Admin, s.revokeInvite))
	getPattern("/avatars/:file", s.showAvatar)

	return fixed
}

func newRouter() *httprouter.Router {
	r := httprouter.New()
	r.RedirectFixedPath = false
	r.RedirectTrailingSlash = false
	r.HandleMethodNotAllowed = false // a GET of a form's path is a 404 like any other
	return r
}

// plain drops the router's parameters.
func plain(h httprouter.Handle) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h(w, r, nil) })
}

func notFound(http.ResponseWriter, *request) error { return store.ErrNotFound }
