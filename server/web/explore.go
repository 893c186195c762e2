package web

import (
	"net/http"

	"seedling/store"
	"seedling/templates"

	"github.com/julienschmidt/httprouter"
)

// How much of each kind stands on Explore.
const (
	explorePeople = 20
	exploreTags   = 15
	explorePosts  = 10
)

// openTo lets visitors in where a setting says so, and members always.
func (s *Server) openTo(setting func(store.Settings) bool, h handler) httprouter.Handle {
	return s.page(func(w http.ResponseWriter, r *request) error {
		if r.viewer == nil {
			settings, err := s.db.Settings(r.Context())
			if err != nil {
				return err
			}
			if !setting(settings) {
				return toLogin(w, r)
			}
		}
		return h(w, r)
	})
}

func exploreOpen(v store.Settings) bool { return v.PublicExplore }

// showExplore is /explore: people here, hashtags in use, and what is talked
// about. What visitors read of posts, PopularForVisitors decides.
func (s *Server) showExplore(w http.ResponseWriter, r *request) error {
	settings, err := s.db.Settings(r.Context())
	if err != nil {
		return err
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	p := templates.ExplorePage{Frame: s.frame(r)}
	people, err := s.db.Directory(r.Context(), r.asViewer(), store.Directory{Local: true, Limit: explorePeople})
	if err != nil {
		return err
	}
	if p.People, err = c.people(r.Context(), people); err != nil {
		return err
	}
	if p.Tags, err = s.tagsInUse(r, exploreTags); err != nil {
		return err
	}
	if r.viewer != nil || settings.PopularForVisitors() {
		posts, err := s.db.PopularPosts(r.Context(), r.asViewer(), explorePosts)
		if err != nil {
			return err
		}
		p.Posts = c.posts(posts)
	}
	return s.render(w, r, http.StatusOK, p)
}

// tagsInUse are the hashtags that most people use now, at most limit of them.
func (s *Server) tagsInUse(r *request, limit int) ([]templates.TagUse, error) {
	tags, err := s.db.ActiveTags(r.Context(), limit)
	if err != nil {
		return nil, err
	}
	list := make([]templates.TagUse, len(tags))
	for i, t := range tags {
		list[i] = templates.TagUse{Name: t.Text, URL: tagPath(t.Name), Posts: t.Posts, People: t.People}
	}
	return list, nil
}
