package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Filter folds away, or hides, posts that a member does not want to read: those
// with certain words, or certain posts. It acts when reading; see filter_match.go.
type Filter struct {
	ID        int64
	Title     string
	Contexts  FilterContexts
	Action    FilterAction
	ExpiresAt time.Time // zero: never
	Phrases   []FilterPhrase
	Posts     []FilterPost
}

// FilterPhrase is a word or several.
type FilterPhrase struct {
	ID        int64 // 0: new
	Text      string
	WholeWord bool // not as a part of a longer word
	Pattern   bool // a regular expression, as RE2 writes them
}

// FilterPost is one post that is filtered.
type FilterPost struct{ ID, PostID int64 }

// FilterContexts is a set of places in which a filter acts.
type FilterContexts int

// The places, as bits.
const (
	FilterHome FilterContexts = 1 << iota // and lists
	FilterNotifications
	FilterPublic // timelines, tags and search
	FilterThread
	FilterAccount    // profiles
	filterEverywhere = FilterHome | FilterNotifications | FilterPublic | FilterThread | FilterAccount
)

// FilterAction is what happens to a post that a filter finds.
type FilterAction int

// The actions.
const (
	FilterWarn FilterAction = iota // one line, which opens
	FilterHide
	FilterBlur // its pictures and videos alone are covered
)

// check cleans a filter, or says what is wrong with it.
func (f *Filter) check() (err error) {
	if f.Title, err = line("title", f.Title, maxFilterTitle); err != nil {
		return err
	}
	switch {
	case f.Contexts == 0:
		return &InputError{Field: "contexts", Problem: InputEmpty}
	case f.Contexts&^filterEverywhere != 0:
		return &InputError{Field: "contexts", Problem: InputRefused}
	case f.Action < FilterWarn || f.Action > FilterBlur:
		return &InputError{Field: "action", Problem: InputRefused}
	case len(f.Phrases) > maxPhrases:
		return &InputError{Field: "phrases", Problem: InputMany, Limit: maxPhrases}
	}
	for i := range f.Phrases {
		p := &f.Phrases[i]
		if p.Text, err = line("phrases", p.Text, maxPhrase); err != nil {
			return err
		}
		if _, err := compilePhrase(*p); err != nil {
			return err
		}
	}
	return nil
}

// CreateFilter stores a new filter of a member with its phrases, and sets the ids.
func (db *DB) CreateFilter(ctx context.Context, accountID int64, f *Filter) error {
	if err := f.check(); err != nil {
		return err
	}
	return db.writeFilter(ctx, accountID, "create filter", func(t *tx) error {
		if err := insertFilter(t, accountID, f); err != nil {
			return err
		}
		return savePhrases(t, accountID, f)
	})
}

// insertFilter stores a new filter without its phrases, and sets its id.
func insertFilter(t *tx, accountID int64, f *Filter) error {
	var n int
	if err := t.row(`SELECT COUNT(*) FROM filter WHERE account_id = ?`, []any{accountID}, &n); err != nil {
		return err
	}
	if n >= maxFilters {
		return &InputError{Field: "title", Problem: InputMany, Limit: maxFilters}
	}
	f.ID = t.db.ids.next()
	_, err := t.exec(`INSERT INTO filter (id, account_id, title, contexts, action, expires_at) VALUES (?, ?, ?, ?, ?, ?)`,
		f.ID, accountID, f.Title, f.Contexts, f.Action, millis(f.ExpiresAt))
	return err
}

// UpdateFilter changes a member's filter. Its phrases become those of f: one
// with an ID is changed, one without is new, and those that f has not are
// removed. Its posts stay. ErrNotFound if they have no such filter.
func (db *DB) UpdateFilter(ctx context.Context, accountID int64, f *Filter) error {
	if err := f.check(); err != nil {
		return err
	}
	return db.writeFilter(ctx, accountID, "update filter", func(t *tx) error {
		n, err := t.exec(`UPDATE filter SET title = ?, contexts = ?, action = ?, expires_at = ? WHERE id = ? AND account_id = ?`,
			f.Title, f.Contexts, f.Action, millis(f.ExpiresAt), f.ID, accountID)
		if err := errors.Join(err, missingIf(n == 0)); err != nil {
			return err
		}
		return savePhrases(t, accountID, f)
	})
}

// writeFilter is a write after which filters are read again.
func (db *DB) writeFilter(ctx context.Context, accountID int64, name string, do func(*tx) error) error {
	return db.write(ctx, name, func(t *tx) error {
		t.onCommit(db.filters.forget)
		t.publish(News{Kind: NewsFilters, AccountID: accountID})
		return do(t)
	})
}

