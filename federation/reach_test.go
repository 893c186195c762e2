package federation

import (
	"fmt"
	"testing"

	"seedling/store"
)

func TestReachIsPublished(t *testing.T) {
	w := newWorld(t)
	for _, uri := range []string{w.alice.FollowersURI, w.alice.FollowingURI} {
		if front := w.get(uri, "Accept", ap).json(t); front["totalItems"] != 1.0 || front["first"] == nil {
			t.Errorf("%s before: %v", uri, front)
		}
	}
	w.must(w.db.SetReach(t.Context(), w.alice.ID, store.Reach{FeaturedTags: []string{"Ferns"}, AttributionDomains: []string{"blog.example"}, HidesNetwork: true}))
	doc := w.get(w.alice.URI, "Accept", ap).json(t)
	if got := fmt.Sprint(doc["attributionDomains"]); got != "[blog.example]" {
		t.Errorf("attributionDomains %s", got)
	}
	tags := w.get(doc["featuredTags"].(string), "Accept", ap).json(t)
	want := "[map[href:" + base + "/tags/ferns name:#Ferns type:Hashtag]]"
	if got := fmt.Sprint(tags["orderedItems"]); got != want {
		t.Errorf("featured tags %s, want %s", got, want)
	}
	for _, uri := range []string{w.alice.FollowersURI, w.alice.FollowingURI} {
		front := w.get(uri, "Accept", ap).json(t)
		if front["id"] != uri || front["totalItems"] != nil || front["first"] != nil || front["orderedItems"] != nil {
			t.Errorf("hidden, %s says %v", uri, front)
		}
		if r := w.get(uri+"?page=true", "Accept", ap); r.StatusCode != 404 {
			t.Errorf("a page of %s: %d, want 404", uri, r.StatusCode)
		}
	}
}
