package vocab

import (
	"fmt"

	"github.com/superseriousbusiness/activity/streams"
)

// OrderedCollectionDoc is a collection we publish: with pages behind First, or
// small and whole with its items.
type OrderedCollectionDoc struct {
	ID          string
	Total       int // -1 to leave it out
	First, Last string
	Items       []string // ids; written, even if empty, when there is no First
	Documents   [][]byte // or whole documents
	// AttributedTo is who keeps the collection, where that is to be known: of a
	// thread (FEP-7888).
	AttributedTo string
	Closed       bool // its items are not shown
}

// JSON builds the document.
func (d OrderedCollectionDoc) JSON() ([]byte, error) {
	c := uriCheck{what: "OrderedCollection"}
	c.need("id", d.ID)
	c.allow("attributedTo", d.AttributedTo)
	c.allow("first", d.First)
	c.allow("last", d.Last)
	c.all("orderedItems", d.Items)
	if c.err != nil {
		return nil, c.err
	}
	o := streams.NewActivityStreamsOrderedCollection()
	o.SetJSONLDId(idOf(d.ID))
	if d.Total >= 0 {
		total := streams.NewActivityStreamsTotalItemsProperty()
		total.Set(d.Total)
		o.SetActivityStreamsTotalItems(total)
	}
	if d.First != "" {
		first := streams.NewActivityStreamsFirstProperty()
		first.SetIRI(iri(d.First))
		o.SetActivityStreamsFirst(first)
	}
	if d.Last != "" {
		last := streams.NewActivityStreamsLastProperty()
		last.SetIRI(iri(d.Last))
		o.SetActivityStreamsLast(last)
	}
	m, err := serialize(o)
	if err == nil && d.First == "" && !d.Closed {
		err = setItems(m, d.Items, d.Documents)
	}
	if err == nil {
		setText(m, "attributedTo", d.AttributedTo)
	}
	return finish(m, err)
}

// OrderedCollectionPageDoc is a page of a collection.
type OrderedCollectionPageDoc struct {
	ID, PartOf string
	Next, Prev string
	Items      []string // ids
	Documents  [][]byte // or whole documents
}

// JSON builds the document.
func (d OrderedCollectionPageDoc) JSON() ([]byte, error) {
	c := uriCheck{what: "OrderedCollectionPage"}
	c.need("id", d.ID)
	c.need("partOf", d.PartOf)
	c.allow("next", d.Next)
	c.allow("prev", d.Prev)
	c.all("orderedItems", d.Items)
	if c.err != nil {
		return nil, c.err
	}
	p := streams.NewActivityStreamsOrderedCollectionPage()
	p.SetJSONLDId(idOf(d.ID))
	partOf := streams.NewActivityStreamsPartOfProperty()
	partOf.SetIRI(iri(d.PartOf))
	p.SetActivityStreamsPartOf(partOf)
	if d.Next != "" {
		next := streams.NewActivityStreamsNextProperty()
		next.SetIRI(iri(d.Next))
		p.SetActivityStreamsNext(next)
	}
	if d.Prev != "" {
		prev := streams.NewActivityStreamsPrevProperty()
		prev.SetIRI(iri(d.Prev))
		p.SetActivityStreamsPrev(prev)
	}
	m, err := serialize(p)
	if err == nil {
		err = setItems(m, d.Items, d.Documents)
	}
	return finish(m, err)
}

// setItems writes orderedItems, always as an array.
func setItems(m tree, ids []string, documents [][]byte) error {
	items := make([]any, 0, len(ids)+len(documents))
	for _, id := range ids {
		items = append(items, id)
	}
	for i, body := range documents {
		item, err := embed(body)
		if err != nil {
			return fmt.Errorf("item %d: %w", i, err)
		}
		items = append(items, item)
	}
	m["orderedItems"] = items
	return nil
}
