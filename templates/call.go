package templates

import (
	"cmp"
	"fmt"
	"reflect"
	"text/template/parse"
)

// call compiles a call of one of our functions or of the language's own.
func (s *scope) call(name string, nodes []parse.Node) (expr, error) {
	args := make([]expr, len(nodes))
	for i, n := range nodes {
		var err error
		if args[i], err = s.operand(n); err != nil {
			return expr{}, err
		}
	}
	if fn := s.funcs[name]; fn != nil {
		return function(name, fn, args)
	}
	own, ok := builtins[name]
	if !ok || len(args) < own.min || len(args) > own.max {
		return expr{}, fmt.Errorf("cannot compile %s with %d arguments", name, len(args))
	}
	return own.compile(args), nil
}

// function compiles a call of a function of ours. Those that posts call have a
// case each; the rest go through reflection, which is slower by a microsecond.
func function(name string, fn any, args []expr) (expr, error) {
	t := reflect.TypeOf(fn)
	if n := t.NumIn(); len(args) != n && !t.IsVariadic() || len(args) < n-1 {
		return expr{}, fmt.Errorf("%s has %d arguments: its type is %s", name, len(args), t)
	}
	switch fn := fn.(type) {
	case func(string) string:
		text := asText(args[0])
		return textExpr(func(r *run, dot reflect.Value) string { return fn(text(r, dot)) }), nil
	case func(int) string:
		return ofOne(fn, args[0]), nil
	case func(Moment) string:
		return ofOne(fn, args[0]), nil
	case func(Msg) string:
		return ofOne(fn, args[0]), nil
	case func(string, ...any) string:
		key, list := asText(args[0]), asList(args[1:])
		return textExpr(func(r *run, dot reflect.Value) string { return fn(key(r, dot), list(r, dot)...) }), nil
	case func(string, string, ...any) Halves:
		key, slot, list := asText(args[0]), asText(args[1]), asList(args[2:])
		return valueExpr(func(r *run, dot reflect.Value) reflect.Value {
			return reflect.ValueOf(fn(key(r, dot), slot(r, dot), list(r, dot)...))
		}), nil
	case func(*Frame, any) In:
		return valueExpr(func(r *run, dot reflect.Value) reflect.Value {
			return reflect.ValueOf(fn(as[*Frame](args[0].value(r, dot)), uncopied(args[1].value(r, dot))))
		}), nil
	}
	return reflected(name, reflect.ValueOf(fn), args), nil
}

func ofOne[T any](fn func(T) string, arg expr) expr {
	return textExpr(func(r *run, dot reflect.Value) string { return fn(as[T](arg.value(r, dot))) })
}

func asText(e expr) func(*run, reflect.Value) string {
	if e.text != nil {
		return e.text
	}
	return func(r *run, dot reflect.Value) string {
		v := e.value(r, dot)
		if v.Kind() == reflect.String && v.Type() == stringType {
			return v.String()
		}
		return as[string](v)
	}
}

func asList(args []expr) func(*run, reflect.Value) []any {
	if len(args) == 0 {
		return func(*run, reflect.Value) []any { return nil }
	}
	return func(r *run, dot reflect.Value) []any {
		list := make([]any, len(args))
		for i := range args {
			list[i] = boxed(args[i].value(r, dot))
		}
		return list
	}
}

// uncopied is v for a part of the page. A struct goes by its address, where it
// has one: a post is a thousand bytes.
func uncopied(v reflect.Value) any {
	if v.Kind() == reflect.Struct && v.CanAddr() {
		v = v.Addr()
	}
	return boxed(v)
}

// reflected calls a function whose type has no case of its own.
func reflected(name string, fn reflect.Value, args []expr) expr {
	t := fn.Type()
	in := make([]reflect.Type, len(args))
	for i := range in {
		if in[i] = t.In(min(i, t.NumIn()-1)); t.IsVariadic() && i >= t.NumIn()-1 {
			in[i] = in[i].Elem()
		}
	}
	return valueExpr(func(r *run, dot reflect.Value) reflect.Value {
		list := make([]reflect.Value, len(args))
		for i := range args {
			list[i] = fit(args[i].value(r, dot), in[i])
		}
		return results(name, fn.Call(list))
	})
}

// as is v as an argument of type T.
func as[T any](v reflect.Value) T {
	if v.IsValid() && v.CanAddr() {
		if p, ok := v.Addr().Interface().(*T); ok {
			return *p // without a copy on the heap
		}
	}
	return fit(v, reflect.TypeFor[T]()).Interface().(T)
}

