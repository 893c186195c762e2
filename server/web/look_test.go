package web

import (
	"strings"
	"testing"

	"seedling/store"
	"seedling/store/content"
)

func TestLookIsChosenAndShown(t *testing.T) {
	s, c := newVillage(t)
	_, err := s.db.CreatePost(t.Context(), store.Draft{AuthorID: c.mira.ID, ContentWarning: "Frogs", Source: content.Source{Text: "ribbit", Format: content.Plain}})
	s.must(err)
	p := s.member("mira")
	page := p.get("/settings/appearance").wants(200, "Accent colour")
	if strings.Contains(page.body, "data-accent") || strings.Contains(p.get("/home").body, `<details class="cw" open>`) {
		t.Error("something is chosen at first")
	}
	page.submit("/settings/appearance", "accent", "rose", "density", "compact", "lines", "short", "avatars", "round", "media", "hide", "underline", "1",
		"less_motion", "1", "contrast", "1", "hide_counts", "1", "open_warnings", "1").leadsTo("/settings/appearance")
	home := p.get("/home").body
	for _, want := range []string{`data-accent="rose"`, `data-density="compact"`, `data-lines="short"`, `data-avatars="round"`, `data-links="underlined"`, `data-motion="less"`, `data-contrast="more"`, `data-counts="off"`, `<details class="cw" open>`} {
		if !strings.Contains(home, want) {
			t.Errorf("home lacks %s", want)
		}
	}
	form := p.get("/settings/appearance").fields("/settings/appearance")
	if form.Get("accent") != "rose" || form.Get("media") != "hide" || form.Get("open_warnings") != "1" {
		t.Errorf("the form shows %v", form)
	}
	for _, field := range []string{"accent", "density", "lines", "avatars", "media"} {
		page.submit("/settings/appearance", field, `x" onclick="y`).wants(422).problem(field, "Choose one of these")
	}
	if body := s.member("fay").get("/home").body; strings.Contains(body, "data-accent") {
		t.Error("another member sees it too")
	}
}
