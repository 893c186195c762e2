package web

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
	"seedling/templates"
)

// nobodyIsAsked fails a test that asks another server.
func (s *site) nobodyIsAsked() {
	s.ask = func(_ context.Context, query string) (Found, error) {
		s.t.Errorf("another server is asked for %q", query)
		return Found{}, store.ErrNotFound
	}
}

func TestSearchAmongTheKnown(t *testing.T) {
	s, c := newVillage(t)
	s.nobodyIsAsked()
	jonas := storetest.Remote(t, s.db, "jonas@hollow.example")
	remote := storetest.Receive(t, s.db, jonas, "https://hollow.example/1", "<p>From afar</p>")
	local := storetest.Post(t, s.db, c.mira, "aloud", store.Public)
	p := s.member("stan")
	p.get("/search?q=mir").wants(200, "mira")
	p.get("/search?q=jonas").wants(200, "jonas")
	p.get("/search?q=zzz").wants(200, "Nothing found", "Search looks only at what Willow Bend knows")
	for query, path := range map[string]string{
		"%40jonas%40hollow.example": jonas.Path(), "jonas%40Hollow.Example": jonas.Path(), "acct%3Ajonas%40hollow.example": jonas.Path(),
		"mira%40here.example": "/@mira", "https%3A%2F%2Fhere.example%2F%40mira": "/@mira",
		"https%3A%2F%2Fhollow.example%2Fusers%2Fjonas":  jonas.Path(),
		"https%3A%2F%2Fhollow.example%2F1":              in(jonas.Path()+"/%#p%", remote.ID),
		in("https://here.example/ap/posts/%", local.ID): in("/@mira/%#p%", local.ID),
		"%23Seeds": "/tags/Seeds",
	} {
		if got := p.get("/search?q=" + query); got.status != 303 || got.location != path {
			t.Errorf("%s: got %d to %q, want %q", query, got.status, got.location, path)
		}
	}
	p.get("/search?q=" + strings.Repeat("a", maxQuery+1)).wants(400)
	p.get("/search?q=%25").wants(200, "Nothing found")
	p.get("/search?q=%3Cscript%3Ealert(1)%3C/script%3E").wants(200).lacks("<script>alert")
}

func TestSearchAsksOtherServers(t *testing.T) {
	s := newFoundedSite(t)
	jonas := storetest.Remote(t, s.db, "jonas@hollow.example")
	private := storetest.Receive(t, s.db, jonas, "https://hollow.example/p", "<p>befriended</p>", func(r *store.RemotePost) { r.Visibility = store.Followers })
	p := s.member("olga")
	for _, test := range []struct {
		query string
		found Found
		err   error
		want  string // where to, or what is said
	}{
		{"@new@far.example", Found{AccountID: jonas.ID}, nil, jonas.Path()},
		{"@nobody@far.example", Found{}, &LookupError{Step: LookupNoWebFinger, Host: "far.example", Name: "nobody"}, "far.example does not know anyone called nobody."},
		{"https://no.example/x", Found{}, &LookupError{Step: LookupNoHost, Host: "no.example"}, "There is no server called no.example."},
		{"https://slow.example/x", Found{}, context.DeadlineExceeded, "slow.example does not answer."},
		{"https://lost.example/x", Found{}, store.ErrNotFound, "lost.example says that there is nothing at this address."},
		{"https://dead.example/x", Found{}, store.ErrGone, "dead.example says that this was deleted."},
		{"https://hidden.example/x", Found{PostID: private.ID}, nil, "hidden.example says that there is nothing at this address."},
		{"https://a.example/<script>", Found{}, &LookupError{Step: LookupNotActivityPub, Host: "<script>"}, "not a profile or a post"},
	} {
		s.ask = func(ctx context.Context, query string) (Found, error) {
			if query != test.query {
				t.Errorf("asked for %q, want %q", query, test.query)
			}
			if _, ok := ctx.Deadline(); !ok {
				t.Error("asked without an end")
			}
			return test.found, test.err
		}
		page := p.get("/search?q=" + strings.NewReplacer("@", "%40", "<", "%3C").Replace(test.query))
		if strings.HasPrefix(test.want, "/") {
			page.leadsTo(test.want)
		} else {
			page.wants(200, "This could not be looked up", test.want).lacks("<script>")
		}
	}
	s.ask = func(context.Context, string) (Found, error) { return Found{}, errors.New("disk on fire") }
	p.get("/search?q=%40x%40far.example").wants(500).lacks("disk on fire")
	s.nobodyIsAsked() // for a visitor
	s.person().get("/search?q=%40x%40far.example").wants(200, "Nothing found")
}

