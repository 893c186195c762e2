package server_test

import (
	"net/url"
	"testing"
	"time"

	"seedling/store"
)

// TestNotificationGroups reads notifications in groups and by kind and account.
func TestNotificationGroups(t *testing.T) {
	t.Parallel()
	in, c, noor, noorID := two(t, "read write follow")
	olga := in.signIn(in.member("olga"), "read write follow")
	post := c.ask("POST", "/api/v1/statuses", url.Values{"status": {"liked by two"}}).wants(200).text("id")
	for _, who := range []*client{noor, olga} {
		who.ask("POST", "/api/v1/statuses/"+post+"/favourite", nil).wants(200)
	}
	noor.ask("POST", "/api/v1/statuses", url.Values{"status": {"@mira hello"}}).wants(200)
	noor.ask("PUT", "/api/v1/pleroma/statuses/"+post+"/reactions/🌱", nil).wants(200)

	a := c.ask("GET", "/api/v2/notifications", nil).wants(200)
	if len(a.at("notification_groups").([]any)) != 3 || a.text("notification_groups", 0, "type") != "pleroma:emoji_reaction" || a.text("notification_groups", 0, "emoji") != "🌱" ||
		a.text("notification_groups", 1, "type") != "mention" || a.text("notification_groups", 2, "type") != "favourite" {
		t.Fatalf("groups: got %s", a.body)
	}
	if a.at("notification_groups", 2, "notifications_count") != 2.0 || len(a.at("notification_groups", 2, "sample_account_ids").([]any)) != 2 ||
		a.text("notification_groups", 2, "status_id") != post || len(a.at("accounts").([]any)) != 2 || len(a.at("statuses").([]any)) != 2 {
		t.Errorf("the group of two: got %s", a.body)
	}
	key := a.text("notification_groups", 2, "group_key")
	if a := c.ask("GET", "/api/v2/notifications?expand_accounts=partial_avatars", nil).wants(200); len(a.at("partial_accounts").([]any)) != 0 || len(a.at("accounts").([]any)) != 2 {
		t.Errorf("partial accounts: got %s", a.body)
	}
	if a := c.ask("GET", "/api/v2/notifications?grouped_types[]=none", nil).wants(200); len(a.at("notification_groups").([]any)) != 4 {
		t.Errorf("nothing grouped: got %s", a.body)
	}
	if a := c.ask("GET", "/api/v2/notifications?types[]=mention", nil).wants(200); len(a.at("notification_groups").([]any)) != 1 {
		t.Errorf("mentions: got %s", a.body)
	}
	if a := c.ask("GET", "/api/v2/notifications/"+key, nil).wants(200); a.text("notification_groups", 0, "group_key") != key {
		t.Errorf("one group: got %s", a.body)
	}
	if a := c.ask("GET", "/api/v2/notifications/"+key+"/accounts", nil).wants(200); a.len() != 2 {
		t.Errorf("its accounts: got %s", a.body)
	}
	if a := c.ask("GET", "/api/v2/notifications/unread_count", nil).wants(200); a.at("count") != 3.0 {
		t.Errorf("unread groups: got %s", a.body)
	}
	if a := c.ask("GET", "/api/v1/notifications/unread_count", nil).wants(200); a.at("count") != 4.0 {
		t.Errorf("unread: got %s", a.body)
	}
	for query, want := range map[string]float64{"types[]=mention": 1, "exclude_types[]=mention": 3, "account_id=" + noorID: 3, "limit=2": 2, "types[]=nothing": 0} {
		if a := c.ask("GET", "/api/v1/notifications/unread_count?"+query, nil).wants(200); a.at("count") != want {
			t.Errorf("unread with %s: got %s, want %v", query, a.body, want)
		}
	}
	if a := c.ask("GET", "/api/v1/notifications?account_id="+noorID, nil).wants(200); a.len() != 3 {
		t.Errorf("of one account: got %s", a.body)
	}
	noor.ask("GET", "/api/v2/notifications/"+key, nil).wants(404)
	c.ask("GET", "/api/v2/notifications/nonsense", nil).wants(404)
	c.ask("POST", "/api/v2/notifications/"+key+"/dismiss", nil).wants(200)
	c.ask("GET", "/api/v2/notifications/"+key, nil).wants(404)
	one := c.ask("GET", "/api/v1/notifications?types[]=mention", nil).wants(200).text(0, "id")
	noor.ask("POST", "/api/v1/notifications/"+one+"/dismiss", nil)
	c.ask("GET", "/api/v1/notifications/"+one, nil).wants(200)
	c.ask("POST", "/api/v1/notifications/"+one+"/dismiss", nil).wants(200)
	c.ask("GET", "/api/v1/notifications/"+one, nil).wants(404)
	c.ask("POST", "/api/v1/notifications/clear", nil).wants(200)
	if a := c.ask("GET", "/api/v1/notifications", nil).wants(200); a.len() != 0 {
		t.Errorf("cleared: got %s", a.body)
	}
}

