package content

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFind(t *testing.T) {
	at := func(user, host string) Handle { return Handle{user, host} }
	tests := []struct {
		in       string
		mentions []Handle
		tags     []string
		links    []string
	}{
		{in: "nothing"},
		{in: "@alice", mentions: []Handle{at("alice", "")}},
		{in: "hi @alice, @bob! (@carol) \"@dan\" @eve's @frank.", mentions: []Handle{
			at("alice", ""), at("bob", ""), at("carol", ""), at("dan", ""), at("eve", ""), at("frank", "")}},
		{in: "@alice@example.org. And @Bob@EXAMPLE.org: x", mentions: []Handle{at("alice", "example.org"), at("Bob", "example.org")}},
		{in: "@alice @Alice @alice@a.example @ALICE@A.example", mentions: []Handle{at("alice", ""), at("alice", "a.example")}},
		{in: "@blog.example@blog.example @a.b-c_d@x.example", mentions: []Handle{at("blog.example", "blog.example"), at("a.b-c_d", "x.example")}},
		{in: "@max@müller.example", mentions: []Handle{at("max", "xn--mller-kva.example")}},
		{in: "@a@例え.テスト", mentions: []Handle{at("a", "xn--r8jz45g.xn--zckzah")}},
		{in: "@a@localhost:8080 @b@b.example:30 x", mentions: []Handle{at("a", "localhost:8080"), at("b", "b.example")}},
		{in: "hello...@alice well... @bob...", mentions: []Handle{at("alice", ""), at("bob", "")}},
		{in: "見て@aliceさん", mentions: []Handle(nil)},
		{in: "、@alice、", mentions: []Handle{at("alice", "")}},
		{in: "mail bob@example.org or first.last@example.org, x=@y /@z a@b@c"},
		{in: "@ @@ @- @. @@@ @é"},
		{in: "@user@ foo", mentions: []Handle{at("user", "")}},
		{in: "@a@host_name.example @b@-x", mentions: []Handle{at("b", "")}},
		{in: "#cats and #Dogs, #cats #CATS (#birds)", tags: []string{"cats", "Dogs", "birds"}},
		{in: "#Straße #STRASSE #ｃａｔ #cat", tags: []string{"Straße", "ｃａｔ"}},
		{in: "#日本語、#한국어 #सिनेमा ＃全角 #a·b #كتاب\u200cها", tags: []string{"日本語", "한국어", "सिनेमा", "全角", "a·b", "كتاب\u200cها"}},
		{in: "#123 #1a #a1 #_ #_a #a_ # ## ### #-x", tags: []string{"1a", "a1", "_a", "a_"}},
		{in: "a#b /#c =#d )#e &#x27; é#f #️⃣g"},
		{in: "#a#b #c.d", tags: []string{"a", "c"}},
		{in: "https://example.org", links: []string{"https://example.org"}},
		{in: "See https://example.org/a, http://b.example/x. (https://c.example/y) <https://d.example/z>!",
			links: []string{"https://example.org/a", "http://b.example/x", "https://c.example/y", "https://d.example/z"}},
		{in: "https://en.wikipedia.org/wiki/Foo_(bar) (https://en.wikipedia.org/wiki/Baz_(qux))",
			links: []string{"https://en.wikipedia.org/wiki/Foo_(bar)", "https://en.wikipedia.org/wiki/Baz_(qux)"}},
		{in: "https://m.example/@alice/1 https://m.example/#tag https://m.example/a@b.c#d",
			links: []string{"https://m.example/@alice/1", "https://m.example/#tag", "https://m.example/a@b.c#d"}},
		{in: "見てhttps://example.org/道。次 HTTPS://Example.org/X", links: []string{"https://example.org/道", "https://Example.org/X"}},
		{in: "https://a.example/?x=1&y=2;z=3? https://b.example/?u=http://c.example", links: []string{"https://a.example/?x=1&y=2;z=3", "https://b.example/?u=http://c.example"}},
		{in: "http://localhost:8080/x http://[::1]/ http://127.0.0.1", links: []string{"http://localhost:8080/x", "http://[::1]/", "http://127.0.0.1"}},
		{in: "https:// http://. https://../ https://- xhttps://a.example ftp://a.example example.org javascript://a.example https://%zz/"},
	}
	for _, tt := range tests {
		got := Find(Source{tt.in, Plain})
		if diff := cmp.Diff(Found{tt.mentions, tt.tags, tt.links}, got); diff != "" {
			t.Errorf("Find(%q): want -, got +\n%s", tt.in, diff)
		}
	}
}

