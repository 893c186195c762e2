package server_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"seedling/federation/fedtest"
	"seedling/server"
	"seedling/store"
)

// The traffic of the crash test.
const (
	crashes      = 20
	crashesShort = 5
	readers      = 6                      // other servers, each with a follower of the member
	senders      = 4                      // of these that deliver all the time, each on a connection of its own
	longestRun   = 700 * time.Millisecond // from the first connection to SIGKILL
	lastPosts    = 5                      // right before the last SIGKILL
	catchUpTime  = 20 * time.Second       // for what waited then
	foundings    = 5                      // first starts that are killed
	startTime    = 100 * time.Millisecond // in which a start is killed
	maxListed    = 5                      // of what is wrong
)

// TestCrash kills the real binary again and again, and looks for what was
// promised before.
func TestCrash(t *testing.T) {
	t.Parallel()
	binary := build(t)
	t.Run("founding", func(t *testing.T) { testCrashFounding(t, binary) })
	t.Run("traffic", func(t *testing.T) { testCrashTraffic(t, binary) })
}

// testCrashFounding kills the server in its first moments: what it leaves
// behind must be nothing, or good to go on with.
func testCrashFounding(t *testing.T, binary string) {
	for range foundings {
		p := newProgram(t, binary)
		run := p.serve()
		time.AfterFunc(rand.N(startTime), run.kill)
		<-run.ended
		run = p.serve()
		run.ready()
		run.stop()
		checkIntegrity(t, server.DatabasePath(p.data))
	}
}

// testCrashTraffic kills the server while other servers deliver posts and a
// member writes some. What was answered with success must be there, once, and
// every follower's server must get it. Whoever is not answered asks again with
// the same activity or the same form, as servers and people do.
func testCrashTraffic(t *testing.T, binary string) {
	c := newCrashTest(t, binary)
	rounds := crashes
	if testing.Short() {
		rounds = crashesShort
	}
	for i := range rounds {
		c.crash(i%4 == 3)
	}
	c.settle()
	run := c.program.serve() // and nothing new from now on: what waits must be found
	run.ready()
	c.checkDeliveries()
	c.checkPages()
	run.stop()
	c.checkStore()
	c.report(rounds)
}

// crashTest is one member's server with the servers around it.
type crashTest struct {
	t       *testing.T
	program *program
	remotes []*fedtest.Server
	senders []*sender
	author  *author
	reader  *browser // the member's, when nothing crashes
}

// newCrashTest founds the instance and makes everybody follow each other.
func newCrashTest(t *testing.T, binary string) *crashTest {
	c := &crashTest{t: t, program: newProgram(t, binary)}
	run := c.program.serve()
	run.ready()
	c.program.run("account", "create", "alice", "--password", password, "--role", "owner")
	c.reader = newBrowser(t, c.program.url(), &http.Transport{DisableKeepAlives: true})
	c.reader.open("/login")
	c.reader.submit("/login", map[string]string{"login": "alice", "password": password})
	if c.reader.page.path != "/home" {
		t.Fatalf("after the log-in at %s: %.300s", c.reader.page.path, c.reader.page.text)
	}
	c.author = newAuthor(c.reader)
	for i := range readers {
		remote := fedtest.New(t)
		fan := remote.Actor("fan")
		follow(t, fan, c.member(remote))
		c.remotes = append(c.remotes, remote)
		if i < senders {
			c.senders = append(c.senders, newSender(fan, i, c.program.url()+"/ap/inbox"))
		}
	}
	c.followBack(c.remotes[0], c.senders[0].actor)
	run.stop()
	return c
}

// member is the id of the member's actor, as another server finds it.
func (c *crashTest) member(remote *fedtest.Server) string {
	c.t.Helper()
	found := remote.Fetch(c.t, c.program.url()+"/.well-known/webfinger?resource=acct:alice@"+c.program.listen)
	links, _ := found["links"].([]any)
	for _, l := range links {
		if l, _ := l.(map[string]any); l["rel"] == "self" {
			id, _ := l["href"].(string)
			return id
		}
	}
	c.t.Fatalf("WebFinger names no actor: %v", found)
	return ""
}

func follow(t *testing.T, fan *fedtest.Actor, member string) {
	t.Helper()
	fan.Deliver(t, member, fan.Activity("Follow", member))
}

