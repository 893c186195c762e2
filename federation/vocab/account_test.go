package vocab

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/content"
)

var here = Origin{URL: "https://social.here.example", AccountDomain: "here.example"}

func localAccount(id, name string) *store.Account {
	uri := here.URL + "/ap/actors/" + id
	return &store.Account{
		ID: int64(len(id)), URI: uri, Username: name, URL: here.URL + "/@" + name, Inbox: uri + "/inbox", SharedInbox: here.URL + "/ap/inbox",
		OutboxURI: uri + "/outbox", FollowersURI: uri + "/followers", FollowingURI: uri + "/following", FeaturedURI: uri + "/featured",
		KeyURI: uri + "#main-key", PublicKey: "-----BEGIN PUBLIC KEY-----", CreatedAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
	}
}

func builtDocument(t *testing.T, d Document) map[string]any {
	t.Helper()
	body, err := d.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(body, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAccountDocIsReadBackAlike(t *testing.T) {
	alice := localAccount("1", "alice")
	alice.DisplayName, alice.Bio, alice.Kind, alice.Bot = "Alice & co", content.Sanitise("<p>Hi <b>all</b></p>"), store.Service, true
	alice.Fields = []store.Field{{Name: "Web", Value: content.Sanitise(`<a href="https://a.example">a</a>`)}}
	alice.AvatarURL, alice.Discoverable, alice.Indexable = "https://media.here.example/a.png", true, true
	body, err := AccountDoc(alice, here).JSON()
	if err != nil {
		t.Fatal(err)
	}
	actor, err := mustParse(t, body).Actor()
	if err != nil {
		t.Fatal(err)
	}
	if actor.Webfinger != "alice@here.example" {
		t.Errorf("webfinger %q, want alice@here.example", actor.Webfinger)
	}
	got, err := actor.Account("here.example")
	if err != nil {
		t.Fatal(err)
	}
	if got.URI != alice.URI || got.Kind != store.Service || !got.Bot || got.DisplayName != alice.DisplayName || got.Bio != alice.Bio ||
		got.KeyURI != alice.KeyURI || got.PublicKey != alice.PublicKey || got.AvatarURL != alice.AvatarURL || !got.Indexable ||
		got.FollowersURI != alice.FollowersURI || got.SharedInbox != alice.SharedInbox || !got.CreatedAt.Equal(alice.CreatedAt) || len(got.Fields) != 1 {
		t.Errorf("read back %+v, want %+v", got, alice)
	}
	if got.Acct() != "alice@here.example" {
		t.Errorf("handle %s, want alice@here.example", got.Acct())
	}
}

func TestAccountDocOfSuspendedShowsNothing(t *testing.T) {
	a := localAccount("1", "alice")
	a.DisplayName, a.Bio, a.State = "Rude name", content.Sanitise("rude"), store.AccountSuspended
	a.AvatarURL = "https://media.here.example/a.png"
	m := builtDocument(t, AccountDoc(a, here))
	body, _ := json.Marshal(m)
	if m["suspended"] != true || strings.Contains(strings.ToLower(string(body)), "rude") || m["icon"] != nil {
		t.Errorf("got %s, want suspended and nothing of the profile", body)
	}
	if m["publicKey"] == nil {
		t.Error("no key: what it did before can't be verified")
	}
}

func TestActorAccount(t *testing.T) {
	const id = "https://there.example/users/bob"
	base := map[string]any{"id": id, "type": "Person", "preferredUsername": "bob", "inbox": id + "/inbox"}
	with := func(key string, value any) map[string]any {
		m := map[string]any{}
		for k, v := range base {
			m[k] = v
		}
		m[key] = value
		return m
	}
	key := func(keyID, owner string) map[string]any {
		return with("publicKey", map[string]any{"id": keyID, "owner": owner, "publicKeyPem": "PEM"})
	}
	for _, tt := range []struct {
		name  string
		actor map[string]any
		host  string
		check func(*store.Account) bool
	}{
		{"plain", base, "There.Example", func(a *store.Account) bool { return a.Acct() == "bob@there.example" && a.URL == id }},
		{"page", with("url", "https://there.example/@bob"), "there.example", func(a *store.Account) bool { return a.URL == "https://there.example/@bob" }},
		{"group", with("type", "Group"), "there.example", func(a *store.Account) bool { return a.Kind == store.Group && !a.Bot }},
		{"unsafe bio", with("summary", `<script>x</script><p onclick="x">ok</p>`), "there.example", func(a *store.Account) bool { return a.Bio.String() == "<p>ok</p>" }},
		{"own key", key(id+"#main-key", id), "there.example", func(a *store.Account) bool { return a.PublicKey == "PEM" && a.KeyURI == id+"#main-key" }},
		{"key of another actor", key(id+"#main-key", "https://there.example/users/eve"), "there.example", func(a *store.Account) bool { return a.PublicKey == "" && a.KeyURI == "" }},
		{"key at another host", key("https://else.example/users/bob#main-key", id), "there.example", func(a *store.Account) bool { return a.PublicKey == "" && a.KeyURI == "" }},
		{"aliases", with("alsoKnownAs", "https://old.example/bob"), "there.example", func(a *store.Account) bool { return len(a.AlsoKnownAs) == 1 }},
		{"no inbox", with("inbox", nil), "there.example", nil},
		{"no name", with("preferredUsername", ""), "there.example", nil},
		{"name with a slash", with("preferredUsername", "../admin"), "there.example", nil},
		{"name with a host", with("preferredUsername", "bob@else.example"), "there.example", nil},
		{"no host", base, "", nil},
		{"host that is none", base, "there.example/x", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			body, err := json.Marshal(tt.actor)
			if err != nil {
				t.Fatal(err)
			}
			actor, err := mustParse(t, body).Actor()
			if err != nil {
				t.Fatal(err)
			}
			got, err := actor.Account(tt.host)
			var shape *ShapeError
			if tt.check == nil {
				if !errors.As(err, &shape) {
					t.Errorf("got %+v, %v, want a ShapeError", got, err)
				}
				return
			}
			if err != nil || !tt.check(got) {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

// TestFixtureActorsBecomeAccounts turns every captured actor into an account.
func TestFixtureActorsBecomeAccounts(t *testing.T) {
	eachFixture(t, "actor", func(t *testing.T, name string, v *Value) {
		actor, err := v.Actor()
		if err != nil {
			t.Fatal(err)
		}
		a, err := actor.Account("there.example")
		if err != nil {
			if !strings.Contains(actor.Username, " ") { // Plume's blogs: their handle comes from WebFinger
				t.Error(name, err)
			}
			return
		}
		if a.URI == "" || a.Inbox == "" || a.Username == "" || a.URL == "" {
			t.Errorf("%+v lacks an address or a name", a)
		}
		if strings.Contains(a.Bio.String(), "<script") {
			t.Errorf("unsafe bio %s", a.Bio)
		}
	})
}

// eachFixture runs check on every captured payload of a kind.
func eachFixture(t *testing.T, kind string, check func(*testing.T, string, *Value)) {
	for line := range strings.Lines(string(fixture(t, "INDEX.tsv"))) {
		columns := strings.Split(strings.TrimSpace(line), "\t")
		if len(columns) < 3 || columns[2] != kind || notRead[columns[0]] != "" {
			continue
		}
		t.Run(columns[0], func(t *testing.T) {
			check(t, columns[0], parseFixture(t, columns[0]))
		})
	}
}
