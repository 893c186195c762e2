package web

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/content"
	"seedling/store/storetest"
)

// visibilities are the choices that a form offers.
func (s *screen) visibilities() []string {
	var list []string
	for n := range s.doc.Descendants() {
		if n.Data == "input" && attr(n, "name") == "visibility" || n.Data == "option" && attr(n.Parent, "name") == "visibility" {
			list = append(list, attr(n, "value"))
		}
	}
	return list
}

func TestWriteAPost(t *testing.T) {
	s, _ := newVillage(t)
	p := s.member("mira")
	page := p.get("/home").submit("/posts", "text", "Hello *there* @fay and #seeds\r\n\r\nhttps://x.example/?a=b&c", "action", "post")
	if page.status != 303 || !strings.HasPrefix(page.location, "/home#p") {
		t.Fatalf("got %d to %q", page.status, page.location)
	}
	home := p.get(page.location).wants(200, "Your post is out.", "Hello *there* @fay and #seeds")
	if home.node(strings.TrimPrefix(page.location, "/home#")) == nil {
		t.Error("the page has no post with the id that the redirect leads to")
	}
	for _, want := range []string{`href="/@fay"`, `href="/tags/seeds"`, `href="https://x.example/?a=b&amp;c"`} {
		if !strings.Contains(home.body, want) {
			t.Errorf("the post lacks %s", want)
		}
	}
	page = p.get("/compose").submit("/posts", "text", "*slanted*", "format", "markdown", "cw", "A  warning", "lang", "cy", "visibility", "followers", "action", "post").wants(303)
	home = p.get(page.location).wants(200, "slanted", "A warning")
	for _, want := range []string{"<em>slanted</em>", `lang="cy"`, "<details class=\"cw\""} {
		if !strings.Contains(home.body, want) {
			t.Errorf("the post lacks %s", want)
		}
	}
}

func TestDoubleClickPostsOnce(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	page := p.get("/compose")
	first := page.submit("/posts", "text", "Once", "action", "post").wants(303)
	second := page.submit("/posts", "text", "Once", "action", "post").wants(303)
	if first.location != second.location {
		t.Errorf("got %q and then %q", first.location, second.location)
	}
	if got := p.get("/home").shown(); len(got) != 1 {
		t.Errorf("got %d posts", len(got))
	}
}

// TestRefusedPostKeepsEverything sends each mistake and looks for all that was
// typed in the answer.
func TestRefusedPostKeepsEverything(t *testing.T) {
	s, c := newVillage(t)
	p := s.member("bob") // whom mira blocked
	parent := storetest.Post(t, s.db, c.fay, "The parent", store.Public)
	for _, test := range []struct {
		name, field, sentence string
		changes               []string
	}{
		{"empty", "text", "Write something first", []string{"text", " \n "}},
		{"too long", "text", "The text is 2 characters too long", []string{"text", strings.Repeat("👩‍👩‍👧", 5002)}},
		{"long warning", "cw", "The content warning is too long", []string{"cw", strings.Repeat("w", 501)}},
		{"blocked", "text", "@mira has blocked you", []string{"text", "hello @mira"}},
		{"many mentions", "text", "A post can mention 100 people at most", []string{"text", manyHandles(101)}},
		{"unknown visibility", "visibility", "", []string{"visibility", "everyone"}},
		{"unknown language", "lang", "", []string{"lang", `"><script>`}},
	} {
		form := p.get(in("/compose?reply_to=%", parent.ID)).fields("/posts")
		want := url.Values{"text": {"<b>kept</b> & \"so\""}, "cw": {"warned"}, "visibility": {"followers"}, "lang": {"de"}, "format": {"markdown"}}
		for i := 0; i < len(test.changes); i += 2 {
			want.Set(test.changes[i], test.changes[i+1])
		}
		for name, v := range want {
			form[name] = v
		}
		form.Set("action", "post")
		page := p.post("/posts", form)
		if page.status != 422 {
			t.Errorf("%s: got %d, want 422: %s", test.name, page.status, page.words())
			continue
		}
		page.problem(test.field, test.sentence)
		got := page.fields("/posts")
		for name := range want {
			if name == test.field && (name == "visibility" || name == "lang") {
				continue
			}
			if got.Get(name) != strings.TrimPrefix(want.Get(name), "\n") {
				t.Errorf("%s: field %s came back as %.40q, want %.40q", test.name, name, got.Get(name), want.Get(name))
			}
		}
		if got.Get("reply_to") != form.Get("reply_to") || got.Get("token") != form.Get("token") {
			t.Errorf("%s: the parent or the token is lost", test.name)
		}
	}
	if got := s.member("olga").get("/local").shown(); !slices.Equal(got, []string{"The parent"}) {
		t.Errorf("a refused post was stored: %q", got)
	}
}

func manyHandles(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("@u" + strings.Repeat("x", i%20) + string(rune('a'+i/20)) + "@far.example ")
	}
	return b.String()
}

