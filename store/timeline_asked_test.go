package store

import (
	"errors"
	"testing"
)

// TestTimelineThatAsksNobodyIsRefused has a query list posts for anybody: a
// mistake that is to be found before a post is shown.
func TestTimelineThatAsksNobodyIsRefused(t *testing.T) {
	db := openTest(t)
	viewer := AsMember(1)
	page, err := db.timeline(t.Context(), "careless", viewer, Cursor{}, `SELECT p.id, p.id, 0 FROM post p WHERE `+Cursor{}.clause("p.id", 3), viewer.args(Cursor{}.args()...))
	if !errors.Is(err, errNotAsked) {
		t.Errorf("got %v, %v, want %v", page, err, errNotAsked)
	}
}
