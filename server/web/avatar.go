package web

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"

	"seedling/static"
	"seedling/store"
	"seedling/templates"

	"github.com/julienschmidt/httprouter"
)

// avatarPath is where an account's picture is, for lists: one that does not
// move. Who has none has the one drawn for them.
func avatarPath(db *store.DB, a *store.Account) string {
	switch {
	case a.AvatarURL == "" || a.State != store.AccountActive:
	case a.Local():
		return ownPicture(db, cmp.Or(a.Pictures.AvatarStill, a.AvatarURL))
	default:
		return db.AvatarPath(a) + "?small=1"
	}
	return "/avatars/" + strconv.FormatInt(a.ID, 10) + ".svg"
}

// ownPicture is where the picture of a member is, for pages.
func ownPicture(db *store.DB, stored string) string {
	return strings.TrimPrefix(db.ServedURL(stored), db.URL())
}

// bannerPath is where the wide picture of a profile is, "" for none: one that
// does not move for who wants that.
func bannerPath(db *store.DB, a *store.Account, still bool) string {
	switch {
	case a.Local() && still:
		return ownPicture(db, cmp.Or(a.Pictures.HeaderStill, a.HeaderURL))
	case a.Local():
		return ownPicture(db, a.HeaderURL)
	case still && a.HeaderURL != "":
		return db.HeaderPath(a) + "?small=1"
	}
	return db.HeaderPath(a)
}

// showAvatar draws the picture of an account that has none, as SVG for pages
// and as PNG for apps. It needs no look-up: every number has a picture, so
// nothing can be learned from it.
func (s *Server) showAvatar(w http.ResponseWriter, r *http.Request, params httprouter.Params) {
	name, kind, _ := strings.Cut(params.ByName("file"), ".")
	id, err := strconv.ParseInt(name, 10, 64)
	switch {
	case name == "header" && kind == "png":
		drawnPNG(w, static.HeaderPNG())
	case err == nil && kind == "png":
		drawnPNG(w, static.AvatarPNG(id))
	case err == nil && kind == "svg":
		drawnAvatar(w, id, "public, max-age=31536000, immutable")
	default:
		http.NotFound(w, r)
	}
}

// drawnPNG sends a picture that stands in for one that there is not. Apps may
// run in pages of other origins.
func drawnPNG(w http.ResponseWriter, picture []byte) {
	h := w.Header()
	h.Set("Content-Type", "image/png")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Access-Control-Allow-Origin", "*")
	w.Write(picture)
}

// showMenu is the phone's menu as a page.
func (s *Server) showMenu(w http.ResponseWriter, r *request) error {
	return s.render(w, r, http.StatusOK, templates.MenuPage{Frame: s.frame(r)})
}
