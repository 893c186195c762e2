package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"seedling/federation/fedtest"
)

// What apps send that is wrong, and the test of each:
//
//	missing, wrong-typed, huge and foreign ids    TestEveryEndpointWithBadInput, TestBadInput
//	another account's things                      TestThingsOfAnotherMember; TestLists, TestFilters, TestScheduledStatuses,
//	                                              TestConversations, TestPictures, TestMarkers, TestTakeouts
//	revoked and expired tokens                    TestCodesWorkOnce, TestGrantTypes (tokens do not expire, codes do: package oauth),
//	                                              TestAppsThatActForAMember, TestStreamEndsWithItsToken
//	wrong scopes                                  TestEveryEndpointWithBadInput, TestBadInput, TestAdminsWithAnApp, TestWhoMayStream
//	an app's own token acting for a person        TestEveryEndpointWithBadInput, TestGrantTypes
//	invisible posts                               TestInvisiblePostsAreNowhere, TestBadInput
//	cursors that are no numbers, limits           TestEveryEndpointWithBadInput, TestBadInput
//	redirect addresses that differ by a slash     TestRedirectsToElsewhereAreRefused
//	a code used twice, or of another client       TestCodesWorkOnce
//	PKCE left out, or weakened                    TestWhatAnAppDidWrongIsToldToIt, TestSigningInWithAnApp, TestCodesWorkOnce
//	10,000 idle sockets                           TestTenThousandIdleSockets, TestStreamsBeyondTheLimitAreRefused,
//	                                              live: TestStreamsOfOneAccountAndOfOneAddressAreBounded, TestSlowReaderIsEndedAlone
//	a body half sent                              TestSlowRequestsEnd, TestAnUploadThatStopsHalfwayLeavesNothing
//	bodies that are broken or too large           TestEveryEndpointWithBadInput, TestHugeHeadersAreRefused
//	paths and methods that there are not          TestBadInput, TestUnknownEndpoints, TestWrongMethodsAreAnsweredAsJSON

// TestInvisiblePostsAreNowhere: on every endpoint that a post's id goes to, one
// that the asker may not see is answered like one that there is not.
func TestInvisiblePostsAreNowhere(t *testing.T) {
	t.Parallel()
	in, mira, noor, _ := two(t, "read write follow")
	visitor := in.app()
	for _, visibility := range []string{"direct", "private"} {
		secret := noor.ask("POST", "/api/v1/statuses", form("status", "a secret", "visibility", visibility, "poll[options][]", "a", "poll[options][]", "b", "poll[expires_in]", "3600")).wants(200).text("id")
		if visibility == "private" { // mira follows noor, so somebody else asks
			mira = in.signIn(in.member("olga"), "read write follow")
		}
		n := 0
		for _, e := range endpoints(t) {
			if !strings.Contains(e.path, "statuses/:id") && !strings.Contains(e.path, "polls/:id") || strings.Contains(e.path, "scheduled") || strings.Contains(e.path, "filters") {
				continue
			}
			n++
			path := strings.Replace(e.path, ":id", secret, 1)
			path = strings.NewReplacer(":quote_id", "12", ":emoji", "🌱").Replace(path)
			nowhere := strings.Replace(e.path, ":id", "12345", 1)
			nowhere = strings.NewReplacer(":quote_id", "12", ":emoji", "🌱").Replace(nowhere)
			for name, c := range map[string]*client{"a member": mira, "a visitor": visitor} {
				body := form("status", "x", "choices[]", "0", "quote_approval_policy", "public")
				got, want := c.ask(e.method, path, body), c.ask(e.method, nowhere, body)
				if got.status != want.status || got.body != want.body || got.status < 400 || name == "a member" && got.status != http.StatusNotFound {
					t.Errorf("%s, %s of a %s post: %d %.150s; where there is none: %d %.150s", name, got.what, visibility, got.status, got.body, want.status, want.body)
				}
			}
		}
		if n < 20 {
			t.Errorf("only %d endpoints of posts were found", n)
		}
	}
}

