package federation

import (
	"errors"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// The two media types of ActivityPub §3.2. They mean the same.
const (
	typeActivity = "application/activity+json"
	typeLD       = `application/ld+json; profile="https://www.w3.org/ns/activitystreams"`

	asProfile = "https://www.w3.org/ns/activitystreams"
)

// maxAccepted bounds the media types read from one Accept header.
const maxAccepted = 64

// WantsActivity says whether a request for an address that is a page and a
// document at once should get the document (ActivityPub §3.2): it names one of
// the media types of ActivityPub and does not prefer a page. Answers that
// depend on it need "Vary: Accept". Without a clear wish it is the page.
func WantsActivity(r *http.Request) bool {
	return readAccept(r.Header.Values("Accept")).wantsActivity()
}

// wantsPage says whether a request for a document should be sent to the page:
// only one that asks for a page and not for the document.
func wantsPage(a accepted) bool { return a.page.q > 0 && !a.wantsActivity() }

// mediaRange is a media type of an Accept header.
type mediaRange struct {
	q  float64
	at int // which in the header, from 1; 0: it is not there
}

// accepted is an Accept header, as far as it concerns us.
type accepted struct {
	activity, ld, page, anything mediaRange
}

func (a accepted) wantsActivity() bool {
	wish := a.document()
	switch {
	case wish.q <= 0:
		return false
	case a.page.at == 0:
		return wish.q >= a.anything.q // what is named comes before what is merely allowed
	case wish.q != a.page.q:
		return wish.q > a.page.q
	}
	return wish.at < a.page.at
}

// document is the better of the two media types.
func (a accepted) document() mediaRange {
	if a.activity.q > 0 && (a.ld.q <= 0 || a.activity.q > a.ld.q || a.activity.q == a.ld.q && a.activity.at < a.ld.at) {
		return a.activity
	}
	return a.ld
}

// contentType is the media type to answer with.
func (a accepted) contentType() string {
	if a.ld.q > a.activity.q {
		return typeLD
	}
	return typeActivity
}

// readAccept reads Accept headers (RFC 9110 §12.5.1). What can't be read is
// left out.
func readAccept(headers []string) accepted {
	var a accepted
	n := 0
	for _, header := range headers {
		for header != "" && n < maxAccepted {
			var one string
			one, header = cutElement(header)
			if one = strings.TrimSpace(one); one != "" {
				n++
				a.add(one, n)
			}
		}
	}
	return a
}

func (a *accepted) add(one string, at int) {
	name, params, err := mime.ParseMediaType(one)
	if err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) { // some don't quote the profile
		return
	}
	r := mediaRange{quality(params["q"]), at}
	switch name {
	case "application/activity+json":
		a.activity = a.activity.better(r)
	case "application/ld+json":
		if profile, ok := params["profile"]; !ok || strings.Contains(profile, asProfile) {
			a.ld = a.ld.better(r)
		}
	case "text/html", "application/xhtml+xml":
		a.page = a.page.better(r)
	case "*/*", "text/*":
		a.anything = a.anything.better(r)
	}
}

func (r mediaRange) better(other mediaRange) mediaRange {
	if r.at == 0 || other.q > r.q {
		return other
	}
	return r
}

func quality(s string) float64 {
	q, err := strconv.ParseFloat(s, 64)
	if err != nil || !(q >= 0 && q <= 1) {
		return 1
	}
	return q
}

// cutElement cuts a list at its first comma outside of quotes.
func cutElement(list string) (first, rest string) {
	quoted := false
	for i := 0; i < len(list); i++ {
		switch c := list[i]; {
		case c == '"':
			quoted = !quoted
		case c == '\\' && quoted:
			i++
		case c == ',' && !quoted:
			return list[:i], list[i+1:]
		}
	}
	return list, ""
}
