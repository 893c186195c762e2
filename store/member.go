package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
)

// MemberFilter narrows the list of members.
type MemberFilter int

// The filters of [DB.Members].
const (
	AllMembers MemberFilter = iota
	ActiveMembers
	WaitingMembers  // to be let in
	DisabledMembers // who can't log in
	StaffMembers
)

var memberFilters = [...]string{AllMembers: `1`, ActiveMembers: `u.state = 0`, WaitingMembers: `u.state = 1`, DisabledMembers: `u.state = 2`, StaffMembers: `u.role > 0`}

// MemberSeen is a member as the staff sees them.
type MemberSeen struct {
	*User
	SeenAt time.Time // last visit, an hour late; zero: not in the last months
}

// Members lists the members whose name, display name or mail address contains
// text, newest first, those who joined before an account (0: from the start).
func (db *DB) Members(ctx context.Context, f MemberFilter, text string, before int64, limit int) ([]*MemberSeen, error) {
	text = strings.TrimPrefix(strings.TrimSpace(text), "@")
	if len(text) > maxAccountQuery {
		return nil, nil
	}
	users, err := db.users(ctx, `a.state <> 2 AND `+memberFilters[f]+` AND (?1 = 0 OR u.account_id < ?1)
		AND (?2 = '' OR a.username LIKE ?3 ESCAPE '\' OR a.display_name LIKE ?3 ESCAPE '\' OR u.email LIKE ?3 ESCAPE '\')
		ORDER BY u.account_id DESC LIMIT ?4`, before, text, "%"+likePrefix(text), limit)
	if err != nil {
		return nil, err
	}
	list := make([]*MemberSeen, len(users))
	byID := make(map[int64]*MemberSeen, len(users))
	ids := make([]int64, len(users))
	for i, u := range users {
		list[i] = &MemberSeen{User: u}
		byID[u.Account.ID], ids[i] = list[i], u.Account.ID
	}
	return list, db.fillSeen(ctx, byID, ids)
}

// Member is one member as the staff sees them; ErrNotFound if nobody, or if they
// deleted their account.
func (db *DB) Member(ctx context.Context, accountID int64) (*MemberSeen, error) {
	u, err := db.user(ctx, `u.account_id = ? AND a.state <> 2`, accountID)
	if err != nil {
		return nil, err
	}
	m := &MemberSeen{User: u}
	return m, db.fillSeen(ctx, map[int64]*MemberSeen{accountID: m}, []int64{accountID})
}

// fillSeen says when members last came, with a browser or an app.
func (db *DB) fillSeen(ctx context.Context, byID map[int64]*MemberSeen, ids []int64) error {
	err := db.rows(ctx, `SELECT account_id, MAX(at) FROM (
			SELECT account_id, seen_at AS at FROM session WHERE account_id IN (SELECT value FROM json_each(?1))
			UNION ALL SELECT account_id, used_at FROM token WHERE account_id IN (SELECT value FROM json_each(?1))) GROUP BY account_id`,
		[]any{idList(ids)}, func(rows *sql.Rows) error {
			var id, at int64
			err := rows.Scan(&id, &at)
			if m := byID[id]; m != nil {
				m.SeenAt = fromMillis(at)
			}
			return err
		})
	if err != nil {
		return fmt.Errorf("last visits: %w", err)
	}
	return nil
}
