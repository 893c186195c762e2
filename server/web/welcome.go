package web

import (
	"errors"
	"net/http"
	"strings"

	"seedling/store"
	"seedling/store/content"
	"seedling/templates"
)

// How much of each kind a new member is offered to follow.
const (
	welcomePeople = 12
	welcomeTags   = 12
)

// welcomePaths are the steps that a new member is led through.
var welcomePaths = [...]string{"/welcome/1", "/welcome/2", "/welcome/3", "/welcome/4"}

func (s *Server) welcomePage(r *request, step int, errs ...templates.FieldError) templates.WelcomePage {
	p := templates.WelcomePage{Frame: s.frame(r), Step: step, Steps: len(welcomePaths), Next: "/home"}
	p.Action = welcomePaths[step-1]
	if step > 1 {
		p.Before = welcomePaths[step-2]
	}
	if step < len(welcomePaths) {
		p.Next = welcomePaths[step]
	}
	p.Errors = errs
	return p
}

// showWelcomeProfile is /welcome/1: how others see the new member.
func (s *Server) showWelcomeProfile(w http.ResponseWriter, r *request) error {
	a := r.viewer.Account
	return s.renderWelcomeProfile(w, r, http.StatusOK, templates.ProfileForm{DisplayName: a.DisplayName, Bio: a.BioSource})
}

func (s *Server) renderWelcomeProfile(w http.ResponseWriter, r *request, status int, form templates.ProfileForm, errs ...templates.FieldError) error {
	p := s.welcomePage(r, 1, errs...)
	p.Profile, p.Pictures = form, s.pictureForms(r)[:1]
	return s.render(w, r, status, p)
}

// saveWelcomeProfile is POST /welcome/1.
func (s *Server) saveWelcomeProfile(w http.ResponseWriter, r *request) error {
	form := templates.ProfileForm{DisplayName: r.text("display_name"), Bio: strings.TrimSpace(r.form.Get("bio"))}
	if errs := s.savePictures(r); len(errs) > 0 {
		return s.renderWelcomeProfile(w, r, http.StatusUnprocessableEntity, form, errs...)
	}
	p := r.viewer.Account.Profile()
	p.DisplayName, p.Bio = form.DisplayName, form.Bio
	err := s.db.UpdateProfile(r.Context(), r.viewerID(), p)
	var long *store.ProfileError
	if errors.As(err, &long) {
		return s.renderWelcomeProfile(w, r, http.StatusUnprocessableEntity, form, mistake(long.Part, profileMistake(long.Part), "n", long.Limit))
	}
	if err != nil {
		return err
	}
	return redirect(w, r, welcomePaths[1])
}

// showWelcomeFollow is /welcome/2: people of this server, and hashtags in use.
func (s *Server) showWelcomeFollow(w http.ResponseWriter, r *request) error {
	return s.renderWelcomeFollow(w, r, http.StatusOK, "")
}

