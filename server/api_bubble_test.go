package server_test

import (
	"net/url"
	"testing"

	"seedling/store/storetest"
)

func TestBubbleTimeline(t *testing.T) {
	t.Parallel()
	in, c, _, _ := two(t, "read write")
	c.ask("GET", "/api/v1/timelines/bubble", nil).wants(404)
	if err := in.db.SetSetting(t.Context(), "bubble_hosts", "near.example"); err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"near.example", "far.example"} {
		storetest.Receive(t, in.db, storetest.Remote(t, in.db, "jonas@"+host), "https://"+host+"/1", "<p>from "+host+"</p>")
	}
	own := c.ask("POST", "/api/v1/statuses", url.Values{"status": {"from here"}}).wants(200).text("id")
	a := c.ask("GET", "/api/v1/timelines/bubble", nil).wants(200)
	if a.len() != 2 || a.text(0, "id") != own || a.text(1, "content") != "<p>from near.example</p>" {
		t.Errorf("got %s, want the member's post, then that of near.example", a.body)
	}
	a = c.ask("GET", "/api/v1/timelines/bubble?limit=1&max_id="+own, nil).wants(200)
	if a.len() != 1 || a.text(0, "content") != "<p>from near.example</p>" {
		t.Errorf("the next page: got %s", a.body)
	}
}
