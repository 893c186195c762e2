package federation

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/julienschmidt/httprouter"

	"seedling/federation/vocab"
	"seedling/store"
	"seedling/store/storetest"
)

// world is an instance whose account domain is not its host, with a member
// alice and bob, who lives elsewhere, follows her and is followed by her.
type world struct {
	t          testing.TB
	db         *store.DB
	docs       *Documents
	server     *httptest.Server
	alice, bob *store.Account
	signers    map[string]*store.Account
	now        time.Time
}

const (
	base   = "https://social.here.example"
	domain = "here.example"
	ap     = "application/activity+json"
	html   = "text/html"
)

func newWorld(t testing.TB) *world {
	w := &world{t: t, signers: map[string]*store.Account{}, now: time.Now()}
	w.db = storetest.Open(t, store.Config{URL: base, AccountDomain: domain})
	var err error
	w.docs, err = New(Config{DB: w.db, Signer: w.signer, Software: Software{Version: "1.2.3", SourceURL: "https://source.example"},
		SubscribePath: "/authorize_interaction?uri={uri}", Now: func() time.Time { return w.now }})
	if err != nil {
		t.Fatal(err)
	}
	router := httprouter.New()
	w.docs.Register(router)
	w.server = httptest.NewServer(router)
	t.Cleanup(w.server.Close)
	w.alice = storetest.Member(t, w.db, "alice")
	w.bob = w.remote("bob")
	w.must(w.db.ReceiveFollow(t.Context(), w.bob.ID, w.alice.ID, "https://there.example/follows/1"))
	w.must(w.db.Follow(t.Context(), w.alice.ID, w.bob.ID))
	w.must(w.db.ReceiveAccept(t.Context(), store.FollowRef{AccountID: w.alice.ID, TargetID: w.bob.ID}))
	w.alice = w.reload(w.alice)
	return w
}

// signer stands where the inbox's check of signatures will: what it says of a
// request is all that the documents know of who signed it.
func (w *world) signer(r *http.Request) (*store.Account, error) {
	name := r.Header.Get("Signature")
	if name == "bad" {
		return nil, errors.New("no such key")
	}
	return w.signers[name], nil
}

func (w *world) remote(name string) *store.Account {
	a := storetest.Remote(w.t, w.db, name+"@there.example")
	w.signers[name] = a
	return a
}

func (w *world) reload(a *store.Account) *store.Account {
	a, err := w.db.Account(w.t.Context(), a.ID)
	w.must(err)
	return a
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

type reply struct {
	*http.Response
	body string
}

// get asks for a path or one of our URIs; headers are pairs of name and value.
func (w *world) get(address string, headers ...string) reply { return w.do("GET", address, headers...) }

func (w *world) do(method, address string, headers ...string) reply {
	w.t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, w.server.URL+strings.TrimPrefix(address, base), nil)
	w.must(err)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultTransport.RoundTrip(r) // redirects are answers to look at
	w.must(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	w.must(err)
	if got := resp.Header.Get("Content-Length"); resp.StatusCode != 304 && got == "" {
		w.t.Errorf("%s %s has no Content-Length", method, address)
	}
	return reply{resp, string(body)}
}

func (r reply) json(t testing.TB) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(r.body), &m); err != nil {
		t.Fatalf("%s is no JSON object: %v", r.body, err)
	}
	return m
}

func (w *world) wants(r reply, status int, contentType string) {
	w.t.Helper()
	if r.StatusCode != status || r.Header.Get("Content-Type") != contentType {
		w.t.Errorf("%s: got %d %s, want %d %s (%s)", r.Request.URL, r.StatusCode, r.Header.Get("Content-Type"), status, contentType, r.body)
	}
}

