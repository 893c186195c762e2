package inbox_test

import (
	"errors"
	"testing"
	"time"

	"seedling/federation/fedtest"
	"seedling/store"
	"seedling/store/storetest"
)

// mover is a world in which alice follows bob of far.example, who has made an
// account on new.example.
type mover struct {
	*world
	fresh *fedtest.Server
	bob2  *fedtest.Actor
	old   *store.Account
}

func newMover(t *testing.T, alias ...any) *mover {
	w := newWorld(t)
	m := &mover{world: w, fresh: w.net.Server("new.example")}
	m.bob2 = m.fresh.Actor("bob2")
	if len(alias) > 0 {
		m.bob2.Change(map[string]any{"alsoKnownAs": alias[0]})
	}
	var err error
	m.old, err = w.resolver.ByURI(ctx, w.bob.ID)
	w.must(err)
	w.must(w.db.Follow(ctx, w.alice.ID, m.old.ID))
	w.must(w.db.ReceiveAccept(ctx, store.FollowRef{AccountID: w.alice.ID, TargetID: m.old.ID}))
	w.work()
	return m
}

// work does the jobs that are due and returns the first error of each kind.
func (w *world) work() map[store.JobKind]error {
	w.Helper()
	outcome := map[store.JobKind]error{}
	for {
		jobs, err := w.db.ClaimJobs(ctx, 10, time.Minute)
		w.must(err)
		if len(jobs) == 0 {
			return outcome
		}
		for _, j := range jobs {
			var err error
			switch j.Kind {
			case store.JobMove:
				err = w.inbox.RunMove(ctx, j.Payload)
			case store.JobCarry:
				err = w.db.CarryFollowers(ctx, j.Payload)
			case store.JobPins:
				var a *store.Account
				if a, err = w.db.AccountByURI(ctx, w.bob.ID); err == nil {
					err = w.resolver.ReadPins(ctx, a.ID)
				}
			}
			outcome[j.Kind] = err
			w.must(w.db.FinishJob(ctx, j.ID))
		}
	}
}

func (m *mover) move(by *fedtest.Actor, from, to string) map[string]any {
	return by.Activity("Move", from, map[string]any{"target": to, "to": []string{from + "/followers"}, "cc": nil})
}

// follows says whether alice follows, or asked to follow, an account.
func (m *mover) follows(uri string) bool {
	m.Helper()
	a, err := m.db.AccountByURI(ctx, uri)
	if errors.Is(err, store.ErrNotFound) {
		return false
	}
	m.must(err)
	r, err := m.db.Relation(ctx, m.alice.ID, a.ID)
	m.must(err)
	return r.Following || r.Requested
}

func (m *mover) sent(kind store.OutboxKind) (n int) {
	m.Helper()
	items, err := m.db.Outbox(ctx, 1000)
	m.must(err)
	for _, o := range items {
		if o.Kind == kind {
			n++
		}
	}
	return n
}

func (m *mover) wantStayed(t *testing.T) {
	t.Helper()
	if m.follows(m.bob2.ID) || !m.follows(m.bob.ID) {
		t.Errorf("alice follows the new account: %v, the old one: %v; want false, true", m.follows(m.bob2.ID), m.follows(m.bob.ID))
	}
	a, err := m.db.AccountByURI(ctx, m.bob.ID)
	if m.must(err); a.MovedToURI != "" {
		t.Errorf("the old account is marked as moved to %s", a.MovedToURI)
	}
}