// TestOldPolicyOfNotifications: apps from before 4.3 switch the policy on and off,
// and leave what is dropped as it is.
func TestOldPolicyOfNotifications(t *testing.T) {
	t.Parallel()
	_, _, c, _ := two(t, "read write")
	const old, now = "/api/v1/notifications/policy", "/api/v2/notifications/policy"
	c.ask("PATCH", now, url.Values{"for_new_accounts": {"drop"}}).wants(200)
	a := c.ask("GET", old, nil).wants(200)
	if a.at("filter_not_following") != false || a.at("filter_private_mentions") != true || a.at("filter_new_accounts") != true || a.at("summary", "pending_notifications_count") != 0.0 {
		t.Errorf("got %s", a.body)
	}
	for _, method := range []string{"PUT", "PATCH"} {
		a := c.ask(method, old, url.Values{"filter_not_following": {"true"}, "filter_private_mentions": {"false"}, "filter_new_accounts": {"true"}}).wants(200)
		if a.at("filter_not_following") != true || a.at("filter_not_followers") != false || a.at("filter_private_mentions") != false {
			t.Errorf("%s: got %s", method, a.body)
		}
	}
	if a := c.ask("GET", now, nil).wants(200); a.text("for_not_following") != "filter" || a.text("for_private_mentions") != "accept" || a.text("for_new_accounts") != "drop" {
		t.Errorf("got %s", a.body)
	}
}

// TestStrangersWait holds strangers back by policy, then accepts and dismisses them.
func TestStrangersWait(t *testing.T) {
	t.Parallel()
	in, _, c, _ := two(t, "read write follow") // noor follows nobody
	a := c.ask("GET", "/api/v2/notifications/policy", nil).wants(200)
	if a.text("for_not_following") != "accept" || a.text("for_private_mentions") != "filter" || a.at("summary", "pending_requests_count") != 0.0 {
		t.Errorf("got %s", a.body)
	}
	if a := c.ask("PATCH", "/api/v2/notifications/policy", url.Values{"for_not_following": {"filter"}}).wants(200); a.text("for_not_following") != "filter" || a.text("for_private_mentions") != "filter" {
		t.Errorf("changed: got %s", a.body)
	}
	c.ask("PATCH", "/api/v2/notifications/policy", url.Values{"for_not_following": {"eat"}}).wants(422)
	for _, name := range []string{"olga", "pavel"} {
		in.signIn(in.member(name), "read write").ask("POST", "/api/v1/statuses", url.Values{"status": {"@noor hello"}}).wants(200)
	}
	if a := c.ask("GET", "/api/v1/notifications?types[]=mention", nil).wants(200); a.len() != 0 {
		t.Errorf("strangers are told of: %s", a.body)
	}
	if a := c.ask("GET", "/api/v1/notifications?types[]=mention&include_filtered=true", nil).wants(200); a.len() != 2 {
		t.Errorf("with those that are held back: %s", a.body)
	}
	a = c.ask("GET", "/api/v1/notifications/requests", nil).wants(200)
	if a.len() != 2 || a.text(0, "account", "username") != "pavel" || a.text(0, "notifications_count") != "1" || a.text(0, "last_status", "id") == "" {
		t.Fatalf("requests: got %s", a.body)
	}
	first, second := "/api/v1/notifications/requests/"+a.text(0, "id"), a.text(1, "id")
	c.ask("GET", first, nil).wants(200)
	in.signIn(in.member("rosa"), "read write").ask("GET", first, nil).wants(404)
	c.ask("POST", first+"/dismiss", nil).wants(200)
	c.ask("POST", first+"/accept", nil).wants(404)
	c.ask("POST", "/api/v1/notifications/requests/accept", url.Values{"id[]": {second}}).wants(200)
	if a := c.ask("GET", "/api/v1/notifications/requests/merged", nil).wants(200); a.at("merged") != true {
		t.Errorf("merged: got %s", a.body)
	}
	if a := c.ask("GET", "/api/v1/notifications?types[]=mention", nil).wants(200); a.len() != 1 {
		t.Errorf("accepted: got %s", a.body)
	}
	c.ask("POST", "/api/v1/notifications/requests/dismiss", url.Values{"id[]": {second}}).wants(200)
}

