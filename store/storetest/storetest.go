// Package storetest gives tests a fresh real store with a small fixed cast.
package storetest

import (
	"context"
	"path/filepath"
	"strings"
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

// Open opens an empty store as the config says; Path is chosen if it is empty.
func Open(t testing.TB, c store.Config) *store.DB {
	t.Helper()
	if c.Path == "" {
		c.Path = filepath.Join(t.TempDir(), "seedling.db")
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

// Member makes a local account that may log in.
func Member(t testing.TB, db *store.DB, name string) *store.Account {
	t.Helper()
	u, err := db.CreateUser(context.Background(), store.NewUser{Name: name, Password: Password})
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
