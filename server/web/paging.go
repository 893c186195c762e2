package web

import (
	"net/url"
	"strconv"
)

// Page sizes (ui.md §2).
const (
	postsPerPage         = 20
	peoplePerPage        = 40
	notificationsPerPage = 30
)

// cursor is where a list goes on: things older than Before or newer than
// After; both 0 is the newest page.
type cursor struct{ Before, After int64 }

// cursor reads ?before= and ?after=. What is not an id counts as absent: an
// old bookmark should still open.
func (r *request) cursor() cursor {
	q := r.URL.Query()
	c := cursor{positive(q.Get("before")), positive(q.Get("after"))}
	if c.Before != 0 {
		c.After = 0
	}
	return c
}

func positive(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// withCursor is this page's path and query with another position.
func (r *request) withCursor(name string, id int64) string {
	q := r.URL.Query()
	q.Del("before")
	q.Del("after")
	q.Set(name, strconv.FormatInt(id, 10))
	return (&url.URL{Path: r.URL.Path, RawQuery: q.Encode()}).String()
}
