package static

import (
	"fmt"
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// palettes are pairs of background colours, light to dark, with the colour of
// the shape on them. Calm by choice: an avatar is not an alarm.
var palettes = [...]struct{ from, to, shape, ink string }{
	{"#cfe8c6", "#6aa875", "#2f7a50", "#0f2c1e"},
	{"#bfe3de", "#5fb0a5", "#24665d", "#0b2b27"},
	{"#c9dcec", "#6f98bd", "#2f5c83", "#10263a"},
	{"#dfd3ef", "#9a80c6", "#573c88", "#23133f"},
	{"#f6d7c3", "#e29a74", "#a24f2b", "#3f1a0a"},
	{"#f7e6b8", "#d9ad55", "#8a6112", "#3a2703"},
	{"#f0d0d6", "#cd8797", "#8c3d50", "#3a121d"},
	{"#e6e2d3", "#b3aa8f", "#6a6147", "#2a2616"},
}

// shapes are drawn in a square of 96 units: leaves, seeds, a sprout and hills.
var shapes = [...]string{
	`<path d="M20 78C18 44 38 20 78 18c2 40-20 62-58 60z"/><path d="M20 78 60 36" stroke="INK" stroke-width="3" stroke-linecap="round" opacity=".45"/>`,
	`<path d="M48 88V48" stroke="INK" stroke-width="5" stroke-linecap="round"/><path d="M48 52c0-20 11-32 34-33 1 22-11 33-34 33z"/><path d="M47 62c-1-16-11-26-31-27-1 18 10 28 31 27z" opacity=".8"/>`,
	`<ellipse cx="48" cy="52" rx="20" ry="30" transform="rotate(28 48 52)"/><path d="M38 70c2-14 8-26 20-36" fill="none" stroke="INK" stroke-width="3" stroke-linecap="round" opacity=".4"/>`,
	`<path d="M0 66c16-12 30-12 46 0s32 12 50-2v32H0z"/><path d="M0 80c18-9 32-9 48 0s30 9 48-1v17H0z" opacity=".7"/><circle cx="66" cy="30" r="11" opacity=".85"/>`,
	`<path d="M48 16c14 12 14 26 0 38-14-12-14-26 0-38z"/><path d="M48 56c16-8 28-4 36 10-16 8-28 5-36-10z" opacity=".85"/><path d="M48 56c-16-8-28-4-36 10 16 8 28 5 36-10z" opacity=".85"/><path d="M48 54v36" stroke="INK" stroke-width="4" stroke-linecap="round"/>`,
}

// Avatar draws the picture of an account that has none of its own: a leaf, a
// seed or hills on a soft ground, always the same for the same id. A non-empty
// name adds its first letter. The result is a complete SVG document without
// script or style, so that it also shows under the strictest CSP.
func Avatar(id int64, name string) []byte {
	n := mix(uint64(id))
	p := palettes[n%uint64(len(palettes))]
	shape := shapes[(n>>8)%uint64(len(shapes))]
	flip := ""
	if n>>16&1 == 1 {
		flip = ` transform="matrix(-1 0 0 1 96 0)"`
	}
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" width="96" height="96">`+
		`<defs><linearGradient id="g" x1="0" y1="0" x2=".6" y2="1"><stop stop-color="%s"/><stop offset="1" stop-color="%s"/></linearGradient></defs>`+
		`<rect width="96" height="96" fill="url(#g)"/><g fill="%s"%s>%s</g>%s</svg>`,
		p.from, p.to, p.shape, flip, strings.ReplaceAll(shape, "INK", p.ink), letter(name, p.ink))
}

// letter is the first letter or digit of name as an SVG text, or nothing.
func letter(name, ink string) string {
	for len(name) > 0 {
		r, size := utf8.DecodeRuneInString(name)
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			s := html.EscapeString(string(unicode.ToUpper(r)))
			return `<text x="82" y="88" text-anchor="end" font-family="system-ui,sans-serif" font-size="30" font-weight="700" fill="` + ink + `">` + s + `</text>`
		}
		name = name[size:]
	}
	return ""
}

// mix spreads the bits of a time-ordered id, so that neighbours look different
// (the finaliser of SplitMix64).
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}
