package content

import "testing"

func TestEmojiIsOneAndFullyQualified(t *testing.T) {
	for in, want := range map[string]string{
		"👌": "👌", "🌱": "🌱",
		"❤":       "❤\ufe0f",
		"❤\ufe0f": "❤\ufe0f",
		"❤\ufe0e": "❤\ufe0f", // asked to be text; as a reaction it is a picture
		"☺":       "☺\ufe0f",
		"👍🏽":      "👍🏽",
		"☝🏽":      "☝🏽", // a tone asks for a picture already
		"🇩🇪":      "🇩🇪",
		"1\u20e3": "1\ufe0f\u20e3", "#\ufe0f\u20e3": "#\ufe0f\u20e3",
		"👨‍👩‍👧‍👦":    "👨‍👩‍👧‍👦",
		"❤\u200d🔥":   "❤\ufe0f\u200d🔥",
		"🏳️‍🌈":       "🏳️‍🌈",
		"🧑🏿‍❤️‍💋‍🧑🏻": "🧑🏿‍❤️‍💋‍🧑🏻",
		"🏴󠁧󠁢󠁳󠁣󠁴󠁿":    "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
		"\U0001fae8": "\U0001fae8", // Unicode 15
		"\U0001fae9": "\U0001fae9", // Unicode 16
		"©":          "©\ufe0f",
	} {
		if got, ok := Emoji(in); !ok || got != want {
			t.Errorf("Emoji(%q) = %q, %v; want %q", in, got, ok, want)
		}
	}
}

func TestWhatIsNoEmoji(t *testing.T) {
	for _, in := range []string{
		"", "~", "a", "1", "#", "é", "漢", "👌👌", "👌 ", " 👌", "x👌", "👌x", "🇩", "🇩🇪🇫🇷", "🌱\u0301", "👍\u200d", "\u200d", "\ufe0f",
		"1\ufe0f", "\u20e3", "pudding", ":blobcat:", "\xff", "<b>", "👌\u202e", "🏴󠁧󠁢󠁳󠁣󠁴", "🌱󠁧",
		"👨‍👩‍👧‍👦‍👨‍👩‍👧‍👦‍👨‍👩‍👧‍👦‍👨‍👩‍👧‍👦", "🌱\x00",
	} {
		if got, ok := Emoji(in); ok {
			t.Errorf("Emoji(%q) = %q, want a refusal", in, got)
		}
	}
}

func TestShortcode(t *testing.T) {
	for in, want := range map[string][2]string{
		":blobcat:": {"blobcat", ""}, "mouse": {"mouse", ""}, ":a_b-c+1.x:": {"a_b-c+1.x", ""}, ":猫:": {"猫", ""},
		":blobcat@.:": {"blobcat", ""}, ":blobcat@Far.example:": {"blobcat", "far.example"},
	} {
		name, host, ok := Shortcode(in)
		if !ok || name != want[0] || host != want[1] {
			t.Errorf("Shortcode(%q) = %q, %q, %v; want %q", in, name, host, ok, want)
		}
	}
	for _, in := range []string{"", ":", "::", ":a b:", ":<b>:", ":a:b:", ":a\"b:", ":@host:", "🌱", ":\u202ea:"} {
		if name, _, ok := Shortcode(in); ok {
			t.Errorf("Shortcode(%q) = %q, want a refusal", in, name)
		}
	}
}

func FuzzEmoji(f *testing.F) {
	for _, s := range []string{"❤", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "1\u20e3", ":x:", "👨‍👩‍👧‍👦"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, ok := Emoji(s)
		if !ok {
			return
		}
		if again, ok := Emoji(e); !ok || again != e {
			t.Errorf("Emoji(%q) = %q, and of that %q, %v", s, e, again, ok)
		}
	})
}
