package web

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"seedling/federation"
	"seedling/store"
	"seedling/store/storetest"
)

// site is a whole server for tests: a real store and real TLS under the name of
// the public URL, with a clock that the test moves.
type site struct {
	t      *testing.T
	db     *store.DB
	config Config
	server *Server
	tls    *httptest.Server
	secret string // of the set-up link
	ask    Lookup // answers for other servers; set by the test
	clock
}

// clock is a time that only the test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// noon is when every test begins.
var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

// newSite starts a server without an owner.
func newSite(t *testing.T) *site {
	t.Helper()
	return newSiteOn(t, filepath.Join(t.TempDir(), "seedling.db"))
}

// newSiteOn starts a server on a store.
func newSiteOn(t *testing.T, path string) *site {
	t.Helper()
	s := &site{t: t, clock: clock{now: noon}}
	s.db = storetest.Open(t, store.Config{URL: storetest.URL, Path: path, Now: s.Now})
	key, secret := NewSetupKey()
	s.secret = secret
	documents, err := federation.New(federation.Config{DB: s.db, Now: s.Now})
	if err != nil {
		t.Fatal(err)
	}
	s.config = Config{DB: s.db, Version: "1.0", Source: "https://code.example/seedling", SetupKey: key, Now: s.Now, ClientAddress: testAddress,
		Documents: documents, Lookup: func(ctx context.Context, query string) (Found, error) { return s.ask(ctx, query) }}
	if s.server, err = New(s.config); err != nil {
		t.Fatal(err)
	}
	s.tls = httptest.NewTLSServer(s.server)
	t.Cleanup(s.tls.Close)
	return s
}

// restart has a new server answer on the same store, as after an update.
func (s *site) restart() {
	s.t.Helper()
	var err error
	s.server, err = New(s.config)
	s.must(err)
	s.tls.Config.Handler = s.server
}

// newFoundedSite starts a server that has the owner "olga".
func newFoundedSite(t *testing.T) *site {
	t.Helper()
	return newSiteOn(t, copyOf(t, founded))
}

// newVillage starts a server with an owner and a cast.
func newVillage(t *testing.T) (*site, cast) {
	t.Helper()
	s := newSiteOn(t, copyOf(t, village))
	account := func(name string) *store.Account {
		u, err := s.db.UserByName(t.Context(), name)
		s.must(err)
		return u.Account
	}
	return s, cast{account("mira"), account("fay"), account("sam"), account("stan"), account("bob")}
}

// The stores that most tests begin with are made once and copied: keys and
// passwords take longer than all else.
var (
	founded = sync.OnceValues(func() ([]byte, error) { return storeWith() })
	village = sync.OnceValues(func() ([]byte, error) { return storeWith("mira", "fay", "sam", "stan", "bob") })
)

