package static

import "regexp"

// sparePart finds what people need of a style sheet and browsers do not: its
// comments and white space. Strings are found too, and stay.
var sparePart = regexp.MustCompile(`"[^"\n]*"|(?s:/\*.*?\*/)\s*|\s*([{};,])\s*|\s+`)

// tighten makes a style sheet smaller on its way, which every first view
// waits for. The file stays as it is written: there is no build step.
func tighten(css []byte) []byte {
	return sparePart.ReplaceAllFunc(css, func(part []byte) []byte {
		switch part[0] {
		case '"':
			return part
		case '/':
			return nil
		}
		for _, c := range part {
			if c == '{' || c == '}' || c == ';' || c == ',' {
				return []byte{c}
			}
		}
		return []byte(" ")
	})
}
