package outbox

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"seedling/store"
)

// expandAll turns the rows of the outbox into deliveries until none is left or
// one fails, and returns how long to wait before looking again.
func (r *Runner) expandAll(ctx context.Context) time.Duration {
	for {
		items, err := r.db.Outbox(ctx, outboxBatch)
		if err != nil {
			return r.expandFailed(ctx, 0, err)
		}
		for _, o := range items {
			if err := r.expand(ctx, o); err != nil {
				return r.expandFailed(ctx, o.ID, err)
			}
			r.stuckID, r.stuckTries = 0, 0
		}
		if len(items) < outboxBatch {
			return pollEvery
		}
	}
}

// expand turns one row into deliveries. What vanished meanwhile, and what can't
// be told for a reason that will not pass, is removed without any.
func (r *Runner) expand(ctx context.Context, o *store.OutboxItem) error {
	m, err := r.buildSafely(ctx, o)
	if err == nil && m != nil && len(m.inboxes) > 0 {
		m.body, err = r.prove(ctx, o.AccountID, m.body)
	}
	var never *unbuildable
	switch {
	case errors.As(err, &never), err != nil && r.stuckTries >= maxTries && r.stuckID == o.ID:
		r.log.Error("outbox: a deed is not told to other servers", "kind", o.Kind, "account", o.AccountID, "post", o.PostID, "error", err)
		m = nil
	case err != nil:
		return err
	}
	if m == nil {
		m = &message{}
	}
	if m.inboxes, err = r.allowed(ctx, m.inboxes); err != nil {
		return err
	}
	if err := r.db.ExpandOutbox(ctx, o, m.body, m.inboxes); err != nil {
		return err
	}
	if len(m.body) > 0 {
		r.lanes.notify(m.inboxes)
	}
	return nil
}

// allowed drops the inboxes of servers that are not spoken with.
func (r *Runner) allowed(ctx context.Context, list []store.Inbox) ([]store.Inbox, error) {
	policy, err := r.db.Policy(ctx)
	return slices.DeleteFunc(list, func(in store.Inbox) bool { return !policy.Allows(in.Host) }), err
}

// buildSafely makes a panic the fault of its row alone: it would come again
// with every start, and nothing would ever be told any more.
func (r *Runner) buildSafely(ctx context.Context, o *store.OutboxItem) (m *message, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &unbuildable{fmt.Errorf("panic: %v\n%s", p, debug.Stack())}
		}
	}()
	return r.build.build(ctx, o)
}

// expandFailed notes an error of the machine and returns how long to wait.
func (r *Runner) expandFailed(ctx context.Context, id int64, err error) time.Duration {
	if ctx.Err() != nil {
		return 0
	}
	if id != r.stuckID {
		r.stuckID, r.stuckTries = id, 0
	}
	r.stuckTries++
	r.log.Error("outbox: expand", "row", id, "tries", r.stuckTries, "error", err)
	return min(time.Duration(r.stuckTries)*localPause, maxLocalPause)
}
