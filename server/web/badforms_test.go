package web

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"mime/multipart"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/content"
	"seedling/store/storetest"
)

// fieldNames are the names that any form gives to a field, read from the code
// that takes them. A name that ends with "-" is followed by an id.
func fieldNames(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, m := range fieldName.FindAllStringSubmatch(string(src), -1) {
			if m[1] != "csrf" {
				names = append(names, m[1])
			}
		}
	}
	slices.Sort(names)
	if names = slices.Compact(names); len(names) < 100 {
		t.Fatalf("found only the fields %q", names)
	}
	return names
}

var fieldName = regexp.MustCompile(`(?:r\.text|r\.on|[fF]orm\.Get|form|lines)(?:\(|\[)"([a-z_A-Z0-9\[\]-]+)"`)

// belongings gives somebody one of everything that has an id in a path, and
// returns these ids.
func (s *site) belongings(u *store.Account) (ids []int64) {
	s.t.Helper()
	ctx := s.t.Context()
	text := content.Source{Text: "Mine", Format: content.Plain}
	post := storetest.Post(s.t, s.db, u, "Mine to keep", store.Public)
	private := storetest.Post(s.t, s.db, u, "Mine alone", store.Direct)
	poll, err := s.db.CreatePost(ctx, store.Draft{AuthorID: u.ID, Source: text, Poll: &store.NewPoll{Options: []string{"a", "b"}, Lasts: time.Hour}})
	s.must(err)
	draft, err := s.db.SaveDraft(ctx, store.Draft{AuthorID: u.ID, Source: text})
	s.must(err)
	list := store.List{Title: "Mine"}
	s.must(s.db.CreateList(ctx, u.ID, &list))
	filter := store.Filter{Title: "Mine", Contexts: store.FilterHome, Phrases: []store.FilterPhrase{{Text: "mine"}}}
	s.must(s.db.CreateFilter(ctx, u.ID, &filter))
	folder := store.BookmarkFolder{Name: "Mine"}
	s.must(s.db.SaveBookmarkFolder(ctx, u.ID, &folder))
	s.must(s.db.Bookmark(ctx, u.ID, post.ID))
	_, err = s.db.CreateFeedKey(ctx, u.ID, "Mine")
	s.must(err)
	announcement, err := s.db.CreateAnnouncement(ctx, store.NewAnnouncement{Source: "Mine"})
	s.must(err)
	return []int64{u.ID, post.ID, private.ID, poll.ID, draft.ID, list.ID, filter.ID, folder.ID, announcement}
}

// holds says what somebody has of what belongings made.
func (s *site) holds(u *store.Account) string {
	s.t.Helper()
	ctx := context.Background()
	lists, err := s.db.Lists(ctx, u.ID)
	s.must(err)
	filters, err := s.db.Filters(ctx, u.ID)
	s.must(err)
	folders, err := s.db.BookmarkFolders(ctx, u.ID)
	s.must(err)
	drafts, err := s.db.Drafts(ctx, u.ID, store.Cursor{Limit: 20})
	s.must(err)
	posts, err := s.db.PostsOf(ctx, u.ID, store.AccountPosts{}, store.Viewer{AccountID: u.ID}, store.Cursor{Limit: 20})
	s.must(err)
	return fmt.Sprintf("%d lists, %d filters, %d folders, %d drafts, %d posts", len(lists), len(filters), len(folders), len(drafts.Drafts), len(posts.Posts))
}

// badForms are bodies that no browser sends for any of our forms.
func badForms(t *testing.T, ids []int64) map[string]url.Values {
	t.Helper()
	all := func(values ...string) url.Values {
		form := url.Values{}
		for _, name := range fieldNames(t) {
			if strings.HasSuffix(name, "-") {
				name += strconv.FormatInt(ids[1], 10)
			}
			form[name] = values
		}
		return form
	}
	var forged []string
	for _, id := range ids {
		forged = append(forged, strconv.FormatInt(id, 10))
	}
	return map[string]url.Values{
		"nothing":             {},
		"empty fields":        all(""),
		"ones":                all("1"),
		"repeated fields":     all("1", "", "x", "1", strings.Repeat("y", 3000)),
		"long fields":         all(strings.Repeat("é ", 400)),
		"markup and controls": all("\u202e<script>\"'\\\x01%s{{.}}\n;--"),
		"numbers":             all("-99999999999999999999"),
		"ids of others":       all(forged...),
		"a time":              all("9999-99-99T99:99"),
		"brackets":            {"poll[option][]": {"", "x"}, "a[b][c]": {"1"}, "tag[]": {"1"}, "[": {"["}},
	}
}

