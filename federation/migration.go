package federation

import (
	"context"
	"encoding/json"
	"fmt"

	"seedling/federation/actor"
	"seedling/store"
)

// MigrationJob is the payload of store.JobAlias and store.JobLeave: the command
// line names an account elsewhere, and only the server asks others about it.
type MigrationJob struct {
	AccountID int64
	Handle    string // or address
}

// Key names the job of a payload.
func (m MigrationJob) Key() string { return fmt.Sprintf("%d %s", m.AccountID, m.Handle) }

// Payload is the text of the job.
func (m MigrationJob) Payload() string {
	b, err := json.Marshal(m)
	if err != nil {
		panic(err) // a struct of plain values
	}
	return string(b)
}

// awaitedError ends a job that a person waits for: they decide about trying again.
type awaitedError struct{ err error }

func (e *awaitedError) Error() string { return e.err.Error() }
func (e *awaitedError) Unwrap() error { return e.err }

func awaited(err error) error {
	if err == nil {
		return nil
	}
	return &awaitedError{err}
}

func (j *Jobs) addAlias(ctx context.Context, payload string) error {
	var m MigrationJob
	if err := json.Unmarshal([]byte(payload), &m); err != nil {
		return err
	}
	other, err := j.named(ctx, m.Handle)
	if err != nil {
		return err
	}
	return j.db.AddAlias(ctx, m.AccountID, other.URI)
}

func (j *Jobs) leave(ctx context.Context, payload string) error {
	var m MigrationJob
	if err := json.Unmarshal([]byte(payload), &m); err != nil {
		return err
	}
	target, err := j.named(ctx, m.Handle)
	if err != nil {
		return err
	}
	return MoveMember(ctx, j.db, j.resolver, m.AccountID, target.ID)
}

// named looks up an account by a handle or an address.
func (j *Jobs) named(ctx context.Context, handle string) (*store.Account, error) {
	found, err := j.resolver.Lookup(ctx, handle)
	if err != nil {
		return nil, err
	}
	if found.Account == nil {
		return nil, fmt.Errorf("%s is not an account: %w", handle, store.ErrNotFound)
	}
	return found.Account, nil
}

// MoveMember reads an account anew and moves a member to it. If it does not
// name the member's account as its alias, that is a *store.MoveError.
func MoveMember(ctx context.Context, db *store.DB, resolver *actor.Resolver, accountID, targetID int64) error {
	target, err := db.Account(ctx, targetID)
	if err != nil {
		return err
	}
	if target, err = resolver.Refresh(ctx, target); err != nil {
		return err
	}
	return db.MoveAccount(ctx, accountID, target.ID)
}
