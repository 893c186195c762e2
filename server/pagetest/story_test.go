package pagetest

import (
	"fmt"
	"image/color"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"seedling/store"
	"seedling/store/storetest"
)

// story is what happens to one server between its set-up and the day a member
// leaves it (ui.md §6.2), in the browser of everybody who takes part.
type story struct {
	*stage
	boss, wren *tab // the owner, and who joins
	bea        *store.Account
	post       string // "#p42": the post that is talked about
}

// TestAServersStory goes through it chapter by chapter, each in another of the
// ways to read pages: without scripts, with them, and with scripts that fail to
// load once the page is there.
func TestAServersStory(t *testing.T) {
	modes := []scriptMode{scriptsOff}
	if long() {
		modes = append(modes, scriptsOn, scriptsBroken)
	}
	for turn, mode := range modes {
		t.Run("scripts "+string(mode), func(t *testing.T) {
			t.Parallel()
			s := &story{stage: newStage(t, mode)}
			for i, chapter := range []struct {
				name string
				tell func(*story, looks)
			}{
				{"set-up and rules", (*story).setUp}, {"sign-up with approval", (*story).join}, {"a picture with its warning", (*story).picture},
				{"answers", (*story).answers}, {"second thoughts", (*story).secondThoughts}, {"somebody far away", (*story).farAway},
				{"a report", (*story).report}, {"moving", (*story).move}, {"leaving", (*story).leave},
			} {
				how := allLooks[(i+2*turn)%len(allLooks)]
				told := t.Run(chapter.name, func(t *testing.T) {
					s.turnTo(t)
					chapter.tell(s, how)
				})
				if !told {
					t.Fatal("what follows builds on it")
				}
			}
		})
	}
}

// turnTo has the next chapter's test hear of what goes wrong.
func (s *story) turnTo(t *testing.T) {
	s.t, s.here.t, s.there.t = t, t, t
	for _, b := range []*tab{s.boss, s.wren} {
		if b != nil {
			b.t = t
		}
	}
}

// fill writes a text into a field, in place of what is there.
func (b *tab) fill(selector, text string) {
	b.t.Helper()
	b.press(selector)
	js[bool](b, `(document.activeElement.select?.(), true)`)
	b.do(chromedp.KeyEvent(text))
}

// see waits for something, and looks whether the page fits into the window.
func (b *tab) see(what, expression string, args ...any) {
	b.t.Helper()
	b.until(what, fmt.Sprintf(expression, args...))
	dir := "ltr"
	if b.how.language == "ar" {
		dir = "rtl"
	}
	if got := js[string](b, `document.documentElement.dir || 'ltr'`); got != dir {
		b.t.Errorf("%s: it runs %s, want %s", what, got, dir)
	}
	if wide := js[string](b, reflowCheck, dir, b.how.width); wide != "" {
		b.t.Errorf("%s, %+v: it is wider than the window: %s", what, b.how, wide)
	}
	b.quiet()
}

// says waits until the page holds a text.
func (b *tab) says(text string) {
	b.t.Helper()
	b.see("the page says "+text, `document.body.textContent.includes(%s)`, quote(text))
}

// onward waits until the address begins with a path, and the page is there.
func (b *tab) onward(path string) {
	b.t.Helper()
	b.see("the address begins with "+path, `location.pathname.startsWith(%s) && document.readyState === 'complete'`, quote(path))
}

// reload opens a page until something is true of it.
func (b *tab) reload(path, what, expression string, args ...any) {
	b.t.Helper()
	b.reloaded(path, fmt.Sprintf(expression, args...))
	b.see(what, expression, args...)
}

// maxReloads bounds how often somebody looks whether news have come.
const maxReloads = 300

func (b *tab) reloaded(path, expression string) {
	b.t.Helper()
	for range maxReloads {
		b.open(path)
		if js[bool](b, "!!(document.body && (%s))", expression) {
			return
		}
	}
}

// submit presses the button that sends a form, and waits for the next page.
func (b *tab) submit(action string) {
	b.t.Helper()
	b.leave(fmt.Sprintf(`form[action="%s"] .btn.primary:not([formaction]), [formaction="%s"]`, action, action))
}

// leave presses what leads to another page, and waits for that.
func (b *tab) leave(selector string) {
	b.t.Helper()
	b.mark()
	b.press(selector)
	b.until("the next page is there", `!window.marked && document.readyState === 'complete'`)
}

