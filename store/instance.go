package store

import (
	"context"
	"fmt"
	"time"
)

// Instance is a remote server, keyed by the host of its inboxes, with what its
// NodeInfo says.
type Instance struct {
	Host     string
	Software string // lower case, "" unknown
	Version  string
	AskedAt  time.Time // zero: never
}

// Instance returns what is known of a server; ErrNotFound if nothing is.
func (db *DB) Instance(ctx context.Context, host string) (*Instance, error) {
	var i Instance
	var asked int64
	err := db.row(ctx, `SELECT host, software, version, software_at FROM instance WHERE host = ?`, []any{host}, &i.Host, &i.Software, &i.Version, &asked)
	if err != nil {
		return nil, fmt.Errorf("instance %s: %w", host, err)
	}
	i.AskedAt = fromMillis(asked)
	return &i, nil
}

// SetSoftware stores what a server says it runs.
func (db *DB) SetSoftware(ctx context.Context, host, software, version string) error {
	return db.write(ctx, "set software", func(t *tx) error {
		_, err := t.exec(`INSERT INTO instance (host, software, version, software_at) VALUES (?1, ?2, ?3, ?4)
			ON CONFLICT (host) DO UPDATE SET software = ?2, version = ?3, software_at = ?4`,
			host, cut(software, maxSoftware), cut(version, maxSoftware), millis(t.now))
		return err
	})
}

// How often a server is asked what it runs, and how long after it is first
// seen: what people wait for comes before.
const (
	askSoftwareEvery = 7 * 24 * time.Hour
	askSoftwareAfter = 2 * time.Second
)

// askSoftware adds the job that asks an account's server what it runs, unless
// it was asked lately.
func askSoftware(t *tx, a *Account) error {
	host := hostOf(a.DeliverTo())
	if host == "" {
		return nil
	}
	n, err := t.exec(`INSERT INTO instance (host, software_at) VALUES (?1, ?2) ON CONFLICT (host) DO UPDATE SET software_at = ?2 WHERE software_at < ?3`,
		host, millis(t.now), millis(t.now.Add(-askSoftwareEvery)))
	if err != nil || n == 0 {
		return err
	}
	return addJob(t, NewJob{Kind: JobInstance, Key: host, Payload: host, Delay: askSoftwareAfter})
}
