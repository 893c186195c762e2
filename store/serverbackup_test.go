package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

// TestBackUpWhileOthersWrite copies the database while members post, and opens
// the copy as the database of a server.
func TestBackUpWhileOthersWrite(t *testing.T) {
	db, ctx := storetest.New(t), t.Context()
	alice := storetest.Member(t, db, "alice")
	before := storetest.Post(t, db, alice, "before", store.Public)
	stop := make(chan struct{})
	var writers sync.WaitGroup
	for range 3 {
		writers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					storetest.Post(t, db, alice, "meanwhile", store.Public)
				}
			}
		})
	}
	folder := filepath.Join(t.TempDir(), "backups")
	b, err := db.BackUp(ctx, folder, false)
	close(stop)
	writers.Wait()
	must(t, err)
	after := storetest.Post(t, db, alice, "after", store.Public)
	list, err := store.ServerBackups(folder)
	must(t, err)
	if len(list) != 1 || list[0].Name != b.Name || list[0].Bytes != b.Bytes || list[0].Damaged || list[0].MadeAt.IsZero() {
		t.Fatalf("got the list %+v, want %+v", list, b)
	}
	if names := namesIn(t, folder); len(names) != 1 || len(namesIn(t, filepath.Join(folder, b.Name))) != 3 {
		t.Errorf("got the folders %v with %v", names, namesIn(t, filepath.Join(folder, b.Name)))
	}

	restored := filepath.Join(t.TempDir(), "seedling.db")
	must(t, os.Rename(filepath.Join(folder, b.Name, "seedling.db"), restored))
	copied := storetest.Open(t, store.Config{Path: restored})
	if _, err := copied.Post(ctx, before.ID); err != nil {
		t.Errorf("the post from before the backup: %v", err)
	}
	if _, err := copied.Post(ctx, after.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the post from after the backup: got %v, want %v", err, store.ErrNotFound)
	}
	storetest.Post(t, copied, alice, "goes on", store.Public)
	if list, err := store.ServerBackups(folder); err != nil || len(list) != 1 || !list[0].Damaged {
		t.Errorf("a copy without its database: got %+v, %v, want it to be called damaged", list, err)
	}
}

func namesIn(t *testing.T, folder string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	must(t, err)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// TestBackUpWithFiles copies what members handed in once, however often a backup
// is made, and can be restored with the files.
func TestBackUpWithFiles(t *testing.T) {
	db, ctx := storetest.New(t), t.Context()
	alice := storetest.Member(t, db, "alice")
	var picture bytes.Buffer
	must(t, png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 20, 20))))
	must(t, db.SetAccountPicture(ctx, alice.ID, store.MediaAvatar, &picture, ""))
	folder := t.TempDir()
	var last *store.ServerBackup
	for range 2 {
		var err error
		last, err = db.BackUp(ctx, folder, true)
		must(t, err)
		if last.Files == 0 || last.Missing != 0 || last.FileBytes == 0 {
			t.Errorf("got %+v, want files and none missing", last)
		}
	}
	list, err := store.ServerBackups(folder)
	must(t, err)
	if len(list) != 2 || list[0].Name == list[1].Name {
		t.Fatalf("got %d backups, want two of different names", len(list))
	}
	named, err := os.ReadFile(filepath.Join(folder, last.Name, "files.tsv"))
	must(t, err)
	if n := strings.Count(string(named), "\n"); n != last.Files {
		t.Errorf("files.tsv has %d lines, want %d", n, last.Files)
	}
	place := t.TempDir()
	must(t, os.Rename(filepath.Join(folder, last.Name, "seedling.db"), filepath.Join(place, "seedling.db")))
	must(t, os.Rename(filepath.Join(folder, "media"), filepath.Join(place, "media")))
	restored := storetest.Open(t, store.Config{Path: filepath.Join(place, "seedling.db")})
	check, err := restored.VerifyMedia(ctx, true, func(f store.MediaFinding) { t.Errorf("after the restore: %+v", f) })
	if err != nil || check.Files == 0 {
		t.Errorf("after the restore: %d files, %v", check.Files, err)
	}
}

