package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"seedling/store"
	"seedling/store/content"
	"seedling/templates"
)

// profileTabs are the tabs of a profile in their order, by the last part of
// their path.
var profileTabs = []string{"posts", "replies", "media", "followers", "following", "about"}

// accountOfPath is the account that a path names: /@name or /@name@host. A
// suspended account, one that waits to be let in, and the server's own actor
// have no page; a deleted one is gone. The account is returned with those errors.
func (s *Server) accountOfPath(r *request) (*store.Account, error) {
	return s.accountAt(r, r.param("name"))
}

func (s *Server) accountAt(r *request, name string) (*store.Account, error) {
	h, err := content.ParseHandle(name)
	if err != nil {
		return nil, store.ErrNotFound
	}
	a, err := s.db.AccountByHandle(r.Context(), h)
	if err != nil {
		return nil, err
	}
	switch {
	case a.State == store.AccountDeleted:
		return a, store.ErrGone
	case a.State != store.AccountActive:
		return a, store.ErrNotFound
	case a.Local():
		return a, s.hasJoined(r.Context(), a)
	}
	return a, nil
}

// hasJoined refuses who is not a member yet, as if there were no such name.
func (s *Server) hasJoined(ctx context.Context, a *store.Account) error {
	u, err := s.db.User(ctx, a.ID)
	if err != nil {
		return err
	}
	if u.State == store.UserPending {
		return store.ErrNotFound
	}
	return nil
}

// showProfile is /@name and, with tab, the pages beside it.
func (s *Server) showProfile(w http.ResponseWriter, r *request) error {
	if name, suffix, ok := cutFeed(r.param("name")); ok && !strings.Contains(name, "@") {
		return s.showProfileFeed(w, r, name, suffix)
	}
	return s.showProfileTab(w, r, "posts")
}

