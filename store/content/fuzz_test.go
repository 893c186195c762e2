package content

import (
	"html"
	"strings"
	"testing"
	"unicode/utf8"

	nethtml "golang.org/x/net/html"
)

func FuzzSanitise(f *testing.F) {
	for _, in := range attacks(f) {
		f.Add(in)
	}
	f.Add(`<math display="block"><semantics><mi>x</mi><annotation encoding="application/x-tex">\frac{1}{2}</annotation></semantics></math>`)
	f.Add(`<p><math alttext="y"><mfrac><mn>1</mn></mfrac><annotation-xml><style></math><b>`)
	f.Fuzz(func(t *testing.T, in string) {
		out := Sanitise(in)
		checkSafe(t, out.String())
		checkStable(t, out.String())
		if slow := sanitise(in, false); slow != out {
			t.Errorf("the fast path gives %q, the slow one %q", out, slow)
		}
		if text := PlainText(out); !utf8.ValidString(text) {
			t.Errorf("PlainText(%q) = %q is not UTF-8", out, text)
		}
	})
}

func FuzzRender(f *testing.F) {
	for _, in := range attacks(f) {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		for _, format := range []Format{Plain, Markdown} {
			src := Source{in, format}
			var asked Found
			c := collector{seen: make(map[string]bool)}
			out := Render(src, Resolver{
				Mention: func(h Handle) (string, bool) {
					c.add(found{kind: mention, handle: h})
					return anyone.Mention(h)
				},
				Tag: func(name string) string {
					c.add(found{kind: hashtag, text: name})
					return anyone.Tag(name)
				},
			})
			asked = c.all
			checkSafe(t, out.String())
			checkParsed(t, out.String())
			checkFound(t, Find(src), asked)
		}
		checkStable(t, SanitiseMarkdown(in).String())
	})
}

// checkFound holds that Find names what Render asks for, and that its handles
// and tags can be read back.
func checkFound(t *testing.T, got, asked Found) {
	t.Helper()
	if len(got.Mentions) != len(asked.Mentions) || len(got.Tags) != len(asked.Tags) {
		t.Errorf("Find gives %+v, Render asks for %+v", got, asked)
	}
	for _, h := range got.Mentions {
		if again, err := ParseHandle(h.String()); err != nil || again != h {
			t.Errorf("ParseHandle(%q) = %+v, %v, want %+v", h, again, err, h)
		}
	}
	for _, tag := range got.Tags {
		if !ValidTag(tag) {
			t.Errorf("Find gives tag %q, which is not valid", tag)
		}
		if folded := FoldTag(tag); FoldTag(folded) != folded {
			t.Errorf("FoldTag(%q) = %q, again %q", tag, folded, FoldTag(folded))
		}
	}
	for _, link := range got.Links {
		if again, ok := cleanURL(link); !ok || again != link {
			t.Errorf("Find gives link %q, cleaned %q", link, again)
		}
	}
}

// FuzzEmojify puts pictures into any markup: it stays markup that passes, and
// taking no picture changes nothing.
func FuzzEmojify(f *testing.F) {
	for _, in := range attacks(f) {
		f.Add(in+":blob:", "/media/a.png")
	}
	f.Add(`<p>:a::b: <code>:blob:</code> 12:30:45 <a href="https://x.example/:blob:">:blob:</a>`, `/x.png" onerror="alert(1)`)
	f.Fuzz(func(t *testing.T, in, path string) {
		h := Sanitise(in)
		if got := Emojify(h, func(string) (EmojiPicture, bool) { return EmojiPicture{}, false }); got != h {
			t.Errorf("no emoji: got %q, want %q", got, h)
		}
		replaced := 0
		out := Emojify(h, func(string) (EmojiPicture, bool) {
			replaced++
			return EmojiPicture{Path: path, Width: 20, Height: 20}, true
		}).String()
		if replaced > strings.Count(h.String(), ":") {
			t.Errorf("%d pictures of %q", replaced, h)
		}
		doc, err := nethtml.Parse(strings.NewReader(out))
		if err != nil {
			t.Fatal(err)
		}
		for n := range doc.Descendants() {
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || n.Data == "script" {
					t.Errorf("%q became %q", in, out)
				}
			}
		}
	})
}

func FuzzRelink(f *testing.F) {
	for _, in := range attacks(f) {
		f.Add(in, "/@user")
	}
	f.Add(`<a href="https://a.example/?a=1&amp;b=2">x</a>`, "//evil.example")
	f.Add(`<a href="https://a.example/">x</a>`, "/\\evil.example\"<")
	f.Fuzz(func(t *testing.T, in, to string) {
		h := Sanitise(in)
		if got := Relink(h, func(string) (string, bool) { return to, false }); got != h {
			t.Errorf("nothing to change: got %q, want %q", got, h)
		}
		if got := Relink(h, func(href string) (string, bool) { return href, true }); got != h {
			t.Errorf("the same addresses: got %q, want %q", got, h)
		}
		out := Relink(h, func(string) (string, bool) { return to, true }).String()
		checkParsed(t, out)
		for _, href := range strings.Split(out, ` href="`)[1:] {
			href, _, _ = strings.Cut(href, `"`)
			href = html.UnescapeString(href)
			if _, ok := cleanURL(href); !ok && (href[0] != '/' || strings.HasPrefix(href, "//")) {
				t.Errorf("relinked to %q: %q", to, href)
			}
		}
	})
}
