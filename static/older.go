package static

import "bytes"

// container begins a rule that only holds in a box of some width.
var container = []byte("@container page ")

// withOlder adds to each rule of a tightened style sheet that asks for the width
// of the page's container a copy that asks for that of the window: for browsers
// before container queries (Chrome before 105, Safari before 16), which are
// those of ten-year-old phones. Only the reader's text size has no say there.
func withOlder(css []byte) []byte {
	var out []byte
	for {
		start := bytes.Index(css, container)
		if start < 0 {
			return append(out, css...)
		}
		end := start + blockEnd(css[start:])
		out = append(out, css[:end]...)
		out = append(out, "@supports not (container-type:inline-size){@media "...)
		out = append(out, css[start+len(container):end]...)
		out = append(out, '}')
		css = css[end:]
	}
}

// blockEnd is where the first block of css ends.
func blockEnd(css []byte) int {
	depth, quoted := 0, false
	for i, c := range css {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(css)
}
