package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

// chips writes what a viewer sees under a post: "🌱2 🧡1*", with a star on their own.
func chips(t *testing.T, db *store.DB, postID int64, viewer store.Viewer) string {
	t.Helper()
	v, err := db.PostVisibleTo(t.Context(), postID, viewer)
	must(t, err)
	var list []string
	for _, r := range v.Reactions {
		s := fmt.Sprint(r.Key(), r.Count)
		if r.Mine {
			s += "*"
		}
		list = append(list, s)
	}
	return strings.Join(list, " ")
}

func remoteReaction(by *store.Account, p *store.Post, text string) store.RemoteReaction {
	r := store.RemoteReaction{URI: by.URI + "#react/" + text, AccountID: by.ID, PostID: p.ID, Emoji: store.Emoji{Text: text}}
	if strings.HasPrefix(text, ":") {
		r.Emoji.Host, r.Emoji.IconURL = by.Host, "https://"+by.Host+"/e.png"
	}
	return r
}

func TestReactionsAreCountedAndMarkedMine(t *testing.T) {
	db := storetest.New(t)
	ctx := t.Context()
	alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
	far := storetest.Remote(t, db, "zoe@far.example")
	p := storetest.Post(t, db, alice, "hello", store.Public)
	must(t, db.React(ctx, bob.ID, p.ID, "❤")) // without the selector, then with it
	must(t, db.React(ctx, bob.ID, p.ID, "❤\ufe0f"))
	must(t, db.React(ctx, bob.ID, p.ID, "🌱"))
	must(t, db.React(ctx, alice.ID, p.ID, "🌱"))
	must(t, db.ReceiveReaction(ctx, remoteReaction(far, p, "🌱")))
	must(t, db.ReceiveReaction(ctx, remoteReaction(far, p, ":blobcat:")))
	must(t, db.ReceiveReaction(ctx, remoteReaction(far, p, ":blobcat:")))
	if got, want := chips(t, db, p.ID, store.AsMember(bob.ID)), "❤\ufe0f1* 🌱3* :blobcat@far.example:1"; got != want {
		t.Errorf("bob sees %s, want %s", got, want)
	}
	if got, want := chips(t, db, p.ID, store.Viewer{}), "❤\ufe0f1 🌱3 :blobcat@far.example:1"; got != want {
		t.Errorf("a visitor sees %s, want %s", got, want)
	}
	must(t, db.React(ctx, bob.ID, p.ID, ":blobcat@far.example:")) // joins one that is there
	must(t, db.Unreact(ctx, bob.ID, p.ID, "❤"))
	must(t, db.Unreact(ctx, bob.ID, p.ID, "❤"))
	must(t, db.ReceiveUnreaction(ctx, far.ID, remoteReaction(far, p, "🌱").URI, "", store.Emoji{}))
	if got, want := chips(t, db, p.ID, store.AsMember(bob.ID)), "🌱2* :blobcat@far.example:2*"; got != want {
		t.Errorf("afterwards bob sees %s, want %s", got, want)
	}
	recent, err := db.RecentEmoji(ctx, bob.ID, 10)
	must(t, err)
	if !slices.Equal(recent, []string{"🌱"}) {
		t.Errorf("bob's recent emoji are %q", recent)
	}
}

func TestReactionsThatAreRefused(t *testing.T) {
	db := storetest.New(t)
	ctx := t.Context()
	alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
	far := storetest.Remote(t, db, "zoe@far.example")
	p, secret := storetest.Post(t, db, alice, "hello", store.Public), storetest.Post(t, db, alice, "secret", store.Followers)
	for _, text := range []string{"", "~", "x", "🌱🌱", ":blobcat:", ":blobcat@far.example:", strings.Repeat("🌱", 1000)} {
		if err := db.React(ctx, bob.ID, p.ID, text); !errors.Is(err, store.ErrNotEmoji) {
			t.Errorf("React with %.20q: %v, want ErrNotEmoji", text, err)
		}
	}
	for _, text := range []string{"~", "hello", "🌱x"} {
		if err := db.ReceiveReaction(ctx, remoteReaction(far, p, text)); !errors.Is(err, store.ErrNotEmoji) {
			t.Errorf("ReceiveReaction with %q: %v, want ErrNotEmoji", text, err)
		}
	}
	if err := db.React(ctx, bob.ID, secret.ID, "🌱"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("reacting to a hidden post: %v, want ErrNotFound", err)
	}
	if err := db.ReceiveReaction(ctx, remoteReaction(far, secret, "🌱")); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a stranger's reaction to a hidden post: %v, want ErrNotFound", err)
	}
	var err error
	n := 0
	for ; n < 100 && err == nil; n++ {
		err = db.React(ctx, bob.ID, p.ID, string(rune(0x1F400+n)))
	}
	if !errors.Is(err, store.ErrForbidden) || n != 21 {
		t.Errorf("the reaction number %d was refused with %v, want number 21 with ErrForbidden", n, err)
	}
}

