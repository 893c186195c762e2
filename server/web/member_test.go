package web

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

var passwordLink = regexp.MustCompile(`/password/reset/[A-Za-z0-9_-]+`)

// TestAnAdminCaresForMembers changes a role, locks out and lets in again, and
// each time the reason stands in the log.
func TestAnAdminCaresForMembers(t *testing.T) {
	s, c := newVillage(t)
	p := s.member("olga")
	fay := memberPath(c.fay.ID)
	p.get("/admin/users").wants(http.StatusOK, "@fay", "@mira", "joined")
	p.get("/admin/users?q=FAY").wants(http.StatusOK, "@fay").lacks("@mira")
	p.get("/admin/users?show=staff").wants(http.StatusOK, "@olga").lacks("@mira")
	p.get("/admin/users?q=nobody").wants(http.StatusOK, "Nobody here")
	p.get(fay).wants(http.StatusOK, "Member @fay", "Password alone", "Lock out")

	page := p.get(fay+"/role").wants(http.StatusOK, "Change the role of @fay")
	page.submit(fay+"/role", "role", "queen").wants(http.StatusUnprocessableEntity).problem("role", "Choose")
	page = page.submit(fay+"/role", "role", "moderator", "reason", strings.Repeat("x", 501)).wants(http.StatusUnprocessableEntity).problem("reason", "500")
	page.submit(fay+"/role", "role", "moderator", "reason", "Knows everybody").leadsTo(fay).wants(http.StatusOK, "The role of @fay is changed.", "Moderator", "@olga changed the role of @fay. From Member to Moderator.", "Knows everybody")
	s.member("fay").get("/mod/log").wants(http.StatusOK, "Knows everybody").lacks(fay)
	s.member("fay").get("/admin/users").wants(http.StatusNotFound)
	s.member("fay").get("/mod").wants(http.StatusOK, "Nothing waits for you.", "Knows everybody")

	stan := s.member("stan")
	p.get(memberPath(c.stan.ID)+"/disable").wants(http.StatusOK).submit(memberPath(c.stan.ID)+"/disable").leadsTo(memberPath(c.stan.ID)).wants(http.StatusOK, "@stan is locked out.", "Let in again").lacks("Lock out")
	stan.get("/settings/profile").wants(http.StatusSeeOther)
	p.get(memberPath(c.stan.ID) + "/disable").wants(http.StatusNotFound)
	p.get(memberPath(c.stan.ID)+"/enable").submit(memberPath(c.stan.ID)+"/enable").leadsTo(memberPath(c.stan.ID)).wants(http.StatusOK, "@stan can log in again.")

	olga, err := s.db.UserByName(t.Context(), "olga")
	s.must(err)
	p.get(memberPath(olga.Account.ID)+"/role").submit(memberPath(olga.Account.ID)+"/role", "role", "member").wants(http.StatusUnprocessableEntity, "This is the last owner")
	s.must(s.db.SetRole(t.Context(), store.Staff{}, c.mira.ID, store.Admin))
	admin := s.member("mira")
	admin.get(memberPath(olga.Account.ID)).wants(http.StatusOK, "Only an owner")
	admin.get(memberPath(olga.Account.ID) + "/link").wants(http.StatusNotFound)
	page = admin.get(memberPath(c.sam.ID)+"/role").wants(http.StatusOK, "Moderator").lacks(`value="admin"`)
	page.submit(memberPath(c.sam.ID)+"/role", "role", "owner").wants(http.StatusForbidden)
	admin.post(memberPath(c.sam.ID)+"/nothing", page.fields(memberPath(c.sam.ID)+"/role")).wants(http.StatusNotFound)
}

// TestALinkForANewPassword goes from the admin, who sees it once, to the member,
// who uses it once.
func TestALinkForANewPassword(t *testing.T) {
	s, c := newVillage(t)
	p, fay := s.member("olga"), memberPath(c.fay.ID)
	shown := p.get(fay+"/link").submit(fay+"/link").leadsTo(fay).wants(http.StatusOK, "Give this link to @fay")
	link := passwordLink.FindString(shown.words())
	p.get(fay).wants(http.StatusOK).lacks(link)

	visitor := s.person()
	visitor.get("/login").wants(http.StatusOK, "Forgotten your password")
	visitor.get("/password/forgot").wants(http.StatusOK, "Ask an admin")
	visitor.get("/password/reset/nothing").wants(http.StatusNotFound)
	page := visitor.get(link).wants(http.StatusOK, "@fay")
	page = page.submit(link, "password", "short").wants(http.StatusUnprocessableEntity).problem("password", "at least 12")
	page.submit(link, "password", "a whole new forest").leadsTo("/login").wants(http.StatusOK, "The new password is set.")
	visitor.get(link).wants(http.StatusNotFound)
	page.submit(link, "password", "another new forest").wants(http.StatusNotFound)
	visitor.logIn("fay", storetest.Password).wants(http.StatusUnprocessableEntity)
	visitor.logIn("fay", "a whole new forest").leadsTo("/home")
}

// TestAnAdminMakesAnAccount: with a link, with which its owner comes in and is
// welcomed.
func TestAnAdminMakesAnAccount(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	page := p.get("/admin/users/new").wants(http.StatusOK, "Create an account")
	page = page.submit("/admin/users/new", "name", "not a name").wants(http.StatusUnprocessableEntity).problem("name", "letters")
	page = page.submit("/admin/users/new", "name", "olga").wants(http.StatusUnprocessableEntity).problem("name", "taken")
	page = page.submit("/admin/users/new", "name", "quill", "email", "nowhere").wants(http.StatusUnprocessableEntity).problem("email", "email")
	page = page.submit("/admin/users/new", "email", "", "role", "queen").wants(http.StatusUnprocessableEntity).problem("role", "Choose")
	sent := page.submit("/admin/users/new", "role", "moderator")
	u, err := s.db.UserByName(t.Context(), "quill")
	s.must(err)
	shown := sent.leadsTo(memberPath(u.Account.ID)).wants(http.StatusOK, "Give this link to @quill", "created the account", "Moderator")
	again := page.submit("/admin/users/new", "role", "moderator")
	if again.location != memberPath(u.Account.ID) {
		t.Errorf("the second press: got %d to %q, want to %s", again.status, again.location, memberPath(u.Account.ID))
	}
	link := passwordLink.FindString(shown.words())
	visitor := s.person()
	visitor.get(link).submit(link, "password", "a whole new forest").leadsTo("/login")
	visitor.logIn("quill", "a whole new forest").leadsTo("/welcome/1").wants(http.StatusOK)
}

// TestStaffPagesAreClosed to all who may not see them.
func TestStaffPagesAreClosed(t *testing.T) {
	s, c := newVillage(t)
	s.must(s.db.SetRole(t.Context(), store.Staff{}, c.mira.ID, store.Moderator))
	id := strconv.FormatInt(c.fay.ID, 10)
	for _, path := range []string{"/admin", "/admin/storage", "/admin/backup", "/admin/users", "/admin/users/new", "/admin/users/" + id, "/admin/users/" + id + "/role", "/mod", "/mod/log"} {
		s.member("fay").get(path).wants(http.StatusNotFound)
		if !strings.HasPrefix(path, "/mod") {
			s.member("mira").get(path).wants(http.StatusNotFound)
		}
		if got := s.person().get(path); got.status != http.StatusSeeOther || !strings.HasPrefix(got.location, "/login") {
			t.Errorf("%s to a visitor: got %d, %q", path, got.status, got.location)
		}
	}
}
