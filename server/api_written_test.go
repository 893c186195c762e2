package server_test

import (
	"image/color"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"seedling/store/storetest"
)

// TestTheAppOfAPost is told to its author, and to others when the author wants.
func TestTheAppOfAPost(t *testing.T) {
	t.Parallel()
	in, c, noor, _ := two(t, "read write follow")
	posted := c.ask("POST", "/api/v1/statuses", url.Values{"status": {"from an app"}}).wants(200)
	at := "/api/v1/statuses/" + posted.text("id")
	if posted.text("application", "name") == "" {
		t.Errorf("its author sees %s", posted.body)
	}
	if a := noor.ask("GET", at, nil).wants(200); a.at("application") != nil {
		t.Errorf("others see %v", a.at("application"))
	}
	me, err := in.db.User(t.Context(), number(t, posted.text("account", "id")))
	if err != nil {
		t.Fatal(err)
	}
	me.Preferences.ShowApp = true
	if err := in.db.SetPreferences(t.Context(), me.Account.ID, me.Preferences); err != nil {
		t.Fatal(err)
	}
	if a := noor.ask("GET", at, nil).wants(200); a.text("application", "name") != posted.text("application", "name") {
		t.Errorf("others see %s", a.body)
	}
	boost := noor.ask("POST", at+"/reblog", nil).wants(200)
	if boost.at("application") != nil || boost.text("reblog", "application", "name") == "" || !strings.HasSuffix(boost.text("uri"), "/ap/boosts/"+boost.text("id")) {
		t.Errorf("its boost is %s", boost.body)
	}
	noor.ask("POST", at+"/unreblog", nil).wants(200)
	boost = noor.ask("POST", at+"/reblog", form("visibility", "unlisted")).wants(200)
	if of, around := boost.text("reblog", "visibility"), boost.text("visibility"); of != "public" || around != "unlisted" {
		t.Errorf("a quiet boost of a public post is %q around %q", around, of)
	}
}

// TestAPollIsChangedWithItsPost: other options are a new poll, and who sends the
// text without the poll asks nothing any more.
func TestAPollIsChangedWithItsPost(t *testing.T) {
	t.Parallel()
	_, c, noor, _ := two(t, "read write follow")
	send := func(method, path, body string) *answer {
		return c.send(method, "/api/v1/statuses"+path, body, "Content-Type", "application/json").wants(200)
	}
	asked := send("POST", "", `{"status":"Tea?","poll":{"options":["yes","no"],"expires_in":3600}}`)
	at := "/" + asked.text("id")
	noor.ask("POST", "/api/v1/polls/"+asked.text("poll", "id")+"/votes", url.Values{"choices[]": {"0"}}).wants(200)
	if a := send("PUT", at, `{"status":"Tea??","poll":{"options":["yes","no"],"expires_in":7200}}`); a.at("poll", "votes_count") != 1.0 {
		t.Errorf("the same question: %s", a.body)
	}
	if a := send("PUT", at, `{"sensitive":true}`); a.at("poll", "votes_count") != 1.0 {
		t.Errorf("without a word of the poll or the text: %s", a.body)
	}
	if a := send("PUT", at, `{"status":"Tea?","poll":{"options":["yes","never"],"expires_in":3600}}`); a.at("poll", "votes_count") != 0.0 || a.text("poll", "options", 1, "title") != "never" {
		t.Errorf("another question: %s", a.body)
	}
	if a := send("PUT", at, `{"status":"Tea."}`); a.at("poll") != nil {
		t.Errorf("no question: %s", a.body)
	}
}

// number reads an id of an answer.
func number(t *testing.T, text string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestThreadsAreRefreshed: who opens a thread that has posts of other servers is
// told that more may come, and whether it has.
func TestThreadsAreRefreshed(t *testing.T) {
	t.Parallel()
	in, mira, noor, _ := two(t, "read write follow")
	e := readEntities(t)
	far := storetest.Remote(t, in.db, "fay@far.example")
	p := storetest.Receive(t, in.db, far, "https://far.example/notes/1", "<p>away</p>")
	at := "/api/v1/statuses/" + decimal(p.ID) + "/context"
	if a := in.app().ask("GET", at, nil).wants(200); a.header.Get("Mastodon-Async-Refresh") != "" {
		t.Error("a visitor has other servers asked")
	}
	told := mira.ask("GET", at, nil).wants(200).header.Get("Mastodon-Async-Refresh")
	if !strings.HasPrefix(told, `id="`+decimal(p.ID)+`", retry=`) {
		t.Fatalf("the header is %q", told)
	}
	const refreshes = "/api/v1_alpha/async_refreshes/"
	eventually(t, "the end of it", func() bool {
		return e.in("WrappedRefresh", mira.ask("GET", refreshes+decimal(p.ID), nil)).text("async_refresh", "status") == "finished"
	})
	secret := noor.ask("POST", "/api/v1/statuses", form("status", "a secret", "visibility", "direct")).wants(200).text("id")
	for _, id := range []string{secret, "12345", "x"} {
		mira.ask("GET", refreshes+id, nil).wants(404)
	}
	ours := noor.ask("POST", "/api/v1/statuses", form("status", "ours alone")).wants(200).text("id")
	if a := mira.ask("GET", "/api/v1/statuses/"+ours+"/context", nil).wants(200); a.header.Get("Mastodon-Async-Refresh") != "" {
		t.Error("nobody else can know of a thread of ours")
	}
}

// TestOlderVersionsHaveTheirEmoji: what an app shows of them has pictures.
func TestOlderVersionsHaveTheirEmoji(t *testing.T) {
	t.Parallel()
	in, mira, noor, _ := two(t, "read write")
	in.addEmoji("seed", color.RGBA{G: 200, A: 255})
	at := "/api/v1/statuses/" + mira.post("a :seed:", "public")
	mira.ask("PUT", at, url.Values{"status": {"a tree"}}).wants(200)
	a := noor.ask("GET", at+"/history", nil).wants(200)
	if a.len() != 2 || a.text(0, "emojis", 0, "shortcode") != "seed" || len(a.at(1, "emojis").([]any)) != 0 {
		t.Errorf("history: %s", a.body)
	}
}
