package api

import (
	"seedling/store"
)

// cursor reads which part of a list is wanted: max_id is older than, min_id the
// page just above, since_id the newest page down to there. What is no number is
// refused, rather than answered with the wrong page.
func (r *request) cursor(otherwise, most int) (store.Cursor, error) {
	var c store.Cursor
	for name, key := range map[string]*int64{"max_id": &c.Before, "min_id": &c.After, "since_id": &c.Since} {
		text := r.params.Get(name)
		if text == "" {
			continue
		}
		n, ok := r.params.Int(name)
		if !ok || n < 0 {
			return c, badRequest("%s is not an id", name)
		}
		*key = n
	}
	c.Limit = r.limit(otherwise, most)
	return c, nil
}

// limit reads how many entries are wanted: as many as is usual if the app does
// not say, or says nonsense, and never more than there may be.
func (r *request) limit(otherwise, most int) int {
	n, ok := r.params.Int("limit")
	if !ok || n <= 0 {
		return otherwise
	}
	return int(min(n, int64(most)))
}
