package pagetest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"seedling/store"
	"seedling/store/storetest"
)

// TestFlowsWithScriptsOffAndOn goes through what a member does all day, first
// without scripts and then with them. Without, every step is a page; with them
// the same buttons work in place.
func TestFlowsWithScriptsOffAndOn(t *testing.T) {
	browser := newBrowser(t)
	for _, on := range []bool{false, true} {
		for _, width := range []int{320, 1280} {
			t.Run(fmt.Sprintf("scripts %v, %d px", on, width), func(t *testing.T) {
				v := newVillage(t)
				b := v.newTab(t, browser, member)
				b.scripts(on)
				b.window(width, 900)
				b.write()
				b.actOnPosts(on)
				b.vote(on)
				b.follow(on)
				b.quiet()
			})
		}
	}
}

// press clicks the first visible element of a selector, as a person would.
func (b *tab) press(selector string) {
	b.t.Helper()
	x, y := b.middle(selector)
	b.do(chromedp.MouseClickXY(x, y))
}

// point moves the mouse onto that element.
func (b *tab) point(selector string) {
	b.t.Helper()
	x, y := b.middle(selector)
	b.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, x, y))
}

// middle is that of the first visible element of a selector, once it holds still.
// The page itself can't wait for that: without scripts it has no timers.
func (b *tab) middle(selector string) (x, y float64) {
	b.t.Helper()
	look := fmt.Sprintf(`(() => {
  const e = [...document.querySelectorAll(%s)].find(e => e.checkVisibility());
  e.scrollIntoView({ block: 'center', behavior: 'instant' });
  const box = e.getBoundingClientRect();
  return [box.left + box.width / 2, box.top + box.height / 2];
})()`, quote(selector))
	var last []float64
	for range 100 {
		b.until(selector+" is there", visible(selector))
		at, err := evaluate[[]float64](b, look)
		if err == nil && slices.Equal(at, last) {
			return at[0], at[1]
		}
		last = at // nothing, if the page was left meanwhile
		time.Sleep(20 * time.Millisecond)
	}
	b.t.Fatalf("%s: %s never holds still", b.path, selector)
	return 0, 0
}

func visible(selector string) string {
	return fmt.Sprintf(`[...document.querySelectorAll(%s)].some(e => e.checkVisibility())`, quote(selector))
}

func (b *tab) typeText(selector, text string) {
	b.t.Helper()
	b.press(selector)
	b.do(chromedp.KeyEvent(text))
}

func quote(s string) string {
	text, _ := json.Marshal(s) // of a string: never fails
	return string(text)
}

// stays says whether the page has not been left since mark was called.
func (b *tab) mark()       { js[bool](b, `(window.marked = true)`) }
func (b *tab) stays() bool { return js[bool](b, `!!window.marked`) }

func (b *tab) write() {
	b.t.Helper()
	b.open("/home")
	b.typeText("form.composer textarea", "The frogs are back")
	b.press(`form.composer button[value=post]`)
	b.until("the post stands at home", `location.pathname === '/home' && [...document.querySelectorAll('article')].some(a => a.innerText.includes('The frogs are back'))`)
}

// actOnPosts presses the small buttons of the newest post of somebody else.
func (b *tab) actOnPosts(on bool) {
	b.t.Helper()
	b.open("/@mira")
	post := js[string](b, `'#' + [...document.querySelectorAll('article.post')].at(-1).id`)
	for _, action := range []string{"favourite", "boost", "bookmark"} {
		button := fmt.Sprintf(`%s .acts [formaction$="/%s"]`, post, action)
		for _, pressed := range []string{"true", "false"} {
			b.mark()
			b.press(button)
			b.until(action+" is "+pressed, fmt.Sprintf(`document.querySelector(%s)?.getAttribute('aria-pressed') === '%s' && !document.querySelector('[aria-busy]')`, quote(button), pressed))
			if b.stays() != on {
				b.t.Errorf("%s: the page was left: got %v, want %v", action, !b.stays(), !on)
			}
			if on {
				b.until("the focus stays on "+action, fmt.Sprintf(`document.activeElement?.getAttribute('formaction')?.endsWith('/%s')`, action))
			}
		}
	}
}

