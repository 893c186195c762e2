package store_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

// elsewhere opens a store and, beside it, its file as another process does.
func elsewhere(t *testing.T) (*store.DB, *sql.DB) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "seedling.db")
	db := storetest.Open(t, store.Config{Path: path, URL: storetest.URL})
	other, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)&_pragma=foreign_keys(ON)")
	must(t, err)
	t.Cleanup(func() { other.Close() })
	return db, other
}

// TestKeptPostsAreNeverOlder changes each thing that is kept with a post behind
// the back of the program, and looks at it again.
func TestKeptPostsAreNeverOlder(t *testing.T) {
	db, other := elsewhere(t)
	alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
	parent := storetest.Post(t, db, bob, "first", store.Public)
	quoted := storetest.Post(t, db, bob, "quoted", store.Public)
	p := storetest.Reply(t, db, alice, parent, "the answer #seeds", store.Public)
	see := func(id int64) *store.PostView {
		t.Helper()
		v, err := db.PostVisibleTo(ctx, id, store.AsMember(bob.ID))
		must(t, err)
		return v
	}
	for _, step := range []struct {
		change string // ?1 is alice, ?2 bob, ?3 the post, ?4 what it answers, ?5 what it quotes
		shown  func() any
		want   any
	}{
		{`UPDATE post SET content_warning = 'new' WHERE id = ?3`, func() any { return see(p.ID).ContentWarning }, "new"},
		{`DELETE FROM mention WHERE post_id = ?3`, func() any { return len(see(p.ID).Mentions) }, 0},
		{`INSERT INTO mention (post_id, account_id) VALUES (?3, ?2), (?3, ?1)`, func() any { return len(see(p.ID).Mentions) }, 2},
		{`INSERT INTO tag (id, name, text) VALUES (77, 'basil', 'Basil')`, func() any { return fmt.Sprint(see(p.ID).Tags) }, "[seeds]"},
		{`INSERT INTO post_tag (post_id, tag_id) VALUES (?3, 77)`, func() any { return len(see(p.ID).Tags) }, 2},
		{`DELETE FROM post_tag WHERE post_id = ?3 AND tag_id <> 77`, func() any { return fmt.Sprint(see(p.ID).Tags) }, "[basil]"},
		{`INSERT INTO attachment (id, post_id, kind, url) VALUES (1, ?3, 1, 'https://far.example/1.png')`, func() any { return len(see(p.ID).Attachments) }, 1},
		{`UPDATE attachment SET description = 'a bed of basil' WHERE id = 1`, func() any { return see(p.ID).Attachments[0].Description }, "a bed of basil"},
		{`INSERT INTO remote_file (url, retry_at) VALUES ('https://far.example/1.png', 1 << 60)`, func() any { return see(p.ID).Attachments[0].Broken }, true},
		{`UPDATE remote_file SET retry_at = 0`, func() any { return see(p.ID).Attachments[0].Broken }, false},
		{`DELETE FROM attachment WHERE id = 1`, func() any { return len(see(p.ID).Attachments) }, 0},
		{`INSERT INTO app_name (id, name, website) VALUES (1, 'Trowel', '')`, func() any { return see(p.ID).App == nil }, true},
		{`INSERT INTO post_app (post_id, app_name_id) VALUES (?3, 1)`, func() any { return see(p.ID).App.Name }, "Trowel"},
		{`DELETE FROM post_app`, func() any { return see(p.ID).App == nil }, true},
		{`INSERT INTO pin (id, account_id, post_id) VALUES (1, ?1, ?3)`, func() any { return see(p.ID).Pinned }, true},
		{`DELETE FROM pin`, func() any { return see(p.ID).Pinned }, false},
		{`INSERT INTO reaction (id, uri, account_id, post_id, emoji, created_at) VALUES (1, 'r', ?2, ?3, '🌱', 1)`, func() any { return len(see(p.ID).Reactions) }, 1},
		{`DELETE FROM reaction`, func() any { return len(see(p.ID).Reactions) }, 0},
		{`INSERT INTO quote (post_id, uri, quoted_id, state) SELECT ?3, uri, id, 2 FROM post WHERE id = ?5`, func() any { return see(p.ID).Quote.Post.ID }, quoted.ID},
		{`SELECT 1`, func() any { return see(quoted.ID).QuotesCount }, 1},
		{`UPDATE quote SET state = 3`, func() any { return see(quoted.ID).QuotesCount }, 0},
		{`UPDATE quote SET state = 2, quoted_id = ?4`, func() any { return see(parent.ID).QuotesCount }, 1},
		{`DELETE FROM quote`, func() any { return see(parent.ID).QuotesCount }, 0},
		{`SELECT 1`, func() any { return see(p.ID).Quote == nil }, true},
		{`INSERT INTO interaction (id, deed, post_id, target_id, account_id, uri, stamp_uri, made_id, state, created_at) VALUES (1, 0, ?4, ?2, ?1, 'i', 'stamp', ?3, 3, 1)`,
			func() any { return see(p.ID).ReplyStamp }, "stamp"},
		{`UPDATE interaction SET made_id = NULL, post_id = ?3, target_id = ?1, account_id = ?2, state = 1`, func() any { return see(p.ID).ReplyStamp }, ""},
		{`SELECT 1`, func() any { return see(p.ID).Waits(store.DeedReply) }, true},
		{`DELETE FROM interaction`, func() any { return see(p.ID).Waits(store.DeedReply) }, false},
		{`UPDATE post SET policy = 5 WHERE id = ?3`, func() any { return int(see(p.ID).Policy) }, 5},
		{`UPDATE post SET kind = 5 WHERE id = ?4`, func() any { return see(p.ID).OnVideo }, true},
		{`UPDATE post SET uri = 'https://moved.example/1' WHERE id = ?4`, func() any { return see(p.ID).ParentURI }, "https://moved.example/1"},
		{`DELETE FROM post WHERE id = ?4`, func() any { return see(p.ID).ParentURI }, ""},
	} {
		for _, id := range []int64{p.ID, parent.ID, quoted.ID} {
			see(id)
		}
		_, err := other.Exec(step.change, alice.ID, bob.ID, p.ID, parent.ID, quoted.ID)
		must(t, err)
		if got := step.shown(); got != step.want {
			t.Errorf("after %s: got %v, want %v", step.change, got, step.want)
		}
	}
}

