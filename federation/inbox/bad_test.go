package inbox_test

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"seedling/federation/fedtest"
	"seedling/store"
	"seedling/store/content"
	"seedling/store/storetest"
)

// What servers send that is wrong, and the test of each (others are in the
// packages named):
//
//	actor, object and signer disagree           TestActorObjectAndSignerDisagree
//	forged contents of another host's object    TestActorObjectAndSignerDisagree, TestAnnounceWithForgedContents
//	Move without the back link, in circles      TestMovesThatAreRefused
//	Accept of a follow that was never sent      TestAcceptOfNothing
//	votes late, twice, for nothing, by strangers  TestVotesAreCountedOnceAndAreNoPosts, TestVotesByStrangers,
//	                                            store: TestVotesFromElsewhereCountOnce
//	collections that loop, lie, never end       actor: TestCollectionsThatLie
//	an id in other letters or percent-encoding  TestSpellingsOfAnID
//	hosts as IDN, with ports, dots, credentials TestSpellingsOfAnID
//	ids with fragments                          TestSpellingsOfAnID
//	dates in the year 1 and 9999                TestImpossibleDates
//	10,000 mentions, 500 attachments            TestHugeLists
//	emoji with the shortcode of a local one     server: TestCustomEmojiBetweenServers
//	circles of inReplyTo                        TestReplyCircles
//	actors that change type or key              TestActorsChangeOnlyWithProof
//	a keyId on another host                     TestSignaturesThatAreRefused, TestActorsChangeOnlyWithProof
//	WebFinger about an account of a third       TestWebFingerAboutAThird
//
// noticed counts what was refused or ignored, for the admin.
func (w *world) noticed() (n int) {
	for _, counts := range []map[string]int{w.inbox.Refused(), w.inbox.Ignored()} {
		for k := range maps.Values(counts) {
			n += k
		}
	}
	return n
}

// TestActorObjectAndSignerDisagree has each way in which the three owners can
// differ, for what makes, changes and removes. Bob's post and ours stay as they were.
func TestActorObjectAndSignerDisagree(t *testing.T) {
	w := newWorld(t)
	carol := w.net.Server("third.example").Actor("carol")
	kept := "https://far.example/notes/kept"
	w.send(w.bob, w.bob.Activity("Create", note(w.bob, kept, "<p>mine</p>")), 202)
	ours := storetest.Post(t, w.db, w.alice, "ours", store.Public)
	later := map[string]any{"updated": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)}
	people := map[string]*fedtest.Actor{"bob": w.bob, "eve": w.eve, "carol": carol}
	for _, kind := range []string{"Create", "Update", "Delete"} {
		for signer, by := range people {
			for actor, as := range people {
				for _, owner := range []string{"bob", "alice"} {
					if signer == "bob" && actor == "bob" && owner == "bob" {
						continue // bob may
					}
					t.Run(fmt.Sprintf("%s signed by %s as %s of what is %s's", kind, signer, actor, owner), func(t *testing.T) {
						w := *w
						w.T = t
						before := w.noticed()
						object := note(w.bob, kept, "<p>forged</p>", later)
						if owner == "alice" {
							object = note(w.bob, ours.URI, "<p>forged</p>", later, map[string]any{"attributedTo": w.alice.URI})
						}
						want := 403
						if signer != actor {
							want = 401
						}
						w.send(by, as.Activity(kind, object), want)
						if w.noticed() == before {
							t.Error("it is not counted")
						}
						if got := w.post(kept).HTML.String(); got != "<p>mine</p>" {
							t.Errorf("bob's post became %q", got)
						}
						if got := w.post(ours.URI).HTML.String(); got != "<p>ours</p>" {
							t.Errorf("our post became %q", got)
						}
					})
				}
			}
		}
	}
}

