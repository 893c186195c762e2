package httpsig

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

var (
	now     = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	body    = []byte(`{"type":"Follow"}`)
	testKey = sync.OnceValue(func() *rsa.PrivateKey {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		return key
	})
)

const (
	inbox = "https://here.example/ap/inbox"
	keyID = "https://there.example/users/bob#main-key"
)

type signer func(*http.Request, []byte, Key, time.Time) error

var signers = map[string]signer{"cavage": SignCavage, "rfc9421": SignRFC9421}

// sent signs a request and returns it as the server at the other end gets it.
func sent(t testing.TB, sign signer, method, target string, body []byte, key crypto.Signer) *http.Request {
	t.Helper()
	out, err := http.NewRequest(method, target, strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	if err := sign(out, body, Key{ID: keyID, Private: key}, now); err != nil {
		t.Fatal(err)
	}
	in := httptest.NewRequest(method, out.URL.RequestURI(), strings.NewReader(string(body)))
	in.Host, in.Header = out.Host, out.Header.Clone()
	return in
}

func verify(r *http.Request, body []byte, pub crypto.PublicKey) error {
	s, err := Parse(r, now)
	if err != nil {
		return err
	}
	return s.Verify(body, pub)
}

func edKey() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)) }

func TestWhatWeSignVerifies(t *testing.T) {
	for name, sign := range signers {
		for kind, key := range map[string]crypto.Signer{"rsa": testKey(), "ed25519": edKey()} {
			for _, target := range []string{inbox, "https://here.example", "https://here.example:8443/a%2Fb/?page=2&x=%20"} {
				t.Run(name+" "+kind+" "+target, func(t *testing.T) {
					if err := verify(sent(t, sign, "POST", target, body, key), body, key.Public()); err != nil {
						t.Errorf("POST: %v", err)
					}
					get := sent(t, sign, "GET", target, nil, key)
					if err := verify(get, nil, key.Public()); err != nil {
						t.Errorf("GET: %v", err)
					}
					s, err := Parse(get, now)
					if err != nil || s.KeyID != keyID || !s.Created.Equal(now) {
						t.Errorf("got %+v, %v; want key id %s signed at %v", s, err, keyID, now)
					}
				})
			}
		}
	}
}

func TestSigningAgainReplacesTheSignature(t *testing.T) {
	r, _ := http.NewRequest("POST", inbox, nil)
	k := Key{ID: keyID, Private: edKey()}
	for _, sign := range []signer{SignRFC9421, SignCavage, SignRFC9421, SignCavage} {
		if err := sign(r, body, k, now); err != nil {
			t.Fatal(err)
		}
		in := httptest.NewRequest("POST", "/ap/inbox", strings.NewReader(string(body)))
		in.Host, in.Header = r.Host, r.Header
		if err := verify(in, body, k.Private.Public()); err != nil {
			t.Fatal(err)
		}
	}
}

