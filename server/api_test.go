package server_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"seedling/federation/fedtest"
)

// startUps is what clients ask for when they start, as their sources show it:
// each must be answered with 200 or a clean 404.
var startUps = map[string]struct {
	scopes string
	paths  []string
}{
	"Tusky": {"read write follow push", []string{"v2/instance", "v1/instance", "v1/accounts/verify_credentials", "v1/announcements?with_dismissed=false", "v1/custom_emojis",
		"v2/filters", "v1/filters", "v2/notifications/policy", "v1/markers?timeline[]=notifications", "v1/push/subscription", "v1/timelines/home?limit=30", "v1/lists",
		"v1/notifications?max_id=&limit=30&exclude_types[]=", "v1/follow_requests", "v1/trends/tags"}},
	"Phanpy": {"read write follow push", []string{"v2/instance", "v1/instance", "/.well-known/nodeinfo", "v1/accounts/verify_credentials", "v1/preferences", "v2/filters", "v1/markers?timeline=home&timeline=notifications",
		"v1/lists", "v1/followed_tags?limit=200", "v2/notifications?limit=30&expand_accounts=partial_avatars", "v2/notifications/policy", "v1/push/subscription", "v1/follow_requests?limit=40",
		"v1/trends/links", "v1/trends/statuses", "v1/timelines/home?limit=20"}},
	"Ice Cubes": {"read write follow push", []string{"v2/instance", "v1/accounts/verify_credentials", "v1/preferences", "v1/instance/peers", "v1/lists", "v1/followed_tags", "v1/follow_requests",
		"v1/markers?timeline[]=home", "v2/filters", "v2/notifications?limit=30", "v1/timelines/home", "v1/custom_emojis", "v1/trends/tags", "v2/suggestions"}},
	"Elk": {"read write follow push", []string{"v1/instance", "v2/instance", "v1/accounts/verify_credentials", "v1/preferences", "v1/custom_emojis", "v1/markers?timeline[]=notifications",
		"v1/push/subscription", "v1/notifications?limit=30", "v1/lists", "v1/followed_tags", "v1/scheduled_statuses", "v1/accounts/1/collections", "v1/timelines/public?local=true", "v1/timelines/home?limit=30"}},
	"Moshidon": {"read write follow push", []string{"v1/apps/verify_credentials", "v1/accounts/verify_credentials", "v1/filters", "v1/instance", "v2/instance", "v1/custom_emojis", "v1/lists",
		"v1/followed_tags?limit=200", "v1/markers?timeline[]=home&timeline[]=notifications", "v1/announcements", "v1/push/subscription", "v2/suggestions?limit=40", "v1/trends/links", "v1/timelines/home?limit=40"}},
	"mastodon-android": {"read write follow push", []string{"v2/instance", "v1/instance", "v1/accounts/verify_credentials", "v1/preferences", "v1/filters", "v1/custom_emojis", "v1/lists",
		"v1/followed_tags", "v1/markers?timeline[]=notifications", "v1/announcements", "v1/push/subscription", "v2/notifications?limit=40&grouped_types[]=favourite&grouped_types[]=reblog", "v2/notifications/policy",
		"v2/suggestions?limit=40", "v1/trends/links", "v1/trends/statuses", "v1/trends/tags", "v1/timelines/home?limit=40"}},
	"Ivory": {"read write follow push", []string{"v2/instance", "v1/accounts/verify_credentials", "v1/lists", "v2/filters", "v1/notifications?limit=40", "v1/timelines/home?limit=40", "v1/push/subscription"}},
	"akkoma-fe": {"read write follow push admin:read", []string{"v1/instance", "/nodeinfo/2.1", "pleroma/frontend_configurations", "pleroma/emoji.json", "v1/custom_emojis", "v1/accounts/verify_credentials",
		"v1/mutes?with_relationships=true", "v1/blocks", "v1/domain_blocks", "v1/follow_requests", "v1/announcements", "v1/lists", "v1/filters", "v1/akkoma/frontend_settings/pleroma-fe",
		"v1/akkoma/translation/languages", "v1/notifications?with_muted=true&limit=20&include_types[]=mention", "v1/timelines/home?with_muted=true&limit=20", "v1/timelines/bubble?with_muted=true",
		"pleroma/accounts/mfa", "v1/pleroma/backups", "pleroma/aliases", "oauth_tokens"}},
	"Husky": {"read write follow push", []string{"v1/instance", "/.well-known/nodeinfo", "v1/accounts/verify_credentials", "v1/custom_emojis", "v1/lists", "v1/filters", "v1/announcements",
		"v1/notifications?exclude_types[]=&with_muted=true", "v1/timelines/home?with_muted=true&limit=30", "v1/pleroma/chats", "v1/accounts/relationships?id[]=1"}},
	"toot": {"read write follow", []string{"v1/instance", "v2/instance", "v1/accounts/verify_credentials", "v1/accounts/lookup?acct=mira", "v2/search?q=mira&type=accounts&resolve=true", "v1/timelines/home?limit=10",
		"v1/timelines/tag/seeds", "v1/notifications", "v1/bookmarks", "v1/favourites", "v1/preferences"}},
}

