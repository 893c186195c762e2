package httpsig

import (
	"bytes"
	"crypto"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"strings"
	"testing"
	"time"
)

// The published test keys and values of RFC 9421 appendix B and
// draft-cavage-12 appendix C. They prove nothing in production.
const (
	vectorBody = `{"hello": "world"}`

	rfcRSA = `-----BEGIN RSA PUBLIC KEY-----
MIIBCgKCAQEAhAKYdtoeoy8zcAcR874L8cnZxKzAGwd7v36APp7Pv6Q2jdsPBRrw
WEBnez6d0UDKDwGbc6nxfEXAy5mbhgajzrw3MOEt8uA5txSKobBpKDeBLOsdJKFq
MGmXCQvEG7YemcxDTRPxAleIAgYYRjTSd/QBwVW9OwNFhekro3RtlinV0a75jfZg
kne/YiktSvLG34lw2zqXBDTC5NHROUqGTlML4PlNZS5Ri2U4aCNx2rUPRcKIlE0P
uKxI4T+HIaFpv8+rdV6eUgOrB2xeI1dSFFn/nnv5OoZJEIB+VmuKn3DCUcCZSFlQ
PSXSfBDiUGhwOw76WuSSsf1D4b/vLoJ10wIDAQAB
-----END RSA PUBLIC KEY-----`
	rfcRSAPSS = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr4tmm3r20Wd/PbqvP1s2
+QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct+Lh1GH45x28Rw3Ry53mm+
oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHq
gDsznjPFmTOtCEcN2Z1FpWgchwuYLPL+Wokqltd11nqqzi+bJ9cvSKADYdUAAN5W
Utzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4
aOT9v6d+nb4bnNkQVklLQ3fVAvJm+xdDOp9LCNCN48V2pnDOkFV6+U9nV5oyc6XI
2wIDAQAB
-----END PUBLIC KEY-----`
	rfcEd25519 = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=
-----END PUBLIC KEY-----`
	cavageRSA = `-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDCFENGw33yGihy92pDjZQhl0C3
6rPJj+CvfSC8+q28hxA161QFNUd13wuCTUcq0Qd2qsBe/2hFyc2DCJJg0h1L78+6
Z4UMR7EOcpfdUE9Hf3m/hs+FUR45uBJeDK1HSFHD8bHKD6kv8FPGfJTotc+2xjJw
oYi+1hqp1fIekaxsyQIDAQAB
-----END PUBLIC KEY-----`
)

