package actor_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"seedling/federation/fedtest"
	"seedling/store"
	"seedling/store/content"
)

// replies adds a collection of replies to a note that is served.
func replies(s *fedtest.Server, note map[string]any, items ...any) {
	id := note["id"].(string)
	note["replies"] = map[string]any{"id": id + "/replies", "type": "Collection", "first": map[string]any{
		"type": "CollectionPage", "partOf": id + "/replies", "items": items}}
	s.Handle(strings.TrimPrefix(id, s.URL()), note)
}

// complete runs the completion of a thread and returns the texts of what is
// then below its post, and what each server brought.
func (w *world) complete(uri string) (texts []string, result *store.Completion) {
	w.Helper()
	p, err := w.r.Post(ctx, uri)
	w.must(err)
	_, err = w.db.CompleteThread(ctx, p.ID, 0)
	w.must(err)
	w.must(w.r.CompleteThread(ctx, p.ID))
	th, err := w.db.Thread(ctx, p.ID, store.Viewer{})
	w.must(err)
	var walk func([]*store.Reply)
	walk = func(list []*store.Reply) {
		for _, r := range list {
			texts = append(texts, content.PlainText(r.Post.HTML))
			walk(r.Children)
		}
	}
	walk(th.Replies)
	result, err = w.db.Completion(ctx, p.ID)
	w.must(err)
	if result.EndedAt.IsZero() {
		w.Error("the result does not say that it ended")
	}
	return texts, result
}

func hostResult(c *store.Completion, host string) store.CompletionHost {
	for _, h := range c.Hosts {
		if h.Host == host {
			return h
		}
	}
	return store.CompletionHost{}
}

func TestThreadIsCompletedAcrossServers(t *testing.T) {
	w := newWorld(t)
	far, third, fourth := w.net.Server("far.example"), w.net.Server("third.example"), w.net.Server("fourth.example")
	bob, carol, dora := far.Actor("bob"), third.Actor("carol"), fourth.Actor("dora")
	root := bob.Note("root")
	answer := func(a *fedtest.Actor, to map[string]any, text string) map[string]any {
		return a.Note(text, map[string]any{"inReplyTo": to["id"]})
	}
	one := answer(carol, root, "one")
	deep := answer(dora, one, "deep")
	own := answer(bob, root, "own")
	paged := answer(carol, root, "paged")
	// An id, a whole post of the host itself, and a further page.
	root["replies"] = map[string]any{"id": bob.ID + "/r", "type": "Collection", "first": map[string]any{
		"type": "CollectionPage", "items": []any{one["id"], own}, "next": bob.ID + "/r/2"}}
	far.Handle(strings.TrimPrefix(root["id"].(string), far.URL()), root)
	far.Handle("/users/bob/r/2", map[string]any{"id": bob.ID + "/r/2", "type": "CollectionPage", "items": []any{paged["id"]}})
	replies(third, one, deep["id"]) // known to carol's server only
	texts, c := w.complete(root["id"].(string))
	slices.Sort(texts) // all are of the same second
	if fmt.Sprint(texts) != "[deep one own paged]" {
		t.Errorf("the thread is %q", texts)
	}
	for host, want := range map[string]int{"far.example": 1, "third.example": 2, "fourth.example": 1} {
		if got := hostResult(c, host); got.Brought != want || got.Failed != 0 {
			t.Errorf("%s: %+v, want %d posts", host, got, want)
		}
	}
	if c.Posts != 4 || c.Stopped != "" {
		t.Errorf("result %+v, want 4 posts", c)
	}
}

