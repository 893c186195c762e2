package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Delivery is one activity for one inbox.
type Delivery struct {
	ID         int64
	ActivityID int64
	AccountID  int64 // who signs
	PostID     int64 // whose Create or Update it is; 0: something else
	Host       string
	Inbox      string
	Attempts   int
	Body       []byte
	QueuedAt   time.Time
}

// Cause sorts what can go wrong with a delivery, for people to be told in their
// own words.
type Cause string

// The causes.
const (
	CauseName      Cause = "name"      // no such host
	CauseConnect   Cause = "connect"   // it can't be reached, or broke off
	CauseTrust     Cause = "trust"     // its certificate is not valid
	CauseTimeout   Cause = "timeout"   // no answer in time
	CauseBusy      Cause = "busy"      // it asked to come back later
	CauseBroken    Cause = "broken"    // it failed itself: 5xx
	CauseSignature Cause = "signature" // 401: it does not believe our signature
	CauseForbidden Cause = "forbidden" // 403: it wants nothing from us
	CauseGone      Cause = "gone"      // 404 and 410: the inbox is not there
	CauseLarge     Cause = "large"     // 413
	CauseInvalid   Cause = "invalid"   // another 4xx: it does not like this activity
	CauseMoved     Cause = "moved"     // a redirect
	CauseAddress   Cause = "address"   // our own rules forbid to dial it
	CauseKey       Cause = "key"       // we can't sign it
	CauseExpired   Cause = "expired"   // it waited too long
	CauseOverflow  Cause = "overflow"  // too much waited for the host; the oldest goes
	CauseDropped   Cause = "dropped"   // by an admin
	CauseNobody    Cause = "nobody"    // nobody on that server is to get it any more
)

// Failure is why a delivery did not arrive.
type Failure struct {
	Cause Cause
	Text  string // as the host or the network said it, for those who can read that
}

// HostState is the health of a remote server as deliveries find it.
type HostState struct {
	Host         string
	Failures     int       // in a row
	FailingSince time.Time // zero: it works
	RetryAt      time.Time
	Signature    string // the kind of signature it takes, "" unknown
	Ed25519      Ed25519
}

// Ed25519 is what is known of a server and such signatures of requests.
type Ed25519 int

// The states.
const (
	Ed25519Unknown Ed25519 = iota
	Ed25519Offered         // its accounts have such keys (FEP-521a): worth a try
	Ed25519Refused         // it was tried
)

// hostOf is the host of a URL with a port that is not the default one, lower case.
func hostOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil {
		return ""
	}
	host := strings.ToLower(u.Host)
	if u.Scheme == "https" {
		return strings.TrimSuffix(host, ":443")
	}
	return strings.TrimSuffix(host, ":80")
}

// waitingHosts are the hosts after ?1 that deliveries wait for. It steps from one
// to the next in the index: a DISTINCT would read all that waits.
const waitingHosts = `WITH RECURSIVE waiting (host) AS (SELECT MIN(host) FROM delivery WHERE host > ?1
	UNION ALL SELECT (SELECT MIN(d.host) FROM delivery d WHERE d.host > waiting.host) FROM waiting WHERE waiting.host IS NOT NULL) `

