package federation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"

	"seedling/federation/actor"
	"seedling/federation/fetch"
	"seedling/federation/inbox"
	"seedling/federation/linkcard"
	"seedling/federation/takeout"
	"seedling/federation/vocab"
	"seedling/store"
)

// Limits of the job runner.
const (
	jobWorkers = 8                // at once; the fetcher bounds them per host
	jobLease   = 5 * time.Minute  // then a worker is taken for dead
	jobTimeout = 4 * time.Minute  // a worker gives up before that
	jobPoll    = 2 * time.Second  // other processes add jobs without a signal
	jobBackoff = 30 * time.Second // doubles with each attempt

	longJobTimeout = 3 * time.Hour // of a job that grows with the database: its lease is prolonged
	longJobKept    = time.Minute   // how often
)

// JobsConfig is what Jobs works with.
type JobsConfig struct {
	DB       *store.DB
	Resolver *actor.Resolver
	Inbox    *inbox.Inbox
	Cards    *linkcard.Reader
	Push     func(ctx context.Context, payload string) error // does JobPush; nil: nobody is woken
	Log      *slog.Logger                                    // nil: discard
}

// Jobs runs the durable jobs: all work that waits for other servers, and the
// clearing up after deleted accounts. A job may run twice and is safe to repeat.
type Jobs struct {
	db       *store.DB
	resolver *actor.Resolver
	inbox    *inbox.Inbox
	cards    *linkcard.Reader
	takeouts takeout.Maker
	push     func(ctx context.Context, payload string) error
	log      *slog.Logger
}

// NewJobs checks the config and returns the runner.
func NewJobs(c JobsConfig) (*Jobs, error) {
	if c.DB == nil || c.Resolver == nil || c.Inbox == nil || c.Cards == nil {
		return nil, errors.New("jobs: a store, a resolver, an inbox and a reader of cards are needed")
	}
	j := &Jobs{db: c.DB, resolver: c.Resolver, inbox: c.Inbox, push: c.Push, cards: c.Cards, log: c.Log}
	j.takeouts = takeout.Maker{DB: c.DB, Origin: vocab.Origin{URL: c.DB.URL(), AccountDomain: c.DB.AccountDomain(), MediaURL: c.DB.MediaURL()}}
	if j.log == nil {
		j.log = slog.New(slog.DiscardHandler)
	}
	return j, nil
}

// Run works until ctx ends and its running jobs have stopped.
func (j *Jobs) Run(ctx context.Context) error {
	var running sync.WaitGroup
	defer running.Wait()
	slots := make(chan struct{}, jobWorkers)
	for {
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return nil
		}
		jobs, err := j.db.ClaimJobs(ctx, 1, jobLease)
		if err != nil && ctx.Err() == nil {
			j.log.Error("claim jobs", "error", err)
		}
		if len(jobs) == 0 {
			<-slots
			if !j.wait(ctx) {
				return nil
			}
			continue
		}
		running.Go(func() {
			defer func() { <-slots }()
			j.run(ctx, jobs[0])
		})
	}
}

// wait returns when there may be work again; false when ctx ended.
func (j *Jobs) wait(ctx context.Context) bool {
	pause := jobPoll
	if next, err := j.db.NextJob(ctx); err == nil {
		pause = min(pause, max(time.Until(next), 50*time.Millisecond))
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-j.db.JobAdded():
	case <-timer.C:
	case <-ctx.Done():
		return false
	}
	return true
}

// run does one job and notes the outcome. When the server stops meanwhile, the
// lease brings the job back.
func (j *Jobs) run(ctx context.Context, job *store.Job) {
	timeout := jobTimeout
	if job.Kind == store.JobBackUp || job.Kind == store.JobTakeout {
		timeout = longJobTimeout
	}
	work, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if timeout > jobTimeout {
		go j.keep(work, job)
	}
	err := j.do(work, job)
	if ctx.Err() != nil {
		return
	}
	switch {
	case err == nil:
		err = j.db.FinishJob(ctx, job.ID)
	case refusedByPolicy(err):
		j.log.Debug("job dropped", "kind", job.Kind, "key", job.Key, "error", err)
		err = j.db.FinishJob(ctx, job.ID)
	case hopeless(err):
		j.log.Info("job failed", "kind", job.Kind, "key", job.Key, "error", err)
		err = j.db.FailJob(ctx, job.ID, err.Error())
	default:
		j.log.Debug("job to be retried", "kind", job.Kind, "key", job.Key, "attempt", job.Attempts, "error", err)
		delay := jobBackoff << min(job.Attempts-1, 10)
		delay += time.Duration(rand.Int64N(int64(delay)/4 + 1))
		err = j.db.RetryJob(ctx, job, err.Error(), delay)
	}
	if err != nil && ctx.Err() == nil {
		j.log.Error("note a job's outcome", "kind", job.Kind, "key", job.Key, "error", err)
	}
}

