package vocab

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/superseriousbusiness/activity/streams"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// The documents of this test are those of alma at a.example.
const (
	almaID    = "https://a.example/ap/actors/1"
	bertaID   = "https://remote.example/users/berta"
	followers = almaID + "/followers"
	postID    = "https://a.example/ap/posts/7"
)

var noon = time.Date(2026, 5, 1, 12, 0, 0, 250e6, time.UTC)

func almaDoc() ActorDoc {
	return ActorDoc{
		ID: almaID, Type: "Person", Username: "alma", Name: "Alma & the owls", SummaryHTML: "<p>Owls</p>",
		URL: "https://a.example/@alma", Inbox: almaID + "/inbox", Outbox: almaID + "/outbox",
		SharedInbox: "https://a.example/ap/inbox", Followers: followers, Following: almaID + "/following",
		Featured: almaID + "/featured", PublicKeyID: almaID + "#main-key", PublicKeyPEM: "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
		Icon:        &Picture{URL: "https://a.example/media/1.webp", MediaType: "image/webp", Description: "An owl"},
		Image:       &Picture{URL: "https://a.example/media/2.webp", MediaType: "image/webp"},
		Fields:      []Field{{"Site", "https://alma.example"}, {"Pronouns", "she"}},
		Emojis:      []Emoji{{ID: "https://a.example/ap/emojis/owl", Shortcode: "owl", URL: "https://a.example/media/owl.png", MediaType: "image/png", Updated: noon.Truncate(time.Second)}},
		AlsoKnownAs: []string{"https://old.example/users/Alma%7Eé"},
		Published:   noon, Webfinger: "alma@a.example", Discoverable: true, Indexable: true,
	}
}

func noteDoc() NoteDoc {
	return NoteDoc{
		ID: postID, URL: "https://a.example/@alma/7", AttributedTo: almaID, ContentHTML: "<p>Owls & foxes</p>", Language: "en",
		Source: Source{"Owls & foxes", "text/markdown"}, Summary: "birds", Sensitive: true,
		InReplyTo: "https://remote.example/users/berta/statuses/1001", Context: "https://a.example/ap/contexts/3",
		Conversation: "tag:remote.example,2026-05-01:objectId=9:objectType=Conversation",
		Published:    noon, Updated: noon.Add(time.Minute), To: []string{Public}, CC: []string{followers, bertaID},
		Mentions:    []Mention{{bertaID, "@berta@remote.example"}},
		Hashtags:    []Tag{{"owl", "https://a.example/tags/owl"}},
		Attachments: []Attachment{{Type: "Document", URL: "https://a.example/media/3.webp", MediaType: "image/webp", Name: "Two owls", Blurhash: "UUUU", Width: 640, Height: 480, FocalX: 0.5, FocalY: -1}},
		Replies:     postID + "/replies", Likes: postID + "/likes", Shares: postID + "/shares",
	}
}

func envelope(name string, recipients ...string) Envelope {
	return Envelope{ID: almaID + "#" + name, Actor: almaID, To: recipients}
}

// foreignFollow is as another server sends it, with an id that does not lie
// below its actor and terms of its own.
const foreignFollow = `{"@context":["https://www.w3.org/ns/activitystreams","https://remote.example/schemas/litepub-0.1.jsonld"],
"id":"https://Remote.example/abc?x=1&y=2","type":"Follow","actor":"https://remote.example/users/berta","object":"https://a.example/ap/actors/1","state":"pending","n":1.50}`