func TestConversations(t *testing.T) {
	t.Parallel()
	_, c, noor, _ := two(t, "read write follow")
	noor.ask("POST", "/api/v1/statuses", url.Values{"status": {"@mira just you"}, "visibility": {"direct"}}).wants(200)
	a := c.ask("GET", "/api/v1/conversations", nil).wants(200)
	if a.len() != 1 || a.at(0, "unread") != true || a.text(0, "accounts", 0, "username") != "noor" || a.text(0, "last_status", "visibility") != "direct" {
		t.Fatalf("got %s", a.body)
	}
	one := "/api/v1/conversations/" + a.text(0, "id")
	noor.ask("POST", one+"/read", nil).wants(404)
	noor.ask("DELETE", one, nil).wants(404)
	if a := c.ask("POST", one+"/read", nil).wants(200); a.at("unread") != false {
		t.Errorf("read: got %s", a.body)
	}
	if a := c.ask("GET", "/api/v1/timelines/direct", nil).wants(200); a.len() != 1 {
		t.Errorf("as a timeline: got %s", a.body)
	}
	c.ask("DELETE", one, nil).wants(200)
	if a := c.ask("GET", "/api/v1/conversations", nil).wants(200); a.len() != 0 {
		t.Errorf("removed: got %s", a.body)
	}
}

func TestAnnouncementsInApps(t *testing.T) {
	t.Parallel()
	in, c, noor, _ := two(t, "read write follow")
	if _, err := in.db.CreateAnnouncement(t.Context(), store.NewAnnouncement{Source: "Harvest *tomorrow*"}); err != nil {
		t.Fatal(err)
	}
	a := c.ask("GET", "/api/v1/announcements", nil).wants(200)
	if a.len() != 1 || a.at(0, "read") != false || a.text(0, "content") == "" {
		t.Fatalf("got %s", a.body)
	}
	one := "/api/v1/announcements/" + a.text(0, "id")
	c.ask("PUT", one+"/reactions/🌱", nil).wants(200)
	noor.ask("PUT", one+"/reactions/🌱", nil).wants(200)
	if a := c.ask("GET", "/api/v1/announcements", nil).wants(200); a.text(0, "reactions", 0, "name") != "🌱" || a.at(0, "reactions", 0, "count") != 2.0 || a.at(0, "reactions", 0, "me") != true {
		t.Errorf("reactions: got %s", a.body)
	}
	c.ask("DELETE", one+"/reactions/🌱", nil).wants(200)
	c.ask("PUT", one+"/reactions/nonsense", nil).wants(422)
	c.ask("PUT", "/api/v1/announcements/12345/reactions/🌱", nil).wants(404)
	c.ask("POST", one+"/dismiss", nil).wants(200)
	if a := c.ask("GET", "/api/v1/announcements", nil).wants(200); a.len() != 0 {
		t.Errorf("dismissed: got %s", a.body)
	}
	if a := c.ask("GET", "/api/v1/announcements?with_dismissed=1", nil).wants(200); a.len() != 1 || a.at(0, "read") != true {
		t.Errorf("with dismissed ones: got %s", a.body)
	}
}

func TestScheduledStatuses(t *testing.T) {
	t.Parallel()
	_, c, noor, _ := two(t, "read write follow")
	at := time.Now().Add(2 * time.Hour).UTC()
	a := c.ask("POST", "/api/v1/statuses", url.Values{"status": {"later"}, "scheduled_at": {at.Format(time.RFC3339)}, "visibility": {"unlisted"}}).wants(200)
	if a.text("params", "text") != "later" || a.text("params", "visibility") != "unlisted" || a.text("scheduled_at") == "" || a.at("content") != nil {
		t.Fatalf("got %s", a.body)
	}
	if a.at("params", "spoiler_text") != "" || a.text("params", "language") != "en" {
		t.Errorf("apps that take no null get %s", a.body)
	}
	one := "/api/v1/scheduled_statuses/" + a.text("id")
	if a := c.ask("GET", "/api/v1/timelines/home", nil).wants(200); a.len() != 0 {
		t.Errorf("it is posted at once: %s", a.body)
	}
	if a := c.ask("GET", "/api/v1/scheduled_statuses", nil).wants(200); a.len() != 1 {
		t.Errorf("list: got %s", a.body)
	}
	c.ask("GET", one, nil).wants(200)
	noor.ask("GET", one, nil).wants(404)
	noor.ask("DELETE", one, nil).wants(404)
	if b := c.ask("PUT", one, url.Values{"scheduled_at": {at.Add(time.Hour).Format(time.RFC3339)}}).wants(200); b.text("scheduled_at") == a.text("scheduled_at") {
		t.Errorf("not moved: %s", b.body)
	}
	for _, when := range []string{"2001-01-01T00:00:00Z", "tomorrow", ""} {
		c.ask("PUT", one, url.Values{"scheduled_at": {when}}).wants(422)
	}
	c.ask("POST", "/api/v1/statuses", url.Values{"status": {"x"}, "scheduled_at": {"soon"}}).wants(422)
	c.ask("DELETE", one, nil).wants(200)
	c.ask("GET", one, nil).wants(404)
}

