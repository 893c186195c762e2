package api

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"seedling/server/oauth"
	"seedling/server/param"
	"seedling/store"
	"seedling/store/content"
)

// showSelf answers with the member themself.
func (s *Server) showSelf(w http.ResponseWriter, r *request) error {
	v, err := s.credential(r.Context(), r, r.user)
	if err != nil {
		return err
	}
	return s.json(w, v)
}

// aboutSelf is for what the scope profile is enough for: who the member is.
func (s *Server) aboutSelf(h handler) handler {
	return func(w http.ResponseWriter, r *request) error {
		if !oauth.Allow(r.token.Scopes, "read:accounts") && !oauth.Allow(r.token.Scopes, "profile") {
			return errScope
		}
		return h(w, r)
	}
}

// updateSelf is PATCH accounts/update_credentials. What is not sent stays.
func (s *Server) updateSelf(w http.ResponseWriter, r *request) error {
	if err := s.changeSelf(r); err != nil {
		return err
	}
	return s.showSelf(w, r)
}

// changeSelf changes what was sent, and reads the member anew.
func (s *Server) changeSelf(r *request) error {
	if err := s.updateProfile(r); err != nil {
		return err
	}
	if err := s.updatePictures(r); err != nil {
		return err
	}
	if err := s.updatePrivacy(r); err != nil {
		return err
	}
	if err := s.updateReach(r); err != nil {
		return err
	}
	if err := s.updatePosting(r, r.params.Below("source")); err != nil {
		return err
	}
	u, err := s.db.User(r.Context(), r.me())
	if err != nil {
		return err
	}
	r.user = u
	return nil
}

func (s *Server) updateProfile(r *request) error {
	p := r.user.Account.Profile()
	changed := false
	for name, value := range map[string]*string{"display_name": &p.DisplayName, "note": &p.Bio} {
		if r.params.Has(name) {
			*value, changed = strings.TrimSpace(r.params.Get(name)), true
		}
	}
	if r.params.Has("bot") {
		p.Bot, changed = r.params.Bool("bot", p.Bot), true
	}
	if rows := r.params.Rows("fields_attributes"); len(rows) > 0 || r.params.Has("fields_attributes") { // an empty list: none any more
		p.Fields, changed = fieldsFrom(rows), true
	}
	if !changed {
		return nil
	}
	return s.db.UpdateProfile(r.Context(), r.me(), p)
}

// updatePictures takes an avatar and a banner.
func (s *Server) updatePictures(r *request) error {
	for name, use := range map[string]store.MediaUse{"avatar": store.MediaAvatar, "header": store.MediaHeader} {
		file := r.params.File(name)
		if file == nil {
			if alt := name + "_description"; r.params.Has(alt) {
				if err := s.db.DescribeAccountPicture(r.Context(), r.me(), use, r.params.Get(alt)); err != nil {
					return err
				}
			}
			continue
		}
		body, err := file.Open()
		if err != nil {
			return fmt.Errorf("open the uploaded picture: %w", err)
		}
		err = s.db.SetAccountPicture(r.Context(), r.me(), use, body, r.params.Get(name+"_description"))
		if err = errors.Join(err, body.Close()); err != nil {
			return err
		}
	}
	return nil
}

// removePicture is DELETE profile/avatar and profile/header.
func (s *Server) removePicture(use store.MediaUse) handler {
	return func(w http.ResponseWriter, r *request) error {
		if err := s.db.RemoveAccountPicture(r.Context(), r.me(), use); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		u, err := s.db.User(r.Context(), r.me())
		if err != nil {
			return err
		}
		r.user = u
		return s.showSelf(w, r)
	}
}

func fieldsFrom(rows []param.Values) []store.Field {
	var list []store.Field
	for _, row := range rows {
		list = append(list, store.Field{Name: strings.TrimSpace(row.Get("name")), Text: strings.TrimSpace(row.Get("value"))})
	}
	return list
}

// updatePosting changes what new posts start with.
func (s *Server) updatePosting(r *request, source param.Values) error {
	p := r.user.Preferences
	p.Sensitive = source.Bool("sensitive", p.Sensitive)
	if text := source.Get("privacy"); text != "" {
		v, err := parseVisibility(text)
		if err != nil {
			return err
		}
		p.Visibility = v
	}
	if source.Has("language") {
		p.Language = cleanLanguage(source.Get("language"))
	}
	if p == r.user.Preferences {
		return nil
	}
	return s.db.SetPreferences(r.Context(), r.me(), p)
}