// sent is every document we send, by the name of its golden file.
func sent(t testing.TB) map[string][]byte {
	t.Helper()
	docs := make(map[string][]byte)
	add := func(name string) func([]byte, error) []byte {
		return func(body []byte, err error) []byte {
			t.Helper()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			docs[name] = body
			return body
		}
	}
	add("actor-person")(almaDoc().JSON())
	add("actor-application")(ActorDoc{ID: "https://a.example/ap/actor", Type: "Application", Username: "a.example",
		Inbox: "https://a.example/ap/actor/inbox", Outbox: "https://a.example/ap/actor/outbox", Locked: true,
		PublicKeyID: "https://a.example/ap/actor#main-key", PublicKeyPEM: "PEM"}.JSON())
	gone := almaDoc()
	gone.Type, gone.MovedTo, gone.Memorial, gone.Suspended = "Service", "https://new.example/users/alma", true, true
	gone.FeaturedTags, gone.Updated = almaID+"/tags", noon
	add("actor-moved")(gone.JSON())
	add("note")(noteDoc().JSON())
	add("note-plain")(NoteDoc{ID: postID, AttributedTo: almaID, ContentHTML: "<p>Hi</p>", Published: noon, To: []string{followers}}.JSON())
	tombstone := TombstoneDoc{ID: postID, FormerType: "Note", Deleted: noon}
	add("tombstone")(tombstone.JSON())

	create := Envelope{ID: postID + "/activity", Actor: almaID}
	add("create")(Create(create, noteDoc()))
	add("update-note")(Update(Envelope{ID: postID + "#updates/1", Actor: almaID, Published: noon}, noteDoc()))
	add("update-actor")(Update(envelope("updates/2", Public), almaDoc()))
	add("delete")(Delete(envelope("deletes/1", Public), tombstone))
	add("delete-actor")(DeleteActor(envelope("delete", Public)))
	announced := Envelope{ID: almaID + "#announces/1", Actor: almaID, Published: noon, To: []string{Public}, CC: []string{followers, bertaID}}
	announce := add("announce")(Announce(announced, "https://remote.example/notes/1"))
	like := add("like")(Like(envelope("likes/1", bertaID), "https://remote.example/notes/1"))
	follow := add("follow")(Follow(envelope("follows/1", bertaID), bertaID))
	block := add("block")(Block(envelope("blocks/1", bertaID), bertaID))
	add("accept")(Accept(envelope("accepts/1", bertaID), []byte(foreignFollow)))
	add("reject")(Reject(envelope("rejects/1", bertaID), []byte(foreignFollow)))
	add("undo-announce")(Undo(envelope("undos/1", Public), announce))
	add("undo-like")(Undo(envelope("undos/2", bertaID), like))
	add("undo-follow")(Undo(envelope("undos/3", bertaID), follow))
	add("undo-block")(Undo(envelope("undos/4", bertaID), block))

	add("collection")(OrderedCollectionDoc{ID: followers, Total: 12, First: followers + "?page=1", Last: followers + "?page=2"}.JSON())
	add("collection-empty")(OrderedCollectionDoc{ID: almaID + "/featured"}.JSON())
	add("collection-featured")(OrderedCollectionDoc{ID: almaID + "/featured", Total: 1, Documents: [][]byte{docs["note"]}}.JSON())
	add("collection-page")(OrderedCollectionPageDoc{ID: followers + "?page=2", PartOf: followers, Next: followers + "?page=3",
		Prev: followers + "?page=1", Items: []string{bertaID}}.JSON())

	add("webfinger")(WebFingerJSON(WebFingerDoc{Subject: "acct:alma@a.example", Aliases: []string{"https://a.example/@alma", almaID},
		Self: almaID, ProfilePage: "https://a.example/@alma", Subscribe: "https://a.example/interact?uri={uri}"}))
	add("host-meta")(HostMetaJSON("https://a.example"))
	info := NodeInfoDoc{SoftwareVersion: "0.1.0", Repository: "https://code.example/seedling", Homepage: "https://seedling.example",
		OpenRegistration: true, Users: 5, ActiveMonth: 3, ActiveHalfyear: 4, Posts: 99, Metadata: map[string]any{"nodeName": "A & B"}}
	add("nodeinfo-2.0")(NodeInfoJSON(info, "2.0"))
	add("nodeinfo-2.1")(NodeInfoJSON(info, "2.1"))
	add("nodeinfo-links")(NodeInfoLinksJSON("https://a.example/nodeinfo/"))
	return docs
}

func TestGolden(t *testing.T) {
	for name, body := range sent(t) {
		t.Run(name, func(t *testing.T) {
			var got bytes.Buffer
			if err := json.Indent(&got, body, "", "  "); err != nil {
				t.Fatal(err)
			}
			got.WriteByte('\n')
			path := filepath.Join("testdata", "golden", name+".json")
			if *update {
				if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got.Bytes(), want) {
				t.Errorf("%s differs; got\n%s", path, got.Bytes())
			}
		})
	}
}

