package web

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"seedling/store"
	"seedling/templates"
)

// The first run has five steps: what the address is and the owner (setup.go),
// and then, for whoever became owner, words and rules, storage, and a test of what
// other servers need. A reload of any of them changes nothing.
const setupSteps = 5

// reachTime is how long the server may take to reach itself from outside.
const reachTime = 3 * time.Second

func setupPath(step int) string { return "/setup/" + strconv.Itoa(step) }

func (s *Server) setupStep(r *request, step int) templates.SetupStepPage {
	p := templates.SetupStepPage{Frame: s.frame(r), Step: step, Steps: setupSteps}
	p.NoIndex = true
	return p
}

// showSetupStart is /setup/1 and /setup/2: what the address is, and the owner,
// are asked on one page, which the link on the console leads to.
func (s *Server) showSetupStart(w http.ResponseWriter, r *request) error {
	return redirect(w, r, "/setup?key="+url.QueryEscape(r.query("key")))
}

// fillAddress says what the address is, which can't be changed later, and what
// can be told about it from here.
func (s *Server) fillAddress(r *request, p *templates.SetupPage) {
	p.Address, p.Handle = s.db.URL(), "@name@"+s.db.AccountDomain()
	if s.db.AccountDomain() != s.db.Host() {
		p.Elsewhere = s.db.AccountDomain()
	}
	p.Checks = s.checkAddress(r)
}

// checkAddress looks at the public URL and at how this request came.
func (s *Server) checkAddress(r *request) []templates.Check {
	u, err := url.Parse(s.db.URL())
	host := ""
	if err == nil {
		host = u.Hostname()
	}
	checks := []templates.Check{
		{Key: "https", OK: s.secure},
		{Key: "name", OK: strings.Contains(host, ".") && net.ParseIP(host) == nil, Detail: host},
		{Key: "here", OK: strings.EqualFold(r.Host, s.db.Host()), Detail: r.Host},
	}
	if year := s.now().Year(); year < 2026 || year > 2100 {
		checks = append(checks, templates.Check{Key: "clock", Detail: s.now().UTC().Format(time.RFC3339)})
	}
	return checks
}

// showSetupPlace is /setup/3: what the place is called, and its rules.
func (s *Server) showSetupPlace(w http.ResponseWriter, r *request) error {
	v, err := s.db.Settings(r.Context())
	if err != nil {
		return err
	}
	p := s.setupStep(r, 3)
	p.Form = templates.SetupForm{Title: v.Name, Description: v.Description, JoinMode: string(v.Registrations)}
	p.Rules, p.ContactEmail = strings.Join(v.Rules, "\n"), v.ContactEmail
	return s.renderSetupPlace(w, r, http.StatusOK, p)
}

func (s *Server) renderSetupPlace(w http.ResponseWriter, r *request, status int, p templates.SetupStepPage, errs ...templates.FieldError) error {
	p.Action, p.Next = setupPath(3), setupPath(4)
	p.Errors = errs
	return s.render(w, r, status, p)
}

// saveSetupPlace is POST /setup/3.
func (s *Server) saveSetupPlace(w http.ResponseWriter, r *request) error {
	p := s.setupStep(r, 3)
	p.Form = templates.SetupForm{Title: r.text("title"), Description: strings.TrimSpace(r.form.Get("description")), JoinMode: r.form.Get("join_mode")}
	p.Rules, p.ContactEmail = strings.TrimSpace(r.form.Get("rules")), r.text("contact_email")
	err := s.db.SetSettings(r.Context(), map[string]string{"name": p.Form.Title, "description": p.Form.Description, "registrations": p.Form.JoinMode,
		"rules": p.Rules, "contact_email": p.ContactEmail})
	return s.afterSetup(w, r, err, 4, func(m templates.FieldError) error {
		return s.renderSetupPlace(w, r, http.StatusUnprocessableEntity, p, m)
	})
}

// afterSetup goes on to the next step, or shows the form again with what is wrong.
func (s *Server) afterSetup(w http.ResponseWriter, r *request, err error, next int, again func(templates.FieldError) error) error {
	var wrong *store.SettingError
	if errors.As(err, &wrong) {
		return again(settingMistake(wrong))
	}
	if err != nil {
		return err
	}
	return redirect(w, r, setupPath(next))
}

// showSetupStorage is /setup/4: how much room there is, and for what.
func (s *Server) showSetupStorage(w http.ResponseWriter, r *request) error {
	v, err := s.db.Settings(r.Context())
	if err != nil {
		return err
	}
	return s.renderSetupStorage(w, r, http.StatusOK, strconv.Itoa(v.MediaCache), strconv.Itoa(v.BackupsKept))
}

func (s *Server) renderSetupStorage(w http.ResponseWriter, r *request, status int, cache, kept string, errs ...templates.FieldError) error {
	p, disk := s.setupStep(r, 4), s.db.DiskUse()
	p.Action, p.Before, p.Next = setupPath(4), setupPath(3), setupPath(5)
	p.Cache, p.Kept, p.Folder, p.Free, p.FreeKnown = cache, kept, s.db.BackupFolder(), disk.Free, disk.FreeKnown
	p.Errors = errs
	return s.render(w, r, status, p)
}

// saveSetupStorage is POST /setup/4.
func (s *Server) saveSetupStorage(w http.ResponseWriter, r *request) error {
	cache, kept := r.text("media_cache"), r.text("backups_kept")
	err := s.db.SetSettings(r.Context(), map[string]string{"media_cache": cache, "backups_kept": kept})
	return s.afterSetup(w, r, err, 5, func(m templates.FieldError) error {
		return s.renderSetupStorage(w, r, http.StatusUnprocessableEntity, cache, kept, m)
	})
}

// showSelfTest is /setup/5: whether other servers would find what they need.
func (s *Server) showSelfTest(w http.ResponseWriter, r *request) error {
	p := s.setupStep(r, setupSteps)
	p.Before, p.Next = setupPath(4), welcomePaths[0]
	if s.documents != nil {
		for _, c := range s.documents.SelfTest(r.Context(), r.viewer.Account) {
			p.Checks = append(p.Checks, checkView(string(c.Kind), c.Err))
		}
	}
	if s.reach != nil {
		ctx, cancel := context.WithTimeout(r.Context(), reachTime)
		defer cancel()
		p.Checks = append(p.Checks, checkView("reach", s.reach(ctx)))
	}
	return s.render(w, r, http.StatusOK, p)
}

func checkView(key string, err error) templates.Check {
	c := templates.Check{Key: key, OK: err == nil}
	if err != nil {
		c.Detail = err.Error()
	}
	return c
}
