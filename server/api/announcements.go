package api

import (
	"net/http"

	"seedling/store"
)

// showAnnouncements is GET announcements.
func (s *Server) showAnnouncements(w http.ResponseWriter, r *request) error {
	list, err := s.db.Announcements(r.Context(), r.me(), r.params.Bool("with_dismissed", false))
	if err != nil {
		return err
	}
	var texts []string
	for _, a := range list {
		for _, x := range a.Reactions {
			texts = append(texts, x.Text)
		}
		texts = append(texts, a.HTML.String())
	}
	known, err := s.db.EmojiIn(r.Context(), "", texts...)
	if err != nil {
		return err
	}
	out := make([]*announcement, len(list))
	for i, a := range list {
		out[i] = s.announcement(a, true)
		s.picture(out[i], known)
	}
	return s.json(w, out)
}

// picture adds the custom emoji of an announcement and of its reactions.
func (s *Server) picture(a *announcement, known store.EmojiSet) {
	a.Emojis = s.emojis(known.In("", a.Content))
	for i := range a.Reactions {
		if c := known.Find("", a.Reactions[i].Name); c != nil {
			e := s.emoji(c)
			a.Reactions[i].URL, a.Reactions[i].StaticURL = e.URL, e.StaticURL
		}
	}
}

// dismissAnnouncement is POST announcements/:id/dismiss.
func (s *Server) dismissAnnouncement(w http.ResponseWriter, r *request) error {
	announcementID, err := r.id("id")
	if err != nil {
		return err
	}
	if err := s.db.DismissAnnouncement(r.Context(), r.me(), announcementID); err != nil {
		return err
	}
	return s.empty(w)
}

// reactToAnnouncement and unreactToAnnouncement are PUT and DELETE
// announcements/:id/reactions/:name.
func (s *Server) reactToAnnouncement(w http.ResponseWriter, r *request) error {
	announcementID, err := r.id("id")
	if err != nil {
		return err
	}
	if err := s.db.ReactToAnnouncement(r.Context(), r.me(), announcementID, r.emojiKey("name")); err != nil {
		return err
	}
	return s.empty(w)
}

func (s *Server) unreactToAnnouncement(w http.ResponseWriter, r *request) error {
	announcementID, err := r.id("id")
	if err != nil {
		return err
	}
	if err := s.db.UnreactToAnnouncement(r.Context(), r.me(), announcementID, r.emojiKey("name")); err != nil {
		return err
	}
	return s.empty(w)
}
