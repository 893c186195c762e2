package web

import (
	"net/http"
	"slices"
	"strconv"

	"seedling/store"
	"seedling/templates"
)

// showPostFilter is /posts/{id}/filter: in which of the member's filters a post is.
func (s *Server) showPostFilter(w http.ResponseWriter, r *request) error {
	v, err := s.postOfPath(r)
	if err != nil {
		return err
	}
	filters, err := s.db.Filters(r.Context(), r.viewerID())
	if err != nil {
		return err
	}
	var in []int64
	for _, f := range filters {
		if slices.ContainsFunc(f.Posts, func(p store.FilterPost) bool { return p.PostID == v.ID }) {
			in = append(in, f.ID)
		}
	}
	return s.renderPostFilter(w, r, http.StatusOK, v, in, "")
}

func (s *Server) renderPostFilter(w http.ResponseWriter, r *request, status int, v *store.PostView, in []int64, title string, errs ...templates.FieldError) error {
	filters, err := s.db.Filters(r.Context(), r.viewerID())
	if err != nil {
		return err
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	p := templates.PostFilterPage{Frame: s.frame(r), Post: c.post(v), Name: title}
	p.NoIndex = true
	for _, f := range filters {
		p.Filters = append(p.Filters, templates.Ticked{Value: strconv.FormatInt(f.ID, 10), Text: f.Title, On: slices.Contains(in, f.ID)})
	}
	p.Errors = errs
	return s.render(w, r, status, p)
}

// updatePostFilter is POST /posts/{id}/filter: filters that are ticked, and the
// title of a new one.
func (s *Server) updatePostFilter(w http.ResponseWriter, r *request) error {
	v, err := s.postOfPath(r)
	if err != nil {
		return err
	}
	var in []int64
	for _, text := range r.form["filters"] {
		in = append(in, positive(text))
	}
	title := r.text("title")
	err = s.db.ChooseFilters(r.Context(), r.viewerID(), v.ID, in, title)
	if errs := inputMistakes(err); errs != nil {
		return s.renderPostFilter(w, r, http.StatusUnprocessableEntity, v, in, title, errs...)
	}
	if err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.saved")})
	return redirect(w, r, v.Path())
}
