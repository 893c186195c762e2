package store_test

import (
	"errors"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

func TestProofsOfFieldsStayWithTheirAddress(t *testing.T) {
	db, ctx := storetest.New(t), t.Context()
	alice := storetest.Member(t, db, "alice")
	save := func(fields ...store.Field) {
		t.Helper()
		if err := db.UpdateProfile(ctx, alice.ID, store.Profile{Fields: fields}); err != nil {
			t.Fatal(err)
		}
	}
	verified := func() (list []bool) {
		t.Helper()
		a, err := db.Account(ctx, alice.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Fields {
			list = append(list, !f.VerifiedAt.IsZero())
		}
		return list
	}
	mine, other := store.Field{Name: "site", Text: "https://alice.example/"}, store.Field{Name: "two", Text: "https://other.example"}
	save(mine, other, store.Field{Name: "text", Text: "see https://alice.example/"})
	jobs, err := db.ClaimJobs(ctx, 10, 1)
	if err != nil || len(jobs) != 1 || jobs[0].Kind != store.JobProof {
		t.Fatalf("jobs after saving: %v, %v, want one to prove", jobs, err)
	}
	if err := db.SetFieldProofs(ctx, alice.ID, map[string]store.FieldLook{mine.Text: store.FieldLinksBack, other.Text: store.FieldLinksNot}); err != nil {
		t.Fatal(err)
	}
	if got := verified(); !got[0] || got[1] || got[2] {
		t.Errorf("verified: %v, want the first alone", got)
	}
	save(other, mine)
	if got := verified(); got[0] || !got[1] {
		t.Errorf("verified after another order: %v, want the second alone", got)
	}
	save(store.Field{Name: "site", Text: "https://alice.example/new"})
	if got := verified(); got[0] {
		t.Error("another address is still verified")
	}
	save(mine)
	if got := verified(); got[0] {
		t.Error("an address that was away is still verified")
	}
	if err := db.SetFieldProofs(ctx, alice.ID, map[string]store.FieldLook{mine.Text: store.FieldLinksBack}); err != nil {
		t.Fatal(err)
	}
	if err := db.SetFieldProofs(ctx, alice.ID, map[string]store.FieldLook{mine.Text: store.FieldUnreachable}); err != nil || !verified()[0] {
		t.Errorf("after a page could not be read: %v, %v, want it verified still", verified(), err)
	}
	if err := db.SetFieldProofs(ctx, alice.ID, map[string]store.FieldLook{mine.Text: store.FieldUnreadable}); err != nil || verified()[0] {
		t.Errorf("after the link back went: %v, %v, want it not verified", verified(), err)
	}
}

// TestASilentAddressIsLookedAtAgainTheNextDay and not only after the month that
// the others wait.
func TestASilentAddressIsLookedAtAgainTheNextDay(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	db, ctx := storetest.Open(t, store.Config{URL: storetest.URL, Now: func() time.Time { return now }}), t.Context()
	alice := storetest.Member(t, db, "alice")
	const link = "https://alice.example/"
	look := func(found store.FieldLook) {
		t.Helper()
		jobs, err := db.ClaimJobs(ctx, 10, time.Hour)
		if err != nil || len(jobs) != 1 || jobs[0].Kind != store.JobProof {
			t.Fatalf("%v: jobs %v, %v, want one to look", now, jobs, err)
		}
		if err := errors.Join(db.SetFieldProofs(ctx, alice.ID, map[string]store.FieldLook{link: found}), db.FinishJob(ctx, jobs[0].ID)); err != nil {
			t.Fatal(err)
		}
	}
	rests := func(d time.Duration) {
		t.Helper()
		now = now.Add(d - time.Minute)
		if jobs, err := db.ClaimJobs(ctx, 10, time.Hour); err != nil || len(jobs) > 0 {
			t.Fatalf("%v: jobs %v, %v, want none", now, jobs, err)
		}
		now = now.Add(time.Minute)
	}
	if err := db.UpdateProfile(ctx, alice.ID, store.Profile{Fields: []store.Field{{Name: "site", Text: link}}}); err != nil {
		t.Fatal(err)
	}
	day := 24 * time.Hour
	look(store.FieldLinksBack)
	rests(3 * day)
	if err := db.ProveFields(ctx, alice.ID); err != nil { // while the look of the month waits
		t.Fatal(err)
	}
	look(store.FieldUnreachable)
	rests(day)
	look(store.FieldUnreachable)
	rests(day)
	look(store.FieldLinksBack)
	rests(25 * day) // the month from the first look
	look(store.FieldLinksBack)
	rests(30 * day)
	look(store.FieldLinksBack)
}
