package vocab

import (
	"strings"
	"time"
)

// prefixes are the vocabularies whose terms are read without their prefix. The
// list is closed, so that vcard:url is not taken for url.
var prefixes = map[string]bool{
	"as": true, "toot": true, "litepub": true, "misskey": true, "fedibird": true,
	"ostatus": true, "schema": true, "sec": true, "security": true, "lemmy": true,
	"pt": true, "gts": true, "pleroma": true, "akkoma": true, "quote": true,
}

// stripPrefix takes a known prefix, or the ActivityStreams namespace, off a
// term; others are left as they are.
func stripPrefix(term string) string {
	if rest, ok := strings.CutPrefix(term, asNamespace); ok {
		return rest
	}
	prefix, rest, ok := strings.Cut(term, ":")
	if ok && prefixes[prefix] {
		return rest
	}
	return term
}

func typeName(s string) string {
	if len(s) > MaxWordBytes {
		return ""
	}
	return stripPrefix(s)
}

// actorTypes are the types of those who act (Activity Vocabulary §3.2).
var actorTypes = map[string]bool{
	"Application": true, "Group": true, "Organization": true, "Person": true, "Service": true,
}

// knownTypes are preferred where an object has several types.
var knownTypes = map[string]bool{
	"Application": true, "Group": true, "Organization": true, "Person": true, "Service": true,

	"Accept": true, "Add": true, "Announce": true, "Block": true, "Create": true, "Delete": true,
	"Dislike": true, "EmojiReact": true, "Flag": true, "Follow": true, "Ignore": true, "Invite": true,
	"Join": true, "Leave": true, "Like": true, "Listen": true, "Lock": true, "Move": true, "Offer": true,
	"Question": true, "QuoteRequest": true, "Read": true, "Reject": true, "Remove": true,
	"TentativeAccept": true, "TentativeReject": true, "Undo": true, "Update": true, "View": true,

	"Album": true, "Article": true, "Audio": true, "ChatMessage": true, "Document": true, "Event": true,
	"Image": true, "Note": true, "Page": true, "Place": true, "Tombstone": true, "Video": true,

	"Collection": true, "CollectionPage": true, "OrderedCollection": true, "OrderedCollectionPage": true,

	"Emoji": true, "Hashtag": true, "Key": true, "Link": true, "Mention": true, "Multikey": true,
	"PropertyValue": true,
}

// cleanURI gives s with its scheme and host in lower case, or "" if it is not
// an http or https URI that we would ever use. Ids are compared byte for byte
// after this. A name and password in front of the host is refused: it only
// serves to make one host look like another.
func cleanURI(s string) string {
	s = strings.TrimSpace(s)
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok || len(s) > MaxURIBytes || !strings.EqualFold(scheme, "https") && !strings.EqualFold(scheme, "http") {
		return ""
	}
	host := rest
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		host = rest[:i]
	}
	if host == "" || host[0] == ':' || strings.ContainsAny(host, `@\`) {
		return ""
	}
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c == 0x7f || c == '"' || c == '<' || c == '>' {
			return ""
		}
	}
	if hasUpper(scheme) || hasUpper(host) {
		return strings.ToLower(scheme) + "://" + lowerASCII(host) + rest[len(host):]
	}
	return s
}

func hasUpper(s string) bool {
	for i := range len(s) {
		if s[i] >= 'A' && s[i] <= 'Z' {
			return true
		}
	}
	return false
}

func lowerASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// recipient is a URI of to or cc. Public has three spellings; Ghost sends
// as:Public.
func recipient(s string) string {
	if s == "as:Public" || s == "Public" {
		return Public
	}
	return cleanURI(s)
}

// languageTag checks the form of a BCP 47 tag; "und" says that there is none.
func languageTag(s string) string {
	if len(s) < 2 || len(s) > 35 || s == "und" {
		return ""
	}
	for i := range len(s) {
		c := s[i] | 0x20
		if (c < 'a' || c > 'z') && (s[i] < '0' || s[i] > '9' || i == 0) && s[i] != '-' {
			return ""
		}
	}
	return s
}

// timeLayouts are tried in this order. RFC 3339 is what ActivityStreams asks
// for; the others occur. Fractions are accepted by all of them.
var timeLayouts = []string{
	time.RFC3339,
	"2006-01-02T15:04:05Z0700",
	"2006-01-02T15:04:05",
	"2006-01-02 15:04:05Z07:00",
	"2006-01-02T15:04Z07:00", // ActivityStreams §2.3 lets seconds be left out
	"2006-01-02",
}

// parseTime reads a date; one out of bounds or malformed is the zero time.
func parseTime(s string) time.Time {
	if s == "" || len(s) > 64 {
		return time.Time{}
	}
	for _, layout := range timeLayouts {
		t, err := time.Parse(layout, s)
		if err != nil {
			continue
		}
		if t.Before(minTime) || !t.Before(maxTime) {
			return time.Time{}
		}
		return t.UTC()
	}
	return time.Time{}
}

// parseDuration reads the ISO 8601 durations of days and less that media have:
// PT113S, P0D, PT1H2M3.5S. Others are 0.
func parseDuration(s string) time.Duration {
	rest, ok := strings.CutPrefix(s, "P")
	if !ok || len(s) > 32 {
		return 0
	}
	date, clock, _ := strings.Cut(rest, "T")
	var d time.Duration
	if days, ok := strings.CutSuffix(date, "D"); ok {
		n, err := time.ParseDuration(days + "h")
		if err != nil || n < 0 || n > 10_000*time.Hour {
			return 0
		}
		d = 24 * n
	}
	if clock == "" {
		return d
	}
	n, err := time.ParseDuration(strings.ToLower(clock))
	if err != nil || n < 0 || n > 10_000*time.Hour {
		return 0
	}
	return d + n
}

// mediaTypes guesses the kind of a file where nobody says it (interop: both
// mediaType and mimeType absent).
var mediaTypes = map[string]string{
	"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp",
	"avif": "image/avif", "svg": "image/svg+xml", "heic": "image/heic", "jxl": "image/jxl",
	"mp4": "video/mp4", "m4v": "video/mp4", "webm": "video/webm", "mov": "video/quicktime", "ogv": "video/ogg",
	"m3u8": "application/x-mpegurl", "mp3": "audio/mpeg", "ogg": "audio/ogg", "oga": "audio/ogg",
	"opus": "audio/ogg", "flac": "audio/flac", "wav": "audio/wav", "m4a": "audio/mp4",
	"html": "text/html", "htm": "text/html", "torrent": "application/x-bittorrent",
}

func guessMediaType(uri string) string {
	if i := strings.IndexAny(uri, "?#"); i >= 0 {
		uri = uri[:i]
	}
	if _, path, ok := strings.Cut(uri, "://"); ok {
		uri = path
	}
	slash, dot := strings.LastIndexByte(uri, '/'), strings.LastIndexByte(uri, '.')
	if slash < 0 || dot < slash || len(uri)-dot > 8 {
		return ""
	}
	return mediaTypes[strings.ToLower(uri[dot+1:])]
}

// mediaType cleans a media type: lower case, without parameters.
func mediaType(s string) string {
	s, _, _ = strings.Cut(s, ";")
	s = strings.ToLower(strings.TrimSpace(s))
	if len(s) > MaxWordBytes || !strings.Contains(s, "/") {
		return ""
	}
	return s
}
