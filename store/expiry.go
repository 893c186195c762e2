package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Bounds of how long a post stands, if it deletes itself, and of how far ahead
// one can be scheduled.
const (
	MinExpiry   = time.Hour
	MaxExpiry   = 366 * 24 * time.Hour
	MaxSchedule = 366 * 24 * time.Hour
)

// The ways in which a draft is refused for its time or its place among drafts.
const (
	PostBadTime       PostProblem = "is for a time that has passed or is too far away"
	PostBadExpiry     PostProblem = "stands for too short or too long a time"
	PostManyDrafts    PostProblem = "is one draft too many"
	PostManyScheduled PostProblem = "is one scheduled post too many"
	PostDraftGone     PostProblem = "is a draft that was posted or deleted meanwhile"
	PostAuthorStopped PostProblem = "is of somebody who may not log in"
)

// checkExpiry refuses a time for which no post can stand; 0 is for good.
func checkExpiry(d time.Duration) error {
	if d != 0 && (d < MinExpiry || d > MaxExpiry) {
		return &PostError{Problem: PostBadExpiry}
	}
	return nil
}

// expireLater has a post deleted after a while; 0: never.
func expireLater(t *tx, p *Post, after time.Duration) error {
	if after == 0 {
		return nil
	}
	p.ExpiresAt = t.now.Add(after)
	if _, err := t.exec(`UPDATE post SET expires_at = ? WHERE id = ?`, millis(p.ExpiresAt), p.ID); err != nil {
		return err
	}
	id := strconv.FormatInt(p.ID, 10)
	return addJob(t, NewJob{Kind: JobExpire, Key: id, Payload: id, Delay: after})
}

// ExpirePost deletes a post whose time is over. It is the end of JobExpire.
func (db *DB) ExpirePost(ctx context.Context, postID int64) error {
	return db.write(ctx, "expire post", func(t *tx) error {
		p, err := txPost(t, `p.id = ? AND p.expires_at > 0 AND p.expires_at <= ?`, postID, millis(t.now))
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return withdraw(t, p)
	})
}

// Tidying is which old posts of a member are deleted by themselves. Drafts and
// boosts are not posts; what is kept is kept for good.
type Tidying struct {
	Days           int  `json:"days"` // posts older than that; 0: none are deleted
	KeepPinned     bool `json:"pinned"`
	KeepFavourited bool `json:"favourited"` // by the member
	KeepBookmarked bool `json:"bookmarked"` // by the member
	KeepMedia      bool `json:"media"`
	KeepPolls      bool `json:"polls"`
	KeepDirect     bool `json:"direct"`
	MinFavourites  int  `json:"favourites"` // posts with at least so many stay; 0: the number does not matter
	MinBoosts      int  `json:"boosts"`
}

// UsualTidying is what the form of a member who has chosen nothing begins with.
var UsualTidying = Tidying{KeepPinned: true, KeepFavourited: true, KeepBookmarked: true, KeepDirect: true}

// Tidying returns a member's rules; UsualTidying, which deletes nothing, if they
// made none.
func (db *DB) Tidying(ctx context.Context, accountID int64) (Tidying, error) {
	rules := UsualTidying
	var text string
	err := db.row(ctx, `SELECT rules FROM tidying WHERE account_id = ?`, []any{accountID}, &text)
	if errors.Is(err, ErrNotFound) {
		return rules, nil
	}
	if err != nil {
		return rules, fmt.Errorf("rules for old posts: %w", err)
	}
	return rules, json.Unmarshal([]byte(text), &rules)
}

