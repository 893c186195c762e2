package web

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
	"seedling/templates"
)

func newFrameServer(t *testing.T) *Server {
	t.Helper()
	s, err := New(Config{DB: storetest.New(t), Version: "test", Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// tryHandler runs one handler behind the adapter and returns its answer with the body.
func tryHandler(s *Server, h handler, r *http.Request) (*http.Response, string) {
	w := httptest.NewRecorder()
	s.page(h)(w, r, nil)
	res := w.Result()
	body, _ := io.ReadAll(res.Body)
	return res, string(body)
}

// showOne is a page with a form.
func showOne(s *Server) handler {
	return func(w http.ResponseWriter, r *request) error {
		return s.render(w, r, http.StatusOK, templates.LoginPage{Frame: s.frame(r)})
	}
}

// accept is a form's handler that only says that it was reached.
func accept(w http.ResponseWriter, r *request) error {
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// postForm is a form as a browser on our own page sends it.
func postForm(s *Server, body string, cookies []*http.Cookie) *http.Request {
	r := httptest.NewRequest("POST", s.db.URL()+"/posts", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for _, c := range cookies {
		r.AddCookie(c)
	}
	return r
}

var tokenField = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// openForm loads a page as a visitor and returns its token and cookies.
func openForm(t *testing.T, s *Server) (string, []*http.Cookie) {
	t.Helper()
	res, body := tryHandler(s, showOne(s), httptest.NewRequest("GET", "/login", nil))
	m := tokenField.FindStringSubmatch(body)
	if m == nil || len(res.Cookies()) == 0 {
		t.Fatalf("no token or no cookie: %d %q", res.StatusCode, body)
	}
	return m[1], res.Cookies()
}

func TestFormTokens(t *testing.T) {
	s := newFrameServer(t)
	token, cookies := openForm(t, s)
	otherToken, otherCookies := openForm(t, s)
	for _, test := range []struct {
		name, token string
		cookies     []*http.Cookie
		want        int
	}{
		{"own token", token, cookies, 204},
		{"no token", "", cookies, 403},
		{"no cookie", token, nil, 403},
		{"token of another browser", otherToken, cookies, 403},
		{"cookie of another browser", token, otherCookies, 403},
	} {
		res, _ := tryHandler(s, accept, postForm(s, "text=hello&csrf="+url.QueryEscape(test.token), test.cookies))
		if res.StatusCode != test.want {
			t.Errorf("%s: got %d, want %d", test.name, res.StatusCode, test.want)
		}
	}
}

func TestStaleTokenKeepsWhatWasTyped(t *testing.T) {
	s := newFrameServer(t)
	_, cookies := openForm(t, s)
	_, body := tryHandler(s, accept, postForm(s, "text=A+long+letter&visibility=public&csrf=old", cookies))
	for _, want := range []string{`action="/posts"`, `name="visibility" value="public"`, "A long letter"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	_, body = tryHandler(s, accept, postForm(s, "name=x&password=secretsecret&csrf=old", cookies))
	if strings.Contains(body, "secretsecret") {
		t.Error("the page repeats a password")
	}
	foreign := postForm(s, "text=trap&csrf=old", cookies)
	foreign.Header.Del("Sec-Fetch-Site")
	if _, body = tryHandler(s, accept, foreign); strings.Contains(body, "trap") {
		t.Error("a form of unknown origin is offered for repeating")
	}
}

func TestOtherSitesCannotPost(t *testing.T) {
	s := newFrameServer(t)
	token, cookies := openForm(t, s)
	for _, header := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"}} {
		r := postForm(s, "csrf="+token, cookies)
		r.Header.Del("Sec-Fetch-Site")
		r.Header.Set(header[0], header[1])
		if res, _ := tryHandler(s, accept, r); res.StatusCode != 403 {
			t.Errorf("%s: got %d, want 403", header, res.StatusCode)
		}
	}
}

func TestBadForms(t *testing.T) {
	s := newFrameServer(t)
	token, cookies := openForm(t, s)
	for _, test := range []struct {
		name, body, kind string
		want             int
	}{
		{"fine", "text=%C3%A9&csrf=" + token, "application/x-www-form-urlencoded; charset=UTF-8", 204},
		{"not UTF-8", "text=%ff%fe&csrf=" + token, "", 400},
		{"NUL", "text=%00&csrf=" + token, "", 400},
		{"broken escape", "text=%zz&csrf=" + token, "", 400},
		{"JSON", `{"csrf":"` + token + `"}`, "application/json", 400},
		{"plain text", "csrf=" + token, "text/plain", 400},
		{"too large", "csrf=" + token + "&text=" + strings.Repeat("a", maxFormBytes), "", 413},
		{"too many fields", "csrf=" + token + tooManyFields(), "", 400},
	} {
		r := postForm(s, test.body, cookies)
		if test.kind != "" {
			r.Header.Set("Content-Type", test.kind)
		}
		if res, _ := tryHandler(s, accept, r); res.StatusCode != test.want {
			t.Errorf("%s: got %d, want %d", test.name, res.StatusCode, test.want)
		}
	}
}

func tooManyFields() string {
	var b strings.Builder
	for i := range maxFormFields + 1 {
		b.WriteString("&f" + strings.Repeat("x", i%20+1) + string(rune('a'+i%26)) + url.QueryEscape(string(rune(0x4e00+i))) + "=1")
	}
	return b.String()
}

func TestErrorsBecomePages(t *testing.T) {
	s := newFrameServer(t)
	for _, test := range []struct {
		err  error
		want int
	}{
		{store.ErrNotFound, 404}, {store.ErrGone, 410}, {store.ErrForbidden, 403}, {store.ErrClosed, 503},
		{refuse(http.StatusTooManyRequests, "error.try_later", "n", 2), 429},
		{errors.New("disk on fire"), 500},
	} {
		res, body := tryHandler(s, func(http.ResponseWriter, *request) error { return test.err }, httptest.NewRequest("GET", "/x", nil))
		if res.StatusCode != test.want {
			t.Errorf("%v: got %d, want %d", test.err, res.StatusCode, test.want)
		}
		if strings.Contains(body, "disk on fire") {
			t.Error("an inner error is shown to the reader")
		}
	}
	res, body := tryHandler(s, func(http.ResponseWriter, *request) error { panic("boom") }, httptest.NewRequest("GET", "/x", nil))
	if res.StatusCode != 500 || !strings.Contains(body, "<code>") {
		t.Errorf("panic: got %d without a number", res.StatusCode)
	}
}

func TestPageHeaders(t *testing.T) {
	s := newFrameServer(t)
	res, _ := tryHandler(s, showOne(s), httptest.NewRequest("GET", "/login", nil))
	for name, want := range map[string]string{
		"Content-Security-Policy": csp, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
		"Content-Type": "text/html; charset=utf-8", "Cache-Control": "private, no-cache",
	} {
		if got := res.Header.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	for _, c := range res.Cookies() {
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure != s.secure {
			t.Errorf("cookie %s is not guarded: %v", c.Name, c)
		}
	}
}

func TestFlashIsShownOnce(t *testing.T) {
	s := newFrameServer(t)
	w := httptest.NewRecorder()
	s.flash(w, templates.Flash{Msg: templates.M("flash.followed", "name", `<b>"Mira"`)})
	r := httptest.NewRequest("GET", "/login", nil)
	for _, c := range w.Result().Cookies() {
		r.AddCookie(c)
	}
	res, body := tryHandler(s, showOne(s), r)
	if !strings.Contains(body, "You follow &lt;b&gt;&#34;Mira&#34; now.") {
		t.Error("the flash is not shown, or not escaped")
	}
	dropped := false
	for _, c := range res.Cookies() {
		dropped = dropped || c.Name == s.cookieName("flash") && c.MaxAge < 0
	}
	if !dropped {
		t.Error("the flash is not dropped")
	}
	bad := httptest.NewRequest("GET", "/login", nil)
	bad.AddCookie(&http.Cookie{Name: s.cookieName("flash"), Value: "e30"})
	if res, _ := tryHandler(s, showOne(s), bad); res.StatusCode != 200 {
		t.Errorf("a made-up flash: got %d", res.StatusCode)
	}
}

func TestLocalPath(t *testing.T) {
	for path, want := range map[string]bool{
		"/": true, "/home?before=5": true, "/@a@b.example/5#p5": true, "/search?q=https://x": true,
		"": false, "home": false, "//evil.example": false, `/\evil.example`: false, `\/evil`: false, "https://evil.example": false,
		"/\t/evil.example": false, "/ /x": false, "/%zz": false, "javascript:alert(1)": false, "/" + strings.Repeat("a", 2000): false,
	} {
		if _, got := localPath(path); got != want {
			t.Errorf("%q: got %v, want %v", path, got, want)
		}
	}
}

func TestBackStaysHere(t *testing.T) {
	s := newFrameServer(t)
	token, cookies := openForm(t, s)
	goBack := func(w http.ResponseWriter, r *request) error { return back(w, r, 42, "/home") }
	for field, want := range map[string]string{"/local?before=9": "/local?before=9#p42", "/local#p1": "/local#p42", "//evil.example": "/home#p42", "": "/home#p42"} {
		res, _ := tryHandler(s, goBack, postForm(s, "csrf="+token+"&back="+url.QueryEscape(field), cookies))
		if got := res.Header.Get("Location"); res.StatusCode != 303 || got != want {
			t.Errorf("back=%q: got %d %q, want 303 %q", field, res.StatusCode, got, want)
		}
	}
}

func TestVisitorsAreSentToLogIn(t *testing.T) {
	s := newFrameServer(t)
	w := httptest.NewRecorder()
	s.loggedIn(showOne(s))(w, httptest.NewRequest("GET", "/home?before=5", nil), nil)
	if got := w.Header().Get("Location"); w.Code != 303 || got != "/login?next=%2Fhome%3Fbefore%3D5" {
		t.Errorf("got %d %q", w.Code, got)
	}
}

func TestLinksToTheNextPage(t *testing.T) {
	for _, test := range []struct {
		url                  string
		olderThan, newerThan int64
		newer, older         string
	}{
		{"/home", 5, 0, "", "/home?before=5"},
		{"/home", 0, 0, "", ""},
		{"/home?before=10&x=1", 0, 9, "/home?after=9&x=1", ""},
		{"/home?after=4", 5, 9, "/home?after=9", "/home?before=5"},
	} {
		r := &request{Request: httptest.NewRequest("GET", test.url, nil)}
		if got := r.links(test.olderThan, test.newerThan); got.Newer != test.newer || got.Older != test.older {
			t.Errorf("%s: got %+v, want %q %q", test.url, got, test.newer, test.older)
		}
	}
}

func TestTokenBelongsToTheSession(t *testing.T) {
	s := newFrameServer(t)
	member := storetest.Member(t, s.db, "noor")
	secret, err := s.db.CreateSession(t.Context(), member.ID, "test", "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	visitorToken, visitorCookies := openForm(t, s)
	session := &http.Cookie{Name: s.cookieName("session"), Value: secret}
	get := httptest.NewRequest("GET", "/login", nil)
	get.AddCookie(session)
	_, body := tryHandler(s, showOne(s), get)
	own := tokenField.FindStringSubmatch(body)[1]
	cookies := append(visitorCookies, session)
	if res, _ := tryHandler(s, accept, postForm(s, "csrf="+own, cookies)); res.StatusCode != 204 {
		t.Errorf("token of the session: got %d, want 204", res.StatusCode)
	}
	if res, _ := tryHandler(s, accept, postForm(s, "csrf="+visitorToken, cookies)); res.StatusCode != 403 {
		t.Errorf("token from before the log-in: got %d, want 403", res.StatusCode)
	}
}
