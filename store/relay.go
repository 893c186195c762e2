package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// RelayKind is which of the two customs a relay follows.
type RelayKind int

// The kinds of relays, told apart by the address that they publish.
const (
	RelayMastodon RelayKind = iota // its inbox: follow Public there, send it what members post
	RelayLitePub                   // its actor: follow it, let it follow back, announce to it what members post
)

// String names the kind for people.
func (k RelayKind) String() string { return [...]string{"mastodon", "litepub"}[k] }

// RelayState is how a relay answered.
type RelayState int

// The states of a relay.
const (
	RelayWaiting RelayState = iota
	RelayAccepted
	RelayRefused
)

// String names the state for people.
func (s RelayState) String() string { return [...]string{"waiting", "accepted", "refused"}[s] }

// Relay is a server that passes public posts on between its subscribers.
type Relay struct {
	ID        int64
	URL       string // as it was added
	Kind      RelayKind
	State     RelayState
	Inbox     string // "": its actor was not read yet
	ActorURI  string // "": not known yet
	FollowURI string // of the Follow with which the instance actor subscribed
	CreatedAt time.Time
}

// RelayError says why an address can't be that of a relay.
type RelayError struct{ URL, Problem string }

func (e *RelayError) Error() string { return fmt.Sprintf("relay %.200s: %s", e.URL, e.Problem) }

const relayColumns = `id, url, kind, state, inbox, actor_uri, follow_uri, created_at`

func scanRelay(s scanner) (*Relay, error) {
	var r Relay
	var created int64
	err := s.Scan(&r.ID, &r.URL, &r.Kind, &r.State, &r.Inbox, &r.ActorURI, &r.FollowURI, &created)
	r.CreatedAt = fromMillis(created)
	return &r, err
}

