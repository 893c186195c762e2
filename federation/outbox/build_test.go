package outbox

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"seedling/federation/vocab"
	"seedling/store"
	"seedling/store/content"
	"seedling/store/storetest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// town is the cast of the builder's tests: alice lives here and is followed by
// bob and carol of one server; dave of another knows her posts alone.
type town struct {
	db                      *store.DB
	alice, bob, carol, dave *store.Account
}

var testTime = time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC)

func newTown(t testing.TB) *town {
	t.Helper()
	db := storetest.Open(t, store.Config{URL: storetest.URL, Now: func() time.Time { return testTime }})
	w := &town{db: db, alice: storetest.Member(t, db, "alice"), bob: storetest.Remote(t, db, "bob@there.example"),
		carol: storetest.Remote(t, db, "carol@there.example"), dave: storetest.Remote(t, db, "dave@else.example")}
	for _, a := range []*store.Account{w.bob, w.carol} {
		must(t, db.ReceiveFollow(t.Context(), a.ID, w.alice.ID, a.URI+"#follows/1"))
	}
	drain(t, db)
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// drain builds all rows of the outbox, takes them out of it, and returns what
// became of each.
func drain(t testing.TB, db *store.DB) []*message {
	t.Helper()
	var list []*message
	items, err := db.Outbox(context.Background(), 1000)
	must(t, err)
	for _, o := range items {
		m, err := builder{db}.build(context.Background(), o)
		if err != nil {
			t.Fatalf("build %s: %v", o.Kind, err)
		}
		must(t, db.ExpandOutbox(context.Background(), o, nil, nil))
		if m != nil {
			list = append(list, m)
		}
	}
	return list
}

const (
	there = "https://there.example/inbox"
	elsew = "https://else.example/inbox"
)

func TestActivities(t *testing.T) {
	w := newTown(t)
	ctx := t.Context()
	post := func(text string, v store.Visibility) *store.Post { return storetest.Post(t, w.db, w.alice, text, v) }
	theirs := storetest.Receive(t, w.db, w.dave, "https://else.example/notes/1", "<p>Hello</p>")
	var kept *store.Post
	tests := []struct {
		name    string
		do      func() error // the last row that it leaves is looked at
		kind    string
		seenAs  vocab.Visibility
		inboxes []string
	}{
		{"create_public", func() error {
			kept = post("Good #Morning and #Straße, @dave@else.example & all", store.Public)
			return nil
		},
			"Create", vocab.VisibilityPublic, []string{elsew, there}},
		{"create_unlisted", func() error { post("quietly", store.Unlisted); return nil },
			"Create", vocab.VisibilityUnlisted, []string{there}},
		{"create_followers", func() error { post("for you, @dave@else.example", store.Followers); return nil },
			"Create", vocab.VisibilityFollowers, []string{elsew, there}},
		{"create_direct", func() error { post("psst @dave@else.example", store.Direct); return nil },
			"Create", vocab.VisibilityDirect, []string{elsew}},
		{"create_warned", func() error {
			_, err := w.db.CreatePost(ctx, store.Draft{AuthorID: w.alice.ID, Source: content.Source{Text: "**the end**", Format: content.Markdown},
				ContentWarning: "spoiler", Language: "en"})
			return err
		}, "Create", vocab.VisibilityPublic, []string{there}},
		{"create_reply", func() error { storetest.Reply(t, w.db, w.alice, theirs, "welcome", store.Public); return nil },
			"Create", vocab.VisibilityPublic, []string{elsew, there}},
		{"create_reply_followers", func() error { storetest.Reply(t, w.db, w.alice, theirs, "between us", store.Followers); return nil },
			"Create", vocab.VisibilityFollowers, []string{there}},
		{"update", func() error {
			_, err := w.db.UpdatePost(ctx, w.alice.ID, kept.ID, store.Edit{Source: content.Source{Text: "Good evening", Format: content.Plain}})
			return err
		}, "Update", vocab.VisibilityPublic, []string{elsew, there}},
		{"delete_public", func() error { return w.db.DeletePost(ctx, w.alice.ID, kept.ID) },
			"Delete", vocab.VisibilityPublic, []string{elsew, there}},
		{"delete_followers", func() error { return w.db.DeletePost(ctx, w.alice.ID, post("oops", store.Followers).ID) },
			"Delete", vocab.VisibilityFollowers, []string{there}},
		{"delete_direct", func() error {
			return w.db.DeletePost(ctx, w.alice.ID, post("oops @dave@else.example", store.Direct).ID)
		}, "Delete", vocab.VisibilityDirect, []string{elsew}},
		{"boost", func() error { return w.db.Boost(ctx, w.alice.ID, theirs.ID) },
			"Announce", vocab.VisibilityPublic, []string{elsew, there}},
		{"unboost", func() error { return w.db.Unboost(ctx, w.alice.ID, theirs.ID) },
			"Undo", vocab.VisibilityPublic, []string{elsew, there}},
		{"boost_unlisted", func() error { return w.db.Boost(ctx, w.alice.ID, post("again, quietly", store.Unlisted).ID) },
			"Announce", vocab.VisibilityUnlisted, []string{there}},
		{"boost_followers", func() error { return w.db.Boost(ctx, w.alice.ID, post("again, among us", store.Followers).ID) },
			"Announce", vocab.VisibilityFollowers, []string{there}},
		{"favourite", func() error { return w.db.Favourite(ctx, w.alice.ID, theirs.ID) },
			"Like", vocab.VisibilityDirect, []string{w.dave.Inbox}},
		{"unfavourite", func() error { return w.db.Unfavourite(ctx, w.alice.ID, theirs.ID) },
			"Undo", vocab.VisibilityDirect, []string{w.dave.Inbox}},
		{"react", func() error { return w.db.React(ctx, w.alice.ID, theirs.ID, "❤") },
			"EmojiReact", vocab.VisibilityDirect, []string{w.dave.Inbox}},
		{"unreact", func() error { return w.db.Unreact(ctx, w.alice.ID, theirs.ID, "❤") },
			"Undo", vocab.VisibilityDirect, []string{w.dave.Inbox}},
		{"react_custom", func() error {
			must(t, w.db.ReceiveReaction(ctx, store.RemoteReaction{URI: "https://else.example/reactions/1", AccountID: w.dave.ID, PostID: theirs.ID,
				Emoji: store.Emoji{Text: ":blobcat:", Host: "else.example", IconURL: "https://else.example/emoji/blobcat.png"}}))
			return w.db.React(ctx, w.alice.ID, theirs.ID, ":blobcat@else.example:")
		}, "EmojiReact", vocab.VisibilityDirect, []string{w.dave.Inbox}},
		{"react_mastodon", func() error {
			must(t, w.db.SetSoftware(ctx, "else.example", "mastodon", "4.5.0"))
			return w.db.React(ctx, w.alice.ID, theirs.ID, "🌱")
		}, "EmojiReact", vocab.VisibilityDirect, []string{w.dave.Inbox}},
		{"react_misskey", func() error {
			must(t, w.db.SetSoftware(ctx, "else.example", "sharkey", "2025.4.2"))
			return w.db.React(ctx, w.alice.ID, theirs.ID, "👌")
		}, "Like", vocab.VisibilityDirect, []string{w.dave.Inbox}},
		{"unreact_misskey", func() error { return w.db.Unreact(ctx, w.alice.ID, theirs.ID, "👌") },
			"Undo", vocab.VisibilityDirect, []string{w.dave.Inbox}},
		{"follow", func() error { return w.db.Follow(ctx, w.alice.ID, w.dave.ID) },
			"Follow", vocab.VisibilityDirect, []string{w.dave.Inbox}},
		{"unfollow", func() error { return w.db.Unfollow(ctx, w.alice.ID, w.dave.ID) },
			"Undo", vocab.VisibilityDirect, []string{w.dave.Inbox}},
		{"accept_follow", func() error {
			return w.db.ReceiveFollow(ctx, w.dave.ID, w.alice.ID, "https://else.example/follows/9?x=ä%20")
		}, "Accept", vocab.VisibilityDirect, []string{w.dave.Inbox}},
		{"reject_follow", func() error { return w.db.RejectFollow(ctx, w.alice.ID, w.dave.ID) },
			"Reject", vocab.VisibilityDirect, []string{w.dave.Inbox}},
		{"block", func() error { return w.db.Block(ctx, w.alice.ID, w.dave.ID) },
			"Block", vocab.VisibilityDirect, []string{w.dave.Inbox}},
		{"unblock", func() error { return w.db.Unblock(ctx, w.alice.ID, w.dave.ID) },
			"Undo", vocab.VisibilityDirect, []string{w.dave.Inbox}},
		{"update_account", func() error {
			must(t, w.db.ChangePrivacy(ctx, w.alice.ID, store.PrivacyChange{Locked: new(true), Discoverable: new(false)}))
			return w.db.UpdateProfile(ctx, w.alice.ID, store.Profile{DisplayName: "Alice", Bio: "I garden.",
				Fields: []store.Field{{Name: "Web", Text: "https://alice.example/"}}})
		}, "Update", vocab.VisibilityPublic, []string{there}},
		{"pin", func() error { return w.db.Pin(ctx, w.alice.ID, keptPublic(t, w).ID) },
			"Add", vocab.VisibilityPublic, []string{there}},
		{"unpin", func() error {
			p := keptPublic(t, w)
			must(t, w.db.Pin(ctx, w.alice.ID, p.ID))
			return w.db.Unpin(ctx, w.alice.ID, p.ID)
		}, "Remove", vocab.VisibilityPublic, []string{there}},
		{"move", func() error {
			w.dave.AlsoKnownAs = []string{w.alice.URI}
			must(t, w.db.SaveRemoteAccount(ctx, w.dave))
			return w.db.MoveAccount(ctx, w.alice.ID, w.dave.ID)
		}, "Move", vocab.VisibilityFollowers, []string{there}},
		{"delete_account", func() error { return w.db.DeleteAccount(ctx, w.alice.ID) },
			"Delete", vocab.VisibilityPublic, []string{elsew, there}},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			must(t, c.do())
			all := drain(t, w.db)
			if len(all) == 0 {
				t.Fatal("nothing is told")
			}
			m := all[len(all)-1]
			if got := urls(m.inboxes); !slices.Equal(got, c.inboxes) {
				t.Errorf("inboxes = %q, want %q", got, c.inboxes)
			}
			golden(t, c.name, m.body)
			a := readBack(t, m.body)
			if a.Type != c.kind || a.Actor.ID != w.alice.URI {
				t.Errorf("read back as %s by %s, want %s by %s", a.Type, a.Actor.ID, c.kind, w.alice.URI)
			}
			if got := a.Visibility(w.alice.FollowersURI); got != c.seenAs {
				t.Errorf("others see it as %s, want %s", got, c.seenAs)
			}
			if c.seenAs < vocab.VisibilityUnlisted && bytes.Contains(m.body, []byte(`#Public"`)) {
				t.Errorf("a %s activity names Public", c.seenAs)
			}
		})
	}
}

