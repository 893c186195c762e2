package server

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestPagesAreCompressedForWhoTakesIt(t *testing.T) {
	t.Parallel()
	body := strings.Repeat("<p>hello</p>", 1000)
	h, err := compressed(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", r.URL.Query().Get("type"))
		io.WriteString(w, body)
	}))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		kind, accept string
		want         bool
	}{
		{"text/html; charset=utf-8", "gzip, br", true},
		{`application/ld+json; profile="https://www.w3.org/ns/activitystreams"`, "gzip", true},
		{"text/html", "", false},
		{"image/png", "gzip", false},
	} {
		r := httptest.NewRequest(http.MethodGet, "/?type="+strings.NewReplacer(" ", "%20", ";", "%3B", `"`, "%22", "+", "%2B").Replace(c.kind), nil)
		r.Header.Set("Accept-Encoding", c.accept)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		got := w.Body.String()
		if is := w.Header().Get("Content-Encoding") == "gzip"; is != c.want {
			t.Errorf("%s for %q: compressed %v, want %v", c.kind, c.accept, is, c.want)
			continue
		}
		if c.want {
			z, err := gzip.NewReader(w.Body)
			if err != nil {
				t.Fatal(err)
			}
			plain, err := io.ReadAll(z)
			if err != nil {
				t.Fatal(err)
			}
			got = string(plain)
		}
		if got != body {
			t.Errorf("%s for %q: %d bytes came, want %d", c.kind, c.accept, len(got), len(body))
		}
	}
}
