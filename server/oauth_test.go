package server_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"seedling/federation/fedtest"
)

// client is an app: it speaks JSON and has, once somebody allowed it, a token.
type client struct {
	t      testing.TB
	base   string
	http   *http.Client
	id     string
	secret string
	token  string
}

// answer is what an app was answered.
type answer struct {
	t      testing.TB
	what   string
	status int
	header http.Header
	body   string
	value  any
}

// ask sends one request; params go into the query of a GET and else into a form.
func (c *client) ask(method, path string, params url.Values, header ...string) *answer {
	c.t.Helper()
	target, body := c.base+path, ""
	if method == http.MethodGet && len(params) > 0 {
		target += "?" + params.Encode()
	} else {
		body = params.Encode()
	}
	if len(params) > 0 {
		header = append([]string{"Content-Type", "application/x-www-form-urlencoded"}, header...)
	}
	return c.send(method, target, body, header...)
}

func (c *client) send(method, target, body string, header ...string) *answer {
	c.t.Helper()
	if !strings.HasPrefix(target, "http") {
		target = c.base + target
	}
	r, err := http.NewRequest(method, target, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := c.http.Do(r)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, target, err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, target, err)
	}
	a := &answer{t: c.t, what: method + " " + strings.TrimPrefix(target, c.base), status: resp.StatusCode, header: resp.Header, body: string(b)}
	if len(b) > 0 {
		if err := json.Unmarshal(b, &a.value); err != nil {
			c.t.Fatalf("%s answered %d with what is no JSON: %.300s", a.what, a.status, b)
		}
	}
	return a
}

// wants checks the status.
func (a *answer) wants(status int) *answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s: got %d, want %d: %.500s", a.what, a.status, status, a.body)
	}
	return a
}

// at returns what stands in the answer under names, or, in a list, a number.
func (a *answer) at(names ...any) any {
	a.t.Helper()
	v := a.value
	for _, name := range names {
		switch name := name.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[name]
		case int:
			l, _ := v.([]any)
			if name >= len(l) {
				a.t.Fatalf("%s: the list has %d entries: %.300s", a.what, len(l), a.body)
			}
			v = l[name]
		}
	}
	return v
}

func (a *answer) text(names ...any) string {
	a.t.Helper()
	s, _ := a.at(names...).(string)
	return s
}

// len is how many entries the list has.
func (a *answer) len() int {
	l, _ := a.value.([]any)
	return len(l)
}

// app returns an app without a token.
func (in *instance) app() *client {
	httpClient := *in.net.Client()
	httpClient.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client{t: in.t, base: "https://" + in.host, http: &httpClient}
}

// register registers the app.
func (c *client) register(redirect, scopes string) *client {
	c.t.Helper()
	a := c.ask("POST", "/api/v1/apps", url.Values{"client_name": {"Test <app>"}, "redirect_uris": {redirect}, "scopes": {scopes}, "website": {"https://app.example"}}).wants(200)
	c.id, c.secret = a.text("client_id"), a.text("client_secret")
	if c.id == "" || c.secret == "" {
		c.t.Fatalf("no credentials: %s", a.body)
	}
	return c
}

const outOfBand = "urn:ietf:wg:oauth:2.0:oob"

// question is the address to which an app sends a member.
func (c *client) question(redirect, scopes string, more ...string) string {
	q := url.Values{"client_id": {c.id}, "redirect_uri": {redirect}, "response_type": {"code"}, "scope": {scopes}}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return "/oauth/authorize?" + q.Encode()
}

// decide sends the form of the page that asks, with one of its buttons.
func (b *browser) decide(decision string) (location string, p *page) {
	b.t.Helper()
	form := find(b.page.doc, func(n *html.Node) bool { return n.Data == "form" && attr(n, "action") == "/oauth/authorize" })
	if form == nil {
		b.t.Fatalf("%s does not ask: %.500s", b.page.path, b.page.text)
	}
	if find(form, func(n *html.Node) bool { return n.Data == "button" && attr(n, "value") == decision }) == nil {
		b.t.Fatalf("there is no button %q", decision)
	}
	values := formValues(form)
	values.Set("decision", decision)
	check := b.client.CheckRedirect
	defer func() { b.client.CheckRedirect = check }()
	b.client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		location = r.URL.String()
		return http.ErrUseLastResponse
	}
	return location, b.post("/oauth/authorize", values)
}

// exchange asks for a token.
func (c *client) exchange(code, redirect string, more ...string) *answer {
	c.t.Helper()
	q := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {redirect}, "client_id": {c.id}, "client_secret": {c.secret}}
	for i := 0; i+1 < len(more); i += 2 {
		if q.Set(more[i], more[i+1]); more[i+1] == "" {
			q.Del(more[i])
		}
	}
	return c.ask("POST", "/oauth/token", q)
}

