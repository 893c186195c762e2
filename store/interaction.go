package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Interaction is what somebody did or wants to do with a post, where its author
// has a say.
type Interaction struct {
	ID        int64
	Deed      Deed
	PostID    int64 // with which
	TargetID  int64 // its author, who decides
	AccountID int64 // who wants it
	URI       string
	AskedURI  string // of the request, "": it was done without one
	StampURI  string // by which the author approves
	MadeID    int64  // the reply or the quoting post, 0: not stored
	CreatedAt time.Time

	state Approval
}

const interactionColumns = `i.id, i.deed, i.post_id, i.target_id, i.account_id, i.uri, i.asked_uri, i.stamp_uri, COALESCE(i.made_id, 0), i.state, i.created_at`

func scanInteraction(s scanner, more ...any) (*Interaction, error) {
	var i Interaction
	var created int64
	dest := []any{&i.ID, &i.Deed, &i.PostID, &i.TargetID, &i.AccountID, &i.URI, &i.AskedURI, &i.StampURI, &i.MadeID, &i.state, &created}
	err := s.Scan(append(dest, more...)...)
	i.CreatedAt = fromMillis(created)
	return &i, translate(err)
}

func txInteraction(t *tx, where string, args ...any) (*Interaction, error) {
	s, err := t.w.stmt(background, `SELECT `+interactionColumns+` FROM interaction i WHERE `+where)
	if err != nil {
		return nil, err
	}
	return scanInteraction(s.QueryRow(args...))
}

// insertInteraction keeps that something was asked or refused; of one URI only once.
func insertInteraction(t *tx, i *Interaction) (fresh bool, err error) {
	if i.ID == 0 {
		i.ID = t.db.ids.next()
	}
	n, err := t.exec(`INSERT OR IGNORE INTO interaction (id, deed, post_id, target_id, account_id, uri, asked_uri, stamp_uri, made_id, state, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULLIF(?, 0), ?, ?)`,
		i.ID, i.Deed, i.PostID, i.TargetID, i.AccountID, i.URI, i.AskedURI, i.StampURI, i.MadeID, i.state, millis(t.now))
	return n > 0, err
}

// told is the post that tells of an interaction: what was made, or what it is about.
func (i *Interaction) told() int64 {
	if i.MadeID != 0 {
		return i.MadeID
	}
	return i.PostID
}

// detail is what the outbox needs to speak of an interaction with a post.
func (i *Interaction) detail(p *Post) OutboxDetail {
	return OutboxDetail{PostID: i.told(), ObjectURI: p.URI, ActivityURI: i.AskedURI, Quoting: i.URI, Stamp: i.StampURI, Deed: i.Deed, Visibility: p.Visibility}
}

// Request is what waits for a member's answer.
type Request struct {
	*Interaction
	From *Account
	Post *PostView // what it is about
	Made *PostView // the reply or the quoting post, if there is one and it is stored
}

// Requests lists what waits for a member's answer, the longest waiting first,
// after an id.
func (db *DB) Requests(ctx context.Context, accountID, after int64, limit int) ([]*Request, error) {
	var list []*Request
	people := map[int64]bool{}
	var posts []int64
	err := db.rows(ctx, `SELECT `+interactionColumns+` FROM interaction i WHERE i.target_id = ? AND i.state = 1 AND i.id > ? ORDER BY i.id LIMIT ?`,
		[]any{accountID, after, limit}, func(rows *sql.Rows) error {
			i, err := scanInteraction(rows)
			if err == nil {
				list, people[i.AccountID] = append(list, &Request{Interaction: i}), true
				posts = append(posts, i.PostID, i.MadeID)
			}
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("list requests: %w", err)
	}
	accounts, err := db.accountsByID(ctx, people)
	if err != nil {
		return nil, err
	}
	views, err := db.viewPosts(ctx, posts, AsMember(accountID))
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]*PostView, len(views))
	for _, v := range views {
		byID[v.ID] = v
	}
	kept := list[:0]
	for _, r := range list {
		if r.From, r.Post, r.Made = accounts[r.AccountID], byID[r.PostID], byID[r.MadeID]; r.From != nil && r.Post != nil {
			kept = append(kept, r)
		}
	}
	return kept, nil
}

// AnswerRequest lets somebody do with a member's post what they asked for, or
// refuses it. ErrNotFound if nothing of this id waits for the member.
func (db *DB) AnswerRequest(ctx context.Context, accountID, id int64, accept bool) error {
	return db.write(ctx, "answer request", func(t *tx) error {
		i, err := txInteraction(t, `i.id = ? AND i.target_id = ? AND i.state = ?`, id, accountID, ApprovalWaiting)
		if err != nil {
			return err
		}
		p, err := txPost(t, `p.id = ?`, i.PostID)
		if err != nil {
			return err
		}
		if err := unnotify(t, accountID, NotifyAsked, i.AccountID, i.told()); err != nil {
			return err
		}
		if !accept {
			return turnDown(t, i, p)
		}
		if err := grant(t, i, p); err != nil {
			return err
		}
		return carryOut(t, i, p)
	})
}

// turnDown refuses what waits, and tells who asked if they are elsewhere.
func turnDown(t *tx, i *Interaction, p *Post) error {
	kind := OutboxRefuse
	if i.Deed == DeedQuote {
		kind = OutboxRejectQuote
	}
	d := i.detail(p)
	d.TargetID, d.PostID, d.Stamp = i.AccountID, p.ID, ""
	if err := tellRemote(t, i.AccountID, kind, p.AccountID, d); err != nil {
		return err
	}
	return takeAway(t, i, p)
}

