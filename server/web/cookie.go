package web

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"time"

	"seedling/store"
	"seedling/templates"
)

// cookieName is the full name of one of our cookies. Under https the prefix
// keeps other hosts of the domain from setting it (RFC 6265bis §4.1.3.2).
func (s *Server) cookieName(name string) string {
	if s.secure {
		return "__Host-seedling-" + name
	}
	return "seedling-" + name
}

// setCookie sets one of our cookies; age 0 lasts as long as the browser runs.
func (s *Server) setCookie(w http.ResponseWriter, name, value string, age time.Duration) {
	http.SetCookie(w, &http.Cookie{
		Name: s.cookieName(name), Value: value, Path: "/", MaxAge: int(age / time.Second),
		HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode,
	})
}

func (s *Server) dropCookie(w http.ResponseWriter, name string) {
	http.SetCookie(w, &http.Cookie{
		Name: s.cookieName(name), Path: "/", MaxAge: -1,
		HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode,
	})
}

// logIn gives the browser a new session and makes u the viewer of the page that
// answers. The visitor's cookie goes, and so does a session that the browser
// had, so that no form token and no cookie from before the log-in is good after
// it. ErrForbidden if u is not active.
func (s *Server) logIn(w http.ResponseWriter, r *request, u *store.User) error {
	secret, err := s.db.CreateSession(r.Context(), u.Account.ID, cleanAgent(r.UserAgent()), s.client(r.Request))
	if err != nil {
		return err
	}
	if r.session != nil {
		err := s.db.EndSession(r.Context(), r.session.AccountID, r.session.ID)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	s.dropCookie(w, "visitor")
	s.setCookie(w, "session", secret, store.SessionAge)
	r.viewer, r.session, r.secret = u, nil, secret
	return nil
}

// cleanAgent is a User-Agent line as it may be stored: header values can hold
// any byte.
func cleanAgent(agent string) string { return strings.ToValidUTF8(agent, "?") }

// flashAge is how long a flash waits for its page.
const flashAge = 5 * time.Minute

// flash leaves a sentence for the next page. The cookie is not signed: whoever
// can set it can only show themselves a sentence of the catalogue.
func (s *Server) flash(w http.ResponseWriter, f templates.Flash) {
	for i, arg := range f.Msg.Args {
		if n, ok := arg.(int64); ok {
			f.Msg.Args[i] = int(n)
		}
	}
	b, err := json.Marshal(f)
	if err != nil || len(b) > 2000 {
		return // not worth failing for
	}
	s.setCookie(w, "flash", base64.RawURLEncoding.EncodeToString(b), flashAge)
}

// takeFlash reads the flash and drops it.
func (s *Server) takeFlash(w http.ResponseWriter, r *request) []templates.Flash {
	c, err := r.Cookie(s.cookieName("flash"))
	if err != nil {
		return nil
	}
	s.dropCookie(w, "flash")
	b, err := base64.RawURLEncoding.DecodeString(c.Value)
	var f templates.Flash
	if err != nil || json.Unmarshal(b, &f) != nil || !s.pages.Words().Has(f.Msg.Key) {
		return nil
	}
	for i, arg := range f.Msg.Args {
		if n, ok := arg.(float64); ok { // JSON knows no int
			f.Msg.Args[i] = int(n)
		}
	}
	if f.Undo != nil && !undoable.MatchString(f.Undo.Path) {
		f.Undo = nil
	}
	return []templates.Flash{f}
}

// undoable are the small actions that a flash may offer: whoever can set the
// cookie must not put any other button before the reader.
var undoable = regexp.MustCompile(`^(/@[^/]+/(follow|mute)|/posts/[0-9]+/(bookmark|pin)|/tags/[^/]+/follow)$`)
