package oauth

import (
	"net/http"
	"strconv"

	"seedling/server/param"
)

// showMetadata is RFC 8414, with the address at which apps register.
func (s *Server) showMetadata(w http.ResponseWriter, r *http.Request, _ param.Values) error {
	base := s.db.URL()
	w.Header().Set("Cache-Control", "public, max-age=3600")
	return s.write(w, http.StatusOK, map[string]any{
		"issuer":                                base + "/",
		"authorization_endpoint":                base + "/oauth/authorize",
		"token_endpoint":                        base + "/oauth/token",
		"revocation_endpoint":                   base + "/oauth/revoke",
		"userinfo_endpoint":                     base + "/oauth/userinfo",
		"app_registration_endpoint":             base + "/api/v1/apps",
		"service_documentation":                 "https://docs.joinmastodon.org/",
		"scopes_supported":                      Known(),
		"response_types_supported":              []string{"code"},
		"response_modes_supported":              []string{"query"},
		"grant_types_supported":                 []string{"authorization_code", "client_credentials"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_basic", "client_secret_post"},
		"code_challenge_methods_supported":      []string{"S256"},
	})
}

// showUser tells an app who its member is (OpenID Connect Core §5.3, as far as
// Mastodon has it). read:accounts is enough too, as that tells the same.
func (s *Server) showUser(w http.ResponseWriter, r *http.Request, p param.Values) error {
	k, u, err := s.bearer(r, p)
	if err != nil {
		return err
	}
	if u == nil {
		return &Error{http.StatusUnprocessableEntity, "This method requires an authenticated user", "This method requires an authenticated user"}
	}
	if !Allow(k.Scopes, "profile") && !Allow(k.Scopes, "read:accounts") {
		return &Error{http.StatusForbidden, "This action is outside the authorized scopes", "This action is outside the authorized scopes"}
	}
	a := u.Account
	picture := s.db.ServedURL(a.AvatarURL)
	if picture == "" {
		picture = s.db.URL() + "/avatars/" + strconv.FormatInt(a.ID, 10) + ".png"
	}
	return s.write(w, http.StatusOK, map[string]string{
		"iss": s.db.URL() + "/", "sub": a.URI, "name": a.Name(), "preferred_username": a.Username, "profile": a.URL,
		"picture": picture,
	})
}
