// Package storetest gives tests a fresh real store with a small fixed cast.
package storetest

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/content"
)

// URL is where the test instance says it is.
const URL = "https://here.example"

// Password is that of every member of the cast.
const Password = "correct horse battery"

// New opens an empty store for one test.
func New(t testing.TB) *store.DB {
	t.Helper()
	return Open(t, store.Config{URL: URL})
}

// founded are the files of empty stores, by URL and account domain.
var founded sync.Map // of [2]string to func() ([]byte, error)

// Found puts the file of an empty store at a path, if there is no file. It is a
// copy of one that was founded with the same before, since to found one takes
// longer than most tests last: all of these have one instance key.
func Found(t testing.TB, path, url, accountDomain string) {
	t.Helper()
	if _, err := os.Stat(path); err == nil {
		return
	}
	empty, _ := founded.LoadOrStore([2]string{url, accountDomain}, sync.OnceValues(func() ([]byte, error) {
		return found(store.Config{URL: url, AccountDomain: accountDomain})
	}))
	file, err := empty.(func() ([]byte, error))()
	if err != nil {
		t.Fatalf("found a store: %v", err)
	}
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
}

func found(c store.Config) ([]byte, error) {
	dir, err := os.MkdirTemp("", "storetest")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	c.Path = filepath.Join(dir, "seedling.db")
	db, err := store.Open(context.Background(), c)
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(c.Path)
}

// Open opens a store as the config says, an empty one if there is none at its
// Path, which is chosen if it is not given. One at [URL] is there by [Found].
func Open(t testing.TB, c store.Config) *store.DB {
	t.Helper()
	if c.Path == "" {
		c.Path = filepath.Join(t.TempDir(), "seedling.db")
	}
	if c.URL == URL && c.AccountDomain == "" {
		Found(t, c.Path, c.URL, c.AccountDomain)
	}
	db, err := store.Open(context.Background(), c)
	if err != nil {
		t.Fatalf("open store: %v", err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close store: %v", err)
		}
	})
	return db
}

var passwordHash = sync.OnceValue(func() string { return store.HashPassword(Password) })

// NewUser is somebody who can log in with [Password].
func NewUser(t testing.TB, name string, role store.Role) store.NewUser {
	t.Helper()
	return store.NewUser{Name: name, PasswordHash: passwordHash(), Role: role, Key: Key(t)}
}

// Member makes a local account.
func Member(t testing.TB, db *store.DB, name string) *store.Account {
	t.Helper()
	u, err := db.CreateUser(context.Background(), NewUser(t, name, store.Member))
	if err != nil {
		t.Fatalf("create member %s: %v", name, err)
	}
	return u.Account
}

// Remote makes an account elsewhere: handle is user@host.
func Remote(t testing.TB, db *store.DB, handle string) *store.Account {
	t.Helper()
	user, host, _ := strings.Cut(handle, "@")
	base := "https://" + host
	a := &store.Account{URI: base + "/users/" + user, Username: user, Host: host, URL: base + "/@" + user,
		Inbox: base + "/users/" + user + "/inbox", SharedInbox: base + "/inbox", FollowersURI: base + "/users/" + user + "/followers",
		KeyURI: base + "/users/" + user + "#main-key", CreatedAt: time.Now()}
	if err := db.SaveRemoteAccount(context.Background(), a); err != nil {
		t.Fatalf("save %s: %v", handle, err)
	}
	return a
}

// Post writes a post of a member.
func Post(t testing.TB, db *store.DB, author *store.Account, text string, v store.Visibility) *store.Post {
	t.Helper()
	return Reply(t, db, author, nil, text, v)
}

// Reply writes an answer of a member to parent, which may be nil.
func Reply(t testing.TB, db *store.DB, author *store.Account, parent *store.Post, text string, v store.Visibility) *store.Post {
	t.Helper()
	d := store.Draft{AuthorID: author.ID, Source: content.Source{Text: text, Format: content.Plain}, Visibility: v}
	if parent != nil {
		d.ReplyToID = parent.ID
	}
	p, err := db.CreatePost(context.Background(), d)
	if err != nil {
		t.Fatalf("post %q: %v", text, err)
	}
	return p
}

// Receive stores a public post of an account elsewhere.
func Receive(t testing.TB, db *store.DB, author *store.Account, uri, html string, more ...func(*store.RemotePost)) *store.Post {
	t.Helper()
	r := &store.RemotePost{Post: store.Post{URI: uri, AccountID: author.ID, HTML: content.Sanitise(html), URL: uri, CreatedAt: time.Now()}}
	for _, f := range more {
		f(r)
	}
	if _, err := db.ReceivePost(context.Background(), r); err != nil {
		t.Fatalf("receive %s: %v", uri, err)
	}
	p, err := db.PostByURI(context.Background(), uri)
	if err != nil {
		t.Fatalf("received %s: %v", uri, err)
	}
	return p
}
