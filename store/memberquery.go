package store

import "context"

// MemberQuery says which members the staff looks for; what is empty fits all.
type MemberQuery struct {
	Username, Name, Email string     // parts of the name, the name that is shown and the address
	State                 *UserState // nil: any
	Suspended, Staff      bool
}

// UserPage lists the members that fit, the newest first, with the accounts from
// which the list goes on; older is 0 at its end.
func (db *DB) UserPage(ctx context.Context, q MemberQuery, c Cursor) (page []*User, older, newer int64, err error) {
	args := []any{likePart(q.Username), likePart(q.Name), likePart(q.Email), q.State, q.Suspended, q.Staff}
	list, err := db.users(ctx, `a.state <> 2 AND a.username LIKE ?1 ESCAPE '\' AND a.display_name LIKE ?2 ESCAPE '\' AND u.email LIKE ?3 ESCAPE '\'
		AND (?4 IS NULL OR u.state = ?4) AND (NOT ?5 OR a.flags & 32 <> 0) AND (NOT ?6 OR u.role > 0) AND `+c.clause("a.id", len(args)+1), append(args, c.args()...)...)
	if err != nil {
		return nil, 0, 0, err
	}
	if page, older, newer = trim(c, list, func(u *User) int64 { return u.Account.ID }); len(page) > 0 {
		newer = page[0].Account.ID
	}
	return page, older, newer, nil
}

// likePart fits texts that hold s.
func likePart(s string) string { return "%" + likePrefix(s) }
