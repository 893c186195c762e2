package templates

import (
	"testing"
	"time"
)

func TestWhenAndLasts(t *testing.T) {
	c, err := LoadCatalogue("en")
	if err != nil {
		t.Fatal(err)
	}
	at := func(s string) time.Time {
		d, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, e := range []struct {
		start, end time.Time
		want       string
	}{
		{at("2021-07-14T17:30:57+02:00"), at("2021-07-14T18:30:57+02:00"), "14 July 2021, 17:30 to 18:30 (UTC+2)"},
		{at("2021-07-14T23:30:00Z"), at("2021-07-15T01:00:00Z"), "14 July 2021, 23:30 to 15 July 2021, 01:00 (UTC)"},
		{at("2021-07-14T23:30:00-03:30"), time.Time{}, "14 July 2021, 23:30 (UTC-3:30)"},
		{at("2021-07-14T23:30:00Z"), at("2021-07-14T22:30:00Z"), "14 July 2021, 23:30 (UTC)"},
	} {
		if got := c.When(e.start, e.end); got != e.want {
			t.Errorf("When(%s, %s) = %q, want %q", e.start, e.end, got, e.want)
		}
	}
	for d, want := range map[time.Duration]string{6720 * time.Second: "1 h 52 min", 213 * time.Second: "3 min 33 s", 9 * time.Second: "9 s"} {
		if got := c.Lasts(d); got != want {
			t.Errorf("Lasts(%s) = %q, want %q", d, got, want)
		}
	}
}
