package api

import (
	"context"
	"net/http"
	"strings"

	"seedling/store"
)

// collection is the entity Collection: accounts that a member recommends. It is
// not told to other servers: the proposal for that (FEP-7aa9) is a draft, and asks
// each account elsewhere for its consent first.
type collection struct {
	ID           string           `json:"id"`
	AccountID    string           `json:"account_id"`
	URI          string           `json:"uri"`
	URL          string           `json:"url"`
	Name         string           `json:"name"`
	Description  string           `json:"description"`
	Language     *string          `json:"language"`
	Local        bool             `json:"local"`
	Sensitive    bool             `json:"sensitive"`
	Discoverable bool             `json:"discoverable"`
	Tag          *tag             `json:"tag"`
	ItemCount    int              `json:"item_count"`
	Items        []collectionItem `json:"items"`
	CreatedAt    string           `json:"created_at"`
	UpdatedAt    string           `json:"updated_at"`
}

// featureApproval says who may put an account into a collection: everybody
// those who let themselves be found, nobody the others. Accounts elsewhere can't
// be asked.
func featureApproval(a *store.Account) *approval {
	switch {
	case !a.Local():
		return &approval{Automatic: []string{}, Manual: []string{}, Reader: "missing"}
	case a.Discoverable:
		return &approval{Automatic: []string{"public"}, Manual: []string{}, Reader: "automatic"}
	}
	return &approval{Automatic: []string{}, Manual: []string{}, Reader: "denied"}
}

// collectionItem is the entity CollectionItem.
type collectionItem struct {
	ID        string `json:"id"`
	AccountID string `json:"account_id"`
	State     string `json:"state"`
	CreatedAt string `json:"created_at"`
}

func collectionItemOf(i store.CollectionItem) collectionItem {
	return collectionItem{ID: id(i.ID), AccountID: id(i.AccountID), State: "accepted", CreatedAt: moment(i.CreatedAt)}
}

// collection makes the entity.
func (e *entities) collection(c *store.Collection) collection {
	v := collection{ID: id(c.ID), AccountID: id(c.OwnerID), URI: e.s.db.URL() + c.Path(), URL: e.s.db.URL() + c.Path(), Name: c.Name, Language: stringOrNil(c.Language),
		Local: true, Sensitive: c.Sensitive, Discoverable: c.Discoverable, ItemCount: len(c.Items), Items: []collectionItem{},
		CreatedAt: moment(c.CreatedAt), UpdatedAt: moment(c.UpdatedAt)}
	if c.Description != "" {
		v.Description = "<p>" + strings.ReplaceAll(escape(c.Description), "\n", "<br>") + "</p>"
	}
	if c.Tag != "" {
		t := e.tag(c.Tag)
		v.Tag = &t
	}
	for _, i := range c.Items {
		v.Items = append(v.Items, collectionItemOf(i))
	}
	return v
}

// collectionOfPath is the collection that the path names, as the reader sees it.
func (s *Server) collectionOfPath(r *request) (*store.Collection, error) {
	collectionID, err := r.id("id")
	if err != nil {
		return nil, err
	}
	return s.db.Collection(r.Context(), collectionID, r.viewer())
}

// answerCollection answers with a WrappedCollection.
func (s *Server) answerCollection(w http.ResponseWriter, r *request, collectionID int64) error {
	c, err := s.db.Collection(r.Context(), collectionID, r.viewer())
	if err != nil {
		return err
	}
	e, err := s.entities(r)
	if err != nil {
		return err
	}
	return s.json(w, map[string]collection{"collection": e.collection(c)})
}

// readCollection puts what was sent into a collection. What is not sent stays.
func (r *request) readCollection(c *store.Collection) {
	for name, value := range map[string]*string{"name": &c.Name, "description": &c.Description, "tag_name": &c.Tag} {
		if r.params.Has(name) {
			*value = r.params.Get(name)
		}
	}
	if r.params.Has("language") {
		c.Language = cleanLanguage(r.params.Get("language"))
	}
	c.Sensitive, c.Discoverable = r.params.Bool("sensitive", c.Sensitive), r.params.Bool("discoverable", c.Discoverable)
}

// createCollection is POST collections.
func (s *Server) createCollection(w http.ResponseWriter, r *request) error {
	c := store.Collection{OwnerID: r.me(), Discoverable: true}
	r.readCollection(&c)
	if err := s.db.CreateCollection(r.Context(), &c, r.idList("account_ids")); err != nil {
		return err
	}
	return s.answerCollection(w, r, c.ID)
}