// A copy inside an Announce proves nothing, whoever it claims to be by.
func TestAnnounceWithForgedContents(t *testing.T) {
	w := newWorld(t)
	carol := w.net.Server("third.example").Actor("carol")
	true1 := carol.Note("<p>true</p>")
	id := true1["id"].(string)
	forged := note(carol, id, "<p>forged</p>")
	for _, what := range []any{forged, carol.Activity("Create", forged), carol.Activity("Update", forged)} {
		w.send(w.bob, w.bob.Activity("Announce", what), 202)
	}
	w.missing(id)
	jobs, err := w.db.ClaimJobs(ctx, 10, time.Minute)
	w.must(err)
	for _, j := range jobs {
		if j.Kind == store.JobBoost {
			w.must(w.inbox.RunBoost(ctx, j.Payload))
		}
	}
	if got := w.post(id).HTML.String(); got != "<p>true</p>" {
		t.Errorf("stored %q, want what its own server says", got)
	}
}

// One id in many spellings: those that mean the same host are refused, those
// that differ in the path are other ids, and none touches the first.
func TestSpellingsOfAnID(t *testing.T) {
	w := newWorld(t)
	id := "https://far.example/notes/a"
	w.send(w.bob, w.bob.Activity("Create", note(w.bob, id, "<p>first</p>")), 202)
	ours := storetest.Post(t, w.db, w.alice, "ours", store.Public)
	path := strings.TrimPrefix(ours.URI, "https://here.example")
	for spelled, status := range map[string]int{
		"HTTPS://FAR.example/notes/a":        202, // the same, stored already
		"https://far.example:443/notes/a":    400,
		"https://far.example./notes/a":       400,
		"https://bob@far.example/notes/a":    400,
		"https://far.example:8443/notes/a":   403,
		"https://fаr.example/notes/a":        400, // with a Cyrillic letter
		"https://xn--fr-7kc.example/notes/a": 403, // the same in punycode
		"https://far.example/notes/%61":      202,
		"https://far.example/Notes/a":        202,
		"https://far.example/notes/a#x":      202,
		"https://far.example/notes/../n/a":   202,
		"https://here.example:443" + path:    400,
		"https://here.example." + path:       400,
		"https://HERE.example" + path:        403,
		ours.URI + "#x":                      403,
		"http://far.example/notes/a":         403,
	} {
		w.send(w.bob, w.bob.Activity("Create", note(w.bob, spelled, "<p>second</p>")), status)
		if got := w.post(id).HTML.String(); got != "<p>first</p>" {
			t.Errorf("%s: the first became %q", spelled, got)
		}
		if got := w.post(ours.URI).HTML.String(); got != "<p>ours</p>" {
			t.Errorf("%s: ours became %q", spelled, got)
		}
	}
}

func TestImpossibleDates(t *testing.T) {
	w := newWorld(t)
	for _, date := range []string{"0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "-5000-01-01T00:00:00Z", "2026-13-45T99:00:00Z", "yesterday", "1969-12-31T23:59:59Z"} {
		id := "https://far.example/dated/" + strings.ReplaceAll(date, ":", "")
		w.send(w.bob, w.bob.Activity("Create", note(w.bob, id, "<p>x</p>", map[string]any{"published": date, "updated": date})), 202)
		p := w.post(id)
		if since := time.Since(p.CreatedAt); since < -time.Minute || since > time.Minute {
			t.Errorf("%s: dated %v, want when it came", date, p.CreatedAt)
		}
		if p.EditedAt.After(time.Now()) {
			t.Errorf("%s: edited %v", date, p.EditedAt)
		}
	}
}

