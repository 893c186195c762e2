package store

import (
	"context"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"seedling/store/content"
)

// FilterMatch says that a filter of the viewer found a post, and by what.
type FilterMatch struct {
	Filter  *Filter  // not to be changed: it is shared
	Phrases []string // those that were found
	Post    bool     // the post itself is in the filter
}

// FilteredIn returns the filters that act on the post in a place: hidden if one
// of them hides it.
func (v *PostView) FilteredIn(place FilterContexts) (found []FilterMatch, hidden bool) {
	for _, m := range v.Filtered {
		if m.Filter.Contexts&place != 0 {
			found = append(found, m)
			hidden = hidden || m.Filter.Action == FilterHide
		}
	}
	return found, hidden
}

// filterCache keeps the compiled filters of the members who read.
type filterCache struct {
	mu      sync.Mutex
	version int // of all filters; what was read at an older one is not kept
	members map[int64][]*compiledFilter
}

type compiledFilter struct {
	*Filter
	phrases []compiledPhrase
	posts   map[int64]bool
}

type compiledPhrase struct {
	text string
	find func(original, folded string) bool
}

// forget makes everyone's filters be read again; they rarely change.
func (c *filterCache) forget() {
	c.mu.Lock()
	c.version++
	c.members = nil
	c.mu.Unlock()
}

// compiledFilters returns a member's filters, ready for use.
func (db *DB) compiledFilters(ctx context.Context, accountID int64) ([]*compiledFilter, error) {
	c := &db.filters
	c.mu.Lock()
	list, ok := c.members[accountID]
	version := c.version
	c.mu.Unlock()
	if ok {
		return list, nil
	}
	filters, err := db.Filters(ctx, accountID)
	if err != nil {
		return nil, err
	}
	for _, f := range filters {
		list = append(list, compileFilter(f))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.version == version {
		if c.members == nil || len(c.members) >= maxCachedFilters {
			c.members = map[int64][]*compiledFilter{}
		}
		c.members[accountID] = list
	}
	return list, nil
}

// compileFilter leaves out phrases that can't be used: they were checked when stored.
func compileFilter(f *Filter) *compiledFilter {
	c := &compiledFilter{Filter: f, posts: make(map[int64]bool, len(f.Posts))}
	for _, p := range f.Posts {
		c.posts[p.PostID] = true
	}
	for _, p := range f.Phrases {
		if compiled, err := compilePhrase(p); err == nil {
			c.phrases = append(c.phrases, compiled)
		}
	}
	return c
}

func compilePhrase(p FilterPhrase) (compiledPhrase, error) {
	if p.Pattern {
		return compilePattern(p.Text)
	}
	want := foldText(p.Text)
	return compiledPhrase{p.Text, func(_, folded string) bool { return containsPhrase(folded, want, p.WholeWord) }}, nil
}

// compilePattern compiles a regular expression whose work is bounded: RE2 takes
// time in proportion to text and pattern, and the pattern is measured with its
// repetitions before it is unrolled.
func compilePattern(text string) (compiledPhrase, error) {
	refused := &InputError{Field: "phrases", Problem: InputPattern}
	tree, err := syntax.Parse(text, syntax.Perl|syntax.FoldCase)
	if err != nil || patternSize(tree) > maxPatternSize {
		return compiledPhrase{}, refused
	}
	re, err := regexp.Compile("(?i)" + text)
	if err != nil || re.MatchString("") { // would find everything
		return compiledPhrase{}, refused
	}
	return compiledPhrase{text, func(original, _ string) bool { return re.MatchString(original) }}, nil
}

// patternSize counts the parts of a pattern, repeated ones as often as they may
// stand; at most a little over maxPatternSize.
func patternSize(re *syntax.Regexp) int {
	size := 1 + len(re.Rune)/2
	for _, sub := range re.Sub {
		size = min(size+patternSize(sub), maxPatternSize+1)
	}
	if re.Op == syntax.OpRepeat {
		size *= max(re.Min, re.Max, 1)
	}
	return min(size, maxPatternSize+1)
}

// foldText makes texts comparable whatever their case.
func foldText(s string) string { return strings.ToLower(s) }

// containsPhrase finds a phrase in a text, both folded. As a whole word it
// must not touch a letter or digit where it has one itself.
func containsPhrase(text, want string, wholeWord bool) bool {
	if !wholeWord {
		return strings.Contains(text, want)
	}
	for from := 0; ; {
		i := strings.Index(text[from:], want)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(want)
		before, _ := utf8.DecodeLastRuneInString(text[:start])
		after, _ := utf8.DecodeRuneInString(text[end:])
		first, _ := utf8.DecodeRuneInString(want)
		last, size := utf8.DecodeLastRuneInString(want)
		if !(wordRune(first) && wordRune(before)) && !(wordRune(last) && wordRune(after)) {
			return true
		}
		from = end - size + 1
		if from <= start {
			from = start + 1
		}
		for from < len(text) && !utf8.RuneStart(text[from]) {
			from++
		}
	}
}

func wordRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r) || r == '_')
}

