package api

import (
	"errors"
	"fmt"
	"net/http"

	"seedling/store"
)

// refreshRetry is after how many seconds an app looks again what other servers
// have brought.
const refreshRetry = 5

// asyncRefresh is the entity AsyncRefresh. The one thing that is refreshed in the
// background is a thread, so its id is that of the post.
type asyncRefresh struct {
	ID     string `json:"id"`
	Status string `json:"status"`
	Count  *int   `json:"result_count"`
}

func asyncRefreshOf(postID int64, c *store.Completion) asyncRefresh {
	v := asyncRefresh{ID: id(postID), Status: "running", Count: &c.Posts}
	if !c.EndedAt.IsZero() {
		v.Status = "finished"
	}
	return v
}

// refreshThread has the missing posts of a thread that a member looks at asked for,
// and tells the app where it hears of them. The answer does not wait for that.
func (s *Server) refreshThread(w http.ResponseWriter, r *request, t *store.Thread) error {
	if r.user == nil {
		return nil
	}
	if err := s.db.CompleteShownThread(r.Context(), t); err != nil {
		return err
	}
	c, err := s.db.Completion(r.Context(), t.Post.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err == nil && c.EndedAt.IsZero() {
		w.Header().Set("Mastodon-Async-Refresh", fmt.Sprintf(`id="%d", retry=%d, result_count=%d`, t.Post.ID, refreshRetry, c.Posts))
	}
	return err
}

// showRefresh is GET v1_alpha/async_refreshes/:id.
func (s *Server) showRefresh(w http.ResponseWriter, r *request) error {
	postID, err := r.id("id")
	if err != nil {
		return err
	}
	if _, err := s.db.PostVisibleTo(r.Context(), postID, r.viewer()); err != nil {
		return err
	}
	c, err := s.db.Completion(r.Context(), postID)
	if err != nil {
		return err
	}
	return s.json(w, map[string]asyncRefresh{"async_refresh": asyncRefreshOf(postID, c)})
}
