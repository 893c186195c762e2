package vocab

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/content"
)

func remoteAccount(id int64, name string) *store.Account {
	return &store.Account{ID: id, URI: "https://there.example/users/" + name, Username: name, Host: "there.example"}
}

func TestPostDocAudience(t *testing.T) {
	alice, carol, bob, dave := localAccount("1", "alice"), localAccount("22", "carol"), remoteAccount(30, "bob"), remoteAccount(20, "dave")
	followers := alice.FollowersURI
	for _, tt := range []struct {
		name       string
		visibility store.Visibility
		mentions   []*store.Account
		replyTo    *store.Account
		to, cc     []string
	}{
		{"public", store.Public, nil, nil, []string{Public}, []string{followers}},
		{"public with mentions", store.Public, []*store.Account{bob, carol}, nil, []string{Public}, []string{followers, carol.URI, bob.URI}},
		{"public reply", store.Public, nil, bob, []string{Public}, []string{followers, bob.URI}},
		{"public reply with mention", store.Public, []*store.Account{bob}, bob, []string{Public}, []string{followers, bob.URI}},
		{"public reply to a member", store.Public, nil, carol, []string{Public}, []string{followers}},
		{"unlisted", store.Unlisted, []*store.Account{bob}, dave, []string{followers}, []string{Public, bob.URI, dave.URI}},
		{"followers", store.Followers, []*store.Account{bob}, nil, []string{followers}, []string{bob.URI}},
		{"followers, reply to one not mentioned", store.Followers, nil, dave, []string{followers}, nil},
		{"direct", store.Direct, []*store.Account{bob, dave}, nil, []string{dave.URI, bob.URI}, nil},
		{"direct to oneself", store.Direct, nil, nil, []string{alice.URI}, nil},
		{"direct, reply to one not mentioned", store.Direct, []*store.Account{bob}, dave, []string{bob.URI}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := &store.PostView{Post: &store.Post{URI: here.URL + "/ap/posts/9", Visibility: tt.visibility}, Author: alice, Mentions: tt.mentions, ReplyTo: tt.replyTo}
			d := PostDoc(v, here)
			if !slices.Equal(d.To, tt.to) || !slices.Equal(d.CC, tt.cc) {
				t.Errorf("to %v cc %v, want to %v cc %v", d.To, d.CC, tt.to, tt.cc)
			}
			if public := tt.visibility <= store.Unlisted; public != (d.Replies != "") {
				t.Errorf("replies %q of a %s post", d.Replies, tt.visibility)
			}
			// What another server makes of it is what was meant.
			body, err := d.JSON()
			if err != nil {
				t.Fatal(err)
			}
			o, err := mustParse(t, body).Object()
			if err != nil {
				t.Fatal(err)
			}
			r, err := o.Post(followers)
			if err != nil || r.Visibility != tt.visibility {
				t.Errorf("read back as %v, %v, want %v", r.Visibility, err, tt.visibility)
			}
		})
	}
}

func TestPostDocOfPostThatStaysFails(t *testing.T) {
	for _, visibility := range []store.Visibility{store.LocalOnly, store.Visibility(17)} {
		v := &store.PostView{Post: &store.Post{URI: here.URL + "/ap/posts/9", Visibility: visibility}, Author: localAccount("1", "alice")}
		if body, err := PostDoc(v, here).JSON(); err == nil {
			t.Errorf("%v without recipients: got %s, want an error", visibility, body)
		}
	}
}