// TestASlowServerIsWaitedForOnAPageThatSaysSo: after two seconds, and that page
// asks once more, with more patience.
func TestASlowServerIsWaitedForOnAPageThatSaysSo(t *testing.T) {
	t.Parallel()
	s := newFoundedSite(t)
	jonas := storetest.Remote(t, s.db, "jonas@hollow.example")
	var patience time.Duration
	s.ask = func(ctx context.Context, _ string) (Found, error) {
		ends, _ := ctx.Deadline()
		if patience = time.Until(ends); patience > searchWait {
			return Found{AccountID: jonas.ID}, nil
		}
		<-ctx.Done()
		return Found{}, &LookupError{Step: LookupUnreachable, Host: "slow.example", Err: ctx.Err()}
	}
	p := s.member("olga")
	page := p.get("/search?q=%40new%40slow.example").wants(200, "Asking the other server").lacks("Nothing found", "could not be looked up")
	next, ok := strings.CutPrefix(page.header.Get("Refresh"), "1; url=")
	if !ok {
		t.Fatal("the page does not reload itself")
	}
	if from := p.get("/authorize_interaction?uri=https%3A%2F%2Fslow.example%2F1").wants(200, "Asking the other server"); from.header.Get("Refresh") == "" {
		t.Error("who was sent here waits without an end")
	}
	p.get(next).leadsTo(jonas.Path())
	if patience <= searchWait || patience > lookupWait {
		t.Errorf("the second time it waits for %v", patience)
	}
	s.ask = func(context.Context, string) (Found, error) { return Found{}, context.DeadlineExceeded }
	p.get(next).wants(200, "slow.example does not answer.").lacks("Asking the other server")
}

func TestEveryLookupStepHasASentence(t *testing.T) {
	words, err := templates.LoadCatalogue("en")
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []LookupStep{LookupNoHost, LookupUnreachable, LookupNoWebFinger, LookupRefused, LookupNotFound, LookupGone, LookupNotActivityPub, LookupBlocked, LookupWrong, LookupNobodys, LookupFailed} {
		if !words.Has("lookup." + string(step)) {
			t.Errorf("no sentence for %q", step)
		}
	}
}

func TestDiffWords(t *testing.T) {
	show := func(from, to string) string {
		var b strings.Builder
		for _, p := range diffWords(from, to) {
			if p.Op == "" {
				b.WriteString(p.Text)
			} else {
				b.WriteString("[" + p.Op + " " + p.Text + "]")
			}
		}
		return b.String()
	}
	for _, test := range []struct{ from, to, want string }{
		{"", "", ""},
		{"same", "same", "same"},
		{"", "new", "[ins new]"},
		{"old", "", "[del old]"},
		{"the red frog", "the green frog", "the [del red][ins green] frog"},
		{"a b c d", "a c d e", "a [del b ]c d[ins  e]"},
		{"one\n\ntwo", "one\ntwo", "one\n[del \n]two"},
		{"日本 語", "日本 人", "日本 [del 語][ins 人]"},
	} {
		if got := show(test.from, test.to); got != test.want {
			t.Errorf("%q to %q: got %q, want %q", test.from, test.to, got, test.want)
		}
	}
}

// TestDiffOfLongTextsIsBounded: the two texts have nothing in common, the worst case.
func TestDiffOfLongTextsIsBounded(t *testing.T) {
	from, to := strings.Repeat("a b ", 25_000), strings.Repeat("c d ", 25_000)
	start := time.Now()
	parts := diffWords("same "+from, "same "+to)
	if took := time.Since(start); took > time.Second {
		t.Errorf("took %v", took)
	}
	var before, after strings.Builder
	for _, p := range parts {
		if p.Op != "ins" {
			before.WriteString(p.Text)
		}
		if p.Op != "del" {
			after.WriteString(p.Text)
		}
	}
	if before.String() != "same "+from || after.String() != "same "+to {
		t.Error("the parts do not make up the two texts")
	}
}

