package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"seedling/server/feed"
	"seedling/store"
	"seedling/store/content"
	"seedling/templates"
)

// Limits of feeds.
const (
	feedPosts = 20
	feedTitle = 80 // characters
	feedAge   = 5 * time.Minute
)

// feedSuffixes are the two forms of a feed, as the end of its path.
var feedSuffixes = []string{".atom", ".rss"}

// cutFeed splits the end off a path that asks for a feed.
func cutFeed(path string) (rest, suffix string, ok bool) {
	for _, suffix := range feedSuffixes {
		if rest, ok := strings.CutSuffix(path, suffix); ok && rest != "" {
			return rest, suffix, true
		}
	}
	return path, "", false
}

// feedEntry is a post as feed readers show it. What stands behind a warning is
// below its words.
func (s *Server) feedEntry(words *templates.Catalogue, v *store.PostView) feed.Entry {
	base := s.db.URL()
	e := feed.Entry{ID: v.URI, Page: base + v.Path(), Author: v.Author.Name(), AuthorPage: base + v.Author.Path(), HTML: v.HTML.String(),
		Published: v.CreatedAt, Updated: v.EditedAt, Title: v.Title}
	if e.Title == "" {
		e.Title = content.Excerpt(v.HTML, feedTitle)
	}
	if v.ContentWarning != "" {
		e.Title = v.ContentWarning
		e.HTML = "<p><strong>" + content.EscapedLine(words.T("feeds.warning", "text", v.ContentWarning)).String() + "</strong></p><hr>" + e.HTML
	}
	if e.Title == "" {
		e.Title = words.T("feeds.post_by", "name", v.Author.Name())
	}
	for _, a := range v.Attachments {
		if a.URL != "" && v.Author.Local() { // files elsewhere are not loaded from there
			e.Files = append(e.Files, feed.File{URL: absolute(base, a.URL), Type: a.MediaType})
		}
	}
	if len(v.BoostedBy) > 0 {
		e.Title = words.T("feeds.boosted", "name", v.BoostedBy[0].Name(), "title", e.Title)
	}
	return e
}

func absolute(base, address string) string {
	if strings.HasPrefix(address, "/") {
		return base + address
	}
	return address
}

func (s *Server) feedEntries(words *templates.Catalogue, c *cards, posts []*store.PostView) []feed.Entry {
	var list []feed.Entry
	for _, v := range posts {
		if found, hidden := c.filters(v); !hidden && len(found) == 0 && !v.Muted {
			list = append(list, s.feedEntry(words, v))
		}
	}
	return list
}

// serveFeed answers in one of the two forms, with what feed readers ask by
// whether anything is new (RFC 9110 §13.1).
func serveFeed(w http.ResponseWriter, r *request, f *feed.Feed, suffix string) error {
	for _, e := range f.Entries {
		for _, at := range []time.Time{e.Published, e.Updated} {
			if at.After(f.Updated) {
				f.Updated = at
			}
		}
	}
	write, kind := f.Atom, "application/atom+xml; charset=utf-8"
	if suffix == ".rss" {
		write, kind = f.RSS, "application/rss+xml; charset=utf-8"
	}
	body, err := write()
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("ETag", `"`+hex.EncodeToString(sum[:12])+`"`)
	http.ServeContent(w, r.Request, "", f.Updated, bytes.NewReader(body))
	return nil
}

// servePublicFeed is serveFeed of what everybody may read: the same for all, so
// that it may be kept by caches for a moment.
func servePublicFeed(w http.ResponseWriter, r *request, f *feed.Feed, suffix string) error {
	w.Header().Set("Cache-Control", "public, max-age="+strconv.Itoa(int(feedAge/time.Second)))
	w.Header().Set("Vary", "Accept-Language")
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	w.Header().Set("Access-Control-Allow-Origin", "*")
	return serveFeed(w, r, f, suffix)
}

// asVisitor is the request as a visitor would make it, whoever makes it: for
// answers that are the same for all.
func (r *request) asVisitor() *request {
	return &request{Request: r.Request, params: r.params}
}

// publicFeed serves posts as visitors see them.
func (s *Server) publicFeed(w http.ResponseWriter, r *request, f *feed.Feed, suffix string, posts []*store.PostView) error {
	r = r.asVisitor()
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	f.Entries = s.feedEntries(s.words(r), c, posts)
	return servePublicFeed(w, r, f, suffix)
}

// showProfileFeed is /@name.atom and /@name.rss: what a member wrote for
// everybody, without replies to others.
func (s *Server) showProfileFeed(w http.ResponseWriter, r *request, name, suffix string) error {
	settings, err := s.db.Settings(r.Context())
	if err != nil {
		return err
	}
	a, err := s.accountAt(r, name)
	if err == nil && (!a.Local() || !settings.ShowsPosts(a, store.Viewer{})) {
		err = store.ErrNotFound
	}
	if err != nil {
		return err
	}
	page, err := s.db.PostsOf(r.Context(), a.ID, store.AccountPosts{NoReplies: true, NoBoosts: true}, store.Viewer{}, store.Cursor{Limit: feedPosts})
	if err != nil {
		return err
	}
	base := s.db.URL()
	if !a.Indexable {
		w.Header().Set("X-Robots-Tag", "noindex")
	}
	return s.publicFeed(w, r, &feed.Feed{ID: a.URI, Title: a.Name(), About: content.PlainText(a.Bio), Icon: absolute(base, avatarPath(s.db, a)),
		Self: base + a.Path() + suffix, Page: base + a.Path(), Updated: a.CreatedAt}, suffix, page.Posts)
}

