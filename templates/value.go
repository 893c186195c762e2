package templates

import (
	"fmt"
	"reflect"
	"slices"
	"sync/atomic"
	"text/template/parse"
)

// value computes a value from the dot and the variables of a run.
type value func(r *run, dot reflect.Value) reflect.Value

// expr is a compiled expression: its value, and the same in the shapes that are
// wanted most, which need no reflection.
type expr struct {
	value value
	truth func(r *run, dot reflect.Value) bool
	text  func(r *run, dot reflect.Value) string // nil unless the type is string
}

func valueExpr(v value) expr {
	return expr{
		value: v,
		truth: func(r *run, dot reflect.Value) bool { return truth(v(r, dot)) },
	}
}

func textExpr(text func(r *run, dot reflect.Value) string) expr {
	return expr{
		value: func(r *run, dot reflect.Value) reflect.Value { return reflect.ValueOf(text(r, dot)) },
		truth: func(r *run, dot reflect.Value) bool { return text(r, dot) != "" },
		text:  text,
	}
}

func truthExpr(test func(r *run, dot reflect.Value) bool) expr {
	yes, no := reflect.ValueOf(true), reflect.ValueOf(false)
	e := valueExpr(func(r *run, dot reflect.Value) reflect.Value {
		if test(r, dot) {
			return yes
		}
		return no
	})
	e.truth = test
	return e
}

func constExpr(c any) expr {
	v, is := reflect.ValueOf(c), truth(reflect.ValueOf(c))
	e := expr{
		value: func(*run, reflect.Value) reflect.Value { return v },
		truth: func(*run, reflect.Value) bool { return is },
	}
	if text, ok := c.(string); ok {
		e.text = func(*run, reflect.Value) string { return text }
	}
	return e
}

// boxed is what v holds, nil if that is nothing.
func boxed(v reflect.Value) any {
	if !v.IsValid() {
		return nil
	}
	return v.Interface()
}

// operand compiles what stands for itself in a command or is an argument.
func (s *scope) operand(n parse.Node) (expr, error) {
	switch n := n.(type) {
	case *parse.DotNode:
		return valueExpr(func(_ *run, dot reflect.Value) reflect.Value { return dot }), nil
	case *parse.FieldNode:
		return chain(func(_ *run, dot reflect.Value) reflect.Value { return dot }, n.Ident), nil
	case *parse.VariableNode:
		slot, err := s.slot(n.Ident[0])
		return chain(func(r *run, _ reflect.Value) reflect.Value { return r.vars[r.base+slot] }, n.Ident[1:]), err
	case *parse.ChainNode:
		e, err := s.operand(n.Node)
		return chain(e.value, n.Field), err
	case *parse.PipeNode:
		return s.pipe(n)
	case *parse.IdentifierNode:
		return s.call(n.Ident, nil)
	case *parse.StringNode:
		return constExpr(n.Text), nil
	case *parse.BoolNode:
		return constExpr(n.True), nil
	case *parse.NilNode:
		return constExpr(nil), nil
	case *parse.NumberNode:
		if n.IsInt && n.Text == fmt.Sprint(n.Int64) {
			return constExpr(int(n.Int64)), nil
		}
	}
	return expr{}, fmt.Errorf("cannot compile %T %s", n, n)
}

// command is a function with its arguments, or an operand alone: methods take
// no arguments in our templates.
func (s *scope) command(cmd *parse.CommandNode) (expr, error) {
	if id, ok := cmd.Args[0].(*parse.IdentifierNode); ok {
		return s.call(id.Ident, cmd.Args[1:])
	}
	if len(cmd.Args) != 1 || cmd.Args[0].Type() == parse.NodeNil {
		return expr{}, fmt.Errorf("cannot compile %s", cmd)
	}
	return s.operand(cmd.Args[0])
}

// chain looks up one name after the other, beginning in what from gives.
func chain(from value, names []string) expr {
	for _, name := range names {
		f, before := &field{name: name}, from
		from = func(r *run, dot reflect.Value) reflect.Value { return f.of(before(r, dot)) }
	}
	return valueExpr(from)
}

