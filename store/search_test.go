package store_test

import (
	"errors"
	"image/color"
	"slices"
	"strings"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/content"
	"seedling/store/storetest"
)

// library is a place with some posts to be found.
type library struct {
	*desk
	bob, ann, far, shy *store.Account
}

func newLibrary(t *testing.T) *library {
	l := &library{desk: newDesk(t)}
	l.bob, l.ann = storetest.Member(t, l.DB, "bob"), storetest.Member(t, l.DB, "ann")
	l.far, l.shy = storetest.Remote(t, l.DB, "far@there.example"), storetest.Remote(t, l.DB, "shy@there.example")
	l.far.Indexable = true
	must(t, l.SaveRemoteAccount(ctx, l.far))
	return l
}

// found are the texts of the posts that a query finds, newest first.
func (l *library) found(viewer store.Viewer, query string) string {
	l.t.Helper()
	page, err := l.SearchPosts(ctx, viewer, store.ParseSearch(query, time.UTC), store.Cursor{})
	if err != nil {
		l.t.Fatalf("search %q: %v", query, err)
	}
	var list []string
	for _, v := range page.Posts {
		list = append(list, content.PlainText(v.HTML))
	}
	return strings.Join(list, "|")
}

func TestWhoFindsWhat(t *testing.T) {
	l := newLibrary(t)
	storetest.Post(t, l.DB, l.bob, "moss one", store.Public)
	storetest.Post(t, l.DB, l.bob, "moss quiet", store.Unlisted)
	storetest.Post(t, l.DB, l.bob, "moss friends", store.Followers)
	storetest.Post(t, l.DB, l.bob, "moss @alice", store.Direct)
	storetest.Post(t, l.DB, l.alice, "moss mine", store.Followers)
	must(t, l.ChangePrivacy(ctx, l.ann.ID, store.PrivacyChange{Indexable: new(false)}))
	storetest.Post(t, l.DB, l.ann, "moss hidden", store.Public)
	storetest.Receive(t, l.DB, l.far, "https://there.example/1", "moss afar")
	kept := storetest.Receive(t, l.DB, l.shy, "https://there.example/2", "moss shy")
	liked := storetest.Receive(t, l.DB, l.shy, "https://there.example/3", "moss liked")
	storetest.Receive(t, l.DB, l.shy, "https://there.example/4", "moss unseen")
	alice := store.AsMember(l.alice.ID)
	must(t, l.Bookmark(ctx, l.alice.ID, kept.ID))
	must(t, l.Favourite(ctx, l.alice.ID, liked.ID))
	for _, c := range []struct {
		who   string
		as    store.Viewer
		query string
		want  string
	}{
		{"a member", alice, "moss", "moss afar|moss liked|moss shy|moss mine|moss @alice|moss one"},
		{"in her library", alice, "moss in:library", "moss liked|moss shy|moss mine|moss @alice"},
		{"the author", store.AsMember(l.bob.ID), "moss", "moss afar|moss @alice|moss friends|moss quiet|moss one"},
		{"a visitor", store.Viewer{}, "moss", "moss one"},
		{"a visitor with a library", store.Viewer{}, "moss in:library", ""},
		{"somebody elsewhere", store.AsRemote(l.far.ID), "moss", "moss afar|moss one"},
	} {
		got, want := strings.Split(l.found(c.as, c.query), "|"), strings.Split(c.want, "|")
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s searching %q finds %q, want %q", c.who, c.query, got, want)
		}
	}
	must(t, l.Block(ctx, l.bob.ID, l.alice.ID))
	if got := l.found(alice, "moss from:bob"); got != "" {
		t.Errorf("whom bob blocked finds %q of his", got)
	}
	must(t, l.DeletePost(ctx, l.bob.ID, mustPost(t, l, "moss one")))
	if got := l.found(store.Viewer{}, "moss"); got != "" {
		t.Errorf("a deleted post is found: %q", got)
	}
	// Who lets themselves be found later is put into the index by a job.
	l.shy.Indexable = true
	must(t, l.SaveRemoteAccount(ctx, l.shy))
	l.now = l.now.Add(time.Minute)
	jobs, err := l.ClaimJobs(ctx, 100, time.Minute)
	must(t, err)
	for _, j := range jobs {
		if j.Kind == store.JobIndex {
			must(t, l.IndexPosts(ctx, l.shy.ID))
		}
	}
	if got := l.found(alice, "unseen"); got != "moss unseen" {
		t.Errorf("after shy agreed: %q", got)
	}
}

