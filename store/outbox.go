package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
)

// OutboxKind is what a local account did that other servers must hear of.
type OutboxKind string

// The kinds of outbox rows.
const (
	OutboxCreatePost    OutboxKind = "create_post"
	OutboxUpdatePost    OutboxKind = "update_post"
	OutboxDeletePost    OutboxKind = "delete_post"
	OutboxBoost         OutboxKind = "boost"
	OutboxUnboost       OutboxKind = "unboost"
	OutboxFavourite     OutboxKind = "favourite"
	OutboxUnfavourite   OutboxKind = "unfavourite"
	OutboxDownvote      OutboxKind = "downvote"
	OutboxUndownvote    OutboxKind = "undownvote"
	OutboxReact         OutboxKind = "react"
	OutboxUnreact       OutboxKind = "unreact"
	OutboxVote          OutboxKind = "vote"
	OutboxUpdatePoll    OutboxKind = "update_poll" // its counts
	OutboxFollow        OutboxKind = "follow"
	OutboxUnfollow      OutboxKind = "unfollow"
	OutboxAccept        OutboxKind = "accept_follow"
	OutboxReject        OutboxKind = "reject_follow"
	OutboxBlock         OutboxKind = "block"
	OutboxUnblock       OutboxKind = "unblock"
	OutboxUpdateAccount OutboxKind = "update_account"
	OutboxDeleteAccount OutboxKind = "delete_account"
	OutboxMove          OutboxKind = "move"
	OutboxPin           OutboxKind = "pin"
	OutboxUnpin         OutboxKind = "unpin"
	OutboxRelayFollow   OutboxKind = "relay_follow"
	OutboxRelayUnfollow OutboxKind = "relay_unfollow"
	OutboxRelayPost     OutboxKind = "relay_post"
	OutboxAskQuote      OutboxKind = "ask_quote"
	OutboxAcceptQuote   OutboxKind = "accept_quote"
	OutboxRejectQuote   OutboxKind = "reject_quote"
	OutboxFlag          OutboxKind = "flag"
	OutboxUpdateQuote   OutboxKind = "update_quote" // its approval, or that it has none any more; or who may do what with a post
	OutboxAsk           OutboxKind = "ask"          // to reply, boost or favourite
	OutboxGrant         OutboxKind = "grant"
	OutboxRefuse        OutboxKind = "refuse"
	OutboxRevoke        OutboxKind = "revoke"   // an approval
	OutboxWithdraw      OutboxKind = "withdraw" // what was asked for and not answered
)

// OutboxItem is one deed to be told.
type OutboxItem struct {
	ID        int64
	Kind      OutboxKind
	AccountID int64 // who did it
	OutboxDetail
}

// OutboxDetail is what is needed to tell it, also when the rows it is about are gone.
type OutboxDetail struct {
	PostID      int64      `json:"post,omitempty"`
	ObjectURI   string     `json:"object,omitempty"`   // of the post, or of the account that is moved to
	ActivityURI string     `json:"activity,omitempty"` // of the follow, boost, favourite, reaction or block, theirs or ours
	TargetID    int64      `json:"target,omitempty"`   // the account it is about
	Visibility  Visibility `json:"visibility,omitempty"`
	Host        string     `json:"host,omitempty"`     // of a post: the one server that is told again
	Option      string     `json:"option,omitempty"`   // of a poll: what was chosen
	Emoji       string     `json:"emoji,omitempty"`    // of a reaction
	IconURL     string     `json:"icon,omitempty"`     // of a custom emoji
	Quoting     string     `json:"quoting,omitempty"`  // of an answer: the post that quotes
	Stamp       string     `json:"stamp,omitempty"`    // its approval
	Deed        Deed       `json:"deed,omitempty"`     // asked for, granted or refused
	Inbox       string     `json:"inbox,omitempty"`    // of a relay
	Reported    []string   `json:"reported,omitempty"` // posts of a report
	Comment     string     `json:"comment,omitempty"`  // of a report
	Told        []int64    `json:"told,omitempty"`     // accounts elsewhere that must hear of it besides the followers
}

func addOutbox(t *tx, kind OutboxKind, accountID int64, d OutboxDetail) error {
	_, err := t.exec(`INSERT INTO outbox (id, kind, account_id, detail) VALUES (?, ?, ?, ?)`, t.db.ids.next(), kind, accountID, encodeJSON(d))
	t.onCommit(t.db.outboxed.wake)
	if err == nil && kind == OutboxCreatePost && d.Host == "" {
		return relayPost(t, d.PostID)
	}
	return err
}

