package outbox

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"
	"time"

	"seedling/federation/fedtest"
	"seedling/federation/fetch"
	"seedling/store"
	"seedling/store/storetest"
)

// state says what became of a post at one host.
func state(t testing.TB, db *store.DB, p *store.Post, host string) *store.PostDelivery {
	t.Helper()
	list, err := db.PostDeliveries(context.Background(), p.ID, store.AllDeliveries, "", 100)
	must(t, err)
	for _, d := range list {
		if d.Host == host {
			return d
		}
	}
	return &store.PostDelivery{State: -1}
}

func deleting(p *store.Post) func(map[string]any) bool {
	return func(a map[string]any) bool { return a["id"] == p.URI+"#delete" }
}

// A server that took a post hears of its edits and its end after the last
// follower there has gone; one that refused it, or never got it, does not.
func TestToldServersHearOfEditsAndTheEnd(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	old, stays, refuses, later := w.net.Server("old.example"), w.net.Server("stays.example"), w.net.Server("refuses.example"), w.net.Server("later.example")
	refuses.SetMode(fedtest.Refuse(http.StatusForbidden))
	gone := w.follower(t, "bob@old.example")
	no := w.follower(t, "nell@refuses.example")
	w.follower(t, "carol@stays.example")
	start(t, newTestRunner(t, w.db, w.net, nil))
	p := w.post(t, "hello")
	private := storetest.Post(t, w.db, w.alice, "among us", store.Followers)
	for _, s := range []*fedtest.Server{old, stays, refuses} {
		s.Await(t, creating(private))
		settle(t, w.db, s.Host())
	}
	for _, a := range []*store.Account{gone, no} {
		must(t, w.db.ReceiveUnfollow(ctx, store.FollowRef{AccountID: a.ID, TargetID: w.alice.ID}))
	}
	w.follower(t, "lena@later.example")

	for _, q := range []*store.Post{p, private} {
		_, err := w.db.UpdatePost(ctx, w.alice.ID, q.ID, store.Edit{Source: q.Source, ContentWarning: "second thoughts"})
		must(t, err)
	}
	stays.Await(t, func(a map[string]any) bool { return a["type"] == "Update" && objectID(a) == private.URI })
	old.Await(t, func(a map[string]any) bool { return a["type"] == "Update" && objectID(a) == p.URI })
	for _, q := range []*store.Post{p, private} {
		must(t, w.db.DeletePost(ctx, w.alice.ID, q.ID))
		for _, s := range []*fedtest.Server{old, stays, later} {
			s.Await(t, deleting(q))
		}
	}
	settle(t, w.db, "old.example")
	for _, q := range old.Received() {
		if q.Activity["type"] == "Update" && objectID(q.Activity) == private.URI {
			t.Error("an edit of a private post went to a server where nobody follows any more")
		}
	}
	for _, q := range refuses.Received() {
		if q.Activity["type"] != "Create" {
			t.Errorf("a server that refused the post got %v", q.Activity["type"])
		}
	}
}

func objectID(a map[string]any) string {
	o, _ := a["object"].(map[string]any)
	id, _ := o["id"].(string)
	return id
}

func TestAccountDeletionReachesWhoeverTookAnything(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	there := w.net.Server("there.example")
	bob := w.follower(t, "bob@there.example")
	start(t, newTestRunner(t, w.db, w.net, nil))
	there.Await(t, creating(w.post(t, "hello")))
	settle(t, w.db, "there.example")
	must(t, w.db.ReceiveUnfollow(ctx, store.FollowRef{AccountID: bob.ID, TargetID: w.alice.ID}))
	storetest.Member(t, w.db, "olga")
	must(t, w.db.DeleteAccount(ctx, w.alice.ID))
	there.Await(t, func(a map[string]any) bool { return a["id"] == w.alice.URI+"#delete" })
}