func mustPost(t *testing.T, l *library, query string) int64 {
	t.Helper()
	page, err := l.SearchPosts(ctx, store.Viewer{}, store.ParseSearch(query, time.UTC), store.Cursor{})
	if err != nil || len(page.Posts) != 1 {
		t.Fatalf("search %q: %v, %v", query, page, err)
	}
	return page.Posts[0].ID
}

func TestWhatAQueryFinds(t *testing.T) {
	l := newLibrary(t)
	post := func(text string, change ...func(*store.Draft)) *store.Post {
		d := store.Draft{AuthorID: l.bob.ID, Source: content.Source{Text: text, Format: content.Plain}, Language: "en"}
		for _, f := range change {
			f(&d)
		}
		p, err := l.CreatePost(ctx, d)
		must(t, err)
		return p
	}
	red := upload(t, l.DB, l.bob, dot(t, color.RGBA{R: 255, A: 255}), "a scarlet robin")
	first := post("Die Brücke über den Fluß", func(d *store.Draft) { d.Language = "de-AT" })
	post("river bridge #water", func(d *store.Draft) { d.ReplyToID = first.ID })
	post("the bridge over the river", func(d *store.Draft) { d.MediaIDs = []int64{red.ID} })
	post("which way?", func(d *store.Draft) { d.Poll = &store.NewPoll{Options: []string{"upstream", "down"}, Lasts: time.Hour} })
	post("see https://site.example/page", func(d *store.Draft) { d.ContentWarning = "spoilers" })
	post("東京タワーへ行きました")
	post("ภาษาไทยสวยงาม")
	post("서울은 아름답다")
	post("हिन्दी में लिखा")
	post("seedlings 🌱sprout")
	storetest.Post(t, l.DB, l.ann, "ann’s bridge", store.Public)
	for query, want := range map[string]string{
		"bridge river":                  "the bridge over the river|river bridge #water",
		`"river bridge"`:                "river bridge #water",
		"“over the river”":              "the bridge over the river",
		"bridge -river":                 "ann’s bridge",
		"-bridge has:media":             "",
		"brucke":                        "Die Brücke über den Fluß",
		"BRÜCKE lang:de":                "Die Brücke über den Fluß",
		"lang:de":                       "Die Brücke über den Fluß",
		"from:ann":                      "ann’s bridge",
		"bridge -from:bob":              "ann’s bridge",
		"bridge from:nobody":            "",
		"has:media":                     "the bridge over the river",
		"has:image bridge":              "the bridge over the river",
		"has:alt":                       "the bridge over the river",
		"robin":                         "the bridge over the river",
		"has:poll":                      "which way?",
		"upstream":                      "which way?",
		"has:link":                      "see https://site.example/page",
		"spoilers":                      "see https://site.example/page",
		"is:reply":                      "river bridge #water",
		"bridge -is:reply":              "ann’s bridge|the bridge over the river",
		"#water":                        "river bridge #water",
		"tag:Water":                     "river bridge #water",
		"bridge -#water":                "ann’s bridge|the bridge over the river",
		"tag:unknown bridge":            "",
		"東京":                            "東京タワーへ行きました",
		"タワー":                           "東京タワーへ行きました",
		"京":                             "東京タワーへ行きました",
		"東タ":                            "",
		"สวย":                           "ภาษาไทยสวยงาม",
		"서울":                            "서울은 아름답다",
		"हिन्दी":                        "हिन्दी में लिखा",
		"🌱":                             "seedlings 🌱sprout",
		"sprout":                        "seedlings 🌱sprout",
		"seed*":                         "seedlings 🌱sprout",
		"seed":                          "",
		"bridge before:2020-01-01":      "",
		"bridge after:2020-01-01 robin": "the bridge over the river",
		"unknown:thing":                 "",
		"!!!":                           "",
		`"`:                             "",
		`") OR text:("`:                 "",
	} {
		if got := l.found(store.AsMember(l.alice.ID), query); got != want {
			t.Errorf("%s finds %q, want %q", query, got, want)
		}
	}
	_, err := l.UpdatePost(ctx, l.bob.ID, first.ID, store.Edit{Source: content.Source{Text: "Der Steg"}, SeenAt: first.Version()})
	must(t, err)
	if got := l.found(store.Viewer{}, "brücke"); got != "" {
		t.Errorf("the old text of an edited post finds %q", got)
	}
	if got := l.found(store.Viewer{}, "steg"); got != "Der Steg" {
		t.Errorf("its new text finds %q", got)
	}
}

