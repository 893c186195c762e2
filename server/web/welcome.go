package web

import (
	"errors"
	"net/http"
	"strings"

	"seedling/store"
	"seedling/templates"
)

// How much of each kind a new member is offered to follow.
const (
	welcomePeople = 12
	welcomeTags   = 12
)

// welcomePaths are the steps that a new member is led through.
var welcomePaths = [...]string{"/welcome/1", "/welcome/2", "/welcome/3"}

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

// profileOf is a member's profile as it stands, to change a part of it.
func profileOf(a *store.Account) store.Profile {
	return store.Profile{
		DisplayName: a.DisplayName, Bio: a.BioSource, Fields: a.Fields,
		Bot: a.Bot,
	}
}

// saveWelcomeProfile is POST /welcome/1.
func (s *Server) saveWelcomeProfile(w http.ResponseWriter, r *request) error {
	form := templates.ProfileForm{DisplayName: r.text("display_name"), Bio: strings.TrimSpace(r.form.Get("bio"))}
	if errs := s.savePictures(r); len(errs) > 0 {
		return s.renderWelcomeProfile(w, r, http.StatusUnprocessableEntity, form, errs...)
	}
	p := profileOf(r.viewer.Account)
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
	tags, err := s.db.ActiveTags(r.Context(), welcomeTags)
	if err != nil {
		return err
	}
	for _, t := range tags {
		p.Tags = append(p.Tags, templates.WelcomeTag{TagUse: templates.TagUse{Name: t.Text, URL: tagPath(t.Name), Posts: t.Posts, People: t.People}, On: r.chose("tag", t.Text)})
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

// showWelcomeLook is /welcome/3: who sees the member, and how pages look to them.
func (s *Server) showWelcomeLook(w http.ResponseWriter, r *request) error {
	a := r.viewer.Account
	p := s.welcomePage(r, 3)
	p.Lock, p.Discoverable = a.Locked, a.Discoverable
	p.Look, p.Locales = appearanceForm(r.viewer.Preferences), localeChoices()
	return s.render(w, r, http.StatusOK, p)
}

// saveWelcomeLook is POST /welcome/3.
func (s *Server) saveWelcomeLook(w http.ResponseWriter, r *request) error {
	look := appearanceForm(r.viewer.Preferences)
	look.Theme, look.Size, look.Locale = r.form.Get("theme"), r.form.Get("text_size"), r.form.Get("locale")
	seen := store.PrivacyChange{Locked: new(r.on("lock")), Discoverable: new(r.on("discoverable"))}
	preferences, errs := appearanceOf(r.viewer.Preferences, look)
	if len(errs) > 0 {
		p := s.welcomePage(r, 3, errs...)
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
