package store_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

// TestKeptAccountsAreNeverOlder changes an account behind the back of the
// program, as another process does, and reads it again.
func TestKeptAccountsAreNeverOlder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seedling.db")
	db := storetest.Open(t, store.Config{Path: path, URL: "https://here.example"})
	alice := storetest.Member(t, db, "alice")
	other, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)&_pragma=foreign_keys(ON)")
	must(t, err)
	defer other.Close()
	read := func() *store.Account {
		t.Helper()
		u, err := db.User(ctx, alice.ID)
		must(t, err)
		return u.Account
	}

	read().DisplayName = "scribbled on"
	if got := read().DisplayName; got == "scribbled on" {
		t.Error("what one reader changes reaches the next one")
	}
	_, err = other.Exec(`UPDATE account SET display_name = 'Alice B' WHERE id = ?`, alice.ID)
	must(t, err)
	if got := read().DisplayName; got != "Alice B" {
		t.Errorf("after a change elsewhere the name is %q, want Alice B", got)
	}
	_, err = other.Exec(`DELETE FROM account WHERE id = ?`, alice.ID)
	must(t, err)
	if _, err := db.User(ctx, alice.ID); err == nil {
		t.Error("a deleted account is found")
	}
}
