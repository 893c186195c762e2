package linkcard

import (
	"context"
	"encoding/json"
	"errors"
)

// embed is what is taken of an oEmbed document (oembed.com §2.3.4). Its html is
// not: it is foreign markup. Sizes come as numbers and as texts.
type embed struct {
	Type         string `json:"type"`
	Title        string `json:"title"`
	AuthorName   string `json:"author_name"`
	AuthorURL    string `json:"author_url"`
	ProviderName string `json:"provider_name"`
	ThumbnailURL string `json:"thumbnail_url"`
	URL          string `json:"url"` // of a photo: the picture
}

// embed reads the oEmbed document that a page names. Nothing is lost without
// it, so that a failure is none.
func (r *Reader) embed(ctx context.Context, address string) *embed {
	if address == "" {
		return nil
	}
	doc, err := r.config.Client.JSON(ctx, address, "application/json")
	if err != nil {
		r.config.Log.Debug("oEmbed document not read", "url", address, "error", err)
		return nil
	}
	return parseEmbed(doc.Body)
}

// parseEmbed reads a document; fields of another type than they should be are
// left out.
func parseEmbed(body []byte) *embed {
	var e embed
	var wrong *json.UnmarshalTypeError
	if err := json.Unmarshal(body, &e); err != nil && !errors.As(err, &wrong) {
		return nil
	}
	return &e
}

// addEmbed fills what the page itself did not say.
func (p *page) addEmbed(e *embed) {
	if e == nil {
		return
	}
	c := &p.card
	fill(&c.Title, e.Title)
	fill(&c.Site, e.ProviderName)
	fill(&c.AuthorName, e.AuthorName)
	if onlyAddress(e.AuthorURL) != "" {
		fill(&c.AuthorURL, e.AuthorURL)
	}
	if c.ImageURL == "" {
		c.ImageURL = onlyAddress(e.ThumbnailURL)
	}
	if c.ImageURL == "" && e.Type == "photo" {
		c.ImageURL = onlyAddress(e.URL)
	}
}

func fill(field *string, said string) {
	if *field == "" {
		*field = said
	}
}
