package api

import (
	"context"
	"net/http"
	"strings"

	"seedling/store"
	"seedling/store/content"
)

// page answers with a page of statuses and where the list goes on.
func (s *Server) page(w http.ResponseWriter, r *request, p *store.PostPage) error {
	e, err := s.entities(r)
	if err != nil {
		return err
	}
	list, err := e.statuses(r.Context(), p.Posts)
	if err != nil {
		return err
	}
	s.setLink(w, r, p.Older, p.Top)
	return s.json(w, list)
}

// showHome is GET timelines/home.
func (s *Server) showHome(w http.ResponseWriter, r *request) error {
	c, err := r.cursor(pageSize, maxPage)
	if err != nil {
		return err
	}
	p, err := s.db.HomeTimeline(r.Context(), r.me(), c)
	if err != nil {
		return err
	}
	return s.page(w, r, p)
}

// showPublic is GET timelines/public, of this server or of others alone if that
// is asked for.
func (s *Server) showPublic(w http.ResponseWriter, r *request) error {
	if err := s.openTimelines(r); err != nil {
		return err
	}
	c, err := r.cursor(pageSize, maxPage)
	if err != nil {
		return err
	}
	p, err := s.db.PublicTimeline(r.Context(), r.publicKind(), r.viewer(), c)
	if err != nil {
		return err
	}
	return s.page(w, r, p)
}

// showBubble is GET timelines/bubble of Akkoma: this server and those that the
// admins chose.
func (s *Server) showBubble(w http.ResponseWriter, r *request) error {
	if err := s.openTimelines(r); err != nil {
		return err
	}
	return s.showList(w, r, func(ctx context.Context, _ int64, c store.Cursor) (*store.PostPage, error) {
		return s.db.BubbleTimeline(ctx, r.viewer(), c)
	})
}

// publicKind reads which part of the public posts is wanted.
func (r *request) publicKind() store.PublicKind {
	return store.PublicKind{Local: r.params.Bool("local", false), Remote: r.params.Bool("remote", false), Media: r.params.Bool("only_media", false)}
}

// openTimelines is openTo for the timelines.
func (s *Server) openTimelines(r *request) error {
	return s.openTo(r, func(v store.Settings) bool { return v.PublicTimelines })
}

// showTag is GET timelines/tag/:tag, with more tags of which any, all or none
// must be there too.
func (s *Server) showTag(w http.ResponseWriter, r *request) error {
	if err := s.openTimelines(r); err != nil {
		return err
	}
	c, err := r.cursor(pageSize, maxPage)
	if err != nil {
		return err
	}
	name := strings.TrimPrefix(r.path.ByName("tag"), "#")
	if !content.ValidTag(name) {
		return store.ErrNotFound
	}
	tags := store.TagQuery{Any: append([]string{name}, r.tagList("any")...), All: r.tagList("all"), None: r.tagList("none"), PublicKind: r.publicKind()}
	p, err := s.db.TagsTimeline(r.Context(), tags, r.viewer(), c)
	if err != nil {
		return err
	}
	return s.page(w, r, p)
}

// tagList reads a list of tags; what can't be one is left out.
func (r *request) tagList(name string) []string {
	var list []string
	for _, text := range r.params.All(name) {
		if text = strings.TrimPrefix(text, "#"); content.ValidTag(text) && len(list) < maxTags {
			list = append(list, text)
		}
	}
	return list
}

// showDirect is GET timelines/direct, which older apps read instead of
// conversations.
func (s *Server) showDirect(w http.ResponseWriter, r *request) error {
	return s.showList(w, r, s.db.DirectTimeline)
}

func (s *Server) showBookmarks(w http.ResponseWriter, r *request) error {
	return s.showList(w, r, s.db.Bookmarks)
}

func (s *Server) showFavourites(w http.ResponseWriter, r *request) error {
	return s.showList(w, r, s.db.Favourites)
}