// TestNoFormFails sends every form that the router knows, as everybody, bodies
// that are missing, oversized, repeated, malformed or forged: none is answered
// with an error of ours, and what others have stays theirs.
func TestNoFormFails(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: four thousand forms are not sent")
	}
	s, c := newVillage(t)
	s.server.throttles = nil
	s.ask = func(context.Context, string) (Found, error) { return Found{}, store.ErrNotFound }
	s.user("mona", store.Moderator)
	ids := s.belongings(c.mira)
	had := s.holds(c.mira)
	bodies := badForms(t, ids)
	paths := []string{"1", "0", "-1", "x", "99999999999999999999", "%C3%A9%00", "%ff", "mira", "far.example"}
	for _, id := range ids {
		paths = append(paths, strconv.FormatInt(id, 10))
	}
	for _, who := range []string{"", "stan", "mona", "olga"} {
		sender := &sender{site: s, who: who}
		for _, route := range s.server.forms {
			if !worthSending(who, route) {
				continue
			}
			for what, body := range bodies {
				if slowForm.MatchString(route) && what != "markup and controls" && os.Getenv("SEEDLING_WALK") != "long" {
					continue
				}
				sender.sendBad(fill(route, "1"), what, body)
			}
			if who == "stan" { // these are refused before anybody's role counts
				sender.sendBroken(fill(route, "1"))
			}
			if !strings.Contains(route, ":") {
				continue
			}
			for _, segment := range paths {
				sender.sendBad(fill(route, segment), "on", url.Values{"on": {"1"}, "action": {"post"}})
			}
		}
		if got := s.holds(c.mira); (who == "" || who == "stan") && got != had {
			t.Errorf("after the forms of %q mira has %s, want %s", who, got, had)
		}
	}
}

// slowForm are the forms that hash a password, which is slow on purpose.
var slowForm = regexp.MustCompile(`^/(setup|join|login|settings/security/(password|2fa.*|passkeys/options)|settings/delete)$`)

// worthSending leaves out what is alike for several roles, except in the long walk.
func worthSending(who, route string) bool {
	switch {
	case os.Getenv("SEEDLING_WALK") == "long" || who == "stan":
		return true
	case who == "mona":
		return strings.HasPrefix(route, "/mod/")
	case who == "olga":
		return strings.HasPrefix(route, "/admin/")
	}
	return !strings.HasPrefix(route, "/settings/") && !strings.HasPrefix(route, "/admin/") && !strings.HasPrefix(route, "/mod/")
}

// fill puts a segment into the place of each parameter of a route.
func fill(route, segment string) string {
	if strings.HasSuffix(route, "/:action") {
		route = strings.Replace(route, ":action", accountActions[len(segment)%len(accountActions)], 1)
	}
	return routeParam.ReplaceAllLiteralString(route, segment)
}

// accountActions are what stands under a name for [Server.postUnderName].
var accountActions = []string{"follow", "block", "mute", "options", "note", "lists", "endorse", "hide-boosts", "remove-follower", "remote-follow", "fetch"}

// sender is somebody whose session is renewed when a form has ended it.
type sender struct {
	*site
	who string
	p   *person
}

// csrf is the token for the next form.
func (s *sender) csrf() string {
	s.t.Helper()
	switch {
	case s.who == "" && s.p == nil:
		s.p = s.person()
		s.p.get("/login")
	case s.who != "" && (s.p == nil || s.p.cookie("session") == ""):
		s.p = s.member(s.who)
	}
	if s.who == "" {
		return token(s.p.cookie("visitor"))
	}
	return token(s.p.cookie("session"))
}

// send posts a body, and wants no answer above a status.
func (s *sender) send(path, what, kind, body string, most int) {
	s.t.Helper()
	if got := s.p.do("POST", path, kind, body); got.status > most {
		s.t.Errorf("%q: POST %s with %s: got %d: %.200s", s.who, path, what, got.status, got.words())
	}
}

const encoded = "application/x-www-form-urlencoded"

func (s *sender) sendBad(path, what string, body url.Values) {
	s.t.Helper()
	form := url.Values{"csrf": {s.csrf()}}
	maps.Copy(form, body)
	s.send(path, what, encoded, form.Encode(), 499)
}

// sendBroken sends what is too large, not UTF-8, or a broken form with files.
func (s *sender) sendBroken(path string) {
	s.t.Helper()
	csrf := s.csrf()
	var files bytes.Buffer
	w := multipart.NewWriter(&files)
	s.must(w.WriteField("csrf", csrf))
	for _, field := range []string{"media", "avatar", "banner", "file", "picture", "replace-1"} {
		part, err := w.CreateFormFile(field, "../x.png")
		s.must(err)
		part.Write([]byte("no picture")) // into a buffer
	}
	s.must(w.Close())
	s.send(path, "a megabyte", encoded, "csrf="+csrf+"&text="+strings.Repeat("x", maxFormBytes), 413)
	s.send(path, "bytes that are no UTF-8", encoded, "csrf="+csrf+"&text=%ff&name=%c3%28", 400)
	s.send(path, "files that are none", w.FormDataContentType(), files.String(), 499)
	s.csrf()
	s.send(path, "half a form with files", w.FormDataContentType(), files.String()[:files.Len()/2], 499)
}
