package federation

import (
	"strconv"
	"testing"

	"seedling/store"
	"seedling/store/content"
	"seedling/store/storetest"
)

// items reads all pages of a collection.
func (w *world) items(address string) (items []string) {
	w.t.Helper()
	front := w.get(address, "Accept", ap)
	w.wants(front, 200, ap)
	next, _ := front.json(w.t)["first"].(string)
	for pages := 0; next != "" && pages < 10; pages++ {
		page := w.get(next, "Accept", ap).json(w.t)
		list, _ := page["orderedItems"].([]any)
		for _, item := range list {
			items = append(items, item.(string))
		}
		next, _ = page["next"].(string)
	}
	return items
}

func TestContextListsTheThread(t *testing.T) {
	w := newWorld(t)
	root := storetest.Post(t, w.db, w.alice, "root", store.Public)
	uri := w.db.ContextURI(root.ID)
	if root.Context != uri || root.Conversation != uri {
		t.Fatalf("a thread that begins here has context %q and conversation %q, want %q", root.Context, root.Conversation, uri)
	}
	doc := w.get(root.URI, "Accept", ap).json(t)
	if doc["context"] != uri || doc["conversation"] != uri {
		t.Errorf("the post says context %v and conversation %v", doc["context"], doc["conversation"])
	}
	want := []string{root.URI}
	receive := func(p store.Post) *store.Post {
		t.Helper()
		p.AccountID, p.URL, p.HTML = w.bob.ID, p.URI, content.Sanitise("<p>x</p>")
		_, err := w.db.ReceivePost(t.Context(), &store.RemotePost{Post: p})
		w.must(err)
		stored, err := w.db.PostByURI(t.Context(), p.URI)
		w.must(err)
		return stored
	}
	// A reply that names another context is in the thread that it answers; one
	// that arrived before its parent follows it.
	receive(store.Post{URI: "https://there.example/early", ReplyToURI: "https://there.example/parent"})
	reply := receive(store.Post{URI: "https://there.example/parent", ReplyToURI: root.URI, Context: "https://there.example/contexts/7"})
	if reply.Context != uri {
		t.Errorf("a reply from elsewhere has context %q", reply.Context)
	}
	want = append(want, "https://there.example/early", "https://there.example/parent")
	for i := range 2 * othersPerPage {
		want = append(want, receive(store.Post{URI: "https://there.example/" + strconv.Itoa(i), ReplyToURI: root.URI}).URI)
	}
	// None of these is: a claim, and what not everybody may see.
	if p := receive(store.Post{URI: "https://there.example/claim", Context: uri, Conversation: uri}); p.Context != "" || p.Conversation != "" {
		t.Errorf("a post claims the context %q", p.Context)
	}
	receive(store.Post{URI: "https://there.example/private", ReplyToURI: root.URI, Visibility: store.Followers})
	got := w.items(uri)
	if len(got) != len(want) {
		t.Fatalf("%d items, want %d: %q", len(got), len(want), got)
	}
	has := map[string]bool{}
	for _, item := range got {
		has[item] = true
	}
	for _, item := range want {
		if !has[item] {
			t.Errorf("%s is missing", item)
		}
	}
	if by := w.get(uri, "Accept", ap).json(t)["attributedTo"]; by != w.alice.URI {
		t.Errorf("attributedTo %v, want %s", by, w.alice.URI)
	}
}

func TestContextOfPrivateThreadsIsNotThere(t *testing.T) {
	w := newWorld(t)
	for _, v := range []store.Visibility{store.Followers, store.Direct, store.LocalOnly} {
		p := storetest.Post(t, w.db, w.alice, "psst", v)
		for _, signer := range []string{"", "bob"} {
			if r := w.get(w.db.ContextURI(p.ID), "Accept", ap, "Signature", signer); r.StatusCode != 404 {
				t.Errorf("%s thread, signed by %q: %d, want 404", v, signer, r.StatusCode)
			}
		}
	}
	reply := storetest.Post(t, w.db, w.alice, "reply", store.Public)
	if r := w.get(w.db.ContextURI(reply.ID+1), "Accept", ap); r.StatusCode != 404 {
		t.Errorf("no thread: %d, want 404", r.StatusCode)
	}
}
