package server_test

import (
	"fmt"
	"net/url"
	"testing"

	"seedling/federation/fedtest"
	"seedling/store/storetest"
)

// two are two members with an app each, of whom the first follows the second.
func two(t *testing.T, scopes string) (in *instance, mira, noor *client, noorID string) {
	t.Helper()
	in = start(t, fedtest.NewNetwork(t), "here.example")
	mira, noor = in.signIn(in.member("mira"), scopes), in.signIn(in.member("noor"), scopes)
	noorID = noor.ask("GET", "/api/v1/accounts/verify_credentials", nil).wants(200).text("id")
	mira.ask("POST", "/api/v1/accounts/"+noorID+"/follow", nil).wants(200)
	return in, mira, noor, noorID
}

func TestLists(t *testing.T) {
	t.Parallel()
	_, c, noor, noorID := two(t, "read write follow")
	a := c.ask("POST", "/api/v1/lists", url.Values{"title": {"Friends"}, "replies_policy": {"none"}, "exclusive": {"true"}}).wants(200)
	list := "/api/v1/lists/" + a.text("id")
	if a.text("title") != "Friends" || a.text("replies_policy") != "none" || a.at("exclusive") != true {
		t.Errorf("got %s", a.body)
	}
	c.ask("POST", list+"/accounts", url.Values{"account_ids[]": {noorID}}).wants(200)
	for _, path := range []string{list + "/accounts", list + "/accounts?limit=0"} {
		if a := c.ask("GET", path, nil).wants(200); a.len() != 1 || a.text(0, "id") != noorID {
			t.Errorf("%s: got %s", path, a.body)
		}
	}
	if a := c.ask("GET", "/api/v1/accounts/"+noorID+"/lists", nil).wants(200); a.len() != 1 {
		t.Errorf("lists of an account: got %s", a.body)
	}
	post := noor.ask("POST", "/api/v1/statuses", url.Values{"status": {"for the list"}}).wants(200).text("id")
	if a := c.ask("GET", "/api/v1/timelines/list/"+list[len("/api/v1/lists/"):], nil).wants(200); a.len() != 1 || a.text(0, "id") != post {
		t.Errorf("timeline: got %s", a.body)
	}
	if a := c.ask("GET", "/api/v1/timelines/home", nil).wants(200); a.len() != 0 {
		t.Errorf("home has what is in an exclusive list: %s", a.body)
	}
	if a := c.ask("PUT", list, url.Values{"title": {"Close"}}).wants(200); a.text("title") != "Close" || a.at("exclusive") != true {
		t.Errorf("what was not sent changed: %s", a.body)
	}
	// Another member's list, accounts that are not followed, titles that are none.
	noor.ask("GET", list, nil).wants(404)
	noor.ask("PUT", list, url.Values{"title": {"x"}}).wants(404)
	noor.ask("DELETE", list, nil).wants(404)
	noor.ask("GET", list+"/accounts", nil).wants(404)
	others := "/api/v1/lists/" + c.ask("POST", "/api/v1/lists", url.Values{"title": {"Others"}}).wants(200).text("id")
	c.ask("POST", others+"/accounts", url.Values{"account_ids[]": {noorID, c.account("mira")}}).wants(404)
	if a := c.ask("GET", others+"/accounts", nil).wants(200); a.len() != 0 {
		t.Errorf("of two accounts one was put into the list: %s", a.body)
	}
	c.ask("DELETE", others, nil).wants(200)
	c.ask("POST", "/api/v1/lists", nil).wants(422)
	c.ask("POST", "/api/v1/lists", url.Values{"title": {"x"}, "replies_policy": {"all"}}).wants(422)
	c.ask("DELETE", list+"/accounts", url.Values{"account_ids[]": {noorID}}).wants(200)
	if a := c.ask("GET", "/api/v1/lists", nil).wants(200); a.len() != 1 {
		t.Errorf("lists: got %s", a.body)
	}
	c.ask("DELETE", list, nil).wants(200)
	c.ask("GET", list, nil).wants(404)
}

