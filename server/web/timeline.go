package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"seedling/store"
	"seedling/store/content"
	"seedling/templates"

	"github.com/julienschmidt/httprouter"
)

// storeCursor is the request's position in a list, for the store.
func (r *request) storeCursor(limit int) store.Cursor {
	c := r.cursor()
	return store.Cursor{Before: c.Before, After: c.After, Limit: limit}
}

// links are the ends of a list that the store found; 0 is no further.
func (r *request) links(older, newer int64) templates.Pager {
	var p templates.Pager
	if older != 0 {
		p.Older = r.withCursor("before", older)
	}
	if newer != 0 {
		p.Newer = r.withCursor("after", newer)
	}
	return p
}

// asViewer is who looks, for the store.
func (r *request) asViewer() store.Viewer {
	if r.viewer == nil {
		return store.Viewer{}
	}
	return store.AsMember(r.viewerID())
}

// toLogin sends a visitor to the log-in page, which brings them back.
func toLogin(w http.ResponseWriter, r *request) error {
	return redirect(w, r, "/login?next="+url.QueryEscape(r.URL.RequestURI()))
}

// inPublic lets visitors in unless the admins closed the public timelines to them.
func (s *Server) inPublic(h handler) httprouter.Handle {
	return s.page(func(w http.ResponseWriter, r *request) error {
		if r.viewer == nil {
			settings, err := s.db.Settings(r.Context())
			if err != nil {
				return err
			}
			if !settings.PublicTimelines {
				return toLogin(w, r)
			}
		}
		return h(w, r)
	})
}

// showTimeline is /home, /local, /bubble or /federated.
func (s *Server) showTimeline(kind string) handler {
	return func(w http.ResponseWriter, r *request) error {
		return s.renderTimeline(w, r, http.StatusOK, kind, nil)
	}
}

// readTimeline reads a page of a timeline without what the viewer leaves out.
func (s *Server) readTimeline(r *request, kind string) (*store.PostPage, error) {
	c := r.storeCursor(postsPerPage)
	c.Without = r.leftOut(kind)
	switch kind {
	case "home":
		return s.db.HomeTimeline(r.Context(), r.viewerID(), c)
	case "local":
		return s.db.LocalTimeline(r.Context(), r.asViewer(), c)
	case "bubble":
		return s.db.BubbleTimeline(r.Context(), r.asViewer(), c)
	}
	return s.db.FederatedTimeline(r.Context(), r.asViewer(), c)
}

