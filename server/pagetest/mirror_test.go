package pagetest

import (
	"github.com/chromedp/cdproto/network"
)

// mirrored reads pages in Arabic: nothing scrolls sideways, a post whose words
// run from left to right is indented at its right like the others, and handles
// are read from left to right.
func (b *tab) mirrored() {
	command(b, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": "ar"}})
	for _, path := range []string{"/home", b.thread, "/@jonas@hollow.example", "/compose"} {
		b.open(path)
		if got := js[string](b, `document.documentElement.dir + ' ' + document.documentElement.lang`); got != "rtl ar" {
			b.t.Errorf("%s: got a page %s, want rtl ar", path, got)
		}
		for _, width := range []int{320, 1280} {
			b.window(width, 900)
			if wide := js[string](b, reflowCheck, "rtl", width); wide != "" {
				b.t.Errorf("%s, %d px: it is wider than the window: %s", path, width, wide)
			}
			if bad := js[string](b, handleCheck); bad != "" {
				b.t.Errorf("%s, %d px: a handle is not read from left to right: %s", path, width, bad)
			}
		}
	}
	b.open(b.thread)
	for _, width := range []int{390, 1280} {
		b.window(width, 900)
		if got := js[string](b, indentCheck); got != "" {
			b.t.Errorf("%s, %d px: the indent of a left-to-right post is not at its right: %s", b.path, width, got)
		}
	}
}

// handleCheck names a handle whose @ is not at its left, or whose host is not
// at the right of its name.
const handleCheck = `(() => {
  const at = (node, from, to) => { const r = document.createRange(); r.setStart(node, from); r.setEnd(node, to); return r.getBoundingClientRect(); };
  for (const e of document.querySelectorAll('.who .h, .me span[dir]')) {
    const text = e.firstChild;
    if (!e.checkVisibility() || text?.nodeType !== 3 || text.length < 3) continue;
    const first = at(text, 0, 1), last = at(text, text.length - 1, text.length), host = e.querySelector('i')?.getBoundingClientRect();
    if (text.data[0] !== '@' || first.left >= last.left || host?.width && host.left < first.left) return e.outerHTML;
  }
  return '';
})()`

// indentCheck wants the words of every reply to end where its picture begins,
// and to begin at the other edge.
const indentCheck = `(() => {
  const list = [...document.querySelectorAll('.tree .post')].filter(e => e.checkVisibility() && e.querySelector('.body'));
  if (!list.length) return 'there are no replies';
  for (const post of list) {
    const p = post.getBoundingClientRect(), words = post.querySelector('.pb').getBoundingClientRect(), face = post.querySelector('.av').getBoundingClientRect();
    if (words.right > face.left || p.right - words.right < face.width || words.left - p.left > 2 || getComputedStyle(post.querySelector('.body')).direction !== 'ltr')
      return JSON.stringify({ post: p, words, face });
  }
  return '';
})()`
