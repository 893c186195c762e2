package pagetest

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// shown are the main pages, as they are left in pictures for people to look at.
var shown = map[string]map[string]string{
	visitor: {"landing": "/", "login": "/login", "join": "/join", "about": "/about", "explore": "/explore", "public": "/@mira", "nothing": "/nothing/here"},
	member: {
		"home": "/home", "local": "/local", "notifications": "/notifications", "messages": "/messages", "search": "/search?q=mira", "found": "/search?q=frogs&type=posts", "notfound": "/search?q=nobodyatall",
		"compose": "/compose?add=poll", "other": "/@mira", "own": "/@fay", "pictures": "/@fay/media", "far": "/@jonas@hollow.example", "lists": "/lists", "list": "/lists", "bookmarks": "/bookmarks", "drafts": "/drafts",
		"profile": "/settings/profile", "privacy": "/settings/privacy", "posting": "/settings/posting", "appearance": "/settings/appearance", "told": "/settings/notifications", "filters": "/settings/filters", "security": "/settings/security", "migration": "/settings/migration", "leave": "/settings/delete",
		"welcome1": "/welcome/1", "welcome2": "/welcome/2", "welcome3": "/welcome/3", "menu": "/menu", "keys": "/keys", "tags": "/tags", "follows": "/@fay/following", "requests": "/follow-requests", "mute": "/@mira/mute",
	},
	owner: {"overview": "/admin", "users": "/admin/users", "site": "/admin/settings", "invites": "/admin/invites", "federation": "/admin/federation", "reports": "/mod/reports", "signups": "/mod/signups"},
}

// TestScreenshots leaves pictures of the main pages, whole, in both themes and
// at the width of a phone and of a desk, in .shots, which git ignores.
func TestScreenshots(t *testing.T) {
	if !long() {
		t.Skip("only in the long walk")
	}
	browser := newBrowser(t)
	v := newVillage(t)
	for who, pages := range shown {
		t.Run("as "+who, func(t *testing.T) {
			t.Parallel()
			b := v.newTab(t, browser, who)
			for name, path := range pages {
				b.shootWhole(name, path, "en")
			}
			if who == member {
				b.shootWhole("thread", b.thread, "en")
				for name, path := range map[string]string{"home": "/home", "thread": b.thread, "compose": "/compose", "other": "/@mira"} {
					b.shootWhole(name, path, "ar")
				}
			}
			b.quiet()
		})
	}
}

// shootWhole takes a page's pictures: light on a desk, dark on a phone, and the
// other way about.
func (b *tab) shootWhole(name, path, language string) {
	b.t.Helper()
	for _, how := range []looks{{1280, false, language}, {1280, true, language}, {390, false, language}, {390, true, language}} {
		b.wear(how)
		b.open(path)
		theme := "light"
		if how.dark {
			theme = "dark"
		}
		shot, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
		b.must(err)
		dir := filepath.Join("..", "..", ".shots")
		b.must(os.MkdirAll(dir, 0o755))
		b.must(os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%s-%s-%d.png", name, language, theme, how.width)), shot, 0o644))
	}
}
