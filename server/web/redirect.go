package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"seedling/templates"
)

// redirect sends the reader on to a path of this server after a POST (or from
// a page that they may not see yet).
func redirect(w http.ResponseWriter, r *request, path string) error {
	http.Redirect(w, r.Request, path, http.StatusSeeOther)
	return nil
}

// back sends the reader to where the small action came from (the field
// "back"), or to otherwise. A postID makes the page open at that post.
func back(w http.ResponseWriter, r *request, postID int64, otherwise string) error {
	path, ok := localPath(r.form.Get("back"))
	if !ok {
		path = otherwise
	}
	if postID != 0 {
		path, _, _ = strings.Cut(path, "#")
		path += "#p" + strconv.FormatInt(postID, 10)
	}
	return redirect(w, r, path)
}

// backWith is back with a flash on the page that follows.
func (s *Server) backWith(w http.ResponseWriter, r *request, otherwise, key string, args ...any) error {
	s.flash(w, templates.Flash{Msg: templates.M(key, args...)})
	return back(w, r, 0, otherwise)
}

// backUndo is backWith with a button that takes it back: the small action at path,
// with this value of "on".
func (s *Server) backUndo(w http.ResponseWriter, r *request, otherwise, path, on, key string, args ...any) error {
	s.flash(w, templates.Flash{Msg: templates.M(key, args...), Undo: &templates.Undo{Path: path, On: on}})
	return back(w, r, 0, otherwise)
}

// localPath checks that a redirect target which came with a request stays on
// this server: a path with one slash in front, and nothing that a browser
// would read as a host ("//x", "/\x", a control character in between).
func localPath(s string) (string, bool) {
	if len(s) == 0 || len(s) > 2000 || s[0] != '/' || strings.HasPrefix(s, "//") {
		return "", false
	}
	for i := range len(s) {
		if s[i] <= ' ' || s[i] == '\\' || s[i] == 0x7f {
			return "", false
		}
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil {
		return "", false
	}
	return s, true
}
