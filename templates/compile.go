package templates

import (
	"errors"
	"fmt"
	"html/template"
	"io"
	"reflect"
	"slices"
	"text/template/parse"
)

// html/template reads our templates and decides which escaper stands in which
// place; text/template's interpreter then takes most of a page's time, since it
// looks every field up by its name and calls every function by reflection. So
// each page is compiled once, when it is first wanted, from the parse trees as
// html/template left them: each node becomes a [step], a function that writes or
// decides (run.go), each value an [expr] (value.go, call.go), and the escapers at
// the end of a pipeline a [sink] (escape.go).
//
// The compiler knows what our templates use of the language and no more: it
// refuses any node, function or escaper that it was not written for, and a test
// compiles every page. Another test holds the bytes that it writes against those
// of html/template, which stays able to render the same pages.
type compiler struct {
	root     *template.Template
	funcs    template.FuncMap
	sinks    map[string]*sink // by the escapers' names, joined
	programs map[string]*program
}

// program is one compiled template.
type program struct {
	name  string
	slots int // for variables; $ is the first
	body  []step
}

// step does what one node of a template says.
type step func(r *run, dot reflect.Value)

func newCompiler(root *template.Template, funcs template.FuncMap) (*compiler, error) {
	sinks, err := newSinks()
	return &compiler{root: root, funcs: funcs, sinks: sinks, programs: map[string]*program{}}, err
}

// page is the program of a page, after html/template has escaped it with all
// that it calls.
func (c *compiler) page(name string) (*program, error) {
	if p := c.programs[name]; p != nil {
		return p, nil
	}
	// Escaping is a part of executing. Without data a page ends where it first
	// looks at some; only what the escaper says matters.
	var bad *template.Error
	if err := c.root.ExecuteTemplate(io.Discard, name, nil); errors.As(err, &bad) {
		return nil, err
	}
	made := map[string]*program{}
	p, err := c.program(name, made)
	if err != nil {
		return nil, fmt.Errorf("compile template %s: %w", name, err)
	}
	for name, p := range made {
		c.programs[name] = p
	}
	return p, nil
}

// program compiles one template and adds it, with those that it calls, to made.
// It may call itself.
func (c *compiler) program(name string, made map[string]*program) (*program, error) {
	for _, known := range []map[string]*program{c.programs, made} {
		if p := known[name]; p != nil {
			return p, nil
		}
	}
	t := c.root.Lookup(name)
	if t == nil || t.Tree == nil {
		return nil, fmt.Errorf("template %q is not there, or is called inside a tag and not named as attributes", name)
	}
	p := &program{name: name}
	made[name] = p
	s := &scope{compiler: c, program: p, made: made}
	s.declare("$")
	var err error
	if p.body, err = s.list(t.Tree.Root); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return p, nil
}

// scope is what is known at one place of a template while it is compiled.
type scope struct {
	*compiler
	program *program
	made    map[string]*program
	names   []string // of the variables in sight; the place of one is its slot
}

// declare gives a new variable its slot.
func (s *scope) declare(name string) int {
	s.names = append(s.names, name)
	s.program.slots = max(s.program.slots, len(s.names))
	return len(s.names) - 1
}

// slot finds the innermost variable of a name.
func (s *scope) slot(name string) (int, error) {
	for i, known := range slices.Backward(s.names) {
		if known == name {
			return i, nil
		}
	}
	return 0, fmt.Errorf("no variable %s", name)
}

// leave forgets the variables that were declared since there were n.
func (s *scope) leave(n int) { s.names = s.names[:n] }

// list compiles the nodes between two marks. A missing list is empty.
func (s *scope) list(list *parse.ListNode) (steps []step, err error) {
	if list == nil {
		return nil, nil
	}
	defer s.leave(len(s.names))
	for _, n := range list.Nodes {
		do, err := s.node(n)
		if err != nil {
			return nil, err
		}
		if do != nil {
			steps = append(steps, do)
		}
	}
	return steps, nil
}

