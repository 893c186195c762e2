package api

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"seedling/store"
	"seedling/store/content"
)

// tagDetail is the entity Tag where it stands for itself.
type tagDetail struct {
	ID string `json:"id"`
	tag
	History   []tagDay `json:"history"`
	Following bool     `json:"following"`
	Featuring bool     `json:"featuring"`
}

// tagDay is how much a tag was used on a day: numbers as strings, the day as
// seconds.
type tagDay struct {
	Day      string `json:"day"`
	Uses     string `json:"uses"`
	Accounts string `json:"accounts"`
}

func (e *entities) tagDetail(name string) tagDetail {
	return tagDetail{ID: name, tag: e.tag(name), History: []tagDay{}}
}

// tagUse is a tag with its last days.
func (e *entities) tagUse(u store.TagUse) tagDetail {
	v := e.tagDetail(u.Text)
	for _, d := range u.Days {
		v.History = append(v.History, tagDay{id(d.Start.Unix()), strconv.Itoa(d.Posts), strconv.Itoa(d.People)})
	}
	return v
}

// markOwnTags says of tags whether the member follows them and shows them on the
// profile.
func (s *Server) markOwnTags(r *request, list []tagDetail) error {
	if r.user == nil || len(list) == 0 {
		return nil
	}
	names := make([]string, len(list))
	for i, v := range list {
		names[i] = v.Name
	}
	followed, err := s.db.FollowedAmong(r.Context(), r.me(), names)
	if err != nil {
		return err
	}
	featured, err := s.db.FeaturedTags(r.Context(), r.me())
	if err != nil {
		return err
	}
	for i := range list {
		v := &list[i]
		v.Following = followed[content.FoldTag(v.Name)]
		v.Featuring = slices.ContainsFunc(featured, func(f *store.FeaturedTag) bool { return strings.EqualFold(f.Name, v.Name) })
	}
	return nil
}

// tagName reads the tag that the path names.
func (r *request) tagName() (string, error) {
	name := strings.TrimPrefix(r.path.ByName("name"), "#")
	if !content.ValidTag(name) {
		return "", store.ErrNotFound
	}
	return name, nil
}

// showOneTag is GET tags/:name.
func (s *Server) showOneTag(w http.ResponseWriter, r *request) error {
	v, err := s.oneTag(r)
	if err != nil {
		return err
	}
	return s.json(w, v)
}

func (s *Server) oneTag(r *request) (v tagDetail, err error) {
	name, err := r.tagName()
	if err != nil {
		return v, err
	}
	e, err := s.entities(r)
	if err != nil {
		return v, err
	}
	v = e.tagDetail(name)
	used, err := s.db.ActiveTags(r.Context(), maxPage)
	if err != nil {
		return v, err
	}
	if i := slices.IndexFunc(used, func(u store.TagUse) bool { return strings.EqualFold(u.Text, name) }); i >= 0 {
		v = e.tagUse(used[i])
	}
	list := []tagDetail{v}
	err = s.markOwnTags(r, list)
	return list[0], err
}

// featuredTag finds a tag on the member's profile, or nil.
func (s *Server) featuredTag(r *request, name string) (*store.FeaturedTag, error) {
	list, err := s.db.FeaturedTags(r.Context(), r.me())
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(list, func(f *store.FeaturedTag) bool { return strings.EqualFold(f.Name, name) }); i >= 0 {
		return list[i], nil
	}
	return nil, nil
}

// onTag does something with the tag that the path names and answers with how it
// is then.
func (s *Server) onTag(do func(r *request, name string) error) handler {
	return func(w http.ResponseWriter, r *request) error {
		name, err := r.tagName()
		if err != nil {
			return err
		}
		if err := do(r, name); err != nil {
			return err
		}
		return s.showOneTag(w, r)
	}
}

func (s *Server) followTag(r *request, name string) error {
	_, err := s.db.FollowTag(r.Context(), r.me(), name)
	return err
}

func (s *Server) unfollowTag(r *request, name string) error {
	return s.db.UnfollowTag(r.Context(), r.me(), name)
}