// followBack lets the member follow somebody, so that their posts are at home.
func (c *crashTest) followBack(remote *fedtest.Server, a *fedtest.Actor) {
	c.t.Helper()
	for _, r := range c.remotes {
		r.Await(c.t, fedtest.OfType("Accept"))
	}
	c.reader.open("/" + a.Handle)
	c.reader.press("/" + a.Handle + "/follow")
	a.AcceptFollow(c.t, remote.Await(c.t, fedtest.OfType("Follow")))
}

// crash runs the server for a random while, under traffic as soon as it
// listens, and kills it: in its first moments, or at any time after them.
func (c *crashTest) crash(early bool) {
	c.t.Helper()
	run := c.program.serve()
	if early {
		time.AfterFunc(rand.N(startTime), run.kill)
	}
	if run.ready() {
		time.AfterFunc(rand.N(longestRun), run.kill)
		c.traffic(run.killed.Load)
	}
	<-run.ended
}

// traffic lets everybody send until they are broken off, which must not happen
// before killed.
func (c *crashTest) traffic(killed func() bool) {
	c.t.Helper()
	var all sync.WaitGroup
	until := func(step func() error) {
		all.Go(func() {
			for {
				err := step()
				if broken := (*brokenOff)(nil); errors.As(err, &broken) && killed() {
					return
				}
				if err != nil {
					c.t.Error(err)
					return
				}
			}
		})
	}
	for _, s := range c.senders {
		until(s.step)
	}
	until(c.author.step)
	all.Wait()
	for _, s := range c.senders {
		s.client.CloseIdleConnections()
	}
	c.author.client.CloseIdleConnections()
}

// settle repeats what was not answered, and kills the server while it has yet
// to tell others of a few last posts.
func (c *crashTest) settle() {
	c.t.Helper()
	run := c.program.serve()
	run.ready()
	for _, s := range c.senders {
		if err := s.step(); err != nil {
			c.t.Fatal(err)
		}
	}
	for range lastPosts {
		if err := c.author.step(); err != nil {
			c.t.Fatal(err)
		}
	}
	run.kill()
	<-run.ended
}

// checkPages looks for everything where a person would: once each.
func (c *crashTest) checkPages() {
	c.t.Helper()
	var seeds []string
	for _, s := range c.senders {
		seeds = append(seeds, s.accepted...)
	}
	c.checkPage("/@alice", leaf, c.author.posted)
	c.checkPage("/home", leaf, c.author.posted)
	c.checkPage("/home", seed, c.senders[0].accepted)
	c.checkPage("/federated", seed, seeds)
}

// What a post of the member, and one of another server, can be told by.
var (
	leaf = regexp.MustCompile(`leaf-\d+`)
	seed = regexp.MustCompile(`seed-\d+-\d+`)
)

// checkPage turns the pages of a list from the newest to the oldest.
func (c *crashTest) checkPage(address string, kind *regexp.Regexp, want []string) {
	c.t.Helper()
	shown := map[string]int{}
	list := address
	for list != "" {
		p := c.reader.open(list)
		if p.status != http.StatusOK {
			c.t.Fatalf("%s answers %d: %.300s", list, p.status, p.text)
		}
		eachCard(p.doc, func(card *html.Node) {
			if mark := kind.FindString(textOf(card)); mark != "" {
				shown[mark]++
			}
		})
		older := find(p.doc, func(n *html.Node) bool { return n.Data == "a" && attr(n, "rel") == "next" })
		list = attr(older, "href")
	}
	wrong := &complaints{}
	for _, mark := range want {
		if shown[mark] != 1 {
			wrong.add("%s %d times", mark, shown[mark])
		}
	}
	wrong.report(c.t, address+" does not show every post once")
	if len(shown) != len(want) {
		c.t.Errorf("%s shows %d posts, want %d", address, len(shown), len(want))
	}
}

// complaints are what is wrong in the same way, of which a few are told.
type complaints struct{ list []string }

func (w *complaints) add(format string, args ...any) {
	w.list = append(w.list, fmt.Sprintf(format, args...))
}

func (w *complaints) report(t *testing.T, what string) {
	t.Helper()
	if n := len(w.list); n > 0 {
		t.Errorf("%s; wrong are %d: %s", what, n, strings.Join(w.list[:min(n, maxListed)], ", "))
	}
}

func eachCard(n *html.Node, visit func(*html.Node)) {
	if n.Type == html.ElementNode && n.Data == "article" {
		visit(n)
		return
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		eachCard(child, visit)
	}
}

