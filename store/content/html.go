// Package content turns text into safe HTML, foreign HTML into safe HTML, and
// safe HTML into plain text. Everything a page shows without escaping is made
// here.
//
// It does not know who may see a text, where it is stored, or which accounts
// exist: a [Resolver] tells it what a mention or a hashtag links to. It imports
// parsers and Unicode tables only, nothing of this server.
//
// Read [HTML] first: it is the proof that a string passed through this package.
// [Render] makes it from what a member wrote; [Sanitise], [SanitiseMarkdown]
// and [SanitisePlain] make it from what another server sent. sanitise.go reads
// foreign markup, writer.go decides what the result may look like.
package content

import (
	"database/sql/driver"
	"fmt"
)

// HTML is a fragment that is safe to put into a page unescaped: balanced,
// valid UTF-8, and of the elements and attributes in policy.go only. Only this
// package makes one, so a value of this type needs no further checks. The zero
// value is the empty fragment.
type HTML struct{ s string }

// String returns the markup.
func (h HTML) String() string { return h.s }

// IsZero reports whether h is the empty fragment.
func (h HTML) IsZero() bool { return h.s == "" }

// Scan reads what Value wrote. It trusts the database, which is ours: nothing
// but an HTML value may ever be written to the columns it is used for.
func (h *HTML) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		h.s = ""
	case string:
		h.s = v
	case []byte:
		h.s = string(v)
	default:
		return fmt.Errorf("scan content.HTML: unexpected %T", src)
	}
	return nil
}

// Value gives the markup as a string for the database.
func (h HTML) Value() (driver.Value, error) { return h.s, nil }
