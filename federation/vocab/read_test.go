package vocab

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func readTestdata(t testing.TB, name string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", "read", name))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %+v, want %+v", what, got, want)
	}
}

func TestReadCreate(t *testing.T) {
	body := readTestdata(t, "create-note.json")
	a, err := mustParse(t, body).Activity()
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "type", a.Type, "Create")
	equal(t, "actor", a.Actor, Ref{ID: "https://remote.example/users/berta"})
	equal(t, "object", a.Object.ID, "https://remote.example/users/berta/statuses/1001")
	equal(t, "raw", string(a.Raw), strings.TrimSpace(string(body)))
	equal(t, "to", a.To, []string{Public})
	equal(t, "cc", a.CC, []string{"https://remote.example/users/berta/followers", "https://a.example/ap/actors/1"})

	o, err := a.Object.Embedded.Object()
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "author", o.Author().ID, "https://remote.example/users/berta")
	equal(t, "warning", o.ContentWarning(), "long & winding")
	equal(t, "title", o.Title(), "")
	equal(t, "language", o.Language, "de")
	equal(t, "content type", o.MediaType, "text/html")
	equal(t, "content has the fox", strings.Contains(o.Content, "grüße 🦊"), true)
	equal(t, "page", o.URL, "https://remote.example/@berta/1001")
	equal(t, "parent", o.InReplyTo.ID, "https://a.example/ap/posts/7")
	equal(t, "conversation", o.Conversation, "tag:remote.example,2026-05-01:objectId=9:objectType=Conversation")
	equal(t, "context", o.Context, "https://remote.example/contexts/9")
	equal(t, "published", o.Published, time.Date(2026, 5, 1, 10, 20, 30, 123e6, time.UTC))
	equal(t, "sensitive", o.Sensitive, true)
	equal(t, "mentions", o.Mentions, []Mention{{"https://a.example/ap/actors/1", "@alma@a.example"}})
	equal(t, "hashtags", o.Hashtags, []Tag{{"fox", "https://remote.example/tags/fox"}})
	equal(t, "emojis", o.Emojis, []Emoji{{"https://remote.example/emojis/5", "wave", "https://files.remote.example/wave.png",
		"image/png", "", time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}})
	equal(t, "attachments", o.Attachments, []Attachment{{Type: "Document", URL: "https://files.remote.example/1.png",
		MediaType: "image/png", Name: "A fox asleep", Blurhash: "U7RfkB00%MWBxuIUD%WB?b9FIUj[ogIURjWB",
		Width: 512, Height: 450, FocalX: 0.5, FocalY: -0.25}})
	likes, err := o.Likes.Embedded.Collection()
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "likes", likes.Total, int64(3))
}

func TestReadActor(t *testing.T) {
	a, err := mustParse(t, readTestdata(t, "actor.json")).Actor()
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "id", a.ID, "https://remote.example/users/berta")
	equal(t, "type", a.Type, "Person")
	equal(t, "page", a.URL, "https://remote.example/@berta")
	equal(t, "followers", a.Followers, "https://remote.example/users/berta/followers")
	equal(t, "shared inbox", a.SharedInbox, "https://remote.example/inbox")
	equal(t, "key", a.PublicKeyID+" "+a.PublicKeyPEM+" "+a.PublicKeyOwner,
		"https://remote.example/users/berta#main-key BERTA https://remote.example/users/berta")
	equal(t, "icon is the largest", a.IconURL, "https://remote.example/120.png")
	equal(t, "header", a.ImageURL, "https://remote.example/header.jpg")
	equal(t, "fields", a.Fields, []Field{{"Site", `<a href="https://berta.example">berta.example</a>`}})
	equal(t, "emoji", a.Emojis, []Emoji{{Shortcode: "wave", URL: "https://remote.example/wave.png", MediaType: "image/png"}})
	equal(t, "aliases", a.AlsoKnownAs, []string{"https://elsewhere.example/users/berta"})
	equal(t, "moved", a.MovedTo, "")
	equal(t, "flags", []bool{a.Locked, a.Discoverable, a.Indexable, a.Bot}, []bool{true, true, false, false})
	equal(t, "published", a.Published, time.Date(2020, 1, 1, 23, 0, 0, 0, time.UTC))
	equal(t, "webfinger", a.Webfinger, "berta@remote.example")
}