func (s *story) setUp(how looks) {
	_, err := s.there.db.SetUp(s.t.Context(), storetest.NewUser(s.whole, "bea", store.Owner), map[string]string{"name": "The Hollow"})
	s.here.must(err)
	u, err := s.there.db.UserByName(s.t.Context(), "bea")
	s.here.must(err)
	s.bea = u.Account
	b := s.tab(s.here, how)
	s.boss = b
	b.open(s.link)
	b.fill("[name=name]", "boss")
	b.fill("[name=password]", storetest.Password)
	b.fill("[name=title]", "Willow Bend")
	b.press(`label:has([name=join_mode][value=approval])`)
	b.submit("/setup")
	b.onward("/setup/3")
	b.fill("[name=description]", "By the river")
	b.submit("/setup/3")
	b.onward("/setup/4")
	b.submit("/setup/4")
	b.onward("/setup/5")
	b.see("all that other servers need is there, in whatever language", `document.querySelectorAll('.sessions li').length >= 5 && [...document.querySelectorAll('.sessions li use')].every(u => u.getAttribute('href').endsWith('#check'))`)
	b.leave(`main a[href="/welcome/1"]`)
	for step := 1; step <= 4; step++ {
		b.onward(fmt.Sprintf("/welcome/%d", step))
		b.submit(fmt.Sprintf("/welcome/%d", step))
	}
	b.onward("/home")
	b.open("/admin/rules")
	b.fill("#f-rule1", "Be kind")
	b.submit("/admin/rules")
	b.see("the rule is kept", `document.querySelector('#f-rule2') && document.querySelector('#f-rule1').value === 'Be kind'`)
	visitor := s.tab(s.here, how)
	visitor.open("/about/rules")
	visitor.says("Be kind")
	visitor.open(s.link)
	visitor.see("the link is used up", `!document.querySelector('form[action="/setup"]')`)
}

func (s *story) join(how looks) {
	b := s.tab(s.here, how)
	s.wren = b
	b.open("/join")
	b.says("Be kind")
	b.fill("[name=name]", "wren")
	b.fill("[name=password]", storetest.Password)
	b.press(`form[action="/join"] .btn.primary`) // the browser itself misses the reason
	b.see("the form is still there, and what was typed", `document.querySelector('[name=name]')?.value === 'wren'`)
	b.fill("[name=password]", storetest.Password)
	b.fill("[name=reason]", "I live by the river")
	b.press(`label:has([name=agree])`)
	b.submit("/join")
	b.onward("/join/waiting/")
	waiting := js[string](b, `location.pathname`)
	s.boss.wear(how)
	s.boss.open("/mod/signups")
	s.boss.says("I live by the river")
	s.boss.leave(`[formaction^="/mod/signups/"][formaction$="/approve"]`)
	s.boss.see("nobody waits", `!document.querySelector('.signup')`)
	b.open(waiting)
	b.leave(`main a[href^="/login"]`)
	b.onward("/login")
	b.fill("[name=login]", "wren")
	b.fill("[name=password]", storetest.Password)
	b.submit("/login")
	b.onward("/welcome/1")
	b.fill("[name=display_name]", "Wren of the Reeds")
	b.submit("/welcome/1")
	b.onward("/welcome/2")
	b.fill("[name=tags]", "frogs")
	b.submit("/welcome/2")
	b.onward("/welcome/3")
	b.fill("[name=handles]", "@boss")
	b.submit("/welcome/3")
	b.onward("/welcome/4")
	b.submit("/welcome/4")
	b.onward("/home")
	b.open("/@wren")
	b.says("Wren of the Reeds")
}

// logIn fills the log-in page in, and waits for where it leads.
func (b *tab) logIn(name, to string) {
	b.t.Helper()
	b.open("/login")
	b.fill("[name=login]", name)
	b.fill("[name=password]", storetest.Password)
	b.submit("/login")
	b.onward(to)
}

func (s *story) picture(how looks) {
	b := s.wren
	b.wear(how)
	b.open("/compose")
	b.fill("textarea[name=text]", "They are back in the pond")
	b.fill("[name=cw]", "Frogs")
	s.choose(b, red)
	b.fill(".mediafields textarea[name^=alt-]", "A red frog")
	b.leave(`form.compose .btn.primary[value=post]`)
	b.onward("/home")
	b.see("the post has its warning and its picture", `document.querySelector('article.post details.cw img[alt="A red frog"]')`)
	s.post = "#" + js[string](b, `document.querySelector('article.post').id`)
	b.press(s.post + " details.cw summary")
	b.see("it is open", `document.querySelector('%s details.cw[open]')`, s.post)

	b.open("/compose")
	b.fill("textarea[name=text]", "Which one sings?")
	b.leave(`form.compose [value=poll], form.compose [value="add-poll"]`)
	b.fill("#f-poll-1", "The small one")
	b.fill("#f-poll-2", "The large one")
	b.leave(`form.compose .btn.primary[value=post]`)
	b.onward("/home")
	b.says("The large one")
}

