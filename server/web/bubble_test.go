package web

import (
	"testing"

	"seedling/store/storetest"
)

func TestBubbleShowsTheChosenServersAlone(t *testing.T) {
	s := newFoundedSite(t)
	mira := s.member("olga")
	for host, text := range map[string]string{"near.example": "<p>from nearby</p>", "far.example": "<p>from afar</p>"} {
		storetest.Receive(t, s.db, storetest.Remote(t, s.db, "jonas@"+host), "https://"+host+"/1", text)
	}
	mira.get("/bubble").wants(404)
	mira.get("/local").wants(200).lacks(`href="/bubble"`)

	s.must(s.db.SetSetting(t.Context(), "bubble_hosts", "near.example"))
	mira.get("/local").wants(200).holds(`href="/bubble"`)
	mira.get("/bubble").wants(200, "This server and 1 other are in the bubble", "from nearby").holds(`href="/servers/near.example"`).lacks("from afar")
	s.person().get("/bubble").wants(200, "from nearby").lacks("/servers/near.example")
	s.must(s.db.SetSetting(t.Context(), "public_timelines", "false"))
	s.person().get("/bubble").leadsTo("/login?next=%2Fbubble")

	mira.get("/servers/far.example").wants(200, "from afar").lacks("from nearby")
	mira.get("/@jonas@far.example/about").wants(200).holds(`href="/servers/far.example"`)
	for _, nobody := range []string{"/servers/nowhere.example", "/servers/x%20y", "/servers/here.example"} {
		mira.get(nobody).wants(404)
	}
	s.person().get("/servers/far.example").leadsTo("/login?next=%2Fservers%2Ffar.example")
}

func TestBubbleNamesEachServer(t *testing.T) {
	s := newFoundedSite(t)
	for _, wrong := range []string{"*.example.com", "no host", "a b"} {
		if err := s.db.SetSetting(t.Context(), "bubble_hosts", wrong); err == nil {
			t.Errorf("%q: taken, want an error", wrong)
		}
	}
}