func TestRenderPlain(t *testing.T) {
	const rel = ` rel="nofollow noopener noreferrer" target="_blank">`
	tests := []struct{ name, in, want string }{
		{"nothing", " \n\t ", ""},
		{"paragraphs", "a\nb\n\nc\r\n \r\n\r\nd", "<p>a<br/>b</p><p>c</p><p>d</p>"},
		{"indent stays", "a\n  b", "<p>a<br/>  b</p>"},
		{"escaped", `<b>&"'`, "<p>&lt;b&gt;&amp;&#34;&#39;</p>"},
		{"mention", "hi @Alice@A.example!",
			`<p>hi <span class="h-card" translate="no"><a href="https://here.example/@Alice@a.example" class="u-url mention">@<span>Alice</span></a></span>!</p>`},
		{"tag", "#Cats.", `<p><a href="https://here.example/tags/Cats" class="mention hashtag" rel="tag">#<span>Cats</span></a>.</p>`},
		{"link", "https://www.example.org/a", `<p><a href="https://www.example.org/a"` + rel + `<span class="invisible">https://www.</span>example.org/a</a></p>`},
		{"long link", "https://example.org/0123456789/0123456789/x?y=&z",
			`<p><a href="https://example.org/0123456789/0123456789/x?y=&amp;z"` + rel +
				`<span class="invisible">https://</span><span class="ellipsis">example.org/0123456789/0123456</span><span class="invisible">789/x?y=&amp;z</span></a></p>`},
		{"the host is shown whole", "https://your-bank.example.login.session.evil.example/x",
			`<p><a href="https://your-bank.example.login.session.evil.example/x"` + rel +
				`<span class="invisible">https://</span><span class="ellipsis">your-bank.example.login.session.evil.example</span><span class="invisible">/x</span></a></p>`},
		{"no markdown", "*a* `b` # c", "<p>*a* `b` # c</p>"},
		{"invalid", "a\xff\x00\u202eb", "<p>a\uFFFDb</p>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := Render(Source{tt.in, Plain}, anyone).String()
			if got != tt.want {
				t.Errorf("Render(%q)\n got %s\nwant %s", tt.in, got, tt.want)
			}
			checkSafe(t, got)
			checkParsed(t, got)
		})
	}
}

// TestRenderUnresolved leaves names as text that nobody can resolve, or whose
// address is no good.
func TestRenderUnresolved(t *testing.T) {
	bad := Resolver{
		Mention: func(Handle) (string, bool) { return "javascript:alert(1)", true },
		Tag:     func(string) string { return "/tags/relative" },
	}
	unknown := Resolver{Mention: func(Handle) (string, bool) { return "https://x.example", false }}
	for _, r := range []Resolver{{}, bad, unknown} {
		for _, format := range []Format{Plain, Markdown} {
			got := strings.TrimSpace(Render(Source{"@a @b@c.example #d", format}, r).String())
			if want := "<p>@a @b@c.example #d</p>"; got != want {
				t.Errorf("%s: got %q, want %q", format, got, want)
			}
		}
	}
}