// TestContextIsComplete checks that every term we send is defined by the
// ActivityStreams context, by security/v1 or by the document itself.
func TestContextIsComplete(t *testing.T) {
	core := make(map[string]bool)
	for _, term := range strings.Fields(`@context id type
		Accept Announce Application Block Create Delete Document Follow Image Like Mention Note OrderedCollection
		OrderedCollectionPage Person Reject Service Tombstone Undo Update
		actor attachment attributedTo cc content contentMap context deleted endpoints first followers following formerType
		height href icon image inReplyTo inbox last likes mediaType name next object orderedItems outbox partOf
		preferredUsername prev published replies shares sharedInbox source summary tag to totalItems updated url width`) {
		core[term] = true
	}
	security := map[string]bool{"publicKey": true, "publicKeyPem": true, "owner": true}
	for name, body := range sent(t) {
		if strings.HasPrefix(name, "nodeinfo") || name == "webfinger" || name == "host-meta" {
			continue
		}
		var m tree
		if err := json.Unmarshal(body, &m); err != nil {
			t.Fatal(err)
		}
		defined := make(map[string]bool)
		list, _ := m["@context"].([]any)
		hasSecurity := false
		for _, e := range list {
			hasSecurity = hasSecurity || e == securityContext
			if inline, ok := e.(tree); ok {
				for term, definition := range inline {
					defined[term] = true
					checkPrefix(t, name, inline, definition)
				}
			}
		}
		if name == "accept" || name == "reject" { // a stranger's own terms
			defined["state"], defined["n"] = true, true
		}
		for _, term := range termsOf(m) {
			if !core[term] && !defined[term] && !(hasSecurity && security[term]) {
				t.Errorf("%s: the term %s is not defined", name, term)
			}
		}
	}
}

func checkPrefix(t *testing.T, name string, inline tree, definition any) {
	t.Helper()
	id, ok := definition.(string)
	if !ok {
		id = definition.(tree)["@id"].(string)
	}
	prefix, _, _ := strings.Cut(id, ":")
	if prefix != "as" && prefix != "https" && prefix != "http" && inline[prefix] == nil {
		t.Errorf("%s: the prefix of %s is not defined", name, id)
	}
}

// termsOf lists the keys and types below m, outside @context.
func termsOf(v any) []string {
	var terms []string
	switch v := v.(type) {
	case tree:
		for key, value := range v {
			terms = append(terms, key)
			if s, ok := value.(string); ok && key == "type" {
				terms = append(terms, s)
			}
			if key != "@context" && !strings.HasSuffix(key, "Map") {
				terms = append(terms, termsOf(value)...)
			}
		}
	case []any:
		for _, e := range v {
			terms = append(terms, termsOf(e)...)
		}
	}
	return terms
}

// TestLibraryReadsWhatWeSend checks our documents with the reader that
// GoToSocial uses.
func TestLibraryReadsWhatWeSend(t *testing.T) {
	for name, body := range sent(t) {
		if strings.HasPrefix(name, "nodeinfo") || name == "webfinger" || name == "host-meta" {
			continue
		}
		var m tree
		if err := json.Unmarshal(body, &m); err != nil {
			t.Fatal(err)
		}
		want, _ := m["type"].(string)
		got, err := streams.ToType(t.Context(), m)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got.GetTypeName() != want {
			t.Errorf("%s: got %s, want %s", name, got.GetTypeName(), want)
		}
	}
}

func TestListsAreAlwaysArrays(t *testing.T) {
	for name, body := range sent(t) {
		var m tree
		if err := json.Unmarshal(body, &m); err != nil {
			t.Fatal(err)
		}
		checkArrays(t, name, m)
	}
}

func checkArrays(t *testing.T, name string, m tree) {
	t.Helper()
	for _, key := range []string{"to", "cc", "tag", "attachment", "alsoKnownAs", "orderedItems"} {
		if v, ok := m[key]; ok {
			if _, ok := v.([]any); !ok {
				t.Errorf("%s: %s is %v, want an array", name, key, v)
			}
		}
	}
	if object, ok := m["object"].(tree); ok {
		checkArrays(t, name, object)
	}
}

func TestNoteRoundTrip(t *testing.T) {
	d := noteDoc()
	body, err := Create(Envelope{ID: postID + "/activity", Actor: almaID}, d)
	if err != nil {
		t.Fatal(err)
	}
	a, err := mustParse(t, body).Activity()
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "to", a.To, d.To)
	equal(t, "cc", a.CC, d.CC)
	equal(t, "date", a.Published, d.Published)
	o, err := a.Object.Embedded.Object()
	if err != nil {
		t.Fatal(err)
	}
	got := NoteDoc{
		ID: o.ID, URL: o.URL, AttributedTo: o.Author().ID, ContentHTML: o.Content, Language: o.Language, Source: o.Source,
		Summary: o.ContentWarning(), Sensitive: o.Sensitive, InReplyTo: o.InReplyTo.ID, Context: o.Context, Conversation: o.Conversation,
		Published: o.Published, Updated: o.Updated, To: o.To, CC: o.CC, Mentions: o.Mentions, Hashtags: o.Hashtags, Emojis: o.Emojis,
		Attachments: o.Attachments, Replies: o.Replies.ID, Likes: o.Likes.ID, Shares: o.Shares.ID,
	}
	equal(t, "note", got, d)
}