func (s *Server) featureTag(r *request, name string) error {
	_, err := s.db.FeatureTag(r.Context(), r.me(), name)
	return err
}

func (s *Server) unfeatureTag(r *request, name string) error {
	f, err := s.featuredTag(r, name)
	if err != nil || f == nil {
		return err
	}
	return s.db.UnfeatureTag(r.Context(), r.me(), f.ID)
}

// showFollowedTags is GET followed_tags.
func (s *Server) showFollowedTags(w http.ResponseWriter, r *request) error {
	c, err := r.cursor(100, maxFollowedTags)
	if err != nil {
		return err
	}
	p, err := s.db.FollowedTags(r.Context(), r.me(), c)
	if err != nil {
		return err
	}
	e, err := s.entities(r)
	if err != nil {
		return err
	}
	list := make([]tagDetail, len(p.Tags))
	for i, t := range p.Tags {
		list[i] = e.tagDetail(t.Text)
	}
	if err := s.markOwnTags(r, list); err != nil {
		return err
	}
	s.setLink(w, r, p.Older, p.Newer)
	return s.json(w, list)
}

// featuredTag is the entity FeaturedTag.
type featuredTag struct {
	ID            string  `json:"id"`
	Name          string  `json:"name"`
	URL           string  `json:"url"`
	StatusesCount string  `json:"statuses_count"`
	LastStatusAt  *string `json:"last_status_at"`
}

func (s *Server) featuredTagOf(a *store.Account, f *store.FeaturedTag) featuredTag {
	v := featuredTag{ID: id(f.ID), Name: f.Name, URL: s.db.URL() + a.Path() + "?tag=" + url.QueryEscape(f.Name), StatusesCount: strconv.Itoa(f.Posts)}
	if !f.LastAt.IsZero() {
		day := f.LastAt.UTC().Format("2006-01-02")
		v.LastStatusAt = &day
	}
	return v
}

func (s *Server) answerFeatured(w http.ResponseWriter, r *request, a *store.Account) error {
	tags, err := s.db.FeaturedTags(r.Context(), a.ID)
	if err != nil {
		return err
	}
	list := make([]featuredTag, len(tags))
	for i, f := range tags {
		list[i] = s.featuredTagOf(a, f)
	}
	return s.json(w, list)
}

// showFeaturedTags is GET accounts/:id/featured_tags.
func (s *Server) showFeaturedTags(w http.ResponseWriter, r *request) error {
	a, err := s.person(r)
	if err != nil {
		return err
	}
	return s.answerFeatured(w, r, a)
}

// showOwnFeaturedTags is GET featured_tags.
func (s *Server) showOwnFeaturedTags(w http.ResponseWriter, r *request) error {
	return s.answerFeatured(w, r, r.user.Account)
}

// createFeaturedTag is POST featured_tags.
func (s *Server) createFeaturedTag(w http.ResponseWriter, r *request) error {
	name := strings.TrimPrefix(strings.TrimSpace(r.params.Get("name")), "#")
	if !content.ValidTag(name) {
		return wrongField("name", "Tag", "ERR_INVALID", "is invalid")
	}
	f, err := s.db.FeatureTag(r.Context(), r.me(), name)
	if err != nil {
		return err
	}
	return s.json(w, s.featuredTagOf(r.user.Account, f))
}

// deleteFeaturedTag is DELETE featured_tags/:id.
func (s *Server) deleteFeaturedTag(w http.ResponseWriter, r *request) error {
	tagID, err := r.id("id")
	if err != nil {
		return err
	}
	if err := s.db.UnfeatureTag(r.Context(), r.me(), tagID); err != nil {
		return err
	}
	return s.empty(w)
}

// suggestTags is GET featured_tags/suggestions: what the member writes about
// most and does not feature yet.
func (s *Server) suggestTags(w http.ResponseWriter, r *request) error {
	names, err := s.db.UsedTags(r.Context(), r.me(), 10)
	if err != nil {
		return err
	}
	e, err := s.entities(r)
	if err != nil {
		return err
	}
	list := make([]tagDetail, len(names))
	for i, name := range names {
		list[i] = e.tagDetail(name)
	}
	return s.json(w, list)
}
