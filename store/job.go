package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// JobKind says what a job does.
type JobKind string

// The kinds of jobs. Payloads are ids or URIs as text.
const (
	JobPublish    JobKind = "publish"     // find whom a post names elsewhere, then publish it; payload: post id
	JobOutbox     JobKind = "outbox"      // read the recent posts of an account; payload: account id
	JobParent     JobKind = "parent"      // read what a post answers, upwards; payload: post id
	JobReplies    JobKind = "replies"     // read what is missing of a thread; payload: post id
	JobBoost      JobKind = "boost"       // read a post that somebody boosted; payload: JSON of federation/inbox
	JobRefresh    JobKind = "refresh"     // read an account again; payload: account id
	JobFetch      JobKind = "fetch"       // read a post from its own server, new or again; payload: its URI
	JobInstance   JobKind = "instance"    // ask a server what software it runs; payload: its host
	JobPollEnd    JobKind = "poll_end"    // end a poll; payload: post id
	JobPollCounts JobKind = "poll_counts" // tell other servers the counts of a poll; payload: post id
	JobRelay      JobKind = "relay"       // read the actor of a relay, and follow it; payload: the relay's id
	JobRelayed    JobKind = "relayed"     // read what a relay passed on; payload: its URI
	JobGone       JobKind = "gone"        // delete a post if its own server has it no more; payload: its URI
	JobPolicy     JobKind = "policy"      // hide and show accounts as the settings on federation say; payload: the last account done
	JobGrant      JobKind = "grant"       // read the approval of a reply, a boost or a favourite; payload: interaction id
	JobQuote      JobKind = "quote"       // read what a post quotes, and its approval; payload: post id
	JobPurge      JobKind = "purge"       // remove what a deleted account left; payload: account id
	JobActor      JobKind = "actor"       // read an account that is not known; payload: its URI
	JobPins       JobKind = "pins"        // read the pinned posts of an account; payload: account id
	JobMove       JobKind = "move"        // check that an account has moved, and where to; payload: JSON of federation/inbox
	JobCarry      JobKind = "carry"       // let the members who follow a moved account follow the new one; payload: JSON Carry
	JobAlias      JobKind = "alias"       // look up an account that a member names as theirs; payload: JSON of federation
	JobMuteEnd    JobKind = "mute_end"    // end the mutes whose time is over; no payload
	JobScheduled  JobKind = "scheduled"   // post what a member scheduled; payload: draft id
	JobIndex      JobKind = "index"       // put the posts of an account into the index of searches; payload: account id, 0 for all
	JobExpire     JobKind = "expire"      // delete a post whose time is over; payload: post id
	JobTidy       JobKind = "tidy"        // delete old posts of a member; payload: account id
	JobCard       JobKind = "card"        // read the page that posts link to, for its card; payload: card id
	JobFollowers  JobKind = "followers"   // compare who follows an account from here with what its server says; payload: JSON of federation/inbox
	JobProof      JobKind = "proof"       // look whether the pages that a profile links to link back; payload: account id
	JobPush       JobKind = "push"        // wake a browser or an app; payload: subscription id and notification id
	JobPoster     JobKind = "poster"      // make a still picture of a film; payload: the id of the upload
	JobLeave      JobKind = "leave"       // move a member to the account that they name; payload: JSON of federation
	JobFollow     JobKind = "follow"      // find somebody by handle, and follow them; payload: JSON FollowJob
	JobBackUp     JobKind = "copy"        // copy the database; no payload
	JobFigures    JobKind = "figures"     // count what the files take; no payload
	JobTakeout    JobKind = "takeout"     // make an archive that a member asked for; payload: its id
	JobTakeoutEnd JobKind = "takeoutend"  // remove it; payload: its id
)

// NewJob is a job to be added. Of one kind and key there is at most one.
type NewJob struct {
	Kind    JobKind
	Key     string
	Payload string
	Delay   time.Duration
}

// Job is a claimed job.
type Job struct {
	ID       int64
	Kind     JobKind
	Key      string
	Payload  string
	Attempts int // this one included
}

// addJob stores a job; one that had failed for good starts anew, and one that
// runs just now runs once more after it ends, since what it reads may be older.
func addJob(t *tx, j NewJob) error {
	_, err := t.exec(`INSERT INTO job (id, kind, key, payload, run_at) VALUES (?1, ?2, ?3, ?4, ?5)
		ON CONFLICT (kind, key) DO UPDATE SET payload = excluded.payload,
			again_at = CASE WHEN failed_at = 0 AND locked_until > ?6 THEN excluded.run_at ELSE 0 END,
			run_at = CASE WHEN failed_at > 0 THEN excluded.run_at ELSE MIN(run_at, excluded.run_at) END,
			attempts = CASE WHEN failed_at > 0 THEN 0 ELSE attempts END,
			locked_until = CASE WHEN failed_at > 0 THEN 0 ELSE locked_until END, failed_at = 0`,
		t.db.ids.next(), j.Kind, j.Key, j.Payload, millis(t.now.Add(j.Delay)), millis(t.now))
	t.onCommit(t.db.queued.wake)
	return err
}

