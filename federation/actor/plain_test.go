package actor_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"seedling/federation/actor"
	"seedling/federation/fetch"
	"seedling/store"
	"seedling/store/storetest"
)

// A server on plain http takes the no of another as an answer: to ask it over
// https too would fail, and it would be left alone for a while.
func TestANoOverPlainHTTPIsAnAnswer(t *testing.T) {
	var asked atomic.Int32
	there := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		http.NotFound(w, r)
	}))
	defer there.Close()
	client, err := fetch.New(fetch.Config{UserAgent: "test", PlainHTTP: true, DialOnly: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	if err != nil {
		t.Fatal(err)
	}
	db := storetest.Open(t, store.Config{URL: "http://here.example"})
	r, err := actor.New(actor.Config{DB: db, Client: client})
	if err != nil {
		t.Fatal(err)
	}
	host := strings.TrimPrefix(there.URL, "http://")
	for _, name := range []string{"nobody", "noone"} {
		_, err := r.Lookup(t.Context(), "@"+name+"@"+host)
		var none *actor.NoSuchHandle
		if !errors.As(err, &none) {
			t.Errorf("@%s: got %v, want that nobody has this handle", name, err)
		}
	}
	if asked.Load() != 2 {
		t.Errorf("asked %d times, want twice", asked.Load())
	}
}
