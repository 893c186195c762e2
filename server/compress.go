package server

import (
	"fmt"
	"net/http"

	"github.com/klauspost/compress/gzhttp"
	"github.com/klauspost/compress/gzip"
)

// compressed sends pages and documents with gzip to who takes it: a page of
// twenty posts becomes a sixth as long. The fastest level is used, since a page
// is made for one reader. Pages hold both a secret (the form token) and text
// that others wrote, so a few bytes that depend on the content are added: the
// exact length, which tells about both (BREACH), can't be measured.
func compressed(h http.Handler) (http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(
		gzhttp.MinSize(1400), // what fits one packet anyway
		gzhttp.CompressionLevel(gzip.BestSpeed),
		gzhttp.RandomJitter(64, 0, false),
		gzhttp.ContentTypes([]string{"text/html", "text/plain", "application/json", "application/activity+json", "application/ld+json", "application/jrd+json"}),
	)
	if err != nil {
		return nil, fmt.Errorf("compression: %w", err)
	}
	return wrap(h), nil
}
