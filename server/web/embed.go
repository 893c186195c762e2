package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"seedling/store"
	"seedling/templates"

	"github.com/julienschmidt/httprouter"
)

// What other sites are told of a post that they show: the size of the frame,
// and for how many seconds that holds.
const (
	embedWidth    = 550
	embedMinWidth = 320
	embedHeight   = 400
	embedAge      = 86_400
)

// embedCSP makes of the policy of the pages that of this one: every site may show it in a frame.
// There is nothing to press in it that could be pressed by mistake.
var embedCSP = strings.NewReplacer("frame-ancestors 'none'", "frame-ancestors *", "form-action 'self'", "form-action 'none'")

// showEmbed is /@name/{id}/embed: a public post alone, for frames of other
// sites. It is the same for all, and sets no cookie.
func (s *Server) showEmbed(w http.ResponseWriter, r *request) error {
	r = r.asVisitor()
	v, err := s.postOfPath(r)
	if err == nil && (!embeddable(v) || r.URL.Path != v.Path()+"/embed") {
		err = store.ErrNotFound
	}
	if err != nil {
		return err
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Security-Policy", embedCSP.Replace(s.csp))
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Del("Cross-Origin-Opener-Policy")
	h.Set("Cache-Control", "public, max-age="+strconv.Itoa(embedMaxAge))
	p := templates.EmbedPage{Frame: s.frame(r), Post: c.post(v), Base: s.db.URL()}
	p.NoIndex = true
	return s.pages.Render(&statusWriter{ResponseWriter: w, status: http.StatusOK}, p)
}

// embedMaxAge is for how many seconds caches may keep the page.
const embedMaxAge = 300

// oEmbed is what oembed.com §2.3.4 has for rich content.
type oEmbed struct {
	Version      string `json:"version"`
	Type         string `json:"type"`
	Title        string `json:"title"`
	AuthorName   string `json:"author_name"`
	AuthorURL    string `json:"author_url"`
	ProviderName string `json:"provider_name"`
	ProviderURL  string `json:"provider_url"`
	CacheAge     int    `json:"cache_age"`
	HTML         string `json:"html,omitempty"`
	Width        int    `json:"width,omitempty"`
	Height       *int   `json:"height,omitempty"`
}

// ShowOEmbed is /api/oembed?url=: how other sites show a public post, or that
// an address is a profile. What is wrong is said as JSON.
func (s *Server) ShowOEmbed(w http.ResponseWriter, r *http.Request) {
	s.page(func(w http.ResponseWriter, r *request) error {
		h := w.Header()
		h.Set("Content-Type", "application/json; charset=utf-8")
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		answer, err := s.oEmbedOf(r.asVisitor())
		status := http.StatusOK
		switch {
		case errors.Is(err, errNoXML):
			status = http.StatusNotImplemented
		case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrGone):
			status = http.StatusNotFound
		case err != nil:
			return err
		}
		w.WriteHeader(status)
		if status != http.StatusOK {
			return json.NewEncoder(w).Encode(map[string]string{"error": http.StatusText(status)})
		}
		return json.NewEncoder(w).Encode(answer)
	})(w, r, httprouter.Params{})
}

// errNoXML is the answer to who wants oEmbed as XML (oembed.com §2.3.3).
var errNoXML = errors.New("oEmbed is answered as JSON alone")

func (s *Server) oEmbedOf(r *request) (*oEmbed, error) {
	if f := r.query("format"); f != "" && f != "json" {
		return nil, errNoXML
	}
	path, ok := strings.CutPrefix(r.query("url"), s.db.URL()+"/@")
	if !ok {
		return nil, store.ErrNotFound
	}
	path, _, _ = strings.Cut(path, "?")
	path, _, _ = strings.Cut(path, "#")
	name, id, isPost := strings.Cut(path, "/")
	settings, err := s.db.Settings(r.Context())
	if err != nil {
		return nil, err
	}
	a, err := s.accountAt(r, name)
	if err == nil && !a.Local() {
		err = store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	base := s.db.URL()
	o := &oEmbed{Version: "1.0", Type: "link", Title: a.Name(), AuthorName: a.Name(), AuthorURL: base + a.Path(), ProviderName: settings.Name, ProviderURL: base + "/", CacheAge: embedAge}
	if !isPost {
		return o, nil
	}
	v, err := s.db.PostVisibleTo(r.Context(), positive(id), store.Viewer{})
	if err == nil && (!embeddable(v) || v.AccountID != a.ID) {
		err = store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return o, o.frame(s, r, v)
}

// frame makes the answer that of a post.
func (o *oEmbed) frame(s *Server, r *request, v *store.PostView) error {
	width, height := embedWidth, embedHeight
	if n := int(positive(r.query("maxwidth"))); n > 0 {
		width = max(min(width, n), min(n, embedMinWidth))
	}
	if n := int(positive(r.query("maxheight"))); n > 0 {
		height = min(height, n)
	}
	o.Type, o.Width, o.Height = "rich", width, &height
	o.Title = s.words(r).T("feeds.post_by", "name", v.Author.Name())
	address := url.URL{Path: v.Path() + "/embed"}
	o.HTML = fmt.Sprintf(`<iframe src="%s" title="%s" width="%d" height="%d" sandbox="allow-same-origin allow-popups" loading="lazy" allowfullscreen></iframe>`,
		html.EscapeString(s.db.URL()+address.EscapedPath()), html.EscapeString(o.Title), width, height)
	return nil
}
