package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Relation is how two accounts stand to each other, seen from the first.
type Relation struct {
	Following, Requested bool // I follow them, or asked to
	FollowedBy, Asked    bool // they follow me, or asked to
	Blocking, BlockedBy  bool

	Options     FollowOptions // of my follow or request
	Muting      bool
	Mute        MuteOptions // without Lasts
	MutedUntil  time.Time   // zero: for good
	HostBlocked bool        // I blocked their server
	Endorsed    bool        // on my profile
	Note        string      // what I noted down about them
}

// Relation returns how an account stands to another.
func (db *DB) Relation(ctx context.Context, accountID, otherID int64) (Relation, error) {
	list, err := db.Relations(ctx, accountID, []int64{otherID})
	if err != nil {
		return Relation{}, err
	}
	return list[otherID], nil
}

// Relations returns how an account stands to many others; those that there are not
// are left out.
func (db *DB) Relations(ctx context.Context, accountID int64, others []int64) (map[int64]Relation, error) {
	found := make(map[int64]Relation, len(others))
	if accountID == 0 || len(others) == 0 {
		return found, nil
	}
	err := db.rows(ctx, `SELECT o.value, f.accepted, g.accepted,
			EXISTS (SELECT 1 FROM block b WHERE b.account_id = ?1 AND b.target_id = o.value),
			EXISTS (SELECT 1 FROM block b WHERE b.account_id = o.value AND b.target_id = ?1),
			COALESCE(f.boosts, 0), COALESCE(f.notify, 0), COALESCE(f.languages, ''), m.id IS NOT NULL, COALESCE(m.notifications, 0), COALESCE(m.until, 0),
			EXISTS (SELECT 1 FROM host_block hb JOIN account ha ON ha.host = hb.host WHERE hb.account_id = ?1 AND ha.id = o.value),
			EXISTS (SELECT 1 FROM endorsement e WHERE e.account_id = ?1 AND e.target_id = o.value),
			COALESCE((SELECT n.text FROM note n WHERE n.account_id = ?1 AND n.target_id = o.value), '')
		FROM json_each(?2) o JOIN account oa ON oa.id = o.value LEFT JOIN follow f ON f.account_id = ?1 AND f.target_id = o.value
		LEFT JOIN follow g ON g.account_id = o.value AND g.target_id = ?1
		LEFT JOIN mute m ON m.account_id = ?1 AND m.target_id = o.value`, []any{accountID, idList(others)}, func(rows *sql.Rows) error {
		var id int64
		var out, in sql.NullBool
		var r Relation
		var languages string
		var until int64
		err := rows.Scan(&id, &out, &in, &r.Blocking, &r.BlockedBy, &r.Options.Boosts, &r.Options.Notify, &languages,
			&r.Muting, &r.Mute.Notifications, &until, &r.HostBlocked, &r.Endorsed, &r.Note)
		r.Options.Languages, r.MutedUntil = splitLanguages(languages), fromMillis(until)
		r.Following, r.Requested = out.Valid && out.Bool, out.Valid && !out.Bool
		r.FollowedBy, r.Asked = in.Valid && in.Bool, in.Valid && !in.Bool
		found[id] = r
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("load relations: %w", err)
	}
	return found, nil
}

// followRow is a follow inside a write.
type followRow struct {
	id                  int64
	uri                 string
	accountID, targetID int64
	accepted            bool
}

func txFollow(t *tx, where string, args ...any) (followRow, error) {
	var f followRow
	err := t.row(`SELECT id, uri, account_id, target_id, accepted FROM follow WHERE `+where, args, &f.id, &f.uri, &f.accountID, &f.targetID, &f.accepted)
	return f, err
}

// Follow makes a member follow an account, or ask to where it decides who does.
// ErrForbidden for oneself, ErrBlocked if either blocked the other, ErrMoved if
// the account has moved.
func (db *DB) Follow(ctx context.Context, accountID, targetID int64) error {
	if accountID == targetID {
		return fmt.Errorf("follow oneself: %w", ErrForbidden)
	}
	return db.write(ctx, "follow", func(t *tx) error {
		return follow(t, accountID, targetID)
	})
}

// follow does it, or refuses before it has changed anything.
func follow(t *tx, accountID, targetID int64) error {
	target, err := txAccount(t, `a.id = ? AND a.state = 0`, targetID)
	if err != nil {
		return err
	}
	if target.Hidden {
		return fmt.Errorf("follow %s: its server is not spoken with: %w", target.URI, ErrForbidden)
	}
	if err := refuseIfBlocked(t, accountID, targetID); err != nil {
		return err
	}
	if _, err := txFollow(t, `account_id = ? AND target_id = ?`, accountID, targetID); !errors.Is(err, ErrNotFound) {
		return err // already
	}
	if target.MovedToURI != "" {
		return ErrMoved
	}
	var n int
	if err := t.row(`SELECT COUNT(*) FROM follow WHERE account_id = ?`, []any{accountID}, &n); err != nil {
		return err
	}
	if n >= maxFollows {
		return fmt.Errorf("follows %d accounts already: %w", n, ErrForbidden)
	}
	id := t.db.ids.next()
	f := followRow{id: id, uri: t.db.base + "/ap/follows/" + strconv.FormatInt(id, 10), accountID: accountID, targetID: targetID}
	f.accepted = target.Local() && !target.Locked
	if err := insertFollow(t, f); err != nil {
		return err
	}
	if target.Local() {
		return nil
	}
	return addOutbox(t, OutboxFollow, accountID, OutboxDetail{TargetID: targetID, ActivityURI: f.uri})
}

func refuseIfBlocked(t *tx, a, b int64) error {
	blocked, err := t.exists(`SELECT 1 FROM block WHERE account_id = ?1 AND target_id = ?2 OR account_id = ?2 AND target_id = ?1`, a, b)
	if err == nil && blocked {
		return ErrBlocked
	}
	return err
}

// insertFollow stores a follow with what follows from it.
func insertFollow(t *tx, f followRow) error {
	t.standingChanged(f.accountID, f.targetID)
	_, err := t.exec(`INSERT INTO follow (id, uri, account_id, target_id, accepted, created_at) VALUES (?, ?, ?, ?, ?, ?)`,
		f.id, f.uri, f.accountID, f.targetID, f.accepted, millis(t.now))
	if err != nil {
		return err
	}
	if !f.accepted {
		return notify(t, f.targetID, NotifyFollowRequest, f.accountID, 0)
	}
	if err := notify(t, f.targetID, NotifyFollow, f.accountID, 0); err != nil {
		return err
	}
	return countFollow(t, f, +1)
}

// countFollow keeps the counters of an accepted follow, and fills or clears the
// follower's home.
func countFollow(t *tx, f followRow, by int) error {
	if _, err := t.exec(`UPDATE account SET following_count = MAX(following_count + ?, 0) WHERE id = ?`, by, f.accountID); err != nil {
		return err
	}
	if _, err := t.exec(`UPDATE account SET followers_count = MAX(followers_count + ?, 0) WHERE id = ?`, by, f.targetID); err != nil {
		return err
	}
	if by > 0 {
		return fillHome(t, f.accountID, f.targetID)
	}
	return clearHome(t, f.accountID, f.targetID)
}

// fillHome puts the newest of what an account wrote into a home timeline, in
// place of the boosts that brought some of it before.
func fillHome(t *tx, accountID, authorID int64) error {
	const newest = `SELECT p.id FROM post p WHERE p.account_id = ?2 AND p.visibility <> 3 AND p.reply_to_account_id IN (0, ?2) ORDER BY p.id DESC LIMIT 20`
	_, err := t.exec(`INSERT OR IGNORE INTO home (account_id, id, post_id) SELECT u.account_id, p.id, p.id
		FROM user u JOIN (`+newest+`) p WHERE u.account_id = ?1`, accountID, authorID)
	if err != nil {
		return err
	}
	_, err = t.exec(`DELETE FROM home WHERE account_id = ?1 AND id <> post_id AND post_id IN (`+newest+`)`, accountID, authorID)
	return err
}

// clearHome takes what an account wrote or boosted out of a home timeline.
func clearHome(t *tx, accountID, authorID int64) error {
	_, err := t.exec(`DELETE FROM home WHERE account_id = ?1 AND id IN (
		SELECT h.id FROM home h LEFT JOIN post p ON p.id = h.post_id LEFT JOIN boost b ON b.id = h.id AND h.id <> h.post_id
		WHERE h.account_id = ?1 AND (h.id = h.post_id AND p.account_id = ?2 OR b.account_id = ?2))`, accountID, authorID)
	return err
}

// removeFollow deletes a follow with what followed from it.
func removeFollow(t *tx, f followRow) error {
	t.standingChanged(f.accountID, f.targetID)
	if _, err := t.exec(`DELETE FROM follow WHERE id = ?`, f.id); err != nil {
		return err
	}
	if err := forgetFollowed(t, f); err != nil {
		return err
	}
	for _, kind := range []NotificationKind{NotifyFollow, NotifyFollowRequest} {
		if err := unnotify(t, f.targetID, kind, f.accountID, 0); err != nil {
			return err
		}
	}
	if !f.accepted {
		return nil
	}
	return countFollow(t, f, -1)
}

// forgetFollowed takes who is not followed any more from what is for the followed.
func forgetFollowed(t *tx, f followRow) error {
	if _, err := t.exec(`DELETE FROM list_member WHERE owner_id = ? AND account_id = ?`, f.accountID, f.targetID); err != nil {
		return err
	}
	_, err := t.exec(`DELETE FROM endorsement WHERE account_id = ? AND target_id = ?`, f.accountID, f.targetID)
	return err
}

// Unfollow ends a member's follow or request to follow.
func (db *DB) Unfollow(ctx context.Context, accountID, targetID int64) error {
	return db.write(ctx, "unfollow", func(t *tx) error {
		return unfollow(t, accountID, targetID)
	})
}

func unfollow(t *tx, accountID, targetID int64) error {
	return endFollow(t, accountID, targetID, OutboxUnfollow, accountID, targetID)
}

// endFollow takes a follow away, if there is one, and tells the account told in
// the name of by.
func endFollow(t *tx, followerID, targetID int64, kind OutboxKind, by, told int64) error {
	f, err := txFollow(t, `account_id = ? AND target_id = ?`, followerID, targetID)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := removeFollow(t, f); err != nil {
		return err
	}
	return tellRemote(t, told, kind, by, OutboxDetail{TargetID: told, ActivityURI: f.uri})
}

// tellRemote adds an outbox row if the account it is for lives elsewhere.
func tellRemote(t *tx, targetID int64, kind OutboxKind, accountID int64, d OutboxDetail) error {
	remote, err := t.exists(`SELECT 1 FROM account WHERE id = ? AND host <> ''`, targetID)
	if err != nil || !remote {
		return err
	}
	return addOutbox(t, kind, accountID, d)
}

// AcceptFollow lets an account follow that asked a member. ErrNotFound if it does not ask.
func (db *DB) AcceptFollow(ctx context.Context, accountID, followerID int64) error {
	return db.write(ctx, "accept follow", func(t *tx) error {
		f, err := txFollow(t, `account_id = ? AND target_id = ? AND NOT accepted`, followerID, accountID)
		if err != nil {
			return err
		}
		if err := acceptFollow(t, f); err != nil {
			return err
		}
		if err := unnotify(t, accountID, NotifyFollowRequest, followerID, 0); err != nil {
			return err
		}
		if err := notify(t, accountID, NotifyFollow, followerID, 0); err != nil {
			return err
		}
		return tellRemote(t, followerID, OutboxAccept, accountID, OutboxDetail{TargetID: followerID, ActivityURI: f.uri})
	})
}

// acceptFollow turns a request into a follow.
func acceptFollow(t *tx, f followRow) error {
	if f.accepted {
		return nil
	}
	if _, err := t.exec(`UPDATE follow SET accepted = 1 WHERE id = ?`, f.id); err != nil {
		return err
	}
	t.standingChanged(f.accountID, f.targetID)
	if err := notify(t, f.accountID, NotifyFollowed, f.targetID, 0); err != nil {
		return err
	}
	return countFollow(t, f, +1)
}

// RejectFollow refuses a request to follow a member, or removes a follower.
func (db *DB) RejectFollow(ctx context.Context, accountID, followerID int64) error {
	return db.write(ctx, "reject follow", func(t *tx) error {
		return rejectFollow(t, accountID, followerID)
	})
}

func rejectFollow(t *tx, accountID, followerID int64) error {
	return endFollow(t, followerID, accountID, OutboxReject, accountID, followerID)
}

// ReceiveFollow is a follow of a member by an account elsewhere. It is answered
// with an Accept, kept as a request, or, if the member blocked the account or has
// moved, answered with a Reject.
func (db *DB) ReceiveFollow(ctx context.Context, followerID, targetID int64, uri string) error {
	return db.write(ctx, "receive follow", func(t *tx) error {
		target, err := txAccount(t, `a.id = ? AND a.state = 0 AND a.host = ''`, targetID)
		if err != nil {
			return err
		}
		reply := OutboxDetail{TargetID: followerID, ActivityURI: uri}
		if err := refuseIfBlocked(t, followerID, targetID); errors.Is(err, ErrBlocked) {
			return addOutbox(t, OutboxReject, targetID, reply)
		} else if err != nil {
			return err
		}
		f, err := txFollow(t, `account_id = ? AND target_id = ?`, followerID, targetID)
		switch {
		case errors.Is(err, ErrNotFound) && target.MovedToURI != "":
			return addOutbox(t, OutboxReject, targetID, reply)
		case errors.Is(err, ErrNotFound):
			f = followRow{id: t.db.ids.next(), uri: uri, accountID: followerID, targetID: targetID, accepted: !target.Locked}
			err = insertFollow(t, f)
		case err == nil && f.uri != uri: // it lost track of its follow and asks again
			_, err = t.exec(`UPDATE follow SET uri = ? WHERE id = ?`, uri, f.id)
		}
		if err != nil || !f.accepted {
			return err
		}
		return addOutbox(t, OutboxAccept, targetID, reply)
	})
}

// FollowRef names a follow as other servers do: by its URI, or by who follows whom.
type FollowRef struct {
	URI                 string
	AccountID, TargetID int64
}

// find looks a follow up by URI and then by the pair. The parts that are known
// must fit, whichever way it is found.
func (r FollowRef) find(t *tx) (followRow, error) {
	if r.URI != "" {
		f, err := txFollow(t, `uri = ? AND (?2 = 0 OR account_id = ?2) AND (?3 = 0 OR target_id = ?3)`, r.URI, r.AccountID, r.TargetID)
		if !errors.Is(err, ErrNotFound) {
			return f, err
		}
	}
	return txFollow(t, `account_id = ? AND target_id = ?`, r.AccountID, r.TargetID)
}

// ReceiveAccept is the answer to a member's follow by the account that was
// asked. ErrNotFound if nobody asked it.
func (db *DB) ReceiveAccept(ctx context.Context, r FollowRef) error {
	return db.write(ctx, "receive accept", func(t *tx) error {
		f, err := r.find(t)
		if err != nil {
			return err
		}
		if err := acceptFollow(t, f); err != nil {
			return err
		}
		id := strconv.FormatInt(f.targetID, 10)
		return addJob(t, NewJob{Kind: JobOutbox, Key: id, Payload: id})
	})
}

// ReceiveReject ends a member's follow or request, by the account that is followed.
func (db *DB) ReceiveReject(ctx context.Context, r FollowRef) error {
	return db.endFollow(ctx, "receive reject", r)
}

// ReceiveUnfollow ends a follow, by the account elsewhere that followed.
func (db *DB) ReceiveUnfollow(ctx context.Context, r FollowRef) error {
	return db.endFollow(ctx, "receive unfollow", r)
}

func (db *DB) endFollow(ctx context.Context, what string, r FollowRef) error {
	return db.write(ctx, what, func(t *tx) error {
		f, err := r.find(t)
		if err != nil {
			return err
		}
		return removeFollow(t, f)
	})
}

// AccountPage is a part of a list of accounts.
type AccountPage struct {
	Accounts     []*Account
	Older, Newer int64
	Top          int64 // the key of the first entry; 0: there is none
}

// accountPage lists accounts by a query that ends before its cursor's clause and
// whose rows are accountColumns and the key.
func (db *DB) accountPage(ctx context.Context, what string, c Cursor, key, query string, args ...any) (*AccountPage, error) {
	if c.Limit == 0 {
		c.Limit = 40
	}
	type line struct {
		account *Account
		key     int64
	}
	var lines []line
	n := len(args) + 1
	err := db.rows(ctx, `SELECT `+accountColumns+`, `+key+` `+query+` AND `+c.clause(key, n), append(args, c.args()...), func(rows *sql.Rows) error {
		var l line
		var err error
		l.account, err = scanAccount(rows, &l.key)
		lines = append(lines, l)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", what, err)
	}
	var page AccountPage
	lines, page.Older, page.Newer = trim(c, lines, func(l line) int64 { return l.key })
	if len(lines) > 0 {
		page.Top = lines[0].key
	}
	for _, l := range lines {
		page.Accounts = append(page.Accounts, l.account)
	}
	return &page, nil
}

// FollowersOf lists who follows an account, as far as this server knows.
func (db *DB) FollowersOf(ctx context.Context, accountID int64, c Cursor) (*AccountPage, error) {
	return db.accountPage(ctx, "followers", c, "f.id", `FROM follow f JOIN account a ON a.id = f.account_id
		WHERE f.target_id = ?1 AND f.accepted AND `+shown, accountID)
}

// FollowingOf lists whom an account follows, as far as this server knows.
func (db *DB) FollowingOf(ctx context.Context, accountID int64, c Cursor) (*AccountPage, error) {
	return db.accountPage(ctx, "following", c, "f.id", `FROM follow f JOIN account a ON a.id = f.target_id
		WHERE f.account_id = ?1 AND f.accepted AND `+shown, accountID)
}

// FollowRequests lists who asks to follow a member.
func (db *DB) FollowRequests(ctx context.Context, accountID int64, c Cursor) (*AccountPage, error) {
	return db.accountPage(ctx, "follow requests", c, "f.id", `FROM follow f JOIN account a ON a.id = f.account_id
		WHERE f.target_id = ?1 AND NOT f.accepted AND `+shown, accountID)
}

// CountFollowRequests counts who asks to follow a member, up to 100.
func (db *DB) CountFollowRequests(ctx context.Context, accountID int64) (n int, err error) {
	err = db.row(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM follow WHERE target_id = ? AND NOT accepted LIMIT 100)`, []any{accountID}, &n)
	return n, err
}

// HasLocalFollowers says whether a member follows an account.
func (db *DB) HasLocalFollowers(ctx context.Context, accountID int64) (bool, error) {
	var one int
	err := db.row(ctx, `SELECT 1 FROM follow f JOIN user u ON u.account_id = f.account_id WHERE f.target_id = ? AND f.accepted LIMIT 1`, []any{accountID}, &one)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}
