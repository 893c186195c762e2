package web

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"seedling/store"
	"seedling/templates"
)

// passkeyCookie holds the secret of a challenge that a device has to answer.
const passkeyCookie = "passkey"

// newPasskeys prepares the ceremonies of Web Authentication for this server: a
// key is bound to the host of its public URL. It returns nil for an IP address,
// which keys can't be bound to (WebAuthn §5.1.2).
func newPasskeys(publicURL, name string) (*webauthn.WebAuthn, error) {
	u, err := url.Parse(publicURL)
	if err != nil {
		return nil, err
	}
	if net.ParseIP(u.Hostname()) != nil {
		return nil, nil
	}
	return webauthn.New(&webauthn.Config{RPID: u.Hostname(), RPDisplayName: name, RPOrigins: []string{u.Scheme + "://" + u.Host}})
}

// withPasskeys hides what needs passkeys where there can be none.
func (s *Server) withPasskeys(h handler) handler {
	return func(w http.ResponseWriter, r *request) error {
		if s.passkeys == nil {
			return store.ErrNotFound
		}
		return h(w, r)
	}
}

// keyOwner is a member as the WebAuthn library sees them. The handle that
// devices keep is their number, which says nothing about them.
type keyOwner struct {
	account *store.Account
	keys    []webauthn.Credential
}

// WebAuthnID is what devices keep to tell who a key is for.
func (o keyOwner) WebAuthnID() []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(o.account.ID))
}

// WebAuthnName is shown by devices.
func (o keyOwner) WebAuthnName() string { return o.account.Username }

// WebAuthnDisplayName is shown by devices.
func (o keyOwner) WebAuthnDisplayName() string { return o.account.Name() }

// WebAuthnCredentials are the member's keys.
func (o keyOwner) WebAuthnCredentials() []webauthn.Credential { return o.keys }

func (s *Server) keyOwner(r *request, a *store.Account) (keyOwner, error) {
	o := keyOwner{account: a}
	list, err := s.db.Passkeys(r.Context(), a.ID)
	if err != nil {
		return o, err
	}
	for _, p := range list {
		var c webauthn.Credential
		if err := json.Unmarshal([]byte(p.Credential), &c); err != nil {
			return o, fmt.Errorf("passkey %d: %w", p.ID, err)
		}
		o.keys = append(o.keys, c)
	}
	return o, nil
}

// beginPasskey keeps a challenge and sends it to the script that asks the device.
func (s *Server) beginPasskey(w http.ResponseWriter, r *request, kind store.CeremonyKind, session *webauthn.SessionData, options any) error {
	detail, err := json.Marshal(session)
	if err != nil {
		return err
	}
	secret, err := s.db.BeginCeremony(r.Context(), store.Ceremony{Kind: kind, AccountID: r.viewerID(), Detail: string(detail)})
	if err != nil {
		return err
	}
	body, err := json.Marshal(options)
	if err != nil {
		return err
	}
	s.setCookie(w, passkeyCookie, secret, store.CeremonyAge)
	w.Header().Set("Content-Type", "application/json")
	_, err = w.Write(body)
	return err
}

// endPasskey takes the challenge that this browser was sent, once.
func (s *Server) endPasskey(w http.ResponseWriter, r *request, kind store.CeremonyKind) (*webauthn.SessionData, error) {
	cookie, err := r.Cookie(s.cookieName(passkeyCookie))
	if err != nil {
		return nil, store.ErrNotFound
	}
	s.dropCookie(w, passkeyCookie)
	c, err := s.db.EndCeremony(r.Context(), cookie.Value, kind)
	if err != nil {
		return nil, err
	}
	if c.AccountID != r.viewerID() {
		return nil, store.ErrNotFound
	}
	var session webauthn.SessionData
	return &session, json.Unmarshal([]byte(c.Detail), &session)
}

// offerNewPasskey is POST /settings/security/passkeys/options: the challenge to
// a device that is to make a key.
func (s *Server) offerNewPasskey(w http.ResponseWriter, r *request) error {
	ok, err := s.confirmPassword(w, r, "passkey_password", s.renderSecurity)
	if !ok {
		return err
	}
	owner, err := s.keyOwner(r, r.viewer.Account)
	if err != nil {
		return err
	}
	options, session, err := s.passkeys.BeginRegistration(owner, webauthn.WithResidentKeyRequirement(protocol.ResidentKeyRequirementRequired),
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired}),
		webauthn.WithExclusions(webauthn.Credentials(owner.keys).CredentialDescriptors()))
	if err != nil {
		return err
	}
	return s.beginPasskey(w, r, store.CeremonyNewPasskey, session, options)
}

