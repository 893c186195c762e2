package inbox_test

import (
	"testing"
	"time"

	"seedling/store"
)

func TestFeaturedTagsAreReadAgain(t *testing.T) {
	w := newWorld(t)
	w.bob.Change(map[string]any{"featured": w.bob.ID + "/featured", "featuredTags": w.bob.ID + "/tags"})
	tag := map[string]any{"type": "Hashtag", "name": "#ferns", "href": "https://far.example/tags/ferns"}
	for _, target := range []string{"/featured", "/tags"} {
		for _, kind := range []string{"Add", "Remove"} {
			w.send(w.bob, w.bob.Activity(kind, tag, map[string]any{"target": w.bob.ID + target}), 202)
			jobs, err := w.db.ClaimJobs(ctx, 10, time.Minute)
			w.must(err)
			found := false
			for _, j := range jobs {
				found = found || j.Kind == store.JobOutbox
				w.must(w.db.FinishJob(ctx, j.ID))
			}
			if !found {
				t.Errorf("%s to %s: nothing is read again", kind, target)
			}
		}
	}
	w.send(w.eve, w.eve.Activity("Add", tag, map[string]any{"target": w.bob.ID + "/tags"}), 202) // means nothing
	jobs, err := w.db.ClaimJobs(ctx, 10, time.Minute)
	w.must(err)
	for _, j := range jobs {
		if j.Kind == store.JobOutbox {
			t.Error("somebody else's word has the tags of bob read again")
		}
	}
}