func TestMoveCarriesFollowersOnce(t *testing.T) {
	m := newMover(t, []string{"https://far.example/users/bob"})
	before := m.sent(store.OutboxFollow)
	for range 3 {
		m.send(m.bob, m.move(m.bob, m.bob.ID, m.bob2.ID), 202)
		if err := m.work()[store.JobMove]; err != nil {
			t.Fatal(err)
		}
	}
	if !m.follows(m.bob2.ID) || m.follows(m.bob.ID) {
		t.Errorf("alice follows the new account: %v, the old one: %v; want true, false", m.follows(m.bob2.ID), m.follows(m.bob.ID))
	}
	if f, u := m.sent(store.OutboxFollow)-before, m.sent(store.OutboxUnfollow); f != 1 || u != 1 {
		t.Errorf("sent %d follows and %d unfollows, want one each", f, u)
	}
	page, err := m.db.Notifications(ctx, m.alice.ID, []store.NotificationKind{store.NotifyMoved}, store.Cursor{})
	m.must(err)
	if len(page.Notifications) != 1 || page.Notifications[0].From.URI != m.bob.ID || page.Notifications[0].From.MovedToURI != m.bob2.ID {
		t.Errorf("notifications %+v, want one about bob", page.Notifications)
	}
	if err := m.db.Follow(ctx, m.alice.ID, m.old.ID); !errors.Is(err, store.ErrMoved) {
		t.Errorf("follow the old account: %v, want ErrMoved", err)
	}
	// To another target so soon after: refused.
	m.fresh.Actor("third", map[string]any{"alsoKnownAs": []string{m.bob.ID}})
	m.send(m.bob, m.move(m.bob, m.bob.ID, "https://new.example/users/third"), 403)
}

func TestMovesThatAreRefused(t *testing.T) {
	for _, tt := range []struct {
		name  string
		alias any
		set   func(m *mover)
		send  func(m *mover)
	}{
		{"no alias", nil, nil, nil},
		{"alias of somebody else", "https://far.example/users/eve", nil, nil},
		{"a handle as alias", []string{"bob@far.example"}, nil, nil},
		{"alias removed meanwhile", "https://far.example/users/bob", func(m *mover) {
			_, err := m.resolver.ByURI(ctx, m.bob2.ID) // what is stored still has it
			m.must(err)
			m.bob2.Change(map[string]any{"alsoKnownAs": nil})
		}, nil},
		{"loop", "https://far.example/users/bob", func(m *mover) { m.bob2.Change(map[string]any{"movedTo": m.bob.ID}) }, nil},
		{"chain", "https://far.example/users/bob", func(m *mover) { m.bob2.Change(map[string]any{"movedTo": m.eve.ID}) }, nil},
		{"by a third", "https://far.example/users/bob", nil, func(m *mover) { m.send(m.eve, m.move(m.eve, m.bob.ID, m.bob2.ID), 403) }},
		{"to itself", "https://far.example/users/bob", nil, func(m *mover) { m.send(m.bob, m.move(m.bob, m.bob.ID, m.bob.ID), 400) }},
		{"without a target", "https://far.example/users/bob", nil, func(m *mover) {
			m.send(m.bob, m.bob.Activity("Move", m.bob.ID), 400)
		}},
		{"to a target that is not there", "https://far.example/users/bob", nil, func(m *mover) {
			m.send(m.bob, m.move(m.bob, m.bob.ID, "https://new.example/users/nobody"), 202)
		}},
		{"pull without the old account's word", "https://far.example/users/bob", nil, func(m *mover) {
			m.send(m.bob2, m.move(m.bob2, m.bob.ID, m.bob2.ID), 202)
		}},
		{"the new account is one of ours and names nobody", nil, nil, func(m *mover) {
			m.send(m.bob, m.move(m.bob, m.bob.ID, m.alice.URI), 202)
		}},
		{"one of ours is moved away by a stranger", nil, nil, func(m *mover) {
			m.must(m.db.AddAlias(ctx, m.alice.ID, m.old.URI))
			m.send(m.bob2, m.move(m.bob2, m.alice.URI, m.bob2.ID), 403)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := newMover(t)
			if tt.alias != nil {
				m.bob2.Change(map[string]any{"alsoKnownAs": tt.alias})
			}
			if tt.set != nil {
				tt.set(m)
			}
			if tt.send != nil {
				tt.send(m)
				m.work()
			} else {
				m.send(m.bob, m.move(m.bob, m.bob.ID, m.bob2.ID), 202)
				if err := m.work()[store.JobMove]; err == nil {
					t.Error("the job found nothing against it")
				}
				if len(m.inbox.Ignored()) == 0 {
					t.Error("it is not counted")
				}
			}
			m.wantStayed(t)
		})
	}
}