// choose puts a picture into the composer.
func (s *story) choose(b *tab, c color.Color) {
	b.t.Helper()
	if s.scripts == scriptsOn {
		b.press("form.compose textarea[name=text]")
		b.helping("order")
	}
	b.do(chromedp.SetUploadFiles("#f-media-add", onDisk(b.t, c)))
	if s.scripts != scriptsOn {
		b.leave(`.addfiles button`)
	}
	b.uploaded(1)
}

func (s *story) answers(how looks) {
	b := s.boss
	b.wear(how)
	id := strings.TrimPrefix(s.post, "#p")
	b.open("/@wren/" + id)
	b.typeText("form.composer textarea", kb.End+"How many?") // after the name that stands there
	b.leave(`form.composer .btn.primary[value=post]`)
	b.see("the answer stands below", `[...document.querySelectorAll('article.post .body')].some(e => e.textContent.includes('How many?'))`)
	b.open("/posts/" + id + "/react")
	b.leave(`.picker button[name=emoji]`)
	b.see("the reaction stands there", `document.querySelector('%s .chip[aria-pressed=true]')`, s.post)
	b.open("/@wren/" + id)
	b.mark()
	b.press(fmt.Sprintf(`%s .acts [formaction="/posts/%s/boost"]`, s.post, id))
	b.see("it is boosted", `document.querySelector('%s .boost')?.getAttribute('aria-pressed') === 'true' && !document.querySelector('[aria-busy]')`, s.post)
	if got, want := b.stays(), s.scripts == scriptsOn; got != want {
		b.t.Errorf("scripts %s: the page stays: got %v, want %v", s.scripts, got, want)
	}
	b.open("/@wren")
	b.press(".pollform label.radio")
	b.press(".pollform .buttons button")
	b.see("the vote counts", `document.querySelector('ul.poll .mine')`)
	s.wren.wear(how)
	s.wren.reload("/notifications", "wren is told of it", `document.body.textContent.includes('How many?') && document.querySelectorAll('main [href="/@boss"]').length >= 3`)
}

func (s *story) secondThoughts(how looks) {
	b := s.wren
	b.wear(how)
	id := strings.TrimPrefix(s.post, "#p")
	b.open("/posts/" + id + "/edit")
	b.fill("textarea[name=text]", "They are back in the long pond")
	b.leave(`form.compose .btn.primary[value=post]`)
	b.onward("/@wren/" + id)
	b.says("the long pond")
	b.open("/@wren/" + id + "/history")
	b.see("the history tells what is new", `document.querySelector('ins')?.textContent.includes('long')`)
	b.open("/posts/" + id + "/redraft")
	b.submit("/posts/" + id + "/redraft")
	b.onward("/compose")
	b.see("everything is in the form", `document.querySelector('textarea[name=text]').value.includes('the long pond') && document.querySelector('[name=cw]').value === 'Frogs' && document.querySelector('textarea[name^=alt-]').value === 'A red frog'`)
	b.fill("textarea[name=text]", "They are back, all of them")
	b.leave(`form.compose .btn.primary[value=post]`)
	b.onward("/home")
	b.says("all of them")
	b.open("/@wren/" + id)
	b.see("the old one is gone", `!document.querySelector('main').textContent.includes('the long pond')`)
}

func (s *story) farAway(how looks) {
	storetest.Post(s.t, s.there.db, s.bea, "Written before anybody followed", store.Public)
	b := s.wren
	b.wear(how)
	b.open("/explore")
	b.open("/search")
	b.fill("main [name=q]", "@bea@hollow.example"+kb.Enter)
	b.see("bea is found", `document.querySelector('[formaction="/@bea@hollow.example/follow"]')`)
	b.press(`[formaction="/@bea@hollow.example/follow"]`)
	b.see("the button says so", `document.querySelector('[formaction="/@bea@hollow.example/follow"]')?.value === '0' && !document.querySelector('[aria-busy]')`)
	s.until("bea is followed", func() bool {
		page, err := s.there.db.FollowersOf(s.t.Context(), s.bea.ID, store.Cursor{Limit: 10})
		s.here.must(err)
		return len(page.Accounts) == 1
	})
	storetest.Post(s.t, s.there.db, s.bea, "Good morning to wren", store.Public)
	b.reload("/home", "bea's post comes", `document.body.textContent.includes('Good morning to wren')`)
	b.open("/@bea@hollow.example/mute")
	b.submit("/@bea@hollow.example/mute")
	b.onward("/@bea@hollow.example")
	b.open("/home")
	b.see("bea is not heard", `!document.body.textContent.includes('Good morning to wren')`)
	b.open("/settings/mutes")
	b.says("bea")
	b.leave(`[formaction="/@bea@hollow.example/mute"]`)
	b.open("/home")
	b.says("Good morning to wren")
}

