package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// FailedJob is a job that was given up.
type FailedJob struct {
	Job
	FailedAt time.Time
	Reason   string
}

// FailedJobs lists the jobs that were given up, newest first, those made before
// another one; 0: from the start.
func (db *DB) FailedJobs(ctx context.Context, before int64, limit int) ([]*FailedJob, error) {
	var list []*FailedJob
	err := db.rows(ctx, `SELECT id, kind, key, payload, attempts, failed_at, last_error FROM job
		WHERE failed_at > 0 AND (?1 = 0 OR id < ?1) ORDER BY id DESC LIMIT ?2`, []any{before, limit}, func(rows *sql.Rows) error {
		var j FailedJob
		var at int64
		err := rows.Scan(&j.ID, &j.Kind, &j.Key, &j.Payload, &j.Attempts, &at, &j.Reason)
		j.FailedAt = fromMillis(at)
		list = append(list, &j)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list failed jobs: %w", err)
	}
	return list, nil
}

// JobCount is how many jobs of a kind there are.
type JobCount struct {
	Kind                        JobKind
	Due, Later, Running, Failed int // Later: not due yet, or to be tried again
}

// CountJobs counts the jobs by kind.
func (db *DB) CountJobs(ctx context.Context) ([]*JobCount, error) {
	var list []*JobCount
	err := db.rows(ctx, `SELECT kind, SUM(failed_at = 0 AND locked_until <= ?1 AND run_at <= ?1), SUM(failed_at = 0 AND locked_until <= ?1 AND run_at > ?1),
			SUM(failed_at = 0 AND locked_until > ?1), SUM(failed_at > 0) FROM job GROUP BY kind ORDER BY kind`, []any{millis(db.now())}, func(rows *sql.Rows) error {
		var c JobCount
		err := rows.Scan(&c.Kind, &c.Due, &c.Later, &c.Running, &c.Failed)
		list = append(list, &c)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count jobs: %w", err)
	}
	return list, nil
}

// RestartJob gives a job that was given up its attempts back.
func (db *DB) RestartJob(ctx context.Context, id int64) error {
	return db.changeFailed(ctx, "restart job", `UPDATE job SET failed_at = 0, attempts = 0, locked_until = 0, run_at = ?2 WHERE id = ?1 AND failed_at > 0`, id)
}

// DeleteFailedJob removes a job that was given up.
func (db *DB) DeleteFailedJob(ctx context.Context, id int64) error {
	return db.changeFailed(ctx, "delete job", `DELETE FROM job WHERE id = ?1 AND failed_at > 0 AND ?2 > 0`, id)
}

func (db *DB) changeFailed(ctx context.Context, what, query string, id int64) error {
	return db.write(ctx, what, func(t *tx) error {
		n, err := t.exec(query, id, millis(t.now))
		if err == nil && n == 0 {
			return ErrNotFound
		}
		t.onCommit(t.db.queued.wake)
		return err
	})
}

// JobWaits says whether a job of a kind is to be done or being done.
func (db *DB) JobWaits(ctx context.Context, kind JobKind) (waits bool, err error) {
	err = db.row(ctx, `SELECT EXISTS (SELECT 1 FROM job WHERE kind = ? AND failed_at = 0)`, []any{kind}, &waits)
	return waits, err
}