func TestPostDocSaysEverything(t *testing.T) {
	alice, carol, bob := localAccount("1", "alice"), localAccount("22", "carol"), remoteAccount(30, "bob")
	v := &store.PostView{Author: alice, Mentions: []*store.Account{bob, carol}, Post: &store.Post{
		URI: here.URL + "/ap/posts/9", URL: here.URL + "/@alice/9", HTML: content.Sanitise("<p>Hallo</p>"), Language: "de", ContentWarning: "Essen", Sensitive: true,
		Source:    content.Source{Text: "Hallo **#Straße** #straße #x_1", Format: content.Markdown},
		CreatedAt: time.Date(2026, 1, 2, 3, 4, 5, 6e6, time.UTC), EditedAt: time.Date(2026, 1, 2, 4, 0, 0, 0, time.UTC)},
		Attachments: []*store.Attachment{{Kind: store.AttachedImage, URL: "https://media.here.example/x.png", MediaType: "image/png", Description: "a cat", Width: 3, Height: 4, Blurhash: "LEHV6n"}}}
	v.ParentURI = "https://there.example/notes/1"
	m := builtDocument(t, PostDoc(v, here))
	for key, want := range map[string]string{
		"type": `"Note"`, "summary": `"Essen"`, "sensitive": `true`, "content": `"<p>Hallo</p>"`, "contentMap": `{"de":"<p>Hallo</p>"}`,
		"inReplyTo": `"https://there.example/notes/1"`, "url": `"https://social.here.example/@alice/9"`,
		"published": `"2026-01-02T03:04:05.006Z"`, "updated": `"2026-01-02T04:00:00.000Z"`, "replies": `"https://social.here.example/ap/posts/9/replies"`,
		"source": `{"content":"Hallo **#Straße** #straße #x_1","mediaType":"text/markdown"}`,
		"tag": `[{"href":"https://social.here.example/ap/actors/22","name":"@carol@here.example","type":"Mention"},` +
			`{"href":"https://there.example/users/bob","name":"@bob@there.example","type":"Mention"},` +
			`{"href":"https://social.here.example/tags/strasse","name":"#Straße","type":"Hashtag"},{"href":"https://social.here.example/tags/x_1","name":"#x_1","type":"Hashtag"}]`,
		"attachment": `[{"blurhash":"LEHV6n","height":4,"mediaType":"image/png","name":"a cat","type":"Document","url":"https://media.here.example/x.png","width":3}]`,
	} {
		var b strings.Builder
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(m[key]); err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimSpace(b.String()); got != want {
			t.Errorf("%s: got %s, want %s", key, got, want)
		}
	}
	v.ContentWarning, v.ParentURI = "", ""
	if m := builtDocument(t, PostDoc(v, here)); m["summary"] != nil || m["inReplyTo"] != nil {
		t.Errorf("summary %v, inReplyTo %v, want null", m["summary"], m["inReplyTo"])
	}
}

