package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"seedling/store"
	"seedling/store/storetest"
)

func TestThread(t *testing.T) {
	s, c := newVillage(t)
	root := storetest.Post(t, s.db, c.mira, "The root", store.Public)
	focus := storetest.Reply(t, s.db, c.fay, root, "The focus", store.Public)
	hidden := storetest.Reply(t, s.db, c.sam, focus, "Hidden", store.Followers)
	jonas := storetest.Remote(t, s.db, "jonas@hollow.example") // whose server did not narrow the answer
	storetest.Receive(t, s.db, jonas, "https://hollow.example/1", "<p>Below the hidden</p>", func(r *store.RemotePost) { r.ReplyToURI = hidden.URI })
	s.pass(time.Second)
	storetest.Reply(t, s.db, c.stan, focus, "Later", store.Public)
	s.pass(time.Second)
	own := storetest.Reply(t, s.db, c.fay, focus, "Her own", store.Public)
	path := in("/@fay/%", focus.ID)
	visitor := s.person().get(path).wants(200, "The root", "The focus", "A post that you cannot see.", "Below the hidden", "3 replies", "In this thread", "copy its address")
	if got, want := visitor.shown(), []string{"The root", "The focus", "Her own", "Later", "Below the hidden"}; !slices.Equal(got, want) {
		t.Errorf("order: got %q, want %q", got, want)
	}
	if got := s.person().get(path + "?sort=new").shown(); !slices.Equal(got[2:4], []string{"Her own", "Later"}) {
		t.Errorf("newest first: got %q", got)
	}
	if visitor.button(in("/posts/%/favourite", own.ID)) != nil {
		t.Error("a visitor is shown a member's buttons")
	}
	s.member("stan").get(path).wants(200, "You", "Reply to fay")
	// By another name or with another author's name the page is where it belongs.
	s.person().get(in("/@mira/%", focus.ID)).leadsTo(path)
	s.person().get("/@fay/99").wants(404)
	s.person().get(in("/@fay/%/nonsense", focus.ID)).wants(404)
	// An ancestor that cannot be seen keeps its place.
	top := storetest.Post(t, s.db, c.mira, "Among us", store.Followers)
	answer := storetest.Reply(t, s.db, c.fay, top, "Answer @stan", store.Followers)
	s.member("stan").get(in("/@fay/%", answer.ID)).wants(200, "A post that you cannot see.", "Answer").lacks("Among us")
}

// TestLongBranch follows the links through a chain that does not fit on a page,
// and counts every post.
func TestLongBranch(t *testing.T) {
	s, c := newVillage(t)
	root := storetest.Post(t, s.db, c.mira, "post 0", store.Public)
	parent := root
	const n = 250
	for i := range n {
		parent = storetest.Reply(t, s.db, []*store.Account{c.fay, c.sam}[i%2], parent, fmt.Sprintf("post %d", i+1), store.Public)
	}
	p := s.person()
	seen := map[string]bool{}
	pages := 0
	for path := in("/@mira/%", root.ID); path != ""; pages++ {
		page := p.get(path).wants(200)
		depth := deepest(page.doc)
		if depth > threadDepth+1 {
			t.Errorf("%s nests %d lists, want at most %d", path, depth, threadDepth+1)
		}
		for _, text := range page.shown() {
			seen[text] = true
		}
		path = ""
		for a := range page.doc.Descendants() {
			if a.Data == "a" && attr(a, "class") == "cont" {
				path = attr(a, "href")
			}
		}
	}
	if len(seen) != n+1 || pages > 4 {
		t.Errorf("%d pages show %d posts, want %d on at most 4", pages, len(seen), n+1)
	}
	p.get(in("/@mira/%", root.ID)).wants(200, "to @fay", "250 replies")
}

// A branch can be folded and passed over, and a reply that is not indented leads
// to what it answers; none of it needs a script.
func TestBranchesFoldAndLead(t *testing.T) {
	s, c := newVillage(t)
	root := storetest.Post(t, s.db, c.mira, "root", store.Public)
	first := storetest.Reply(t, s.db, c.fay, root, "first", store.Public)
	last := first
	for i := range threadDepth + 1 {
		last = storetest.Reply(t, s.db, []*store.Account{c.sam, c.fay}[i%2], last, "deeper", store.Public)
	}
	second := storetest.Reply(t, s.db, c.sam, root, "second", store.Public)
	page := s.person().get(in("/@mira/%", root.ID)).wants(200, "5 replies")
	if !strings.Contains(page.body, in(`href="#p%"`, second.ID)) || !strings.Contains(page.body, `<details class="branch" open><summary>`) {
		t.Error("a branch cannot be folded or passed over")
	}
	ids, leads, narrow := map[string]bool{}, 0, 0
	for n := range page.doc.Descendants() {
		ids[attr(n, "id")] = true
	}
	for n := range page.doc.Descendants() {
		if to, ok := strings.CutPrefix(attr(n, "href"), "#p"); n.Data == "a" && ok {
			if leads++; !ids["p"+to] {
				t.Errorf("a jump leads to #p%s, which is not on the page", to)
			}
		}
		if attr(n, "class") == "to narrow" {
			narrow++
		}
	}
	// The next branch, two replies below the deepest indent, and one that only a phone does not indent.
	if leads != 4 || narrow != 1 {
		t.Errorf("got %d jumps, %d of them for narrow windows; want 4 and 1", leads, narrow)
	}
}

