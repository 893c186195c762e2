package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

// tell expands everything in the outbox for the given hosts, as federation does.
func tell(t *testing.T, db *store.DB, hosts ...string) {
	t.Helper()
	items, err := db.Outbox(t.Context(), 100)
	must(t, err)
	for _, o := range items {
		var to []store.Inbox
		for _, h := range hosts {
			if o.Host == "" || o.Host == h {
				to = append(to, store.Inbox{URL: "https://" + h + "/inbox", Host: h})
			}
		}
		must(t, db.ExpandOutbox(t.Context(), o, []byte(`{}`), to))
	}
}

// oldest is the delivery that is first for a host.
func oldest(t *testing.T, db *store.DB, host string) *store.Delivery {
	t.Helper()
	list, err := db.Deliveries(t.Context(), host, 1)
	must(t, err)
	if len(list) == 0 {
		t.Fatalf("nothing waits for %s", host)
	}
	return list[0]
}

// told puts what became of a post into words: "a.example arrived, ...".
func told(t *testing.T, db *store.DB, postID int64) string {
	t.Helper()
	list, err := db.PostDeliveries(t.Context(), postID, store.AllDeliveries, "", 100)
	must(t, err)
	var words []string
	for _, d := range list {
		state := []string{"waits", "arrived", "refused", "given up"}[d.State]
		words = append(words, strings.TrimSpace(fmt.Sprintf("%s %s %s", d.Host, state, d.Cause)))
	}
	return strings.Join(words, ", ")
}

func inboxHosts(list []store.Inbox) string {
	var hosts []string
	for _, in := range list {
		hosts = append(hosts, in.Host)
	}
	slices.Sort(hosts)
	return strings.Join(hosts, " ")
}

// clock is one that a test moves.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func TestAuthorSeesWhatBecameOfAPost(t *testing.T) {
	db, ctx := storetest.New(t), context.Background()
	alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
	p := storetest.Post(t, db, alice, "hello", store.Public)
	tell(t, db, "a.example", "b.example", "c.example", "d.example")
	wants := func(want string) {
		t.Helper()
		if got := told(t, db, p.ID); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	wants("a.example waits, b.example waits, c.example waits, d.example waits")
	must(t, db.HostWorks(ctx, oldest(t, db, "a.example"), "cavage"))
	must(t, db.EndDelivery(ctx, oldest(t, db, "b.example"), store.DeliveryRefused, store.Failure{Cause: store.CauseForbidden, Text: "403"}))
	must(t, db.HostFails(ctx, oldest(t, db, "c.example"), store.Failure{Cause: store.CauseTimeout, Text: "late"}, time.Now().Add(time.Hour)))
	must(t, db.HostFails(ctx, oldest(t, db, "d.example"), store.Failure{Cause: store.CauseConnect, Text: "no way"}, time.Now().Add(time.Hour)))
	must(t, db.EndDelivery(ctx, oldest(t, db, "d.example"), store.DeliveryGivenUp, store.Failure{Cause: store.CauseExpired}))
	wants("a.example arrived, b.example refused forbidden, c.example waits timeout, d.example given up expired")
	rows, err := db.PostDeliveries(ctx, p.ID, store.FailedDeliveries, "b.example", 10)
	if err != nil || len(rows) != 1 || rows[0].Host != "d.example" || rows[0].Text != "no way" {
		t.Errorf("after b.example failed %v (%v), want d.example with what it met last", rows, err)
	}
	if c, err := db.CountPostDeliveries(ctx, p.ID); err != nil || c != (store.DeliveryCounts{Waiting: 1, Arrived: 1, Failed: 2}) {
		t.Errorf("counted %+v (%v)", c, err)
	}

	for _, wrong := range []struct {
		author, post int64
		host         string
	}{{bob.ID, p.ID, "b.example"}, {alice.ID, p.ID + 1, "b.example"}, {alice.ID, p.ID, "z.example"}} {
		if err := db.SendAgain(ctx, wrong.author, wrong.post, wrong.host); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("send again %v: got %v, want not found", wrong, err)
		}
	}
	for _, host := range []string{"b.example", "b.example", "d.example", "a.example", "c.example"} {
		must(t, db.SendAgain(ctx, alice.ID, p.ID, host))
	}
	if items, err := db.Outbox(ctx, 10); err != nil || len(items) != 2 || items[0].Host != "b.example" || items[1].Host != "d.example" {
		t.Errorf("to be sent again: %v (%v), want b.example and d.example once", items, err)
	}
	tell(t, db, "b.example") // nobody at d.example is to get it any more
	wants("a.example arrived, b.example waits, c.example waits timeout, d.example given up nobody")
	if list, _ := db.Deliveries(ctx, "a.example", 10); len(list) != 0 {
		t.Errorf("a.example gets it again: %v", list)
	}

	_, err = db.UpdatePost(ctx, alice.ID, p.ID, store.Edit{Source: p.Source})
	must(t, err)
	tell(t, db, "a.example")
	wants("a.example waits, b.example waits, c.example waits timeout, d.example given up nobody")
}

