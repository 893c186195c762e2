package store_test

import (
	"errors"
	"strings"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

// talks writes a member's conversations: "bob+zoe: hello*", with a star on unread ones.
func talks(t *testing.T, db *store.DB, who *store.Account) string {
	t.Helper()
	page, err := db.Conversations(t.Context(), who.ID, store.Cursor{})
	must(t, err)
	var list []string
	for _, c := range page.Conversations {
		var names []string
		for _, a := range c.People {
			names = append(names, a.Username)
		}
		line := strings.Join(names, "+") + ": " + c.Last.Source.Text
		if c.Unread {
			line += "*"
		}
		list = append(list, line)
	}
	return strings.Join(list, ", ")
}

func TestConversationsFollowPrivatePosts(t *testing.T) {
	db := storetest.New(t)
	ctx := t.Context()
	alice, bob, carl := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob"), storetest.Member(t, db, "carl")
	for _, a := range []*store.Account{alice, bob, carl} {
		must(t, db.SetNotificationPolicy(ctx, a.ID, store.NotificationPolicy{}))
	}
	storetest.Post(t, db, alice, "@bob in public", store.Public)
	one := storetest.Post(t, db, alice, "@bob one", store.Direct)
	two := storetest.Reply(t, db, bob, one, "@alice two", store.Direct)
	step := func(name string, who *store.Account, want string) {
		t.Helper()
		if got := talks(t, db, who); got != want {
			t.Errorf("%s: %s has %q, want %q", name, who.Username, got, want)
		}
	}
	step("answered", alice, "bob: @alice two*")
	step("answered", bob, "alice: @alice two")
	step("answered", carl, "")
	c, err := db.ConversationWith(ctx, alice.ID, one.ID)
	must(t, err)
	if n, err := db.UnreadConversations(ctx, alice.ID); n != 1 || err != nil {
		t.Errorf("unread: %d, %v; want 1", n, err)
	}
	must(t, db.ReadConversation(ctx, alice.ID, c.ID, false))
	step("read", alice, "bob: @alice two")
	for name, err := range map[string]error{
		"read": db.ReadConversation(ctx, bob.ID, c.ID, false), "remove": db.RemoveConversation(ctx, carl.ID, c.ID),
	} {
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s another member's: %v, want ErrNotFound", name, err)
		}
	}
	if _, err := db.Conversation(ctx, bob.ID, c.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("another member's: %v, want ErrNotFound", err)
	}
	if page, err := db.ConversationPosts(ctx, bob.ID, c.ID, store.Cursor{}); err != nil || len(page.Posts) != 0 {
		t.Errorf("posts of another member's: %v, %v", page, err)
	}
	three := storetest.Reply(t, db, alice, two, "@bob @carl three", store.Direct)
	step("with a third", carl, "alice+bob: @bob @carl three*")
	page, err := db.ConversationPosts(ctx, carl.ID, mustConversation(t, db, carl, three), store.Cursor{})
	must(t, err)
	if len(page.Posts) != 1 {
		t.Errorf("who came last sees %d posts, want 1", len(page.Posts))
	}
	must(t, db.DeletePost(ctx, alice.ID, three.ID))
	step("deleted", alice, "bob: @alice two")
	step("deleted", carl, "")
	must(t, db.RemoveConversation(ctx, alice.ID, c.ID))
	step("removed", alice, "")
	storetest.Reply(t, db, bob, two, "@alice four", store.Direct)
	step("back", alice, "bob: @alice four*")
	must(t, db.ChooseThread(ctx, alice.ID, one.ID, store.ThreadMuted))
	if n, err := db.UnreadConversations(ctx, alice.ID); n != 0 || err != nil {
		t.Errorf("unread while muted: %d, %v; want 0", n, err)
	}
	must(t, db.Block(ctx, alice.ID, bob.ID))
	step("blocked", alice, "")
}

func mustConversation(t *testing.T, db *store.DB, who *store.Account, p *store.Post) int64 {
	t.Helper()
	c, err := db.ConversationWith(t.Context(), who.ID, p.ID)
	must(t, err)
	return c.ID
}

func TestConversationsJoinWithTheirThread(t *testing.T) {
	db := storetest.New(t)
	ctx := t.Context()
	alice := storetest.Member(t, db, "alice")
	zoe := storetest.Remote(t, db, "zoe@far.example")
	must(t, db.SetNotificationPolicy(ctx, alice.ID, store.NotificationPolicy{}))
	answer := storetest.Receive(t, db, zoe, zoe.URI+"/2", "<p>two</p>", direct(zoe, alice.ID), func(r *store.RemotePost) { r.ReplyToURI = zoe.URI + "/1" })
	other := storetest.Receive(t, db, zoe, zoe.URI+"/3", "<p>three</p>", direct(zoe, alice.ID), func(r *store.RemotePost) { r.ReplyToURI = zoe.URI + "/1" })
	first := storetest.Receive(t, db, zoe, zoe.URI+"/1", "<p>one</p>", direct(zoe, alice.ID))
	a, b := mustConversation(t, db, alice, answer), mustConversation(t, db, alice, other)
	if a != b {
		t.Errorf("two conversations in one thread")
	}
	page, err := db.Conversations(ctx, alice.ID, store.Cursor{})
	must(t, err)
	if len(page.Conversations) != 1 || page.Conversations[0].Last.ID != max(first.ID, answer.ID, other.ID) {
		t.Errorf("conversations: %d, want the one that ends with the newest", len(page.Conversations))
	}
}
