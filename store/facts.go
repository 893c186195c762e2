package store

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"
)

// Facts is what a post that is no note says of itself beside its text: when and
// where an event is, how long a film lasts, which book is reviewed. All of it
// is plain text of another server. The zero Facts says nothing.
type Facts struct {
	// Type is what the post's server calls it, for kinds that we have no word
	// of our own for (Review, Album).
	Type string `json:"type,omitempty"`

	Start     time.Time `json:"start,omitzero"` // in the zone of the event, if its server tells it
	End       time.Time `json:"end,omitzero"`
	Place     string    `json:"place,omitempty"`
	Cancelled bool      `json:"cancelled,omitempty"`

	Duration time.Duration `json:"duration,omitempty"`
	Artist   string        `json:"artist,omitempty"`
	Album    string        `json:"album,omitempty"`

	Book    string  `json:"book,omitempty"` // its title, often not told
	BookURL string  `json:"book_url,omitempty"`
	Rating  float64 `json:"rating,omitempty"` // stars of five
	Page    int     `json:"page,omitempty"`   // how far a book is read
	Percent int     `json:"percent,omitempty"`
}

// IsZero says that there are no facts.
func (f Facts) IsZero() bool { return f == Facts{} }

// Tell says whether f tells more than the type.
func (f Facts) Tell() bool { return f != Facts{Type: f.Type} }

// Scan reads facts from their column.
func (f *Facts) Scan(src any) error {
	*f = Facts{}
	text, ok := src.(string)
	if !ok {
		return fmt.Errorf("facts of a post: a %T", src)
	}
	if text == "" {
		return nil
	}
	return json.Unmarshal([]byte(text), f)
}

// Value writes facts to their column.
func (f Facts) Value() (driver.Value, error) {
	return f.text(), nil
}

func (f Facts) text() string {
	if f.IsZero() {
		return ""
	}
	return encodeJSON(f)
}
