package web

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"seedling/templates"
)

// Forms are protected twice. The browser's own word about where a request
// comes from is checked first (Sec-Fetch-Site or Origin, as
// [http.CrossOriginProtection] does). Then the hidden field "csrf" must hold
// the token made from the session's secret, or, for visitors, from a cookie
// that they got with the form. The token needs no state: it outlives a restart
// and ends with the session.

// token is what the field "csrf" must hold for a secret.
func token(secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("seedling form token"))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:18])
}

// visitorSecret finds a visitor's cookie or, with w, hands one out.
func (s *Server) visitorSecret(w http.ResponseWriter, r *request) string {
	if c, err := r.Cookie(s.cookieName("visitor")); err == nil && len(c.Value) == 26 {
		return c.Value
	}
	if w == nil {
		return ""
	}
	secret := rand.Text()
	s.setCookie(w, "visitor", secret, 0)
	return secret
}

// errSessionEnded is a form that was sent under a session which has ended: the
// answer is a log-in form that keeps what was typed.
var errSessionEnded = errors.New("the session has ended")

// checkToken refuses a form that this server did not show to this browser.
func (s *Server) checkToken(r *request) error {
	if r.secret == "" {
		r.secret = s.visitorSecret(nil, r)
	}
	got := r.form.Get("csrf")
	if r.secret != "" && subtle.ConstantTimeCompare([]byte(got), []byte(token(r.secret))) == 1 {
		return nil
	}
	if r.ended {
		return errSessionEnded
	}
	return &userError{status: http.StatusForbidden, msg: templates.M("error.token"), retry: retryForm(r)}
}

// retryForm repeats the request in a fresh form, so that nothing typed is
// lost. It is offered only if the browser vouches that the form was ours: a
// foreign page could otherwise have the reader press a button under its text.
func retryForm(r *request) *templates.Retry {
	if !vouched(r) {
		return nil
	}
	action, _ := localPath(r.URL.RequestURI())
	retry := &templates.Retry{Action: action, Fields: pairs(r.form)}
	for _, name := range []string{"text", keptPrefix + "text"} {
		if text := r.form.Get(name); text != "" {
			retry.Texts = append(retry.Texts, templates.Pair{Name: name, Value: text})
		}
	}
	if hasPassword(r.form) {
		retry.Action = "" // nothing to repeat without it
	}
	return retry
}

// vouched says whether the browser says that a request, whose origin was
// checked, comes from one of our pages.
func vouched(r *request) bool {
	return r.Header.Get("Sec-Fetch-Site") == "same-origin" || r.Header.Get("Origin") != ""
}

// pairs are the fields of a form by name, without token and passwords.
func pairs(form url.Values) []templates.Pair {
	var list []templates.Pair
	for _, name := range slices.Sorted(maps.Keys(form)) {
		if name == "csrf" || strings.Contains(name, "password") {
			continue
		}
		for _, v := range form[name] {
			list = append(list, templates.Pair{Name: name, Value: v})
		}
	}
	return list
}

func hasPassword(form url.Values) bool {
	for name := range form {
		if strings.Contains(name, "password") {
			return true
		}
	}
	return false
}
