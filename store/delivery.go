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
	Host       string
	Inbox      string
	Attempts   int
	Body       []byte
	QueuedAt   time.Time
}

// HostState is the health of a remote server as deliveries find it.
type HostState struct {
	Host         string
	Failures     int       // in a row
	FailingSince time.Time // zero: it works
	RetryAt      time.Time
	Signature    string // the kind of signature it takes, "" unknown
}

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

// WaitingHosts lists the hosts that deliveries wait for.
func (db *DB) WaitingHosts(ctx context.Context) ([]HostState, error) {
	var list []HostState
	err := db.rows(ctx, `SELECT d.host, COALESCE(i.failures, 0), COALESCE(i.failing_since, 0), COALESCE(i.retry_at, 0), COALESCE(i.signature, '')
		FROM (SELECT DISTINCT host FROM delivery) d LEFT JOIN instance i ON i.host = d.host`, nil, func(rows *sql.Rows) error {
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
	err := s.Scan(&h.Host, &h.Failures, &since, &retry, &h.Signature)
	h.FailingSince, h.RetryAt = fromMillis(since), fromMillis(retry)
	return h, translate(err)
}

// HostState returns what is known of a host's health; a host never heard of is well.
func (db *DB) HostState(ctx context.Context, host string) (HostState, error) {
	st, err := db.stmt(ctx, `SELECT host, failures, failing_since, retry_at, signature FROM instance WHERE host = ?`)
	if err != nil {
		return HostState{}, err
	}
	h, err := scanHost(st.QueryRowContext(ctx, host))
	if errors.Is(err, ErrNotFound) {
		return HostState{Host: host}, nil
	}
	return h, err
}

// Deliveries lists what waits for a host, oldest first.
func (db *DB) Deliveries(ctx context.Context, host string, limit int) ([]*Delivery, error) {
	var list []*Delivery
	err := db.rows(ctx, `SELECT d.id, d.activity_id, d.host, d.inbox, d.attempts, x.account_id, x.body
		FROM delivery d JOIN activity x ON x.id = d.activity_id WHERE d.host = ? ORDER BY d.id LIMIT ?`, []any{host, limit}, func(rows *sql.Rows) error {
		var d Delivery
		err := rows.Scan(&d.ID, &d.ActivityID, &d.Host, &d.Inbox, &d.Attempts, &d.AccountID, &d.Body)
		d.QueuedAt = IDTime(d.ID)
		list = append(list, &d)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list deliveries to %s: %w", host, err)
	}
	return list, nil
}

// EndDelivery removes a delivery that arrived or will never arrive.
func (db *DB) EndDelivery(ctx context.Context, d *Delivery) error {
	return db.write(ctx, "end delivery", func(t *tx) error { return endDelivery(t, d) })
}

func endDelivery(t *tx, d *Delivery) error {
	if _, err := t.exec(`DELETE FROM delivery WHERE id = ?`, d.ID); err != nil {
		return err
	}
	_, err := t.exec(`DELETE FROM activity WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM delivery WHERE activity_id = ?1)`, d.ActivityID)
	return err
}

// HostWorks removes a delivery that arrived and notes that its host is well.
func (db *DB) HostWorks(ctx context.Context, d *Delivery, signature string) error {
	return db.write(ctx, "host works", func(t *tx) error {
		if err := endDelivery(t, d); err != nil {
			return err
		}
		_, err := t.exec(`INSERT INTO instance (host, delivered_at, signature) VALUES (?1, ?2, ?3) ON CONFLICT (host) DO UPDATE SET
			failures = 0, failing_since = 0, retry_at = 0, last_error = '', delivered_at = ?2, signature = ?3`, d.Host, millis(t.now), signature)
		return err
	})
}

// HostFails notes a failed attempt and when the host is to be tried again.
func (db *DB) HostFails(ctx context.Context, d *Delivery, reason string, retryAt time.Time) error {
	reason = cut(reason, maxDeliveryText)
	return db.write(ctx, "host fails", func(t *tx) error {
		if _, err := t.exec(`UPDATE delivery SET attempts = attempts + 1, last_error = ? WHERE id = ?`, reason, d.ID); err != nil {
			return err
		}
		_, err := t.exec(`INSERT INTO instance (host, failures, failing_since, retry_at, last_error) VALUES (?1, 1, ?2, ?3, ?4)
			ON CONFLICT (host) DO UPDATE SET failures = failures + 1, retry_at = ?3, last_error = ?4,
			failing_since = CASE failing_since WHEN 0 THEN ?2 ELSE failing_since END`, d.Host, millis(t.now), millis(retryAt), reason)
		return err
	})
}
