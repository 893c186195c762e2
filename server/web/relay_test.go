package web

import (
	"strconv"
	"strings"
	"testing"

	"seedling/store"
)

func TestRelaysPage(t *testing.T) {
	s := newFoundedSite(t)
	s.user("mira", store.Member)
	s.member("mira").get("/admin/relays").wants(404)
	p := s.member("olga")
	page := p.get("/admin/relays").wants(200, "No relays yet")
	for _, wrong := range []string{"", "relay.example", "https://relay.example", "ftp://relay.example/inbox", "https://name:word@relay.example/inbox"} {
		page.submit("/admin/relays", "url", wrong).wants(422).problem("url", "")
	}
	const url = "https://relay.example/inbox"
	page.submit("/admin/relays", "url", url).leadsTo("/admin/relays").wants(200, url, "Waiting")
	p.get("/admin/relays").submit("/admin/relays", "url", url).wants(422).problem("url", "already")
	list, err := s.db.Relays(t.Context())
	if err != nil || len(list) != 1 {
		t.Fatalf("got %d relays, %v; want 1", len(list), err)
	}
	remove := "/admin/relays/" + strconv.FormatInt(list[0].ID, 10) + "/remove"
	if page := p.get("/admin/relays"); !strings.Contains(page.body, `href="`+remove+`"`) {
		t.Error("the list does not lead to the question")
	}
	page = p.get(remove).wants(200, "Leave this relay?", url)
	page.submit(remove).leadsTo("/admin/relays").wants(200, "No relays yet")
	page.submit(remove).leadsTo("/admin/relays").wants(200)
}
