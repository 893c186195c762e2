package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"seedling/store"
	"seedling/templates"
)

// InteractPath is where other servers send our members with something to
// interact with: ?uri= names it.
const InteractPath = "/authorize_interaction"

// Limits of sending visitors to their own servers.
const (
	maxAway      = 300 // bytes of a handle or a server's name
	awaysAddress = 30  // servers asked for one address
	awayWindow   = time.Hour
	awayKept     = 365 * 24 * time.Hour // a handle that is to be remembered
)

// Away finds the address at which a visitor's own server lets them follow,
// favourite or boost something of ours, or "look" at it. who is their handle or
// the name of their server. Its errors are *LookupError, ErrNobody if who is
// neither, or ErrNotFound where the server does not say.
type Away func(ctx context.Context, who, action, uri string) (string, error)

// ErrNobody is what [Away] answers to what names nobody and no server.
var ErrNobody = errors.New("neither a handle nor a server")

// showAuthorizeInteraction is /authorize_interaction?uri=: another server sent a
// member here with an account or a post. They are shown it, with its buttons:
// nothing is done before they press one.
func (s *Server) showAuthorizeInteraction(w http.ResponseWriter, r *request) error {
	query := strings.TrimSpace(r.query("uri"))
	if query == "" {
		query = strings.TrimSpace(r.query("acct")) // as Pleroma and Misskey call it
	}
	if len(query) > maxQuery {
		return refuse(http.StatusBadRequest, "error.query_long")
	}
	p := templates.SearchPage{Frame: s.frame(r), Query: query}
	p.NoIndex = true
	if !isAddress(query) {
		return s.renderResults(w, r, p)
	}
	path, err := s.followAddress(w, r, &p)
	if err != nil {
		return err
	}
	if path != "" {
		return redirect(w, r, path)
	}
	return s.renderResults(w, r, p)
}

// showRemoteFollow is /@name/remote-follow.
func (s *Server) showRemoteFollow(w http.ResponseWriter, r *request) error {
	return s.followAway(w, r, false)
}

// remoteFollow is POST /@name/remote-follow.
func (s *Server) remoteFollow(w http.ResponseWriter, r *request) error {
	return s.followAway(w, r, true)
}

func (s *Server) followAway(w http.ResponseWriter, r *request, send bool) error {
	a, err := s.accountOfPath(r)
	if err == nil && !a.Local() {
		err = store.ErrNotFound
	}
	if err != nil {
		return err
	}
	form := templates.RemoteFollow{Action: a.Path() + "/remote-follow", Name: a.Name(), Message: "away.follow", Login: "/login?next=" + url.QueryEscape(a.Path())}
	if r.viewer != nil {
		return redirect(w, r, a.Path())
	}
	return s.goAway(w, r, form, "follow", a.URI, s.db.Handle(a).String(), send)
}

// showInteract is /interact/{id}: how a visitor answers, favourites or boosts a
// post from their own server.
func (s *Server) showInteract(w http.ResponseWriter, r *request) error {
	return s.interactAway(w, r, false)
}

// interact is POST /interact/{id}.
func (s *Server) interact(w http.ResponseWriter, r *request) error {
	return s.interactAway(w, r, true)
}

func (s *Server) interactAway(w http.ResponseWriter, r *request, send bool) error {
	v, err := s.postOfPath(r)
	if err != nil {
		return err
	}
	if r.viewer != nil {
		return redirect(w, r, v.Path())
	}
	form := templates.RemoteFollow{Action: r.URL.Path, Title: "away.post_title", Name: v.Author.Name(), Message: "away.interact", Login: "/login?next=" + url.QueryEscape(v.Path())}
	return s.goAway(w, r, form, "look", v.URI, webAddress(v.URL, v.URI), send)
}

// goAway shows the form in which visitors say where they are at home, or sends
// them there. Where their server offers no way, they get what to search for.
func (s *Server) goAway(w http.ResponseWriter, r *request, form templates.RemoteFollow, action, uri, search string, send bool) error {
	page := templates.RemoteFollowPage{Frame: s.frame(r), Form: form}
	page.NoIndex = true
	// A redirect that answers the form leads to any server (CSP3 §6.4.1.2).
	w.Header().Set("Content-Security-Policy", strings.Replace(s.csp, "form-action 'self'", "form-action 'self' https: http:", 1))
	if !send {
		if c, err := r.Cookie(s.cookieName("away")); err == nil && len(c.Value) <= maxAway {
			page.Form.Handle, _ = url.QueryUnescape(c.Value)
		}
		return s.render(w, r, http.StatusOK, page)
	}
	who := r.text("handle")
	page.Form.Handle = who
	address, problem, status, err := s.awayAddress(w, r, who, action, uri)
	if err != nil {
		return err
	}
	if problem != nil {
		page.Errors = []templates.FieldError{*problem}
		if status == http.StatusUnprocessableEntity && problem.Msg.Key != "away.wrong" && s.away != nil {
			page.Copy = search
		}
		return s.render(w, r, status, page)
	}
	if r.on("remember") {
		s.setCookie(w, "away", url.QueryEscape(who), awayKept)
	}
	return leave(w, address)
}

// awayAddress asks the visitor's server, or says what is wrong and with which
// status.
func (s *Server) awayAddress(w http.ResponseWriter, r *request, who, action, uri string) (string, *templates.FieldError, int, error) {
	wrong := func(status int, m templates.FieldError) (string, *templates.FieldError, int, error) {
		return "", &m, status, nil
	}
	if who == "" || len(who) > maxAway {
		return wrong(http.StatusUnprocessableEntity, mistake("handle", "away.wrong"))
	}
	if s.away == nil {
		return wrong(http.StatusUnprocessableEntity, mistake("handle", "away.unknown"))
	}
	if s.throttles != nil {
		if wait := s.throttles.aways.Take(s.network(r), s.now()).Wait; wait > 0 {
			return wrong(http.StatusTooManyRequests, tooMany(w, wait))
		}
	}
	ctx, cancel := context.WithTimeout(r.Context(), lookupWait)
	defer cancel()
	address, err := s.away(ctx, who, action, uri)
	var failed *LookupError
	switch {
	case errors.As(err, &failed):
		return wrong(http.StatusUnprocessableEntity, mistake("handle", "lookup."+string(failed.Step), "host", failed.Host, "name", failed.Name))
	case errors.Is(err, ErrNobody):
		return wrong(http.StatusUnprocessableEntity, mistake("handle", "away.wrong"))
	case errors.Is(err, store.ErrNotFound):
		return wrong(http.StatusUnprocessableEntity, mistake("handle", "away.unknown"))
	case errors.Is(err, context.DeadlineExceeded):
		return wrong(http.StatusUnprocessableEntity, mistake("handle", "lookup.unreachable", "host", who, "name", who))
	}
	return address, nil, 0, err
}
