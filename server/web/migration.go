package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"seedling/store"
	"seedling/store/content"
	"seedling/templates"
)

// Fresh reads an account of another server anew. Its errors are those of Lookup.
type Fresh func(ctx context.Context, accountID int64) error

// migrationForm is what was typed on /settings/migration.
type migrationForm struct{ alias, target string }

// showMigration is /settings/migration: the accounts from which a member may
// move here, and the move from here to another.
func (s *Server) showMigration(w http.ResponseWriter, r *request) error {
	return s.renderMigration(w, r, http.StatusOK, migrationForm{})
}

func (s *Server) renderMigration(w http.ResponseWriter, r *request, status int, form migrationForm, errs ...templates.FieldError) error {
	a := r.viewer.Account
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	p := templates.MigrationPage{Frame: s.frame(r), Handle: s.db.Handle(a).String(), Alias: form.alias, Target: form.target, MovedURL: webAddress(a.MovedToURI)}
	p.Errors = errs
	if p.MovedTo, err = s.movedTo(r, c, a); err != nil {
		return err
	}
	known, err := s.db.AccountsByURI(r.Context(), a.AlsoKnownAs)
	if err != nil {
		return err
	}
	for _, uri := range a.AlsoKnownAs {
		row := templates.AliasRow{URI: uri, Name: uri}
		if other := known[uri]; other != nil {
			row.Name, row.URL = s.db.Handle(other).String(), other.Path()
		}
		p.Aliases = append(p.Aliases, row)
	}
	return s.render(w, r, status, p)
}

// createAlias is POST /settings/migration/alias.
func (s *Server) createAlias(w http.ResponseWriter, r *request) error {
	form := migrationForm{alias: r.text("alias")}
	other, wrong, err := s.accountNamed(r, form.alias, "alias")
	if err != nil {
		return err
	}
	if wrong == nil {
		wrong, err = aliasMistake(s.db.AddAlias(r.Context(), r.viewerID(), other.URI))
	}
	if err != nil {
		return err
	}
	if wrong != nil {
		return s.renderMigration(w, r, http.StatusUnprocessableEntity, form, *wrong)
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.saved")})
	return redirect(w, r, "/settings/migration")
}

// aliasMistake words why an alias can't be added.
func aliasMistake(err error) (*templates.FieldError, error) {
	var many *store.ProfileError
	switch {
	case errors.As(err, &many):
		return wrongly("alias", "migration.many", "n", many.Limit), nil
	case errors.Is(err, store.ErrForbidden):
		return wrongly("alias", "error.self"), nil
	}
	return nil, err
}

func wrongly(field, key string, args ...any) *templates.FieldError {
	m := mistake(field, key, args...)
	return &m
}

// deleteAlias is POST /settings/migration/alias/remove. One that is gone already
// is what was wanted.
func (s *Server) deleteAlias(w http.ResponseWriter, r *request) error {
	if err := s.db.RemoveAlias(r.Context(), r.viewerID(), r.form.Get("uri")); err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.saved")})
	return redirect(w, r, "/settings/migration")
}

// moveAccount is POST /settings/migration/move: the viewer's followers go to
// another account, which is read anew, since it must name this one.
func (s *Server) moveAccount(w http.ResponseWriter, r *request) error {
	form := migrationForm{target: r.text("target")}
	again := func(w http.ResponseWriter, r *request, status int, errs ...templates.FieldError) error {
		return s.renderMigration(w, r, status, form, errs...)
	}
	if ok, err := s.confirmPassword(w, r, "password", again); !ok {
		return err
	}
	target, wrong, err := s.accountNamed(r, form.target, "target")
	if err == nil && wrong == nil {
		wrong, err = s.readAnew(r, target, form.target)
	}
	if err == nil && wrong == nil {
		wrong, err = moveMistake(s.db.MoveAccount(r.Context(), r.viewerID(), target.ID), s.db.Handle(r.viewer.Account).String())
	}
	if err != nil {
		return err
	}
	if wrong != nil {
		return again(w, r, http.StatusUnprocessableEntity, *wrong)
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.moved")})
	return redirect(w, r, "/settings/migration")
}

// moveMistake words why an account can't move.
func moveMistake(err error, own string) (*templates.FieldError, error) {
	var no *store.MoveError
	if !errors.As(err, &no) {
		return nil, err
	}
	key := map[store.MoveProblem]string{
		store.MoveToItself: "error.self", store.MoveNotThere: "migration.gone", store.MoveNoAlias: "migration.no_alias",
		store.MoveChain: "migration.chain", store.MoveTooSoon: "migration.too_soon",
	}[no.Problem]
	return wrongly("target", key, "handle", own), nil
}

// returnHome is POST /settings/migration/return.
func (s *Server) returnHome(w http.ResponseWriter, r *request) error {
	if err := s.db.ReturnHome(r.Context(), r.viewerID()); err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.saved")})
	return redirect(w, r, "/settings/migration")
}

// accountNamed finds the account that a member named in a field by its handle or
// address, or says what is wrong with it.
func (s *Server) accountNamed(r *request, text, field string) (*store.Account, *templates.FieldError, error) {
	h, err := content.ParseHandle(text)
	if webAddress(text) == "" && err != nil || len(text) > maxQuery {
		return nil, wrongly(field, "error.handle"), nil
	}
	a, err := s.db.AccountByHandle(r.Context(), h)
	if webAddress(text) != "" {
		a, err = s.db.AccountByURI(r.Context(), text)
	}
	if errors.Is(err, store.ErrNotFound) && webAddress(text) == "" && h.Host == "" {
		return nil, wrongly(field, "error.handle"), nil // a bare name is one of this server
	}
	if errors.Is(err, store.ErrNotFound) && s.lookup != nil {
		a, err = s.lookUpAccount(r, text)
	}
	if err == nil && a.State == store.AccountDeleted {
		err = store.ErrNotFound
	}
	if err == nil {
		return a, nil, nil
	}
	return s.unfound(err, text, field)
}

func (s *Server) unfound(err error, text, field string) (*store.Account, *templates.FieldError, error) {
	sentence, err := s.lookupSentence(err, text)
	if err != nil {
		return nil, nil, err
	}
	if sentence == nil {
		return nil, wrongly(field, "lookup.not_found", "host", s.db.Host()), nil
	}
	return nil, &templates.FieldError{Field: field, Msg: *sentence}, nil
}

func (s *Server) lookUpAccount(r *request, text string) (*store.Account, error) {
	ctx, cancel := context.WithTimeout(r.Context(), lookupWait)
	defer cancel()
	found, err := s.lookup(ctx, strings.TrimSpace(text))
	if err != nil {
		return nil, err
	}
	if found.AccountID == 0 {
		return nil, store.ErrNotFound
	}
	return s.db.Account(ctx, found.AccountID)
}

// readAnew reads one account anew before something depends on what it says.
func (s *Server) readAnew(r *request, a *store.Account, text string) (*templates.FieldError, error) {
	if a.Local() || s.fresh == nil {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(r.Context(), lookupWait)
	defer cancel()
	if err := s.fresh(ctx, a.ID); err != nil {
		_, wrong, err := s.unfound(err, text, "target")
		return wrong, err
	}
	return nil, nil
}