// TestClientsStartUp plays the start of every client.
func TestClientsStartUp(t *testing.T) {
	t.Parallel()
	in := start(t, fedtest.NewNetwork(t), "here.example")
	b := in.member("mira")
	decimal := regexp.MustCompile(`^\d+$`) // Ivory ended at once for any other id
	for name, startUp := range startUps {
		c := in.signIn(b, startUp.scopes)
		if me := c.ask("GET", "/api/v1/accounts/verify_credentials", nil).wants(200).text("id"); !decimal.MatchString(me) {
			t.Errorf("%s: the account's id is %q, no decimal number", name, me)
		}
		for _, path := range startUp.paths {
			if !strings.HasPrefix(path, "/") {
				path = "/api/" + path
			}
			a := c.ask("GET", path, nil)
			if a.status != 200 && (a.status != 404 || a.text("error") == "") {
				t.Errorf("%s: %s answers %d: %.200s", name, path, a.status, a.body)
			}
		}
	}
}

var cursorOf = regexp.MustCompile(`[?&](max_id|min_id)=(\d+)`)

// link is the address of a page next to this one, from the header.
func (a *answer) link(rel string) string {
	for _, part := range strings.Split(a.header.Get("Link"), ", ") {
		if address, ok := strings.CutSuffix(part, `>; rel="`+rel+`"`); ok {
			return strings.TrimPrefix(address, "<")
		}
	}
	return ""
}

// ids are those of the statuses of a list.
func (a *answer) ids() []string {
	var list []string
	for i := range a.len() {
		list = append(list, a.text(i, "id"))
	}
	return list
}

// TestPaging walks a timeline by the Link header and by its three cursors.
func TestPaging(t *testing.T) {
	t.Parallel()
	in := start(t, fedtest.NewNetwork(t), "here.example")
	c := in.signIn(in.member("mira"), "read write")
	var posts []string // oldest first
	for i := range 7 {
		posts = append(posts, c.ask("POST", "/api/v1/statuses", url.Values{"status": {fmt.Sprint("post ", i)}}).wants(200).text("id"))
	}
	want := func(what string, a *answer, numbers ...int) {
		t.Helper()
		var wanted []string
		for _, n := range numbers {
			wanted = append(wanted, posts[n])
		}
		if got := a.wants(200).ids(); strings.Join(got, " ") != strings.Join(wanted, " ") {
			t.Errorf("%s: got %v, want %v of %v", what, got, wanted, posts)
		}
	}
	for _, list := range []string{"/api/v1/timelines/home", "/api/v1/timelines/public", "/api/v1/timelines/public?local=true&x=y"} {
		page := func(more string) *answer {
			glue := "?"
			if strings.Contains(list, "?") {
				glue = "&"
			}
			return c.ask("GET", list+glue+more, nil)
		}
		want("newest", page("limit=2"), 6, 5)
		want("max_id", page("limit=2&max_id="+posts[5]), 4, 3)
		want("since_id: the newest above", page("limit=2&since_id="+posts[1]), 6, 5)
		want("min_id: just above", page("limit=2&min_id="+posts[1]), 3, 2)
		want("since_id, all", page("since_id="+posts[4]), 6, 5)
		want("between", page("max_id="+posts[5]+"&since_id="+posts[2]), 4, 3)
		want("between, from below", page("max_id="+posts[5]+"&min_id="+posts[2]), 4, 3)
		a := page("limit=3")
		next := a.link("next")
		if m := cursorOf.FindStringSubmatch(next); m == nil || m[1] != "max_id" || m[2] != posts[4] {
			t.Errorf("%s: next is %q", list, next)
		}
		if m := cursorOf.FindStringSubmatch(a.link("prev")); m == nil || m[1] != "min_id" || m[2] != posts[6] {
			t.Errorf("%s: prev is %q", list, a.link("prev"))
		}
		a = c.ask("GET", next[len(c.base):], nil)
		want("next", a, 3, 2, 1)
		a = c.ask("GET", a.link("next")[len(c.base):], nil)
		want("the last", a, 0)
		if a.link("next") != "" {
			t.Errorf("%s: after the last page there is %q", list, a.link("next"))
		}
	}
}

