package content_test

import (
	"testing"

	"seedling/store/content"
)

func TestFirstLinkIsNeitherPersonNorTagNorQuote(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`<p>Nothing here.</p>`, ""},
		{`<p><a href="https://a.example/x?b=1&amp;c=2">x</a> <a href="https://b.example/">y</a></p>`, "https://a.example/x?b=1&c=2"},
		{`<p><span class="h-card"><a href="https://a.example/@sam" class="u-url mention">@<span>sam</span></a></span> <a href="https://b.example/">y</a></p>`, "https://b.example/"},
		{`<p><a href="https://a.example/tags/x" class="hashtag" rel="tag">#<span>x</span></a></p>`, ""},
		{`<p><a href="https://a.example/tags/x" rel="tag">#x</a> <a href="https://a.example/users/x"><span>@x</span></a></p>`, ""},
		{`<p>Yes<span class="quote-inline"><br/><br/>RE: <a href="https://a.example/1">https://a.example/1</a></span></p>`, ""},
		{`<p><a href="mailto:a@b.example">a</a> <a href="xmpp:a@b.example">a</a> <a href="gemini://b.example/">a</a></p>`, ""},
		{`<p><a href="javascript:alert(1)">a</a></p>`, ""},
	} {
		if got := content.FirstLink(content.Sanitise(c.in)); got != c.want {
			t.Errorf("FirstLink(%s) = %q, want %q", c.in, got, c.want)
		}
	}
}
