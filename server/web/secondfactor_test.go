package web

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"seedling/store/storetest"
)

var recoveryCode = regexp.MustCompile(`[a-z2-7]{4}(-[a-z2-7]{4}){3}`)

// withCodes turns codes on for a member and returns the secret and the recovery codes.
func (p *person) withCodes() (secret string, recovery []string) {
	p.t.Helper()
	page := p.get("/settings/security").wants(200, "Codes from an app")
	page.submit("/settings/security/2fa/start", "start_password", "wrong wrong wrong").wants(422).problem("start_password", "not your password")
	page = page.submit("/settings/security/2fa/start", "start_password", storetest.Password).leadsTo("/settings/security/2fa").wants(200, "Scan this picture")
	if !strings.Contains(page.body, `<path d="M`) || page.header.Get("Cache-Control") != "no-store" {
		p.t.Error("no picture, or one that caches keep")
	}
	f, err := p.site.db.SecondFactors(p.t.Context(), p.site.userID(p.t, "mira"))
	p.site.must(err)
	page.wants(200, f.Pending)
	page.submit("/settings/security/2fa", "code", "000000").wants(422).problem("code", "not right")
	page = page.submit("/settings/security/2fa", "code", p.site.code(f.Pending)).wants(200, "Recovery codes")
	return f.Pending, recoveryCode.FindAllString(page.body, -1)
}

func (s *site) userID(t *testing.T, name string) int64 {
	t.Helper()
	u, err := s.db.UserByName(t.Context(), name)
	s.must(err)
	return u.Account.ID
}

// code is what the app shows now.
func (s *site) code(secret string) string {
	s.t.Helper()
	code, err := totp.GenerateCode(secret, s.Now())
	s.must(err)
	return code
}

func TestSecondStepAsksForACodeOnce(t *testing.T) {
	s, _ := newVillage(t)
	secret, recovery := s.member("mira").withCodes()
	if len(recovery) != 10 {
		t.Fatalf("%d recovery codes shown, want 10", len(recovery))
	}
	p := s.person()
	page := p.get("/login?next=%2Ftags").submit("/login", "login", "mira", "password", storetest.Password).leadsTo("/login/2fa?next=%2Ftags").wants(200, "One more step")
	if p.cookie("session") != "" {
		t.Fatal("the password alone gave a session")
	}
	p.get("/home").leadsTo("/login?next=%2Fhome")
	page.submit("/login/2fa", "code", s.code(secret)).wants(422).problem("code", "used before") // it turned the codes on
	s.pass(time.Minute)
	s.person().post("/login/2fa", url.Values{"code": {s.code(secret)}}).wants(403) // another browser
	page.submit("/login/2fa", "code", s.code(secret)).leadsTo("/tags").wants(200, "Hashtags")
	page.submit("/login/2fa", "code", recovery[0]).wants(403) // the same log-in again

	second := s.person()
	page = second.logIn("mira", storetest.Password).leadsTo("/login/2fa?next=%2Fhome")
	page.submit("/login/2fa", "code", s.code(secret)).wants(422)
	page.submit("/login/2fa", "code", recovery[1]).leadsTo("/home").wants(200)
	third := s.person()
	third.logIn("mira", storetest.Password).leadsTo("/login/2fa?next=%2Fhome").submit("/login/2fa", "code", recovery[1]).wants(422)
	second.get("/settings/security").wants(200, "9 recovery codes are left.", "With password and code", "With password and recovery code", "wrong code: not let in")
}

func TestSecondStepEndsInTime(t *testing.T) {
	s, _ := newVillage(t)
	secret, _ := s.member("mira").withCodes()
	p := s.person()
	page := p.logIn("mira", storetest.Password).leadsTo("/login/2fa?next=%2Fhome")
	s.pass(11 * time.Minute)
	page.submit("/login/2fa", "code", s.code(secret)).wants(403, "This took too long")
	p.get("/login/2fa").leadsTo("/login?next=%2Fhome")
}

func TestSecondStepIsThrottled(t *testing.T) {
	s, _ := newVillage(t)
	secret, _ := s.member("mira").withCodes()
	s.pass(time.Minute)
	p := s.person()
	page := p.logIn("mira", storetest.Password).leadsTo("/login/2fa?next=%2Fhome")
	for range triesCode {
		page.submit("/login/2fa", "code", "000000").wants(422)
	}
	page.submit("/login/2fa", "code", s.code(secret)).wants(429)
	q := s.person() // from elsewhere, too
	q.address = "198.51.100.7"
	q.logIn("mira", storetest.Password).leadsTo("/login/2fa?next=%2Fhome").submit("/login/2fa", "code", s.code(secret)).wants(429)
	s.pass(tryWindow)
	p.logIn("mira", storetest.Password).leadsTo("/login/2fa?next=%2Fhome").submit("/login/2fa", "code", s.code(secret)).leadsTo("/home")
}

func TestCodesEndWithThePasswordAlone(t *testing.T) {
	s, _ := newVillage(t)
	p := s.member("mira")
	_, old := p.withCodes()
	page := p.get("/settings/security")
	page.submit("/settings/security/2fa/codes", "codes_password", "wrong wrong wrong").wants(422).problem("codes_password", "not your password")
	fresh := recoveryCode.FindAllString(page.submit("/settings/security/2fa/codes", "codes_password", storetest.Password).wants(200).body, -1)
	login := s.person().logIn("mira", storetest.Password).leadsTo("/login/2fa?next=%2Fhome")
	login.submit("/login/2fa", "code", old[0]).wants(422)
	login.submit("/login/2fa", "code", strings.ToUpper(fresh[0])).leadsTo("/home")
	page.submit("/settings/security/2fa/end", "end_password", "").wants(422).problem("end_password", "not your password")
	page.submit("/settings/security/2fa/end", "end_password", storetest.Password).leadsTo("/settings/security").wants(200, "the password alone now")
	s.person().logIn("mira", storetest.Password).leadsTo("/home")
	p.get("/settings/security/2fa").leadsTo("/settings/security")
}