func TestActorDocument(t *testing.T) {
	w := newWorld(t)
	r := w.get(w.alice.URI, "Accept", ap)
	w.wants(r, 200, ap)
	if got := r.Header.Get("Vary"); got != "Accept" {
		t.Errorf("Vary %q, want Accept", got)
	}
	if got := r.Header.Get("Cache-Control"); got != "public, max-age=180" {
		t.Errorf("Cache-Control %q", got)
	}
	v, err := vocab.Parse([]byte(r.body))
	w.must(err)
	actor, err := v.Actor()
	w.must(err)
	if actor.ID != w.alice.URI || actor.Type != "Person" || actor.Username != "alice" || actor.Webfinger != "alice@here.example" ||
		actor.PublicKeyID != w.alice.KeyURI || actor.PublicKeyOwner != w.alice.URI || actor.PublicKeyPEM == "" || actor.SharedInbox != base+"/ap/inbox" {
		t.Errorf("got %s", r.body)
	}
	if _, ok := r.json(t)["manuallyApprovesFollowers"]; !ok {
		t.Error("manuallyApprovesFollowers is missing: Pixelfed takes that for true")
	}
	// Whatever else is accepted, the id is the document, unless it is a page that is wanted.
	for _, accept := range []string{"", "*/*", "application/json", ap + ", text/html;q=0.1"} {
		w.wants(w.get(w.alice.URI, "Accept", accept), 200, ap)
	}
	w.wants(w.get(w.alice.URI, "Accept", typeLD), 200, typeLD)
	page := w.get(w.alice.URI, "Accept", "text/html,*/*;q=0.8")
	if page.StatusCode != 303 || page.Header.Get("Location") != base+"/@alice" {
		t.Errorf("for a browser: got %d to %q, want 303 to the page", page.StatusCode, page.Header.Get("Location"))
	}
	// A signature that can't be checked is no reason to hide a key.
	w.wants(w.get(w.alice.URI, "Accept", ap, "Signature", "bad"), 200, ap)
}

func TestActorIsCachedByTag(t *testing.T) {
	w := newWorld(t)
	first := w.get(w.alice.URI, "Accept", ap)
	tag := first.Header.Get("ETag")
	again := w.get(w.alice.URI, "Accept", ap, "If-None-Match", `"x", `+tag)
	if again.StatusCode != 304 || again.body != "" || again.Header.Get("Vary") != "Accept" {
		t.Errorf("with its tag %s: got %d %q", tag, again.StatusCode, again.body)
	}
	w.must(w.db.UpdateProfile(t.Context(), w.alice.ID, store.Profile{DisplayName: "Alice B."}))
	changed := w.get(w.alice.URI, "Accept", ap, "If-None-Match", tag)
	if changed.StatusCode != 200 || changed.json(t)["name"] != "Alice B." || changed.Header.Get("ETag") == tag {
		t.Errorf("after a change: got %d %s", changed.StatusCode, changed.body)
	}
}

func TestInstanceActor(t *testing.T) {
	w := newWorld(t)
	a, err := w.db.InstanceActor(t.Context())
	w.must(err)
	m := w.get(a.URI, "Accept", ap).json(t)
	if m["type"] != "Application" || m["publicKey"] == nil || m["url"] != base+"/about" {
		t.Errorf("got %v", m)
	}
	w.wants(w.get(a.OutboxURI+"?page=true", "Accept", ap), 200, ap)
	if r := w.get(a.URI, "Accept", html); r.Header.Get("Location") != base+"/about" {
		t.Errorf("for a browser: got %d to %q, want /about", r.StatusCode, r.Header.Get("Location"))
	}
}