// deepest counts how many lists of the tree lie in each other.
func deepest(n *html.Node) int {
	most := 0
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		most = max(most, deepest(c))
	}
	if n.Data == "ol" && attr(n, "class") != "up" {
		most++
	}
	return most
}

func TestManyReplies(t *testing.T) {
	s, c := newVillage(t)
	root := storetest.Post(t, s.db, c.mira, "The root", store.Public)
	for i := range 230 {
		storetest.Reply(t, s.db, c.fay, root, fmt.Sprintf("reply %d", i), store.Public)
	}
	p := s.person()
	seen := map[string]bool{}
	path, pages := in("/@mira/%?sort=new", root.ID), 0
	for ; path != ""; pages++ {
		page := p.get(path).wants(200, "230 replies")
		for _, text := range page.shown() {
			seen[text] = true
		}
		path = ""
		for a := range page.doc.Descendants() {
			if a.Data == "a" && strings.Contains(attr(a, "href"), "from=") {
				path = attr(a, "href")
			}
		}
	}
	if len(seen) != 231 || pages != 3 {
		t.Errorf("%d pages show %d posts, want 231 on 3", pages, len(seen))
	}
	p.get(in("/@mira/%?from=99999", root.ID)).wants(200)
}

func TestOpenAllWarnings(t *testing.T) {
	s := newFoundedSite(t)
	jonas := storetest.Remote(t, s.db, "jonas@hollow.example")
	post := storetest.Receive(t, s.db, jonas, "https://hollow.example/1", "<p>Eight legs</p>", func(r *store.RemotePost) { r.ContentWarning = "Spiders" })
	p := s.member("olga")
	path := in("/@jonas@hollow.example/%", post.ID)
	page := p.get(path).wants(200, "Open all warnings")
	if strings.Contains(page.body, `<details class="cw" open`) {
		t.Error("a warning is open without being asked")
	}
	page = p.get(path+"?cw=open").wants(200, "Eight legs")
	if !strings.Contains(page.body, `<details class="cw" open`) || strings.Contains(page.words(), "Open all warnings") {
		t.Error("the warning stays closed, or can be opened again")
	}
}

// jobs are the kinds and payloads of all jobs that are due.
func (s *site) jobs() []string {
	s.t.Helper()
	jobs, err := s.db.ClaimJobs(s.t.Context(), 100, time.Minute)
	s.must(err)
	var list []string
	for _, j := range jobs {
		if j.Kind != store.JobInstance { // comes with every server that is new
			list = append(list, string(j.Kind)+" "+j.Payload)
		}
		s.must(s.db.FinishJob(s.t.Context(), j.ID))
	}
	slices.Sort(list)
	return list
}

