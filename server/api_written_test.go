package server_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// TestTheAppOfAPost is told to its author, and to others when the author wants.
func TestTheAppOfAPost(t *testing.T) {
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
}

// TestAPollIsChangedWithItsPost: other options are a new poll, and who sends the
// text without the poll asks nothing any more.
func TestAPollIsChangedWithItsPost(t *testing.T) {
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