func (b *tab) vote(on bool) {
	b.t.Helper()
	b.open("/@mira")
	b.mark()
	b.press(".pollform label.radio")
	b.press(".pollform .buttons button")
	b.until("the vote counts", `document.querySelector('ul.poll .mine')`)
	if b.stays() != on {
		b.t.Errorf("vote: the page was left: got %v, want %v", !b.stays(), !on)
	}
}

func (b *tab) follow(on bool) {
	b.t.Helper()
	b.open("/@olga")
	for _, wanted := range []string{"1", "0"} { // what the button will do next
		b.mark()
		b.press(`.prof button[formaction="/@olga/follow"]`)
		b.until("the button changes", fmt.Sprintf(`document.querySelector('.prof button[formaction="/@olga/follow"]')?.value === '%s'`, wanted))
		if b.stays() != on {
			b.t.Errorf("follow: the page was left: got %v, want %v", !b.stays(), !on)
		}
	}
}

// TestScriptsHelp tries what scripts add.
func TestScriptsHelp(t *testing.T) {
	browser := newBrowser(t)
	v := newVillage(t)
	open := func(t *testing.T, path string) *tab {
		b := v.newTab(t, browser, member)
		b.window(1280, 900)
		b.open(path)
		return b
	}
	t.Run("a draft comes back", func(t *testing.T) {
		b := open(t, "/home")
		b.typeText("form.composer textarea", "Half a thought")
		b.until("the draft is kept", `Object.keys(localStorage).some(k => k.startsWith('draft ') && localStorage[k].includes('Half a thought'))`)
		b.until("the server has it", `document.querySelector('form.composer input[name=draft]')?.value`)
		b.open("/drafts")
		b.until("it is among the drafts", `document.body.innerText.includes('Half a thought')`)
		b.open("/home")
		b.until("the text is back", `document.querySelector('form.composer textarea').value === 'Half a thought'`)
		b.press(".kept button")
		b.until("it is thrown away", `document.querySelector('form.composer textarea').value === '' && !Object.keys(localStorage).some(k => k.startsWith('draft '))`)
		b.quiet()
	})
	t.Run("a text that came back is not completed before it is written on", func(t *testing.T) {
		b := open(t, "/home")
		b.typeText("form.composer textarea", "Ask @mir")
		b.until("a name is offered", `document.querySelector('[role=listbox] [role=option]')`)
		b.until("the draft is kept", `Object.keys(localStorage).some(k => k.startsWith('draft ') && localStorage[k].includes('Ask @mir'))`)
		b.open("/home")
		b.until("the text is back", `document.querySelector('form.composer textarea').value === 'Ask @mir' && document.querySelector('.kept button')`)
		b.helping("complete")
		if js[bool](b, `new Promise(done => setTimeout(() => done(!!document.querySelector('[role=listbox]')), 500))`) {
			t.Error("a list stands over a text that nobody writes on")
		}
		b.press(".kept button")
		b.until("it is thrown away", `document.querySelector('form.composer textarea').value === ''`)
		b.quiet()
	})
	t.Run("a text that is sent while the network is lost comes back", func(t *testing.T) {
		b := open(t, "/home")
		b.typeText("form.composer textarea", "Sent from a tunnel")
		b.helping("draft")
		b.offline(true)
		b.press(`form.composer button[value=post]`)
		b.until("the browser says that there is no network", `!document.querySelector('form.composer')`)
		b.offline(false)
		b.open("/home")
		b.until("the text is back", `document.querySelector('form.composer textarea').value === 'Sent from a tunnel'`)
		b.leave(`form.composer button[value=post]`)
		if !js[bool](b, `document.body.innerText.includes('Sent from a tunnel') && !document.querySelector('form.composer textarea').value && !Object.keys(localStorage).some(k => k.startsWith('draft '))`) {
			t.Error("it is not posted, or could come back")
		}
		b.once("post", "html", "Sent from a tunnel")
	})
	t.Run("names are completed", func(t *testing.T) {
		b := open(t, "/home")
		b.typeText("form.composer textarea", "Hello @mir")
		b.until("there are suggestions", `document.querySelector('[role=listbox] [role=option][aria-selected=true]')?.dataset.text === '@mira'`)
		b.accessible("/home with suggestions")
		b.do(chromedp.KeyEvent(kb.Enter))
		// The protocol types its own line break after the key, which no keyboard does.
		b.until("the name is written", `document.querySelector('form.composer textarea').value.trimEnd() === 'Hello @mira'`)
		b.quiet()
	})
	t.Run("characters are counted", func(t *testing.T) {
		b := open(t, "/home")
		b.press("form.composer textarea")
		js[bool](b, `(() => { const f = document.querySelector('form.composer textarea'); f.value = '👩‍👩‍👧‍👦'.repeat(f.form.dataset.limit - 3); f.dispatchEvent(new Event('input', { bubbles: true })); return true; })()`)
		b.until("three are left", `document.querySelector('.left')?.innerText.startsWith('3 ')`)
		b.quiet()
	})
	t.Run("keys move and act", func(t *testing.T) {
		b := open(t, "/@mira")
		b.do(chromedp.KeyEvent("j"))
		b.until("a post has the focus", `document.activeElement.matches('article.post')`)
		first := js[string](b, `document.activeElement.id`)
		b.do(chromedp.KeyEvent("j"))
		b.until("the next has it", fmt.Sprintf(`document.activeElement.id !== '%s'`, first))
		b.do(chromedp.KeyEvent("f"))
		b.until("it is a favourite", `document.activeElement.closest('article').querySelector('.fav').getAttribute('aria-pressed') === 'true'`)
		b.do(chromedp.KeyEvent("?"))
		b.until("the keys are listed", `location.pathname === '/keys'`)
		b.press(`form[action="/keys"] button`)
		b.until("they are off", `document.body.dataset.keys === 'off'`)
		b.quiet()
	})
	t.Run("menus close", func(t *testing.T) {
		b := open(t, "/@mira")
		b.press(".acts details.menu summary")
		b.until("it is open", `document.querySelector('details.menu[open]')`)
		b.helping("menu")
		b.do(chromedp.KeyEvent(kb.Escape))
		b.until("it is closed and has the focus", `!document.querySelector('details.menu[open]') && document.activeElement.matches('.menu summary')`)
		b.quiet()
	})
	t.Run("still pictures move while they are pointed at", func(t *testing.T) {
		b := open(t, "/home")
		works["moves"](b)
		b.quiet()
	})
	t.Run("pictures open", func(t *testing.T) {
		b := open(t, "/@fay/media")
		b.press(".media.n3 a:has(img)")
		b.until("the picture is shown", `document.querySelector('dialog[open] img')?.naturalWidth > 0`)
		alt := js[string](b, `document.querySelector('dialog img').alt`)
		b.accessible("/@fay/media with a picture open")
		b.do(chromedp.KeyEvent(kb.ArrowRight))
		b.until("the next is shown", fmt.Sprintf(`document.querySelector('dialog img').alt !== %s`, quote(alt)))
		b.until("its words stand below", `document.querySelector('dialog figcaption').textContent === document.querySelector('dialog img').alt`)
		b.press("dialog .zoom")
		b.until("it has its own size", `document.querySelector('dialog.zoomed .zoom').getAttribute('aria-pressed') === 'true' && document.activeElement.matches('dialog figure')`)
		b.accessible("/@fay/media with a picture in its own size")
		b.do(chromedp.KeyEvent("-"))
		b.until("it is whole again", `!document.querySelector('dialog.zoomed')`)
		b.do(chromedp.KeyEvent(kb.Escape))
		b.until("it closes, and the focus is where it was", `!document.querySelector('dialog[open]') && document.activeElement === document.querySelector('.media.n3 a:has(img)')`)
		b.quiet()
	})
	t.Run("what was ended is taken back", func(t *testing.T) {
		b := open(t, "/@olga")
		for _, path := range []string{"/@olga", "/@mira"} {
			button := `.prof button[formaction="` + path + `/follow"]`
			if path == "/@mira" {
				b.open("/@mira")
				button = `article.post .acts [formaction$="/bookmark"]`
			}
			state := fmt.Sprintf(`document.querySelector(%s)?.value`, quote(button))
			if js[string](b, "%s", state) == "1" {
				b.press(button)
				b.until("it is on", state+` === '0' && !document.querySelector('[aria-busy]')`)
			}
			b.press(button)
			b.until("a toast offers it again", state+` === '1' && document.querySelector('.toast button')`)
			b.mark()
			b.press(".toast button")
			b.until("it is on again", state+` === '0' && !document.querySelector('.toast') && !document.querySelector('[aria-busy]')`)
			if !b.stays() {
				t.Errorf("%s: the page was left", path)
			}
		}
		b.quiet()
	})
	t.Run("older posts come in place", func(t *testing.T) {
		b := open(t, "/local")
		before := js[int](b, `document.querySelectorAll('article.post').length`)
		b.mark()
		b.press(".pager a[rel=next]")
		b.until("there are more", fmt.Sprintf(`document.querySelectorAll('article.post').length > %d && location.search.includes('before=')`, before))
		if !b.stays() {
			t.Error("the page was left")
		}
		b.until("the first new one has the focus", `document.activeElement.matches('article')`)
		b.quiet()
	})
	t.Run("new posts wait behind a link", func(t *testing.T) {
		b := open(t, "/home")
		b.helping("live")
		mira, err := v.db.UserByName(t.Context(), mod)
		v.must(err)
		storetest.Post(t, v.db, mira.Account, "Fresh from the river", store.Public)
		b.until("the link counts it", `document.querySelector('a.newpill')?.innerText.includes('1')`)
		b.press("a.newpill")
		b.until("it is there", `document.body.innerText.includes('Fresh from the river')`)
		b.quiet()
	})
	t.Run("what is refused is said in its own sentence alone", func(t *testing.T) {
		b := open(t, "/@sam")
		b.press(".pollform button:not(.act)")
		b.until("it is said", `document.querySelector('.toast.bad')?.innerText === 'Choose an option first, then press Vote.'`)
	})
	t.Run("a network that is lost is said in words", func(t *testing.T) {
		b := open(t, "/@mira")
		b.press(".acts .fav[aria-pressed=false]")
		b.helping("place")
		b.until("it is on", `!document.querySelector('[aria-busy]') && document.querySelector('.acts .fav[aria-pressed=true]')`)
		b.until("the words are here", `performance.getEntriesByType('resource').some(e => e.name.includes('/words.json') && e.responseEnd > 0)`)
		b.offline(true)
		b.press(".acts .fav[aria-pressed=true]")
		b.until("it is said", `document.querySelector('.toast.bad')?.innerText`)
		if said := js[string](b, `document.querySelector('.toast.bad').innerText`); strings.Contains(said, "Error") {
			t.Errorf("it says %q", said)
		}
	})
	t.Run("what fails is undone and said", func(t *testing.T) {
		b := open(t, "/@mira")
		js[bool](b, `import(document.querySelector('script[src*="/js/app"]').src).then(() => { window.fetch = () => Promise.reject(new TypeError('no network')); return true; })`)
		b.press(".acts .fav[aria-pressed=false]")
		b.until("it is said", `document.querySelector('.toast')?.innerText`)
		if js[int](b, `document.querySelectorAll('[aria-busy]').length`) != 0 {
			t.Error("the form still waits")
		}
	})
}
