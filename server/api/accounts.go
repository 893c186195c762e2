package api

import (
	"net/http"
	"strings"

	"seedling/store"
	"seedling/store/content"
)

// person finds the account that the path names. Those that are suspended or
// deleted are not there.
func (s *Server) person(r *request) (*store.Account, error) {
	accountID, err := r.id("id")
	if err != nil {
		return nil, err
	}
	a, err := s.db.Account(r.Context(), accountID)
	if err != nil {
		return nil, err
	}
	if a.State != store.AccountActive || a.Hidden {
		return nil, store.ErrNotFound
	}
	return a, nil
}

// showAccount is GET accounts/:id.
func (s *Server) showAccount(w http.ResponseWriter, r *request) error {
	a, err := s.person(r)
	if err != nil {
		return err
	}
	return s.answerAccount(w, r, a)
}

func (s *Server) answerAccount(w http.ResponseWriter, r *request, a *store.Account) error {
	e, err := s.entities(r)
	if err != nil {
		return err
	}
	list, err := e.accounts(r.Context(), []*store.Account{a})
	if err != nil {
		return err
	}
	return s.json(w, list[0])
}

// showAccounts is GET accounts?id[]=.
func (s *Server) showAccounts(w http.ResponseWriter, r *request) error {
	list, err := s.db.AccountsByID(r.Context(), r.idList("id"))
	if err != nil {
		return err
	}
	return s.people(w, r, &store.AccountPage{Accounts: list})
}

// lookupAccount is GET accounts/lookup?acct=: among the accounts known here.
func (s *Server) lookupAccount(w http.ResponseWriter, r *request) error {
	h, err := content.ParseHandle(strings.TrimPrefix(r.params.Get("acct"), "@"))
	if err != nil {
		return store.ErrNotFound
	}
	a, err := s.db.AccountByHandle(r.Context(), h)
	if err != nil {
		return err
	}
	if a.State != store.AccountActive || a.Hidden {
		return store.ErrNotFound
	}
	return s.answerAccount(w, r, a)
}

// searchAccounts is GET accounts/search.
func (s *Server) searchAccounts(w http.ResponseWriter, r *request) error {
	q, err := r.searchQuery()
	if err != nil {
		return err
	}
	list, err := s.findAccounts(r, q, r.limit(peoplePage, maxPeople))
	if err != nil {
		return err
	}
	return s.people(w, r, &store.AccountPage{Accounts: list})
}

// showRelationships is GET accounts/relationships?id[]=.
func (s *Server) showRelationships(w http.ResponseWriter, r *request) error {
	list, err := s.relationships(r.Context(), r.me(), r.idsUpTo("id", maxRelations))
	if err != nil {
		return err
	}
	return s.json(w, list)
}

// showFamiliar is GET accounts/familiar_followers?id[]=: whom the member
// follows that follow the accounts.
func (s *Server) showFamiliar(w http.ResponseWriter, r *request) error {
	ids := r.idList("id")
	found, err := s.db.FamiliarFollowers(r.Context(), r.me(), ids)
	if err != nil {
		return err
	}
	e, err := s.entities(r)
	if err != nil {
		return err
	}
	type familiar struct {
		ID       string     `json:"id"`
		Accounts []*account `json:"accounts"`
	}
	var people []*store.Account
	for _, n := range ids {
		people = append(people, found[n]...)
	}
	accounts, err := e.accounts(r.Context(), people)
	if err != nil {
		return err
	}
	list := []familiar{}
	for _, n := range ids {
		count := len(found[n])
		list = append(list, familiar{id(n), accounts[:count:count]})
		accounts = accounts[count:]
	}
	return s.json(w, list)
}

// showAccountStatuses is GET accounts/:id/statuses.
func (s *Server) showAccountStatuses(w http.ResponseWriter, r *request) error {
	a, err := s.person(r)
	if err != nil {
		return err
	}
	shows, err := s.showsPosts(r, a)
	if err != nil {
		return err
	}
	if !shows {
		return s.none(w, r)
	}
	if r.params.Bool("pinned", false) {
		pinned, err := s.db.PinnedPosts(r.Context(), a.ID, r.viewer())
		if err != nil {
			return err
		}
		return s.page(w, r, &store.PostPage{Posts: pinned})
	}
	c, err := r.cursor(pageSize, maxPage)
	if err != nil {
		return err
	}
	which := store.AccountPosts{NoReplies: r.params.Bool("exclude_replies", false), NoBoosts: r.params.Bool("exclude_reblogs", false),
		NoDirect: r.params.Bool("exclude_direct", false), Media: r.params.Bool("only_media", false), Tag: strings.TrimPrefix(r.params.Get("tagged"), "#")}
	p, err := s.db.PostsOf(r.Context(), a.ID, which, r.viewer(), c)
	if err != nil {
		return err
	}
	return s.page(w, r, p)
}

// showsPosts says whether whoever asks gets lists of an account's posts: the
// member may keep them from visitors, and the admins everybody's.
func (s *Server) showsPosts(r *request, a *store.Account) (bool, error) {
	if r.user != nil {
		return true, nil
	}
	settings, err := s.db.Settings(r.Context())
	return err == nil && settings.ShowsPosts(a, r.viewer()), err
}

func (s *Server) showFollowers(w http.ResponseWriter, r *request) error {
	a, err := s.person(r)
	if err != nil {
		return err
	}
	if !a.ShowsNetworkTo(r.viewer()) {
		return s.none(w, r)
	}
	return s.showPeople(w, r, a.ID, s.db.FollowersOf)
}

func (s *Server) showFollowing(w http.ResponseWriter, r *request) error {
	a, err := s.person(r)
	if err != nil {
		return err
	}
	if !a.ShowsNetworkTo(r.viewer()) {
		return s.none(w, r)
	}
	return s.showPeople(w, r, a.ID, s.db.FollowingOf)
}