func (s *scope) node(n parse.Node) (step, error) {
	switch n := n.(type) {
	case *parse.TextNode:
		return write(n.Text), nil
	case *parse.CommentNode:
		return nil, nil
	case *parse.ActionNode:
		return s.action(n)
	case *parse.IfNode:
		return s.branch(&n.BranchNode, false)
	case *parse.WithNode:
		return s.branch(&n.BranchNode, true)
	case *parse.RangeNode:
		return s.loop(n)
	case *parse.TemplateNode:
		return s.template(n)
	}
	return nil, fmt.Errorf("cannot compile %T %s", n, n)
}

// action prints a value through its escapers, or sets a variable.
func (s *scope) action(n *parse.ActionNode) (step, error) {
	commands, escapers := cutEscapers(n.Pipe.Cmds)
	if len(commands) != 1 {
		return nil, fmt.Errorf("cannot compile the pipeline %s", n)
	}
	e, err := s.command(commands[0])
	if err != nil {
		return nil, err
	}
	if len(n.Pipe.Decl) > 0 {
		return s.set(n.Pipe, e, escapers)
	}
	to := s.sinks[escapers]
	if to == nil {
		return nil, fmt.Errorf("cannot compile the escapers %q of %s", escapers, n)
	}
	return to.print(e), nil
}

// set gives a variable its value, a new one if the pipeline declares it.
func (s *scope) set(pipe *parse.PipeNode, e expr, escapers string) (step, error) {
	name := pipe.Decl[0].Ident[0]
	if len(pipe.Decl) != 1 || escapers != "" {
		return nil, fmt.Errorf("cannot compile the assignment %s", pipe)
	}
	if !pipe.IsAssign {
		s.declare(name)
	}
	slot, err := s.slot(name)
	return func(r *run, dot reflect.Value) { r.set(slot, e.value(r, dot)) }, err
}

// branch compiles if and with, which differ in the dot of the first list.
func (s *scope) branch(n *parse.BranchNode, with bool) (step, error) {
	defer s.leave(len(s.names))
	e, err := s.pipe(n.Pipe)
	if err != nil {
		return nil, err
	}
	then, err := s.list(n.List)
	if err != nil {
		return nil, err
	}
	otherwise, err := s.list(n.ElseList)
	if with {
		return e.with(then, otherwise), err
	}
	return e.choose(then, otherwise), err
}

// pipe compiles a pipeline of one command: the longer ones end with escapers,
// and are actions.
func (s *scope) pipe(pipe *parse.PipeNode) (expr, error) {
	if len(pipe.Cmds) != 1 || len(pipe.Decl) > 0 {
		return expr{}, fmt.Errorf("cannot compile the pipeline %s", pipe)
	}
	return s.command(pipe.Cmds[0])
}

// loop compiles range over a slice, with no variable, one or two.
func (s *scope) loop(n *parse.RangeNode) (step, error) {
	defer s.leave(len(s.names))
	if n.Pipe.IsAssign || len(n.Pipe.Cmds) != 1 {
		return nil, fmt.Errorf("cannot compile the pipeline %s", n.Pipe)
	}
	e, err := s.command(n.Pipe.Cmds[0])
	if err != nil {
		return nil, err
	}
	l := loop{list: e.value, index: -1, element: -1}
	for i, decl := range n.Pipe.Decl {
		if slot := s.declare(decl.Ident[0]); i < len(n.Pipe.Decl)-1 {
			l.index = slot
		} else {
			l.element = slot
		}
	}
	if l.body, err = s.list(n.List); err != nil {
		return nil, err
	}
	l.otherwise, err = s.list(n.ElseList)
	return l.run, err
}

// template compiles a call of another template. It sees no variables of its
// caller.
func (s *scope) template(n *parse.TemplateNode) (step, error) {
	p, err := s.compiler.program(n.Name, s.made)
	if err != nil {
		return nil, err
	}
	if n.Pipe == nil {
		return func(r *run, _ reflect.Value) { p.run(r, reflect.Value{}) }, nil
	}
	e, err := s.pipe(n.Pipe)
	return func(r *run, dot reflect.Value) { p.run(r, e.value(r, dot)) }, err
}
