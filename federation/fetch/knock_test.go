package fetch

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"seedling/federation/httpsig"
)

// TestGETsKnockTwice asks hosts that take one scheme alone, both or none, and
// remembers which one worked.
func TestGETsKnockTwice(t *testing.T) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	key := httpsig.Key{ID: "https://here.example/actor#main-key", Private: private}
	const c, r = httpsig.Cavage, httpsig.RFC9421
	for name, test := range map[string]struct {
		takes, known, learned []httpsig.Scheme
		want                  []httpsig.Scheme // of the requests for two objects
	}{
		"both":               {takes: []httpsig.Scheme{c, r}, want: []httpsig.Scheme{c, c}},
		"draft alone":        {takes: []httpsig.Scheme{c}, want: []httpsig.Scheme{c, c}},
		"RFC alone":          {takes: []httpsig.Scheme{r}, want: []httpsig.Scheme{c, r, r}, learned: []httpsig.Scheme{r}},
		"RFC known":          {takes: []httpsig.Scheme{r}, known: []httpsig.Scheme{r}, want: []httpsig.Scheme{r, r}},
		"RFC no longer":      {takes: []httpsig.Scheme{c}, known: []httpsig.Scheme{r}, want: []httpsig.Scheme{r, c, c}, learned: []httpsig.Scheme{c}},
		"none, for 2 things": {want: []httpsig.Scheme{c, r, c, r}},
	} {
		t.Run(name, func(t *testing.T) {
			var mu sync.Mutex
			var got, learned []httpsig.Scheme
			scheme := append(slices.Clone(test.known), c)[0]
			client, base := remote(t, Config{
				Sign: func(r *http.Request, s httpsig.Scheme) error { return httpsig.Sign(r, nil, key, time.Now(), s) },
				Schemes: func(context.Context, string) []httpsig.Scheme {
					return append([]httpsig.Scheme{scheme}, map[httpsig.Scheme]httpsig.Scheme{c: r, r: c}[scheme])
				},
				Takes: func(_ context.Context, _ string, s httpsig.Scheme) { scheme = s; learned = append(learned, s) },
			}, func(w http.ResponseWriter, r *http.Request) {
				signature, err := httpsig.Parse(r, time.Now())
				if err == nil {
					err = signature.Verify(nil, private.Public())
				}
				if err != nil {
					t.Errorf("%s: %v", r.URL, err)
					return
				}
				mu.Lock()
				got = append(got, signature.Scheme)
				mu.Unlock()
				if !slices.Contains(test.takes, signature.Scheme) {
					w.WriteHeader(http.StatusUnauthorized)
					return
				}
				write(w, activityType, "{}")
			})
			for _, path := range []string{"/one?page=2&x=%C3%A9", "/two"} {
				_, err := client.Object(context.Background(), base+path)
				var status *Error
				if refused := errors.As(err, &status) && status.Status == http.StatusUnauthorized; err != nil && !refused || refused != (len(test.takes) == 0) {
					t.Errorf("%s: %v", path, err)
				}
			}
			if !slices.Equal(got, test.want) || !slices.Equal(learned, test.learned) {
				t.Errorf("asked with %v and learned %v, want %v and %v", got, learned, test.want, test.learned)
			}
		})
	}
}
