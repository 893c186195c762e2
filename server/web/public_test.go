package web

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

func TestAnnouncementFromAdminToMember(t *testing.T) {
	s := newFoundedSite(t)
	olga := s.member("olga")
	s.user("mira", store.Member)
	form := olga.get("/admin/announcements").wants(200, "New announcement").fields("/admin/announcements")
	form.Set("text", "The river is **high**.")
	form.Set("till", "2090-01-02T15:04")
	olga.post("/admin/announcements", form).leadsTo("/admin/announcements").wants(200, "Saved.", "The river is", "Shown now")
	mira := s.member("mira")
	list, err := s.db.AllAnnouncements(t.Context(), 0)
	s.must(err)
	path := "/announcements/" + strconv.FormatInt(list[0].ID, 10)
	mira.get("/home").wants(200).holds("<strong>high</strong>")
	mira.get("/home").press(path + "/react").leadsTo("/home").wants(200).holds(`value="🤔" title="🤔" aria-pressed="true"`)
	mira.get("/home").press(path + "/dismiss").leadsTo("/home").wants(200).lacks("<strong>high</strong>")
	mira.get("/announcements").wants(200).holds("<strong>high</strong>")
	mira.get("/admin/announcements").wants(404)
	s.person().get("/announcements").leadsTo("/login?next=%2Fannouncements")

	edit := "/admin" + path
	form = olga.get(edit).wants(200).fields(edit)
	if form.Get("text") != "The river is **high**." || form.Get("till") != "2090-01-02T15:04" {
		t.Errorf("the form shows %v", form)
	}
	for field, value := range map[string]string{"text": " ", "till": "1990-01-01T00:00", "from": "tomorrow"} {
		bad := url.Values{"csrf": form["csrf"], "text": {"x"}, field: {value}}
		olga.post(edit, bad).wants(422, "There is a problem")
	}
	form.Set("text", "It has gone down.")
	olga.post(edit, form).leadsTo("/admin/announcements").wants(200, "It has gone down.")
	olga.get(edit+"/delete").wants(200, "Delete this announcement?", "It has gone down.").submit(edit + "/delete").leadsTo("/admin/announcements").wants(200).lacks("It has gone down.")
	olga.get(edit).wants(404)
	olga.get("/admin/announcements/x").wants(404)
}

func TestRulesAreOrderedByTheirPlaces(t *testing.T) {
	s := newFoundedSite(t)
	olga := s.member("olga")
	form := olga.get("/admin/rules").wants(200).fields("/admin/rules")
	form["rule"] = []string{"One", "Two", "Three", "", ""}
	form["hint"] = []string{"", "Of two", "", "", ""}
	form["place"] = []string{"3", "2", "1", "x", ""}
	olga.post("/admin/rules", form).leadsTo("/admin/rules").wants(200, "Saved.")
	rules, err := s.db.HouseRules(t.Context())
	s.must(err)
	want := []store.HouseRule{{Text: "Three"}, {Text: "Two", Hint: "Of two"}, {Text: "One"}}
	if len(rules) != 3 || rules[0] != want[0] || rules[1] != want[1] || rules[2] != want[2] {
		t.Errorf("rules: %v, want %v", rules, want)
	}
	s.person().get("/about/rules").wants(200, "Three", "Of two")
	form["seen"] = olga.get("/admin/rules").fields("/admin/rules")["seen"]
	form["rule"][0] = strings.Repeat("x", 600)
	olga.post("/admin/rules", form).wants(422, "Of two").holds(strings.Repeat("x", 600))
	form["rule"][0] = ""
	form["hint"][0] = "a hint alone"
	olga.post("/admin/rules", form).wants(422, "a hint alone")
}

