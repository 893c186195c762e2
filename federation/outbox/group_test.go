package outbox

import (
	"slices"
	"testing"

	"seedling/store"
	"seedling/store/content"
	"seedling/store/storetest"
)

const (
	groupInbox = "https://club.example/inbox"
	groupURI   = "https://club.example/users/moss"
)

// TestGroupActivities looks at what is told about posts in a community: the
// group gets all of it, and answers name it as their audience (FEP-1b12).
func TestGroupActivities(t *testing.T) {
	w := newTown(t)
	ctx := t.Context()
	group := storetest.Remote(t, w.db, "moss@club.example")
	group.Kind = store.Group
	must(t, w.db.SaveRemoteAccount(ctx, group))
	thread := storetest.Receive(t, w.db, w.dave, "https://else.example/post/1", "<p>Thread</p>",
		func(r *store.RemotePost) { r.Kind, r.Title, r.GroupURI = store.Page, "Thread", groupURI })
	var own, answer *store.Post
	tests := []struct {
		name    string
		do      func() error
		inboxes []string
	}{
		{"group_create", func() error {
			own = storetest.Post(t, w.db, w.alice, "Which moss is this? @moss@club.example", store.Public)
			return nil
		}, []string{groupInbox, there}},
		{"group_reply", func() error {
			answer = storetest.Reply(t, w.db, w.alice, thread, "Fork moss.", store.Unlisted)
			return nil
		}, []string{groupInbox, elsew, there}},
		{"group_update", func() error {
			_, err := w.db.UpdatePost(ctx, w.alice.ID, own.ID, store.Edit{Source: content.Source{Text: "Which moss is it?"}})
			return err
		}, []string{groupInbox, there}},
		{"group_favourite", func() error { return w.db.Favourite(ctx, w.alice.ID, thread.ID) }, []string{"https://club.example/users/moss/inbox", w.dave.Inbox}},
		{"group_unfavourite", func() error { return w.db.Unfavourite(ctx, w.alice.ID, thread.ID) }, []string{"https://club.example/users/moss/inbox", w.dave.Inbox}},
		{"group_delete", func() error { return w.db.DeletePost(ctx, w.alice.ID, answer.ID) }, []string{groupInbox, elsew, there}},
		{"group_follow", func() error { return w.db.Follow(ctx, w.alice.ID, group.ID) }, []string{"https://club.example/users/moss/inbox"}},
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
		})
	}
}

// A private answer in a community's thread is none of the community's business.
func TestPrivateAnswersAreNotForTheGroup(t *testing.T) {
	w := newTown(t)
	thread := storetest.Receive(t, w.db, w.dave, "https://else.example/post/1", "<p>Thread</p>",
		func(r *store.RemotePost) { r.GroupURI = groupURI })
	group := storetest.Remote(t, w.db, "moss@club.example")
	group.Kind = store.Group
	must(t, w.db.SaveRemoteAccount(t.Context(), group))
	storetest.Reply(t, w.db, w.alice, thread, "between us @dave@else.example", store.Direct)
	for _, m := range drain(t, w.db) {
		if slices.Contains(urls(m.inboxes), groupInbox) {
			t.Errorf("the group gets %s", m.body)
		}
	}
}