// signIn gets an app a token of a member, through the pages.
func (in *instance) signIn(b *browser, scopes string) *client {
	in.t.Helper()
	c := in.app().register(outOfBand, scopes)
	c.token = c.exchange(c.code(b, outOfBand, scopes), outOfBand).wants(200).text("access_token")
	return c
}

// code lets a member allow the app and copies the code.
func (c *client) code(b *browser, redirect, scopes string, more ...string) string {
	c.t.Helper()
	b.open(c.question(redirect, scopes, more...))
	location, p := b.decide("allow")
	if redirect != outOfBand {
		u, err := url.Parse(location)
		if err != nil || u.Query().Get("code") == "" {
			c.t.Fatalf("no code at %q", location)
		}
		return u.Query().Get("code")
	}
	code := find(p.doc, func(n *html.Node) bool { return n.Data == "code" })
	if code == nil {
		c.t.Fatalf("no code is shown: %.500s", p.text)
	}
	return textOf(code)
}

func challenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// TestSigningInWithAnApp walks the way of a member: log-in, consent, token, the
// list of apps, and the end of it.
func TestSigningInWithAnApp(t *testing.T) {
	t.Parallel()
	in := start(t, fedtest.NewNetwork(t), "here.example")
	in.member("mira")
	const back = "https://app.example/back?x=1"
	c := in.app().register(back, "read write:statuses push")
	b := in.browser()
	b.open(c.question(back, "read write:statuses", "state", "a b&c"))
	if b.page.path[:len("/login")] != "/login" {
		t.Fatalf("a visitor is at %s, not at the log-in", b.page.path)
	}
	b.submit("/login", map[string]string{"login": "mira", "password": password})
	for _, text := range []string{"Test <app> asks for access", "app.example", "See what you can see", "Write, boost and delete posts", "Not you?"} {
		if !strings.Contains(b.page.text, text) {
			t.Errorf("the page does not say %q: %.900s", text, b.page.text)
		}
	}
	if strings.Contains(b.page.text, "notifications") && strings.Contains(b.page.text, "Send you") {
		t.Error("the page names a scope that the app did not ask for")
	}
	question := b.page.path
	if location, _ := b.decide("deny"); !strings.HasPrefix(location, back+"&error=access_denied") || !strings.Contains(location, "state=a+b%26c") {
		t.Errorf("denied: sent to %q", location)
	}
	b.open(question)
	location, _ := b.decide("allow")
	u, err := url.Parse(location)
	if err != nil || !strings.HasPrefix(location, back+"&code=") || u.Query().Get("state") != "a b&c" {
		t.Fatalf("allowed: sent to %q", location)
	}
	a := c.exchange(u.Query().Get("code"), back).wants(200)
	if a.text("token_type") != "Bearer" || a.text("scope") != "read write:statuses" || a.at("created_at").(float64) == 0 {
		t.Errorf("token: %s", a.body)
	}
	c.token = a.text("access_token")
	if got := c.ask("GET", "/api/v1/accounts/verify_credentials", nil).wants(200).text("username"); got != "mira" {
		t.Errorf("the token is %q's", got)
	}
	if got := c.ask("GET", "/api/v1/apps/verify_credentials", nil).wants(200).text("name"); got != "Test <app>" {
		t.Errorf("the app is %q", got)
	}
	if got := c.ask("GET", "/oauth/userinfo", nil).wants(200).text("preferred_username"); got != "mira" {
		t.Errorf("userinfo: %q", got)
	}
	c.ask("POST", "/api/v1/statuses", url.Values{"status": {"hi"}}).wants(200)
	c.ask("POST", "/api/v1/accounts/1/follow", nil).wants(403)
	c.ask("PATCH", "/api/v1/accounts/update_credentials", url.Values{"note": {"x"}}).wants(403)

	p := b.open("/settings/apps")
	if !strings.Contains(p.text, "Test <app>") {
		t.Fatalf("the app is not listed: %.500s", p.text)
	}
	button := find(p.doc, func(n *html.Node) bool { return strings.HasSuffix(attr(n, "formaction"), "/revoke") })
	b.press(attr(button, "formaction"))
	c.ask("GET", "/api/v1/accounts/verify_credentials", nil).wants(401)
	if strings.Contains(b.open("/settings/apps").text, "Test <app>") {
		t.Error("the app is still listed")
	}
}