// keep prolongs the lease of a job until it is done.
func (j *Jobs) keep(ctx context.Context, job *store.Job) {
	ticks := time.NewTicker(longJobKept)
	defer ticks.Stop()
	for {
		select {
		case <-ticks.C:
		case <-ctx.Done():
			return
		}
		if err := j.db.KeepJob(ctx, job.ID, jobLease); err != nil && ctx.Err() == nil {
			j.log.Error("keep a job", "kind", job.Kind, "error", err)
		}
	}
}

// refusedByPolicy says that a job is about a server that is not spoken with: that
// is as the admins want it.
func refusedByPolicy(err error) bool {
	var policy *store.PolicyError
	return errors.As(err, &policy)
}

// hopeless says that trying again would end the same.
func hopeless(err error) bool {
	var asked *awaitedError
	if errors.As(err, &asked) {
		return true
	}
	var fe *fetch.Error
	if errors.As(err, &fe) {
		return !fe.Temporary()
	}
	var untrusted *actor.Untrusted
	var nobodys *actor.Nobodys
	var shape *vocab.ShapeError
	var parse *vocab.ParseError
	var move *store.MoveError
	var profile *store.ProfileError
	return errors.As(err, &move) || errors.As(err, &profile) || errors.As(err, &untrusted) || errors.As(err, &nobodys) || errors.As(err, &shape) || errors.As(err, &parse) ||
		errors.Is(err, store.ErrGone) || errors.Is(err, store.ErrForbidden) || errors.Is(err, store.ErrConflict) || errors.Is(err, store.ErrNotFound)
}

func (j *Jobs) do(ctx context.Context, job *store.Job) error {
	switch job.Kind {
	case store.JobBoost:
		return j.inbox.RunBoost(ctx, job.Payload)
	case store.JobFetch:
		return j.resolver.FetchPost(ctx, job.Payload)
	case store.JobGone:
		return j.inbox.RunGone(ctx, job.Payload)
	case store.JobRelayed:
		return j.inbox.RunRelayed(ctx, job.Payload)
	case store.JobInstance:
		return j.askInstance(ctx, job)
	case store.JobActor:
		_, err := j.resolver.ByURI(ctx, job.Payload)
		return err
	case store.JobMove:
		return j.inbox.RunMove(ctx, job.Payload)
	case store.JobFollowers:
		return j.inbox.RunFollowers(ctx, job.Payload)
	case store.JobCarry:
		return j.db.CarryFollowers(ctx, job.Payload)
	case store.JobPush:
		if j.push == nil {
			return nil
		}
		return j.push(ctx, job.Payload)
	case store.JobMuteEnd:
		return j.db.EndMutes(ctx)
	case store.JobFollow:
		return j.followHandle(ctx, job)
	case store.JobFigures:
		return j.db.CountStorage(ctx)
	case store.JobBackUp:
		return awaited(j.db.BackUpHere(ctx))
	case store.JobAlias:
		return awaited(j.addAlias(ctx, job.Payload))
	case store.JobLeave:
		return awaited(j.leave(ctx, job.Payload))
	}
	id, err := strconv.ParseInt(job.Payload, 10, 64)
	if err != nil {
		return fmt.Errorf("payload %q: %w", job.Payload, store.ErrForbidden)
	}
	switch job.Kind {
	case store.JobCard:
		return j.cards.Read(ctx, id)
	case store.JobTakeout:
		return j.makeTakeout(ctx, id)
	case store.JobTakeoutEnd:
		return j.db.EndTakeout(ctx, id)
	case store.JobPublish:
		return j.publish(ctx, id, job.Attempts)
	case store.JobOutbox:
		return j.resolver.ReadOutbox(ctx, id)
	case store.JobParent:
		return j.resolver.CompleteParents(ctx, id)
	case store.JobGrant:
		return j.resolver.CheckGrant(ctx, id)
	case store.JobQuote:
		return j.resolver.CompleteQuote(ctx, id)
	case store.JobReplies:
		return j.resolver.CompleteThread(ctx, id)
	case store.JobRefresh:
		return j.refresh(ctx, id)
	case store.JobProof:
		return j.resolver.ProveFields(ctx, id)
	case store.JobPins:
		return j.resolver.ReadPins(ctx, id)
	case store.JobPollEnd:
		return j.db.EndPoll(ctx, id)
	case store.JobScheduled:
		return j.db.PublishDue(ctx, id)
	case store.JobPoster:
		return j.db.MakePoster(ctx, id)
	case store.JobExpire:
		return j.db.ExpirePost(ctx, id)
	case store.JobIndex:
		return j.db.IndexPosts(ctx, id)
	case store.JobTidy:
		return j.db.Tidy(ctx, id)
	case store.JobPollCounts:
		return j.db.TellCounts(ctx, id)
	case store.JobRelay:
		return j.followRelay(ctx, id)
	case store.JobPolicy:
		return j.applyPolicy(ctx, id)
	case store.JobPurge:
		return j.purge(ctx, id)
	}
	return fmt.Errorf("unknown kind %s: %w", job.Kind, store.ErrForbidden)
}

