package pagetest

import (
	"cmp"
	"database/sql"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // counts what a press makes, behind the store's back
)

// TestEveryFormTwice presses the button of every form twice, filled in: the
// second press makes nothing that the first has not made (ui.md §6.12). Then it
// sends each of its fields missing, twice, too long, and as the id of nothing:
// nothing fails inside, which the crawler itself looks at.
func TestEveryFormTwice(t *testing.T) {
	if !long() {
		t.Skip("only in the long walk")
	}
	for _, who := range []string{member, mod, owner} {
		t.Run(who, func(t *testing.T) {
			t.Parallel()
			v := newVillage(t)
			c := &crawler{village: v, t: t, who: who, client: v.client(who), kept: 1, seen: map[string]bool{}, shapes: map[string]int{}, forms: map[string]bool{}, tables: messageTables(t)}
			for _, path := range []string{"/home", "/menu", "/explore", "/settings/profile", "/@mira"} {
				c.find(path, "the start")
			}
			c.walk()
			c.eachForm(c.pressTwice)
			c.forms = map[string]bool{}
			c.eachForm(c.breakFields)
			t.Logf("%d pages, %d kinds of forms", len(c.pages), len(c.forms))
		})
	}
}

// eachForm goes through one form of each kind, read from its page just then.
func (c *crawler) eachForm(each func(form)) {
	for _, path := range slices.Clone(c.pages) {
		for i, f := range c.formsOf(path) {
			key := shape(f.action) + " " + shape(f.button)
			if strings.HasPrefix(f.button, "emoji=") {
				key = shape(f.action) + " emoji" // one of two thousand
			}
			if c.forms[key] {
				continue
			}
			c.forms[key] = true
			if list := c.formsOf(path); i < len(list) { // anew: the one before may have ended the session
				each(list[i])
				c.stayLoggedIn()
			}
		}
	}
}

// stayLoggedIn logs in again where a form has logged out.
func (c *crawler) stayLoggedIn() {
	if status, _ := c.fetch("/home", "the session"); status != http.StatusOK {
		c.client = c.village.client(c.who)
	}
}

// madeOnPurpose are forms of which a second press does more: the secret that a
// feed's key is made of is shown in the answer itself, and can't be shown again.
var madeOnPurpose = regexp.MustCompile(`^/settings/feeds$`)

// pressTwice fills a form in and sends it twice.
func (c *crawler) pressTwice(f form) {
	values := maps.Clone(f.values)
	for name, list := range values {
		if len(list) == 1 && list[0] == "" && !strings.Contains(name, "password") {
			values[name] = []string{"typed" + fmt.Sprint(len(c.forms))}
		}
	}
	c.post(f, values)
	first := c.rows()
	c.post(f, values)
	second := c.rows()
	for table, n := range second {
		if n > first[table] && !madeOnPurpose.MatchString(f.action) {
			c.t.Errorf("the form %s %s: a second press adds %d to the table %s: %.300v", f.action, f.button, n-first[table], table, values)
		}
	}
}

// breakFields sends a form with each of its fields as no browser would.
func (c *crawler) breakFields(f form) {
	for name := range f.values {
		if name == "csrf" {
			continue
		}
		for _, bad := range [][]string{nil, {strings.Repeat("long ", 2000), "\u202e%s\x7f"}, {"999999999999", "1"}} {
			values := maps.Clone(f.values)
			values[name] = bad
			c.post(f, values)
		}
	}
}

// post sends a form.
func (c *crawler) post(f form, values url.Values) {
	body, kind := strings.NewReader(values.Encode()), "application/x-www-form-urlencoded"
	if f.files {
		body, kind = multiparted(values)
	}
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.base+f.action, body)
	c.must(err)
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Origin", c.base)
	c.do(r, f.action+" "+f.button, "its page")
}

// workTables are filled by what goes on by itself, or once for each request.
var workTables = regexp.MustCompile(`^(sqlite_|job|outbox|activity|delivery|session|sign_in|login|search|.*_fts|.*_search|home|notification|told|stat|media|file|.*_(data|idx|docsize|config|content)$)`)

// rows counts what is in each table of the database.
func (c *crawler) rows() map[string]int {
	c.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(c.data, "seedling.db")+"?mode=ro")
	c.must(err)
	defer db.Close()
	tables, err := db.QueryContext(c.t.Context(), "SELECT name FROM sqlite_master WHERE type = 'table'")
	c.must(err)
	defer tables.Close()
	counts := map[string]int{}
	for tables.Next() {
		var name string
		c.must(tables.Scan(&name))
		if workTables.MatchString(name) {
			continue
		}
		var n int
		c.must(db.QueryRowContext(c.t.Context(), `SELECT count(*) FROM "`+name+`"`).Scan(&n))
		counts[name] = n
	}
	c.must(cmp.Or(tables.Err(), tables.Close()))
	if len(counts) < 20 {
		c.t.Fatalf("only %d tables are counted", len(counts))
	}
	return counts
}
