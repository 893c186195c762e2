package federation

import (
	"fmt"
	"testing"

	"seedling/store"
)

func TestReachIsPublished(t *testing.T) {
	w := newWorld(t)
	w.must(w.db.SetReach(t.Context(), w.alice.ID, store.Reach{FeaturedTags: []string{"Ferns"}, AttributionDomains: []string{"blog.example"}}))
	doc := w.get(w.alice.URI, "Accept", ap).json(t)
	if got := fmt.Sprint(doc["attributionDomains"]); got != "[blog.example]" {
		t.Errorf("attributionDomains %s", got)
	}
	tags := w.get(doc["featuredTags"].(string), "Accept", ap).json(t)
	want := "[map[href:" + base + "/tags/ferns name:#Ferns type:Hashtag]]"
	if got := fmt.Sprint(tags["orderedItems"]); got != want {
		t.Errorf("featured tags %s, want %s", got, want)
	}
}

// What each of the three switches leaves of a member's lists.
func TestHiddenListsAndNumbers(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		network, counts bool
		total           any
		pages           int
	}{{false, false, 1.0, 200}, {true, false, 1.0, 404}, {false, true, nil, 200}, {true, true, nil, 404}} {
		w.must(w.db.ChangePrivacy(t.Context(), w.alice.ID, store.PrivacyChange{HidesNetwork: &c.network, HidesCounts: &c.counts}))
		for _, uri := range []string{w.alice.FollowersURI, w.alice.FollowingURI} {
			front := w.get(uri, "Accept", ap).json(t)
			if front["id"] != uri || front["totalItems"] != c.total || (front["first"] != nil) != (c.pages == 200) || front["orderedItems"] != nil {
				t.Errorf("%+v: %s says %v", c, uri, front)
			}
			if r := w.get(uri+"?page=true", "Accept", ap); r.StatusCode != c.pages {
				t.Errorf("%+v: a page of %s: %d", c, uri, r.StatusCode)
			}
		}
	}
}

// Who hides their posts from visitors is read by who signs alone.
func TestHiddenPostsAreForWhoSigns(t *testing.T) {
	w := newWorld(t)
	w.must(w.db.ChangePrivacy(t.Context(), w.alice.ID, store.PrivacyChange{HidesPosts: new(true)}))
	if front := w.get(w.alice.OutboxURI, "Accept", ap).json(t); front["first"] != nil {
		t.Errorf("a visitor is shown the way to the posts: %v", front)
	}
	if r := w.get(w.alice.OutboxURI+"?page=true", "Accept", ap); r.StatusCode != 404 {
		t.Errorf("a page without a signature: %d, want 404", r.StatusCode)
	}
}
