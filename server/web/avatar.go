package web

import (
	"net/http"
	"strconv"
	"strings"

	"seedling/store"
	"seedling/templates"

	"github.com/julienschmidt/httprouter"
)

// avatarPath is where an account's picture is. Uploaded and fetched pictures
// come with media; until then everybody has the one drawn for them.
func avatarPath(a *store.Account) string {
	return "/avatars/" + strconv.FormatInt(a.ID, 10) + ".svg"
}

// showAvatar draws the picture of an account that has none. It needs no look-up:
// every number has a picture, so nothing can be learned from it.
func (s *Server) showAvatar(w http.ResponseWriter, r *http.Request, params httprouter.Params) {
	id, err := strconv.ParseInt(strings.TrimSuffix(params.ByName("file"), ".svg"), 10, 64)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	drawnAvatar(w, id, "public, max-age=31536000, immutable")
}

// showMenu is the phone's menu as a page.
func (s *Server) showMenu(w http.ResponseWriter, r *request) error {
	return s.render(w, r, http.StatusOK, templates.MenuPage{Frame: s.frame(r)})
}
