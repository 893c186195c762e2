package federation

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/julienschmidt/httprouter"
)

// The budgets are 0.15 ms of CPU for an actor and 0.05 ms for WebFinger. "empty"
// is a router's empty answer through the same client and connection, whose work
// is in all of these figures.

func BenchmarkActor(b *testing.B) {
	w := newWorld(b)
	b.Run("empty", benchmarkEmpty)
	b.Run("http", func(b *testing.B) { benchmarkGet(b, w.server.URL+w.alice.URI[len(base):]) })
	b.Run("handler", func(b *testing.B) { benchmarkHandler(b, w, w.alice.URI[len(base):]) })
}

func BenchmarkWebFinger(b *testing.B) {
	w := newWorld(b)
	const path = "/.well-known/webfinger?resource=acct:alice@here.example"
	b.Run("empty", benchmarkEmpty)
	b.Run("http", func(b *testing.B) { benchmarkGet(b, w.server.URL+path) })
	b.Run("handler", func(b *testing.B) { benchmarkHandler(b, w, path) })
}

func benchmarkEmpty(b *testing.B) {
	router := httprouter.New()
	router.GET("/ap/actors/:id", func(http.ResponseWriter, *http.Request, httprouter.Params) {})
	server := httptest.NewServer(router)
	defer server.Close()
	benchmarkGet(b, server.URL+"/ap/actors/1")
}

func benchmarkGet(b *testing.B, address string) {
	client := &http.Client{}
	for b.Loop() {
		r, err := http.NewRequestWithContext(b.Context(), "GET", address, nil)
		if err != nil {
			b.Fatal(err)
		}
		r.Header.Set("Accept", ap)
		resp, err := client.Do(r)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != 200 {
			b.Fatalf("%d, %v", resp.StatusCode, err)
		}
		resp.Body.Close()
	}
}

// benchmarkHandler leaves the connection out.
func benchmarkHandler(b *testing.B, w *world, path string) {
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("Accept", ap)
	for b.Loop() {
		recorder := httptest.NewRecorder()
		w.server.Config.Handler.ServeHTTP(recorder, r)
		if recorder.Code != 200 {
			b.Fatal(recorder.Code, recorder.Body)
		}
	}
}
