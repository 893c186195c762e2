package store

import (
	"context"
	"errors"
	"fmt"
)

// group.go is about communities (FEP-1b12): accounts of kind Group that show
// around what is addressed to them. Their moderators decide about what stands
// in them, and the group's word is theirs.

// standIn finds the community that a new post stands in, where the post does
// not say it: that of what it answers, or for a member's post the first group
// that it names. Posts for few stand in none.
func standIn(t *tx, p *Post, author *Account, mentions []int64) error {
	if p.GroupURI != "" || p.Visibility > Unlisted {
		return nil
	}
	if p.ReplyToID != 0 {
		return t.row(`SELECT group_uri FROM post WHERE id = ?`, []any{p.ReplyToID}, &p.GroupURI)
	}
	if !author.Local() || p.ReplyToURI != "" || len(mentions) == 0 {
		return nil
	}
	err := t.row(`SELECT a.uri FROM json_each(?) m JOIN account a ON a.id = m.value WHERE a.kind = ? AND a.host <> '' ORDER BY m.key LIMIT 1`,
		[]any{idList(mentions), Group}, &p.GroupURI)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// inGroup loads a post that stands in a group. A post that names no community
// stands in those that it is addressed to. ErrForbidden if it stands elsewhere.
func inGroup(t *tx, groupID int64, uri string) (*Post, error) {
	p, err := txPost(t, `p.uri = ?`, uri)
	if err != nil {
		return nil, err
	}
	stands, err := t.exists(`SELECT 1 FROM account a WHERE a.id = ?1 AND a.kind = ?2 AND (a.uri = ?3
		OR ?3 = '' AND EXISTS (SELECT 1 FROM mention m WHERE m.post_id = ?4 AND m.account_id = a.id))`, groupID, Group, p.GroupURI, p.ID)
	if err != nil {
		return nil, err
	}
	if !stands {
		return nil, fmt.Errorf("%s stands in another community or in none: %w", uri, ErrForbidden)
	}
	return p, nil
}

// takeIn notes that a group showed a post that was addressed to it.
func takeIn(t *tx, groupID int64, p *Post) error {
	if p.GroupURI != "" {
		return nil
	}
	_, err := t.exec(`UPDATE post SET group_uri = (SELECT uri FROM account WHERE id = ?1) WHERE id = ?2 AND visibility <= 1
		AND EXISTS (SELECT 1 FROM account WHERE id = ?1 AND kind = ?3)
		AND EXISTS (SELECT 1 FROM mention WHERE post_id = ?2 AND account_id = ?1)`, groupID, p.ID, Group)
	return err
}

// GroupRemove takes a post out of a community, whose moderators removed it. A
// post of another server goes altogether; a member's stays where its author
// put it, and is no longer shown by the community. ErrForbidden if it does not
// stand in this community.
func (db *DB) GroupRemove(ctx context.Context, groupID int64, uri string) error {
	return db.write(ctx, "remove from group", func(t *tx) error {
		p, err := inGroup(t, groupID, uri)
		if err != nil {
			return err
		}
		if t.db.IsLocal(p.URI) {
			return leaveGroup(t, groupID, p)
		}
		if err := removePost(t, p); err != nil {
			return err
		}
		_, err = t.exec(`UPDATE tombstone SET removed_by = ? WHERE uri = ?`, groupID, p.URI)
		return err
	})
}

func leaveGroup(t *tx, groupID int64, p *Post) error {
	if _, err := t.exec(`UPDATE post SET group_uri = '' WHERE id = ?`, p.ID); err != nil {
		return err
	}
	var boost int64
	err := t.row(`SELECT id FROM boost WHERE post_id = ? AND account_id = ?`, []any{p.ID, groupID}, &boost)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return removeBoost(t, boost, groupID, p)
}

// GroupRestore lets a post come back that a community's moderators removed. It
// must be read again from its own server. ErrNotFound if there is none.
func (db *DB) GroupRestore(ctx context.Context, groupID int64, uri string) error {
	return db.restore(ctx, `removed_by = ?`, groupID, uri)
}

// AuthorRestore lets a post come back whose author took its deletion back.
func (db *DB) AuthorRestore(ctx context.Context, accountID int64, uri string) error {
	return db.restore(ctx, `removed_by = 0 AND account_id = ?`, accountID, uri)
}

func (db *DB) restore(ctx context.Context, by string, accountID int64, uri string) error {
	if db.IsLocal(uri) {
		return fmt.Errorf("restore %s: %w", uri, ErrForbidden)
	}
	return db.write(ctx, "restore", func(t *tx) error {
		n, err := t.exec(`DELETE FROM tombstone WHERE `+by+` AND uri = ?`, accountID, uri)
		if err := errors.Join(err, missingIf(n == 0)); err != nil {
			return err
		}
		return addJob(t, NewJob{Kind: JobFetch, Key: uri, Payload: uri})
	})
}

// GroupLock closes a thread of a community, or opens it again: no member may
// answer below a locked post.
func (db *DB) GroupLock(ctx context.Context, groupID int64, uri string, locked bool) error {
	return db.write(ctx, "lock", func(t *tx) error {
		p, err := inGroup(t, groupID, uri)
		if err != nil {
			return err
		}
		_, err = t.exec(`UPDATE post SET locked = ? WHERE id = ?`, locked, p.ID)
		return err
	})
}

// refuseLocked refuses an answer to a post at or above which a thread is locked.
func refuseLocked(t *tx, parentID int64) error {
	locked, err := t.exists(`SELECT 1 FROM post WHERE locked AND id IN (`+ancestorIDs+`)`, 0, parentID)
	if err == nil && locked {
		return &PostError{Problem: PostClosed}
	}
	return err
}

// GroupPin puts a post of a community at the top of its page.
func (db *DB) GroupPin(ctx context.Context, groupID int64, uri string) error {
	return db.write(ctx, "pin in group", func(t *tx) error {
		p, err := inGroup(t, groupID, uri)
		if err != nil || p.Visibility > Unlisted {
			return err
		}
		_, err = t.exec(`INSERT OR IGNORE INTO pin (id, account_id, post_id) VALUES (?, ?, ?)`, t.db.ids.next(), groupID, p.ID)
		return err
	})
}

// GroupUnpin takes a post from the top of a community's page.
func (db *DB) GroupUnpin(ctx context.Context, groupID int64, uri string) error {
	return db.write(ctx, "unpin in group", func(t *tx) error {
		_, err := t.exec(`DELETE FROM pin WHERE account_id = ? AND post_id = (SELECT id FROM post WHERE uri = ?)`, groupID, uri)
		return err
	})
}

// standResolved is standIn for a post whose people were found later.
func standResolved(t *tx, p *Post, mentions []int64) error {
	author, err := txAccount(t, `a.id = ?`, p.AccountID)
	if err != nil {
		return err
	}
	if err := standIn(t, p, author, mentions); err != nil {
		return err
	}
	_, err = t.exec(`UPDATE post SET group_uri = ? WHERE id = ?`, p.GroupURI, p.ID)
	return err
}

// groupUnknown says that a post stands in a community whose inbox is not known.
func groupUnknown(t *tx, p *Post) (bool, error) {
	if p.GroupURI == "" {
		return false, nil
	}
	known, err := t.exists(`SELECT 1 FROM account WHERE uri = ?`, p.GroupURI)
	return !known, err
}

// meetGroup has the community that a post from elsewhere stands in read, if
// nobody here knows it: its name stands above the post.
func meetGroup(t *tx, p *Post) error {
	if p.Visibility > Unlisted || t.db.IsLocal(p.GroupURI) {
		return nil
	}
	unknown, err := groupUnknown(t, p)
	if err != nil || !unknown {
		return err
	}
	return addJob(t, NewJob{Kind: JobActor, Key: p.GroupURI, Payload: p.GroupURI})
}
