package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

// bench is where reports are looked at: mo moderates, alice and bob are members.
type bench struct {
	db                    *store.DB
	mo, alice, bob, stray *store.Account
	now                   time.Time
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{now: time.Now()}
	b.db = storetest.Open(t, store.Config{URL: storetest.URL, Now: func() time.Time { return b.now }})
	b.mo, b.alice, b.bob = storetest.Member(t, b.db, "mo"), storetest.Member(t, b.db, "alice"), storetest.Member(t, b.db, "bob")
	must(t, b.db.SetRole(t.Context(), store.Staff{}, b.mo.ID, store.Moderator))
	b.stray = storetest.Remote(t, b.db, "stray@there.example")
	return b
}

func (b *bench) open(t *testing.T) []*store.Report {
	t.Helper()
	page, err := b.db.Reports(t.Context(), true, 0, store.Cursor{})
	must(t, err)
	return page.Reports
}

func TestReportKeepsWhatWasSaid(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	p := storetest.Post(t, b.db, b.bob, "buy my seeds", store.Public)
	n := store.NewReport{ReporterID: b.alice.ID, AccountID: b.bob.ID, PostIDs: []int64{p.ID}, Category: store.ReportSpam, Comment: " every day ", Token: "t1"}
	id, err := b.db.CreateReport(ctx, n)
	must(t, err)
	if again, err := b.db.CreateReport(ctx, n); err != nil || again != id {
		t.Errorf("the same form again made report %d (%v), want %d", again, err, id)
	}
	must(t, b.db.DeletePost(ctx, b.bob.ID, p.ID))
	r, err := b.db.Report(ctx, id)
	must(t, err)
	if r.Account.ID != b.bob.ID || r.Reporter.ID != b.alice.ID || r.Category != store.ReportSpam || r.Comment != "every day" || !r.Open() {
		t.Errorf("report %+v", r)
	}
	if len(r.Posts) != 1 || r.Posts[0].Text != "buy my seeds" || !r.Posts[0].Gone {
		t.Errorf("posts %+v, want the deleted one with its words", r.Posts)
	}
	page, err := b.db.Notifications(ctx, b.mo.ID, nil, store.Cursor{})
	must(t, err)
	if len(page.Notifications) != 1 || page.Notifications[0].Kind != store.NotifyReport {
		t.Errorf("the moderator is told %+v, want of one report", page.Notifications)
	}
}

