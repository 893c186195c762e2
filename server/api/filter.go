package api

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"seedling/store"
)

// filter is the entity Filter. What it looks for is left out where it stands in
// the result of a match.
type filter struct {
	ID        string           `json:"id"`
	Title     string           `json:"title"`
	Context   []string         `json:"context"`
	ExpiresAt *string          `json:"expires_at"`
	Action    string           `json:"filter_action"`
	Keywords  *[]filterKeyword `json:"keywords,omitempty"`
	Statuses  *[]filterStatus  `json:"statuses,omitempty"`
}

// filterKeyword is the entity FilterKeyword. A pattern that was written on the
// pages is a keyword too: apps show it, and leave the matching to the server.
type filterKeyword struct {
	ID        string `json:"id"`
	Keyword   string `json:"keyword"`
	WholeWord bool   `json:"whole_word"`
}

// filterStatus is the entity FilterStatus.
type filterStatus struct {
	ID       string `json:"id"`
	StatusID string `json:"status_id"`
}

// filtered is the entity FilterResult: which filter of the reader a status meets.
type filtered struct {
	Filter   filter   `json:"filter"`
	Keywords []string `json:"keyword_matches"` // empty: the status itself is filtered
	Statuses []string `json:"status_matches"`  // empty: words are
}

// filterPlaces are the API's words for where filters act.
var filterPlaces = []struct {
	name  string
	place store.FilterContexts
}{
	{"home", store.FilterHome}, {"notifications", store.FilterNotifications}, {"public", store.FilterPublic},
	{"thread", store.FilterThread}, {"account", store.FilterAccount},
}

var filterActions = []string{store.FilterWarn: "warn", store.FilterHide: "hide", store.FilterBlur: "blur"}

// placesOf are the places of a filter in the API's words.
func placesOf(c store.FilterContexts) []string {
	list := []string{}
	for _, p := range filterPlaces {
		if c&p.place != 0 {
			list = append(list, p.name)
		}
	}
	return list
}

// filterHead is a filter without what it looks for.
func filterHead(f *store.Filter) filter {
	return filter{ID: id(f.ID), Title: f.Title, Context: placesOf(f.Contexts), ExpiresAt: momentOrNil(f.ExpiresAt), Action: filterActions[f.Action]}
}

func filterOf(f *store.Filter) filter {
	v := filterHead(f)
	keywords, statuses := make([]filterKeyword, len(f.Phrases)), make([]filterStatus, len(f.Posts))
	for i, p := range f.Phrases {
		keywords[i] = keywordOf(p)
	}
	for i, p := range f.Posts {
		statuses[i] = filterStatus{id(p.ID), id(p.PostID)}
	}
	v.Keywords, v.Statuses = &keywords, &statuses
	return v
}

func keywordOf(p store.FilterPhrase) filterKeyword {
	return filterKeyword{id(p.ID), p.Text, p.WholeWord}
}

// filteredBy says which filters of its reader found a post.
func filteredBy(v *store.PostView) []filtered {
	list := make([]filtered, 0, len(v.Filtered))
	for _, m := range v.Filtered {
		f := filtered{Filter: filterHead(m.Filter), Keywords: append([]string{}, m.Phrases...), Statuses: []string{}}
		if m.Post {
			f.Statuses = append(f.Statuses, id(v.ID))
		}
		list = append(list, f)
	}
	return list
}

// showFilters is GET v2/filters.
func (s *Server) showFilters(w http.ResponseWriter, r *request) error {
	filters, err := s.db.Filters(r.Context(), r.me())
	if err != nil {
		return err
	}
	list := make([]filter, len(filters))
	for i, f := range filters {
		list[i] = filterOf(f)
	}
	return s.json(w, list)
}

// filterOf finds the member's filter that the path names.
func (s *Server) filterOf(r *request) (*store.Filter, error) {
	filterID, err := r.id("id")
	if err != nil {
		return nil, err
	}
	return s.db.Filter(r.Context(), r.me(), filterID)
}

