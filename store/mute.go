package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// MuteOptions are how far a mute goes.
type MuteOptions struct {
	Notifications bool          // those of what the account does are hidden too
	Lasts         time.Duration // 0: for good
}

// Mute hides what an account writes and boosts from a member, who still follows
// it. Nobody is told. A second mute replaces the first. ErrForbidden for oneself.
func (db *DB) Mute(ctx context.Context, accountID, targetID int64, o MuteOptions) error {
	if accountID == targetID {
		return fmt.Errorf("mute oneself: %w", ErrForbidden)
	}
	if o.Lasts < 0 || o.Lasts > maxMute {
		return &InputError{Field: "until", Problem: InputRefused}
	}
	return db.write(ctx, "mute", func(t *tx) error {
		t.standingChanged(accountID)
		if _, err := txAccount(t, `a.id = ?`, targetID); err != nil {
			return err
		}
		var until time.Time
		if o.Lasts > 0 {
			until = t.now.Add(o.Lasts)
		}
		_, err := t.exec(`INSERT INTO mute (account_id, target_id, id, notifications, until) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (account_id, target_id) DO UPDATE SET notifications = excluded.notifications, until = excluded.until`,
			accountID, targetID, t.db.ids.next(), o.Notifications, millis(until))
		if err != nil || o.Lasts == 0 {
			return err
		}
		return addJob(t, NewJob{Kind: JobMuteEnd, Key: fmt.Sprintf("%d %d %d", accountID, targetID, millis(until)), Delay: o.Lasts})
	})
}

// Unmute ends a mute.
func (db *DB) Unmute(ctx context.Context, accountID, targetID int64) error {
	return db.write(ctx, "unmute", func(t *tx) error {
		t.standingChanged(accountID)
		_, err := t.exec(`DELETE FROM mute WHERE account_id = ? AND target_id = ?`, accountID, targetID)
		return err
	})
}

// EndMutes ends all mutes whose time is over.
func (db *DB) EndMutes(ctx context.Context) error {
	return db.write(ctx, "end mutes", func(t *tx) error {
		return t.rows(`DELETE FROM mute WHERE until > 0 AND until <= ? RETURNING account_id`, []any{millis(t.now)}, func(rows *sql.Rows) error {
			var id int64
			err := rows.Scan(&id)
			t.standingChanged(id)
			return err
		})
	})
}

// MutesOf lists whom a member muted, newest first; Relations says how.
func (db *DB) MutesOf(ctx context.Context, accountID int64, c Cursor) (*AccountPage, error) {
	return db.accountPage(ctx, "mutes", c, "m.id", `FROM mute m JOIN account a ON a.id = m.target_id WHERE m.account_id = ?1`, accountID)
}

// ThreadChoice is what a member wants of a thread.
type ThreadChoice int

// The choices. A muted thread is out of home, and brings no notifications; of a
// watched one every new post that the member sees brings one.
const (
	ThreadAsUsual ThreadChoice = iota
	ThreadMuted
	ThreadWatched
)

// ChooseThread says what a member wants of the thread that a post stands in.
func (db *DB) ChooseThread(ctx context.Context, accountID, postID int64, choice ThreadChoice) error {
	if choice < ThreadAsUsual || choice > ThreadWatched {
		return &InputError{Field: "choice", Problem: InputRefused}
	}
	return db.write(ctx, "choose thread", func(t *tx) error {
		t.standingChanged(accountID)
		p, err := txVisible(t, postID, AsMember(accountID))
		if err != nil {
			return err
		}
		if choice == ThreadAsUsual {
			_, err = t.exec(`DELETE FROM thread_choice WHERE account_id = ? AND thread_id = (SELECT thread_id FROM post WHERE id = ?)`, accountID, p.ID)
			return err
		}
		_, err = t.exec(`INSERT INTO thread_choice (account_id, thread_id, choice) SELECT ?1, thread_id, ?3 FROM post WHERE id = ?2
			ON CONFLICT (account_id, thread_id) DO UPDATE SET choice = excluded.choice`, accountID, p.ID, choice)
		return err
	})
}

// joinThreads puts the replies that p has just adopted, with all below them,
// into its thread, together with what members said about theirs.
func joinThreads(t *tx, p *Post) error {
	_, err := t.exec(`INSERT OR IGNORE INTO thread_choice (account_id, thread_id, choice)
		SELECT c.account_id, n.thread_id, c.choice FROM post n JOIN post r ON r.reply_to_id = n.id JOIN thread_choice c ON c.thread_id = r.thread_id
		WHERE n.id = ?`, p.ID)
	if err != nil {
		return err
	}
	if err := joinConversations(t, p.ID); err != nil {
		return err
	}
	_, err = t.exec(`WITH RECURSIVE down (id, depth) AS (
			SELECT x.id, 0 FROM post x WHERE x.reply_to_id = ?1
			UNION SELECT y.id, down.depth + 1 FROM down JOIN post y ON y.reply_to_id = down.id WHERE down.depth < 10000)
		UPDATE post SET thread_id = (SELECT r.thread_id FROM post r WHERE r.id = ?1) WHERE id IN (SELECT id FROM down)`, p.ID)
	return err
}
