package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// BlockHost hides everything of a server from a member and ends the follows
// between its accounts and the member. The accounts are told of those as usual.
func (db *DB) BlockHost(ctx context.Context, accountID int64, host string) error {
	host, err := db.blockableHost(host)
	if err != nil {
		return err
	}
	return db.write(ctx, "block host", func(t *tx) error {
		t.standingChanged(accountID)
		var n int
		if err := t.row(`SELECT COUNT(*) FROM host_block WHERE account_id = ? AND host <> ?`, []any{accountID, host}, &n); err != nil {
			return err
		}
		if n >= maxHostBlocks {
			return &InputError{Field: "host", Problem: InputMany, Limit: maxHostBlocks}
		}
		if _, err := t.exec(`INSERT OR IGNORE INTO host_block (account_id, host, id) VALUES (?, ?, ?)`, accountID, host, t.db.ids.next()); err != nil {
			return err
		}
		return endFollowsWith(t, accountID, host)
	})
}

// blockableHost is the host as accounts have it; not this server's own.
func (db *DB) blockableHost(host string) (string, error) {
	host = strings.ToLower(strings.TrimSuffix(strings.TrimSpace(host), "."))
	if host == "" || len(host) > 253 || strings.ContainsAny(host, " /@\t\n,") {
		return "", &InputError{Field: "host", Problem: InputRefused}
	}
	if host == db.host || host == db.accountDomain {
		return "", fmt.Errorf("block this server: %w", ErrForbidden)
	}
	return host, nil
}

func endFollowsWith(t *tx, accountID int64, host string) error {
	var following, followers []int64
	err := t.rows(`SELECT f.account_id, f.target_id FROM follow f JOIN account a ON a.id = f.target_id WHERE f.account_id = ?1 AND a.host = ?2
		UNION ALL SELECT f.account_id, f.target_id FROM follow f JOIN account a ON a.id = f.account_id WHERE f.target_id = ?1 AND a.host = ?2`,
		[]any{accountID, host}, func(rows *sql.Rows) error {
			var from, to int64
			err := rows.Scan(&from, &to)
			if from == accountID {
				following = append(following, to)
			} else {
				followers = append(followers, from)
			}
			return err
		})
	if err != nil {
		return err
	}
	for _, id := range following {
		if err := unfollow(t, accountID, id); err != nil {
			return err
		}
	}
	for _, id := range followers {
		if err := rejectFollow(t, accountID, id); err != nil {
			return err
		}
	}
	return nil
}

// UnblockHost ends it. Follows do not come back.
func (db *DB) UnblockHost(ctx context.Context, accountID int64, host string) error {
	host, err := db.blockableHost(host)
	if err != nil {
		return err
	}
	return db.write(ctx, "unblock host", func(t *tx) error {
		t.standingChanged(accountID)
		_, err := t.exec(`DELETE FROM host_block WHERE account_id = ? AND host = ?`, accountID, host)
		return err
	})
}

// HostPage is a part of a list of servers.
type HostPage struct {
	Hosts        []string
	Older, Newer int64
}

// BlockedHosts lists the servers that a member blocked, newest first.
func (db *DB) BlockedHosts(ctx context.Context, accountID int64, c Cursor) (*HostPage, error) {
	type line struct {
		host string
		id   int64
	}
	var lines []line
	err := db.rows(ctx, `SELECT host, id FROM host_block WHERE account_id = ?1 AND `+c.clause("id", 2), append([]any{accountID}, c.args()...),
		func(rows *sql.Rows) error {
			var l line
			err := rows.Scan(&l.host, &l.id)
			lines = append(lines, l)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("list blocked hosts: %w", err)
	}
	var page HostPage
	lines, page.Older, page.Newer = trim(c, lines, func(l line) int64 { return l.id })
	for _, l := range lines {
		page.Hosts = append(page.Hosts, l.host)
	}
	return &page, nil
}

// HostTies is what there is between a member and the accounts of a server.
type HostTies struct {
	Following, Followers int // requests included: a block would end them
	Blocked              bool
}

// HostTies counts what a block of a server would end.
func (db *DB) HostTies(ctx context.Context, accountID int64, host string) (HostTies, error) {
	host, err := db.blockableHost(host)
	if err != nil {
		return HostTies{}, err
	}
	var n HostTies
	err = db.row(ctx, `SELECT
		(SELECT COUNT(*) FROM follow f JOIN account a ON a.id = f.target_id WHERE f.account_id = ?1 AND a.host = ?2),
		(SELECT COUNT(*) FROM follow f JOIN account a ON a.id = f.account_id WHERE f.target_id = ?1 AND a.host = ?2),
		EXISTS (SELECT 1 FROM host_block WHERE account_id = ?1 AND host = ?2)`, []any{accountID, host}, &n.Following, &n.Followers, &n.Blocked)
	return n, err
}