func TestPagesInTheAdminsWordsAreShown(t *testing.T) {
	s := newFoundedSite(t)
	olga, visitor := s.member("olga"), s.person()
	visitor.get("/terms").wants(200, "no written terms")
	form := olga.get("/admin/pages").wants(200).fields("/admin/pages")
	form.Set("about", "We are **neighbours**.")
	form.Set("privacy", "We keep *little*. <script>alert(1)</script>")
	form.Set("terms", "Be kind.")
	olga.post("/admin/pages", form).leadsTo("/admin/pages").wants(200, "Saved.")
	visitor.get("/about").wants(200).holds("<strong>neighbours</strong>", `href="/terms"`)
	visitor.get("/privacy").wants(200).holds("<em>little</em>").lacks("<script>")
	visitor.get("/terms").wants(200, "Be kind.")
	form = olga.get("/admin/pages").fields("/admin/pages")
	form.Set("terms", strings.Repeat("x", 100_001))
	olga.post("/admin/pages", form).wants(422)
}

// TestThePrivacyPageNamesAllThatIsKept: who gives browsers another cookie says so there.
func TestThePrivacyPageNamesAllThatIsKept(t *testing.T) {
	newFoundedSite(t).person().get("/privacy").wants(200, "Your latest log-ins", "its push service takes messages",
		"keeps you logged in", "protect forms", "the steps of a log-in", "bring a message", "remembers your own server for a year")
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{`"session"`: true, `"flash"`: true, `"visitor"`: true, `"away"`: true, "passkeyCookie": true, "secondCookie": true}
	for _, file := range files {
		code, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`s\.setCookie\(w, ([^,]+),`).FindAllStringSubmatch(string(code), -1) {
			if !strings.HasSuffix(file, "_test.go") && !named[m[1]] {
				t.Errorf("%s sets the cookie %s, which the page does not name", file, m[1])
			}
		}
	}
}

func TestWhatVisitorsSee(t *testing.T) {
	s := newFoundedSite(t)
	mira := s.user("mira", store.Member).Account
	storetest.Post(t, s.db, mira, "Hello #moss", store.Public)
	visitor, member := s.person(), s.member("olga")
	visitor.get("/explore").wants(200, "mira", "moss")
	visitor.get("/@mira").wants(200, "Hello")
	s.set("public_explore", "false")
	s.set("public_profiles", "false")
	s.set("blocked_hosts", "frog.example")
	visitor.get("/explore").leadsTo("/login?next=%2Fexplore")
	visitor.get("/@mira").wants(200, "The posts are for members").lacks("Hello")
	visitor.get("/@mira/replies").wants(200).lacks("Hello")
	visitor.get("/about/blocks").wants(404)
	visitor.get("/about/blocks.csv").wants(404)
	member.get("/explore").wants(200, "moss")
	member.get("/@mira").wants(200, "Hello")
	member.get("/about/blocks").wants(200, "frog.example")
	s.set("show_blocks", "none")
	member.get("/about/blocks").wants(404)
	s.set("show_blocks", "all")
	visitor.get("/about/blocks.csv").wants(200).holds("frog.example,suspend")
	visitor.get("/about").wants(200).holds(`href="/about/blocks"`)
}

func TestSettingsOfWhoSeesWhatAndContact(t *testing.T) {
	s := newFoundedSite(t)
	olga := s.member("olga")
	form := olga.get("/admin/settings").wants(200).fields("/admin/settings")
	form.Del("public_explore")
	form.Set("show_blocks", "all")
	form.Set("contact_email", "us@willow.example")
	form.Set("contact_account", "@olga")
	olga.post("/admin/settings", form).leadsTo("/admin/settings").wants(200, "Saved.")
	v, err := s.db.Settings(t.Context())
	s.must(err)
	if v.PublicExplore || !v.PublicProfiles || v.ShowBlocks != store.ShowAll || v.ContactEmail != "us@willow.example" || v.ContactAccount != "olga" {
		t.Errorf("settings: %+v", v)
	}
	s.person().get("/about").wants(200, "us@willow.example", "Questions go to")
	for field, value := range map[string]string{"contact_email": "nobody", "contact_account": "nobody", "show_blocks": "some"} {
		bad := url.Values{}
		for k, v := range form {
			bad[k] = v
		}
		bad.Set(field, value)
		olga.post("/admin/settings", bad).wants(422)
	}
}

// holds checks for text in the page as it was sent, with its tags.
func (s *screen) holds(texts ...string) *screen {
	s.p.t.Helper()
	for _, text := range texts {
		if !strings.Contains(s.body, text) {
			s.p.t.Errorf("page lacks %q: %s", text, s.body)
		}
	}
	return s
}