// TestBackupsOfTheServer are asked for once, kept as many as are wanted, and
// told of; one that fails says why.
func TestBackupsOfTheServer(t *testing.T) {
	c := &clock{at: time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)}
	db, ctx := storetest.Open(t, store.Config{URL: storetest.URL, Now: c.now}), t.Context()
	must(t, db.SetSetting(ctx, "backups_kept", "2"))
	must(t, db.AskForBackup(ctx))
	must(t, db.AskForBackup(ctx))
	jobs, err := db.ClaimJobs(ctx, 10, time.Minute)
	must(t, err)
	if len(jobs) != 1 || jobs[0].Kind != store.JobBackUp {
		t.Fatalf("got the jobs %v, want one backup", jobs)
	}
	if s, err := db.BackupState(ctx); err != nil || !s.Running || !s.LastAt.IsZero() {
		t.Errorf("while it is made: got %+v, %v", s, err)
	}
	for range 3 {
		c.at = c.at.Add(time.Hour)
		must(t, db.BackUpHere(ctx))
	}
	must(t, db.FinishJob(ctx, jobs[0].ID))
	list, err := store.ServerBackups(db.BackupFolder())
	must(t, err)
	if len(list) != 2 || !list[0].MadeAt.Equal(c.at) {
		t.Errorf("got %d backups, the first of %v, want the newest 2", len(list), list[0].MadeAt)
	}
	s, err := db.BackupState(ctx)
	if err != nil || s.Running || !s.LastAt.Equal(c.at) || s.LastIn != db.BackupFolder() || !s.FailedAt.IsZero() {
		t.Errorf("afterwards: got %+v, %v", s, err)
	}
	for _, name := range []string{"", "..", "seedling.db", "../media", "seedling-20260314T120000.000Z/.."} {
		if _, err := db.OpenServerBackup(name); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("open %q: got %v, want %v", name, err, store.ErrNotFound)
		}
		if err := db.RemoveServerBackup(name); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("remove %q: got %v, want %v", name, err, store.ErrNotFound)
		}
	}
	f, err := db.OpenServerBackup(list[0].Name)
	must(t, err)
	f.Close()
	must(t, db.RemoveServerBackup(list[0].Name))
	if list, err := store.ServerBackups(db.BackupFolder()); err != nil || len(list) != 1 {
		t.Errorf("after one was removed: got %d, %v", len(list), err)
	}

	must(t, os.RemoveAll(db.BackupFolder()))
	must(t, os.WriteFile(db.BackupFolder(), nil, 0o600)) // a file stands where the folder was
	if err := db.BackUpHere(ctx); err == nil {
		t.Error("a backup was made into a file")
	}
	if s, err := db.BackupState(ctx); err != nil || s.Failure != store.BackupOther || s.FailedAt.IsZero() || s.Text == "" || s.LastAt.IsZero() {
		t.Errorf("after a failure: got %+v, %v", s, err)
	}
}

// backupFolder names the folder of a test that runs once more, in a process that
// is killed.
const backupFolder = "SEEDLING_TEST_BACKUP_FOLDER"

// TestABackupThatIsKilledIsNoBackup kills a process in the middle of one: what is
// listed is whole, and what is half is removed.
func TestABackupThatIsKilledIsNoBackup(t *testing.T) {
	if folder := os.Getenv(backupFolder); folder != "" {
		backUpForEver(t, folder)
		return
	}
	folder := t.TempDir()
	again := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	again.Env = append(os.Environ(), backupFolder+"="+folder)
	must(t, again.Start())
	halfway := func() bool {
		halves, _ := filepath.Glob(filepath.Join(folder, "backups", ".half-*", "seedling.db"))
		whole, _ := store.ServerBackups(filepath.Join(folder, "backups"))
		return len(halves) > 0 && len(whole) > 0
	}
	ended := make(chan struct{})
	go func() {
		again.Wait()
		close(ended)
	}()
	for !halfway() {
		select {
		case <-ended:
			t.Fatal("the process ended by itself")
		case <-time.After(time.Millisecond):
		}
	}
	again.Process.Kill()
	<-ended

	list, err := store.ServerBackups(filepath.Join(folder, "backups"))
	must(t, err)
	for i, b := range list {
		if b.Damaged {
			t.Errorf("%s is listed and not whole", b.Name)
		}
		if i > 0 {
			continue
		}
		path := filepath.Join(t.TempDir(), "seedling.db")
		must(t, os.Rename(filepath.Join(folder, "backups", b.Name, "seedling.db"), path))
		if _, err := storetest.Open(t, store.Config{Path: path}).UserByName(t.Context(), "alice"); err != nil {
			t.Errorf("%s opened: %v", b.Name, err)
		}
	}
	db, err := store.Open(t.Context(), store.Config{Path: filepath.Join(folder, "seedling.db")})
	must(t, err)
	defer db.Close()
	long := time.Now().Add(-24 * time.Hour)
	halves, err := filepath.Glob(filepath.Join(folder, "backups", ".half-*"))
	must(t, err)
	for _, half := range halves {
		must(t, os.Chtimes(half, long, long))
	}
	_, err = db.BackUp(t.Context(), db.BackupFolder(), false)
	must(t, err)
	if halves, _ := filepath.Glob(filepath.Join(folder, "backups", ".half-*")); len(halves) > 0 {
		t.Errorf("%v are left after the next backup", halves)
	}
}

func backUpForEver(t *testing.T, folder string) {
	ctx := context.Background()
	db, err := store.Open(ctx, store.Config{Path: filepath.Join(folder, "seedling.db"), URL: storetest.URL})
	must(t, err)
	alice := storetest.Member(t, db, "alice")
	for i := range 40 {
		storetest.Post(t, db, alice, fmt.Sprint(i, strings.Repeat(" pebbles", 500)), store.Public)
	}
	for {
		_, err := db.BackUp(ctx, db.BackupFolder(), false)
		must(t, err)
	}
}
