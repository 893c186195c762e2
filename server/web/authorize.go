package web

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"seedling/server/oauth"
	"seedling/store"
	"seedling/templates"
)

// loginFresh is how long ago somebody may have logged in for an app that wants
// them to do it anew (force_login).
const loginFresh = 5 * time.Minute

// authorizePath is where apps ask members.
const authorizePath = "/oauth/authorize"

// showAuthorize is /oauth/authorize: an app asks a member for access.
func (s *Server) showAuthorize(w http.ResponseWriter, r *request) error {
	q, err := s.readAuthorize(w, r, r.URL.Query())
	if q == nil {
		return err
	}
	if q.ForceLogin && s.now().Sub(r.session.CreatedAt) > loginFresh {
		return s.renderLogin(w, r, http.StatusOK, templates.LoginPage{Next: r.URL.RequestURI()})
	}
	widenCSP(w.Header(), q.RedirectURI)
	return s.render(w, r, http.StatusOK, s.authorizePage(r, q))
}

// readAuthorize checks what an app asks. What it did wrong is told to it, where
// it registered an address, and else to the member: q is nil then.
func (s *Server) readAuthorize(w http.ResponseWriter, r *request, params url.Values) (q *oauth.Request, err error) {
	q, err = oauth.ReadRequest(r.Context(), s.db, params)
	var wrong *oauth.RequestError
	if !errors.As(err, &wrong) {
		return q, err
	}
	if to := wrong.Redirect(); to != "" {
		return nil, leave(w, to)
	}
	if wrong.Code == "invalid_client" {
		return nil, refuse(http.StatusBadRequest, "apps.bad_client")
	}
	if wrong.Code == "invalid_redirect_uri" {
		return nil, refuse(http.StatusBadRequest, "apps.bad_redirect")
	}
	return nil, refuse(http.StatusBadRequest, "")
}

// leave sends the member on to an app. The address was checked when the app
// registered it.
func leave(w http.ResponseWriter, to string) error {
	h := w.Header()
	h.Set("Location", to)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusSeeOther)
	return nil
}

// widenCSP lets a form of this page lead to an app: browsers check the address
// of a redirect that answers a form too (CSP3 §6.4.1.2).
func widenCSP(h http.Header, redirect string) {
	u, err := url.Parse(redirect)
	if err != nil || redirect == oauth.OutOfBand {
		return
	}
	target := u.Scheme + ":"
	if u.Scheme == "http" || u.Scheme == "https" {
		target += "//" + u.Host
	}
	if strings.ContainsAny(target, " ;,'\"") {
		return // would end the directive; such a host does not exist
	}
	h.Set("Content-Security-Policy", strings.Replace(h.Get("Content-Security-Policy"), "form-action 'self'", "form-action 'self' "+target, 1))
}

func (s *Server) authorizePage(r *request, q *oauth.Request) templates.AuthorizePage {
	p := templates.AuthorizePage{Frame: s.frame(r), Groups: scopeGroups(q.Scopes)}
	p.NoIndex = true
	p.App = templates.ConnectingApp{Name: q.App.Name, Website: q.App.Website, CopyCode: q.RedirectURI == oauth.OutOfBand}
	if u, err := url.Parse(q.RedirectURI); err == nil {
		p.App.Host, p.App.Scheme = u.Host, u.Scheme
	}
	asked := r.URL.Query()
	for _, name := range slices.Sorted(maps.Keys(asked)) {
		if name != "csrf" && name != "decision" && name != "force_login" {
			p.Fields = append(p.Fields, templates.Pair{Name: name, Value: asked.Get(name)})
		}
	}
	return p
}

// authorize is POST /oauth/authorize: the member decides.
func (s *Server) authorize(w http.ResponseWriter, r *request) error {
	q, err := s.readAuthorize(w, r, r.form)
	if q == nil {
		return err
	}
	switch r.form.Get("decision") {
	case "allow":
		return s.allowApp(w, r, q)
	case "switch":
		return s.switchMember(w, r)
	}
	if to := q.Deny(); to != "" {
		return leave(w, to)
	}
	s.flash(w, templates.Flash{Msg: templates.M("apps.denied")})
	return redirect(w, r, "/home")
}

func (s *Server) allowApp(w http.ResponseWriter, r *request, q *oauth.Request) error {
	to, code, err := q.Allow(r.Context(), s.db, r.viewerID())
	if err != nil {
		return err
	}
	if to != "" {
		return leave(w, to)
	}
	w.Header().Set("Cache-Control", "no-store")
	p := templates.CodePage{Frame: s.frame(r), App: q.App.Name, Code: code}
	p.NoIndex = true
	return s.render(w, r, http.StatusOK, p)
}

// switchMember logs out and lets somebody else log in to answer the app.
func (s *Server) switchMember(w http.ResponseWriter, r *request) error {
	err := s.db.EndSession(r.Context(), r.viewerID(), r.session.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	s.dropCookie(w, "session")
	asked := maps.Clone(r.form)
	delete(asked, "csrf")
	delete(asked, "decision")
	return redirect(w, r, "/login?next="+url.QueryEscape(authorizePath+"?"+asked.Encode()))
}

// scopeGroups puts scopes into words: what an app may see, change, and so on.
// A whole area hides its parts.
func scopeGroups(scopes oauth.Scopes) []templates.ScopeGroup {
	var list []templates.ScopeGroup
	for _, area := range []string{"profile", "read", "write", "follow", "push", "admin:read", "admin:write"} {
		g := templates.ScopeGroup{Title: "scope." + strings.ReplaceAll(area, ":", "_"), Grave: strings.HasPrefix(area, "admin")}
		whole := slices.Contains(scopes, area) || g.Grave && slices.Contains(scopes, "admin")
		if !whole {
			g.Parts = scopeParts(scopes, area)
		}
		if whole || len(g.Parts) > 0 {
			list = append(list, g)
		}
	}
	return list
}

// scopeParts are the parts of an area that scopes name.
func scopeParts(scopes oauth.Scopes, area string) []string {
	var parts []string
	for _, scope := range slices.Sorted(slices.Values(scopes)) {
		if part, ok := strings.CutPrefix(scope, area+":"); ok {
			prefix, _, _ := strings.Cut(area, ":")
			parts = append(parts, "scope."+prefix+"_"+part)
		}
	}
	return parts
}