func TestActorRoundTrip(t *testing.T) {
	d := almaDoc()
	d.Locked, d.Memorial, d.Suspended, d.MovedTo = true, true, true, bertaID
	d.FeaturedTags, d.Updated = almaID+"/tags", noon
	d.Hashtags = []Tag{{"owl", "https://a.example/tags/owl"}}
	body, err := d.JSON()
	if err != nil {
		t.Fatal(err)
	}
	a, err := mustParse(t, body).Actor()
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "key owner", a.PublicKeyOwner, d.ID)
	d.Icon.MediaType, d.Icon.Description, d.Image.MediaType = "", "", "" // not read
	got := ActorDoc{
		ID: a.ID, Type: a.Type, Username: a.Username, Name: a.Name, SummaryHTML: a.SummaryHTML, URL: a.URL,
		Inbox: a.Inbox, Outbox: a.Outbox, SharedInbox: a.SharedInbox, Followers: a.Followers, Following: a.Following,
		Featured: a.Featured, FeaturedTags: a.FeaturedTags, PublicKeyID: a.PublicKeyID, PublicKeyPEM: a.PublicKeyPEM,
		Icon: &Picture{URL: a.IconURL}, Image: &Picture{URL: a.ImageURL}, Fields: a.Fields, Emojis: a.Emojis, Hashtags: a.Hashtags,
		AlsoKnownAs: a.AlsoKnownAs, MovedTo: a.MovedTo, Locked: a.Locked, Discoverable: a.Discoverable, Indexable: a.Indexable,
		Memorial: a.Memorial, Suspended: a.Suspended, Published: a.Published, Updated: a.Updated, Webfinger: a.Webfinger,
	}
	equal(t, "actor", got, d)
}

func TestActivitiesRoundTrip(t *testing.T) {
	kinds := map[string]string{"announce": "Announce", "like": "Like", "follow": "Follow", "block": "Block", "delete": "Delete",
		"accept": "Accept", "reject": "Reject", "undo-announce": "Undo", "undo-like": "Undo", "update-actor": "Update"}
	docs := sent(t)
	for name, kind := range kinds {
		a, err := mustParse(t, docs[name]).Activity()
		if err != nil {
			t.Fatal(err)
		}
		equal(t, name+" type", a.Type, kind)
		equal(t, name+" actor", a.Actor.ID, almaID)
		if a.Object.ID == "" {
			t.Errorf("%s: no object", name)
		}
	}
	undo, _ := mustParse(t, docs["undo-like"]).Activity()
	like, err := undo.Object.Embedded.Activity()
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "the like undone", []string{like.ID, like.Type, like.Actor.ID, like.Object.ID},
		[]string{almaID + "#likes/1", "Like", almaID, "https://remote.example/notes/1"})
}

// TestAcceptEchoesTheFollow: the id keeps each byte, and numbers their spelling.
func TestAcceptEchoesTheFollow(t *testing.T) {
	for _, answer := range []func(Envelope, []byte) ([]byte, error){Accept, Reject} {
		body, err := answer(envelope("answer", bertaID), []byte(foreignFollow))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{`"id":"https://Remote.example/abc?x=1&y=2"`, `"state":"pending"`, `"n":1.50`, `"object":"` + almaID + `"`} {
			if !strings.Contains(string(body), want) {
				t.Errorf("%s is not in %s", want, body)
			}
		}
		if strings.Contains(string(body), "litepub") {
			t.Error("the stranger's @context is sent on")
		}
	}
	if _, err := Accept(envelope("answer", bertaID), []byte(`{"id":1,"id":2}`)); err == nil {
		t.Error("a Follow that is not sound was embedded")
	}
}

func TestForeignIDsKeepEachByte(t *testing.T) {
	for _, id := range []string{"https://b.example/@ü", "https://b.example/%7euser", "https://b.example/a|b?c=d", "https://b.example/~/Blog%202/?x#", "https://B.example/#Main"} {
		body, err := Follow(envelope("follows/1"), id)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(body), `"object":"`+id+`"`) {
			t.Errorf("%s is not in %s", id, body)
		}
	}
}