func TestReplyStartsFromItsParent(t *testing.T) {
	s, c := newVillage(t)
	jonas := storetest.Remote(t, s.db, "jonas@hollow.example")
	parent := storetest.Receive(t, s.db, jonas, "https://hollow.example/1", "<p>hi</p>", func(r *store.RemotePost) {
		r.ContentWarning, r.Mentions = "Spiders", []int64{c.mira.ID, c.fay.ID}
	})
	p := s.member("mira")
	form := p.get(in("/compose?reply_to=%", parent.ID)).wants(200, "Spiders").fields("/posts")
	if got, want := form.Get("text"), "@jonas@hollow.example @fay "; got != want {
		t.Errorf("text: got %q, want %q", got, want)
	}
	if got := form.Get("cw"); got != "Spiders" {
		t.Errorf("warning: got %q", got)
	}
	page := p.get(in("/@jonas@hollow.example/%", parent.ID)).submit("/posts", "text", "@jonas@hollow.example answered", "action", "post")
	if page.status != 303 || !strings.HasPrefix(page.location, in("/@jonas@hollow.example/%#p", parent.ID)) {
		t.Fatalf("got %d to %q", page.status, page.location)
	}
	p.get(page.location).wants(200, "answered", "1 reply")
	p.get("/compose?reply_to=77").wants(404)
	if got := p.get("/compose?text=%3Cb%3E%40fay&visibility=direct").wants(200, "Will be read by: fay").fields("/posts"); got.Get("text") != "<b>@fay" || got.Get("visibility") != "direct" {
		t.Errorf("prefilled: got %v", got)
	}
}

// TestReplyIsNeverWider tries each visibility under each parent, in the form
// and around it.
func TestReplyIsNeverWider(t *testing.T) {
	s, c := newVillage(t)
	all := []string{"public", "unlisted", "followers", "direct", "local"}
	offered := map[string][]string{
		"public": all, "unlisted": {"unlisted", "followers", "direct", "local"}, "followers": {"followers", "direct"},
		"direct": {"direct"}, "local": {"direct", "local"},
	}
	p := s.member("fay")
	for _, name := range all {
		v, _ := store.ParseVisibility(name)
		parent := storetest.Post(t, s.db, c.mira, "for @fay", v)
		page := p.get(in("/compose?reply_to=%", parent.ID)).wants(200)
		if got := page.visibilities(); !slices.Equal(got, offered[name]) {
			t.Errorf("reply to %s: offered %q, want %q", name, got, offered[name])
		}
		for _, wish := range all {
			page := page.submit("/posts", "text", wish, "visibility", wish, "token", name+wish, "action", "post").wants(303)
			_, id, _ := strings.Cut(page.location, "#p")
			post, err := s.db.Post(t.Context(), positive(id))
			s.must(err)
			if !slices.Contains(offered[name], post.Visibility.String()) {
				t.Errorf("a reply to a %s post became %s", name, post.Visibility)
			}
		}
	}
}

func TestParentGoneMeanwhile(t *testing.T) {
	s, c := newVillage(t)
	parent := storetest.Post(t, s.db, c.mira, "Going", store.Followers)
	p := s.member("fay")
	page := p.get(in("/compose?reply_to=%", parent.ID))
	s.must(s.db.DeletePost(t.Context(), c.mira.ID, parent.ID))
	answer := page.submit("/posts", "text", "Too late", "action", "post").wants(422, "The post that you answer is gone")
	form := answer.fields("/posts")
	if form.Get("text") != "Too late" || form.Has("reply_to") || form.Get("visibility") != "followers" {
		t.Errorf("got %v", form)
	}
	answer.submit("/posts", "action", "post").wants(303)
}

func TestPreview(t *testing.T) {
	s, _ := newVillage(t)
	p := s.member("mira")
	page := p.get("/compose").submit("/posts", "text", "**Hello** @fay <script>", "format", "markdown", "visibility", "direct", "action", "preview").
		wants(200, "Preview", "Hello @fay", "Will be read by: fay").lacks("<script>")
	if !strings.Contains(page.body, "<strong>Hello</strong>") {
		t.Error("the preview does not show Markdown")
	}
	if got := p.get("/home").shown(); len(got) != 0 {
		t.Errorf("a preview was posted: %q", got)
	}
	page.submit("/posts", "action", "post").wants(303)
	p.get("/compose").submit("/posts", "text", "", "action", "preview").wants(422, "Write something first")
	// The short form's "more options" opens the long form with what was typed.
	short := p.get("/home").fields("/posts")
	short.Set("text", "Half a thou")
	short.Set("action", "more")
	if got := p.post("/compose", short).wants(200).fields("/posts").Get("text"); got != "Half a thou" {
		t.Errorf("more options: got %q", got)
	}
}

