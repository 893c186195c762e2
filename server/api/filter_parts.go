package api

import (
	"net/http"
	"slices"
	"strings"

	"seedling/store"
)

// showKeywords is GET v2/filters/:id/keywords.
func (s *Server) showKeywords(w http.ResponseWriter, r *request) error {
	f, err := s.filterOf(r)
	if err != nil {
		return err
	}
	return s.json(w, filterOf(f).Keywords)
}

// createKeyword is POST v2/filters/:id/keywords.
func (s *Server) createKeyword(w http.ResponseWriter, r *request) error {
	f, err := s.filterOf(r)
	if err != nil {
		return err
	}
	p := store.FilterPhrase{Text: strings.TrimSpace(r.params.Get("keyword")), WholeWord: r.params.Bool("whole_word", false)}
	f.Phrases = append(f.Phrases, p)
	if err := s.db.UpdateFilter(r.Context(), r.me(), f); err != nil {
		return err
	}
	return s.json(w, keywordOf(f.Phrases[len(f.Phrases)-1]))
}

// phrase finds a phrase of the member by the id in the path: its filter, and
// its place there.
func (s *Server) phrase(r *request) (*store.Filter, int, error) {
	phraseID, err := r.id("id")
	if err != nil {
		return nil, 0, err
	}
	filters, err := s.db.Filters(r.Context(), r.me())
	if err != nil {
		return nil, 0, err
	}
	for _, f := range filters {
		if i := slices.IndexFunc(f.Phrases, func(p store.FilterPhrase) bool { return p.ID == phraseID }); i >= 0 {
			return f, i, nil
		}
	}
	return nil, 0, store.ErrNotFound
}

// showKeyword is GET v2/filters/keywords/:id.
func (s *Server) showKeyword(w http.ResponseWriter, r *request) error {
	f, i, err := s.phrase(r)
	if err != nil {
		return err
	}
	return s.json(w, keywordOf(f.Phrases[i]))
}

// updateKeyword is PUT v2/filters/keywords/:id.
func (s *Server) updateKeyword(w http.ResponseWriter, r *request) error {
	f, i, err := s.phrase(r)
	if err != nil {
		return err
	}
	p := &f.Phrases[i]
	if r.params.Has("keyword") {
		p.Text = strings.TrimSpace(r.params.Get("keyword"))
	}
	p.WholeWord = r.params.Bool("whole_word", p.WholeWord)
	if err := s.db.UpdateFilter(r.Context(), r.me(), f); err != nil {
		return err
	}
	return s.json(w, keywordOf(*p))
}

// deleteKeyword is DELETE v2/filters/keywords/:id.
func (s *Server) deleteKeyword(w http.ResponseWriter, r *request) error {
	f, i, err := s.phrase(r)
	if err != nil {
		return err
	}
	f.Phrases = slices.Delete(f.Phrases, i, i+1)
	if err := s.db.UpdateFilter(r.Context(), r.me(), f); err != nil {
		return err
	}
	return s.empty(w)
}

// showFilterPosts is GET v2/filters/:id/statuses.
func (s *Server) showFilterPosts(w http.ResponseWriter, r *request) error {
	f, err := s.filterOf(r)
	if err != nil {
		return err
	}
	return s.json(w, filterOf(f).Statuses)
}

// addFilterPost is POST v2/filters/:id/statuses.
func (s *Server) addFilterPost(w http.ResponseWriter, r *request) error {
	f, err := s.filterOf(r)
	if err != nil {
		return err
	}
	postID, err := s.entryParam(r, "status_id")
	if err != nil {
		return err
	}
	if postID == 0 {
		return invalid("Status must exist")
	}
	added, err := s.db.FilterThisPost(r.Context(), r.me(), f.ID, postID)
	if err != nil {
		return err
	}
	return s.json(w, filterStatus{id(added), id(postID)})
}

// showFilterPost is GET v2/filters/statuses/:id.
func (s *Server) showFilterPost(w http.ResponseWriter, r *request) error {
	p, err := s.filterPost(r)
	if err != nil {
		return err
	}
	return s.json(w, filterStatus{id(p.ID), id(p.PostID)})
}

func (s *Server) filterPost(r *request) (*store.FilterPost, error) {
	wanted, err := r.id("id")
	if err != nil {
		return nil, err
	}
	filters, err := s.db.Filters(r.Context(), r.me())
	if err != nil {
		return nil, err
	}
	for _, f := range filters {
		for _, p := range f.Posts {
			if p.ID == wanted {
				return &p, nil
			}
		}
	}
	return nil, store.ErrNotFound
}

// removeFilterPost is DELETE v2/filters/statuses/:id.
func (s *Server) removeFilterPost(w http.ResponseWriter, r *request) error {
	wanted, err := r.id("id")
	if err != nil {
		return err
	}
	if err := s.db.UnfilterPost(r.Context(), r.me(), wanted); err != nil {
		return err
	}
	return s.empty(w)
}