func TestReadVideo(t *testing.T) {
	o, err := mustParse(t, readTestdata(t, "video.json")).Object()
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "title", o.Title(), "A day at the lake")
	equal(t, "author is the Person", o.Author().ID, "https://tube.example/accounts/cleo")
	equal(t, "visibility", o.Visibility(""), VisibilityPublic)
	equal(t, "content type", o.MediaType, "text/markdown")
	equal(t, "language", o.Language, "fr")
	equal(t, "page", o.URL, "https://tube.example/w/1")
	equal(t, "file", o.Media(), Link{Href: "https://tube.example/1-1080.mp4", MediaType: "video/mp4", Width: 1920, Height: 1080, Size: 12345})
	equal(t, "thumbnail", o.IconURL, "https://tube.example/large.jpg")
	equal(t, "duration", o.Duration, time.Hour+2*time.Minute+3*time.Second)
	equal(t, "links", len(o.Links), 5)
}

func TestFilmAmongFiles(t *testing.T) {
	const tracks = `,"attachment":[{"type":"PropertyValue","name":"ffprobe_codec_type","value":"%s"}]`
	file := func(name, rest string) string {
		return `{"type":"Link","mediaType":"video/mp4","href":"https://tube.example/` + name + `"` + rest + `}`
	}
	mute, sound := fmt.Sprintf(tracks, "video"), fmt.Sprintf(tracks, "audio")
	playlist := `{"type":"Link","mediaType":"application/x-mpegURL","href":"https://tube.example/master.m3u8","tag":[` +
		file("hls-720.mp4", `,"height":720,"fps":30`+mute) + "," + file("hls-0.mp4", `,"height":0,"fps":0`+sound) + `]}`
	for _, tt := range []struct{ name, files, href, mediaType string }{
		{"the greatest that is not too great", file("1080.mp4", `,"height":1080`) + "," + file("240.mp4", `,"height":240`) + "," + file("720.mp4", `,"height":720`), "720.mp4", "video/mp4"},
		{"the smallest of those that are", file("2160.mp4", `,"height":2160`) + "," + file("1080.mp4", `,"height":1080`), "1080.mp4", "video/mp4"},
		{"a file of unknown size", file("a.mp4", ""), "a.mp4", "video/mp4"},
		{"no mute file of a playlist", playlist + "," + file("480.mp4", `,"height":480`), "480.mp4", "video/mp4"},
		{"sound rather than a mute film", playlist, "hls-0.mp4", "audio/mp4"},
		{"sound alone", file("0.mp4", `,"height":0,"fps":0`), "0.mp4", "audio/mp4"},
		{"sound that says so", `{"type":"Link","mediaType":"audio/mp4","href":"https://tube.example/talk.m4a"}`, "talk.m4a", "audio/mp4"},
		{"a playlist is nothing", `{"type":"Link","mediaType":"application/x-mpegURL","href":"https://tube.example/master.m3u8"}`, "", ""},
	} {
		o, err := mustParse(t, []byte(`{"id":"https://tube.example/1","type":"Video","name":"A talk","url":[`+tt.files+`]}`)).Object()
		if err != nil {
			t.Fatal(err)
		}
		if got := o.Media(); strings.TrimPrefix(got.Href, "https://tube.example/") != tt.href || got.MediaType != tt.mediaType {
			t.Errorf("%s: got %s %s, want %s %s", tt.name, got.Href, got.MediaType, tt.href, tt.mediaType)
		}
	}
}

func TestReadQuestion(t *testing.T) {
	o, err := mustParse(t, readTestdata(t, "question.json")).Object()
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "poll", *o.Poll, Poll{Options: []PollOption{{"Fox", 8}, {"Owl", 3}},
		Closed: time.Date(2026, 3, 1, 0, 0, 0, 5e8, time.UTC), Voters: 11})
	equal(t, "parent", o.InReplyTo.IsZero(), true)
	equal(t, "warning", o.ContentWarning(), "")
	equal(t, "visibility", o.Visibility("https://remote.example/users/berta/followers"), VisibilityFollowers)
}

func TestTitleAndContentWarning(t *testing.T) {
	tests := []struct {
		properties, title, warning string
	}{
		{`"content":"a"`, "", ""},
		{`"content":"a","summary":"w"`, "", "w"},
		{`"content":"a","name":"n"`, "n", ""},
		{`"name":"yes","inReplyTo":"https://b.example/1"`, "", ""}, // a vote
		{`"type":"Article","name":"n","summary":"abstract"`, "n", ""},
		{`"type":"Article","summary":"abstract"`, "abstract", ""},
		{`"type":"Article","name":"n","summary":"w","sensitive":true`, "n", "w"},
		{`"type":"Article","summary":"w","sensitive":true`, "", "w"},
		{`"type":"Page","name":"n","summary":"n","sensitive":true`, "n", ""},
		{`"type":"Album","name":"n"`, "n", ""},
		{`"type":"Question","name":"n","summary":"w"`, "n", "w"},
	}
	for _, tt := range tests {
		o := object(t, tt.properties)
		if o.Title() != tt.title || o.ContentWarning() != tt.warning {
			t.Errorf("%s: got title %q and warning %q, want %q and %q", tt.properties, o.Title(), o.ContentWarning(), tt.title, tt.warning)
		}
	}
}

