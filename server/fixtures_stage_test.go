package server_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"seedling/federation/fedtest"
	"seedling/federation/httpsig"
)

// stage is one running server with two members, before which the payloads of
// many systems are played.
type stage struct {
	network *fedtest.Network
	here    *instance
	mira    *browser // whom the payloads are about
	noor    *browser // a member whom they are not about
	uri     string   // of mira
	post    string   // the id here of a post by mira
	taken   map[string]int
	shapes  map[string]document // actors as their systems describe them
}

func newStage(t *testing.T) *stage {
	s := &stage{network: fedtest.NewNetwork(t), taken: map[string]int{}, shapes: map[string]document{}}
	s.here = start(t, s.network, "here.example")
	s.mira, s.noor = s.here.member("mira"), s.here.member("noor")
	s.post = s.mira.write("a post to like and to boost", "public")
	_, path := actorOf(t, s.here, "/@mira")
	s.uri = "https://here.example" + path
	return s
}

func (s *stage) postURI() string  { return "https://here.example/ap/posts/" + s.post }
func (s *stage) postPath() string { return "/@mira/" + s.post }

// scene is the play of one payload. Its hosts have their real names, or if they
// were used before, these with a number: what one payload leaves behind must
// not help or hinder another.
type scene struct {
	*stage
	*testing.T
	want   expectation
	doc    document
	peers  map[string]*fedtest.Server
	actors map[string]*fedtest.Actor
	names  map[string]bool
	hosts  map[string]string // by their real names
	shape  map[string]document
}

// play sets a payload's scene and plays it.
func (s *stage) play(t *testing.T, kind string, doc document, want expectation) {
	c := &scene{stage: s, T: t, want: want, peers: map[string]*fedtest.Server{}, actors: map[string]*fedtest.Actor{},
		names: map[string]bool{}, hosts: map[string]string{}, shape: map[string]document{}}
	s.mira.t, s.noor.t = t, t
	t.Cleanup(c.tell)
	if want.mute != "" {
		t.Log("not shown: " + want.mute)
	}
	kind = cmp.Or(want.as, kind)
	doc = c.aim(kind, unscrub(doc.with(want.patch)))
	c.cast(doc)
	c.doc = rewrite(doc, c.rename).(document)
	c.want.groups = c.rename(want.groups)
	for id, shape := range s.shapes {
		c.shape[c.rename(id)] = rewrite(shape, c.rename).(document)
	}
	switch {
	case want.play != nil:
		want.play(c)
	case want.mute != "":
		c.onlyAnswer(kind)
	default:
		c.playKind(kind)
	}
}

// tell lists what the other servers were asked, if the play failed.
func (c *scene) tell() {
	if !c.Failed() {
		return
	}
	for host, peer := range c.peers {
		for _, q := range peer.Requests(nil) {
			c.Logf("%s got %s %s %.200s", host, q.Method, q.Path, q.Body)
		}
	}
}

// unscrub gives ids back to documents whose ids were taken out.
func unscrub(doc document) document {
	n := 0
	return rewrite(doc, func(text string) string {
		switch text {
		case "SCRUBBED_ID":
			n++
			return fmt.Sprintf("https://kbin.test/ids/%d", n)
		case "SCRUBBED_DATE":
			return "2025-02-03T04:05:06+00:00"
		}
		return text
	}).(document)
}

// aim points a payload at our member and at a post of hers.
func (c *scene) aim(kind string, doc document) document {
	target := doc
	if kind == "undo" && doc.object() != nil {
		target = doc.object()
	}
	us, post := c.want.us, ""
	if c.want.mute != "" && target.text("type") == "Follow" {
		return doc // it is about something that we do not have
	}
	switch target.text("type") {
	case "Follow", "Block":
		us = cmp.Or(us, target.id("object"))
	case "Like", "EmojiReact", "Dislike":
		post = target.id("object")
	case "Announce":
		post = target.text("object")
		if c.want.follow {
			post = "" // a post of somebody else
		}
	case "Accept", "Reject":
		if follow := target.object(); follow.text("type") == "Follow" {
			us = cmp.Or(us, follow.id("actor"))
		}
	}
	return rewrite(doc, func(text string) string {
		switch {
		case text != "" && text == us:
			return c.uri
		case text != "" && text == post:
			return c.postURI()
		}
		return text
	}).(document)
}

