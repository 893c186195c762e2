package content

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestSanitiseRandomTags sanitises random sequences of tags, which reach odd
// nestings that fuzzing by bytes does not.
func TestSanitiseRandomTags(t *testing.T) {
	const fragments = 20_000
	random := rand.New(rand.NewPCG(1, 2))
	names := slices.Sorted(maps.Keys(elements))
	names = slices.DeleteFunc(names, func(name string) bool { // they would swallow the rest
		return elements[name].role == removed && name != "svg"
	})
	var some []string // drawn from often, so that tags meet again
	for i := range fragments {
		if i%10 == 0 {
			some = nil
			for range 6 {
				some = append(some, names[random.IntN(len(names))])
			}
		}
		in := randomFragment(random, some)
		out := Sanitise(in).String()
		checkSafe(t, out)
		checkStable(t, out)
		if t.Failed() {
			t.Fatalf("input %q", in)
		}
	}
}

func randomFragment(random *rand.Rand, names []string) string {
	var b strings.Builder
	for range random.IntN(30) {
		name := names[random.IntN(len(names))]
		switch random.IntN(8) {
		case 0, 1, 2:
			fmt.Fprintf(&b, "<%s>", name)
		case 3:
			fmt.Fprintf(&b, `<%s href="http://a.example" class="mention invisible" start=2 alt=i>`, name)
		case 4, 5:
			fmt.Fprintf(&b, "</%s>", name)
		case 6:
			b.WriteString([]string{" ", "\n", "<br>", "&amp;", "\t\n ", "\x00"}[random.IntN(6)])
		case 7:
			b.WriteString("x")
		}
	}
	return b.String()
}
