package web

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"seedling/store"
	"seedling/store/content"
	"seedling/templates"
)

// Limits of the report form.
const (
	reportPosts     = 15  // posts that are offered
	maxReportValues = 100 // rules or posts that one request may name
	reportedExcerpt = 200 // characters of a post
)

// reporting is a report that is being made: about whom, and what was answered.
type reporting struct {
	path    string
	account *store.Account
	post    *store.PostView // nil: the account was reported, no post of it
	form    templates.ReportForm
}

// readReporting finds what /report/{what} is about, a post by its number or an
// account by its handle, and reads the answers of the steps before.
func (s *Server) readReporting(r *request, values url.Values) (*reporting, error) {
	what := r.param("what")
	in := &reporting{path: "/report/" + what}
	if id := positive(what); id != 0 {
		v, err := s.db.PostVisibleTo(r.Context(), id, r.asViewer())
		if err != nil {
			return nil, err
		}
		in.post, in.account = v, v.Author
	} else {
		a, err := s.reportable(r.Context(), strings.TrimPrefix(what, "@"))
		if err != nil {
			return nil, err
		}
		in.account = a
	}
	if in.account.ID == r.viewerID() {
		return nil, refuse(http.StatusForbidden, "report.error_self")
	}
	in.form = templates.ReportForm{Category: values.Get("category"), Comment: values.Get("comment"), Forward: values.Get("forward") == "1", Token: values.Get("token"),
		Rules: bounded(values["rule"]), Posts: bounded(values["post"])}
	if in.form.Token == "" || len(in.form.Token) > maxToken {
		in.form.Token = rand.Text()
	}
	if in.post != nil && values.Get("step") == "" && values.Get("token") == "" {
		in.form.Posts = []string{strconv.FormatInt(in.post.ID, 10)}
	}
	return in, nil
}

// bounded keeps the numbers of a list of values.
func bounded(values []string) []string {
	var list []string
	for _, v := range values[:min(len(values), maxReportValues)] {
		if n, err := strconv.ParseInt(v, 10, 64); err == nil && n >= 0 {
			list = append(list, strconv.FormatInt(n, 10))
		}
	}
	return list
}

// reportable is somebody who can be reported, by their handle.
func (s *Server) reportable(ctx context.Context, name string) (*store.Account, error) {
	h, err := content.ParseHandle(name)
	if err != nil {
		return nil, store.ErrNotFound
	}
	a, err := s.db.AccountByHandle(ctx, h)
	if err == nil && a.State != store.AccountActive {
		err = store.ErrNotFound
	}
	return a, err
}

// showReport is GET /report/{what}: the steps before the last are links in a
// way, so that Back works and nothing is stored.
func (s *Server) showReport(w http.ResponseWriter, r *request) error {
	in, err := s.readReporting(r, r.URL.Query())
	if err != nil {
		return err
	}
	step := r.query("step")
	category, known := store.ParseReportCategory(in.form.Category)
	switch {
	case step == "done":
		return s.renderReport(w, r, http.StatusOK, in, "done")
	case step != "posts" && step != "comment":
		return s.renderReport(w, r, http.StatusOK, in, "what")
	case !known:
		return s.renderReport(w, r, http.StatusUnprocessableEntity, in, "what", mistake("category", "report.error_category"))
	case category == store.ReportRule && len(in.form.Rules) == 0:
		return s.renderReport(w, r, http.StatusUnprocessableEntity, in, "what", mistake("rule", "report.error_rule"))
	}
	return s.renderReport(w, r, http.StatusOK, in, step)
}

