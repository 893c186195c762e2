package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"seedling/store"
	"seedling/templates"
)

const (
	maxInviteUses = 1_000
	maxInviteRows = 200 // of the list; older ones still work
)

// showInvites is /admin/invites. With ?new= the invitation just made stands on
// top.
func (s *Server) showInvites(w http.ResponseWriter, r *request) error {
	return s.renderInvites(w, r, http.StatusOK, "1", "week")
}

func (s *Server) renderInvites(w http.ResponseWriter, r *request, status int, uses, expires string, errs ...templates.FieldError) error {
	list, err := s.db.Invites(r.Context())
	if err != nil {
		return err
	}
	page := templates.InvitesPage{Frame: s.frame(r), Uses: uses, Expires: expires}
	page.Errors = errs
	made := positive(r.query("new"))
	for _, i := range list[:min(len(list), maxInviteRows)] {
		row := s.inviteView(r, i)
		if i.ID == made && !row.Dead {
			page.Created = row.URL
		}
		page.Rows = append(page.Rows, row)
	}
	return s.render(w, r, status, page)
}

func (s *Server) inviteView(r *request, i *store.Invite) templates.Invite {
	v := templates.Invite{
		ID: i.ID, URL: s.db.URL() + "/invite/" + i.Code, By: i.CreatedBy.Username,
		Used: i.Uses, Max: i.MaxUses, Created: s.moment(r, i.CreatedAt), Dead: !i.Usable(s.now()),
	}
	if !i.ExpiresAt.IsZero() {
		v.Expires = s.moment(r, i.ExpiresAt)
	}
	return v
}

var inviteAges = map[string]time.Duration{"day": 24 * time.Hour, "week": 7 * 24 * time.Hour, "month": 30 * 24 * time.Hour, "never": 0}

// createInvite makes an invitation.
func (s *Server) createInvite(w http.ResponseWriter, r *request) error {
	uses, expires := r.text("uses"), r.form.Get("expires")
	var errs []templates.FieldError
	n := 0
	if uses != "" {
		var err error
		if n, err = strconv.Atoi(uses); err != nil || n < 1 || n > maxInviteUses {
			errs = append(errs, mistake("uses", "admin.wrong_number", "min", 1, "max", maxInviteUses))
		}
	}
	age, ok := inviteAges[expires]
	if !ok {
		errs = append(errs, mistake("expires", "settings.choose"))
	}
	if len(errs) > 0 {
		return s.renderInvites(w, r, http.StatusUnprocessableEntity, uses, expires, errs...)
	}
	made, err := s.db.CreateInvite(r.Context(), r.viewerID(), n, age)
	if err != nil {
		return err
	}
	return redirect(w, r, "/admin/invites?new="+strconv.FormatInt(made.ID, 10))
}

// showInviteRevoke asks first: /admin/invites/{id}/revoke.
func (s *Server) showInviteRevoke(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	list, err := s.db.Invites(r.Context())
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(i *store.Invite) bool { return i.ID == id })
	if i < 0 {
		return store.ErrNotFound
	}
	return s.render(w, r, http.StatusOK, templates.ConfirmPage{
		Frame: s.frame(r), Title: templates.M("invites.revoke_title"), Body: []templates.Msg{templates.M("invites.revoke_text", "url", s.inviteView(r, list[i]).URL)},
		Action: r.URL.Path, Button: "invites.revoke_do", Danger: true, Cancel: "/admin/invites",
	})
}

// revokeInvite ends an invitation. One that has ended already is what was
// wanted.
func (s *Server) revokeInvite(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if err := s.db.RevokeInvite(r.Context(), id); err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.invite_revoked")})
	return redirect(w, r, "/admin/invites")
}
