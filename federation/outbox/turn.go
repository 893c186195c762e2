package outbox

import (
	"context"
	"time"

	"seedling/store"
)

// turn is one delivery of a lane.
func (r *Runner) turn(ctx context.Context, l *lane, place *slot) {
	n := r.deliverNext(ctx, l, place)
	r.lanes.finish(l, place, n)
}

// deliverNext sends the oldest delivery to a host and writes down how it went.
func (r *Runner) deliverNext(ctx context.Context, l *lane, place *slot) next {
	if !l.known {
		state, err := r.db.HostState(ctx, l.host)
		if err != nil {
			return r.paused(ctx, l, err)
		}
		l.learn(state)
		if wait := state.RetryAt.Sub(r.config.Now()); wait > 0 {
			return next{after: wait}
		}
		if l.failures > 0 && place.pool == &r.lanes.well {
			return next{} // to the end of the other queue
		}
	}
	waiting, err := r.db.Deliveries(ctx, l.host, 2)
	if err != nil {
		return r.paused(ctx, l, err)
	}
	if len(waiting) == 0 {
		return next{empty: true}
	}
	d := waiting[0]
	a, err := r.answer(ctx, l, d)
	if err != nil {
		return r.paused(ctx, l, err)
	}
	if a.outcome == unknown {
		return next{after: localPause} // we are stopping
	}
	// The next lane may use the place while this one waits for the commit.
	r.commits <- struct{}{}
	r.lanes.leave(place)
	defer func() { <-r.commits }()
	after, err := r.record(context.WithoutCancel(ctx), l, d, a)
	if err != nil {
		if a.outcome != failed {
			l.ended = ended{d.ID, a}
		}
		return next{after: max(after, r.paused(ctx, l, err).after)}
	}
	return next{after: after, empty: len(waiting) == 1 && after == 0}
}

// answer sends a delivery, unless it is known already how that ended.
func (r *Runner) answer(ctx context.Context, l *lane, d *store.Delivery) (answer, error) {
	if l.ended.id == d.ID {
		return l.ended.answer, nil
	}
	// A delivery that nobody tried yet is tried, however long this server was off.
	if l.failures > 0 && r.config.Now().Sub(d.QueuedAt) > r.config.GiveUpAfter {
		return answer{outcome: expired, cause: store.CauseExpired, reason: "the host did not take it in time"}, nil
	}
	began := r.config.Now()
	a, err := r.send(ctx, l, d)
	l.slow = r.config.Now().Sub(began) > slowAfter
	return a, err
}

// record writes down how a delivery went and returns how long the host is to
// be left alone.
func (r *Runner) record(ctx context.Context, l *lane, d *store.Delivery, a answer) (time.Duration, error) {
	switch a.outcome {
	case arrived:
		l.failures, l.backoff, l.signature = 0, 0, a.signature
		return 0, r.db.HostWorks(ctx, d, a.signature)
	case failed:
		l.failures++
		l.backoff++
		wait := r.retryAfter(l.backoff, a.retryAfter)
		r.log.Info("delivery failed", "host", d.Host, "inbox", d.Inbox, "reason", a.reason, "failures", l.failures, "retry_in", wait.Round(time.Second))
		return wait, r.db.HostFails(ctx, d, store.Failure{Cause: a.cause, Text: a.reason}, r.config.Now().Add(wait))
	case refused:
		l.failures, l.backoff = 0, 0 // it answers
		if a.signature != "" {
			l.signature = a.signature
		}
	}
	r.log.Warn("delivery given up", "host", d.Host, "inbox", d.Inbox, "account", d.AccountID, "reason", a.reason, "attempts", d.Attempts)
	if a.outcome == expired {
		return 0, r.db.EndDelivery(ctx, d, store.DeliveryGivenUp, store.Failure{Cause: a.cause})
	}
	return 0, r.db.EndDelivery(ctx, d, store.DeliveryRefused, store.Failure{Cause: a.cause, Text: a.reason})
}

// retryAfter is how long to leave a host alone after so many failures in a row:
// twice as long each time, spread so that hosts that failed together do not
// come back together. A host may ask for more or less itself, but not for an
// attempt every second for days.
func (r *Runner) retryAfter(failures int, asked time.Duration) time.Duration {
	wait := r.config.FirstRetry
	for range failures - 1 {
		if wait *= 2; wait >= r.config.LastRetry {
			break
		}
	}
	if asked > 0 {
		wait = max(asked, minRetryAfter)
		if failures > patientRetries {
			wait = max(wait, r.retryAfter(failures-patientRetries, 0))
		}
		wait = min(wait, r.config.LastRetry)
		return wait + time.Duration(float64(wait)*0.1*r.config.Rand())
	}
	wait = min(wait, r.config.LastRetry)
	return time.Duration(float64(wait) * (0.75 + 0.5*r.config.Rand()))
}

// paused makes a lane wait because of an error of our own, for which the host
// can do nothing.
func (r *Runner) paused(ctx context.Context, l *lane, err error) next {
	if ctx.Err() == nil {
		r.log.Error("outbox: deliver", "host", l.host, "error", err)
	}
	return next{after: localPause}
}
