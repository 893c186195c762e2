package actor_test

import (
	"encoding/json"
	"testing"
	"time"

	"seedling/federation/actor"
	"seedling/federation/fedtest"
	"seedling/federation/fetch"
	"seedling/store/storetest"
)

func TestReadInstance(t *testing.T) {
	network := fedtest.NewNetwork(t)
	client, err := fetch.New(fetch.Config{UserAgent: "test", Dial: network.Dial, RootCAs: network.RootCAs(), Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	db := storetest.New(t)
	r, err := actor.New(actor.Config{DB: db, Client: client})
	if err != nil {
		t.Fatal(err)
	}
	fedtest.New(t, fedtest.On(network, "notes.example"), fedtest.Software("Sharkey", "2025.4.2"))
	if err := r.ReadInstance(t.Context(), "notes.example"); err != nil {
		t.Fatal(err)
	}
	i, err := db.Instance(t.Context(), "notes.example")
	if err != nil || i.Software != "sharkey" || i.Version != "2025.4.2" {
		t.Errorf("got %+v, %v; want sharkey 2025.4.2", i, err)
	}
	// One that points elsewhere would have us ask somebody who has no part in it.
	liar := network.Server("liar.example")
	links, _ := json.Marshal(map[string]any{"links": []any{map[string]any{"rel": "http://nodeinfo.diaspora.software/ns/schema/2.0", "href": "https://notes.example/nodeinfo/2.0"}}})
	liar.Handle("/.well-known/nodeinfo", links, "application/json")
	for _, host := range []string{"liar.example", "nobody.example"} {
		if err := r.ReadInstance(t.Context(), host); err == nil {
			t.Errorf("%s was believed", host)
		}
		if i, err := db.Instance(t.Context(), host); err == nil && i.Software != "" {
			t.Errorf("%s is noted as %+v", host, i)
		}
	}
}
