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

// homePages walks through home page by page, downwards.
func homePages(t *testing.T, db *store.DB, a *store.Account, limit int) (list []*store.PostView) {
	t.Helper()
	for c := (store.Cursor{Limit: limit}); ; {
		page, err := db.HomeTimeline(ctx, a.ID, c)
		must(t, err)
		list = append(list, page.Posts...)
		if page.Older == 0 {
			return list
		}
		c.Before = page.Older
	}
}

// boosters are the names of who brought a post, newest first.
func boosters(v *store.PostView) (names []string) {
	for _, a := range v.BoostedBy {
		names = append(names, a.Username)
	}
	return names
}

func TestABoostedPostIsHomeOnceAcrossPages(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	alice, ann := storetest.Member(t, db, "alice"), storetest.Remote(t, db, "ann@far.example")
	now := time.Now()
	at := func(age time.Duration) func(*store.RemotePost) {
		return func(r *store.RemotePost) { r.CreatedAt = now.Add(-age) }
	}
	post := storetest.Receive(t, db, ann, "https://far.example/p/0", "boosted", at(9*time.Hour))
	var between []string
	people := map[string]*store.Account{}
	for i, name := range []string{"mira", "noor", "pell"} {
		by := storetest.Remote(t, db, name+"@far.example")
		people[name] = by
		followed(t, db, alice, by)
		own := storetest.Receive(t, db, by, fmt.Sprintf("https://far.example/p/%d", i+1), "own", at(time.Duration(8-2*i)*time.Hour))
		must(t, db.ReceiveBoost(ctx, store.RemoteBoost{AccountID: by.ID, PostID: post.ID, URI: "https://far.example/b/" + name,
			PublishedAt: now.Add(-time.Duration(7-2*i) * time.Hour)}))
		between = append([]string{own.URI}, between...)
	}
	check := func(what string, want []string, by ...string) {
		t.Helper()
		for limit := range 4 {
			views := homePages(t, db, alice, limit+1)
			if got := uris(&store.PostPage{Posts: views}); !slices.Equal(got, want) {
				t.Errorf("%s, %d a page: %q, want %q", what, limit+1, got, want)
			}
			i := slices.IndexFunc(views, func(v *store.PostView) bool { return v.URI == post.URI })
			if i < 0 || !slices.Equal(boosters(views[i]), by) {
				t.Errorf("%s, %d a page: brought by %q, want %q", what, limit+1, boosters(views[max(i, 0)]), by)
			}
		}
	}
	check("all", append([]string{post.URI}, between...), "pell", "noor", "mira")
	up, err := db.HomeTimeline(ctx, alice.ID, store.Cursor{After: 1, Limit: 3})
	wantURIs(t, "upwards from the end", up, err, between...)
	must(t, db.Mute(ctx, alice.ID, people["pell"].ID, store.MuteOptions{}))
	check("pell muted", []string{post.URI, between[1], between[2]}, "noor", "mira")
	must(t, db.SetFollowOptions(ctx, alice.ID, people["noor"].ID, store.FollowOptions{}))
	check("and noor's boosts hidden", []string{between[1], post.URI, between[2]}, "mira")
	must(t, db.Unmute(ctx, alice.ID, people["pell"].ID))
	must(t, db.ReceiveUnboost(ctx, people["pell"].ID, "https://far.example/b/pell", ""))
	check("pell's boost undone", []string{between[0], between[1], post.URI, between[2]}, "mira")
}

func TestAPostComesFromItsAuthorWhoIsFollowedLater(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	alice, ann, mira := storetest.Member(t, db, "alice"), storetest.Remote(t, db, "ann@far.example"), storetest.Remote(t, db, "mira@far.example")
	followed(t, db, alice, mira)
	post := storetest.Receive(t, db, ann, "https://far.example/p/0", "boosted")
	must(t, db.ReceiveBoost(ctx, store.RemoteBoost{AccountID: mira.ID, PostID: post.ID, URI: "https://far.example/b/1", PublishedAt: time.Now()}))
	for _, by := range []string{"mira", ""} {
		views := homePages(t, db, alice, 1)
		if got := uris(&store.PostPage{Posts: views}); !slices.Equal(got, []string{post.URI}) || strings.Join(boosters(views[0]), " ") != by {
			t.Errorf("got %q by %q, want the post once by %q", got, boosters(views[0]), by)
		}
		followed(t, db, alice, ann)
	}
}

