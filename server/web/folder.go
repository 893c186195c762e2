package web

import (
	"net/http"
	"slices"
	"strconv"

	"seedling/store"
	"seedling/templates"
)

// showBookmarks is /bookmarks, and one folder of them with ?folder=.
func (s *Server) showBookmarks(w http.ResponseWriter, r *request) error {
	return s.renderBookmarks(w, r, http.StatusOK, templates.FolderForm{ID: positive(r.query("folder"))})
}

// renderBookmarks shows the folder whose form is given, or all bookmarks.
func (s *Server) renderBookmarks(w http.ResponseWriter, r *request, status int, form templates.FolderForm, errs ...templates.FieldError) error {
	folders, err := s.db.BookmarkFolders(r.Context(), r.viewerID())
	if err != nil {
		return err
	}
	i := slices.IndexFunc(folders, func(f *store.BookmarkFolder) bool { return f.ID == form.ID })
	if form.ID != 0 && i < 0 {
		return store.ErrNotFound
	}
	if i >= 0 && len(errs) == 0 {
		form.Name, form.Emoji = folders[i].Name, folders[i].Emoji
	}
	p := templates.SavedPage{Frame: s.frame(r), Kind: "bookmarks", Query: r.query("q"), Form: form}
	for _, f := range folders {
		p.Folders = append(p.Folders, templates.Folder{ID: f.ID, Name: f.Name, Emoji: f.Emoji, Posts: f.Posts, Current: f.ID == form.ID})
	}
	p.Errors = errs
	return s.renderSaved(w, r, status, p, s.db.SearchBookmarks)
}

// saveFolder makes a folder, or changes the one of an id.
func (s *Server) saveFolder(w http.ResponseWriter, r *request, id int64) error {
	form := templates.FolderForm{ID: id, Name: r.text("name"), Emoji: r.text("emoji")}
	f := store.BookmarkFolder{ID: id, Name: form.Name, Emoji: form.Emoji}
	err := s.db.SaveBookmarkFolder(r.Context(), r.viewerID(), &f)
	if errs := inputMistakes(err); errs != nil {
		return s.renderBookmarks(w, r, http.StatusUnprocessableEntity, form, errs...)
	}
	if err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.saved")})
	return redirect(w, r, folderPath(f.ID))
}

func folderPath(id int64) string { return "/bookmarks?folder=" + strconv.FormatInt(id, 10) }

// createFolder is POST /bookmarks/folders.
func (s *Server) createFolder(w http.ResponseWriter, r *request) error { return s.saveFolder(w, r, 0) }

// updateFolder is POST /bookmarks/folders/{id}.
func (s *Server) updateFolder(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	return s.saveFolder(w, r, id)
}

// deleteFolder is POST /bookmarks/folders/{id}/delete. It does not ask first:
// the bookmarks stay.
func (s *Server) deleteFolder(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if err := s.db.DeleteBookmarkFolder(r.Context(), r.viewerID(), id); err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.folder_deleted")})
	return redirect(w, r, "/bookmarks")
}

// fileBookmark is POST /posts/{id}/folder: folder, or 0 for none.
func (s *Server) fileBookmark(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if err := s.db.FileBookmark(r.Context(), r.viewerID(), id, positive(r.form.Get("folder"))); err != nil {
		return err
	}
	return s.backWith(w, r, "/bookmarks", "flash.saved")
}