// TestLists covers cursors that only the header tells: of favourites, bookmarks
// and followers.
func TestListsHaveLinks(t *testing.T) {
	t.Parallel()
	in := start(t, fedtest.NewNetwork(t), "here.example")
	c := in.signIn(in.member("mira"), "read write follow")
	for i := range 3 {
		post := c.ask("POST", "/api/v1/statuses", url.Values{"status": {fmt.Sprint("post ", i)}}).wants(200).text("id")
		c.ask("POST", "/api/v1/statuses/"+post+"/favourite", nil).wants(200)
		c.ask("POST", "/api/v1/statuses/"+post+"/bookmark", nil).wants(200)
		other := in.signIn(in.member(fmt.Sprint("fay", i)), "read write")
		me := c.ask("GET", "/api/v1/accounts/verify_credentials", nil).text("id")
		other.ask("POST", "/api/v1/accounts/"+me+"/follow", nil).wants(200)
	}
	me := c.ask("GET", "/api/v1/accounts/verify_credentials", nil).text("id")
	for _, list := range []string{"/api/v1/favourites", "/api/v1/bookmarks", "/api/v1/accounts/" + me + "/followers"} {
		a := c.ask("GET", list+"?limit=2", nil).wants(200)
		if a.len() != 2 || a.link("next") == "" {
			t.Fatalf("%s: %d entries, Link %q", list, a.len(), a.header.Get("Link"))
		}
		if rest := c.ask("GET", a.link("next")[len(c.base):], nil).wants(200); rest.len() != 1 {
			t.Errorf("%s: the rest has %d entries", list, rest.len())
		}
	}
}