// checkDeliveries waits for every post at every follower's server.
func (c *crashTest) checkDeliveries() {
	c.t.Helper()
	deadline := time.Now().Add(catchUpTime)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for _, remote := range c.remotes {
		for {
			got := receive(remote)
			if len(got.order) >= len(c.author.posted) || time.Now().After(deadline) {
				c.checkReceived(remote, got)
				break
			}
			<-tick.C
		}
	}
}

// received is what a server got of the member's posts.
type received struct {
	order  []string            // marks as they came first
	ids    map[string][]string // by mark: the distinct ids of the activity and the post
	copies int                 // deliveries beyond the first
	bad    []error             // signatures
}

func receive(remote *fedtest.Server) received {
	got := received{ids: map[string][]string{}}
	for _, q := range remote.Received() {
		note, _ := q.Activity["object"].(map[string]any)
		text, _ := note["content"].(string)
		mark := leaf.FindString(text)
		switch {
		case q.Activity["type"] != "Create" || mark == "":
			continue
		case q.SignatureError != nil:
			got.bad = append(got.bad, q.SignatureError)
			continue
		case got.ids[mark] == nil:
			got.order = append(got.order, mark)
		default:
			got.copies++
		}
		got.ids[mark] = appendNew(got.ids[mark], fmt.Sprint(q.Activity["id"], " ", note["id"]))
	}
	return got
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// checkReceived holds what came against what was posted: all of it, nothing
// else, in order, and under one id, by which a server knows a second copy.
func (c *crashTest) checkReceived(remote *fedtest.Server, got received) {
	c.t.Helper()
	wrong := &complaints{}
	for _, mark := range c.author.posted {
		if len(got.ids[mark]) != 1 {
			wrong.add("%s under the ids %q", mark, got.ids[mark])
		}
	}
	wrong.report(c.t, remote.Host()+" did not get every post under one id")
	if len(wrong.list) == 0 && !slices.Equal(got.order, c.author.posted) {
		c.t.Errorf("%s got %d posts in another order than the %d that were posted", remote.Host(), len(got.order), len(c.author.posted))
	}
	if len(got.bad) > 0 {
		c.t.Errorf("%s got %d deliveries with a bad signature, the first: %v", remote.Host(), len(got.bad), got.bad[0])
	}
}

// checkStore looks into the file after the server closed it.
func (c *crashTest) checkStore() {
	c.t.Helper()
	file := server.DatabasePath(c.program.data)
	ctx := context.Background()
	db, err := store.Open(ctx, store.Config{Path: file})
	if err != nil {
		c.t.Fatal(err)
	}
	defer db.Close()
	wrong := &complaints{}
	for _, s := range c.senders {
		for i, uri := range s.uris {
			if _, err := db.PostByURI(ctx, uri); err != nil {
				wrong.add("%s: %v", s.accepted[i], err)
			}
		}
	}
	wrong.report(c.t, "deliveries were answered with success and are not stored")
	if hosts, err := db.WaitingHosts(ctx); err != nil || len(hosts) > 0 {
		c.t.Errorf("deliveries still wait for %v (%v)", hosts, err)
	}
	if rows, err := db.Outbox(ctx, 10); err != nil || len(rows) > 0 {
		c.t.Errorf("the outbox still holds %d rows (%v)", len(rows), err)
	}
	checkIntegrity(c.t, file)
}

func checkIntegrity(t *testing.T, file string) {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var text string
	if err := db.QueryRow(`PRAGMA integrity_check`).Scan(&text); err != nil || text != "ok" {
		t.Errorf("the file is damaged: %s (%v)", text, err)
	}
	var broken int
	if err := db.QueryRow(`SELECT COUNT(*) FROM pragma_foreign_key_check`).Scan(&broken); err != nil || broken > 0 {
		t.Errorf("%d rows refer to rows that are not there (%v)", broken, err)
	}
}

// report tells how much was going on, and fails if that was too little to prove
// anything.
func (c *crashTest) report(rounds int) {
	c.t.Helper()
	accepted, repeated, copies := 0, 0, 0
	for _, s := range c.senders {
		accepted, repeated = accepted+len(s.accepted), repeated+s.broken
	}
	for _, remote := range c.remotes {
		copies += receive(remote).copies
	}
	c.t.Logf("%d crashes; in: %d deliveries answered, %d broken off and sent again; out: %d posts answered, %d broken off and sent again, each delivered to %d servers, %d times twice",
		rounds, accepted, repeated, len(c.author.posted), c.author.broken, len(c.remotes), copies)
	if repeated == 0 || len(c.author.posted) <= lastPosts {
		c.t.Error("hardly anything happened when the server was killed")
	}
}
