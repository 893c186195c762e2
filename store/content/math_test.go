package content

import (
	"strings"
	"testing"
)

// TestMath is FEP-dc88: a formula is shown by its annotation.
func TestMath(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"TeX": {`<p>see <math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mrow><msup><mi>x</mi><mn>2</mn></msup><mo>&lt;</mo><mn>4</mn></mrow>` +
			`<annotation encoding="application/x-tex">x^2 &lt; 4</annotation></semantics></math>.</p>`, `<p>see $x^2 &lt; 4$.</p>`},
		"a block":            {`<p>so</p><math display="block"><semantics><mi>x</mi><annotation encoding="application/x-tex">\frac{1}{2}</annotation></semantics></math><p>then</p>`, `<p>so</p>$$\frac{1}{2}$$<p>then</p>`},
		"plain text":         {`<math><semantics><mi>x</mi><annotation encoding="text/plain">x squared</annotation></semantics></math>`, `x squared`},
		"TeX and plain":      {`<math><semantics><mi>x</mi><annotation encoding="text/plain">ex</annotation><annotation encoding="application/x-tex">x</annotation></semantics></math>`, `$x$`},
		"alternative text":   {`<math alttext="one half"><mfrac><mn>1</mn><mn>2</mn></mfrac></math>`, `one half`},
		"symbols alone":      {`<math><mi>x</mi><mo>=</mo><mn>2</mn></math>`, `x = 2`},
		"unknown encodings":  {`<math><semantics><mi>x</mi><annotation encoding="application/octet-stream">AAAA</annotation><annotation-xml encoding="text/html"><b>no</b></annotation-xml></semantics></math>`, `x`},
		"markup inside":      {`<math><semantics><annotation encoding="application/x-tex"><b>x</b><script>alert(1)</script></annotation></semantics></math>`, `$x$`},
		"escaped markup":     {`<math><semantics><annotation encoding="application/x-tex">&lt;img src=x onerror=alert(1)&gt;</annotation></semantics></math>`, `$&lt;img src=x onerror=alert(1)&gt;$`},
		"one within another": {`<math><mi>x</mi><math><mi>y</mi></math>z</math> after`, `x yz after`},
		"never closed":       {`<p>a <math><semantics><annotation encoding="application/x-tex">x</annotation>`, `<p>a $x$</p>`},
		"empty":              {`a<math/>b<math></math>c`, `abc`},
		"mXSS":               {`<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`, ``},
	} {
		got := Sanitise(c.in).String()
		if got != c.want {
			t.Errorf("%s: Sanitise(%q)\n got %q\nwant %q", name, c.in, got, c.want)
		}
		checkSafe(t, got)
		checkStable(t, got)
	}
	deep := Sanitise(strings.Repeat("<math><semantics><mrow>", 100_000) + "x").String()
	checkStable(t, deep)
}

// TestMFM: what Misskey's markup becomes in HTML (FEP-c16b) is read without its
// effects.
func TestMFM(t *testing.T) {
	for in, want := range map[string]string{
		`<p><span class="mfm-spin" data-mfm-speed="1s" style="animation:spin">round</span> and <span class="mfm-x2">big</span></p>`: `<p>round and big</p>`,
		`<p><span class="mfm-_x3Dfg" data-mfm-color="f00"><span class="mfm-tada">yes</span></span></p>`:                             `<p>yes</p>`,
		`<i>spun</i> <small>small</small><br><ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>`:                                       `<i>spun</i> small<br/><ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>`,
		`<div style="text-align:center">middle</div>text <code>\(x^2\)</code>`:                                                      `middle<br/>text <code>\(x^2\)</code>`,
		`<time datetime="2026-01-01T00:00:00Z">1 January</time> <s>no</s> <del>gone</del> H<sub>2</sub>O`:                           `1 January <s>no</s> <del>gone</del> H<sub>2</sub>O`,
		`<details><summary>More</summary>inside</details>`:                                                                          `More<br/>inside`,
		`<table><tr><th>a</th><td>b</td></tr><tr><th>c</th><td>d</td></tr></table>`:                                                 `a | b<br/>c | d`,
		`<ol start="3"><li>x<ul><li>y</li></ul></li></ol><h1>t</h1>`:                                                                `<ol start="3"><li>x<ul><li>y</li></ul></li></ol><h3>t</h3>`,
	} {
		got := Sanitise(in).String()
		if got != want {
			t.Errorf("Sanitise(%q)\n got %q\nwant %q", in, got, want)
		}
		checkStable(t, got)
	}
	deep := Sanitise(strings.Repeat(`<span class="mfm-x2">`, 20_000) + "x").String()
	if deep != "x" {
		t.Errorf("20,000 effects leave %.100q", deep)
	}
}
