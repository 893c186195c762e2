package content

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// nameNode is a mention, a hashtag or a bare web address in a Markdown text.
type nameNode struct {
	ast.BaseInline
	found    found
	resolver Resolver // set between parsing and rendering
}

var kindName = ast.NewNodeKind("Name")

func (n *nameNode) Kind() ast.NodeKind { return kindName }

// Dump is for goldmark's debugging.
func (n *nameNode) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"text": n.found.text}, nil)
}

// nameParser finds names where goldmark lets a parser look: at punctuation, at
// a space, and where a line begins. So names are found before their underscores
// are taken as emphasis, and neither in code nor after a backslash.
type nameParser struct{}

func (nameParser) Trigger() []byte { return []byte{'@', '#', ' '} }

func (nameParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	start := segment.Start
	if line[0] == ' ' { // else the line, or what follows a node, begins here
		start++
	}
	if segment.Padding != 0 || start >= segment.Stop {
		return nil
	}
	end, f := matchAt(source(pc)[:segment.Stop], start)
	if f.kind == plainText {
		return nil
	}
	if start > segment.Start {
		ast.MergeOrAppendTextSegment(parent, segment.WithStop(start))
	}
	block.Advance(end - segment.Start)
	return &nameNode{found: f}
}

// sourceKey is where a parser finds the source as a string, so that a match
// need not copy.
var sourceKey = parser.NewContextKey()

func source(pc parser.Context) string {
	s, _ := pc.Get(sourceKey).(string)
	return s
}

// nameTransformer finishes what nameParser began: it finds addresses that stand
// right after a letter or a bracket, and makes names within the text of a link
// plain again, since a link cannot hold another. Images become links: a post
// shows only media that its author attached.
type nameTransformer struct{}

func (nameTransformer) Transform(doc *ast.Document, reader text.Reader, pc parser.Context) {
	var changes []func() // made after the walk, which they would confuse
	src := source(pc)
	eachNode(doc, func(n ast.Node, inLink bool) {
		switch n := n.(type) {
		case *ast.Text:
			if !inLink && n.Parent().Kind() != ast.KindCodeSpan {
				changes = append(changes, func() { splitText(n, src) })
			}
		case *nameNode:
			if inLink {
				n.found = found{text: n.written()}
			}
		case *ast.Image:
			changes = append(changes, func() { imageToLink(n, inLink) })
		case *ast.AutoLink:
			changes = append(changes, func() { nameAutoLink(n, inLink, reader.Source()) })
		}
	})
	for _, change := range changes {
		change()
	}
}

// written returns what stands in the source for n.
func (n *nameNode) written() string {
	if n.found.kind == hashtag {
		return "#" + n.found.text
	}
	return n.found.text
}

// splitText makes nodes of the web addresses in n.
func splitText(n *ast.Text, src string) {
	parent := n.Parent()
	for i := n.Segment.Start; ; {
		next := strings.Index(src[i:n.Segment.Stop], "://")
		if next < 0 {
			return
		}
		end, f := matchBack(src[:n.Segment.Stop], n.Segment.Start, i+next)
		i = end
		if f.kind != webLink {
			continue
		}
		if start := end - len(f.text); start > n.Segment.Start {
			parent.InsertBefore(parent, n, ast.NewTextSegment(text.NewSegment(n.Segment.Start, start)))
		}
		parent.InsertBefore(parent, n, &nameNode{found: f})
		n.Segment = n.Segment.WithStart(end)
	}
}

// matchBack matches the address whose "://" is at src[colon], and which begins
// at low or later.
func matchBack(src string, low, colon int) (end int, f found) {
	passed := colon + len("://")
	for _, scheme := range [...]int{len("https"), len("http")} {
		if colon-scheme < low {
			continue
		}
		if end, f = matchAt(src, colon-scheme); f.kind == webLink {
			return end, f
		}
		passed = max(passed, end)
	}
	return passed, found{}
}

// imageToLink puts a link in the place of an image, with its description or
// else its address as the text; within a link the text alone.
func imageToLink(n *ast.Image, inLink bool) {
	if !n.HasChildren() {
		n.AppendChild(n, ast.NewString(n.Destination))
	}
	link := ast.NewLink()
	link.Destination = n.Destination
	parent := n.Parent()
	for c := n.FirstChild(); c != nil; {
		next := c.NextSibling()
		if inLink {
			parent.InsertBefore(parent, n, c)
		} else {
			link.AppendChild(link, c)
		}
		c = next
	}
	if inLink {
		parent.RemoveChild(parent, n)
	} else {
		parent.ReplaceChild(parent, n, link)
	}
}

// nameAutoLink gives <https://example.org> the form of other web addresses.
func nameAutoLink(n *ast.AutoLink, inLink bool, source []byte) {
	address := string(n.Label(source))
	href, ok := cleanURL(address)
	if n.AutoLinkType != ast.AutoLinkURL || !ok || !isWebURL(href) {
		return
	}
	name := &nameNode{found: found{kind: webLink, text: address, href: href}}
	if inLink {
		name.found = found{text: address}
	}
	n.Parent().ReplaceChild(n.Parent(), n, name)
}

// nameRenderer writes names as Resolver.append does.
type nameRenderer struct{}

func (nameRenderer) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(kindName, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		name := n.(*nameNode)
		_, err := w.Write(name.resolver.append(nil, name.found))
		return ast.WalkContinue, err
	})
}

func eachName(doc ast.Node, do func(*nameNode)) {
	eachNode(doc, func(n ast.Node, _ bool) {
		if name, ok := n.(*nameNode); ok {
			do(name)
		}
	})
}

// eachNode visits every node before its children, and says of each whether it
// stands within a link or an image.
func eachNode(doc ast.Node, visit func(n ast.Node, inLink bool)) {
	links := 0
	// The walk fails only if its function does.
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		isLink := n.Kind() == ast.KindLink || n.Kind() == ast.KindImage
		if entering {
			visit(n, links > 0)
		}
		if isLink && entering {
			links++
		} else if isLink {
			links--
		}
		return ast.WalkContinue, nil
	})
}
