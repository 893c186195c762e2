package store_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/content"
	"seedling/store/storetest"
)

var ctx = context.Background()

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func texts(page *store.PostPage) string {
	var list []string
	for _, p := range page.Posts {
		list = append(list, content.PlainText(p.HTML))
	}
	return strings.Join(list, "|")
}

func home(t *testing.T, db *store.DB, a *store.Account) string {
	t.Helper()
	page, err := db.HomeTimeline(ctx, a.ID, store.Cursor{})
	must(t, err)
	return texts(page)
}

func TestHomeHoldsFollowedAndOwn(t *testing.T) {
	db := storetest.New(t)
	alice, bob, carol := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob"), storetest.Member(t, db, "carol")
	storetest.Post(t, db, bob, "before the follow", store.Public)
	must(t, db.Follow(ctx, alice.ID, bob.ID))
	storetest.Post(t, db, bob, "to followers", store.Followers)
	p := storetest.Post(t, db, carol, "carol's", store.Public)
	storetest.Reply(t, db, bob, p, "bob to carol", store.Public)
	storetest.Post(t, db, bob, "quiet", store.Unlisted)
	storetest.Post(t, db, bob, "@carol between us", store.Direct)
	storetest.Post(t, db, alice, "mine", store.Public)
	if got, want := home(t, db, alice), "mine|quiet|to followers|before the follow"; got != want {
		t.Errorf("home of alice: %s, want %s", got, want)
	}
	must(t, db.Boost(ctx, bob.ID, p.ID))
	page, err := db.HomeTimeline(ctx, alice.ID, store.Cursor{Limit: 1})
	must(t, err)
	if texts(page) != "carol's" || len(page.Posts[0].BoostedBy) != 1 || page.Posts[0].BoostedBy[0].Username != "bob" {
		t.Errorf("boost in home: %s by %v", texts(page), page.Posts[0].BoostedBy)
	}
	must(t, db.Unboost(ctx, bob.ID, p.ID))
	must(t, db.Unfollow(ctx, alice.ID, bob.ID))
	if got, want := home(t, db, alice), "mine"; got != want {
		t.Errorf("home after unfollow: %s, want %s", got, want)
	}
}

func TestVisibilityForEachViewer(t *testing.T) {
	db := storetest.New(t)
	alice, follower, named, other := storetest.Member(t, db, "alice"), storetest.Member(t, db, "follower"), storetest.Member(t, db, "named"), storetest.Member(t, db, "other")
	blocked := storetest.Member(t, db, "blocked")
	remote, remoteFollower := storetest.Remote(t, db, "rob@far.example"), storetest.Remote(t, db, "fay@far.example")
	must(t, db.Follow(ctx, follower.ID, alice.ID))
	must(t, db.Follow(ctx, blocked.ID, alice.ID))
	must(t, db.ReceiveFollow(ctx, remoteFollower.ID, alice.ID, "https://far.example/follows/1"))
	must(t, db.Block(ctx, alice.ID, blocked.ID))
	viewers := map[string]store.Viewer{"visitor": {}, "alice": store.AsMember(alice.ID), "follower": store.AsMember(follower.ID),
		"named": store.AsMember(named.ID), "other": store.AsMember(other.ID), "blocked": store.AsMember(blocked.ID),
		"remote": store.AsRemote(remote.ID), "remoteFollower": store.AsRemote(remoteFollower.ID)}
	for v, want := range map[store.Visibility]string{
		store.Public:    "alice follower named other remote remoteFollower visitor",
		store.Unlisted:  "alice follower named other remote remoteFollower visitor",
		store.Followers: "alice follower named remoteFollower",
		store.Direct:    "alice named",
		store.LocalOnly: "alice follower named other",
	} {
		p := storetest.Post(t, db, alice, "@named hello", v)
		var seen []string
		for _, name := range []string{"alice", "blocked", "follower", "named", "other", "remote", "remoteFollower", "visitor"} {
			_, err := db.PostVisibleTo(ctx, p.ID, viewers[name])
			if err == nil {
				seen = append(seen, name)
			} else if !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s for %s: %v", v, name, err)
			}
			for what, list := range map[string]func() (*store.PostPage, error){
				"profile": func() (*store.PostPage, error) {
					return db.ProfileTimeline(ctx, alice.ID, store.ProfileReplies, viewers[name], store.Cursor{})
				},
				"local":     func() (*store.PostPage, error) { return db.LocalTimeline(ctx, viewers[name], store.Cursor{}) },
				"federated": func() (*store.PostPage, error) { return db.FederatedTimeline(ctx, viewers[name], store.Cursor{}) },
			} {
				page, lerr := list()
				must(t, lerr)
				for _, q := range page.Posts {
					if q.ID == p.ID && err != nil {
						t.Errorf("%s timeline shows a %s post to %s", what, v, name)
					}
				}
			}
		}
		if got := strings.Join(seen, " "); got != want {
			t.Errorf("%s post is seen by %q, want %q", v, got, want)
		}
	}
}

