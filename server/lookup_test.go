package server

import (
	"errors"
	"testing"

	"seedling/federation/fetch"
	"seedling/server/web"
)

// Whatever people write, the sentence about a failed look-up names a server.
func TestFailedLookupsNameTheServer(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"@kim@there.example": "there.example", "kim@there.example:8443": "there.example:8443",
		"https://there.example/@kim/1": "there.example", "there.example": "there.example", "there.example:8443": "there.example:8443",
	} {
		var failed *web.LookupError
		err := explain(&fetch.Error{Kind: fetch.Timeout, URL: "https://there.example/"}, query)
		if !errors.As(err, &failed) || failed.Host != want {
			t.Errorf("%q: got %v of %+v, want the host %q", query, err, failed, want)
		}
	}
}