func TestContextCompletesAThread(t *testing.T) {
	w := newWorld(t)
	far, third := w.net.Server("far.example"), w.net.Server("third.example")
	bob, carol := far.Actor("bob"), third.Actor("carol")
	in := map[string]any{"context": "https://far.example/contexts/1"}
	root := bob.Note("root", in)
	reply := carol.Note("reply", in, map[string]any{"inReplyTo": root["id"]})
	below := carol.Note("below", in, map[string]any{"inReplyTo": reply["id"]})
	stranger := carol.Note("a post that knows nothing of it")
	far.Handle("/contexts/1", map[string]any{"id": in["context"], "type": "OrderedCollection", "attributedTo": bob.ID, "first": in["context"].(string) + "/1"})
	far.Handle("/contexts/1/1", map[string]any{"id": in["context"].(string) + "/1", "type": "OrderedCollectionPage",
		"orderedItems": []any{below["id"], bob.Activity("Add", carol.Activity("Create", reply)), stranger["id"], root["id"]}})
	texts, c := w.complete(root["id"].(string))
	if fmt.Sprint(texts) != "[reply below]" {
		t.Errorf("the thread is %q, want the two replies", texts)
	}
	if h := hostResult(c, "third.example"); h.Failed != 1 || h.Cause != store.FailedForeign {
		t.Errorf("the stranger: %+v", h)
	}
	if _, err := w.db.PostByURI(ctx, stranger["id"].(string)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a context claimed the post of somebody else: %v", err)
	}
}

func TestCompletionTakesNothingButTheThread(t *testing.T) {
	w := newWorld(t)
	far, third := w.net.Server("far.example"), w.net.Server("third.example")
	bob, carol := far.Actor("bob"), third.Actor("carol")
	root, other := bob.Note("root"), bob.Note("another thread")
	to := func(v any) map[string]any { return map[string]any{"inReplyTo": v} }
	elsewhere := carol.Note("answers another", to(other["id"]))
	private := carol.Note("private", to(root["id"]), map[string]any{"to": []string{carol.ID + "/followers"}, "cc": []string{}})
	vote := carol.Note("", to(root["id"]), map[string]any{"name": "yes", "content": nil})
	forged := carol.Note("what carol said", to(root["id"]))
	copied := map[string]any{}
	for k, v := range forged {
		copied[k] = v
	}
	copied["content"] = "what bob says that carol said"
	huge := carol.Note(strings.Repeat("long ", 300_000), to(root["id"]))
	alias := bob.Note("in carol's name", to(root["id"]), map[string]any{"attributedTo": carol.ID})
	replies(far, root, elsewhere["id"], private["id"], vote["id"], copied, huge["id"], alias, "https://here.example/ap/posts/1",
		"https://localhost/x", "not a link", 7, map[string]any{"type": "Note"}, other["id"], carol.ID)
	texts, c := w.complete(root["id"].(string))
	if fmt.Sprint(texts) != "[what carol said]" {
		t.Errorf("the thread is %.200q, want what carol said herself alone", texts)
	}
	for _, note := range []map[string]any{elsewhere, private, vote, huge, alias, other} {
		if _, err := w.db.PostByURI(ctx, note["id"].(string)); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%.40v was stored: %v", note["content"], err)
		}
	}
	if c.Posts != 1 {
		t.Errorf("%d posts came, want 1", c.Posts)
	}
}

func TestCollectionOfAnotherHostIsNotRead(t *testing.T) {
	w := newWorld(t)
	far, third := w.net.Server("far.example"), w.net.Server("third.example")
	bob, carol := far.Actor("bob"), third.Actor("carol")
	root := bob.Note("root", map[string]any{"replies": "https://third.example/r"})
	reply := carol.Note("reply", map[string]any{"inReplyTo": root["id"]})
	third.Handle("/r", map[string]any{"id": "https://third.example/r", "type": "Collection", "items": []any{reply["id"]}})
	if texts, c := w.complete(root["id"].(string)); len(texts) != 0 || hostResult(c, "third.example").Asked != 0 {
		t.Errorf("another host's collection brought %q, %+v", texts, c.Hosts)
	}
}