func TestQuotes(t *testing.T) {
	const quoted = "https://b.example/9"
	for properties, want := range map[string]string{
		`"quote":"` + quoted + `"`:                                                              quoted,
		`"quoteUrl":"","quoteUri":"` + quoted + `"`:                                             quoted,
		`"_misskey_quote":"` + quoted + `"`:                                                     quoted,
		`"quoteUrl":"https://a.example/1"`:                                                      "", // itself
		`"tag":{"type":"Link","href":"` + quoted + `","mediaType":"text/html"}`:                 "",
		`"tag":{"type":"Link","href":"` + quoted + `","mediaType":"application/activity+json"}`: quoted,
		`"tag":{"type":"Link","href":"` + quoted + `","mediaType":"application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\""}`: quoted,
		`"tag":{"type":"Link","href":"` + quoted + `","rel":["https://misskey-hub.net/ns#_misskey_quote"]}`:                                  quoted,
	} {
		if got := object(t, properties).QuoteURI; got != want {
			t.Errorf("%s: got %q, want %q", properties, got, want)
		}
	}
}

func TestReactions(t *testing.T) {
	for in, want := range map[string]string{
		`"type":"Like"`:                                    "",
		`"type":"Like","content":"❤"`:                      "❤",
		`"type":"Like","_misskey_reaction":"pudding"`:      "pudding",
		`"type":"EmojiReact","content":":fox:"`:            ":fox:",
		`"type":"Announce","content":"❤"`:                  "",
		`"type":"Like","content":"` + longPath(9999) + `"`: "",
	} {
		a, err := mustParse(t, []byte(`{"actor":"https://a.example/1","object":"https://a.example/2",`+in+`}`)).Activity()
		if err != nil {
			t.Fatal(err)
		}
		if a.Reaction != want {
			t.Errorf("%.60s: got %q, want %q", in, a.Reaction, want)
		}
	}
}