func TestSendAgainAfterARefusal(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	there, other := w.net.Server("there.example"), w.net.Server("other.example")
	w.follower(t, "bob@there.example")
	w.follower(t, "carol@other.example")
	there.SetMode(fedtest.Refuse(http.StatusForbidden))
	start(t, newTestRunner(t, w.db, w.net, nil))
	p := w.post(t, "hello")
	other.Await(t, creating(p))
	there.Await(t, creating(p))
	settle(t, w.db, "there.example")
	settle(t, w.db, "other.example")
	if d := state(t, w.db, p, "there.example"); d.State != store.DeliveryRefused || d.Cause != store.CauseForbidden || d.Text == "" {
		t.Errorf("there %+v, want refused as forbidden, with what was said", d)
	}
	there.SetMode(fedtest.Normal())
	must(t, w.db.SendAgain(ctx, w.alice.ID, p.ID, "there.example"))
	waitFor(t, "the post to arrive", func() bool { return state(t, w.db, p, "there.example").State == store.DeliveryArrived })
	if got := ids(other); len(got) != 1 {
		t.Errorf("the other server got %q, want one copy", got)
	}
}

// A host that was away for days gets what it missed in order, also from a
// runner that was started meanwhile, as soon as something comes from it.
func TestReplayAfterDaysAndARestart(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, b *bubble) {
		b.follower("there.example")
		b.setAnswer(refusing(http.StatusBadGateway, ""))
		var want []string
		for range 6 {
			want = append(want, b.post("something").URI+"#create")
			time.Sleep(24 * time.Hour)
		}
		b.restart()
		b.take()
		b.setAnswer(nil)
		time.Sleep(wakePause)
		if got := b.take(); len(got) != 0 {
			t.Errorf("after the restart tried %v, want the retry time kept", got)
		}
		b.r.Wake("there.example")
		var got []string
		for _, a := range b.take() {
			got = append(got, a.id)
		}
		if len(got) != len(want) {
			t.Fatalf("woken, the host got %d, want %d", len(got), len(want))
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("number %d is %s, want %s", i, got[i], want[i])
			}
		}
		time.Sleep(pollEvery)
		b.take()
		if h, err := b.db.HostHealth(t.Context(), "there.example"); err != nil || time.Since(h.HeardAt) > 2*pollEvery {
			t.Errorf("heard %v (%v), want the time of the request", h, err)
		}
	})
}

// An admin's "retry now" works from this process at once and from another, such
// as the command line, with the next look at the store.
func TestRetryNow(t *testing.T) {
	inBubble(t, nil, func(t *testing.T, b *bubble) {
		b.follower("there.example")
		b.setAnswer(refusing(http.StatusBadGateway, ""))
		b.post("one")
		time.Sleep(12 * time.Hour) // the next attempt is hours away
		b.take()
		must(t, b.db.RetryHost(t.Context(), "there.example"))
		if n := len(b.take()); n != 1 {
			t.Fatalf("%d attempts at once, want 1", n)
		}
		time.Sleep(firstRetry + pollEvery)
		if n := len(b.take()); n != 1 {
			t.Errorf("%d attempts a minute later, want 1: the backoff starts anew", n)
		}
		time.Sleep(time.Minute)
		b.take()
		other := storetest.Open(b.t, store.Config{Path: b.path})
		must(t, other.RetryHost(t.Context(), "there.example"))
		time.Sleep(pollEvery)
		if n := len(b.take()); n != 1 {
			t.Errorf("%d attempts for another process, want 1", n)
		}
	})
}

func TestCauses(t *testing.T) {
	for status, want := range map[int]store.Cause{
		401: store.CauseSignature, 403: store.CauseForbidden, 404: store.CauseGone, 410: store.CauseGone, 413: store.CauseLarge,
		429: store.CauseBusy, 503: store.CauseBusy, 500: store.CauseBroken, 502: store.CauseBroken, 422: store.CauseInvalid, 308: store.CauseMoved, 202: "",
	} {
		if got := causeOf(status); got != want {
			t.Errorf("status %d: got %q, want %q", status, got, want)
		}
	}
	for _, test := range []struct {
		err  fetch.Error
		want store.Cause
	}{
		{fetch.Error{Kind: fetch.Timeout}, store.CauseTimeout},
		{fetch.Error{Kind: fetch.Unreachable, Err: &net.DNSError{IsNotFound: true}}, store.CauseName},
		{fetch.Error{Kind: fetch.Unreachable, Err: errors.New("refused")}, store.CauseConnect},
		{fetch.Error{Kind: fetch.Backoff, Status: 503}, store.CauseBusy},
	} {
		if got := causeOfError(&test.err); got != test.want {
			t.Errorf("%v: got %q, want %q", &test.err, got, test.want)
		}
	}
}
