package store

import (
	"context"
	"strings"
)

// RemoteQuery says which accounts elsewhere the staff looks for; what is empty
// fits all.
type RemoteQuery struct {
	Host      string
	Username  string // the beginning of it
	Name      string // the beginning of the name that is shown
	Suspended bool   // by their own server, or their server is not spoken with
}

// RemoteAccounts lists accounts elsewhere, the latest known first.
func (db *DB) RemoteAccounts(ctx context.Context, q RemoteQuery, c Cursor) (*AccountPage, error) {
	return db.accountPage(ctx, "accounts elsewhere", c, "a.id", `FROM account a WHERE a.host <> '' AND a.state <> 2
		AND (?1 = '' OR a.host = ?1) AND a.username LIKE ?2 ESCAPE '\' AND a.display_name LIKE ?3 ESCAPE '\' AND (NOT ?4 OR a.flags & 96 <> 0)`,
		strings.ToLower(strings.TrimSpace(q.Host)), likePrefix(q.Username), likePrefix(q.Name), q.Suspended)
}
