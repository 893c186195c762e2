package api

import "net/http"

// showTokens is GET /api/oauth_tokens of Akkoma: the apps that act for the
// member. Here an app has one line, however many tokens, and none ends by itself.
func (s *Server) showTokens(w http.ResponseWriter, r *request) error {
	apps, err := s.db.ConnectedApps(r.Context(), r.me())
	if err != nil {
		return err
	}
	type token struct {
		ID         string  `json:"id"` // a text: the numbers of scripts are too short
		AppName    string  `json:"app_name"`
		ValidUntil *string `json:"valid_until"`
	}
	list := []token{}
	for _, c := range apps {
		if c.App != nil {
			list = append(list, token{ID: id(c.ID), AppName: c.App.Name})
		}
	}
	return s.json(w, list)
}

// endTokens is DELETE /api/oauth_tokens/:id: the app is shut out.
func (s *Server) endTokens(w http.ResponseWriter, r *request) error {
	appID, err := r.id("id")
	if err != nil {
		return err
	}
	if err := s.db.DisconnectApp(r.Context(), r.me(), appID); err != nil {
		return err
	}
	return s.empty(w)
}