// publishAttempts is how often people whom a post names are looked for before
// it is published without them: a server that is down must not hold it back.
const publishAttempts = 2

// publish finds the people elsewhere whom a post names, and then publishes it.
func (j *Jobs) publish(ctx context.Context, postID int64, attempt int) error {
	p, err := j.db.Post(ctx, postID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	handles, err := j.db.Unresolved(ctx, p)
	if err != nil {
		return err
	}
	for _, h := range handles {
		_, err := j.resolver.ByHandle(ctx, h)
		if err != nil && !hopeless(err) && attempt < publishAttempts {
			return err
		}
		if err != nil {
			j.log.Info("mentioned account not found", "post", postID, "handle", h.String(), "error", err)
		}
	}
	if p.GroupURI != "" {
		if _, err := j.resolver.ByURI(ctx, p.GroupURI); err != nil {
			j.log.Info("community not found", "post", postID, "uri", p.GroupURI, "error", err)
		}
	}
	return j.db.PublishResolved(ctx, postID)
}

// instanceAttempts is how often a server is asked what it runs: it will be again
// when one of its accounts is refreshed.
const instanceAttempts = 4

func (j *Jobs) askInstance(ctx context.Context, job *store.Job) error {
	err := j.resolver.ReadInstance(ctx, job.Payload)
	if err != nil && (hopeless(err) || job.Attempts >= instanceAttempts) {
		j.log.Debug("a server does not say what it runs", "host", job.Payload, "error", err)
		return nil
	}
	return err
}

func (j *Jobs) refresh(ctx context.Context, accountID int64) error {
	a, err := j.db.Account(ctx, accountID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = j.resolver.Refresh(ctx, a)
	return err
}

func (j *Jobs) purge(ctx context.Context, accountID int64) error {
	for {
		done, err := j.db.PurgeAccount(ctx, accountID)
		if err != nil || done {
			return err
		}
	}
}

// makeTakeout makes an archive that a member waits for: they decide about trying
// again.
func (j *Jobs) makeTakeout(ctx context.Context, id int64) error {
	err := j.takeouts.Make(ctx, id)
	if err == nil || ctx.Err() != nil { // the server stops: the job comes back
		return err
	}
	return awaited(errors.Join(err, j.db.FailTakeout(ctx, id)))
}

func (j *Jobs) applyPolicy(ctx context.Context, after int64) (err error) {
	for {
		if after, err = j.db.ApplyPolicy(ctx, after); err != nil || after == 0 {
			return err
		}
	}
}

// followAttempts is how often somebody is looked for whose handle a member gave.
const followAttempts = 4

// followHandle finds somebody and has a member follow them. One who is not found,
// or can't be followed, is nothing for the admins.
func (j *Jobs) followHandle(ctx context.Context, job *store.Job) error {
	var f store.FollowJob
	if err := json.Unmarshal([]byte(job.Payload), &f); err != nil {
		return fmt.Errorf("payload %q: %w", job.Payload, store.ErrForbidden)
	}
	a, err := j.named(ctx, f.Handle)
	if err == nil {
		err = j.db.Follow(ctx, f.AccountID, a.ID)
	}
	if err != nil && (hopeless(err) || errors.Is(err, store.ErrBlocked) || errors.Is(err, store.ErrMoved) || job.Attempts >= followAttempts) {
		j.log.Info("somebody whose handle a member gave is not followed", "handle", f.Handle, "error", err)
		return nil
	}
	return err
}

// followRelay reads the actor of a relay, and follows it.
func (j *Jobs) followRelay(ctx context.Context, id int64) error {
	r, err := j.db.Relay(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	a, err := j.resolver.Fresh(ctx, r.URL)
	if err != nil {
		return err
	}
	return j.db.RelayFound(ctx, id, a)
}
