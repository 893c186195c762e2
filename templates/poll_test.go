package templates

import (
	"testing"
	"time"
)

func TestLeft(t *testing.T) {
	c, err := LoadCatalogue("en")
	if err != nil {
		t.Fatal(err)
	}
	for d, want := range map[time.Duration]string{
		time.Second: "1 min left", 5 * time.Minute: "5 min left", 59 * time.Minute: "59 min left", time.Hour - time.Second: "1 h left",
		90 * time.Minute: "2 h left", 23 * time.Hour: "23 h left", 24*time.Hour - time.Second: "1 day left", 7*24*time.Hour - time.Second: "7 days left",
	} {
		if got := c.Left(ago(-d)); got != want {
			t.Errorf("%v before the end: got %q, want %q", d, got, want)
		}
	}
}
