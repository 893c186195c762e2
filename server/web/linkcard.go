package web

import (
	"seedling/store"
	"seedling/templates"
)

// linkCard is the card of the page that a post links to; nil if it has none, or
// its reader wants none. What may disturb is shown without its picture.
func (c *cards) linkCard(v *store.PostView) *templates.LinkCard {
	if v.Card == nil || c.noLinkCards || webAddress(v.Card.URL) == "" {
		return nil
	}
	card := v.Card
	view := &templates.LinkCard{
		URL: card.URL, Site: orElse(card.Site, card.Host), Title: card.Title, Description: card.Description, Lang: card.Language,
		Byline: card.AuthorName, Document: card.Kind == store.CardDocument,
	}
	if picture := c.db.CardImagePath(card); picture != "" && !v.Sensitive {
		view.Picture = picture + "?small=1"
	}
	if card.Author != nil {
		author := c.account(card.Author)
		view.Author, view.Byline = &author, ""
	}
	return view
}
