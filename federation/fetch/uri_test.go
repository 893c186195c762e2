package fetch

import (
	"context"
	"strings"
	"testing"
)

func TestNormaliseURI(t *testing.T) {
	tests := []struct{ in, want string }{
		{"https://a.example/users/Bob", "https://a.example/users/Bob"},
		{"HTTPS://A.Example./Users?Q=1#Main", "https://a.example/Users?Q=1#Main"},
		{"https://a.example:443/x", "https://a.example/x"},
		{"https://a.example:0443/x", "https://a.example/x"},
		{"http://a.example:80", "http://a.example"},
		{"http://a.example:443/", "http://a.example:443/"},
		{"https://a.example:8443/", "https://a.example:8443/"},
		{"https://a.example:/", "https://a.example/"},
		{"https://bücher.example/ü%C3%BC", "https://xn--bcher-kva.example/ü%C3%BC"},
		{"https://XN--BCHER-KVA.example", "https://xn--bcher-kva.example"},
		{"https://faß.example/", "https://xn--fa-hia.example/"},
		{"https://my_host.example/", "https://my_host.example/"},
		{"https://a.example?x", "https://a.example?x"},
		{"https://a.example/~m//../x", "https://a.example/~m//../x"},
		{"https://[2001:0DB8::1]:443/", "https://[2001:db8::1]/"},
		{"https://192.0.2.1:8080/", "https://192.0.2.1:8080/"},
		{"https://1.2.3.example/", "https://1.2.3.example/"},
	}
	for _, tt := range tests {
		got, err := NormaliseURI(tt.in)
		if err != nil || got != tt.want {
			t.Errorf("%s: got %q, %v; want %q", tt.in, got, err, tt.want)
		}
		if again, err := NormaliseURI(got); err != nil || again != got {
			t.Errorf("%s: normalised twice gives %q, %v", got, again, err)
		}
	}
}

// Attacks 2, 7 and 51.
func TestNormaliseURIRefuses(t *testing.T) {
	for _, in := range []string{
		"", "a.example", "//a.example/", "ftp://a.example/", "file:///etc/passwd", "data:text/plain,x", "gopher://a.example",
		"javascript:alert(1)", "https:a.example", "https:///x", "https://", "https://./", "https://a..example/",
		"https://user@a.example/", "https://user:pw@a.example/", "https://a.example@b.example/", `https://a.example\@b.example/`,
		"https://a.example:x/", "https://a.example:0/", "https://a.example:65536/", "https://a.example:-1/",
		"https://ex%61mple.com/", "https://a.example%00.b.example/", "https://a b.example/", "https://a.example/ x", "https://a.example/\n",
		"https://a.example/\x00", "https://a.example/\xff", "https://a.example/%zz",
		"https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0x7f.0.0.1/", "https://0177.0.0.1/", "https://127.0.0.1.2/",
		"https://[::1/", "https://[fe80::1%25eth0]/", "https://[127.0.0.1]/", "https://::1/", "https://１２７.１/", "https://a.example../",
		"https://" + strings.Repeat("ü.", 300) + "example/",
		"https://a.example/" + strings.Repeat("x", maxURI),
	} {
		if got, err := NormaliseURI(in); err == nil {
			t.Errorf("%.60q: got %q, want a refusal", in, got)
		}
	}
}

func TestOrigins(t *testing.T) {
	tests := []struct {
		a, b string
		want bool
	}{
		{"https://a.example/1", "https://A.example:443/2", true},
		{"https://a.example/1", "http://a.example/1", false},
		{"https://a.example/1", "https://a.example:8443/1", false},
		{"https://a.example/1", "https://a.example.evil.example/1", false},
		{"https://a.example/1", "https://evil.example/https://a.example/1", false},
		{"https://bücher.example/", "https://xn--bcher-kva.example/", true},
		{"rubbish", "rubbish", false},
		{"", "", false},
	}
	for _, tt := range tests {
		if got := SameOrigin(tt.a, tt.b); got != tt.want {
			t.Errorf("SameOrigin(%q, %q): got %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
	if got, want := HostOf("https://A.example:8443?x"), "a.example:8443"; got != want {
		t.Errorf("HostOf: got %q, want %q", got, want)
	}
}

func FuzzNormaliseURI(f *testing.F) {
	for _, seed := range []string{"https://a.example:443/x#y", "http://[::1]:80", "https://BÜCHER.example./", "https://0x7f/", "https://a.example\\@b/"} {
		f.Add(seed)
	}
	client := newClient(f, Config{})
	f.Fuzz(func(t *testing.T, in string) {
		got, err := NormaliseURI(in)
		if err != nil {
			return
		}
		again, err := NormaliseURI(got)
		if err != nil || again != got {
			t.Fatalf("%q gives %q, which gives %q, %v", in, got, again, err)
		}
		target, err := client.target(context.Background(), got)
		if err == nil && target.Host != HostOf(got) {
			t.Fatalf("%q: net/url sees the host %q, we see %q", got, target.Host, HostOf(got))
		}
	})
}