// identities are the properties whose addresses we must be able to play.
var identities = []string{"id", "actor", "attributedTo", "object", "inReplyTo", "inbox", "publicKey", "quoteUrl", "quoteUri", "_misskey_quote"}

// cast takes the hosts of a payload.
func (c *scene) cast(doc document) {
	everyID(doc, identities, func(_, uri, _ string) {
		u, err := url.Parse(uri)
		if err != nil || u.Host == "" || u.Host == "here.example" || strings.HasSuffix(u.Host, "w3.org") || c.hosts[u.Host] != "" {
			return
		}
		n := c.taken[u.Host]
		c.taken[u.Host]++
		name := u.Host
		if net.ParseIP(u.Hostname()) != nil {
			name = "loopback.example" // certificates are for names
		}
		if n > 0 {
			name = fmt.Sprintf("n%d.%s", n, name)
		}
		c.hosts[u.Host] = name
	})
}

var addresses = regexp.MustCompile(`(https?://|@)([\w.:-]*\w)`)

// rename gives hosts the names under which they are played, with TLS: some of
// the payloads are older than its ubiquity.
func (c *scene) rename(text string) string {
	return addresses.ReplaceAllStringFunc(text, func(match string) string {
		parts := addresses.FindStringSubmatch(match)
		host := c.hosts[parts[2]]
		switch {
		case host == "":
			return match
		case parts[1] == "@":
			return "@" + host
		}
		return "https://" + host
	})
}

// peer is the server of an address.
func (c *scene) peer(uri string) *fedtest.Server {
	c.Helper()
	u, err := url.Parse(uri)
	if err != nil || u.Host == "" {
		c.Fatalf("no host in %q", uri)
	}
	if c.peers[u.Host] == nil {
		c.peers[u.Host] = fedtest.New(c.T, fedtest.On(c.network, u.Host))
	}
	return c.peers[u.Host]
}

var notInNames = regexp.MustCompile(`[^A-Za-z0-9_.-]+`)

// actor is somebody with an id as other systems choose it, in the shape in
// which that actor is known, if it is.
func (c *scene) actor(uri string, extra ...map[string]any) *fedtest.Actor {
	c.Helper()
	if a := c.actors[uri]; a != nil {
		return a
	}
	peer, shape := c.peer(uri), c.shape[uri]
	a := peer.Actor(c.nameFor(uri, shape))
	a.ID, a.KeyID = uri, uri+"#main-key"
	a.Change(map[string]any{"name": "Name of " + a.Name + " at " + peer.Host()}, shape.with(map[string]any{"publicKey": nil, "@context": nil, "endpoints": nil}))
	if shape != nil {
		a.Inbox = shape.text("inbox")
		if key, ok := shape["publicKey"].(map[string]any); ok {
			a.KeyID = document(key).text("id")
		}
	}
	if c.want.rfc {
		a.Sign = httpsig.SignRFC9421
	}
	if uri == c.want.groups {
		a.Change(map[string]any{"type": "Group"})
	}
	a.Change(extra...)
	document := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", fedtest.ActivityType)
		_ = json.NewEncoder(w).Encode(a.Document())
	}
	for _, address := range []string{a.ID, a.KeyID} {
		peer.HandleFunc(requestURI(c.T, address), document)
	}
	peer.HandleFunc(requestURI(c.T, a.Inbox), func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) })
	c.actors[uri] = a
	return a
}

// nameFor is a user name for an actor, its own or made from its id.
func (c *scene) nameFor(uri string, shape document) string {
	name := shape.text("preferredUsername")
	if name == "" {
		parts := strings.FieldsFunc(requestURI(c.T, uri), func(r rune) bool { return r == '/' })
		name = "root"
		if len(parts) > 0 {
			name = cmp.Or(strings.Trim(notInNames.ReplaceAllString(parts[len(parts)-1], "_"), "_"), "root")
		}
	}
	for c.names[name+uri[:strings.LastIndex(uri, "/")]] {
		name += "x"
	}
	c.names[name+uri[:strings.LastIndex(uri, "/")]] = true
	return name
}

