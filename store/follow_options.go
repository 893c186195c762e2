package store

import (
	"context"
	"database/sql"
	"strings"
)

// FollowOptions are what a follow brings beside posts.
type FollowOptions struct {
	Boosts    bool
	Notify    bool     // a notification of every post
	Languages []string // primary subtags of BCP 47; empty: all. Posts that do not say theirs come too
}

// SetFollowOptions changes what a member's follow, or request, brings.
// ErrNotFound if there is none.
func (db *DB) SetFollowOptions(ctx context.Context, accountID, targetID int64, o FollowOptions) error {
	languages, err := joinLanguages(o.Languages)
	if err != nil {
		return err
	}
	return db.write(ctx, "set follow options", func(t *tx) error {
		t.standingChanged(accountID)
		n, err := t.exec(`UPDATE follow SET boosts = ?, notify = ?, languages = ? WHERE account_id = ? AND target_id = ?`,
			o.Boosts, o.Notify, languages, accountID, targetID)
		if err != nil {
			return err
		}
		return missingIf(n == 0)
	})
}

// joinLanguages makes the column's form of a choice of languages.
func joinLanguages(list []string) (string, error) {
	if len(list) > maxFollowLanguages {
		return "", &InputError{Field: "langs", Problem: InputMany, Limit: maxFollowLanguages}
	}
	joined := ""
	for _, l := range list {
		l, _, _ = strings.Cut(strings.ToLower(l), "-")
		if len(l) < 2 || len(l) > 8 || strings.Trim(l, "abcdefghijklmnopqrstuvwxyz") != "" {
			return "", &InputError{Field: "langs", Problem: InputRefused}
		}
		if !strings.Contains(joined+",", ","+l+",") {
			joined += "," + l
		}
	}
	if joined != "" {
		joined += ","
	}
	return joined, nil
}

func splitLanguages(joined string) []string {
	if joined = strings.Trim(joined, ","); joined == "" {
		return nil
	}
	return strings.Split(joined, ",")
}

// notifyWaiting tells the members who asked for every post of p's author, or of
// its thread, and may see it. Who was told that it names them is not told twice.
func notifyWaiting(t *tx, p *Post) error {
	var ids []int64
	err := t.rows(`SELECT f.account_id FROM follow f WHERE f.target_id = ?1 AND f.notify AND f.accepted AND ?4 = 0
		UNION SELECT c.account_id FROM thread_choice c WHERE c.thread_id = (SELECT thread_id FROM post WHERE id = ?2) AND c.choice = ?3`,
		[]any{p.AccountID, p.ID, ThreadWatched, p.IsReply() && p.ReplyToAccountID != p.AccountID}, func(rows *sql.Rows) error {
			var id int64
			err := rows.Scan(&id)
			ids = append(ids, id)
			return err
		})
	if err != nil {
		return err
	}
	for _, id := range ids {
		seen, err := t.exists(`SELECT 1 FROM post p JOIN account a ON a.id = p.account_id WHERE p.id = ?3 AND `+visible+`
			AND NOT EXISTS (SELECT 1 FROM notification n WHERE n.post_id = p.id AND n.account_id = ?1)`, AsMember(id).args(p.ID)...)
		if err != nil {
			return err
		}
		if !seen {
			continue
		}
		if err := notify(t, id, NotifyPost, p.AccountID, p.ID); err != nil {
			return err
		}
	}
	return nil
}