func TestFilters(t *testing.T) {
	t.Parallel()
	_, c, noor, _ := two(t, "read write follow")
	a := c.ask("POST", "/api/v2/filters", url.Values{"title": {"Cheese"}, "context[]": {"home", "public"}, "filter_action": {"hide"}, "expires_in": {"3600"},
		"keywords_attributes[][keyword]": {"cheddar"}, "keywords_attributes[][whole_word]": {"true"}}).wants(200)
	filter := "/api/v2/filters/" + a.text("id")
	if a.text("filter_action") != "hide" || a.text("keywords", 0, "keyword") != "cheddar" || a.at("keywords", 0, "whole_word") != true || a.text("expires_at") == "" {
		t.Errorf("got %s", a.body)
	}
	post := noor.ask("POST", "/api/v1/statuses", url.Values{"status": {"A cheddar day"}}).wants(200).text("id")
	other := noor.ask("POST", "/api/v1/statuses", url.Values{"status": {"Nothing of it"}}).wants(200).text("id")
	a = c.ask("GET", "/api/v1/statuses/"+post, nil).wants(200)
	if a.text("filtered", 0, "filter", "title") != "Cheese" || a.text("filtered", 0, "keyword_matches", 0) != "cheddar" || fmt.Sprint(a.at("filtered", 0, "status_matches")) != "[]" {
		t.Errorf("filtered by a word: got %s", a.body)
	}
	match := c.ask("POST", filter+"/statuses", url.Values{"status_id": {other}}).wants(200).text("id")
	a = c.ask("GET", "/api/v1/statuses/"+other, nil).wants(200)
	if a.text("filtered", 0, "status_matches", 0) != other || fmt.Sprint(a.at("filtered", 0, "keyword_matches")) != "[]" {
		t.Errorf("filtered by itself: got %s", a.body)
	}
	c.ask("GET", "/api/v2/filters/statuses/"+match, nil).wants(200)
	if a := c.ask("GET", filter+"/statuses", nil).wants(200); a.len() != 1 || a.text(0, "status_id") != other {
		t.Errorf("statuses: got %s", a.body)
	}
	c.ask("DELETE", "/api/v2/filters/statuses/"+match, nil).wants(200)
	c.ask("GET", "/api/v2/filters/statuses/"+match, nil).wants(404)

	word := c.ask("POST", filter+"/keywords", url.Values{"keyword": {"brie"}}).wants(200).text("id")
	keyword := "/api/v2/filters/keywords/" + word
	if a := c.ask("PUT", keyword, url.Values{"keyword": {"gouda"}}).wants(200); a.text("keyword") != "gouda" || a.text("id") != word {
		t.Errorf("keyword: got %s", a.body)
	}
	if a := c.ask("GET", filter+"/keywords", nil).wants(200); a.len() != 2 {
		t.Errorf("keywords: got %s", a.body)
	}
	if a := c.ask("PUT", filter, url.Values{"title": {"Milk"}, "expires_in": {""}}).wants(200); a.text("title") != "Milk" || a.at("expires_at") != nil || len(a.at("keywords").([]any)) != 2 {
		t.Errorf("changed: got %s", a.body)
	}
	a = c.ask("PUT", filter, url.Values{"keywords_attributes[0][id]": {word}, "keywords_attributes[0][_destroy]": {"true"}}).wants(200)
	if len(a.at("keywords").([]any)) != 1 {
		t.Errorf("a keyword was not removed: %s", a.body)
	}
	c.ask("GET", keyword, nil).wants(404)
	noor.ask("GET", filter, nil).wants(404)
	noor.ask("DELETE", filter, nil).wants(404)
	noor.ask("POST", filter+"/keywords", url.Values{"keyword": {"x"}}).wants(404)
	c.ask("POST", "/api/v2/filters", url.Values{"title": {"x"}}).wants(422)
	c.ask("POST", "/api/v2/filters", url.Values{"title": {"x"}, "context[]": {"nowhere"}}).wants(422)
	c.ask("POST", filter+"/statuses", url.Values{"status_id": {"12345"}}).wants(404)
	c.ask("POST", filter+"/statuses", nil).wants(422)
	c.ask("DELETE", filter, nil).wants(200)
	c.ask("GET", filter, nil).wants(404)
}