func TestReportsThatAreRefused(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	alices := storetest.Post(t, b.db, b.alice, "mine", store.Public)
	secret := storetest.Post(t, b.db, b.bob, "psst", store.Direct)
	for name, c := range map[string]struct {
		n    store.NewReport
		want error
	}{
		"oneself":           {store.NewReport{AccountID: b.alice.ID}, store.ErrForbidden},
		"nobody":            {store.NewReport{AccountID: 99}, store.ErrNotFound},
		"a post of another": {store.NewReport{AccountID: b.bob.ID, PostIDs: []int64{alices.ID}}, store.ErrNotFound},
		"a post unseen":     {store.NewReport{AccountID: b.bob.ID, PostIDs: []int64{secret.ID}}, store.ErrNotFound},
		"no rule":           {store.NewReport{AccountID: b.bob.ID, Category: store.ReportRule, Rules: []int{7}}, &store.ReportError{}},
		"too many posts":    {store.NewReport{AccountID: b.bob.ID, PostIDs: make([]int64, 21)}, &store.ReportError{}},
	} {
		c.n.ReporterID = b.alice.ID
		_, err := b.db.CreateReport(ctx, c.n)
		var refused *store.ReportError
		if errors.As(c.want, &refused) {
			if !errors.As(err, &refused) {
				t.Errorf("%s: %v, want a *ReportError", name, err)
			}
		} else if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if list := b.open(t); len(list) != 0 {
		t.Errorf("%d reports are stored, want none", len(list))
	}
}

func TestForwardedReportNamesNoMember(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	open := storetest.Receive(t, b.db, b.stray, "https://there.example/1", "<p>spam</p>")
	direct := storetest.Receive(t, b.db, b.stray, "https://there.example/2", "<p>psst</p>", func(r *store.RemotePost) {
		r.Visibility, r.Mentions = store.Direct, []int64{b.alice.ID}
	})
	_, err := b.db.CreateReport(ctx, store.NewReport{ReporterID: b.alice.ID, AccountID: b.stray.ID, PostIDs: []int64{open.ID, direct.ID}, Comment: "look", Forward: true})
	must(t, err)
	items, err := b.db.Outbox(ctx, 10)
	must(t, err)
	actor, err := b.db.InstanceActor(ctx)
	must(t, err)
	if len(items) != 1 || items[0].Kind != store.OutboxFlag || items[0].AccountID != actor.ID {
		t.Fatalf("outbox %+v, want one flag by the instance actor", items)
	}
	if got := items[0].Reported; len(got) != 1 || got[0] != open.URI {
		t.Errorf("it names %q, want the public post alone: the other says who reports", got)
	}
}

func TestReportsFromElsewhereAreBounded(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	p := storetest.Post(t, b.db, b.bob, "hello", store.Public)
	hidden := storetest.Post(t, b.db, b.bob, "not theirs", store.Direct)
	r := store.RemoteReport{URI: "https://there.example/flags/1", Host: "there.example", FromID: b.stray.ID, AccountID: b.bob.ID, PostURIs: []string{p.URI, hidden.URI}, Comment: "rude"}
	must(t, b.db.ReceiveReport(ctx, r))
	must(t, b.db.ReceiveReport(ctx, r))
	list := b.open(t)
	if len(list) != 1 || list[0].Host != "there.example" || list[0].Reporter != nil {
		t.Fatalf("reports %+v, want one by the server", list)
	}
	full, err := b.db.Report(ctx, list[0].ID)
	must(t, err)
	if len(full.Posts) != 1 || full.Posts[0].PostID != p.ID {
		t.Errorf("posts %+v, want only the one that the server can know", full.Posts)
	}
	var much *store.ReportError
	for i := range 60 {
		r.URI, r.Comment = fmt.Sprint("https://there.example/flags/", i+2), fmt.Sprint("again ", i)
		if err = b.db.ReceiveReport(ctx, r); err != nil {
			break
		}
	}
	if !errors.As(err, &much) || much.Problem != store.ReportTooMany {
		t.Errorf("a flood ends with %v, want ReportTooMany", err)
	}
	b.now = b.now.Add(25 * time.Hour)
	must(t, b.db.ReceiveReport(ctx, r))
}

func TestReportIsWorkedOff(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	id, err := b.db.CreateReport(ctx, store.NewReport{ReporterID: b.alice.ID, AccountID: b.bob.ID, Comment: "rude"})
	must(t, err)
	must(t, b.db.AssignReport(ctx, id, b.mo.ID))
	must(t, b.db.AddReportNote(ctx, b.mo.ID, id, " asked him "))
	must(t, b.db.ResolveReport(ctx, b.mo.ID, id))
	must(t, b.db.ResolveReport(ctx, b.alice.ID, id))
	r, err := b.db.Report(ctx, id)
	must(t, err)
	if r.Open() || r.Resolved.ID != b.mo.ID || r.Assigned.ID != b.mo.ID || len(r.Notes) != 1 || r.Notes[0].Text != "asked him" || r.Notes[0].Author.ID != b.mo.ID {
		t.Errorf("report %+v, want it resolved by the first, with a note", r)
	}
	if n, err := b.db.CountOpenReports(ctx); n != 0 || err != nil {
		t.Errorf("%d are open (%v), want none", n, err)
	}
	must(t, b.db.ReopenReport(ctx, id))
	if list := b.open(t); len(list) != 1 || list[0].Resolved != nil {
		t.Errorf("after reopening %+v", list)
	}
	if err := b.db.ResolveReport(ctx, b.mo.ID, 5); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an unknown report: %v, want ErrNotFound", err)
	}
}
