package content

import (
	"strings"
	"testing"
)

const mastodonPost = `<p><span class="h-card" translate="no"><a href="https://mastodon.example/@kev" class="u-url mention">@<span>kev</span></a></span> Another main argument: many people have an account, so you can &quot;just join&quot; a server &amp; know the <a href="https://mastodon.example/tags/app" class="mention hashtag" rel="tag">#<span>app</span></a>.</p><p>It&#39;s fine.<br />Bye</p>`

func BenchmarkSanitisePost(b *testing.B) {
	b.SetBytes(int64(len(mastodonPost)))
	b.ReportAllocs()
	for b.Loop() {
		Sanitise(mastodonPost)
	}
}

func BenchmarkSanitisePlainText(b *testing.B) {
	for b.Loop() {
		Sanitise("Just a line of text, as some servers send it.")
	}
}

func BenchmarkSanitiseLong(b *testing.B) {
	long := strings.Repeat(mastodonPost, 100)
	b.SetBytes(int64(len(long)))
	for b.Loop() {
		Sanitise(long)
	}
}

const written = "Hello @alice@example.org and @bob, see https://example.org/a/long/path/to/some/page?with=query (or #cats).\n\nWhat do you think? It's *nice*."

func BenchmarkRenderPlain(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Render(Source{written, Plain}, anyone)
	}
}

func BenchmarkRenderMarkdown(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Render(Source{written, Markdown}, anyone)
	}
}

func BenchmarkRelink(b *testing.B) {
	h := Sanitise(mastodonPost)
	b.ReportAllocs()
	for b.Loop() {
		Relink(h, func(href string) (string, bool) { return "/@kev@mastodon.example", strings.HasSuffix(href, "/@kev") })
	}
}

func BenchmarkPlainText(b *testing.B) {
	h := Sanitise(mastodonPost)
	for b.Loop() {
		PlainText(h)
	}
}

func BenchmarkExcerpt(b *testing.B) {
	h := Sanitise(mastodonPost)
	for b.Loop() {
		Excerpt(h, 80)
	}
}
