package api

import (
	"net/http"

	"seedling/store"
)

// profile is the entity Profile: what a member says of themself, as it was
// written. Pictures that are not chosen are null.
type profile struct {
	ID           string  `json:"id"`
	DisplayName  string  `json:"display_name"`
	Note         string  `json:"note"`
	Fields       []field `json:"fields"`
	Avatar       *string `json:"avatar"`
	AvatarStatic *string `json:"avatar_static"`
	AvatarText   string  `json:"avatar_description"`
	Header       *string `json:"header"`
	HeaderStatic *string `json:"header_static"`
	HeaderText   string  `json:"header_description"`
	Locked       bool    `json:"locked"`
	Bot          bool    `json:"bot"`
	HideLists    bool    `json:"hide_collections"`
	Discoverable bool    `json:"discoverable"`
	Indexable    bool    `json:"indexable"`
	accountTabs
	Attribution  []string      `json:"attribution_domains"`
	FeaturedTags []featuredTag `json:"featured_tags"`
}

// showProfile is GET profile.
func (s *Server) showProfile(w http.ResponseWriter, r *request) error {
	a := r.user.Account
	tags, err := s.db.FeaturedTags(r.Context(), a.ID)
	if err != nil {
		return err
	}
	v := profile{ID: id(a.ID), DisplayName: a.DisplayName, Note: a.BioSource, Fields: sourceFields(a), AvatarText: a.Pictures.AvatarAlt, HeaderText: a.Pictures.HeaderAlt,
		Locked: a.Locked, Bot: a.Bot, HideLists: a.HidesNetwork, Discoverable: a.Discoverable, Indexable: a.Indexable,
		accountTabs: allTabs, Attribution: append([]string{}, a.AttributionDomains...), FeaturedTags: make([]featuredTag, len(tags))}
	if a.AvatarURL != "" {
		moving, still := s.avatarURLs(a)
		v.Avatar, v.AvatarStatic = &moving, &still
	}
	if a.HeaderURL != "" {
		moving, still := s.headerURLs(a)
		v.Header, v.HeaderStatic = &moving, &still
	}
	for i, f := range tags {
		v.FeaturedTags[i] = s.featuredTagOf(a, f)
	}
	return s.json(w, v)
}

// sourceFields are the rows of a member's profile as they were written.
func sourceFields(a *store.Account) []field {
	list := make([]field, len(a.Fields))
	for i, f := range a.Fields {
		list[i] = field{Name: f.Name, Value: f.Text, VerifiedAt: momentOrNil(f.VerifiedAt)}
	}
	return list
}

// changeProfile is PATCH profile. What is not sent stays.
func (s *Server) changeProfile(w http.ResponseWriter, r *request) error {
	if err := s.changeSelf(r); err != nil {
		return err
	}
	return s.showProfile(w, r)
}

// updateReach changes what an app may say of the member besides the profile.
func (s *Server) updateReach(r *request) error {
	if !r.params.Has("attribution_domains") {
		return nil
	}
	a := r.user.Account
	reach := store.Reach{AttributionDomains: r.params.All("attribution_domains")}
	tags, err := s.db.FeaturedTags(r.Context(), a.ID)
	if err != nil {
		return err
	}
	for _, f := range tags {
		reach.FeaturedTags = append(reach.FeaturedTags, f.Name)
	}
	return s.db.SetReach(r.Context(), a.ID, reach)
}
