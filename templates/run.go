package templates

import (
	"fmt"
	"reflect"
	"runtime/debug"
)

// run is one rendering of a page. What goes wrong in it is a panic with an
// error, as in text/template, and ends it.
type run struct {
	out   []byte
	in    *program        // the innermost of the templates that are running
	vars  []reflect.Value // of all of them, the innermost's from base
	base  int
	depth int // how many they are
}

// maxDepth bounds how deep templates call each other; a thread is the deepest,
// and web cuts it far above.
const maxDepth = 1000

var errTooDeep = fmt.Errorf("templates call each other more than %d deep", maxDepth)

// execute renders p with a page as its dot. The output is in r.out, and of no
// use if there is an error.
func (r *run) execute(p *program, page any) (err error) {
	defer func() {
		switch bad := recover().(type) {
		case nil:
		case failure:
			err = fmt.Errorf("in %s: %w", r.in.name, bad.error)
		default: // of a function or a method that a template calls
			err = fmt.Errorf("in %s: %v\n%s", r.in.name, bad, debug.Stack())
		}
	}()
	p.run(r, reflect.ValueOf(page))
	return nil
}

// failure is an error that the template or its data are to blame for.
type failure struct{ error }

func fail(format string, args ...any) {
	panic(failure{fmt.Errorf(format, args...)})
}

func (p *program) run(r *run, dot reflect.Value) {
	if r.depth++; r.depth > maxDepth {
		panic(failure{errTooDeep})
	}
	caller, base := r.in, r.base
	r.in, r.base = p, len(r.vars)
	for range p.slots {
		r.vars = append(r.vars, dot) // $ is the first, the others are set before they are read
	}
	r.all(p.body, dot)
	r.vars = r.vars[:r.base]
	r.in, r.base = caller, base
	r.depth--
}

func (r *run) all(steps []step, dot reflect.Value) {
	for _, do := range steps {
		do(r, dot)
	}
}

func (r *run) set(slot int, v reflect.Value) { r.vars[r.base+slot] = v }

// reset makes r ready for the next page, and lets go of this one's data.
func (r *run) reset() {
	clear(r.vars[:cap(r.vars)])
	*r = run{out: r.out[:0], vars: r.vars[:0]}
}

func write(text []byte) step {
	return func(r *run, _ reflect.Value) { r.out = append(r.out, text...) }
}

func (e expr) choose(then, otherwise []step) step {
	return func(r *run, dot reflect.Value) {
		if e.truth(r, dot) {
			r.all(then, dot)
		} else {
			r.all(otherwise, dot)
		}
	}
}

func (e expr) with(then, otherwise []step) step {
	return func(r *run, dot reflect.Value) {
		if v := e.value(r, dot); truth(v) {
			r.all(then, v)
		} else {
			r.all(otherwise, dot)
		}
	}
}

// loop is a range over a slice.
type loop struct {
	list            value
	index, element  int // slots of the variables, or -1
	body, otherwise []step
}

func (l *loop) run(r *run, dot reflect.Value) {
	list, _ := indirect(l.list(r, dot))
	n := 0
	switch list.Kind() {
	case reflect.Slice, reflect.Array:
		n = list.Len()
	case reflect.Invalid:
	default:
		fail("range can't iterate over %s", list.Type())
	}
	for i := range n {
		v := concrete(list.Index(i))
		if l.index >= 0 {
			r.set(l.index, reflect.ValueOf(i))
		}
		if l.element >= 0 {
			r.set(l.element, v)
		}
		r.all(l.body, v)
	}
	if n == 0 {
		r.all(l.otherwise, dot)
	}
}