// WaitingHosts lists the hosts that deliveries wait for.
func (db *DB) WaitingHosts(ctx context.Context) ([]HostState, error) {
	var list []HostState
	err := db.rows(ctx, waitingHosts+`SELECT w.host, COALESCE(i.failures, 0), COALESCE(i.failing_since, 0), COALESCE(i.retry_at, 0), COALESCE(i.signature, ''), COALESCE(i.ed25519, 0)
		FROM waiting w LEFT JOIN instance i ON i.host = w.host WHERE w.host IS NOT NULL`, []any{""}, func(rows *sql.Rows) error {
		s, err := scanHost(rows)
		list = append(list, s)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list waiting hosts: %w", err)
	}
	return list, nil
}

func scanHost(s scanner) (HostState, error) {
	var h HostState
	var since, retry int64
	err := s.Scan(&h.Host, &h.Failures, &since, &retry, &h.Signature, &h.Ed25519)
	h.FailingSince, h.RetryAt = fromMillis(since), fromMillis(retry)
	return h, translate(err)
}

// HostState returns what is known of a host's health; a host never heard of is well.
func (db *DB) HostState(ctx context.Context, host string) (HostState, error) {
	st, err := db.stmt(ctx, `SELECT host, failures, failing_since, retry_at, signature, ed25519 FROM instance WHERE host = ?`)
	if err != nil {
		return HostState{}, err
	}
	h, err := scanHost(st.QueryRowContext(ctx, host))
	if errors.Is(err, ErrNotFound) {
		return HostState{Host: host}, nil
	}
	return h, err
}

// SetSignature remembers the kind of signature that a host was found to take.
func (db *DB) SetSignature(ctx context.Context, host, signature string) error {
	return db.write(ctx, "set signature", func(t *tx) error {
		_, err := t.exec(`INSERT INTO instance (host, signature) VALUES (?1, ?2) ON CONFLICT (host) DO UPDATE SET signature = ?2`, host, signature)
		return err
	})
}

// RefusesEd25519 remembers that a host took another signature after one with an
// Ed25519 key.
func (db *DB) RefusesEd25519(ctx context.Context, host string) error {
	return db.write(ctx, "refuses ed25519", func(t *tx) error {
		_, err := t.exec(`UPDATE instance SET ed25519 = ? WHERE host = ?`, Ed25519Refused, host)
		return err
	})
}

// Deliveries lists what waits for a host, oldest first.
func (db *DB) Deliveries(ctx context.Context, host string, limit int) ([]*Delivery, error) {
	var list []*Delivery
	err := db.rows(ctx, `SELECT d.id, d.activity_id, d.host, d.inbox, d.attempts, x.account_id, x.post_id, x.body
		FROM delivery d JOIN activity x ON x.id = d.activity_id WHERE d.host = ? ORDER BY d.id LIMIT ?`, []any{host, limit}, func(rows *sql.Rows) error {
		var d Delivery
		err := rows.Scan(&d.ID, &d.ActivityID, &d.Host, &d.Inbox, &d.Attempts, &d.AccountID, &d.PostID, &d.Body)
		d.QueuedAt = IDTime(d.ID)
		list = append(list, &d)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list deliveries to %s: %w", host, err)
	}
	return list, nil
}

// EndDelivery removes a delivery that will never arrive. An expired one has the
// text of what its host met last.
func (db *DB) EndDelivery(ctx context.Context, d *Delivery, s DeliveryState, f Failure) error {
	return db.write(ctx, "end delivery", func(t *tx) error {
		if f.Text == "" && d.PostID != 0 {
			err := t.row(`SELECT last_error FROM delivery WHERE id = ?`, []any{d.ID}, &f.Text)
			if err != nil && !errors.Is(err, ErrNotFound) {
				return err
			}
		}
		if err := endDelivery(t, d); err != nil {
			return err
		}
		return notePostEnded(t, d, s, f)
	})
}

func endDelivery(t *tx, d *Delivery) error {
	if _, err := t.exec(`DELETE FROM delivery WHERE id = ?`, d.ID); err != nil {
		return err
	}
	_, err := t.exec(`DELETE FROM activity WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM delivery WHERE activity_id = ?1)`, d.ActivityID)
	return err
}

// HostWorks removes a delivery that arrived and notes that its host is well and
// knows the account.
func (db *DB) HostWorks(ctx context.Context, d *Delivery, signature string) error {
	return db.write(ctx, "host works", func(t *tx) error {
		if err := endDelivery(t, d); err != nil {
			return err
		}
		if err := notePostArrived(t, d); err != nil {
			return err
		}
		if err := noteTold(t, d); err != nil {
			return err
		}
		_, err := t.exec(`INSERT INTO instance (host, delivered_at, signature, inbox) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (host) DO UPDATE SET
			failures = 0, failing_since = 0, retry_at = 0, last_error = '', cause = '', delivered_at = ?2, signature = ?3,
			inbox = CASE WHEN ?5 OR inbox = '' THEN ?4 ELSE inbox END`, d.Host, millis(t.now), signature, d.Inbox, d.PostID != 0)
		return err
	})
}

// HostFails notes a failed attempt and when the host is to be tried again. If
// too much waits for the host, the oldest is dropped.
func (db *DB) HostFails(ctx context.Context, d *Delivery, f Failure, retryAt time.Time) error {
	f.Text = cut(f.Text, maxDeliveryText)
	return db.write(ctx, "host fails", func(t *tx) error {
		if _, err := t.exec(`UPDATE delivery SET attempts = attempts + 1, last_error = ? WHERE id = ?`, f.Text, d.ID); err != nil {
			return err
		}
		_, err := t.exec(`INSERT INTO instance (host, failures, failing_since, retry_at, last_error, cause) VALUES (?1, 1, ?2, ?3, ?4, ?5)
			ON CONFLICT (host) DO UPDATE SET failures = failures + 1, retry_at = ?3, last_error = ?4, cause = ?5,
			failing_since = CASE failing_since WHEN 0 THEN ?2 ELSE failing_since END`, d.Host, millis(t.now), millis(retryAt), f.Text, f.Cause)
		if err != nil {
			return err
		}
		return trimQueue(t, d.Host)
	})
}

// trimQueue keeps the newest deliveries to a host that does not take them.
func trimQueue(t *tx, host string) error {
	var oldest int64
	err := t.row(`SELECT id FROM delivery WHERE host = ? ORDER BY id DESC LIMIT 1 OFFSET ?`, []any{host, maxHostQueue - 1}, &oldest)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = dropQueue(t, host, oldest, CauseOverflow)
	return err
}

// dropQueue removes the deliveries to a host that are older than an id.
func dropQueue(t *tx, host string, before int64, cause Cause) (int, error) {
	_, err := t.exec(`UPDATE post_delivery SET state = ?1, at = ?2, cause = ?3 WHERE host = ?4 AND state = 0 AND post_id IN
		(SELECT x.post_id FROM delivery d JOIN activity x ON x.id = d.activity_id WHERE d.host = ?4 AND d.id < ?5 AND x.post_id > 0)`,
		DeliveryGivenUp, millis(t.now), cause, host, before)
	if err != nil {
		return 0, err
	}
	var activities []int64
	err = t.rows(`DELETE FROM delivery WHERE host = ? AND id < ? RETURNING activity_id`, []any{host, before}, func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		activities = append(activities, id)
		return err
	})
	if err != nil || len(activities) == 0 {
		return 0, err
	}
	_, err = t.exec(`DELETE FROM activity WHERE id IN (SELECT value FROM json_each(?)) AND NOT EXISTS (SELECT 1 FROM delivery WHERE activity_id = activity.id)`,
		idList(activities))
	return len(activities), err
}
