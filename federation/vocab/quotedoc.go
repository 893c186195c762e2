package vocab

import (
	"cmp"

	"github.com/superseriousbusiness/activity/streams"

	"seedling/store"
	"seedling/store/content"
)

// activityType is the media type of ActivityPub documents (ActivityPub §3.2).
const activityType = `application/ld+json; profile="https://www.w3.org/ns/activitystreams"`

// QuoteDoc is what a post of ours quotes.
type QuoteDoc struct {
	URI   string // of the quoted post
	URL   string // its page
	Stamp string // the approval of its author, "": none
}

// quoteOf is the quote of a post as others get it, nil if there is none to tell.
func quoteOf(v *store.PostView) *QuoteDoc {
	q := v.Quote
	if q == nil || q.State == store.QuoteRemoved {
		return nil
	}
	return &QuoteDoc{URI: q.URI, URL: cmp.Or(q.URL, q.URI), Stamp: q.StampURI}
}

// withQuote adds the line that servers without quotes show.
func withQuote(h content.HTML, q *QuoteDoc) string {
	if q == nil {
		return h.String()
	}
	return content.WithQuote(h, q.URL).String()
}

// extend writes the quote under all names that are in use: FEP-044f, Fedibird's
// quoteUri, quoteUrl and _misskey_quote of Misskey and its kin, and the Link of
// FEP-e232.
func (q QuoteDoc) extend(m tree) {
	m["quote"], m["quoteUri"], m["quoteUrl"], m["_misskey_quote"] = q.URI, q.URI, q.URI, q.URI
	setText(m, "quoteAuthorization", q.Stamp)
	tags, _ := m["tag"].([]any)
	m["tag"] = append(tags, tree{"type": "Link", "mediaType": activityType, "rel": "https://misskey-hub.net/ns#_misskey_quote",
		"href": q.URI, "name": "RE: " + q.URL})
}

// QuoteRequest asks the author of object for their approval of a quote
// (FEP-044f). The quoting post goes with it, or its id where it is private.
func QuoteRequest(e Envelope, object string, quoting Document, quotingID string) ([]byte, error) {
	m, err := e.quoteRequest(object, quotingID)
	if err == nil && quoting != nil {
		m["instrument"], err = quoting.build()
	}
	return finish(m, err)
}

func (e Envelope) quoteRequest(object, quotingID string) (tree, error) {
	c := uriCheck{what: "QuoteRequest"}
	if c.need("instrument", quotingID); c.err != nil {
		return nil, c.err
	}
	m, err := e.wrap(streams.NewActivityStreamsOffer(), object) // the library has no such type
	if err != nil {
		return nil, err
	}
	m["type"], m["instrument"] = "QuoteRequest", quotingID
	return m, nil
}

// AnswerQuote accepts the request to quote object by quotingID, with the
// address of the approval, or rejects it if there is none (FEP-044f).
func AnswerQuote(e Envelope, request Envelope, object, quotingID, stamp string) ([]byte, error) {
	asked, err := request.quoteRequest(object, quotingID)
	if err != nil {
		return nil, err
	}
	if stamp == "" {
		return finish(e.wrap(streams.NewActivityStreamsReject(), asked))
	}
	m, err := e.wrap(streams.NewActivityStreamsAccept(), asked)
	if err == nil {
		m["result"] = stamp
	}
	return finish(m, err)
}

// JSON builds the document: a QuoteAuthorization (FEP-044f), or the like of it
// for another deed (GoToSocial).
func (s Stamp) JSON() ([]byte, error) {
	kind := deeds[s.Deed].authorization
	c := uriCheck{what: kind}
	c.need("id", s.ID)
	c.need("attributedTo", s.AttributedTo)
	c.need("interactingObject", s.Quoting)
	c.need("interactionTarget", s.Target)
	return finish(tree{"type": kind, "id": s.ID, "attributedTo": s.AttributedTo,
		"interactingObject": s.Quoting, "interactionTarget": s.Target}, c.err)
}