func mustKey(t testing.TB, text string) crypto.PublicKey {
	t.Helper()
	key, err := ParsePublic(text)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// received makes a request as a server sees it from its text.
func received(method, target, headers string) *http.Request {
	r := httptest.NewRequest(method, target, strings.NewReader(vectorBody))
	for line := range strings.Lines(headers) {
		if name, value, ok := strings.Cut(strings.TrimRight(line, "\n"), ": "); ok {
			if strings.EqualFold(name, "host") {
				r.Host = value
				continue
			}
			r.Header[textproto.CanonicalMIMEHeaderKey(name)] = append(r.Header.Values(name), value)
		}
	}
	return r
}

const rfcRequest = `Host: example.com
Date: Tue, 20 Apr 2021 02:07:55 GMT
Content-Type: application/json
Content-Digest: sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:
Content-Length: 18
`

const rfcProxied = `Host: origin.host.internal.example
Date: Tue, 20 Apr 2021 02:07:56 GMT
Content-Type: application/json
Content-Length: 18
Content-Digest: sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:
Forwarded: for=192.0.2.123;host=example.com;proto=https
`

// The vectors cover less than we require of a peer, so this goes below Parse:
// labels, base and signature, without the rules on what must be covered.
func TestRFC9421Vectors(t *testing.T) {
	tests := []struct {
		name, key, request, input, signature string
	}{
		{"B.2.1 minimal, rsa-pss-sha512", rfcRSAPSS, rfcRequest,
			`sig-b21=();created=1618884473;keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd"`,
			`sig-b21=:d2pmTvmbncD3xQm8E9ZV2828BjQWGgiwAaw5bAkgibUopemLJcWDy/lkbbHAve4cRAtx31Iq786U7it++wgGxbtRxf8Udx7zFZsckzXaJMkA7ChG52eSkFxykJeNqsrWH5S+oxNFlD4dzVuwe8DhTSja8xxbR/Z2cOGdCbzR72rgFWhzx2VjBqJzsPLMIQKhO4DGezXehhWwE56YCE+O6c0mKZsfxVrogUvA4HELjVKWmAvtl6UnCh8jYzuVG5WSb/QEVPnP5TmcAnLH1g+s++v6d4s8m0gCw1fV5/SITLq9mhho8K3+7EPYTU8IU1bLhdxO5Nyt8C8ssinQ98Xw9Q==:`},
		{"B.2.2 selective, with a query parameter", rfcRSAPSS, rfcRequest,
			`sig-b22=("@authority" "content-digest" "@query-param";name="Pet");created=1618884473;keyid="test-key-rsa-pss";tag="header-example"`,
			`sig-b22=:LjbtqUbfmvjj5C5kr1Ugj4PmLYvx9wVjZvD9GsTT4F7GrcQEdJzgI9qHxICagShLRiLMlAJjtq6N4CDfKtjvuJyE5qH7KT8UCMkSowOB4+ECxCmT8rtAmj/0PIXxi0A0nxKyB09RNrCQibbUjsLS/2YyFYXEu4TRJQzRw1rLEuEfY17SARYhpTlaqwZVtR8NV7+4UKkjqpcAoFqWFQh62s7Cl+H2fjBSpqfZUJcsIk4N6wiKYd4je2U/lankenQ99PZfB4jY3I5rSV2DSBVkSFsURIjYErOs0tFTQosMTAoxk//0RoKUqiYY8Bh0aaUEb0rQl3/XaVe4bXTugEjHSw==:`},
		{"B.2.3 full", rfcRSAPSS, rfcRequest,
			`sig-b23=("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" "content-length");created=1618884473;keyid="test-key-rsa-pss"`,
			`sig-b23=:bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yBiMIRGOnMYwZ/5MR6fb0Kh1rIRASVxFkeGt683+qRpRRU5p2voTp768ZrCUb38K0fUxN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/yPViV7KsLNmvKiLJH1pFkh/aYA2HXXZzNBXmIkoQoLd7YfW91kE9o/CCoC1xMy7JA1ipwvKvfrs65ldmlu9bpG6A9BmzhuzF8Eim5f8ui9eH8LZH896+QIF61ka39VBrohr9iyMUJpvRX2Zbhl5ZJzSRxpJyoEZAFL2FUo5fTIztsDZKEgM4cUA==:`},
		{"B.2.6 ed25519", rfcEd25519, rfcRequest,
			`sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"`,
			`sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:`},
		{"§4.3 rsa-v1_5-sha256, by a proxy", rfcRSA, rfcProxied,
			`proxy_sig=("@method" "@authority" "@path" "content-digest" "content-type" "content-length" "forwarded");created=1618884480;keyid="test-key-rsa";alg="rsa-v1_5-sha256";expires=1618884540`,
			`proxy_sig=:S6ZzPXSdAMOPjN/6KXfXWNO/f7V6cHm7BXYUh3YD/fRad4BCaRZxP+JH+8XY1I6+8Cy+CM5g92iHgxtRPz+MjniOaYmdkDcnL9cCpXJleXsOckpURl49GwiyUpZ10KHgOEe11sx3G2gxI8S0jnxQB+Pu68U9vVcasqOWAEObtNKKZd8tSFu7LB5YAv0RAGhB8tmpv7sFnIm9y+7X5kXQfi8NMaZaA8i2ZHwpBdg7a6CMfwnnrtflzvZdXAsD3LH2TwevU+/PBPv0B6NMNk93wUs/vfJvye+YuI87HU38lZHowtznbLVdp770I6VHR6WfgS9ddzirrswsE1w5o0LV/g==:`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := received("POST", "/foo?param=Value&Pet=dog", tt.request)
			r.Header.Set("Signature-Input", tt.input)
			r.Header.Set("Signature", tt.signature)
			s, input, err := parseLabel(r.Header)
			if err != nil {
				t.Fatal(err)
			}
			if got := input.String(); !strings.HasSuffix(tt.input, got) {
				t.Errorf("parameters written back: got %s, want the end of %s", got, tt.input)
			}
			if err := s.readParams(input, time.Unix(1618884480, 0)); err != nil {
				t.Fatal(err)
			}
			if s.bases, err = signatureBases(newMessage(r, "https"), input); err != nil {
				t.Fatal(err)
			}
			if err := s.Verify(nil, mustKey(t, tt.key)); err != nil {
				t.Errorf("got %v for the base\n%s", err, s.bases[0])
			}
			r.Header.Set("Content-Digest", strings.Repeat("x", 20))
			if s.bases, err = signatureBases(newMessage(r, "https"), input); err != nil {
				t.Fatal(err)
			}
			if err := s.Verify(nil, mustKey(t, tt.key)); covers(input, "content-digest") && err == nil {
				t.Error("still verifies after a covered header was changed")
			}
		})
	}
}

