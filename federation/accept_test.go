package federation

import (
	"net/http/httptest"
	"testing"
)

func TestWantsActivity(t *testing.T) {
	const profile = `application/ld+json; profile="https://www.w3.org/ns/activitystreams"`
	for _, tt := range []struct {
		accept string
		want   bool
		media  string // of the document, "" for the usual one
	}{
		{"", false, ""},
		{"*/*", false, ""},
		{"application/json", false, ""},
		{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", false, ""}, // browsers
		{"application/activity+json", true, ""},
		{"Application/Activity+JSON", true, ""},
		{"application/activity+json; charset=utf-8", true, ""},
		{profile, true, typeLD},
		{`application/ld+json`, true, typeLD},
		{`application/ld+json; profile=https://www.w3.org/ns/activitystreams`, true, typeLD}, // not quoted, as it should be
		{`application/ld+json; profile="https://w3id.org/security https://www.w3.org/ns/activitystreams"`, true, typeLD},
		{`application/ld+json; profile="https://else.example/a,b"`, false, ""},
		{"application/activity+json, " + profile, true, ""},                                         // Mastodon
		{profile + ", application/activity+json", true, ""},                                         // Lemmy
		{profile + ";q=1, application/activity+json;q=0.9", true, typeLD},                           //
		{"application/activity+json, " + profile + ", text/html;q=0.1", true, ""},                   // Mastodon, at a page
		{"application/activity+json, */*", true, ""},                                                //
		{"application/activity+json;q=0.5, */*;q=0.8", false, ""},                                   //
		{"text/html, application/activity+json", false, ""},                                         // both alike: the first
		{"application/activity+json, text/html", true, ""},                                          //
		{"text/html;q=0.9, application/activity+json", true, ""},                                    //
		{"text/html, application/activity+json;q=0.9", false, ""},                                   //
		{"application/activity+json;q=0", false, ""},                                                // refused
		{"application/activity+json;q=0, " + profile, true, typeLD},                                 //
		{"text/html;q=0, application/activity+json;q=0.1", true, ""},                                //
		{"application/activity+json;q=x", true, ""},                                                 //
		{`;;,, ,"application/activity+json`, false, ""},                                             // nonsense
		{`text/plain; a="x, application/activity+json", text/html`, false, ""},                      // within quotes
		{"application/xhtml+xml, application/activity+json;q=0.3, text/html;q=0.2, */*", false, ""}, //
	} {
		r := httptest.NewRequest("GET", "/@alice", nil)
		r.Header.Set("Accept", tt.accept)
		if got := WantsActivity(r); got != tt.want {
			t.Errorf("Accept %s: got %v, want %v", tt.accept, got, tt.want)
		}
		want := tt.media
		if want == "" {
			want = typeActivity
		}
		if got := readAccept(r.Header.Values("Accept")).contentType(); got != want {
			t.Errorf("Accept %s: answered with %s, want %s", tt.accept, got, want)
		}
	}
}

func TestWantsActivityReadsAllHeaders(t *testing.T) {
	r := httptest.NewRequest("GET", "/@alice", nil)
	r.Header.Add("Accept", "text/html;q=0.5")
	r.Header.Add("Accept", "application/activity+json")
	if !WantsActivity(r) {
		t.Error("the second Accept header was not read")
	}
}

func FuzzAccept(f *testing.F) {
	f.Add(`application/ld+json; profile="https://www.w3.org/ns/activitystreams", text/html;q=0.3`)
	f.Add(`"\`)
	f.Fuzz(func(t *testing.T, header string) {
		a := readAccept([]string{header})
		if a.wantsActivity() && a.activity.q <= 0 && a.ld.q <= 0 {
			t.Errorf("Accept %q: %+v wants what it does not accept", header, a)
		}
		if a.wantsActivity() && wantsPage(a) {
			t.Errorf("Accept %q: %+v wants both", header, a)
		}
	})
}
