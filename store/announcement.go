package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"seedling/store/content"
)

// Announcement is what the admins say to all members.
type Announcement struct {
	ID                  int64
	Source              string // Markdown
	HTML                content.HTML
	StartsAt, EndsAt    time.Time // when it is shown; zero: at once, until it is removed
	AllDay              bool      // the days count, not the hours
	CreatedAt, EditedAt time.Time

	// For the member who reads it.

	Dismissed bool
	Reactions []Reaction
}

// PublishedAt is since when it can be read.
func (a *Announcement) PublishedAt() time.Time {
	if a.StartsAt.After(a.CreatedAt) {
		return a.StartsAt
	}
	return a.CreatedAt
}

// NewAnnouncement is what an admin writes.
type NewAnnouncement struct {
	Source           string
	StartsAt, EndsAt time.Time
	AllDay           bool
}

// check renders what an admin wrote, or says what is wrong with it.
func (n NewAnnouncement) check(ctx context.Context, db *DB) (content.HTML, error) {
	if err := longText("text", n.Source, maxAnnouncement); err != nil {
		return content.HTML{}, err
	}
	if !n.EndsAt.IsZero() && (!n.EndsAt.After(n.StartsAt) || n.EndsAt.Unix() <= 0) {
		return content.HTML{}, &InputError{Field: "ends", Problem: InputRefused}
	}
	return db.renderPage(ctx, n.Source)
}

