// Package param reads the parameters of a request to the client API as apps
// send them: in the query, as a form, as multipart or as JSON, with or without
// brackets behind the names of lists. It knows names and values alone, nothing
// of what they mean, and imports nothing of this server.
//
// Read [Values] first: whatever way the parameters came, they look the same in
// it. A list is the name repeated, be it sent with empty or with numbered
// brackets; what stands below a name has it in front: poll[options],
// fields_attributes[0][name].
package param

import (
	"cmp"
	"mime/multipart"
	"slices"
	"strconv"
	"strings"
)

// Values are the parameters of one request. The zero value has none.
type Values struct {
	pairs []pair
	files map[string]*multipart.FileHeader
	form  *multipart.Form // to be removed
}

type pair struct {
	name, value string
	place       int // in a list that came with numbers: choices[1]
}

// Has says whether a parameter was sent, be it empty.
func (v Values) Has(name string) bool {
	return slices.ContainsFunc(v.pairs, func(p pair) bool { return p.name == name })
}

// Get returns a parameter, the last one if it came several times, or "".
func (v Values) Get(name string) string {
	for _, p := range slices.Backward(v.pairs) {
		if p.name == name {
			return p.value
		}
	}
	return ""
}

// All returns a list, in the order of its numbers, or without them in the one in
// which it came. Empty values are left out.
func (v Values) All(name string) []string {
	var found []pair
	for _, p := range v.pairs {
		if p.name == name && p.value != "" {
			found = append(found, p)
		}
	}
	slices.SortStableFunc(found, func(a, b pair) int { return cmp.Compare(a.place, b.place) })
	var list []string
	for _, p := range found {
		list = append(list, p.value)
	}
	return list
}

// falseValues are what apps send for "no", as Rails reads it.
var falseValues = []string{"false", "0", "f", "off", "no", "null"}

// Bool returns a switch: everything but the words for "no" is "yes". Empty or
// missing is otherwise.
func (v Values) Bool(name string, otherwise bool) bool { return Bool(v.Get(name), otherwise) }

// Bool is [Values.Bool] for one value that was read otherwise.
func Bool(value string, otherwise bool) bool {
	if value == "" {
		return otherwise
	}
	return !slices.Contains(falseValues, strings.ToLower(value))
}

// Int returns a number; ok is false if there is none.
func (v Values) Int(name string) (n int64, ok bool) {
	n, err := strconv.ParseInt(v.Get(name), 10, 64)
	return n, err == nil
}

// File returns an uploaded file, or nil.
func (v Values) File(name string) *multipart.FileHeader { return v.files[name] }

// Below returns what stands below a name: poll of poll[options].
func (v Values) Below(name string) Values {
	var below Values
	for _, p := range v.pairs {
		if rest, ok := strings.CutPrefix(p.name, name+"["); ok {
			first, more, _ := strings.Cut(rest, "]")
			below.pairs = append(below.pairs, pair{first + more, p.value, p.place})
		}
	}
	return below
}

// Rows returns the entries of a list of things with names of their own, such as
// fields_attributes[0][name]. They come in the order of their numbers; without
// numbers (x[][name]) a name that comes again begins the next entry.
func (v Values) Rows(name string) []Values {
	below := v.Below(name)
	rows := map[int]*Values{}
	next := 0
	for _, p := range below.pairs {
		number, rest, _ := strings.Cut(p.name, "[")
		field, _, ok := strings.Cut(rest, "]")
		if !ok {
			continue
		}
		n, err := strconv.Atoi(number)
		if err != nil {
			if rows[next] != nil && rows[next].Has(field) {
				next++
			}
			n = next
		}
		if rows[n] == nil {
			rows[n] = new(Values)
		}
		rows[n].pairs = append(rows[n].pairs, pair{field, p.value, p.place})
	}
	list := make([]Values, 0, len(rows))
	for _, n := range sortedKeys(rows) {
		list = append(list, *rows[n])
	}
	return list
}

func sortedKeys(rows map[int]*Values) []int {
	keys := make([]int, 0, len(rows))
	for n := range rows {
		keys = append(keys, n)
	}
	slices.Sort(keys)
	return keys
}

// Close removes uploaded files from the disk.
func (v Values) Close() {
	if v.form != nil {
		v.form.RemoveAll()
	}
}