func TestBlockedAndDeletedReactorsAreNotCounted(t *testing.T) {
	db := storetest.New(t)
	ctx := t.Context()
	alice, bob, carol := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob"), storetest.Member(t, db, "carol")
	far := storetest.Remote(t, db, "zoe@far.example")
	p := storetest.Post(t, db, alice, "hello", store.Public)
	must(t, db.React(ctx, bob.ID, p.ID, "🌱"))
	must(t, db.React(ctx, carol.ID, p.ID, "🌱"))
	must(t, db.ReceiveReaction(ctx, remoteReaction(far, p, "👌")))
	must(t, db.Block(ctx, bob.ID, far.ID))
	must(t, db.Block(ctx, carol.ID, bob.ID))
	for viewer, want := range map[*store.Account]string{alice: "🌱2 👌1", bob: "🌱1*", carol: "🌱1* 👌1"} {
		if got := chips(t, db, p.ID, store.AsMember(viewer.ID)); got != want {
			t.Errorf("%s sees %s, want %s", viewer.Username, got, want)
		}
	}
	page, err := db.ReactorsOf(ctx, p.ID, store.AsMember(bob.ID), store.Cursor{})
	must(t, err)
	if len(page.Reactors) != 1 || page.Reactors[0].Account.ID != bob.ID {
		t.Errorf("bob's list of who reacted: %+v, want himself alone", page.Reactors)
	}
	must(t, db.Block(ctx, alice.ID, bob.ID))
	if err := db.React(ctx, bob.ID, p.ID, "👌"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("reaction of a blocked member: %v, want ErrNotFound", err)
	}
	must(t, db.DeleteRemoteAccount(ctx, far.ID))
	if got := chips(t, db, p.ID, store.AsMember(carol.ID)); got != "🌱1*" {
		t.Errorf("after a deletion carol sees %s", got)
	}
	for done := false; !done; {
		done, err = db.PurgeAccount(ctx, far.ID)
		must(t, err)
	}
	if err := db.ReceiveUnreaction(ctx, far.ID, remoteReaction(far, p, "👌").URI, "", store.Emoji{}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the reaction of a purged account is still there: %v", err)
	}
}

func TestUnreactionNamesItsOwn(t *testing.T) {
	db := storetest.New(t)
	ctx := t.Context()
	alice := storetest.Member(t, db, "alice")
	zoe, eve := storetest.Remote(t, db, "zoe@far.example"), storetest.Remote(t, db, "eve@far.example")
	p := storetest.Post(t, db, alice, "hello", store.Public)
	r := remoteReaction(zoe, p, "🌱")
	must(t, db.ReceiveReaction(ctx, r))
	must(t, db.ReceiveFavourite(ctx, zoe.ID, p.ID, "https://far.example/likes/1", ""))
	if err := db.ReceiveUnreaction(ctx, eve.ID, r.URI, p.URI, r.Emoji); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a stranger takes it back: %v, want ErrNotFound", err)
	}
	if err := db.ReceiveUnreaction(ctx, zoe.ID, "https://far.example/other", p.URI, store.Emoji{Text: "👌"}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("another emoji: %v, want ErrNotFound", err)
	}
	must(t, db.ReceiveUnreaction(ctx, zoe.ID, "https://far.example/other", p.URI, r.Emoji))
	if got := chips(t, db, p.ID, store.Viewer{}); got != "" {
		t.Errorf("left: %s", got)
	}
	if v, _ := db.Post(ctx, p.ID); v.FavouritesCount != 1 {
		t.Errorf("%d favourites, want the one beside the reaction", v.FavouritesCount)
	}
}