// Outboxed is signalled when this process added to the outbox; others add too.
func (db *DB) Outboxed() <-chan struct{} { return db.outboxed }

// Outbox lists the oldest deeds that are still to be told.
func (db *DB) Outbox(ctx context.Context, limit int) ([]*OutboxItem, error) {
	var list []*OutboxItem
	err := db.rows(ctx, `SELECT id, kind, account_id, detail FROM outbox ORDER BY id LIMIT ?`, []any{limit}, func(rows *sql.Rows) error {
		var o OutboxItem
		var detail string
		if err := rows.Scan(&o.ID, &o.Kind, &o.AccountID, &detail); err != nil {
			return err
		}
		list = append(list, &o)
		if err := json.Unmarshal([]byte(detail), &o.OutboxDetail); detail != "" && err != nil {
			// Whoever tells it finds it lacking and drops it; it must not stop those behind it.
			db.log.Error("detail of an outbox row is unreadable", "id", o.ID, "kind", o.Kind, "error", err)
			o.OutboxDetail = OutboxDetail{}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read outbox: %w", err)
	}
	return list, nil
}

// Inbox is where an activity goes.
type Inbox struct{ URL, Host string }

// FollowerInboxes lists where the followers of an account elsewhere receive,
// each inbox once.
func (db *DB) FollowerInboxes(ctx context.Context, accountID int64) ([]Inbox, error) {
	return db.inboxes(ctx, `a.id IN (SELECT f.account_id FROM follow f WHERE f.target_id = ? AND f.accepted)`, accountID)
}

// InboxesOf lists where accounts elsewhere receive, each inbox once.
func (db *DB) InboxesOf(ctx context.Context, accountIDs []int64) ([]Inbox, error) {
	if len(accountIDs) == 0 {
		return nil, nil
	}
	return db.inboxes(ctx, `a.id IN (SELECT value FROM json_each(?))`, idList(accountIDs))
}

func (db *DB) inboxes(ctx context.Context, where string, arg any) ([]Inbox, error) {
	var list []Inbox
	err := db.rows(ctx, `SELECT DISTINCT CASE a.shared_inbox WHEN '' THEN a.inbox ELSE a.shared_inbox END FROM account a
		WHERE a.host <> '' AND a.inbox <> '' AND a.state <> 2 AND `+where, []any{arg}, func(rows *sql.Rows) error {
		var in Inbox
		err := rows.Scan(&in.URL)
		in.Host = hostOf(in.URL)
		list = append(list, in)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list inboxes: %w", err)
	}
	return list, nil
}

// ExpandOutbox replaces an outbox row by one delivery per inbox. With no body or
// no inboxes the row is just removed.
func (db *DB) ExpandOutbox(ctx context.Context, o *OutboxItem, body []byte, to []Inbox) error {
	return db.write(ctx, "expand outbox", func(t *tx) error {
		n, err := t.exec(`DELETE FROM outbox WHERE id = ?`, o.ID)
		if err != nil || n == 0 {
			return err
		}
		if o.Kind == OutboxDeletePost {
			if err := recallPost(t, o.PostID); err != nil {
				return err
			}
		}
		if len(body) > 0 && len(to) > 0 {
			return addDeliveries(t, o, body, to)
		}
		if o.tells() && o.Host != "" {
			return endPost(t, o.PostID, o.Host, DeliveryGivenUp, Failure{Cause: CauseNobody})
		}
		return nil
	})
}

func addDeliveries(t *tx, o *OutboxItem, body []byte, to []Inbox) error {
	activity, postID := t.db.ids.next(), int64(0)
	if o.tells() {
		postID = o.PostID
	}
	if _, err := t.exec(`INSERT INTO activity (id, account_id, post_id, body) VALUES (?, ?, ?, ?)`, activity, o.AccountID, postID, body); err != nil {
		return err
	}
	for _, in := range to {
		_, err := t.exec(`INSERT INTO delivery (id, activity_id, host, inbox) VALUES (?, ?, ?, ?)`, t.db.ids.next(), activity, in.Host, in.URL)
		if err != nil {
			return err
		}
	}
	if postID == 0 {
		return nil
	}
	return expectPost(t, postID, activity)
}