func TestRenderMarkdown(t *testing.T) {
	const rel = ` rel="nofollow noopener noreferrer" target="_blank">`
	const alice = `<span class="h-card" translate="no"><a href="https://here.example/@alice" class="u-url mention">@<span>alice</span></a></span>`
	const cats = `<a href="https://here.example/tags/cats" class="mention hashtag" rel="tag">#<span>cats</span></a>`
	link := func(rest string) string {
		return `<a href="https://a.example` + rest + `"` + rel + `<span class="invisible">https://</span>a.example` + rest + `</a>`
	}
	tests := []struct{ name, in, want string }{
		{"emphasis", "*a* **b** ~~c~~ `d`", "<p><em>a</em> <strong>b</strong> <del>c</del> <code>d</code></p>"},
		{"lines", "a\nb\n\nc", "<p>a<br/>\nb</p>\n<p>c</p>"},
		{"names", "@alice: #cats!", "<p>" + alice + ": " + cats + "!</p>"},
		{"names in emphasis", "*@alice* **#cats**", "<p><em>" + alice + "</em> <strong>" + cats + "</strong></p>"},
		{"names in a list", "- @alice\n- #cats", "<ul>\n<li>" + alice + "</li>\n<li>" + cats + "</li>\n</ul>"},
		{"names in a quote", "> @alice\n> #cats", "<blockquote>\n<p>" + alice + "<br/>\n" + cats + "</p>\n</blockquote>"},
		{"tag at the line's start is no heading", "#cats\n# cats", "<p>" + cats + "</p>\n<h3>cats</h3>"},
		{"not in code", "`@alice #cats`\n\n```\n@alice https://a.example\n```", "<p><code>@alice #cats</code></p>\n<pre><code>@alice https://a.example\n</code></pre>"},
		{"not escaped", `\@alice \#cats`, "<p>@alice #cats</p>"},
		{"not in links", "[@alice #cats https://b.example](https://a.example)", `<p><a href="https://a.example"` + rel + "@alice #cats https://b.example</a></p>"},
		{"no mention in a word", "bob@alice a#cats", "<p>bob@alice a#cats</p>"},
		{"underscores", "@a_b_c https://a.example/_x_/*y* _z_", "<p>" + strings.ReplaceAll(alice, "alice", "a_b_c") + " " + link("/_x_/*y") + "* <em>z</em></p>"},
		{"bare link", "see (https://a.example/x), ok", "<p>see (" + link("/x") + "), ok</p>"},
		{"link after a letter", "見てhttps://a.example/x と", "<p>見て" + link("/x") + " と</p>"},
		{"links in emphasis", "*https://a.example* \"https://a.example/y\"", "<p><em>" + link("") + "</em> &#34;" + link("/y") + "&#34;</p>"},
		{"autolink", "<https://a.example/x>", "<p>" + link("/x") + "</p>"},
		{"link", `[x](https://a.example "t")`, `<p><a href="https://a.example" title="t"` + rel + "x</a></p>"},
		{"bad link", "[x](javascript:alert(1))", "<p>x</p>"},
		{"image", "![a cat](https://a.example/c.png)", `<p><a href="https://a.example/c.png"` + rel + "a cat</a></p>"},
		{"image without a text", "![](https://a.example/c.png)", `<p><a href="https://a.example/c.png"` + rel + "https://a.example/c.png</a></p>"},
		{"image in a link", "[![cat](https://a.example/c.png)](https://b.example)", `<p><a href="https://b.example"` + rel + "cat</a></p>"},
		{"html is text", "<b onclick=x>a</b>\n\n<script>\n</script>", "<p>&lt;b onclick=x&gt;a&lt;/b&gt;</p>\n<p>&lt;script&gt;<br/>\n&lt;/script&gt;</p>"},
		{"heading", "# a\n\n#### b", "<h3>a</h3>\n<h4>b</h4>"},
		{"code block", "```go\n<b>\n```", "<pre><code>&lt;b&gt;\n</code></pre>"},
		{"numbered", "3. a\n4. b", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := strings.TrimSpace(Render(Source{tt.in, Markdown}, anyone).String())
			if got != tt.want {
				t.Errorf("Render(%q)\n got %s\nwant %s", tt.in, got, tt.want)
			}
			checkSafe(t, got)
			checkParsed(t, got)
		})
	}
}

