package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
)

// QuoteState is how far the author of a quoted post agrees to being quoted.
type QuoteState int

// The states of quotes.
const (
	QuoteOpen     QuoteState = iota // its server knows no consent: shown while the quoted post is public
	QuoteWaiting                    // not approved yet, or the approval was not seen yet: shown as a link
	QuoteApproved                   // also everybody's quotes of themselves
	QuoteRemoved                    // refused, taken back, or the quoted post is deleted
)

// Quote is what a post quotes.
type Quote struct {
	URI      string // of the quoted post
	QuotedID int64  // 0: it is not stored
	State    QuoteState
	StampURI string // by which its author approves, "" none
}

// RemoteQuote is what a post of an account elsewhere says that it quotes. The
// zero value is nothing.
type RemoteQuote struct {
	URI      string
	StampURI string
	Asks     bool // its server knows of consent (FEP-044f): without a stamp it is not approved
}

// QuoteView is a quote as one viewer sees it.
type QuoteView struct {
	URI      string // of the quoted post
	State    QuoteState
	StampURI string
	URL      string    // its page, "" if it is not stored
	Hidden   bool      // the viewer may not see the quoted post
	Post     *PostView // nil: not shown, or not stored
}

// MayQuote says whether a member may quote a post that they can see: what
// followers see its author alone, what was said to few nobody.
func (v *PostView) MayQuote(accountID int64) bool {
	if v.Visibility == Direct || v.Approval != ApprovalNone {
		return false
	}
	return v.AccountID == accountID || v.Visibility != Followers && v.Verdict(DeedQuote) != Refused
}

// receiveQuote stores all about quotes that a received post brings.
func receiveQuote(t *tx, r *RemotePost) error {
	if r.Policy != 0 {
		if err := keepPolicy(t, r.ID, r); err != nil {
			return err
		}
	}
	awaited, err := adoptQuotes(t, &r.Post)
	if err != nil {
		return err
	}
	return keepQuote(t, &r.Post, r.Quote, !awaited)
}

// keepQuote stores what a received post quotes, with the job that reads it or
// its approval. A post that came because it is quoted itself gets none: chains
// and circles of quotes are followed for one step only.
func keepQuote(t *tx, p *Post, q RemoteQuote, follow bool) error {
	if q.URI == "" || q.URI == p.URI {
		return nil
	}
	quoted, err := quotedPost(t, q.URI)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if quoted != nil && quoted.ID == p.ID {
		return nil
	}
	state := QuoteOpen
	if q.Asks {
		state = QuoteWaiting
	}
	if quoted == nil {
		gone, err := t.exists(`SELECT 1 FROM tombstone WHERE uri = ?`, q.URI)
		if err != nil {
			return err
		}
		if gone {
			state = QuoteRemoved
		}
	}
	if _, err := t.exec(`INSERT INTO quote (post_id, uri, state, stamp_uri) VALUES (?, ?, ?, ?)`, p.ID, q.URI, state, q.StampURI); err != nil {
		return err
	}
	if quoted != nil {
		if state, err = linkQuote(t, p, quoted, Quote{URI: q.URI, State: state, StampURI: q.StampURI}); err != nil {
			return err
		}
	}
	if follow && state != QuoteRemoved && (quoted == nil || state == QuoteWaiting && q.StampURI != "") {
		return quoteLater(t, p.ID)
	}
	return nil
}

func quoteLater(t *tx, postID int64) error {
	id := strconv.FormatInt(postID, 10)
	return addJob(t, NewJob{Kind: JobQuote, Key: id, Payload: id})
}

// quotedPost finds a stored post by the URI or, of a member, by its page.
func quotedPost(t *tx, uri string) (*Post, error) {
	if id, ok := t.db.localPostID(uri); ok {
		return txPost(t, `p.id = ?`, id)
	}
	return txPost(t, `p.uri = ?`, uri)
}

