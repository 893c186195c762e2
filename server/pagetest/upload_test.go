package pagetest

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"seedling/store"
)

// square is a PNG of one colour, as text for a script.
func square(t *testing.T, c color.Color) string {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 60, 40))
	for i := range 2_400 {
		m.Set(i%60, i/60, c)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// files makes a DataTransfer with pictures, as a script.
func files(t *testing.T, colours ...color.Color) string {
	t.Helper()
	text := `(() => { const d = new DataTransfer();`
	for i, c := range colours {
		text += fmt.Sprintf(`d.items.add(new File([Uint8Array.from(atob('%s'), c => c.charCodeAt(0))], 'p%d.png', { type: 'image/png' }));`, square(t, c), i+1)
	}
	return text + `return d; })()`
}

var red, blue = color.RGBA{200, 0, 0, 255}, color.RGBA{0, 0, 200, 255}

// onDisk writes pictures to files.
func onDisk(t *testing.T, colours ...color.Color) (paths []string) {
	t.Helper()
	for i, c := range colours {
		body, err := base64.StdEncoding.DecodeString(square(t, c))
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), fmt.Sprintf("p%d.png", i+1))
		if err := os.WriteFile(path, body, 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}

// TestUploadsInABrowser hands files in by every way there is.
func TestUploadsInABrowser(t *testing.T) {
	browser := newBrowser(t)
	v := newVillage(t)
	open := func(t *testing.T, scripts bool) *tab {
		b := v.newTab(t, browser, member)
		b.window(1280, 1000)
		b.scripts(scripts)
		b.open("/compose")
		return b
	}
	t.Run("pasted, dropped, pointed at, ordered, removed", func(t *testing.T) {
		b := open(t, true)
		b.press("form.compose textarea[name=text]")
		b.helping("order")
		js[bool](b, `(() => { // counts the progress bars
  window.bars = 0;
  new MutationObserver(l => l.forEach(m => m.addedNodes.forEach(n => { if (n.nodeName === 'PROGRESS' && n.getAttribute('aria-label').includes('p1.png')) window.bars++; }))).observe(document.body, { childList: true, subtree: true });
  return true; })()`)
		b.send("paste", `new ClipboardEvent('paste', { clipboardData: %s, bubbles: true, cancelable: true })`, files(t, red))
		b.uploaded(1)
		b.until("there was a bar, and it is gone", `window.bars === 1 && !document.querySelector('form progress')`)
		b.until("the focus is in the description", `document.activeElement.matches('textarea[name^=alt-]')`)
		b.typeText(".mediafields textarea", "Red")
		b.send("drop", `new DragEvent('drop', { dataTransfer: %s, bubbles: true, cancelable: true })`, files(t, blue))
		b.uploaded(2)
		b.until("the description is still there", `document.querySelector('.mediafields textarea').value === 'Red'`)

		b.press(".focalbox summary")
		b.press(".focal")
		b.until("the middle is pointed at", `[...document.querySelectorAll('.focalbox')[0].querySelectorAll('input')].map(i => i.value).join() === '40,40,60,60'`)
		js[bool](b, `(() => { const f = document.querySelector('.focal'), r = f.getBoundingClientRect();
  f.dispatchEvent(new PointerEvent('pointermove', { bubbles: true }));
  const i = document.querySelector('.focalbox input'); i.value = 0; i.form.querySelector('[name^=right-]').value = 20; i.dispatchEvent(new Event('input', { bubbles: true }));
  return true; })()`)
		b.until("the spot follows the fields", `document.querySelector('.focal rect').getAttribute('x') === '0' && document.querySelector('.focal rect').getAttribute('width') === '20'`)
		b.accessible("/compose with two files")

		first := js[string](b, `document.querySelector('[name=media_id]').value`)
		js[bool](b, `(() => { // drags the first below the second
  const [h] = document.querySelectorAll('.draghandle'), li = document.querySelectorAll('.mediafields li')[1], r = li.getBoundingClientRect(), d = new DataTransfer();
  h.dispatchEvent(new DragEvent('dragstart', { dataTransfer: d, bubbles: true }));
  li.dispatchEvent(new DragEvent('dragover', { dataTransfer: d, bubbles: true, cancelable: true, clientY: r.bottom - 1 }));
  h.dispatchEvent(new DragEvent('dragend', { dataTransfer: d, bubbles: true }));
  return true; })()`)
		b.until("the order is changed and the server's", fmt.Sprintf(`(l => l.length === 2 && l[1].value === '%s' && l[1].closest('li').querySelector('textarea').value === 'Red' && l[1].closest('li').querySelector('[value^=up-media]'))(document.querySelectorAll('[name=media_id]'))`, first))
		b.press(".mediafields li:first-child [value^=remove-media]")
		b.uploaded(1)
		b.press(`form.compose button[value=post]`)
		b.until("it is posted", `document.querySelector('article img[alt=Red]')`)
		if got := js[string](b, `document.querySelector('article img[alt=Red]').className`); got != "fx1 fy5" {
			t.Errorf("the card keeps %q in sight, want fx1 fy5", got)
		}
		b.quiet()
	})
	t.Run("what fails can be sent again", func(t *testing.T) {
		b := open(t, true)
		b.press("form.compose textarea[name=text]")
		b.helping("order")
		js[bool](b, `(() => { window.sent = XMLHttpRequest.prototype.open; XMLHttpRequest.prototype.open = function () { window.sent.call(this, 'POST', 'http://127.0.0.1:1/'); }; return true; })()`)
		b.send("paste", `new ClipboardEvent('paste', { clipboardData: %s, bubbles: true, cancelable: true })`, files(t, red))
		b.until("it is said", `document.querySelector('.toast.bad') && document.querySelector('.sendagain')`)
		js[bool](b, `((XMLHttpRequest.prototype.open = window.sent), true)`)
		b.press(".sendagain")
		b.uploaded(1)
		b.until("nothing is left to send", `!document.querySelector('.sendagain')`)
	})
	t.Run("too large is said in words", func(t *testing.T) {
		v.must(v.db.SetSetting(t.Context(), "picture_limit", "1"))
		t.Cleanup(func() { v.must(v.db.SetSetting(context.Background(), "picture_limit", "16")) })
		b := open(t, true)
		b.press("form.compose textarea[name=text]")
		b.helping("order")
		large := fmt.Sprintf(`(() => { const d = new DataTransfer(), bytes = atob('%s'); d.items.add(new File([Uint8Array.from(bytes, c => c.charCodeAt(0)), new Uint8Array(2 << 20)], 'big.png', { type: 'image/png' })); return d; })()`, square(t, red))
		b.send("paste", `new ClipboardEvent('paste', { clipboardData: %s, bubbles: true, cancelable: true })`, large)
		b.until("the words name the file and the limit", `document.querySelector('.toast.bad')?.innerText.includes('big.png is too large: at most 1 MB')`)
		b.uploaded(0)
	})
	t.Run("without scripts", func(t *testing.T) {
		b := open(t, false)
		b.do(chromedp.SetUploadFiles("#f-media-add", onDisk(t, red, blue)))
		b.press(`.addfiles button`)
		b.uploaded(2)
		last := js[string](b, `document.querySelectorAll('[name=media_id]')[1].value`)
		b.press(`.mediafields li:nth-child(2) [value^=up-media]`)
		b.until("it stands first", fmt.Sprintf(`document.querySelector('[name=media_id]').value === '%s'`, last))
		b.typeText(".mediafields textarea", "Blue")
		b.press(`.mediafields li:nth-child(2) [value^=remove-media]`)
		b.uploaded(1)
		b.press(`form.compose button[value=post]`)
		b.until("it is posted", `document.querySelector('article img[alt=Blue]')`)
		b.quiet()
	})
	check, err := v.db.VerifyMedia(t.Context(), true, func(f store.MediaFinding) { t.Errorf("finding %+v", f) })
	if err != nil || check.Files == 0 {
		t.Errorf("%d files are kept, %v", check.Files, err)
	}
}

// send hands the composer an event with files.
func (b *tab) send(what, event string, args ...any) {
	b.t.Helper()
	js[bool](b, `document.querySelector('form.compose textarea').dispatchEvent(`+event+`) || true`, args...)
	b.path = "/compose, " + what
}

// uploaded waits until the form has this many files.
func (b *tab) uploaded(n int) {
	b.t.Helper()
	b.until(fmt.Sprint("the form has files: ", n), fmt.Sprintf(`document.querySelectorAll('form.compose [name=media_id]').length === %d`, n))
}
