package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"seedling/store"
	"seedling/templates"
)

// showOptions is /@name/options: all that a member says about an account.
func (s *Server) showOptions(w http.ResponseWriter, r *request) error {
	a, err := s.otherOfPath(r)
	if err != nil {
		return err
	}
	return s.renderOptions(w, r, http.StatusOK, a, nil)
}

// renderOptions shows the page; note, if not nil, is what was typed.
func (s *Server) renderOptions(w http.ResponseWriter, r *request, status int, a *store.Account, note *string, errs ...templates.FieldError) error {
	rel, err := s.db.Relation(r.Context(), r.viewerID(), a.ID)
	if err != nil {
		return err
	}
	p := templates.OptionsPage{
		Frame: s.frame(r), Account: accountView(s.db, a, store.Member), Follows: rel.Following || rel.Requested, Following: rel.Following,
		Boosts: rel.Options.Boosts, Notify: rel.Options.Notify, Note: rel.Note, Endorsed: rel.Endorsed,
	}
	if note != nil {
		p.Note = *note
	}
	for _, l := range r.languagesByName() {
		p.Languages = append(p.Languages, templates.Ticked{Value: l.Value, Text: l.Text, On: slices.Contains(rel.Options.Languages, l.Value)})
	}
	if p.Lists, err = s.listTicks(r, a.ID); err != nil {
		return err
	}
	p.Errors = errs
	return s.render(w, r, status, p)
}

// listTicks are the member's lists, those with an account ticked.
func (s *Server) listTicks(r *request, accountID int64) ([]templates.Ticked, error) {
	lists, err := s.db.Lists(r.Context(), r.viewerID())
	if err != nil || len(lists) == 0 {
		return nil, err
	}
	with, err := s.db.ListsWith(r.Context(), r.viewerID(), accountID)
	if err != nil {
		return nil, err
	}
	ticks := make([]templates.Ticked, len(lists))
	for i, l := range lists {
		in := slices.ContainsFunc(with, func(o *store.List) bool { return o.ID == l.ID })
		ticks[i] = templates.Ticked{Value: strconv.FormatInt(l.ID, 10), Text: l.Title, On: in}
	}
	return ticks, nil
}

// updateOptions is POST /@name/options: what a follow brings.
func (s *Server) updateOptions(w http.ResponseWriter, r *request) error {
	a, err := s.otherOfPath(r)
	if err != nil {
		return err
	}
	o := store.FollowOptions{Boosts: r.on("boosts"), Notify: r.on("notify"), Languages: r.form["langs"]}
	err = s.db.SetFollowOptions(r.Context(), r.viewerID(), a.ID, o)
	if errs := inputMistakes(err); errs != nil {
		return s.renderOptions(w, r, http.StatusUnprocessableEntity, a, nil, errs...)
	}
	if err != nil {
		return err
	}
	return s.backWith(w, r, a.Path()+"/options", "flash.saved")
}

// updateNote is POST /@name/note.
func (s *Server) updateNote(w http.ResponseWriter, r *request) error {
	a, err := s.otherOfPath(r)
	if err != nil {
		return err
	}
	note := r.form.Get("note")
	err = s.db.SetNote(r.Context(), r.viewerID(), a.ID, note)
	if errs := inputMistakes(err); errs != nil {
		return s.renderOptions(w, r, http.StatusUnprocessableEntity, a, &note, errs...)
	}
	if err != nil {
		return err
	}
	return s.backWith(w, r, a.Path(), "flash.saved")
}

// updateLists is POST /@name/lists: the account stands in the ticked lists and in no others.
func (s *Server) updateLists(w http.ResponseWriter, r *request) error {
	a, err := s.otherOfPath(r)
	if err != nil {
		return err
	}
	ticks, err := s.listTicks(r, a.ID)
	if err != nil {
		return err
	}
	for _, tick := range ticks {
		wanted := slices.Contains(r.form["lists"], tick.Value)
		if wanted == tick.On {
			continue
		}
		do := s.db.RemoveFromList
		if wanted {
			do = s.db.AddToList
		}
		err := do(r.Context(), r.viewerID(), positive(tick.Value), a.ID)
		if errors.Is(err, store.ErrForbidden) {
			return refuse(http.StatusForbidden, "lists.not_followed", "name", a.Name())
		}
		if err != nil {
			return refuseInput(err)
		}
	}
	return s.backWith(w, r, a.Path()+"/options", "flash.saved")
}

// updateEndorsement is POST /@name/endorse: on=1 features the account on the member's profile.
func (s *Server) updateEndorsement(w http.ResponseWriter, r *request) error {
	a, err := s.otherOfPath(r)
	if err != nil {
		return err
	}
	do := s.db.Unendorse
	if r.on("on") {
		do = s.db.Endorse
	}
	err = do(r.Context(), r.viewerID(), a.ID)
	if errors.Is(err, store.ErrForbidden) {
		return refuse(http.StatusForbidden, "options.no_feature")
	}
	if err != nil {
		return err
	}
	return s.backWith(w, r, a.Path()+"/options", "flash.saved")
}

// hideBoosts is POST /@name/hide-boosts: on=1 keeps an account's boosts out of home.
func (s *Server) hideBoosts(w http.ResponseWriter, r *request) error {
	a, err := s.otherOfPath(r)
	if err != nil {
		return err
	}
	rel, err := s.db.Relation(r.Context(), r.viewerID(), a.ID)
	if err != nil {
		return err
	}
	rel.Options.Boosts = !r.on("on")
	if err := s.db.SetFollowOptions(r.Context(), r.viewerID(), a.ID, rel.Options); err != nil {
		return err
	}
	return s.backWith(w, r, a.Path(), "flash.saved")
}

// removeFollower is POST /@name/remove-follower.
func (s *Server) removeFollower(w http.ResponseWriter, r *request) error {
	a, err := s.otherOfPath(r)
	if err != nil {
		return err
	}
	if err := s.db.RejectFollow(r.Context(), r.viewerID(), a.ID); err != nil {
		return err
	}
	return s.backWith(w, r, a.Path(), "flash.follower_removed", "name", a.Name())
}
