package web

import (
	"errors"
	"net/http"
	"strconv"

	"seedling/store"
	"seedling/templates"
)

const reportsPerPage = 30

// showReports is /mod/reports: the open ones, or with ?show=resolved the others.
func (s *Server) showReports(w http.ResponseWriter, r *request) error {
	open := r.query("show") != "resolved"
	page, err := s.db.Reports(r.Context(), open, 0, r.storeCursor(reportsPerPage))
	if err != nil {
		return err
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	p := templates.ReportsPage{Frame: s.frame(r), Open: open, Pager: r.links(page.Older, page.Newer), Tabs: []templates.Tab{
		{Key: "reports.tab_open", URL: "/mod/reports", Icon: "flag", Current: open},
		{Key: "reports.tab_resolved", URL: "/mod/reports?show=resolved", Icon: "check", Current: !open},
		{Key: "members.mod_title", URL: "/mod", Icon: "clock"},
	}}
	c.meetInReports(page.Reports...)
	for _, report := range page.Reports {
		p.Rows = append(p.Rows, c.report(report))
	}
	return s.render(w, r, http.StatusOK, p)
}

// meetInReports loads the emoji of all whom reports name, at once.
func (c *cards) meetInReports(reports ...*store.Report) {
	var all []*store.Account
	for _, r := range reports {
		for _, a := range []*store.Account{r.Account, r.Reporter, r.Assigned, r.Resolved} {
			if a != nil {
				all = append(all, a)
			}
		}
	}
	c.meet(all...)
}

func (c *cards) report(r *store.Report) templates.Report {
	v := templates.Report{
		ID: r.ID, Account: c.account(r.Account), Host: r.Host, Category: "reports.category_" + r.Category.String(), Rules: r.Rules,
		Comment: r.Comment, Forwarded: r.Forwarded, Open: r.Open(), At: c.moment(r.CreatedAt), Ended: c.moment(r.ResolvedAt),
	}
	v.Reporter, v.Assigned, v.Resolved = c.maybe(r.Reporter), c.maybe(r.Assigned), c.maybe(r.Resolved)
	return v
}

// maybe is an account that may be gone.
func (c *cards) maybe(a *store.Account) *templates.Account {
	if a == nil {
		return nil
	}
	v := c.account(a)
	return &v
}

// showModReport is /mod/reports/{id}.
func (s *Server) showModReport(w http.ResponseWriter, r *request) error {
	return s.renderModReport(w, r, http.StatusOK, "")
}

func (s *Server) renderModReport(w http.ResponseWriter, r *request, status int, note string, errs ...templates.FieldError) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	report, err := s.db.Report(r.Context(), id)
	if err != nil {
		return err
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	p := templates.ModReportPage{Frame: s.frame(r), Report: c.report(report), Note: note,
		Mine: report.Assigned != nil && report.Assigned.ID == r.viewerID()}
	p.Errors = errs
	for _, post := range report.Posts {
		v := templates.ReportedPost{Text: post.Text, Visibility: post.Visibility.String(), Gone: post.Gone}
		if !post.Gone && post.Visibility <= store.Unlisted {
			v.URL = report.Account.Path() + "/" + strconv.FormatInt(post.PostID, 10)
		}
		p.Posts = append(p.Posts, v)
	}
	for _, n := range report.Notes {
		p.Notes = append(p.Notes, templates.ReportNote{Author: c.maybe(n.Author), Text: n.Text, At: c.moment(n.CreatedAt)})
	}
	return s.render(w, r, status, p)
}

// addReportNote is POST /mod/reports/{id}/note.
func (s *Server) addReportNote(w http.ResponseWriter, r *request) error {
	note := r.form.Get("text")
	err := s.changeReport(w, r, "flash.note_added", func(id int64) error { return s.db.AddReportNote(r.Context(), r.viewerID(), id, note) })
	var no *store.ReportError
	if !errors.As(err, &no) {
		return err
	}
	key := "reports.error_notes"
	if no.Problem == store.ReportTooLong {
		key = "reports.error_note"
	}
	return s.renderModReport(w, r, http.StatusUnprocessableEntity, note, mistake("text", key, "n", no.Limit))
}

// assignReport is POST /mod/reports/{id}/assign: on=1 takes it, on=0 leaves it.
func (s *Server) assignReport(w http.ResponseWriter, r *request) error {
	flash, to := "flash.report_left", int64(0)
	if r.on("on") {
		flash, to = "flash.report_taken", r.viewerID()
	}
	return s.changeReport(w, r, flash, func(id int64) error { return s.db.AssignReport(r.Context(), id, to) })
}

// resolveReport is POST /mod/reports/{id}/resolve.
func (s *Server) resolveReport(w http.ResponseWriter, r *request) error {
	return s.changeReport(w, r, "flash.report_resolved", func(id int64) error { return s.db.ResolveReport(r.Context(), r.viewerID(), id) })
}

// reopenReport is POST /mod/reports/{id}/reopen.
func (s *Server) reopenReport(w http.ResponseWriter, r *request) error {
	return s.changeReport(w, r, "flash.report_reopened", func(id int64) error { return s.db.ReopenReport(r.Context(), id) })
}

// changeReport does something with a report and shows it again.
func (s *Server) changeReport(w http.ResponseWriter, r *request, flash string, change func(id int64) error) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if err := change(id); err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M(flash)})
	return redirect(w, r, "/mod/reports/"+strconv.FormatInt(id, 10))
}
