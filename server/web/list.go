package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"seedling/store"
	"seedling/templates"
)

// showLists is /lists.
func (s *Server) showLists(w http.ResponseWriter, r *request) error {
	return s.renderLists(w, r, http.StatusOK, templates.ListForm{Replies: store.RepliesToList.String()})
}

func (s *Server) renderLists(w http.ResponseWriter, r *request, status int, form templates.ListForm, errs ...templates.FieldError) error {
	lists, err := s.db.Lists(r.Context(), r.viewerID())
	if err != nil {
		return err
	}
	p := templates.ListsPage{Frame: s.frame(r), Form: form}
	for _, l := range lists {
		p.Lists = append(p.Lists, templates.ListRow{ID: l.ID, Title: l.Title, Accounts: l.Accounts, Exclusive: l.Exclusive})
	}
	p.Errors = errs
	return s.render(w, r, status, p)
}

// listForm reads the form of a list.
func (r *request) listForm() (form templates.ListForm, l store.List, err error) {
	form = templates.ListForm{Title: r.text("title"), Replies: r.form.Get("replies"), Exclusive: r.on("exclusive")}
	l = store.List{Title: form.Title, Exclusive: form.Exclusive}
	l.Replies, err = store.ParseListReplies(form.Replies)
	return form, l, err
}

// namesake says so if another list of the viewer's has the name of l. Apps make
// such lists, as on Mastodon; who reads their names on a page can't tell them
// apart.
func (s *Server) namesake(r *request, l store.List) ([]templates.FieldError, error) {
	lists, err := s.db.Lists(r.Context(), r.viewerID())
	if err != nil {
		return nil, err
	}
	for _, other := range lists {
		if other.ID != l.ID && strings.EqualFold(other.Title, l.Title) {
			return []templates.FieldError{mistake("title", "lists.namesake", "name", other.Title)}, nil
		}
	}
	return nil, nil
}

// createList is POST /lists.
func (s *Server) createList(w http.ResponseWriter, r *request) error {
	form, l, err := r.listForm()
	errs := inputMistakes(err)
	if err == nil {
		errs, err = s.namesake(r, l)
	}
	if err == nil && errs == nil {
		err = s.db.CreateList(r.Context(), r.viewerID(), &l)
		errs = inputMistakes(err)
	}
	if errs != nil {
		return s.renderLists(w, r, http.StatusUnprocessableEntity, form, errs...)
	}
	if err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.saved")})
	return redirect(w, r, listPath(l.ID)+"/edit")
}

func listPath(id int64) string { return "/lists/" + strconv.FormatInt(id, 10) }

// listOfPath is the viewer's own list that a path names.
func (s *Server) listOfPath(r *request) (*store.List, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, err
	}
	return s.db.List(r.Context(), r.viewerID(), id)
}

// showListTimeline is /lists/{id}.
func (s *Server) showListTimeline(w http.ResponseWriter, r *request) error {
	l, err := s.listOfPath(r)
	if err != nil {
		return err
	}
	return s.renderListTimeline(w, r, http.StatusOK, l, showPanel("list", listPath(l.ID)+"/show", l.Omit))
}

