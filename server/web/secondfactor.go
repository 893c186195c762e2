package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/boombuler/barcode/qr"

	"seedling/store"
	"seedling/templates"
)

// secondCookie holds the secret of a log-in that waits for its second step.
const secondCookie = "second"

// askSecond begins the second step of a log-in: the password was right.
func (s *Server) askSecond(w http.ResponseWriter, r *request, u *store.User, login templates.LoginPage) error {
	secret, err := s.db.BeginCeremony(r.Context(), store.Ceremony{Kind: store.CeremonyCode, AccountID: u.Account.ID})
	if err != nil {
		return err
	}
	s.setCookie(w, secondCookie, secret, store.CeremonyAge)
	if login.Again != "" { // what was typed goes on in the page's hidden fields
		return s.renderSecond(w, r, http.StatusOK, templates.SecondPage{Next: login.Next, Again: login.Again, Keep: login.Keep})
	}
	return redirect(w, r, "/login/2fa?next="+url.QueryEscape(nextPath(login.Next)))
}

// second finds the log-in whose second step this browser has to do.
func (s *Server) second(r *request) (secret string, c *store.Ceremony, err error) {
	cookie, err := r.Cookie(s.cookieName(secondCookie))
	if err != nil {
		return "", nil, store.ErrNotFound
	}
	c, err = s.db.Ceremony(r.Context(), cookie.Value, store.CeremonyCode)
	return cookie.Value, c, err
}

// showSecond is /login/2fa.
func (s *Server) showSecond(w http.ResponseWriter, r *request) error {
	_, _, err := s.second(r)
	if errors.Is(err, store.ErrNotFound) {
		return redirect(w, r, "/login?next="+url.QueryEscape(nextPath(r.query("next"))))
	}
	if err != nil {
		return err
	}
	return s.renderSecond(w, r, http.StatusOK, templates.SecondPage{Next: r.query("next")})
}

func (s *Server) renderSecond(w http.ResponseWriter, r *request, status int, p templates.SecondPage, errs ...templates.FieldError) error {
	p.Frame = s.frame(r)
	p.Errors, p.NoIndex = errs, true
	p.Next = nextPath(p.Next)
	return s.render(w, r, status, p)
}

// checkSecond is POST /login/2fa: a code of the member's app, or one of their
// recovery codes.
func (s *Server) checkSecond(w http.ResponseWriter, r *request) error {
	page := templates.SecondPage{Next: r.form.Get("next"), Again: keptAction(r), Keep: keptFields(r)}
	secret, c, err := s.second(r)
	if errors.Is(err, store.ErrNotFound) {
		s.dropCookie(w, secondCookie)
		return s.renderLogin(w, r, http.StatusForbidden, templates.LoginPage{Next: page.Next, Again: page.Again, Keep: page.Keep}, mistake("", "second.ended"))
	}
	if err != nil {
		return err
	}
	key := strconv.FormatInt(c.AccountID, 10)
	if s.throttles != nil {
		if wait := s.throttles.codes.Take(key, s.now()).Wait; wait > 0 {
			return s.renderSecond(w, r, http.StatusTooManyRequests, page, tooMany(w, wait))
		}
	}
	way, err := s.db.CheckCode(r.Context(), c.AccountID, r.form.Get("code"))
	if errors.Is(err, store.ErrWrongCode) {
		if err := s.logSignIn(r, c.AccountID, store.SignInFailedCode); err != nil {
			return err
		}
		return s.renderSecond(w, r, http.StatusUnprocessableEntity, page, mistake("code", "second.wrong"))
	}
	if err != nil {
		return err
	}
	if s.throttles != nil {
		s.throttles.codes.GiveBack(key)
	}
	if _, err = s.db.EndCeremony(r.Context(), secret, store.CeremonyCode); err != nil {
		return err
	}
	return s.finishLogIn(w, r, c.AccountID, way, templates.LoginPage{Next: page.Next, Again: page.Again, Keep: page.Keep})
}

// finishLogIn logs somebody in who has shown all that is asked for, and goes on
// where they wanted to be.
func (s *Server) finishLogIn(w http.ResponseWriter, r *request, accountID int64, way store.SignInWay, page templates.LoginPage) error {
	user, err := s.db.User(r.Context(), accountID)
	if err != nil {
		return err
	}
	err = s.logIn(w, r, user)
	if errors.Is(err, store.ErrForbidden) {
		return s.renderLogin(w, r, http.StatusForbidden, page, mistake("", "login.disabled"))
	}
	if err != nil {
		return err
	}
	s.dropCookie(w, secondCookie)
	if err := s.logSignIn(r, accountID, way); err != nil {
		return err
	}
	if page.Again != "" {
		if kept, err := s.keepWriting(w, r, user, page); kept || err != nil {
			return err
		}
		return s.offerAgain(w, r, page)
	}
	next, err := s.afterLogIn(r, accountID, nextPath(page.Next))
	if err != nil {
		return err
	}
	return redirect(w, r, next)
}

