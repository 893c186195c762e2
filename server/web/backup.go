package web

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"seedling/store"
	"seedling/templates"
)

// refreshSoon is after how many seconds a page that shows work in the background
// loads itself again.
const refreshSoon = 3

// showBackups is /admin/backup.
func (s *Server) showBackups(w http.ResponseWriter, r *request) error {
	settings, err := s.db.Settings(r.Context())
	if err != nil {
		return err
	}
	return s.renderBackups(w, r, http.StatusOK, strconv.Itoa(settings.BackupsKept))
}

func (s *Server) renderBackups(w http.ResponseWriter, r *request, status int, kept string, errs ...templates.FieldError) error {
	state, err := s.db.BackupState(r.Context())
	if err != nil {
		return err
	}
	list, err := store.ServerBackups(s.db.BackupFolder())
	if err != nil {
		return err
	}
	page := templates.BackupPage{
		Frame: s.frame(r), Running: state.Running, LastAt: s.moment(r, state.LastAt), LastIn: state.LastIn,
		FailedAt: s.moment(r, state.FailedAt), Failure: string(state.Failure), Reason: state.Text,
		Folder: s.db.BackupFolder(), Owner: r.viewer.Role == store.Owner, Kept: kept,
	}
	page.Errors = errs
	if page.Running && len(errs) == 0 {
		page.RefreshIn = refreshSoon
	}
	for _, b := range list {
		page.Rows = append(page.Rows, templates.BackupRow{Name: b.Name, At: s.moment(r, b.MadeAt), Bytes: b.Bytes, Files: b.Files, Damaged: b.Damaged})
	}
	return s.render(w, r, status, page)
}

// askForBackup is POST /admin/backup.
func (s *Server) askForBackup(w http.ResponseWriter, r *request) error {
	if err := s.db.AskForBackup(r.Context()); err != nil {
		return err
	}
	return redirect(w, r, "/admin/backup")
}

// updateBackupsKept is POST /admin/backup/kept.
func (s *Server) updateBackupsKept(w http.ResponseWriter, r *request) error {
	kept := r.text("backups_kept")
	err := s.db.SetSetting(r.Context(), "backups_kept", kept)
	var wrong *store.SettingError
	if errors.As(err, &wrong) {
		return s.renderBackups(w, r, http.StatusUnprocessableEntity, kept, settingMistake(wrong))
	}
	if err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.saved")})
	return redirect(w, r, "/admin/backup")
}

// downloadBackup sends the database of a copy. It holds what admins may not see
// of the owners, so it is for owners alone.
func (s *Server) downloadBackup(w http.ResponseWriter, r *request) error {
	name := r.param("name")
	file, err := s.db.OpenServerBackup(name)
	if err != nil {
		return err
	}
	defer file.Close()
	h := w.Header()
	h.Set("Content-Type", "application/vnd.sqlite3")
	h.Set("Content-Disposition", `attachment; filename="`+name+`.db"`)
	h.Set("Cache-Control", "no-store")
	http.ServeContent(&patientWriter{ResponseWriter: w, control: http.NewResponseController(w)}, r.Request, "", time.Time{}, file)
	return nil
}

// backupOfPath is the copy that a path names.
func (s *Server) backupOfPath(r *request) (*store.ServerBackup, error) {
	list, err := store.ServerBackups(s.db.BackupFolder())
	if err != nil {
		return nil, err
	}
	for _, b := range list {
		if b.Name == r.param("name") {
			return b, nil
		}
	}
	return nil, store.ErrNotFound
}

// showBackupDelete asks before a copy is removed.
func (s *Server) showBackupDelete(w http.ResponseWriter, r *request) error {
	b, err := s.backupOfPath(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, templates.ConfirmPage{
		Frame: s.frame(r), Title: templates.M("backup.delete_title"), Body: []templates.Msg{templates.M("backup.delete_text", "name", b.Name)},
		Action: "/admin/backup/" + b.Name + "/delete", Button: "backup.delete", Danger: true, Cancel: "/admin/backup",
	})
}

// deleteBackup removes a copy. One that is gone is what was wanted.
func (s *Server) deleteBackup(w http.ResponseWriter, r *request) error {
	if err := s.db.RemoveServerBackup(r.param("name")); err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.backup_deleted")})
	return redirect(w, r, "/admin/backup")
}
