package pagetest

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestBackReloadAndASecondTab does what people do with a browser after a form
// was sent: they go back and press again, read the page anew, and have it open
// twice. Nothing is done a second time (ui.md §6.12), with the scripts and
// without.
func TestBackReloadAndASecondTab(t *testing.T) {
	browser := newBrowser(t)
	v := newVillage(t)
	modes := []bool{false}
	if long() {
		modes = append(modes, true)
	}
	for _, on := range modes {
		for what, test := range map[string]func(*tab){"a post": (*tab).postAgain, "small actions": (*tab).actAgain, "a list": (*tab).listAgain, "an answer that says no": (*tab).refusedAgain} {
			t.Run(fmt.Sprintf("%s, scripts %v", what, on), func(t *testing.T) {
				b := v.newTab(t, browser, member)
				b.scripts(on)
				b.window(1280, 900)
				test(b)
			})
		}
	}
}

// again is what can be done with a page that answers a form: b has it open, and
// the form's page before it.
func (b *tab) again(press string) {
	b.t.Helper()
	b.reread()
	second := b.duplicate()
	second.reread()
	b.back()
	if js[bool](b, `!!document.querySelector(%s)?.form.checkValidity()`, quote(press)) { // empty fields are not sent by the browser
		b.leave(press)
	}
	b.reread()
}

// reread reloads the page, and says yes where the browser asks whether to send
// the form again.
func (b *tab) reread() {
	b.t.Helper()
	b.mark()
	b.do(chromedp.Reload())
	b.until("the page was read anew", `!window.marked && document.readyState === 'complete'`)
}

// back presses the browser's own button.
func (b *tab) back() {
	b.t.Helper()
	js[bool](b, `(window.behind = true)`)
	b.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		at, err := cdp.Call(ctx, t, page.GetNavigationHistory, cdp.Empty{})
		if err != nil {
			return err
		}
		_, err = cdp.Call(ctx, t, page.NavigateToHistoryEntry, page.NavigateToHistoryEntryParams{EntryID: at.Entries[at.CurrentIndex-1].ID})
		return err
	}))
	b.until("the page before is there", `!window.behind && document.readyState === 'complete'`)
}

// duplicate opens the same address in another window of the same person.
func (b *tab) duplicate() *tab {
	b.t.Helper()
	other := b.newTab(b.t, b.browser, b.who)
	other.open(js[string](b, `location.pathname + location.search`))
	return other
}

// counted is how many rows of a table have a text in a column.
func (v *village) counted(table, column, text string) (n int) {
	v.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(v.data, "seedling.db")+"?mode=ro")
	v.must(err)
	defer db.Close()
	v.must(db.QueryRowContext(v.t.Context(), fmt.Sprintf(`SELECT count(*) FROM %q WHERE %q LIKE ?`, table, column), "%"+text+"%").Scan(&n))
	return n
}

// once wants one row of a table to have a text in a column.
func (b *tab) once(table, column, text string) {
	b.t.Helper()
	if n := b.counted(table, column, text); n != 1 {
		b.t.Errorf("%s: got %d of %q, want 1", table, n, text)
	}
}

// postAgain writes at home, which the browser reads anew when it goes back, and
// on the page for it, which it has kept.
func (b *tab) postAgain() {
	for _, path := range []string{"/home", "/compose"} {
		text := "Said once at " + path + " in " + b.t.Name()
		b.open(path)
		b.fill("main form textarea[name=text]", text)
		b.leave("main form button[value=post]")
		b.again("main form button[value=post]")
		b.once("post", "html", text)
	}
}

// actAgain has a favourite, a vote and a follow pressed on pages that show how
// it was before.
func (b *tab) actAgain() {
	b.open("/@mira")
	post := js[string](b, `[...document.querySelectorAll('article.post')].at(-2).id.slice(1)`)
	button := fmt.Sprintf(`#p%s .acts [formaction="/posts/%[1]s/favourite"]`, post)
	stale := b.duplicate()
	stale.scripts(false)
	stale.open("/@mira")
	b.press(button)
	b.until("it is a favourite", fmt.Sprintf(`document.querySelector(%s)?.value === '0' && !document.querySelector('[aria-busy]')`, quote(button)))
	stale.press(button) // shows it as none
	stale.until("it still is one", fmt.Sprintf(`document.querySelector(%s)?.value === '0'`, quote(button)))
	stale.reread()
	stale.back()
	if n := b.counted("favourite", "post_id", post); n != 1 {
		b.t.Errorf("got %d favourites, want 1", n)
	}
	b.reread()
	b.press(button)
	b.until("it is none again", fmt.Sprintf(`document.querySelector(%s)?.value === '1' && !document.querySelector('[aria-busy]')`, quote(button)))
}

// listAgain sends one of the forms that have the field "once".
func (b *tab) listAgain() {
	title := "Once " + b.t.Name()
	b.open("/lists")
	b.fill(`form[action="/lists"] [name=title]`, title)
	b.leave(`form[action="/lists"] .btn.primary`)
	b.again(`form[action="/lists"] .btn.primary`)
	b.once("list", "title", title)
}

// refusedAgain: an answer that stands under the form's own address is sent again
// by a reload, and is the same answer.
func (b *tab) refusedAgain() {
	b.open("/compose")
	b.fill("textarea[name=text]", "Kept, whatever happens")
	b.press("[name=cw]")
	b.do(chromedp.KeyEvent("x"))
	js[bool](b, `(() => { const f = document.querySelector('form.compose'); f.querySelector('[name=text]').value = 'long '.repeat(3000); return true; })()`)
	b.leave("form.compose button[value=post]")
	for range 2 {
		if got := js[int](b, `performance.getEntriesByType('navigation')[0].responseStatus`); got != http.StatusUnprocessableEntity {
			b.t.Errorf("got status %d, want 422", got)
		}
		b.reread()
	}
	if js[int](b, `document.querySelector('textarea[name=text]').value.length`) < 10_000 {
		b.t.Error("the text was lost")
	}
	b.fill("textarea[name=text]", "Short now: "+b.t.Name()+kb.Tab)
	b.leave("form.compose button[value=post]")
	b.again("form.compose button[value=post]")
	b.once("post", "html", "Short now: "+b.t.Name())
}