// A Move signed by the new account counts when the old one agrees (FEP-7628).
func TestMoveByTheNewAccount(t *testing.T) {
	for name, word := range map[string]string{"as an alias": "alsoKnownAs", "as its new place": "movedTo"} {
		t.Run(name, func(t *testing.T) {
			m := newMover(t, "https://far.example/users/bob")
			m.bob.Change(map[string]any{word: m.bob2.ID})
			m.send(m.bob2, m.move(m.bob2, m.bob.ID, m.bob2.ID), 202)
			if err := m.work()[store.JobMove]; err != nil {
				t.Fatal(err)
			}
			if !m.follows(m.bob2.ID) || m.follows(m.bob.ID) {
				t.Error("alice was not carried over")
			}
		})
	}
}

// An account elsewhere may move to a member, who named it as an alias.
func TestMoveToAMember(t *testing.T) {
	m := newMover(t)
	carol := storetest.Member(t, m.db, "carol")
	m.must(m.db.AddAlias(ctx, carol.ID, m.old.URI))
	m.send(m.bob, m.move(m.bob, m.bob.ID, carol.URI), 202)
	if err := m.work()[store.JobMove]; err != nil {
		t.Fatal(err)
	}
	if !m.follows(carol.URI) || m.follows(m.bob.ID) {
		t.Error("alice was not carried over")
	}
}

// Whoever blocked the new account does not follow it.
func TestMoveDoesNotPassABlock(t *testing.T) {
	m := newMover(t, "https://far.example/users/bob")
	target, err := m.resolver.ByURI(ctx, m.bob2.ID)
	m.must(err)
	m.must(m.db.Block(ctx, m.alice.ID, target.ID))
	m.send(m.bob, m.move(m.bob, m.bob.ID, m.bob2.ID), 202)
	m.work()
	if m.follows(m.bob2.ID) {
		t.Error("alice follows whom she blocked")
	}
}

func TestPinsOfOthers(t *testing.T) {
	w := newWorld(t)
	featured := w.bob.ID + "/featured"
	w.bob.Change(map[string]any{"featured": featured})
	known, later := w.bob.Note("<p>known</p>"), w.bob.Note("<p>later</p>")
	w.send(w.bob, w.bob.Activity("Create", known), 202)
	theirs := w.eve.Note("<p>of eve</p>")
	w.send(w.eve, w.eve.Activity("Create", theirs), 202)
	w.far.Handle("/users/bob/featured", map[string]any{"id": featured, "type": "OrderedCollection", "orderedItems": []any{known["id"], later["id"]}})
	in := func(c string) map[string]any { return map[string]any{"target": c} }

	w.send(w.bob, w.bob.Activity("Add", known["id"], in(featured)), 202)
	w.wantPins(known)
	w.send(w.bob, w.bob.Activity("Add", theirs["id"], in(featured)), 403)
	w.send(w.bob, w.bob.Activity("Add", "https://else.example/1", in(featured)), 403)
	w.send(w.bob, w.bob.Activity("Add", known["id"], in("https://here.example/ap/actors/1/featured")), 403)
	w.send(w.bob, w.bob.Activity("Add", w.eve.ID, in(w.bob.ID+"/followers")), 403)
	w.send(w.bob, w.bob.Activity("Add", known["id"]), 400)
	w.send(w.eve, w.eve.Activity("Remove", known["id"], in(featured)), 202) // not hers: nothing happens
	w.send(w.eve, w.eve.Activity("Add", theirs["id"], in(featured)), 202)
	w.wantPins(known)

	w.send(w.bob, w.bob.Activity("Add", later["id"], in(featured)), 202)
	w.work()
	w.wantPins(known, later)
	w.send(w.bob, w.bob.Activity("Remove", known["id"], in(featured)), 202)
	w.wantPins(later)
}

func (w *world) wantPins(want ...map[string]any) {
	w.Helper()
	bob, err := w.db.AccountByURI(ctx, w.bob.ID)
	w.must(err)
	posts, err := w.db.PinnedPosts(ctx, bob.ID, store.Viewer{})
	w.must(err)
	if len(posts) != len(want) {
		w.Fatalf("%d posts are pinned, want %d", len(posts), len(want))
	}
	for i, p := range posts {
		if p.URI != want[i]["id"] {
			w.Errorf("pinned %d: %s, want %s", i, p.URI, want[i]["id"])
		}
	}
}
