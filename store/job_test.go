package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

// claimOne takes the one job that is due.
func claimOne(t *testing.T, db *store.DB) *store.Job {
	t.Helper()
	jobs, err := db.ClaimJobs(t.Context(), 10, time.Minute)
	must(t, err)
	if len(jobs) != 1 {
		t.Fatalf("%d jobs are due, want one", len(jobs))
	}
	return jobs[0]
}

// What a running job has read may be older than what it is asked for now: it
// runs once more, with the newer payload, however the run ends.
func TestJobAskedForWhileItRunsRunsOnceMore(t *testing.T) {
	for name, end := range map[string]func(*store.DB, *store.Job) error{
		"done":   func(db *store.DB, j *store.Job) error { return db.FinishJob(t.Context(), j.ID) },
		"failed": func(db *store.DB, j *store.Job) error { return db.FailJob(t.Context(), j.ID, "no") },
		"to be tried again": func(db *store.DB, j *store.Job) error {
			return db.RetryJob(t.Context(), j, "not yet", 0)
		},
	} {
		t.Run(name, func(t *testing.T) {
			db := storetest.New(t)
			add := func(payload string) {
				must(t, db.AddJob(t.Context(), store.NewJob{Kind: store.JobRefresh, Key: "1", Payload: payload}))
			}
			add("first")
			j := claimOne(t, db)
			add("second")
			if jobs, err := db.ClaimJobs(t.Context(), 10, time.Minute); err != nil || len(jobs) != 0 {
				t.Fatalf("while it runs %d are due (%v), want none", len(jobs), err)
			}
			must(t, end(db, j))
			j = claimOne(t, db)
			if j.Payload != "second" {
				t.Errorf("it runs with %q, want the newer payload", j.Payload)
			}
			must(t, db.FinishJob(t.Context(), j.ID))
			if jobs, err := db.ClaimJobs(t.Context(), 10, time.Minute); err != nil || len(jobs) != 0 {
				t.Errorf("after that %d are due (%v), want none", len(jobs), err)
			}
		})
	}
}

// A job that had failed starts anew at once when it is added again, and does not
// wait for the end of the lease in which it failed.
func TestFailedJobStartsAnew(t *testing.T) {
	db := storetest.New(t)
	for range 3 {
		if err := db.AddJob(t.Context(), store.NewJob{Kind: store.JobMove, Key: "1", Payload: "x"}); err != nil {
			t.Fatal(err)
		}
		jobs, err := db.ClaimJobs(t.Context(), 10, time.Hour)
		if err != nil || len(jobs) != 1 || jobs[0].Attempts != 1 {
			t.Fatalf("claimed %v, %v; want the job in its first attempt", jobs, err)
		}
		if err := db.FailJob(t.Context(), jobs[0].ID, "no"); err != nil {
			t.Fatal(err)
		}
		if reason, err := db.JobOutcome(t.Context(), store.JobMove, "1"); reason != "no" || err != nil {
			t.Fatalf("outcome %q, %v; want the reason", reason, err)
		}
	}
}

func TestFailedJobsAreKeptForAdmins(t *testing.T) {
	c := &clock{time.Now()}
	db, ctx := storetest.Open(t, store.Config{URL: storetest.URL, Now: c.now}), context.Background()
	for _, key := range []string{"1", "2", "3"} {
		must(t, db.AddJob(ctx, store.NewJob{Kind: store.JobReplies, Key: key, Payload: key}))
	}
	jobs, err := db.ClaimJobs(ctx, 2, time.Minute)
	must(t, err)
	for _, j := range jobs {
		must(t, db.FailJob(ctx, j.ID, "gone for good"))
	}
	failed, err := db.FailedJobs(ctx, 0, 10)
	if err != nil || len(failed) != 2 || failed[0].Reason != "gone for good" {
		t.Fatalf("failed: %v (%v), want two", failed, err)
	}
	if older, err := db.FailedJobs(ctx, failed[0].ID, 10); err != nil || len(older) != 1 || older[0].ID != failed[1].ID {
		t.Errorf("before the first: %v (%v)", older, err)
	}
	if k, err := db.CountJobs(ctx); err != nil || len(k) != 1 || *k[0] != (store.JobCount{Kind: store.JobReplies, Due: 1, Failed: 2}) {
		t.Errorf("counted %+v (%v)", k, err)
	}
	must(t, db.RestartJob(ctx, failed[0].ID))
	must(t, db.DeleteFailedJob(ctx, failed[1].ID))
	for _, act := range []func(context.Context, int64) error{db.RestartJob, db.DeleteFailedJob} {
		if err := act(ctx, failed[0].ID); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a job that has not failed is changed: %v", err)
		}
	}
	jobs, err = db.ClaimJobs(ctx, 10, time.Minute)
	must(t, err)
	if len(jobs) != 2 {
		t.Errorf("%d jobs are due, want the one left and the one that was restarted", len(jobs))
	}
	must(t, db.FailJob(ctx, jobs[0].ID, "again"))
	c.at = c.at.Add(31 * 24 * time.Hour)
	must(t, db.PruneDeliveries(ctx))
	if failed, _ := db.FailedJobs(ctx, 0, 10); len(failed) != 0 {
		t.Errorf("after a month still there: %v", failed)
	}
}
