package inbox

import (
	"strconv"
	"strings"
	"testing"
)

// What senders write must not fill the memory.
func TestCountersAreBounded(t *testing.T) {
	var c counter
	for i := range 3 * maxCounted {
		c.add(strconv.Itoa(i))
		c.add(strings.Repeat("ü", 1<<16))
	}
	all := c.all()
	if len(all) != maxCounted+1 || all[otherReasons] == 0 {
		t.Errorf("%d reasons with %d others, want %d and the rest together", len(all), all[otherReasons], maxCounted)
	}
	for what := range all {
		if len(what) > maxReason+len("…") {
			t.Errorf("a reason of %d bytes is kept", len(what))
		}
	}
}

func TestRefusalsAreCountedByRule(t *testing.T) {
	for _, test := range []struct {
		format string
		want   string
	}{
		{"there is no account %s here", "404 Not Found: there is no account … here"},
		{"%v", "404 Not Found"},
	} {
		if got := rule(404, test.format); got != test.want {
			t.Errorf("%q: got %q, want %q", test.format, got, test.want)
		}
	}
}
