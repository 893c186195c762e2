package inbox_test

import (
	"crypto/ed25519"
	"encoding/json"
	"maps"
	"net/http"
	"testing"
	"time"

	"seedling/federation/fedtest"
	"seedling/federation/httpsig"
	"seedling/federation/proof"
	"seedling/federation/vocab"
	"seedling/store"
	"seedling/store/storetest"
)

// proven signs an activity as its author does, before others pass it on.
func (w *world) proven(key httpsig.Key, at time.Time, activity map[string]any) []byte {
	w.Helper()
	body, err := json.Marshal(activity)
	w.must(err)
	signed, err := proof.Sign(body, key.ID, key.Private.(ed25519.PrivateKey), at)
	w.must(err)
	return signed
}

// TestEd25519SignsRequests in both schemes, under the key's own id.
func TestEd25519SignsRequests(t *testing.T) {
	w := newWorld(t)
	key := w.bob.GiveAssertionKey(t)
	for name, sign := range map[string]func(*http.Request, []byte, httpsig.Key, time.Time) error{"cavage": httpsig.SignCavage, "rfc9421": httpsig.SignRFC9421} {
		w.bob.Sign = func(r *http.Request, body []byte, _ httpsig.Key, now time.Time) error { return sign(r, body, key, now) }
		id := "https://far.example/notes/" + name
		w.send(w.bob, w.bob.Activity("Create", note(w.bob, id, "x")), 202)
		w.post(id)
	}
}

// TestNobodySignsWithTheAssertionKeyOfAnother: what bob's document calls his
// must be of his server and controlled by him, and signs for nobody else.
func TestNobodySignsWithTheAssertionKeyOfAnother(t *testing.T) {
	w := newWorld(t)
	key := w.eve.GiveAssertionKey(t)
	w.bob.Change(map[string]any{"assertionMethod": w.eve.Document()["assertionMethod"]}) // controller: eve
	w.bob.Sign = func(r *http.Request, body []byte, _ httpsig.Key, now time.Time) error {
		return httpsig.SignCavage(r, body, key, now)
	}
	w.send(w.bob, w.bob.Activity("Create", note(w.bob, "https://far.example/notes/1", "x")), 401)
	third := w.net.Server("third.example").Actor("carol")
	foreign := third.GiveAssertionKey(t)
	w.bob.Change(map[string]any{"assertionMethod": []any{map[string]any{"id": foreign.ID, "type": "Multikey", "controller": w.bob.ID,
		"publicKeyMultibase": httpsig.EncodeMultikey(foreign.Private.Public().(ed25519.PublicKey))}}})
	w.bob.Sign = func(r *http.Request, body []byte, _ httpsig.Key, now time.Time) error {
		return httpsig.SignCavage(r, body, foreign, now)
	}
	w.send(w.bob, w.bob.Activity("Create", note(w.bob, "https://far.example/notes/1", "x")), 401)
	w.missing("https://far.example/notes/1")
}

// TestProofIsBelievedWhoeverDelivers: carol signed it, bob's server passes it on.
func TestProofIsBelievedWhoeverDelivers(t *testing.T) {
	w := newWorld(t)
	carol := w.net.Server("third.example").Actor("carol")
	key := carol.GiveAssertionKey(t)
	id := "https://third.example/notes/1"
	w.send(w.bob, w.proven(key, time.Now(), carol.Activity("Create", note(carol, id, "<p>signed</p>"))), 202)
	if got := w.post(id).HTML.String(); got != "<p>signed</p>" {
		t.Errorf("stored %q", got)
	}
	later := map[string]any{"updated": time.Now().Add(time.Minute).UTC().Format(time.RFC3339)}
	w.send(w.bob, w.proven(key, time.Now(), carol.Activity("Update", note(carol, id, "<p>again</p>", later))), 202)
	if got := w.post(id).HTML.String(); got != "<p>again</p>" {
		t.Errorf("after the update %q", got)
	}
	w.send(w.bob, w.proven(key, time.Now(), carol.Activity("Delete", id)), 202)
	w.missing(id)
	// A captured copy of the first changes nothing: the post is gone.
	w.send(w.bob, w.proven(key, time.Now(), carol.Activity("Create", note(carol, id, "<p>signed</p>"))), 202)
	w.missing(id)
}

// TestUndoneStaysUndone: a copy of what was taken back, which anybody may have
// kept, does not bring it back. The actor may do it anew.
func TestUndoneStaysUndone(t *testing.T) {
	w := newWorld(t)
	carol := w.net.Server("third.example").Actor("carol")
	key := carol.GiveAssertionKey(t)
	p := storetest.Post(t, w.db, w.alice, "hello", store.Public)
	counts := func(want int) {
		t.Helper()
		v, err := w.db.PostVisibleTo(ctx, p.ID, store.Viewer{})
		w.must(err)
		if got := v.FavouritesCount + v.BoostsCount + len(v.Reactions); got != want {
			t.Errorf("got %d favourites, boosts and reactions, want %d", got, want)
		}
	}
	for _, act := range []map[string]any{carol.Activity("Like", p.URI), carol.Activity("EmojiReact", p.URI, map[string]any{"content": "🌱"}),
		carol.Activity("Announce", p.URI, map[string]any{"to": []any{vocab.Public}})} {
		copied := w.proven(key, time.Now(), act)
		w.send(w.bob, copied, 202)
		counts(1)
		w.send(carol, carol.Activity("Undo", act), 202)
		counts(0)
		w.send(w.bob, copied, 202)
		counts(0)
		again := maps.Clone(act)
		again["id"] = act["id"].(string) + "/again"
		w.send(w.bob, w.proven(key, time.Now(), again), 202)
		counts(1)
		w.send(w.bob, w.proven(key, time.Now(), carol.Activity("Undo", again["id"])), 202)
		counts(0)
		w.send(w.bob, w.proven(key, time.Now(), again), 202)
		counts(0)
		late := maps.Clone(act) // its copy comes after it was undone
		late["id"] = act["id"].(string) + "/late"
		w.send(carol, carol.Activity("Undo", late), 202)
		w.send(w.bob, w.proven(key, time.Now(), late), 202)
		counts(0)
	}
}