// Attacks 25, 29, 30, 31 and 34: each change to a good request is refused.
func TestTamperedRequestsAreRefused(t *testing.T) {
	otherDigest := Digest([]byte("other"))
	param := func(from, to string) func(*http.Request) {
		return func(r *http.Request) {
			for _, h := range []string{"Signature", "Signature-Input"} {
				if v := r.Header.Get(h); v != "" {
					r.Header.Set(h, strings.Replace(v, from, to, 1))
				}
			}
		}
	}
	tests := []struct {
		name, scheme string // scheme "": both
		change       func(*http.Request)
		want         string // the refusal, or its beginning
	}{
		{"no signature", "", func(r *http.Request) { r.Header.Del("Signature"); r.Header.Del("Signature-Input") }, "the request is not signed"},
		{"other method", "", func(r *http.Request) { r.Method = "PUT" }, ErrMismatch.Error()},
		{"other path", "", func(r *http.Request) { r.RequestURI = "/ap/actors/1/inbox" }, ErrMismatch.Error()},
		{"other host", "", func(r *http.Request) { r.Host = "elsewhere.example" }, ErrMismatch.Error()},
		{"no host", "", func(r *http.Request) { r.Host = ""; r.URL.Host = "" }, "the request has no host"},
		{"other date", "cavage", func(r *http.Request) { r.Header.Set("Date", now.Add(time.Second).Format(http.TimeFormat)) }, ErrMismatch.Error()},
		{"two dates", "cavage", func(r *http.Request) { r.Header.Add("Date", now.Format(http.TimeFormat)) }, "the header date is there more than once"},
		{"no date", "cavage", func(r *http.Request) { r.Header.Del("Date") }, "the signature covers the header date"},
		{"rubbish date", "cavage", func(r *http.Request) { r.Header.Set("Date", "today") }, "the Date header cannot be read"},
		{"digest of another body", "cavage", func(r *http.Request) { r.Header.Set("Digest", otherDigest) }, "the digest does not match"},
		{"two digests", "cavage", func(r *http.Request) { r.Header.Add("Digest", otherDigest) }, "the header digest is there more than once"},
		{"no digest", "cavage", func(r *http.Request) { r.Header.Del("Digest") }, "the signature covers the header digest"},
		{"digest twice in one header", "cavage", func(r *http.Request) { r.Header.Set("Digest", Digest(body)+","+otherDigest) }, "the Digest header cannot be read"},
		{"weak digest", "cavage", func(r *http.Request) { r.Header.Set("Digest", "MD5=Sd/dVLAcvNLSq16eXua5uQ==") }, "the digest's algorithm is unknown"},
		{"cut digest", "cavage", func(r *http.Request) { r.Header.Set("Digest", "SHA-256=") }, "the digest has the wrong length"},
		{"digest of another body", "rfc9421", func(r *http.Request) { r.Header.Set("Content-Digest", contentDigest(otherDigest)) }, "the digest does not match"},
		{"two digests", "rfc9421", func(r *http.Request) { r.Header.Add("Content-Digest", contentDigest(otherDigest)) }, "the header content-digest is there more"},
		{"unknown digest", "rfc9421", func(r *http.Request) { r.Header.Set("Content-Digest", "md5=:Sd/dVLAcvNLSq16eXua5uQ==:") }, "the digest's algorithm is unknown"},
		{"digest that is no bytes", "rfc9421", func(r *http.Request) { r.Header.Set("Content-Digest", "sha-256=1") }, "the Content-Digest header holds something else"},
		{"digest not covered", "cavage", param(" digest", ""), "the signature does not cover digest"},
		{"digest not covered", "rfc9421", param(` "content-digest"`, ""), "the signature does not cover content-digest"},
		{"target not covered", "cavage", param("(request-target) ", ""), "the signature does not cover (request-target)"},
		{"target not covered", "rfc9421", param(` "@target-uri"`, ""), "the signature covers neither @target-uri"},
		{"host not covered", "cavage", param(" host", ""), "the signature does not cover host"},
		{"method not covered", "rfc9421", param(`"@method" `, ""), "the signature does not cover @method"},
		{"date not covered", "cavage", param(" date", ""), "the signature covers neither date"},
		{"created missing", "rfc9421", param(";created=", ";x="), "the signature does not say when"},
		{"created rubbish", "rfc9421", param(";created=", `;created="a";x=`), "the signature's parameter created is of the wrong type"},
		{"covered twice", "cavage", param(" host", " host Host"), "the signature covers a header twice"},
		{"covered twice", "rfc9421", param(`("@method"`, `("@method" "@method"`), `the signature covers "@method" twice`},
		{"unknown component", "rfc9421", param(`("@method"`, `("@status" "@method"`), `the signature covers "@status"`},
		{"component of another message", "rfc9421", param(`("@method"`, `("@method";req`), `the signature covers "@method";req`},
		{"covered header missing", "cavage", param(" date", " date x-gone"), "the signature covers the header x-gone"},
		{"covered header missing", "rfc9421", param(`("@method"`, `("@method" "x-gone"`), "the signature covers the header x-gone"},
		{"expired", "cavage", param(`keyId=`, `expires=1700000000,keyId=`), "the signature has expired"},
		{"expired", "rfc9421", param(";keyid", ";expires=1700000000;keyid"), "the signature has expired"},
		{"parameter twice", "cavage", param(`keyId=`, `keyId="https://evil.example/key",keyId=`), "the Signature header has a parameter twice"},
		{"parameter twice", "rfc9421", param(";keyid", `;keyid="https://evil.example/key";keyid`), "a structured header has a parameter twice"},
		{"no key id", "cavage", param("keyId=", "keyID="), "the signature has no keyId"},
		{"no key id", "rfc9421", param("keyid=", "key="), "the signature has no keyid"},
		{"two Signature headers", "", func(r *http.Request) { r.Header.Add("Signature", r.Header.Get("Signature")) }, "the request has more than one signature"},
		{"two labels", "rfc9421", func(r *http.Request) {
			for _, h := range []string{"Signature", "Signature-Input"} {
				r.Header.Set(h, r.Header.Get(h)+", "+strings.Replace(r.Header.Get(h), "sig1", "sig2", 1))
			}
		}, "the request has more than one signature"},
		{"label twice", "rfc9421", func(r *http.Request) {
			r.Header.Set("Signature", r.Header.Get("Signature")+", "+r.Header.Get("Signature"))
		}, "a structured header has a key twice"},
		{"other label", "rfc9421", func(r *http.Request) {
			r.Header.Set("Signature", strings.Replace(r.Header.Get("Signature"), "sig1", "sig2", 1))
		}, "Signature and Signature-Input do not belong together"},
		{"both schemes", "cavage", func(r *http.Request) {
			r.Header.Set("Authorization", "Signature "+r.Header.Get("Signature"))
		}, "the request has more than one signature"},
		{"input without signature", "rfc9421", func(r *http.Request) { r.Header.Del("Signature") }, "the request has a Signature-Input without"},
		{"signature cut", "cavage", param(`signature="`, `signature="AAAA`), ErrMismatch.Error()},
		{"signature empty", "cavage", func(r *http.Request) {
			v, _, _ := strings.Cut(r.Header.Get("Signature"), "signature=")
			r.Header.Set("Signature", v+`signature=""`)
		}, "the signature is not base64"},
		{"algorithm of another key", "cavage", param("rsa-sha256", "ed25519"), ErrMismatch.Error()},
		{"unknown algorithm", "cavage", param("rsa-sha256", "none"), ErrMismatch.Error()},
		{"hmac", "rfc9421", param("rsa-v1_5-sha256", "hmac-sha256"), ErrMismatch.Error()},
		{"huge header", "cavage", param("keyId=", `x="`+strings.Repeat("x", 9000)+`",keyId=`), "the Signature header is too long"},
	}
	for name, sign := range signers {
		for _, tt := range tests {
			if tt.scheme != "" && tt.scheme != name {
				continue
			}
			t.Run(name+" "+tt.name, func(t *testing.T) {
				r := sent(t, sign, "POST", inbox, body, testKey())
				tt.change(r)
				err := verify(r, body, testKey().Public())
				if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
					t.Errorf("got %v, want %q", err, tt.want)
				}
				var e *Error
				if !errors.As(err, &e) {
					t.Errorf("%T is not an *Error", err)
				}
			})
		}
	}
}

