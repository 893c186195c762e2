package web

import "testing"

func TestReachIsSetAndShown(t *testing.T) {
	s := newFoundedSite(t)
	p, visitor := s.member("olga"), s.person()
	visitor.get("/@olga").wants(200, "0 followers", "0 following")
	p.get("/settings/profile").submit("/settings/profile", "featured_tags", "#ferns, Moss", "attribution_domains", "blog.example").
		leadsTo("/settings/profile").wants(200, "Saved.")
	again := p.get("/settings/profile").fields("/settings/profile")
	if again.Get("featured_tags") != "#ferns #Moss" || again.Get("attribution_domains") != "blog.example" {
		t.Errorf("the form shows %v", again)
	}
	p.get("/settings/privacy").submit("/settings/privacy", "hide_follows", "1").leadsTo("/settings/privacy")
	visitor.get("/@olga/about").wants(200, "Writes about", "#ferns", "#Moss", "0 followers")
	for _, path := range []string{"/@olga/followers", "/@olga/following"} {
		visitor.get(path).wants(200, "This list is not shown")
		p.get(path).wants(200).lacks("This list is not shown")
	}
	for field, value := range map[string]string{"featured_tags": "<b>", "attribution_domains": "https://blog.example/"} {
		page := p.get("/settings/profile").submit("/settings/profile", field, value).wants(422).problem(field, "must be")
		if got := page.fields("/settings/profile").Get(field); got != value {
			t.Errorf("%s: %q came back, want %q", field, got, value)
		}
	}
}
