package api

import (
	"errors"
	"net/http"

	"seedling/store"
)

// backup is Akkoma's entity of an archive of what is a member's. Its address asks
// for the member's log-in.
type backup struct {
	ID        string `json:"id"`
	Type      string `json:"content_type"`
	URL       string `json:"url"`
	Bytes     int64  `json:"file_size"`
	Processed bool   `json:"processed"`
	At        string `json:"inserted_at"`
}

// showBackups is GET pleroma/backups.
func (s *Server) showBackups(w http.ResponseWriter, r *request) error {
	takeouts, err := s.db.Takeouts(r.Context(), r.me())
	if err != nil {
		return err
	}
	list := []backup{}
	for _, v := range takeouts {
		if !v.Failed {
			list = append(list, backup{ID: id(v.ID), Type: "application/zip", URL: s.db.URL() + v.Path(), Bytes: v.Bytes, Processed: v.Ready(), At: moment(v.CreatedAt)})
		}
	}
	return s.json(w, list)
}

// createBackup is POST pleroma/backups: one a week.
func (s *Server) createBackup(w http.ResponseWriter, r *request) error {
	err := s.db.AskForTakeout(r.Context(), r.me())
	var soon *store.TakeoutSoonError
	if errors.As(err, &soon) {
		return badRequest("There is a backup of this week already: %s", soon)
	}
	if err != nil {
		return err
	}
	return s.showBackups(w, r)
}
