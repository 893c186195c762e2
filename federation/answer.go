package federation

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"seedling/federation/httpsig"
	"seedling/store"
)

// How long others may keep what everyone may read. Posts and actors change by
// an Update that is sent to those who have them, so this is for the others.
const (
	cachePublic    = "public, max-age=180"
	cacheDiscovery = "public, max-age=600"
	cacheNever     = "private, no-store"
)

// What an answer depends on besides its address.
const (
	varyAccept = "Accept"
	varySigner = "Accept, Signature, Signature-Input"
)

// answer is a document on its way out.
type answer struct {
	status      int // 0: 200
	contentType string
	body        []byte
	cache       string
	vary        string
	anyOrigin   bool // scripts of any web page may read it
}

func (a answer) write(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	if a.cache == "" {
		a.cache = cacheNever
	}
	h.Set("Cache-Control", a.cache)
	h.Set("X-Content-Type-Options", "nosniff")
	if a.vary != "" {
		h.Add("Vary", a.vary)
	}
	if a.anyOrigin {
		h.Set("Access-Control-Allow-Origin", "*")
	}
	if a.status == 0 {
		a.status = http.StatusOK
	}
	if a.status == http.StatusOK && a.cache != cacheNever {
		tag := entityTag(a.body)
		h.Set("ETag", tag)
		if matches(r.Header.Get("If-None-Match"), tag) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	h.Set("Content-Type", a.contentType)
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // nobody is left to tell
}

// entityTag is weak, since a document is the same under either media type.
func entityTag(body []byte) string {
	sum := sha256.Sum256(body)
	return `W/"` + hex.EncodeToString(sum[:12]) + `"`
}

// matches does the weak comparison of If-None-Match (RFC 9110 §13.1.2). Our
// tags hold no comma.
func matches(header, tag string) bool {
	for header != "" {
		var one string
		one, header, _ = strings.Cut(header, ",")
		one = strings.TrimSpace(one)
		if one == "*" || strings.TrimPrefix(one, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

// requestError is what a client did wrong, told to it.
type requestError string

func (e requestError) Error() string { return string(e) }

// signatureError says that a signature was needed and the one given can't be believed.
type signatureError struct{ err error }

func (e *signatureError) Error() string { return fmt.Sprintf("the signature is not valid: %v", e.err) }

func (e *signatureError) Unwrap() error { return e.err }

// fail answers with an error. The texts depend on nothing but the kind of the
// error, so that what is hidden and what does not exist look alike.
func (d *Documents) fail(w http.ResponseWriter, r *http.Request, err error) {
	status, text := http.StatusInternalServerError, "something went wrong here"
	var bad requestError
	var unsigned *signatureError
	var policy *store.PolicyError
	switch {
	case errors.As(err, &policy):
		status, text = http.StatusForbidden, policy.Error()
	case errors.As(err, &bad):
		status, text = http.StatusBadRequest, bad.Error()
	case errors.As(err, &unsigned):
		status, text = http.StatusUnauthorized, "the signature could not be verified"
		w.Header().Set("Accept-Signature", httpsig.Wanted(r.Method))
	case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrGone):
		status, text = http.StatusNotFound, "not found"
	case r.Context().Err() == nil:
		d.log.ErrorContext(r.Context(), "answer a request for a document", "path", r.URL.Path, "err", err)
	}
	body, _ := json.Marshal(map[string]string{"error": text}) // strings can't fail
	answer{status: status, contentType: "application/json", body: body, vary: varySigner,
		anyOrigin: strings.HasPrefix(r.URL.Path, "/.well-known/")}.write(w, r)
}
