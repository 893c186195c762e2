package oauth

import (
	"net/url"
	"strings"
	"testing"
)

// TestScopes covers which scope holds which.
func TestScopes(t *testing.T) {
	for _, c := range []struct {
		granted, need string
		want          bool
	}{
		{"read", "read", true}, {"read", "read:statuses", true}, {"read:statuses", "read", false}, {"read:statuses", "read:accounts", false},
		{"read:statuses read:accounts", "read:accounts", true}, {"write", "read:statuses", false}, {"read", "write:statuses", false},
		{"read:status", "read:statuses", false}, {"rea", "read", false},
		{"follow", "write:follows", true}, {"follow", "read:mutes", true}, {"follow", "write:statuses", false},
		{"admin:read", "admin:read:accounts", true}, {"admin:read", "admin:write:accounts", false}, {"admin", "admin:write:accounts", true},
		{"read write", "admin:read:accounts", false}, {"push", "push", true}, {"", "read", false}, {"profile", "read:accounts", false},
	} {
		if got := Allow(c.granted, c.need); got != c.want {
			t.Errorf("%q for %q: got %v, want %v", c.granted, c.need, got, c.want)
		}
	}
	if got, err := ParseScopes(" read  write:statuses\tread+push,follow"); err != nil || got.String() != "read write:statuses push follow" {
		t.Errorf("parsed as %q, %v", got, err)
	}
	for _, wrong := range []string{"everything", "read:", "read:everything", "admin:accounts", ":read", "follow:x"} {
		if got, err := ParseScopes(wrong); err == nil {
			t.Errorf("%q: parsed as %q", wrong, got)
		}
	}
}

// TestPKCE checks the vector of RFC 7636 appendix B, and who leaves a part out.
func TestPKCE(t *testing.T) {
	const verifier, challenge = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
	for _, c := range []struct {
		challenge, verifier string
		want                bool
	}{
		{challenge, verifier, true}, {"", "", true}, {challenge, "", false}, {"", verifier, false},
		{challenge, challenge, false}, {challenge, verifier + "x", false},
	} {
		if got := proves(c.challenge, c.verifier); got != c.want {
			t.Errorf("challenge %q, verifier %q: got %v", c.challenge, c.verifier, got)
		}
	}
	if !challengeValid(challenge) || challengeValid("short") || challengeValid(challenge+"=") {
		t.Error("challenges are not told apart")
	}
}

// TestAnswersKeepTheAppsQuery covers addresses that have parameters of their own.
func TestAnswersKeepTheAppsQuery(t *testing.T) {
	for address, want := range map[string]string{
		"https://app.example/back":     "https://app.example/back?code=a+b&state=s",
		"https://app.example/back?x=1": "https://app.example/back?x=1&code=a+b&state=s",
		"myapp://back":                 "myapp://back?code=a+b&state=s",
		"myapp://":                     "myapp://?code=a+b&state=s",
		"com.example.app:/back":        "com.example.app:/back?code=a+b&state=s",
	} {
		if got := answerTo(address, "s", url.Values{"code": {"a b"}}); got != want {
			t.Errorf("%s: got %s, want %s", address, got, want)
		}
	}
}

func FuzzCheckRedirectURI(f *testing.F) {
	f.Add("https://app.example/back")
	f.Add("javascript:alert(1)")
	f.Fuzz(func(t *testing.T, text string) {
		if CheckRedirectURI(text) != nil || text == OutOfBand {
			return
		}
		u, err := url.Parse(text)
		if err != nil || u.Scheme == "" || strings.ContainsAny(text, "\r\n #") || strings.EqualFold(u.Scheme, "javascript") {
			t.Errorf("%q was taken", text)
		}
		if !MayRedirect([]string{text}, text) {
			t.Errorf("%q is not itself", text)
		}
	})
}
