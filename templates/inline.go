package templates

import (
	"fmt"
	"html/template"
	"strings"
	"text/template/parse"
)

// attrsSuffix ends the names of templates that write attributes into a tag that
// is open.
const attrsSuffix = "-attrs"

// inlineAttrs puts the body of each template of attributes in place of its
// calls. html/template would make a copy of it for each kind of place that it is
// called in, and hide the copies, so that the compiler could not read them.
func inlineAttrs(root *template.Template) error {
	for _, t := range root.Templates() {
		if t.Tree == nil {
			continue
		}
		if err := inlineList(root, t.Tree.Root); err != nil {
			return fmt.Errorf("%s: %w", t.Name(), err)
		}
	}
	return nil
}

func inlineList(root *template.Template, list *parse.ListNode) error {
	if list == nil {
		return nil
	}
	var nodes []parse.Node
	for _, n := range list.Nodes {
		if call, ok := n.(*parse.TemplateNode); ok && strings.HasSuffix(call.Name, attrsSuffix) {
			body, err := bodyOf(root, call)
			if err != nil {
				return err
			}
			nodes = append(nodes, body.Nodes...)
			continue
		}
		for _, inner := range listsOf(n) {
			if err := inlineList(root, inner); err != nil {
				return err
			}
		}
		nodes = append(nodes, n)
	}
	list.Nodes = nodes
	return nil
}

// bodyOf is a copy of what a call of attributes stands for. That is the same
// only if dot stays what it is and $ is not used.
func bodyOf(root *template.Template, call *parse.TemplateNode) (*parse.ListNode, error) {
	t := root.Lookup(call.Name)
	if t == nil || t.Tree == nil || call.Pipe.String() != "." || strings.Contains(t.Tree.Root.String(), "$") {
		return nil, fmt.Errorf("%s: attributes take the dot and know no variables", call)
	}
	body := t.Tree.Root.CopyList()
	return body, inlineList(root, body)
}

func listsOf(n parse.Node) []*parse.ListNode {
	switch n := n.(type) {
	case *parse.IfNode:
		return []*parse.ListNode{n.List, n.ElseList}
	case *parse.WithNode:
		return []*parse.ListNode{n.List, n.ElseList}
	case *parse.RangeNode:
		return []*parse.ListNode{n.List, n.ElseList}
	}
	return nil
}
