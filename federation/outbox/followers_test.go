package outbox

import (
	"testing"

	"seedling/federation/fedtest"
	"seedling/federation/followersync"
	"seedling/store"
	"seedling/store/storetest"
)

func TestFollowersAreComparedWhereOnlyTheyRead(t *testing.T) {
	w := newWorld(t)
	far := w.net.Server("far.example")
	other := w.net.Server("other.example")
	bob, dora := w.follower(t, "bob@far.example"), w.follower(t, "dora@far.example")
	w.follower(t, "carol@other.example")
	start(t, newTestRunner(t, w.db, w.net, nil))
	open := w.post(t, "for all")
	closed := storetest.Post(t, w.db, w.alice, "for followers", store.Followers)
	headerOf := func(s *fedtest.Server, p *store.Post) string {
		return s.Await(t, creating(p)).Header.Get(followersync.Name)
	}
	if got := headerOf(far, open); got != "" {
		t.Errorf("a public post says %q about followers", got)
	}
	for server, uris := range map[*fedtest.Server][]string{far: {bob.URI, dora.URI}, other: {"https://other.example/users/carol"}} {
		want := followersync.Header{CollectionID: w.alice.FollowersURI, URL: w.alice.FollowersURI + "_synchronization", Digest: followersync.Digest(uris)}
		if got := headerOf(server, closed); got != want.String() {
			t.Errorf("%s got %q, want %q", server.Host(), got, want)
		}
	}
}
