package fedtest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// Network is an internet of its own for one test: host names that lead to
// listeners on loopback, and certificates for them that its clients trust.
// Nothing in it reaches another machine.
//
//	network := fedtest.NewNetwork(t)
//	go http.Serve(network.Listen("a.example"), serverUnderTest)
//	remote := network.Server("mastodon.example")
//	client, err := fetch.New(fetch.Config{Dial: network.Dial, RootCAs: network.RootCAs(), ...})
type Network struct {
	t    testing.TB
	ca   *x509.Certificate
	key  *ecdsa.PrivateKey // of the authority and of every certificate
	pool *x509.CertPool

	mu     sync.Mutex
	hosts  map[string]string // host:port as dialled -> address on loopback
	down   map[string]bool   // host:port that refuse connections
	certs  map[string]*tls.Certificate
	serial int64
}

// NewNetwork makes an empty network that ends with the test.
func NewNetwork(t testing.TB) *Network {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	n := &Network{
		t: t, key: key, pool: x509.NewCertPool(),
		hosts: map[string]string{}, down: map[string]bool{}, certs: map[string]*tls.Certificate{},
	}
	template := n.template("fedtest authority")
	template.IsCA, template.BasicConstraintsValid = true, true
	template.KeyUsage = x509.KeyUsageCertSign
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	if n.ca, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	n.pool.AddCert(n.ca)
	return n
}

func (n *Network) template(name string) *x509.Certificate {
	n.serial++
	return &x509.Certificate{
		SerialNumber: big.NewInt(n.serial),
		Subject:      pkix.Name{CommonName: name},
		// Wide, so that tests with a clock of their own can set it.
		NotBefore: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:  time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC),
	}
}

// Listen gives a host to whoever serves on the listener: TLS on port 443, or
// on the port in the name ("a.example:8443"). It is closed with the test.
func (n *Network) Listen(host string) net.Listener {
	n.t.Helper()
	l := n.listen(withPort(host, "443"))
	return tls.NewListener(l, &tls.Config{GetCertificate: n.certificate, NextProtos: []string{"http/1.1"}})
}

// ListenPlain is Listen without TLS, on port 80 unless the name has one.
func (n *Network) ListenPlain(host string) net.Listener {
	n.t.Helper()
	return n.listen(withPort(host, "80"))
}

func (n *Network) listen(address string) net.Listener {
	n.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		n.t.Fatal(err)
	}
	n.t.Cleanup(func() { l.Close() })
	n.mu.Lock()
	defer n.mu.Unlock()
	if _, taken := n.hosts[address]; taken {
		n.t.Logf("fedtest: %s moves to a new listener", address)
	}
	n.hosts[address] = l.Addr().String()
	return l
}

// Alias lets a second name lead to whoever serves a host.
func (n *Network) Alias(alias, host string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.hosts[withPort(alias, "443")] = n.hosts[withPort(host, "443")]
}

func withPort(host, port string) string {
	if _, _, err := net.SplitHostPort(host); err == nil {
		return strings.ToLower(host)
	}
	return net.JoinHostPort(strings.ToLower(host), port)
}

// certificate issues one for any name that a client asks for.
func (n *Network) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	name := hello.ServerName
	if cert := n.certs[name]; cert != nil {
		return cert, nil
	}
	template := n.template(name)
	template.DNSNames = []string{name}
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	der, err := x509.CreateCertificate(rand.Reader, template, n.ca, n.key.Public(), n.key)
	if err != nil {
		return nil, err
	}
	n.certs[name] = &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: n.key}
	return n.certs[name], nil
}

// Dial connects to a host of the network; it fits fetch.Config and
// http.Transport. Names that nobody has taken do not resolve.
func (n *Network) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	n.mu.Lock()
	to, known := n.hosts[strings.ToLower(address)]
	down := n.down[strings.ToLower(address)]
	n.mu.Unlock()
	if !known {
		host, _, _ := net.SplitHostPort(address)
		return nil, &net.OpError{Op: "dial", Net: network, Err: &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}}
	}
	if down {
		return nil, &net.OpError{Op: "dial", Net: network, Err: errDown}
	}
	var d net.Dialer
	return d.DialContext(ctx, network, to)
}

// SetDown makes a host refuse new connections, or take them again.
func (n *Network) SetDown(host string, down bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.down[withPort(host, "443")] = down
	n.down[withPort(host, "80")] = down
}

// RootCAs holds the authority that signed every host's certificate.
func (n *Network) RootCAs() *x509.CertPool { return n.pool }

// Client is a plain client within the network, without cookies. It does not
// follow redirects, so that tests see them.
func (n *Network) Client() *http.Client {
	transport := &http.Transport{
		DialContext:     n.Dial,
		TLSClientConfig: &tls.Config{RootCAs: n.pool},
	}
	n.t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{
		Transport:     transport,
		Timeout:       30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Server starts a remote server that plays the given host.
func (n *Network) Server(host string) *Server {
	n.t.Helper()
	return New(n.t, On(n, host))
}
