package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"seedling/federation/fedtest"
)

// TestAnAddressIsCheckedWhenItsOwnerAsks: saving a profile and the button of the
// page have the addresses in it looked at, behind the request, and the page says
// what came of it.
func TestAnAddressIsCheckedWhenItsOwnerAsks(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	var links atomic.Bool
	go http.Serve(network.Listen("bob.example"), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			if links.Load() {
				fmt.Fprint(w, `<a rel="me" href="https://here.example/@bob">me</a>`)
			}
		default:
			http.NotFound(w, r)
		}
	}))
	go http.Serve(network.Listen("busy.example"), http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	here := start(t, network, "here.example")
	bob := here.member("bob")
	bob.open("/settings/profile/links")
	bob.sees("/settings/profile/links", "There is no web address in your profile table")
	for _, address := range []string{"https://busy.example/", "https://bob.example/gone", "https://bob.example/"} {
		bob.open("/settings/profile")
		bob.submit("/settings/profile", map[string]string{"field_name": "site", "field_value": address, "check": "1"})
		switch {
		case strings.Contains(address, "busy"):
			bob.sees("/settings/profile/links", "It did not answer on")
		case strings.HasSuffix(address, "gone"):
			bob.sees("/settings/profile/links", "There was no page to read at this address on")
		default:
			bob.sees("/settings/profile/links", "It did not link to your profile on")
		}
	}
	links.Store(true)
	bob.open("/settings/profile/links")
	bob.submit("/settings/profile/links", nil)
	bob.sees("/settings/profile/links", "Marked as yours since")
	bob.sees("/@bob", "(verified)")
}
