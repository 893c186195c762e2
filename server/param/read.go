package param

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits of what a request may hold.
const (
	MaxBody   = 1 << 20 // bytes of a body without files; the longest post is 100,000 characters
	maxPairs  = 2_000   // parameters
	maxName   = 200     // bytes of a parameter's name
	maxDepth  = 5       // things in things
	maxMemory = 1 << 20 // bytes of files kept in memory; the rest goes to the disk
)

// Error says what is wrong with the parameters, for the app's author.
type Error struct {
	Status  int // 400 or 413
	Problem string
}

func (e *Error) Error() string { return e.Problem }

func bad(format string, args ...any) error {
	return &Error{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

// Read reads the query and, unless the request is a GET, the body, of which it
// takes at most maxBody bytes. What stands in the body counts before the query.
// It returns *Error for what the sender did wrong.
func Read(w http.ResponseWriter, r *http.Request, maxBody int64) (Values, error) {
	var v Values
	if err := v.readQuery(r.URL.RawQuery); err != nil {
		return Values{}, err
	}
	if r.Body == nil || r.Body == http.NoBody {
		return v, nil
	}
	body := http.MaxBytesReader(w, r.Body, maxBody)
	kind, options, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err == nil && (kind == "application/json" || strings.HasSuffix(kind, "+json")):
		err = v.readJSON(body) // with a GET too: Mastodon.py asks so for familiar followers
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		return v, nil
	case err == nil && kind == "multipart/form-data":
		err = v.readMultipart(body, options["boundary"])
	default:
		err = v.readForm(body)
	}
	if err != nil {
		v.Close()
		return Values{}, err
	}
	return v, nil
}

// add takes one parameter. Bytes that are not UTF-8 are refused, since what
// would be stored is not what was meant.
func (v *Values) add(name, value string) error {
	if len(v.pairs) >= maxPairs {
		return bad("More than %d parameters", maxPairs)
	}
	if len(name) > maxName || !utf8.ValidString(name) {
		return bad("A parameter's name is too long or not UTF-8")
	}
	if !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
		return bad("Parameter %s is not UTF-8 text", name)
	}
	name, place := listName(name)
	v.pairs = append(v.pairs, pair{name, value, place})
	return nil
}

// listName is the name of a list without what stands behind it for one of its
// values: nothing in brackets, or a number.
func listName(name string) (list string, place int) {
	list, ok := strings.CutSuffix(name, "]")
	i := strings.LastIndexByte(list, '[')
	if !ok || i < 0 {
		return name, 0
	}
	if list[i+1:] == "" {
		return list[:i], 0
	}
	place, err := strconv.Atoi(list[i+1:])
	if err != nil {
		return name, 0
	}
	return list[:i], place
}

// readQuery reads names and values with & between. Broken escapes are taken as
// they stand, as apps' users type % into search fields of apps that do not
// escape it.
func (v *Values) readQuery(query string) error {
	for part := range strings.SplitSeq(query, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		if err := v.add(unescape(name), unescape(value)); err != nil {
			return err
		}
	}
	return nil
}

func unescape(s string) string {
	if text, err := url.QueryUnescape(s); err == nil {
		return text
	}
	return s
}

func (v *Values) readForm(body io.Reader) error {
	b, err := readAll(body)
	if err != nil {
		return err
	}
	if !utf8.Valid(b) {
		return bad("The form is not UTF-8 text")
	}
	return v.readQuery(string(b))
}

// readAll reads a body, and says what was wrong with one that is too large or
// half sent.
func readAll(body io.Reader) ([]byte, error) {
	b, err := io.ReadAll(body)
	return b, bodyError(err)
}

func bodyError(err error) error {
	var large *http.MaxBytesError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &large):
		return &Error{http.StatusRequestEntityTooLarge, fmt.Sprintf("The request is larger than %d bytes", large.Limit)}
	}
	return bad("The request is incomplete")
}

func (v *Values) readMultipart(body io.Reader, boundary string) error {
	if boundary == "" {
		return bad("The multipart body has no boundary")
	}
	form, err := multipart.NewReader(body, boundary).ReadForm(maxMemory)
	if err != nil {
		return bodyError(err)
	}
	v.form = form
	for _, name := range slices.Sorted(maps.Keys(form.Value)) {
		for i, value := range form.Value[name] {
			// Which values came together is not known any more: of the entries of a list
			// without numbers the first ones are taken together, then the second ones.
			if err := v.add(strings.Replace(name, "[][", "["+strconv.Itoa(i)+"][", 1), value); err != nil {
				return err
			}
		}
	}
	v.files = make(map[string]*multipart.FileHeader, len(form.File))
	for name, files := range form.File {
		if len(files) > 0 {
			v.files[strings.TrimSuffix(name, "[]")] = files[0]
		}
	}
	return nil
}

func (v *Values) readJSON(body io.Reader) error {
	b, err := readAll(body)
	if err != nil {
		return err
	}
	if len(strings.TrimSpace(string(b))) == 0 {
		return nil
	}
	decoder := json.NewDecoder(strings.NewReader(string(b)))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return bad("The body is not JSON: %v", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return bad("The body is more than one JSON value")
	}
	object, ok := value.(map[string]any)
	if !ok {
		return bad("The body is not a JSON object")
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if err := v.addJSON(name, object[name], 0); err != nil {
			return err
		}
	}
	return nil
}

// addJSON takes a value of JSON as the parameters that a form would have.
func (v *Values) addJSON(name string, value any, depth int) error {
	if depth > maxDepth {
		return bad("Parameter %s is nested too deep", name)
	}
	switch value := value.(type) {
	case nil:
		return nil
	case string:
		return v.add(name, value)
	case bool:
		return v.add(name, strconv.FormatBool(value))
	case json.Number:
		return v.add(name, value.String())
	case []any:
		return v.addList(name, value, depth)
	case map[string]any:
		if len(value) == 0 {
			return v.add(name, "") // sent, and empty
		}
		for _, key := range slices.Sorted(maps.Keys(value)) {
			if err := v.addJSON(name+"["+key+"]", value[key], depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// addList takes a list: of plain values the name repeated, of objects with
// their numbers in brackets.
func (v *Values) addList(name string, list []any, depth int) error {
	if len(list) == 0 {
		return v.add(name, "") // sent, and empty
	}
	for i, value := range list {
		below := name
		if _, ok := value.(map[string]any); ok {
			below += "[" + strconv.Itoa(i) + "]"
		}
		if err := v.addJSON(below, value, depth+1); err != nil {
			return err
		}
	}
	return nil
}
