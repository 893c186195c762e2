package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"seedling/store"
	"seedling/store/content"
)

// searchQuery reads what is searched for.
func (r *request) searchQuery() (string, error) {
	q := strings.TrimSpace(r.params.Get("q"))
	if len(q) > maxQuery {
		return "", badRequest("The query is longer than %d bytes", maxQuery)
	}
	return q, nil
}

// found is what a search leads to.
type found struct {
	accounts []*store.Account
	posts    []*store.PostView
	tags     []string
}

// search is GET v2/search: people by name, tags, and whatever a handle or an
// address leads to.
func (s *Server) search(w http.ResponseWriter, r *request) error {
	f, err := s.find(r)
	if err != nil {
		return err
	}
	e, err := s.entities(r)
	if err != nil {
		return err
	}
	var out struct {
		Accounts []*account  `json:"accounts"`
		Statuses []*status   `json:"statuses"`
		Hashtags []tagDetail `json:"hashtags"`
	}
	if out.Accounts, err = e.accounts(r.Context(), f.accounts); err != nil {
		return err
	}
	if out.Statuses, err = e.statuses(r.Context(), f.posts); err != nil {
		return err
	}
	out.Hashtags = []tagDetail{}
	for _, name := range f.tags {
		out.Hashtags = append(out.Hashtags, e.tagDetail(name))
	}
	if err := s.markOwnTags(r, out.Hashtags); err != nil {
		return err
	}
	return s.json(w, out)
}

// searchOld is GET v1/search, which names the tags alone.
func (s *Server) searchOld(w http.ResponseWriter, r *request) error {
	f, err := s.find(r)
	if err != nil {
		return err
	}
	e, err := s.entities(r)
	if err != nil {
		return err
	}
	accounts, err := e.accounts(r.Context(), f.accounts)
	if err != nil {
		return err
	}
	statuses, err := e.statuses(r.Context(), f.posts)
	if err != nil {
		return err
	}
	if f.tags == nil {
		f.tags = []string{}
	}
	return s.json(w, map[string]any{"accounts": accounts, "statuses": statuses, "hashtags": f.tags})
}

// find does the search.
func (s *Server) find(r *request) (found, error) {
	var f found
	if err := s.openTo(r, store.Settings.SearchForVisitors); err != nil {
		return f, err
	}
	q, err := r.searchQuery()
	if err != nil || q == "" {
		return f, err
	}
	if r.offset() > 0 && r.user == nil {
		return f, errLogin
	}
	limit, kind := r.limit(pageSize, maxPage), r.params.Get("type")
	if isAddress(q) {
		if r.offset() > 0 {
			return f, nil // it leads to one thing
		}
		return s.findAddress(r, q, kind)
	}
	if kind == "" || kind == "accounts" {
		if f.accounts, err = s.findAccounts(r, q, limit); err != nil {
			return f, err
		}
	}
	if name := strings.TrimPrefix(q, "#"); (kind == "" || kind == "hashtags") && content.ValidTag(name) {
		tags, err := s.db.SearchTags(r.Context(), name, r.offset()+limit)
		if err != nil {
			return f, err
		}
		f.tags = tags[min(r.offset(), len(tags)):]
	}
	if kind == "" || kind == "statuses" {
		f.posts, err = s.findPosts(r, q)
	}
	return f, err
}

// findPosts finds posts by their words, by one account alone if that is asked for.
func (s *Server) findPosts(r *request, text string) ([]*store.PostView, error) {
	c, err := r.cursor(pageSize, maxPage)
	if err != nil {
		return nil, err
	}
	q := store.ParseSearch(text, time.UTC)
	q.Offset = r.offset()
	if q.ByID, err = r.idParam("account_id"); err != nil {
		return nil, err
	}
	page, err := s.db.SearchPosts(r.Context(), r.viewer(), q, c)
	if errors.Is(err, store.ErrSearchSlow) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return page.Posts, nil
}

// isAddress says whether a query names one thing on the web.
func isAddress(q string) bool {
	u, err := url.Parse(q)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// findAddress finds the account or the post at an address: among what is known,
// else, if a member wants that, by asking its server.
func (s *Server) findAddress(r *request, q, kind string) (f found, err error) {
	accountID, postID, err := s.known(r.Context(), q)
	if errors.Is(err, store.ErrNotFound) {
		accountID, postID, err = s.resolve(r, q)
	}
	if err != nil {
		return f, err
	}
	if accountID != 0 && (kind == "" || kind == "accounts") {
		f.accounts, err = s.db.AccountsByID(r.Context(), []int64{accountID})
	}
	if postID != 0 && (kind == "" || kind == "statuses") {
		f.posts, err = s.db.PostsVisibleTo(r.Context(), []int64{postID}, r.viewer())
	}
	return f, err
}

// known finds an address among what is stored.
func (s *Server) known(ctx context.Context, address string) (accountID, postID int64, err error) {
	p, err := s.db.PostByLink(ctx, address)
	if err == nil {
		return 0, p.ID, nil
	}
	if !errors.Is(err, store.ErrNotFound) {
		return 0, 0, err
	}
	if name, ok := strings.CutPrefix(address, s.db.URL()+"/@"); ok {
		if h, err := content.ParseHandle(name); err == nil {
			a, err := s.db.AccountByHandle(ctx, h)
			if err != nil {
				return 0, 0, err
			}
			return a.ID, 0, nil
		}
	}
	a, err := s.db.AccountByURI(ctx, address)
	if err != nil {
		return 0, 0, err
	}
	return a.ID, 0, nil
}

// resolve asks the server of what a query names, if a member wants that. What
// leads nowhere is no error: nothing was found.
func (s *Server) resolve(r *request, q string) (accountID, postID int64, err error) {
	if r.user == nil || !r.params.Bool("resolve", false) {
		return 0, 0, nil
	}
	return s.askElsewhere(r, q)
}

// askElsewhere is resolve for what a member named: it is not asked whether they
// want that.
func (s *Server) askElsewhere(r *request, q string) (accountID, postID int64, err error) {
	if s.lookup == nil {
		return 0, 0, nil
	}
	ctx, cancel := context.WithTimeout(r.Context(), lookupWait)
	defer cancel()
	accountID, postID, err = s.lookup(ctx, q)
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrGone) || errors.Is(err, context.DeadlineExceeded) {
		return 0, 0, nil
	}
	return accountID, postID, err
}

// findAccounts finds people by name. A whole handle that nobody here knows is
// looked up at its server, if a member wants that.
func (s *Server) findAccounts(r *request, q string, limit int) ([]*store.Account, error) {
	followed := r.params.Bool("following", false)
	list, err := s.db.FindAccounts(r.Context(), r.viewer(), store.AccountSearch{Text: q, Followed: followed, Limit: limit, Offset: r.offset()})
	if err != nil || followed || r.offset() > 0 {
		return list, err
	}
	h, problem := content.ParseHandle(q)
	if problem != nil || h.Host == "" {
		return list, nil
	}
	a, err := s.db.AccountByHandle(r.Context(), h)
	var accountID int64
	switch {
	case err == nil:
		accountID = a.ID
	case errors.Is(err, store.ErrNotFound):
		if accountID, _, err = s.resolve(r, q); err != nil || accountID == 0 {
			return list, err
		}
	default:
		return nil, err
	}
	ids := []int64{accountID}
	for _, other := range list {
		ids = append(ids, other.ID)
	}
	return s.db.AccountsByID(r.Context(), ids[:min(len(ids), limit)])
}