func TestEdit(t *testing.T) {
	s, c := newVillage(t)
	post := storetest.Post(t, s.db, c.mira, "The frog is red", store.Unlisted)
	path := in("/posts/%/edit", post.ID)
	p := s.member("mira")
	first, second := p.get(path), p.get(path)
	s.pass(time.Minute)
	first.submit(path, "text", "The frog is green", "cw", "Frogs", "action", "post").leadsTo(in("/@mira/%", post.ID)).wants(200, "The frog is green", "Frogs")
	// The same form again is a double click.
	first.submit(path, "text", "The frog is green", "cw", "Frogs", "action", "post").leadsTo(in("/@mira/%", post.ID))
	// Another tab still has the old text.
	s.pass(time.Minute)
	stale := second.submit(path, "text", "The frog is blue", "action", "post").wants(409, "changed meanwhile", "The frog is green")
	if got := stale.fields(path).Get("text"); got != "The frog is blue" {
		t.Errorf("the text of the second tab: got %q", got)
	}
	stale.submit(path, "action", "post").leadsTo(in("/@mira/%", post.ID)).wants(200, "The frog is blue")
	page := s.member("fay").get(in("/@mira/%/history", post.ID)).wants(200, "The frog is red")
	for _, want := range []string{"<del>red</del><ins>green</ins>", "<del>green</del><ins>blue</ins>", "<ins>Frogs</ins>", "<del>Frogs</del>"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("history lacks %s", want)
		}
	}
	p.get(path).submit(path, "text", "", "action", "post").wants(422, "Write something first")
	p.get(path).submit(path, "text", "New", "visibility", "public", "action", "post").wants(303)
	if got, _ := s.db.Post(t.Context(), post.ID); got.Visibility != store.Unlisted {
		t.Errorf("an edit made the post %s", got.Visibility)
	}
	other := s.member("fay")
	other.get(path).wants(404)
	other.post(path, url.Values{"csrf": {other.get("/home").fieldsOfAct().Get("csrf")}, "text": {"mine now"}}).wants(404)
}

// TestAddedMentionSeesNoOlderVersion: whom an edit lets in reads on from there.
func TestAddedMentionSeesNoOlderVersion(t *testing.T) {
	s, c := newVillage(t)
	post := storetest.Post(t, s.db, c.mira, "@fay about the surprise for sam", store.Direct)
	path := in("/posts/%/edit", post.ID)
	p := s.member("mira")
	p.get(path).submit(path, "text", "@fay @sam lunch?", "action", "preview").wants(200, "Will be read by: fay, sam")
	p.get(path).submit(path, "text", "@fay @sam lunch?", "action", "post").wants(303)
	history := in("/@mira/%/history", post.ID)
	s.member("sam").get(history).wants(200, "lunch?", "only for those who could read it then").lacks("surprise")
	p.get(history).wants(200, "surprise")
}

func TestDeleteAndRedraft(t *testing.T) {
	s, c := newVillage(t)
	p := s.member("mira")
	post := storetest.Post(t, s.db, c.mira, "To go", store.Public)
	path := in("/posts/%/delete", post.ID)
	p.get(path).wants(200, "Delete this post?", "To go").submit(path).leadsTo("/@mira").wants(200, "The post is deleted.").lacks("To go")
	p.get(path).wants(410)
	parent := storetest.Post(t, s.db, c.fay, "The parent", store.Unlisted)
	d, err := s.db.CreatePost(t.Context(), store.Draft{AuthorID: c.mira.ID, Source: content.Source{Text: "*Again*", Format: content.Markdown},
		ContentWarning: "Warned", Language: "cy", Visibility: store.Followers, ReplyToID: parent.ID})
	s.must(err)
	path = in("/posts/%/redraft", d.ID)
	page := p.get(path).wants(200, "write it again").submit(path).wants(303)
	page = p.get(page.location).wants(200, "The parent", "is a draft now")
	form := page.fields("/posts")
	for name, want := range map[string]string{"text": "*Again*", "cw": "Warned", "lang": "cy", "visibility": "followers", "format": "markdown", "reply_to": in("%", parent.ID)} {
		if got := form.Get(name); got != want {
			t.Errorf("redraft, field %s: got %q, want %q", name, got, want)
		}
	}
	p.get(in("/@mira/%", d.ID)).wants(404)
	page.submit("/posts", "text", "Anew", "action", "post").wants(303)
	p.get(in("/@fay/%", parent.ID)).wants(200, "Anew")
}

// TestTheMembersLanguagesComeFirst: the language of their posts, then that of
// their pages, before all the others by their codes.
func TestTheMembersLanguagesComeFirst(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	p.get("/settings/posting").submit("/settings/posting", "lang", "tr").wants(303)
	p.get("/settings/appearance").submit("/settings/appearance", "locale", "de").wants(303)
	_, field, _ := strings.Cut(p.get("/compose").body, `name="lang"`)
	got := regexp.MustCompile(`<option value="([a-z]*)"`).FindAllStringSubmatch(field, 5)
	var codes []string
	for _, m := range got {
		codes = append(codes, m[1])
	}
	if want := []string{"", "tr", "de", "af", "ar"}; !slices.Equal(codes, want) {
		t.Errorf("the languages begin with %q, want %q", codes, want)
	}
}
