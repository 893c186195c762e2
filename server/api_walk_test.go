package server_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// endpoint is one line of the API's routes.
type endpoint struct {
	method, path, access string
	upload               bool
}

var (
	endpointLine = regexp.MustCompile(`t\.(on|upload|early)\("([A-Z]+)", "([^"]+)", (.*)`)
	pathParam    = regexp.MustCompile(`:\w+`)
)

// endpoints reads what there is from the routes themselves.
func endpoints(t *testing.T) []endpoint {
	t.Helper()
	files, err := filepath.Glob("api/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var list []endpoint
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range endpointLine.FindAllStringSubmatch(string(source), -1) {
			list = append(list, endpoint{m[2], "/api/" + m[3], m[4], m[1] == "upload"})
		}
	}
	if len(list) < 150 {
		t.Fatalf("only %d endpoints were found", len(list))
	}
	return list
}

func (e endpoint) with(id string) string {
	return pathParam.ReplaceAllString(e.path, url.PathEscape(id))
}

// clean says whether an answer is one that an app can live with: JSON, no 5xx,
// and an error where there is one.
func clean(a *answer) bool {
	return a.status < 500 && (a.status < 400 || a.text("error") != "") && strings.HasPrefix(a.header.Get("Content-Type"), "application/json")
}

// TestEveryEndpointWithBadInput sends every endpoint what no app should: no token,
// one that is none, one that allows nothing of it, ids that nobody has, cursors and
// limits that are none, bodies that are broken or too large.
func TestEveryEndpointWithBadInput(t *testing.T) {
	t.Parallel()
	in, member, _, _ := two(t, "read write follow push admin:read admin:write")
	visitor, foreign, little, itself := in.app(), in.app(), in.signIn(in.member("olga"), "push"), in.app().register(outOfBand, "read write follow push")
	foreign.token = "nobodys-token"
	itself.token = itself.ask("POST", "/oauth/token", url.Values{"grant_type": {"client_credentials"}, "client_id": {itself.id}, "client_secret": {itself.secret},
		"scope": {"read write follow push"}}).wants(200).text("access_token")
	ids := []string{"0", "-1", "12345", "abc", "99999999999999999999999", "1;DROP", "a b", "é", strings.Repeat("9", 3000)}
	huge := strings.Repeat("a=b&", 1<<18+1)

	for _, e := range endpoints(t) {
		open := strings.Contains(e.access, "public(")
		check := func(what string, a *answer, allowed ...int) {
			t.Helper()
			fits := len(allowed) == 0
			for _, status := range allowed {
				fits = fits || a.status == status
			}
			if !fits || !clean(a) {
				t.Errorf("%s: %s answers %d (%s): %.150s", what, a.what[:min(len(a.what), 120)], a.status, a.header.Get("Content-Type"), a.body)
			}
		}
		if !open {
			check("no token", visitor.ask(e.method, e.with("12345"), nil), http.StatusUnauthorized)
			if !strings.Contains(e.access, `app(`) && !strings.Contains(e.access, "admin") && !strings.Contains(e.access, "mod(") {
				check("an app's own token", itself.ask(e.method, e.with("12345"), nil), http.StatusUnprocessableEntity, http.StatusForbidden)
			}
			if !strings.Contains(e.access, `""`) && !strings.Contains(e.path, "push") && !strings.Contains(e.path, "verify_credentials") {
				check("a token for something else", little.ask(e.method, e.with("12345"), nil), http.StatusForbidden)
			}
		}
		check("a token that is none", foreign.ask(e.method, e.with("12345"), nil), http.StatusUnauthorized)
		if strings.Contains(e.path, ":") {
			for _, id := range ids {
				check("id "+id[:min(len(id), 25)], member.ask(e.method, e.with(id), nil))
			}
		}
		if e.method == http.MethodGet {
			for _, q := range []string{"max_id=abc", "min_id=-5", "since_id=99999999999999999999999", "limit=-1", "limit=1e9", "limit=999999999", "offset=-3", "limit=0&offset=1000000000000",
				"id[]=abc", "id=abc&id[]=", "account_id=abc", "q=%00", "types[]=nonsense", "acct=@@", "%zz=1", "max_id=1&max_id=2"} {
				check(q, member.ask(e.method, e.with("12345")+"?"+q, nil))
			}
			continue
		}
		for _, body := range []string{`{"a":`, `[1,2]`, `"text"`, `{"account_ids":{"a":{"b":[1,{"c":null}]}},"id":[[]],"poll":5,"status":["x"],"title":{"a":1},"media_ids":"x","context":7}`} {
			check("body "+body, member.send(e.method, e.with("12345"), body, "Content-Type", "application/json"))
		}
		check("a multipart body that is none", member.send(e.method, e.with("12345"), "--x\r\nnonsense", "Content-Type", "multipart/form-data; boundary=x"))
		if !e.upload {
			check("a huge body", member.send(e.method, e.with("12345"), huge, "Content-Type", "application/x-www-form-urlencoded"), http.StatusRequestEntityTooLarge, http.StatusBadRequest)
		}
	}
}