func TestPagingBothWays(t *testing.T) {
	db := storetest.New(t)
	alice := storetest.Member(t, db, "alice")
	for i := range 25 {
		storetest.Post(t, db, alice, fmt.Sprint(i), store.Public)
	}
	first, err := db.LocalTimeline(ctx, store.Viewer{}, store.Cursor{Limit: 10})
	must(t, err)
	second, err := db.LocalTimeline(ctx, store.Viewer{}, store.Cursor{Limit: 10, Before: first.Older})
	must(t, err)
	third, err := db.LocalTimeline(ctx, store.Viewer{}, store.Cursor{Limit: 10, Before: second.Older})
	must(t, err)
	back, err := db.LocalTimeline(ctx, store.Viewer{}, store.Cursor{Limit: 10, After: second.Newer})
	must(t, err)
	if texts(first) != "24|23|22|21|20|19|18|17|16|15" || first.Newer != 0 {
		t.Errorf("first page %s, newer %d", texts(first), first.Newer)
	}
	if texts(third) != "4|3|2|1|0" || third.Older != 0 {
		t.Errorf("third page %s, older %d", texts(third), third.Older)
	}
	if texts(back) != texts(first) || back.Newer != 0 || back.Older == 0 {
		t.Errorf("back from the second page: %s, newer %d", texts(back), back.Newer)
	}
	past, err := db.LocalTimeline(ctx, store.Viewer{}, store.Cursor{Before: 1})
	must(t, err)
	if len(past.Posts) != 0 || past.Newer == 0 && past.Older != 0 {
		t.Errorf("past the end: %d posts, newer %d", len(past.Posts), past.Newer)
	}
}

func TestEditKeepsHistoryAndRefusesStale(t *testing.T) {
	db := storetest.New(t)
	alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
	p := storetest.Post(t, db, alice, "one", store.Public)
	e := store.Edit{Source: content.Source{Text: "two", Format: content.Plain}}
	if _, err := db.UpdatePost(ctx, bob.ID, p.ID, e); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("edit by a stranger: %v, want ErrNotFound", err)
	}
	_, err := db.UpdatePost(ctx, alice.ID, p.ID, e)
	must(t, err)
	if _, err := db.UpdatePost(ctx, alice.ID, p.ID, e); !errors.Is(err, store.ErrStale) {
		t.Errorf("second tab: %v, want ErrStale", err)
	}
	history, err := db.PostHistory(ctx, p.ID, store.Viewer{})
	must(t, err)
	if len(history) != 1 || content.PlainText(history[0].HTML) != "one" {
		t.Errorf("history: %d versions", len(history))
	}
}

func TestHistoryOfPrivatePostIsNotForLateComers(t *testing.T) {
	db := storetest.New(t)
	alice, bob, carol := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob"), storetest.Member(t, db, "carol")
	must(t, db.Follow(ctx, bob.ID, alice.ID))
	for _, v := range []store.Visibility{store.Direct, store.Followers} {
		p := storetest.Post(t, db, alice, "said of carol", v)
		_, err := db.UpdatePost(ctx, alice.ID, p.ID, store.Edit{Source: content.Source{Text: "said to @carol", Format: content.Plain}})
		must(t, err)
		for who, want := range map[*store.Account]int{alice: 1, carol: 0, bob: map[store.Visibility]int{store.Followers: 1}[v]} {
			history, err := db.PostHistory(ctx, p.ID, store.AsMember(who.ID))
			must(t, err)
			if len(history) != want {
				t.Errorf("%s post: %s sees %d earlier versions, want %d", v, who.Username, len(history), want)
			}
		}
	}
}

