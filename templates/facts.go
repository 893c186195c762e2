package templates

import (
	"fmt"
	"strconv"
	"time"
)

// Facts is what a post that is no note says of itself beside its text. All its
// texts are those of another server.
type Facts struct {
	Kind string // event, video, audio, album, document, review, rating, quotation, comment or empty
	Type string // with an empty Kind: what its server calls it

	Start, End time.Time // in the zone of the event; zero: not told
	Cancelled  bool
	Place      string

	Duration      time.Duration
	Artist, Album string

	Book, BookURL string // BookURL may be set alone
	Rating        string // stars of five
	Page, Percent int    // how far the book is read

	Origin, Host string // its page on its own server
}

// Listed says whether there is anything to list beside what the post is.
func (f Facts) Listed() bool {
	return !f.Start.IsZero() || f.Cancelled || f.Place != "" || f.Duration > 0 || f.Artist != "" || f.Album != "" ||
		f.Book != "" || f.BookURL != "" || f.Rating != "" || f.Page > 0 || f.Percent > 0
}

// When puts the time of an event into words, in the event's own zone: "14 July
// 2021, 17:30 to 18:30 (UTC+2)". A zero end is not told.
func (c *Catalogue) When(start, end time.Time) string {
	from, zone := wall(start), zoneName(start)
	words := map[string]string{"date": c.day(from, true), "time": from.Format("15:04"), "zone": zone}
	key := "time.event"
	if !end.IsZero() && end.After(start) {
		to := wall(end.In(start.Location()))
		words["until"] = to.Format("15:04")
		key = "time.event_until"
		if to.YearDay() != from.YearDay() || to.Year() != from.Year() {
			words["last"], key = c.day(to, true), "time.event_days"
		}
	}
	return c.T(key, "date", words["date"], "time", words["time"], "zone", zone, "until", words["until"], "last", words["last"])
}

// wall is the time that a clock at the place shows, as if it were UTC.
func wall(t time.Time) time.Time {
	_, offset := t.Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}

// zoneName is UTC, UTC+2 or UTC-3:30.
func zoneName(t time.Time) string {
	_, offset := t.Zone()
	minutes := offset / 60
	switch {
	case minutes == 0:
		return "UTC"
	case minutes%60 == 0:
		return fmt.Sprintf("UTC%+d", minutes/60)
	}
	return fmt.Sprintf("UTC%+d:%02d", minutes/60, max(minutes%60, -(minutes%60)))
}

// Lasts puts a duration into words: "1 h 52 min", "3 min 20 s".
func (c *Catalogue) Lasts(d time.Duration) string {
	seconds := int(d.Round(time.Second) / time.Second)
	h, m, s := seconds/3600, seconds/60%60, seconds%60
	switch {
	case h > 0:
		return c.T("time.lasts_hours", "h", strconv.Itoa(h), "min", strconv.Itoa(m))
	case m > 0:
		return c.T("time.lasts_minutes", "min", strconv.Itoa(m), "s", strconv.Itoa(s))
	}
	return c.T("time.lasts_seconds", "s", strconv.Itoa(s))
}
