package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"seedling/store"
	"seedling/templates"
)

// showData is /settings/data: archives of what is the member's.
func (s *Server) showData(w http.ResponseWriter, r *request) error {
	list, err := s.db.Takeouts(r.Context(), r.viewerID())
	if err != nil {
		return err
	}
	p := templates.DataPage{Frame: s.frame(r)}
	for _, v := range list {
		row := templates.TakeoutRow{Asked: s.moment(r, v.CreatedAt), Failed: v.Failed}
		if !v.Ready() && !v.Failed {
			p.RefreshIn = refreshSoon
		}
		if v.Ready() {
			row.URL, row.Megabytes = v.Path(), int((v.Bytes+1<<20-1)>>20)
		}
		p.Rows = append(p.Rows, row)
	}
	return s.render(w, r, http.StatusOK, p)
}

// askForTakeout is POST /settings/data.
func (s *Server) askForTakeout(w http.ResponseWriter, r *request) error {
	err := s.db.AskForTakeout(r.Context(), r.viewerID())
	var soon *store.TakeoutSoonError
	switch {
	case errors.As(err, &soon):
		s.flash(w, templates.Flash{Bad: true, Msg: templates.M("data.soon")})
	case err != nil:
		return err
	default:
		s.flash(w, templates.Flash{Msg: templates.M("data.asked")})
	}
	return redirect(w, r, "/settings/data")
}

// saveTakeout is /settings/data/{id}.zip, for its owner alone.
func (s *Server) saveTakeout(w http.ResponseWriter, r *request) error {
	id, err := strconv.ParseInt(strings.TrimSuffix(r.param("file"), ".zip"), 10, 64)
	if err != nil {
		return store.ErrNotFound
	}
	f, v, err := s.db.OpenTakeout(r.Context(), r.viewerID(), id)
	if err != nil {
		return err
	}
	defer f.Close()
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="`+v.FileName(r.viewer.Account.Username)+`"`)
	http.ServeContent(w, r.Request, "", v.ReadyAt, f)
	return nil
}