func TestSearchGoesOnByPages(t *testing.T) {
	l := newLibrary(t)
	for range 5 {
		storetest.Post(t, l.DB, l.bob, "again", store.Public)
		l.now = l.now.Add(time.Second)
	}
	q := store.ParseSearch("again", time.UTC)
	first, err := l.SearchPosts(ctx, store.Viewer{}, q, store.Cursor{Limit: 3})
	must(t, err)
	second, err := l.SearchPosts(ctx, store.Viewer{}, q, store.Cursor{Limit: 3, Before: first.Older})
	must(t, err)
	if len(first.Posts) != 3 || len(second.Posts) != 2 || second.Older != 0 || first.Posts[2].ID <= second.Posts[0].ID {
		t.Errorf("got %d and %d posts, then %d", len(first.Posts), len(second.Posts), second.Older)
	}
}

func TestPeopleAreFoundByAnyPartOfTheirNames(t *testing.T) {
	l := newLibrary(t)
	must(t, l.UpdateProfile(ctx, l.bob.ID, store.Profile{DisplayName: "Robert Mossbank"}))
	l.far.DisplayName = "Peat and moss"
	must(t, l.SaveRemoteAccount(ctx, l.far))
	l.shy.DisplayName = "田中"
	must(t, l.SaveRemoteAccount(ctx, l.shy))
	names := func(query string) string {
		list, err := l.SearchAccounts(ctx, store.AsMember(l.alice.ID), query, 10)
		if err != nil {
			t.Fatalf("%q: %v", query, err)
		}
		var names []string
		for _, a := range list {
			names = append(names, a.Username)
		}
		return strings.Join(names, ",")
	}
	for query, want := range map[string]string{"moss": "bob,far", "MOSSB": "bob", "far": "far", "@far@there": "far", "far@else": "", "bo": "bob", "田": "shy", "田中": "shy", `"`: "", "x\"y z": "", "robert moss": "bob", strings.Repeat("x", 999): ""} {
		if got := names(query); got != want {
			t.Errorf("%s finds %q, want %q", query, got, want)
		}
	}
	must(t, l.Follow(ctx, l.alice.ID, l.far.ID))
	if got := names("moss"); got != "far,bob" {
		t.Errorf("whom one follows comes first: %q", got)
	}
}

// FuzzParseSearch: whatever is typed, the index understands what becomes of it.
func FuzzParseSearch(f *testing.F) {
	for _, seed := range []string{`a "b c" -d e* from:me`, `-"x`, `has:media before:2026-1-1 in:library`, `“東京” *-:`, `#tag -#tag tag:x lang:de`, `"""" ("`, "\x00a\u0300"} {
		f.Add(seed)
	}
	db := storetest.New(f)
	alice := storetest.Member(f, db, "alice")
	storetest.Post(f, db, alice, "words to find", store.Public)
	f.Fuzz(func(t *testing.T, query string) {
		if len(query) > 2000 {
			return
		}
		q := store.ParseSearch(query, time.UTC)
		if _, err := db.SearchPosts(ctx, store.AsMember(alice.ID), q, store.Cursor{}); err != nil && !errors.Is(err, store.ErrSearchSlow) {
			t.Errorf("%q: %v", query, err)
		}
		if _, err := db.SearchAccounts(ctx, store.Viewer{}, query, 3); err != nil {
			t.Errorf("people called %q: %v", query, err)
		}
	})
}
