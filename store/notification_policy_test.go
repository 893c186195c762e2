package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

// toldOf writes what a member is told: "mention zoe, follow bob".
func toldOf(t *testing.T, db *store.DB, who *store.Account, q store.NotificationQuery) string {
	t.Helper()
	page, err := db.NotificationsWhere(t.Context(), who.ID, q, store.Cursor{})
	must(t, err)
	var list []string
	for _, n := range page.Notifications {
		list = append(list, n.Kind.String()+" "+n.From.Username)
	}
	return strings.Join(list, ", ")
}

func direct(author *store.Account, mentions ...int64) func(*store.RemotePost) {
	return func(r *store.RemotePost) { r.Visibility, r.Mentions = store.Direct, mentions }
}

func TestPolicyDecidesOfWhomAMemberIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := storetest.New(t)
		ctx := t.Context()
		alice, mo := storetest.Member(t, db, "alice"), storetest.Member(t, db, "mo")
		must(t, db.SetRole(ctx, store.Staff{}, mo.ID, store.Moderator))
		friend, fan := storetest.Remote(t, db, "friend@far.example"), storetest.Remote(t, db, "fan@far.example")
		must(t, db.Follow(ctx, alice.ID, friend.ID))
		must(t, db.ReceiveAccept(ctx, store.FollowRef{AccountID: alice.ID, TargetID: friend.ID}))
		must(t, db.ReceiveFollow(ctx, fan.ID, alice.ID, fan.URI+"/f"))
		time.Sleep(40 * 24 * time.Hour) // in the bubble: they are no longer new
		fresh := storetest.Remote(t, db, "fresh@far.example")
		hold, drop := store.HoldNotification, store.DropNotification
		for i, c := range []struct {
			name   string
			policy store.NotificationPolicy
			from   *store.Account
			want   store.NotificationVerdict
		}{
			{"all are welcome", store.NotificationPolicy{}, fresh, store.AcceptNotification},
			{"not followed", store.NotificationPolicy{NotFollowing: hold}, fan, hold},
			{"followed", store.NotificationPolicy{NotFollowing: hold}, friend, store.AcceptNotification},
			{"no follower", store.NotificationPolicy{NotFollowers: drop}, friend, drop},
			{"a follower", store.NotificationPolicy{NotFollowers: drop}, fan, store.AcceptNotification},
			{"new", store.NotificationPolicy{NewAccounts: hold}, fresh, hold},
			{"not new", store.NotificationPolicy{NewAccounts: hold}, fan, store.AcceptNotification},
			{"the stricter of two", store.NotificationPolicy{NotFollowing: drop, NewAccounts: hold}, fresh, drop},
			{"staff", store.NotificationPolicy{NotFollowing: drop}, mo, store.AcceptNotification},
			{"a kind that is off", store.NotificationPolicy{Off: []store.NotificationKind{store.NotifyMention}}, friend, drop},
			{"another kind off", store.NotificationPolicy{Off: []store.NotificationKind{store.NotifyBoost}}, friend, store.AcceptNotification},
		} {
			must(t, db.SetNotificationPolicy(ctx, alice.ID, c.policy))
			must(t, db.ClearNotifications(ctx, alice.ID))
			if c.from.Local() {
				storetest.Post(t, db, c.from, "hello @alice", store.Public)
			} else {
				storetest.Receive(t, db, c.from, fmt.Sprint(c.from.URI, "/", i), "<p>hello</p>", func(r *store.RemotePost) { r.Mentions = []int64{alice.ID} })
			}
			got := drop
			if toldOf(t, db, alice, store.NotificationQuery{}) != "" {
				got = store.AcceptNotification
			} else if toldOf(t, db, alice, store.NotificationQuery{Held: true, FromID: c.from.ID}) != "" {
				got = hold
			}
			if got != c.want {
				t.Errorf("%s: verdict %d, want %d", c.name, got, c.want)
			}
			page, err := db.NotificationRequests(ctx, alice.ID, store.Cursor{})
			must(t, err)
			var ids []int64
			for _, r := range page.Requests {
				ids = append(ids, r.ID)
			}
			if (len(ids) == 1) != (c.want == hold) {
				t.Errorf("%s: %d requests", c.name, len(ids))
			}
			must(t, db.DismissNotificationRequests(ctx, alice.ID, ids))
		}
	})
}

