package api

import (
	"net/http"
	"slices"

	"seedling/store"
)

// marker is the entity Marker.
type marker struct {
	LastReadID string `json:"last_read_id"`
	Version    int    `json:"version"`
	UpdatedAt  string `json:"updated_at"`
}

// showMarkers is GET markers?timeline[]=.
func (s *Server) showMarkers(w http.ResponseWriter, r *request) error {
	return s.answerMarkers(w, r, r.params.All("timeline"))
}

func (s *Server) answerMarkers(w http.ResponseWriter, r *request, names []string) error {
	markers, err := s.db.Markers(r.Context(), r.me())
	if err != nil {
		return err
	}
	out := map[string]marker{}
	for name, m := range markers {
		if slices.Contains(names, name) {
			out[name] = marker{id(m.LastRead), m.Version, moment(m.UpdatedAt)}
		}
	}
	return s.json(w, out)
}

// setMarkers is POST markers, with home[last_read_id] and
// notifications[last_read_id].
func (s *Server) setMarkers(w http.ResponseWriter, r *request) error {
	lastRead := map[string]int64{}
	var names []string
	for _, name := range []string{store.MarkHome, store.MarkNotifications} {
		below := r.params.Below(name)
		if !below.Has("last_read_id") {
			continue
		}
		n, ok := below.Int("last_read_id")
		if !ok || n < 0 {
			return invalid("Last read is not an id")
		}
		lastRead[name] = n
		names = append(names, name)
	}
	if err := s.db.SetMarkers(r.Context(), r.me(), lastRead); err != nil {
		return err
	}
	return s.answerMarkers(w, r, names)
}
