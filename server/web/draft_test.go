package web

import (
	"fmt"
	"image/color"
	"mime/multipart"
	"net/url"
	"strings"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/content"
	"seedling/store/storetest"
)

// runDue does what the job runner does for scheduled posts.
func (s *site) runDue() {
	s.t.Helper()
	jobs, err := s.db.ClaimJobs(s.t.Context(), 100, time.Minute)
	s.must(err)
	for _, j := range jobs {
		var id int64
		if _, err := fmt.Sscan(j.Payload, &id); err == nil && j.Kind == store.JobScheduled {
			s.must(s.db.PublishDue(s.t.Context(), id))
		}
	}
}

func TestADraftIsKeptEditedPostedAndDeleted(t *testing.T) {
	s, c := newVillage(t)
	parent := storetest.Post(t, s.db, c.fay, "The parent", store.Public)
	p := s.member("mira")
	page := p.get(in("/compose?reply_to=%", parent.ID)).submit("/posts", "text", "Half a\nthought", "cw", "Warned", "lang", "cy", "visibility", "followers",
		"format", "markdown", "expire", "3d", "poll[option][]", "Only one", "poll[until]", "7d", "action", "draft").wants(303)
	draft := p.get(page.location).wants(200, "The draft is saved", "The parent")
	form := draft.fields("/posts")
	for name, want := range map[string]string{"text": "Half a\nthought", "cw": "Warned", "lang": "cy", "visibility": "followers", "format": "markdown",
		"expire": "3d", "poll[option][]": "Only one", "poll[until]": "7d", "reply_to": in("%", parent.ID)} {
		if got := form.Get(name); got != want {
			t.Errorf("field %s: got %q, want %q", name, got, want)
		}
	}
	again := draft.submit("/posts", "text", "A whole thought", "action", "draft").leadsTo(page.location)
	if list := p.get("/drafts").wants(200, "A whole thought", "Warned", "With a poll", "A reply"); strings.Count(list.body, `class="card draft"`) != 1 {
		t.Error("a draft that is saved twice stands in the list twice")
	}
	stale := draft.submit("/posts", "text", "The other tab", "action", "draft").wants(409, "A whole thought", "The other tab", "changed in another tab")
	stale.submit("/posts", "text", "The other tab won", "action", "draft").leadsTo(page.location)
	again.submit("/posts", "text", "Late", "action", "post").wants(422).problem("poll", "two options") // checked before anything is stored
	p.get("/drafts").press("/drafts/"+strings.TrimPrefix(page.location, "/compose?draft=")+"/publish").wants(422, "The other tab won").problem("poll", "two options")
	last := p.get(page.location)
	fields := last.fields("/posts")
	fields.Del("poll[option][]")
	fields.Set("action", "post")
	p.post("/posts", fields).wants(303)
	p.get(in("/@fay/%", parent.ID)).wants(200, "The other tab won")
	p.get("/drafts").wants(200, "No drafts")
	p.get(page.location).wants(404)
	fields.Set("text", "More of it") // the page that the Back button brings
	gone := p.post("/posts", fields).wants(422, "posted or deleted in another tab", "More of it")
	gone.submit("/posts", "action", "post").wants(303)

	page = p.get("/compose").submit("/posts", "text", "To go", "action", "draft").wants(303)
	path := strings.Replace(page.location, "/compose?draft=", "/drafts/", 1) + "/delete"
	s.member("fay").get(page.location).wants(404)
	s.member("fay").get(path).wants(404)
	p.get(path).wants(200, "Delete this draft?").submit(path).leadsTo("/drafts").wants(200, "The draft is deleted", "No drafts")
	p.get(path).wants(404)
}

