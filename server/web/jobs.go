package web

import (
	"context"
	"errors"
	"net/http"

	"seedling/store"
	"seedling/templates"
)

const jobsPerPage = 40

// showJobs is /admin/jobs: how much is to be done in the background, and what
// could not be.
func (s *Server) showJobs(w http.ResponseWriter, r *request) error {
	page := templates.JobsPage{Frame: s.frame(r)}
	kinds, err := s.db.CountJobs(r.Context())
	if err != nil {
		return err
	}
	for _, k := range kinds {
		page.Kinds = append(page.Kinds, templates.JobKind{Kind: string(k.Kind), Due: k.Due, Later: k.Later, Running: k.Running, Failed: k.Failed})
	}
	before := r.cursor().Before
	jobs, err := s.db.FailedJobs(r.Context(), before, jobsPerPage+1)
	if err != nil {
		return err
	}
	if len(jobs) > jobsPerPage {
		jobs = jobs[:jobsPerPage]
		page.Pager.Older = r.withCursor("before", jobs[jobsPerPage-1].ID)
	}
	if before != 0 {
		page.Pager.Newer = r.URL.Path
	}
	for _, j := range jobs {
		page.Rows = append(page.Rows, templates.Job{
			ID: j.ID, Kind: string(j.Kind), About: j.Key, Attempts: j.Attempts, Failed: s.moment(r, j.FailedAt), Reason: j.Reason,
		})
	}
	return s.render(w, r, http.StatusOK, page)
}

// restartJob has a failed job tried again.
func (s *Server) restartJob(w http.ResponseWriter, r *request) error {
	return s.changeJob(w, r, s.db.RestartJob, "flash.job_restarted")
}

// deleteJob forgets a failed job.
func (s *Server) deleteJob(w http.ResponseWriter, r *request) error {
	return s.changeJob(w, r, s.db.DeleteFailedJob, "flash.job_deleted")
}

// changeJob acts on a failed job. One that is not failed any more is what was
// wanted, by somebody else or by the press before.
func (s *Server) changeJob(w http.ResponseWriter, r *request, change func(context.Context, int64) error, flash string) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if err := change(r.Context(), id); err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return s.backWith(w, r, "/admin/jobs", flash)
}
