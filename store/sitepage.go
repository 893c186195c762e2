package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"seedling/store/content"
)

// PageName is a page in the admins' own words.
type PageName string

// The pages that admins may write.
const (
	PageAbout   PageName = "about"   // the extended description
	PagePrivacy PageName = "privacy" // the privacy policy, above what the software does by itself
	PageTerms   PageName = "terms"   // the terms of service
)

// PageNames lists them in the order in which they are shown.
func PageNames() []PageName { return []PageName{PageAbout, PagePrivacy, PageTerms} }

// SitePage is a page in the admins' own words. One that nobody wrote is empty.
type SitePage struct {
	Name     PageName
	Source   string // Markdown
	HTML     content.HTML
	EditedAt time.Time // zero: never written
}

// SitePage returns a page; ErrNotFound for a name that is none.
func (db *DB) SitePage(ctx context.Context, name PageName) (*SitePage, error) {
	if !name.known() {
		return nil, ErrNotFound
	}
	p := &SitePage{Name: name}
	var edited int64
	err := db.row(ctx, `SELECT source, html, edited_at FROM page WHERE name = ?`, []any{string(name)}, &p.Source, &p.HTML, &edited)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, fmt.Errorf("page %s: %w", name, err)
	}
	p.EditedAt = fromMillis(edited)
	return p, nil
}

func (n PageName) known() bool {
	for _, name := range PageNames() {
		if n == name {
			return true
		}
	}
	return false
}

// SetSitePage writes a page; an empty text removes it. It returns *InputError for a
// text that is too long.
func (db *DB) SetSitePage(ctx context.Context, name PageName, source string) error {
	if !name.known() {
		return ErrNotFound
	}
	source = strings.TrimSpace(source)
	if source == "" {
		return db.write(ctx, "remove page", func(t *tx) error {
			_, err := t.exec(`DELETE FROM page WHERE name = ?`, string(name))
			return err
		})
	}
	if err := longText("text", source, maxPageText); err != nil {
		return err
	}
	html, err := db.renderPage(ctx, source)
	if err != nil {
		return err
	}
	return db.write(ctx, "write page", func(t *tx) error {
		_, err := t.exec(`INSERT INTO page (name, source, html, edited_at) VALUES (?, ?, ?, ?)
			ON CONFLICT (name) DO UPDATE SET source = excluded.source, html = excluded.html, edited_at = excluded.edited_at`,
			string(name), source, html, millis(t.now))
		return err
	})
}

// renderPage turns an admin's Markdown into HTML, with links to the people and
// tags that it names.
func (db *DB) renderPage(ctx context.Context, source string) (content.HTML, error) {
	ready, err := db.render(ctx, content.Source{Text: source, Format: content.Markdown})
	var many *PostError
	if errors.As(err, &many) {
		return content.HTML{}, &InputError{Field: "text", Problem: InputMany, Limit: many.Limit}
	}
	if err != nil {
		return content.HTML{}, err
	}
	return ready.html, nil
}

// longText checks a text of 1 to limit characters.
func longText(field, text string, limit int) error {
	switch {
	case strings.TrimSpace(text) == "":
		return &InputError{Field: field, Problem: InputEmpty}
	case len(text) > 8*limit || content.Count(text) > limit:
		return &InputError{Field: field, Problem: InputLong, Limit: limit}
	}
	return nil
}
