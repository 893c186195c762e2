package store_test

import (
	"context"
	"errors"
	"testing"

	"seedling/store"
	"seedling/store/content"
	"seedling/store/storetest"
)

// guarded is a post of a member with one rule.
func guarded(t *testing.T, db *store.DB, by *store.Account, d store.Deed, r store.Rule) *store.Post {
	t.Helper()
	r.Said = true
	p := storetest.Post(t, db, by, "guarded", store.Public)
	must(t, db.SetPolicy(t.Context(), by.ID, p.ID, store.InteractionPolicy(0).With(d, r)))
	return p
}

func TestPolicyKeepsEachRule(t *testing.T) {
	var p store.InteractionPolicy
	want := map[store.Deed]store.Rule{}
	for _, d := range store.Deeds {
		want[d] = store.Rule{Said: true, Always: store.Circle(d + 1), Ask: store.Circle(15 - d)}
		p = p.With(d, store.Rule{Said: true, Always: 15, Ask: 15}).With(d, want[d])
	}
	for d, r := range want {
		if got := p.Rule(d); got != r {
			t.Errorf("the rule of %s is %+v, want %+v", d, got, r)
		}
	}
	if p = p.With(store.DeedReply, store.Rule{}); p.Rule(store.DeedReply).Said || p.Rule(store.DeedBoost) != want[store.DeedBoost] {
		t.Errorf("without the rule of replies the policy is %b", p)
	}
}

// TestWhoMayDoWhat: the rules of a member's post hold for members.
func TestWhoMayDoWhat(t *testing.T) {
	everyone, followers, named := store.CircleEveryone, store.CircleFollowers, store.CircleNamed
	for name, c := range map[string]struct {
		rule                                store.Rule
		self, follower, mentioned, stranger store.Verdict
	}{
		"everyone":                {store.Rule{Always: everyone}, store.Permitted, store.Permitted, store.Permitted, store.Permitted},
		"followers":               {store.Rule{Always: followers}, store.Permitted, store.Permitted, store.Refused, store.Refused},
		"followers, others ask":   {store.Rule{Always: followers, Ask: everyone}, store.Permitted, store.Permitted, store.MustAsk, store.MustAsk},
		"whom it names":           {store.Rule{Always: named}, store.Permitted, store.Refused, store.Permitted, store.Refused},
		"nobody":                  {store.Rule{}, store.Permitted, store.Refused, store.Refused, store.Refused},
		"nobody, followers ask":   {store.Rule{Ask: followers}, store.Permitted, store.MustAsk, store.Refused, store.Refused},
		"whom the author follows": {store.Rule{Always: store.CircleFollowing}, store.Permitted, store.Refused, store.Refused, store.Refused},
	} {
		t.Run(name, func(t *testing.T) {
			db := storetest.New(t)
			alice, bob, carol, eve := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob"), storetest.Member(t, db, "carol"), storetest.Member(t, db, "eve")
			must(t, db.Follow(t.Context(), bob.ID, alice.ID))
			c.rule.Said = true
			p := storetest.Post(t, db, alice, "@carol hello", store.Public)
			must(t, db.SetPolicy(t.Context(), alice.ID, p.ID, store.InteractionPolicy(0).With(store.DeedBoost, c.rule)))
			for who, want := range map[*store.Account]store.Verdict{alice: c.self, bob: c.follower, carol: c.mentioned, eve: c.stranger} {
				v, err := db.PostVisibleTo(t.Context(), p.ID, store.AsMember(who.ID))
				must(t, err)
				if got := v.Verdict(store.DeedBoost); got != want {
					t.Errorf("boosting is %d for %s, want %d", got, who.Username, want)
				}
				if got := v.Verdict(store.DeedReply); got != store.Permitted {
					t.Errorf("replying is %d for %s, which no rule says", got, who.Username)
				}
				if err := db.Boost(t.Context(), who.ID, p.ID); errors.Is(err, store.ErrForbidden) != (want == store.Refused) {
					t.Errorf("the boost of %s ends with %v", who.Username, err)
				}
				if v, err = db.PostVisibleTo(t.Context(), p.ID, store.AsMember(who.ID)); err != nil || v.Boosted != (want == store.Permitted) || v.Waits(store.DeedBoost) != (want == store.MustAsk) {
					t.Errorf("the post of %s is boosted %t and waits %t (%v)", who.Username, v.Boosted, v.Waits(store.DeedBoost), err)
				}
			}
		})
	}
}