// until waits for what the other server does: a page is opened between two looks.
func (s *story) until(what string, ok func() bool) {
	s.t.Helper()
	for range maxReloads {
		if ok() {
			return
		}
		s.wren.open("/settings/profile")
	}
	s.t.Fatalf("it never came true that %s", what)
}

func (s *story) report(how looks) {
	b := s.wren
	b.wear(how)
	b.open("/home")
	id := js[string](b, `[...document.querySelectorAll('article.post')].find(a => a.textContent.includes('Good morning to wren')).id.slice(1)`)
	b.open("/report/" + id)
	b.press(`label:has([name=category][value=spam])`)
	action := js[string](b, `document.querySelector('form.report').getAttribute('action')`)
	b.submit(action)
	b.see("the second step", `location.search.includes('step=posts')`)
	b.submit(action)
	b.see("the last step", `document.querySelector('textarea[name=comment]')`)
	b.fill("textarea[name=comment]", "Too early for that")
	b.submit(action)
	b.see("it is sent", `location.search.includes('step=done')`)
	o := s.boss
	o.wear(how)
	o.open("/mod/reports")
	o.leave(`main a[href^="/mod/reports/"]:not(.tabs a)`)
	o.says("Too early for that")
	path := js[string](o, `location.pathname`)
	o.fill("textarea[name=text]", "It was noon")
	o.leave("form#notes .btn")
	o.says("It was noon")
	o.leave(fmt.Sprintf(`[formaction="%s/resolve"]`, path))
	o.see("it is resolved", `document.querySelector('[formaction="%s/reopen"], main')`, path)
	o.open(path)
	o.see("it can be opened again", `document.querySelector('[formaction="%s/reopen"]')`, path)
}

func (s *story) move(how looks) {
	_, err := s.there.db.CreateUser(s.t.Context(), storetest.NewUser(s.whole, "wren2", store.Member))
	s.here.must(err)
	there := s.tab(s.there, how)
	there.logIn("wren2", "/")
	there.open("/settings/migration")
	there.fill("[name=alias]", "@wren@willow.example")
	there.submit("/settings/migration/alias")
	there.see("the old account is named", `document.querySelector('form[action="/settings/migration/alias/remove"]')`)
	s.boss.wear(how)
	s.boss.open("/@wren")
	s.boss.press(`.prof [formaction="/@wren/follow"]`)
	s.boss.see("the owner follows", `document.querySelector('.prof [formaction="/@wren/follow"]')?.value === '0' && !document.querySelector('[aria-busy]')`)
	b := s.wren
	b.wear(how)
	b.open("/settings/migration")
	b.fill("[name=target]", "@wren2@hollow.example")
	b.fill("[name=password]", storetest.Password)
	b.submit("/settings/migration/move")
	b.see("the account has moved", `document.querySelector('[formaction="/settings/migration/return"]')`)
	s.boss.open("/@wren")
	s.boss.see("its profile says where", `document.querySelector('.prof a[href="/@wren2@hollow.example"]')`)
	s.boss.reload("/@wren2@hollow.example", "who followed follows there", `document.querySelector('.prof [formaction="/@wren2@hollow.example/follow"]')?.value === '0'`)
}

func (s *story) leave(how looks) {
	b := s.wren
	b.wear(how)
	b.open("/settings/delete")
	b.fill("[name=name]", "wren")
	b.fill("[name=password]", "not the password")
	b.leave(`form[action="/settings/delete"] .btn.danger`)
	b.see("it is refused, and the name is still there", `document.querySelector('.wrong, .problems, [aria-invalid]') && document.querySelector('[name=name]').value === 'wren'`)
	b.fill("[name=password]", storetest.Password)
	b.leave(`form[action="/settings/delete"] .btn.danger`)
	b.see("nobody is logged in", `location.pathname !== '/settings/delete' && !document.body.classList.contains('signed')`)
	if s.scripts == scriptsBroken && b.missedScripts() == 0 {
		b.t.Error("every script could be loaded")
	}
	b.open("/@wren")
	if got := js[int](b, `performance.getEntriesByType('navigation')[0].responseStatus`); got != http.StatusGone {
		b.t.Errorf("the profile of who left answers %d, want 410", got)
	}
}
