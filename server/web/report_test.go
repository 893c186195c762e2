package web

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

func TestReportInSteps(t *testing.T) {
	s, c := newVillage(t)
	s.set("rules", "Be kind.\nStay dry.")
	p := storetest.Post(t, s.db, c.sam, "Buy my <b>seeds</b>", store.Public)
	older := storetest.Post(t, s.db, c.sam, "And my moss", store.Public)
	path := "/report/" + strconv.FormatInt(p.ID, 10)
	mira := s.member("mira")
	mira.get(path).wants(200, "What is wrong?", "Be kind.")
	mira.get(path+"?step=posts").wants(422, "Choose what is wrong.")
	mira.get(path+"?step=posts&category=rule").wants(422, "Choose at least one rule.")
	q := "&category=rule&rule=1&post=" + strconv.FormatInt(p.ID, 10)
	mira.get(path+"?step=posts"+q).wants(200, "Buy my <b>seeds</b>", "And my moss")
	last := mira.get(path+"?step=comment"+q).wants(200, "What should the moderators know?").lacks("Send a copy")
	form := last.fields(path)
	form.Set("comment", strings.Repeat("x", 3000))
	mira.post(path, form).wants(422, "up to 2,000 characters", strings.Repeat("x", 3000))
	form.Set("comment", "Every <day>")
	for range 2 { // a second press makes no second report
		mira.post(path, form).leadsTo(path+"?step=done").wants(200, "Thank you", "Block @sam").holds(`href="/@sam/mute"`)
	}

	olga := s.member("olga")
	olga.get("/notifications").wants(200, "reported an account")
	olga.get("/menu").wants(200, "Reports1 new")
	page, err := s.db.Reports(t.Context(), true, 0, store.Cursor{})
	s.must(err)
	if len(page.Reports) != 1 {
		t.Fatalf("%d reports, want 1", len(page.Reports))
	}
	at := "/mod/reports/" + strconv.FormatInt(page.Reports[0].ID, 10)
	olga.get("/mod/reports").wants(200, "@sam", "Every <day>", "Breaks a rule")
	r := olga.get(at).wants(200, "Buy my <b>seeds</b>", "Stay dry.", "by mira").lacks(older.HTML.String(), "Be kind.")
	r.press(at+"/assign").leadsTo(at).wants(200, "You look after this report now.")
	olga.post(at+"/note", url.Values{"csrf": form["csrf"]}).wants(403) // somebody else's token
	olga.get(at).submit(at+"/note", "text", strings.Repeat("y", 2001)).wants(422, "up to 2,000 characters", strings.Repeat("y", 2001))
	olga.get(at).submit(at+"/note", "text", "I asked him.").leadsTo(at).wants(200, "I asked him.")
	olga.get(at).press(at+"/resolve").leadsTo(at).wants(200, "Resolved")
	olga.get("/mod/reports").wants(200, "No open reports")
	olga.get("/mod/reports?show=resolved").wants(200, "@sam")
	olga.get(at).press(at+"/reopen").leadsTo(at).wants(200, "The report is open again.")
}

func TestReportsAreForModerators(t *testing.T) {
	s, c := newVillage(t)
	id, err := s.db.CreateReport(t.Context(), store.NewReport{ReporterID: c.mira.ID, AccountID: c.sam.ID})
	s.must(err)
	sam := s.member("sam")
	act := sam.get("/menu").fieldsOfAct()
	at := "/mod/reports/" + strconv.FormatInt(id, 10)
	sam.get("/mod/reports").wants(404)
	sam.get(at).wants(404)
	for _, what := range []string{"/note", "/assign", "/resolve", "/reopen"} {
		sam.post(at+what, act).wants(404)
	}
	s.person().get("/report/@sam").leadsTo("/login?next=%2Freport%2F%40sam")
}

func TestReportOfAnAccountElsewhere(t *testing.T) {
	s, c := newVillage(t)
	storetest.Remote(t, s.db, "stray@there.example")
	secret := storetest.Post(t, s.db, c.sam, "psst", store.Direct)
	mira := s.member("mira")
	mira.get("/@stray@there.example").wants(200, "Report @stray@there.example")
	path := "/report/@stray@there.example"
	form := mira.get(path+"?step=comment&category=spam").wants(200, "Send a copy to the moderators of there.example").fields(path)
	form.Set("forward", "1")
	mira.post(path, form).leadsTo(path+"?step=done&forward=1").wants(200, "without your name")
	items, err := s.db.Outbox(t.Context(), 10)
	s.must(err)
	if len(items) == 0 || items[len(items)-1].Kind != store.OutboxFlag {
		t.Errorf("the outbox holds %d rows, want the last to be a flag", len(items))
	}
	mira.get("/report/" + strconv.FormatInt(secret.ID, 10)).wants(404)
	mira.get("/report/@mira").wants(403, "You can’t report yourself.")
	mira.get("/report/@nobody").wants(404)
	mira.get("/report/@a@b@c").wants(404)
}