func (db *DB) relays(ctx context.Context, where string, args ...any) ([]*Relay, error) {
	var list []*Relay
	err := db.rows(ctx, `SELECT `+relayColumns+` FROM relay WHERE `+where+` ORDER BY id`, args, func(rows *sql.Rows) error {
		r, err := scanRelay(rows)
		list = append(list, r)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list relays: %w", err)
	}
	return list, nil
}

// Relays lists the relays in the order in which they were added.
func (db *DB) Relays(ctx context.Context) ([]*Relay, error) { return db.relays(ctx, `1`) }

// AcceptedRelays lists the relays of a kind that take part.
func (db *DB) AcceptedRelays(ctx context.Context, kind RelayKind) ([]*Relay, error) {
	return db.relays(ctx, `kind = ? AND state = ?`, kind, RelayAccepted)
}

func (db *DB) relay(ctx context.Context, where string, arg any) (*Relay, error) {
	list, err := db.relays(ctx, where, arg)
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("relay: %w", ErrNotFound)
	}
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// Relay returns a relay by its row.
func (db *DB) Relay(ctx context.Context, id int64) (*Relay, error) {
	return db.relay(ctx, `id = ?`, id)
}

// RelayByActor returns the relay that an actor is; ErrNotFound for all others.
func (db *DB) RelayByActor(ctx context.Context, uri string) (*Relay, error) {
	return db.relay(ctx, `actor_uri = ? AND actor_uri <> ''`, uri)
}

// AddRelay subscribes to a relay. What it answers comes later, as its state. It
// returns *RelayError for an address that can't be one, *PolicyError if its
// server is not spoken with, ErrConflict for one that is there.
func (db *DB) AddRelay(ctx context.Context, address string) (*Relay, error) {
	address = strings.TrimSpace(address)
	if err := db.checkRelay(ctx, address); err != nil {
		return nil, err
	}
	r := &Relay{URL: address, Kind: RelayLitePub}
	if strings.HasSuffix(strings.TrimSuffix(address, "/"), "/inbox") {
		r.Kind, r.Inbox = RelayMastodon, address
	}
	err := db.write(ctx, "add relay", func(t *tx) error {
		r.ID, r.CreatedAt = db.ids.next(), t.now
		r.FollowURI = db.base + "/ap/follows/" + strconv.FormatInt(r.ID, 10)
		_, err := t.exec(`INSERT INTO relay (id, url, kind, inbox, follow_uri, created_at) VALUES (?, ?, ?, ?, ?, ?)`,
			r.ID, r.URL, r.Kind, r.Inbox, r.FollowURI, millis(r.CreatedAt))
		if err != nil {
			return err
		}
		if r.Kind == RelayMastodon {
			return tellRelay(t, OutboxRelayFollow, r)
		}
		id := strconv.FormatInt(r.ID, 10)
		return addJob(t, NewJob{Kind: JobRelay, Key: id, Payload: id})
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

func (db *DB) checkRelay(ctx context.Context, address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || len(address) > maxRelayURL:
		return &RelayError{address, "it must be the address of an inbox or an actor"}
	case u.Scheme == "http" && strings.HasPrefix(db.base, "https:"):
		return &RelayError{address, "it must begin with https://"}
	case u.User != nil || u.Fragment != "":
		return &RelayError{address, "it must be an address without a password or #"}
	case u.Path == "" || u.Path == "/":
		return &RelayError{address, "it must be the address of an inbox or an actor, not that of the front page"}
	case db.IsLocal(address):
		return &RelayError{address, "it is on this server"}
	}
	return db.CheckHost(ctx, u.Host)
}

// tellRelay adds what the instance actor has to say to a relay itself.
func tellRelay(t *tx, kind OutboxKind, r *Relay) error {
	actor, err := txInstanceActor(t)
	if err != nil {
		return err
	}
	return addOutbox(t, kind, actor, OutboxDetail{ObjectURI: followedBy(r), ActivityURI: r.FollowURI, Inbox: r.Inbox})
}

// followedBy is the object of the Follow: the relay's actor, or "" for Public.
func followedBy(r *Relay) string {
	if r.Kind == RelayLitePub {
		return r.ActorURI
	}
	return ""
}

func txInstanceActor(t *tx) (id int64, err error) {
	err = t.row(`SELECT CAST(value AS INTEGER) FROM setting WHERE key = ?`, []any{keyInstanceActor}, &id)
	return id, err
}

// RelayFound notes which actor a relay of LitePub's kind is, and follows it.
func (db *DB) RelayFound(ctx context.Context, id int64, actor *Account) error {
	return db.write(ctx, "relay found", func(t *tx) error {
		r, err := txRelay(t, `id = ?`, id)
		if err != nil || r.Inbox != "" {
			return err
		}
		r.Inbox, r.ActorURI = actor.Inbox, actor.URI
		if _, err := t.exec(`UPDATE relay SET inbox = ?, actor_uri = ? WHERE id = ?`, r.Inbox, r.ActorURI, id); err != nil {
			return err
		}
		return tellRelay(t, OutboxRelayFollow, r)
	})
}

func txRelay(t *tx, where string, args ...any) (r *Relay, err error) {
	err = t.rows(`SELECT `+relayColumns+` FROM relay WHERE `+where+` LIMIT 1`, args, func(rows *sql.Rows) error {
		r, err = scanRelay(rows)
		return err
	})
	if err == nil && r == nil {
		err = ErrNotFound
	}
	return r, err
}

// RemoveRelay ends the subscription to a relay. What it had passed on stays.
func (db *DB) RemoveRelay(ctx context.Context, id int64) error {
	return db.write(ctx, "remove relay", func(t *tx) error {
		r, err := txRelay(t, `id = ?`, id)
		if err != nil {
			return err
		}
		if _, err := t.exec(`DELETE FROM relay WHERE id = ?`, id); err != nil || r.Inbox == "" {
			return err
		}
		return tellRelay(t, OutboxRelayUnfollow, r)
	})
}

// ReceiveRelayAnswer notes that an actor accepted or refused our Follow of a
// relay. Only the relay itself may: the actor that was followed, or, where Public
// was followed, one on the server of the inbox that was asked. ErrNotFound if it
// is about something else.
func (db *DB) ReceiveRelayAnswer(ctx context.Context, followURI string, by *Account, accepted bool) error {
	return db.write(ctx, "receive a relay's answer", func(t *tx) error {
		r, err := txRelay(t, `follow_uri = ?1 OR ?1 = '' AND actor_uri = ?2 AND actor_uri <> ''`, followURI, by.URI)
		if err != nil {
			return err
		}
		if r.ActorURI != by.URI && (r.ActorURI != "" || hostOf(r.Inbox) != hostOf(by.URI)) {
			return ErrForbidden
		}
		state := RelayRefused
		if accepted {
			state = RelayAccepted
		}
		_, err = t.exec(`UPDATE relay SET state = ?, actor_uri = ? WHERE id = ?`, state, by.URI, r.ID)
		return err
	})
}

// AcceptRelayFollow lets a relay follow the instance actor back. Nobody counts
// as its follower for that.
func (db *DB) AcceptRelayFollow(ctx context.Context, relayAccountID int64, followURI string) error {
	return db.write(ctx, "accept a relay's follow", func(t *tx) error {
		actor, err := txInstanceActor(t)
		if err != nil {
			return err
		}
		return addOutbox(t, OutboxAccept, actor, OutboxDetail{TargetID: relayAccountID, ActivityURI: followURI})
	})
}

// relayPost has a new public post announced to the relays of LitePub's kind.
// Those of Mastodon's kind get the post itself, with its author's followers.
func relayPost(t *tx, postID int64) error {
	var uri string
	err := t.row(`SELECT uri FROM post WHERE id = ? AND visibility = 0 AND EXISTS (SELECT 1 FROM relay WHERE kind = ? AND state = ?)`,
		[]any{postID, RelayLitePub, RelayAccepted}, &uri)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	actor, err := txInstanceActor(t)
	if err != nil {
		return err
	}
	announce := t.db.base + "/ap/boosts/" + strconv.FormatInt(t.db.ids.next(), 10)
	return addOutbox(t, OutboxRelayPost, actor, OutboxDetail{PostID: postID, ObjectURI: uri, ActivityURI: announce})
}
