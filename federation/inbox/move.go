package inbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"seedling/federation/actor"
	"seedling/federation/vocab"
	"seedling/store"
)

// move is an account that has a new one (FEP-7628). Its old account says so, or
// the new one does ("pull mode": the old server may have no such button). What
// the activity says is not believed: a job reads both accounts anew.
func (in *Inbox) move(ctx context.Context, act *vocab.Activity, by *store.Account) error {
	from, to := act.Object.ID, act.Target.ID
	switch {
	case from == "" || to == "":
		return refuse(http.StatusBadRequest, "a Move needs an object and a target")
	case from == to:
		return refuse(http.StatusBadRequest, "%s can't move to itself", from)
	case by.URI != from && by.URI != to:
		return refuse(http.StatusForbidden, "%s may not move %s", by.URI, from)
	case in.db.IsLocal(from):
		return refuse(http.StatusForbidden, "%s is an account of this server, and moves from here", from)
	}
	old := by
	if by.URI != from {
		var err error
		if old, err = in.db.AccountByURI(ctx, from); err != nil {
			return answers(err, "Move of an unknown account")
		}
	}
	var soon *store.MoveError
	if err := in.db.MayMove(ctx, old.ID); errors.As(err, &soon) {
		// Read again: the job of an earlier copy may have ended just now.
		if now, err := in.db.Account(ctx, old.ID); err == nil && now.MovedToURI == to {
			return &ignored{"Move once more"}
		}
		return refuse(http.StatusForbidden, "%s: %v", from, err)
	} else if err != nil {
		return err
	}
	job := MoveJob{AccountID: old.ID, Target: to, Pull: by.URI == to}
	return in.db.AddJob(ctx, store.NewJob{Kind: store.JobMove, Key: strconv.FormatInt(old.ID, 10), Payload: job.encode()})
}

// MoveJob is the payload of store.JobMove: a move whose accounts are to be read first.
type MoveJob struct {
	AccountID int64
	Target    string
	Pull      bool // the new account said so, not the old one
}

func (j MoveJob) encode() string {
	b, err := json.Marshal(j)
	if err != nil {
		panic(err) // a struct of plain values
	}
	return string(b)
}

// RunMove reads the accounts of a move from their own servers and, if both
// agree, lets the members who follow the old one follow the new one.
func (in *Inbox) RunMove(ctx context.Context, payload string) error {
	var j MoveJob
	if err := json.Unmarshal([]byte(payload), &j); err != nil {
		return fmt.Errorf("payload %q: %w", payload, store.ErrForbidden)
	}
	old, err := in.db.Account(ctx, j.AccountID)
	if err != nil {
		return err
	}
	target, err := in.resolver.Fresh(ctx, j.Target)
	if err != nil {
		return fmt.Errorf("read %s: %w", j.Target, err)
	}
	if j.Pull {
		if old, err = in.resolver.Fresh(ctx, old.URI); err != nil {
			return fmt.Errorf("read %s: %w", j.Target, err)
		}
		if old.MovedToURI != target.URI && !slices.Contains(old.AlsoKnownAs, target.URI) {
			in.count("Move refused: the old account knows nothing of it")
			return &actor.Untrusted{URI: target.URI, Reason: "the old account " + old.URI + " names it neither as its alias nor as where it moved"}
		}
	}
	err = in.db.ReceiveMove(ctx, old.ID, target.ID)
	var no *store.MoveError
	if errors.As(err, &no) {
		in.count("Move refused: " + no.Error())
	}
	return err
}