// Every server that may hold a post hears of its end, also when nobody there
// follows any more, and when it is not known any more which they were.
func TestToldServersAreKnown(t *testing.T) {
	c := &clock{time.Now()}
	db, ctx := storetest.Open(t, store.Config{URL: storetest.URL, Now: c.now}), context.Background()
	alice := storetest.Member(t, db, "alice")
	p := storetest.Post(t, db, alice, "hello", store.Public)
	tell(t, db, "a.example", "b.example", "c.example")
	must(t, db.HostWorks(ctx, oldest(t, db, "a.example"), ""))
	must(t, db.EndDelivery(ctx, oldest(t, db, "b.example"), store.DeliveryRefused, store.Failure{}))
	check := func(when, want string) {
		t.Helper()
		got, err := db.ToldInboxes(ctx, alice.ID, p.ID)
		if err != nil || inboxHosts(got) != want {
			t.Errorf("%s: told %v (%v), want %s", when, got, err, want)
		}
	}
	check("fresh", "a.example c.example") // c.example waits: the end comes after it
	c.at = c.at.Add(29 * 24 * time.Hour)
	must(t, db.PruneDeliveries(ctx))
	check("after 29 days", "a.example c.example")
	must(t, db.EndDelivery(ctx, oldest(t, db, "c.example"), store.DeliveryRefused, store.Failure{}))
	c.at = c.at.Add(31 * 24 * time.Hour)
	must(t, db.PruneDeliveries(ctx))
	if got := told(t, db, p.ID); got != "" {
		t.Errorf("after 60 days still known: %s", got)
	}
	check("after 60 days", "a.example")
	if got, err := db.KnownTo(ctx, alice.ID); err != nil || inboxHosts(got) != "a.example" {
		t.Errorf("alice is known to %v (%v), want a.example", got, err)
	}

	fresh := storetest.Post(t, db, alice, "again", store.Public)
	tell(t, db, "a.example")
	must(t, db.DeletePost(ctx, alice.ID, fresh.ID))
	if got, err := db.ToldInboxes(ctx, alice.ID, fresh.ID); err != nil || inboxHosts(got) != "a.example" {
		t.Errorf("of the deleted post was told %v (%v), want a.example until its Delete is on its way", got, err)
	}
	tell(t, db, "a.example")
	if got := told(t, db, fresh.ID); got != "" {
		t.Errorf("of the deleted post is left %s", got)
	}
	if left, err := db.Deliveries(ctx, "a.example", 10); err != nil || len(left) != 1 || left[0].PostID != 0 {
		t.Errorf("%d deliveries wait (%v), want the end of the post alone", len(left), err)
	}
}