// AddJob stores a job.
func (db *DB) AddJob(ctx context.Context, j NewJob) error {
	return db.write(ctx, "add job", func(t *tx) error { return addJob(t, j) })
}

// JobAdded is signalled when a job was added by this process; others add too.
func (db *DB) JobAdded() <-chan struct{} { return db.queued }

// ClaimJobs takes up to limit due jobs. Each belongs to the caller until the
// lease ends; then it is due again, since its worker must have died.
func (db *DB) ClaimJobs(ctx context.Context, limit int, lease time.Duration) ([]*Job, error) {
	var jobs []*Job
	now := db.now()
	// Looking is cheap; claiming is a write.
	var due int
	err := db.row(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM job WHERE failed_at = 0 AND run_at <= ?1 AND locked_until <= ?1 LIMIT 1)`, []any{millis(now)}, &due)
	if err != nil || due == 0 {
		return nil, err
	}
	err = db.write(ctx, "claim jobs", func(t *tx) error {
		jobs = nil
		return t.rows(`UPDATE job SET locked_until = ?1, attempts = attempts + 1
			WHERE id IN (SELECT id FROM job WHERE failed_at = 0 AND run_at <= ?2 AND locked_until <= ?2 ORDER BY run_at, id LIMIT ?3)
			RETURNING id, kind, key, payload, attempts`,
			[]any{millis(t.now.Add(lease)), millis(t.now), limit}, func(rows *sql.Rows) error {
				var j Job
				err := rows.Scan(&j.ID, &j.Kind, &j.Key, &j.Payload, &j.Attempts)
				jobs = append(jobs, &j)
				return err
			})
	})
	return jobs, err
}

// KeepJob prolongs the lease of a job that takes long.
func (db *DB) KeepJob(ctx context.Context, id int64, lease time.Duration) error {
	return db.write(ctx, "keep job", func(t *tx) error {
		_, err := t.exec(`UPDATE job SET locked_until = ? WHERE id = ? AND failed_at = 0`, millis(t.now.Add(lease)), id)
		return err
	})
}

// FinishJob removes a job that is done, or lets it run once more if that was
// asked for meanwhile.
func (db *DB) FinishJob(ctx context.Context, id int64) error {
	return db.write(ctx, "finish job", func(t *tx) error {
		again, err := runAgain(t, id)
		if err != nil || again {
			return err
		}
		_, err = t.exec(`DELETE FROM job WHERE id = ?`, id)
		return err
	})
}

// runAgain makes a job that was asked for while it ran due as if it were new.
func runAgain(t *tx, id int64) (bool, error) {
	n, err := t.exec(`UPDATE job SET run_at = again_at, again_at = 0, attempts = 0, locked_until = 0 WHERE id = ? AND again_at > 0`, id)
	if n > 0 {
		t.onCommit(t.db.queued.wake)
	}
	return n > 0, err
}

// RetryJob gives a job back to be tried again after a while, or, after the last
// attempt, keeps it as failed.
func (db *DB) RetryJob(ctx context.Context, j *Job, reason string, after time.Duration) error {
	if j.Attempts >= maxJobAttempts {
		return db.FailJob(ctx, j.ID, reason)
	}
	return db.write(ctx, "retry job", func(t *tx) error {
		_, err := t.exec(`UPDATE job SET locked_until = 0, run_at = ?, again_at = 0, last_error = ? WHERE id = ?`, millis(t.now.Add(after)), cut(reason, maxDeliveryText), j.ID)
		return err
	})
}

// FailJob keeps a job that can't be done, for the admins to see, unless it was
// asked for anew while it failed.
func (db *DB) FailJob(ctx context.Context, id int64, reason string) error {
	return db.write(ctx, "fail job", func(t *tx) error {
		again, err := runAgain(t, id)
		if err != nil || again {
			return err
		}
		_, err = t.exec(`UPDATE job SET failed_at = ?, last_error = ? WHERE id = ?`, millis(t.now), cut(reason, maxDeliveryText), id)
		return err
	})
}

// NextJob says when the next job is due; ErrNotFound if none waits.
func (db *DB) NextJob(ctx context.Context) (time.Time, error) {
	var at sql.NullInt64
	err := db.row(ctx, `SELECT MIN(MAX(run_at, locked_until)) FROM job WHERE failed_at = 0`, nil, &at)
	if err != nil {
		return time.Time{}, fmt.Errorf("next job: %w", err)
	}
	if !at.Valid {
		return time.Time{}, ErrNotFound
	}
	return fromMillis(at.Int64), nil
}
