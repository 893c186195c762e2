package federation

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"seedling/federation/vocab"
	"seedling/store"
	"seedling/store/storetest"
)

func TestWebFinger(t *testing.T) {
	w := newWorld(t)
	server, err := w.db.InstanceActor(t.Context())
	w.must(err)
	for _, tt := range []struct {
		resource string
		status   int
		self     string
	}{
		{"acct:alice@here.example", 200, w.alice.URI},
		{"acct:alice@social.here.example", 200, w.alice.URI}, // asked by the host, answered with the domain
		{"acct:ALICE@Here.Example", 200, w.alice.URI},
		{"alice@here.example", 200, w.alice.URI},
		{w.alice.URI, 200, w.alice.URI},
		{w.alice.URL, 200, w.alice.URI},
		{server.URI, 200, server.URI},
		{"acct:" + server.Username + "@here.example", 200, server.URI},
		{"", 400, ""},
		{"acct:nobody@here.example", 404, ""},
		{"acct:bob@there.example", 404, ""}, // known here, but not ours
		{"acct:alice@there.example", 404, ""},
		{"acct:alice", 404, ""},
		{"acct:alice@here.example.evil.example", 404, ""},
		{base + "/@nobody", 404, ""},
		{base + "/@alice/1", 404, ""},
		{base + "/about", 404, ""},
		{base + ".evil.example/@alice", 404, ""},
		{"https://here.example/ap/actors/1", 404, ""},
		{"acct:" + strings.Repeat("a", 5000) + "@here.example", 404, ""},
		{"acct:../etc@here.example", 404, ""},
	} {
		r := w.get("/.well-known/webfinger?resource=" + url.QueryEscape(tt.resource))
		if r.StatusCode != tt.status {
			t.Errorf("%.80s: got %d %s, want %d", tt.resource, r.StatusCode, r.body, tt.status)
			continue
		}
		if got := r.Header.Get("Access-Control-Allow-Origin"); got != "*" {
			t.Errorf("%.80s: Access-Control-Allow-Origin %q", tt.resource, got)
		}
		if tt.status != 200 {
			continue
		}
		w.wants(r, 200, "application/jrd+json")
		doc, err := vocab.ReadWebFinger([]byte(r.body))
		w.must(err)
		user, host := doc.Handle()
		if doc.Self != tt.self || host != domain || user == "" || doc.Subscribe != base+"/authorize_interaction?uri={uri}" {
			t.Errorf("%s: got %s", tt.resource, r.body)
		}
		// The round trip: the actor of the answer has the handle of the answer.
		actor := w.get(doc.Self, "Accept", ap).json(t)
		if actor["webfinger"] != user+"@"+host || actor["preferredUsername"] != user {
			t.Errorf("%s: subject %s, but the actor calls itself %v", tt.resource, doc.Subject, actor["webfinger"])
		}
	}
	for _, query := range []string{"", "?resource=", "?resource=acct:alice@here.example&resource=acct:bob@here.example"} {
		if r := w.get("/.well-known/webfinger" + query); r.StatusCode != 400 {
			t.Errorf("query %q: got %d, want 400", query, r.StatusCode)
		}
	}
}

func TestHostMeta(t *testing.T) {
	w := newWorld(t)
	const template = base + "/.well-known/webfinger?resource={uri}"
	xml := w.get("/.well-known/host-meta")
	w.wants(xml, 200, "application/xrd+xml; charset=utf-8")
	if !strings.Contains(xml.body, `template="`+template+`"`) || xml.Header.Get("Vary") != "Accept" || xml.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("got %s %v", xml.body, xml.Header)
	}
	for _, r := range []reply{w.get("/.well-known/host-meta", "Accept", "application/json"), w.get("/.well-known/host-meta", "Accept", "application/jrd+json"), w.get("/.well-known/host-meta.json")} {
		w.wants(r, 200, "application/json")
		if !strings.Contains(r.body, template) {
			t.Errorf("got %s", r.body)
		}
	}
}

