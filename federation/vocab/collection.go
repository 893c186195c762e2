package vocab

import "strings"

// Collection is a collection or one page of it.
type Collection struct {
	ID, Type string // ID is "" for pages that only exist inside their collection
	Total    int64  // -1 if unknown; a hint, Friendica says 0 for lists with items

	Items       []Ref // of items or orderedItems, in order
	First, Last Ref   // may be embedded pages
	Next, Prev  Ref
	PartOf      Ref
}

// Collection reads v as a collection or a page of one.
func (v *Value) Collection() (*Collection, error) {
	c := &Collection{ID: v.ID(), Type: v.Type(), Total: -1}
	if !strings.HasSuffix(c.Type, "Collection") && !strings.HasSuffix(c.Type, "CollectionPage") {
		return nil, &ShapeError{"collection", "it is not of a collection's type"}
	}
	if n, ok := v.Int("totalItems"); ok && n >= 0 {
		c.Total = n
	}
	c.Items = v.Refs("orderedItems", MaxItems)
	if len(c.Items) == 0 {
		c.Items = v.Refs("items", MaxItems)
	}
	c.First, c.Last = v.Ref("first"), v.Ref("last")
	c.Next, c.Prev, c.PartOf = v.Ref("next"), v.Ref("prev"), v.Ref("partOf")
	return c, nil
}