// savePhrases makes the stored phrases of a filter those that it has.
func savePhrases(t *tx, accountID int64, f *Filter) error {
	var kept []int64
	for _, p := range f.Phrases {
		if p.ID != 0 {
			kept = append(kept, p.ID)
		}
	}
	if _, err := t.exec(`DELETE FROM filter_phrase WHERE filter_id = ? AND id NOT IN (SELECT value FROM json_each(?))`, f.ID, idList(kept)); err != nil {
		return err
	}
	for i := range f.Phrases {
		p := &f.Phrases[i]
		if p.ID == 0 {
			p.ID = t.db.ids.next()
			if _, err := t.exec(`INSERT INTO filter_phrase (id, filter_id, phrase, whole_word, pattern) VALUES (?, ?, ?, ?, ?)`,
				p.ID, f.ID, p.Text, p.WholeWord, p.Pattern); err != nil {
				return err
			}
			continue
		}
		n, err := t.exec(`UPDATE filter_phrase SET phrase = ?, whole_word = ?, pattern = ? WHERE id = ? AND filter_id = ?`, p.Text, p.WholeWord, p.Pattern, p.ID, f.ID)
		if err := errors.Join(err, missingIf(n == 0)); err != nil {
			return err
		}
	}
	var n int
	err := t.row(`SELECT COUNT(*) FROM filter_phrase x JOIN filter f ON f.id = x.filter_id WHERE f.account_id = ? AND x.pattern`, []any{accountID}, &n)
	if err == nil && n > maxPatterns {
		return &InputError{Field: "phrases", Problem: InputMany, Limit: maxPatterns}
	}
	return err
}

// DeleteFilter removes a member's filter.
func (db *DB) DeleteFilter(ctx context.Context, accountID, filterID int64) error {
	return db.writeFilter(ctx, accountID, "delete filter", func(t *tx) error {
		n, err := t.exec(`DELETE FROM filter WHERE id = ? AND account_id = ?`, filterID, accountID)
		return errors.Join(err, missingIf(n == 0))
	})
}

// FilterThisPost adds a post that a member sees to a filter of theirs and
// returns its id there.
func (db *DB) FilterThisPost(ctx context.Context, accountID, filterID, postID int64) (id int64, err error) {
	err = db.writeFilter(ctx, accountID, "filter post", func(t *tx) error {
		if _, err := txVisible(t, postID, AsMember(accountID)); err != nil {
			return err
		}
		id, err = addFilterPost(t, accountID, filterID, postID)
		return err
	})
	return id, err
}

// UnfilterPost removes a post, by its id in a filter, from the member's filter.
func (db *DB) UnfilterPost(ctx context.Context, accountID, filterPostID int64) error {
	return db.writeFilter(ctx, accountID, "unfilter post", func(t *tx) error {
		n, err := t.exec(`DELETE FROM filter_post WHERE id = ? AND filter_id IN (SELECT id FROM filter WHERE account_id = ?)`, filterPostID, accountID)
		return errors.Join(err, missingIf(n == 0))
	})
}

// Filters returns a member's filters, also those that have expired, by title.
func (db *DB) Filters(ctx context.Context, accountID int64) ([]*Filter, error) {
	var list []*Filter
	byID := map[int64]*Filter{}
	err := db.rows(ctx, `SELECT id, title, contexts, action, expires_at FROM filter WHERE account_id = ? ORDER BY title COLLATE NOCASE, id`,
		[]any{accountID}, func(rows *sql.Rows) error {
			var f Filter
			var expires int64
			err := rows.Scan(&f.ID, &f.Title, &f.Contexts, &f.Action, &expires)
			f.ExpiresAt = fromMillis(expires)
			list, byID[f.ID] = append(list, &f), &f
			return err
		})
	if err != nil || len(list) == 0 {
		return nil, wrap("read filters", err)
	}
	err = db.rows(ctx, `SELECT x.filter_id, x.id, x.phrase, x.whole_word, x.pattern FROM filter f JOIN filter_phrase x ON x.filter_id = f.id
		WHERE f.account_id = ? ORDER BY x.id`, []any{accountID}, func(rows *sql.Rows) error {
		var id int64
		var p FilterPhrase
		err := rows.Scan(&id, &p.ID, &p.Text, &p.WholeWord, &p.Pattern)
		if f := byID[id]; err == nil && f != nil {
			f.Phrases = append(f.Phrases, p)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read phrases of filters: %w", err)
	}
	err = db.rows(ctx, `SELECT x.filter_id, x.id, x.post_id FROM filter f JOIN filter_post x ON x.filter_id = f.id
		WHERE f.account_id = ? ORDER BY x.id`, []any{accountID}, func(rows *sql.Rows) error {
		var id int64
		var p FilterPost
		err := rows.Scan(&id, &p.ID, &p.PostID)
		if f := byID[id]; err == nil && f != nil {
			f.Posts = append(f.Posts, p)
		}
		return err
	})
	return list, wrap("read posts of filters", err)
}

// Filter returns one filter of a member, or ErrNotFound.
func (db *DB) Filter(ctx context.Context, accountID, filterID int64) (*Filter, error) {
	list, err := db.Filters(ctx, accountID)
	if err != nil {
		return nil, err
	}
	for _, f := range list {
		if f.ID == filterID {
			return f, nil
		}
	}
	return nil, ErrNotFound
}
