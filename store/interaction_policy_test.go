package store

import (
	"context"
	"io/fs"
	"path/filepath"
	"testing"
	"testing/fstest"

	"seedling/store/migrations"
)

// TestPoliciesInGoAndInSQL holds the two forms of the same questions together.
func TestPoliciesInGoAndInSQL(t *testing.T) {
	conn := rawConn(t, filepath.Join(t.TempDir(), "policy.db"))
	all, some := Rule{Said: true, Always: CircleEveryone}, Rule{Said: true, Always: CircleFollowers, Ask: CircleEveryone}
	var none InteractionPolicy
	for name, c := range map[string]struct {
		policy           InteractionPolicy
		open, unquotable bool
	}{
		"no rules":                     {none, true, false},
		"everybody may quote":          {none.With(DeedQuote, all).WithProof(), true, false},
		"everybody may do anything":    {none.With(DeedReply, all).With(DeedBoost, all).With(DeedFavourite, all).With(DeedQuote, all), true, false},
		"followers may quote":          {none.With(DeedQuote, some), false, false},
		"nobody may quote":             {none.With(DeedQuote, Rule{Said: true}).WithProof(), false, true},
		"nobody may reply":             {none.With(DeedReply, Rule{Said: true}).With(DeedQuote, all), false, false},
		"nobody may favourite or both": {none.With(DeedFavourite, Rule{Said: true}).With(DeedQuote, Rule{Said: true}), false, true},
	} {
		var open, closed bool
		err := conn.QueryRowContext(t.Context(), `SELECT (SELECT `+openSQL+` FROM (SELECT ?1 AS policy) p), (SELECT `+unquotable+` FROM (SELECT ?1 AS policy) x)`, c.policy).Scan(&open, &closed)
		if err != nil {
			t.Fatal(err)
		}
		if open != c.open || c.policy.open() != c.open || closed != c.unquotable {
			t.Errorf("%s: open %v in SQL, %v in Go, want %v; unquotable %v, want %v", name, open, c.policy.open(), c.open, closed, c.unquotable)
		}
	}
}

// TestQuotePoliciesAreCarriedOver upgrades posts whose rule for quotes had a
// column of its own.
func TestQuotePoliciesAreCarriedOver(t *testing.T) {
	ctx := context.Background()
	files, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	before := fstest.MapFS{}
	for _, name := range files {
		if name >= "0032" {
			break
		}
		text, err := fs.ReadFile(migrations.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		before[name] = &fstest.MapFile{Data: text}
	}
	conn := rawConn(t, filepath.Join(t.TempDir(), "old.db"))
	if err := migrate(ctx, conn, before); err != nil {
		t.Fatal(err)
	}
	exec := func(query string, args ...any) {
		t.Helper()
		if _, err := conn.ExecContext(ctx, query, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec(`INSERT INTO account (id, uri, kind, username, created_at) VALUES (1, 'https://far.example/zoe', 0, 'zoe', 1)`)
	replies := InteractionPolicy(0).With(DeedReply, Rule{Said: true}).WithProof()
	rules := []Rule{{}, {Said: true, Always: CircleEveryone}, {Said: true, Ask: CircleEveryone}, {Said: true}}
	for was := range rules {
		exec(`INSERT INTO post (id, uri, account_id, visibility, timeline, html, created_at, quote_policy, policy) VALUES (?1, 'https://far.example/' || ?1, 1, 0, 2, '', 1, ?1, ?2)`, was, replies)
	}
	if err := migrate(ctx, conn, migrations.Files); err != nil {
		t.Fatal(err)
	}
	for was, want := range rules {
		var got InteractionPolicy
		if err := conn.QueryRowContext(ctx, `SELECT policy FROM post WHERE id = ?`, was).Scan(&got); err != nil {
			t.Fatal(err)
		}
		if got.Rule(DeedQuote) != want || got.With(DeedQuote, Rule{}) != replies {
			t.Errorf("quote_policy %d: got %+v beside %b, want %+v beside %b", was, got.Rule(DeedQuote), got.With(DeedQuote, Rule{}), want, replies)
		}
	}
}