func TestObjectPost(t *testing.T) {
	const id, followers = "https://there.example/notes/1", "https://there.example/users/bob/followers"
	type object = map[string]any
	for _, tt := range []struct {
		name   string
		object object
		want   store.Post // compared where set
		html   string
		files  []store.AttachmentKind
	}{
		{"note", object{"type": "Note", "content": "<p>Hi</p><script>x</script>", "to": Public, "published": "2026-01-02T03:04:05Z", "updated": "2026-01-02T03:04:05Z"},
			store.Post{Visibility: store.Public, CreatedAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}, "<p>Hi</p>", nil},
		{"edited", object{"type": "Note", "content": "x", "published": "2026-01-02T03:04:05Z", "updated": "2026-01-02T03:05:05Z", "to": followers},
			store.Post{Visibility: store.Followers, EditedAt: time.Date(2026, 1, 2, 3, 5, 5, 0, time.UTC)}, "x", nil},
		{"warning", object{"type": "Note", "content": "x", "summary": "food", "cc": []string{Public}}, store.Post{Visibility: store.Unlisted, ContentWarning: "food"}, "x", nil},
		{"reply", object{"type": "Note", "content": "x", "inReplyTo": "https://else.example/2"}, store.Post{Visibility: store.Direct, ReplyToURI: "https://else.example/2"}, "x", nil},
		{"reply to itself", object{"type": "Note", "content": "x", "inReplyTo": id}, store.Post{Visibility: store.Direct}, "x", nil},
		{"chat", object{"type": "ChatMessage", "content": "x", "to": Public}, store.Post{Visibility: store.Direct}, "x", nil},
		{"plain text", object{"type": "Note", "content": "a <b>\nc", "mediaType": "text/plain", "to": Public}, store.Post{}, "<p>a &lt;b&gt;<br/>c</p>", nil},
		{"markdown", object{"type": "Video", "name": "Film", "content": "a **b**", "mediaType": "text/markdown", "to": Public,
			"url": []object{{"type": "Link", "mediaType": "text/html", "href": "https://there.example/w/1"}, {"type": "Link", "mediaType": "video/mp4", "href": "https://there.example/1.mp4", "height": 480}}},
			store.Post{Kind: store.Video, Title: "Film", URL: "https://there.example/w/1"}, "<p>a <strong>b</strong></p>", []store.AttachmentKind{store.AttachedVideo}},
		{"video that can't be played", object{"type": "Video", "name": "Film", "to": Public, "icon": object{"type": "Image", "url": "https://there.example/1.jpg"},
			"url": []object{{"type": "Link", "mediaType": "application/x-mpegURL", "href": "https://there.example/1.m3u8"}}},
			store.Post{Kind: store.Video, Title: "Film"}, "", []store.AttachmentKind{store.AttachedImage}},
		{"article", object{"type": "Article", "name": "News", "summary": "Short", "content": "<p>Long</p>", "to": Public},
			store.Post{Kind: store.Article, Title: "News"}, "<p>Long</p>", nil},
		{"abstract alone", object{"type": "Article", "name": "News", "summary": "<p>Short</p>", "to": Public}, store.Post{Kind: store.Article, Title: "News"}, "<p>Short</p>", nil},
		{"nothing to show", object{"type": "Article", "name": "News", "url": "https://there.example/news", "to": Public}, store.Post{Kind: store.Article, Title: "News"},
			`<p><a href="https://there.example/news"`, nil},
		{"link of a Page", object{"type": "Page", "name": "Look", "content": "<p>why</p>", "to": Public, "attachment": []object{{"type": "Link", "href": "https://else.example/?a=1&b=2"}}},
			store.Post{Kind: store.Page, Title: "Look"}, `<p>why</p><p><a href="https://else.example/?a=1&amp;b=2"`, nil},
		{"unknown with text", object{"type": "Wonder", "content": "x", "to": Public}, store.Post{Kind: store.Other}, "x", nil},
		{"attachments", object{"type": "Note", "content": "", "to": Public, "attachment": []object{
			{"type": "Document", "mediaType": "image/png", "url": "https://there.example/1", "name": "alt"}, {"type": "Document", "url": "https://there.example/2.mp3"},
			{"type": "Video", "url": "https://there.example/3"}, {"type": "Document", "url": "https://there.example/4.pdf"}, {"type": "Image", "url": "https://there.example/1"}}},
			store.Post{}, "", []store.AttachmentKind{store.AttachedImage, store.AttachedAudio, store.AttachedVideo, store.AttachedFile}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.object["id"] = id
			body, err := json.Marshal(tt.object)
			if err != nil {
				t.Fatal(err)
			}
			o, err := mustParse(t, body).Object()
			if err != nil {
				t.Fatal(err)
			}
			r, err := o.Post(followers)
			if err != nil {
				t.Fatal(err)
			}
			got, want := r.Post, tt.want
			if got.URI != id || got.Kind != want.Kind || got.Visibility != want.Visibility || got.Title != want.Title || got.ContentWarning != want.ContentWarning ||
				got.ReplyToURI != want.ReplyToURI || !got.EditedAt.Equal(want.EditedAt) || got.URL != cmp.Or(want.URL, got.URL) ||
				!want.CreatedAt.IsZero() && !got.CreatedAt.Equal(want.CreatedAt) {
				t.Errorf("got %+v, want %+v", got, want)
			}
			if html := strings.TrimSpace(got.HTML.String()); html != tt.html && (!strings.HasSuffix(tt.html, `"`) || !strings.HasPrefix(html, tt.html)) {
				t.Errorf("html %s, want %s", html, tt.html)
			}
			var kinds []store.AttachmentKind
			for _, a := range r.Attachments {
				kinds = append(kinds, a.Kind)
			}
			if !slices.Equal(kinds, tt.files) {
				t.Errorf("attachments %v, want %v", kinds, tt.files)
			}
		})
	}
}

func TestObjectPostRefuses(t *testing.T) {
	for name, body := range map[string]string{
		"tombstone": `{"id":"https://a.example/1","type":"Tombstone"}`,
		"actor":     `{"id":"https://a.example/1","type":"Person","content":"x"}`,
		"inbox":     `{"id":"https://a.example/1","type":"Wonder","inbox":"https://a.example/i","content":"x"}`,
		"activity":  `{"id":"https://a.example/1","type":"Like","object":"https://a.example/2","content":"x"}`,
		"vote":      `{"id":"https://a.example/1","type":"Note","name":"Yes","inReplyTo":"https://a.example/2"}`,
		"empty":     `{"id":"https://a.example/1","type":"Wonder"}`,
	} {
		o, err := mustParse(t, []byte(body)).Object()
		if err != nil {
			t.Fatal(err)
		}
		var shape *ShapeError
		if r, err := o.Post(""); !errors.As(err, &shape) {
			t.Errorf("%s: got %+v, %v, want a ShapeError", name, r, err)
		}
	}
}

