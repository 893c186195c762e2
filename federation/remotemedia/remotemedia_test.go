package remotemedia_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"seedling/federation/fedtest"
	"seedling/federation/fetch"
	"seedling/federation/remotemedia"
	"seedling/store"
	"seedling/store/storetest"
)

// world is a cache, and a server that it asks, with a clock for both.
type world struct {
	db    *store.DB
	cache *remotemedia.Cache
	asked atomic.Int64
	now   atomic.Int64
}

func newWorld(t *testing.T, files map[string][]byte) *world {
	t.Helper()
	w := &world{}
	w.now.Store(time.Now().UnixMilli())
	now := func() time.Time { return time.UnixMilli(w.now.Load()) }
	network := fedtest.NewNetwork(t)
	l := network.Listen("far.example")
	go http.Serve(l, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.asked.Add(1)
		body, ok := files[r.URL.Path]
		if !ok {
			http.NotFound(rw, r)
			return
		}
		http.ServeContent(rw, r, r.URL.Path, time.Time{}, bytes.NewReader(body))
	}))
	w.db = storetest.Open(t, store.Config{URL: storetest.URL, Now: now})
	client, err := fetch.New(fetch.Config{UserAgent: "test", Dial: network.Dial, RootCAs: network.RootCAs(), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	if w.cache, err = remotemedia.New(remotemedia.Config{DB: w.db, Client: client, Now: now}); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) pass(d time.Duration) { w.now.Add(d.Milliseconds()) }

func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 30, 30))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestManyWhoLookAtOnceFetchOnce(t *testing.T) {
	w := newWorld(t, map[string][]byte{"/a.png": picture(t)})
	var looking sync.WaitGroup
	for range 20 {
		looking.Go(func() {
			if f, err := w.cache.File(t.Context(), "https://far.example/a.png"); err != nil || f.File.Type != "image/png" {
				t.Errorf("got %+v, %v", f, err)
			}
		})
	}
	looking.Wait()
	if n := w.asked.Load(); n != 1 {
		t.Errorf("the server was asked %d times, want once", n)
	}
}

func TestBrokenFilesAreTriedAgainLater(t *testing.T) {
	files := map[string][]byte{"/page.png": []byte("<html>not found, but politely</html>")}
	w := newWorld(t, files)
	look := func() error {
		_, err := w.cache.File(t.Context(), "https://far.example/page.png")
		return err
	}
	for range 3 {
		if err := look(); !errors.Is(err, remotemedia.ErrBroken) {
			t.Errorf("got %v", err)
		}
	}
	if n := w.asked.Load(); n != 1 {
		t.Errorf("the server was asked %d times, want once", n)
	}
	files["/page.png"] = picture(t)
	w.pass(25 * time.Hour)
	if err := look(); err != nil {
		t.Errorf("a day later: %v", err)
	}
}

func TestLargeFilesPassThrough(t *testing.T) {
	w := newWorld(t, map[string][]byte{"/film.mp4": make([]byte, store.MaxCached+100)})
	url := "https://far.example/film.mp4"
	f, err := w.cache.File(t.Context(), url)
	if err != nil || !f.Large || !f.File.IsZero() {
		t.Fatalf("got %+v, %v", f, err)
	}
	part, err := w.cache.Pass(t.Context(), url, "bytes=5-9")
	if err != nil {
		t.Fatal(err)
	}
	defer part.Body.Close()
	if b, err := io.ReadAll(part.Body); err != nil || len(b) != 5 || !part.Partial || part.ContentRange == "" {
		t.Errorf("a range: %d bytes, %+v, %v", len(b), part, err)
	}
}

func TestTheCacheForgetsWhatNobodyLooksAt(t *testing.T) {
	w := newWorld(t, map[string][]byte{"/old.png": picture(t)})
	ctx, url := context.Background(), "https://far.example/old.png"
	f, err := w.cache.File(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	w.pass(2 * time.Hour)
	if err := errors.Join(w.db.EvictRemoteFiles(ctx), w.db.PruneMedia(ctx)); err != nil {
		t.Fatal(err)
	}
	if file, _, err := w.db.OpenFile(ctx, f.File.Hash); err != nil {
		t.Errorf("within the budget: %v", err)
	} else {
		file.Close()
	}
}

// TestCaptionsElsewhereAreChecked: what is kept of them is cleaned, and what are
// none is broken.
func TestCaptionsElsewhereAreChecked(t *testing.T) {
	w := newWorld(t, map[string][]byte{"/a.vtt": []byte("WEBVTT\n\nSTYLE\n::cue{}\n\n00:01.000 --> 00:02.000\nHello\n"), "/b.vtt": []byte("<html>")})
	got, err := w.cache.Captions(t.Context(), "https://far.example/a.vtt")
	if err != nil || got.File.Type != "text/vtt" {
		t.Fatalf("got %+v, %v", got, err)
	}
	file, _, err := w.db.OpenFile(t.Context(), got.File.Hash)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if body, err := io.ReadAll(file); err != nil || string(body) != "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nHello\n" {
		t.Errorf("kept %q, %v", body, err)
	}
	if _, err := w.cache.Captions(t.Context(), "https://far.example/b.vtt"); !errors.Is(err, remotemedia.ErrBroken) {
		t.Errorf("a page instead of captions: %v", err)
	}
}
