package httpsig

import (
	"crypto/ed25519"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// TestWantedCanBeParsed: what we ask for is what we sign, and can be read.
func TestWantedCanBeParsed(t *testing.T) {
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		members, err := parseDictionary(Wanted(method))
		if err != nil || len(members) != 1 || !covers(members[0].item, "@target-uri") || covers(members[0].item, "content-digest") != (method == http.MethodPost) {
			t.Errorf("%s: %s is read as %v, %v", method, Wanted(method), members, err)
		}
	}
}

// TestComponentsThatPeersCover verifies the ways to name a request's target
// that RFC 9421 §2.2 leaves to the signer, on our own host and no other.
func TestComponentsThatPeersCover(t *testing.T) {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	at := now
	tail := ";created=" + strconv.FormatInt(at.Unix(), 10) + `;keyid="https://a.example/bob#key"`
	for _, test := range []struct{ components, base, more, refused string }{
		{components: `"@method" "@target-uri"`, base: "\"@method\": GET\n\"@target-uri\": https://here.example/a%2Fb?x=1&y\n"},
		{components: `"@method" "@authority" "@path" "@query"`, base: "\"@method\": GET\n\"@authority\": here.example\n\"@path\": /a%2Fb\n\"@query\": ?x=1&y\n"},
		{components: `"@method" "host" "@request-target"`, base: "\"@method\": GET\n\"host\": here.example\n\"@request-target\": /a%2Fb?x=1&y\n"},
		{components: `"@method" "@target-uri"`, base: "\"@method\": GET\n\"@target-uri\": https://here.example/a%2Fb?x=1&y\n",
			more: `;alg="ed25519";tag="fediverse";nonce="x";expires=` + strconv.FormatInt(at.Unix()+60, 10)},
		{components: `"@method" "@authority" "@path"`, base: "\"@method\": GET\n\"@authority\": here.example\n\"@path\": /a%2Fb\n", refused: "path and query"},
		{components: `"@method" "@path" "@query"`, base: "\"@method\": GET\n\"@path\": /a%2Fb\n\"@query\": ?x=1&y\n", refused: "@target-uri nor host"},
		{components: `"@target-uri"`, base: "\"@target-uri\": https://here.example/a%2Fb?x=1&y\n", refused: "@method"},
		{components: `"@method" "@target-uri"`, base: "\"@method\": GET\n\"@target-uri\": https://there.example/a%2Fb?x=1&y\n", refused: "does not match"},
		{components: `"@method" "@target-uri"`, base: "\"@method\": GET\n\"@target-uri\": https://here.example/a%2Fb?x=1&y\n", more: `;alg="rsa-v1_5-sha256"`, refused: "another kind"},
		{components: `"@method" "@target-uri";req`, base: "", refused: "not supported"},
	} {
		params := "(" + test.components + ")" + tail + test.more
		value := ed25519.Sign(private, []byte(test.base+`"@signature-params": `+params))
		r := httptest.NewRequest(http.MethodGet, "https://here.example/a%2Fb?x=1&y", nil)
		r.Header.Set("Signature-Input", "sig="+params)
		r.Header.Set("Signature", "sig=:"+base64.StdEncoding.EncodeToString(value)+":")
		s, err := ParseFor(r, at, &url.URL{Scheme: "https", Host: "here.example"})
		if err == nil {
			err = s.Verify(nil, public)
		}
		if test.refused == "" && err != nil || test.refused != "" && (err == nil || !strings.Contains(err.Error(), test.refused)) {
			t.Errorf("%s%s: %v, want %q", test.components, test.more, err, test.refused)
		}
	}
}
