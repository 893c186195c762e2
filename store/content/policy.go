package content

// role says how an element behaves in the output. What has no role is
// unwrapped: its tags go, its text stays.
type role uint8

const (
	unwrapped   role = iota
	inline           // b, em, span: within anything
	anchor           // a: never within another
	ruby             // ruby: holds inline content and rubyPart
	rubyPart         // rt, rp: only within ruby
	paragraph        // p, h3, pre: a block that holds inline content only
	container        // blockquote: a block that holds blocks
	list             // ul, ol
	item             // li: only within list
	lineBreak        // br
	rule             // hr
	image            // img: leaves its alternative text
	separator        // div, tr, figure: unwrapped, but its text stands on a line of its own
	cell             // td, th: unwrapped, set off from the cell before it
	removed          // script, svg: gone with everything inside
	mathematics      // math: leaves a formula as text
)

// element is what one element of the input becomes.
type element struct {
	role role
	name string // in the output
}

// elements is the allow-list. The headings of a page are h1 and h2, so those of
// a post begin at h3; h3 itself stays, or a second pass would move it again.
var elements = map[string]element{
	"b": {inline, "b"}, "strong": {inline, "strong"}, "i": {inline, "i"}, "em": {inline, "em"},
	"u": {inline, "u"}, "s": {inline, "s"}, "strike": {inline, "s"}, "del": {inline, "del"}, "ins": {inline, "ins"},
	"sub": {inline, "sub"}, "sup": {inline, "sup"}, "span": {inline, "span"},
	"code": {inline, "code"}, "tt": {inline, "code"}, "kbd": {inline, "code"}, "samp": {inline, "code"},
	"a":    {anchor, "a"},
	"ruby": {ruby, "ruby"}, "rt": {rubyPart, "rt"}, "rp": {rubyPart, "rp"},

	"p": {paragraph, "p"}, "pre": {paragraph, "pre"},
	"h1": {paragraph, "h3"}, "h2": {paragraph, "h3"}, "h3": {paragraph, "h3"},
	"h4": {paragraph, "h4"}, "h5": {paragraph, "h5"}, "h6": {paragraph, "h6"},
	"blockquote": {container, "blockquote"},
	"ul":         {list, "ul"}, "ol": {list, "ol"}, "menu": {list, "ul"}, "li": {item, "li"},
	"br": {lineBreak, "br"}, "hr": {rule, "hr"}, "img": {image, ""},

	"div": {role: separator}, "section": {role: separator}, "article": {role: separator}, "aside": {role: separator},
	"header": {role: separator}, "footer": {role: separator}, "main": {role: separator}, "nav": {role: separator},
	"address": {role: separator}, "center": {role: separator}, "details": {role: separator}, "summary": {role: separator},
	"figure": {role: separator}, "figcaption": {role: separator}, "hgroup": {role: separator},
	"dl": {role: separator}, "dt": {role: separator}, "dd": {role: separator},
	"form": {role: separator}, "fieldset": {role: separator}, "legend": {role: separator},
	"table": {role: separator}, "caption": {role: separator}, "thead": {role: separator}, "tbody": {role: separator},
	"tfoot": {role: separator}, "tr": {role: separator}, "td": {role: cell}, "th": {role: cell},

	"script": {role: removed}, "style": {role: removed}, "title": {role: removed}, "template": {role: removed},
	"iframe": {role: removed}, "frameset": {role: removed}, "noframes": {role: removed}, "noembed": {role: removed},
	"noscript": {role: removed}, "object": {role: removed}, "applet": {role: removed}, "svg": {role: removed},
	"math": {role: mathematics}, "textarea": {role: removed}, "select": {role: removed}, "datalist": {role: removed},
	"canvas": {role: removed}, "xmp": {role: removed}, "plaintext": {role: removed},
}

// classes that may stay, in the order in which they are written: microformats
// and the ones Mastodon gives to parts of links. invisible and ellipsis stay
// only within a link, or they could hide text.
var classes = [...]string{
	"h-card", "h-entry", "h-cite", "e-content", "p-name", "p-nickname", "u-url", "u-uid",
	"quote-inline", "mention", "hashtag", "invisible", "ellipsis",
}

// schemes that a link may have. Others are known to somebody's desktop at most,
// or run something.
var schemes = [...]string{"https", "http", "mailto", "gemini", "xmpp"}
