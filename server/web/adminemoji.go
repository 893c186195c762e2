package web

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"seedling/store"
	"seedling/store/emojipack"
	"seedling/store/media"
	"seedling/templates"
)

// remoteEmojiPage is how many emoji of another server stand on one page.
const remoteEmojiPage = 120

// showAdminEmoji is /admin/emoji: our own, and with ?from=host those of a server.
func (s *Server) showAdminEmoji(w http.ResponseWriter, r *request) error {
	return s.renderAdminEmoji(w, r, http.StatusOK, templates.EmojiForm{})
}

func (s *Server) renderAdminEmoji(w http.ResponseWriter, r *request, status int, form templates.EmojiForm, errs ...templates.FieldError) error {
	page := templates.EmojiAdminPage{Frame: s.frame(r), Form: form, From: strings.ToLower(oneLine(r.query("from"))), Query: oneLine(r.query("q"))}
	page.Errors = errs
	var list []*store.CustomEmoji
	var err error
	if page.From != "" {
		list, err = s.db.RemoteEmojis(r.Context(), page.From, page.Query, r.query("after"), remoteEmojiPage+1)
		if len(list) > remoteEmojiPage {
			list = list[:remoteEmojiPage]
			page.Next = list[remoteEmojiPage-1].Name
		}
	} else {
		list, err = s.db.OwnEmojis(r.Context(), true)
	}
	if err != nil {
		return err
	}
	for _, e := range list {
		if n := len(page.Groups); n == 0 || page.Groups[n-1].Category != e.Category {
			page.Groups = append(page.Groups, templates.EmojiAdminGroup{Category: e.Category})
		}
		g := &page.Groups[len(page.Groups)-1]
		g.Rows = append(g.Rows, s.emojiRow(e))
	}
	sources, err := s.db.EmojiSources(r.Context())
	if err != nil {
		return err
	}
	for _, from := range sources {
		page.Sources = append(page.Sources, templates.EmojiSource{Host: from.Host, Count: from.Count})
	}
	return s.render(w, r, status, page)
}

func (s *Server) emojiRow(e *store.CustomEmoji) templates.EmojiRow {
	return templates.EmojiRow{ID: e.ID, Name: e.Name, Picture: emojiPath(s.db, e, false), Licence: e.Licence, Credits: e.Credits,
		Category: e.Category, Aliases: strings.Join(e.Aliases, " "), Disabled: e.Disabled}
}

// emojiInfo reads what a form says of an emoji.
func emojiInfo(r *request) (store.EmojiInfo, templates.EmojiForm) {
	form := templates.EmojiForm{Name: r.text("name"), Category: r.text("category"), Aliases: r.text("aliases"), Licence: r.text("licence"), Credits: r.text("credits")}
	return store.EmojiInfo{Name: form.Name, Category: form.Category, Aliases: strings.Fields(form.Aliases), Licence: form.Licence, Credits: form.Credits}, form
}

// createEmoji is POST /admin/emoji.
func (s *Server) createEmoji(w http.ResponseWriter, r *request) error {
	info, form := emojiInfo(r)
	file, _, err := r.upload("picture")
	if err != nil {
		return err
	}
	if file == nil {
		return s.renderAdminEmoji(w, r, http.StatusUnprocessableEntity, form, mistake("picture", "emoji.no_file"))
	}
	defer file.Close()
	e, err := s.db.AddEmoji(r.Context(), info, file)
	if m, ok := emojiMistake(err); ok {
		return s.renderAdminEmoji(w, r, http.StatusUnprocessableEntity, form, m)
	}
	if err != nil {
		return err
	}
	return s.emojiDone(w, r, "flash.emoji_added", "name", e.Code())
}

// emojiMistake puts what is wrong with an emoji into a sentence beside its field.
func emojiMistake(err error) (m templates.FieldError, ok bool) {
	var wrong *store.EmojiError
	var refused *media.RefusedError
	switch {
	case errors.As(err, &refused):
		return mistake("picture", "emoji.bad_picture", "why", refused.Error()), true
	case !errors.As(err, &wrong):
		return m, false
	}
	switch wrong.Problem {
	case store.EmojiBadName:
		return mistake("name", "emoji.bad_name"), true
	case store.EmojiTaken:
		return mistake("name", "emoji.taken"), true
	case store.EmojiTooBig:
		return mistake("picture", "emoji.too_big", "n", wrong.Limit), true
	case store.EmojiTooMany:
		return mistake("name", "emoji.too_many", "n", wrong.Limit), true
	}
	return mistake("category", "emoji.too_long"), true
}

func (s *Server) emojiDone(w http.ResponseWriter, r *request, key string, args ...any) error {
	s.flash(w, templates.Flash{Msg: templates.M(key, args...)})
	return redirect(w, r, "/admin/emoji")
}