func TestAScheduledPostInTheMembersZone(t *testing.T) {
	s := newFoundedSite(t)
	u, err := s.db.UserByName(t.Context(), "olga")
	s.must(err)
	u.Preferences.Zone = "Pacific/Auckland"
	s.must(s.db.SetPreferences(t.Context(), u.Account.ID, u.Preferences))
	zone, err := store.ParseZone("Pacific/Auckland")
	s.must(err)
	p := s.member("olga")
	at := s.clock.Now().In(zone).Add(2 * time.Hour).Format(localTime)
	compose := p.get("/compose").wants(200, "Pacific/Auckland")
	compose.submit("/posts", "text", "Kia ora", "schedule", at, "action", "post").leadsTo("/scheduled").wants(200, "The post is scheduled", "Kia ora")
	compose.submit("/posts", "text", "Kia ora", "schedule", at, "action", "post").wants(303) // a double click
	list := p.get("/scheduled")
	if strings.Count(list.body, `class="card draft"`) != 1 {
		t.Fatal("a double click scheduled two posts")
	}
	var edit string
	for n := range list.doc.Descendants() {
		if href := attr(n, "href"); n.Data == "a" && strings.HasPrefix(href, "/compose?draft=") {
			edit = href
		}
	}
	page := p.get(edit)
	if got := page.fields("/posts").Get("schedule"); got != at {
		t.Errorf("the form shows %q, want %q", got, at)
	}
	for _, bad := range []string{"tomorrow", "2020-01-01T00:00", "2200-01-01T00:00", "2026-13-99T99:99"} {
		page.submit("/posts", "schedule", bad, "action", "post").wants(422, "Kia ora").problem("schedule", "a time in the future")
	}
	later := s.clock.Now().In(zone).Add(3*time.Hour).Format(localTime) + ":30"
	page.submit("/posts", "text", "Kia ora koutou", "schedule", later, "action", "post").leadsTo("/scheduled").wants(200, "Kia ora koutou")
	s.clock.pass(2*time.Hour + time.Minute)
	s.runDue()
	p = s.member("olga")
	p.get("/home").lacks("Kia ora")
	s.clock.pass(time.Hour)
	s.runDue()
	s.member("olga").get("/home").wants(200, "Kia ora koutou")
	s.member("olga").get("/scheduled").wants(200, "Nothing scheduled")
}

func TestPostNowWhatWasScheduled(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	at := s.clock.Now().Add(2 * time.Hour).UTC().Format(localTime)
	p.get("/compose").submit("/posts", "text", "Early bird", "schedule", at, "action", "post").wants(303)
	page, err := s.db.Scheduled(t.Context(), s.id("olga"), store.Cursor{})
	if err != nil || len(page.Drafts) != 1 {
		t.Fatalf("scheduled: %v, %v", page, err)
	}
	path := in("/drafts/%/publish", page.Drafts[0].ID)
	list := p.get("/scheduled")
	list.press(path).wants(303)
	list.press(path).wants(404) // the second press
	if got := p.get("/home").wants(200, "Early bird").shown(); len(got) != 1 {
		t.Errorf("got %d posts, want one", len(got))
	}
}

// TestBackAndADifferentText: what the Back button brings up again and is changed
// is another post, not the first one once more.
func TestBackAndADifferentText(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	page := p.get("/compose")
	first := page.submit("/posts", "text", "One", "action", "post").wants(303)
	second := page.submit("/posts", "text", "Two", "action", "post").wants(303)
	if first.location == second.location {
		t.Errorf("both texts lead to %q", first.location)
	}
	p.get("/home").wants(200, "One", "Two")
}

// TestTheSameTextInANewFormIsAskedAbout: where a browser gives the text back in a
// form that it read anew, nothing is posted twice without being wanted.
func TestTheSameTextInANewFormIsAskedAbout(t *testing.T) {
	s, c := newVillage(t)
	p := s.member("sam")
	count := func() int {
		list, err := s.db.PostsOf(t.Context(), c.sam.ID, store.AccountPosts{}, store.Viewer{AccountID: c.sam.ID}, store.Cursor{Limit: 40})
		s.must(err)
		return len(list.Posts)
	}
	write := func(text string) *screen {
		return p.get("/compose").submit("/posts", "text", text, "action", "post")
	}
	write("Frogs").wants(303)
	asked := write("Frogs").wants(422, "Frogs").problem("text", "")
	if n := count(); n != 1 {
		t.Fatalf("got %d posts, want 1", n)
	}
	asked.submit("/posts", "action", "post").wants(303)
	write("Toads").wants(303)
	write("Frogs").wants(303) // not the newest
	s.pass(10 * time.Minute)
	write("Frogs").wants(303)
	if n := count(); n != 5 {
		t.Errorf("got %d posts, want 5", n)
	}
}

