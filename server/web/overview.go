package web

import (
	"context"
	"net/http"
	"time"

	"seedling/store"
	"seedling/templates"
)

const (
	overviewHours = 24
	backupEvery   = 7 * 24 * time.Hour // without a backup for longer, admins are reminded
)

// showOverview is /admin: what is to be done, and some numbers.
func (s *Server) showOverview(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	stats, err := s.db.Stats(ctx)
	if err != nil {
		return err
	}
	jobs, err := s.db.CountJobs(ctx)
	if err != nil {
		return err
	}
	hosts, err := s.db.CountHosts(ctx)
	if err != nil {
		return err
	}
	disk := s.db.DiskUse()
	page := templates.OverviewPage{
		Frame: s.frame(r), Members: stats.Users, Active: stats.ActiveMonth, Posts: stats.LocalPosts, Instances: stats.Instances,
		Waiting: hosts.Waiting, Database: disk.Database, Free: disk.Free, FreeKnown: disk.FreeKnown, Owner: r.viewer.Role == store.Owner,
	}
	failed := 0
	for _, j := range jobs {
		page.Queue, failed = page.Queue+j.Due+j.Running, failed+j.Failed
	}
	if page.Todo, err = s.todo(r, disk, failed, hosts.Failing); err != nil {
		return err
	}
	if page.Hours, err = s.hours(r); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page)
}

// hours draws the posts of the last day.
func (s *Server) hours(r *request) (templates.Hours, error) {
	counts, err := s.db.PostsByHour(r.Context(), overviewHours)
	if err != nil {
		return templates.Hours{}, err
	}
	rows := make([]templates.Hour, len(counts))
	for i, c := range counts {
		rows[i] = templates.Hour{From: s.moment(r, c.From), Here: c.Here, Elsewhere: c.Elsewhere}
	}
	return templates.NewHours(rows), nil
}

// todo lists what admins may want to see to, what should not wait first.
func (s *Server) todo(r *request, disk store.DiskUse, failedJobs, failingHosts int) ([]templates.Todo, error) {
	var list []templates.Todo
	add := func(when, warn bool, url, key string, args ...any) {
		if when {
			list = append(list, templates.Todo{Msg: templates.M(key, args...), URL: url, Warn: warn})
		}
	}
	add(disk.NearlyFull(), true, "/admin/storage", "overview.do_disk")
	backup, err := s.db.BackupState(r.Context())
	if err != nil {
		return nil, err
	}
	add(!backup.FailedAt.IsZero(), true, "/admin/backup", "overview.do_backup_failed")
	days := int(s.now().Sub(backup.LastAt) / (24 * time.Hour))
	add(backup.LastAt.IsZero() && !backup.Running, true, "/admin/backup", "overview.do_first_backup")
	add(!backup.LastAt.IsZero() && s.now().Sub(backup.LastAt) > backupEvery, true, "/admin/backup", "overview.do_backup", "n", days)
	if err := s.todoPeople(r.Context(), add); err != nil {
		return nil, err
	}
	add(failedJobs > 0, false, "/admin/jobs", "overview.do_jobs", "n", failedJobs)
	add(failingHosts > 0, false, "/admin/federation?show=failing", "overview.do_hosts", "n", failingHosts)
	return list, s.todoSettings(r, add)
}

// todoPeople adds who waits for the staff.
func (s *Server) todoPeople(ctx context.Context, add func(when, warn bool, url, key string, args ...any)) error {
	reports, err := s.db.CountOpenReports(ctx)
	if err != nil {
		return err
	}
	add(reports > 0, true, "/mod/reports", "overview.do_reports", "n", reports)
	waiting, err := s.db.CountPending(ctx)
	add(waiting > 0, true, "/mod/signups", "overview.do_signups", "n", waiting)
	return err
}

// todoSettings adds what was not written or set up yet.
func (s *Server) todoSettings(r *request, add func(when, warn bool, url, key string, args ...any)) error {
	settings, err := s.db.Settings(r.Context())
	if err != nil {
		return err
	}
	add(settings.Description == "", false, "/admin/settings#f-description", "overview.do_description")
	add(len(settings.Rules) == 0, false, "/admin/rules", "overview.do_rules")
	add(settings.ContactEmail == "" && settings.ContactAccount == "", false, "/admin/settings#f-contact_email", "overview.do_contact")
	add(!s.secure, false, "/admin/federation", "overview.do_plain")
	factors, err := s.db.SecondFactors(r.Context(), r.viewerID())
	if err != nil {
		return err
	}
	passkeys, err := s.db.Passkeys(r.Context(), r.viewerID())
	add(!factors.On && len(passkeys) == 0, false, "/settings/security#codes", "overview.do_factors")
	return err
}