// TestAnotherMemberMayAnswerAnApp covers "not you?" and force_login.
func TestAnotherMemberMayAnswerAnApp(t *testing.T) {
	t.Parallel()
	in := start(t, fedtest.NewNetwork(t), "here.example")
	in.member("mira")
	b := in.member("fay")
	c := in.app().register(outOfBand, "read")
	b.open(c.question(outOfBand, "read"))
	location, _ := b.decide("switch")
	b.open(location)
	b.submit("/login", map[string]string{"login": "mira", "password": password})
	_, p := b.decide("allow")
	c.token = c.exchange(textOf(find(p.doc, func(n *html.Node) bool { return n.Data == "code" })), outOfBand).wants(200).text("access_token")
	if got := c.ask("GET", "/api/v1/accounts/verify_credentials", nil).wants(200).text("username"); got != "mira" {
		t.Errorf("the token is %q's, not that of who answered", got)
	}
}

// TestRedirectsToElsewhereAreRefused covers addresses that an app did not
// register: nobody is sent there, and the member is told.
func TestRedirectsToElsewhereAreRefused(t *testing.T) {
	t.Parallel()
	in := start(t, fedtest.NewNetwork(t), "here.example")
	b := in.member("mira")
	for _, c := range []struct {
		registered, given string
		ok                bool
	}{
		{"https://app.example/back", "https://app.example/back", true},
		{"https://app.example/back", "https://app.example/back/", false},
		{"https://app.example/back", "https://app.example/back?x=1", false},
		{"https://app.example/back", "https://app.example:8443/back", false},
		{"https://app.example/back", "http://app.example/back", false},
		{"https://app.example/back", "https://APP.example/back", false},
		{"http://localhost/back", "http://localhost:4711/back", true},
		{"http://127.0.0.1:1/back", "http://127.0.0.1:4711/back", true},
		{"http://[::1]/back", "http://[::1]:4711/back", true},
		{"http://localhost/back", "http://localhost:4711/other", false},
		{"http://localhost/back", "http://localhost.evil.example:80/back", false},
		{"http://localhost/back", "http://user@localhost:80/back", false},
		{"com.example.app:/oauth", "com.example.app:/oauth", true},
		{"myapp://oauth", "myapp://oauth", true},
		{"myapp://oauth", "myapp://oauth2", false},
		{outOfBand, outOfBand, true},
		{outOfBand, "https://app.example/back", false},
	} {
		app := in.app().register(c.registered, "read")
		p := b.open(app.question(c.given, "read"))
		if ok := p.status == 200 && strings.Contains(p.text, "asks for access"); ok != c.ok {
			t.Errorf("registered %s, given %s: got %d %.80q, want allowed %v", c.registered, c.given, p.status, p.text, c.ok)
		}
	}
	app := in.app()
	for _, wrong := range []string{"javascript:alert(1)", "data:text/html,x", "/relative", "https://", "https://app.example/#x", "https://user@app.example/", "https://app.example/ x,y\u00e9", "file:///etc/passwd"} {
		app.ask("POST", "/api/v1/apps", url.Values{"client_name": {"x"}, "redirect_uris": {strings.ReplaceAll(wrong, " ", "")}}).wants(422)
	}
	app.ask("POST", "/api/v1/apps", url.Values{"redirect_uris": {outOfBand}}).wants(422)
	app.ask("POST", "/api/v1/apps", url.Values{"client_name": {"x"}}).wants(422)
	app.ask("POST", "/api/v1/apps", url.Values{"client_name": {"x"}, "redirect_uris": {outOfBand}, "scopes": {"read everything"}}).wants(422)
}

