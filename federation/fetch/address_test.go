package fetch

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

func newClient(t testing.TB, c Config) *Client {
	t.Helper()
	c.UserAgent = "test"
	client, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

func wantKind(t testing.TB, err error, kind Kind) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Kind != kind {
		t.Fatalf("got %v (%+v), want kind %d", err, e, kind)
	}
	return e
}

// Attacks 1 and 2, at the moment of dialling.
func TestGuardRefusesEveryRangeThatIsNotPublic(t *testing.T) {
	refused := []string{
		"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254",
		"169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1",
		"198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
		"::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1",
		"100::1", "2001::1", "2001:0:4136:e378::1", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::1", "3fff::1",
		"5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
	}
	c := &Config{}
	control := newDialer(*c).Control
	for _, text := range refused {
		addr := netip.MustParseAddr(text)
		if c.checkAddress(addr) == nil {
			t.Errorf("%s passes", text)
		}
		if control("tcp", netip.AddrPortFrom(addr, 443).String(), nil) == nil {
			t.Errorf("%s passes at dial", text)
		}
	}
	for _, text := range []string{"1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.15.255.255", "172.32.0.1", "198.17.255.255", "198.20.0.1", "223.255.255.255", "::ffff:8.8.8.8", "2606:4700::1111", "2a00:1450::1"} {
		if err := c.checkAddress(netip.MustParseAddr(text)); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestAllowPrivateAndDialOnly(t *testing.T) {
	allow := &Config{AllowPrivate: loopback}
	only := &Config{DialOnly: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("8.8.8.0/24")}}
	tests := []struct {
		config *Config
		addr   string
		ok     bool
	}{
		{allow, "127.0.0.5", true}, {allow, "::ffff:127.0.0.5", true}, {allow, "10.0.0.1", false}, {allow, "8.8.8.8", true}, {allow, "::1", false},
		{only, "10.1.2.3", true}, {only, "8.8.8.8", true}, {only, "10.2.0.1", false}, {only, "1.1.1.1", false}, {only, "127.0.0.1", false},
	}
	for _, tt := range tests {
		if err := tt.config.checkAddress(netip.MustParseAddr(tt.addr)); (err == nil) != tt.ok {
			t.Errorf("%s: got %v, want allowed %v", tt.addr, err, tt.ok)
		}
	}
}

// countingServer is a server on loopback that must not be reached.
func countingServer(t *testing.T) (*httptest.Server, *atomic.Int64) {
	var hits atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hits.Add(1)
		w.Header().Set("Content-Type", "application/activity+json")
		_, _ = w.Write([]byte(`{}`))
	}))
	t.Cleanup(s.Close)
	return s, &hits
}

func TestPrivateServersAreNeverAsked(t *testing.T) {
	s, hits := countingServer(t)
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	client := newClient(t, Config{PlainHTTP: true})
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "[::1]", "0.0.0.0", "[::]"} {
		uri := "http://" + host + ":" + port + "/"
		_, err := client.Object(context.Background(), uri)
		wantKind(t, err, Refused)
		_, err = client.JSON(context.Background(), uri, "application/json")
		wantKind(t, err, Refused)
		_, err = client.Post(context.Background(), uri, []byte("{}"), nil)
		wantKind(t, err, Refused)
	}
	if n := hits.Load(); n != 0 {
		t.Errorf("the server got %d requests, want none", n)
	}
}

// rebindingResolver answers each A query with the next of the addresses.
func rebindingResolver(t *testing.T, answers ...string) *net.Resolver {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		buf, n := make([]byte, 1500), 0
		for {
			size, peer, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:size]) != nil {
				continue
			}
			q := m.Questions[0]
			reply := dnsmessage.Message{Header: dnsmessage.Header{ID: m.ID, Response: true, Authoritative: true}, Questions: m.Questions}
			if q.Type == dnsmessage.TypeA {
				addr := netip.MustParseAddr(answers[min(n, len(answers)-1)])
				n++
				reply.Answers = []dnsmessage.Resource{{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class},
					Body:   &dnsmessage.AResource{A: addr.As4()},
				}}
			}
			packed, err := reply.Pack()
			if err == nil {
				_, _ = conn.WriteTo(packed, peer)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

// Attack 3: the name answers with an allowed address first, then with one of
// our own network. What counts is what each connection goes to.
func TestRebindingGainsNothing(t *testing.T) {
	s, hits := countingServer(t) // on 127.0.0.1
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	inner, err := net.Listen("tcp", "127.0.0.2:"+port)
	if err != nil {
		t.Skip("this system has no 127.0.0.2: ", err)
	}
	var reached atomic.Int64
	go func() {
		_ = http.Serve(inner, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	}()
	t.Cleanup(func() { inner.Close() })

	client := newClient(t, Config{
		PlainHTTP: true,
		DialOnly:  []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")},
		Resolver:  rebindingResolver(t, "127.0.0.1", "127.0.0.2"),
	})
	uri := "http://rebind.example:" + port + "/"
	if _, err := client.Object(context.Background(), uri); err != nil {
		t.Fatalf("the first, allowed address: %v", err)
	}
	client.Close() // the kept connection, so that the name is resolved again
	_, err = client.Object(context.Background(), uri)
	e := wantKind(t, err, Refused)
	if !strings.Contains(e.Error(), "127.0.0.2") {
		t.Errorf("got %q, want the refused address named", e)
	}
	if hits.Load() != 1 || reached.Load() != 0 {
		t.Errorf("got %d requests at the allowed and %d at the inner address, want 1 and 0", hits.Load(), reached.Load())
	}
}

func TestAddressesRefusedBeforeResolving(t *testing.T) {
	client := newClient(t, Config{})
	for _, uri := range []string{
		"http://a.example/", "https://a.example:22/", "https://a.example:25/", "https://a.example:1023/", "https://user@a.example/",
		"file:///etc/passwd", "https://127.1/", "https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest/meta-data/",
	} {
		_, err := client.Object(context.Background(), uri)
		wantKind(t, err, Refused)
	}
}

// dialAlways is a Config.Dial for which every name leads to one address.
func dialAlways(address string) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, address)
	}
}
