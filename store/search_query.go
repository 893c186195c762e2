package store

import (
	"strings"
	"time"

	"seedling/store/content"
)

// SearchQuery is what somebody looks for among posts, as ParseSearch reads it.
type SearchQuery struct {
	Words   []SearchWord
	From    []content.Handle // by one of them; "me" is Mine
	Mine    bool
	ByID    int64 // by this account, beside From; 0: by anybody
	NotFrom []content.Handle
	Has     []string // media, image, video, audio, alt, poll, link, quote
	HasNot  []string
	Tags    []string
	NotTags []string
	Lang    string
	Reply   *bool // true: replies alone; false: none
	Library bool  // what the viewer wrote, is named in or kept
	Before  time.Time
	After   time.Time
	Offset  int      // posts that are passed over, for apps that page by number
	Odd     []string // words that look like operators, with values that none has
}

// SearchWord is a word or a phrase.
type SearchWord struct {
	Text   string
	Begins bool // it is the beginning of a word
	Not    bool // posts with it are left out
}

// Empty says that nothing is looked for.
func (q *SearchQuery) Empty() bool {
	return len(q.Words) == 0 && !q.Narrowed()
}

// Narrowed says that operators are among it.
func (q *SearchQuery) Narrowed() bool {
	return len(q.From)+len(q.NotFrom)+len(q.Has)+len(q.HasNot)+len(q.Tags)+len(q.NotTags) > 0 ||
		q.Mine || q.ByID != 0 || q.Lang != "" || q.Reply != nil || q.Library || !q.Before.IsZero() || !q.After.IsZero()
}

// Plain is the words alone, as one would type them.
func (q *SearchQuery) Plain() string {
	var list []string
	for _, w := range q.Words {
		if !w.Not {
			list = append(list, w.Text)
		}
	}
	return strings.Join(list, " ")
}

// searchHas are the values of has: with those that others write for them.
var searchHas = map[string]string{"media": "media", "image": "image", "images": "image", "video": "video", "audio": "audio", "sound": "audio",
	"alt": "alt", "poll": "poll", "link": "link", "links": "link", "quote": "quote", "embed": "link"}

// searchKeys are the names of the operators.
var searchKeys = map[string]bool{"from": true, "has": true, "is": true, "in": true, "tag": true, "lang": true, "language": true,
	"before": true, "after": true, "during": true}

// ParseSearch reads a query: words, "a phrase", -without, begin*, from:handle,
// has:media, is:reply, in:library, before: and after: with a day in the given
// zone, lang:, tag: and #tag. An operator before an unknown value is a word like
// any other, so that no query is an error.
func ParseSearch(text string, zone *time.Location) SearchQuery {
	var q SearchQuery
	for n := 0; n < maxSearchWords; n++ {
		var item string
		if item, text = nextSearchItem(text); item == "" {
			break
		}
		not := len(item) > 1 && item[0] == '-'
		if not {
			item = item[1:]
		}
		if q.operator(item, not, zone) {
			continue
		}
		if key, value, ok := strings.Cut(item, ":"); ok && value != "" && searchKeys[strings.ToLower(key)] {
			q.Odd = append(q.Odd, item)
		}
		q.word(item, not)
	}
	return q
}

// nextSearchItem cuts the first item off a query: up to the next space that
// stands in no quotation marks.
func nextSearchItem(text string) (item, rest string) {
	text = strings.TrimSpace(text)
	quoted := false
	for i, r := range text {
		switch {
		case isQuoteMark(r):
			if quoted {
				return text[:i+len(string(r))], text[i+len(string(r)):]
			}
			quoted = true
		case !quoted && strings.TrimSpace(string(r)) == "":
			return text[:i], text[i:]
		}
	}
	return text, ""
}

// isQuoteMark says whether a character can stand around a phrase; telephones
// write curly ones.
func isQuoteMark(r rune) bool { return r == '"' || r == '“' || r == '”' || r == '„' }

func (q *SearchQuery) word(item string, not bool) {
	text := strings.TrimFunc(item, isQuoteMark)
	w := SearchWord{Text: text, Not: not}
	if cut, ok := strings.CutSuffix(text, "*"); ok && text == item {
		w.Text, w.Begins = cut, true
	}
	if strings.TrimSpace(w.Text) != "" {
		q.Words = append(q.Words, w)
	}
}

