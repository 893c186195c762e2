package web

import (
	"net/http"

	"seedling/store"
	"seedling/templates"
)

// showPushWorker is /push-worker.js: what a browser runs when it is woken. It
// stands at the top, since a worker's pages are those below it (Service Workers
// §5, "scope").
func (s *Server) showPushWorker(w http.ResponseWriter, _ *request) error {
	s.assets.ServeWorker(w, "js/pushworker.js")
	return nil
}

// renderNotificationSettings adds the browsers and apps that are woken, and the
// key with which this browser can be one of them.
func (s *Server) renderNotificationSettings(w http.ResponseWriter, r *request, status int, p templates.NotificationSettingsPage) error {
	list, err := s.db.Woken(r.Context(), r.viewerID())
	if err != nil {
		return err
	}
	here := false
	for _, v := range list {
		row := templates.Woken{ID: v.ID, Name: v.App, Since: s.moment(r, v.Since), Here: v.SessionID == r.session.ID}
		if v.SessionID != 0 {
			row.Name = browserName(s.words(r), v.UserAgent)
		}
		here = here || row.Here
		p.Woken = append(p.Woken, row)
	}
	if !here {
		if _, p.Key, err = s.db.PushKey(r.Context()); err != nil {
			return err
		}
	}
	return s.render(w, r, status, p)
}

// wakeBrowser is POST /settings/notifications/browser: this browser is woken for
// all that the member wants pushed, until its session ends.
func (s *Server) wakeBrowser(w http.ResponseWriter, r *request) error {
	err := s.db.SubscribePush(r.Context(), &store.PushSubscription{
		AccountID: r.viewerID(), SessionID: r.session.ID, Kinds: store.NotificationKinds(), Locale: r.language().Code,
		Endpoint: r.form.Get("endpoint"), PublicKey: r.form.Get("p256dh"), Auth: r.form.Get("auth"),
	})
	if inputMistakes(err) != nil {
		return refuse(http.StatusUnprocessableEntity, "told.wake_failed")
	}
	if err != nil {
		return err
	}
	return s.backWith(w, r, "/settings/notifications", "flash.woken")
}

// letSleep is POST /settings/notifications/woken/{id}/remove.
func (s *Server) letSleep(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if err := s.db.LetSleep(r.Context(), r.viewerID(), id); err != nil {
		return err
	}
	return s.backWith(w, r, "/settings/notifications", "flash.asleep")
}
