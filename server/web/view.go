package web

import (
	"html/template"
	"time"

	"seedling/store"
	"seedling/store/content"
	"seedling/templates"
)

// view.go and the files beside it turn the store's types into what templates
// show. safeHTML is the only place in the program where a string becomes HTML
// that templates do not escape; a test looks for others.

// safeHTML passes on what package content vouches for.
func safeHTML(h content.HTML) template.HTML { return template.HTML(h.String()) }

// moment is a time as pages show it.
func (s *Server) moment(t time.Time) templates.Moment {
	return templates.Moment{At: t, Now: s.now()}
}

// accountView is an account as it stands beside a post or in a list. role is
// its user's, Member for everyone else.
func accountView(a *store.Account, role store.Role) templates.Account {
	v := templates.Account{
		ID: a.ID, DisplayName: a.Name(), User: a.Username, Host: a.Host, URL: a.Path(),
		Avatar: avatarPath(a), Bot: a.Bot, Locked: a.Locked,
	}
	if role > store.Member {
		v.Role = role.String()
	}
	return v
}
