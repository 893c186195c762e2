package outbox

import (
	"context"
	"sync"
	"time"
)

// heard gathers which hosts sent something. It is written down once in a while:
// a busy host sends many times a second.
type heard struct {
	mu   sync.Mutex
	last map[string]time.Time
}

func (h *heard) note(host string, at time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.last == nil {
		h.last = map[string]time.Time{}
	}
	if _, known := h.last[host]; known || len(h.last) < maxHeard {
		h.last[host] = at
	}
}

func (h *heard) take() map[string]time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	last := h.last
	h.last = nil
	return last
}

// upkeep writes down who was heard, and forgets what is old.
func (r *Runner) upkeep(ctx context.Context) {
	r.writeHeard(ctx)
	now := r.config.Now()
	if now.Sub(r.prunedAt) < pruneEvery {
		return
	}
	r.prunedAt = now
	if err := r.db.PruneDeliveries(ctx); err != nil && ctx.Err() == nil {
		r.log.Error("outbox: forget old deliveries", "error", err)
	}
}

func (r *Runner) writeHeard(ctx context.Context) {
	hosts := r.heard.take()
	if len(hosts) == 0 {
		return
	}
	if err := r.db.HeardFrom(ctx, hosts); err != nil && ctx.Err() == nil {
		r.log.Error("outbox: note who was heard", "error", err)
	}
}
