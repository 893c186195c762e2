package web

import (
	"net/http"
	"strings"
)

// csp lets a page load nothing but our own files and run nothing inline.
// Pictures of other servers come through our own cache (ui.md §1.7).
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; " +
	"connect-src 'self'; worker-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

// policyWith is csp for pages whose files may come from another host too.
func policyWith(mediaURL string) string {
	if mediaURL == "" {
		return csp
	}
	return strings.NewReplacer("img-src 'self'", "img-src 'self' "+mediaURL, "media-src 'self'", "media-src 'self' "+mediaURL).Replace(csp)
}

// setHeaders sets what every page has.
func (s *Server) setHeaders(h http.Header) {
	h.Set("Content-Security-Policy", s.csp)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
	h.Set("Cache-Control", "private, no-cache")
	h.Add("Vary", "Cookie")
}