// keptPublic is a new public post.
func keptPublic(t *testing.T, w *town) *store.Post {
	return storetest.Post(t, w.db, w.alice, "keep this", store.Public)
}

func urls(inboxes []store.Inbox) []string {
	list := make([]string, 0, len(inboxes))
	for _, in := range inboxes {
		list = append(list, in.URL)
	}
	slices.Sort(list)
	return list
}

func readBack(t *testing.T, body []byte) *vocab.Activity {
	t.Helper()
	v, err := vocab.Parse(body)
	must(t, err)
	a, err := v.Activity()
	if err != nil {
		t.Fatalf("read back %s: %v", body, err)
	}
	return a
}

var (
	longNumber   = regexp.MustCompile(`\d{15,}`)
	pemText      = regexp.MustCompile(`-----BEGIN PUBLIC KEY-----[^"]*`)
	multikeyText = regexp.MustCompile(`z6Mk\w+`)
)

// golden compares a document with testdata; ids, which differ with each run,
// are numbered as they appear, and the key is left out.
func golden(t *testing.T, name string, body []byte) {
	t.Helper()
	var b bytes.Buffer
	must(t, json.Indent(&b, body, "", "  "))
	seen := map[string]string{}
	got := longNumber.ReplaceAllStringFunc(b.String(), func(id string) string {
		if seen[id] == "" {
			seen[id] = fmt.Sprintf("ID%d", len(seen)+1)
		}
		return seen[id]
	})
	got = multikeyText.ReplaceAllString(pemText.ReplaceAllString(got, "PEM"), "MULTIKEY") + "\n"
	path := filepath.Join("testdata", name+".json")
	if *update {
		must(t, os.MkdirAll("testdata", 0o755))
		must(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	must(t, err)
	if got != string(want) {
		t.Errorf("%s differs; got:\n%s\nwant:\n%s", path, got, want)
	}
}

// A report is told by the server itself, so that nobody learns who made it.
func TestFlagIsByTheServer(t *testing.T) {
	w := newTown(t)
	p := storetest.Receive(t, w.db, w.dave, "https://else.example/notes/1", "<p>Buy</p>")
	_, err := w.db.CreateReport(t.Context(), store.NewReport{ReporterID: w.alice.ID, AccountID: w.dave.ID, PostIDs: []int64{p.ID}, Comment: "spam", Forward: true})
	must(t, err)
	m := drain(t, w.db)[0]
	if got := urls(m.inboxes); !slices.Equal(got, []string{w.dave.Inbox}) {
		t.Errorf("inboxes = %q, want dave's", got)
	}
	golden(t, "flag", m.body)
	if bytes.Contains(m.body, []byte("alice")) || bytes.Contains(m.body, []byte(w.alice.URI)) {
		t.Errorf("it names the member: %s", m.body)
	}
}

func TestUndoHoldsTheBoostAsItWasSent(t *testing.T) {
	w := newTown(t)
	p := storetest.Post(t, w.db, w.alice, "look", store.Public)
	must(t, w.db.BoostTo(t.Context(), w.alice.ID, p.ID, store.Followers))
	boost := drain(t, w.db)[1]
	if a := readBack(t, boost.body); slices.Contains(append(a.To, a.CC...), vocab.Public) {
		t.Errorf("a boost for followers goes to %q and %q", a.To, a.CC)
	}
	must(t, w.db.Unboost(t.Context(), w.alice.ID, p.ID))
	must(t, w.db.DeletePost(t.Context(), w.alice.ID, p.ID)) // the Undo is built without it
	undone := readBack(t, drain(t, w.db)[0].body).Object
	want := readBack(t, boost.body)
	got, err := undone.Embedded.Activity()
	must(t, err)
	if got.ID != want.ID || !got.Published.Equal(want.Published) || !slices.Equal(got.To, want.To) || !slices.Equal(got.CC, want.CC) {
		t.Errorf("the Undo holds %+v, want %+v", got, want)
	}
}

func TestLocalOnlyNeverLeaves(t *testing.T) {
	w := newTown(t)
	ctx := t.Context()
	p := storetest.Post(t, w.db, w.alice, "only us, not @dave@else.example", store.LocalOnly)
	must(t, w.db.Boost(ctx, w.alice.ID, p.ID))
	if items, err := w.db.Outbox(ctx, 10); err != nil || len(items) != 0 {
		t.Fatalf("outbox = %v, %v; want it empty", items, err)
	}
	// Even if a row came to be, nothing can be built from it.
	for _, kind := range []store.OutboxKind{store.OutboxCreatePost, store.OutboxUpdatePost, store.OutboxDeletePost, store.OutboxBoost, store.OutboxUnboost} {
		o := &store.OutboxItem{ID: 1, Kind: kind, AccountID: w.alice.ID, OutboxDetail: store.OutboxDetail{
			PostID: p.ID, ObjectURI: p.URI, ActivityURI: storetest.URL + "/ap/boosts/1", Visibility: p.Visibility, TargetID: w.alice.ID, Told: []int64{w.dave.ID}}}
		if m, err := (builder{w.db}).build(ctx, o); err == nil {
			t.Errorf("%s of a local-only post: built %s, want an error", kind, m.body)
		}
	}
}

func TestVanishedThingsAreNotTold(t *testing.T) {
	w := newTown(t)
	ctx := t.Context()
	p := storetest.Post(t, w.db, w.alice, "gone in a moment", store.Public)
	must(t, w.db.Boost(ctx, w.alice.ID, p.ID))
	must(t, w.db.DeletePost(ctx, w.alice.ID, p.ID))
	all := drain(t, w.db)
	if len(all) != 1 || readBack(t, all[0].body).Type != "Delete" {
		t.Errorf("told %d things, want the Delete alone", len(all))
	}
}

func TestNoteToOneselfGoesNowhere(t *testing.T) {
	w := newTown(t)
	storetest.Post(t, w.db, w.alice, "buy seeds", store.Direct)
	if all := drain(t, w.db); len(all) != 0 {
		t.Errorf("told %d things, want none", len(all))
	}
}

func TestRowThatCannotBeBuiltHoldsUpNothing(t *testing.T) {
	w := newTown(t)
	var log strings.Builder
	r := newTestRunner(t, w.db, nil, func(c *Config) { c.Log = testLog(&log) })
	must(t, w.db.ReceiveFollow(t.Context(), w.dave.ID, w.alice.ID, "not a URI")) // its Accept has to quote that
	storetest.Post(t, w.db, w.alice, "next", store.Public)
	r.expandAll(t.Context())
	if items, err := w.db.Outbox(t.Context(), 10); err != nil || len(items) != 0 {
		t.Fatalf("outbox = %d rows, %v; want none", len(items), err)
	}
	list, err := w.db.Deliveries(t.Context(), "there.example", 10)
	must(t, err)
	if len(list) != 1 {
		t.Errorf("%d deliveries of the next row, want 1", len(list))
	}
	if !strings.Contains(log.String(), "accept_follow") {
		t.Errorf("the log does not name the kind: %s", &log)
	}
}