func TestAge(t *testing.T) {
	tests := []struct {
		at time.Duration // when it arrives, after signing
		ok bool
	}{
		{0, true}, {11 * time.Hour, true}, {13 * time.Hour, false}, {-50 * time.Minute, true}, {-2 * time.Hour, false},
	}
	for name, sign := range signers {
		r := sent(t, sign, "POST", inbox, body, testKey())
		for _, tt := range tests {
			if _, err := Parse(r, now.Add(tt.at)); (err == nil) != tt.ok {
				t.Errorf("%s %v after signing: got %v, want accepted %v", name, tt.at, err, tt.ok)
			}
		}
	}
}

func TestAnotherKeyIsAMismatch(t *testing.T) {
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for name, sign := range signers {
		r := sent(t, sign, "POST", inbox, body, testKey())
		for _, pub := range []crypto.PublicKey{other.Public(), edKey().Public()} {
			if err := verify(r, body, pub); !errors.Is(err, ErrMismatch) {
				t.Errorf("%s, %T: got %v, want ErrMismatch", name, pub, err)
			}
		}
		if err := verify(r, []byte("other"), testKey().Public()); errors.Is(err, ErrMismatch) || err == nil {
			t.Errorf("%s, other body: got %v, want an error that is not ErrMismatch", name, err)
		}
	}
}

// signed makes a cavage request the way some other software does.
func signed(t *testing.T, target string, names []string, params string, hash crypto.Hash, set func(*http.Request)) *http.Request {
	t.Helper()
	r := httptest.NewRequest("POST", target, strings.NewReader(string(body)))
	r.Host = "here.example"
	r.Header.Set("Date", now.Format(http.TimeFormat))
	r.Header.Set("Digest", "sha-256="+strings.TrimPrefix(Digest(body), "SHA-256="))
	if set != nil {
		set(r)
	}
	var lines []string
	for _, name := range names {
		value := r.Header.Get(name)
		switch name {
		case "(request-target)":
			value = "post " + r.URL.Path
		case "(created)":
			value = strconv.FormatInt(now.Unix(), 10)
		case "host":
			value = r.Host
		case "content-length":
			value = strconv.Itoa(len(body))
		}
		lines = append(lines, name+": "+value)
	}
	h := hash.New()
	h.Write([]byte(strings.Join(lines, "\n")))
	value, err := testKey().Sign(nil, h.Sum(nil), hash)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Signature", `keyId="`+keyID+`",`+params+`headers="`+strings.Join(names, " ")+
		`",signature="`+base64.StdEncoding.EncodeToString(value)+`"`)
	return r
}