// showTagFeed is /tags/{tag}.atom and .rss.
func (s *Server) showTagFeed(w http.ResponseWriter, r *request, tag, suffix string) error {
	if !content.ValidTag(tag) {
		return store.ErrNotFound
	}
	page, err := s.db.TagTimeline(r.Context(), tag, store.Viewer{}, store.Cursor{Limit: feedPosts})
	if err != nil {
		return err
	}
	return s.timelineFeed(w, r, "#"+tag, tagPath(tag), suffix, page)
}

// showLocalFeed is /local.atom and /local.rss.
func (s *Server) showLocalFeed(w http.ResponseWriter, r *request) error {
	page, err := s.db.LocalTimeline(r.Context(), store.Viewer{}, store.Cursor{Limit: feedPosts})
	if err != nil {
		return err
	}
	settings, err := s.db.Settings(r.Context())
	if err != nil {
		return err
	}
	_, suffix, _ := cutFeed(r.URL.Path)
	return s.timelineFeed(w, r, settings.Name, "/local", suffix, page)
}

func (s *Server) timelineFeed(w http.ResponseWriter, r *request, title, path, suffix string, page *store.PostPage) error {
	settings, err := s.db.Settings(r.Context())
	if err == nil && !settings.PublicTimelines {
		err = store.ErrNotFound // whoever asks: the answer is the same for all
	}
	if err != nil {
		return err
	}
	base := s.db.URL()
	return s.publicFeed(w, r, &feed.Feed{ID: base + path, Title: title, About: settings.Description, Self: base + path + suffix, Page: base + path,
		Updated: time.Unix(0, 0)}, suffix, page.Posts)
}

// showPrivateFeed is /feeds/{key}/home.atom, /notifications.atom and their .rss:
// what the owner of the key may read, and nothing else.
func (s *Server) showPrivateFeed(w http.ResponseWriter, r *request) error {
	what, suffix, ok := cutFeed(r.param("what"))
	if !ok {
		return store.ErrNotFound
	}
	owner, err := s.feedOwner(w, r)
	if err != nil {
		return err
	}
	switch what {
	case "home":
		page, err := s.db.HomeTimeline(r.Context(), owner.viewerID(), store.Cursor{Limit: feedPosts})
		if err != nil {
			return err
		}
		return s.privatePosts(w, owner, "timeline.home", "/home", suffix, page)
	case "notifications":
		return s.privateNotifications(w, owner, suffix)
	}
	return store.ErrNotFound
}

// showListFeed is /feeds/{key}/lists/{id}.atom and .rss.
func (s *Server) showListFeed(w http.ResponseWriter, r *request) error {
	id, suffix, ok := cutFeed(r.param("id"))
	list := positive(id)
	if !ok || list == 0 || r.param("what") != "lists" {
		return store.ErrNotFound
	}
	owner, err := s.feedOwner(w, r)
	if err != nil {
		return err
	}
	if _, err := s.db.List(r.Context(), owner.viewerID(), list); err != nil {
		return err
	}
	page, err := s.db.ListTimeline(r.Context(), owner.viewerID(), list, store.Cursor{Limit: feedPosts})
	if err != nil {
		return err
	}
	return s.privatePosts(w, owner, "lists.title", "/lists/"+id, suffix, page)
}

// feedOwner is the request as whoever owns its key would make it. The key is a
// secret in an address: it must not be kept, found or passed on.
func (s *Server) feedOwner(w http.ResponseWriter, r *request) (*request, error) {
	h := w.Header()
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Robots-Tag", "noindex")
	u, err := s.db.FeedKeyUser(r.Context(), r.param("key"))
	if err != nil {
		return nil, err
	}
	return &request{Request: r.Request, params: r.params, viewer: u}, nil
}

func (s *Server) privatePosts(w http.ResponseWriter, owner *request, title, path, suffix string, page *store.PostPage) error {
	c, err := s.newCards(owner)
	if err != nil {
		return err
	}
	words := s.pages.WordsIn(owner.language().Code)
	f := s.privateFeed(owner, words.T(title), path)
	f.Entries = s.feedEntries(words, c.in(store.FilterHome), page.Posts)
	return serveFeed(w, owner, f, suffix)
}

// privateFeed is one without its entries. Its own address is left out of it: it
// holds the key.
func (s *Server) privateFeed(owner *request, title, path string) *feed.Feed {
	base := s.db.URL()
	return &feed.Feed{ID: base + path + "#" + owner.viewer.Account.Username, Title: title + " · " + s.db.Handle(owner.viewer.Account).String(), Self: base + path, Page: base + path, Updated: owner.viewer.CreatedAt}
}

