package inbox_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"seedling/federation/fedtest"
	"seedling/store"
	"seedling/store/content"
	"seedling/store/storetest"
)

// quoteJobs does the jobs that read quoted posts, and returns how many there were.
func (w *world) quoteJobs() (n int) {
	w.Helper()
	for {
		jobs, err := w.db.ClaimJobs(ctx, 20, time.Minute)
		w.must(err)
		if len(jobs) == 0 {
			return n
		}
		for _, j := range jobs {
			if j.Kind == store.JobQuote {
				n++
				p, err := strconv.ParseInt(j.Payload, 10, 64)
				w.must(err)
				if err := w.resolver.CompleteQuote(ctx, p); err != nil {
					w.Log("quote job: ", err)
				}
			}
			w.must(w.db.FinishJob(ctx, j.ID))
		}
	}
}

// quoteOf tells what alice sees quoted in a post: "nothing", the text of the
// quoted post, or why it is not shown.
func (w *world) quoteOf(uri string) string {
	w.Helper()
	v, err := w.db.PostVisibleTo(ctx, w.post(uri).ID, store.AsMember(w.alice.ID))
	w.must(err)
	q := v.Quote
	switch {
	case q == nil:
		return "nothing"
	case q.Hidden:
		return "hidden"
	case q.Post != nil:
		return q.Post.HTML.String()
	}
	return [...]string{"away", "waiting", "approved, away", "removed"}[q.State]
}

func (w *world) arrives(by *fedtest.Actor, id string, more ...map[string]any) {
	w.Helper()
	w.send(by, by.Activity("Create", note(by, id, "<p>mine</p>", more...)), 202)
	w.quoteJobs()
}

// TestQuoteShapes delivers a quote under each name that is in use.
func TestQuoteShapes(t *testing.T) {
	const asType = `application/ld+json; profile="https://www.w3.org/ns/activitystreams"`
	for name, extra := range map[string]func(uri string) map[string]any{
		"Misskey":      func(u string) map[string]any { return map[string]any{"_misskey_quote": u, "quoteUrl": u} },
		"only Misskey": func(u string) map[string]any { return map[string]any{"_misskey_quote": u} },
		"Akkoma":       func(u string) map[string]any { return map[string]any{"quoteUri": u, "quoteUrl": u} },
		"Fedibird":     func(u string) map[string]any { return map[string]any{"quoteUri": u} },
		"empty first":  func(u string) map[string]any { return map[string]any{"quoteUrl": "", "quoteUri": u} },
		"quoteURL":     func(u string) map[string]any { return map[string]any{"quoteURL": u} },
		"FEP-e232": func(u string) map[string]any {
			return map[string]any{"tag": []any{map[string]any{"type": "Link", "href": u, "mediaType": asType, "name": "RE: " + u}}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			third := w.net.Server("third.example")
			quoted := third.Actor("carol").Note("<p>theirs</p>")["id"].(string)
			w.arrives(w.bob, "https://far.example/notes/1", extra(quoted))
			if got, want := w.quoteOf("https://far.example/notes/1"), "<p>theirs</p>"; got != want {
				t.Errorf("a quote of a public post shows %s, want %s", got, want)
			}
		})
	}
}

func TestQuotesWithoutEnd(t *testing.T) {
	w := newWorld(t)
	self := "https://far.example/notes/self"
	w.arrives(w.bob, self, map[string]any{"quoteUrl": self, "_misskey_quote": self})
	if got := w.quoteOf(self); got != "nothing" {
		t.Errorf("a post that quotes itself shows %s, want nothing", got)
	}
	one, two := "https://far.example/notes/c1", "https://far.example/notes/c2"
	w.far.Handle("/notes/c2", note(w.bob, two, "<p>two</p>", map[string]any{"quoteUrl": one}))
	w.arrives(w.bob, one, map[string]any{"quoteUrl": two})
	if got := w.quoteOf(one) + w.quoteOf(two); got != "<p>two</p><p>mine</p>" {
		t.Errorf("two posts that quote each other show %s", got)
	}
	chain := func(i int) string { return fmt.Sprintf("https://far.example/notes/chain%d", i) }
	for i := 1; i < 6; i++ {
		w.far.Handle(fmt.Sprintf("/notes/chain%d", i), note(w.bob, chain(i), "<p>next</p>", map[string]any{"quoteUrl": chain(i + 1)}))
	}
	w.arrives(w.bob, chain(0), map[string]any{"quoteUrl": chain(1)})
	if got := w.quoteOf(chain(0)) + w.quoteOf(chain(1)); got != "<p>next</p>away" {
		t.Errorf("a chain shows %s, want its first step only", got)
	}
	w.missing(chain(2))
}

