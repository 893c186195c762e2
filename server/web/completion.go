package web

import (
	"errors"
	"net/http"
	"time"

	"seedling/store"
	"seedling/templates"
)

// completeAgain is how soon other servers are asked for a thread again by a member
// who presses the button.
const completeAgain = 5 * time.Minute

// fetchedHosts is how many servers the page names.
const fetchedHosts = 20

// completeShownThread has what is missing of a thread read because a member
// looks at it. The page waits for a job to be stored, never for another server.
func (s *Server) completeShownThread(r *request, t *store.Thread) {
	if r.viewer == nil {
		return
	}
	if err := s.db.CompleteShownThread(r.Context(), t); err != nil {
		s.log.Warn("have a thread completed", "post", t.Post.ID, "error", err)
	}
}

// fetchReplies is POST /posts/{id}/fetch-replies: ask other servers for what is
// missing of a thread.
func (s *Server) fetchReplies(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	v, err := s.db.PostVisibleTo(r.Context(), id, r.asViewer())
	if err != nil {
		return err
	}
	started, err := s.db.CompleteThread(r.Context(), id, completeAgain)
	if err != nil {
		return err
	}
	if !started {
		return s.backWith(w, r, v.Path()+"#fetched", "flash.fetched_before")
	}
	return s.backWith(w, r, v.Path()+"#fetched", "flash.fetching")
}

// fetched shows a member what asking for a thread has brought.
func (s *Server) fetched(r *request, postID int64) (*templates.Fetched, error) {
	if r.viewer == nil {
		return nil, nil
	}
	c, err := s.db.Completion(r.Context(), postID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	f := &templates.Fetched{Running: c.EndedAt.IsZero(), At: s.moment(r, c.AskedAt), Posts: c.Posts, Stopped: string(c.Stopped)}
	for i, h := range c.Hosts {
		if i == fetchedHosts {
			f.More = len(c.Hosts) - fetchedHosts
			break
		}
		row := templates.FetchedHost{Host: h.Host, Brought: h.Brought, Failed: h.Failed, Cause: string(h.Cause)}
		row.Silent = h.Failed > 0 && h.Failed >= h.Asked
		f.Hosts = append(f.Hosts, row)
	}
	return f, nil
}
