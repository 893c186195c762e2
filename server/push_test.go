package server_test

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"math/big"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"seedling/federation/fedtest"
)

// pushed is a message as a push service got it.
type pushed struct {
	header http.Header
	body   []byte
}

// pushService is a push service of the test network; it answers with what is in
// answer, which may be changed between messages.
func pushService(t *testing.T, network *fedtest.Network, host string, answer chan int) chan pushed {
	t.Helper()
	got := make(chan pushed, 10)
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- pushed{r.Header, body}
		w.WriteHeader(<-answer)
	})}
	go s.Serve(network.Listen(host))
	t.Cleanup(func() { s.Close() })
	return got
}

// decrypt does what a browser does (RFC 8291 §3.4, RFC 8188 §2).
func decrypt(t *testing.T, body []byte, key *ecdh.PrivateKey, auth []byte) []byte {
	t.Helper()
	if len(body) < 86 || body[20] != 65 {
		t.Fatalf("%d bytes are no message", len(body))
	}
	salt, sender, text := body[:16], body[21:86], body[86:]
	their, err := ecdh.P256().NewPublicKey(sender)
	if err != nil {
		t.Fatal(err)
	}
	shared, err := key.ECDH(their)
	if err != nil {
		t.Fatal(err)
	}
	derive := func(secret, salt []byte, info string, n int) []byte {
		b, err := hkdf.Key(sha256.New, secret, salt, info, n)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	ikm := derive(shared, auth, "WebPush: info\x00"+string(key.PublicKey().Bytes())+string(sender), 32)
	block, err := aes.NewCipher(derive(ikm, salt, "Content-Encoding: aes128gcm\x00", 16))
	if err != nil {
		t.Fatal(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := aead.Open(nil, derive(ikm, salt, "Content-Encoding: nonce\x00", 12), text, nil)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(strings.TrimRight(string(plain), "\x00\x02"))
}

// told is what a message says. Apps in Swift are strict: a number is none in quotes.
type told struct {
	Token  string `json:"access_token"`
	ID     int64  `json:"notification_id"`
	Type   string `json:"notification_type"`
	Locale string `json:"preferred_locale"`
	Title  string `json:"title"`
	Body   string `json:"body"`
	Path   string `json:"path"`
}

func readTold(t *testing.T, text []byte) (m told) {
	t.Helper()
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// receiverKeys are what an app decrypts with.
func receiverKeys(t *testing.T) (key *ecdh.PrivateKey, auth []byte) {
	t.Helper()
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	auth = make([]byte, 16)
	rand.Read(auth)
	return key, auth
}

// TestPush subscribes an app, is told of what it wants alone, and ends when the
// push service says so.
func TestPush(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	in := start(t, network, "here.example")
	answer := make(chan int, 10)
	got := pushService(t, network, "push.example", answer)
	c, bob := in.signIn(in.member("mira"), "read write push"), in.signIn(in.member("bob"), "read write")
	key, auth := receiverKeys(t)
	const path = "/api/v1/push/subscription"
	subscription := func(change ...string) url.Values {
		q := url.Values{"subscription[endpoint]": {"https://push.example/for/mira"}, "subscription[keys][p256dh]": {base64.URLEncoding.EncodeToString(key.PublicKey().Bytes())},
			"subscription[keys][auth]": {base64.RawURLEncoding.EncodeToString(auth)}, "subscription[standard]": {"true"}, "data[alerts][mention]": {"true"}, "data[alerts][favourite]": {"false"}}
		for i := 0; i+1 < len(change); i += 2 {
			q.Set(change[i], change[i+1])
		}
		return q
	}
	c.ask("GET", path, nil).wants(404)
	bob.ask("POST", path, subscription()).wants(403)
	for name, value := range map[string]string{"subscription[endpoint]": "http://push.example/", "subscription[keys][p256dh]": "AAAA", "subscription[keys][auth]": "", "data[policy]": "some"} {
		c.ask("POST", path, subscription(name, value)).wants(422)
	}
	a := c.ask("POST", path, subscription()).wants(200)
	if a.at("alerts", "mention") != true || a.at("alerts", "favourite") != false || a.text("policy") != "all" || a.text("endpoint") != "https://push.example/for/mira" || a.at("standard") != true {
		t.Errorf("subscription: %s", a.body)
	}
	if instance := c.ask("GET", "/api/v2/instance", nil).text("configuration", "vapid", "public_key"); instance == "" || instance != a.text("server_key") {
		t.Errorf("the instance's key is %q, the subscription's %q", instance, a.text("server_key"))
	}
	mine := c.post("like this", "public")
	bob.ask("POST", "/api/v1/statuses/"+mine+"/favourite", nil).wants(200) // not wanted
	answer <- 201
	bob.post("hello @mira, how are you?", "public")
	p := awaitPush(t, got)
	if p.header.Get("Content-Encoding") != "aes128gcm" || p.header.Get("TTL") == "" || !strings.HasPrefix(p.header.Get("Authorization"), "vapid t=") {
		t.Errorf("headers %v", p.header)
	}
	m := readTold(t, decrypt(t, p.body, key, auth))
	if m.Type != "mention" || m.Title != "bob mentioned you" || !strings.Contains(m.Body, "how are you?") || m.Token != c.token || m.Path != "" {
		t.Errorf("message %+v", m)
	}
	if n := c.ask("GET", "/api/v1/notifications/"+strconv.FormatInt(m.ID, 10), nil).wants(200); n.text("type") != "mention" {
		t.Errorf("it is about %s", n.body)
	}
	rounded := strconv.FormatFloat(float64(m.ID), 'f', -1, 64) // as JavaScript writes it
	if n := c.ask("GET", "/api/v1/notifications/"+rounded, nil).wants(200); n.text("id") != strconv.FormatInt(m.ID, 10) {
		t.Errorf("rounded to %s, it is about %s", rounded, n.body)
	}
	c.ask("GET", "/api/v1/notifications/"+strconv.FormatInt(m.ID+2*64, 10), nil).wants(404)
	c.ask("PUT", path, url.Values{"data[alerts][favourite]": {"true"}, "policy": {"none"}}).wants(200)
	bob.ask("POST", "/api/v1/statuses/"+c.post("and this", "public")+"/favourite", nil).wants(200) // of nobody
	if a := c.ask("PUT", path, url.Values{"data[alerts][favourite]": {"true"}, "policy": {"all"}}).wants(200); a.at("alerts", "mention") != false || a.at("alerts", "favourite") != true {
		t.Errorf("changed: %s", a.body)
	}
	answer <- 410
	bob.ask("POST", "/api/v1/statuses/"+c.post("and that", "public")+"/favourite", nil).wants(200)
	awaitPush(t, got)
	for begin := time.Now(); c.ask("GET", path, nil).status != 404; {
		if time.Since(begin) > streamWait {
			t.Fatal("a subscription that is gone stays")
		}
	}
	c.ask("DELETE", path, nil).wants(200)
	if len(got) > 0 {
		t.Errorf("%d more messages came", len(got))
	}
}

// decryptDraft does what an app does that knows the draft alone
// (draft-ietf-webpush-encryption-04 §4.2, draft-ietf-httpbis-encryption-encoding-03).
func decryptDraft(t *testing.T, p pushed, key *ecdh.PrivateKey, auth []byte) []byte {
	t.Helper()
	field := func(header, name string) []byte {
		for part := range strings.SplitSeq(p.header.Get(header), ";") {
			if text, ok := strings.CutPrefix(part, name+"="); ok {
				if b, err := base64.RawURLEncoding.DecodeString(text); err == nil {
					return b
				}
			}
		}
		t.Fatalf("%s of %s is missing: %v", name, header, p.header)
		return nil
	}
	derive := func(secret, salt []byte, info string, n int) []byte {
		b, err := hkdf.Key(sha256.New, secret, salt, info, n)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	sender, salt := field("Crypto-Key", "dh"), field("Encryption", "salt")
	their, err := ecdh.P256().NewPublicKey(sender)
	if err != nil {
		t.Fatal(err)
	}
	shared, err := key.ECDH(their)
	if err != nil {
		t.Fatal(err)
	}
	ikm := derive(shared, auth, "Content-Encoding: auth\x00", 32)
	pair := "P-256\x00\x00\x41" + string(key.PublicKey().Bytes()) + "\x00\x41" + string(sender)
	block, err := aes.NewCipher(derive(ikm, salt, "Content-Encoding: aesgcm\x00"+pair, 16))
	if err != nil {
		t.Fatal(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := aead.Open(nil, derive(ikm, salt, "Content-Encoding: nonce\x00"+pair, 12), p.body, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(plain) < 2 || plain[0] != 0 || plain[1] != 0 {
		t.Fatalf("padding before %q", plain)
	}
	return plain[2:]
}

// vapidSigned checks who a push says that it is from (RFC 7515 §5.2 with ES256).
func vapidSigned(t *testing.T, token, serverKey string) map[string]any {
	t.Helper()
	signed, signature := token[:strings.LastIndex(token, ".")], token[strings.LastIndex(token, ".")+1:]
	b, err := base64.RawURLEncoding.DecodeString(signature)
	point, errKey := base64.RawURLEncoding.DecodeString(serverKey)
	if err != nil || errKey != nil || len(b) != 64 {
		t.Fatalf("token %s, key %s", token, serverKey)
	}
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(signed))
	if !ecdsa.Verify(public, sum[:], new(big.Int).SetBytes(b[:32]), new(big.Int).SetBytes(b[32:])) {
		t.Error("the signature is not of the server's key")
	}
	_, claims, _ := strings.Cut(signed, ".")
	text, err := base64.RawURLEncoding.DecodeString(claims)
	if err != nil {
		t.Fatal(err)
	}
	var v map[string]any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// TestPushAsInTheDraft: an app that does not say that it knows the standard gets
// what its relay reads, as with Mastodon.
func TestPushAsInTheDraft(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	in := start(t, network, "here.example")
	answer := make(chan int, 10)
	got := pushService(t, network, "relay.example", answer)
	c, bob := in.signIn(in.member("mira"), "read write push"), in.signIn(in.member("bob"), "read write")
	key, auth := receiverKeys(t)
	a := c.ask("POST", "/api/v1/push/subscription", url.Values{"subscription[endpoint]": {"https://relay.example/relay-to/fcm/token"},
		"subscription[keys][p256dh]": {base64.URLEncoding.EncodeToString(key.PublicKey().Bytes())}, "subscription[keys][auth]": {base64.URLEncoding.EncodeToString(auth)},
		"data[alerts][mention]": {"true"}}).wants(200)
	if a.at("standard") != false {
		t.Errorf("subscription: %s", a.body)
	}
	answer <- 201
	bob.post("hello @mira, how are you?", "public")
	p := awaitPush(t, got)
	token, ok := strings.CutPrefix(p.header.Get("Authorization"), "WebPush ")
	if !ok || p.header.Get("Content-Encoding") != "aesgcm" || p.header.Get("TTL") == "" || !strings.HasSuffix(p.header.Get("Crypto-Key"), ";p256ecdsa="+a.text("server_key")) {
		t.Fatalf("headers %v", p.header)
	}
	if claims := vapidSigned(t, token, a.text("server_key")); claims["aud"] != "https://relay.example" || claims["sub"] != "https://here.example" {
		t.Errorf("claims %v", claims)
	}
	m := readTold(t, decryptDraft(t, p, key, auth))
	if m.Type != "mention" || m.Title != "bob mentioned you" || !strings.Contains(m.Body, "how are you?") || m.Token != c.token {
		t.Errorf("message %+v", m)
	}
}

// TestPushToABrowser wakes a browser that has no app: in the language of its
// page, with the page to open, until its session ends.
func TestPushToABrowser(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	in := start(t, network, "here.example")
	answer := make(chan int, 10)
	got := pushService(t, network, "push.example", answer)
	mira, bob := in.member("mira"), in.member("bob")
	key, auth := receiverKeys(t)
	const page, form = "/settings/notifications", "/settings/notifications/browser"
	mira.open("/settings/appearance")
	mira.submit("/settings/appearance", map[string]string{"locale": "fr"})
	mira.open(page)
	mira.submit(form, map[string]string{"endpoint": "https://push.example/mira", "p256dh": base64.RawURLEncoding.EncodeToString(key.PublicKey().Bytes()), "auth": base64.RawURLEncoding.EncodeToString(auth)})
	if mira.page.status != http.StatusOK || !strings.Contains(mira.page.text, "Ce navigateur est averti") {
		t.Fatalf("subscribed: %d %.800s", mira.page.status, mira.page.text)
	}
	answer <- 201
	id := bob.write("hello @mira, how are you?", "public")
	m := readTold(t, decrypt(t, awaitPush(t, got).body, key, auth))
	if m.Locale != "fr" || m.Title != "bob vous a mentionné·e" || m.Path != "/@bob/"+id || !strings.Contains(m.Body, "how are you?") || m.Token != "" {
		t.Errorf("message %+v", m)
	}
	mira.open("/home")
	mira.press("/logout")
	bob.write("gone, @mira?", "public")
	user, err := in.db.UserByName(t.Context(), "mira")
	if err != nil {
		t.Fatal(err)
	}
	if list, err := in.db.Woken(t.Context(), user.Account.ID); err != nil || len(list) != 0 {
		t.Errorf("woken after the session: %v, %v", list, err)
	}
}

func awaitPush(t *testing.T, got chan pushed) pushed {
	t.Helper()
	select {
	case p := <-got:
		return p
	case <-time.After(streamWait):
		t.Fatal("nothing was pushed")
		panic("not reached")
	}
}
