package store

import (
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// PushSubscription is where a browser or an app wants to be woken when a member
// is told something (RFC 8030). An app has one for its token, a browser one for
// its session.
type PushSubscription struct {
	ID        int64
	AccountID int64
	TokenID   int64 // 0: of a session
	SessionID int64 // 0: of a token
	Endpoint  string
	PublicKey string // of the receiver, P-256, base64url (RFC 8291)
	Auth      string // its secret, base64url
	Kinds     []NotificationKind
	Policy    PushPolicy
	Draft     bool   // messages are encrypted as in the draft of RFC 8291 (aesgcm), for an app that does not know the standard
	Locale    string // of the page that subscribed; empty: an app's
}

// PushPolicy says of whose deeds a subscription hears.
type PushPolicy int

// The policies.
const (
	PushAll PushPolicy = iota
	PushFollowed
	PushFollowers
	PushNone
)

var pushPolicies = [...]string{"all", "followed", "follower", "none"}

// String returns the policy as forms and apps write it.
func (p PushPolicy) String() string {
	if p < PushAll || p > PushNone {
		return fmt.Sprintf("push policy %d", int(p))
	}
	return pushPolicies[p]
}

// ParsePushPolicy reads a policy as forms and apps write it; *InputError if
// there is none such.
func ParsePushPolicy(s string) (PushPolicy, error) {
	for i, name := range pushPolicies {
		if s == name {
			return PushPolicy(i), nil
		}
	}
	return 0, &InputError{Field: "policy", Problem: InputRefused}
}

// check says what is wrong with a subscription. Whether its address is public
// is seen when it is dialled.
func (p *PushSubscription) check(db *DB) error {
	u, err := url.Parse(p.Endpoint)
	secure := err == nil && (u.Scheme == "https" || u.Scheme == "http" && strings.HasPrefix(db.base, "http://"))
	if !secure || u.Host == "" || u.User != nil || len(p.Endpoint) > maxPushEndpoint {
		return &InputError{Field: "endpoint", Problem: InputRefused}
	}
	if key, err := decodePush(p.PublicKey); err != nil || !isPoint(key) {
		return &InputError{Field: "p256dh", Problem: InputRefused}
	}
	if auth, err := decodePush(p.Auth); err != nil || len(auth) != 16 {
		return &InputError{Field: "auth", Problem: InputRefused}
	}
	return nil
}

// Keys are the receiver's key and secret.
func (p *PushSubscription) Keys() (key *ecdh.PublicKey, auth []byte, err error) {
	point, err := decodePush(p.PublicKey)
	if err != nil {
		return nil, nil, err
	}
	if key, err = ecdh.P256().NewPublicKey(point); err != nil {
		return nil, nil, err
	}
	auth, err = decodePush(p.Auth)
	return key, auth, err
}

func isPoint(key []byte) bool {
	_, err := ecdh.P256().NewPublicKey(key)
	return err == nil
}

// decodePush reads base64 as browsers and apps write it.
func decodePush(text string) ([]byte, error) {
	return base64.RawURLEncoding.DecodeString(strings.NewReplacer("+", "-", "/", "_", "=", "").Replace(text))
}

// SubscribePush stores a subscription in place of the one that the token or
// session had, and sets its ID. A browser has one address for all who use it:
// only who subscribed last is told things there. *InputError if its address or
// keys are none.
func (db *DB) SubscribePush(ctx context.Context, p *PushSubscription) error {
	if err := p.check(db); err != nil {
		return err
	}
	return db.write(ctx, "subscribe push", func(t *tx) error {
		if err := removePush(t, p.TokenID, p.SessionID); err != nil {
			return err
		}
		if p.SessionID != 0 {
			if _, err := t.exec(`DELETE FROM push_subscription WHERE session_id IS NOT NULL AND endpoint = ?`, p.Endpoint); err != nil {
				return err
			}
		}
		p.ID = t.db.ids.next()
		_, err := t.exec(`INSERT INTO push_subscription (id, account_id, token_id, session_id, endpoint, public_key, auth, kinds, policy, locale, draft)
			VALUES (?, ?, NULLIF(?, 0), NULLIF(?, 0), ?, ?, ?, ?, ?, ?, ?)`, p.ID, p.AccountID, p.TokenID, p.SessionID, p.Endpoint, p.PublicKey, p.Auth, kindBits(p.Kinds), p.Policy, p.Locale, p.Draft)
		return err
	})
}

func removePush(t *tx, tokenID, sessionID int64) error {
	_, err := t.exec(`DELETE FROM push_subscription WHERE token_id = NULLIF(?, 0) OR session_id = NULLIF(?, 0)`, tokenID, sessionID)
	return err
}

// ChangePush changes what a token's or session's subscription hears of.
// ErrNotFound if there is none.
func (db *DB) ChangePush(ctx context.Context, p *PushSubscription) error {
	return db.write(ctx, "change push", func(t *tx) error {
		n, err := t.exec(`UPDATE push_subscription SET kinds = ?, policy = ? WHERE id = ?`, kindBits(p.Kinds), p.Policy, p.ID)
		return errors.Join(err, missingIf(err == nil && n == 0))
	})
}

// UnsubscribePush removes the subscription of a token or session; none is what
// was wanted.
func (db *DB) UnsubscribePush(ctx context.Context, tokenID, sessionID int64) error {
	return db.write(ctx, "unsubscribe push", func(t *tx) error { return removePush(t, tokenID, sessionID) })
}

// PushGone removes a subscription that its push service does not know any more.
func (db *DB) PushGone(ctx context.Context, id int64) error {
	return db.write(ctx, "push gone", func(t *tx) error {
		_, err := t.exec(`DELETE FROM push_subscription WHERE id = ?`, id)
		return err
	})
}

// PushOf returns the subscription of a token or session, or ErrNotFound.
func (db *DB) PushOf(ctx context.Context, tokenID, sessionID int64) (*PushSubscription, error) {
	return db.push(ctx, `token_id = NULLIF(?, 0) OR session_id = NULLIF(?, 0)`, tokenID, sessionID)
}

// Push returns a subscription by its id, or ErrNotFound.
func (db *DB) Push(ctx context.Context, id int64) (*PushSubscription, error) {
	return db.push(ctx, `id = ?`, id)
}

func (db *DB) push(ctx context.Context, where string, args ...any) (*PushSubscription, error) {
	var p PushSubscription
	var kinds int64
	err := db.row(ctx, `SELECT id, account_id, COALESCE(token_id, 0), COALESCE(session_id, 0), endpoint, public_key, auth, kinds, policy, locale, draft
		FROM push_subscription WHERE `+where, args, &p.ID, &p.AccountID, &p.TokenID, &p.SessionID, &p.Endpoint, &p.PublicKey, &p.Auth, &kinds, &p.Policy, &p.Locale, &p.Draft)
	p.Kinds = kindsOf(kinds)
	return &p, err
}

// pushLater adds a job for each subscription that hears of a new notification.
func pushLater(t *tx, accountID int64, kind NotificationKind, fromID, noticeID int64) error {
	var ids []int64
	err := t.rows(`SELECT s.id FROM push_subscription s WHERE s.account_id = ?1 AND s.kinds & ?2
		AND (s.session_id IS NULL OR EXISTS (SELECT 1 FROM session b WHERE b.id = s.session_id AND b.seen_at > ?4))
		AND NOT EXISTS (SELECT 1 FROM notification_policy np WHERE np.account_id = ?1 AND np.no_push & ?2)
		AND (s.policy = 0 OR s.policy = 1 AND EXISTS (SELECT 1 FROM follow f WHERE f.account_id = ?1 AND f.target_id = ?3 AND f.accepted)
			OR s.policy = 2 AND EXISTS (SELECT 1 FROM follow f WHERE f.account_id = ?3 AND f.target_id = ?1 AND f.accepted))`,
		[]any{accountID, kindBits([]NotificationKind{kind}), fromID, millis(t.now.Add(-SessionAge))}, func(rows *sql.Rows) error {
			var id int64
			err := rows.Scan(&id)
			ids = append(ids, id)
			return err
		})
	if err != nil {
		return err
	}
	for _, id := range ids {
		payload := fmt.Sprintf("%d %d", id, noticeID)
		if err := addJob(t, NewJob{Kind: JobPush, Key: payload, Payload: payload}); err != nil {
			return err
		}
	}
	return nil
}

// keyPush is the setting that holds the key with which this server names itself
// to push services (VAPID, RFC 8292).
const keyPush = "push.key"

// PushKey returns the key pair with which this server names itself to push
// services, both base64url; it is made when it is first asked for, and kept:
// subscriptions are bound to it.
func (db *DB) PushKey(ctx context.Context) (private, public string, err error) {
	var text string
	err = db.row(ctx, `SELECT value FROM setting WHERE key = ?`, []any{keyPush}, &text)
	if errors.Is(err, ErrNotFound) {
		text, err = db.makePushKey(ctx)
	}
	if err != nil {
		return "", "", fmt.Errorf("key for push services: %w", err)
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return "", "", fmt.Errorf("key for push services: %w", err)
	}
	key, err := ecdh.P256().NewPrivateKey(raw)
	if err != nil {
		return "", "", fmt.Errorf("key for push services: %w", err)
	}
	return text, base64.RawURLEncoding.EncodeToString(key.PublicKey().Bytes()), nil
}

// makePushKey stores a new key, unless somebody just did, and returns the one that holds.
func (db *DB) makePushKey(ctx context.Context) (text string, err error) {
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return "", err
	}
	return text, db.write(ctx, "make push key", func(t *tx) error {
		if _, err := t.exec(`INSERT OR IGNORE INTO setting (key, value) VALUES (?, ?)`, keyPush, base64.RawURLEncoding.EncodeToString(key.Bytes())); err != nil {
			return err
		}
		return t.row(`SELECT value FROM setting WHERE key = ?`, []any{keyPush}, &text)
	})
}
