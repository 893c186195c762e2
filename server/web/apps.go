package web

import (
	"net/http"
	"strconv"
	"strings"

	"seedling/server/oauth"
	"seedling/store"
	"seedling/templates"
)

// showApps is /settings/apps: the apps that may act for the member.
func (s *Server) showApps(w http.ResponseWriter, r *request) error {
	list, err := s.db.ConnectedApps(r.Context(), r.viewerID())
	if err != nil {
		return err
	}
	p := templates.AppsPage{Frame: s.frame(r)}
	for _, c := range list {
		row := templates.ConnectedApp{ID: c.ID, Since: s.moment(r, c.Since), Groups: scopeGroups(allScopes(c.Scopes))}
		if c.App != nil {
			row.Name, row.Website = c.App.Name, c.App.Website
		}
		if !c.UsedAt.IsZero() {
			row.Used = s.moment(r, c.UsedAt)
		}
		p.Rows = append(p.Rows, row)
	}
	return s.render(w, r, http.StatusOK, p)
}

// allScopes is what several tokens of an app allow together.
func allScopes(each []string) oauth.Scopes {
	scopes, err := oauth.ParseScopes(strings.Join(each, " "))
	if err != nil {
		return nil // of an older version: nothing in words
	}
	return scopes
}

// disconnectApp ends all access that an app has. One that has none any more is
// what was wanted.
func (s *Server) disconnectApp(w http.ResponseWriter, r *request) error {
	id, err := strconv.ParseInt(r.param("id"), 10, 64)
	if err != nil || id < 0 {
		return store.ErrNotFound
	}
	if err := s.db.DisconnectApp(r.Context(), r.viewerID(), id); err != nil {
		return err
	}
	return s.backWith(w, r, "/settings/apps", "apps.ended")
}
