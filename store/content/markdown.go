package content

import (
	"bytes"
	"errors"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Markdown is CommonMark with strikethrough and line breaks where the author
// made them. What it renders goes through sanitise like any foreign HTML, so
// that neither its options nor its bugs decide what is safe.

// SanitiseMarkdown turns a foreign text/markdown body into safe HTML. HTML in
// it is read as such, and then sanitised.
func SanitiseMarkdown(foreign string) HTML {
	if !(Source{foreign, Markdown}).isMarkdown() {
		return SanitisePlain(foreign)
	}
	doc := foreignMarkdown().parse(foreign)
	return sanitise(doc.render(), false)
}

func renderMarkdown(source string, r Resolver) HTML {
	doc := ownMarkdown().parse(source)
	eachName(doc.root, func(n *nameNode) { n.resolver = r })
	return sanitise(doc.render(), true)
}

// findMarkdown yields the names in a Markdown text, and where its links lead.
func findMarkdown(source string, yield func(found)) {
	doc := ownMarkdown().parse(source)
	eachNode(doc.root, func(n ast.Node, _ bool) {
		switch n := n.(type) {
		case *nameNode:
			yield(n.found)
		case *ast.Link:
			destination := util.UnescapePunctuations(util.ResolveEntityNames(util.ResolveNumericReferences(n.Destination)))
			if href, ok := cleanURL(string(destination)); ok && isWebURL(href) {
				yield(found{kind: webLink, href: href})
			}
		}
	})
}

// dialect is one configuration of goldmark; it is safe for concurrent use.
type dialect struct{ md goldmark.Markdown }

// What members write has no HTML: a tag in it is shown as it was typed.
var ownMarkdown = sync.OnceValue(func() dialect { return newDialect(false) })

var foreignMarkdown = sync.OnceValue(func() dialect { return newDialect(true) })

func newDialect(allowHTML bool) dialect {
	blocks := []util.PrioritizedValue{
		util.Prioritized(parser.NewSetextHeadingParser(), 100),
		util.Prioritized(parser.NewThematicBreakParser(), 200),
		util.Prioritized(parser.NewListParser(), 300),
		util.Prioritized(parser.NewListItemParser(), 400),
		util.Prioritized(parser.NewCodeBlockParser(), 500),
		util.Prioritized(parser.NewATXHeadingParser(), 600),
		util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
		util.Prioritized(parser.NewBlockquoteParser(), 800),
		util.Prioritized(parser.NewParagraphParser(), 1000),
	}
	inlines := []util.PrioritizedValue{
		util.Prioritized(parser.NewCodeSpanParser(), 100),
		util.Prioritized(parser.NewLinkParser(), 200),
		util.Prioritized(parser.NewAutoLinkParser(), 300),
		util.Prioritized(parser.NewEmphasisParser(), 500),
		util.Prioritized(nameParser{}, 600),
	}
	if allowHTML {
		blocks = append(blocks, util.Prioritized(parser.NewHTMLBlockParser(), 900))
		inlines = append(inlines, util.Prioritized(parser.NewRawHTMLParser(), 400))
	}
	return dialect{goldmark.New(
		goldmark.WithExtensions(extension.Strikethrough),
		goldmark.WithParser(parser.NewParser(
			parser.WithBlockParsers(blocks...),
			parser.WithInlineParsers(inlines...),
			parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
			parser.WithASTTransformers(util.Prioritized(nameTransformer{}, 100)),
		)),
		goldmark.WithRendererOptions(html.WithUnsafe(), html.WithHardWraps(),
			renderer.WithNodeRenderers(util.Prioritized(nameRenderer{}, 100))),
	)}
}

// document is a parsed text.
type document struct {
	md     goldmark.Markdown
	source []byte
	root   ast.Node
}

func (d dialect) parse(source string) document {
	source = cleanText(source, maxMarkdown)
	pc := parser.NewContext()
	pc.Set(sourceKey, source)
	doc := document{md: d.md, source: []byte(source)}
	doc.root = d.md.Parser().Parse(text.NewReader(doc.source), parser.WithContext(pc))
	return doc
}

// render returns the unsafe HTML of doc, or as much of it as sanitise would
// read: link references let a short text grow long.
func (doc document) render() string {
	w := limitedBuffer{}
	// The one error that can come is that the buffer is full, and what it
	// then holds is what is wanted.
	_ = doc.md.Renderer().Render(&w, doc.source, doc.root)
	return w.String()
}

var errFull = errors.New("rendered text is too long")

// limitedBuffer takes maxInput bytes.
type limitedBuffer struct{ bytes.Buffer }

func (b *limitedBuffer) Write(p []byte) (int, error) {
	if b.Len()+len(p) > maxInput {
		return 0, errFull
	}
	return b.Buffer.Write(p)
}
