package federation

import (
	"slices"
	"testing"

	"seedling/federation/vocab"
	"seedling/store"
	"seedling/store/storetest"
)

// keysAlone checks that an answer is the actor with its key and nothing of its profile.
func (w *world) keysAlone(r reply) {
	w.t.Helper()
	w.wants(r, 200, ap)
	for key := range r.json(w.t) {
		if !slices.Contains([]string{"@context", "id", "type", "preferredUsername", "inbox", "endpoints", "publicKey", "assertionMethod"}, key) {
			w.t.Errorf("%s shows %s to who may not see the profile", r.Request.URL, key)
		}
	}
	v, err := vocab.Parse([]byte(r.body))
	w.must(err)
	if actor, err := v.Actor(); err != nil || actor.PublicKeyPEM == "" || actor.Inbox == "" {
		w.t.Errorf("%s: %v, without key or inbox: %s", r.Request.URL, err, r.body)
	}
	if got := r.Header.Get("Cache-Control"); got != cacheNever {
		w.t.Errorf("%s: Cache-Control %q, want %q", r.Request.URL, got, cacheNever)
	}
}

func TestAuthorisedFetch(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	post := storetest.Post(t, w.db, w.alice, "for those who say who they are", store.Public)
	w.must(w.db.Pin(ctx, w.alice.ID, post.ID))
	gone := storetest.Post(t, w.db, w.alice, "gone", store.Public)
	w.must(w.db.DeletePost(ctx, w.alice.ID, gone.ID))
	eve := w.remote("eve")
	w.must(w.db.Block(ctx, w.alice.ID, eve.ID))
	w.must(w.db.SetSetting(ctx, "authorized_fetch", "true"))

	closed := []string{post.URI, post.URI + "/replies", w.alice.OutboxURI, w.alice.OutboxURI + "?page=true", w.alice.FollowersURI,
		w.alice.FollowersURI + "?page=true", w.alice.FollowingURI, w.alice.FeaturedURI}
	for _, uri := range closed {
		w.wants(w.get(uri, "Accept", ap), 401, "application/json")
		w.wants(w.get(uri, "Accept", ap, "Signature", "bad"), 401, "application/json")
		w.wants(w.get(uri, "Accept", ap, "Signature", "eve"), 404, "application/json")
		r := w.get(uri, "Accept", ap, "Signature", "bob")
		w.wants(r, 200, ap)
		if got := r.Header.Get("Cache-Control"); got != cacheNever {
			t.Errorf("%s: Cache-Control %q, want %q", uri, got, cacheNever)
		}
	}
	w.wants(w.get(gone.URI, "Accept", ap), 401, "application/json")
	w.wants(w.get(gone.URI, "Accept", ap, "Signature", "bob"), 410, ap)
	w.keysAlone(w.get(w.alice.URI, "Accept", ap))
	w.keysAlone(w.get(w.alice.URI, "Accept", ap, "Signature", "bad"))
	w.keysAlone(w.get(w.alice.URI, "Accept", ap, "Signature", "eve"))
	if m := w.get(w.alice.URI, "Accept", ap, "Signature", "bob").json(t); m["featured"] == nil {
		t.Errorf("a reader who signs gets %v, want the whole profile", m)
	}
	instance, err := w.db.InstanceActor(ctx)
	w.must(err)
	w.wants(w.get(instance.URI, "Accept", ap), 200, ap)
	w.wants(w.get("/.well-known/webfinger?resource=acct:alice@here.example"), 200, "application/jrd+json")
	if r := w.get("/nodeinfo/2.1"); r.StatusCode != 200 {
		t.Errorf("NodeInfo answers %d", r.StatusCode)
	}
}

// Whom an author blocked reads nothing under their own name, also where others
// need not say who they are.
func TestBlockedReadersGetNothing(t *testing.T) {
	w := newWorld(t)
	post := storetest.Post(t, w.db, w.alice, "hello", store.Public)
	eve := w.remote("eve")
	w.must(w.db.Block(t.Context(), w.alice.ID, eve.ID))
	for _, uri := range []string{post.URI, w.alice.OutboxURI, w.alice.FollowersURI, w.alice.FollowingURI, w.alice.FeaturedURI} {
		w.wants(w.get(uri, "Accept", ap, "Signature", "eve"), 404, "application/json")
		w.wants(w.get(uri, "Accept", ap), 200, ap)
	}
	w.keysAlone(w.get(w.alice.URI, "Accept", ap, "Signature", "eve"))
	w.wants(w.get(w.alice.URI, "Accept", ap), 200, ap)
}