func TestActorThatIsNotThere(t *testing.T) {
	w := newWorld(t)
	pending, _, err := w.db.SignUp(t.Context(), store.SignUp{NewUser: store.NewUser{Name: "waiting", Password: storetest.Password}, Reason: "please"})
	w.must(err)
	unknown := w.get("/ap/actors/12345", "Accept", ap)
	w.wants(unknown, 404, "application/json")
	id := strconv.FormatInt(w.alice.ID, 10)
	for _, address := range []string{pending.Account.URI, pending.Account.OutboxURI, "/ap/actors/" + strconv.FormatInt(w.bob.ID, 10), "/ap/actors/0" + id,
		"/ap/actors/+" + id, "/ap/actors/-1", "/ap/actors/alice", "/ap/actors/99999999999999999999", "/ap/follows/1", "/ap/likes/1", "/ap/boosts/1"} {
		if r := w.get(address, "Accept", ap); r.StatusCode != 404 || r.body != unknown.body {
			t.Errorf("%s: got %d %s, want 404 as for an unknown one", address, r.StatusCode, r.body)
		}
	}
	for _, resource := range []string{"acct:waiting@here.example", pending.Account.URI, pending.Account.URL} {
		if r := w.get("/.well-known/webfinger?resource=" + resource); r.StatusCode != 404 {
			t.Errorf("WebFinger of %s, who waits to be let in: got %d, want 404", resource, r.StatusCode)
		}
	}
	recorder := httptest.NewRecorder()
	w.docs.ServeActor(recorder, httptest.NewRequest("GET", "/@waiting", nil), pending.Account)
	if recorder.Code != 404 {
		t.Errorf("page of who waits to be let in: got %d, want 404", recorder.Code)
	}
}

func TestDeletedActorIsGone(t *testing.T) {
	w := newWorld(t)
	carol := storetest.Member(t, w.db, "carol")
	post := storetest.Post(t, w.db, carol, "hello", store.Public)
	w.must(w.db.DeleteAccount(t.Context(), carol.ID))
	r := w.get(carol.URI, "Accept", ap)
	w.wants(r, 410, ap)
	if m := r.json(t); m["type"] != "Tombstone" || m["id"] != carol.URI || m["preferredUsername"] != nil {
		t.Errorf("got %s, want a Tombstone and no more", r.body)
	}
	for _, address := range []string{carol.OutboxURI, carol.FollowersURI, carol.FeaturedURI, post.URI, "/.well-known/webfinger?resource=acct:carol@here.example"} {
		if r := w.get(address, "Accept", ap); r.StatusCode != 404 {
			t.Errorf("%s: got %d %s, want 404", address, r.StatusCode, r.body)
		}
	}
}

func TestHeadIsGetWithoutBody(t *testing.T) {
	w := newWorld(t)
	post := storetest.Post(t, w.db, w.alice, "hello", store.Public)
	for _, address := range []string{w.alice.URI, w.alice.OutboxURI, post.URI, post.URI + "/replies", "/.well-known/webfinger?resource=acct:alice@here.example",
		"/.well-known/host-meta", "/.well-known/nodeinfo", "/nodeinfo/2.1", "/ap/actors/1"} {
		get, head := w.get(address, "Accept", ap), w.do("HEAD", address, "Accept", ap)
		if head.body != "" || head.StatusCode != get.StatusCode || head.Header.Get("Content-Length") != strconv.Itoa(len(get.body)) ||
			head.Header.Get("Content-Type") != get.Header.Get("Content-Type") {
			t.Errorf("HEAD %s: got %d %v, want as GET: %d %v", address, head.StatusCode, head.Header, get.StatusCode, get.Header)
		}
	}
}

