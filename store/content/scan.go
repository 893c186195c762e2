package content

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	zwnj         = '\u200c'
	zwj          = '\u200d'
	middleDot    = '\u00b7'
	katakanaDot  = '\u30fb'
	fullwidthTag = "＃"
)

// kind says what a stretch of text is.
type kind uint8

const (
	plainText kind = iota
	webLink
	mention
	hashtag
)

// found is a stretch of text that names something.
type found struct {
	kind   kind
	text   string // as written; of a hashtag the name alone
	handle Handle // of a mention
	href   string // of a link, fit for an attribute
}

// scan cuts text into stretches, in order. Each character is looked at a
// bounded number of times: what begins like a name and is none is passed over
// whole.
func scan(text string, yield func(found)) {
	from := 0
	for i := 0; i < len(text); {
		end, f := matchAt(text, i)
		if f.kind == plainText {
			i = max(end, i+1)
			continue
		}
		if from < i {
			yield(found{text: text[from:i]})
		}
		yield(f)
		i, from = end, end
	}
	if from < len(text) {
		yield(found{text: text[from:]})
	}
}

// matchAt looks at what begins at text[i]. If it names nothing, the result is
// plainText, and end is how far the scan may go on.
func matchAt(text string, i int) (end int, f found) {
	switch text[i] {
	case 'h', 'H':
		return matchURL(text, i)
	case '@':
		return matchMention(text, i)
	case '#':
		return matchTag(text, i, i+1)
	case fullwidthTag[0]:
		if strings.HasPrefix(text[i:], fullwidthTag) {
			return matchTag(text, i, i+len(fullwidthTag))
		}
	}
	return i + 1, found{}
}

// before returns the character before text[i], or 0.
func before(text string, i int) rune {
	if i == 0 {
		return 0
	}
	r, _ := utf8.DecodeLastRuneInString(text[:i])
	return r
}

func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return isASCIIAlnum(r) || r == '_'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r)
}

func isASCIIAlnum(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}

// matchMention finds @user or @user@host. It is not one within a word, an
// address of e-mail or a path. If a host follows that can be none, nobody is
// named: not the account of that name here either.
func matchMention(text string, i int) (end int, f found) {
	if p := before(text, i); isWord(p) || p == '/' || p == '=' {
		return i + 1, found{}
	}
	end = nameEnd(text, i+1, ".-", isUserRune)
	h := Handle{Username: text[i+1 : end]}
	if h.Username == "" || len(h.Username) > maxUsername {
		return end, found{}
	}
	if end+1 < len(text) && text[end] == '@' && startsWord(text[end+1:]) {
		hostEnd := withPort(text, nameEnd(text, end+1, ".-", isWord))
		var ok bool
		if h.Host, ok = parseHost(text[end+1 : hostEnd]); !ok {
			return hostEnd, found{}
		}
		end = hostEnd
	}
	return end, found{kind: mention, text: text[i:end], handle: h}
}

func isUserRune(r rune) bool { return isASCIIAlnum(r) || r == '_' }

func startsWord(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return isWord(r) && !unicode.IsMark(r) // a keycap emoji is # and marks
}

// nameEnd returns where the name that begins at text[i] ends. The characters in
// inner belong to it only between those that inName accepts, and no two dots
// in a row: those are an ellipsis.
func nameEnd(text string, i int, inner string, inName func(rune) bool) int {
	end, start := i, i
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		switch {
		case inName(r):
			end = i + n
		case end == start, !strings.ContainsRune(inner, r), r == '.' && text[i-1] == '.':
			return end
		}
		i += n
	}
	return end
}

// withPort extends a host by a port of four or five digits. Fewer are not a
// port but the text going on: "@bob@example.org:5 apples".
func withPort(text string, end int) int {
	if end >= len(text) || text[end] != ':' {
		return end
	}
	i := end + 1
	for i < len(text) && '0' <= text[i] && text[i] <= '9' {
		i++
	}
	if n := i - end - 1; n < 4 || n > 5 || i < len(text) && startsWord(text[i:]) {
		return end
	}
	return i
}