func TestFindMarkdown(t *testing.T) {
	in := "@alice `@bob` [@carol](https://a.example/x) ![i](http://b.example) <https://c.example> https://d.example #tag [m](mailto:x@y.example)\n\n    @dan"
	got := Find(Source{in, Markdown})
	want := Found{
		Mentions: []Handle{{"alice", ""}},
		Tags:     []string{"tag"},
		Links:    []string{"https://a.example/x", "http://b.example", "https://c.example", "https://d.example"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Find(%q): want -, got +\n%s", in, diff)
	}
}

func TestSanitiseMarkdown(t *testing.T) {
	tests := []struct{ in, want string }{
		{"**Take back!** [#Join](https://j.example)\r\n\r\nBy: x",
			"<p><strong>Take back!</strong> <a href=\"https://j.example\" rel=\"nofollow noopener noreferrer\" target=\"_blank\">#Join</a></p>\n<p>By: x</p>\n"},
		{"a <b>b</b> <script>alert(1)</script>", "<p>a <b>b</b> </p>\n"},
		{"<div onclick=x>\na\n</div>", "\na\n"},
		{"@alice #tag", "<p>@alice #tag</p>\n"},
	}
	for _, tt := range tests {
		if got := SanitiseMarkdown(tt.in).String(); got != tt.want {
			t.Errorf("SanitiseMarkdown(%q)\n got %q\nwant %q", tt.in, got, tt.want)
		}
	}
}

func TestSanitisePlain(t *testing.T) {
	got := SanitisePlain("<b> @a #b\nhttps://a.example").String()
	want := `<p>&lt;b&gt; @a #b<br/><a href="https://a.example" rel="nofollow noopener noreferrer" target="_blank"><span class="invisible">https://</span>a.example</a></p>`
	if got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// TestRenderBounds renders what makes naive patterns and Markdown parsers take
// the square of the time. That it ends in the test's time is part of the check.
func TestRenderBounds(t *testing.T) {
	units := []string{"@", "#", "(", "[", "![", "*", "*a", "**a", "_a ", "~", "`", "`a", "> ", ">", "- ", "1. ", "<", "<a", "<!--", "&", "\\",
		"http://", "http://%", "*http://%", "http://%@a,", " http://a.b", "@a@b.c ", "@a@", "@a-", "#a", "#1", "#a·", "[a](", "[a](b", "[a]:b\n",
		"[a]: http://x\n\n[a]", "*a_", "**a*a ", "\n- a\n ", "://", "見https://a.b(", " ", "\n", "\r", "=\n", "\xff", "\x00", "a\u0301", "\u200d"}
	for _, unit := range units {
		for size, repeat := range map[int]string{maxMarkdown: "32 kB", 100_000: "100 kB", 2 << 20: "2 MB"} {
			in := strings.Repeat(unit, size/len(unit))
			outs := []HTML{Render(Source{in, Plain}, anyone), SanitisePlain(in)}
			if size < 2<<20 {
				outs = append(outs, Render(Source{in, Markdown}, anyone), SanitiseMarkdown(in))
			}
			for i, out := range outs {
				if limit := 40 * maxSource; len(out.String()) > limit {
					t.Errorf("%d: %s of %q give %d bytes, want at most %d", i, repeat, unit, len(out.String()), limit)
				}
			}
			CleanLine(in, 30)
			Count(in[:min(len(in), 100_000)])
			FoldTag(in[:min(len(in), 100_000)])
		}
	}
}

// TestMarkdownReferencesAreBounded: a short text may refer to one long address
// many times.
func TestMarkdownReferencesAreBounded(t *testing.T) {
	in := "[a]: http://a.example/" + strings.Repeat("x", 3900) + "\n\n" + strings.Repeat("[a] ", 1900)
	if got := Render(Source{in, Markdown}, anyone); len(got.String()) > maxOutput {
		t.Errorf("%d bytes from %d, want at most %d", len(got.String()), len(in), maxOutput)
	}
}

// TestRenderConcurrently is for the race detector: all texts share a parser.
func TestRenderConcurrently(t *testing.T) {
	src := Source{"*@alice* #cats [x](https://a.example) ![y](https://b.example)", Markdown}
	want := Render(src, anyone)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if got := Render(src, anyone); got != want {
					t.Errorf("got %s, want %s", got, want)
				}
			}
		})
	}
	wg.Wait()
}

func TestFindKeepsOrder(t *testing.T) {
	got := Find(Source{"#b @b #a @a", Plain})
	if !slices.Equal(got.Tags, []string{"b", "a"}) || !slices.Equal(got.Mentions, []Handle{{"b", ""}, {"a", ""}}) {
		t.Errorf("got %+v", got)
	}
}
