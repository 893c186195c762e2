package inbox

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"sync"
)

const maxReason = 150 // bytes of a type or reason that are counted by

// counter counts deliveries by type or reason since the start. The number of
// reasons is bounded: some hold what a sender wrote.
type counter struct {
	mu sync.Mutex
	n  map[string]int
}

// otherReasons is where all are counted that came after the table was full.
const otherReasons = "others"

func (c *counter) add(what string) {
	if len(what) > maxReason {
		what = strings.ToValidUTF8(what[:maxReason], "") + "…"
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n == nil {
		c.n = make(map[string]int)
	}
	if c.n[what] == 0 && len(c.n) >= maxCounted {
		what = otherReasons
	}
	c.n[what]++
}

func (c *counter) all() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.n)
}

// count notes an activity that was ignored.
func (in *Inbox) count(what string) { in.ignored.add(what) }

// Ignored says how many activities were ignored since the start, by type or reason.
func (in *Inbox) Ignored() map[string]int { return in.ignored.all() }

// Refused says how many deliveries were refused since the start, by reason.
func (in *Inbox) Refused() map[string]int { return in.refused.all() }

var verbs = regexp.MustCompile(`%[a-z]`)

// rule is the reason for a refusal without what differs from one delivery to
// the next: "404 Not Found: there is no account … here".
func rule(status int, format string) string {
	text := fmt.Sprintf("%d %s", status, http.StatusText(status))
	if words := verbs.ReplaceAllString(format, "…"); strings.Trim(words, "… :") != "" {
		text += ": " + words
	}
	return text
}