func TestCompletionOfDeepThreadsEnds(t *testing.T) {
	w := newWorld(t)
	far := w.net.Server("far.example")
	bob := far.Actor("bob")
	_, err := w.r.ByURI(ctx, bob.ID)
	w.must(err)
	far.Handle("/n/0", nil)
	for i := range 90 { // every reply has one more below it
		far.Handle(fmt.Sprintf("/n/%d", i), fmt.Sprintf(`{"id":"https://far.example/n/%d","type":"Note","attributedTo":%q,"content":"x","to":"as:Public",
			"inReplyTo":"https://far.example/n/%d","replies":{"type":"Collection","items":["https://far.example/n/%d"]}}`, i, bob.ID, i-1, i+1))
	}
	far.Handle("/n/0", fmt.Sprintf(`{"id":"https://far.example/n/0","type":"Note","attributedTo":%q,"content":"x","to":"as:Public",
		"replies":{"type":"Collection","items":["https://far.example/n/1"]}}`, bob.ID))
	texts, c := w.complete("https://far.example/n/0")
	if len(texts) < 20 || len(texts) > 60 || c.Stopped != store.StoppedDepth {
		t.Errorf("%d posts, stopped by %q", len(texts), c.Stopped)
	}
}

func TestHostThatHangsDoesNotHoldUpTheOthers(t *testing.T) {
	w := newWorld(t)
	far, slow, well, shut := w.net.Server("far.example"), w.net.Server("slow.example"), w.net.Server("well.example"), w.net.Server("shut.example")
	bob, sam, wendy, sue := far.Actor("bob"), slow.Actor("sam"), well.Actor("wendy"), shut.Actor("sue")
	root := bob.Note("root")
	to := map[string]any{"inReplyTo": root["id"]}
	var items []any
	for range 20 {
		items = append(items, sam.Note("slow", to)["id"])
	}
	for i := range 8 {
		items = append(items, wendy.Note(fmt.Sprintf("well %d", i), to)["id"], sue.Note("shut", to)["id"])
	}
	items = append(items, "https://nowhere.example/1")
	replies(far, root, items...)
	_, err := w.r.Post(ctx, root["id"].(string))
	w.must(err)
	slow.SetMode(fedtest.Hang())
	shut.SetMode(fedtest.Refuse(http.StatusForbidden))
	texts, c := w.complete(root["id"].(string))
	if len(texts) != 8 {
		t.Errorf("%d replies, want the 8 of the well host", len(texts))
	}
	if h := hostResult(c, "slow.example"); h.Failed != 20 || h.Brought != 0 {
		t.Errorf("the host that hangs: %+v", h)
	}
	if n := len(slow.Requests(nil)); n > 8 {
		t.Errorf("the host that hangs was asked %d times", n)
	}
	for host, want := range map[string]store.CompletionCause{"shut.example": store.FailedRefused, "nowhere.example": store.FailedUnreachable} {
		if h := hostResult(c, host); h.Cause != want {
			t.Errorf("%s: %+v, want %s", host, h, want)
		}
	}
}

func TestThreadIsNotAskedForTwiceAtOnce(t *testing.T) {
	w := newWorld(t)
	bob := w.net.Server("far.example").Actor("bob")
	root := bob.Note("root")
	reply := bob.Note("reply", map[string]any{"inReplyTo": root["id"]})
	p, err := w.r.Post(ctx, root["id"].(string))
	w.must(err)
	q, err := w.r.Post(ctx, reply["id"].(string))
	w.must(err)
	for i, id := range []int64{p.ID, q.ID, p.ID} {
		if started, err := w.db.CompleteThread(ctx, id, 0); err != nil || started != (i == 0) {
			t.Errorf("asked for the %d. time: %v, %v", i+1, started, err)
		}
	}
	w.must(w.r.CompleteThread(ctx, q.ID))
	if started, err := w.db.CompleteThread(ctx, q.ID, 1<<40); err != nil || started {
		t.Errorf("asked again within the pause: %v, %v", started, err)
	}
}