// TestPostIsShownToWhomItIsFor asks for a post of each visibility as everyone.
func TestPostIsShownToWhomItIsFor(t *testing.T) {
	w := newWorld(t)
	w.remote("eve")
	blocked := w.remote("blocked")
	w.must(w.db.Block(t.Context(), w.alice.ID, blocked.ID))
	w.remote("named")
	w.signers["alice"] = w.alice // our own signature from outside: no more than any other's
	unknown := w.get("/ap/posts/12345", "Accept", ap)
	w.wants(unknown, 404, "application/json")
	for _, tt := range []struct {
		visibility store.Visibility
		seenBy     []string // "" is nobody's signature
	}{
		{store.Public, []string{"", "eve", "bob", "named", "alice"}},
		{store.Unlisted, []string{"", "eve", "bob", "named", "alice"}},
		{store.Followers, []string{"bob", "named", "alice"}},
		{store.Direct, []string{"named", "alice"}},
		{store.LocalOnly, nil},
	} {
		post := storetest.Post(t, w.db, w.alice, "hello @named@there.example", tt.visibility)
		for _, who := range []string{"", "eve", "blocked", "bob", "named", "alice"} {
			r := w.get(post.URI, "Accept", ap, "Signature", who)
			if !slices.Contains(tt.seenBy, who) {
				if r.StatusCode != 404 || r.body != unknown.body || !sameHeaders(r.Header, unknown.Header) {
					t.Errorf("%v as %q: got %d %s %v, want the same as for an unknown post", tt.visibility, who, r.StatusCode, r.body, r.Header)
				}
				continue
			}
			w.wants(r, 200, ap)
			if m := r.json(t); m["type"] != "Note" || m["id"] != post.URI {
				t.Errorf("%v as %q: got %s", tt.visibility, who, r.body)
			}
			private := tt.visibility > store.Unlisted
			if got := r.Header.Get("Cache-Control"); private != strings.Contains(got, "no-store") {
				t.Errorf("%v: Cache-Control %q", tt.visibility, got)
			}
			if private && r.Header.Get("ETag") != "" {
				t.Errorf("%v: has an ETag", tt.visibility)
			}
			if got := r.Header.Get("Vary"); got != "Accept, Signature, Signature-Input" {
				t.Errorf("%v: Vary %q", tt.visibility, got)
			}
		}
		if r := w.get(post.URI, "Accept", html); (r.StatusCode == 303) != (tt.visibility <= store.Unlisted) {
			t.Errorf("%v in a browser: got %d", tt.visibility, r.StatusCode)
		}
		if r := w.get(post.URI+"/replies", "Accept", ap, "Signature", "bob"); (r.StatusCode == 200) != (tt.visibility <= store.Unlisted) {
			t.Errorf("replies to a %v post: got %d", tt.visibility, r.StatusCode)
		}
	}
}

// sameHeaders compares all but the date.
func sameHeaders(a, b http.Header) bool {
	a, b = a.Clone(), b.Clone()
	a.Del("Date")
	b.Del("Date")
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return string(x) == string(y)
}

// TestBadSignatureShowsNoMoreThanNone: public things all the same, the rest 401,
// whether it exists or not.
func TestBadSignatureShowsNoMoreThanNone(t *testing.T) {
	w := newWorld(t)
	public := storetest.Post(t, w.db, w.alice, "hello", store.Public)
	private := storetest.Post(t, w.db, w.alice, "hello", store.Followers)
	w.wants(w.get(public.URI, "Accept", ap, "Signature", "bad"), 200, ap)
	hidden := w.get(private.URI, "Accept", ap, "Signature", "bad")
	w.wants(hidden, 401, "application/json")
	unknown := w.get("/ap/posts/12345", "Accept", ap, "Signature", "bad")
	if unknown.StatusCode != 401 || unknown.body != hidden.body {
		t.Errorf("unknown: got %d %s, want as for a hidden one: %s", unknown.StatusCode, unknown.body, hidden.body)
	}
}

func TestRemotePostIsNotOurs(t *testing.T) {
	w := newWorld(t)
	post := storetest.Receive(t, w.db, w.bob, "https://there.example/notes/1", "<p>hi</p>")
	address := "/ap/posts/" + strconv.FormatInt(post.ID, 10)
	w.wants(w.get(address, "Accept", ap), 404, "application/json")
	w.must(w.db.ReceiveDelete(t.Context(), w.bob.ID, post.URI))
	w.wants(w.get(address, "Accept", ap), 404, "application/json")
}

