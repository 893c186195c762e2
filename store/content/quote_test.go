package content

import "testing"

func TestStripQuote(t *testing.T) {
	const link = `<a href="https://b.example/1">https://b.example/1</a>`
	for name, c := range map[string]struct{ in, want string }{
		"Akkoma":                  {`one<span class="quote-inline"><br/><br/>RE: ` + link + `</span>`, `one`},
		"Akkoma, nothing else":    {`<span class="quote-inline"><br/><br/>RE: ` + link + `</span>`, ``},
		"Fedibird":                {`<p>one<span class="quote-inline"><br/>QT: <a href="https://b.example/1"><span class="invisible">https://</span><span class="ellipsis">b.example</span></a></span></p>`, `<p>one</p>`},
		"Mastodon":                {`<p class="quote-inline">RE: ` + link + `</p><p>one</p>`, `<p>one</p>`},
		"Misskey":                 {`<p><span>one<br/><br/>RE: </span>` + link + `</p>`, `<p>one</p>`},
		"Misskey, span unwrapped": {`<p>one<br/><br/>RE: ` + link + `</p>`, `<p>one</p>`},
		"line of its own":         {`<p>one</p><p>RE: ` + link + `</p>`, `<p>one</p>`},
		"nothing but the line":    {`RE: ` + link, ``},
		"breaks before the mark":  {`one<br/><br/><span class="quote-inline">RE: ` + link + `</span>`, `one`},
		"link in a sentence":      {`<p>see RE: ` + link + `</p>`, `<p>see RE: ` + link + `</p>`},
		"FEP-e232 in a sentence":  {`<p>test ` + link + `</p>`, `<p>test ` + link + `</p>`},
		"not the last line":       {`<p>RE: ` + link + `<br/>two</p>`, `<p>RE: ` + link + `<br/>two</p>`},
		"the word as a text":      {`<p>quote-inline is a class="quote-inline"</p>`, `<p>quote-inline is a class="quote-inline"</p>`},
		"the word in an address":  {`<p><a href="https://b.example/quote-inline">b</a></p>`, `<p><a href="https://b.example/quote-inline">b</a></p>`},
		"a link that says so":     {`<p><a href="https://b.example/" class="quote-inline">b</a></p>`, `<p><a href="https://b.example/" class="quote-inline">b</a></p>`},
		"two marks":               {`<span class="quote-inline">RE: a</span>one<span class="quote-inline"> RE: <b>b</b><br/></span>`, `one`},
		"nothing to strip":        {`<p>one</p>`, `<p>one</p>`},
	} {
		t.Run(name, func(t *testing.T) {
			in := Sanitise(c.in)
			if got, want := StripQuote(in).String(), Sanitise(c.want).String(); got != want {
				t.Errorf("StripQuote(%s):\ngot  %s\nwant %s", in, got, want)
			}
		})
	}
}

func TestWithQuoteIsTakenOutAgain(t *testing.T) {
	const line = `<span class="quote-inline"><br/><br/>RE: <a href="https://b.example/1?a&amp;b">https://b.example/1?a&amp;b</a></span></p>`
	for in, want := range map[string]string{"<p>one</p>": "<p>one" + line, "<ul><li>one</li></ul>": "<ul><li>one</li></ul><p>" + line, "": "<p>" + line} {
		h := Sanitise(in)
		got := WithQuote(h, "https://b.example/1?a&b")
		if got.String() != want {
			t.Errorf("WithQuote(%s) = %s, want %s", in, got, want)
		}
		if back := StripQuote(got); back != h {
			t.Errorf("StripQuote(%s) = %s, want %s", got, back, h)
		}
		if got := WithQuote(h, "javascript:alert(1)"); got != h {
			t.Errorf("a script became a link: %s", got)
		}
	}
}

// FuzzStripQuote checks that what is left is as safe as what came in.
func FuzzStripQuote(f *testing.F) {
	for _, s := range []string{`<p>a<span class="quote-inline"><br>RE: <a href="https://b.example">b</a></span></p>`, `<p>RE: <a href="https://b.example">b</a></p>`, `<p class=quote-inline><b>`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := StripQuote(Sanitise(s))
		if again := Sanitise(once.String()); again != once {
			t.Errorf("StripQuote(Sanitise(%q)) is no normal form:\ngot  %s\nwant %s", s, once, again)
		}
	})
}
