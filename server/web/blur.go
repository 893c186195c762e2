package web

import (
	"encoding/base64"
	"net/http"
	"strings"

	"seedling/store/media"

	"github.com/julienschmidt/httprouter"
)

// blurPath is where a tiny blurred picture of a file is served, made from its
// blurhash alone; "" if it has none.
func blurPath(hash string) string {
	if !media.CanBlur(hash) {
		return ""
	}
	return "/blur/" + base64.RawURLEncoding.EncodeToString([]byte(hash)) + ".png"
}

// showBlur is /blur/{blurhash}.png: what cards show of files that may disturb
// until they are opened. The address says all of it, so no row is read.
func (s *Server) showBlur(w http.ResponseWriter, r *http.Request, params httprouter.Params) {
	name, _ := strings.CutSuffix(params.ByName("hash"), ".png")
	hash, err := base64.RawURLEncoding.DecodeString(name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	body, err := media.Blurred(string(hash))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	setMediaHeaders(w.Header(), "image/png")
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(body) // who went away does not need it
}