func (s *Server) showProfileTab(w http.ResponseWriter, r *request, tab string) error {
	a, err := s.accountOfPath(r)
	if tab == "posts" && s.wantsActivity(w, r) && (a == nil || a.Local()) {
		return s.serveActor(w, r, a, err)
	}
	if err != nil {
		return err
	}
	if r.viewer == nil && !a.Local() {
		return leaveFor(w, r, a, a.URL)
	}
	if "/@"+r.param("name") != a.Path() {
		return redirect(w, r, tabPath(a, tab))
	}
	if r.viewer != nil && !a.Local() {
		s.freshen(r, a)
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	p, err := s.profilePage(r, c.in(store.FilterAccount), a, tab)
	if err != nil {
		return err
	}
	if a.Local() {
		linkActivity(w, p.Frame, a.URI)
	}
	return s.render(w, r, http.StatusOK, p)
}

// profilePage loads what a tab of a profile shows.
func (s *Server) profilePage(r *request, c *cards, a *store.Account, tab string) (p templates.ProfilePage, err error) {
	p = templates.ProfilePage{Frame: s.frame(r), Tab: tab, Tabs: tabsOf(a, tab)}
	rel, err := s.db.Relation(r.Context(), r.viewerID(), a.ID)
	if err != nil {
		return p, err
	}
	p.Profile = c.profile(a, rel)
	if hidesFollows(r, a) {
		p.Profile.ListsHidden = true
	}
	if hidesCounts(r, a) {
		p.Profile.FollowersHidden, p.Profile.FollowingHidden = true, true
		p.Profile.Followers, p.Profile.Following = 0, 0
	}
	p.Profile.MovedURL = webAddress(a.MovedToURI)
	if p.Profile.MovedTo, err = s.movedTo(r, c, a); err != nil {
		return p, err
	}
	if a.Local() {
		p.Visits = visitHint(r, a.Name(), s.db.Handle(a).String(), a.Path()+"/remote-follow")
	} else {
		p.Remote = remoteNote(a)
	}
	p.NoIndex = !a.Local() || !a.Indexable || p.Tab != "posts"
	p.Canonical = a.URL
	s.describeProfile(r, p.Frame, a)
	if rel.BlockedBy {
		return p, nil // the name and a sentence, see the template
	}
	if p.Profile.Moderators, err = s.moderators(r, c, a); err != nil {
		return p, err
	}
	if a.Local() {
		p.Description = content.Excerpt(a.Bio, descriptionLength)
	}
	if p.Featured, err = s.featuredPeople(r, c, a); err != nil {
		return p, err
	}
	if p.Collections, err = s.collectionsOf(r, a); err != nil {
		return p, err
	}
	switch tab {
	case "followers", "following":
		if p.Hidden = hidesFollows(r, a); p.Hidden {
			return p, nil
		}
	}
	switch tab {
	case "followers":
		return p, s.profilePeople(r, c, &p, a, s.db.FollowersOf)
	case "following":
		return p, s.profilePeople(r, c, &p, a, s.db.FollowingOf)
	case "about":
		p.Profile.Tags, err = s.profileTags(r, a)
		return p, err
	}
	return p, s.profilePosts(r, c, &p, a)
}

// descriptionLength is how many characters of a text search engines and link
// cards are given.
const descriptionLength = 200

// profile is the upper part of the page. Who blocked the viewer shows them
// nothing but their name.
func (c *cards) profile(a *store.Account, rel store.Relation) templates.Profile {
	p := templates.Profile{Account: c.account(a), Relation: c.relation(a, rel), RequestsMe: rel.Asked, Note: rel.Note, Memorial: a.Memorial, Suspended: a.Suspended}
	if rel.BlockedBy {
		return p
	}
	p.Banner = bannerPath(c.db, a, c.emoji.still)
	host := a.EmojiHost()
	c.meet(a)
	p.Bio = safeHTML(c.emojify(host, c.relinkOwn(a.Bio)))
	for _, f := range a.Fields {
		p.Fields = append(p.Fields, templates.ProfileField{Name: f.Name, Rich: c.rich(host, f.Name), Value: safeHTML(c.emojify(host, c.relinkOwn(f.Value))), Verified: !f.VerifiedAt.IsZero()})
	}
	p.Joined = c.moment(a.CreatedAt)
	p.Posts = max(a.PostsCount, a.RemotePosts)
	p.Followers = max(a.FollowersCount, a.RemoteFollowers)
	p.Following = max(a.FollowingCount, a.RemoteFollowing)
	p.FollowersHidden, p.FollowingHidden = a.RemoteFollowers < 0, a.RemoteFollowing < 0
	return p
}

// movedTo is the account that this one became, if it is known here.
func (s *Server) movedTo(r *request, c *cards, a *store.Account) (*templates.Account, error) {
	if a.MovedToURI == "" {
		return nil, nil
	}
	to, err := s.db.AccountByURI(r.Context(), a.MovedToURI)
	if errors.Is(err, store.ErrNotFound) || err == nil && to.State != store.AccountActive {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	v := c.account(to)
	return &v, nil
}

// moderators are those of a community, as its server lists them.
func (s *Server) moderators(r *request, c *cards, a *store.Account) ([]templates.Account, error) {
	if a.Kind != store.Group {
		return nil, nil
	}
	known, err := s.db.Moderators(r.Context(), a.ID)
	if err != nil {
		return nil, err
	}
	c.meet(known...)
	list := make([]templates.Account, len(known))
	for i, m := range known {
		list[i] = c.account(m)
	}
	return list, nil
}

func remoteNote(a *store.Account) *templates.RemoteNote {
	return &templates.RemoteNote{Host: a.Host, URL: webAddress(a.URL, a.URI), Known: a.PostsCount, Total: a.RemotePosts, CanFetch: true}
}

func tabPath(a *store.Account, tab string) string {
	if tab == "posts" {
		return a.Path()
	}
	return a.Path() + "/" + tab
}

func tabsOf(a *store.Account, current string) []templates.Tab {
	var tabs []templates.Tab
	for _, tab := range profileTabs {
		tabs = append(tabs, templates.Tab{Key: "profile.tab_" + tab, URL: tabPath(a, tab)})
	}
	return selectTab(tabs, "profile.tab_"+current)
}

// profilePosts fills in the posts of a tab; the pinned ones stand on the first page.
func (s *Server) profilePosts(r *request, c *cards, p *templates.ProfilePage, a *store.Account) error {
	if r.viewer == nil {
		settings, err := s.db.Settings(r.Context())
		if err != nil {
			return err
		}
		if p.Own = settings.PublicProfiles && !a.ShowsPostsTo(r.asViewer()); p.Own || !settings.PublicProfiles {
			p.Closed, p.NoIndex = true, true
			return nil
		}
	}
	tab := map[string]store.ProfileTab{"posts": store.ProfilePosts, "replies": store.ProfileReplies, "media": store.ProfileMedia}[p.Tab]
	page, err := s.db.ProfileTimeline(r.Context(), a.ID, tab, r.asViewer(), r.storeCursor(postsPerPage))
	if err != nil {
		return err
	}
	p.Pager = r.links(page.Older, page.Newer)
	pinned := map[int64]bool{}
	if p.Tab == "posts" && r.cursor() == (cursor{}) {
		views, err := s.db.PinnedPosts(r.Context(), a.ID, r.asViewer())
		if err != nil {
			return err
		}
		for _, v := range views {
			post := c.post(v)
			post.Pinned, pinned[v.ID] = true, true
			p.Pinned = append(p.Pinned, post)
		}
	}
	for _, v := range page.Posts {
		if !pinned[v.ID] { // an id stands once on a page
			p.Posts = append(p.Posts, c.entry(v))
		}
	}
	return nil
}

// featuredPeople are whom a member features on their profile.
func (s *Server) featuredPeople(r *request, c *cards, a *store.Account) ([]templates.AccountCard, error) {
	if !a.Local() {
		return nil, nil // another server's choice is not known here
	}
	page, err := s.db.EndorsementsOf(r.Context(), a.ID, r.asViewer(), store.Cursor{})
	if err != nil {
		return nil, err
	}
	c.meet(page.Accounts...)
	list := make([]templates.AccountCard, len(page.Accounts))
	for i, who := range page.Accounts {
		list[i] = templates.AccountCard{Account: c.account(who)}
	}
	return list, nil
}

// profilePeople fills in one of the lists of people.
func (s *Server) profilePeople(r *request, c *cards, p *templates.ProfilePage, a *store.Account,
	list func(context.Context, int64, store.Cursor) (*store.AccountPage, error)) error {
	page, err := list(r.Context(), a.ID, r.storeCursor(peoplePerPage))
	if err != nil {
		return err
	}
	p.Pager = r.links(page.Older, page.Newer)
	p.People, err = c.people(r.Context(), page.Accounts)
	return err
}

// refreshAfter is how old what is known of an account elsewhere may be when a
// member looks at it.
const refreshAfter = 24 * time.Hour

// freshen asks for what a remote profile lacks. The page doesn't wait for it,
// and shows what is here if even the asking fails.
func (s *Server) freshen(r *request, a *store.Account) {
	id := strconv.FormatInt(a.ID, 10)
	var jobs []store.NewJob
	if a.OutboxAt.IsZero() {
		jobs = append(jobs, store.NewJob{Kind: store.JobOutbox, Key: id, Payload: id})
	}
	if s.now().Sub(a.FetchedAt) > refreshAfter {
		jobs = append(jobs, store.NewJob{Kind: store.JobRefresh, Key: id, Payload: id})
	}
	if _, err := s.db.AccountByURI(r.Context(), a.MovedToURI); a.MovedToURI != "" && errors.Is(err, store.ErrNotFound) && !s.db.IsLocal(a.MovedToURI) {
		jobs = append(jobs, store.NewJob{Kind: store.JobActor, Key: a.MovedToURI, Payload: a.MovedToURI})
	}
	for _, j := range jobs {
		if s.asked.take(string(j.Kind)+id, s.now()) > 0 {
			continue
		}
		if err := s.db.AddJob(r.Context(), j); err != nil {
			s.log.Warn("job not added", "kind", j.Kind, "account", a.ID, "error", err)
		}
	}
}

// leaveFor sends a visitor to the original of something by an account elsewhere.
// What that account says is its page must be on its own server: else anybody
// could make addresses of this server that lead anywhere.
func leaveFor(w http.ResponseWriter, r *request, author *store.Account, address string) error {
	if host := hostOf(address); host != author.Host && host != hostOf(author.URI) {
		address = author.URI
	}
	if address = webAddress(address); address == "" {
		return store.ErrNotFound
	}
	w.Header().Set("X-Robots-Tag", "noindex")
	return redirect(w, r, address)
}
