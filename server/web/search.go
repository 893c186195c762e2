package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"seedling/store"
	"seedling/store/content"
	"seedling/templates"
)

// Found is what a look-up led to: an account or a post that is stored now. One
// of the two is 0.
type Found struct{ AccountID, PostID int64 }

// Lookup finds what a person pasted, a handle or the address of a profile or a
// post, by asking its server. Its errors are *LookupError where the reader can
// be told what happened; they may also be the store's.
type Lookup func(ctx context.Context, query string) (Found, error)

// LookupError says at which step a look-up failed.
type LookupError struct {
	Step LookupStep
	Host string // which server was asked
	Name string // LookupNoWebFinger: for whom; LookupNobodys: of what
	Err  error  // the cause, for the log; may be nil
}

func (e *LookupError) Error() string {
	text := "look up at " + e.Host + ": " + string(e.Step)
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

func (e *LookupError) Unwrap() error { return e.Err }

// LookupStep is what went wrong. Each has a sentence, lookup.STEP.
type LookupStep string

// The ways in which a look-up fails.
const (
	LookupNoHost         LookupStep = "no_host"         // no server of that name
	LookupUnreachable    LookupStep = "unreachable"     // it does not answer
	LookupNoWebFinger    LookupStep = "no_webfinger"    // it knows nobody of that name
	LookupRefused        LookupStep = "refused"         // it does not tell us
	LookupNotFound       LookupStep = "not_found"       // nothing at that address
	LookupGone           LookupStep = "gone"            // it was deleted
	LookupNotActivityPub LookupStep = "not_activitypub" // a page that is no profile and no post
	LookupBlocked        LookupStep = "blocked"         // we do not talk with it
	LookupWrong          LookupStep = "wrong"           // another thing than was asked for
	LookupNobodys        LookupStep = "nobodys"         // something with a name of which is not said whose it is
	LookupFailed         LookupStep = "failed"          // anything else
)

// Bounds of a search.
const (
	searchResults = 40
	similarTags   = 5               // offered to who found nothing
	maxQuery      = 2000            // bytes
	lookupWait    = 5 * time.Second // for another server
	searchWait    = 2 * time.Second // before the reader is told that it is being asked
)

// showSearch is /search?q=&type=: people, posts and hashtags known here, and
// whatever a handle or a link leads to.
func (s *Server) showSearch(w http.ResponseWriter, r *request) error {
	if closed, err := s.closedSearch(r); closed || err != nil {
		return errors.Join(err, toLogin(w, r))
	}
	query := strings.TrimSpace(r.query("q"))
	if len(query) > maxQuery {
		return refuse(http.StatusBadRequest, "error.query_long")
	}
	if tag, ok := strings.CutPrefix(query, "#"); ok && content.ValidTag(tag) && r.query("type") == "" {
		return redirect(w, r, tagPath(tag))
	}
	p := templates.SearchPage{Frame: s.frame(r), Query: query, Tab: r.query("type")}
	p.NoIndex = true
	if query == "" {
		return s.render(w, r, http.StatusOK, p)
	}
	if isAddress(query) && r.viewer != nil {
		path, err := s.followAddress(w, r, &p)
		if err != nil {
			return err
		}
		if path != "" {
			return redirect(w, r, path)
		}
	}
	return s.renderResults(w, r, p)
}

// followAddress finds the page of the address that is searched for. Where it
// leads nowhere, the page of results says why. If the other server takes its
// time, a page says so, which at once asks again and with more patience: the
// browser shows it until there is an answer, and nothing has to be kept here.
func (s *Server) followAddress(w http.ResponseWriter, r *request, p *templates.SearchPage) (path string, err error) {
	wait, patient := searchWait, r.query("patient") == "1"
	if patient {
		wait = lookupWait
	}
	ctx, cancel := context.WithTimeout(r.Context(), wait)
	defer cancel()
	path, cause := s.lookUp(ctx, r, p.Query)
	if cause == nil {
		return path, nil
	}
	if !patient && ctx.Err() != nil {
		p.Lookup = &templates.Lookup{Waiting: true}
		w.Header().Set("Refresh", "1; url=/search?"+url.Values{"q": {p.Query}, "type": {p.Tab}, "patient": {"1"}}.Encode()) // as <meta http-equiv=refresh>
		return "", nil
	}
	sentence, err := s.lookupSentence(cause, p.Query)
	if err != nil {
		return "", err
	}
	p.Lookup = &templates.Lookup{Failed: sentence}
	if failed := (*LookupError)(nil); errors.As(cause, &failed) && failed.Step == LookupNobodys {
		p.Lookup.Open, p.Lookup.Host = webAddress(p.Query), failed.Host
	}
	if webAddress(p.Query) != "" {
		p.Why = whyNotPath(p.Query)
	}
	return "", nil
}

// closedSearch says whether search is for members alone, and the viewer is none.
func (s *Server) closedSearch(r *request) (bool, error) {
	if r.viewer != nil {
		return false, nil
	}
	settings, err := s.db.Settings(r.Context())
	return !settings.SearchForVisitors(), err
}

// renderResults fills in the tab that was asked for: without one people, if
// there are any of that name, else posts.
func (s *Server) renderResults(w http.ResponseWriter, r *request, p templates.SearchPage) error {
	if p.Lookup != nil && p.Lookup.Waiting {
		return s.render(w, r, http.StatusOK, p)
	}
	q := store.ParseSearch(p.Query, s.zone(r))
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	chosen := p.Tab
	if p.Tab != "posts" && p.Tab != "tags" {
		p.Tab = "people"
		if err := s.findPeople(r, c, &p, q, chosen == ""); err != nil {
			return err
		}
		if chosen == "" && len(p.People) == 0 && p.Lookup == nil {
			p.Tab = "posts"
		}
	}
	switch p.Tab {
	case "posts":
		err = s.findPosts(r, c, &p, q)
	case "tags":
		err = s.findTags(r, &p, q)
	}
	if err != nil {
		return err
	}
	for _, tab := range []struct{ key, icon string }{{"people", "people"}, {"posts", "list"}, {"tags", "hash"}} {
		p.Tabs = append(p.Tabs, templates.Tab{Key: "search.tab_" + tab.key, Icon: tab.icon, Current: tab.key == p.Tab, URL: searchPath(p.Query, tab.key)})
	}
	if len(p.People)+len(p.Posts)+len(p.Tags) == 0 {
		if err := s.suggest(r, &p, q); err != nil {
			return err
		}
	}
	return s.render(w, r, http.StatusOK, p)
}

func searchPath(query, kind string) string {
	return "/search?" + url.Values{"q": {query}, "type": {kind}}.Encode()
}

// findPeople looks for the words as a name. A query with operators, of which no
// tab was chosen, is one for posts.
func (s *Server) findPeople(r *request, c *cards, p *templates.SearchPage, q store.SearchQuery, guess bool) error {
	if guess && q.Narrowed() {
		return nil
	}
	accounts, err := s.db.SearchAccounts(r.Context(), r.asViewer(), p.Query, searchResults)
	if err != nil {
		return err
	}
	p.People, err = c.people(r.Context(), accounts)
	return err
}

func (s *Server) findPosts(r *request, c *cards, p *templates.SearchPage, q store.SearchQuery) error {
	page, err := s.db.SearchPosts(r.Context(), r.asViewer(), q, r.storeCursor(postsPerPage))
	if errors.Is(err, store.ErrSearchSlow) {
		p.Slow = true
		return nil
	}
	if err != nil {
		return err
	}
	p.Posts, p.Pager = c.posts(page.Posts), r.links(page.Older, page.Newer)
	return nil
}

func (s *Server) findTags(r *request, p *templates.SearchPage, q store.SearchQuery) error {
	uses, err := s.db.FindTags(r.Context(), tagWord(q), searchResults)
	p.Tags = tagCounts(uses)
	return err
}

// tagWord is the hashtag that a query may mean.
func tagWord(q store.SearchQuery) string {
	if len(q.Tags) > 0 {
		return q.Tags[0]
	}
	return strings.Join(strings.Fields(q.Plain()), "")
}

func tagCounts(uses []store.TagFound) (list []templates.TagCount) {
	for _, u := range uses {
		list = append(list, templates.TagCount{Name: u.Name, Posts: u.Posts})
	}
	return list
}

// suggest offers other ways to who found nothing.
func (s *Server) suggest(r *request, p *templates.SearchPage, q store.SearchQuery) error {
	p.Odd = strings.Join(q.Odd, " ")
	if plain := q.Plain(); plain != "" && (q.Narrowed() || plain != p.Query) {
		p.Plain, p.PlainURL = plain, searchPath(plain, p.Tab)
	}
	authors, err := s.db.AccountsByHandle(r.Context(), q.From)
	if err != nil {
		return err
	}
	for _, h := range q.From {
		if authors[h] == nil {
			p.Nobody = h.String()
		}
	}
	near, err := s.db.SimilarTags(r.Context(), tagWord(q), similarTags)
	p.Similar = tagCounts(near)
	return err
}

// isAddress says whether a query names one thing: @user@host, acct:user@host or
// an address.
func isAddress(query string) bool {
	if webAddress(query) != "" {
		return true
	}
	h, err := content.ParseHandle(query)
	return err == nil && h.Host != ""
}

// lookUp finds the page here of what a query names: among what is known, else
// by asking its server.
func (s *Server) lookUp(ctx context.Context, r *request, query string) (path string, err error) {
	path, err = s.known(r, query)
	if !errors.Is(err, store.ErrNotFound) || s.lookup == nil {
		return path, err
	}
	found, err := s.lookup(ctx, query)
	if err != nil {
		return "", err
	}
	return s.pathOf(r, found)
}

// known finds what is stored. Links to pages of this server count too.
func (s *Server) known(r *request, query string) (string, error) {
	ctx := r.Context()
	if webAddress(query) == "" {
		h, err := content.ParseHandle(query)
		if err != nil {
			return "", store.ErrNotFound
		}
		a, err := s.db.AccountByHandle(ctx, h)
		if err != nil || a.State != store.AccountActive {
			return "", errors.Join(err, store.ErrNotFound)
		}
		return a.Path(), nil
	}
	if path, ok := strings.CutPrefix(query, s.db.URL()+"/@"); ok {
		if path, ok := localPath("/@" + path); ok {
			return path, nil
		}
	}
	if p, err := s.db.PostByLink(ctx, query); err == nil {
		return s.pathOf(r, Found{PostID: p.ID})
	}
	a, err := s.db.AccountByURI(ctx, query)
	if err != nil {
		return "", err
	}
	return s.pathOf(r, Found{AccountID: a.ID})
}

// pathOf is the page of a thing that was found, if the viewer may see it.
func (s *Server) pathOf(r *request, f Found) (string, error) {
	if f.PostID != 0 {
		v, err := s.db.PostVisibleTo(r.Context(), f.PostID, r.asViewer())
		if err != nil {
			return "", err
		}
		return v.Path() + "#p" + strconv.FormatInt(v.ID, 10), nil
	}
	a, err := s.db.Account(r.Context(), f.AccountID)
	if err != nil {
		return "", err
	}
	if a.State != store.AccountActive {
		return "", store.ErrNotFound
	}
	return a.Path(), nil
}

// lookupSentence says why a look-up led nowhere, or returns an error that the
// reader can't be told.
func (s *Server) lookupSentence(err error, query string) (*templates.Msg, error) {
	host, name := hostOf(query), ""
	if h, err := content.ParseHandle(query); err == nil {
		host, name = h.Host, h.Username
	}
	step := LookupStep("")
	var failed *LookupError
	switch {
	case errors.As(err, &failed):
		step, host, name = failed.Step, failed.Host, failed.Name
	case errors.Is(err, store.ErrGone):
		step = LookupGone
	case errors.Is(err, store.ErrNotFound) && (host == s.db.AccountDomain() || host == s.db.Host()):
		return nil, nil // this server says so below: nothing found
	case errors.Is(err, store.ErrNotFound):
		step = LookupNotFound
	case errors.Is(err, context.DeadlineExceeded):
		step = LookupUnreachable
	default:
		return nil, err
	}
	m := templates.M("lookup."+string(step), "host", host, "name", name)
	return &m, nil
}