func TestNodeInfo(t *testing.T) {
	w := newWorld(t)
	w.must(w.db.SetSettings(t.Context(), map[string]string{"name": "Our place", "registrations": "invite"}))
	index := w.get("/.well-known/nodeinfo")
	w.wants(index, 200, "application/json")
	best, err := vocab.ReadNodeInfoLinks([]byte(index.body))
	w.must(err)
	if best != base+"/nodeinfo/2.1" {
		t.Errorf("the best version is at %s", best)
	}
	for _, version := range []string{"2.0", "2.1"} {
		r := w.get("/nodeinfo/" + version)
		w.wants(r, 200, `application/json; profile="http://nodeinfo.diaspora.software/ns/schema/`+version+`#"`)
		m := r.json(t)
		software, _ := json.Marshal(m["software"])
		want := `{"name":"seedling","version":"1.2.3"}`
		if version == "2.1" {
			want = `{"name":"seedling","repository":"https://source.example","version":"1.2.3"}`
		}
		if string(software) != want || m["version"] != version || m["openRegistrations"] != false {
			t.Errorf("got %s", r.body)
		}
		if metadata, _ := m["metadata"].(map[string]any); metadata["nodeName"] != "Our place" {
			t.Errorf("metadata %v", m["metadata"])
		}
	}
}

func TestNodeInfoMetadataHidesWhatAdminsHide(t *testing.T) {
	w := newWorld(t)
	w.must(w.db.SetRole(t.Context(), store.Staff{}, w.alice.ID, store.Admin))
	w.must(w.db.ChangePrivacy(t.Context(), w.alice.ID, store.PrivacyChange{Discoverable: new(false)}))
	w.must(w.db.SetSettings(t.Context(), map[string]string{"blocked_hosts": "worst.example", "public_timelines": "false", "registrations": "approval"}))
	metadata := func() (map[string]any, string) {
		r := w.get("/nodeinfo/2.1")
		m, _ := r.json(t)["metadata"].(map[string]any)
		return m, r.body
	}
	m, body := metadata()
	if m["private"] != true || m["accountActivationRequired"] != true || m["invitesEnabled"] != false {
		t.Errorf("metadata %v", m)
	}
	if strings.Contains(body, "worst.example") {
		t.Error("blocked servers are named")
	}
	if staff, _ := m["staffAccounts"].([]any); len(staff) != 0 {
		t.Errorf("staff who are in no list are named: %v", staff)
	}
	w.must(w.db.ChangePrivacy(t.Context(), w.alice.ID, store.PrivacyChange{Discoverable: new(true)}))
	if m, _ = metadata(); len(m["staffAccounts"].([]any)) != 1 {
		t.Errorf("staff %v", m["staffAccounts"])
	}
	for mode, want := range map[string]bool{"allowlist": true, "off": false} {
		w.must(w.db.SetSetting(t.Context(), "federation", mode))
		if m, _ = metadata(); m["federation"].(map[string]any)["enabled"] != want {
			t.Errorf("%s: %v", mode, m["federation"])
		}
	}
}

func TestNodeInfoSaysWhoMayJoin(t *testing.T) {
	w := newWorld(t)
	for mode, want := range map[store.Registrations]bool{
		store.RegistrationsOpen: true, store.RegistrationsApproval: true, store.RegistrationsInvite: false, store.RegistrationsClosed: false,
	} {
		w.must(w.db.SetSetting(t.Context(), "registrations", string(mode)))
		if got := w.get("/nodeinfo/2.0").json(t)["openRegistrations"]; got != want {
			t.Errorf("%s: openRegistrations %v, want %v", mode, got, want)
		}
	}
}

func TestNodeInfoCountsNowAndThen(t *testing.T) {
	w := newWorld(t)
	count := func() (users, posts any) {
		usage := w.get("/nodeinfo/2.1").json(t)["usage"].(map[string]any)
		return usage["users"].(map[string]any)["total"], usage["localPosts"]
	}
	if users, posts := count(); users != 1.0 || posts != 0.0 {
		t.Errorf("got %v users, %v posts, want 1 and 0", users, posts)
	}
	storetest.Post(t, w.db, w.alice, "hello", store.Public)
	if _, posts := count(); posts != 0.0 {
		t.Errorf("got %v posts at once, want the kept count", posts)
	}
	w.now = w.now.Add(usageAge)
	if _, posts := count(); posts != 1.0 {
		t.Errorf("got %v posts after %s, want 1", posts, usageAge)
	}
}