func TestReactionNotifiesOnce(t *testing.T) {
	db := storetest.New(t)
	ctx := t.Context()
	alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
	p := storetest.Post(t, db, alice, "hello", store.Public)
	must(t, db.React(ctx, alice.ID, p.ID, "👌")) // one's own tells nobody
	must(t, db.React(ctx, bob.ID, p.ID, "🌱"))
	must(t, db.React(ctx, bob.ID, p.ID, "🧡"))
	list := func() []*store.Notification {
		page, err := db.Notifications(ctx, alice.ID, nil, store.Cursor{})
		must(t, err)
		return page.Notifications
	}
	got := list()
	if len(got) != 1 || got[0].Kind != store.NotifyReaction || len(got[0].Emoji) != 2 || got[0].Emoji[1].Text != "🧡" {
		t.Fatalf("alice is told %+v, want one line with two emoji", got)
	}
	must(t, db.Unreact(ctx, bob.ID, p.ID, "🌱"))
	if got := list(); len(got) != 1 || len(got[0].Emoji) != 1 {
		t.Errorf("with one left: %+v", got)
	}
	must(t, db.Unreact(ctx, bob.ID, p.ID, "🧡"))
	if got := list(); len(got) != 0 {
		t.Errorf("with none left: %+v", got)
	}
}

func TestReactionIsToldToTheAuthorsServer(t *testing.T) {
	db := storetest.New(t)
	ctx := t.Context()
	alice := storetest.Member(t, db, "alice")
	far := storetest.Remote(t, db, "zoe@far.example")
	p := storetest.Receive(t, db, far, "https://far.example/notes/1", "<p>hi</p>")
	local := storetest.Post(t, db, alice, "hello", store.Public)
	before, err := db.Outbox(ctx, 10)
	must(t, err)
	must(t, db.React(ctx, alice.ID, local.ID, "🌱")) // nobody elsewhere need know
	must(t, db.React(ctx, alice.ID, p.ID, "🌱"))
	must(t, db.Unreact(ctx, alice.ID, p.ID, "🌱"))
	items, err := db.Outbox(ctx, 10)
	must(t, err)
	items = items[len(before):]
	if len(items) != 2 || items[0].Kind != store.OutboxReact || items[1].Kind != store.OutboxUnreact || items[1].Emoji != "🌱" ||
		items[0].ActivityURI == "" || items[0].ActivityURI != items[1].ActivityURI || items[1].ObjectURI != p.URI || items[1].TargetID != far.ID {
		t.Errorf("outbox %+v", items)
	}
}

func TestServersAreAskedWhatTheyRunOnceAWeek(t *testing.T) {
	now := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	db := storetest.Open(t, store.Config{URL: storetest.URL, Now: func() time.Time { return now }})
	ctx := t.Context()
	asked := func() (hosts []string) {
		now = now.Add(3 * time.Second)
		jobs, err := db.ClaimJobs(ctx, 10, time.Minute)
		must(t, err)
		for _, j := range jobs {
			if j.Kind == store.JobInstance {
				hosts = append(hosts, j.Payload)
			}
			must(t, db.FinishJob(ctx, j.ID))
		}
		return hosts
	}
	storetest.Remote(t, db, "zoe@far.example")
	storetest.Remote(t, db, "eve@far.example")
	if got := asked(); !slices.Equal(got, []string{"far.example"}) {
		t.Errorf("asked %q, want far.example once", got)
	}
	must(t, db.SetSoftware(ctx, "far.example", "sharkey", "2025.1"))
	i, err := db.Instance(ctx, "far.example")
	must(t, err)
	if i.Software != "sharkey" || i.Version != "2025.1" {
		t.Errorf("instance %+v", i)
	}
	storetest.Remote(t, db, "zoe@far.example")
	if got := asked(); len(got) != 0 {
		t.Errorf("asked %q again at once", got)
	}
	now = now.Add(8 * 24 * time.Hour)
	storetest.Remote(t, db, "zoe@far.example")
	if got := asked(); len(got) != 1 {
		t.Errorf("asked %q after a week, want one", got)
	}
}
