package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"seedling/store/content"
)

// HostListName is one of the admins' two lists of servers: the key of its setting.
type HostListName string

// The lists.
const (
	HostsBlocked HostListName = "blocked_hosts"
	HostsAllowed HostListName = "allowed_hosts"
)

func (n HostListName) of(s *Settings) HostList {
	if n == HostsAllowed {
		return s.AllowedHosts
	}
	return s.BlockedHosts
}

// ListedHost is a server in one of the lists, with what the admins noted of it.
type ListedHost struct {
	Host      string // as it stands in the list
	Public    string // why, for everybody who may see the list
	Private   string // for the staff
	Obfuscate bool   // others see the name in part
	Since     time.Time
}

// Shown is the name as others see it: with stars in its middle if it is to be
// obfuscated.
func (h ListedHost) Shown() string {
	if !h.Obfuscate {
		return h.Host
	}
	name := []rune(h.Host)
	for i := len(name) / 4; i < len(name)-len(name)/4; i++ {
		if name[i] != '.' {
			name[i] = '*'
		}
	}
	return string(name)
}

// ListedHosts returns a list in its order, by name.
func (db *DB) ListedHosts(ctx context.Context, list HostListName) ([]ListedHost, error) {
	settings, err := db.Settings(ctx)
	if err != nil {
		return nil, err
	}
	noted := map[string]ListedHost{}
	err = db.rows(ctx, `SELECT host, public, private, obfuscate, created_at FROM listed_host WHERE list = ?`, []any{list}, func(rows *sql.Rows) error {
		var h ListedHost
		var since int64
		err := rows.Scan(&h.Host, &h.Public, &h.Private, &h.Obfuscate, &since)
		h.Since = fromMillis(since)
		noted[h.Host] = h
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", list, err)
	}
	hosts := []ListedHost{}
	for _, host := range list.of(&settings) {
		h := noted[host]
		h.Host = host
		hosts = append(hosts, h)
	}
	return hosts, nil
}

// ListedHost returns one server of a list, or ErrNotFound.
func (db *DB) ListedHost(ctx context.Context, list HostListName, host string) (ListedHost, error) {
	hosts, err := db.ListedHosts(ctx, list)
	if err != nil {
		return ListedHost{}, err
	}
	for _, h := range hosts {
		if h.Host == host {
			return h, nil
		}
	}
	return ListedHost{}, ErrNotFound
}

// ListHost puts a server into a list, or changes what is noted of one that stands
// there. *SettingError if it can't be in it, *InputError for long texts.
func (db *DB) ListHost(ctx context.Context, list HostListName, h ListedHost) error {
	for field, text := range map[string]string{"public": h.Public, "private": h.Private} {
		if content.Count(text) > maxReason {
			return &InputError{Field: field, Problem: InputLong, Limit: maxReason}
		}
	}
	return db.write(ctx, "list host", func(t *tx) error {
		err := changeHostList(t, list, func(hosts HostList) HostList { return append(hosts, h.Host) })
		if err != nil {
			return err
		}
		_, err = t.exec(`UPDATE listed_host SET public = ?, private = ?, obfuscate = ? WHERE list = ? AND host = ?`, h.Public, h.Private, h.Obfuscate, list, h.Host)
		return err
	})
}

// UnlistHost takes a server out of a list. ErrNotFound if it is not in it.
func (db *DB) UnlistHost(ctx context.Context, list HostListName, host string) error {
	return db.write(ctx, "unlist host", func(t *tx) error {
		found := false
		err := changeHostList(t, list, func(hosts HostList) HostList {
			return slices.DeleteFunc(hosts, func(other string) bool {
				found = found || other == host
				return other == host
			})
		})
		return errors.Join(err, missingIf(!found))
	})
}

// changeHostList changes a list as it is stored at this moment.
func changeHostList(t *tx, list HostListName, change func(HostList) HostList) error {
	var text string
	if err := t.row(`SELECT value FROM setting WHERE key = ?`, []any{list}, &text); err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	hosts := change(nonEmptyLines(text))
	return setSettings(t, map[string]string{string(list): strings.Join(hosts, "\n")})
}

// keepListed keeps what is noted of the servers that a changed setting lists, and
// since when they are, and forgets the others.
func keepListed(t *tx, list HostListName, hosts HostList) error {
	names := cmp.Or(encodeJSON(hosts), "[]")
	_, err := t.exec(`DELETE FROM listed_host WHERE list = ?1 AND host NOT IN (SELECT value FROM json_each(?2))`, list, names)
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT OR IGNORE INTO listed_host (list, host, created_at) SELECT ?1, value, ?3 FROM json_each(?2)`, list, names, millis(t.now))
	return err
}
