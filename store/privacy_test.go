package store_test

import (
	"errors"
	"fmt"
	"image/color"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/content"
	"seedling/store/storetest"
)

func TestPrivacyChangesWhatIsGiven(t *testing.T) {
	db := storetest.New(t)
	alice := storetest.Member(t, db, "alice")
	must(t, db.UpdateProfile(ctx, alice.ID, store.Profile{DisplayName: "Alice", Bot: true}))
	must(t, db.SetPreferences(ctx, alice.ID, store.Preferences{Theme: "dark"}))
	told := func() (n int) {
		items, err := db.Outbox(ctx, 50)
		must(t, err)
		for _, o := range items {
			if o.Kind == store.OutboxUpdateAccount {
				n++
			}
		}
		return n
	}
	before := told()
	quote := store.InteractionPolicy(0).With(store.DeedQuote, store.Rule{Said: true})
	for range 2 { // the second time nothing changes
		must(t, db.ChangePrivacy(ctx, alice.ID, store.PrivacyChange{Locked: new(true), HidesPosts: new(true), Policy: &quote}))
	}
	must(t, db.ChangePrivacy(ctx, alice.ID, store.PrivacyChange{HidesCounts: new(true), Discoverable: new(false)}))
	if n := told() - before; n != 2 {
		t.Errorf("told %d times, want twice", n)
	}
	u, err := db.User(ctx, alice.ID)
	must(t, err)
	a := u.Account
	if !a.Locked || a.Discoverable || !a.Indexable || a.HidesNetwork || !a.HidesCounts || !a.HidesPosts || !a.Bot {
		t.Errorf("account %+v", a)
	}
	if u.Preferences.Policy != quote || u.Preferences.Theme != "dark" {
		t.Errorf("preferences %+v", u.Preferences)
	}
	must(t, db.UpdateProfile(ctx, alice.ID, store.Profile{DisplayName: "Alice"}))
	if a, err = db.Account(ctx, alice.ID); err != nil || a.Bot || !a.Locked || !a.HidesPosts {
		t.Errorf("after a change of the profile: %+v, %v", a, err)
	}
	if err := db.ChangePrivacy(ctx, storetest.Remote(t, db, "bob@far.example").ID, store.PrivacyChange{Locked: new(true)}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("of somebody elsewhere: %v", err)
	}
}

// From whom private posts come, and from whom they are held, by each rule.
func TestMessageRules(t *testing.T) {
	db := storetest.New(t)
	alice, local := storetest.Member(t, db, "alice"), storetest.Member(t, db, "lola")
	friend, stranger := storetest.Remote(t, db, "friend@far.example"), storetest.Remote(t, db, "stranger@far.example")
	must(t, db.Follow(ctx, alice.ID, friend.ID))
	must(t, db.AcceptFollow(ctx, friend.ID, alice.ID))
	n := 0
	unread := func() (int, error) {
		u, err := db.User(ctx, alice.ID)
		must(t, err)
		return db.UnreadNotifications(ctx, u)
	}
	write := func(from *store.Account) bool {
		t.Helper()
		n++
		before, err := unread()
		must(t, err)
		if from.Local() {
			storetest.Post(t, db, from, "@alice psst", store.Direct)
		} else {
			storetest.Receive(t, db, from, fmt.Sprint("https://far.example/", n), "<p>psst</p>", func(r *store.RemotePost) { r.Visibility, r.Mentions = store.Direct, []int64{alice.ID} })
		}
		after, err := unread()
		must(t, err)
		return after > before
	}
	for _, c := range []struct {
		rule                    store.MessageRule
		local, friend, stranger bool
	}{
		{store.MessagesUsual, true, true, false},
		{store.MessagesFollowed, false, true, false},
		{store.MessagesNobody, false, false, false},
		{store.MessagesAll, true, true, true},
		{store.MessagesUsual, true, true, false},
	} {
		must(t, db.ChangePrivacy(ctx, alice.ID, store.PrivacyChange{Messages: &c.rule}))
		p, err := db.NotificationPolicy(ctx, alice.ID)
		must(t, err)
		if p.MessageRule() != c.rule {
			t.Errorf("%s is kept as %s", c.rule, p.MessageRule())
		}
		for from, want := range map[*store.Account]bool{local: c.local, friend: c.friend, stranger: c.stranger} {
			if got := write(from); got != want {
				t.Errorf("%s: a message of %s is told %v, want %v", c.rule, from.Acct(), got, want)
			}
		}
	}
	if _, err := store.ParseMessageRule("friends"); err == nil {
		t.Error("an unknown rule is taken")
	}
}

func TestPicturesMustBeDescribed(t *testing.T) {
	db := storetest.New(t)
	alice := storetest.Member(t, db, "alice")
	must(t, db.SetPreferences(ctx, alice.ID, store.Preferences{Alt: store.AltRequire}))
	bare := upload(t, db, alice, dot(t, color.White), "")
	d := store.Draft{AuthorID: alice.ID, Source: content.Source{Text: "look", Format: content.Plain}, MediaIDs: []int64{bare.ID}}
	refused := func(what string, err error) {
		t.Helper()
		var bad *store.PostError
		if !errors.As(err, &bad) || bad.Problem != store.PostUndescribed {
			t.Errorf("%s: %v, want %q", what, err, store.PostUndescribed)
		}
	}
	_, err := db.CreatePost(ctx, d)
	refused("a post", err)
	_, err = db.Schedule(ctx, d, time.Now().Add(time.Hour))
	refused("a scheduled post", err)
	plain, err := db.CreatePost(ctx, store.Draft{AuthorID: alice.ID, Source: d.Source})
	must(t, err)
	_, err = db.UpdatePost(ctx, alice.ID, plain.ID, store.Edit{Source: d.Source, MediaIDs: d.MediaIDs})
	refused("an edit", err)
	d.MediaTexts = map[int64]store.MediaText{bare.ID: {Description: "A leaf"}}
	if _, err := db.CreatePost(ctx, d); err != nil {
		t.Errorf("described: %v", err)
	}
	if err := db.SetPreferences(ctx, alice.ID, store.Preferences{Alt: "loud"}); err == nil {
		t.Error("an unknown rule is taken")
	}
}