func TestSameTokenPostsOnce(t *testing.T) {
	db := storetest.New(t)
	alice := storetest.Member(t, db, "alice")
	d := store.Draft{AuthorID: alice.ID, Source: content.Source{Text: "once", Format: content.Plain}, Token: "form-1"}
	var wg sync.WaitGroup
	ids := make([]int64, 20)
	for i := range ids {
		wg.Go(func() {
			p, err := db.CreatePost(ctx, d)
			if err != nil {
				t.Errorf("press %d: %v", i, err)
				return
			}
			ids[i] = p.ID
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Fatalf("two posts from one form: %d and %d", ids[0], id)
		}
	}
}

func TestPostIsRefusedWithAReason(t *testing.T) {
	db := storetest.New(t)
	alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
	must(t, db.Block(ctx, bob.ID, alice.ID))
	parent := storetest.Post(t, db, bob, "bob's", store.Public)
	hidden := storetest.Post(t, db, bob, "hidden", store.Direct)
	for name, c := range map[string]struct {
		draft store.Draft
		want  store.PostProblem
	}{
		"empty":          {store.Draft{Source: content.Source{Text: " \n\t"}}, store.PostEmpty},
		"too long":       {store.Draft{Source: content.Source{Text: strings.Repeat("ä", 5001)}}, store.PostTooLong},
		"long warning":   {store.Draft{Source: content.Source{Text: "x"}, ContentWarning: strings.Repeat("x", 501)}, store.PostWarningTooLong},
		"many mentions":  {store.Draft{Source: content.Source{Text: mentions(101)}}, store.PostTooManyMentions},
		"mention blocks": {store.Draft{Source: content.Source{Text: "hi @bob"}}, store.PostBlocked},
		"reply blocks":   {store.Draft{Source: content.Source{Text: "hi"}, ReplyToID: parent.ID}, store.PostBlocked},
		"parent gone":    {store.Draft{Source: content.Source{Text: "hi"}, ReplyToID: 42}, store.PostParentGone},
		"parent hidden":  {store.Draft{Source: content.Source{Text: "hi"}, ReplyToID: hidden.ID}, store.PostBlocked},
	} {
		c.draft.AuthorID = alice.ID
		c.draft.Source.Format = content.Plain
		_, err := db.CreatePost(ctx, c.draft)
		var pe *store.PostError
		if !errors.As(err, &pe) || pe.Problem != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	if got := home(t, db, alice); got != "" {
		t.Errorf("something was stored: %s", got)
	}
}

func mentions(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "@u%d@far.example ", i)
	}
	return b.String()
}

func TestBlockCutsBothWays(t *testing.T) {
	db := storetest.New(t)
	alice := storetest.Member(t, db, "alice")
	rob := storetest.Remote(t, db, "rob@far.example")
	must(t, db.Follow(ctx, alice.ID, rob.ID))
	must(t, db.ReceiveAccept(ctx, store.FollowRef{AccountID: alice.ID, TargetID: rob.ID}))
	must(t, db.ReceiveFollow(ctx, rob.ID, alice.ID, "https://far.example/f/1"))
	p := storetest.Receive(t, db, rob, "https://far.example/p/1", "hello")
	must(t, db.Block(ctx, alice.ID, rob.ID))
	r, err := db.Relation(ctx, alice.ID, rob.ID)
	must(t, err)
	if want := (store.Relation{Blocking: true}); !reflect.DeepEqual(r, want) {
		t.Errorf("relation %+v, want %+v", r, want)
	}
	if _, err := db.PostVisibleTo(ctx, p.ID, store.AsMember(alice.ID)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("post of a blocked account: %v", err)
	}
	if err := db.ReceiveFavourite(ctx, rob.ID, storetest.Post(t, db, alice, "mine", store.Public).ID, "https://far.example/l/1", ""); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("favourite by a blocked account: %v, want ErrNotFound", err)
	}
	must(t, db.ReceiveFollow(ctx, rob.ID, alice.ID, "https://far.example/f/2"))
	items, err := db.Outbox(ctx, 100)
	must(t, err)
	var kinds []string
	for _, o := range items {
		kinds = append(kinds, string(o.Kind))
	}
	want := "follow accept_follow unfollow reject_follow block create_post reject_follow"
	if got := strings.Join(kinds, " "); got != want {
		t.Errorf("outbox %s, want %s", got, want)
	}
}

