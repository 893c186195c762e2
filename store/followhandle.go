package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"seedling/store/content"
)

// FollowJob is the payload of JobFollow: somebody elsewhere, who must be looked
// up first.
type FollowJob struct {
	AccountID int64 // who wants to follow
	Handle    string
}

// FollowHandles makes a member follow people by their handles: those that are
// known here at once, others when a job has found them. It says how many of each.
// Who can't be followed (oneself, blocked, moved) is left out. *InputError if
// there are too many.
func (db *DB) FollowHandles(ctx context.Context, accountID int64, handles []content.Handle) (now, later int, err error) {
	if len(handles) > maxPasted {
		return 0, 0, &InputError{Field: "handles", Problem: InputMany, Limit: maxPasted}
	}
	known, err := db.AccountsByHandle(ctx, handles)
	if err != nil {
		return 0, 0, err
	}
	var unknown []content.Handle
	for _, h := range handles {
		a := known[h]
		if a == nil {
			if h.Host != "" {
				unknown = append(unknown, h)
			}
			continue
		}
		err := db.Follow(ctx, accountID, a.ID)
		switch {
		case err == nil:
			now++
		case errors.Is(err, ErrNotFound), errors.Is(err, ErrForbidden), errors.Is(err, ErrBlocked), errors.Is(err, ErrMoved), errors.Is(err, ErrGone):
		default:
			return now, 0, err
		}
	}
	if len(unknown) == 0 {
		return now, 0, nil
	}
	return now, len(unknown), db.write(ctx, "follow handles", func(t *tx) error {
		for _, h := range unknown {
			payload, err := json.Marshal(FollowJob{accountID, h.String()})
			if err != nil {
				return err
			}
			if err := addJob(t, NewJob{Kind: JobFollow, Key: fmt.Sprintf("%d %s", accountID, h), Payload: string(payload)}); err != nil {
				return err
			}
		}
		return nil
	})
}