// TestKeptPostsAreShownToNobodyElse has a reader see a post, so that it is kept,
// and then takes away what let them see it, behind the back of the program.
func TestKeptPostsAreShownToNobodyElse(t *testing.T) {
	for _, change := range []string{
		`DELETE FROM follow WHERE account_id = ?1 AND target_id = ?2`,
		`UPDATE follow SET accepted = 0 WHERE account_id = ?1 AND target_id = ?2`,
		`INSERT INTO block (id, uri, account_id, target_id, created_at) VALUES (1, 'b', ?2, ?1, 1)`,
		`INSERT INTO block (id, uri, account_id, target_id, created_at) VALUES (1, 'b', ?1, ?2, 1)`,
		`UPDATE post SET visibility = 3 WHERE account_id = ?2`,
		`UPDATE post SET approval = 1 WHERE account_id = ?2`,
		`UPDATE account SET state = 1 WHERE id = ?2`,
		`UPDATE account SET flags = flags | 32 WHERE id = ?2`,
		`DELETE FROM post WHERE account_id = ?2`,
	} {
		t.Run(change, func(t *testing.T) {
			t.Parallel()
			db, other := elsewhere(t)
			reader, author, friend := storetest.Member(t, db, "reader"), storetest.Remote(t, db, "author@far.example"), storetest.Remote(t, db, "friend@far.example")
			must(t, db.SaveRemoteAccount(ctx, author))
			_, err := other.Exec(`INSERT INTO follow (id, uri, account_id, target_id, accepted, created_at) VALUES (1, 'f', ?1, ?2, 1, 1), (2, 'g', ?1, ?3, 1, 1)`, reader.ID, author.ID, friend.ID)
			must(t, err)
			p := storetest.Receive(t, db, author, "https://far.example/1", "<p>for followers</p>", func(r *store.RemotePost) { r.Visibility = store.Followers })
			q := storetest.Receive(t, db, friend, "https://far.example/2", "<p>look</p>")
			_, err = other.Exec(`INSERT INTO quote (post_id, uri, quoted_id, state) VALUES (?, 'https://far.example/1', ?, 2)`, q.ID, p.ID)
			must(t, err)
			viewer := store.AsMember(reader.ID)
			if got := home(t, db, reader); got != "look|for followers" {
				t.Fatalf("before, home is %q", got)
			}
			if got := quoteSeen(t, db, q.ID, viewer); got != "<p>for followers</p>" {
				t.Fatalf("before, the quote shows %q", got)
			}
			_, err = other.Exec(change, reader.ID, author.ID)
			must(t, err)
			if v, err := db.PostVisibleTo(ctx, p.ID, viewer); err == nil {
				t.Errorf("the post is still shown: %s", v.HTML)
			}
			if got := home(t, db, reader); got != "look" {
				t.Errorf("home is %q, want the friend's post alone", got)
			}
			if got := quoteSeen(t, db, q.ID, viewer); got == "<p>for followers</p>" {
				t.Error("the quote still shows the post")
			}
		})
	}
}