func TestRemoteThread(t *testing.T) {
	s := newFoundedSite(t)
	jonas := storetest.Remote(t, s.db, "jonas@hollow.example")
	post := storetest.Receive(t, s.db, jonas, "https://hollow.example/2", "<p>An answer</p>", func(r *store.RemotePost) { r.ReplyToURI = "https://far.example/1" })
	s.jobs()
	path := in("/@jonas@hollow.example/%", post.ID)
	visitor := s.person().get(path)
	if visitor.status != 303 || visitor.location != "https://hollow.example/2" {
		t.Errorf("a visitor: got %d to %q, want the original", visitor.status, visitor.location)
	}
	p := s.member("olga")
	want := []string{in("replies %", post.ID)}
	page := p.get(path).wants(200, "A post that has not reached this server.", "Fetch missing replies", "are being asked")
	if got := s.jobs(); !slices.Equal(got, want) {
		t.Errorf("jobs of a thread that was opened: got %q, want %q", got, want)
	}
	s.endCompletion(post.ID)
	s.pass(completeAgain + time.Second)
	for _, want := range []string{`<meta name="robots" content="noindex">`, `<link rel="canonical" href="https://hollow.example/2">`} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	fetch := in("/posts/%/fetch-replies", post.ID)
	page.press(fetch).leadsTo(path).wants(200, "Asking the other server")
	if got := s.jobs(); !slices.Equal(got, want) {
		t.Errorf("jobs: got %q, want %q", got, want)
	}
	page.press(fetch).wants(303)
	if got := s.jobs(); len(got) != 0 {
		t.Errorf("asked again at once: %q", got)
	}
	s.endCompletion(post.ID, store.CompletionHost{Host: "hollow.example", Asked: 3, Brought: 2}, store.CompletionHost{Host: "moss.example", Asked: 4, Failed: 4, Cause: store.FailedTimeout})
	p.get(path).wants(200, "2 missing posts came", "2 posts.", "Nothing came. 4 could not be had: the server did not answer in time.")
	s.pass(completeAgain + time.Second)
	page.press(fetch).wants(303)
	if got := s.jobs(); !slices.Equal(got, want) {
		t.Errorf("asked later: got %q, want %q", got, want)
	}
}

