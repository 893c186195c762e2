package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

// TestWhatIsHiddenLooksAsWhatNeverWas asks for posts of several kinds that are
// not shown, and reads why.
func TestWhatIsHiddenLooksAsWhatNeverWas(t *testing.T) {
	s, c := newVillage(t)
	zoe := storetest.Remote(t, s.db, "zoe@far.example")
	path := func(a *store.Account, id int64) string { return a.Path() + "/" + strconv.FormatInt(id, 10) }
	private := storetest.Post(t, s.db, c.fay, "to nobody", store.Direct)
	const never = 77
	p, visitor := s.member("mira"), s.person()
	for _, id := range []int64{private.ID, never} {
		for _, who := range []*person{p, visitor} {
			where := path(c.fay, id)
			page := who.get(where).wants(http.StatusNotFound, "Why is this not shown?")
			why := "/why-not?url=" + url.QueryEscape(where)
			if !strings.Contains(page.body, `href="`+why+`"`) {
				t.Errorf("%s: no link to %s", where, why)
			}
			who.get(why).wants(http.StatusOK, "It is not public", "It never arrived here").lacks("You block", "to nobody")
		}
	}
	visitor.get("/why-not?url="+path(c.fay, never)).wants(http.StatusOK, "Log in").lacks("Ask for it again")
	p.get("/home/nothing").wants(http.StatusNotFound).lacks("Why is this not shown?")
	public := storetest.Post(t, s.db, c.fay, "for all", store.Public)
	s.must(s.db.DeletePost(t.Context(), c.fay.ID, public.ID))
	p.get(path(c.fay, public.ID)).wants(http.StatusGone, "Why is this not shown?")
	p.get("/posts/77/why").wants(http.StatusNotFound, "We cannot say which", "It never arrived here")

	s.must(s.db.BlockHost(t.Context(), c.mira.ID, "far.example"))
	for _, q := range []struct {
		address string
		want    string
	}{
		{path(c.bob, never), "You block \u2066@bob\u2069"},
		{storetest.URL + path(c.bob, never), "You block \u2066@bob\u2069"},
		{path(zoe, never), "You blocked far.example"},
		{"https://far.example/notes/1", "You blocked far.example"},
		{path(c.mira, never), "It never arrived here"},
		{"", "It never arrived here"},
		{"/@/1", "It never arrived here"},
		{"//far.example/1", "It never arrived here"},
		{"https://[::1", "It never arrived here"},
	} {
		p.get("/why-not?url="+url.QueryEscape(q.address)).wants(http.StatusOK, q.want, "Ask for it again")
		visitor.get("/why-not?url=" + url.QueryEscape(q.address)).wants(http.StatusOK).lacks("You block")
	}
	s.set("show_blocks", "all")
	s.set("blocked_hosts", "far.example")
	visitor.get("/why-not?url="+url.QueryEscape("https://far.example/notes/1")).wants(http.StatusOK, "This server does not speak with far.example")
	const field = `name="q" value="https://far.example/notes/1"`
	if page := p.get("/why-not?url=" + url.QueryEscape("https://far.example/notes/1")); !strings.Contains(page.body, field) {
		t.Error("the form does not hold the address that was asked about")
	}
	p.get("/why-not?url=" + strings.Repeat("a", maxQuery+1)).wants(http.StatusBadRequest)
}
