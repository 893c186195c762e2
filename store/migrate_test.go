package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"seedling/store/migrations"
)

// schemaOf lists what a database is made of, column by column: the text of a
// changed table differs from that of a new one, what it holds must not.
func schemaOf(t *testing.T, conn *sql.Conn) string {
	t.Helper()
	rows, err := conn.QueryContext(context.Background(), `SELECT s.type, s.name, COALESCE(x.name, ''), COALESCE(x.type, ''), COALESCE(x."notnull", 0), COALESCE(x.dflt_value, '')
		FROM sqlite_schema s LEFT JOIN pragma_table_info(s.name) x ON s.type = 'table' WHERE s.name NOT LIKE 'sqlite_%' ORDER BY s.type, s.name, x.name`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var b strings.Builder
	for rows.Next() {
		var kind, name, column, columnType, fallback string
		var notNull bool
		if err := rows.Scan(&kind, &name, &column, &columnType, &notNull, &fallback); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&b, kind, name, column, columnType, notNull, fallback)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func rawConn(t *testing.T, path string) *sql.Conn {
	t.Helper()
	pool, err := sql.Open("sqlite", dsn(path, false))
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pool.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(); pool.Close() })
	return conn
}

// TestOldestSchemaIsUpgraded brings a database of the first schema, with rows
// in it, to the newest one: it becomes like a new one, and keeps its rows.
func TestOldestSchemaIsUpgraded(t *testing.T) {
	ctx := context.Background()
	first, err := fs.ReadFile(migrations.Files, "0001_init.sql")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "old.db")
	old := rawConn(t, path)
	if err := migrate(ctx, old, fstest.MapFS{"0001_init.sql": {Data: first}}); err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{
		`INSERT INTO setting VALUES ('founded.url', 'https://here.example'), ('founded.account_domain', 'here.example'), ('founded.actor', '1')`,
		`INSERT INTO account (id, uri, kind, username, created_at) VALUES (1, 'https://here.example/ap/actors/1', 2, 'instance.actor', 1), (2, 'https://here.example/ap/actors/2', 0, 'alice', 1)`,
		`INSERT INTO private_key (account_id, pem) VALUES (2, 'a key')`,
		`INSERT INTO user (account_id, password, created_at) VALUES (2, '', 1)`,
		`INSERT INTO post (id, uri, account_id, visibility, timeline, html, created_at) VALUES (10, 'https://here.example/ap/posts/10', 2, 0, 2, '<p>kept</p>', 1)`,
		`INSERT INTO home VALUES (2, 10, 10)`,
		`INSERT INTO instance (host) VALUES ('far.example')`,
		`INSERT INTO activity VALUES (5, 2, x'7b7d')`,
		`INSERT INTO delivery (id, activity_id, host, inbox) VALUES (6, 5, 'far.example', 'https://far.example/inbox')`,
	} {
		if _, err := old.ExecContext(ctx, query); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	if err := migrate(ctx, old, migrations.Files); err != nil {
		t.Fatal(err)
	}
	fresh := rawConn(t, filepath.Join(t.TempDir(), "new.db"))
	if err := migrate(ctx, fresh, migrations.Files); err != nil {
		t.Fatal(err)
	}
	if got, want := schemaOf(t, old), schemaOf(t, fresh); got != want {
		t.Errorf("an upgraded database has\n%s\na new one\n%s", got, want)
	}
	db, err := Open(ctx, Config{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	page, err := db.HomeTimeline(ctx, 2, Cursor{})
	if err != nil || len(page.Posts) != 1 || page.Posts[0].HTML.String() != "<p>kept</p>" {
		t.Errorf("home after the upgrade: %v, %v", page, err)
	}
	if uri, _, err := db.AssertionSigner(ctx, 2); err != nil || uri != "https://here.example/ap/actors/2#ed25519-key" {
		t.Errorf("after the upgrade alice signs objects with %q, %v", uri, err)
	}
	if left, err := db.Deliveries(ctx, "far.example", 10); err != nil || len(left) != 1 {
		t.Errorf("deliveries after the upgrade: %d, %v", len(left), err)
	}
}