// RFC 9421 appendix B.4: what a proxy may and may not change.
func TestRFC9421Transformations(t *testing.T) {
	const input = `transform=("@method" "@path" "@authority" "accept");created=1618884473;keyid="test-key-ed25519"`
	const signature = `transform=:ZT1kooQsEHpZ0I1IjCqtQppOmIqlJPeo7DHR3SoMn0s5JZ1eRGS0A+vyYP9t/LXlh5QMFFQ6cpLt2m0pmj3NDA==:`
	tests := []struct {
		name, method, target, headers string
		want                          error
	}{
		{"as signed", "GET", "/demo?name1=Value1&Name2=value2", "Host: example.org\nAccept: application/json\nAccept: */*\n", nil},
		{"header and parameter added", "GET", "/demo?name1=Value1&Name2=value2&param=added", "Host: example.org\nAccept: application/json\nAccept: */*\nAccept-Language: en-US,en;q=0.5\n", nil},
		{"header lines joined", "GET", "/demo?name1=Value1&Name2=value2", "Host: example.org\nAccept: application/json, */*\n", nil},
		{"method and authority changed", "POST", "/demo?name1=Value1&Name2=value2", "Host: example.com\nAccept: application/json\nAccept: */*\n", ErrMismatch},
		{"covered lines reordered", "GET", "/demo?name1=Value1&Name2=value2", "Host: example.org\nAccept: */*\nAccept: application/json\n", ErrMismatch},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := received(tt.method, tt.target, tt.headers)
			r.Header.Set("Signature-Input", input)
			r.Header.Set("Signature", signature)
			s, in, err := parseLabel(r.Header)
			if err != nil {
				t.Fatal(err)
			}
			if s.bases, err = signatureBases(newMessage(r, "https"), in); err != nil {
				t.Fatal(err)
			}
			if err := s.Verify(nil, mustKey(t, rfcEd25519)); err != tt.want {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

// draft-cavage-12 appendix C. Its C.3 as printed was made without (created)
// and (expires), though it lists them; every implementation reads it so.
func TestCavageVectors(t *testing.T) {
	const request = `Host: example.com
Date: Sun, 05 Jan 2014 21:31:40 GMT
Content-Type: application/json
Digest: SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=
Content-Length: 18
`
	tests := []struct{ name, header, wantRefusal string }{
		{"C.1 default", `keyId="Test",algorithm="rsa-sha256",headers="date",signature="SjWJWbWN7i0wzBvtPl8rbASWz5xQW6mcJmn+ibttBqtifLN7Sazz6m79cNfwwb8DMJ5cou1s7uEGKKCs+FLEEaDV5lp7q25WqS+lavg7T8hc0GppauB6hbgEKTwblDHYGEtbGmtdHgVCk9SuS13F0hZ8FD0k/5OxEPXe5WozsbM="`,
			"the signature does not cover (request-target)"},
		{"C.2 basic", `keyId="Test",algorithm="rsa-sha256",headers="(request-target) host date",signature="qdx+H7PHHDZgy4y/Ahn9Tny9V3GP6YgBPyUXMmoxWtLbHpUnXS2mg2+SbrQDMCJypxBLSPQR2aAjn7ndmw2iicw3HMbe8VfEdKFYRqzic+efkb3nndiv/x1xSHDJWeSWkx3ButlYSuBskLu6kd9Fswtemr3lgdDEmn04swr2Os0="`,
			"the signature does not cover digest"},
		{"C.3 all headers", `keyId="Test",algorithm="rsa-sha256",headers="(request-target) host date content-type digest content-length",signature="vSdrb+dS3EceC9bcwHSo4MlyKS59iFIrhgYkz8+oVLEEzmYZZvRs8rgOp+63LEM3v+MFHB32NfpB2bEKBIvB1q52LaEUHFv120V01IL+TAD48XaERZFukWgHoBTLMhYS2Gb51gWxpeIq8knRmPnYePbF5MOkR0Zkly4zKH7s1dE="`,
			""},
	}
	now := time.Date(2014, 1, 5, 21, 31, 41, 0, time.UTC)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := received("POST", "/foo?param=value&pet=dog", request)
			p, err := parseCavageParams(tt.header)
			if err != nil {
				t.Fatal(err)
			}
			base, err := p.base(newMessage(r, "https"), r.RequestURI)
			if err != nil {
				t.Fatal(err)
			}
			if !rsaSHA256.verify(mustKey(t, cavageRSA), []byte(base), p.signature) {
				t.Errorf("does not verify over\n%s", base)
			}
			r.Header.Set("Signature", tt.header)
			s, err := Parse(r, now)
			if tt.wantRefusal != "" {
				if err == nil || err.Error() != tt.wantRefusal {
					t.Errorf("Parse: got %v, want %q", err, tt.wantRefusal)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Verify([]byte(vectorBody), mustKey(t, cavageRSA)); err != nil {
				t.Errorf("Verify: %v", err)
			}
			if err := s.Verify(bytes.ToUpper([]byte(vectorBody)), mustKey(t, cavageRSA)); err == nil {
				t.Error("Verify accepts another body")
			}
		})
	}
}