func requestURI(t *testing.T, uri string) string {
	t.Helper()
	u, err := url.Parse(uri)
	if err != nil {
		t.Fatal(err)
	}
	return u.RequestURI()
}

// serve lets a document be found at its id.
func (c *scene) serve(doc document) {
	c.Helper()
	c.peer(doc.text("id")).Handle(requestURI(c.T, doc.text("id")), doc.with(map[string]any{"@context": "https://www.w3.org/ns/activitystreams"}))
}

// deliver posts an activity and checks how it is answered.
func (c *scene) deliver(by *fedtest.Actor, activity document, status int) {
	c.Helper()
	resp := by.Post(c.T, "https://here.example/ap/inbox", activity)
	body, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != status {
		c.Fatalf("the delivery is answered %d %s, want %d", resp.StatusCode, body, status)
	}
}

// look pastes an address into the search of our member.
func (c *scene) look(uri string) *page {
	c.Helper()
	return c.mira.open("/search?q=" + url.QueryEscape(uri))
}

// finds looks up an address and fails the test unless it leads to a page.
func (c *scene) finds(uri string) *page {
	c.Helper()
	p := c.look(uri)
	if p.status != http.StatusOK || !strings.HasPrefix(p.path, "/@") {
		c.Fatalf("looking up %s ends at %s with %d: %.700s", uri, p.path, p.status, p.text)
	}
	return p
}

// pagesWork checks that nothing that arrived broke the pages of a member.
func (c *scene) pagesWork() {
	c.Helper()
	for _, path := range []string{"/home", "/federated", "/notifications"} {
		if p := c.mira.open(path); p.status != http.StatusOK {
			c.Errorf("%s answers %d", path, p.status)
		}
	}
}

// startFollowing lets our member follow somebody, through the page.
func (c *scene) startFollowing(a *fedtest.Actor) (follow map[string]any) {
	c.Helper()
	profile := c.finds(a.ID).path
	c.mira.press(profile + "/follow")
	q := c.peer(a.ID).Await(c.T, func(act map[string]any) bool { return act["type"] == "Follow" && act["object"] == a.ID })
	return q.Activity
}

func (c *scene) followed(a *fedtest.Actor) {
	c.Helper()
	follow := c.startFollowing(a)
	c.deliver(a, a.Activity("Accept", follow), http.StatusAccepted)
}

// patience is how long a page may take to show what arrived.
const patience = 10 * time.Second

// until opens a page until it is as it should be.
func (c *scene) until(path, what string, ok func(*page) bool) *page {
	c.Helper()
	deadline := time.Now().Add(patience)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		p := c.mira.open(path)
		if ok(p) {
			return p
		}
		if time.Now().After(deadline) {
			c.Fatalf("%s does not %s; it answers %d: %.1500s", path, what, p.status, p.text)
		}
		<-tick.C
	}
}

func (c *scene) shows(path string, texts ...string) *page {
	c.Helper()
	return c.until(path, fmt.Sprintf("show %q", texts), func(p *page) bool {
		return p.status == http.StatusOK && !slices.ContainsFunc(texts, func(s string) bool { return !strings.Contains(p.text, s) })
	})
}

// showsAtHome waits until one post of the home timeline, which may be an old
// one, holds all texts.
func (c *scene) showsAtHome(texts ...string) {
	c.Helper()
	c.until("/home", fmt.Sprintf("show a post with %q", texts), func(p *page) bool {
		for !hasCard(p, texts...) {
			older := p.link("/home?before=")
			if older == "" {
				return false
			}
			p = c.mira.open(older)
		}
		return true
	})
}

func hasCard(p *page, texts ...string) bool {
	return find(p.doc, func(n *html.Node) bool {
		text := strings.Join(strings.Fields(textOf(n)), " ")
		return n.Data == "article" && !slices.ContainsFunc(texts, func(s string) bool { return !strings.Contains(text, s) })
	}) != nil
}

func (c *scene) showsNot(path string, texts ...string) *page {
	c.Helper()
	return c.until(path, fmt.Sprintf("stop showing %q", texts), func(p *page) bool {
		return !slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(p.text, s) })
	})
}
