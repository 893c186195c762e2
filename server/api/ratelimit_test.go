package api

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

// TestRateLimits covers the headers that apps read, and who asks too often.
func TestRateLimits(t *testing.T) {
	now := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	db := storetest.Open(t, store.Config{URL: storetest.URL, Now: func() time.Time { return now }})
	s, err := New(Config{DB: db, Version: "1.0", Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	token, err := db.CreateToken(t.Context(), storetest.Member(t, db, "mira").ID, "read")
	if err != nil {
		t.Fatal(err)
	}
	ask := func(token string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", "/api/v1/custom_emojis", nil)
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w
	}
	for _, who := range []struct {
		token string
		limit int
		free  int // what is answered while there is room
	}{{token, requestsPerToken, http.StatusOK}, {"", requestsPerAddress, http.StatusOK}} {
		for i := range who.limit {
			w := ask(who.token)
			if w.Code != who.free {
				t.Fatalf("request %d: got %d", i, w.Code)
			}
			if i == 0 {
				h := w.Header()
				if h.Get("X-RateLimit-Limit") != "300" || h.Get("X-RateLimit-Remaining") != "299" || h.Get("X-RateLimit-Reset") != "2026-03-14T12:05:00.000Z" {
					t.Errorf("headers: %v", h)
				}
			}
		}
		w := ask(who.token)
		if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "300" || w.Header().Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("one too many: got %d, %v", w.Code, w.Header())
		}
	}
	if w := ask("made up"); w.Code != http.StatusTooManyRequests {
		t.Errorf("a token that is none: got %d, want it to count for the address", w.Code)
	}
	now = now.Add(requestWindow)
	if w := ask(token); w.Code != http.StatusOK {
		t.Errorf("after the window: got %d", w.Code)
	}
}