func TestMutedPeopleAreInNoPartOfThePublicTimelines(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	alice, rob, ann := storetest.Member(t, db, "alice"), storetest.Remote(t, db, "rob@far.example"), storetest.Remote(t, db, "ann@far.example")
	picture := func(r *store.RemotePost) {
		r.Attachments = []*store.Attachment{{Kind: store.AttachedImage, URL: "https://far.example/1.png"}}
	}
	storetest.Receive(t, db, rob, "https://far.example/p/1", "muted #moss", picture)
	kept := storetest.Receive(t, db, ann, "https://far.example/p/2", "heard #moss", picture)
	must(t, db.Mute(ctx, alice.ID, rob.ID, store.MuteOptions{}))
	for what, kind := range map[string]store.PublicKind{"of others": {Remote: true}, "with media": {Media: true}, "both": {Remote: true, Media: true}, "all": {}} {
		page, err := db.PublicTimeline(ctx, kind, store.AsMember(alice.ID), store.Cursor{})
		wantURIs(t, what, page, err, kept.URI)
	}
}

func TestTimelinesLeaveOutWhatTheMemberChose(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	alice := storetest.Member(t, db, "alice")
	ann, rob := storetest.Remote(t, db, "ann@far.example"), storetest.Remote(t, db, "rob@far.example")
	rob.Bot = true
	must(t, db.SaveRemoteAccount(ctx, rob))
	far := storetest.Remote(t, db, "far@far.example")
	followed(t, db, alice, ann)
	followed(t, db, alice, rob)
	n := 0
	receive := func(by *store.Account, name string, more ...func(*store.RemotePost)) *store.Post {
		n++
		more = append(more, func(r *store.RemotePost) { r.CreatedAt = r.CreatedAt.Add(time.Duration(n-10) * time.Minute) })
		return storetest.Receive(t, db, by, "https://far.example/"+name, name, more...)
	}
	theirs := receive(far, "theirs")
	text := receive(ann, "text")
	receive(ann, "reply", func(r *store.RemotePost) { r.ReplyToURI = text.URI })
	receive(ann, "picture", func(r *store.RemotePost) {
		r.Attachments = []*store.Attachment{{Kind: store.AttachedImage, URL: "https://far.example/1.png"}}
	})
	receive(rob, "bot")
	must(t, db.ReceiveBoost(ctx, store.RemoteBoost{AccountID: ann.ID, PostID: theirs.ID, URI: "https://far.example/b/1", PublishedAt: time.Now().Add(-3 * time.Minute)}))
	must(t, db.ReceiveBoost(ctx, store.RemoteBoost{AccountID: rob.ID, PostID: theirs.ID, URI: "https://far.example/b/2", PublishedAt: time.Now().Add(-2 * time.Minute)}))
	l := store.List{Title: "All"}
	must(t, db.CreateList(ctx, alice.ID, &l))
	must(t, db.AddToList(ctx, alice.ID, l.ID, ann.ID))
	must(t, db.AddToList(ctx, alice.ID, l.ID, rob.ID))
	for _, c := range []struct {
		what         string
		omit         store.Omit
		home, public []string
	}{
		{"nothing", 0, []string{"theirs", "bot", "picture", "reply", "text"}, []string{"bot", "picture", "reply", "text", "theirs"}},
		{"boosts", store.OmitBoosts, []string{"bot", "picture", "reply", "text"}, []string{"bot", "picture", "reply", "text", "theirs"}},
		{"replies", store.OmitReplies, []string{"theirs", "bot", "picture", "text"}, []string{"bot", "picture", "text", "theirs"}},
		{"media", store.OmitMedia, []string{"theirs", "bot", "reply", "text"}, []string{"bot", "reply", "text", "theirs"}},
		{"text", store.OmitText, []string{"picture"}, []string{"picture"}},
		{"bots", store.OmitBots, []string{"theirs", "picture", "reply", "text"}, []string{"picture", "reply", "text", "theirs"}},
		{"boosts and replies", store.OmitBoosts | store.OmitReplies, []string{"bot", "picture", "text"}, []string{"bot", "picture", "text", "theirs"}},
	} {
		names := func(names []string) (list []string) {
			for _, name := range names {
				list = append(list, "https://far.example/"+name)
			}
			return list
		}
		cursor := store.Cursor{Without: c.omit}
		page, err := db.HomeTimeline(ctx, alice.ID, cursor)
		wantURIs(t, "home without "+c.what, page, err, names(c.home)...)
		page, err = db.ListTimeline(ctx, alice.ID, l.ID, cursor)
		wantURIs(t, "a list without "+c.what, page, err, names(c.home)...)
		page, err = db.FederatedTimeline(ctx, store.AsMember(alice.ID), cursor)
		wantURIs(t, "federated without "+c.what, page, err, names(c.public)...)
	}
	page, err := db.HomeTimeline(ctx, alice.ID, store.Cursor{Without: store.OmitBots})
	must(t, err)
	if got := boosters(page.Posts[0]); !slices.Equal(got, []string{"ann"}) {
		t.Errorf("without bots brought by %q, want ann alone", got)
	}
}