// SetTidying stores a member's rules, which act from now on. *InputError if one
// is none of those that can be.
func (db *DB) SetTidying(ctx context.Context, accountID int64, rules Tidying) error {
	switch {
	case rules.Days != 0 && (rules.Days < MinTidyDays || rules.Days > MaxTidyDays):
		return &InputError{Field: "days", Problem: InputRefused}
	case rules.MinFavourites < 0 || rules.MinFavourites > maxTidyCount:
		return &InputError{Field: "min_favourites", Problem: InputRefused}
	case rules.MinBoosts < 0 || rules.MinBoosts > maxTidyCount:
		return &InputError{Field: "min_boosts", Problem: InputRefused}
	}
	return db.write(ctx, "set rules for old posts", func(t *tx) error {
		_, err := t.exec(`INSERT INTO tidying (account_id, rules, next_at) VALUES (?1, ?2, ?3)
			ON CONFLICT (account_id) DO UPDATE SET rules = excluded.rules, next_at = excluded.next_at`, accountID, encodeJSON(rules), millis(t.now))
		if err != nil || rules.Days == 0 {
			return err
		}
		return tidyLater(t, accountID, t.now)
	})
}

func tidyLater(t *tx, accountID int64, at time.Time) error {
	id := strconv.FormatInt(accountID, 10)
	return addJob(t, NewJob{Kind: JobTidy, Key: id + " " + strconv.FormatInt(millis(at), 10), Payload: id, Delay: at.Sub(t.now)})
}

// Tidy deletes old posts of a member as their rules say, some at a time, and has
// itself run again: soon if there are more, else after a day. It is the end of
// JobTidy, and safe to repeat: of several jobs for one time one goes on.
func (db *DB) Tidy(ctx context.Context, accountID int64) error {
	return db.write(ctx, "delete old posts", func(t *tx) error {
		var text string
		err := t.row(`SELECT rules FROM tidying WHERE account_id = ? AND next_at <= ?`, []any{accountID, millis(t.now)}, &text)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		var rules Tidying
		if err := json.Unmarshal([]byte(text), &rules); err != nil || rules.Days == 0 {
			return err
		}
		n, err := tidy(t, accountID, rules)
		if err != nil {
			return err
		}
		next := t.now.Add(tidyEvery)
		if n == tidyBatch {
			next = t.now.Add(tidyPause)
		}
		if _, err := t.exec(`UPDATE tidying SET next_at = ? WHERE account_id = ?`, millis(next), accountID); err != nil {
			return err
		}
		return tidyLater(t, accountID, next)
	})
}

// tidy deletes the oldest posts that rules do not keep, and says how many.
func tidy(t *tx, accountID int64, rules Tidying) (int, error) {
	var ids []int64
	err := t.rows(`SELECT p.id FROM post p WHERE p.account_id = ?1 AND p.id < ?2
			AND (?3 = 0 OR NOT EXISTS (SELECT 1 FROM pin x WHERE x.post_id = p.id))
			AND (?4 = 0 OR NOT EXISTS (SELECT 1 FROM favourite x WHERE x.post_id = p.id AND x.account_id = ?1))
			AND (?5 = 0 OR NOT EXISTS (SELECT 1 FROM bookmark x WHERE x.post_id = p.id AND x.account_id = ?1))
			AND (?6 = 0 OR NOT EXISTS (SELECT 1 FROM attachment x WHERE x.post_id = p.id))
			AND (?7 = 0 OR p.kind <> ?8) AND (?9 = 0 OR p.visibility <> ?10)
			AND (?11 = 0 OR p.favourites_count < ?11) AND (?12 = 0 OR p.boosts_count < ?12)
		ORDER BY p.id LIMIT ?13`,
		[]any{accountID, idAt(t.now.AddDate(0, 0, -rules.Days), 0), rules.KeepPinned, rules.KeepFavourited, rules.KeepBookmarked, rules.KeepMedia,
			rules.KeepPolls, Question, rules.KeepDirect, Direct, rules.MinFavourites, rules.MinBoosts, tidyBatch}, func(rows *sql.Rows) error {
			var id int64
			err := rows.Scan(&id)
			ids = append(ids, id)
			return err
		})
	for _, id := range ids {
		p, err := txPost(t, `p.id = ?`, id)
		if err != nil {
			return 0, err
		}
		if err := withdraw(t, p); err != nil {
			return 0, err
		}
	}
	return len(ids), err
}
