package server_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"seedling/federation/fedtest"
	"seedling/federation/httpsig"
)

// TestServersThatTakeOneSchemeAlone are read and delivered to all the same, and
// what they take is found out once.
func TestServersThatTakeOneSchemeAlone(t *testing.T) {
	for name, scheme := range map[string]httpsig.Scheme{"draft.example": httpsig.Cavage, "rfc.example": httpsig.RFC9421} {
		t.Run(name, func(t *testing.T) {
			network := fedtest.NewNetwork(t)
			a := start(t, network, "a.example")
			far := network.Server(name)
			bob := far.Actor("bob")
			wrong := func(r *http.Request) bool {
				isRFC := r.Header.Get("Signature-Input") != ""
				return r.Header.Get("Signature") != "" && isRFC != (scheme == httpsig.RFC9421)
			}
			far.SetMode(fedtest.Refuse(http.StatusUnauthorized).When(wrong))
			bob.Sign = func(r *http.Request, body []byte, k httpsig.Key, now time.Time) error {
				return httpsig.Sign(r, body, k, now, scheme)
			}
			alice := a.member("alice")
			alice.open("/search?q=" + url.QueryEscape(bob.Handle)) // asks its server
			alice.press("/" + bob.Handle + "/follow")
			follow := far.Await(t, fedtest.OfType("Follow"))
			bob.AcceptFollow(t, follow)
			knocks := len(far.Requests(func(q *fedtest.Request) bool {
				return q.Signature != nil && q.Signature.Scheme != scheme
			}))
			if want := map[httpsig.Scheme]int{httpsig.RFC9421: 1}[scheme]; knocks != want {
				t.Errorf("%s was asked %d times with the other scheme, want %d", name, knocks, want)
			}
			for _, q := range far.Requests(nil) {
				if q.SignatureError != nil && q.SignatureError != httpsig.ErrMissing {
					t.Errorf("%s %s: %v", q.Method, q.Path, q.SignatureError)
				}
			}
		})
	}
}