// createReport is POST /report/{what}, the last step.
func (s *Server) createReport(w http.ResponseWriter, r *request) error {
	in, err := s.readReporting(r, r.form)
	if err != nil {
		return err
	}
	category, known := store.ParseReportCategory(in.form.Category)
	if !known {
		return s.renderReport(w, r, http.StatusUnprocessableEntity, in, "what", mistake("category", "report.error_category"))
	}
	n := store.NewReport{ReporterID: r.viewerID(), AccountID: in.account.ID, Category: category, Comment: in.form.Comment, Forward: in.form.Forward, Token: in.form.Token}
	for _, v := range in.form.Posts {
		n.PostIDs = append(n.PostIDs, positive(v))
	}
	for _, v := range in.form.Rules {
		i, _ := strconv.Atoi(v)
		n.Rules = append(n.Rules, i)
	}
	_, err = s.db.CreateReport(r.Context(), n)
	var no *store.ReportError
	if errors.As(err, &no) {
		return s.refuseReport(w, r, in, no)
	}
	if err != nil {
		return err
	}
	done := in.path + "?step=done"
	if in.form.Forward && !in.account.Local() {
		done += "&forward=1"
	}
	return redirect(w, r, done)
}

// refuseReport shows the step again in which something was too much.
func (s *Server) refuseReport(w http.ResponseWriter, r *request, in *reporting, no *store.ReportError) error {
	step, e := "comment", mistake("", "report.error_many", "n", no.Limit)
	switch no.Problem {
	case store.ReportTooLong:
		e = mistake("comment", "report.error_comment", "n", no.Limit)
	case store.ReportPosts:
		step, e = "posts", mistake("post", "report.error_posts", "n", no.Limit)
	case store.ReportNoRule:
		step, e = "what", mistake("rule", "report.error_rule")
	}
	return s.renderReport(w, r, http.StatusUnprocessableEntity, in, step, e)
}

func (s *Server) renderReport(w http.ResponseWriter, r *request, status int, in *reporting, step string, errs ...templates.FieldError) error {
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	p := templates.ReportPage{Frame: s.frame(r), Step: step, Path: in.path, Account: c.account(in.account), Form: in.form}
	p.Errors, p.NoIndex = errs, true
	switch step {
	case "what":
		p.Rules, err = s.reportRules(r.Context(), in.form.Rules)
		if len(p.Rules) == 0 && len(errs) > 0 && errs[0].Field == "rule" { // they were all taken away meanwhile
			p.Errors = []templates.FieldError{mistake("category", "report.error_category")}
		}
	case "posts":
		p.Posts, err = s.reportChoices(r, in)
	case "done":
		var rel store.Relation
		rel, err = s.db.Relation(r.Context(), r.viewerID(), in.account.ID)
		p.Blocking, p.Muting = rel.Blocking, rel.Muting
	}
	if err != nil {
		return err
	}
	return s.render(w, r, status, p)
}

func (s *Server) reportRules(ctx context.Context, chosen []string) ([]templates.CheckChoice, error) {
	settings, err := s.db.Settings(ctx)
	if err != nil {
		return nil, err
	}
	var list []templates.CheckChoice
	for i, rule := range settings.Rules {
		n := strconv.Itoa(i)
		list = append(list, templates.CheckChoice{Value: n, Text: rule, On: slices.Contains(chosen, n)})
	}
	return list, nil
}

// reportChoices are the post that was reported and the newest of its author.
func (s *Server) reportChoices(r *request, in *reporting) ([]templates.CheckChoice, error) {
	page, err := s.db.ProfileTimeline(r.Context(), in.account.ID, store.ProfileReplies, r.asViewer(), store.Cursor{Limit: reportPosts})
	if err != nil {
		return nil, err
	}
	views := page.Posts
	if in.post != nil {
		views = append([]*store.PostView{in.post}, slices.DeleteFunc(views, func(v *store.PostView) bool { return v.ID == in.post.ID })...)
	}
	var list []templates.CheckChoice
	for _, v := range views {
		if v.AccountID != in.account.ID { // a boost
			continue
		}
		id := strconv.FormatInt(v.ID, 10)
		choice := templates.CheckChoice{Value: id, Text: excerptOf(v), At: s.moment(r, v.CreatedAt), On: slices.Contains(in.form.Posts, id)}
		if choice.Text == "" {
			choice.Text = s.words(r).T("report.no_words")
		}
		list = append(list, choice)
	}
	return list, nil
}

// excerptOf is a post in a line: its warning or title, else how it begins.
func excerptOf(v *store.PostView) string {
	for _, text := range []string{v.ContentWarning, v.Title} {
		if text != "" {
			return text
		}
	}
	return content.Excerpt(text(v), reportedExcerpt)
}