// TestProofsWithoutAuthority are like none: the activity is refused, since
// neither who delivers it nor who proves it is its actor.
func TestProofsWithoutAuthority(t *testing.T) {
	w := newWorld(t)
	carol := w.net.Server("third.example").Actor("carol")
	key, eve := carol.GiveAssertionKey(t), w.eve.GiveAssertionKey(t)
	id := "https://third.example/notes/1"
	create := func() map[string]any { return carol.Activity("Create", note(carol, id, "x")) }
	changed := map[string]any{}
	w.must(json.Unmarshal(w.proven(key, time.Now(), create()), &changed))
	changed["object"].(map[string]any)["content"] = "forged"
	bytesOf := func(v any) []byte { b, err := json.Marshal(v); w.must(err); return b }
	for name, body := range map[string][]byte{
		"changed on the way": bytesOf(changed),
		"by eve":             w.proven(eve, time.Now(), create()),
		"by eve as carol":    w.proven(httpsig.Key{ID: key.ID, Private: eve.Private}, time.Now(), create()),
		"with no such key":   w.proven(httpsig.Key{ID: carol.ID + "#other", Private: key.Private}, time.Now(), create()),
		"with the RSA key":   w.proven(httpsig.Key{ID: carol.KeyID, Private: key.Private}, time.Now(), create()),
		"a week old":         w.proven(key, time.Now().AddDate(0, 0, -7), create()),
		"by our own key":     w.proven(httpsig.Key{ID: w.alice.URI + "#ed25519-key", Private: key.Private}, time.Now(), create()),
		"of a follow":        w.proven(key, time.Now(), carol.Activity("Follow", w.alice.URI)),
	} {
		t.Run(name, func(t *testing.T) {
			w := *w
			w.T = t
			w.send(w.bob, body, 401)
			w.missing(id)
		})
	}
	if page, err := w.db.FollowersOf(ctx, w.alice.ID, store.Cursor{}); err != nil || len(page.Accounts) > 0 {
		t.Errorf("alice is followed by %v, %v", page, err)
	}
}

// TestBadProofDoesNotHarm an activity that its own actor delivers.
func TestBadProofDoesNotHarm(t *testing.T) {
	w := newWorld(t)
	for i, bad := range []any{"nonsense", 7, map[string]any{"type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "proofValue": "z1"}, []any{}} {
		id := "https://far.example/notes/" + string(rune('a'+i))
		w.send(w.bob, w.bob.Activity("Create", note(w.bob, id, "x"), map[string]any{"proof": bad}), 202)
		w.post(id)
	}
}

// TestForwardedDeleteIsChecked: of a Delete with an LD signature only that
// there is something to ask about is believed.
func TestForwardedDeleteIsChecked(t *testing.T) {
	w := newWorld(t)
	third := w.net.Server("third.example")
	carol := third.Actor("carol")
	signature := map[string]any{"signature": map[string]any{"type": "RsaSignature2017", "signatureValue": "bm8="}}
	for name, c := range map[string]struct {
		path  string
		serve func(path, id string)
		gone  bool
	}{
		"gone":      {"/notes/1", func(path, id string) {}, true},
		"tombstone": {"/notes/2", func(path, id string) { third.Handle(path, map[string]any{"id": id, "type": "Tombstone"}) }, true},
		"still there": {"/notes/3", func(path, id string) {
			third.Handle(path, note(carol, id, "x"))
		}, false},
		"not now": {"/notes/4", func(path, id string) {
			third.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := *w
			w.T = t
			id := "https://third.example" + c.path
			w.send(carol, carol.Activity("Create", note(carol, id, "x")), 202)
			c.serve(c.path, id)
			w.send(w.bob, carol.Activity("Delete", id), 401) // without LD signature: forged
			w.send(w.bob, carol.Activity("Delete", id, signature), 202)
			w.post(id) // nothing happens before its server was asked
			jobs, err := w.db.ClaimJobs(ctx, 10, time.Minute)
			w.must(err)
			for _, job := range jobs {
				if job.Kind == store.JobGone {
					_ = w.inbox.RunGone(ctx, job.Payload)
				}
			}
			if c.gone {
				w.missing(id)
			} else {
				w.post(id)
			}
		})
	}
	w.send(w.bob, carol.Activity("Delete", "https://third.example/notes/unknown", signature), 202)
	private := storetest.Receive(t, w.db, w.account(carol), "https://third.example/notes/5", "x", func(p *store.RemotePost) { p.Visibility = store.Followers })
	w.send(w.bob, carol.Activity("Delete", private.URI, signature), 401)
}

func (w *world) account(a *fedtest.Actor) *store.Account {
	w.Helper()
	account, err := w.db.AccountByURI(ctx, a.ID)
	w.must(err)
	return account
}