func TestCountersFollowDeeds(t *testing.T) {
	db := storetest.New(t)
	alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
	p := storetest.Post(t, db, alice, "p", store.Public)
	for range 2 {
		must(t, db.Favourite(ctx, bob.ID, p.ID))
		must(t, db.Boost(ctx, bob.ID, p.ID))
	}
	reply := storetest.Reply(t, db, bob, p, "reply", store.Public)
	v, err := db.PostVisibleTo(ctx, p.ID, store.AsMember(bob.ID))
	must(t, err)
	if v.FavouritesCount != 1 || v.BoostsCount != 1 || v.RepliesCount != 1 || !v.Favourited || !v.Boosted {
		t.Errorf("counts %d %d %d, mine %v %v", v.FavouritesCount, v.BoostsCount, v.RepliesCount, v.Favourited, v.Boosted)
	}
	must(t, db.Unfavourite(ctx, bob.ID, p.ID))
	must(t, db.Unboost(ctx, bob.ID, p.ID))
	must(t, db.DeletePost(ctx, bob.ID, reply.ID))
	v, err = db.PostVisibleTo(ctx, p.ID, store.AsMember(bob.ID))
	must(t, err)
	if v.FavouritesCount+v.BoostsCount+v.RepliesCount != 0 {
		t.Errorf("counts after undoing: %d %d %d, want none", v.FavouritesCount, v.BoostsCount, v.RepliesCount)
	}
	page, err := db.Notifications(ctx, alice.ID, nil, store.Cursor{})
	must(t, err)
	if len(page.Notifications) != 0 {
		t.Errorf("notifications left after undoing: %d", len(page.Notifications))
	}
}

func TestNotifications(t *testing.T) {
	db := storetest.New(t)
	alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
	p := storetest.Post(t, db, alice, "p", store.Public)
	storetest.Reply(t, db, bob, p, "@alice answer", store.Public)
	storetest.Post(t, db, bob, "@alice mention", store.Direct)
	must(t, db.Follow(ctx, bob.ID, alice.ID))
	must(t, db.Favourite(ctx, bob.ID, p.ID))
	u, err := db.User(ctx, alice.ID)
	must(t, err)
	n, err := db.UnreadNotifications(ctx, u)
	must(t, err)
	page, err := db.Notifications(ctx, alice.ID, nil, store.Cursor{})
	must(t, err)
	var kinds []store.NotificationKind
	for _, x := range page.Notifications {
		kinds = append(kinds, x.Kind)
	}
	want := []store.NotificationKind{store.NotifyFavourite, store.NotifyFollow, store.NotifyMention, store.NotifyReply}
	if fmt.Sprint(kinds) != fmt.Sprint(want) || n != 4 {
		t.Errorf("kinds %v, unread %d; want %v, 4", kinds, n, want)
	}
	must(t, db.ReadNotifications(ctx, alice.ID, page.Notifications[0].ID))
	u, err = db.User(ctx, alice.ID)
	must(t, err)
	if n, err = db.UnreadNotifications(ctx, u); err != nil || n != 0 {
		t.Errorf("unread after reading: %d, %v", n, err)
	}
}

