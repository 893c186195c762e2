package web

import (
	"net/http"
	"strings"

	"seedling/store"
	"seedling/templates"
)

// collectionsOnProfile is how many collections a profile lists.
const collectionsOnProfile = 20

// showCollection is /collections/{id}: people whom a member recommends.
func (s *Server) showCollection(w http.ResponseWriter, r *request) error {
	v, err := s.collectionOfPath(r)
	if err != nil {
		return err
	}
	ids := []int64{v.OwnerID}
	for _, i := range v.Items {
		ids = append(ids, i.AccountID)
	}
	people, err := s.db.AccountsByID(r.Context(), ids)
	if err != nil {
		return err
	}
	if len(people) == 0 || people[0].ID != v.OwnerID {
		return store.ErrNotFound
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	c.meet(people...)
	p := templates.CollectionPage{Frame: s.frame(r), Title: v.Name, Owner: c.account(people[0]), Text: strings.FieldsFunc(v.Description, func(c rune) bool { return c == '\n' }), Lang: v.Language, Tag: v.Tag,
		Sensitive: v.Sensitive, Private: !v.Discoverable}
	p.NoIndex = !v.Discoverable || v.Sensitive || !people[0].Indexable
	if v.Item(r.viewerID()) != 0 {
		p.Leave = v.Path() + "/leave"
	}
	if p.People, err = c.people(r.Context(), people[1:]); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, p)
}

func (s *Server) collectionOfPath(r *request) (*store.Collection, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, err
	}
	return s.db.Collection(r.Context(), id, r.asViewer())
}

// showCollectionLeave asks first: /collections/{id}/leave.
func (s *Server) showCollectionLeave(w http.ResponseWriter, r *request) error {
	v, err := s.collectionOfPath(r)
	if err != nil {
		return err
	}
	if v.Item(r.viewerID()) == 0 {
		return store.ErrNotFound
	}
	return s.render(w, r, http.StatusOK, templates.ConfirmPage{
		Frame: s.frame(r), Title: templates.M("collections.leave_title", "title", v.Name), Body: []templates.Msg{templates.M("collections.leave_text")},
		Action: r.URL.Path, Button: "collections.leave", Danger: true, Cancel: v.Path(),
	})
}

// leaveCollection is POST /collections/{id}/leave.
func (s *Server) leaveCollection(w http.ResponseWriter, r *request) error {
	v, err := s.collectionOfPath(r)
	if err != nil {
		return err
	}
	if err := s.db.LeaveCollection(r.Context(), r.viewerID(), v.ID, v.Item(r.viewerID())); err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("collections.left")})
	return redirect(w, r, v.Path())
}

// collectionsOf are the rows on a profile.
func (s *Server) collectionsOf(r *request, a *store.Account) ([]templates.CollectionRow, error) {
	if !a.Local() {
		return nil, nil // another server's are not known here
	}
	list, err := s.db.CollectionsOf(r.Context(), a.ID, r.asViewer(), collectionsOnProfile, 0)
	rows := make([]templates.CollectionRow, len(list))
	for i, v := range list {
		rows[i] = templates.CollectionRow{URL: v.Path(), Title: v.Name, People: len(v.Items)}
	}
	return rows, err
}
