package server_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/html"

	"seedling/federation/fedtest"
	"seedling/server"
	"seedling/store"
	"seedling/store/storetest"
)

const password = "correct horse battery"

// instance is a whole server under a host name of a test network.
type instance struct {
	t    *testing.T
	host string
	net  *fedtest.Network
	out  *output
	db   *store.DB
}

// output collects what a server prints.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

// start runs a server until the test ends, which has an owner.
func start(t *testing.T, network *fedtest.Network, host string) *instance {
	t.Helper()
	return startWith(t, network, host, func(*server.Config) {})
}

// startWith is start with another configuration.
func startWith(t *testing.T, network *fedtest.Network, host string, change func(*server.Config)) *instance {
	t.Helper()
	in := run(t, network, host, change)
	_, err := in.db.SetUp(t.Context(), storetest.NewUser(t, "boss_of_this", store.Owner), map[string]string{"name": "Server " + host, "registrations": "open"})
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// run runs a server that nobody has set up.
func run(t *testing.T, network *fedtest.Network, host string, change func(*server.Config)) *instance {
	t.Helper()
	in := &instance{t: t, host: host, net: network, out: &output{}}
	logs := &output{}
	log := slog.New(slog.NewTextHandler(logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	c := server.Config{Data: t.TempDir(), URL: "https://" + host, Listener: network.Listen(host),
		Dial: network.Dial, RootCAs: network.RootCAs(), NoRateLimits: true, Log: log, Out: in.out}
	change(&c)
	storetest.Found(t, server.DatabasePath(c.Data), c.URL, c.AccountDomain)
	s, err := server.New(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	in.db = s.DB()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("%s ended with %v", host, err)
		}
		if t.Failed() {
			t.Logf("log of %s:\n%s", host, lastLines(logs.String(), 60))
		}
	})
	return in
}

func lastLines(text string, n int) string {
	lines := strings.Split(text, "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

var setUpLink = regexp.MustCompile(`https?://\S+/setup\?key=\S+`)

// setUp does it as the person who started the server would.
func (in *instance) setUp() *instance {
	in.t.Helper()
	b := in.browser()
	b.waitFor("/about", "be up", func(p *page) bool { return setUpLink.MatchString(in.out.String()) })
	link := setUpLink.FindString(in.out.String())
	if p := b.open(link); p.status != http.StatusOK {
		in.t.Fatalf("set-up link answers %d: %.300s", p.status, p.text)
	}
	b.submit("/setup", map[string]string{"name": "boss_of_this", "password": password, "title": "Server " + in.host, "join_mode": "open"})
	if b.page.path != "/setup/3" {
		in.t.Fatalf("after set-up at %s: %.300s", b.page.path, b.page.text)
	}
	if p := in.browser().open(link); p.status == http.StatusOK {
		in.t.Error("the set-up link works twice")
	}
	return in
}

func (in *instance) browser() *browser {
	return newBrowser(in.t, "https://"+in.host, in.net.Client().Transport)
}

// member makes somebody, and returns their browser, which is logged in.
func (in *instance) member(name string) *browser {
	in.t.Helper()
	secret, err := in.db.CreateSession(in.t.Context(), storetest.Member(in.t, in.db, name).ID, "Tests", "127.0.0.1")
	if err != nil {
		in.t.Fatal(err)
	}
	b := in.browser()
	b.client.Jar.SetCookies(&url.URL{Scheme: "https", Host: in.host}, []*http.Cookie{{Name: "__Host-seedling-session", Value: secret, Path: "/", Secure: true}})
	return b
}

// join signs a person up through the pages and returns their browser.
func (in *instance) join(name string) *browser {
	in.t.Helper()
	b := in.browser()
	b.open("/join")
	b.submit("/join", map[string]string{"name": name, "password": password})
	if p := b.open("/home"); p.path != "/home" {
		in.t.Fatalf("%s is not logged in after joining: %s", name, p.path)
	}
	return b
}

// write posts through the composer and returns the post's id here.
func (b *browser) write(text, visibility string) string {
	b.t.Helper()
	b.open("/compose")
	b.submit("/posts", map[string]string{"text": text, "visibility": visibility})
	if b.page.status != http.StatusOK {
		b.t.Fatalf("posting %q: %d %.300s", text, b.page.status, b.page.text)
	}
	first, _, _ := strings.Cut(text, " @") // a mention is shown without its host
	return b.ownPost(first)
}

// ownPost finds a post of the logged-in member by its text.
func (b *browser) ownPost(text string) string {
	b.t.Helper()
	me := b.open("/home").link("/@")
	for _, path := range []string{me, me + "/replies"} {
		if id := b.open(path).postID(text); id != "" {
			return id
		}
	}
	b.t.Fatalf("own post %q is not on the profile", text)
	return ""
}

// getJSON fetches an ActivityStreams document without a signature.
func (in *instance) getJSON(path string) (int, string) {
	in.t.Helper()
	r, err := http.NewRequest(http.MethodGet, "https://"+in.host+path, nil)
	if err != nil {
		in.t.Fatal(err)
	}
	r.Header.Set("Accept", "application/activity+json")
	resp, err := in.net.Client().Do(r)
	if err != nil {
		in.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		in.t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// TestTwoServers walks what people on two servers do with each other, through
// the pages that they open, in both directions.
func TestTwoServers(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	plain := func(*server.Config) {}
	a, b := run(t, network, "a.example", plain).setUp(), run(t, network, "b.example", plain).setUp()
	for _, way := range []struct{ from, to *instance }{{a, b}, {b, a}} {
		t.Run("from "+way.from.host, func(t *testing.T) { walk(t, way.from, way.to) })
	}
}

func walk(t *testing.T, here, there *instance) {
	n := strings.ReplaceAll(here.host, ".example", "")
	alice, carol := here.join("alice_"+n), here.join("carol_"+n) // the readers
	bob, dora := there.join("bob_"+n), there.join("dora_"+n)     // the writers
	visitor := there.browser()
	for _, b := range []*browser{alice, carol, bob, dora, visitor} {
		b.t = t
	}
	bobAt := fmt.Sprintf("/@bob_%s@%s", n, there.host)
	bobHome := "/@bob_" + n
	aliceAt := fmt.Sprintf("@alice_%s@%s", n, here.host)

	t.Log("look up and follow")
	early := bob.write("written before anybody followed "+n, "public")
	alice.open("/search?q=" + strings.TrimPrefix(bobAt, "/"))
	if alice.page.path != bobAt {
		alice.sees(bobAt, "bob_"+n)
	}
	alice.sees(bobAt, "written before anybody followed "+n)
	alice.press(bobAt + "/follow")
	bob.sees("/notifications", "alice_"+n)
	bob.sees(bobHome+"/followers", "alice_"+n)
	alice.sees("/home", "written before anybody followed "+n)

	t.Log("each visibility")
	public := bob.write("to all "+n, "public")
	bob.write("quietly "+n, "unlisted")
	private := bob.write("to followers "+n, "followers")
	direct := bob.write("between us "+n+" "+aliceAt, "direct")
	bob.write("only here "+n, "local")
	alice.sees("/home", "to all "+n, "quietly "+n, "to followers "+n)
	alice.sees("/notifications", "between us "+n)
	dora.sees("/local", "only here "+n, "to all "+n)
	carol.sees("/federated", "to all "+n)
	for _, secret := range []string{"to followers " + n, "between us " + n, "only here " + n} {
		for _, path := range []string{"/federated", bobAt, bobAt + "/replies", "/notifications", "/home", "/search?q=between"} {
			if p := carol.open(path); strings.Contains(p.text, secret) {
				t.Errorf("carol sees %q at %s", secret, path)
			}
		}
		for _, path := range []string{"/", "/local", bobHome, bobHome + "/replies", "/@bob_" + n + ".rss"} {
			if p := visitor.open(path); strings.Contains(p.text, secret) {
				t.Errorf("a visitor sees %q at %s", secret, path)
			}
		}
	}
	if p := dora.open(bobHome); strings.Contains(p.text, "to followers "+n) || strings.Contains(p.text, "between us "+n) {
		t.Error("dora, who does not follow, sees a private post on the profile")
	}
	_, actorID := actorOf(t, there, bobHome)
	for _, path := range []string{actorID + "/outbox", actorID + "/outbox?page=1", actorID + "/featured", actorID + "/followers", "/ap/posts/" + public + "/replies"} {
		_, body := there.getJSON(path)
		for _, secret := range []string{"to followers " + n, "between us " + n, "only here " + n} {
			if strings.Contains(body, secret) {
				t.Errorf("%s shows %q", path, secret)
			}
		}
	}
	for _, id := range []string{private, direct} {
		for _, path := range []string{"/ap/posts/" + id, bobHome + "/" + id} {
			if status, body := there.getJSON(path); status != http.StatusNotFound {
				t.Errorf("JSON of a private post at %s answers %d: %.200s", path, status, body)
			}
		}
		visitor.gets(bobHome+"/"+id, http.StatusNotFound)
	}
	if status, body := there.getJSON("/ap/posts/" + public); status != http.StatusOK || !strings.Contains(body, "to all "+n) {
		t.Errorf("JSON of the public post: %d %.200s", status, body)
	}
	if id := alice.sees("/home", "to followers "+n).postID("to followers " + n); id != "" {
		carol.gets(bobAt+"/"+id, http.StatusNotFound)
	}

	t.Log("reply, boost, favourite")
	seen := alice.open("/home").postID("to all " + n)
	thread := bobAt + "/" + seen
	alice.open("/compose?reply_to=" + seen)
	alice.submit("/posts", map[string]string{"text": "@bob_" + n + "@" + there.host + " an answer " + n})
	bob.sees("/notifications", "an answer "+n)
	bob.sees(bobHome+"/"+public, "an answer "+n, "alice_"+n)
	alice.open(thread)
	alice.press("/posts/" + seen + "/favourite")
	alice.open(thread)
	alice.press("/posts/" + seen + "/boost")
	bob.sees(bobHome+"/"+public+"/favourites", "alice_"+n)
	bob.sees(bobHome+"/"+public+"/boosts", "alice_"+n)
	alice.open(thread)
	alice.press("/posts/" + seen + "/favourite")
	alice.open(thread)
	alice.press("/posts/" + seen + "/boost")
	bob.seesNot(bobHome+"/"+public+"/favourites", "alice_"+n)
	bob.seesNot(bobHome+"/"+public+"/boosts", "alice_"+n)

	t.Log("edit and delete")
	bob.open("/posts/" + public + "/edit")
	bob.submit("/posts/"+public+"/edit", map[string]string{"text": "to all, mended " + n})
	alice.sees(thread, "to all, mended "+n)
	alice.sees(thread+"/history", "mended")
	bob.open("/posts/" + public + "/delete")
	bob.submit("/posts/"+public+"/delete", nil)
	alice.waitFor(thread, "be gone", func(p *page) bool { return p.status == http.StatusGone || p.status == http.StatusNotFound })
	if status, body := there.getJSON("/ap/posts/" + public); status != http.StatusGone || !strings.Contains(body, "Tombstone") {
		t.Errorf("JSON of the deleted post: %d %.200s", status, body)
	}

	t.Log("unfollow")
	alice.open(bobAt)
	alice.press(bobAt + "/follow")
	bob.seesNot(bobHome+"/followers", "alice_"+n)
	alice.seesNot("/home", "written before anybody followed "+n)

	t.Log("locked follow, rejected and then accepted")
	doraAt := fmt.Sprintf("/@dora_%s@%s", n, there.host)
	dora.open("/settings/profile")
	dora.submit("/settings/profile", map[string]string{"display_name": "Dora the Locked"})
	dora.open("/settings/privacy")
	dora.submit("/settings/privacy", map[string]string{"lock": "1"})
	dora.write("for those I let in "+n, "followers")
	alice.open("/search?q=" + strings.TrimPrefix(doraAt, "/"))
	alice.sees(doraAt, "dora_"+n)
	alice.press(doraAt + "/follow")
	request := acceptAddress(dora.sees("/follow-requests", "alice_"+n))
	dora.press(strings.Replace(request, "/accept", "/reject", 1))
	alice.waitFor(doraAt, "offer to follow again", func(p *page) bool { return pressable(p, doraAt+"/follow") == "1" })
	alice.press(doraAt + "/follow")
	dora.press(acceptAddress(dora.sees("/follow-requests", "alice_"+n)))
	alice.waitFor("/notifications", "tell of the acceptance", func(p *page) bool {
		return strings.Contains(p.text, "Dora the Locked") || strings.Contains(p.text, "dora_"+n)
	})
	dora.write("welcome "+n, "followers")
	alice.sees("/home", "welcome "+n)

	t.Log("actor update")
	dora.open("/settings/profile")
	dora.submit("/settings/profile", map[string]string{"display_name": "Dora Renamed " + n, "bio": "I moved to the hill"})
	alice.sees(doraAt, "Dora Renamed "+n, "I moved to the hill")

	t.Log("block and unblock")
	alice.open(bobAt)
	alice.press(bobAt + "/follow")
	bob.sees(bobHome+"/followers", "alice_"+n)
	bob.open("/" + aliceAt + "/block")
	bob.submit("/"+aliceAt+"/block", nil)
	bob.seesNot(bobHome+"/followers", "alice_"+n)
	alice.seesNot("/home", "quietly "+n)
	alice.seesNot(bobAt, "written before anybody followed "+n)
	bob.open("/" + aliceAt)
	bob.press("/" + aliceAt + "/block")
	alice.sees(bobAt, "written before anybody followed "+n)

	t.Log("account deletion")
	bob.open("/settings/delete")
	bob.submit("/settings/delete", map[string]string{"name": "bob_" + n, "password": password})
	if p := bob.open("/home"); p.path == "/home" {
		t.Error("a deleted account is still logged in")
	}
	alice.waitFor(bobAt, "be gone", func(p *page) bool { return p.status == http.StatusGone || p.status == http.StatusNotFound })
	carol.seesNot("/federated", "written before anybody followed "+n)
	if status, _ := there.getJSON("/ap/posts/" + early); status == http.StatusOK {
		t.Error("a post of a deleted account is still served")
	}
	if status, body := there.getJSON(actorID); status != http.StatusGone {
		t.Errorf("actor of a deleted account: %d %.200s", status, body)
	}
}

var actorURI = regexp.MustCompile(`"id":"https://[^/"]+(/ap/actors/\d+)"`)

// actorOf finds the path of an account's ActivityPub id by negotiation on its page.
func actorOf(t *testing.T, in *instance, path string) (body, actorPath string) {
	t.Helper()
	status, body := in.getJSON(path)
	m := actorURI.FindStringSubmatch(body)
	if status != http.StatusOK || m == nil {
		t.Fatalf("%s as JSON: %d %.300s", path, status, body)
	}
	return body, m[1]
}

func acceptAddress(p *page) string {
	n := find(p.doc, func(n *html.Node) bool {
		return n.Data == "button" && strings.HasPrefix(attr(n, "formaction"), "/follow-requests/") && strings.HasSuffix(attr(n, "formaction"), "/accept")
	})
	return attr(n, "formaction")
}

// pressable is the value of the button that leads to an address.
func pressable(p *page, address string) string {
	return attr(find(p.doc, func(n *html.Node) bool { return n.Data == "button" && attr(n, "formaction") == address }), "value")
}