// importEmoji is POST /admin/emoji/import.
func (s *Server) importEmoji(w http.ResponseWriter, r *request) error {
	file, size, err := r.upload("pack")
	if err != nil {
		return err
	}
	if file == nil {
		return s.renderAdminEmoji(w, r, http.StatusUnprocessableEntity, templates.EmojiForm{}, mistake("pack", "emoji.no_file"))
	}
	defer file.Close()
	done, err := s.db.ImportEmoji(r.Context(), file, size)
	var wrong *emojipack.Error
	if errors.As(err, &wrong) {
		return s.renderAdminEmoji(w, r, http.StatusUnprocessableEntity, templates.EmojiForm{}, mistake("pack", "emoji.bad_pack", "why", wrong.Error()))
	}
	if err != nil {
		return err
	}
	return s.emojiDone(w, r, "flash.emoji_imported", "added", len(done.Added), "skipped", len(done.Skipped))
}

// exportEmoji is /admin/emoji/export.
func (s *Server) exportEmoji(w http.ResponseWriter, r *request) error {
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="seedling-emoji.zip"`)
	if err := s.db.ExportEmoji(r.Context(), w); err != nil {
		s.log.Error("emoji not exported", "error", err)
		panic(http.ErrAbortHandler) // half of it may be out already
	}
	return nil
}

// showEmoji is /admin/emoji/{id}: the form that changes one of ours.
func (s *Server) showEmoji(w http.ResponseWriter, r *request) error {
	e, err := s.emojiOfPath(r)
	if err != nil {
		return err
	}
	if e.Host != "" {
		return store.ErrNotFound
	}
	row := s.emojiRow(e)
	return s.render(w, r, http.StatusOK, templates.EmojiEditPage{Frame: s.frame(r), Row: row,
		Form: templates.EmojiForm{Name: row.Name, Category: row.Category, Aliases: row.Aliases, Licence: row.Licence, Credits: row.Credits}})
}

func (s *Server) emojiOfPath(r *request) (*store.CustomEmoji, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, err
	}
	return s.db.EmojiByID(r.Context(), id)
}

// updateEmoji is POST /admin/emoji/{id}/edit.
func (s *Server) updateEmoji(w http.ResponseWriter, r *request) error {
	e, err := s.emojiOfPath(r)
	if err != nil {
		return err
	}
	info, form := emojiInfo(r)
	err = s.db.UpdateEmoji(r.Context(), e.ID, info)
	if m, ok := emojiMistake(err); ok {
		page := templates.EmojiEditPage{Frame: s.frame(r), Row: s.emojiRow(e), Form: form}
		page.Errors = []templates.FieldError{m}
		return s.render(w, r, http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return err
	}
	return s.emojiDone(w, r, "flash.saved")
}

// enableEmoji is POST /admin/emoji/{id}/enable.
func (s *Server) enableEmoji(w http.ResponseWriter, r *request) error {
	e, err := s.emojiOfPath(r)
	if err == nil {
		err = s.db.EnableEmoji(r.Context(), e.ID, r.on("on"))
	}
	if err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.saved")})
	return back(w, r, e.ID, "/admin/emoji")
}

// showEmojiDelete asks first: /admin/emoji/{id}/delete.
func (s *Server) showEmojiDelete(w http.ResponseWriter, r *request) error {
	e, err := s.emojiOfPath(r)
	if err != nil {
		return err
	}
	if e.Host != "" {
		return store.ErrNotFound
	}
	return s.render(w, r, http.StatusOK, templates.ConfirmPage{
		Frame: s.frame(r), Title: templates.M("emoji.delete_title", "name", e.Name), Body: []templates.Msg{templates.M("emoji.delete_text", "name", e.Name)},
		Action: r.URL.Path, Button: "emoji.delete_do", Danger: true, Cancel: "/admin/emoji",
	})
}

// deleteEmoji is POST /admin/emoji/{id}/delete. One that has gone already is
// what was wanted.
func (s *Server) deleteEmoji(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if err := s.db.DeleteEmoji(r.Context(), id); err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return s.emojiDone(w, r, "flash.emoji_deleted")
}

// copyEmoji is POST /admin/emoji/{id}/copy: another server's becomes one of ours.
func (s *Server) copyEmoji(w http.ResponseWriter, r *request) error {
	e, err := s.emojiOfPath(r)
	if err != nil {
		return err
	}
	if e.Host == "" || s.remote == nil {
		return store.ErrNotFound
	}
	remote, err := s.remote.File(r.Context(), e.IconURL)
	if err != nil || remote.File.IsZero() {
		s.log.Debug("emoji not copied", "url", e.IconURL, "error", err)
		return refuse(http.StatusBadGateway, "emoji.away")
	}
	file, _, err := s.db.OpenFile(r.Context(), remote.File.Hash)
	if err != nil {
		return fmt.Errorf("copy emoji: %w", err)
	}
	defer file.Close()
	_, err = s.db.CopyEmoji(r.Context(), e.ID, "", file)
	if m, ok := emojiMistake(err); ok {
		return &userError{status: http.StatusUnprocessableEntity, msg: m.Msg}
	}
	if err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.emoji_added", "name", e.Code())})
	return back(w, r, e.ID, "/admin/emoji")
}