// Attacks 20, 67 and 68: nobody is asked about 10,000 names, and what is kept
// is bounded.
func TestHugeLists(t *testing.T) {
	w := newWorld(t)
	var tags, files, to []any
	for i := range 3000 {
		uri := fmt.Sprintf("https://third.example/users/u%d", i)
		to = append(to, uri)
		tags = append(tags, map[string]any{"type": "Mention", "href": uri}, map[string]any{"type": "Hashtag", "name": fmt.Sprint("#t", i)})
	}
	tags = append(tags, map[string]any{"type": "Mention", "href": w.alice.URI})
	for i := range 500 {
		files = append(files, map[string]any{"type": "Image", "url": fmt.Sprintf("https://far.example/%d.png", i), "mediaType": "image/png"})
	}
	id := "https://far.example/notes/huge"
	before := len(w.net.Server("third.example").Requests(nil))
	w.send(w.bob, w.bob.Activity("Create", note(w.bob, id, "<p>x</p>", map[string]any{"tag": tags, "attachment": files, "cc": to})), 202)
	v, err := w.db.PostVisibleTo(ctx, w.post(id).ID, store.AsMember(w.alice.ID))
	w.must(err)
	if len(v.Attachments) > 32 || len(v.Mentions) > 100 {
		t.Errorf("%d files and %d mentions are kept", len(v.Attachments), len(v.Mentions))
	}
	for i, want := range map[int]int{0: 1, 49: 1, 50: 0, 499: 0} {
		page, err := w.db.TagTimeline(ctx, fmt.Sprint("t", i), store.AsMember(w.alice.ID), store.Cursor{})
		w.must(err)
		if len(page.Posts) != want {
			t.Errorf("hashtag %d of the post leads to %d posts, want %d", i, len(page.Posts), want)
		}
	}
	if n := len(w.net.Server("third.example").Requests(nil)) - before; n != 0 {
		t.Errorf("%d requests were made for the names", n)
	}
}

func TestReplyCircles(t *testing.T) {
	w := newWorld(t)
	self, a, b := "https://far.example/notes/self", "https://far.example/notes/a", "https://far.example/notes/b"
	answering := func(id string) map[string]any { return map[string]any{"inReplyTo": id} }
	w.send(w.bob, w.bob.Activity("Create", note(w.bob, self, "<p>me</p>", answering(self))), 202)
	w.send(w.bob, w.bob.Activity("Create", note(w.bob, a, "<p>a</p>", answering(b))), 202)
	w.send(w.bob, w.bob.Activity("Create", note(w.bob, b, "<p>b</p>", answering(a))), 202)
	for _, id := range []string{self, a, b} {
		p := w.post(id)
		w.must(w.resolver.CompleteParents(ctx, p.ID))
		th, err := w.db.Thread(ctx, p.ID, store.AsMember(w.alice.ID))
		w.must(err)
		if n := len(th.Ancestors) + len(th.Replies); n > 2 {
			t.Errorf("the thread of %s has %d posts around it, want at most 2", id, n)
		}
		_, err = w.db.CreatePost(ctx, store.Draft{AuthorID: w.alice.ID, Source: content.Source{Text: "ends"}, ReplyToID: p.ID})
		w.must(err)
	}
}

// Nobody becomes something else, or gets another key, by the word of another;
// and their own word about a key is read where it is published.
func TestActorsChangeOnlyWithProof(t *testing.T) {
	w := newWorld(t)
	w.send(w.bob, w.bob.Activity("Like", "https://far.example/x"), 202)
	before, err := w.db.AccountByURI(ctx, w.bob.ID)
	w.must(err)
	changed := func(by *fedtest.Actor) map[string]any {
		doc := w.bob.Document()
		doc["type"], doc["name"] = "Group", "Somebody"
		doc["publicKey"] = map[string]any{"id": w.bob.KeyID, "owner": w.bob.ID, "publicKeyPem": by.Document()["publicKey"].(map[string]any)["publicKeyPem"]}
		return doc
	}
	w.send(w.eve, w.eve.Activity("Update", changed(w.eve)), 403)
	w.send(w.eve, w.bob.Activity("Update", changed(w.eve)), 401)
	w.send(w.eve, w.eve.Activity("Create", changed(w.eve)), 202) // no post, so nothing
	w.send(w.bob, w.bob.Activity("Update", changed(w.eve)), 202) // taken as a reason to look
	foreign := w.bob.Document()
	foreign["publicKey"] = map[string]any{"id": "https://third.example/key", "owner": w.bob.ID, "publicKeyPem": "x"}
	w.send(w.bob, w.bob.Activity("Update", foreign), 202)
	after, err := w.db.AccountByURI(ctx, w.bob.ID)
	w.must(err)
	if after.Kind != before.Kind || after.PublicKey != before.PublicKey || after.KeyURI != before.KeyURI || after.DisplayName != before.DisplayName {
		t.Errorf("bob became %+v", after)
	}
}