// match says whether and by what a filter finds a post, whose text is given as
// it is and folded.
func (f *compiledFilter) match(v *PostView, text, folded string) (FilterMatch, bool) {
	m := FilterMatch{Filter: f.Filter, Post: f.posts[v.ID]}
	for _, p := range f.phrases {
		if p.find(text, folded) {
			m.Phrases = append(m.Phrases, p.text)
		}
	}
	return m, m.Post || len(m.Phrases) > 0
}

// filterText is all of a post that filters look at.
func filterText(v *PostView) string {
	parts := []string{v.Title, v.ContentWarning, content.PlainText(v.HTML)}
	for _, a := range v.Attachments {
		parts = append(parts, a.Description)
	}
	if v.Poll != nil {
		for _, o := range v.Poll.Options {
			parts = append(parts, o.Name)
		}
	}
	text := strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "\n")
	if len(text) > maxFilterText {
		text = text[:maxFilterText]
	}
	return text
}

// fillFilters notes which of the viewer's filters find which posts. Their own
// are never filtered.
func (db *DB) fillFilters(ctx context.Context, views map[int64]*PostView, viewer Viewer) error {
	if !viewer.Member || len(views) == 0 {
		return nil
	}
	filters, err := db.compiledFilters(ctx, viewer.AccountID)
	if err != nil || len(filters) == 0 {
		return err
	}
	for _, v := range views {
		if v.AccountID != viewer.AccountID {
			v.Filtered = matchFilters(filters, v, db.now())
		}
	}
	return nil
}

func matchFilters(filters []*compiledFilter, v *PostView, now time.Time) (found []FilterMatch) {
	text := filterText(v)
	return matchTexts(filters, v, text, foldText(text), now)
}

// matchTexts is matchFilters for a text that is made once for many readers.
func matchTexts(filters []*compiledFilter, v *PostView, text, folded string, now time.Time) (found []FilterMatch) {
	for _, f := range filters {
		if !f.ExpiresAt.IsZero() && !now.Before(f.ExpiresAt) {
			continue
		}
		if m, ok := f.match(v, text, folded); ok {
			found = append(found, m)
		}
	}
	return found
}

// PreviewFilter returns which of the newest posts of a member's home a filter,
// stored or not, would find, and how many it looked at.
func (db *DB) PreviewFilter(ctx context.Context, accountID int64, f Filter) (found []*PostView, of int, err error) {
	if err := f.check(); err != nil {
		return nil, 0, err
	}
	page, err := db.HomeTimeline(ctx, accountID, Cursor{Limit: filterPreview})
	if err != nil {
		return nil, 0, err
	}
	compiled := []*compiledFilter{compileFilter(&f)}
	for _, v := range page.Posts {
		if v.AccountID == accountID {
			continue
		}
		of++
		if v.Filtered = matchFilters(compiled, v, db.now()); len(v.Filtered) > 0 {
			found = append(found, v)
		}
	}
	return found, of, nil
}