func TestOmitsAreRememberedPerTimeline(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	alice, carl := storetest.Member(t, db, "alice"), storetest.Member(t, db, "carl")
	l := store.List{Title: "Friends"}
	must(t, db.CreateList(ctx, alice.ID, &l))
	must(t, db.SetOmit(ctx, alice.ID, "home", store.OmitBoosts))
	must(t, db.SetOmit(ctx, alice.ID, "local", store.OmitText|store.OmitBots))
	must(t, db.SetListOmit(ctx, alice.ID, l.ID, store.OmitReplies))
	must(t, db.UpdateList(ctx, alice.ID, store.List{ID: l.ID, Title: "Best friends"}))
	u, err := db.User(ctx, alice.ID)
	must(t, err)
	if want := (store.Omits{Home: store.OmitBoosts, Local: store.OmitText | store.OmitBots}); u.Preferences.Omits != want {
		t.Errorf("got %+v, want %+v", u.Preferences.Omits, want)
	}
	if got, err := db.List(ctx, alice.ID, l.ID); err != nil || got.Omit != store.OmitReplies {
		t.Errorf("the list leaves out %v, %v, want replies", got, err)
	}
	var bad *store.InputError
	for what, err := range map[string]error{
		"all":     db.SetOmit(ctx, alice.ID, "home", store.OmitMedia|store.OmitText),
		"unknown": db.SetListOmit(ctx, alice.ID, l.ID, 1<<10),
	} {
		if !errors.As(err, &bad) {
			t.Errorf("leaving out %s: %v, want an InputError", what, err)
		}
	}
	for what, err := range map[string]error{
		"no such timeline": db.SetOmit(ctx, alice.ID, "elsewhere", 0),
		"another's list":   db.SetListOmit(ctx, carl.ID, l.ID, 0),
	} {
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s: %v, want ErrNotFound", what, err)
		}
	}
}

// TestABoostedPostIsInAListOnceAcrossPages: the rule of home holds for lists.
func TestABoostedPostIsInAListOnceAcrossPages(t *testing.T) {
	t.Parallel()
	db := storetest.New(t)
	alice, ann := storetest.Member(t, db, "alice"), storetest.Remote(t, db, "ann@far.example")
	now := time.Now()
	at := func(age time.Duration) func(*store.RemotePost) {
		return func(r *store.RemotePost) { r.CreatedAt = now.Add(-age) }
	}
	followed(t, db, alice, ann)
	post := storetest.Receive(t, db, ann, "https://far.example/p/0", "boosted", at(9*time.Hour))
	l := store.List{Title: "Friends"}
	must(t, db.CreateList(ctx, alice.ID, &l))
	var own []string
	people := map[string]*store.Account{}
	for i, name := range []string{"mira", "noor", "pell"} {
		by := storetest.Remote(t, db, name+"@far.example")
		people[name] = by
		followed(t, db, alice, by)
		must(t, db.AddToList(ctx, alice.ID, l.ID, by.ID))
		written := storetest.Receive(t, db, by, fmt.Sprintf("https://far.example/p/%d", i+1), "own", at(time.Duration(8-2*i)*time.Hour))
		must(t, db.ReceiveBoost(ctx, store.RemoteBoost{AccountID: by.ID, PostID: post.ID, URI: "https://far.example/b/" + name,
			PublishedAt: now.Add(-time.Duration(7-2*i) * time.Hour)}))
		own = append([]string{written.URI}, own...)
	}
	check := func(what string, want []string, by ...string) {
		t.Helper()
		for limit := range 4 {
			var views []*store.PostView
			for c := (store.Cursor{Limit: limit + 1}); ; {
				page, err := db.ListTimeline(ctx, alice.ID, l.ID, c)
				must(t, err)
				if views = append(views, page.Posts...); page.Older == 0 {
					break
				}
				c.Before = page.Older
			}
			if got := uris(&store.PostPage{Posts: views}); !slices.Equal(got, want) {
				t.Errorf("%s, %d a page: %q, want %q", what, limit+1, got, want)
			}
			i := slices.IndexFunc(views, func(v *store.PostView) bool { return v.URI == post.URI })
			if i < 0 || !slices.Equal(boosters(views[i]), by) {
				t.Errorf("%s, %d a page: brought by %q, want %q", what, limit+1, boosters(views[max(i, 0)]), by)
			}
		}
	}
	check("all", append([]string{post.URI}, own...), "pell", "noor", "mira")
	must(t, db.Mute(ctx, alice.ID, people["pell"].ID, store.MuteOptions{}))
	check("pell muted", []string{post.URI, own[1], own[2]}, "noor", "mira")
	must(t, db.SetFollowOptions(ctx, alice.ID, people["noor"].ID, store.FollowOptions{}))
	check("and noor's boosts hidden", []string{own[1], post.URI, own[2]}, "mira")
	must(t, db.AddToList(ctx, alice.ID, l.ID, ann.ID))
	check("its author in the list", []string{own[1], own[2], post.URI})
}
