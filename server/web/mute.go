package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"seedling/store"
	"seedling/templates"
)

// muteTimes are how long a mute may last; 0 is for good.
var muteTimes = map[string]time.Duration{
	"ever": 0, "hour": time.Hour, "day": 24 * time.Hour, "week": 7 * 24 * time.Hour, "month": 30 * 24 * time.Hour,
}

// inputMistakes are the mistakes of a form that the store refused.
func inputMistakes(err error) []templates.FieldError {
	var input *store.InputError
	if !errors.As(err, &input) {
		return nil
	}
	keys := map[store.InputProblem]string{
		store.InputEmpty: "input.empty", store.InputLong: "input.long", store.InputMany: "input.many", store.InputRefused: "settings.choose", store.InputPattern: "input.pattern",
	}
	key := keys[input.Problem]
	switch {
	case input.Problem == store.InputEmpty && (input.Field == "title" || input.Field == "name"):
		key = "input.name"
	case input.Problem == store.InputRefused && input.Field == "host":
		key = "input.host"
	}
	return []templates.FieldError{mistake(input.Field, key, "n", input.Limit)}
}

// refuseInput is inputMistakes for forms that have no page to be shown on again.
func refuseInput(err error) error {
	for _, m := range inputMistakes(err) {
		return &userError{status: http.StatusUnprocessableEntity, msg: m.Msg}
	}
	return err
}

// showMute is /@name/mute.
func (s *Server) showMute(w http.ResponseWriter, r *request) error {
	a, err := s.otherOfPath(r)
	if err != nil {
		return err
	}
	return s.renderMute(w, r, http.StatusOK, a, "ever", false)
}

// otherOfPath is accountOfPath without the viewer themselves.
func (s *Server) otherOfPath(r *request) (*store.Account, error) {
	a, err := s.accountOfPath(r)
	if err == nil && a.ID == r.viewerID() {
		return nil, refuse(http.StatusForbidden, "error.self")
	}
	return a, err
}

func (s *Server) renderMute(w http.ResponseWriter, r *request, status int, a *store.Account, until string, notifications bool, errs ...templates.FieldError) error {
	p := templates.MutePage{Frame: s.frame(r), Account: accountView(s.db, a, store.Member), Until: until, Notifications: notifications}
	p.Errors = errs
	return s.render(w, r, status, p)
}

// updateMute is POST /@name/mute: on=0 ends the mute.
func (s *Server) updateMute(w http.ResponseWriter, r *request) error {
	a, err := s.otherOfPath(r)
	if err != nil {
		return err
	}
	if !r.on("on") {
		if err := s.db.Unmute(r.Context(), r.viewerID(), a.ID); err != nil {
			return err
		}
		return s.backWith(w, r, a.Path(), "flash.unmuted", "name", a.Name())
	}
	until := r.form.Get("until")
	lasts, ok := muteTimes[until]
	if !ok {
		return s.renderMute(w, r, http.StatusUnprocessableEntity, a, until, r.on("notifications"), mistake("until", "settings.choose"))
	}
	if err := s.db.Mute(r.Context(), r.viewerID(), a.ID, store.MuteOptions{Notifications: r.on("notifications"), Lasts: lasts}); err != nil {
		return err
	}
	return s.backUndo(w, r, a.Path(), a.Path()+"/mute", "0", "flash.muted", "name", a.Name())
}

// showMutes is /settings/mutes.
func (s *Server) showMutes(w http.ResponseWriter, r *request) error {
	page, err := s.db.MutesOf(r.Context(), r.viewerID(), r.storeCursor(peoplePerPage))
	if err != nil {
		return err
	}
	return s.renderSaid(w, r, "mutes", page)
}

// showBlocks is /settings/blocks.
func (s *Server) showBlocks(w http.ResponseWriter, r *request) error {
	page, err := s.db.BlocksOf(r.Context(), r.viewerID(), r.storeCursor(peoplePerPage))
	if err != nil {
		return err
	}
	return s.renderSaid(w, r, "blocks", page)
}

func (s *Server) renderSaid(w http.ResponseWriter, r *request, kind string, page *store.AccountPage) error {
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	relations, err := c.relations(r.Context(), page.Accounts)
	if err != nil {
		return err
	}
	c.meet(page.Accounts...)
	p := templates.SaidPage{Frame: s.frame(r), Kind: kind, Pager: r.links(page.Older, page.Newer)}
	for _, a := range page.Accounts {
		rel := relations[a.ID]
		row := templates.SaidRow{Account: c.account(a), Notifications: rel.Mute.Notifications}
		if !rel.MutedUntil.IsZero() {
			row.Until = c.moment(rel.MutedUntil)
		}
		p.Rows = append(p.Rows, row)
	}
	return s.render(w, r, http.StatusOK, p)
}