// carryOut does what was asked for, now that it is approved.
func carryOut(t *tx, i *Interaction, p *Post) error {
	if _, err := t.exec(`UPDATE interaction SET state = ?, stamp_uri = ? WHERE id = ?`, approvalGiven, i.StampURI, i.ID); err != nil {
		return err
	}
	switch i.Deed {
	case DeedFavourite:
		_, err := insertFavourite(t, i.ID, i.URI, i.AccountID, p)
		return err
	case DeedBoost:
		return carryOutBoost(t, i, p)
	case DeedReply:
		return carryOutReply(t, i)
	}
	made, err := txPost(t, `p.uri = ?`, i.URI)
	if errors.Is(err, ErrNotFound) {
		return addJob(t, NewJob{Kind: JobFetch, Key: i.URI, Payload: i.URI})
	}
	if err != nil {
		return err
	}
	q, err := txQuote(t, made.ID)
	if err != nil || q.QuotedID != p.ID || q.State != QuoteWaiting {
		return ignoreMissing(err)
	}
	if _, err := linkQuote(t, made, p, *q); err != nil || !t.db.IsLocal(made.URI) {
		return err
	}
	if _, err := t.exec(`UPDATE quote SET stamp_uri = ? WHERE post_id = ?`, i.StampURI, made.ID); err != nil {
		return err
	}
	return tellQuotes(t, []int64{made.ID})
}

func carryOutBoost(t *tx, i *Interaction, p *Post) error {
	fresh, err := insertBoost(t, boostRow{id: i.ID, uri: i.URI, accountID: i.AccountID, visibility: p.Visibility, createdAt: t.now}, p)
	if err != nil || !fresh || !t.db.IsLocal(i.URI) || !p.Leaves() {
		return err
	}
	return addOutbox(t, OutboxBoost, i.AccountID, OutboxDetail{PostID: p.ID, ObjectURI: p.URI, ActivityURI: i.URI, TargetID: p.AccountID, Visibility: p.Visibility, Stamp: i.StampURI})
}

// carryOutReply shows a held reply to all it is for, and publishes a member's.
func carryOutReply(t *tx, i *Interaction) error {
	made, err := txPost(t, `p.id = ?`, i.MadeID)
	if err != nil {
		return ignoreMissing(err)
	}
	if _, err := t.exec(`UPDATE post SET approval = 0 WHERE id = ?`, made.ID); err != nil {
		return err
	}
	made.Approval = ApprovalNone
	if err := countPost(t, made, +1); err != nil || !t.db.IsLocal(made.URI) || !made.Leaves() {
		return err
	}
	return publishPost(t, made)
}

// takeAway removes what its author does not allow, or allows no more. A
// member's own reply stays for themselves, and says so; one between two other
// servers leaves the thread.
func takeAway(t *tx, i *Interaction, p *Post) error {
	if _, err := t.exec(`UPDATE interaction SET state = ?, stamp_uri = '' WHERE id = ?`, ApprovalRefused, i.ID); err != nil {
		return err
	}
	local := t.db.IsLocal(i.URI)
	switch i.Deed {
	case DeedFavourite:
		_, _, err := removeFavourite(t, i.AccountID, `uri = ?2`, i.URI)
		return ignoreMissing(err)
	case DeedBoost:
		return takeAwayBoost(t, i, p)
	case DeedReply:
		made, err := txPost(t, `p.uri = ?`, i.URI)
		if err != nil {
			return ignoreMissing(err)
		}
		switch {
		case local:
			return setApproval(t, made, ApprovalRefused)
		case !t.db.IsLocal(p.URI):
			return setApproval(t, made, ApprovalUnproven)
		}
		return removePost(t, made)
	}
	var told []int64
	err := t.rows(`UPDATE quote SET state = ?, stamp_uri = '' WHERE quoted_id = ? AND post_id = (SELECT id FROM post WHERE uri = ?) RETURNING post_id`,
		[]any{QuoteRemoved, p.ID, i.URI}, func(rows *sql.Rows) error {
			var id int64
			err := rows.Scan(&id)
			told = append(told, id)
			return err
		})
	if err != nil {
		return err
	}
	return tellQuotes(t, told)
}

func takeAwayBoost(t *tx, i *Interaction, p *Post) error {
	var id int64
	if err := t.row(`SELECT id FROM boost WHERE uri = ?`, []any{i.URI}, &id); err != nil {
		return ignoreMissing(err)
	}
	if err := removeBoost(t, id, i.AccountID, p); err != nil || !t.db.IsLocal(i.URI) || !p.Leaves() {
		return err
	}
	return addOutbox(t, OutboxUnboost, i.AccountID, OutboxDetail{PostID: p.ID, ObjectURI: p.URI, ActivityURI: i.URI, TargetID: p.AccountID, Visibility: p.Visibility})
}

// setApproval takes a reply out of the thread: a member's refused one stays for
// themselves.
func setApproval(t *tx, made *Post, a Approval) error {
	if made.Approval == ApprovalNone {
		if err := countPost(t, made, -1); err != nil {
			return err
		}
	}
	_, err := t.exec(`UPDATE post SET approval = ? WHERE id = ?`, a, made.ID)
	return err
}
