package followersync

import (
	"strings"
	"testing"
)

// The example of FEP-8fcf.
func TestDigestOfTheFEP(t *testing.T) {
	ids := []string{"https://testing.example.org/users/1", "https://testing.example.org/users/2"}
	const want = "c33f48cd341ef046a206b8a72ec97af65079f9a3a9b90eef79c5920dce45c61f"
	if got := Digest(ids); got != want {
		t.Errorf("digest %s, want %s", got, want)
	}
	if got := Digest([]string{ids[1], ids[0]}); got != want {
		t.Errorf("in another order %s", got)
	}
	if got := Digest(nil); got != strings.Repeat("0", 64) {
		t.Errorf("of nobody %s", got)
	}
}

func TestHeaderReadsBack(t *testing.T) {
	h := Header{"https://a.example/followers", "https://a.example/sync?x=1,2", Digest(nil)}
	if got, ok := Parse(h.String()); !ok || got != h {
		t.Errorf("%s read as %+v, %v", h, got, ok)
	}
	spaced := strings.ReplaceAll(h.String(), ", url", "  ,\turl")
	if got, ok := Parse(spaced); !ok || got != h {
		t.Errorf("%s read as %+v, %v", spaced, got, ok)
	}
}

func TestMalformedHeaders(t *testing.T) {
	for _, text := range []string{
		"", "x", `collectionId="a"`, `collectionId="a", url="b", digest="zz"`, `collectionId="a", url="b", digest="00"`,
		`collectionId="a", url="b", digest="` + Digest(nil), `url="b", digest="` + Digest(nil) + `"`,
		`collectionId="` + strings.Repeat("a", maxHeader) + `", url="b", digest="` + Digest(nil) + `"`,
	} {
		if h, ok := Parse(text); ok {
			t.Errorf("%.80q was read as %+v", text, h)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(Header{"a", "b", Digest(nil)}.String())
	f.Add(`digest="`)
	f.Fuzz(func(t *testing.T, text string) {
		if h, ok := Parse(text); ok {
			if again, ok := Parse(h.String()); !ok || again != h {
				t.Errorf("%q read as %+v, then %+v", text, h, again)
			}
		}
	})
}
