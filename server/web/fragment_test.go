package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"seedling/store"
	"seedling/store/content"
)

// TestSmallActionsAnswerWithTheirPart presses what scripts press.
func TestSmallActionsAnswerWithTheirPart(t *testing.T) {
	s, c := newVillage(t)
	post, err := s.db.CreatePost(t.Context(), store.Draft{AuthorID: c.mira.ID, Source: content.Source{Text: "frogs"}, Visibility: store.Public})
	s.must(err)
	address := "/posts/" + strconv.FormatInt(post.ID, 10)
	fay := s.member("fay")
	home := fay.get("/local")
	for _, test := range []struct {
		path, part string
		form       url.Values
		has        string
	}{
		{address + "/favourite", "post", url.Values{"on": {"1"}}, `value="0" aria-pressed="true"`},
		{address + "/favourite", "focus", url.Values{"on": {"1"}}, `class="post focusp"`},
		{address + "/boost", "post", url.Values{"on": {"1"}}, `class="act boost"`},
		{address + "/bookmark", "post", url.Values{"on": {"1"}}, `class="act mark"`},
		{address + "/react", "post", url.Values{"emoji": {"🌱"}}, `class="chips"`},
		{"/@mira/follow", "follow", url.Values{"on": {"0"}}, `formaction="/@mira/follow" name="on" value="1"`},
	} {
		fay.part = test.part
		test.form.Set("csrf", home.fields("/posts").Get("csrf"))
		got := fay.post(test.path, test.form).wants(http.StatusOK)
		if got.header.Get(fragmentHeader) != test.part || strings.Contains(got.body, "<html") || !strings.Contains(got.body, test.has) {
			t.Errorf("%s: got part %q: %s", test.path, got.header.Get(fragmentHeader), got.body)
		}
	}
	fay.part = "nonsense"
	fay.post(address+"/bookmark", url.Values{"on": {"0"}, "csrf": {home.fields("/posts").Get("csrf")}}).leadsTo("/home#p" + strconv.FormatInt(post.ID, 10))
	fay.part = partPost
	if got := fay.post("/posts/1/favourite", url.Values{"on": {"1"}, "csrf": {home.fields("/posts").Get("csrf")}}).wants(http.StatusNotFound); got.header.Get(fragmentHeader) != "" {
		t.Error("an error looks like a part")
	}
}

func TestCompletion(t *testing.T) {
	s, _ := newVillage(t)
	_, err := s.db.CreatePost(t.Context(), store.Draft{AuthorID: s.user("tess", store.Member).Account.ID, Source: content.Source{Text: "#seedswap"}, Visibility: store.Public})
	s.must(err)
	fay := s.member("fay")
	for query, want := range map[string]string{"@mir": "@mira", "#seed": "#seedswap", ":seedli": "🌱", "@": "", "": "", "mira": "", "\xff\xfe": "", ":" + strings.Repeat("x", 200): ""} {
		got := fay.get("/complete?q=" + url.QueryEscape(query)).wants(http.StatusOK)
		var list []completion
		if err := json.Unmarshal([]byte(got.body), &list); err != nil {
			t.Fatalf("%q: %v: %s", query, err, got.body)
		}
		switch {
		case want == "" && len(list) > 0:
			t.Errorf("%q: got %v, want nothing", query, list)
		case want != "" && (len(list) == 0 || list[0].Text != want):
			t.Errorf("%q: got %v, want %s", query, list, want)
		}
	}
	if got := s.person().get("/complete?q=@m"); got.status != http.StatusSeeOther {
		t.Errorf("a visitor got %d", got.status)
	}
}

func TestWordsOfScripts(t *testing.T) {
	s := newFoundedSite(t)
	for _, lang := range []string{"en", "", "xx", "en-GB"} {
		got := s.person().get("/words.json?lang=" + lang).wants(http.StatusOK)
		var words map[string]any
		if err := json.Unmarshal([]byte(got.body), &words); err != nil || words["unreachable"] == nil {
			t.Errorf("%q: %v: %.100s", lang, err, got.body)
		}
	}
}

func TestKeysCanBeTurnedOff(t *testing.T) {
	s := newFoundedSite(t)
	olga := s.member("olga")
	olga.get("/keys").lacks(`data-keys="off"`).submit("/keys", "on", "0").leadsTo("/keys").wants(http.StatusOK, "The shortcuts are off.")
	if home := olga.get("/home"); !strings.Contains(home.body, `data-keys="off"`) {
		t.Error("the page does not say that they are off")
	}
	olga.get("/keys").submit("/keys", "on", "1").leadsTo("/keys").lacks(`data-keys="off"`)
	s.person().get("/keys").wants(http.StatusOK, "Next post").lacks(`action="/keys"`)
}
