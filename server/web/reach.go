package web

import (
	"net/url"
	"strings"

	"seedling/store"
	"seedling/store/content"
	"seedling/templates"
)

// fillReach puts into the form of the profile what stands beside the profile
// itself: hashtags, and the sites of the member's own.
func (s *Server) fillReach(r *request, form *templates.ProfileForm) error {
	tags, err := s.db.FeaturedTags(r.Context(), r.viewerID())
	if err != nil {
		return err
	}
	var names []string
	for _, tag := range tags {
		names = append(names, "#"+tag.Name)
	}
	a := r.viewer.Account
	form.Tags, form.Sites = strings.Join(names, " "), strings.Join(a.AttributionDomains, "\n")
	return nil
}

func reachOf(form templates.ProfileForm) store.Reach {
	return store.Reach{
		FeaturedTags:       strings.FieldsFunc(form.Tags, func(c rune) bool { return c == ' ' || c == ',' }),
		AttributionDomains: strings.Fields(form.Sites),
	}
}

// profileMistake is the sentence for a part of a profile that is not taken.
func profileMistake(part string) string {
	switch part {
	case "featured_tags", "attribution_domains":
		return "settings.wrong_" + part
	}
	return "settings.too_long"
}

// hidesFollows says whether whom an account follows, and who follows it, is
// not for the viewer to see here.
func hidesFollows(r *request, a *store.Account) bool {
	return !a.ShowsNetworkTo(r.asViewer())
}

// hidesCounts says the same of how many those are.
func hidesCounts(r *request, a *store.Account) bool {
	return !a.ShowsCountsTo(r.asViewer())
}

// profileTags are the hashtags on a profile.
func (s *Server) profileTags(r *request, a *store.Account) ([]templates.ProfileTag, error) {
	tags, err := s.db.FeaturedTags(r.Context(), a.ID)
	if err != nil {
		return nil, err
	}
	var list []templates.ProfileTag
	for _, tag := range tags {
		list = append(list, templates.ProfileTag{Name: tag.Name, URL: "/tags/" + url.PathEscape(content.FoldTag(tag.Name))})
	}
	return list, nil
}
