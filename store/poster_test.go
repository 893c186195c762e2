package store_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/storetest"
)

// filmed makes a film of two seconds.
func filmed(t *testing.T, ffmpeg, name string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	out, err := exec.Command(ffmpeg, "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc=size=96x64:rate=5:duration=2", path).CombinedOutput()
	if err != nil {
		t.Fatalf("make %s: %v: %s", name, err, out)
	}
	film, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return film
}

// posters runs the jobs that make still pictures, and says how many there were.
func posters(t *testing.T, db *store.DB, id int64) int {
	t.Helper()
	jobs, err := db.ClaimJobs(t.Context(), 10, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, j := range jobs {
		if j.Kind == store.JobPoster {
			n++
			if err := db.MakePoster(t.Context(), id); err != nil {
				t.Error(err)
			}
		}
	}
	return n
}

// TestFilmsGetAStillPicture where there is ffmpeg: before and after they are on a
// post; a damaged one stays without.
func TestFilmsGetAStillPicture(t *testing.T) {
	ffmpeg, err := exec.LookPath("ffmpeg")
	if err != nil {
		t.Skip("NOT TESTED: still pictures of films need ffmpeg, which this machine lacks")
	}
	db := storetest.Open(t, store.Config{URL: storetest.URL, FFmpeg: ffmpeg})
	a := storetest.Member(t, db, "alice")
	film := filmed(t, ffmpeg, "film.mp4")
	damaged := bytes.Clone(film)
	clear(damaged[bytes.Index(damaged, []byte("mdat"))+4 : bytes.LastIndex(damaged, []byte("moov"))-4])
	for name, c := range map[string]struct {
		film   []byte
		posted bool
	}{"before the post": {film, false}, "after the post": {filmed(t, ffmpeg, "film.webm"), true}} {
		m, err := db.Upload(t.Context(), store.Upload{OwnerID: a.ID, Body: bytes.NewReader(c.film)})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !c.posted && posters(t, db, m.ID) != 1 {
			t.Errorf("%s: no job makes its picture", name)
		}
		p, err := db.CreatePost(t.Context(), store.Draft{AuthorID: a.ID, MediaIDs: []int64{m.ID}})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if c.posted && posters(t, db, m.ID) != 1 {
			t.Errorf("%s: no job makes its picture", name)
		}
		v, err := db.PostVisibleTo(t.Context(), p.ID, store.Viewer{})
		if err != nil || v.Attachments[0].PreviewURL == "" || v.Attachments[0].Blurhash == "" {
			t.Errorf("%s: shown as %+v, %v, want a picture", name, v.Attachments[0], err)
		}
	}
	m, err := db.Upload(t.Context(), store.Upload{OwnerID: a.ID, Body: bytes.NewReader(damaged)})
	if err != nil {
		t.Fatal(err)
	}
	posters(t, db, m.ID)
	if list, err := db.Media(t.Context(), a.ID, m.ID); err != nil || len(list) != 1 || !list[0].Small.IsZero() {
		t.Errorf("a film without pictures: %+v, %v, want none of it", list, err)
	}
}

// TestWithoutFFmpegNothingRuns: that is as it comes.
func TestWithoutFFmpegNothingRuns(t *testing.T) {
	if _, err := store.Open(t.Context(), store.Config{Path: filepath.Join(t.TempDir(), "seedling.db"), URL: storetest.URL, FFmpeg: "/nowhere/ffmpeg"}); err == nil {
		t.Error("a server starts with a program that is not there")
	}
	db := storetest.New(t)
	if err := db.MakePoster(t.Context(), 1); err != nil {
		t.Error(err)
	}
}
