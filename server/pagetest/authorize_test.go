package pagetest

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"testing"
)

// phoneApp is an app as it runs on somebody's machine: it listens on a port of its
// own, to which the browser is to bring the answer.
type phoneApp struct {
	v            *village
	t            *testing.T
	id, secret   string
	redirect     string // its address, with the port of this time
	came         chan url.Values
	verifier     string
	anotherPorts string // what it registered, with another port
}

const outOfBand = "urn:ietf:wg:oauth:2.0:oob"

// newApp registers an app; its redirect is to localhost with any port.
func (v *village) newApp(t *testing.T) *phoneApp {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	a := &phoneApp{v: v, t: t, redirect: "http://localhost:" + port + "/back", came: make(chan url.Values, 4), anotherPorts: "http://localhost/back",
		verifier: "a-verifier-of-more-than-forty-three-characters-in-all"}
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/back" {
			a.came <- r.URL.Query()
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, `<!doctype html><html lang="en"><title>The app</title><body id="app">Back in the app`)
	})}
	go s.Serve(listener)
	t.Cleanup(func() { s.Close() })
	made := a.post("/api/v1/apps", url.Values{"client_name": {"Garden <b>Gate"}, "redirect_uris": {a.anotherPorts, outOfBand}, "scopes": {"read write:statuses push"}, "website": {"https://gate.example/"}})
	a.id, a.secret = made["client_id"].(string), made["client_secret"].(string)
	return a
}

// post sends a form to the server.
func (a *phoneApp) post(path string, form url.Values) (answer map[string]any) {
	a.t.Helper()
	resp, err := http.PostForm(a.v.base+path, form)
	if err != nil {
		a.t.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || resp.StatusCode != http.StatusOK {
		a.t.Fatalf("%s: %d %v, %v", path, resp.StatusCode, answer, err)
	}
	return answer
}

// question is the page on which a member decides.
func (a *phoneApp) question(redirect string) string {
	sum := sha256.Sum256([]byte(a.verifier))
	return "/oauth/authorize?" + url.Values{"response_type": {"code"}, "client_id": {a.id}, "redirect_uri": {redirect}, "scope": {"read write:statuses push"}, "state": {"s&=1"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"}}.Encode()
}

// works says whether a code can be exchanged, and what it leads to is the member's.
func (a *phoneApp) works(code, redirect string) {
	a.t.Helper()
	token := a.post("/oauth/token", url.Values{"grant_type": {"authorization_code"}, "client_id": {a.id}, "client_secret": {a.secret}, "code": {code}, "redirect_uri": {redirect}, "code_verifier": {a.verifier}})
	r, err := http.NewRequest(http.MethodGet, a.v.base+"/api/v1/accounts/verify_credentials", nil)
	if err != nil {
		a.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token["access_token"].(string))
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		a.t.Fatal(err)
	}
	defer resp.Body.Close()
	var me struct{ Username string }
	if err := json.NewDecoder(resp.Body).Decode(&me); err != nil || me.Username != member {
		a.t.Errorf("the token is of %q (%d, %v), want %s", me.Username, resp.StatusCode, err, member)
	}
}

// TestAnAppAsksInABrowser: a member allows and denies an app in a real browser,
// which brings the answer to a port of their own machine, or shows a code to copy.
func TestAnAppAsksInABrowser(t *testing.T) {
	browser := newBrowser(t)
	v := newVillage(t)
	for _, on := range []bool{false, true} {
		for _, width := range []int{320, 1280} {
			t.Run(fmt.Sprintf("scripts %v, %d px", on, width), func(t *testing.T) {
				a := v.newApp(t)
				b := v.newTab(t, browser, member)
				b.scripts(on)
				b.wear(looks{width: width, language: "en"})
				b.asked(a, on)
				for decision, field := range map[string]string{"allow": "code", "deny": "error"} {
					b.open(a.question(a.redirect))
					b.press(`button[value="` + decision + `"]`)
					b.until("the app has the browser", `document.body.id === 'app'`)
					answer := <-a.came
					if answer.Get(field) == "" || answer.Get("state") != "s&=1" || answer.Has("code") != (decision == "allow") {
						t.Errorf("%s brings %v", decision, answer)
					}
					if decision == "allow" {
						a.works(answer.Get("code"), a.redirect)
					}
				}
				b.copiesTheCode(a, on)
				b.quiet()
			})
		}
	}
}

// asked looks at the question.
func (b *tab) asked(a *phoneApp, scripts bool) {
	b.t.Helper()
	b.open(a.question(a.redirect))
	b.says("Garden <b>Gate")
	b.says("gate.example")
	if !js[bool](b, sameButtons) {
		b.t.Errorf("%d px: to allow and to deny are not the same: %s", b.how.width, js[string](b, `document.querySelector('.buttons.equal').outerHTML`))
	}
	b.readable(scripts)
}

// readable checks a page at the width that the window has. axe-core is a script.
func (b *tab) readable(scripts bool) {
	b.t.Helper()
	width := b.how.width
	for _, dir := range []string{"rtl", "ltr"} {
		if wide := js[string](b, reflowCheck, dir, width); wide != "" {
			b.t.Errorf("%s, %d px, %s: it is wider than the window: %s", b.path, width, dir, wide)
		}
	}
	if !scripts {
		return
	}
	for _, theme := range []string{"dark", "light"} {
		js[bool](b, `(document.documentElement.dataset.theme = '%s', true)`, theme)
		b.tall(width)
		b.accessible(fmt.Sprintf("%s, %s, %d px", b.path, theme, width))
	}
	b.window(width, 900)
}

// sameButtons says whether both decisions are as large, and look, the same.
const sameButtons = `(() => {
  const [allow, deny] = ['allow', 'deny'].map(value => document.querySelector('button[value=' + value + ']'));
  const [a, d] = [allow, deny].map(e => e.getBoundingClientRect());
  const [x, y] = [allow, deny].map(e => { const s = getComputedStyle(e); return [s.backgroundColor, s.color, s.fontSize, s.fontWeight, s.borderColor].join(); });
  return Math.abs(a.width - d.width) < 2 && Math.abs(a.height - d.height) < 2 && a.width >= 44 && a.height >= 24 && x === y;
})()`

// copiesTheCode allows an app that can be told nothing.
func (b *tab) copiesTheCode(a *phoneApp, scripts bool) {
	b.t.Helper()
	b.open(a.question(outOfBand))
	b.leave(`button[value="allow"]`)
	b.until("a code is shown", `document.querySelector('code')`)
	a.works(js[string](b, `document.querySelector('code').textContent`), outOfBand)
	b.readable(scripts)
	if n := len(a.came); n != 0 {
		b.t.Errorf("the app was told %d things that it can't be told", n)
	}
}
