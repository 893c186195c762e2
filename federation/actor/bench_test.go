package actor_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"seedling/federation/actor"
	"seedling/federation/fedtest"
	"seedling/federation/fetch"
	"seedling/store"
	"seedling/store/storetest"
)

// BenchmarkCompleteThread completes a thread of 500 replies on 40 servers, and
// states the time as a ratio to fetching the same documents one after the other
// from as many workers, and nothing else: "x/fetch". Every iteration has
// a new store.
func BenchmarkCompleteThread(b *testing.B) {
	const hosts, count = 40, 500
	net := fedtest.NewNetwork(b)
	far := net.Server("far.example")
	bob := far.Actor("bob")
	root := bob.Note("root")
	var uris []string
	var items []any
	var people []*fedtest.Actor
	for i := range hosts {
		people = append(people, net.Server(fmt.Sprintf("h%d.example", i)).Actor("p"))
		uris = append(uris, people[i].ID)
	}
	for i := range count {
		note := people[i%hosts].Note(fmt.Sprintf("reply %d", i), map[string]any{"inReplyTo": root["id"]})
		items = append(items, note["id"])
		uris = append(uris, note["id"].(string))
	}
	replies(far, root, items...)
	newClient := func() *fetch.Client {
		client, err := fetch.New(fetch.Config{UserAgent: "bench", Dial: net.Dial, RootCAs: net.RootCAs()})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(client.Close)
		return client
	}
	var plain, whole time.Duration
	for b.Loop() {
		began := time.Now()
		fetchAll(b, newClient(), uris)
		plain += time.Since(began)

		db := storetest.New(b)
		r, err := actor.New(actor.Config{DB: db, Client: newClient()})
		if err != nil {
			b.Fatal(err)
		}
		began = time.Now()
		p, err := r.Post(ctx, root["id"].(string))
		if err == nil {
			err = r.CompleteThread(ctx, p.ID)
		}
		whole += time.Since(began)
		if err != nil {
			b.Fatal(err)
		}
		th, err := db.Thread(ctx, p.ID, store.Viewer{})
		if err != nil || len(th.Replies) != count {
			b.Fatalf("%d replies, %v, want %d", len(th.Replies), err, count)
		}
	}
	b.ReportMetric(whole.Seconds()/plain.Seconds(), "x/fetch")
	b.ReportMetric(count*float64(b.N)/whole.Seconds(), "posts/s")
}

// fetchAll fetches addresses with as many workers as a completion has.
func fetchAll(b *testing.B, client *fetch.Client, uris []string) {
	queue := make(chan string, len(uris))
	for _, uri := range uris {
		queue <- uri
	}
	close(queue)
	var workers sync.WaitGroup
	for range 12 {
		workers.Go(func() {
			for uri := range queue {
				if _, err := client.Object(context.Background(), uri); err != nil {
					b.Error(err)
				}
			}
		})
	}
	workers.Wait()
}
