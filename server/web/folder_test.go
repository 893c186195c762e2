package web

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

func TestBookmarksInFolders(t *testing.T) {
	s := newFoundedSite(t)
	olga := s.member("olga")
	a, err := s.db.UserByName(t.Context(), "olga")
	s.must(err)
	for _, text := range []string{"on seeds", "on rain"} {
		p := storetest.Post(t, s.db, a.Account, text, store.Public)
		s.must(s.db.Bookmark(t.Context(), p.AccountID, p.ID))
	}
	form := olga.get("/bookmarks").wants(200, "on seeds", "New folder").fields("/bookmarks/folders")
	form.Set("name", "Garden")
	form.Set("emoji", "xyz")
	olga.post("/bookmarks/folders", form).wants(422).holds(`value="Garden"`, `value="xyz"`)
	form.Set("emoji", "🌱")
	page := olga.post("/bookmarks/folders", form)
	folders, err := s.db.BookmarkFolders(t.Context(), a.Account.ID)
	s.must(err)
	id := strconv.FormatInt(folders[0].ID, 10)
	page.leadsTo("/bookmarks?folder="+id).wants(200, "Saved.", "No bookmarks in this folder").lacks("on seeds")

	list, err := s.db.Bookmarks(t.Context(), a.Account.ID, store.Cursor{})
	s.must(err)
	file := "/posts/" + strconv.FormatInt(list.Posts[1].ID, 10) + "/folder" // the older one
	v := olga.get("/bookmarks").wants(200).fields(file)
	v.Set("folder", id)
	olga.post(file, v).leadsTo("/bookmarks")
	olga.get("/bookmarks?folder="+id).wants(200, "on seeds").lacks("on rain")

	edit := "/bookmarks/folders/" + id
	v = olga.get("/bookmarks?folder=" + id).fields(edit)
	v.Set("name", "Plants")
	olga.post(edit, v).leadsTo("/bookmarks?folder="+id).wants(200, "Plants", "🌱")

	s.user("mira", store.Member)
	mira := s.member("mira")
	csrf := url.Values{"csrf": mira.get("/bookmarks").fields("/bookmarks/folders")["csrf"], "name": {"Mine"}, "folder": {id}}
	for _, path := range []string{edit, edit + "/delete", file} {
		mira.post(path, csrf).wants(404)
	}
	mira.get("/bookmarks?folder=" + id).wants(404)
	csrf.Set("name", strings.Repeat("x", 500))
	mira.post("/bookmarks/folders", csrf).wants(422)

	olga.post(edit+"/delete", v).leadsTo("/bookmarks").wants(200, "its bookmarks stay", "on seeds", "on rain").lacks("Plants")
}

// TestABookmarkReturnsToItsFolder when its end is undone: by the button of the
// sentence that tells of it, also after two presses, but not much later.
func TestABookmarkReturnsToItsFolder(t *testing.T) {
	s, c := newVillage(t)
	post := storetest.Post(t, s.db, c.mira, "on seeds", store.Public)
	folder := store.BookmarkFolder{Name: "Garden"}
	s.must(s.db.SaveBookmarkFolder(t.Context(), c.fay.ID, &folder))
	s.must(s.db.Bookmark(t.Context(), c.fay.ID, post.ID))
	s.must(s.db.FileBookmark(t.Context(), c.fay.ID, post.ID, folder.ID))
	fay := s.member("fay")
	in := "/bookmarks?folder=" + strconv.FormatInt(folder.ID, 10)
	path := "/posts/" + strconv.FormatInt(post.ID, 10) + "/bookmark"
	off := url.Values{"csrf": fay.get("/home").fields("")["csrf"], "back": {in}, "on": {"0"}}
	fay.post(path, off).wants(303)
	page := fay.get(fay.post(path, off).location).wants(200, "The bookmark is removed", "No bookmarks in this folder")
	fay.get(page.press(path).location).wants(200, "on seeds")
	fay.post(path, off).wants(303)
	s.pass(time.Hour)
	off.Set("on", "1")
	fay.post(path, off).wants(303)
	fay.get(in).lacks("on seeds")
	fay.get("/bookmarks").wants(200, "on seeds")
}
