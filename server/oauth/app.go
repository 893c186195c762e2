package oauth

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"seedling/server/param"
	"seedling/store"
	"seedling/store/content"
)

// application is an app as it is told of itself.
type application struct {
	ID           string   `json:"id"`
	Name         string   `json:"name"`
	Website      *string  `json:"website"`
	Scopes       []string `json:"scopes"`
	RedirectURIs []string `json:"redirect_uris"`
	RedirectURI  string   `json:"redirect_uri"` // older apps read this one
	VAPIDKey     string   `json:"vapid_key"`

	ClientID            string `json:"client_id,omitempty"`
	ClientSecret        string `json:"client_secret,omitempty"`
	ClientSecretExpires *int64 `json:"client_secret_expires_at,omitempty"` // 0: never
}

func applicationOf(a *store.App) application {
	v := application{ID: strconv.FormatInt(a.ID, 10), Name: a.Name, Scopes: strings.Fields(a.Scopes),
		RedirectURIs: a.RedirectURIs, RedirectURI: strings.Join(a.RedirectURIs, "\n")}
	if a.Website != "" {
		v.Website = &a.Website
	}
	return v
}

// createApp registers an app, by anybody.
func (s *Server) createApp(w http.ResponseWriter, r *http.Request, p param.Values) error {
	if err := s.take(w, r, s.apps); err != nil {
		return err
	}
	a, err := readApp(p)
	if err != nil {
		return err
	}
	secret, err := s.db.CreateApp(r.Context(), a)
	if err != nil {
		return err
	}
	v := applicationOf(a)
	v.ClientID, v.ClientSecret, v.ClientSecretExpires = a.ClientID, secret, new(int64)
	if _, v.VAPIDKey, err = s.db.PushKey(r.Context()); err != nil {
		return err
	}
	return s.write(w, http.StatusOK, v)
}

// readApp checks what an app says of itself.
func readApp(p param.Values) (*store.App, error) {
	refuse := func(problem string) (*store.App, error) {
		return nil, &Error{http.StatusUnprocessableEntity, "Validation failed: " + problem, problem}
	}
	a := &store.App{Name: content.CleanLine(p.Get("client_name"), maxAppName), Website: strings.TrimSpace(p.Get("website"))}
	if a.Name == "" {
		return refuse("Name can't be blank")
	}
	if u, err := url.Parse(a.Website); a.Website != "" && (err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || len(a.Website) > maxWebsite) {
		return refuse("Website is not an address of the web")
	}
	for _, text := range p.All("redirect_uris") {
		a.RedirectURIs = append(a.RedirectURIs, strings.Fields(text)...)
	}
	if len(a.RedirectURIs) == 0 {
		return refuse("Redirect URI can't be blank")
	}
	if len(a.RedirectURIs) > maxRedirectURIs {
		return refuse("Redirect URI: too many")
	}
	for _, uri := range a.RedirectURIs {
		if err := CheckRedirectURI(uri); err != nil {
			return refuse("Redirect URI " + err.Error())
		}
	}
	scopes, err := ParseScopes(strings.Join(p.All("scopes"), " "))
	if err != nil {
		return refuse("Scopes doesn't match configured on the server: " + err.Error())
	}
	if len(scopes) == 0 {
		scopes = Scopes{"read"}
	}
	a.Scopes = scopes.String()
	return a, nil
}

// showApp tells an app of itself, by any token that it got.
func (s *Server) showApp(w http.ResponseWriter, r *http.Request, p param.Values) error {
	k, _, err := s.bearer(r, p)
	if err != nil {
		return err
	}
	if k.AppID == 0 {
		return s.write(w, http.StatusOK, application{ID: "0", Name: "Command line", Scopes: strings.Fields(k.Scopes),
			RedirectURIs: []string{OutOfBand}, RedirectURI: OutOfBand})
	}
	a, err := s.db.App(r.Context(), k.AppID)
	if err != nil {
		return err
	}
	return s.write(w, http.StatusOK, applicationOf(a))
}