// TestWhatAnAppDidWrongIsToldToIt covers requests that are refused where the
// app registered an address.
func TestWhatAnAppDidWrongIsToldToIt(t *testing.T) {
	t.Parallel()
	in := start(t, fedtest.NewNetwork(t), "here.example")
	b := in.member("mira")
	c := in.app().register("https://app.example/back", "read")
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for want, more := range map[string][]string{
		"unsupported_response_type": {"response_type", "token"},
		"invalid_scope":             {"scope", "read write"},
		"invalid_request":           {"code_challenge", challenge("x"), "code_challenge_method", "plain"},
	} {
		r, err := http.NewRequest("GET", b.base+c.question("https://app.example/back", "read", append(more, "state", "s")...), nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := b.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if got := resp.Header.Get("Location"); !strings.HasPrefix(got, "https://app.example/back?error="+want+"&") || !strings.Contains(got, "state=s") {
			t.Errorf("%s: sent to %q", want, got)
		}
	}
	if p := b.open(strings.Replace(c.question("https://app.example/back", "read"), c.id, "nobody", 1)); p.status != 400 || !strings.Contains(p.text, "not registered") {
		t.Errorf("unknown app: got %d %.200s", p.status, p.text)
	}
}

// TestCodesWorkOnce covers codes that are used again, by another app, with
// another address, or without the proof that their app began with.
func TestCodesWorkOnce(t *testing.T) {
	t.Parallel()
	in := start(t, fedtest.NewNetwork(t), "here.example")
	b := in.member("mira")
	const back = "https://app.example/back"
	c, other := in.app().register(back, "read"), in.app().register(back, "read")

	code := c.code(b, back, "read")
	other.exchange(code, back).wants(400)
	c.exchange(code, back+"/").wants(400)
	c.exchange(code, back, "client_secret", "wrong").wants(401)
	c.exchange(code, back, "code_verifier", strings.Repeat("v", 43)).wants(400) // none was announced
	c.exchange("nonsense", back).wants(400)
	c.token = c.exchange(code, back).wants(200).text("access_token")
	c.ask("GET", "/api/v1/accounts/verify_credentials", nil).wants(200)
	if a := c.exchange(code, back).wants(400); a.text("error") != "invalid_grant" {
		t.Errorf("a used code: %s", a.body)
	}
	c.ask("GET", "/api/v1/accounts/verify_credentials", nil).wants(401) // what came of it has ended

	verifier := strings.Repeat("verifier-", 6)
	code = c.code(b, back, "read", "code_challenge", challenge(verifier), "code_challenge_method", "S256")
	c.exchange(code, back).wants(400) // downgrade
	c.exchange(code, back, "code_verifier", strings.Repeat("verifies-", 6)).wants(400)
	c.exchange(code, back, "code_verifier", verifier, "client_secret", "").wants(200)
}

// TestGrantTypes covers tokens of apps for themselves, and what is refused.
func TestGrantTypes(t *testing.T) {
	t.Parallel()
	in := start(t, fedtest.NewNetwork(t), "here.example")
	in.member("mira")
	c := in.app().register(outOfBand, "read write")
	q := url.Values{"client_id": {c.id}, "client_secret": {c.secret}}
	with := func(more ...string) url.Values {
		v := url.Values{}
		for name, values := range q {
			v[name] = values
		}
		for i := 0; i+1 < len(more); i += 2 {
			v.Set(more[i], more[i+1])
		}
		return v
	}
	if a := c.ask("POST", "/oauth/token", with("grant_type", "password", "username", "mira", "password", password)).wants(400); a.text("error") != "unsupported_grant_type" {
		t.Errorf("password: %s", a.body)
	}
	if a := c.ask("POST", "/oauth/token", q).wants(400); a.text("error") != "invalid_request" { // RFC 6749 §5.2
		t.Errorf("no grant type: %s", a.body)
	}
	c.ask("POST", "/oauth/token", with("grant_type", "client_credentials", "scope", "admin:read")).wants(400)
	c.ask("POST", "/oauth/token", with("grant_type", "client_credentials", "client_secret", "x")).wants(401)
	c.token = c.ask("POST", "/oauth/token", with("grant_type", "client_credentials", "scope", "read write")).wants(200).text("access_token")
	c.ask("GET", "/api/v1/apps/verify_credentials", nil).wants(200)
	c.ask("GET", "/api/v1/timelines/public", nil).wants(200)
	c.ask("GET", "/api/v1/timelines/home", nil).wants(422) // it acts for nobody
	c.ask("POST", "/api/v1/statuses", url.Values{"status": {"x"}}).wants(422)

	// By HTTP Basic and JSON.
	mine := c.token
	c.token = ""
	basic := base64.StdEncoding.EncodeToString([]byte(c.id + ":" + c.secret))
	c.send("POST", "/oauth/token", `{"grant_type":"client_credentials"}`, "Content-Type", "application/json", "Authorization", "Basic "+basic).wants(200)

	other := in.app().register(outOfBand, "read")
	other.ask("POST", "/oauth/revoke", url.Values{"client_id": {other.id}, "client_secret": {other.secret}, "token": {mine}}).wants(403)
	c.ask("POST", "/oauth/revoke", with("token", mine)).wants(200)
	c.ask("POST", "/oauth/revoke", with("token", mine)).wants(200)
	c.token = mine
	c.ask("GET", "/api/v1/apps/verify_credentials", nil).wants(401)
}

// TestOAuthMetadata covers what apps find out before they register.
func TestOAuthMetadata(t *testing.T) {
	t.Parallel()
	in := start(t, fedtest.NewNetwork(t), "here.example")
	c := in.app()
	a := c.ask("GET", "/.well-known/oauth-authorization-server", nil).wants(200)
	if a.text("token_endpoint") != "https://here.example/oauth/token" || a.text("code_challenge_methods_supported", 0) != "S256" {
		t.Errorf("got %s", a.body)
	}
	if got := a.header.Get("Access-Control-Allow-Origin"); got != "*" {
		t.Errorf("CORS: got %q", got)
	}
	for _, path := range []string{"/oauth/token", "/api/v1/apps", "/api/v1/statuses", "/api/v1/accounts/1/follow"} {
		if a := c.ask("OPTIONS", path, nil).wants(204); !strings.Contains(a.header.Get("Access-Control-Allow-Headers"), "Authorization") || !strings.Contains(a.header.Get("Access-Control-Allow-Headers"), "*") {
			t.Errorf("%s: preflight got %v", path, a.header)
		}
	}
	for _, path := range []string{"/.well-known/nodeinfo", "/nodeinfo/2.0", "/nodeinfo/2.1", "/.well-known/webfinger", "/.well-known/host-meta"} {
		if a := c.ask("OPTIONS", path, nil, "Origin", "https://app.example", "Access-Control-Request-Method", "GET").wants(204); a.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: preflight got %v", path, a.header)
		}
	}
}