func TestUnaskedPrivatePostsWaitByDefault(t *testing.T) {
	db := storetest.New(t)
	ctx := t.Context()
	alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
	zoe := storetest.Remote(t, db, "zoe@far.example")
	storetest.Receive(t, db, zoe, zoe.URI+"/1", "<p>psst</p>", direct(zoe, alice.ID))
	storetest.Receive(t, db, zoe, zoe.URI+"/2", "<p>psst again</p>", direct(zoe, alice.ID))
	if got := toldOf(t, db, alice, store.NotificationQuery{}); got != "" {
		t.Errorf("told at once: %s", got)
	}
	u, err := db.User(ctx, alice.ID)
	must(t, err)
	if n, err := db.UnreadNotifications(ctx, u); n != 0 || err != nil {
		t.Errorf("unread: %d, %v; want 0", n, err)
	}
	page, err := db.NotificationRequests(ctx, alice.ID, store.Cursor{})
	must(t, err)
	if len(page.Requests) != 1 || page.People != 1 || page.TotalCount != 2 {
		t.Fatalf("requests: %d of %d people, %d notifications; want 1, 1, 2", len(page.Requests), page.People, page.TotalCount)
	}
	r := page.Requests[0]
	if r.From.ID != zoe.ID || r.Count != 2 || r.Last == nil || r.Last.URI != zoe.URI+"/2" {
		t.Errorf("request: %+v", r)
	}
	if list, err := db.Conversations(ctx, alice.ID, store.Cursor{}); err != nil || len(list.Conversations) != 0 {
		t.Errorf("conversations while held: %v, %v", list, err)
	}
	if _, err := db.NotificationRequest(ctx, bob.ID, r.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("another member's request: %v, want ErrNotFound", err)
	}
	must(t, db.AcceptNotificationRequests(ctx, bob.ID, []int64{r.ID, 5}))
	must(t, db.DismissNotificationRequests(ctx, bob.ID, []int64{r.ID}))
	if _, err := db.NotificationRequest(ctx, alice.ID, r.ID); err != nil {
		t.Errorf("after another member answered it: %v", err)
	}
	must(t, db.AcceptNotificationRequests(ctx, alice.ID, []int64{r.ID}))
	must(t, db.AcceptNotificationRequests(ctx, alice.ID, []int64{r.ID}))
	storetest.Receive(t, db, zoe, zoe.URI+"/3", "<p>thanks</p>", direct(zoe, alice.ID))
	if got, want := toldOf(t, db, alice, store.NotificationQuery{}), "mention zoe, mention zoe, mention zoe"; got != want {
		t.Errorf("after accepting: %s, want %s", got, want)
	}
	list, err := db.Conversations(ctx, alice.ID, store.Cursor{})
	must(t, err)
	if len(list.Conversations) != 3 {
		t.Errorf("conversations after accepting: %d, want 3", len(list.Conversations))
	}
}

func TestPolicyRefusesWhatIsNone(t *testing.T) {
	db := storetest.New(t)
	alice := storetest.Member(t, db, "alice")
	for _, p := range []store.NotificationPolicy{{NotFollowing: 3}, {NewAccounts: -1}, {Off: []store.NotificationKind{99}}, {NoPush: []store.NotificationKind{-1}}} {
		var bad *store.InputError
		if err := db.SetNotificationPolicy(t.Context(), alice.ID, p); !errors.As(err, &bad) {
			t.Errorf("%+v: %v, want an InputError", p, err)
		}
	}
	p := store.NotificationPolicy{NotFollowers: store.DropNotification, Off: []store.NotificationKind{store.NotifyBoost}, NoPush: []store.NotificationKind{store.NotifyMention, store.NotifyPost}}
	must(t, db.SetNotificationPolicy(t.Context(), alice.ID, p))
	got, err := db.NotificationPolicy(t.Context(), alice.ID)
	if err != nil || got.NotFollowers != p.NotFollowers || !slices.Equal(got.Off, p.Off) || !slices.Equal(got.NoPush, p.NoPush) {
		t.Errorf("read back: %+v, %v; want %+v", got, err, p)
	}
}