// linkQuote notes that the quoted post of p is stored, and tells its author if
// the quote counts. Who quotes themselves needs no approval (FEP-044f), and an
// approval that a member gave is looked up here.
func linkQuote(t *tx, p, quoted *Post, q Quote) (QuoteState, error) {
	state := q.State
	if state == QuoteWaiting || state == QuoteOpen {
		stamped, err := t.exists(`SELECT 1 FROM stamp WHERE post_id = ? AND quoting_uri = ? AND deed = 3`, quoted.ID, p.URI)
		if err != nil {
			return state, err
		}
		if stamped || quoted.AccountID == p.AccountID {
			state = QuoteApproved
		}
	}
	if _, err := t.exec(`UPDATE quote SET quoted_id = ?, state = ? WHERE post_id = ?`, quoted.ID, state, p.ID); err != nil {
		return state, err
	}
	if state == QuoteApproved || state == QuoteOpen && quoted.Visibility <= Unlisted {
		return state, notify(t, quoted.AccountID, NotifyQuote, p.AccountID, p.ID)
	}
	return state, nil
}

// adoptQuotes links the quotes of a post that arrived before it, and says
// whether there were any.
func adoptQuotes(t *tx, quoted *Post) (awaited bool, err error) {
	n, err := t.exec(`UPDATE quote SET quoted_id = ?1,
			state = CASE WHEN state < 2 AND post_id IN (SELECT id FROM post WHERE account_id = ?2) THEN 2 ELSE state END
		WHERE uri = ?3 AND quoted_id IS NULL AND post_id <> ?1`, quoted.ID, quoted.AccountID, quoted.URI)
	return n > 0, err
}

// updateQuote takes over what a newer version of a received post says that it
// quotes: an approval mostly, which comes with an Update that changes nothing else.
func updateQuote(t *tx, p *Post, q RemoteQuote) error {
	if q.URI == "" {
		return nil // servers leave it out of updates
	}
	old, err := txQuote(t, p.ID)
	if errors.Is(err, ErrNotFound) {
		return keepQuote(t, p, q, true)
	}
	if err != nil || old.State == QuoteRemoved && old.StampURI == q.StampURI {
		return err
	}
	if old.URI == q.URI && (old.StampURI == q.StampURI || !q.Asks) {
		return nil
	}
	if _, err := t.exec(`DELETE FROM quote WHERE post_id = ?`, p.ID); err != nil {
		return err
	}
	return keepQuote(t, p, q, true)
}

func txQuote(t *tx, postID int64) (*Quote, error) {
	var q Quote
	err := t.row(`SELECT uri, COALESCE(quoted_id, 0), state, stamp_uri FROM quote WHERE post_id = ?`, []any{postID}, &q.URI, &q.QuotedID, &q.State, &q.StampURI)
	return &q, err
}

// Quote returns what a post quotes; ErrNotFound if nothing.
func (db *DB) Quote(ctx context.Context, postID int64) (*Quote, error) {
	var q Quote
	err := db.row(ctx, `SELECT uri, COALESCE(quoted_id, 0), state, stamp_uri FROM quote WHERE post_id = ?`, []any{postID},
		&q.URI, &q.QuotedID, &q.State, &q.StampURI)
	return &q, err
}

// LinkQuote notes which stored post it is that a post quotes.
func (db *DB) LinkQuote(ctx context.Context, postID, quotedID int64) error {
	return db.write(ctx, "link quote", func(t *tx) error {
		q, err := txQuote(t, postID)
		if err != nil || q.QuotedID == quotedID {
			return err
		}
		p, err := txPost(t, `p.id = ?`, postID)
		if err != nil {
			return err
		}
		quoted, err := txPost(t, `p.id = ?`, quotedID)
		if err != nil {
			return err
		}
		if quoted.ID == p.ID { // it quotes its own page
			_, err := t.exec(`DELETE FROM quote WHERE post_id = ?`, postID)
			return err
		}
		_, err = linkQuote(t, p, quoted, *q)
		return err
	})
}