func TestReadersRefuse(t *testing.T) {
	activity := func(v *Value) error { _, err := v.Activity(); return err }
	actor := func(v *Value) error { _, err := v.Actor(); return err }
	obj := func(v *Value) error { _, err := v.Object(); return err }
	collection := func(v *Value) error { _, err := v.Collection(); return err }
	key := func(v *Value) error { _, err := v.PublicKey(""); return err }
	tests := []struct {
		name string
		read func(*Value) error
		in   string
	}{
		{"activity without type", activity, `{"actor":"https://a.example/1"}`},
		{"activity without actor", activity, `{"type":"Follow"}`},
		{"activity with an actor that is no URI", activity, `{"type":"Follow","actor":"acct:a@a.example"}`},
		{"activity whose actor has no id", activity, `{"type":"Follow","actor":{"type":"Person"}}`},
		{"actor without id", actor, `{"type":"Person","inbox":"https://a.example/inbox"}`},
		{"actor that is a note", actor, `{"id":"https://a.example/1","type":"Note"}`},
		{"object without id", obj, `{"type":"Note"}`},
		{"object with a file id", obj, `{"type":"Note","id":"file:///etc/passwd"}`},
		{"object without type", obj, `{"id":"https://a.example/1"}`},
		{"object under @id", obj, `{"@id":"https://a.example/1","@type":"Note"}`},
		{"collection that is a note", collection, `{"id":"https://a.example/1","type":"Note"}`},
		{"key without PEM", key, `{"id":"https://a.example/1#main-key"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var shape *ShapeError
			if err := tt.read(mustParse(t, []byte(tt.in))); !errors.As(err, &shape) {
				t.Errorf("got %v, want a ShapeError", err)
			}
		})
	}
}

func TestListsAreBounded(t *testing.T) {
	repeat := func(key, item string) string {
		return `"` + key + `":[` + strings.TrimSuffix(strings.Repeat(item+",", 5000), ",") + `]`
	}
	o := object(t, strings.Join([]string{
		repeat("to", `"https://b.example/1"`),
		repeat("tag", `{"type":"Mention","href":"https://b.example/1"}`),
		repeat("attachment", `{"type":"Image","url":"https://b.example/1.png"}`),
		repeat("url", `"https://b.example/1"`),
		repeat("oneOf", `{"name":"a"}`),
		repeat("attributedTo", `"https://b.example/1"`),
		`"content":"` + strings.Repeat("ü", MaxContentBytes) + `"`,
		`"name":"` + strings.Repeat("ü", 5000) + `"`,
	}, ","))
	for what, n := range map[string][2]int{
		"to":           {len(o.To), MaxRecipients},
		"mentions":     {len(o.Mentions), MaxMentions},
		"attachments":  {len(o.Attachments), MaxAttachments},
		"links":        {len(o.Links), MaxLinks},
		"poll options": {len(o.Poll.Options), MaxPollOptions},
		"authors":      {len(o.AttributedTo), MaxAuthors},
		"content":      {len(o.Content), MaxContentBytes},
		"name":         {len([]rune(o.Name)), MaxNameRunes},
	} {
		if n[0] != n[1] {
			t.Errorf("%s: got %d, want %d", what, n[0], n[1])
		}
	}
}

func TestPublicKeyDocuments(t *testing.T) {
	const key = `{"id":"https://a.example/1/main-key","owner":"https://a.example/1","publicKeyPem":"PEM"}`
	want := PublicKey{"https://a.example/1/main-key", "https://a.example/1", "PEM"}
	for _, in := range []string{key, `{"id":"https://a.example/1","publicKey":` + key + `}`} {
		got, err := mustParse(t, []byte(in)).PublicKey(want.ID)
		if err != nil || *got != want {
			t.Errorf("%s: got %+v, %v", in, got, err)
		}
	}
	if _, err := mustParse(t, []byte(`{"publicKey":`+key+`}`)).PublicKey("https://a.example/other"); err == nil {
		t.Error("another key was taken for the one asked for")
	}
}

func TestInheritAudience(t *testing.T) {
	a, err := mustParse(t, []byte(`{"type":"Create","actor":"https://a.example/1","to":"as:Public",
		"object":{"id":"https://a.example/2","type":"Note"}}`)).Activity()
	if err != nil {
		t.Fatal(err)
	}
	o, err := a.Object.Embedded.Object()
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "before", o.Visibility(""), VisibilityDirect)
	o.InheritAudience(a)
	equal(t, "after", o.Visibility(""), VisibilityPublic)
	own := object(t, `"to":"https://b.example/1"`)
	own.InheritAudience(a)
	equal(t, "own recipients stay", own.Visibility(""), VisibilityDirect)
	category := object(t, `"audience":"https://a.example/category"`)
	category.InheritAudience(a)
	equal(t, "a category is not all", category.Visibility(""), VisibilityPublic)
	equal(t, "its own audience", category.Audience[0], "https://a.example/category")
}

func TestReadCollection(t *testing.T) {
	c, err := mustParse(t, []byte(`{"type":"OrderedCollectionPage","totalItems":2,"partOf":"https://a.example/c",
		"orderedItems":["https://a.example/1",{"type":"Note","id":"https://a.example/2"}],"next":"https://a.example/c?p=2"}`)).Collection()
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "items", []string{c.Items[0].ID, c.Items[1].ID, c.Items[1].Type}, []string{"https://a.example/1", "https://a.example/2", "Note"})
	equal(t, "next", c.Next.ID, "https://a.example/c?p=2")
	equal(t, "total", c.Total, int64(2))
}

func TestReadWebFinger(t *testing.T) {
	w, err := ReadWebFinger([]byte(`{"subject":"acct:Fox@Remote.Example","aliases":["https://remote.example/@fox","acct:x@y"],"links":[
		{"rel":"self","type":"application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"","href":"https://remote.example/ld"},
		{"rel":"self","type":"text/html","href":"https://remote.example/html"},
		{"rel":"self","type":"application/activity+json","href":"https://remote.example/users/fox","properties":{"https://www.w3.org/ns/activitystreams#type":"Group"}},
		{"rel":"http://webfinger.net/rel/profile-page","type":"text/html","href":"https://remote.example/@fox"},
		{"rel":"http://ostatus.org/schema/1.0/subscribe","template":"https://remote.example/follow?uri={uri}"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	user, host := w.Handle()
	equal(t, "handle", user+"@"+host, "Fox@remote.example")
	equal(t, "self", w.Self, "https://remote.example/users/fox")
	equal(t, "selves", w.Selves, []SelfLink{{"https://remote.example/users/fox", "Group"}, {"https://remote.example/ld", ""}})
	equal(t, "page", w.ProfilePage, "https://remote.example/@fox")
	equal(t, "subscribe", w.Subscribe, "https://remote.example/follow?uri={uri}")
	equal(t, "aliases", w.Aliases, []string{"https://remote.example/@fox"})
}

func TestSubscribeTemplateMustBeAPage(t *testing.T) {
	for _, template := range []string{"https://remote.example/", "javascript:alert({uri})", "{uri}", ""} {
		w, err := ReadWebFinger([]byte(`{"subject":"acct:a@b","links":[{"rel":"` + relSubscribe + `","template":"` + template + `"}]}`))
		if err != nil || w.Subscribe != "" {
			t.Errorf("%q: got %q, %v, want none", template, w.Subscribe, err)
		}
	}
}

func TestReadNodeInfo(t *testing.T) {
	href, err := ReadNodeInfoLinks([]byte(`{"links":[
		{"rel":"http://nodeinfo.diaspora.software/ns/schema/2.0","href":"https://a.example/2.0"},
		{"rel":"http://nodeinfo.diaspora.software/ns/schema/2.1","href":"https://a.example/2.1"},
		{"rel":"http://nodeinfo.diaspora.software/ns/schema/9.0","href":"https://a.example/9.0"},
		{"rel":"https://www.w3.org/ns/activitystreams#Application","href":"https://a.example/actor"}]}`))
	if err != nil || href != "https://a.example/2.1" {
		t.Errorf("links: got %q, %v", href, err)
	}
	n, err := ReadNodeInfo([]byte(`{"version":"2.0","software":{"name":"FoxServer","version":"1.2"},"protocols":["activitypub"],
		"usage":{"users":{"total":5,"activeMonth":-1}},"openRegistrations":true,"metadata":[],"services":[]}`))
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "nodeinfo", *n, NodeInfo{Version: "2.0", Software: "foxserver", SoftwareVersion: "1.2", Protocols: []string{"activitypub"},
		OpenRegistration: true, Users: 5, ActiveMonth: -1, ActiveHalfyear: -1, Posts: -1})
	if _, err := ReadNodeInfo([]byte(`{}`)); err != nil {
		t.Errorf("empty document: %v", err)
	}
}

// TestHostileShapesAreReadInTime reads documents that are as tedious as the
// limits allow. They take some 30 ms; the bound only catches what explodes.
func TestHostileShapesAreReadInTime(t *testing.T) {
	list := func(item string, n int) string {
		return "[" + strings.TrimSuffix(strings.Repeat(item+",", n), ",") + "]"
	}
	var keys strings.Builder
	for i := range MaxMembers - 20 {
		fmt.Fprintf(&keys, `"\u0061:%d":1,`, i)
	}
	for name, properties := range map[string]string{
		"icons":            `"icon":` + list(`{"url":{}}`, 40_000),
		"tags":             `"tag":` + list(`{"type":"Link","rel":"a"}`, 33_000),
		"links in links":   `"url":` + list(`{"tag":[{}],"url":[{}]}`, 18_000),
		"recipients":       `"to":` + list(`{"id":""}`, 49_000),
		"escaped keys":     `"attachment":` + list(`{`+keys.String()+`"z":1}`, 45),
		"languages":        `"contentMap":{` + keys.String() + `"z":"a"}`,
		"types":            `"attributedTo":{"type":` + list(`"abcdef"`, 90_000) + `}`,
		"ids in ids":       `"object":` + strings.Repeat(`{"id":{"href":1},"href":`, 60) + "1" + strings.Repeat("}", 60),
		"aliases all same": `"alsoKnownAs":` + list(`"https://a.example"`, 50_000),
	} {
		body := []byte(`{"id":"https://a.example/1","type":"Note","actor":"https://a.example/1","inbox":"https://a.example/1",` + properties + `}`)
		start := time.Now()
		v := mustParse(t, body)
		if _, err := v.Object(); err != nil {
			t.Fatal(err)
		}
		if _, err := v.Actor(); err != nil {
			t.Fatal(err)
		}
		if _, err := v.Activity(); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("%s: took %s for %d bytes", name, took, len(body))
		}
	}
}

func TestFollowOfPublic(t *testing.T) {
	a, err := mustParse(t, []byte(`{"type":"Follow","actor":"https://a.example/1","object":"as:Public"}`)).Activity()
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "object", a.Object.ID, Public)
}