// TestHeldReplyIsSeenByTwo: until its author agrees, a reply is for the two of them.
func TestHeldReplyIsSeenByTwo(t *testing.T) {
	db := storetest.New(t)
	ctx := t.Context()
	alice, bob, eve := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob"), storetest.Member(t, db, "eve")
	p := guarded(t, db, alice, store.DeedReply, store.Rule{Ask: store.CircleEveryone})
	reply := storetest.Reply(t, db, bob, p, "may I, @eve?", store.Public)
	sees := func(who store.Viewer, want bool) {
		t.Helper()
		_, err := db.PostVisibleTo(ctx, reply.ID, who)
		if got := err == nil; got != want {
			t.Errorf("the reply is seen by %+v: %t, want %t", who, got, want)
		}
	}
	count := func(want int) {
		t.Helper()
		v, err := db.PostVisibleTo(ctx, p.ID, store.Viewer{})
		must(t, err)
		list, err := db.PublicReplies(ctx, p.ID, 0, 10)
		must(t, err)
		if v.RepliesCount != want || len(list) != want {
			t.Errorf("%d replies are counted and %d listed, want %d", v.RepliesCount, len(list), want)
		}
	}
	sees(store.AsMember(alice.ID), true)
	sees(store.AsMember(bob.ID), true)
	sees(store.AsMember(eve.ID), false)
	sees(store.Viewer{}, false)
	count(0)
	if err := db.Favourite(ctx, eve.ID, reply.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("somebody else favourites the held reply: %v", err)
	}
	list, err := db.Requests(ctx, alice.ID, 0, 10)
	must(t, err)
	if len(list) != 1 || list[0].Deed != store.DeedReply || list[0].Made == nil || list[0].From.ID != bob.ID {
		t.Fatalf("alice is asked %+v, want one reply of bob", list)
	}
	if err := db.AnswerRequest(ctx, eve.ID, list[0].ID, true); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("somebody else accepts it: %v", err)
	}
	must(t, db.AnswerRequest(ctx, alice.ID, list[0].ID, true))
	sees(store.Viewer{}, true)
	count(1)
	if err := db.AnswerRequest(ctx, alice.ID, list[0].ID, false); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("it is answered twice: %v", err)
	}
	stamps, err := db.Stamps(ctx, alice.ID, p.ID)
	must(t, err)
	if len(stamps) != 1 {
		t.Fatalf("the post has %d stamps, want 1", len(stamps))
	}
	if err := db.RevokeStamp(ctx, eve.ID, stamps[0].ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("somebody else takes the approval back: %v", err)
	}
	must(t, db.RevokeStamp(ctx, alice.ID, stamps[0].ID))
	sees(store.Viewer{}, false)
	sees(store.AsMember(alice.ID), false)
	sees(store.AsMember(bob.ID), true)
	count(0)
}

func TestReplyThatIsNotPermitted(t *testing.T) {
	db := storetest.New(t)
	alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
	p := guarded(t, db, alice, store.DeedReply, store.Rule{})
	_, err := db.CreatePost(t.Context(), store.Draft{AuthorID: bob.ID, Source: content.Source{Text: "no"}, ReplyToID: p.ID})
	var bad *store.PostError
	if !errors.As(err, &bad) || bad.Problem != store.PostReplyRefused {
		t.Errorf("the reply ends with %v, want PostReplyRefused", err)
	}
	storetest.Reply(t, db, alice, p, "myself", store.Public)
}

// TestDeedsThatWait: a favourite, a boost and a quote count when they are
// approved, and not again after they were refused.
func TestDeedsThatWait(t *testing.T) {
	db := storetest.New(t)
	ctx := t.Context()
	alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
	ask := store.Rule{Ask: store.CircleEveryone}
	for d, do := range map[store.Deed]func(context.Context, *store.Post) error{
		store.DeedFavourite: func(c context.Context, p *store.Post) error { return db.Favourite(c, bob.ID, p.ID) },
		store.DeedBoost:     func(c context.Context, p *store.Post) error { return db.Boost(c, bob.ID, p.ID) },
	} {
		for _, accept := range []bool{true, false} {
			p := guarded(t, db, alice, d, ask)
			must(t, do(ctx, p))
			must(t, do(ctx, p)) // again changes nothing
			list, err := db.Requests(ctx, alice.ID, 0, 10)
			must(t, err)
			if len(list) != 1 {
				t.Fatalf("%s: %d requests, want 1", d, len(list))
			}
			must(t, db.AnswerRequest(ctx, alice.ID, list[0].ID, accept))
			v, err := db.PostVisibleTo(ctx, p.ID, store.AsMember(bob.ID))
			must(t, err)
			if got := v.FavouritesCount + v.BoostsCount; got != map[bool]int{true: 1}[accept] || v.Waits(d) {
				t.Errorf("%s answered %t: counted %d, waiting %t", d, accept, got, v.Waits(d))
			}
			if err := do(ctx, p); errors.Is(err, store.ErrForbidden) == accept {
				t.Errorf("%s answered %t, done again: %v", d, accept, err)
			}
		}
	}
	p := guarded(t, db, alice, store.DeedQuote, ask)
	q := quoting(t, db, bob, p)
	if got := quoteSeen(t, db, q.ID, store.Viewer{}); got != "waiting" {
		t.Errorf("a quote that was not approved shows %s", got)
	}
	list, err := db.Requests(ctx, alice.ID, 0, 10)
	must(t, err)
	must(t, db.AnswerRequest(ctx, alice.ID, list[0].ID, true))
	if got := quoteSeen(t, db, q.ID, store.Viewer{}); got != "guarded<p>guarded</p>" {
		t.Errorf("an approved quote shows %s", got)
	}
	stamps, err := db.Stamps(ctx, alice.ID, p.ID)
	must(t, err)
	must(t, db.RevokeStamp(ctx, alice.ID, stamps[0].ID))
	if got := quoteSeen(t, db, q.ID, store.Viewer{}); got != "removed" {
		t.Errorf("a quote whose approval was taken back shows %s", got)
	}
}