func FuzzDiffWords(f *testing.F) {
	f.Add("the red frog", "the green  frog")
	f.Fuzz(func(t *testing.T, from, to string) {
		var before, after string
		for _, p := range diffWords(from, to) {
			if p.Op != "ins" {
				before += p.Text
			}
			if p.Op != "del" {
				after += p.Text
			}
		}
		if before != from || after != to {
			t.Errorf("%q to %q: the parts make %q and %q", from, to, before, after)
		}
	})
}

func TestTagOf(t *testing.T) {
	for href, want := range map[string]string{
		"https://a.example/tags/Seeds": "Seeds", "https://a.example/tag/Seeds": "Seeds", "https://a.example/tags/seeds?x=1": "seeds", "https://a.example/search?tag=seeds": "seeds",
		"https://a.example/discover/tags/s%C3%A9?src=hash": "sé",
		"https://b.example/tags/seeds":                     "", "https://a.example.evil/tags/seeds": "", "https://a.example/tags/": "", "https://a.example/tags/a%2Fb": "", "https://a.example/tags/12": "",
		"https://a.example/@a/1": "", "mailto:a@a.example": "", "https://a.example/tags/%zz": "",
	} {
		got, ok := tagOf(href, "a.example")
		if ok != (want != "") || ok && got != want {
			t.Errorf("%s: got %q %v, want %q", href, got, ok, want)
		}
	}
}

func TestSearchForPosts(t *testing.T) {
	s, c := newVillage(t)
	storetest.Post(t, s.db, c.mira, "The mossy bridge #moss", store.Public)
	storetest.Post(t, s.db, c.fay, "moss for friends", store.Followers)
	storetest.Receive(t, s.db, storetest.Remote(t, s.db, "jonas@hollow.example"), "https://hollow.example/1", "<p>moss afar</p>")
	p := s.member("mira")
	p.get("/search?q=bridge").wants(200, "The mossy bridge", "How to search posts") // nobody is called so
	p.get("/search?q=mossy+from:mira").wants(200, "The mossy bridge")
	p.get("/search?q=moss&type=posts").wants(200, "The mossy bridge").lacks("moss for friends", "moss afar")
	p.get("/search?q=mos&type=tags").wants(200, "#moss", "1 post")
	p.get("/search?q=bridge+has:poll").wants(200, "Nothing found", "Search for bridge alone")
	p.get("/search?q=moss+from:zoe").wants(200, "Nobody known here is called @zoe", "Search for moss alone").lacks("Nothing found")
	p.get("/search?q=moss+from:zoe@far.example").wants(200, "Nobody known here is called @zoe@far.example")
	p.get("/search?q=nothing+from:fay").wants(200, "Nothing found").lacks("is called")
	p.get("/search?q=mosss&type=tags").wants(200, "Nothing found", "Tags that are written like it", "#moss")
	for _, odd := range []string{"type=nonsense&q=x", "q=%22", "q=-", "q=from:", "q=%00", "q=a&before=x&type=posts", "q=before:2026-99-99", "type=posts&q=%F0%9F%8C%B1"} {
		p.get("/search?" + odd).wants(200)
	}
	v := s.person()
	v.get("/search?q=moss&type=posts").wants(200, "The mossy bridge").lacks("moss afar", "moss for friends")
	v.get("/search?q=moss+in:library&type=posts").wants(200, "Nothing found")
	s.nobodyIsAsked() // for a visitor
	v.get("/search?q=%40x%40far.example").wants(200, "Nothing found")
	s.person().get("/about").wants(200).holds(`href="/search"`)
	s.set("public_search", "false")
	if page := s.person().get("/about").wants(200); strings.Contains(page.body, `href="/search"`) {
		t.Error("visitors are led to a search that is closed to them")
	}
	if got := s.person().get("/search?q=moss&type=posts"); got.status != 303 || !strings.HasPrefix(got.location, "/login?next=") {
		t.Errorf("closed to visitors: got %d to %q", got.status, got.location)
	}
}