// TestThingsOfAnotherMember: no endpoint shows, changes or removes what is another's.
func TestThingsOfAnotherMember(t *testing.T) {
	t.Parallel()
	_, mira, noor, _ := two(t, "read write follow")
	make := func(path string, pairs ...string) *answer {
		t.Helper()
		return noor.ask("POST", "/api/v1/"+path, form(pairs...)).wants(200)
	}
	filter := noor.ask("POST", "/api/v2/filters", form("title", "x", "context[]", "home", "keywords_attributes[0][keyword]", "leek")).wants(200)
	mira.ask("POST", "/api/v1/statuses", form("status", "@noor hush", "visibility", "direct")).wants(200)
	things := map[string]string{ // by the beginning of the path
		"/api/v1/lists/:id":              make("lists", "title", "Friends").text("id"),
		"/api/v2/filters/:id":            filter.text("id"),
		"/api/v2/filters/keywords/:id":   filter.text("keywords", 0, "id"),
		"/api/v1/filters/:id":            filter.text("keywords", 0, "id"),
		"/api/v1/scheduled_statuses/:id": make("statuses", "status", "later", "scheduled_at", inHours(2)).text("id"),
		"/api/v1/media/:id":              noor.upload("POST", "/api/v2/media", "file").wants(200).text("id"),
		"/api/v1/notifications/:id":      noor.ask("GET", "/api/v1/notifications?types[]=mention", nil).wants(200).text(0, "id"),
		"/api/v1/pleroma/conversations/": noor.ask("GET", "/api/v1/conversations", nil).wants(200).text(0, "id"),
		"/api/v1/conversations/:id":      noor.ask("GET", "/api/v1/conversations", nil).wants(200).text(0, "id"),
		"/api/v1/featured_tags/:id":      make("featured_tags", "name", "seeds").text("id"),
		"/api/v1/timelines/list/:id":     make("lists", "title", "Others").text("id"),
	}
	met := map[string]bool{}
	for _, e := range endpoints(t) {
		for prefix, id := range things {
			if !strings.HasPrefix(e.path, prefix) || strings.HasSuffix(e.path, "/dismiss") { // to dismiss what is not there is done
				continue
			}
			met[prefix] = true
			a := mira.ask(e.method, e.with(id), form("title", "mine now", "keyword", "x", "status_id", "1", "scheduled_at", inHours(3), "account_ids[]", "1", "description", "x"))
			if a.status != http.StatusNotFound {
				t.Errorf("%s answers %d: %.200s", a.what, a.status, a.body)
			}
		}
	}
	for prefix := range things {
		if !met[prefix] {
			t.Errorf("there is no endpoint below %s", prefix)
		}
	}
	// Nothing of it changed.
	for path, want := range map[string]int{"v1/lists": 2, "v2/filters": 1, "v1/scheduled_statuses": 1, "v1/notifications?types[]=mention": 1, "v1/conversations": 1, "v1/featured_tags": 1} {
		if a := noor.ask("GET", "/api/"+path, nil).wants(200); a.len() != want {
			t.Errorf("%s has %d entries, want %d: %.200s", path, a.len(), want, a.body)
		}
	}
}

// TestUnknownEndpoints are answered 404 as JSON, whoever asks and however.
func TestUnknownEndpoints(t *testing.T) {
	t.Parallel()
	in, mira, _, _ := two(t, "read write")
	for _, c := range []*client{mira, in.app()} {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
			for _, path := range []string{"/api", "/api/", "/api/v1", "/api/x", "/api/v1/apps/nothing", "/api/v1/nothing", "/api/v3/accounts", "/api/v1/accounts/1/nothing", "/api/v1/statuses/1/nothing/2", "/api/v1_alpha/nothing/x",
				"/api/v1/annual_reports", "/api/v1/timelines/link", "/api/v1/pleroma/chats", "/api/v1/instance/nothing", "/api/v1/%2e%2e/about"} {
				if path == "/api/v1/timelines/link" && method == "GET" {
					path += "?url=https://maps.example/"
				}
				if a := c.ask(method, path, nil); a.status != http.StatusNotFound || a.text("error") == "" {
					t.Errorf("%s %s: %d %.150s", method, path, a.status, a.body)
				}
			}
		}
	}
}

// TestWrongMethodsAreAnsweredAsJSON also where an app asks outside of the client API.
func TestWrongMethodsAreAnsweredAsJSON(t *testing.T) {
	t.Parallel()
	c := start(t, fedtest.NewNetwork(t), "here.example").app()
	for path, methods := range map[string][]string{
		"/api/v1/apps": {"GET", "PUT", "DELETE"}, "/oauth/token": {"GET", "PUT", "PATCH", "DELETE"}, "/oauth/revoke": {"GET", "DELETE"},
		"/oauth/userinfo": {"PUT"}, "/.well-known/oauth-authorization-server": {"POST"}, "/api/v1/instance": {"POST", "DELETE"}, "/api/v1/streaming": {"POST"},
	} {
		for _, method := range methods {
			a := c.ask(method, path, nil)
			if a.status != http.StatusNotFound && a.status != http.StatusMethodNotAllowed || a.text("error") == "" || a.header.Get("Access-Control-Allow-Origin") != "*" {
				t.Errorf("%s %s: %d %.150s", method, path, a.status, a.body)
			}
		}
	}
}

// TestHeadIsAnsweredAsGet: monitors and link checkers ask so.
func TestHeadIsAnsweredAsGet(t *testing.T) {
	t.Parallel()
	in, mira, _, _ := two(t, "read write")
	for path, status := range map[string]int{"/api/v2/instance": 200, "/api/v1/timelines/home": 200, "/api/v1/statuses/77": 404, "/health": 200} {
		if a := mira.ask("HEAD", path, nil); a.status != status || a.body != "" || a.header.Get("Content-Type") != "application/json; charset=utf-8" {
			t.Errorf("HEAD %s: %d %v", path, a.status, a.header)
		}
	}
	if a := in.app().ask("GET", "/health", nil).wants(200); a.text("status") != "UP" {
		t.Errorf("health: %s", a.body)
	}
}

// TestAPostIsNotMadeWithoutItsFiles: an id that can't be one is not left out.
func TestAPostIsNotMadeWithoutItsFiles(t *testing.T) {
	t.Parallel()
	_, mira, _, _ := two(t, "read write")
	for _, ids := range [][]string{{"picture"}, {"77"}, {"-1"}, {"99999999999999999999"}} {
		mira.ask("POST", "/api/v1/statuses", url.Values{"status": {"see this"}, "media_ids[]": ids}).wants(422)
	}
	post := mira.post("see this", "public")
	mira.ask("PUT", "/api/v1/statuses/"+post, url.Values{"status": {"see that"}, "media_ids[]": {"picture"}}).wants(422)
}
