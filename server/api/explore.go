package api

import (
	"net/http"

	"seedling/store"

	"github.com/julienschmidt/httprouter"
)

// openTo refuses visitors where the admins keep something for members.
func (s *Server) openTo(r *request, open func(store.Settings) bool) error {
	if r.user != nil {
		return nil
	}
	settings, err := s.db.Settings(r.Context())
	if err == nil && !open(settings) {
		err = errLogin
	}
	return err
}

// openExplore is openTo for what is talked about.
func (s *Server) openExplore(r *request) error {
	return s.openTo(r, func(v store.Settings) bool { return v.PublicExplore })
}

// offset reads how many entries are passed over.
func (r *request) offset() int {
	n, _ := r.params.Int("offset")
	return int(min(max(n, 0), maxOffset))
}

// showDirectory is GET directory.
func (s *Server) showDirectory(w http.ResponseWriter, r *request) error {
	if err := s.openExplore(r); err != nil {
		return err
	}
	list, err := s.db.Directory(r.Context(), r.viewer(), store.Directory{Local: r.params.Bool("local", false), Newest: r.params.Get("order") == "new",
		Offset: r.offset(), Limit: r.limit(peoplePage, maxPeople)})
	if err != nil {
		return err
	}
	return s.people(w, r, &store.AccountPage{Accounts: list})
}

// trending answers with a part of a list of at most maxTrends.
func trending[T any](r *request, list []T) []T {
	from := min(r.offset(), len(list))
	return append([]T{}, list[from:min(from+r.limit(10, maxPage), len(list))]...)
}

// showTrendingTags is GET trends/tags.
func (s *Server) showTrendingTags(w http.ResponseWriter, r *request) error {
	if err := s.openExplore(r); err != nil {
		return err
	}
	list, err := s.trendingTags(r)
	if err != nil {
		return err
	}
	return s.json(w, list)
}

func (s *Server) trendingTags(r *request) ([]tagDetail, error) {
	uses, err := s.db.ActiveTags(r.Context(), maxTrends)
	if err != nil {
		return nil, err
	}
	e, err := s.entities(r)
	if err != nil {
		return nil, err
	}
	list := []tagDetail{}
	for _, u := range trending(r, uses) {
		list = append(list, e.tagUse(u))
	}
	return list, s.markOwnTags(r, list)
}

// adminTag is the entity Admin::Tag. Every tag may be used here, and trend.
type adminTag struct {
	tagDetail
	Trendable bool `json:"trendable"`
	Usable    bool `json:"usable"`
	Review    bool `json:"requires_review"`
	Listable  bool `json:"listable"`
}

func adminTagOf(t tagDetail) adminTag {
	return adminTag{tagDetail: t, Trendable: true, Usable: true, Listable: true}
}

// showAdminTrendingTags is GET admin/trends/tags.
func (s *Server) showAdminTrendingTags(w http.ResponseWriter, r *request) error {
	tags, err := s.trendingTags(r)
	if err != nil {
		return err
	}
	list := make([]adminTag, len(tags))
	for i, v := range tags {
		list[i] = adminTagOf(v)
	}
	return s.json(w, list)
}

// showAdminTag is GET admin/tags/:id: a tag's id is its name.
func (s *Server) showAdminTag(w http.ResponseWriter, r *request) error {
	r.path = httprouter.Params{{Key: "name", Value: r.path.ByName("id")}}
	v, err := s.oneTag(r)
	if err != nil {
		return err
	}
	return s.json(w, adminTagOf(v))
}

// showTrendingPosts is GET trends/statuses.
func (s *Server) showTrendingPosts(w http.ResponseWriter, r *request) error {
	if err := s.openTo(r, store.Settings.PopularForVisitors); err != nil {
		return err
	}
	posts, err := s.db.PopularPosts(r.Context(), r.viewer(), maxTrends)
	if err != nil {
		return err
	}
	return s.page(w, r, &store.PostPage{Posts: trending(r, posts)})
}

// suggestion is the entity Suggestion.
type suggestion struct {
	Source  string   `json:"source"` // old
	Sources []string `json:"sources"`
	Account *account `json:"account"`
}

// suggested lists members whom the reader may want to follow.
func (s *Server) suggested(r *request) ([]*account, error) {
	people, err := s.db.Suggestions(r.Context(), r.viewer(), r.limit(peoplePage, maxPeople))
	if err != nil {
		return nil, err
	}
	e, err := s.entities(r)
	if err != nil {
		return nil, err
	}
	return e.accounts(r.Context(), people)
}

// showSuggestions is GET v2/suggestions.
func (s *Server) showSuggestions(w http.ResponseWriter, r *request) error {
	people, err := s.suggested(r)
	if err != nil {
		return err
	}
	list := make([]suggestion, len(people))
	for i, a := range people {
		list[i] = suggestion{"global", []string{"most_interactions"}, a}
	}
	return s.json(w, list)
}

// showOldSuggestions is GET v1/suggestions.
func (s *Server) showOldSuggestions(w http.ResponseWriter, r *request) error {
	people, err := s.suggested(r)
	if err != nil {
		return err
	}
	return s.json(w, people)
}

// dismissSuggestion is DELETE v1/suggestions/:id.
func (s *Server) dismissSuggestion(w http.ResponseWriter, r *request) error {
	accountID, err := r.id("id")
	if err != nil {
		return err
	}
	if err := s.db.SetSuggestionAside(r.Context(), r.me(), accountID); err != nil {
		return err
	}
	return s.empty(w)
}