// operator reads an item as one; false if it is a word.
func (q *SearchQuery) operator(item string, not bool, zone *time.Location) bool {
	if name, ok := strings.CutPrefix(item, "#"); ok && content.ValidTag(name) {
		q.tag(name, not)
		return true
	}
	key, value, ok := strings.Cut(item, ":")
	value = strings.TrimFunc(value, isQuoteMark)
	if !ok || value == "" {
		return false
	}
	switch key = strings.ToLower(key); key {
	case "from":
		return q.from(value, not)
	case "has":
		return q.has(strings.ToLower(value), not)
	case "is", "in":
		return q.is(key+":"+strings.ToLower(value), not)
	case "tag":
		if value = strings.TrimPrefix(value, "#"); !content.ValidTag(value) {
			return false
		}
		q.tag(value, not)
		return true
	case "lang", "language":
		if not || len(value) > maxLanguageMark {
			return false
		}
		q.Lang = languageMark(value)
		return true
	case "before", "after", "during":
		return !not && q.day(key, value, zone)
	}
	return false
}

func (q *SearchQuery) tag(name string, not bool) {
	if not {
		q.NotTags = append(q.NotTags, name)
		return
	}
	q.Tags = append(q.Tags, name)
}

func (q *SearchQuery) from(value string, not bool) bool {
	if value == "me" && !not {
		q.Mine = true
		return true
	}
	h, err := content.ParseHandle(value)
	if err != nil {
		return false
	}
	if not {
		q.NotFrom = append(q.NotFrom, h)
	} else {
		q.From = append(q.From, h)
	}
	return true
}

func (q *SearchQuery) has(value string, not bool) bool {
	kind, ok := searchHas[value]
	switch {
	case !ok:
		return false
	case not:
		q.HasNot = append(q.HasNot, kind)
	default:
		q.Has = append(q.Has, kind)
	}
	return true
}

func (q *SearchQuery) is(what string, not bool) bool {
	switch what {
	case "is:reply":
		wanted := !not
		q.Reply = &wanted
	case "in:library":
		if not {
			return false
		}
		q.Library = true
	default:
		return false
	}
	return true
}

// day reads a date. Before is up to the day, after is from the one that follows
// it, during is the day itself.
func (q *SearchQuery) day(key, value string, zone *time.Location) bool {
	at, err := time.ParseInLocation("2006-1-2", value, zone)
	if err != nil {
		return false
	}
	switch next := at.AddDate(0, 0, 1); key {
	case "before":
		q.Before = at
	case "after":
		q.After = next
	default:
		q.After, q.Before = at, next
	}
	return true
}

// match is the query in the language of the index, without its accounts and
// tags, which are marks already; "" if there is nothing that could be found.
func (q *SearchQuery) match(marks, notMarks []string) string {
	var all, none []string
	for _, w := range q.Words {
		parts := w.match()
		switch {
		case len(parts) == 0 && !w.Not:
			return ""
		case w.Not && len(parts) > 0:
			none = append(none, "("+strings.Join(parts, " AND ")+")")
		default:
			all = append(all, parts...)
		}
	}
	for _, kind := range q.Has {
		marks = append(marks, "h"+kind)
	}
	for _, kind := range q.HasNot {
		notMarks = append(notMarks, "h"+kind)
	}
	if q.Lang != "" {
		marks = append(marks, "l"+q.Lang)
	}
	if q.Reply != nil && *q.Reply {
		marks = append(marks, "r")
	} else if q.Reply != nil {
		notMarks = append(notMarks, "r")
	}
	for _, m := range marks {
		all = append(all, `marks : `+quoted(m))
	}
	for _, m := range notMarks {
		none = append(none, `marks : `+quoted(m))
	}
	if len(all) == 0 {
		all = []string{`marks : "p"`}
	}
	expression := "(" + strings.Join(all, " AND ") + ")"
	if len(none) > 0 {
		expression += " NOT (" + strings.Join(none, " OR ") + ")"
	}
	return expression
}

// match is a word as the parts that must all be there.
func (w SearchWord) match() (parts []string) {
	words := ""
	flush := func(begins bool) {
		if words == "" {
			return
		}
		part := `text : ` + quoted(strings.TrimSpace(words))
		if begins {
			part += " *"
		}
		parts, words = append(parts, part), ""
	}
	wordRuns(w.Text, func(run string, joined bool) {
		if !joined {
			words += run + " "
			return
		}
		flush(false)
		pairs := pairsOf(run)
		single := len(pairs) == 1
		if !single {
			pairs = pairs[:len(pairs)-1]
		}
		words = strings.Join(pairs, " ")
		flush(single) // of a longer run each pair is there; a character alone begins one
	})
	flush(w.Begins)
	return parts
}

// quoted writes a text as a string of FTS5, which ends at a zero byte.
func quoted(text string) string {
	return `"` + strings.NewReplacer(`"`, `""`, "\x00", "").Replace(text) + `"`
}
