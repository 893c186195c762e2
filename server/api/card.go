package api

import (
	"seedling/store"
)

// card is the entity PreviewCard.
type card struct {
	URL          string   `json:"url"`
	Title        string   `json:"title"`
	Description  string   `json:"description"`
	Language     *string  `json:"language"`
	Type         string   `json:"type"`        // link: nothing of others is embedded
	AuthorName   string   `json:"author_name"` // old
	AuthorURL    string   `json:"author_url"`  // old
	Authors      []author `json:"authors"`
	ProviderName string   `json:"provider_name"`
	ProviderURL  string   `json:"provider_url"`
	HTML         string   `json:"html"`
	Width        int      `json:"width"`
	Height       int      `json:"height"`
	Image        *string  `json:"image"`
	ImageAlt     string   `json:"image_description"`
	EmbedURL     string   `json:"embed_url"`
	Blurhash     *string  `json:"blurhash"`
	PublishedAt  *string  `json:"published_at"`
}

// author is who wrote the page of a card.
type author struct {
	Name    string   `json:"name"`
	URL     string   `json:"url"`
	Account *account `json:"account"`
}

// card makes the entity; nil for no card.
func (e *entities) card(c *store.Card) *card {
	if c == nil {
		return nil
	}
	v := &card{URL: c.URL, Title: c.Title, Description: c.Description, Language: stringOrNil(c.Language), Type: "link",
		AuthorName: c.AuthorName, AuthorURL: c.AuthorURL, Authors: []author{}, ProviderName: c.Site, ImageAlt: c.ImageAlt, PublishedAt: momentOrNil(c.PublishedAt)}
	if path := e.s.db.CardImagePath(c); path != "" {
		v.Image, v.Width, v.Height = stringOrNil(e.s.here(path)), c.ImageWidth, c.ImageHeight
	}
	switch {
	case c.Author != nil:
		v.Authors = append(v.Authors, author{Name: c.Author.Name(), URL: c.Author.URL, Account: e.account(c.Author)})
	case c.AuthorName != "":
		v.Authors = append(v.Authors, author{Name: c.AuthorName, URL: c.AuthorURL})
	}
	return v
}