// TestTextsThatLookLikeURIs: the library would drop them when reading, so that
// they must at least be written as given.
func TestTextsThatLookLikeURIs(t *testing.T) {
	d := almaDoc()
	d.Name, d.SummaryHTML, d.Username = "https://a.example/name", "https://a.example/summary", "user"
	d.Fields = []Field{{"https://a.example/field", "https://a.example/value"}}
	body, err := d.JSON()
	if err != nil {
		t.Fatal(err)
	}
	a, err := mustParse(t, body).Actor()
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "name", a.Name, d.Name)
	equal(t, "summary", a.SummaryHTML, d.SummaryHTML)
	equal(t, "fields", a.Fields, d.Fields)
}

func TestWritersRefuseWhatIsNoURI(t *testing.T) {
	note := func(change func(*NoteDoc)) error {
		d := noteDoc()
		change(&d)
		_, err := d.JSON()
		return err
	}
	actor := func(change func(*ActorDoc)) error {
		d := almaDoc()
		change(&d)
		_, err := d.JSON()
		return err
	}
	_, follow := Follow(envelope("follows/1"), "acct:berta@remote.example")
	_, noID := Like(Envelope{Actor: almaID}, postID)
	_, noSelf := WebFingerJSON(WebFingerDoc{Subject: "acct:alma@a.example"})
	_, noHost := WebFingerJSON(WebFingerDoc{Subject: "acct:alma", Self: almaID})
	for name, err := range map[string]error{
		"note without id":      note(func(d *NoteDoc) { d.ID = "" }),
		"note for nobody":      note(func(d *NoteDoc) { d.To, d.CC = nil, nil }),
		"note to a handle":     note(func(d *NoteDoc) { d.To = []string{"@berta"} }),
		"note from javascript": note(func(d *NoteDoc) { d.URL = "javascript:alert(1)" }),
		"actor without inbox":  actor(func(d *ActorDoc) { d.Inbox = "" }),
		"actor without name":   actor(func(d *ActorDoc) { d.Username = "" }),
		"actor of a note":      actor(func(d *ActorDoc) { d.Type = "Note" }),
		"actor with bad alias": actor(func(d *ActorDoc) { d.AlsoKnownAs = []string{"x"} }),
		"follow of a handle":   follow,
		"like without id":      noID,
		"webfinger without id": noSelf,
		"webfinger, no host":   noHost,
	} {
		var build *BuildError
		if !errors.As(err, &build) {
			t.Errorf("%s: got %v, want a BuildError", name, err)
		}
	}
}

func TestSummaryIsNullWithoutWarning(t *testing.T) {
	body, err := NoteDoc{ID: postID, AttributedTo: almaID, To: []string{Public}}.JSON()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"summary":null`, `"inReplyTo":null`, `"sensitive":false`, `"to":["` + Public + `"]`, `"cc":[]`, `"tag":[]`, `"attachment":[]`} {
		if !strings.Contains(string(body), want) {
			t.Errorf("%s is not in %s", want, body)
		}
	}
}

func TestDiscoveryRoundTrip(t *testing.T) {
	docs := sent(t)
	w, err := ReadWebFinger(docs["webfinger"])
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "webfinger", []string{w.Subject, w.Self, w.ProfilePage, w.Subscribe},
		[]string{"acct:alma@a.example", almaID, "https://a.example/@alma", "https://a.example/interact?uri={uri}"})
	href, err := ReadNodeInfoLinks(docs["nodeinfo-links"])
	if err != nil || href != "https://a.example/nodeinfo/2.1" {
		t.Errorf("nodeinfo links: got %q, %v", href, err)
	}
	n, err := ReadNodeInfo(docs["nodeinfo-2.1"])
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "nodeinfo", *n, NodeInfo{Version: "2.1", Software: SoftwareName, SoftwareVersion: "0.1.0", Protocols: []string{"activitypub"},
		OpenRegistration: true, Users: 5, ActiveMonth: 3, ActiveHalfyear: 4, Posts: 99, NodeName: "A & B"})
	if _, err := NodeInfoJSON(NodeInfoDoc{}, "3.0"); err == nil {
		t.Error("nodeinfo 3.0 was written")
	}
}

func TestHostMetaXML(t *testing.T) {
	var xrd struct {
		Link struct {
			Rel      string `xml:"rel,attr"`
			Template string `xml:"template,attr"`
		}
	}
	if err := xml.Unmarshal(HostMetaXML("https://a.example"), &xrd); err != nil {
		t.Fatal(err)
	}
	equal(t, "link", xrd.Link.Rel+" "+xrd.Link.Template, "lrdd https://a.example/.well-known/webfinger?resource={uri}")
}