// showFilter is GET v2/filters/:id.
func (s *Server) showFilter(w http.ResponseWriter, r *request) error {
	f, err := s.filterOf(r)
	if err != nil {
		return err
	}
	return s.json(w, filterOf(f))
}

// readFilter takes what was sent of a filter.
func (s *Server) readFilter(r *request, f *store.Filter) error {
	if r.params.Has("title") {
		f.Title = r.params.Get("title")
	}
	if err := s.readFilterFrame(r, f); err != nil {
		return err
	}
	if action := r.params.Get("filter_action"); action != "" {
		i := slices.Index(filterActions, action)
		if i < 0 {
			return invalid("Filter action is not included in the list")
		}
		f.Action = store.FilterAction(i)
	}
	for _, row := range r.params.Rows("keywords_attributes") {
		if err := changePhrase(f, row.Get("id"), row.Bool("_destroy", false), func(p *store.FilterPhrase) {
			if row.Has("keyword") {
				p.Text = strings.TrimSpace(row.Get("keyword"))
			}
			p.WholeWord = row.Bool("whole_word", p.WholeWord)
		}); err != nil {
			return err
		}
	}
	return nil
}

// readFilterFrame takes what both versions of the API say alike: where, and
// until when.
func (s *Server) readFilterFrame(r *request, f *store.Filter) error {
	if r.params.Has("context") {
		f.Contexts = 0
		for _, name := range r.params.All("context") {
			i := slices.IndexFunc(filterPlaces, func(p struct {
				name  string
				place store.FilterContexts
			}) bool {
				return p.name == name
			})
			if i < 0 {
				return invalid("Context is not one or more of the supported contexts")
			}
			f.Contexts |= filterPlaces[i].place
		}
	}
	if !r.params.Has("expires_in") {
		return nil
	}
	f.ExpiresAt = time.Time{}
	if seconds, ok := r.params.Int("expires_in"); ok && seconds > 0 {
		f.ExpiresAt = s.now().Add(time.Duration(min(seconds, maxFilterSeconds)) * time.Second)
	}
	return nil
}

// changePhrase changes, removes or adds one phrase of a filter; text is its id,
// empty for a new one.
func changePhrase(f *store.Filter, text string, remove bool, change func(*store.FilterPhrase)) error {
	if text == "" {
		var p store.FilterPhrase
		change(&p)
		f.Phrases = append(f.Phrases, p)
		return nil
	}
	i := slices.IndexFunc(f.Phrases, func(p store.FilterPhrase) bool { return id(p.ID) == text })
	if i < 0 {
		return store.ErrNotFound
	}
	if remove {
		f.Phrases = slices.Delete(f.Phrases, i, i+1)
		return nil
	}
	change(&f.Phrases[i])
	return nil
}

// createFilter is POST v2/filters.
func (s *Server) createFilter(w http.ResponseWriter, r *request) error {
	var f store.Filter
	if err := s.readFilter(r, &f); err != nil {
		return err
	}
	if err := s.db.CreateFilter(r.Context(), r.me(), &f); err != nil {
		return err
	}
	return s.json(w, filterOf(&f))
}

// updateFilter is PUT v2/filters/:id. What is not sent stays.
func (s *Server) updateFilter(w http.ResponseWriter, r *request) error {
	f, err := s.filterOf(r)
	if err != nil {
		return err
	}
	if err := s.readFilter(r, f); err != nil {
		return err
	}
	if err := s.db.UpdateFilter(r.Context(), r.me(), f); err != nil {
		return err
	}
	return s.showFilter(w, r)
}

// deleteFilter is DELETE v2/filters/:id.
func (s *Server) deleteFilter(w http.ResponseWriter, r *request) error {
	filterID, err := r.id("id")
	if err != nil {
		return err
	}
	if err := s.db.DeleteFilter(r.Context(), r.me(), filterID); err != nil {
		return err
	}
	return s.empty(w)
}