// endCompletion plays the job that completes the thread of a post.
func (s *site) endCompletion(postID int64, hosts ...store.CompletionHost) {
	s.t.Helper()
	c, err := s.db.Completion(s.t.Context(), postID)
	if err == nil {
		c.EndedAt, c.Hosts = s.now, hosts
		for _, h := range hosts {
			c.Posts += h.Brought
		}
		err = s.db.SaveCompletion(s.t.Context(), c)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

// asJSON asks for the other form of a page.
func (p *person) asJSON(path string) *screen {
	p.t.Helper()
	p.accept = "application/activity+json"
	defer func() { p.accept = "" }()
	return p.get(path)
}

func TestNegotiation(t *testing.T) {
	s, c := newVillage(t)
	public := storetest.Post(t, s.db, c.mira, "aloud", store.Public)
	private := storetest.Post(t, s.db, c.mira, "befriended", store.Followers)
	local := storetest.Post(t, s.db, c.mira, "neighbourly", store.LocalOnly)
	p := s.person()
	for path, uri := range map[string]string{"/@mira": c.mira.URI, in("/@mira/%", public.ID): public.URI} {
		page := p.get(path).wants(200)
		if got := page.header.Get("Content-Type"); got != "text/html; charset=utf-8" {
			t.Errorf("%s as a page: got %s", path, got)
		}
		doc := p.asJSON(path)
		if got := doc.header.Get("Content-Type"); doc.status != 200 || !strings.HasPrefix(got, "application/activity+json") || !strings.Contains(doc.body, `"`+uri+`"`) {
			t.Errorf("%s as a document: got %d %s", path, doc.status, got)
		}
		for _, answer := range []*screen{page, doc} {
			if got := strings.Join(answer.header.Values("Vary"), ","); !strings.Contains(got, "Accept") {
				t.Errorf("%s: Vary is %q", path, got)
			}
		}
		if got, want := page.header.Get("Link"), `<`+uri+`>; rel="alternate"; type="application/activity+json"`; got != want {
			t.Errorf("%s: Link is %q, want %q", path, got, want)
		}
	}
	mira := s.member("mira") // her session opens her pages, not her documents
	for _, post := range []*store.Post{private, local} {
		for _, asker := range []*person{p, mira} {
			if doc := asker.asJSON(in("/@mira/%", post.ID)); doc.status != http.StatusNotFound {
				t.Errorf("%s as a document: got %d, want 404", post.Visibility, doc.status)
			}
		}
		mira.get(in("/@mira/%", post.ID)).wants(200)
	}
	for _, path := range []string{"/@nobody", "/@mira/12", "/@instance.actor"} {
		if doc := p.asJSON(path); doc.status != http.StatusNotFound || strings.Contains(doc.body, "<html") {
			t.Errorf("%s as a document: got %d %q", path, doc.status, doc.body)
		}
	}
	s.must(s.db.DeletePost(t.Context(), c.mira.ID, public.ID))
	p.get(in("/@mira/%", public.ID)).wants(410)
	if doc := p.asJSON(in("/@mira/%", public.ID)); doc.status != http.StatusGone || !strings.Contains(doc.body, "Tombstone") {
		t.Errorf("a deleted post as a document: got %d %q", doc.status, doc.body)
	}
	s.must(s.db.DeleteAccount(t.Context(), c.mira.ID))
	if doc := p.asJSON("/@mira"); doc.status != http.StatusGone {
		t.Errorf("a deleted account as a document: got %d", doc.status)
	}
}

func TestInteract(t *testing.T) {
	s, c := newVillage(t)
	public := storetest.Post(t, s.db, c.mira, "aloud", store.Public)
	private := storetest.Post(t, s.db, c.mira, "befriended", store.Followers)
	s.person().get(in("/interact/%", public.ID)).wants(200, "Answer mira", "Your handle", "Log in here instead")
	s.person().get(in("/interact/%", private.ID)).wants(404)
	s.member("fay").get(in("/interact/%", public.ID)).leadsTo(in("/@mira/%", public.ID))
}

// TestSearchEnginesAreToldLittle looks for text that should not be in a page's head.
func TestSearchEnginesAreToldLittle(t *testing.T) {
	s, c := newVillage(t)
	u, err := s.db.CreateUser(t.Context(), store.NewUser{Name: "quiet", Password: storetest.Password, Quiet: true})
	s.must(err)
	for _, test := range []struct {
		author  *store.Account
		v       store.Visibility
		asks    string
		noindex bool
		told    bool
	}{
		{c.mira, store.Public, "", false, true},
		{u.Account, store.Public, "", true, true},
		{c.mira, store.Followers, "fay", true, false},
		{c.mira, store.LocalOnly, "fay", true, false},
	} {
		post := storetest.Post(t, s.db, test.author, "Sesame", test.v)
		p := s.person()
		if test.asks != "" {
			p = s.member(test.asks)
		}
		page := p.get(postPath(test.author, post.ID)).wants(200)
		head, _, _ := strings.Cut(page.body, "</head>")
		if got := strings.Contains(head, "noindex"); got != test.noindex {
			t.Errorf("%s by %s: noindex is %v", test.v, test.author.Username, got)
		}
		if got := strings.Contains(head, "Sesame"); got != test.told {
			t.Errorf("%s by %s: text in the head is %v", test.v, test.author.Username, got)
		}
	}
}

// TestAThreadStandsInARow: ?view=flat shows every reply by time, each saying
// whom it answers, in both orders.
func TestAThreadStandsInARow(t *testing.T) {
	s, cast := newVillage(t)
	first := storetest.Post(t, s.db, cast.mira, "the first of all", store.Public)
	one := storetest.Reply(t, s.db, cast.fay, first, "reply one", store.Public)
	storetest.Reply(t, s.db, cast.sam, first, "reply two", store.Public)
	storetest.Reply(t, s.db, cast.stan, one, "below one", store.Public)
	path := fmt.Sprintf("/@mira/%d", first.ID)
	orders := func(p *screen, want ...string) {
		t.Helper()
		at := -1
		for _, text := range want {
			i := strings.Index(p.words(), text)
			if i <= at {
				t.Fatalf("%q stands before what it should follow, or nowhere: %s", text, p.words())
			}
			at = i
		}
	}
	fay := s.member("fay")
	tree := fay.get(path)
	orders(tree, "reply one", "below one", "reply two")
	tree.wants(200, "In a row")
	flat := fay.get(path + "?view=flat")
	orders(flat, "reply one", "reply two", "to @fay", "below one")
	flat.wants(200, "As a tree").lacks("Next branch")
	orders(fay.get(path+"?view=flat&sort=new"), "below one", "reply two", "reply one")
}

// TestAnAuthorWhoGoesOnIsNotIndented lays a thread of one author in one list,
// however long it is, and an answer to its end below that.
func TestAnAuthorWhoGoesOnIsNotIndented(t *testing.T) {
	s, c := newVillage(t)
	root := storetest.Post(t, s.db, c.mira, "root", store.Public)
	last := storetest.Reply(t, s.db, c.fay, root, "1", store.Public)
	want := []string{"root", "1"}
	for i := range 9 {
		last = storetest.Reply(t, s.db, c.fay, last, strconv.Itoa(i+2), store.Public)
		want = append(want, strconv.Itoa(i+2))
	}
	storetest.Reply(t, s.db, c.sam, last, "an answer", store.Public)
	page := s.person().get(in("/@mira/%", root.ID)).wants(200, "11 replies", "10 replies").lacks("to @fay")
	if got := page.shown(); !slices.Equal(got, append(want, "an answer")) {
		t.Errorf("the page shows %q", got)
	}
	if n := deepest(page.doc); n != 3 { // the tree, the thread in it, the answer
		t.Errorf("%d lists lie in each other, want 3", n)
	}
	for range 2 * threadPosts {
		last = storetest.Reply(t, s.db, c.fay, last, "on and on", store.Public)
	}
	s.person().get(in("/@mira/%", root.ID)).wants(200, "111 more replies in this branch")
}