// renderListTimeline shows what the accounts of a list write.
func (s *Server) renderListTimeline(w http.ResponseWriter, r *request, status int, l *store.List, panel *templates.ShowPanel, errs ...templates.FieldError) error {
	cursor := r.storeCursor(postsPerPage)
	cursor.Without = l.Omit
	page, err := s.db.ListTimeline(r.Context(), r.viewerID(), l.ID, cursor)
	if err != nil {
		return err
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	p := templates.ListTimelinePage{Frame: s.frame(r), Title: l.Title, ID: l.ID, Posts: c.in(store.FilterHome).posts(page.Posts),
		Pager: r.links(page.Older, page.Newer), Show: panel}
	p.NoIndex, p.Errors = true, errs
	return s.render(w, r, status, p)
}

// showListEdit is /lists/{id}/edit.
func (s *Server) showListEdit(w http.ResponseWriter, r *request) error {
	l, err := s.listOfPath(r)
	if err != nil {
		return err
	}
	return s.renderList(w, r, http.StatusOK, l.ID, listForm(l))
}

func (s *Server) renderList(w http.ResponseWriter, r *request, status int, id int64, form templates.ListForm, errs ...templates.FieldError) error {
	page, err := s.db.ListAccounts(r.Context(), r.viewerID(), id, r.storeCursor(peoplePerPage))
	if err != nil {
		return err
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	p := templates.ListPage{Frame: s.frame(r), ID: id, Form: form, Handle: r.form.Get("handle"), Pager: r.links(page.Older, page.Newer)}
	if p.People, err = c.people(r.Context(), page.Accounts); err != nil {
		return err
	}
	p.Errors = errs
	p.Filled = r.form.Get("seen")
	if p.Filled == "" || status == http.StatusConflict {
		saved, err := s.db.List(r.Context(), r.viewerID(), id)
		if err != nil {
			return err
		}
		p.Filled = seenOf(listTexts(saved, form))
	}
	return s.render(w, r, status, p)
}

// listTexts are those of a list's form that replace what is saved.
func listTexts(saved *store.List, form templates.ListForm) []savedText {
	return []savedText{{"title", saved.Title, form.Title}}
}

// updateList is POST /lists/{id}.
func (s *Server) updateList(w http.ResponseWriter, r *request) error {
	stored, err := s.listOfPath(r)
	if err != nil {
		return err
	}
	form, l, err := r.listForm()
	if errs := r.changed(listTexts(stored, form)); err == nil && errs != nil {
		return s.renderList(w, r, http.StatusConflict, stored.ID, form, errs...)
	}
	errs := inputMistakes(err)
	if l.ID = stored.ID; err == nil && l.Title != stored.Title {
		errs, err = s.namesake(r, l)
	}
	if err == nil && errs == nil {
		err = s.db.UpdateList(r.Context(), r.viewerID(), l)
		errs = inputMistakes(err)
	}
	if errs != nil {
		return s.renderList(w, r, http.StatusUnprocessableEntity, stored.ID, form, errs...)
	}
	if err != nil {
		return err
	}
	return s.backWith(w, r, listPath(l.ID)+"/edit", "flash.saved")
}

// updateListMember is POST /lists/{id}/members: account, and on=1 to add or on=0 to remove.
func (s *Server) updateListMember(w http.ResponseWriter, r *request) error {
	l, err := s.listOfPath(r)
	if err != nil {
		return err
	}
	if r.form.Has("handle") {
		return s.addToListByHandle(w, r, l)
	}
	do := s.db.RemoveFromList
	if r.on("on") {
		do = s.db.AddToList
	}
	err = do(r.Context(), r.viewerID(), l.ID, positive(r.form.Get("account")))
	if errors.Is(err, store.ErrForbidden) {
		return refuse(http.StatusForbidden, "lists.not_followed")
	}
	if err != nil {
		return refuseInput(err)
	}
	return s.backWith(w, r, listPath(l.ID)+"/edit", "flash.saved")
}

// showListDelete asks first: /lists/{id}/delete.
func (s *Server) showListDelete(w http.ResponseWriter, r *request) error {
	l, err := s.listOfPath(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, templates.ConfirmPage{
		Frame: s.frame(r), Title: templates.M("lists.delete_title", "name", l.Title), Body: []templates.Msg{templates.M("lists.delete_text")},
		Action: r.URL.Path, Button: "lists.delete", Danger: true, Cancel: listPath(l.ID) + "/edit",
	})
}

// deleteList is POST /lists/{id}/delete.
func (s *Server) deleteList(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if err := s.db.DeleteList(r.Context(), r.viewerID(), id); err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.list_deleted")})
	return redirect(w, r, "/lists")
}

// listForm is the form of a list as it is stored.
func listForm(l *store.List) templates.ListForm {
	return templates.ListForm{Title: l.Title, Replies: l.Replies.String(), Exclusive: l.Exclusive}
}

// addToListByHandle puts somebody into a list whose handle was typed.
func (s *Server) addToListByHandle(w http.ResponseWriter, r *request, l *store.List) error {
	a, err := s.accountAt(r, strings.TrimPrefix(r.text("handle"), "@"))
	if err == nil {
		err = s.db.AddToList(r.Context(), r.viewerID(), l.ID, a.ID)
	}
	key := ""
	switch {
	case errors.Is(err, store.ErrForbidden):
		key = "lists.not_followed"
	case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrGone):
		key = "lists.unknown"
	case err != nil:
		return refuseInput(err)
	}
	if key != "" {
		return s.renderList(w, r, http.StatusUnprocessableEntity, l.ID, listForm(l), mistake("handle", key))
	}
	return s.backWith(w, r, listPath(l.ID)+"/edit", "flash.saved")
}
