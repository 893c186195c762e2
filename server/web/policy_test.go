package web

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"seedling/store"
	"seedling/store/storetest"
)

// TestWhoMayDoWhatIsSetAndAsked keeps boosts of a post for those whom its author
// lets, and answers two who ask.
func TestWhoMayDoWhatIsSetAndAsked(t *testing.T) {
	s, c := newVillage(t)
	post := storetest.Post(t, s.db, c.mira, "the bats sleep", store.Public)
	id := strconv.FormatInt(post.ID, 10)
	path, p := "/posts/"+id+"/policy", s.member("mira")
	s.member("fay").get(path).wants(http.StatusNotFound)
	page := p.get(path).wants(http.StatusOK, "Who may do what", "the bats sleep", "Others may ask me first").lacks("What you approved of")
	if v := page.fields(path); v.Get("may_boost") != "everyone" || v.Has("ask_boost") {
		t.Errorf("the form begins with %v", v)
	}
	p.get(page.submit(path, "may_boost", "nobody", "ask_boost", "1").wants(http.StatusSeeOther).location).wants(http.StatusOK, "Saved who may do what.")
	if v := p.get(path).fields(path); v.Get("may_boost") != "nobody" || v.Get("ask_boost") != "1" || v.Get("may_reply") != "everyone" {
		t.Errorf("the form holds %v", v)
	}
	p.get("/interactions").wants(http.StatusOK).lacks("the bats sleep")
	for _, who := range []*store.Account{c.fay, c.sam} {
		s.must(s.db.Boost(t.Context(), who.ID, post.ID))
	}
	s.member("fay").get("/interactions").wants(http.StatusOK).lacks("wants to boost your post")
	asked := p.get("/interactions").wants(http.StatusOK, "fay wants to boost your post", "sam wants to boost your post", "the bats sleep")
	requests, err := s.db.Requests(t.Context(), c.mira.ID, 0, 10)
	s.must(err)
	if len(requests) != 2 {
		t.Fatalf("%d requests, want 2", len(requests))
	}
	first := "/interactions/" + strconv.FormatInt(requests[0].ID, 10)
	second := "/interactions/" + strconv.FormatInt(requests[1].ID, 10)
	asked.press(first+"/accept").leadsTo("/interactions").wants(http.StatusOK, "Accepted.", "sam wants to boost your post").lacks("fay wants")
	asked.press(second+"/reject").leadsTo("/interactions").wants(http.StatusOK, "Turned down.").lacks("sam wants")
	asked.press(first + "/accept").wants(http.StatusNotFound)
	p.get("/@mira/"+id+"/boosts").wants(http.StatusOK, "fay").lacks("sam")
}

// TestCustomEmojiArePicturesInSentences gives a member a name with an emoji, and
// reads it in notifications, reports and requests.
func TestCustomEmojiArePicturesInSentences(t *testing.T) {
	s, c := newVillage(t)
	m := image.NewRGBA(image.Rect(0, 0, 20, 20))
	m.Set(3, 3, color.RGBA{0, 99, 0, 255})
	var file bytes.Buffer
	s.must(png.Encode(&file, m))
	_, err := s.db.AddEmoji(t.Context(), store.EmojiInfo{Name: "sprout"}, &file)
	s.must(err)
	s.must(s.db.UpdateProfile(t.Context(), c.fay.ID, store.Profile{DisplayName: "Fay :sprout:"}))
	post := storetest.Post(t, s.db, c.mira, "moss", store.Public)
	s.must(s.db.React(t.Context(), c.fay.ID, post.ID, ":sprout:"))
	s.must(s.db.SetPolicy(t.Context(), c.mira.ID, post.ID, store.InteractionPolicy(0).With(store.DeedBoost, store.Rule{Said: true, Ask: store.CircleEveryone})))
	s.must(s.db.Boost(t.Context(), c.fay.ID, post.ID))
	_, err = s.db.CreateReport(t.Context(), store.NewReport{ReporterID: c.fay.ID, AccountID: c.stan.ID, Comment: "rude"})
	s.must(err)
	for _, test := range []struct {
		who, path string
		pictures  int // at least
	}{{"mira", "/notifications", 2}, {"mira", "/interactions", 1}, {"olga", "/mod/reports", 1}} {
		page := s.member(test.who).get(test.path).wants(http.StatusOK)
		main := page.body[strings.Index(page.body, "<main"):strings.Index(page.body, "</main>")]
		if n := strings.Count(main, `alt=":sprout:"`); n < test.pictures {
			t.Errorf("%s has %d pictures, want %d: %s", test.path, n, test.pictures, main)
		}
	}
}