func TestQuotesInApps(t *testing.T) {
	t.Parallel()
	_, c, noor, _ := two(t, "read write follow")
	post := noor.ask("POST", "/api/v1/statuses", url.Values{"status": {"quote me"}}).wants(200).text("id")
	quoting := c.ask("POST", "/api/v1/statuses", url.Values{"status": {"so"}, "quoted_status_id": {post}}).wants(200)
	if quoting.text("quote", "state") != "accepted" {
		t.Errorf("got %s", quoting.body)
	}
	if a := noor.ask("GET", "/api/v1/statuses/"+post+"/quotes", nil).wants(200); a.len() != 1 || a.text(0, "id") != quoting.text("id") {
		t.Errorf("quotes: got %s", a.body)
	}
	revoke := "/api/v1/statuses/" + post + "/quotes/" + quoting.text("id") + "/revoke"
	c.ask("POST", revoke, nil).wants(403)
	if a := noor.ask("POST", revoke, nil).wants(200); a.text("quote", "state") != "revoked" {
		t.Errorf("revoked: got %s", a.body)
	}
	noor.ask("POST", revoke, nil).wants(404)
	if a := noor.ask("GET", "/api/v1/statuses/"+post+"/quotes", nil).wants(200); a.len() != 0 {
		t.Errorf("quotes after that: got %s", a.body)
	}
	policy := "/api/v1/statuses/" + post + "/interaction_policy"
	if a := noor.ask("PUT", policy, url.Values{"quote_approval_policy": {"nobody"}}).wants(200); len(a.at("quote_approval", "automatic").([]any)) != 0 {
		t.Errorf("policy: got %s", a.body)
	}
	if a := c.ask("GET", "/api/v1/statuses/"+post, nil).wants(200); a.text("quote_approval", "current_user") != "denied" {
		t.Errorf("for another: got %s", a.body)
	}
	c.ask("PUT", policy, url.Values{"quote_approval_policy": {"public"}}).wants(404)
	noor.ask("PUT", policy, url.Values{"quote_approval_policy": {"friends"}}).wants(422)
	a := noor.ask("POST", "/api/v1/statuses", url.Values{"status": {"friends"}, "quote_approval_policy": {"followers"}}).wants(200)
	if a.text("quote_approval", "automatic", 0) != "followers" {
		t.Errorf("of a new post: got %s", a.body)
	}
	few := noor.ask("POST", "/api/v1/statuses", url.Values{"status": {"among us"}, "visibility": {"private"}}).wants(200)
	if few.text("quote_approval", "current_user") != "automatic" || len(few.at("quote_approval", "automatic").([]any)) != 0 {
		t.Errorf("one's own for followers: got %s", few.body)
	}
	again := noor.ask("POST", "/api/v1/statuses", url.Values{"status": {"as I said"}, "visibility": {"public"}, "quoted_status_id": {few.text("id")}}).wants(200)
	if again.text("visibility") != "private" || again.text("quote", "quoted_status", "id") != few.text("id") {
		t.Errorf("a quote of it: got %s", again.body)
	}
}

