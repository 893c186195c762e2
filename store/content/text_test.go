package content

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParseHandle(t *testing.T) {
	tests := []struct {
		in   string
		want Handle
	}{
		{"@a", Handle{"a", ""}}, {"a", Handle{"a", ""}}, {"@a@b.example", Handle{"a", "b.example"}}, {"a@b.example", Handle{"a", "b.example"}},
		{" acct:A@B.Example ", Handle{"A", "b.example"}}, {"ACCT:a@b.example", Handle{"a", "b.example"}}, {"acct:@a@b.example", Handle{"a", "b.example"}},
		{"@max@Müller.example", Handle{"max", "xn--mller-kva.example"}}, {"b.example@b.example", Handle{"b.example", "b.example"}},
		{"a@localhost:8080", Handle{"a", "localhost:8080"}}, {"a@127.0.0.1:80", Handle{"a", "127.0.0.1:80"}}, {"événement@b.example", Handle{"événement", "b.example"}},
	}
	for _, tt := range tests {
		got, err := ParseHandle(tt.in)
		if err != nil || got != tt.want {
			t.Errorf("ParseHandle(%q) = %+v, %v, want %+v", tt.in, got, err, tt.want)
		}
		if again, err := ParseHandle(got.String()); err != nil || again != got {
			t.Errorf("ParseHandle(%q) = %+v, %v, want %+v", got, again, err, got)
		}
	}
	for _, in := range []string{"", "@", "@@", "acct:", "a b", "a@", "@a@b@c", "a@b c", "a@-b", "a@b.", "a@.b", "a@b..c", "a@b/c", "a@b:x", "a@b:0", "a@b:99999", "a@b:1:2",
		"<a>@b", "a@b_c", "a\x00@b", "https://b.example/@a", strings.Repeat("a", maxUsername+1), "a@" + strings.Repeat("b.", 200) + "c", "a@\xff"} {
		if got, err := ParseHandle(in); !errors.Is(err, ErrHandle) {
			t.Errorf("ParseHandle(%q) = %+v, %v, want ErrHandle", in, got, err)
		}
	}
}

func TestTags(t *testing.T) {
	for _, name := range []string{"a", "A1", "1a", "_a", "日本", "सिनेमा", "a·b", "é", "e\u0301"} {
		if !ValidTag(name) {
			t.Errorf("ValidTag(%q) = false", name)
		}
	}
	for _, name := range []string{"", "1", "_", "1_2", "#a", "a b", "a-b", "a·", "·a", "\u0301a", "a\xff", strings.Repeat("a", maxTag+1)} {
		if ValidTag(name) {
			t.Errorf("ValidTag(%q) = true", name)
		}
	}
	same := [][]string{{"Cats", "cats", "CATS", "ｃａｔｓ"}, {"Straße", "STRASSE", "strasse"}, {"É", "e\u0301"}, {"ΣΊΣΥΦΟΣ", "σίσυφος"}, {"می\u200cشود", "میشود"}, {"ﾃｽﾄ", "テスト"}}
	for _, names := range same {
		for _, name := range names {
			if got, want := FoldTag(name), FoldTag(names[0]); got != want {
				t.Errorf("FoldTag(%q) = %q, want %q", name, got, want)
			}
		}
	}
	if FoldTag("cafe") == FoldTag("café") {
		t.Error("an accent is folded away")
	}
}

