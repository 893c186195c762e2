package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"time"
)

// HostHealth is what admins see of a remote server.
type HostHealth struct {
	HostState
	Failure // what its last attempt met, while it fails

	Software, Version string    // "" unknown
	HeardAt           time.Time // a signed request came from it; half a minute late
	DeliveredAt       time.Time // it last took something
	Waiting           int       // deliveries
	OldestAt          time.Time // since when the oldest of them waits
}

// HostFilter narrows a list of hosts.
type HostFilter int

// The filters of [DB.Hosts].
const (
	AllHosts HostFilter = iota
	FailingHosts
	HostsWithQueue
)

const hostColumns = `host, failures, failing_since, retry_at, signature, cause, last_error, software, version, heard_at, delivered_at`

// Hosts lists the servers after a host, by name.
func (db *DB) Hosts(ctx context.Context, f HostFilter, after string, limit int) ([]*HostHealth, error) {
	switch f {
	case FailingHosts:
		return db.hosts(ctx, ``, `host > ?1 AND failing_since > 0 ORDER BY host LIMIT ?2`, after, limit)
	case HostsWithQueue:
		return db.hosts(ctx, waitingHosts, `host IN (SELECT host FROM waiting WHERE host IS NOT NULL LIMIT ?2) ORDER BY host LIMIT ?2`, after, limit)
	}
	return db.hosts(ctx, ``, `host > ?1 ORDER BY host LIMIT ?2`, after, limit)
}

// HostHealth returns one server; ErrNotFound if it was never heard of.
func (db *DB) HostHealth(ctx context.Context, host string) (*HostHealth, error) {
	list, err := db.hosts(ctx, ``, `host = ?`, host)
	if err == nil && len(list) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("host %s: %w", host, err)
	}
	return list[0], nil
}

func (db *DB) hosts(ctx context.Context, with, where string, args ...any) ([]*HostHealth, error) {
	var list []*HostHealth
	byHost := map[string]*HostHealth{}
	err := db.rows(ctx, with+`SELECT `+hostColumns+` FROM instance WHERE `+where, args, func(rows *sql.Rows) error {
		var h HostHealth
		var since, retry, heard, delivered int64
		err := rows.Scan(&h.Host, &h.Failures, &since, &retry, &h.Signature, &h.Cause, &h.Text, &h.Software, &h.Version, &heard, &delivered)
		h.FailingSince, h.RetryAt = fromMillis(since), fromMillis(retry)
		h.HeardAt, h.DeliveredAt = fromMillis(heard), fromMillis(delivered)
		list = append(list, &h)
		byHost[h.Host] = &h
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list hosts: %w", err)
	}
	return list, db.countWaiting(ctx, byHost)
}

// countWaiting fills in what waits for some hosts.
func (db *DB) countWaiting(ctx context.Context, byHost map[string]*HostHealth) error {
	names := make([]string, 0, len(byHost))
	for host := range byHost {
		names = append(names, host)
	}
	text, err := json.Marshal(names)
	if err != nil {
		return err
	}
	err = db.rows(ctx, `SELECT host, COUNT(*), MIN(id) FROM delivery WHERE host IN (SELECT value FROM json_each(?)) GROUP BY host`,
		[]any{string(text)}, func(rows *sql.Rows) error {
			var host string
			var n int
			var oldest int64
			err := rows.Scan(&host, &n, &oldest)
			if h := byHost[host]; h != nil {
				h.Waiting, h.OldestAt = n, IDTime(oldest)
			}
			return err
		})
	if err != nil {
		return fmt.Errorf("count waiting deliveries: %w", err)
	}
	return nil
}

// HostCounts is the state of deliveries in three numbers.
type HostCounts struct{ Hosts, Failing, Waiting int }

// CountHosts counts the servers that are known, those that fail, and the
// deliveries that wait for any.
func (db *DB) CountHosts(ctx context.Context) (HostCounts, error) {
	var c HostCounts
	err := db.row(ctx, `SELECT (SELECT COUNT(*) FROM instance), (SELECT COUNT(*) FROM instance WHERE failing_since > 0), (SELECT COUNT(*) FROM delivery)`,
		nil, &c.Hosts, &c.Failing, &c.Waiting)
	if err != nil {
		return c, fmt.Errorf("count hosts: %w", err)
	}
	return c, nil
}

// HeardFrom notes when signed requests last came from servers.
func (db *DB) HeardFrom(ctx context.Context, hosts map[string]time.Time) error {
	return db.write(ctx, "note who was heard", func(t *tx) error {
		for host, at := range hosts {
			_, err := t.exec(`INSERT INTO instance (host, heard_at) VALUES (?1, ?2) ON CONFLICT (host) DO UPDATE SET heard_at = MAX(heard_at, ?2)`, host, millis(at))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// RetryHost lets a failing host be tried at once. That is marked by a retry
// time of zero, so that the runner of another process finds it too.
func (db *DB) RetryHost(ctx context.Context, host string) error {
	return db.write(ctx, "retry host", func(t *tx) error {
		n, err := t.exec(`UPDATE instance SET retry_at = 0 WHERE host = ?`, host)
		if err == nil && n == 0 {
			return ErrNotFound
		}
		t.onCommit(t.db.retried.wake)
		return err
	})
}

// Retried is signalled when this process wants a host to be tried at once.
func (db *DB) Retried() <-chan struct{} { return db.retried }

// DropQueue removes everything that waits for a host, and says how much it was.
// One delivery that is being sent at this moment may still arrive.
func (db *DB) DropQueue(ctx context.Context, host string) (n int, err error) {
	err = db.write(ctx, "drop queue", func(t *tx) error {
		n, err = dropQueue(t, host, math.MaxInt64, CauseDropped)
		return err
	})
	return n, err
}
