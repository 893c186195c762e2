package web

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

// TestTheToDoListSaysWhatIsTrue and nothing else, and each line leads where that
// is done.
func TestTheToDoListSaysWhatIsTrue(t *testing.T) {
	s, c := newVillage(t)
	p := s.member("olga")
	page := p.get("/admin").wants(http.StatusOK, "There is no backup yet.", "There are no rules yet.", "Nobody has described this server yet.", "Nobody is named for questions.", "You log in with the password alone.")
	page.lacks("report is open", "waits to be let in", "failed", "refuses us", "plain http")

	s.must(s.db.BackUpHere(t.Context()))
	s.set("rules", "Be kind.")
	s.set("description", "By the river")
	s.set("contact_account", "mira")
	storetest.Post(t, s.db, c.mira, "now", store.Public)
	_, err := s.db.CreateReport(t.Context(), store.NewReport{ReporterID: c.fay.ID, AccountID: c.stan.ID, Category: store.ReportSpam})
	s.must(err)
	page = p.get("/admin").wants(http.StatusOK, "1 report is open.", "The last 24 hours", "1 post from here")
	page.lacks("no backup", "no rules", "Nobody has described", "Nobody is named")
	s.pass(8*24*time.Hour + time.Minute)
	p = s.member("olga")
	p.get("/admin").wants(http.StatusOK, "No backup for 8 days.")
	for _, link := range []string{"/admin/backup", "/mod/reports", "/admin/users", "/admin/federation", "/admin/storage", "/admin/jobs"} {
		p.get(link).wants(http.StatusOK)
	}
}

// TestStoragePage shows what was counted, and has it counted anew.
func TestStoragePage(t *testing.T) {
	s := newFoundedSite(t)
	p := s.member("olga")
	page := p.get("/admin/storage").wants(http.StatusOK, "They were not counted yet.", "Database")
	page.submit("/admin/storage/count").leadsTo("/admin/storage").wants(http.StatusOK, "They are being counted now.")
	s.must(s.db.CountStorage(t.Context()))
	p.get("/admin/storage").wants(http.StatusOK, "As of 14 March 2026", "Pictures in posts", "0 files, 0 bytes").lacks("nobody@")
}

// TestBackupPage asks for a backup, shows it, hands it to an owner alone, and
// deletes it.
func TestBackupPage(t *testing.T) {
	s, c := newVillage(t)
	s.must(s.db.SetRole(t.Context(), store.Staff{}, c.mira.ID, store.Admin))
	p, admin := s.member("olga"), s.member("mira")
	page := p.get("/admin/backup").wants(http.StatusOK, "There is no backup yet.", "To restore")
	page.submit("/admin/backup").leadsTo("/admin/backup").wants(http.StatusOK, "A backup is being made.")
	p.post("/admin/backup", url.Values{"csrf": {page.fields("/admin/backup").Get("csrf")}}).wants(http.StatusSeeOther)
	jobs, err := s.db.ClaimJobs(t.Context(), 9, time.Minute)
	s.must(err)
	if len(jobs) != 1 || jobs[0].Kind != store.JobBackUp {
		t.Fatalf("two presses made the jobs %v, want one backup", jobs)
	}
	s.must(s.db.BackUpHere(t.Context()))
	s.must(s.db.FinishJob(t.Context(), jobs[0].ID))
	list, err := store.ServerBackups(s.db.BackupFolder())
	s.must(err)
	path := "/admin/backup/" + list[0].Name
	p.get("/admin/backup").wants(http.StatusOK, "The last backup was made on 14 March 2026", "checked when it was made", "Download").lacks("being made")
	file := p.get(path + "/download").wants(http.StatusOK)
	if !strings.HasPrefix(file.body, "SQLite format 3\x00") || int64(len(file.body)) != list[0].Bytes || !strings.HasPrefix(file.header.Get("Content-Disposition"), "attachment") || file.header.Get("Cache-Control") != "no-store" {
		t.Errorf("the download: %d bytes, %v", len(file.body), file.header)
	}
	admin.get("/admin/backup").wants(http.StatusOK, "Only an owner can download one").lacks("/download")
	admin.get(path + "/download").wants(http.StatusNotFound)
	p.get("/admin/backup/..%2F..%2Fseedling.db/download").wants(http.StatusNotFound)
	p.get("/admin/backup/seedling-20000101T000000.000Z/delete").wants(http.StatusNotFound)

	page = p.get("/admin/backup")
	for _, bad := range []string{"", "0", "101", "many"} {
		page.submit("/admin/backup/kept", "backups_kept", bad).wants(http.StatusUnprocessableEntity).problem("backups_kept", "1 to 100")
	}
	page.submit("/admin/backup/kept", "backups_kept", "7").leadsTo("/admin/backup").wants(http.StatusOK, "Saved.")
	confirm := p.get(path+"/delete").wants(http.StatusOK, "Delete this backup?")
	confirm.submit(path+"/delete").leadsTo("/admin/backup").wants(http.StatusOK, "The backup is deleted.")
	confirm.submit(path + "/delete").leadsTo("/admin/backup")

	s.must(os.RemoveAll(s.db.BackupFolder()))
	s.must(os.WriteFile(s.db.BackupFolder(), nil, 0o600))
	if err := s.db.BackUpHere(t.Context()); err == nil {
		t.Fatal("a backup was made into a file")
	}
	s.must(os.Remove(s.db.BackupFolder()))
	p.get("/admin/backup").wants(http.StatusOK, "The backup failed on", "Something else went wrong")
	p.get("/admin").wants(http.StatusOK, "The last backup failed.")
}