// CreateAnnouncement stores an announcement. It returns *InputError for one that
// is empty, too long, or over before it begins.
func (db *DB) CreateAnnouncement(ctx context.Context, n NewAnnouncement) (int64, error) {
	html, err := n.check(ctx, db)
	if err != nil {
		return 0, err
	}
	id := db.ids.next()
	return id, db.write(ctx, "create announcement", func(t *tx) error {
		t.publish(News{Kind: NewsAnnouncement, EntryID: id})
		var count int
		if err := t.row(`SELECT COUNT(*) FROM announcement`, nil, &count); err != nil {
			return err
		}
		if count >= maxAnnouncements {
			return &InputError{Field: "text", Problem: InputMany, Limit: maxAnnouncements}
		}
		_, err := t.exec(`INSERT INTO announcement (id, source, html, starts_at, ends_at, all_day, created_at, edited_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			id, n.Source, html, millis(n.StartsAt), millis(n.EndsAt), n.AllDay, millis(t.now), millis(t.now))
		return err
	})
}

// UpdateAnnouncement changes one; who dismissed it is shown it no more.
func (db *DB) UpdateAnnouncement(ctx context.Context, id int64, n NewAnnouncement) error {
	html, err := n.check(ctx, db)
	if err != nil {
		return err
	}
	return db.write(ctx, "update announcement", func(t *tx) error {
		t.publish(News{Kind: NewsAnnouncement, EntryID: id})
		changed, err := t.exec(`UPDATE announcement SET source = ?, html = ?, starts_at = ?, ends_at = ?, all_day = ?, edited_at = ? WHERE id = ?`,
			n.Source, html, millis(n.StartsAt), millis(n.EndsAt), n.AllDay, millis(t.now), id)
		return errors.Join(err, missingIf(changed == 0))
	})
}

// DeleteAnnouncement removes one with its reactions.
func (db *DB) DeleteAnnouncement(ctx context.Context, id int64) error {
	return db.write(ctx, "delete announcement", func(t *tx) error {
		t.publish(News{Kind: NewsAnnouncementGone, EntryID: id})
		n, err := t.exec(`DELETE FROM announcement WHERE id = ?`, id)
		return errors.Join(err, missingIf(n == 0))
	})
}

const announcementColumns = `n.id, n.source, n.html, n.starts_at, n.ends_at, n.all_day, n.created_at, n.edited_at`

func (db *DB) announcements(ctx context.Context, accountID int64, where string, args ...any) ([]*Announcement, error) {
	var list []*Announcement
	err := db.rows(ctx, `SELECT `+announcementColumns+`, EXISTS (SELECT 1 FROM announcement_dismissal d WHERE d.announcement_id = n.id AND d.account_id = ?1)
		FROM announcement n WHERE `+where+` ORDER BY MAX(n.starts_at, n.created_at) DESC, n.id DESC`, append([]any{accountID}, args...), func(rows *sql.Rows) error {
		var a Announcement
		var starts, ends, created, edited int64
		err := rows.Scan(&a.ID, &a.Source, &a.HTML, &starts, &ends, &a.AllDay, &created, &edited, &a.Dismissed)
		a.StartsAt, a.EndsAt, a.CreatedAt, a.EditedAt = fromMillis(starts), fromMillis(ends), fromMillis(created), fromMillis(edited)
		list = append(list, &a)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list announcements: %w", err)
	}
	return list, db.fillAnnouncements(ctx, accountID, list)
}

// fillAnnouncements adds the reactions, as one member sees them.
func (db *DB) fillAnnouncements(ctx context.Context, accountID int64, list []*Announcement) error {
	if len(list) == 0 {
		return nil
	}
	byID := make(map[int64]*Announcement, len(list))
	ids := make([]int64, len(list))
	for i, a := range list {
		byID[a.ID], ids[i] = a, a.ID
	}
	err := db.rows(ctx, `SELECT announcement_id, emoji, COUNT(*), MAX(account_id = ?1) FROM announcement_reaction
		WHERE announcement_id IN (SELECT value FROM json_each(?2)) GROUP BY announcement_id, emoji ORDER BY MIN(id)`,
		[]any{accountID, idList(ids)}, func(rows *sql.Rows) error {
			var id int64
			var r Reaction
			if err := rows.Scan(&id, &r.Text, &r.Count, &r.Mine); err != nil {
				return err
			}
			byID[id].Reactions = append(byID[id].Reactions, r)
			return nil
		})
	if err != nil {
		return fmt.Errorf("reactions to announcements: %w", err)
	}
	return nil
}

// AllAnnouncements lists every announcement, for admins: those to come and those
// that are over too.
func (db *DB) AllAnnouncements(ctx context.Context, accountID int64) ([]*Announcement, error) {
	return db.announcements(ctx, accountID, `1`)
}

// Announcement returns one of them, for admins.
func (db *DB) Announcement(ctx context.Context, id int64) (*Announcement, error) {
	list, err := db.announcements(ctx, 0, `n.id = ?2`, id)
	if err == nil && len(list) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// currentAnnouncement holds of an announcement n that is shown at ?2.
const currentAnnouncement = `n.starts_at <= ?2 AND (n.ends_at = 0 OR n.ends_at > ?2)`

// Announcements lists what is announced now, newest first; with all also what
// the member has dismissed.
func (db *DB) Announcements(ctx context.Context, accountID int64, all bool) ([]*Announcement, error) {
	return db.announcements(ctx, accountID, currentAnnouncement+` AND (?3 OR NOT EXISTS
		(SELECT 1 FROM announcement_dismissal d WHERE d.announcement_id = n.id AND d.account_id = ?1))`, millis(db.now()), all)
}

// DismissAnnouncement hides an announcement from a member; again changes nothing.
func (db *DB) DismissAnnouncement(ctx context.Context, accountID, id int64) error {
	return db.write(ctx, "dismiss announcement", func(t *tx) error {
		if err := announcedNow(t, id); err != nil {
			return err
		}
		_, err := t.exec(`INSERT OR IGNORE INTO announcement_dismissal (account_id, announcement_id) VALUES (?, ?)`, accountID, id)
		return err
	})
}

func announcedNow(t *tx, id int64) error {
	is, err := t.exists(`SELECT 1 FROM announcement n WHERE n.id = ?1 AND `+currentAnnouncement, id, millis(t.now))
	return errors.Join(err, missingIf(err == nil && !is))
}

// ReactToAnnouncement adds a member's emoji, Unicode or one of ours; again
// changes nothing. ErrNotEmoji for anything else, ErrForbidden if there are too
// many different ones.
func (db *DB) ReactToAnnouncement(ctx context.Context, accountID, id int64, key string) error {
	e, err := parseEmoji(key)
	if err == nil && e.Host != "" {
		err = ErrNotEmoji
	}
	if err != nil {
		return fmt.Errorf("react to announcement: %w", err)
	}
	return db.write(ctx, "react to announcement", func(t *tx) error {
		t.publish(News{Kind: NewsAnnouncementReaction, EntryID: id, Emoji: e.Text})
		if err := announcedNow(t, id); err != nil {
			return err
		}
		if e.Custom() {
			if _, err := iconFor(t, 0, e); err != nil {
				return err
			}
		}
		var kinds, known int
		if err := t.row(`SELECT COUNT(DISTINCT emoji), COALESCE(MAX(emoji = ?), 0) FROM announcement_reaction WHERE announcement_id = ?`, []any{e.Text, id}, &kinds, &known); err != nil {
			return err
		}
		if known == 0 && kinds >= maxAnnouncementEmoji {
			return fmt.Errorf("another emoji: %w", ErrForbidden)
		}
		_, err := t.exec(`INSERT OR IGNORE INTO announcement_reaction (announcement_id, account_id, emoji, id) VALUES (?, ?, ?, ?)`, id, accountID, e.Text, t.db.ids.next())
		return err
	})
}

// UnreactToAnnouncement takes a member's emoji away; one that is not there is
// what was wanted.
func (db *DB) UnreactToAnnouncement(ctx context.Context, accountID, id int64, key string) error {
	e, err := parseEmoji(key)
	if err != nil {
		return fmt.Errorf("unreact to announcement: %w", err)
	}
	return db.write(ctx, "unreact to announcement", func(t *tx) error {
		t.publish(News{Kind: NewsAnnouncementReaction, EntryID: id, Emoji: e.Text})
		if err := announcedNow(t, id); err != nil {
			return err
		}
		_, err := t.exec(`DELETE FROM announcement_reaction WHERE announcement_id = ? AND account_id = ? AND emoji = ?`, id, accountID, e.Text)
		return err
	})
}