// field is one place of a template where a field is read, or a method without
// arguments called. It keeps where the name was found in each type that came by:
// those are a few, since a template is used for a few types.
type field struct {
	name  string
	known atomic.Pointer[[]access]
}

// access is where a name is in a type.
type access struct {
	typ         reflect.Type
	addressable bool  // then the pointer's methods count too
	method      int   // or -1
	index       []int // of the field, through what is embedded
}

// of is the field of v, as text/template finds it: pointers are followed, and
// methods come before fields.
func (f *field) of(v reflect.Value) reflect.Value {
	v, isNil := indirect(v)
	if isNil || !v.IsValid() {
		return f.ofNil(v)
	}
	a := f.find(v.Type(), v.CanAddr())
	if a.method < 0 {
		return concrete(f.walk(v, a.index))
	}
	if a.addressable {
		v = v.Addr()
	}
	return f.callOn(v, a.method)
}

// ofNil calls a method that a nil pointer has; fields it has none.
func (f *field) ofNil(v reflect.Value) reflect.Value {
	if v.IsValid() && v.Kind() == reflect.Pointer {
		if m, ok := v.Type().MethodByName(f.name); ok {
			return f.callOn(v, m.Index)
		}
	}
	fail("nil pointer evaluating %s", f.name)
	panic("not reached")
}

func (f *field) find(t reflect.Type, addressable bool) *access {
	known := f.known.Load()
	if known != nil {
		for i := range *known {
			if a := &(*known)[i]; a.typ == t && a.addressable == addressable {
				return a
			}
		}
	}
	a := f.look(t, addressable)
	more := []access{a}
	if known != nil {
		more = append(slices.Clip(*known), a) // another run may do the same: one of them is kept
	}
	f.known.Store(&more)
	return &more[len(more)-1]
}

func (f *field) look(t reflect.Type, addressable bool) access {
	a := access{typ: t, addressable: addressable, method: -1}
	holder := t
	if addressable {
		holder = reflect.PointerTo(t)
	}
	if m, ok := holder.MethodByName(f.name); ok {
		a.method = m.Index
		return a
	}
	if t.Kind() == reflect.Struct {
		if sf, ok := t.FieldByName(f.name); ok && sf.IsExported() {
			a.index = sf.Index
			return a
		}
	}
	fail("can't evaluate field %s in type %s", f.name, t)
	panic("not reached")
}

func (f *field) walk(v reflect.Value, index []int) reflect.Value {
	if len(index) == 1 {
		return v.Field(index[0])
	}
	v, err := v.FieldByIndexErr(index)
	if err != nil {
		fail("evaluating %s: %w", f.name, err)
	}
	return v
}

// callOn calls a method. The one that nearly all calls are of needs no
// reflection.
func (f *field) callOn(v reflect.Value, method int) reflect.Value {
	if f.name == "IsZero" {
		if z, ok := v.Interface().(interface{ IsZero() bool }); ok {
			return reflect.ValueOf(z.IsZero())
		}
	}
	return results(f.name, v.Method(method).Call(nil))
}

// results is the one value that a function gave; a second is an error.
func results(name string, list []reflect.Value) reflect.Value {
	if len(list) == 2 && !list[1].IsNil() {
		fail("error calling %s: %w", name, list[1].Interface().(error))
	}
	return concrete(list[0])
}

// indirect follows pointers and interfaces, up to one that is nil.
func indirect(v reflect.Value) (reflect.Value, bool) {
	for ; v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface; v = v.Elem() {
		if v.IsNil() {
			return v, true
		}
	}
	return v, false
}

// concrete is what an interface holds: nothing, if it is nil.
func concrete(v reflect.Value) reflect.Value {
	if v.Kind() == reflect.Interface {
		return v.Elem()
	}
	return v
}

// truth says whether v is not the zero of its type; a struct always is true.
func truth(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Invalid:
		return false
	case reflect.Struct:
		return true
	case reflect.String, reflect.Slice, reflect.Array, reflect.Map:
		return v.Len() > 0
	case reflect.Bool:
		return v.Bool()
	}
	return !v.IsZero()
}
