package api

import (
	"net/http"
	"strconv"
	"time"

	"seedling/server/oauth"
	"seedling/server/throttle"
)

// limits are all counters of the API.
type limits struct {
	token, account, address, deletes, signUps, passwords *throttle.Table
}

func newLimits() *limits {
	return &limits{
		token:   throttle.New(requestsPerToken, requestWindow),
		account: throttle.New(requestsPerAccount, requestWindow),
		address: throttle.New(requestsPerAddress, requestWindow),
		deletes: throttle.New(deletesPerAccount, deleteWindow),
		signUps: throttle.New(signUpsPerAddress, signUpWindow),

		passwords: throttle.New(passwordsPerAccount, passwordWindow),
	}
}

// takeAddress counts a request without a token.
func (s *Server) takeAddress(w http.ResponseWriter, r *request) error {
	if s.limits == nil || oauth.Bearer(r.Request, r.params) != "" {
		return nil
	}
	return s.take(w, s.limits.address, throttle.Network(r.RemoteAddr))
}

// takeGuess counts a request with a token that is none.
func (s *Server) takeGuess(w http.ResponseWriter, r *request) error {
	if s.limits == nil {
		return nil
	}
	return s.take(w, s.limits.address, throttle.Network(r.RemoteAddr))
}

// takeToken counts a request with a token, for the token and for its account.
func (s *Server) takeToken(w http.ResponseWriter, r *request) error {
	if s.limits == nil || r.token == nil {
		return nil
	}
	if r.user != nil {
		if err := s.take(w, s.limits.account, id(r.me())); err != nil {
			return err
		}
	}
	return s.take(w, s.limits.token, id(r.token.ID))
}

// takeDelete counts something that a member deletes.
func (s *Server) takeDelete(w http.ResponseWriter, r *request) error {
	if s.limits == nil {
		return nil
	}
	return s.take(w, s.limits.deletes, id(r.me()))
}

// takeSignUp counts an account that is about to be made.
func (s *Server) takeSignUp(w http.ResponseWriter, r *request) error {
	if s.limits == nil {
		return nil
	}
	return s.take(w, s.limits.signUps, throttle.Network(r.RemoteAddr))
}

// take counts one try and tells the app how it stands.
func (s *Server) take(w http.ResponseWriter, t *throttle.Table, key string) error {
	c := t.Take(key, s.now())
	h := w.Header()
	h["X-Ratelimit-Limit"] = []string{strconv.Itoa(c.Limit)}
	h["X-Ratelimit-Remaining"] = []string{strconv.Itoa(c.Left)}
	h["X-Ratelimit-Reset"] = []string{moment(c.Reset)}
	if c.Wait <= 0 {
		return nil
	}
	h.Set("Retry-After", strconv.Itoa(int((c.Wait+time.Second-1)/time.Second)))
	return &apiError{status: http.StatusTooManyRequests, text: "Too many requests"}
}