func TestObjectAddressed(t *testing.T) {
	o, err := mustParse(t, []byte(`{"id":"https://a.example/1","type":"Note","content":"x","to":["as:Public","https://b.example/1"],"cc":"https://c.example/1",
		"audience":"https://d.example/1","tag":[{"type":"Mention","href":"https://b.example/1"},{"type":"Mention","href":"https://e.example/1"},{"type":"Mention"}],
		"attachment":{"type":"Image","url":"https://a.example/x.png","sensitive":true}}`)).Object()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"https://b.example/1", "https://e.example/1", "https://c.example/1", "https://d.example/1"}
	if got := o.Addressed(); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if r, err := o.Post(""); err != nil || !r.Sensitive {
		t.Errorf("got %+v, %v, want sensitive as its picture is", r, err)
	}
}

// notPosts are the captured payloads that must not become posts, with why.
var notPosts = map[string]string{
	"fep-044f/object-quote-authorization.json":  "a stamp",
	"gotosocial/object-like-authorization.json": "a stamp",
	"gotosocial/create-poll-votes.json":         "votes",
	"mastodon/create-vote.json":                 "a vote",
}

// TestFixtureObjectsBecomePosts turns every captured object into a post that
// has something to show, but for those that are none.
func TestFixtureObjectsBecomePosts(t *testing.T) {
	check := func(t *testing.T, name string, o *Object) {
		r, err := o.Post("")
		if why := notPosts[name]; why != "" {
			var shape *ShapeError
			if !errors.As(err, &shape) {
				t.Errorf("got %+v, %v, want a ShapeError: it is %s", r, err, why)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if r.URI == "" || r.URL == "" || r.HTML.IsZero() && len(r.Attachments) == 0 {
			t.Errorf("%+v has nothing to show", r.Post)
		}
		if r.Kind != store.Note && r.Kind != store.Question && r.Kind != store.Other && r.Title == "" && r.HTML.IsZero() {
			t.Errorf("%+v has neither title nor text", r.Post)
		}
		for _, a := range r.Attachments {
			if cleanURI(a.URL) != a.URL || a.URL == "" {
				t.Errorf("attachment at %q", a.URL)
			}
		}
	}
	eachFixture(t, "object", func(t *testing.T, name string, v *Value) {
		o, err := v.Object()
		if err != nil {
			t.Fatal(err)
		}
		check(t, name, o)
	})
	eachFixture(t, "create", func(t *testing.T, name string, v *Value) {
		inner := v.Child("object")
		if inner == nil {
			t.Fatal("the object is not embedded")
		}
		o, err := inner.Object()
		if err != nil {
			t.Fatal(err)
		}
		check(t, name, o)
	})
}

// TestCaptionsOfPeerTube: the address is a text, or since 7.2 a list of Links.
func TestCaptionsOfPeerTube(t *testing.T) {
	o, err := mustParse(t, []byte(`{"type":"Video","id":"https://tube.example/1","attributedTo":"https://tube.example/u","name":"A film","to":"https://www.w3.org/ns/activitystreams#Public",
		"url":[{"type":"Link","mediaType":"video/mp4","href":"https://tube.example/a.mp4","height":720}],
		"subtitleLanguage":[{"identifier":"en","name":"English","url":"https://tube.example/en.vtt"},{"identifier":"de","name":"German"},
		{"identifier":"fr","name":"French","url":[{"type":"Link","mediaType":"application/x-mpegURL","href":"https://tube.example/fr.m3u8"},
		{"type":"Link","mediaType":"text/vtt","href":"https://tube.example/fr.vtt"}]},{"identifier":"<x>","name":"?","url":"https://tube.example/x.vtt"}]}`)).Object()
	if err != nil {
		t.Fatal(err)
	}
	files := o.files()
	want := []store.Caption{{Language: "en", Name: "English", URL: "https://tube.example/en.vtt"}, {Language: "fr", Name: "French", URL: "https://tube.example/fr.vtt"}}
	if len(files) != 1 || !slices.Equal(files[0].Captions, want) {
		t.Errorf("got %+v, want one film with %+v", files, want)
	}
}