// TestAnAppRegistersAsJSON covers apps that run in a web page: JSON all the way,
// readable from another origin, several addresses as a list.
func TestAnAppRegistersAsJSON(t *testing.T) {
	t.Parallel()
	in := start(t, fedtest.NewNetwork(t), "here.example")
	b := in.member("mira")
	c := in.app()
	const first, second = "https://app.example/back", "http://localhost/back"
	page := []string{"Content-Type", "application/json", "Origin", "https://app.example"}
	a := c.send("POST", "/api/v1/apps", `{"client_name":"Page","redirect_uris":["`+first+`","`+second+`"],"scopes":"read","website":null}`, page...).wants(200)
	if a.header.Get("Access-Control-Allow-Origin") != "*" || a.text("redirect_uris", 0) != first || a.text("redirect_uris", 1) != second {
		t.Errorf("registered: %v, %s", a.header, a.body)
	}
	c.id, c.secret = a.text("client_id"), a.text("client_secret")
	for _, redirect := range []string{first, "http://localhost:5173/back"} {
		code := c.code(b, redirect, "read")
		body := `{"grant_type":"authorization_code","code":"` + code + `","client_id":"` + c.id + `","client_secret":"` + c.secret + `","redirect_uri":"` + redirect + `"}`
		a := c.send("POST", "/oauth/token", body, page...).wants(200)
		if a.header.Get("Access-Control-Allow-Origin") != "*" || a.text("access_token") == "" {
			t.Errorf("token for %s: %v, %s", redirect, a.header, a.body)
		}
		if a := c.send("POST", "/oauth/token", body, page...).wants(400); a.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("a refusal can't be read by the page: %v", a.header)
		}
	}
	for _, wrong := range []string{`{"client_name":"x","redirect_uris":[]}`, `{"client_name":"x","redirect_uris":[1]}`} {
		c.send("POST", "/api/v1/apps", wrong, page...).wants(422)
	}
}

// TestAnAppAsksInItsLanguage: the question stands in the language that the app
// has, and so does the page where its member logs in first. The rest of the pages
// keep their own.
func TestAnAppAsksInItsLanguage(t *testing.T) {
	t.Parallel()
	in := start(t, fedtest.NewNetwork(t), "here.example")
	in.member("alice")
	c := in.app().register(outOfBand, "read")
	b := in.browser()
	reads := func(where, lang string) {
		t.Helper()
		if got := find(b.page.doc, func(n *html.Node) bool { return n.Data == "html" }); got == nil || attr(got, "lang") != lang {
			t.Errorf("%s is not in %q: %.200s", where, lang, b.page.text)
		}
	}
	b.open(c.question(outOfBand, "read", "lang", "de-AT"))
	reads("the page to log in", "de")
	b.submit("/login", map[string]string{"login": "alice", "password": "wrong wrong wrong"})
	reads("the page to log in after a mistake", "de")
	b.submit("/login", map[string]string{"login": "alice", "password": password})
	reads("the question", "de")
	if _, p := b.decide("allow"); p.status != 200 {
		t.Errorf("allowed: got %d", p.status)
	}
	reads("the code", "de")
	b.open(c.question(outOfBand, "read", "lang", "xx"))
	reads("the question in a language that is not here", "en")
	b.open("/home")
	reads("the home page", "en")
}
