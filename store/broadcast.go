package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"
)

// Broadcast is a post on its way to many readers at once: it is loaded once,
// and what it looks like to a reader follows from their [Standing].
type Broadcast struct {
	Scope *PostScope

	db     *DB
	view   *PostView  // as it looks to somebody who did nothing with it
	quoted *PostScope // of what it quotes, if its author sees that
	ties   map[int64]tie
	texts  filterTexts
	now    time.Time
}

// tie is what a reader did with a post before.
type tie struct{ favourited, boosted, bookmarked, more bool }

// Look is how a post looks to a reader: to those with the same look it looks the same.
type Look struct {
	reader   int64 // if it looks like that to them alone
	tie      tie
	muted    bool
	relation relation
}

// filterTexts is what filters look at, made when the first reader has one.
type filterTexts struct {
	made         bool
	text, folded string
}

// Broadcast loads a post for the readers given. fresh says that none of them
// can have done anything with it yet. ErrNotFound if it is gone.
func (db *DB) Broadcast(ctx context.Context, scope *PostScope, readers []int64, fresh bool) (*Broadcast, error) {
	views, err := db.viewPosts(ctx, []int64{scope.PostID}, AsMember(scope.AccountID))
	if err != nil {
		return nil, err
	}
	if len(views) == 0 {
		return nil, ErrNotFound
	}
	b := &Broadcast{Scope: scope, db: db, view: plain(views[0]), now: db.now()}
	if q := b.view.Quote; q != nil && q.Post != nil {
		if b.quoted, err = db.Scope(ctx, q.Post.ID); err != nil {
			return nil, err
		}
	}
	if fresh && b.quoted == nil {
		return b, nil
	}
	return b, b.loadTies(ctx, readers)
}

// plain is the view without what its author did.
func plain(v *PostView) *PostView {
	p := *v
	p.Favourited, p.Boosted, p.Bookmarked, p.Muted, p.HostBlocked, p.Thread, p.waiting, p.Filtered = false, false, false, false, false, ThreadAsUsual, 0, nil
	p.Reactions = slices.Clone(v.Reactions)
	for i := range p.Reactions {
		p.Reactions[i].Mine = false
	}
	if v.Poll != nil {
		poll := *v.Poll
		poll.Voted, poll.Options = false, slices.Clone(v.Poll.Options)
		for i := range poll.Options {
			poll.Options[i].Mine = false
		}
		p.Poll = &poll
	}
	return &p
}

// loadTies finds who of the readers did something with the post, or with what it quotes.
func (b *Broadcast) loadTies(ctx context.Context, readers []int64) error {
	var quoted int64
	if b.quoted != nil {
		quoted = b.quoted.PostID
	}
	b.ties = map[int64]tie{}
	const table = ` WHERE post_id = ?1 AND account_id IN (SELECT value FROM json_each(?2))`
	const inner = ` WHERE post_id = ?3 AND account_id IN (SELECT value FROM json_each(?2))`
	err := b.db.rows(ctx, `SELECT account_id, 0 FROM favourite`+table+` UNION ALL SELECT account_id, 1 FROM boost`+table+
		` UNION ALL SELECT account_id, 2 FROM bookmark`+table+` UNION ALL SELECT account_id, 3 FROM reaction`+table+
		` UNION ALL SELECT account_id, 3 FROM poll_vote`+table+` UNION ALL SELECT account_id, 3 FROM interaction`+table+
		` UNION ALL SELECT account_id, 3 FROM favourite`+inner+` UNION ALL SELECT account_id, 3 FROM boost`+inner+
		` UNION ALL SELECT account_id, 3 FROM bookmark`+inner+` UNION ALL SELECT account_id, 3 FROM reaction`+inner+` UNION ALL SELECT account_id, 3 FROM poll_vote`+inner,
		[]any{b.Scope.PostID, idList(readers), quoted}, func(rows *sql.Rows) error {
			var id int64
			var what int
			err := rows.Scan(&id, &what)
			t := b.ties[id]
			switch what {
			case 0:
				t.favourited = true
			case 1:
				t.boosted = true
			case 2:
				t.bookmarked = true
			default:
				t.more = true
			}
			b.ties[id] = t
			return err
		})
	if err != nil {
		return fmt.Errorf("who did what with post %d: %w", b.Scope.PostID, err)
	}
	return nil
}

// For returns the post as a reader sees it who sees it, brought by booster
// unless that is nil. It asks the database only where the reader is the author,
// voted or reacted before, or does not see all that is quoted.
func (b *Broadcast) For(ctx context.Context, s *Standing, booster *Account) (*PostView, Look, error) {
	v, look, err := b.lookOf(ctx, s)
	if err == nil && booster != nil {
		boosted := *v
		boosted.BoostedBy = []*Account{booster}
		v = &boosted
	}
	return v, look, err
}

func (b *Broadcast) lookOf(ctx context.Context, s *Standing) (*PostView, Look, error) {
	t := b.ties[s.AccountID]
	quote := b.view.Quote
	if s.AccountID == b.Scope.AccountID || t.more || quote != nil && (quote.Hidden || b.quoted != nil && (!s.Sees(b.quoted) || !s.Hears(b.quoted) || len(s.filters) > 0)) {
		v, err := b.db.PostVisibleTo(ctx, b.Scope.PostID, AsMember(s.AccountID))
		return v, Look{reader: s.AccountID}, err
	}
	look := Look{tie: t, muted: s.threads.has(b.Scope.thread)}
	if !b.view.Policy.open() {
		look.relation = s.relation(b.Scope)
	}
	v := *b.view
	v.Favourited, v.Boosted, v.Bookmarked, v.relation = t.favourited, t.boosted, t.bookmarked, look.relation
	v.Muted, v.HostBlocked = !s.Hears(b.Scope), s.hosts[b.Scope.Host]
	if look.muted {
		v.Thread = ThreadMuted
	}
	if v.Filtered = b.filtered(s); len(v.Filtered) > 0 {
		look.reader = s.AccountID
	}
	return &v, look, nil
}

// relation is relationSQL from memory.
func (s *Standing) relation(p *PostScope) (r relation) {
	for bit, holds := range map[relation]bool{
		relFollower: s.following.has(p.AccountID), relFollowed: s.followers.has(p.AccountID),
		relNamed: p.answers == s.AccountID || p.mentions.has(s.AccountID), relSelf: p.AccountID == s.AccountID,
	} {
		if holds {
			r |= bit
		}
	}
	return r
}

func (b *Broadcast) filtered(s *Standing) []FilterMatch {
	if len(s.filters) == 0 {
		return nil
	}
	if !b.texts.made {
		text := filterText(b.view)
		b.texts = filterTexts{true, text, foldText(text)}
	}
	return matchTexts(s.filters, b.view, b.texts.text, b.texts.folded, b.now)
}

// HomesWith returns which of the readers have a line in their home timeline.
// Whether it is shown, their Standing says.
func (db *DB) HomesWith(ctx context.Context, entryID int64, readers []int64) (map[int64]bool, error) {
	homes := map[int64]bool{}
	err := db.rows(ctx, `SELECT h.account_id FROM json_each(?1) r CROSS JOIN home h ON h.account_id = r.value AND h.id = ?2`,
		[]any{idList(readers), entryID}, func(rows *sql.Rows) error {
			var id int64
			err := rows.Scan(&id)
			homes[id] = true
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("homes with %d: %w", entryID, err)
	}
	return homes, nil
}
