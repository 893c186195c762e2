package web

import (
	"errors"
	"net/http"

	"seedling/store"
	"seedling/templates"
)

// showRelays is /admin/relays.
func (s *Server) showRelays(w http.ResponseWriter, r *request) error {
	return s.renderRelays(w, r, http.StatusOK, "")
}

func (s *Server) renderRelays(w http.ResponseWriter, r *request, status int, address string, errs ...templates.FieldError) error {
	list, err := s.db.Relays(r.Context())
	if err != nil {
		return err
	}
	page := templates.RelaysPage{Frame: s.frame(r), URL: address}
	page.Errors = errs
	for _, relay := range list {
		page.Rows = append(page.Rows, templates.Relay{ID: relay.ID, URL: relay.URL, Added: s.moment(r, relay.CreatedAt),
			State: "relays.state_" + relay.State.String(), Kind: "relays.kind_" + relay.Kind.String()})
	}
	return s.render(w, r, status, page)
}

// createRelay subscribes to a relay.
func (s *Server) createRelay(w http.ResponseWriter, r *request) error {
	address := r.text("url")
	_, err := s.db.AddRelay(r.Context(), address)
	var wrong *store.RelayError
	var policy *store.PolicyError
	switch {
	case errors.As(err, &wrong):
		return s.renderRelays(w, r, http.StatusUnprocessableEntity, address, mistake("url", "relays.wrong"))
	case errors.As(err, &policy):
		return s.renderRelays(w, r, http.StatusUnprocessableEntity, address, mistake("url", "relays.not_allowed"))
	case errors.Is(err, store.ErrConflict):
		return s.renderRelays(w, r, http.StatusUnprocessableEntity, address, mistake("url", "relays.twice"))
	case err != nil:
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.relay_asked")})
	return redirect(w, r, "/admin/relays")
}

// showRelayRemove asks first: /admin/relays/{id}/remove.
func (s *Server) showRelayRemove(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	relay, err := s.db.Relay(r.Context(), id)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, templates.ConfirmPage{
		Frame: s.frame(r), Title: templates.M("relays.remove_title"), Body: []templates.Msg{templates.M("relays.remove_text", "url", relay.URL)},
		Action: r.URL.Path, Button: "relays.remove_do", Danger: true, Cancel: "/admin/relays",
	})
}

// removeRelay ends the subscription to a relay. One that has ended already is
// what was wanted.
func (s *Server) removeRelay(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if err := s.db.RemoveRelay(r.Context(), id); err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.relay_left")})
	return redirect(w, r, "/admin/relays")
}