// TestStatuses walks what a member does with posts.
func TestStatuses(t *testing.T) {
	t.Parallel()
	in := start(t, fedtest.NewNetwork(t), "here.example")
	mira, fay := in.signIn(in.member("mira"), "read write follow"), in.signIn(in.member("fay"), "read write follow")

	// The same Idempotency-Key makes one post.
	write := url.Values{"status": {"Hello #Seeds @fay"}, "spoiler_text": {"greeting"}, "language": {"en"}, "visibility": {"public"}}
	first := mira.ask("POST", "/api/v1/statuses", write, "Idempotency-Key", "k1").wants(200)
	if again := mira.ask("POST", "/api/v1/statuses", write, "Idempotency-Key", "k1").wants(200); again.text("id") != first.text("id") {
		t.Error("a repeated request made a second post")
	}
	if other := mira.ask("POST", "/api/v1/statuses", write, "Idempotency-Key", "k2").wants(200); other.text("id") == first.text("id") {
		t.Error("another key made no post")
	}
	post := first.text("id")
	if first.text("spoiler_text") != "greeting" || first.at("sensitive") != true || first.text("tags", 0, "name") != "seeds" || first.text("mentions", 0, "acct") != "fay" || first.text("language") != "en" {
		t.Errorf("the post is %s", first.body)
	}
	if first.at("text") != nil {
		t.Error("the source is shown")
	}

	at := "/api/v1/statuses/" + post
	for _, c := range []struct {
		do, field string
		want      any
	}{
		{"favourite", "favourited", true}, {"unfavourite", "favourited", false}, {"favourite", "favourited", true},
		{"bookmark", "bookmarked", true}, {"unbookmark", "bookmarked", false}, {"mute", "muted", true}, {"unmute", "muted", false},
	} {
		if a := fay.ask("POST", at+"/"+c.do, nil).wants(200); a.at(c.field) != c.want {
			t.Errorf("%s: %s is %v", c.do, c.field, a.at(c.field))
		}
	}
	boost := fay.ask("POST", at+"/reblog", nil).wants(200)
	if boost.text("reblog", "id") != post || boost.text("id") == post || boost.text("account", "acct") != "fay" {
		t.Errorf("the boost is %s", boost.body)
	}
	boostAt := "/api/v1/statuses/" + boost.text("id")
	if a := mira.ask("GET", boostAt, nil).wants(200); a.text("reblog", "id") != post {
		t.Errorf("the boost by its id is %s", a.body)
	}
	if a := mira.ask("POST", boostAt+"/favourite", nil).wants(200); a.text("id") != post {
		t.Error("a favourite of a boost is not one of its post")
	}
	if a := mira.ask("GET", at+"/favourited_by", nil).wants(200); a.len() != 2 {
		t.Errorf("favourited by %s", a.body)
	}
	if a := mira.ask("GET", at+"/reblogged_by", nil).wants(200); a.len() != 1 || a.text(0, "acct") != "fay" {
		t.Errorf("boosted by %s", a.body)
	}
	fay.ask("DELETE", boostAt, nil).wants(200)
	if a := mira.ask("GET", at, nil).wants(200); a.at("reblogs_count") != 0.0 {
		t.Errorf("after the boost was deleted: %v", a.at("reblogs_count"))
	}

	mira.ask("POST", at+"/pin", nil).wants(200)
	fay.ask("POST", at+"/pin", nil).wants(422)
	me := first.text("account", "id")
	if a := fay.ask("GET", "/api/v1/accounts/"+me+"/statuses?pinned=true", nil).wants(200); a.len() != 1 {
		t.Errorf("pinned: %s", a.body)
	}

	// Editing.
	if a := mira.ask("GET", at+"/source", nil).wants(200); a.text("text") != "Hello #Seeds @fay" {
		t.Errorf("source: %s", a.body)
	}
	edited := mira.send("PUT", at, `{"status":"Goodbye #Seeds","spoiler_text":"","language":"de"}`, "Content-Type", "application/json").wants(200)
	if !strings.Contains(edited.text("content"), "Goodbye") || edited.text("edited_at") == "" || edited.text("language") != "de" {
		t.Errorf("edited: %s", edited.body)
	}
	if a := fay.ask("GET", at+"/history", nil).wants(200); a.len() != 2 || !strings.Contains(a.text(0, "content"), "Hello") || a.text(0, "account", "acct") != "mira" {
		t.Errorf("history: %s", a.body)
	}

	// Threads and deleting.
	reply := fay.ask("POST", "/api/v1/statuses", url.Values{"status": {"@mira why?"}, "in_reply_to_id": {post}}).wants(200)
	if reply.text("in_reply_to_account_id") != me {
		t.Errorf("reply: %s", reply.body)
	}
	if a := mira.ask("GET", at+"/context", nil).wants(200); a.text("descendants", 0, "id") != reply.text("id") {
		t.Errorf("context: %s", a.body)
	}
	if a := mira.ask("GET", "/api/v1/notifications?types[]=mention", nil).wants(200); a.len() != 1 || a.text(0, "type") != "mention" || a.text(0, "status", "id") != reply.text("id") {
		t.Errorf("notifications: %s", a.body)
	}
	deleted := mira.ask("DELETE", at, nil).wants(200)
	if deleted.text("text") != "Goodbye #Seeds" {
		t.Errorf("deleting returned %s", deleted.body)
	}
	mira.ask("GET", at, nil).wants(404)

	// Polls.
	asked := mira.send("POST", "/api/v1/statuses", `{"status":"Tea?","poll":{"options":["yes","no"],"expires_in":3600,"multiple":false}}`, "Content-Type", "application/json").wants(200)
	poll := "/api/v1/polls/" + asked.text("poll", "id")
	mira.ask("POST", poll+"/votes", url.Values{"choices[]": {"0"}}).wants(422)
	if a := fay.send("POST", poll+"/votes", `{"choices":[1]}`, "Content-Type", "application/json").wants(200); a.at("voted") != true || a.at("own_votes", 0) != 1.0 || a.at("options", 1, "votes_count") != 1.0 {
		t.Errorf("poll: %s", a.body)
	}
	fay.ask("POST", poll+"/votes", url.Values{"choices[]": {"0"}}).wants(422)
	if a := in.app().ask("GET", poll, nil).wants(200); a.at("voted") != nil {
		t.Errorf("a visitor sees %s", a.body)
	}
}

