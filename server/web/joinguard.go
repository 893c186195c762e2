package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"seedling/templates"
)

// The sign-up form is easy for people and a little harder for programs: a field
// that nobody sees must stay empty, and the form must have been open for a
// moment. A person who trips over either is told to press again, and the second
// press works.
const (
	joinFastest = 2 * time.Second
	joinSlowest = 24 * time.Hour
)

// newStamp says when a form was shown, signed so that it can't be made up.
func (s *Server) newStamp() string {
	at := strconv.FormatInt(s.now().Unix(), 10)
	return at + "." + s.signStamp(at)
}

func (s *Server) signStamp(at string) string {
	mac := hmac.New(sha256.New, s.stampKey)
	mac.Write([]byte(at))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:18])
}

// stampAge says how long ago the form was shown; false for a stamp that is not
// ours, or from before a restart.
func (s *Server) stampAge(stamp string) (time.Duration, bool) {
	at, sign, _ := strings.Cut(stamp, ".")
	if !hmac.Equal([]byte(sign), []byte(s.signStamp(at))) {
		return 0, false
	}
	n, err := strconv.ParseInt(at, 10, 64)
	return s.now().Sub(time.Unix(n, 0)), err == nil
}

func (s *Server) stampValid(stamp string) bool {
	age, ok := s.stampAge(stamp)
	return ok && age <= joinSlowest
}

// humanForm says whether a sign-up form looks as if a person had filled it in.
func (s *Server) humanForm(r *request) bool {
	if r.form.Get("website") != "" {
		return false
	}
	if s.throttles == nil {
		return true
	}
	age, ok := s.stampAge(r.form.Get("started"))
	return ok && age >= joinFastest && age <= joinSlowest
}

// takeJoin counts a form that was sent, from one address.
func (s *Server) takeJoin(r *request) time.Duration {
	if s.throttles == nil {
		return 0
	}
	return s.throttles.joins.Take(s.network(r), s.now()).Wait
}

// takeSignUp counts an account that is about to be made, from one address.
// Invitations are counted by themselves: a whole class may join from one room.
func (s *Server) takeSignUp(r *request, form templates.JoinForm) time.Duration {
	if s.throttles == nil || form.Invite != "" {
		return 0
	}
	return s.throttles.signUps.Take(s.network(r), s.now()).Wait
}

func (s *Server) giveBackSignUp(r *request, form templates.JoinForm) {
	if s.throttles != nil && form.Invite == "" {
		s.throttles.signUps.GiveBack(s.network(r))
	}
}
