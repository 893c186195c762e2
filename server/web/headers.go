package web

import "net/http"

// csp lets a page load nothing but our own files and run nothing inline.
// Pictures of other servers come through our own cache (ui.md §1.7).
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; " +
	"connect-src 'self'; worker-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

// setHeaders sets what every page has.
func setHeaders(h http.Header) {
	h.Set("Content-Security-Policy", csp)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
	h.Set("Cache-Control", "private, no-cache")
	h.Add("Vary", "Cookie")
}

// formsMayLeave lets the forms of this page be answered with a redirect to
// another server, which browsers check too: following from one's own server.
func formsMayLeave(h http.Header) {
	h.Set("Content-Security-Policy", csp+" https: http:")
}