// TestRelationships walks following, blocking and requests.
func TestRelationships(t *testing.T) {
	t.Parallel()
	in := start(t, fedtest.NewNetwork(t), "here.example")
	mira, fay := in.signIn(in.member("mira"), "read write follow"), in.signIn(in.member("fay"), "read write follow")
	id := func(c *client) string {
		return c.ask("GET", "/api/v1/accounts/verify_credentials", nil).wants(200).text("id")
	}
	m, f := id(mira), id(fay)
	mira.ask("PATCH", "/api/v1/accounts/update_credentials", url.Values{"locked": {"true"}, "display_name": {"Mira"}, "note": {"Hi"}, "source[privacy]": {"unlisted"},
		"fields_attributes[0][name]": {"Town"}, "fields_attributes[0][value]": {"Willow Bend"}}).wants(200)
	if a := mira.ask("GET", "/api/v1/accounts/verify_credentials", nil); a.at("locked") != true || a.text("source", "privacy") != "unlisted" || a.text("fields", 0, "name") != "Town" || a.text("source", "note") != "Hi" {
		t.Errorf("profile: %s", a.body)
	}
	if a := fay.ask("POST", "/api/v1/accounts/"+m+"/follow", url.Values{"reblogs": {"false"}, "notify": {"true"}}).wants(200); a.at("requested") != true || a.at("following") != false || a.at("notifying") != true || a.at("showing_reblogs") != false {
		t.Errorf("follow: %s", a.body)
	}
	if a := mira.ask("GET", "/api/v1/follow_requests", nil).wants(200); a.len() != 1 || a.text(0, "id") != f {
		t.Errorf("requests: %s", a.body)
	}
	if a := mira.ask("GET", "/api/v1/notifications", nil).wants(200); a.text(0, "type") != "follow_request" {
		t.Errorf("notifications: %s", a.body)
	}
	if a := mira.ask("POST", "/api/v1/follow_requests/"+f+"/authorize", nil).wants(200); a.at("followed_by") != true {
		t.Errorf("authorize: %s", a.body)
	}
	if a := fay.ask("GET", "/api/v1/accounts/relationships?id[]="+m+"&id[]=99", nil).wants(200); a.len() != 2 && a.len() != 1 || a.at(0, "following") != true {
		t.Errorf("relationships: %s", a.body)
	}
	mira.ask("POST", "/api/v1/follow_requests/"+f+"/reject", nil).wants(200)
	if a := mira.ask("GET", "/api/v1/accounts/"+m+"/followers", nil).wants(200); a.len() != 1 {
		t.Errorf("rejecting a request that there is not removed a follower: %s", a.body)
	}
	mira.ask("POST", "/api/v1/accounts/"+f+"/remove_from_followers", nil).wants(200)
	if a := mira.ask("GET", "/api/v1/accounts/"+m+"/followers", nil).wants(200); a.len() != 0 {
		t.Errorf("followers: %s", a.body)
	}
	mira.ask("POST", "/api/v1/accounts/"+m+"/follow", nil).wants(403)
	if a := mira.ask("POST", "/api/v1/accounts/"+f+"/mute", url.Values{"duration": {"3600"}}).wants(200); a.at("muting") != true || a.text("muting_expires_at") == "" {
		t.Errorf("mute: %s", a.body)
	}
	if a := mira.ask("POST", "/api/v1/accounts/"+f+"/block", nil).wants(200); a.at("blocking") != true {
		t.Errorf("block: %s", a.body)
	}
	fay.ask("POST", "/api/v1/accounts/"+m+"/follow", nil).wants(403)
	if a := mira.ask("GET", "/api/v1/blocks", nil).wants(200); a.len() != 1 {
		t.Errorf("blocks: %s", a.body)
	}
}

