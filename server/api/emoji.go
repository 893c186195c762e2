package api

import (
	"net/http"
	"strings"

	"seedling/store"
)

// emoji is the entity CustomEmoji.
type emoji struct {
	Shortcode string  `json:"shortcode"`
	URL       string  `json:"url"`
	StaticURL string  `json:"static_url"`
	InPicker  bool    `json:"visible_in_picker"`
	Category  *string `json:"category"`
}

// emojis makes the entities.
func (s *Server) emojis(list []*store.CustomEmoji) []emoji {
	out := make([]emoji, 0, len(list))
	for _, c := range list {
		if v := s.emoji(c); v.URL != "" {
			out = append(out, v)
		}
	}
	return out
}

func (s *Server) emoji(c *store.CustomEmoji) emoji {
	v := emoji{Shortcode: c.Name, InPicker: c.Host == "" && !c.Disabled, Category: stringOrNil(c.Category)}
	if c.Host != "" {
		v.URL = s.here(s.db.RemotePath(store.RemoteEmoji, c.ID, c.IconURL))
		v.StaticURL = v.URL
		return v
	}
	v.URL, v.StaticURL = s.db.FileURL(c.File()), s.db.FileURL(c.Still())
	return v
}

// here is the address of a path of this server; "" stays.
func (s *Server) here(path string) string {
	if path == "" || strings.HasPrefix(path, "https://") || strings.HasPrefix(path, "http://") {
		return path
	}
	return s.db.URL() + path
}

// showEmojis is GET custom_emojis: those that members may write.
func (s *Server) showEmojis(w http.ResponseWriter, r *request) error {
	list, err := s.db.OwnEmojis(r.Context(), false)
	if err != nil {
		return err
	}
	return s.json(w, s.emojis(list))
}
