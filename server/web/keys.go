package web

import (
	"net/http"

	"seedling/templates"
)

// keyGroups are the keyboard shortcuts of static/js/keys.js, for people.
var keyGroups = []templates.KeyGroup{
	{Title: "keys.moving", Keys: []templates.Key{
		{Press: []string{"j"}, Does: "keys.next"}, {Press: []string{"k"}, Does: "keys.previous"},
		{Press: []string{"o"}, Does: "keys.open"}, {Press: []string{"x"}, Does: "keys.warning"},
		{Press: []string{"."}, Does: "keys.newer"},
	}},
	{Title: "keys.acting", Keys: []templates.Key{
		{Press: []string{"r"}, Does: "keys.reply"}, {Press: []string{"b"}, Does: "keys.boost"}, {Press: []string{"f"}, Does: "keys.favourite"},
		{Press: []string{"e"}, Does: "keys.react"}, {Press: []string{"m"}, Does: "keys.bookmark"},
	}},
	{Title: "keys.going", Keys: []templates.Key{
		{Press: []string{"n"}, Does: "keys.write"}, {Press: []string{"/"}, Does: "keys.search"},
		{Press: []string{"g", "h"}, Does: "keys.home"}, {Press: []string{"g", "l"}, Does: "keys.local"},
		{Press: []string{"g", "b"}, Does: "keys.bookmarks"}, {Press: []string{"g", "n"}, Does: "keys.notifications"},
		{Press: []string{"?"}, Does: "keys.help"},
	}},
}

// showKeys is /keys.
func (s *Server) showKeys(w http.ResponseWriter, r *request) error {
	on := r.viewer != nil && !r.viewer.Preferences.NoKeys
	return s.render(w, r, http.StatusOK, templates.KeysPage{Frame: s.frame(r), Groups: keyGroups, On: on})
}

// updateKeys is POST /keys: on=0 turns the shortcuts off (WCAG 2.2 §2.1.4).
func (s *Server) updateKeys(w http.ResponseWriter, r *request) error {
	p := r.viewer.Preferences
	p.NoKeys = !r.on("on")
	if err := s.db.SetPreferences(r.Context(), r.viewerID(), p); err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.saved")})
	return redirect(w, r, "/keys")
}