func TestConcurrentCopiesMakeOnePost(t *testing.T) {
	db := storetest.New(t)
	alice := storetest.Member(t, db, "alice")
	rob := storetest.Remote(t, db, "rob@far.example")
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			r := &store.RemotePost{Post: store.Post{URI: "https://far.example/p", AccountID: rob.ID, CreatedAt: time.Now()}, Mentions: []int64{alice.ID}}
			if _, err := db.ReceivePost(ctx, r); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	page, err := db.Notifications(ctx, alice.ID, nil, store.Cursor{})
	must(t, err)
	if len(page.Notifications) != 1 {
		t.Errorf("notifications: %d, want 1", len(page.Notifications))
	}
}

func TestDeletedPostDoesNotComeBack(t *testing.T) {
	db := storetest.New(t)
	rob, eve := storetest.Remote(t, db, "rob@far.example"), storetest.Remote(t, db, "eve@bad.example")
	p := storetest.Receive(t, db, rob, "https://far.example/p", "hello")
	if err := db.ReceiveDelete(ctx, eve.ID, p.URI); !errors.Is(err, store.ErrForbidden) {
		t.Errorf("delete by a stranger: %v, want ErrForbidden", err)
	}
	must(t, db.ReceiveDelete(ctx, rob.ID, p.URI))
	_, err := db.ReceivePost(ctx, &store.RemotePost{Post: store.Post{URI: p.URI, AccountID: rob.ID}})
	if !errors.Is(err, store.ErrGone) {
		t.Errorf("late copy: %v, want ErrGone", err)
	}
}

func TestDeleteAccountLeavesNothingVisible(t *testing.T) {
	db := storetest.New(t)
	owner, err := db.CreateUser(ctx, storetest.NewUser(t, "boss", store.Owner))
	must(t, err)
	if err := db.DeleteAccount(ctx, owner.Account.ID); !errors.Is(err, store.ErrForbidden) {
		t.Errorf("delete the last owner: %v, want ErrForbidden", err)
	}
	alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
	p := storetest.Post(t, db, alice, "p", store.Public)
	q := storetest.Post(t, db, bob, "q", store.Public)
	must(t, db.Favourite(ctx, alice.ID, q.ID))
	must(t, db.DeleteAccount(ctx, alice.ID))
	if _, err := db.PostVisibleTo(ctx, p.ID, store.AsMember(bob.ID)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("post of a deleted account: %v", err)
	}
	for done := false; !done; {
		done, err = db.PurgeAccount(ctx, alice.ID)
		must(t, err)
	}
	v, err := db.PostVisibleTo(ctx, q.ID, store.Viewer{})
	must(t, err)
	if v.FavouritesCount != 0 {
		t.Errorf("favourites of a deleted account still count: %d", v.FavouritesCount)
	}
	if _, err := db.CreateUser(ctx, store.NewUser{Name: "Alice", Password: storetest.Password}); err == nil {
		t.Error("the name of a deleted account was given out again")
	}
}

func TestBoostsOfOneOldSecondAllCount(t *testing.T) {
	db := storetest.New(t)
	alice := storetest.Member(t, db, "alice")
	old := time.Date(2016, 11, 23, 9, 0, 0, 0, time.UTC)
	author := storetest.Remote(t, db, "author@far.example")
	p := storetest.Receive(t, db, author, "https://far.example/p", "old", func(r *store.RemotePost) { r.CreatedAt = old })
	for i := range 5 {
		b := storetest.Remote(t, db, fmt.Sprintf("b%d@far.example", i))
		must(t, db.Follow(ctx, alice.ID, b.ID))
		must(t, db.ReceiveAccept(ctx, store.FollowRef{AccountID: alice.ID, TargetID: b.ID}))
		must(t, db.ReceiveBoost(ctx, store.RemoteBoost{AccountID: b.ID, PostID: p.ID, URI: fmt.Sprintf("https://far.example/b/%d", i), PublishedAt: old}))
	}
	v, err := db.PostVisibleTo(ctx, p.ID, store.Viewer{})
	must(t, err)
	page, err := db.HomeTimeline(ctx, alice.ID, store.Cursor{})
	must(t, err)
	if v.BoostsCount != 5 || len(page.Posts) != 1 || len(page.Posts[0].BoostedBy) != 5 {
		t.Errorf("%d boosts counted, home %d posts; want 5 and one post with all their names", v.BoostsCount, len(page.Posts))
	}
}