// fit makes v a value of type t, if it is one, points to one, or is nothing
// where t may be nil.
func fit(v reflect.Value, t reflect.Type) reflect.Value {
	switch {
	case !v.IsValid():
		switch t.Kind() {
		case reflect.Interface, reflect.Pointer, reflect.Slice, reflect.Map:
			return reflect.Zero(t)
		}
		fail("invalid value; expected %s", t)
	case v.Type().AssignableTo(t):
		return v
	case v.Kind() == reflect.Pointer && v.Type().Elem().AssignableTo(t):
		if v.IsNil() {
			fail("dereference of nil pointer of type %s", t)
		}
		return v.Elem()
	case v.CanAddr() && reflect.PointerTo(v.Type()).AssignableTo(t):
		return v.Addr()
	}
	fail("wrong type for value; expected %s; got %s", t, v.Type())
	panic("not reached")
}

// builtin is a function of the template language that our templates use.
type builtin struct {
	min, max int // arguments
	compile  func(args []expr) expr
}

var builtins = map[string]builtin{
	"and":   {1, 9, func(args []expr) expr { return junction(args, false) }},
	"or":    {1, 9, func(args []expr) expr { return junction(args, true) }},
	"not":   {1, 1, func(args []expr) expr { return not(args[0]) }},
	"eq":    {2, 9, equalsAny},
	"ne":    {2, 2, func(args []expr) expr { return not(equalsAny(args)) }},
	"gt":    {2, 2, func(args []expr) expr { return ordered(args, func(sign int) bool { return sign > 0 }) }},
	"ge":    {2, 2, func(args []expr) expr { return ordered(args, func(sign int) bool { return sign >= 0 }) }},
	"len":   {1, 1, func(args []expr) expr { return length(args[0]) }},
	"index": {2, 2, func(args []expr) expr { return element(args[0], args[1]) }},
	"print": {1, 9, printed},
}

// junction is "and" or "or": the first value with the truth that decides, else
// the last one. What comes after is not looked at.
func junction(args []expr, decides bool) expr {
	last := len(args) - 1
	e := valueExpr(func(r *run, dot reflect.Value) reflect.Value {
		for i := range last {
			if v := args[i].value(r, dot); truth(v) == decides {
				return v
			}
		}
		return args[last].value(r, dot)
	})
	e.truth = func(r *run, dot reflect.Value) bool {
		for i := range last {
			if args[i].truth(r, dot) == decides {
				return decides
			}
		}
		return args[last].truth(r, dot)
	}
	return e
}

func not(e expr) expr {
	return truthExpr(func(r *run, dot reflect.Value) bool { return !e.truth(r, dot) })
}

// equalsAny says whether the first argument is equal to one of the others.
func equalsAny(args []expr) expr {
	return truthExpr(func(r *run, dot reflect.Value) bool {
		v, found := args[0].value(r, dot), false
		for _, other := range args[1:] {
			found = equal(v, other.value(r, dot)) || found
		}
		return found
	})
}

// equal compares texts, whole numbers and truths, each with its like.
func equal(v, w reflect.Value) bool {
	switch {
	case v.Kind() == reflect.String && w.Kind() == reflect.String:
		return v.String() == w.String()
	case v.CanInt() && w.CanInt():
		return v.Int() == w.Int()
	case v.Kind() == reflect.Bool && w.Kind() == reflect.Bool:
		return v.Bool() == w.Bool()
	}
	fail("incompatible types for comparison: %s and %s", v.Kind(), w.Kind())
	panic("not reached")
}

func ordered(args []expr, holds func(sign int) bool) expr {
	return truthExpr(func(r *run, dot reflect.Value) bool {
		v, w := args[0].value(r, dot), args[1].value(r, dot)
		if !v.CanInt() || !w.CanInt() {
			fail("cannot order %s and %s", v.Kind(), w.Kind())
		}
		return holds(cmp.Compare(v.Int(), w.Int()))
	})
}

func length(e expr) expr {
	return valueExpr(func(r *run, dot reflect.Value) reflect.Value {
		v, isNil := indirect(e.value(r, dot))
		switch k := v.Kind(); {
		case isNil:
			fail("len of nil pointer")
		case k != reflect.Slice && k != reflect.Array && k != reflect.String && k != reflect.Map:
			fail("len of type %s", k)
		}
		return reflect.ValueOf(v.Len())
	})
}

func element(list, at expr) expr {
	return valueExpr(func(r *run, dot reflect.Value) reflect.Value {
		v, _ := indirect(list.value(r, dot))
		i := at.value(r, dot)
		if k := v.Kind(); k != reflect.Slice && k != reflect.Array || !i.CanInt() {
			fail("can't index %s with %s", k, i.Kind())
		}
		if i.Int() < 0 || i.Int() >= int64(v.Len()) {
			fail("index out of range: %d", i.Int())
		}
		return concrete(v.Index(int(i.Int())))
	})
}

// printed is fmt.Sprint, mostly of texts.
func printed(args []expr) expr {
	list := asList(args)
	return textExpr(func(r *run, dot reflect.Value) string { return fmt.Sprint(list(r, dot)...) })
}
