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

	Pleroma *markerMore `json:"pleroma,omitempty"` // of notifications
}

// markerMore is what Akkoma says of the marker of notifications.
type markerMore struct {
	Unread int `json:"unread_count"`
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
			out[name] = marker{LastReadID: id(m.LastRead), Version: m.Version, UpdatedAt: moment(m.UpdatedAt)}
		}
	}
	if m, ok := out[store.MarkNotifications]; ok {
		reader := *r.user // as loaded before the marker was set
		reader.NotificationsRead = max(reader.NotificationsRead, markers[store.MarkNotifications].LastRead)
		n, err := s.db.UnreadNotifications(r.Context(), &reader)
		if err != nil {
			return err
		}
		m.Pleroma = &markerMore{n}
		out[store.MarkNotifications] = m
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
