package federation

import (
	"fmt"
	"testing"

	"seedling/store/storetest"
)

func TestFollowersSynchronizationShowsEachServerItsOwn(t *testing.T) {
	w := newWorld(t)
	address := w.alice.FollowersURI + "_synchronization"
	for name, handle := range map[string]string{"far": "carol@far.example", "lookalike": "eve@there.example.evil.example"} {
		a := storetest.Remote(t, w.db, handle)
		w.must(w.db.ReceiveFollow(t.Context(), a.ID, w.alice.ID, a.URI+"/f"))
		w.signers[name] = a
	}
	w.signers["idle"] = storetest.Remote(t, w.db, "idle@nowhere.example")
	for signer, want := range map[string]string{
		"bob": "[https://there.example/users/bob]", "far": "[https://far.example/users/carol]",
		"lookalike": "[https://there.example.evil.example/users/eve]", "idle": "[]",
	} {
		r := w.get(address, "Accept", ap, "Signature", signer)
		if got := fmt.Sprint(r.json(t)["orderedItems"]); r.StatusCode != 200 || got != want {
			t.Errorf("%s: %d %s, want %s", signer, r.StatusCode, got, want)
		}
		if got := r.Header.Get("Cache-Control"); got != cacheNever {
			t.Errorf("%s: Cache-Control %q", signer, got)
		}
	}
	w.signers["alice"] = w.alice
	for _, signer := range []string{"", "bad", "alice"} {
		if r := w.get(address, "Accept", ap, "Signature", signer); r.StatusCode != 401 {
			t.Errorf("signed by %q: %d, want 401", signer, r.StatusCode)
		}
	}
}
