package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"seedling/store/content"
)

// Federation is with which servers this one speaks.
type Federation string

// The modes of federation.
const (
	FederationOpen      Federation = "open"      // with all that are not blocked
	FederationAllowlist Federation = "allowlist" // with those that are allowed, and not blocked
	FederationOff       Federation = "off"       // with none
)

// HostList is a set of hosts, sorted. A line is one host, or all hosts below
// one, without itself: *.example.org.
type HostList []string

// Has says whether the list holds a host, whatever its port.
func (l HostList) Has(host string) bool {
	host = bareHost(host)
	if host == "" {
		return false
	}
	if _, found := slices.BinarySearch(l, host); found {
		return true
	}
	for {
		_, above, ok := strings.Cut(host, ".")
		if !ok {
			return false
		}
		if _, found := slices.BinarySearch(l, "*."+above); found {
			return true
		}
		host = above
	}
}

// bareHost is a host without port, final dot and capitals. What is within
// brackets is an IPv6 address.
func bareHost(host string) string {
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.HasSuffix(host, "]") {
		host = host[:i]
	}
	return strings.ToLower(strings.TrimSuffix(host, "."))
}

// parseHostList reads a host a line, or says what is wrong with one.
func parseHostList(text string) (HostList, *SettingError) {
	lines := nonEmptyLines(text)
	if len(lines) > maxHostList {
		return nil, &SettingError{Problem: fmt.Sprintf("must have at most %d lines", maxHostList)}
	}
	var list HostList
	for _, line := range lines {
		name, below := strings.CutPrefix(line, "*.")
		h, err := content.ParseHandle("x@" + strings.TrimSuffix(name, "."))
		if err != nil {
			return nil, &SettingError{Problem: fmt.Sprintf("has the line %.100q, which is no host", line), Line: line}
		}
		host := bareHost(h.Host)
		if below && !strings.Contains(host, ".") { // *.com
			return nil, &SettingError{Problem: fmt.Sprintf("has the line %.100q: that is no server, but part of everybody's names", line), Line: line}
		}
		if below {
			host = "*." + host
		}
		list = append(list, host)
	}
	sort.Strings(list)
	return slices.Compact(list), nil
}

// Policy decides with which other servers this one speaks, in both directions.
// It is the only place that does: the inbox asks before it looks for a key, the
// documents before they answer, the outbox when it chooses inboxes, and the
// client that fetches and delivers before every request.
type Policy struct {
	Mode             Federation
	Allowed, Blocked HostList
}

// PolicyError says why this server does not speak with another.
type PolicyError struct {
	Host string
	Mode Federation // FederationOpen: it is blocked
}

func (e *PolicyError) Error() string {
	switch e.Mode {
	case FederationOff:
		return "this server does not federate"
	case FederationAllowlist:
		return "this server federates only with servers it knows, and " + e.Host + " is none of them"
	}
	return e.Host + " is blocked by this server"
}

// Check returns a *PolicyError if the policy refuses a host.
func (p Policy) Check(host string) error {
	switch {
	case p.Mode == FederationOff:
		return &PolicyError{host, FederationOff}
	case p.Blocked.Has(host):
		return &PolicyError{host, FederationOpen}
	case p.Mode == FederationAllowlist && !p.Allowed.Has(host):
		return &PolicyError{host, FederationAllowlist}
	}
	return nil
}

// Allows says whether this server speaks with a host.
func (p Policy) Allows(host string) bool { return p.Check(host) == nil }

// hides says whether what is known of a host is hidden. With federation switched
// off nobody has been judged: what is here stays readable.
func (p Policy) hides(host string) bool {
	return p.Blocked.Has(host) || p.Mode == FederationAllowlist && !p.Allowed.Has(host)
}

// Policy is what the settings say of other servers.
func (s *Settings) Policy() Policy {
	return Policy{Mode: s.Federation, Allowed: s.AllowedHosts, Blocked: s.BlockedHosts}
}

// Policy returns with whom this server speaks, at most a second old.
func (db *DB) Policy(ctx context.Context) (Policy, error) {
	s, err := db.Settings(ctx)
	return s.Policy(), err
}

// CheckHost returns a *PolicyError if this server does not speak with a host.
func (db *DB) CheckHost(ctx context.Context, host string) error {
	p, err := db.Policy(ctx)
	if err != nil {
		return err
	}
	return p.Check(host)
}

// policyKeys are the settings that ApplyPolicy reads.
var policyKeys = []string{"federation", "allowed_hosts", "blocked_hosts"}

// policyChanged adds the job that hides and shows accounts. Each has a key of its
// own, since one that runs already may be past some of them.
func policyChanged(t *tx) error {
	return addJob(t, NewJob{Kind: JobPolicy, Key: strconv.FormatInt(t.db.ids.next(), 10), Payload: "0"})
}

// ApplyPolicy hides the accounts elsewhere whose servers are not spoken with, and
// shows those that were hidden and need be no more: some after an id. It returns
// the last it has looked at, 0 if that were all.
func (db *DB) ApplyPolicy(ctx context.Context, after int64) (last int64, err error) {
	const step = 1000
	err = db.write(ctx, "apply policy", func(t *tx) error {
		last = 0
		p, err := txPolicy(t)
		if err != nil {
			return err
		}
		n := 0
		change := map[bool][]int64{}
		err = t.rows(`SELECT id, uri, host, flags & ?1 <> 0 FROM account WHERE host <> '' AND id > ?2 ORDER BY id LIMIT ?3`,
			[]any{flagHidden, after, step}, func(rows *sql.Rows) error {
				var uri, host string
				var hidden bool
				if err := rows.Scan(&last, &uri, &host, &hidden); err != nil {
					return err
				}
				n++
				if hide := p.hides(host) || p.hides(hostOf(uri)); hide != hidden {
					change[hide] = append(change[hide], last)
				}
				return nil
			})
		if err != nil {
			return err
		}
		if n < step {
			last = 0
		}
		if _, err := t.exec(`UPDATE account SET flags = flags | ?1 WHERE id IN (SELECT value FROM json_each(?2))`, flagHidden, idList(change[true])); err != nil {
			return err
		}
		_, err = t.exec(`UPDATE account SET flags = flags & ~?1 WHERE id IN (SELECT value FROM json_each(?2))`, flagHidden, idList(change[false]))
		return err
	})
	return last, err
}

// txPolicy reads the policy as it is now: the settings that are kept may be a
// second old.
func txPolicy(t *tx) (Policy, error) {
	s := defaultSettings()
	for _, key := range policyKeys {
		var value string
		found, err := t.exists(`SELECT 1 FROM setting WHERE key = ?`, key)
		if err == nil && found {
			err = t.row(`SELECT value FROM setting WHERE key = ?`, []any{key}, &value)
		}
		if err == nil && found {
			err = s.set(key, value)
		}
		if err != nil {
			return Policy{}, err
		}
	}
	return s.Policy(), nil
}
