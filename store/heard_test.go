package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

// texts are the URIs of a page's posts, newest first.
func uris(page *store.PostPage) []string {
	var list []string
	for _, v := range page.Posts {
		list = append(list, v.URI)
	}
	return list
}

// followed makes a member follow a remote account.
func followed(t *testing.T, db *store.DB, who, whom *store.Account) {
	t.Helper()
	must(t, db.Follow(ctx, who.ID, whom.ID))
	must(t, db.ReceiveAccept(ctx, store.FollowRef{AccountID: who.ID, TargetID: whom.ID}))
}

func wantURIs(t *testing.T, what string, page *store.PostPage, err error, want ...string) {
	t.Helper()
	must(t, err)
	if got := uris(page); !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestMuteHidesPostsBoostsAndRepliesButNotThreads(t *testing.T) {
	db := storetest.New(t)
	alice := storetest.Member(t, db, "alice")
	rob, ann := storetest.Remote(t, db, "rob@far.example"), storetest.Remote(t, db, "ann@far.example")
	followed(t, db, alice, rob)
	followed(t, db, alice, ann)
	p := storetest.Receive(t, db, rob, "https://far.example/p/1", "hello")
	other := storetest.Receive(t, db, ann, "https://far.example/p/2", "other", func(r *store.RemotePost) { r.CreatedAt = r.CreatedAt.Add(-time.Hour) })
	storetest.Receive(t, db, ann, "https://far.example/p/3", "to rob", func(r *store.RemotePost) { r.ReplyToURI = p.URI })
	must(t, db.Mute(ctx, alice.ID, rob.ID, store.MuteOptions{}))
	home, err := db.HomeTimeline(ctx, alice.ID, store.Cursor{})
	wantURIs(t, "home", home, err, other.URI)
	federated, err := db.FederatedTimeline(ctx, store.AsMember(alice.ID), store.Cursor{})
	wantURIs(t, "federated", federated, err, other.URI)
	visitors, err := db.FederatedTimeline(ctx, store.Viewer{}, store.Cursor{})
	wantURIs(t, "federated for visitors", visitors, err, p.URI, other.URI)
	v, err := db.PostVisibleTo(ctx, p.ID, store.AsMember(alice.ID))
	must(t, err)
	if !v.Muted {
		t.Error("a muted author's post is not marked")
	}
	must(t, db.Unmute(ctx, alice.ID, rob.ID))
	if home, err = db.HomeTimeline(ctx, alice.ID, store.Cursor{}); err != nil || len(home.Posts) != 3 {
		t.Errorf("after the mute: %v, %v, want all three", uris(home), err)
	}
}

func TestMuteEndsByItsJob(t *testing.T) {
	now := time.Now()
	db := storetest.Open(t, store.Config{URL: storetest.URL, Now: func() time.Time { return now }})
	alice, rob := storetest.Member(t, db, "alice"), storetest.Remote(t, db, "rob@far.example")
	must(t, db.Mute(ctx, alice.ID, rob.ID, store.MuteOptions{Lasts: time.Hour}))
	for _, step := range []struct {
		after time.Duration
		muted bool
	}{{30 * time.Minute, true}, {time.Hour, false}} {
		now = now.Add(step.after)
		must(t, db.EndMutes(ctx))
		if r, err := db.Relation(ctx, alice.ID, rob.ID); err != nil || r.Muting != step.muted {
			t.Errorf("%s later: muting %v, %v, want %v", step.after, r.Muting, err, step.muted)
		}
	}
	jobs, err := db.ClaimJobs(ctx, 10, time.Minute)
	must(t, err)
	if !slices.ContainsFunc(jobs, func(j *store.Job) bool { return j.Kind == store.JobMuteEnd }) {
		t.Error("no job ends the mute")
	}
}

func TestNotificationsOfTheMuted(t *testing.T) {
	db := storetest.New(t)
	alice, rob := storetest.Member(t, db, "alice"), storetest.Remote(t, db, "rob@far.example")
	mine := storetest.Post(t, db, alice, "mine", store.Public)
	count := func() int {
		page, err := db.Notifications(ctx, alice.ID, nil, store.Cursor{})
		must(t, err)
		u, err := db.User(ctx, alice.ID)
		must(t, err)
		n, err := db.UnreadNotifications(ctx, u)
		must(t, err)
		if n != len(page.Notifications) {
			t.Errorf("%d unread, %d listed", n, len(page.Notifications))
		}
		return n
	}
	must(t, db.ReceiveFavourite(ctx, rob.ID, mine.ID, "https://far.example/l/1", ""))
	for _, c := range []struct {
		name string
		do   func() error
		want int
	}{
		{"not muted", func() error { return nil }, 1},
		{"muted without notifications", func() error { return db.Mute(ctx, alice.ID, rob.ID, store.MuteOptions{}) }, 1},
		{"with notifications", func() error { return db.Mute(ctx, alice.ID, rob.ID, store.MuteOptions{Notifications: true}) }, 0},
		{"unmuted", func() error { return db.Unmute(ctx, alice.ID, rob.ID) }, 1},
		{"server blocked", func() error { return db.BlockHost(ctx, alice.ID, "FAR.example") }, 0},
		{"unblocked", func() error { return db.UnblockHost(ctx, alice.ID, "far.example") }, 1},
	} {
		must(t, c.do())
		if got := count(); got != c.want {
			t.Errorf("%s: %d notifications, want %d", c.name, got, c.want)
		}
	}
}

func TestHostBlockEndsFollowsBothWays(t *testing.T) {
	db := storetest.New(t)
	alice := storetest.Member(t, db, "alice")
	rob, ann := storetest.Remote(t, db, "rob@far.example"), storetest.Remote(t, db, "ann@near.example")
	followed(t, db, alice, rob)
	followed(t, db, alice, ann)
	must(t, db.ReceiveFollow(ctx, rob.ID, alice.ID, "https://far.example/f/1"))
	ties, err := db.HostTies(ctx, alice.ID, "far.example")
	if want := (store.HostTies{Following: 1, Followers: 1}); err != nil || ties != want {
		t.Errorf("ties %+v, %v, want %+v", ties, err, want)
	}
	must(t, db.BlockHost(ctx, alice.ID, "far.example"))
	r, err := db.Relation(ctx, alice.ID, rob.ID)
	if err != nil || r.Following || r.FollowedBy || !r.HostBlocked {
		t.Errorf("relation %+v, %v", r, err)
	}
	if r, err = db.Relation(ctx, alice.ID, ann.ID); err != nil || !r.Following || r.HostBlocked {
		t.Errorf("relation to another server %+v, %v", r, err)
	}
	if err := db.BlockHost(ctx, alice.ID, "here.example"); !errors.Is(err, store.ErrForbidden) {
		t.Errorf("block of this server: %v, want ErrForbidden", err)
	}
	var bad *store.InputError
	for _, host := range []string{"", "a b", "https://far.example/x", "a@b"} {
		if err := db.BlockHost(ctx, alice.ID, host); !errors.As(err, &bad) {
			t.Errorf("block of %q: %v, want an InputError", host, err)
		}
	}
}

func TestThreadChoice(t *testing.T) {
	db := storetest.New(t)
	alice, carl := storetest.Member(t, db, "alice"), storetest.Member(t, db, "carl")
	rob := storetest.Remote(t, db, "rob@far.example")
	top := storetest.Post(t, db, alice, "top", store.Public)
	answer := storetest.Receive(t, db, rob, "https://far.example/p/1", "one", func(r *store.RemotePost) { r.ReplyToURI = top.URI })
	must(t, db.ChooseThread(ctx, carl.ID, answer.ID, store.ThreadWatched))
	must(t, db.ChooseThread(ctx, alice.ID, top.ID, store.ThreadMuted))
	// A reply whose parent comes after it belongs to the thread all the same.
	storetest.Receive(t, db, rob, "https://far.example/p/3", "three", func(r *store.RemotePost) { r.ReplyToURI = "https://far.example/p/2" })
	storetest.Receive(t, db, rob, "https://far.example/p/2", "two", func(r *store.RemotePost) {
		r.ReplyToURI = answer.URI
	})
	page, err := db.Notifications(ctx, carl.ID, []store.NotificationKind{store.NotifyPost}, store.Cursor{})
	must(t, err)
	if len(page.Notifications) != 1 || page.Notifications[0].Post.URI != "https://far.example/p/2" {
		t.Errorf("the watcher was told %d times", len(page.Notifications))
	}
	late, err := db.PostByURI(ctx, "https://far.example/p/3")
	must(t, err)
	v, err := db.PostVisibleTo(ctx, late.ID, store.AsMember(alice.ID))
	must(t, err)
	if v.Thread != store.ThreadMuted {
		t.Errorf("the adopted reply stands in a thread chosen %v", v.Thread)
	}
	must(t, db.ChooseThread(ctx, alice.ID, late.ID, store.ThreadAsUsual))
	if v, err = db.PostVisibleTo(ctx, top.ID, store.AsMember(alice.ID)); err != nil || v.Thread != store.ThreadAsUsual {
		t.Errorf("after unmuting from below: %v, %v", v.Thread, err)
	}
	private := storetest.Post(t, db, alice, "for followers", store.Followers)
	if err := db.ChooseThread(ctx, carl.ID, private.ID, store.ThreadMuted); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("choice for a post that can't be seen: %v, want ErrNotFound", err)
	}
}