// matchTag finds the hashtag whose # is at text[i] and whose name begins at
// name. As on other servers it is not one within a word, a path, a query or an
// HTML entity.
func matchTag(text string, i, name int) (end int, f found) {
	if p := before(text, i); isWord(p) || strings.ContainsRune("/=)&", p) && p != 0 {
		return name, found{}
	}
	end = tagEnd(text, name)
	if end == name {
		return name, found{}
	}
	return end, found{kind: hashtag, text: text[name:end]}
}

// tagEnd returns where the name of the hashtag that begins at text[i] ends, or
// i if there is none.
func tagEnd(text string, i int) int {
	if !startsWord(text[i:]) {
		return i
	}
	end := nameEnd(text, i, string([]rune{middleDot, katakanaDot, zwnj, zwj}), isWord)
	name := text[i:end]
	if len(name) > maxTag || strings.IndexFunc(name, unicode.IsLetter) < 0 {
		return i
	}
	return end
}

// matchURL finds a web address with its scheme. It may follow a letter of a
// script without spaces, but no Latin one.
func matchURL(text string, i int) (end int, f found) {
	start := schemeEnd(text[i:])
	if p := before(text, i); start == 0 || isASCIIAlnum(p) || p == '_' || p == '@' || p == '#' {
		return i + 1, found{}
	}
	end = urlEnd(text[:min(len(text), i+maxURL)], i+start)
	address := text[i : i+trimURL(text[i:end])]
	href, ok := cleanURL(address)
	if !ok || !isWebURL(address) {
		return end, found{}
	}
	return i + len(address), found{kind: webLink, text: address, href: href}
}

func schemeEnd(s string) int {
	for _, scheme := range [...]string{"https://", "http://"} {
		if len(s) > len(scheme) && strings.EqualFold(s[:len(scheme)], scheme) {
			return len(scheme)
		}
	}
	return 0
}

// urlEnd returns the first character from text[i] on that no address has. A ]
// that was not opened is one: the text of a Markdown link ends there.
func urlEnd(text string, i int) int {
	open := 0
	n := strings.IndexFunc(text[i:], func(r rune) bool {
		switch {
		case r == '[':
			open++
		case r == ']':
			open--
		}
		return open < 0 || endsURL(r)
	})
	if n < 0 {
		return len(text)
	}
	return i + n
}

func endsURL(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r <= ' ' || strings.IndexByte("<>\"`\\", byte(r)) >= 0
	case r == zwj || r == zwnj:
		return false
	}
	return r == utf8.RuneError || unicode.IsSpace(r) || unicode.In(r, unicode.Pi, unicode.Pf, unicode.Cf) ||
		strings.ContainsRune("、。，．！？：；（）「」『』【】《》〈〉｜", r)
}

// trimURL returns the length of s without the punctuation that belongs to the
// sentence around: marks at the end, and brackets that were opened before it.
func trimURL(s string) int {
	var depth [2]int
	for i := 0; i < len(s); i++ {
		if b, d := bracket(s[i]); d != 0 {
			depth[b] += d
		}
	}
	for end := len(s); end > 0; {
		r, n := utf8.DecodeLastRuneInString(s[:end])
		b, d := bracket(s[end-1])
		switch {
		case d < 0 && depth[b] >= 0: // closes one that is opened within
			return end
		case d != 0:
			depth[b] -= d
		case !strings.ContainsRune(".,:;!?'*~|^{}…’", r):
			return end
		}
		end -= n
	}
	return 0
}

// bracket says of which pair c is one, and what it adds to the depth.
func bracket(c byte) (pair, depth int) {
	switch c {
	case '(':
		return 0, 1
	case ')':
		return 0, -1
	case '[':
		return 1, 1
	case ']':
		return 1, -1
	}
	return 0, 0
}