// What other software sends (shared notes of the Fediverse, one row each).
func TestOtherSoftwaresSignatures(t *testing.T) {
	usual := []string{"(request-target)", "host", "date", "digest"}
	tests := []struct {
		name   string
		target string
		names  []string
		params string
		hash   crypto.Hash
		set    func(*http.Request)
	}{
		{"WriteFreely and Sharkey order", "/inbox", []string{"(request-target)", "date", "host", "digest"}, `algorithm="rsa-sha256",`, crypto.SHA256, nil},
		{"Akkoma covers content-length", "/inbox", []string{"(request-target)", "content-length", "date", "digest", "host"}, `algorithm="rsa-sha256",`, crypto.SHA256, nil},
		{"Akkoma leaves the query out", "/inbox?x=1", usual, `algorithm="rsa-sha256",`, crypto.SHA256, nil},
		{"GoToSocial says hs2019", "/inbox", usual, `algorithm="hs2019",`, crypto.SHA256, nil},
		{"hs2019 with SHA-512", "/inbox", usual, `algorithm="hs2019",`, crypto.SHA512, nil},
		{"rsa-sha512", "/inbox", usual, `algorithm="rsa-sha512",`, crypto.SHA512, nil},
		{"no algorithm", "/inbox", usual, ``, crypto.SHA256, nil},
		{"created instead of date", "/inbox", []string{"(request-target)", "(created)", "host", "digest"}, `algorithm="hs2019",created=` + strconv.FormatInt(now.Unix(), 10) + `,`, crypto.SHA256, func(r *http.Request) { r.Header.Del("Date") }},
		{"created as a string, expires with fraction", "/inbox", []string{"(request-target)", "(created)", "host", "digest"}, `created="` + strconv.FormatInt(now.Unix(), 10) + `", expires=` + strconv.FormatInt(now.Unix()+30, 10) + `.5, `, crypto.SHA256, nil},
		{"extra covered headers", "/inbox", append([]string{"content-type", "user-agent"}, usual...), ``, crypto.SHA256, func(r *http.Request) {
			r.Header.Set("Content-Type", "application/activity+json")
			r.Header.Set("User-Agent", "http.rb/5.1.1 (Mastodon)")
		}},
		{"in Authorization", "/inbox", usual, ``, crypto.SHA256, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := signed(t, tt.target, tt.names, tt.params, tt.hash, tt.set)
			if tt.name == "in Authorization" {
				r.Header.Set("Authorization", "Signature "+r.Header.Get("Signature"))
				r.Header.Del("Signature")
			}
			if err := verify(r, body, testKey().Public()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestParseForRefusesOtherHosts(t *testing.T) {
	public := &url.URL{Scheme: "https", Host: "here.example"}
	tests := []struct {
		target string
		ok     bool
	}{
		{"https://here.example/inbox", true},
		{"https://HERE.example:443/inbox", true},
		{"https://elsewhere.example/inbox", false},
		{"https://here.example:8443/inbox", false},
	}
	for name, sign := range signers {
		for _, tt := range tests {
			s, err := ParseFor(sent(t, sign, "POST", tt.target, body, testKey()), now, public)
			if err == nil {
				err = s.Verify(body, testKey().Public())
			}
			if (err == nil) != tt.ok {
				t.Errorf("%s to %s: got %v, want accepted %v", name, tt.target, err, tt.ok)
			}
		}
	}
	http := &url.URL{Scheme: "http", Host: "here.example"}
	s, err := ParseFor(sent(t, SignRFC9421, "POST", inbox, body, testKey()), now, http)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Verify(body, testKey().Public()); !errors.Is(err, ErrMismatch) {
		t.Errorf("@target-uri of another scheme: got %v, want ErrMismatch", err)
	}
}

func TestUncoveredBodyIsRefused(t *testing.T) {
	r := sent(t, SignCavage, "GET", inbox, nil, testKey())
	s, err := Parse(r, now)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Verify([]byte("smuggled"), testKey().Public()); err == nil {
		t.Error("a GET with a body that nothing covers was accepted")
	}
}

func TestKeyIDsThatCannotBeQuoted(t *testing.T) {
	for _, id := range []string{"", `a"b`, `a\b`, "a\nb", strings.Repeat("x", maxKeyID+1)} {
		for name, sign := range signers {
			r, _ := http.NewRequest("GET", inbox, nil)
			if err := sign(r, nil, Key{ID: id, Private: edKey()}, now); err == nil {
				t.Errorf("%s: key id %.20q was accepted", name, id)
			}
		}
	}
}