// showCollection is GET collections/:id: with the whole accounts, its owner's first.
func (s *Server) showCollection(w http.ResponseWriter, r *request) error {
	c, err := s.collectionOfPath(r)
	if err != nil {
		return err
	}
	ids := []int64{c.OwnerID}
	for _, i := range c.Items {
		ids = append(ids, i.AccountID)
	}
	people, err := s.db.AccountsByID(r.Context(), ids)
	if err != nil {
		return err
	}
	e, err := s.entities(r)
	if err != nil {
		return err
	}
	accounts, err := e.accounts(r.Context(), people)
	if err != nil {
		return err
	}
	return s.json(w, map[string]any{"accounts": accounts, "collection": e.collection(c)})
}

// showCollectionsOf is GET accounts/:id/collections.
func (s *Server) showCollectionsOf(w http.ResponseWriter, r *request) error {
	return s.showCollections(w, r, false)
}

// showCollectionsWith is GET accounts/:id/in_collections: only who is
// in them is told.
func (s *Server) showCollectionsWith(w http.ResponseWriter, r *request) error {
	return s.showCollections(w, r, true)
}

func (s *Server) showCollections(w http.ResponseWriter, r *request, with bool) error {
	a, err := s.person(r)
	if err != nil {
		return err
	}
	if with && a.ID != r.me() {
		return errRole
	}
	find := s.db.CollectionsOf
	if with {
		find = s.db.CollectionsWith
	}
	limit, offset := r.limit(peoplePage, maxPeople), r.offset()
	list, err := find(r.Context(), a.ID, r.viewer(), limit+1, offset)
	if err != nil {
		return err
	}
	more := len(list) > limit
	if more {
		list = list[:limit]
	}
	s.setOffsetLink(w, r, limit, more)
	e, err := s.entities(r)
	if err != nil {
		return err
	}
	out, seen, faces := []collection{}, map[int64]bool{}, []int64{}
	for _, c := range list {
		out = append(out, e.collection(c))
		for _, accountID := range facesOf(c) {
			if !seen[accountID] {
				seen[accountID], faces = true, append(faces, accountID)
			}
		}
	}
	people, err := s.db.AccountsByID(r.Context(), faces)
	if err != nil {
		return err
	}
	accounts, err := e.accounts(r.Context(), people)
	if err != nil {
		return err
	}
	partial := make([]partialAccount, len(accounts))
	for i, a := range accounts {
		partial[i] = partialOf(a)
	}
	return s.json(w, map[string]any{"collections": out, "partial_accounts": partial})
}

// facesOf are whose pictures stand beside a collection in a list: its owner's and
// those of the first in it.
func facesOf(c *store.Collection) []int64 {
	ids := []int64{c.OwnerID}
	for _, i := range c.Items[:min(len(c.Items), maxCardFaces)] {
		ids = append(ids, i.AccountID)
	}
	return ids
}

// updateCollection is PATCH collections/:id.
func (s *Server) updateCollection(w http.ResponseWriter, r *request) error {
	c, err := s.collectionOfPath(r)
	if err != nil {
		return err
	}
	if c.OwnerID != r.me() {
		return errRole
	}
	r.readCollection(c)
	if err := s.db.UpdateCollection(r.Context(), *c); err != nil {
		return err
	}
	return s.answerCollection(w, r, c.ID)
}

// deleteCollection is DELETE collections/:id.
func (s *Server) deleteCollection(w http.ResponseWriter, r *request) error {
	collectionID, err := r.id("id")
	if err != nil {
		return err
	}
	if err := s.db.DeleteCollection(r.Context(), r.me(), collectionID); err != nil {
		return err
	}
	return s.empty(w)
}

// addCollectionItem is POST collections/:id/items.
func (s *Server) addCollectionItem(w http.ResponseWriter, r *request) error {
	collectionID, err := r.id("id")
	if err != nil {
		return err
	}
	accountID, ok := parseID(r.params.Get("account_id"))
	if !ok {
		return invalid("`account_id` parameter is missing")
	}
	item, err := s.db.AddToCollection(r.Context(), r.me(), collectionID, accountID)
	if err != nil {
		return err
	}
	return s.json(w, map[string]collectionItem{"collection_item": collectionItemOf(item)})
}

// removeCollectionItem and leaveCollection are DELETE collections/:id/items/:item_id
// and, for who stands in it, POST …/revoke.
func (s *Server) removeCollectionItem(w http.ResponseWriter, r *request) error {
	return s.onCollectionItem(w, r, s.db.RemoveFromCollection)
}

func (s *Server) leaveCollection(w http.ResponseWriter, r *request) error {
	return s.onCollectionItem(w, r, s.db.LeaveCollection)
}

func (s *Server) onCollectionItem(w http.ResponseWriter, r *request, do func(ctx context.Context, me, collectionID, itemID int64) error) error {
	collectionID, err := r.id("id")
	if err != nil {
		return err
	}
	itemID, err := r.id("item_id")
	if err != nil {
		return err
	}
	if err := do(r.Context(), r.me(), collectionID, itemID); err != nil {
		return err
	}
	return s.empty(w)
}