func TestNotificationsStandInGroups(t *testing.T) {
	db := storetest.New(t)
	ctx := t.Context()
	alice := storetest.Member(t, db, "alice")
	p, q := storetest.Post(t, db, alice, "one", store.Public), storetest.Post(t, db, alice, "two", store.Public)
	var people []*store.Account
	for i := range 5 {
		people = append(people, storetest.Remote(t, db, fmt.Sprintf("p%d@far.example", i)))
	}
	for i, a := range people {
		must(t, db.ReceiveFavourite(ctx, a.ID, p.ID, fmt.Sprint(a.URI, "/l", i), ""))
	}
	storetest.Receive(t, db, people[0], people[0].URI+"/1", "<p>hi</p>", func(r *store.RemotePost) { r.Mentions = []int64{alice.ID} })
	must(t, db.ReceiveFavourite(ctx, people[1].ID, q.ID, people[1].URI+"/q", ""))
	page, err := db.NotificationGroups(ctx, alice.ID, store.NotificationQuery{}, nil, store.Cursor{})
	must(t, err)
	var got []string
	for _, g := range page.Groups {
		got = append(got, fmt.Sprintf("%s %d", g.Newest().Kind, g.Count))
	}
	if want := "[favourite 1 mention 1 favourite 5]"; fmt.Sprint(got) != want {
		t.Fatalf("groups: %v, want %s", got, want)
	}
	first, err := db.NotificationGroups(ctx, alice.ID, store.NotificationQuery{}, nil, store.Cursor{Limit: 2})
	must(t, err)
	next, err := db.NotificationGroups(ctx, alice.ID, store.NotificationQuery{}, nil, store.Cursor{Limit: 2, Before: first.Older})
	must(t, err)
	if len(first.Groups) != 2 || len(next.Groups) != 1 || next.Groups[0].Count != 5 || next.Older != 0 {
		t.Errorf("pages: %d and %d groups", len(first.Groups), len(next.Groups))
	}
	up, err := db.NotificationGroups(ctx, alice.ID, store.NotificationQuery{}, nil, store.Cursor{Limit: 1, After: 1})
	must(t, err)
	if len(up.Groups) != 1 || up.Groups[0].Count != 5 || up.Newer == 0 {
		t.Errorf("from the oldest up: %+v", up)
	}
	alone, err := db.NotificationGroups(ctx, alice.ID, store.NotificationQuery{}, []store.NotificationKind{store.NotifyFollow}, store.Cursor{})
	must(t, err)
	if len(alone.Groups) != 7 {
		t.Errorf("favourites not grouped: %d lines, want 7", len(alone.Groups))
	}
	key := page.Groups[2].Key
	if g, err := db.NotificationGroup(ctx, alice.ID, key); err != nil || g.Count != 5 || len(g.Notifications) != 5 {
		t.Errorf("group %s: %+v, %v", key, g, err)
	}
	must(t, db.DismissNotificationGroup(ctx, alice.ID, key))
	must(t, db.DismissNotificationGroup(ctx, alice.ID, page.Groups[1].Key))
	if got, want := toldOf(t, db, alice, store.NotificationQuery{}), "favourite p1"; got != want {
		t.Errorf("after dismissing two groups: %s, want %s", got, want)
	}
	for _, bad := range []string{"", "x", "favourite", "favourite-1", "favourite-x-1", "mention-1-1", "ungrouped-x", "ungrouped--1"} {
		if _, err := db.NotificationGroup(ctx, alice.ID, bad); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("group %q: %v, want ErrNotFound", bad, err)
		}
	}
}
