package httpsig

import (
	"net/http/httptest"
	"strings"
	"testing"
)

// FuzzParse feeds foreign headers to everything that reads them. Nothing may
// panic, and nothing that was not signed may verify.
func FuzzParse(f *testing.F) {
	f.Add(`keyId="a",headers="(request-target) host date digest",signature="AAAA"`, "", "SHA-256=AAAA", "/inbox?x")
	f.Add(`keyId="a",algorithm=hs2019,created=1,headers="(created)",signature="AAAA"`, "", "", "*")
	f.Add(`sig1=:AAAA:`, `sig1=("@method" "@target-uri" "content-digest" "@query-param";name="x");created=1772366400;keyid="a";alg="ed25519"`, `sha-256=:AAAA:`, "/?x=%zz")
	f.Add(`sig1=?1;a;b="\"",`, `a=(1 "b" c :AA==: ?0);*=-5`, `sha-256=1`, "")
	key := edKey().Public()
	f.Fuzz(func(t *testing.T, signature, input, digest, target string) {
		r := httptest.NewRequest("POST", "/", nil)
		r.Host, r.RequestURI = "here.example", target
		r.Header.Set("Date", "Sun, 01 Mar 2026 12:00:00 GMT")
		r.Header.Set("Signature", signature)
		if input != "" {
			r.Header.Set("Signature-Input", input)
		}
		r.Header.Set("Digest", digest)
		r.Header.Set("Content-Digest", digest)
		if s, err := Parse(r, now); err == nil {
			if s.Verify(nil, key) == nil {
				t.Fatalf("verifies: %q %q %q", signature, input, digest)
			}
		}
	})
}

// FuzzDictionary checks that what is read is written back to the same meaning:
// the text that gets signed is our own, so a difference would be a hole.
func FuzzDictionary(f *testing.F) {
	for _, seed := range []string{
		`sig1=("@method" "@query-param";name="Pet");created=1618884473;keyid="test";alg="x"`,
		`a=:aGk=:, b=?1;x;y=?0, c=-12, d="q\"\\", e=tok/en`, `a=()`, `a=( "b"  "c" )`, `a=1;b=1;b=2`, `a=1,a=1`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		members, err := parseDictionary(text)
		if err != nil {
			return
		}
		var parts []string
		for _, m := range members {
			parts = append(parts, m.key+"="+m.item.String())
		}
		written := strings.Join(parts, ", ")
		again, err := parseDictionary(written)
		if err != nil {
			t.Fatalf("%q is written as %q, which cannot be read: %v", text, written, err)
		}
		for i, m := range again {
			if got := m.key + "=" + m.item.String(); got != parts[i] {
				t.Fatalf("%q: got %q, want %q", text, got, parts[i])
			}
		}
	})
}

// FuzzParsePublic reads foreign keys.
func FuzzParsePublic(f *testing.F) {
	f.Add(rfcRSA)
	f.Add(rfcEd25519)
	f.Fuzz(func(t *testing.T, text string) {
		if key, err := ParsePublic(text); err == nil && checkPublic(key) != nil {
			t.Fatalf("%q gives a key that Verify refuses", text)
		}
	})
}

// FuzzMultikey holds that what is read as a key is written the same again.
func FuzzMultikey(f *testing.F) {
	f.Add("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2")
	f.Add("z11233QC4")
	f.Fuzz(func(t *testing.T, text string) {
		if b, err := DecodeMultibase(text); err == nil && EncodeMultibase(b) != text {
			t.Errorf("%q is read as %x, which is written %q", text, b, EncodeMultibase(b))
		}
		if key, err := ParseMultikey(text); err == nil && EncodeMultikey(key) != text {
			t.Errorf("%q is read as the key %x", text, key)
		}
	})
}