func TestOldFilters(t *testing.T) {
	t.Parallel()
	in, c, _, _ := two(t, "read write follow")
	a := c.ask("POST", "/api/v1/filters", url.Values{"phrase": {"cheddar"}, "context[]": {"home"}, "irreversible": {"true"}}).wants(200)
	old := "/api/v1/filters/" + a.text("id")
	if a.text("phrase") != "cheddar" || a.at("irreversible") != true {
		t.Errorf("got %s", a.body)
	}
	if a := c.ask("PUT", old, url.Values{"phrase": {"brie"}, "context[]": {"home", "thread"}, "whole_word": {"1"}}).wants(200); a.text("phrase") != "brie" || a.text("context", 1) != "thread" {
		t.Errorf("changed: got %s", a.body)
	}
	a = c.ask("GET", "/api/v2/filters", nil).wants(200)
	if a.len() != 1 || a.text(0, "filter_action") != "hide" {
		t.Fatalf("as a new filter: got %s", a.body)
	}
	c.ask("POST", "/api/v2/filters/"+a.text(0, "id")+"/keywords", url.Values{"keyword": {"gouda"}}).wants(200)
	if a := c.ask("GET", "/api/v1/filters", nil).wants(200); a.len() != 2 {
		t.Errorf("two words are two filters: got %s", a.body)
	}
	c.ask("PUT", old, url.Values{"context[]": {"public"}}).wants(422)
	c.ask("DELETE", old, nil).wants(200)
	c.ask("GET", old, nil).wants(404)
	if a := c.ask("GET", "/api/v1/filters", nil).wants(200); a.len() != 1 {
		t.Errorf("the other word is gone too: %s", a.body)
	}
	in.signIn(in.member("olga"), "read:lists").ask("GET", "/api/v1/filters", nil).wants(403)
}

func TestTagsOfMembers(t *testing.T) {
	t.Parallel()
	_, c, noor, noorID := two(t, "read write follow")
	noor.ask("POST", "/api/v1/statuses", url.Values{"status": {"#Seeds and #Soil"}}).wants(200)
	if a := c.ask("GET", "/api/v1/tags/seeds", nil).wants(200); a.at("following") != false || a.text("name") == "" {
		t.Errorf("got %s", a.body)
	}
	if a := c.ask("POST", "/api/v1/tags/Seeds/follow", nil).wants(200); a.at("following") != true {
		t.Errorf("followed: got %s", a.body)
	}
	if a := c.ask("GET", "/api/v1/followed_tags", nil).wants(200); a.len() != 1 || a.at(0, "following") != true {
		t.Errorf("followed tags: got %s", a.body)
	}
	if a := c.ask("POST", "/api/v1/tags/seeds/unfollow", nil).wants(200); a.at("following") != false {
		t.Errorf("unfollowed: got %s", a.body)
	}
	if a := noor.ask("GET", "/api/v1/featured_tags/suggestions", nil).wants(200); a.len() != 2 {
		t.Errorf("suggestions: got %s", a.body)
	}
	featured := noor.ask("POST", "/api/v1/featured_tags", url.Values{"name": {"Seeds"}}).wants(200)
	if featured.text("statuses_count") != "1" || featured.text("last_status_at") == "" {
		t.Errorf("featured: got %s", featured.body)
	}
	if a := noor.ask("POST", "/api/v1/tags/soil/feature", nil).wants(200); a.at("featuring") != true {
		t.Errorf("featured by name: got %s", a.body)
	}
	if a := c.ask("GET", "/api/v1/accounts/"+noorID+"/featured_tags", nil).wants(200); a.len() != 2 {
		t.Errorf("of an account: got %s", a.body)
	}
	if a := noor.ask("POST", "/api/v1/tags/soil/unfeature", nil).wants(200); a.at("featuring") != false {
		t.Errorf("unfeatured: got %s", a.body)
	}
	c.ask("DELETE", "/api/v1/featured_tags/"+featured.text("id"), nil).wants(404)
	noor.ask("DELETE", "/api/v1/featured_tags/"+featured.text("id"), nil).wants(200)
	if a := noor.ask("GET", "/api/v1/featured_tags", nil).wants(200); a.len() != 0 {
		t.Errorf("all removed: got %s", a.body)
	}
	c.ask("POST", "/api/v1/tags/two%20words/follow", nil).wants(404)
	for _, name := range []string{"two words", ""} {
		if a := noor.ask("POST", "/api/v1/featured_tags", url.Values{"name": {name}}).wants(422); a.text("error") != "Validation failed: Tag is invalid" {
			t.Errorf("%q on the profile: %s", name, a.body)
		}
	}
}

