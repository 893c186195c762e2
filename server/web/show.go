package web

import (
	"errors"
	"net/http"
	"net/url"

	"seedling/store"
	"seedling/templates"
)

// shownKinds are the ticks of a timeline's panel. Each says what is shown; the
// store keeps what is left out.
var shownKinds = []struct {
	name string
	omit store.Omit
}{
	{"boosts", store.OmitBoosts}, {"replies", store.OmitReplies}, {"media", store.OmitMedia}, {"text", store.OmitText}, {"bots", store.OmitBots},
}

// offers says whether a timeline's panel has a tick: there are no boosts in the
// public ones.
func offers(kind string, o store.Omit) bool {
	return o != store.OmitBoosts || kind == "home" || kind == "list"
}

// showPanel is the panel of a timeline: home, list, local, bubble or federated.
func showPanel(kind, action string, omit store.Omit) *templates.ShowPanel {
	p := &templates.ShowPanel{Action: action}
	for _, k := range shownKinds {
		if offers(kind, k.omit) {
			p.Kinds = append(p.Kinds, templates.ShownKind{Name: k.name, On: omit&k.omit == 0})
		}
	}
	return p
}

// omitted reads the panel's form.
func (r *request) omitted(kind string) (omit store.Omit) {
	for _, k := range shownKinds {
		if offers(kind, k.omit) && !r.on(k.name) {
			omit |= k.omit
		}
	}
	return omit
}

// leftOut is what the viewer leaves out of one of the timelines that everybody has.
func (r *request) leftOut(kind string) store.Omit {
	if r.viewer == nil {
		return 0
	}
	return *r.viewer.Preferences.Omits.In(kind)
}

// updateShownIn is POST /home/show, and the same of /local, /bubble and /federated.
func (s *Server) updateShownIn(kind string) handler {
	path := "/" + kind
	return func(w http.ResponseWriter, r *request) error {
		omit := r.omitted(kind)
		err := s.db.SetOmit(r.Context(), r.viewerID(), kind, omit)
		if errs := showMistakes(err); errs != nil {
			r.URL = &url.URL{Path: path} // whose pages the links on it lead to
			return s.renderTimeline(w, r, http.StatusUnprocessableEntity, kind, showPanel(kind, path+"/show", omit), errs...)
		}
		if err != nil {
			return err
		}
		return s.backWith(w, r, path, "flash.saved")
	}
}

// updateListShown is POST /lists/{id}/show.
func (s *Server) updateListShown(w http.ResponseWriter, r *request) error {
	l, err := s.listOfPath(r)
	if err != nil {
		return err
	}
	omit := r.omitted("list")
	err = s.db.SetListOmit(r.Context(), r.viewerID(), l.ID, omit)
	if errs := showMistakes(err); errs != nil {
		r.URL = &url.URL{Path: listPath(l.ID)}
		return s.renderListTimeline(w, r, http.StatusUnprocessableEntity, l, showPanel("list", listPath(l.ID)+"/show", omit), errs...)
	}
	if err != nil {
		return err
	}
	return s.backWith(w, r, listPath(l.ID), "flash.saved")
}

// showMistakes says that the form would leave nothing to show.
func showMistakes(err error) []templates.FieldError {
	var input *store.InputError
	if !errors.As(err, &input) {
		return nil
	}
	return []templates.FieldError{mistake(input.Field, "timeline.show_nothing")}
}
