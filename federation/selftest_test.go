package federation_test

import (
	"testing"

	"seedling/federation"
	"seedling/store"
	"seedling/store/storetest"
)

// TestSelfTest passes for a server as it is founded, also one whose handles are
// at another domain, and tells what does not fit together.
func TestSelfTest(t *testing.T) {
	for name, c := range map[string]store.Config{"one domain": {URL: storetest.URL}, "two domains": {URL: "https://social.here.example", AccountDomain: "here.example"}} {
		db := storetest.Open(t, c)
		d, err := federation.New(federation.Config{DB: db})
		if err != nil {
			t.Fatal(err)
		}
		alice, bob := storetest.Member(t, db, "alice"), storetest.Member(t, db, "bob")
		checks := d.SelfTest(t.Context(), alice)
		if len(checks) != 4 {
			t.Errorf("%s: got %d checks, want 4", name, len(checks))
		}
		for _, check := range checks {
			if check.Err != nil {
				t.Errorf("%s: %s: %v", name, check.Kind, check.Err)
			}
		}
		mixed := *alice
		mixed.ID, mixed.URI = bob.ID, bob.URI // alice's name leads to alice, whose key is not bob's
		got := d.SelfTest(t.Context(), &mixed)
		if got[0].Err == nil || got[1].Err != nil {
			t.Errorf("%s: a handle that leads elsewhere: got %v", name, got)
		}
		gone := *alice
		gone.Username, gone.URI = "nobody", db.URL()+"/ap/actors/1"
		for _, check := range d.SelfTest(t.Context(), &gone)[:3] {
			if check.Err == nil {
				t.Errorf("%s: %s passes for nobody", name, check.Kind)
			}
		}
	}
}