func TestQueueOfADeadHostIsBounded(t *testing.T) {
	db, ctx := storetest.New(t), context.Background()
	alice := storetest.Member(t, db, "alice")
	p := storetest.Post(t, db, alice, "first", store.Public)
	tell(t, db, "dead.example", "well.example")
	storetest.Post(t, db, alice, "second", store.Public)
	items, err := db.Outbox(ctx, 1)
	must(t, err)
	const limit = 5000
	var to []store.Inbox
	for i := range limit {
		to = append(to, store.Inbox{URL: fmt.Sprintf("https://dead.example/%d", i), Host: "dead.example"})
	}
	must(t, db.ExpandOutbox(ctx, items[0], []byte(`{}`), to))
	must(t, db.HostFails(ctx, oldest(t, db, "dead.example"), store.Failure{}, time.Now()))
	h, err := db.HostHealth(ctx, "dead.example")
	if err != nil || h.Waiting != limit {
		t.Errorf("%+v waits (%v), want %d", h, err, limit)
	}
	if got := told(t, db, p.ID); got != "dead.example given up overflow, well.example waits" {
		t.Errorf("got %s, want the oldest dropped and the other host untouched", got)
	}
	n, err := db.DropQueue(ctx, "dead.example")
	if err != nil || n != limit {
		t.Errorf("dropped %d (%v), want %d", n, err, limit)
	}
	if left, err := db.Deliveries(ctx, "well.example", 10); err != nil || len(left) != 1 || len(left[0].Body) == 0 {
		t.Errorf("for the other host waits %v (%v), want its delivery", left, err)
	}
}

func TestHostsAreListedByName(t *testing.T) {
	db, ctx := storetest.New(t), context.Background()
	alice := storetest.Member(t, db, "alice")
	storetest.Post(t, db, alice, "hello", store.Public)
	tell(t, db, "b.example", "c.example")
	must(t, db.HeardFrom(ctx, map[string]time.Time{"a.example": time.Now(), "b.example": time.Now()}))
	must(t, db.HostWorks(ctx, oldest(t, db, "b.example"), "rfc9421"))
	must(t, db.HostFails(ctx, oldest(t, db, "c.example"), store.Failure{Cause: store.CauseName, Text: "no such host"}, time.Now().Add(time.Hour)))
	list := func(f store.HostFilter, after string) string {
		t.Helper()
		hosts, err := db.Hosts(ctx, f, after, 10)
		must(t, err)
		var names []string
		for _, h := range hosts {
			names = append(names, h.Host)
		}
		return strings.Join(names, " ")
	}
	for _, test := range []struct {
		filter store.HostFilter
		after  string
		want   string
	}{
		{store.AllHosts, "", "a.example b.example c.example"},
		{store.AllHosts, "a.example", "b.example c.example"},
		{store.FailingHosts, "", "c.example"},
		{store.HostsWithQueue, "", "c.example"},
		{store.FailingHosts, "c.example", ""},
	} {
		if got := list(test.filter, test.after); got != test.want {
			t.Errorf("filter %d after %q: got %q, want %q", test.filter, test.after, got, test.want)
		}
	}
	h, err := db.HostHealth(ctx, "c.example")
	if err != nil || h.Waiting != 1 || h.Cause != store.CauseName || h.Failures != 1 || h.FailingSince.IsZero() || h.OldestAt.IsZero() {
		t.Errorf("c.example is %+v (%v)", h, err)
	}
	must(t, db.RetryHost(ctx, "c.example"))
	if s, err := db.HostState(ctx, "c.example"); err != nil || !s.RetryAt.IsZero() || s.Failures != 1 {
		t.Errorf("after retry now %+v (%v), want no time to wait for and the failure kept", s, err)
	}
	if err := db.RetryHost(ctx, "nowhere.example"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("retry of an unknown host: %v", err)
	}
	if c, err := db.CountHosts(ctx); err != nil || c != (store.HostCounts{Hosts: 3, Failing: 1, Waiting: 1}) {
		t.Errorf("counted %+v (%v)", c, err)
	}
}