// A host names accounts of a third in WebFinger: who is found is known by the
// name that their own server gives.
func TestWebFingerAboutAThird(t *testing.T) {
	w := newWorld(t)
	liar := w.net.Server("liar.example")
	liar.Handle("/.well-known/webfinger?resource=acct%3Apresident%40liar.example", map[string]any{"subject": "acct:president@liar.example",
		"links": []any{map[string]any{"rel": "self", "type": "application/activity+json", "href": w.bob.ID}}}, "application/jrd+json")
	a, err := w.resolver.ByHandle(ctx, content.Handle{Username: "president", Host: "liar.example"})
	if err != nil || a.Acct() != "bob@far.example" {
		t.Errorf("found %v, %v; want bob by his own name", a, err)
	}
	if a, err := w.db.AccountByHandle(ctx, content.Handle{Username: "president", Host: "liar.example"}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the lie is kept: %v, %v", a, err)
	}
}

// What means nothing to us is taken and counted, so that nobody sends it again.
func TestActivitiesOfOtherWorlds(t *testing.T) {
	w := newWorld(t)
	for _, kind := range []string{"View", "Read", "Listen", "Arrive", "Bite", "Offer", "Join", "Leave", "Invite", "Ignore", "Travel", "TentativeAccept", "WatchAction", "x:Nonsense"} {
		for _, object := range []any{"https://far.example/x", map[string]any{"type": "Event", "name": "x"}, w.alice.URI, nil} {
			w.send(w.bob, w.bob.Activity(kind, object), 202)
		}
		if n := w.inbox.Ignored()[strings.TrimPrefix(kind, "x:")] + w.inbox.Ignored()[kind]; n < 4 {
			t.Errorf("%s: counted %d, want 4: %v", kind, n, w.inbox.Ignored())
		}
		w.send(w.bob, w.bob.Activity("Undo", w.bob.Activity(kind, w.alice.URI)), 202)
	}
	for _, target := range []string{w.bob.ID + "/shelves/read", w.bob.ID + "/lists/1"} { // BookWyrm
		edition := map[string]any{"type": "Edition", "id": "https://far.example/book/1", "title": "Moss"}
		w.send(w.bob, w.bob.Activity("Add", edition, map[string]any{"target": target}), 202)
		w.send(w.bob, w.bob.Activity("Remove", edition, map[string]any{"target": target}), 202)
	}
	w.send(w.bob, w.bob.Activity("Undo", w.bob.Activity("Delete", "https://far.example/notes/7")), 202)
	w.send(w.eve, w.eve.Activity("Undo", w.bob.Activity("Delete", "https://far.example/notes/7")), 403)
}

// An Accept or Reject of a follow that nobody asked for makes none.
func TestAcceptOfNothing(t *testing.T) {
	w := newWorld(t)
	bob, err := w.resolver.ByURI(ctx, w.bob.ID)
	w.must(err)
	pair := map[string]any{"type": "Follow", "actor": w.alice.URI, "object": w.bob.ID}
	for _, object := range []any{pair, "https://here.example/ap/follows/1", w.alice.URI, "https://far.example/follows/1", map[string]any{"type": "Follow"}} {
		for _, kind := range []string{"Accept", "Reject"} {
			before := w.noticed()
			w.send(w.bob, w.bob.Activity(kind, object), 202)
			if r, err := w.db.Relation(ctx, w.alice.ID, bob.ID); err != nil || r.Following || r.Requested {
				t.Errorf("%s of %v: %+v (%v), want no follow", kind, object, r, err)
			}
			if w.noticed() == before {
				t.Errorf("%s of %v is not counted", kind, object)
			}
		}
	}
}