// ApproveQuote notes that the stamp of a waiting quote was found to be good.
func (db *DB) ApproveQuote(ctx context.Context, postID int64, stampURI string) error {
	return db.write(ctx, "approve quote", func(t *tx) error {
		_, err := t.exec(`UPDATE quote SET state = ? WHERE post_id = ? AND stamp_uri = ? AND state = ?`, QuoteApproved, postID, stampURI, QuoteWaiting)
		return err
	})
}

// ReceiveRevocation takes back the approval of quotes of an account elsewhere,
// by that account. ErrNotFound if it approved nothing by that stamp.
func (db *DB) ReceiveRevocation(ctx context.Context, accountID int64, stampURI string) error {
	return db.write(ctx, "receive revocation", func(t *tx) error {
		var told []int64
		err := t.rows(`UPDATE quote SET state = ? WHERE stamp_uri = ? AND stamp_uri <> '' AND quoted_id IN (SELECT id FROM post WHERE account_id = ?)
			RETURNING post_id`, []any{QuoteRemoved, stampURI, accountID}, func(rows *sql.Rows) error {
			var id int64
			err := rows.Scan(&id)
			told = append(told, id)
			return err
		})
		if err != nil || len(told) == 0 {
			return errors.Join(err, missingIf(len(told) == 0))
		}
		return tellQuotes(t, told)
	})
}

// tellQuotes has those of some posts that are by members told again.
func tellQuotes(t *tx, postIDs []int64) error {
	for _, id := range postIDs {
		p, err := txPost(t, `p.id = ?`, id)
		if err != nil {
			return err
		}
		if !t.db.IsLocal(p.URI) {
			continue
		}
		if err := addOutbox(t, OutboxUpdateQuote, p.AccountID, OutboxDetail{PostID: id}); err != nil {
			return err
		}
	}
	return nil
}

// fillQuotes adds to posts what they quote, as far as the viewer may see it.
// What a quoted post quotes itself is not loaded.
func (db *DB) fillQuotes(ctx context.Context, views map[int64]*PostView, viewer Viewer) error {
	ids := idsWhere(views, func(v *PostView) bool { return v.kept.quotesOne })
	if len(ids) == 0 {
		return nil
	}
	quoted := map[int64]int64{} // by who quotes
	var wanted []int64
	err := db.rows(ctx, `SELECT q.post_id, q.uri, q.state, q.stamp_uri, COALESCE(x.url, ''), COALESCE(q.quoted_id, 0), COALESCE(`+unquotable+`, 0) AND q.state = 0,
			x.visibility > 1 AND q.state = 0 OR EXISTS (SELECT 1 FROM block b WHERE b.account_id = x.account_id AND b.target_id = p.account_id)
		FROM quote q JOIN post p ON p.id = q.post_id LEFT JOIN post x ON x.id = q.quoted_id
		WHERE q.post_id IN (SELECT value FROM json_each(?))`, []any{idList(ids)}, func(rows *sql.Rows) error {
		var q QuoteView
		var post, id int64
		var unwanted bool
		var hidden sql.NullBool
		if err := rows.Scan(&post, &q.URI, &q.State, &q.StampURI, &q.URL, &id, &unwanted, &hidden); err != nil {
			return err
		}
		if unwanted {
			q.State = QuoteWaiting
		}
		q.Hidden = id != 0 && hidden.Bool
		if id != 0 && !q.Hidden && q.State != QuoteRemoved {
			quoted[post] = id
			wanted = append(wanted, id)
		}
		views[post].Quote = &q
		return nil
	})
	if err != nil || len(wanted) == 0 {
		return err
	}
	seen, err := db.glances(ctx, wanted, viewer)
	if err != nil {
		return err
	}
	loaded, err := db.loadViews(ctx, seen, viewer)
	if err != nil {
		return fmt.Errorf("load quoted posts: %w", err)
	}
	for post, id := range quoted {
		q := views[post].Quote
		if found := loaded[id]; found == nil {
			q.Hidden = true
		} else if q.State != QuoteWaiting {
			q.Post = found
		}
	}
	return nil
}