func TestFollowOptions(t *testing.T) {
	db := storetest.New(t)
	alice, carl := storetest.Member(t, db, "alice"), storetest.Member(t, db, "carl")
	rob, ann := storetest.Remote(t, db, "rob@far.example"), storetest.Remote(t, db, "ann@far.example")
	followed(t, db, alice, rob)
	english := storetest.Receive(t, db, rob, "https://far.example/p/1", "hello", func(r *store.RemotePost) { r.Language = "en-GB" })
	storetest.Receive(t, db, rob, "https://far.example/p/2", "hallo", func(r *store.RemotePost) {
		r.Language = "de"
		r.CreatedAt = r.CreatedAt.Add(-time.Hour)
	})
	theirs := storetest.Receive(t, db, ann, "https://far.example/p/3", "other")
	must(t, db.ReceiveBoost(ctx, store.RemoteBoost{AccountID: rob.ID, PostID: theirs.ID, URI: "https://far.example/b/1", PublishedAt: time.Now().Add(-2 * time.Hour)}))
	must(t, db.SetFollowOptions(ctx, alice.ID, rob.ID, store.FollowOptions{Languages: []string{"en", "EN-us"}, Notify: true}))
	home, err := db.HomeTimeline(ctx, alice.ID, store.Cursor{})
	wantURIs(t, "home without boosts, in English", home, err, english.URI)
	storetest.Receive(t, db, rob, "https://far.example/p/4", "new")
	page, err := db.Notifications(ctx, alice.ID, []store.NotificationKind{store.NotifyPost}, store.Cursor{})
	if err != nil || len(page.Notifications) != 1 {
		t.Errorf("told of new posts: %v, %v, want one", page, err)
	}
	if err := db.SetFollowOptions(ctx, carl.ID, rob.ID, store.FollowOptions{}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("options without a follow: %v, want ErrNotFound", err)
	}
	var bad *store.InputError
	if err := db.SetFollowOptions(ctx, alice.ID, rob.ID, store.FollowOptions{Languages: []string{"e,n"}}); !errors.As(err, &bad) {
		t.Errorf("a language with a comma: %v, want an InputError", err)
	}
}