// cleanLanguage is a language as posts have it, or "" for what can't be one.
func cleanLanguage(text string) string {
	if len(text) < 2 || len(text) > 35 || strings.ContainsFunc(text, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_')
	}) {
		return ""
	}
	return text
}

// parseVisibility reads a visibility in the API's words, and Akkoma's local.
func parseVisibility(text string) (store.Visibility, error) {
	switch text {
	case "private":
		return store.Followers, nil
	case "public", "unlisted", "direct", "local":
		return store.ParseVisibility(text)
	}
	return 0, invalid("Visibility is not included in the list")
}

// showPreferences is GET preferences.
func (s *Server) showPreferences(w http.ResponseWriter, r *request) error {
	p := r.user.Preferences
	return s.json(w, map[string]any{
		"posting:default:visibility":   visibilityName(p.Visibility),
		"posting:default:sensitive":    p.Sensitive,
		"posting:default:language":     stringOrNil(p.Language),
		"posting:default:quote_policy": quoteRuleName(p.Policy),
		"reading:expand:media":         expandMedia[p.Media],
		"reading:expand:spoilers":      p.OpenCW,
		"reading:autoplay:gifs":        !p.Still,
	})
}

// expandMedia are the API's words for what a member wants of pictures.
var expandMedia = map[string]string{"": "default", "show": "show_all", "hide": "hide_all"}

// createAccount is POST accounts: somebody signs up through an app.
func (s *Server) createAccount(w http.ResponseWriter, r *request) error {
	if r.user != nil {
		return errRole
	}
	if err := s.takeSignUp(w, r); err != nil {
		return err
	}
	if !r.params.Bool("agreement", false) {
		return wrongField("agreement", "Agreement", "ERR_ACCEPTED", "must be accepted")
	}
	u, _, err := s.db.SignUp(r.Context(), store.SignUp{
		NewUser: store.NewUser{Name: r.params.Get("username"), Email: r.params.Get("email"), Password: r.params.Get("password")},
		Reason:  r.params.Get("reason"), Invite: r.params.Get("invite_code"),
	})
	if err != nil {
		return explainSignUp(err)
	}
	token, createdAt, err := s.db.SignUpToken(r.Context(), u.Account.ID, r.token.AppID, r.token.Scopes)
	if err != nil {
		return err
	}
	return s.json(w, map[string]any{"access_token": token, "token_type": "Bearer", "scope": r.token.Scopes, "created_at": createdAt.Unix()})
}

// explainSignUp says why nobody was signed up.
func explainSignUp(err error) error {
	var name *store.NameError
	var password *store.PasswordError
	var email *store.EmailError
	switch {
	case errors.As(err, &name):
		return wrongField("username", "Username", nameCodes[name.Problem], string(name.Problem))
	case errors.As(err, &password):
		return wrongField("password", "Password", passwordCodes[password.Problem], string(password.Problem))
	case errors.As(err, &email):
		return wrongField("email", "E-mail", "ERR_INVALID", "is invalid")
	case errors.Is(err, store.ErrConflict):
		return wrongField("email", "E-mail", "ERR_TAKEN", "has already been taken")
	case errors.Is(err, store.ErrSignUpClosed):
		return errRole
	case errors.Is(err, store.ErrInviteNeeded), errors.Is(err, store.ErrInviteUsed):
		return wrongField("invite_code", "Invite code", "ERR_INVALID", "is needed, or not good any more")
	case errors.Is(err, store.ErrReasonNeeded):
		return wrongField("reason", "Reason", "ERR_BLANK", "can't be blank")
	case errors.Is(err, store.ErrReasonTooLong):
		return wrongField("reason", "Reason", "ERR_TOO_LONG", "is too long")
	}
	return err
}

// nameCodes and passwordCodes are Mastodon's codes for why nobody can be called
// so, and why a password is none.
var (
	nameCodes = map[store.NameProblem]string{store.NameEmpty: "ERR_BLANK", store.NameTooLong: "ERR_TOO_LONG", store.NameLetters: "ERR_INVALID",
		store.NameReserved: "ERR_RESERVED", store.NameTaken: "ERR_TAKEN"}
	passwordCodes = map[store.PasswordProblem]string{store.PasswordShort: "ERR_TOO_SHORT", store.PasswordLong: "ERR_TOO_LONG", store.PasswordCommon: "ERR_INVALID"}
)

// sourceFormat is how a text is written: as the app says, or plain.
func sourceFormat(contentType string) content.Format {
	if contentType == "text/markdown" {
		return content.Markdown
	}
	return content.Plain
}
