package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"seedling/store"
	"seedling/templates"
)

// updateFollow is POST /@name/follow: on=1 follows or asks to, on=0 ends the
// follow or withdraws the request.
func (s *Server) updateFollow(w http.ResponseWriter, r *request) error {
	a, err := s.accountOfPath(r)
	if err != nil {
		return err
	}
	if !r.on("on") {
		if err := s.db.Unfollow(r.Context(), r.viewerID(), a.ID); err != nil {
			return err
		}
		return s.backToAccount(w, r, a, "flash.unfollowed")
	}
	err = s.db.Follow(r.Context(), r.viewerID(), a.ID)
	if err != nil {
		return refuseFollow(err, r, a)
	}
	rel, err := s.db.Relation(r.Context(), r.viewerID(), a.ID)
	if err != nil {
		return err
	}
	if rel.Requested {
		return s.backToAccount(w, r, a, "flash.requested")
	}
	return s.backToAccount(w, r, a, "flash.followed")
}

// refuseFollow says why somebody can't be followed.
func refuseFollow(err error, r *request, a *store.Account) error {
	switch {
	case errors.Is(err, store.ErrBlocked):
		return refuse(http.StatusForbidden, "error.follow_blocked", "name", a.Name())
	case errors.Is(err, store.ErrMoved):
		return refuse(http.StatusForbidden, "error.follow_moved", "name", a.Name())
	case errors.Is(err, store.ErrForbidden) && a.ID == r.viewerID():
		return refuse(http.StatusForbidden, "error.self")
	case errors.Is(err, store.ErrForbidden):
		return refuse(http.StatusForbidden, "error.follow_many")
	}
	return err
}

// showBlock asks before a block: /@name/block.
func (s *Server) showBlock(w http.ResponseWriter, r *request) error {
	a, err := s.accountOfPath(r)
	if err != nil {
		return err
	}
	if a.ID == r.viewerID() {
		return refuse(http.StatusForbidden, "error.self")
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	card := templates.AccountCard{Account: c.account(a)}
	p := templates.ConfirmPage{
		Frame: s.frame(r), Title: templates.M("confirm.block", "name", a.Name()), Body: []templates.Msg{templates.M("confirm.block_follows")},
		Action: a.Path() + "/block", Button: "confirm.block_do", Danger: true, Cancel: a.Path(), Account: &card,
	}
	if !a.Local() {
		p.Body = append(p.Body, templates.M("confirm.block_told"))
	}
	p.Hidden = []templates.Pair{{Name: "on", Value: "1"}, {Name: "back", Value: a.Path()}}
	return s.render(w, r, http.StatusOK, p)
}

// updateBlock is POST /@name/block: on=1 blocks, on=0 unblocks.
func (s *Server) updateBlock(w http.ResponseWriter, r *request) error {
	a, err := s.accountOfPath(r)
	if err != nil {
		return err
	}
	do, flash := s.db.Unblock, "flash.unblocked"
	if r.on("on") {
		do, flash = s.db.Block, "flash.blocked"
	}
	err = do(r.Context(), r.viewerID(), a.ID)
	if errors.Is(err, store.ErrForbidden) {
		return refuse(http.StatusForbidden, "error.self")
	}
	if err != nil {
		return err
	}
	return s.backWith(w, r, a.Path(), flash, "name", a.Name())
}

// showRequests is /follow-requests.
func (s *Server) showRequests(w http.ResponseWriter, r *request) error {
	page, err := s.db.FollowRequests(r.Context(), r.viewerID(), r.storeCursor(peoplePerPage))
	if err != nil {
		return err
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	p := templates.RequestsPage{Frame: s.frame(r), Pager: r.links(page.Older, page.Newer)}
	if p.People, err = c.people(r.Context(), page.Accounts); err != nil {
		return err
	}
	for i := range p.People {
		p.People[i].Request = true
	}
	return s.render(w, r, http.StatusOK, p)
}

// acceptRequest is POST /follow-requests/{id}/accept; id is who asks.
func (s *Server) acceptRequest(w http.ResponseWriter, r *request) error {
	return s.answerRequest(w, r, s.db.AcceptFollow, "flash.accepted")
}

// rejectRequest is POST /follow-requests/{id}/reject.
func (s *Server) rejectRequest(w http.ResponseWriter, r *request) error {
	return s.answerRequest(w, r, s.rejectAsked, "flash.rejected")
}

// rejectAsked refuses a request. Who follows already is not removed by a button
// that was pressed twice, or on an old page.
func (s *Server) rejectAsked(ctx context.Context, accountID, followerID int64) error {
	rel, err := s.db.Relation(ctx, accountID, followerID)
	if err != nil {
		return err
	}
	if !rel.Asked {
		return store.ErrNotFound
	}
	return s.db.RejectFollow(ctx, accountID, followerID)
}

func (s *Server) answerRequest(w http.ResponseWriter, r *request,
	answer func(ctx context.Context, accountID, followerID int64) error, flash string) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	err = answer(r.Context(), r.viewerID(), id)
	if errors.Is(err, store.ErrNotFound) { // answered already, or withdrawn
		return s.backWith(w, r, "/follow-requests", "flash.no_request")
	}
	if err != nil {
		return err
	}
	a, err := s.db.Account(r.Context(), id)
	if err != nil {
		return err
	}
	return s.backWith(w, r, "/follow-requests", flash, "name", a.Name())
}

// fetchAgain is how soon another server is asked the same thing again.
const fetchAgain = 5 * time.Minute

// fetchAccount is POST /@name/fetch: ask an account's server for its newest posts.
func (s *Server) fetchAccount(w http.ResponseWriter, r *request) error {
	a, err := s.accountOfPath(r)
	if err != nil {
		return err
	}
	if a.Local() {
		return store.ErrNotFound
	}
	if s.now().Sub(a.OutboxAt) > fetchAgain {
		id := strconv.FormatInt(a.ID, 10)
		if err := s.db.AddJob(r.Context(), store.NewJob{Kind: store.JobOutbox, Key: id, Payload: id}); err != nil {
			return err
		}
	}
	return s.backWith(w, r, a.Path(), "flash.fetching")
}
