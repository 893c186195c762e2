package static

import (
	"maps"
	"math"
	"regexp"
	"strconv"
	"testing"
)

// TestContrast recomputes the pairs of ui.md §4.1 from the style sheet (WCAG
// 2.2 §1.4.3, §1.4.11), in all three places where the colours stand.
func TestContrast(t *testing.T) {
	css, err := files.ReadFile("seedling.css")
	if err != nil {
		t.Fatal(err)
	}
	themes := map[string]map[string]string{
		"light":        tokens(t, css, `(?s):root \{(.*?)\n\}`),
		"dark by wish": tokens(t, css, `(?s):root:not\(\[data-theme=light\]\) \{(.*?)\n  \}`),
		"dark chosen":  tokens(t, css, `(?s):root\[data-theme=dark\] \{(.*?)\n\}`),
	}
	for name, hue := range accents(t, css) {
		themes["light, "+name] = with(themes["light"], hue[0])
		themes["dark, "+name] = with(themes["dark chosen"], hue[1])
	}
	for theme, color := range themes {
		for _, pair := range pairs {
			for _, ground := range pair.grounds {
				got := contrast(t, color[pair.text], color[ground])
				if got < pair.least {
					t.Errorf("%s: %s on %s: got %.2f, want at least %.1f", theme, pair.text, ground, got, pair.least)
				}
			}
		}
	}
}

var pairs = []struct {
	text    string
	grounds []string
	least   float64
}{
	{"text", []string{"bg", "surface", "sunken", "raised", "btn", "btn-hover", "accent-soft", "warn-soft", "danger-soft", "tab"}, 4.5},
	{"text-2", []string{"bg", "surface", "sunken", "track", "raised", "accent-soft", "danger-soft"}, 4.5},
	{"link", []string{"bg", "surface", "sunken", "accent-soft"}, 4.5},
	{"on-accent", []string{"accent", "accent-hover"}, 4.5},
	{"surface", []string{"danger"}, 4.5}, // the button of a confirm page
	{"boost", []string{"surface", "boost-soft"}, 4.5},
	{"fav", []string{"surface"}, 4.5},
	{"warn", []string{"warn-soft", "surface"}, 4.5},
	{"danger", []string{"surface", "danger-soft", "raised"}, 4.5},
	{"accent", []string{"surface", "bg", "accent-soft"}, 3},
	{"line-strong", []string{"surface", "bg", "sunken"}, 3},
	{"focus", []string{"bg", "surface"}, 3},
}

var (
	accentRule = regexp.MustCompile(`:root\[data-accent=([a-z]+)\] \{([^}]*)\}`)
	twoColours = regexp.MustCompile(`--([a-z0-9-]+):\s*light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)`)
)

// accents are the hues that a reader may choose beside the green, by name: what
// each sets in the light and in the dark theme.
func accents(t *testing.T, css []byte) map[string][2]map[string]string {
	t.Helper()
	found := map[string][2]map[string]string{}
	for _, rule := range accentRule.FindAllSubmatch(css, -1) {
		hue := [2]map[string]string{{}, {}}
		for _, d := range twoColours.FindAllSubmatch(rule[2], -1) {
			hue[0][string(d[1])], hue[1][string(d[1])] = string(d[2]), string(d[3])
		}
		found[string(rule[1])] = hue
	}
	if len(found) != 5 {
		t.Fatalf("%d accents beside the green, want 5", len(found))
	}
	return found
}

// with is a theme with other values for some of its colours.
func with(theme, changed map[string]string) map[string]string {
	theme = maps.Clone(theme)
	maps.Copy(theme, changed)
	return theme
}

var declaration = regexp.MustCompile(`--([a-z0-9-]+):\s*(#[0-9a-fA-F]{6})`)

// tokens reads the custom properties of the first block that matches.
func tokens(t *testing.T, css []byte, block string) map[string]string {
	t.Helper()
	m := regexp.MustCompile(block).FindSubmatch(css)
	if m == nil {
		t.Fatalf("no block %s in the style sheet", block)
	}
	values := map[string]string{}
	for _, d := range declaration.FindAllSubmatch(m[1], -1) {
		values[string(d[1])] = string(d[2])
	}
	return values
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + .05) / (min(x, y) + .05)
}

func luminance(t *testing.T, color string) float64 {
	t.Helper()
	if len(color) != 7 {
		t.Fatalf("not a colour: %q", color)
	}
	var sum float64
	for i, weight := range []float64{.2126, .7152, .0722} {
		n, err := strconv.ParseUint(color[1+2*i:3+2*i], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= .04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