func TestQuotedPostThatIsNotForEveryone(t *testing.T) {
	w := newWorld(t)
	secret := storetest.Post(t, w.db, w.alice, "for followers", store.Followers)
	w.arrives(w.bob, "https://far.example/notes/1", map[string]any{"quoteUrl": secret.URI})
	if got := w.quoteOf("https://far.example/notes/1"); got != "hidden" {
		t.Errorf("the quote of a private post shows %s to its author, want hidden: nobody else can see it", got)
	}
	public := storetest.Post(t, w.db, w.alice, "for all", store.Public)
	w.arrives(w.bob, "https://far.example/notes/2", map[string]any{"quoteUrl": public.URI})
	if got := w.quoteOf("https://far.example/notes/2"); got != "<p>for all</p>" {
		t.Errorf("the quote shows %s", got)
	}
	w.must(w.db.DeletePost(ctx, w.alice.ID, public.ID))
	if got := w.quoteOf("https://far.example/notes/2"); got != "removed" {
		t.Errorf("after its deletion the quote shows %s, want removed", got)
	}
}

// TestQuoteNeedsTheStampOfItsAuthor: servers that know consent must show it
// (FEP-044f; attack: forged, borrowed and revoked stamps).
func TestQuoteNeedsTheStampOfItsAuthor(t *testing.T) {
	const id, stampID = "https://far.example/notes/1", "https://third.example/stamps/1"
	stamp := func(change map[string]any) map[string]any {
		s := map[string]any{"@context": []any{"https://www.w3.org/ns/activitystreams"}, "id": stampID, "type": "QuoteAuthorization",
			"attributedTo": "https://third.example/users/carol", "interactingObject": id, "interactionTarget": "https://third.example/notes/1"}
		for k, v := range change {
			if s[k] = v; v == nil {
				delete(s, k)
			}
		}
		return s
	}
	for name, c := range map[string]struct {
		stampURI any
		stamp    map[string]any
		want     string
	}{
		"good":               {stampID, nil, "<p>theirs</p>"},
		"good, unattributed": {stampID, map[string]any{"attributedTo": nil}, "<p>theirs</p>"},
		"none":               {nil, nil, "waiting"},
		"for another quote":  {stampID, map[string]any{"interactingObject": "https://far.example/notes/2"}, "waiting"},
		"of another post":    {stampID, map[string]any{"interactionTarget": "https://third.example/notes/2"}, "waiting"},
		"by somebody else":   {stampID, map[string]any{"attributedTo": "https://third.example/users/mallory"}, "waiting"},
		"of another type":    {stampID, map[string]any{"type": "LikeAuthorization"}, "waiting"},
		"by the quoter":      {"https://far.example/stamps/1", nil, "waiting"},
		"that is not there":  {"https://third.example/stamps/2", nil, "waiting"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			third := w.net.Server("third.example")
			carol := third.Actor("carol", map[string]any{})
			target := "https://third.example/notes/1"
			third.Handle("/notes/1", note(carol, target, "<p>theirs</p>"))
			change := map[string]any{"attributedTo": carol.ID}
			for k, v := range c.stamp {
				change[k] = v
			}
			third.Handle("/stamps/1", stamp(change))
			far := stamp(change)
			far["id"] = "https://far.example/stamps/1"
			w.far.Handle("/stamps/1", far)
			w.arrives(w.bob, id, map[string]any{"quote": target, "quoteUri": target, "quoteAuthorization": c.stampURI})
			if got := w.quoteOf(id); got != c.want {
				t.Fatalf("the quote shows %s, want %s", got, c.want)
			}
			if c.want == "waiting" {
				return
			}
			w.send(w.bob, w.bob.Activity("Delete", stampID), 403)
			mallory := third.Actor("mallory")
			w.send(mallory, mallory.Activity("Delete", stampID), 202)
			if got := w.quoteOf(id); got != c.want {
				t.Errorf("a stranger revoked the stamp: the quote shows %s", got)
			}
			w.send(carol, carol.Activity("Delete", map[string]any{"id": stampID, "type": "QuoteAuthorization"}), 202)
			if got := w.quoteOf(id); got != "removed" {
				t.Errorf("after the revocation the quote shows %s, want removed", got)
			}
		})
	}
}

// TestStampComesWithAnUpdate: Mastodon sends the quote first, and again when it is approved.
func TestStampComesWithAnUpdate(t *testing.T) {
	w := newWorld(t)
	third := w.net.Server("third.example")
	carol := third.Actor("carol")
	target, id := "https://third.example/notes/1", "https://far.example/notes/1"
	third.Handle("/notes/1", note(carol, target, "<p>theirs</p>"))
	third.Handle("/stamps/1", map[string]any{"id": "https://third.example/stamps/1", "type": "QuoteAuthorization", "attributedTo": carol.ID,
		"interactingObject": id, "interactionTarget": target})
	w.arrives(w.bob, id, map[string]any{"quote": target})
	if got := w.quoteOf(id); got != "waiting" {
		t.Fatalf("before its approval the quote shows %s, want waiting", got)
	}
	w.send(w.bob, w.bob.Activity("Update", note(w.bob, id, "<p>mine</p>", map[string]any{"quote": target, "quoteAuthorization": "https://third.example/stamps/1"})), 202)
	w.quoteJobs()
	if got := w.quoteOf(id); got != "<p>theirs</p>" {
		t.Errorf("after its approval the quote shows %s", got)
	}
}