// storeWith makes a store an hour before noon, with the owner olga and members,
// and returns its file. Fay follows mira, who blocks bob.
func storeWith(names ...string) ([]byte, error) {
	dir, err := os.MkdirTemp("", "seedling")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path, ctx := filepath.Join(dir, "seedling.db"), context.Background()
	db, err := store.Open(ctx, store.Config{URL: storetest.URL, Path: path, Now: func() time.Time { return noon.Add(-time.Hour) }})
	if err != nil {
		return nil, err
	}
	if _, err = db.SetUp(ctx, store.NewUser{Name: "olga", Password: storetest.Password}, map[string]string{"name": "Willow Bend"}); err == nil {
		err = addCast(ctx, db, names)
	}
	if err := errors.Join(err, db.Close()); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

func addCast(ctx context.Context, db *store.DB, names []string) error {
	accounts := map[string]int64{}
	for _, name := range names {
		u, err := db.CreateUser(ctx, store.NewUser{Name: name, Password: storetest.Password})
		if err != nil {
			return err
		}
		accounts[name] = u.Account.ID
	}
	if len(names) == 0 {
		return nil
	}
	return errors.Join(db.Follow(ctx, accounts["fay"], accounts["mira"]), db.Block(ctx, accounts["mira"], accounts["bob"]))
}

// copyOf writes the store that make returns to a new place.
func copyOf(t *testing.T, make func() ([]byte, error)) string {
	t.Helper()
	file, err := make()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "seedling.db")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// testAddress lets a test come from where it likes.
func testAddress(r *http.Request) string {
	if a := r.Header.Get("Test-Address"); a != "" {
		return a
	}
	return "192.0.2.1"
}

func (s *site) set(key, value string) {
	s.t.Helper()
	if err := s.db.SetSetting(s.t.Context(), key, value); err != nil {
		s.t.Fatal(err)
	}
}

// user makes somebody who may log in with storetest.Password.
func (s *site) user(name string, role store.Role) *store.User {
	s.t.Helper()
	u, err := s.db.CreateUser(s.t.Context(), storetest.NewUser(s.t, name, role))
	if err != nil {
		s.t.Fatal(err)
	}
	return u
}

// person is somebody with a browser: cookies, forms, links.
type person struct {
	t       *testing.T
	site    *site
	client  *http.Client
	jar     *cookiejar.Jar
	address string
	agent   string
	accept  string
	foreign bool   // requests come from a page of another site
	part    string // what a script asks for in X-Fragment
}

// person opens a new browser.
func (s *site) person() *person {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	transport := &http.Transport{
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, s.tls.Listener.Addr().String())
		},
		TLSClientConfig: &tls.Config{RootCAs: s.tls.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs, ServerName: "example.com"},
	}
	s.t.Cleanup(transport.CloseIdleConnections)
	client := &http.Client{Jar: jar, Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &person{t: s.t, site: s, client: client, jar: jar}
}

// member opens a browser that is logged in already.
func (s *site) member(name string) *person {
	s.t.Helper()
	p := s.person()
	u, err := s.db.UserByName(s.t.Context(), name)
	s.must(err)
	secret, err := s.db.CreateSession(s.t.Context(), u.Account.ID, "", testAddress(&http.Request{}))
	s.must(err)
	here, _ := url.Parse(storetest.URL)
	p.jar.SetCookies(here, []*http.Cookie{{Name: s.server.cookieName("session"), Value: secret, Path: "/", Secure: true}})
	return p
}

// screen is what the browser shows after a request.
type screen struct {
	p        *person
	status   int
	location string
	header   http.Header
	body     string
	doc      *html.Node
}

func (p *person) get(path string) *screen {
	p.t.Helper()
	return p.do(http.MethodGet, path, "", "")
}

func (p *person) post(path string, form url.Values) *screen {
	p.t.Helper()
	return p.do(http.MethodPost, path, "application/x-www-form-urlencoded", form.Encode())
}

func (p *person) do(method, path, kind, body string) *screen {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), method, storetest.URL+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if p.foreign {
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		r.Header.Set("Origin", "https://evil.example")
	}
	r.Header.Set("Test-Address", p.address)
	r.Header.Set("User-Agent", p.agent)
	if p.part != "" {
		r.Header.Set(fragmentHeader, p.part)
	}
	if p.accept != "" {
		r.Header.Set("Accept", p.accept)
	}
	resp, err := p.client.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	doc, err := html.Parse(strings.NewReader(string(b)))
	if err != nil {
		p.t.Fatal(err)
	}
	return &screen{p: p, status: resp.StatusCode, location: resp.Header.Get("Location"), header: resp.Header, body: string(b), doc: doc}
}

// logIn fills the log-in page in.
func (p *person) logIn(name, password string) *screen {
	p.t.Helper()
	return p.get("/login").submit("/login", "login", name, "password", password)
}

// cookie is the value of one of our cookies, or empty.
func (p *person) cookie(name string) string {
	u, _ := url.Parse(storetest.URL)
	for _, c := range p.jar.Cookies(u) {
		if c.Name == "__Host-seedling-"+name {
			return c.Value
		}
	}
	return ""
}

