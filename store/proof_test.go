package store_test

import (
	"testing"

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
	if err := db.SetFieldProofs(ctx, alice.ID, map[string]bool{mine.Text: true, other.Text: false}); err != nil {
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
	if err := db.SetFieldProofs(ctx, alice.ID, map[string]bool{mine.Text: true}); err != nil {
		t.Fatal(err)
	}
	if err := db.SetFieldProofs(ctx, alice.ID, nil); err != nil || !verified()[0] {
		t.Errorf("after a page could not be read: %v, %v, want it verified still", verified(), err)
	}
	if err := db.SetFieldProofs(ctx, alice.ID, map[string]bool{mine.Text: false}); err != nil || verified()[0] {
		t.Errorf("after the link back went: %v, %v, want it not verified", verified(), err)
	}
}