func TestExplore(t *testing.T) {
	t.Parallel()
	in, c, noor, noorID := two(t, "read write follow")
	for _, who := range []*client{c, noor} {
		who.ask("PATCH", "/api/v1/accounts/update_credentials", url.Values{"discoverable": {"true"}}).wants(200)
	}
	post := noor.ask("POST", "/api/v1/statuses", url.Values{"status": {"much talk of #seeds"}}).wants(200).text("id")
	c.ask("POST", "/api/v1/statuses/"+post+"/favourite", nil).wants(200)
	if a := c.ask("GET", "/api/v1/trends/tags", nil).wants(200); a.len() != 1 || a.text(0, "name") != "seeds" || a.text(0, "history", 0, "uses") != "1" {
		t.Errorf("tags: got %s", a.body)
	}
	if a := c.ask("GET", "/api/v1/trends/statuses", nil).wants(200); a.len() != 1 || a.text(0, "id") != post {
		t.Errorf("statuses: got %s", a.body)
	}
	if a := c.ask("GET", "/api/v1/trends/statuses?offset=5", nil).wants(200); a.len() != 0 {
		t.Errorf("beyond the end: got %s", a.body)
	}
	if a := c.ask("GET", "/api/v1/directory?local=true&order=new", nil).wants(200); a.len() != 3 || a.text(0, "username") != "noor" { // and the owner
		t.Errorf("directory: got %s", a.body)
	}
	olga := in.signIn(in.member("olga"), "read write follow")
	if a := olga.ask("GET", "/api/v2/suggestions", nil).wants(200); a.len() != 3 || a.text(0, "account", "username") == "" {
		t.Errorf("suggestions: got %s", a.body)
	}
	olga.ask("DELETE", "/api/v1/suggestions/"+noorID, nil).wants(200)
	if a := olga.ask("GET", "/api/v1/suggestions", nil).wants(200); a.len() != 2 || a.text(0, "username") != "mira" {
		t.Errorf("without who was set aside: got %s", a.body)
	}
	olga.ask("DELETE", "/api/v1/suggestions/12345", nil).wants(404)
	if err := in.db.SetSetting(t.Context(), "public_explore", "false"); err != nil {
		t.Fatal(err)
	}
	visitor := in.app()
	for _, path := range []string{"trends/tags", "trends/statuses", "directory"} {
		visitor.ask("GET", "/api/v1/"+path, nil).wants(401)
		c.ask("GET", "/api/v1/"+path, nil).wants(200)
	}
}

func TestReports(t *testing.T) {
	t.Parallel()
	_, c, noor, noorID := two(t, "read write follow")
	post := noor.ask("POST", "/api/v1/statuses", url.Values{"status": {"buy my seeds"}}).wants(200).text("id")
	a := c.ask("POST", "/api/v1/reports", url.Values{"account_id": {noorID}, "status_ids[]": {post}, "comment": {"an advert"}, "category": {"spam"}}).wants(200)
	if a.text("category") != "spam" || a.text("status_ids", 0) != post || a.text("target_account", "id") != noorID || a.at("action_taken") != false {
		t.Errorf("got %s", a.body)
	}
	c.ask("POST", "/api/v1/reports", nil).wants(404)
	c.ask("POST", "/api/v1/reports", url.Values{"account_id": {noorID}, "category": {"ugly"}}).wants(422)
	c.ask("POST", "/api/v1/reports", url.Values{"account_id": {noorID}, "rule_ids[]": {"99"}}).wants(422)
	c.ask("POST", "/api/v1/reports", url.Values{"account_id": {noorID}, "status_ids[]": {"12345"}}).wants(404)
	noor.ask("POST", "/api/v1/reports", url.Values{"account_id": {noorID}}).wants(403)
}

func TestReactionsInApps(t *testing.T) {
	t.Parallel()
	_, c, noor, _ := two(t, "read write follow")
	post := noor.ask("POST", "/api/v1/statuses", url.Values{"status": {"react"}}).wants(200).text("id")
	reactions := "/api/v1/pleroma/statuses/" + post + "/reactions"
	if a := c.ask("PUT", reactions+"/🌱", nil).wants(200); a.text("id") != post {
		t.Errorf("got %s", a.body)
	}
	noor.ask("PUT", reactions+"/❤", nil).wants(200)
	a := c.ask("GET", reactions, nil).wants(200)
	if a.len() != 2 || a.text(0, "name") != "🌱" || a.at(0, "me") != true || a.text(0, "accounts", 0, "username") != "mira" || a.at(1, "me") != false {
		t.Errorf("list: got %s", a.body)
	}
	if a := c.ask("GET", reactions+"/🌱", nil).wants(200); a.len() != 1 {
		t.Errorf("of one emoji: got %s", a.body)
	}
	c.ask("PUT", reactions+"/nonsense", nil).wants(422)
	c.ask("PUT", "/api/v1/pleroma/statuses/12345/reactions/🌱", nil).wants(404)
	c.ask("DELETE", reactions+"/🌱", nil).wants(200)
	if a := c.ask("GET", reactions, nil).wants(200); a.len() != 1 {
		t.Errorf("taken back: got %s", a.body)
	}
}