func (s *Server) privateNotifications(w http.ResponseWriter, owner *request, suffix string) error {
	page, err := s.db.Notifications(owner.Context(), owner.viewerID(), nil, store.Cursor{Limit: feedPosts})
	if err != nil {
		return err
	}
	c, err := s.newCards(owner)
	if err != nil {
		return err
	}
	c.in(store.FilterNotifications)
	words := s.pages.WordsIn(owner.language().Code)
	f := s.privateFeed(owner, words.T("notifications.title"), "/notifications")
	for _, n := range page.Notifications {
		if n.Post != nil && c.hides(n.Post) {
			continue
		}
		e := feed.Entry{Author: n.From.Name(), AuthorPage: s.db.URL() + n.From.Path(), Page: s.db.URL() + n.From.Path()}
		if n.Post != nil {
			e = s.feedEntry(words, n.Post)
		}
		row := c.notification(n)
		e.ID, e.Published, e.Updated = f.Page+"#n"+strconv.FormatInt(n.ID, 10), n.CreatedAt, time.Time{}
		e.Title = words.T("notifications."+row.Kind, "name", n.From.Name(), "emoji", row.Emoji, "host", row.Reason)
		f.Entries = append(f.Entries, e)
	}
	return serveFeed(w, owner, f, suffix)
}

// showFeedSettings is /settings/feeds.
func (s *Server) showFeedSettings(w http.ResponseWriter, r *request) error {
	return s.renderFeedSettings(w, r, http.StatusOK, templates.FeedsPage{})
}

func (s *Server) renderFeedSettings(w http.ResponseWriter, r *request, status int, p templates.FeedsPage, errs ...templates.FieldError) error {
	p.Frame = s.frame(r)
	p.Errors = errs
	p.Public = s.db.URL() + r.viewer.Account.Path()
	keys, err := s.db.FeedKeys(r.Context(), r.viewerID())
	if err != nil {
		return err
	}
	for _, k := range keys {
		row := templates.FeedKey{ID: k.ID, Name: k.Name, Made: s.moment(r, k.CreatedAt)}
		if !k.UsedAt.IsZero() {
			row.Used = s.moment(r, k.UsedAt)
		}
		p.Rows = append(p.Rows, row)
	}
	return s.render(w, r, status, p)
}

// createFeedKey is POST /settings/feeds. The addresses are shown this once, in
// the answer itself: only a hash of what they hold is kept.
func (s *Server) createFeedKey(w http.ResponseWriter, r *request) error {
	name := r.text("name")
	secret, err := s.db.CreateFeedKey(r.Context(), r.viewerID(), name)
	var wrong *store.InputError
	if errors.As(err, &wrong) {
		m := mistake("name", "feeds.no_name")
		switch wrong.Problem {
		case store.InputLong:
			m = mistake("name", "settings.too_long", "n", wrong.Limit)
		case store.InputMany:
			m = mistake("name", "feeds.too_many", "n", wrong.Limit)
		}
		return s.renderFeedSettings(w, r, http.StatusUnprocessableEntity, templates.FeedsPage{Name: name}, m)
	}
	if err != nil {
		return err
	}
	lists, err := s.db.Lists(r.Context(), r.viewerID())
	if err != nil {
		return err
	}
	base := s.db.URL() + "/feeds/" + secret
	p := templates.FeedsPage{Made: []templates.FeedAddress{{Label: "timeline.home", URL: base + "/home.atom"}, {Label: "notifications.title", URL: base + "/notifications.atom"}}}
	for _, l := range lists {
		p.Made = append(p.Made, templates.FeedAddress{Text: l.Title, URL: base + "/lists/" + strconv.FormatInt(l.ID, 10) + ".atom"})
	}
	w.Header().Set("Cache-Control", "no-store")
	return s.renderFeedSettings(w, r, http.StatusOK, p)
}

// showFeedKeyRevoke asks first: /settings/feeds/{id}/revoke.
func (s *Server) showFeedKeyRevoke(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	keys, err := s.db.FeedKeys(r.Context(), r.viewerID())
	if err != nil {
		return err
	}
	i := slices.IndexFunc(keys, func(k *store.FeedKey) bool { return k.ID == id })
	if i < 0 {
		return store.ErrNotFound
	}
	return s.render(w, r, http.StatusOK, templates.ConfirmPage{
		Frame: s.frame(r), Title: templates.M("feeds.revoke_title", "name", keys[i].Name), Body: []templates.Msg{templates.M("feeds.revoke_text")},
		Action: r.URL.Path, Button: "feeds.revoke_do", Danger: true, Cancel: "/settings/feeds",
	})
}

// revokeFeedKey is POST /settings/feeds/{id}/revoke. One that is gone already is
// what was wanted.
func (s *Server) revokeFeedKey(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if err := s.db.RevokeFeedKey(r.Context(), r.viewerID(), id); err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.feed_revoked")})
	return redirect(w, r, "/settings/feeds")
}