func (s *Server) renderWelcomeFollow(w http.ResponseWriter, r *request, status int, typed string, errs ...templates.FieldError) error {
	p := s.welcomePage(r, 2, errs...)
	p.Typed = typed
	people, err := s.db.Suggestions(r.Context(), r.asViewer(), welcomePeople)
	if err != nil {
		return err
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	if p.People, err = c.people(r.Context(), people); err != nil {
		return err
	}
	tags, err := s.tagsInUse(r, welcomeTags)
	if err != nil {
		return err
	}
	for _, t := range tags {
		p.Tags = append(p.Tags, templates.WelcomeTag{TagUse: t, On: r.chose("tag", t.Name)})
	}
	return s.render(w, r, status, p)
}

// chose says whether value is among those of a field.
func (r *request) chose(field, value string) bool {
	for _, v := range r.form[field] {
		if v == value {
			return true
		}
	}
	return false
}

// followWelcomeTags is POST /welcome/2: the hashtags that were ticked or typed.
func (s *Server) followWelcomeTags(w http.ResponseWriter, r *request) error {
	typed := strings.TrimSpace(r.form.Get("tags"))
	tags := append(strings.FieldsFunc(typed, func(c rune) bool { return strings.ContainsRune(", \t\r\n", c) }), r.form["tag"]...)
	for _, tag := range tags {
		_, err := s.db.FollowTag(r.Context(), r.viewerID(), strings.TrimPrefix(tag, "#"))
		if inputMistakes(err) != nil {
			return s.renderWelcomeFollow(w, r, http.StatusUnprocessableEntity, typed, mistake("tags", "tags.wrong"))
		}
		if err != nil {
			return err
		}
	}
	return redirect(w, r, welcomePaths[2])
}

// showWelcomeHandles is /welcome/3: people whom the new member knows from elsewhere.
func (s *Server) showWelcomeHandles(w http.ResponseWriter, r *request) error {
	return s.render(w, r, http.StatusOK, s.welcomePage(r, 3))
}

// followWelcomeHandles is POST /welcome/3: handles, as they were pasted.
func (s *Server) followWelcomeHandles(w http.ResponseWriter, r *request) error {
	typed := strings.TrimSpace(r.form.Get("handles"))
	again := func(m templates.FieldError) error {
		p := s.welcomePage(r, 3, m)
		p.Typed = typed
		return s.render(w, r, http.StatusUnprocessableEntity, p)
	}
	var handles []content.Handle
	for _, word := range strings.FieldsFunc(typed, func(c rune) bool { return strings.ContainsRune(",; \t\r\n", c) }) {
		h, err := content.ParseHandle(word)
		if err != nil {
			return again(mistake("handles", "welcome.handle_wrong", "handle", word))
		}
		handles = append(handles, h)
	}
	now, later, err := s.db.FollowHandles(r.Context(), r.viewerID(), handles)
	var many *store.InputError
	if errors.As(err, &many) {
		return again(mistake("handles", "welcome.handles_many", "n", many.Limit))
	}
	if err != nil {
		return err
	}
	if later > 0 {
		s.flash(w, templates.Flash{Msg: templates.M("flash.handles_later", "n", later)})
	} else if now > 0 {
		s.flash(w, templates.Flash{Msg: templates.M("flash.handles_now", "n", now)})
	}
	return redirect(w, r, welcomePaths[3])
}

// showWelcomeLook is /welcome/4: who sees the member, and how pages look to them.
func (s *Server) showWelcomeLook(w http.ResponseWriter, r *request) error {
	a := r.viewer.Account
	p := s.welcomePage(r, 4)
	p.Lock, p.Discoverable = a.Locked, a.Discoverable
	p.Look, p.Locales = appearanceForm(r.viewer.Preferences), localeChoices()
	return s.render(w, r, http.StatusOK, p)
}

// saveWelcomeLook is POST /welcome/4.
func (s *Server) saveWelcomeLook(w http.ResponseWriter, r *request) error {
	look := appearanceForm(r.viewer.Preferences)
	look.Theme, look.Size, look.Locale = r.form.Get("theme"), r.form.Get("text_size"), r.form.Get("locale")
	seen := store.PrivacyChange{Locked: new(r.on("lock")), Discoverable: new(r.on("discoverable"))}
	preferences, errs := appearanceOf(r.viewer.Preferences, look)
	if len(errs) > 0 {
		p := s.welcomePage(r, 4, errs...)
		p.Lock, p.Discoverable = *seen.Locked, *seen.Discoverable
		p.Look, p.Locales = look, localeChoices()
		return s.render(w, r, http.StatusUnprocessableEntity, p)
	}
	if err := s.db.SetPreferences(r.Context(), r.viewerID(), preferences); err != nil {
		return err
	}
	if err := s.db.ChangePrivacy(r.Context(), r.viewerID(), seen); err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.saved")})
	return redirect(w, r, "/home")
}