// TestMarksAreSeenApart makes a member do one thing with each of several posts:
// on each that mark stands alone, and on none for somebody else.
func TestMarksAreSeenApart(t *testing.T) {
	db, other := elsewhere(t)
	alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
	loud, mira := storetest.Member(t, db, "loud"), storetest.Member(t, db, "mira")
	must(t, db.Mute(ctx, alice.ID, loud.ID, store.MuteOptions{}))
	far := storetest.Remote(t, db, "fern@far.example")
	must(t, db.BlockHost(ctx, alice.ID, "far.example"))
	marks := []struct {
		name   string
		author *store.Account
		do     func(p *store.Post) error
	}{
		{"[]", mira, func(*store.Post) error { return nil }},
		{"[favourited]", mira, func(p *store.Post) error { return db.Favourite(ctx, alice.ID, p.ID) }},
		{"[boosted]", mira, func(p *store.Post) error { return db.Boost(ctx, alice.ID, p.ID) }},
		{"[bookmarked]", mira, func(p *store.Post) error { return db.Bookmark(ctx, alice.ID, p.ID) }},
		{"[downvoted]", mira, func(p *store.Post) error {
			_, err := other.Exec(`INSERT INTO downvote (id, uri, account_id, post_id, created_at) VALUES (1, 'd', ?, ?, 1)`, alice.ID, p.ID)
			if err == nil {
				_, err = other.Exec(`UPDATE post SET downvotes_count = 1 WHERE id = ?`, p.ID)
			}
			return err
		}},
		{"[muted]", loud, func(*store.Post) error { return nil }},
		{"[muted host]", far, func(*store.Post) error { return nil }},
		{"[thread muted]", mira, func(p *store.Post) error { return db.ChooseThread(ctx, alice.ID, p.ID, store.ThreadMuted) }},
		{"[thread watched]", mira, func(p *store.Post) error { return db.ChooseThread(ctx, alice.ID, p.ID, store.ThreadWatched) }},
		{"[muted thread watched]", loud, func(p *store.Post) error { return db.ChooseThread(ctx, alice.ID, p.ID, store.ThreadWatched) }},
	}
	for _, m := range marks {
		p := storetest.Post(t, db, m.author, m.name, store.Public)
		must(t, m.do(p))
		for viewer, want := range map[store.Viewer]string{store.AsMember(alice.ID): m.name, store.AsMember(bob.ID): "[]", {}: "[]"} {
			v, err := db.PostVisibleTo(ctx, p.ID, viewer)
			must(t, err)
			if got := marksOn(v); got != want {
				t.Errorf("%s as %+v: got %s, want %s", m.name, viewer, got, want)
			}
		}
	}
}

func marksOn(v *store.PostView) string {
	list := []string{}
	for _, m := range []struct {
		name string
		set  bool
	}{
		{"favourited", v.Favourited}, {"boosted", v.Boosted}, {"bookmarked", v.Bookmarked}, {"downvoted", v.Downvoted}, {"muted", v.Muted}, {"host", v.HostBlocked},
		{"thread muted", v.Thread == store.ThreadMuted}, {"thread watched", v.Thread == store.ThreadWatched},
	} {
		if m.set {
			list = append(list, m.name)
		}
	}
	return fmt.Sprint(list)
}