func TestBadDraftForms(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	csrf := p.get("/home").fieldsOfAct().Get("csrf")
	p.post("/drafts", url.Values{"csrf": {csrf}}).wants(422).problem("text", "")
	p.post("/drafts", url.Values{"csrf": {csrf}, "text": {strings.Repeat("x", 600_000)}}).wants(422).problem("text", "")
	p.post("/drafts", url.Values{"text": {"x"}}).wants(403)
	p.post("/drafts", url.Values{"csrf": {csrf}, "text": {"kept", "twice"}, "draft": {"99"}, "draft_seen": {"x"}, "visibility": {"everyone"}, "expire": {"never"},
		"schedule": {"x"}, "media_id": {"7", "-1", "x"}, "quote": {"9"}, "reply_to": {"9"}, "lang": {"??"}}).wants(303)
	p.get("/drafts").wants(200, "kept").lacks("twice")
	for _, path := range []string{"/drafts/0/delete", "/drafts/x/delete", "/drafts/99999999999999999999/delete", "/drafts/5/delete", "/compose?draft=5"} {
		p.get(path).wants(404)
	}
	for _, path := range []string{"/drafts/5/delete", "/drafts/5/publish", "/drafts/x/publish"} {
		p.post(path, url.Values{"csrf": {csrf}}).wants(404)
	}
	p.get("/compose").submit("/posts", "text", "Soon gone", "expire", "2s", "action", "post").wants(422, "Soon gone").problem("expire", "")
	v := s.person()
	for _, path := range []string{"/drafts", "/scheduled"} {
		if got := v.get(path); got.status != 303 {
			t.Errorf("a visitor gets %d for %s", got.status, path)
		}
	}
}

// TestWritingUnderAnEndedSessionIsADraft sends a post under a session that was
// ended elsewhere, with a file between its fields.
func TestWritingUnderAnEndedSessionIsADraft(t *testing.T) {
	s, c := newVillage(t)
	p := s.member("mira")
	page := p.get("/compose")
	s.must(s.db.SetPassword(t.Context(), c.mira.ID, storetest.Password, 0))
	var b strings.Builder
	form := multipart.NewWriter(&b)
	s.must(form.WriteField("csrf", page.fields("/posts").Get("csrf")))
	s.must(form.WriteField("text", "Long and dear"))
	file, err := form.CreateFormFile("media", "a.png")
	s.must(err)
	file.Write([]byte("no picture"))
	s.must(form.WriteField("visibility", "followers"))
	s.must(form.Close())
	ended := p.do("POST", "/posts", form.FormDataContentType(), b.String())
	ended.wants(403, "Your session has ended")
	in := ended.submit("/login", "login", "mira", "password", storetest.Password).wants(303)
	kept := p.get(in.location).wants(200, "Long and dear", "saved as a draft")
	if got := kept.fields("/posts").Get("visibility"); got != "followers" {
		t.Errorf("visibility is %q, want what stood behind the file", got)
	}
	kept.submit("/posts", "action", "post").wants(303)
	p.get("/drafts").wants(200, "No drafts")
}

func TestPreviewShowsAll(t *testing.T) {
	s, c := newVillage(t)
	quoted := storetest.Post(t, s.db, c.fay, "Well said", store.Public)
	p := s.member("mira")
	compose := p.get(in("/compose?quote=%", quoted.ID))
	compose.submit("/posts", "text", "So *true*", "format", "markdown", "expire", "1d", "poll[option][]", "Yes", "poll[until]", "1d", "action", "preview").wants(200, "Preview", "So true", "Yes")
	with := compose.send("/posts", []sentFile{{field: "media", name: "a.png", body: picturePNG(t, color.White)}}, "text", "", "action", "preview").wants(200, "Preview", "Well said")
	if len(with.pictures()) < 2 {
		t.Errorf("the preview shows no picture: %v", with.pictures())
	}
	d, err := s.db.CreatePost(t.Context(), store.Draft{AuthorID: c.mira.ID, Source: content.Source{Text: "x"}, ExpiresIn: time.Hour})
	s.must(err)
	p.get(in("/@mira/%", d.ID)).wants(200, "Deletes itself on")
}