// TestBadInput sends to the API what no app should send.
func TestBadInput(t *testing.T) {
	t.Parallel()
	in := start(t, fedtest.NewNetwork(t), "here.example")
	mira, fay := in.signIn(in.member("mira"), "read write follow"), in.signIn(in.member("fay"), "read write follow")
	visitor := in.app()
	secret := mira.ask("POST", "/api/v1/statuses", url.Values{"status": {"a secret"}, "visibility": {"direct"}}).wants(200).text("id")
	public := mira.ask("POST", "/api/v1/statuses", url.Values{"status": {"no secret"}}).wants(200).text("id")
	reader := in.signIn(in.member("sam"), "read:statuses")

	for _, c := range []struct {
		name, method, path string
		app                *client
		status             int
	}{
		{"no token", "GET", "/api/v1/timelines/home", visitor, 401},
		{"no token, writing", "POST", "/api/v1/statuses", visitor, 401},
		{"scope", "POST", "/api/v1/statuses", reader, 403},
		{"another scope of reading", "GET", "/api/v1/notifications", reader, 403},
		{"a scope in part", "GET", "/api/v1/timelines/home", reader, 200},
		{"an invisible post", "GET", "/api/v1/statuses/" + secret, fay, 404},
		{"an invisible post, no token", "GET", "/api/v1/statuses/" + secret, visitor, 404},
		{"an invisible post's thread", "GET", "/api/v1/statuses/" + secret + "/context", fay, 404},
		{"an invisible post's history", "GET", "/api/v1/statuses/" + secret + "/history", fay, 404},
		{"an invisible post's source", "GET", "/api/v1/statuses/" + secret + "/source", fay, 404},
		{"favourite of an invisible post", "POST", "/api/v1/statuses/" + secret + "/favourite", fay, 404},
		{"unfavourite of an invisible post", "POST", "/api/v1/statuses/" + secret + "/unfavourite", fay, 404},
		{"boost of an invisible post", "POST", "/api/v1/statuses/" + secret + "/reblog", fay, 404},
		{"boost of a direct post", "POST", "/api/v1/statuses/" + secret + "/reblog", mira, 404},
		{"bookmark of an invisible post", "POST", "/api/v1/statuses/" + secret + "/bookmark", fay, 404},
		{"who favourited an invisible post", "GET", "/api/v1/statuses/" + secret + "/favourited_by", fay, 404},
		{"an answer to an invisible post", "POST", "/api/v1/statuses?status=x&in_reply_to_id=" + secret, fay, 404},
		{"a quote of an invisible post", "POST", "/api/v1/statuses?status=x&quoted_status_id=" + secret, fay, 404},
		{"another's post, deleting", "DELETE", "/api/v1/statuses/" + public, fay, 404},
		{"another's post, editing", "PUT", "/api/v1/statuses/" + public + "?status=x", fay, 404},
		{"another's post, source", "GET", "/api/v1/statuses/" + public + "/source", fay, 404},
		{"no such post", "GET", "/api/v1/statuses/1", mira, 404},
		{"an id that is none", "GET", "/api/v1/statuses/abc", mira, 404},
		{"a huge id", "GET", "/api/v1/statuses/99999999999999999999999999", mira, 404},
		{"a negative id", "GET", "/api/v1/statuses/-1", mira, 404},
		{"no such account", "GET", "/api/v1/accounts/1", mira, 404},
		{"no such account, following", "POST", "/api/v1/accounts/1/follow", mira, 404},
		{"an account's name as id", "GET", "/api/v1/accounts/mira", mira, 404},
		{"no such poll", "GET", "/api/v1/polls/" + public, mira, 404},
		{"no such notification", "GET", "/api/v1/notifications/77", mira, 404},
		{"no such path", "GET", "/api/v1/nothing", mira, 404},
		{"no such path, writing", "POST", "/api/v9/nothing", visitor, 404},
		{"a method that is none", "DELETE", "/api/v1/timelines/home", mira, 404},
		{"a cursor that is no number", "GET", "/api/v1/timelines/home?max_id=abc", mira, 400},
		{"a cursor that is too large", "GET", "/api/v1/timelines/home?min_id=99999999999999999999", mira, 400},
		{"a negative cursor", "GET", "/api/v1/timelines/public?since_id=-5", mira, 400},
		{"a negative limit", "GET", "/api/v1/timelines/public?limit=-1", mira, 200},
		{"a huge limit", "GET", "/api/v1/timelines/public?limit=1000000000", mira, 200},
		{"a limit that is no number", "GET", "/api/v1/timelines/public?limit=many", mira, 200},
		{"an empty post", "POST", "/api/v1/statuses", mira, 422},
		{"a visibility that is none", "POST", "/api/v1/statuses?status=x&visibility=everybody", mira, 422},
		{"a poll without an end", "POST", "/api/v1/statuses?status=x&poll[options][]=a&poll[options][]=b", mira, 422},
		{"a poll with one option", "POST", "/api/v1/statuses?status=x&poll[options][]=a&poll[expires_in]=600", mira, 422},
		{"a poll that never ends", "POST", "/api/v1/statuses?status=x&poll[options][]=a&poll[options][]=b&poll[expires_in]=99999999999999", mira, 422},
		{"an answer to what is no id", "POST", "/api/v1/statuses?status=x&in_reply_to_id=abc", mira, 404},
		{"files that there are not", "POST", "/api/v1/statuses?status=x&media_ids[]=77", mira, 422},
		{"media of others", "GET", "/api/v1/media/77", mira, 404},
		{"a tag that can't be", "GET", "/api/v1/timelines/tag/%20%20", mira, 404},
		{"a long query", "GET", "/api/v2/search?q=" + strings.Repeat("x", 3000), mira, 400},
		{"markers that are no ids", "POST", "/api/v1/markers?home[last_read_id]=abc", mira, 422},
	} {
		if a := c.app.ask(c.method, c.path, nil); a.status != c.status || a.status >= 400 && a.text("error") == "" {
			t.Errorf("%s: %s %.80s: got %d, want %d: %.200s", c.name, c.method, c.path, a.status, c.status, a.body)
		}
	}
	if got := mira.ask("GET", "/api/v1/statuses/"+public, nil).wants(200); got.at("favourites_count") != 0.0 {
		t.Error("something was done to the post")
	}
	mira.send("POST", "/api/v1/statuses", `{"status":`, "Content-Type", "application/json").wants(400)
	mira.send("POST", "/api/v1/statuses", `{"status":"`+strings.Repeat("x", 2<<20)+`"}`, "Content-Type", "application/json").wants(413)
	mira.ask("POST", "/api/v1/statuses", url.Values{"status": {"\xff"}}).wants(400)
	revoked := *fay
	fay.ask("POST", "/oauth/revoke", url.Values{"client_id": {fay.id}, "client_secret": {fay.secret}, "token": {fay.token}}).wants(200)
	revoked.ask("GET", "/api/v1/timelines/home", nil).wants(401)
	revoked.ask("GET", "/api/v1/timelines/public", nil).wants(401)
}

// TestHalfSentRequestChangesNothing sends a body and hangs up in its middle.
func TestHalfSentRequestChangesNothing(t *testing.T) {
	t.Parallel()
	network := fedtest.NewNetwork(t)
	in := start(t, network, "here.example")
	c := in.signIn(in.member("mira"), "read write")
	body, writer := io.Pipe()
	r, err := http.NewRequest("POST", c.base+"/api/v1/statuses", body)
	if err != nil {
		t.Fatal(err)
	}
	r.ContentLength = 1000
	r.Header.Set("Authorization", "Bearer "+c.token)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	go func() {
		writer.Write([]byte("status=half"))
		writer.CloseWithError(net.ErrClosed)
	}()
	if resp, err := c.http.Do(r); err == nil {
		resp.Body.Close()
		if resp.StatusCode == 200 {
			t.Error("half a request was taken")
		}
	}
	if a := c.ask("GET", "/api/v1/timelines/home", nil).wants(200); a.len() != 0 {
		t.Errorf("half a request made a post: %s", a.body)
	}
}