// TestTakenBackWhileItWaits: who was asked elsewhere hears that it is taken back.
func TestTakenBackWhileItWaits(t *testing.T) {
	db := storetest.New(t)
	ctx := t.Context()
	alice, bob := storetest.Member(t, db, "alice"), storetest.Remote(t, db, "bob@there.example")
	for i, c := range []struct {
		deed     store.Deed
		do, undo func(context.Context, int64, int64) error
	}{{store.DeedFavourite, db.Favourite, db.Unfavourite}, {store.DeedBoost, db.Boost, db.Unboost}} {
		p := storetest.Receive(t, db, bob, "https://there.example/"+c.deed.String(), "<p>guarded</p>", func(r *store.RemotePost) {
			r.Policy = store.InteractionPolicy(0).With(c.deed, store.Rule{Said: true, Ask: store.CircleEveryone})
		})
		must(t, c.do(ctx, alice.ID, p.ID))
		must(t, c.undo(ctx, alice.ID, p.ID))
		must(t, c.undo(ctx, alice.ID, p.ID)) // again says nothing
		rows, err := db.Outbox(ctx, 10)
		must(t, err)
		if len(rows) != 2*(i+1) {
			t.Fatalf("%s: %d rows in the outbox, want %d", c.deed, len(rows), 2*(i+1))
		}
		if asked, back := rows[2*i], rows[2*i+1]; asked.Kind != store.OutboxAsk || back.Kind != store.OutboxWithdraw || back.Quoting != asked.Quoting || back.TargetID != bob.ID {
			t.Errorf("%s: told %+v, then %+v", c.deed, asked, back)
		}
	}
}

// TestReactionsKeepTheRuleOfFavourites for members and for people elsewhere.
func TestReactionsKeepTheRuleOfFavourites(t *testing.T) {
	db := storetest.New(t)
	ctx := t.Context()
	alice, eve, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "eve"), storetest.Remote(t, db, "bob@there.example")
	for _, rule := range []store.Rule{{}, {Ask: store.CircleEveryone}} {
		p := guarded(t, db, alice, store.DeedFavourite, rule)
		if err := db.React(ctx, eve.ID, p.ID, "🌱"); !errors.Is(err, store.ErrKept) || !errors.Is(err, store.ErrForbidden) {
			t.Errorf("a reaction of a member: %v, want %v", err, store.ErrKept)
		}
		if err := db.ReceiveReaction(ctx, store.RemoteReaction{URI: "https://there.example/r/1", AccountID: bob.ID, PostID: p.ID, Emoji: store.Emoji{Text: "🌱"}}); !errors.Is(err, store.ErrForbidden) {
			t.Errorf("a reaction from elsewhere: %v, want %v", err, store.ErrForbidden)
		}
		must(t, db.React(ctx, alice.ID, p.ID, "🌱"))
	}
	asked := guarded(t, db, alice, store.DeedFavourite, store.Rule{Ask: store.CircleEveryone})
	must(t, db.Favourite(ctx, eve.ID, asked.ID))
	list, err := db.Requests(ctx, alice.ID, 0, 10)
	must(t, err)
	must(t, db.AnswerRequest(ctx, alice.ID, list[0].ID, true))
	must(t, db.React(ctx, eve.ID, asked.ID, "🌱"))
}

func TestRedraftKeepsThePolicy(t *testing.T) {
	db := storetest.New(t)
	alice := storetest.Member(t, db, "alice")
	p := guarded(t, db, alice, store.DeedBoost, store.Rule{Always: store.CircleFollowers})
	want := store.InteractionPolicy(0).With(store.DeedBoost, store.Rule{Said: true, Always: store.CircleFollowers})
	if d, err := db.Redraft(t.Context(), alice.ID, p.ID); err != nil || d.Policy != want {
		t.Errorf("the draft has %b (%v), want %b", d.Policy, err, want)
	}
}