func TestDeletedPostIsGone(t *testing.T) {
	w := newWorld(t)
	for _, visibility := range []store.Visibility{store.Public, store.Unlisted, store.Followers, store.Direct, store.LocalOnly} {
		post := storetest.Post(t, w.db, w.alice, "hello @bob@there.example", visibility)
		w.must(w.db.DeletePost(t.Context(), w.alice.ID, post.ID))
		for _, who := range []string{"", "bob"} {
			r := w.get(post.URI, "Accept", ap, "Signature", who)
			if visibility > store.Unlisted {
				w.wants(r, 404, "application/json")
				continue
			}
			w.wants(r, 410, ap)
			if m := r.json(t); m["type"] != "Tombstone" || m["id"] != post.URI || m["deleted"] == nil || m["content"] != nil {
				t.Errorf("%v: got %s", visibility, r.body)
			}
		}
		w.wants(w.get(post.URI+"/replies", "Accept", ap), 404, "application/json")
	}
}

func TestReplyNamesItsParent(t *testing.T) {
	w := newWorld(t)
	theirs := storetest.Receive(t, w.db, w.bob, "https://there.example/notes/1", "<p>hi</p>")
	ours := storetest.Reply(t, w.db, w.alice, theirs, "#Hello you", store.Public)
	m := w.get(ours.URI, "Accept", ap).json(t)
	if m["inReplyTo"] != theirs.URI {
		t.Errorf("inReplyTo %v, want %s", m["inReplyTo"], theirs.URI)
	}
	if cc, _ := m["cc"].([]any); !slices.Contains(cc, any(w.bob.URI)) {
		t.Errorf("cc %v lacks whom it answers", cc)
	}
	// Some servers tell people only of a Mention, so whom a reply answers has one.
	want := `[{"href":"` + w.bob.URI + `","name":"@bob@there.example","type":"Mention"},{"href":"` + base + `/tags/hello","name":"#Hello","type":"Hashtag"}]`
	if tags, _ := json.Marshal(m["tag"]); string(tags) != want {
		t.Errorf("tag %s, want %s", tags, want)
	}
}

func TestServePostAndActorAtTheirPages(t *testing.T) {
	w := newWorld(t)
	post := storetest.Post(t, w.db, w.alice, "hello", store.Public)
	private := storetest.Post(t, w.db, w.alice, "hello", store.Direct)
	serve := func(accept string, do func(http.ResponseWriter, *http.Request)) *httptest.ResponseRecorder {
		r := httptest.NewRequest("GET", "/@alice", nil)
		r.Header.Set("Accept", accept)
		recorder := httptest.NewRecorder()
		do(recorder, r)
		return recorder
	}
	if got := serve(typeLD, func(rw http.ResponseWriter, r *http.Request) { w.docs.ServeActor(rw, r, w.alice) }); got.Code != 200 ||
		got.Body.String() != w.get(w.alice.URI, "Accept", ap).body || got.Header().Get("Content-Type") != typeLD {
		t.Errorf("actor: got %d %s", got.Code, got.Body)
	}
	if got := serve(ap, func(rw http.ResponseWriter, r *http.Request) { w.docs.ServePost(rw, r, post.ID) }); got.Code != 200 ||
		got.Body.String() != w.get(post.URI, "Accept", ap).body {
		t.Errorf("post: got %d %s", got.Code, got.Body)
	}
	if got := serve(ap, func(rw http.ResponseWriter, r *http.Request) { w.docs.ServePost(rw, r, private.ID) }); got.Code != 404 {
		t.Errorf("private post: got %d %s", got.Code, got.Body)
	}
	w.must(w.db.DeletePost(t.Context(), w.alice.ID, post.ID))
	if got := serve(ap, func(rw http.ResponseWriter, r *http.Request) { w.docs.ServePost(rw, r, post.ID) }); got.Code != 410 {
		t.Errorf("deleted post: got %d %s", got.Code, got.Body)
	}
	if got := serve(ap, func(rw http.ResponseWriter, r *http.Request) { w.docs.ServeActor(rw, r, w.bob) }); got.Code != 404 {
		t.Errorf("actor of another server: got %d %s", got.Code, got.Body)
	}
}