// createPasskey is POST /settings/security/passkeys: the answer of the device.
func (s *Server) createPasskey(w http.ResponseWriter, r *request) error {
	refused := func() error {
		return s.renderSecurity(w, r, http.StatusUnprocessableEntity, mistake("passkey_name", "second.passkey_refused"))
	}
	session, err := s.endPasskey(w, r, store.CeremonyNewPasskey)
	if errors.Is(err, store.ErrNotFound) {
		return refused()
	}
	if err != nil {
		return err
	}
	answer, err := protocol.ParseCredentialCreationResponseBytes([]byte(r.form.Get("credential")))
	if err != nil {
		return refused()
	}
	key, err := s.passkeys.CreateCredential(keyOwner{account: r.viewer.Account}, *session, answer)
	if err != nil {
		return refused()
	}
	kept, err := json.Marshal(key)
	if err != nil {
		return err
	}
	err = s.db.AddPasskey(r.Context(), store.Passkey{AccountID: r.viewerID(), CredentialID: key.ID, Credential: string(kept), Name: r.form.Get("passkey_name")})
	if errors.Is(err, store.ErrConflict) {
		return refused()
	}
	if errs := inputMistakes(err); errs != nil {
		errs[0].Field = "passkey_name"
		return s.renderSecurity(w, r, http.StatusUnprocessableEntity, errs...)
	}
	if err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.passkey_added")})
	return redirect(w, r, "/settings/security")
}

// removePasskey is POST /settings/security/passkeys/{id}/remove. One that is
// gone already is what was wanted.
func (s *Server) removePasskey(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if err := s.db.RemovePasskey(r.Context(), r.viewerID(), id); err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return s.backWith(w, r, "/settings/security", "flash.passkey_removed")
}

// offerPasskey is POST /login/passkey/options: the challenge to whatever key of
// this server the device has. The device must have looked who holds it, so that
// the key stands for password and second step.
func (s *Server) offerPasskey(w http.ResponseWriter, r *request) error {
	if r.viewer != nil {
		return redirect(w, r, "/home")
	}
	options, session, err := s.passkeys.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return err
	}
	return s.beginPasskey(w, r, store.CeremonyPasskey, session, options)
}

// logInByPasskey is POST /login/passkey: the answer of the device.
func (s *Server) logInByPasskey(w http.ResponseWriter, r *request) error {
	page := templates.LoginPage{Next: r.form.Get("next")}
	if s.throttles != nil {
		if wait := s.throttles.address.Take(s.network(r), s.now()).Wait; wait > 0 {
			return s.renderLogin(w, r, http.StatusTooManyRequests, page, tooMany(w, wait))
		}
	}
	key, err := s.checkPasskey(w, r)
	if errors.Is(err, store.ErrNotFound) {
		return s.renderLogin(w, r, http.StatusUnprocessableEntity, page, mistake("", "second.passkey_wrong"))
	}
	if err != nil {
		return err
	}
	if s.throttles != nil {
		s.throttles.address.GiveBack(s.network(r))
	}
	return s.finishLogIn(w, r, key.AccountID, store.SignInPasskey, page)
}

// checkPasskey verifies what a device answered. ErrNotFound is any wrong answer.
func (s *Server) checkPasskey(w http.ResponseWriter, r *request) (*store.Passkey, error) {
	session, err := s.endPasskey(w, r, store.CeremonyPasskey)
	if err != nil {
		return nil, err
	}
	answer, err := protocol.ParseCredentialRequestResponseBytes([]byte(r.form.Get("credential")))
	if err != nil {
		return nil, store.ErrNotFound
	}
	key, err := s.db.Passkey(r.Context(), answer.RawID)
	if err != nil {
		return nil, err
	}
	u, err := s.db.User(r.Context(), key.AccountID)
	if err != nil {
		return nil, err
	}
	owner, err := s.keyOwner(r, u.Account)
	if err != nil {
		return nil, err
	}
	used, err := s.passkeys.ValidateDiscoverableLogin(func(_, _ []byte) (webauthn.User, error) { return owner, nil }, *session, answer)
	if err != nil || used.Authenticator.CloneWarning { // a counter that went back: two devices hold this key (WebAuthn §6.1.1)
		return nil, store.ErrNotFound
	}
	kept, err := json.Marshal(used)
	if err != nil {
		return nil, err
	}
	return key, s.db.UsePasskey(r.Context(), key.ID, string(kept))
}
