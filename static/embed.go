// Package static holds the style sheet, the icon sprite and the product's own
// drawings, and serves them under names that carry a hash of their content, so
// that browsers may keep them for good. It is a leaf: only server/web imports
// it. People's pictures and other media are not its business (store/media).
// Read [Files] first; [Avatar] draws the picture of accounts that have none.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

//go:embed seedling.css icons.svg img js
var files embed.FS

// prefix is the path that every asset is served under.
const prefix = "/static/"

// Files is all assets, hashed and compressed once. It is an [http.Handler] for
// paths under /static/ and safe for concurrent use.
type Files struct {
	from   fs.FS
	urls   map[string]string // plain name -> hashed URL path
	assets map[string]*asset // hashed URL path -> content
}

// asset is one file as it is sent.
type asset struct {
	contentType string
	etag        string
	plain       []byte
	gzip        []byte // nil where compression does not pay
}

// New gives all embedded files, which are read, hashed and compressed once in a
// program: they never change.
func New() (*Files, error) { return embedded() }

var embedded = sync.OnceValues(func() (*Files, error) { return newFiles(files) })

func newFiles(from fs.FS) (*Files, error) {
	f := &Files{from: from, urls: map[string]string{}, assets: map[string]*asset{}}
	err := fs.WalkDir(from, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return f.add(name)
	})
	if err != nil {
		return nil, fmt.Errorf("load static files: %w", err)
	}
	return f, nil
}

// URL returns the path of the file called name, such as "seedling.css" or
// "img/banner.svg", with its hash: "/static/seedling.0123456789.css". A name
// that does not exist gives an empty string, which the templates' test refuses.
func (f *Files) URL(name string) string {
	return f.urls[name]
}

// ServeWorker answers with the script called name under whatever path was asked
// for, such as one that never changes: a browser looks there for a newer one.
func (f *Files) ServeWorker(w http.ResponseWriter, name string) {
	a := f.assets[f.urls[name]]
	w.Header().Set("Content-Type", a.contentType)
	w.Header().Set("Cache-Control", "no-cache")
	w.Write(a.plain) // the browser having gone is nobody's error
}

// ServeHTTP answers GET and HEAD for hashed names. Anything else is 404: an
// old hash means an old page, and its reader is better off reloading it.
func (f *Files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a := f.assets[r.URL.Path]
	if a == nil {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	a.serve(w, r)
}

func (f *Files) add(name string) error {
	if f.urls[name] != "" { // a script that another loads is there before its turn
		return nil
	}
	data, err := fs.ReadFile(f.from, name)
	if err != nil {
		return err
	}
	switch path.Ext(name) {
	case ".css":
		data = withOlder(tighten(data))
	case ".js":
		if data, err = f.linkScripts(name, data); err != nil {
			return err
		}
	}
	contentType, ok := contentTypes[path.Ext(name)]
	if !ok {
		return fmt.Errorf("%s: no content type for this extension", name)
	}
	sum := sha256.Sum256(data)
	hash := hex.EncodeToString(sum[:5])
	ext := path.Ext(name)
	url := prefix + strings.TrimSuffix(name, ext) + "." + hash + ext
	packed, err := compress(data)
	if err != nil {
		return fmt.Errorf("compress %s: %w", name, err)
	}
	f.urls[name] = url
	f.assets[url] = &asset{contentType: contentType, etag: hash, plain: data, gzip: packed}
	return nil
}

func (a *asset) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", a.contentType)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept-Encoding")
	body, etag := a.plain, `"`+a.etag+`"`
	if a.gzip != nil && acceptsGzip(r.Header.Get("Accept-Encoding")) {
		body, etag = a.gzip, `"`+a.etag+`-gz"`
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("ETag", etag)
	if matches(r.Header.Get("If-None-Match"), etag) {
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodGet {
		w.Write(body) // the reader having gone is nobody's error
	}
}

var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
	".png": "image/png",
	".ico": "image/x-icon",
}

// compress returns the gzip form of data, or nil if that saves less than a tenth.
func compress(data []byte) ([]byte, error) {
	var buf bytes.Buffer
	zw, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := zw.Write(data); err != nil {
		return nil, err
	}
	if err := zw.Close(); err != nil {
		return nil, err
	}
	if buf.Len() > len(data)*9/10 {
		return nil, nil
	}
	return buf.Bytes(), nil
}

// acceptsGzip reads Accept-Encoding (RFC 9110 §12.5.3) as far as gzip goes.
func acceptsGzip(header string) bool {
	for coding := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(coding, ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			q := strings.ReplaceAll(params, " ", "")
			return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
		}
	}
	return false
}

// matches says whether If-None-Match names etag (RFC 9110 §13.1.2).
func matches(header, etag string) bool {
	for candidate := range strings.SplitSeq(header, ",") {
		candidate = strings.TrimPrefix(strings.TrimSpace(candidate), "W/")
		if candidate == etag || candidate == "*" {
			return true
		}
	}
	return false
}