// showHosts is /settings/domains: the servers that a member blocked.
func (s *Server) showHosts(w http.ResponseWriter, r *request) error {
	return s.renderHosts(w, r, http.StatusOK, "")
}

func (s *Server) renderHosts(w http.ResponseWriter, r *request, status int, host string, errs ...templates.FieldError) error {
	page, err := s.db.BlockedHosts(r.Context(), r.viewerID(), r.storeCursor(peoplePerPage))
	if err != nil {
		return err
	}
	p := templates.SaidPage{Frame: s.frame(r), Kind: "domains", Hosts: page.Hosts, Host: host, Pager: r.links(page.Older, page.Newer)}
	p.Errors = errs
	return s.render(w, r, status, p)
}

// findHost is POST /settings/domains: it leads to the page that asks before a block.
func (s *Server) findHost(w http.ResponseWriter, r *request) error {
	host := hostIn(r.text("host"))
	if _, err := s.db.HostTies(r.Context(), r.viewerID(), host); err != nil {
		if errors.Is(err, store.ErrForbidden) {
			return s.renderHosts(w, r, http.StatusUnprocessableEntity, host, mistake("host", "said.own_host"))
		}
		if errs := inputMistakes(err); errs != nil {
			return s.renderHosts(w, r, http.StatusUnprocessableEntity, host, errs...)
		}
		return err
	}
	return redirect(w, r, "/domains/"+host+"/block")
}

// hostIn is the server of what people paste: its name, an address there, or a
// handle.
func hostIn(text string) string {
	if u, err := url.Parse(text); err == nil && u.Host != "" {
		return u.Host
	}
	return text[strings.LastIndexByte(text, '@')+1:]
}

// showHostBlock asks before a member blocks a server: /domains/{host}/block.
func (s *Server) showHostBlock(w http.ResponseWriter, r *request) error {
	host := r.param("host")
	ties, err := s.db.HostTies(r.Context(), r.viewerID(), host)
	if err != nil {
		return refuseHost(err)
	}
	p := templates.ConfirmPage{
		Frame: s.frame(r), Title: templates.M("said.block_host", "host", host), Body: []templates.Msg{templates.M("said.block_host_what")},
		Action: r.URL.Path, Button: "said.block_host_do", Danger: true, Cancel: "/settings/domains",
		Hidden: []templates.Pair{{Name: "on", Value: "1"}, {Name: "back", Value: "/settings/domains"}},
	}
	if ties.Following > 0 {
		p.Body = append(p.Body, templates.M("said.ends_following", "n", ties.Following))
	}
	if ties.Followers > 0 {
		p.Body = append(p.Body, templates.M("said.ends_followers", "n", ties.Followers))
	}
	return s.render(w, r, http.StatusOK, p)
}

// refuseHost says why a server can't be blocked: what is no host has no page.
func refuseHost(err error) error {
	var input *store.InputError
	switch {
	case errors.Is(err, store.ErrForbidden):
		return refuse(http.StatusForbidden, "said.own_host")
	case errors.As(err, &input) && input.Problem == store.InputRefused:
		return store.ErrNotFound
	}
	return refuseInput(err)
}

// updateHostBlock is POST /domains/{host}/block: on=1 blocks, on=0 ends it.
func (s *Server) updateHostBlock(w http.ResponseWriter, r *request) error {
	do, flash := s.db.UnblockHost, "flash.host_unblocked"
	if r.on("on") {
		do, flash = s.db.BlockHost, "flash.host_blocked"
	}
	if err := do(r.Context(), r.viewerID(), r.param("host")); err != nil {
		return refuseHost(err)
	}
	return s.backWith(w, r, "/settings/domains", flash, "host", r.param("host"))
}

// chooseThread is POST /posts/{id}/thread: choice=muted, watched or usual.
func (s *Server) chooseThread(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	choice := store.ThreadChoice(slices.Index([]string{"usual", "muted", "watched"}, r.form.Get("choice")))
	if err := s.db.ChooseThread(r.Context(), r.viewerID(), id, choice); err != nil {
		return refuseInput(err)
	}
	s.flash(w, templates.Flash{Msg: templates.M([]string{"flash.thread_usual", "flash.thread_muted", "flash.thread_watched"}[choice])})
	return back(w, r, id, "/home")
}