func TestQuotesOfOneselfNeedNoStamp(t *testing.T) {
	w := newWorld(t)
	w.arrives(w.bob, "https://far.example/notes/1")
	w.arrives(w.bob, "https://far.example/notes/2", map[string]any{"quote": "https://far.example/notes/1"})
	if got := w.quoteOf("https://far.example/notes/2"); got != "<p>mine</p>" {
		t.Errorf("a quote of oneself shows %s", got)
	}
}

func TestPolicyAgainstOldQuotes(t *testing.T) {
	w := newWorld(t)
	nobody := map[string]any{"interactionPolicy": map[string]any{"canQuote": map[string]any{"automaticApproval": []any{w.eve.ID}}}}
	w.arrives(w.eve, "https://far.example/notes/1", nobody)
	w.arrives(w.bob, "https://far.example/notes/2", map[string]any{"quoteUrl": "https://far.example/notes/1"})
	if got := w.quoteOf("https://far.example/notes/2"); got != "waiting" {
		t.Errorf("a post that nobody may quote shows %s in an old quote, want waiting", got)
	}
}

// TestQuoteRequestsAreAnswered delivers requests, good and bad (FEP-044f).
func TestQuoteRequestsAreAnswered(t *testing.T) {
	w := newWorld(t)
	p := storetest.Post(t, w.db, w.alice, "quote me", store.Public)
	ask := func(object, instrument any) map[string]any {
		return w.bob.Activity("QuoteRequest", object, map[string]any{"instrument": instrument})
	}
	w.send(w.bob, ask(p.URI, nil), 400)
	w.send(w.bob, ask(p.URI, "https://third.example/notes/1"), 403)
	w.send(w.bob, ask("https://third.example/notes/1", "https://far.example/notes/1"), 202)
	w.send(w.bob, ask(w.db.URL()+"/ap/posts/1", "https://far.example/notes/1"), 202)
	before, err := w.db.Outbox(ctx, 100)
	w.must(err)

	id := "https://far.example/notes/1"
	w.send(w.bob, ask(p.URI, note(w.bob, id, "<p>forged</p>")), 202)
	w.missing(id) // what the request says of it is not believed
	items, err := w.db.Outbox(ctx, 100)
	w.must(err)
	if len(items) != len(before)+1 || items[len(items)-1].Kind != store.OutboxAcceptQuote || items[len(items)-1].Stamp == "" {
		t.Fatalf("told are %+v, want one Accept with a stamp", items[len(before):])
	}
	w.arrives(w.bob, id, map[string]any{"quote": p.URI, "quoteAuthorization": items[len(items)-1].Stamp})
	if got := w.quoteOf(id); got != "<p>quote me</p>" {
		t.Errorf("the approved quote shows %s", got)
	}
	w.arrives(w.bob, "https://far.example/notes/2", map[string]any{"quote": p.URI, "quoteAuthorization": items[len(items)-1].Stamp})
	if got := w.quoteOf("https://far.example/notes/2"); got != "waiting" {
		t.Errorf("a second quote with the stamp of the first shows %s, want waiting", got)
	}
}

// TestAnswersToOurRequests: only who was asked can approve, with a stamp of their host.
func TestAnswersToOurRequests(t *testing.T) {
	w := newWorld(t)
	w.arrives(w.bob, "https://far.example/notes/1", map[string]any{"interactionPolicy": map[string]any{"canQuote": map[string]any{
		"automaticApproval": []any{"https://www.w3.org/ns/activitystreams#Public"}}}})
	p, err := w.db.CreatePost(ctx, store.Draft{AuthorID: w.alice.ID, Source: content.Source{Text: "look", Format: content.Plain},
		QuoteID: w.post("https://far.example/notes/1").ID})
	w.must(err)
	request := map[string]any{"type": "QuoteRequest", "id": p.URI + "#quote", "actor": w.alice.URI, "object": "https://far.example/notes/1", "instrument": p.URI}
	for _, object := range []any{request, request["id"]} {
		w.send(w.eve, w.eve.Activity("Accept", object, map[string]any{"result": "https://far.example/stamps/1"}), 202)
		w.send(w.bob, w.bob.Activity("Accept", object, map[string]any{"result": "https://bad.example/stamps/1"}), 403)
	}
	if got := w.quoteOf(p.URI); got != "waiting" {
		t.Errorf("after answers that do not count the quote shows %s, want waiting", got)
	}
	w.send(w.bob, w.bob.Activity("Accept", request, map[string]any{"result": "https://far.example/stamps/1"}), 202)
	if got := w.quoteOf(p.URI); got != "<p>mine</p>" {
		t.Errorf("after the approval the quote shows %s", got)
	}
	w.send(w.bob, w.bob.Activity("Reject", request["id"]), 202)
	if got := w.quoteOf(p.URI); got != "removed" {
		t.Errorf("after a Reject the quote shows %s, want removed", got)
	}
}