func TestHostBlocksAndEndorsements(t *testing.T) {
	t.Parallel()
	in, c, noor, noorID := two(t, "read write follow")
	mira, err := in.db.UserByName(t.Context(), "mira")
	if err != nil {
		t.Fatal(err)
	}
	if err := in.db.ReceiveFollow(t.Context(), storetest.Remote(t, in.db, "lou@loud.example").ID, mira.Account.ID, "https://loud.example/follows/1"); err != nil {
		t.Fatal(err)
	}
	if a := c.ask("GET", "/api/v1/domain_blocks/preview?domain=LOUD.example", nil).wants(200); a.at("following_count") != 0.0 || a.at("followers_count") != 1.0 {
		t.Errorf("a block would end %s", a.body)
	}
	c.ask("GET", "/api/v1/domain_blocks/preview", nil).wants(422)
	c.ask("POST", "/api/v1/domain_blocks", url.Values{"domain": {"Loud.example"}}).wants(200)
	if a := c.ask("GET", "/api/v1/domain_blocks", nil).wants(200); a.len() != 1 || a.text(0) != "loud.example" {
		t.Errorf("got %s", a.body)
	}
	c.ask("DELETE", "/api/v1/domain_blocks", url.Values{"domain": {"loud.example"}}).wants(200)
	if a := c.ask("GET", "/api/v1/domain_blocks", nil).wants(200); a.len() != 0 {
		t.Errorf("unblocked: got %s", a.body)
	}
	c.ask("POST", "/api/v1/domain_blocks", url.Values{"domain": {"no host"}}).wants(422)
	c.ask("POST", "/api/v1/domain_blocks", nil).wants(422)

	if a := c.ask("POST", "/api/v1/accounts/"+noorID+"/endorse", nil).wants(200); a.at("endorsed") != true {
		t.Errorf("got %s", a.body)
	}
	if a := c.ask("GET", "/api/v1/endorsements", nil).wants(200); a.len() != 1 || a.text(0, "id") != noorID {
		t.Errorf("endorsements: got %s", a.body)
	}
	miraID := c.ask("GET", "/api/v1/accounts/verify_credentials", nil).wants(200).text("id")
	if a := noor.ask("GET", "/api/v1/accounts/"+miraID+"/endorsements", nil).wants(200); a.len() != 1 {
		t.Errorf("endorsements of an account: got %s", a.body)
	}
	if a := c.ask("POST", "/api/v1/accounts/"+noorID+"/unpin", nil).wants(200); a.at("endorsed") != false {
		t.Errorf("got %s", a.body)
	}
	noor.ask("POST", "/api/v1/accounts/"+miraID+"/endorse", nil).wants(403)
}