func TestPlainText(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", ""},
		{"<p>a<br>b</p><p>c</p>", "a\nb\n\nc"},
		{"<p>a &amp; &lt;b&gt; &quot;c&quot; &#39;d&#39; &amp;lt;</p>", `a & <b> "c" 'd' &lt;`},
		{"<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>d", "a\nb\nc\n\nd"},
		{"<h2>T</h2><blockquote><p>q</p></blockquote><hr>x", "T\n\nq\n\nx"},
		{`<p>see <a href="https://a.example/x"><span class="invisible">https://</span><span class="ellipsis">a.example</span><span class="invisible">/x</span></a>.</p>`, "see https://a.example/x."},
		{"<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", "漢(kan)"},
		{"<pre>a\n  b</pre>", "a\n  b"},
		{`<a href="https://a.example" title="a > b">x</a>`, "x"},
	}
	for _, tt := range tests {
		if got := PlainText(Sanitise(tt.in)); got != tt.want {
			t.Errorf("PlainText(%s) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestExcerpt(t *testing.T) {
	tests := []struct {
		in   string
		max  int
		want string
	}{
		{"<p>a</p><p>b<br>c</p>", 10, "a b c"}, {"<p>hello world</p>", 5, "hello…"}, {"<p>hello world</p>", 6, "hello…"}, {"<p>hello world</p>", 11, "hello world"},
		{"👨‍👩‍👧‍👦👨‍👩‍👧‍👦e\u0301x", 3, "👨‍👩‍👧‍👦👨‍👩‍👧‍👦e\u0301…"}, {"", 5, ""}, {"a", 0, "…"},
	}
	for _, tt := range tests {
		if got := Excerpt(Sanitise(tt.in), tt.max); got != tt.want {
			t.Errorf("Excerpt(%q, %d) = %q, want %q", tt.in, tt.max, got, tt.want)
		}
	}
}

func TestCount(t *testing.T) {
	for in, want := range map[string]int{"": 0, "abc": 3, "é": 1, "e\u0301": 1, "👨‍👩‍👧‍👦": 1, "🇩🇪🇫🇷": 2, "नि": 1, "a\r\nb": 3} {
		if got := Count(in); got != want {
			t.Errorf("Count(%q) = %d, want %d", in, got, want)
		}
	}
}

func TestCleanLine(t *testing.T) {
	tests := []struct {
		in   string
		max  int
		want string
	}{
		{"  a \n\t b\u2028c\u00a0d ", 30, "a b c d"},
		{"a\xffb\xed\xa0\x80c\x00d\x1be\u0085f", 30, "abcde f"},
		{"\u202egnp\u202c \u2066x\u2069\u200b\ufeff\u00ad\u2060", 30, "gnp x"},
		{"\u3164\u3164", 30, ""},
		{"e\u0301", 30, "é"},
		{"👨‍👩‍👧‍👦x", 1, "👨‍👩‍👧‍👦"},
		{"🏴󠁧󠁢󠁥󠁮󠁧󠁿", 5, "🏴󠁧󠁢󠁥󠁮󠁧󠁿"},
		{"ab cd", 3, "ab"},
		{"a" + strings.Repeat("\u0300", 1000) + "b", 5, "\u00e0b"},
		{"<b>", 5, "<b>"},
		{"می\u200cشود \u200fא", 30, "می\u200cشود \u200fא"},
		{"abc", 0, ""},
	}
	for _, tt := range tests {
		if got := CleanLine(tt.in, tt.max); got != tt.want || !utf8.ValidString(got) {
			t.Errorf("CleanLine(%q, %d) = %q, want %q", tt.in, tt.max, got, tt.want)
		}
	}
}

func TestRelink(t *testing.T) {
	h := Sanitise(`<p><a class="mention" href="https://a.example/@x?a=1&amp;b=2">@<span>x</span></a> &lt;a href="https://a.example/@x?a=1&amp;b=2" <a href="https://b.example">b</a></p>`)
	var asked []string
	got := Relink(h, func(href string) (string, bool) {
		asked = append(asked, href)
		return "/@x@a.example?q=\"<&", strings.HasPrefix(href, "https://a.example/@")
	}).String()
	want := strings.Replace(h.String(), `<a href="https://a.example/@x?a=1&amp;b=2"`, `<a href="/@x@a.example?q=%22%3C&amp;"`, 1)
	if got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if len(asked) != 2 || asked[0] != "https://a.example/@x?a=1&b=2" {
		t.Errorf("asked for %q", asked)
	}
	for _, bad := range []string{"", "javascript:alert(1)", "//evil.example", "/\n/evil.example", "x", "data:x"} {
		if got := Relink(h, func(string) (string, bool) { return bad, true }); got != h {
			t.Errorf("relinked to %q: %s", bad, got)
		}
	}
}

// TestRelinkOwn: what Render writes can be relinked too.
func TestRelinkOwn(t *testing.T) {
	for _, format := range []Format{Plain, Markdown} {
		h := Render(Source{"@a@b.example #c https://d.example", format}, anyone)
		n := 0
		Relink(h, func(string) (string, bool) { n++; return "", false })
		if n != 3 {
			t.Errorf("%s: %d links, want 3: %s", format, n, h)
		}
	}
}

func TestHTMLInDatabase(t *testing.T) {
	h := Sanitise("<p>a</p>")
	v, err := h.Value()
	if err != nil || v != "<p>a</p>" {
		t.Errorf("Value() = %v, %v", v, err)
	}
	var back HTML
	for _, src := range []any{v, []byte("<p>a</p>")} {
		if err := back.Scan(src); err != nil || back != h || back.IsZero() {
			t.Errorf("Scan(%v) = %v, got %q", src, err, back)
		}
	}
	if err := back.Scan(nil); err != nil || !back.IsZero() {
		t.Errorf("Scan(nil) = %v, got %q", err, back)
	}
	if err := back.Scan(1); err == nil {
		t.Error("Scan(1) succeeded")
	}
}