// wants checks the status, and that the page holds these texts.
func (s *screen) wants(status int, texts ...string) *screen {
	s.p.t.Helper()
	if s.status != status {
		s.p.t.Fatalf("got status %d, want %d: %s", s.status, status, s.words())
	}
	for _, text := range texts {
		if !strings.Contains(s.words(), text) {
			s.p.t.Fatalf("page lacks %q: %s", text, s.words())
		}
	}
	return s
}

// leadsTo checks a redirect and follows it.
func (s *screen) leadsTo(path string) *screen {
	s.p.t.Helper()
	if s.status != http.StatusSeeOther || s.location != path {
		s.p.t.Fatalf("got %d to %q, want 303 to %q: %s", s.status, s.location, path, s.words())
	}
	return s.p.get(path)
}

func (s *screen) lacks(texts ...string) *screen {
	s.p.t.Helper()
	for _, text := range texts {
		if strings.Contains(s.body, text) {
			s.p.t.Fatalf("page holds %q", text)
		}
	}
	return s
}

// words is the text of the page.
func (s *screen) words() string {
	var b strings.Builder
	for n := range s.doc.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "title" {
			b.WriteString(n.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// fields finds the form that posts to action and what a browser would send for
// it as it stands.
func (s *screen) fields(action string) url.Values {
	s.p.t.Helper()
	for form := range s.doc.Descendants() {
		if form.Data != "form" || attr(form, "action") != action || attr(form, "method") != "post" {
			continue
		}
		return controls(form)
	}
	s.p.t.Fatalf("no form that posts to %s: %s", action, s.words())
	return nil
}

func controls(form *html.Node) url.Values {
	v := url.Values{}
	for n := range form.Descendants() {
		name := attr(n, "name")
		switch {
		case name == "":
		case n.Data == "input" && (attr(n, "type") == "checkbox" || attr(n, "type") == "radio"):
			if hasAttr(n, "checked") {
				v.Add(name, attr(n, "value"))
			}
		case n.Data == "input":
			v.Add(name, attr(n, "value"))
		case n.Data == "textarea":
			text := ""
			if n.FirstChild != nil {
				text = n.FirstChild.Data
			}
			v.Add(name, text)
		case n.Data == "select":
			for o := range n.Descendants() {
				if o.Data == "option" && hasAttr(o, "selected") {
					v.Add(name, attr(o, "value"))
				}
			}
		}
	}
	return v
}

// submit sends the form that posts to action, with the named fields changed.
func (s *screen) submit(action string, changes ...string) *screen {
	s.p.t.Helper()
	v := s.fields(action)
	for i := 0; i+1 < len(changes); i += 2 {
		v.Set(changes[i], changes[i+1])
	}
	return s.p.post(action, v)
}

// press presses a button of the page's one hidden form.
func (s *screen) press(action string) *screen {
	s.p.t.Helper()
	found := false
	var name, value string
	var hidden url.Values
	for n := range s.doc.Descendants() {
		if n.Data == "button" && attr(n, "formaction") == action {
			found, name, value = true, attr(n, "name"), attr(n, "value")
		}
		if n.Data == "form" && attr(n, "id") == "act" {
			hidden = controls(n)
		}
	}
	if !found {
		s.p.t.Fatalf("no button for %s: %s", action, s.words())
	}
	if name != "" {
		hidden.Set(name, value)
	}
	return s.p.post(action, hidden)
}

// problem checks that the page says what is wrong with a field and links to it.
func (s *screen) problem(field, sentence string) *screen {
	s.p.t.Helper()
	s.wants(s.status, "There is a problem", sentence)
	if !strings.Contains(s.body, "<title>Error: ") {
		s.p.t.Errorf("the title does not begin with Error:")
	}
	if field == "" {
		return s
	}
	for n := range s.doc.Descendants() {
		if n.Data == "a" && attr(n, "href") == "#f-"+field {
			return s
		}
	}
	s.p.t.Errorf("the summary has no link to %s", field)
	return s
}