// afterLogIn is where a log-in leads: home is behind the first steps for who was
// let in since. Who wanted something else, such as to connect an app, has them
// the next time.
func (s *Server) afterLogIn(r *request, accountID int64, next string) (string, error) {
	if next != "/home" && next != "/" {
		return next, nil
	}
	first, err := s.db.Welcome(r.Context(), accountID)
	if first {
		next = welcomePaths[0]
	}
	return next, err
}

func (s *Server) logSignIn(r *request, accountID int64, way store.SignInWay) error {
	return s.db.LogSignIn(r.Context(), store.SignIn{AccountID: accountID, Way: way, UserAgent: cleanAgent(r.UserAgent()), Address: s.client(r.Request)})
}

// startCodes is POST /settings/security/2fa/start: it makes a secret for the
// member's app.
func (s *Server) startCodes(w http.ResponseWriter, r *request) error {
	ok, err := s.confirmPassword(w, r, "start_password", s.renderSecurity)
	if !ok {
		return err
	}
	err = s.db.StartTOTP(r.Context(), r.viewerID())
	if errors.Is(err, store.ErrConflict) {
		return redirect(w, r, "/settings/security")
	}
	if err != nil {
		return err
	}
	return redirect(w, r, "/settings/security/2fa")
}

// showCodes is /settings/security/2fa: the secret as a picture and as text, until
// the app has shown a code.
func (s *Server) showCodes(w http.ResponseWriter, r *request) error {
	return s.renderCodes(w, r, http.StatusOK)
}

func (s *Server) renderCodes(w http.ResponseWriter, r *request, status int, errs ...templates.FieldError) error {
	f, err := s.db.SecondFactors(r.Context(), r.viewerID())
	if err != nil {
		return err
	}
	if f.Pending == "" {
		return redirect(w, r, "/settings/security")
	}
	p := templates.CodesPage{Frame: s.frame(r), Secret: f.Pending}
	p.Errors = errs
	if p.Size, p.Squares, err = qrPath(f.CodesURL(s.site.Host, r.viewer.Account.Username)); err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return s.render(w, r, status, p)
}

// qrPath is a QR code as the path of an SVG: its side and its dark squares.
func qrPath(text string) (size int, path string, err error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return 0, "", err
	}
	size = code.Bounds().Dx()
	var b []byte
	for y := range size {
		for x := range size {
			if v, _, _, _ := code.At(x, y).RGBA(); v == 0 {
				b = append(b, 'M')
				b = strconv.AppendInt(b, int64(x), 10)
				b = append(b, ' ')
				b = strconv.AppendInt(b, int64(y), 10)
				b = append(b, "h1v1h-1z"...)
			}
		}
	}
	return size, string(b), nil
}

// confirmCodes is POST /settings/security/2fa: from now on a log-in asks for a
// code. The recovery codes are shown this once.
func (s *Server) confirmCodes(w http.ResponseWriter, r *request) error {
	key := r.viewer.Account.Username
	if s.throttles != nil {
		if wait := s.throttles.codes.Take(key, s.now()).Wait; wait > 0 {
			return s.renderCodes(w, r, http.StatusTooManyRequests, tooMany(w, wait))
		}
	}
	codes, err := s.db.ConfirmTOTP(r.Context(), r.viewerID(), r.form.Get("code"))
	switch {
	case errors.Is(err, store.ErrNotFound):
		return redirect(w, r, "/settings/security")
	case errors.Is(err, store.ErrWrongCode):
		return s.renderCodes(w, r, http.StatusUnprocessableEntity, mistake("code", "second.wrong"))
	case err != nil:
		return err
	}
	if s.throttles != nil {
		s.throttles.codes.GiveBack(key)
	}
	return s.renderRecovery(w, r, codes)
}

func (s *Server) renderRecovery(w http.ResponseWriter, r *request, codes []string) error {
	w.Header().Set("Cache-Control", "no-store")
	return s.render(w, r, http.StatusOK, templates.RecoveryPage{Frame: s.frame(r), Codes: codes})
}

// renewRecovery is POST /settings/security/2fa/codes: new recovery codes.
func (s *Server) renewRecovery(w http.ResponseWriter, r *request) error {
	ok, err := s.confirmPassword(w, r, "codes_password", s.renderSecurity)
	if !ok {
		return err
	}
	codes, err := s.db.NewRecoveryCodes(r.Context(), r.viewerID())
	if errors.Is(err, store.ErrForbidden) {
		return redirect(w, r, "/settings/security")
	}
	if err != nil {
		return err
	}
	return s.renderRecovery(w, r, codes)
}

// endCodes is POST /settings/security/2fa/end: a log-in asks for the password alone.
func (s *Server) endCodes(w http.ResponseWriter, r *request) error {
	ok, err := s.confirmPassword(w, r, "end_password", s.renderSecurity)
	if !ok {
		return err
	}
	if err := s.db.EndTOTP(r.Context(), r.viewerID()); err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.codes_off")})
	return redirect(w, r, "/settings/security")
}