// renderTimeline shows a timeline; panel, if not nil, is what was ticked by mistake.
func (s *Server) renderTimeline(w http.ResponseWriter, r *request, status int, kind string, panel *templates.ShowPanel, errs ...templates.FieldError) error {
	page, err := s.readTimeline(r, kind)
	if err != nil {
		return err
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	settings, err := s.db.Settings(r.Context())
	if err != nil {
		return err
	}
	p := templates.HomePage{
		Frame: s.frame(r), Kind: kind, Tabs: timelineTabs(kind, r.viewer != nil, settings),
		Pager: r.links(page.Older, page.Newer), Show: panel,
	}
	p.Errors = errs
	switch kind {
	case "home":
		err = s.fillHome(r, c, &p, page.Posts)
	case "bubble":
		p.Hosts, p.Posts = settings.BubbleHosts, c.posts(page.Posts)
	default:
		p.Posts = c.posts(page.Posts)
	}
	if err != nil {
		return err
	}
	if kind == "local" && p.Site.ShowLocal {
		p.Feed = "/local"
	}
	p.NoIndex = r.URL.RawQuery != "" // the first page is worth finding, the rest moves on
	if r.viewer != nil {
		if err := s.fillForMember(r, c, &p); err != nil {
			return err
		}
	}
	return s.render(w, r, status, p)
}

// fillHome adds what stands on home alone: the posts as home shows them, how
// far the member has read, announcements, and where to begin if there is nothing.
func (s *Server) fillHome(r *request, c *cards, p *templates.HomePage, posts []*store.PostView) error {
	p.Posts = c.in(store.FilterHome).home(posts, r.viewer.Preferences.FoldBoosts)
	if err := s.markHere(r, p); err != nil {
		return err
	}
	if r.cursor() != (cursor{}) {
		return nil
	}
	var err error
	if p.Announcements, err = s.announced(r, c, false); err != nil || len(p.Posts) > 0 {
		return err
	}
	p.InUse, err = s.tagsInUse(r, emptyHomeTags)
	return err
}

// fillForMember adds what visitors do not have: the panel, the composer and new
// neighbours.
func (s *Server) fillForMember(r *request, c *cards, p *templates.HomePage) error {
	if p.Show == nil {
		p.Show = showPanel(p.Kind, "/"+p.Kind+"/show", r.leftOut(p.Kind))
	}
	composer, err := s.newComposer(r)
	if err != nil {
		return err
	}
	p.Composer = &composer
	p.Suggest, err = c.newcomers(r)
	return err
}

func timelineTabs(current string, member bool, settings store.Settings) []templates.Tab {
	tabs := []templates.Tab{
		{Key: "timeline.home", URL: "/home", Icon: "home"},
		{Key: "timeline.local", URL: "/local", Icon: "local"},
	}
	if len(settings.BubbleHosts) > 0 {
		tabs = append(tabs, templates.Tab{Key: "timeline.bubble", URL: "/bubble", Icon: "people"})
	}
	tabs = append(tabs, templates.Tab{Key: "timeline.federated", URL: "/federated", Icon: "globe"})
	if !member {
		tabs = tabs[1:]
	}
	return selectTab(tabs, "timeline."+current)
}

func selectTab(tabs []templates.Tab, key string) []templates.Tab {
	for i := range tabs {
		tabs[i].Current = tabs[i].Key == key
	}
	return tabs
}

const (
	newcomersShown = 3 // people that a timeline suggests
	emptyHomeTags  = 5 // hashtags that an empty home suggests
)

// newcomers are suggested beside the newest page of a timeline.
func (c *cards) newcomers(r *request) ([]templates.AccountCard, error) {
	if r.cursor() != (cursor{}) {
		return nil, nil
	}
	accounts, err := c.db.NewMembers(r.Context(), r.asViewer(), newcomersShown)
	if err != nil {
		return nil, err
	}
	relations, err := c.relations(r.Context(), accounts)
	if err != nil {
		return nil, err
	}
	list := make([]templates.AccountCard, len(accounts))
	for i, a := range accounts {
		list[i] = c.person(a, relations[a.ID])
		list[i].Since = c.moment(a.CreatedAt)
	}
	return list, nil
}

// showTagOrFeed is /tags/{tag}, and with .atom or .rss its feed: a hashtag has
// no dot. The page is for visitors too unless the admins closed it to them.
func (s *Server) showTagOrFeed(w http.ResponseWriter, r *request) error {
	if tag, suffix, ok := cutFeed(r.param("tag")); ok {
		return s.showTagFeed(w, r, tag, suffix)
	}
	settings, err := s.db.Settings(r.Context())
	if err != nil {
		return err
	}
	if r.viewer == nil && !settings.PublicTimelines {
		return toLogin(w, r)
	}
	return s.showTag(w, r, settings)
}

// showTag is /tags/{tag}.
func (s *Server) showTag(w http.ResponseWriter, r *request, settings store.Settings) error {
	tag := strings.TrimPrefix(r.param("tag"), "#")
	if !content.ValidTag(tag) {
		return store.ErrNotFound
	}
	page, err := s.db.TagTimeline(r.Context(), tag, r.asViewer(), r.storeCursor(postsPerPage))
	if err != nil {
		return err
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	follows, err := s.db.FollowsTag(r.Context(), r.viewerID(), tag)
	if err != nil {
		return err
	}
	p := templates.TagPage{Frame: s.frame(r), Tag: tag, Follows: follows, Posts: c.posts(page.Posts), Pager: r.links(page.Older, page.Newer)}
	p.NoIndex = true
	if settings.PublicTimelines {
		p.Feed = tagPath(tag)
	}
	return s.render(w, r, http.StatusOK, p)
}

// showFavourites is /favourites.
func (s *Server) showFavourites(w http.ResponseWriter, r *request) error {
	p := templates.SavedPage{Frame: s.frame(r), Kind: "favourites", Query: r.query("q")}
	return s.renderSaved(w, r, http.StatusOK, p, s.db.SearchFavourites)
}

func (s *Server) renderSaved(w http.ResponseWriter, r *request, status int, p templates.SavedPage,
	list func(context.Context, int64, store.SavedQuery, store.Cursor) (*store.PostPage, error)) error {
	page, err := list(r.Context(), r.viewerID(), store.SavedQuery{Text: p.Query, Folder: p.Form.ID}, r.storeCursor(postsPerPage))
	if err != nil {
		return err
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	p.Posts, p.Pager = c.posts(page.Posts), r.links(page.Older, page.Newer)
	return s.render(w, r, status, p)
}

// landingPostsShown is how many posts the landing page shows.
const landingPostsShown = 3

// landingPosts are the newest public posts by members, unless the admins closed
// the timelines to visitors.
func (s *Server) landingPosts(r *request) ([]templates.Post, error) {
	settings, err := s.db.Settings(r.Context())
	if err != nil || !settings.PublicTimelines {
		return nil, err
	}
	page, err := s.db.LocalTimeline(r.Context(), store.Viewer{}, store.Cursor{Limit: landingPostsShown})
	if err != nil {
		return nil, err
	}
	c, err := s.newCards(r)
	if err != nil {
		return nil, err
	}
	return c.posts(page.Posts), nil
}
