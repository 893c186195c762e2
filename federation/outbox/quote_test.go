package outbox

import (
	"testing"

	"seedling/store"
	"seedling/store/content"
	"seedling/store/storetest"
)

// told builds what was told, and compares the one of a kind with its golden file.
func (w *town) told(t *testing.T, kind, name string) *message {
	t.Helper()
	for _, m := range drain(t, w.db) {
		if readBack(t, m.body).Type == kind {
			golden(t, name, m.body)
			return m
		}
	}
	t.Fatalf("%s: no %s is told", name, kind)
	return nil
}

// TestQuotesAreAskedFor walks from the request to the approval and its end.
func TestQuotesAreAskedFor(t *testing.T) {
	w := newTown(t)
	ctx := t.Context()
	theirs := storetest.Receive(t, w.db, w.dave, "https://else.example/notes/1", "<p>Hello</p>",
		func(r *store.RemotePost) {
			r.URL, r.Policy = "https://else.example/@dave/1", store.InteractionPolicy(0).With(store.DeedQuote, store.Rule{Said: true, Always: store.CircleEveryone})
		})
	quote := func(text string, v store.Visibility) *store.Post {
		p, err := w.db.CreatePost(ctx, store.Draft{AuthorID: w.alice.ID, Source: content.Source{Text: text, Format: content.Plain}, Visibility: v, QuoteID: theirs.ID})
		must(t, err)
		return p
	}
	p := quote("look", store.Public)
	w.told(t, "QuoteRequest", "quote_request")
	must(t, w.db.ReceiveQuoteAnswer(ctx, w.dave.ID, p.URI+"#quote", "https://else.example/stamps/1", true))
	if got := urls(w.told(t, "Update", "quote_approved").inboxes); len(got) != 2 {
		t.Errorf("the approval is told to %q, want the followers and the quoted author", got)
	}
	must(t, w.db.ReceiveRevocation(ctx, w.dave.ID, "https://else.example/stamps/1"))
	w.told(t, "Update", "quote_revoked")
	quote("look, you few", store.Followers)
	w.told(t, "QuoteRequest", "quote_request_private")
}

func TestQuoteOfAServerWithoutConsent(t *testing.T) {
	w := newTown(t)
	theirs := storetest.Receive(t, w.db, w.dave, "https://else.example/notes/1", "<p>Hello</p>")
	_, err := w.db.CreatePost(t.Context(), store.Draft{AuthorID: w.alice.ID, Source: content.Source{Text: "look", Format: content.Plain}, QuoteID: theirs.ID})
	must(t, err)
	m := w.told(t, "Create", "quote_create")
	if got := urls(m.inboxes); len(got) != 2 {
		t.Errorf("told to %q, want the followers and the quoted author", got)
	}
}

func TestRequestsAreAnswered(t *testing.T) {
	w := newTown(t)
	ctx := t.Context()
	ask := func(p *store.Post, by *store.Account) error {
		return w.db.ReceiveQuoteRequest(ctx, store.QuoteRequest{URI: by.URI + "#quotes/1", AccountID: by.ID, PostURI: p.URI, QuotingURI: "https://" + by.Host + "/notes/9"})
	}
	public := storetest.Post(t, w.db, w.alice, "hello", store.Public)
	drain(t, w.db)
	must(t, ask(public, w.dave))
	w.told(t, "Accept", "quote_accept")
	private := storetest.Post(t, w.db, w.alice, "hello, you few", store.Followers)
	drain(t, w.db)
	must(t, ask(private, w.bob))
	w.told(t, "Reject", "quote_reject")
	if err := ask(private, w.dave); err == nil {
		t.Error("who cannot see a post got an answer about it")
	}
	must(t, w.db.Block(ctx, w.alice.ID, w.dave.ID))
	drain(t, w.db)
	must(t, ask(public, w.dave))
	w.told(t, "Reject", "quote_reject_blocked")
}
