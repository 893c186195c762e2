package web

import (
	"net/http"
	"strings"

	"seedling/store"
	"seedling/store/content"
	"seedling/templates"
)

// showTags is /tags: the hashtags that a member follows, and those they muted.
func (s *Server) showTags(w http.ResponseWriter, r *request) error {
	return s.renderTags(w, r, http.StatusOK, templates.TagsPage{})
}

func (s *Server) renderTags(w http.ResponseWriter, r *request, status int, p templates.TagsPage, errs ...templates.FieldError) error {
	page, err := s.db.FollowedTags(r.Context(), r.viewerID(), r.storeCursor(peoplePerPage))
	if err != nil {
		return err
	}
	filters, err := s.db.Filters(r.Context(), r.viewerID())
	if err != nil {
		return err
	}
	p.Frame, p.Pager = s.frame(r), r.links(page.Older, page.Newer)
	for _, t := range page.Tags {
		p.Tags = append(p.Tags, templates.TagRow{Name: t.Name, Text: t.Text})
	}
	for _, f := range filters {
		if len(f.Phrases) == 1 && strings.HasPrefix(f.Phrases[0].Text, "#") {
			p.Muted = append(p.Muted, templates.FilterRow{ID: f.ID, Title: f.Phrases[0].Text})
		}
	}
	p.Errors = errs
	return s.render(w, r, status, p)
}

// typedTag is a hashtag from a form, with or without its #.
func (r *request) typedTag(name string) string { return strings.TrimPrefix(r.text(name), "#") }

// createTagFollow is POST /tags.
func (s *Server) createTagFollow(w http.ResponseWriter, r *request) error {
	tag := r.typedTag("tag")
	_, err := s.db.FollowTag(r.Context(), r.viewerID(), tag)
	if errs := inputMistakes(err); errs != nil {
		return s.renderTags(w, r, http.StatusUnprocessableEntity, templates.TagsPage{Follow: tag}, mistake("tag", "tags.wrong"))
	}
	if err != nil {
		return err
	}
	return s.backWith(w, r, "/tags", "flash.tag_followed", "tag", tag)
}

// updateTagFollow is POST /tags/{tag}/follow: on=1 follows, on=0 ends it.
func (s *Server) updateTagFollow(w http.ResponseWriter, r *request) error {
	tag := r.param("tag")
	if !r.on("on") {
		if err := s.db.UnfollowTag(r.Context(), r.viewerID(), tag); err != nil {
			return err
		}
		return s.backUndo(w, r, "/tags", tagPath(tag)+"/follow", "1", "flash.tag_unfollowed", "tag", tag)
	}
	if _, err := s.db.FollowTag(r.Context(), r.viewerID(), tag); err != nil {
		return refuseInput(err)
	}
	return s.backWith(w, r, "/tags/"+tag, "flash.tag_followed", "tag", tag)
}

// muteTag is POST /tags/mute: a filter that hides the hashtag wherever posts come by themselves.
func (s *Server) muteTag(w http.ResponseWriter, r *request) error {
	tag := r.typedTag("mute")
	if !content.ValidTag(tag) {
		return s.renderTags(w, r, http.StatusUnprocessableEntity, templates.TagsPage{Mute: tag}, mistake("mute", "tags.wrong"))
	}
	err := s.db.CreateFilter(r.Context(), r.viewerID(), &store.Filter{
		Title: "#" + tag, Contexts: store.FilterHome | store.FilterPublic, Action: store.FilterHide, Phrases: []store.FilterPhrase{{Text: "#" + tag, WholeWord: true}},
	})
	if errs := inputMistakes(err); errs != nil {
		return s.renderTags(w, r, http.StatusUnprocessableEntity, templates.TagsPage{Mute: tag}, mistake("mute", errs[0].Msg.Key, errs[0].Msg.Args...))
	}
	if err != nil {
		return err
	}
	return s.backWith(w, r, "/tags", "flash.tag_muted", "tag", tag)
}
