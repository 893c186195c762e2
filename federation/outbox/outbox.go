// Package outbox tells other servers what local accounts did. It turns each row
// of the store's outbox, in order, into one activity and one delivery per
// inbox, and sends the deliveries: one lane per host, in order, with retries,
// so that a host that is dead or slow holds up nobody but itself.
//
// It decides nothing about who may do what, and no page or API calls it: they
// call the store, which writes the outbox row with the deed. What a post or an
// account looks like to others is vocab's part, so that it is the same in a
// delivery and when it is fetched.
//
// It imports store, vocab, httpsig and fetch. Read build.go for the first half
// and [Runner], lanes.go and turn.go for the second.
package outbox

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"seedling/federation/fetch"
	"seedling/store"
)

// Config is what a [Runner] is made of. DB and Client are needed.
type Config struct {
	DB     *store.DB
	Client *fetch.Client
	Now    func() time.Time // nil: time.Now
	Rand   func() float64   // in [0,1), spreads retries; nil: math/rand
	Log    *slog.Logger     // nil: silence

	MaxInFlight int // requests at once to hosts that are well; 0: 256
	MaxDoubtful int // requests at once to hosts that failed last time; 0: 32

	FirstRetry  time.Duration // after the first failure, about; doubles; 0: a minute
	LastRetry   time.Duration // the longest pause between two attempts; 0: six hours
	GiveUpAfter time.Duration // age of a delivery that its host never took; 0: a week
}

// Runner expands the outbox and delivers. There is one per database.
type Runner struct {
	config  Config
	db      *store.DB
	build   builder
	lanes   *lanes
	keys    *keyring
	digests *digests
	sums    *followerSums
	commits chan struct{}
	log     *slog.Logger

	heard    heard
	prunedAt time.Time

	stuckID    int64 // the outbox row that can't be told, because the machine has a problem
	stuckTries int
}

// New checks the configuration and returns a runner that does nothing yet.
func New(c Config) (*Runner, error) {
	if c.DB == nil || c.Client == nil {
		return nil, errors.New("outbox: needs a store and a client")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Rand == nil {
		c.Rand = rand.Float64
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	setDefault(&c.MaxInFlight, maxInFlight)
	setDefault(&c.MaxDoubtful, maxDoubtful)
	setDefault(&c.FirstRetry, firstRetry)
	setDefault(&c.LastRetry, lastRetry)
	setDefault(&c.GiveUpAfter, giveUpAfter)
	return &Runner{
		config:  c,
		db:      c.DB,
		build:   builder{c.DB},
		lanes:   newLanes(c.MaxInFlight, c.MaxDoubtful, c.Now),
		keys:    newKeyring(c.DB),
		digests: newDigests(),
		sums:    newFollowerSums(c.DB),
		commits: make(chan struct{}, maxCommits),
		log:     c.Log,
	}, nil
}

func setDefault[T int | time.Duration](v *T, value T) {
	if *v <= 0 {
		*v = value
	}
}

// Run expands and delivers until ctx ends. Requests under way then may take a
// moment longer to be answered; what was not answered is sent again next time.
func (r *Runner) Run(ctx context.Context) error {
	sending, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	r.lanes.open(func(l *lane, s *slot) { r.turn(sending, l, s) })
	r.expandUntil(ctx)
	ended := r.lanes.close()
	grace := time.NewTimer(stopGrace)
	defer grace.Stop()
	select {
	case <-ended:
	case <-grace.C:
		cancel()
		<-ended
	}
	return nil
}

// Wake says that a host is alive, because a signed request came from it. What
// waits for it is tried again soon, however long it has been failing. The host
// is as in the address of its inbox: lower case, with a port if not the default.
func (r *Runner) Wake(host string) {
	r.heard.note(host, r.config.Now())
	r.lanes.wake(host)
}

// expandUntil works the outbox off whenever something is added to it, and looks
// for hosts that something waits for, until ctx ends.
func (r *Runner) expandUntil(ctx context.Context) {
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	defer r.writeHeard(context.WithoutCancel(ctx))
	r.findHosts(ctx)
	for ctx.Err() == nil {
		pause := time.NewTimer(r.expandAll(ctx))
		select {
		case <-ctx.Done():
		case <-r.db.Outboxed():
		case <-r.db.Retried():
			r.findHosts(ctx)
		case <-poll.C:
			r.findHosts(ctx)
			r.upkeep(ctx)
		case <-pause.C:
		}
		pause.Stop()
	}
}

// findHosts makes lanes for the hosts that deliveries wait for: after a start,
// and for what a lane lost sight of through an error.
func (r *Runner) findHosts(ctx context.Context) {
	states, err := r.db.WaitingHosts(ctx)
	if err != nil {
		if ctx.Err() == nil {
			r.log.Error("outbox: look for waiting deliveries", "error", err)
		}
		return
	}
	r.lanes.resume(states)
}
