package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"seedling/federation/fedtest"
	"seedling/federation/httpsig"
)

// TestServersThatTakeOneSchemeAlone are read and delivered to all the same, and
// what they take is found out once.
func TestServersThatTakeOneSchemeAlone(t *testing.T) {
	t.Parallel()
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

// TestServersSignWithEd25519: two of our own find out by themselves that they may,
// and what they tell and ask each other is believed.
func TestServersSignWithEd25519(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	here, there := start(t, network, "here.example"), start(t, network, "there.example")
	alice, bob := here.member("alice"), there.member("bob")
	lookUpAndFollow(alice, "bob@there.example")
	bob.sees("/@bob/followers", "alice")
	lookUpAndFollow(bob, "alice@here.example")
	alice.sees("/@alice/followers", "bob")
	for s, other := range map[*instance]string{here: "there.example", there: "here.example"} {
		s.browser().waitFor("/about", "sign with Ed25519 for "+other, func(*page) bool {
			state, err := s.db.HostState(t.Context(), other)
			return err == nil && state.Signature == "ed25519"
		})
	}
}

// TestServersThatDoNotTakeEd25519 are told all the same, by RSA, whatever they
// answer to what they do not know, and are not asked twice.
func TestServersThatDoNotTakeEd25519(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]int{"refuses.example": http.StatusUnauthorized, "breaks.example": http.StatusInternalServerError} {
		t.Run(name, func(t *testing.T) {
			network := fedtest.NewNetwork(t)
			a := start(t, network, "a.example")
			far := network.Server(name)
			bob := far.Actor("bob")
			bob.GiveAssertionKey(t)
			isEd := func(r *http.Request) bool {
				return strings.Contains(r.Header.Get("Signature-Input"), `alg="ed25519"`)
			}
			far.SetMode(fedtest.Refuse(status).When(isEd))
			alice := a.member("alice")
			alice.open("/search?q=" + url.QueryEscape(bob.Handle))
			alice.press("/" + bob.Handle + "/follow")
			bob.AcceptFollow(t, far.Await(t, fedtest.OfType("Follow")))
			alice.open("/compose")
			alice.submit("/posts", map[string]string{"text": "hello @" + bob.Handle, "visibility": "public"})
			far.Await(t, fedtest.OfType("Create"))
			tried := far.Requests(func(q *fedtest.Request) bool {
				return strings.Contains(q.Header.Get("Signature-Input"), `alg="ed25519"`)
			})
			if len(tried) == 0 || len(tried) > 2 { // a GET and a POST may both be first
				t.Errorf("Ed25519 was tried %d times, want once", len(tried))
			}
		})
	}
}
