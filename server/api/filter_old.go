package api

import (
	"net/http"
	"slices"
	"strings"

	"seedling/store"
)

// oldFilter is the entity V1::Filter, which older apps still ask for: one word
// each, so a filter of several is several of them, known by the word's id.
// Patterns are left out, since these apps match by themselves.
type oldFilter struct {
	ID           string   `json:"id"`
	Phrase       string   `json:"phrase"`
	Context      []string `json:"context"`
	WholeWord    bool     `json:"whole_word"`
	ExpiresAt    *string  `json:"expires_at"`
	Irreversible bool     `json:"irreversible"`
}

func oldFilterOf(f *store.Filter, p store.FilterPhrase) oldFilter {
	return oldFilter{ID: id(p.ID), Phrase: p.Text, Context: placesOf(f.Contexts), WholeWord: p.WholeWord,
		ExpiresAt: momentOrNil(f.ExpiresAt), Irreversible: f.Action == store.FilterHide}
}

// showOldFilters is GET v1/filters.
func (s *Server) showOldFilters(w http.ResponseWriter, r *request) error {
	filters, err := s.db.Filters(r.Context(), r.me())
	if err != nil {
		return err
	}
	list := []oldFilter{}
	for _, f := range filters {
		for _, p := range f.Phrases {
			if !p.Pattern {
				list = append(list, oldFilterOf(f, p))
			}
		}
	}
	return s.json(w, list)
}

// showOldFilter is GET v1/filters/:id.
func (s *Server) showOldFilter(w http.ResponseWriter, r *request) error {
	f, i, err := s.phrase(r)
	if err != nil {
		return err
	}
	return s.json(w, oldFilterOf(f, f.Phrases[i]))
}

// readOldFilter takes what was sent of a word and of its filter.
func (s *Server) readOldFilter(r *request, f *store.Filter, p *store.FilterPhrase) error {
	if r.params.Has("phrase") {
		p.Text = strings.TrimSpace(r.params.Get("phrase"))
	}
	p.WholeWord = r.params.Bool("whole_word", p.WholeWord)
	if r.params.Has("irreversible") && f.Action != store.FilterBlur {
		f.Action = store.FilterWarn
		if r.params.Bool("irreversible", false) {
			f.Action = store.FilterHide
		}
	}
	return s.readFilterFrame(r, f)
}

// createOldFilter is POST v1/filters.
func (s *Server) createOldFilter(w http.ResponseWriter, r *request) error {
	f := store.Filter{Phrases: make([]store.FilterPhrase, 1)}
	if err := s.readOldFilter(r, &f, &f.Phrases[0]); err != nil {
		return err
	}
	f.Title = f.Phrases[0].Text
	if err := s.db.CreateFilter(r.Context(), r.me(), &f); err != nil {
		return err
	}
	return s.json(w, oldFilterOf(&f, f.Phrases[0]))
}

// updateOldFilter is PUT v1/filters/:id. What holds for the other words of the
// filter can't be changed through one of them.
func (s *Server) updateOldFilter(w http.ResponseWriter, r *request) error {
	f, i, err := s.phrase(r)
	if err != nil {
		return err
	}
	before := *f
	wasTitle := f.Title == f.Phrases[i].Text
	if err := s.readOldFilter(r, f, &f.Phrases[i]); err != nil {
		return err
	}
	if wasTitle { // the only name that such an app shows
		f.Title = f.Phrases[i].Text
	}
	if len(f.Phrases) > 1 && (f.Contexts != before.Contexts || f.Action != before.Action || !f.ExpiresAt.Equal(before.ExpiresAt)) {
		return invalid("This filter has several words; its other settings can't be changed from this app")
	}
	if err := s.db.UpdateFilter(r.Context(), r.me(), f); err != nil {
		return err
	}
	return s.json(w, oldFilterOf(f, f.Phrases[i]))
}

// deleteOldFilter is DELETE v1/filters/:id. With its last word goes a filter.
func (s *Server) deleteOldFilter(w http.ResponseWriter, r *request) error {
	f, i, err := s.phrase(r)
	if err != nil {
		return err
	}
	if len(f.Phrases) == 1 && len(f.Posts) == 0 {
		err = s.db.DeleteFilter(r.Context(), r.me(), f.ID)
	} else {
		f.Phrases = slices.Delete(f.Phrases, i, i+1)
		err = s.db.UpdateFilter(r.Context(), r.me(), f)
	}
	if err != nil {
		return err
	}
	return s.empty(w)
}
