package store_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rclone/gofakes3"
	"github.com/rclone/gofakes3/s3mem"

	"seedling/store"
	"seedling/store/storetest"
)

// listing is a backend that takes an empty delimiter for none, as S3 does.
type listing struct{ *s3mem.Backend }

func (l listing) ListBucket(ctx context.Context, name string, prefix *gofakes3.Prefix, page gofakes3.ListBucketPage) (*gofakes3.ObjectList, error) {
	if prefix != nil && prefix.Delimiter == "" {
		prefix.HasDelimiter = false
	}
	return l.Backend.ListBucket(ctx, name, prefix, page)
}

// storage is a store with a bucket beside its folder, and a clock.
type storage struct {
	*store.DB
	t      *testing.T
	owner  *store.Account
	folder string
	now    atomic.Int64
	puts   atomic.Int64 // that the bucket still takes; negative: all
}

func newStorage(t *testing.T) *storage {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket(t.Context(), "files"); err != nil {
		t.Fatal(err)
	}
	s := &storage{t: t, folder: t.TempDir()}
	s.puts.Store(-1)
	s.now.Store(time.Now().UnixMilli())
	faker := gofakes3.New(listing{backend}, gofakes3.WithV4Auth(map[string]string{"KEY": "SECRET"})).Server()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut && s.puts.Add(-1) == -1 {
			s.puts.Store(0)
			http.Error(w, "full", http.StatusForbidden)
			return
		}
		faker.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	db, err := store.Open(t.Context(), store.Config{Path: filepath.Join(s.folder, "seedling.db"), URL: storetest.URL, Now: func() time.Time { return time.UnixMilli(s.now.Load()) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	s.DB, s.owner = db, storetest.Member(t, db, "noor")
	s.set("media_bucket", strings.Replace(srv.URL, "http://", "http://KEY:SECRET@", 1)+"/files")
	return s
}

func (s *storage) set(key, value string) {
	s.t.Helper()
	if err := s.SetSetting(s.t.Context(), key, value); err != nil {
		s.t.Fatal(err)
	}
}

// upload hands in a picture of its own and returns it.
func (s *storage) upload(width int) (*store.Media, error) {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, 30))); err != nil {
		s.t.Fatal(err)
	}
	return s.Upload(s.t.Context(), store.Upload{OwnerID: s.owner.ID, Body: &b})
}

// wants checks that a file can be read, and how many files are on the disk.
func (s *storage) wants(m *store.Media, onDisk int) {
	s.t.Helper()
	r, f, err := s.OpenFile(s.t.Context(), m.File.Hash)
	if err != nil {
		s.t.Fatal(err)
	}
	defer r.Close()
	if body, err := io.ReadAll(r); err != nil || int64(len(body)) != f.Size {
		s.t.Errorf("read %d of %d bytes, %v", len(body), f.Size, err)
	}
	if n := len(s.files()); n != onDisk {
		s.t.Errorf("%d files on the disk, want %d", n, onDisk)
	}
}

func (s *storage) files() []string {
	list, err := filepath.Glob(filepath.Join(s.folder, "media", "*", "*", "*"))
	if err != nil {
		s.t.Fatal(err)
	}
	return list
}

// verify lists what is wrong.
func (s *storage) verify() (problems []store.FileProblem) {
	s.t.Helper()
	if _, err := s.VerifyMedia(s.t.Context(), true, func(f store.MediaFinding) { problems = append(problems, f.Problem) }); err != nil {
		s.t.Fatal(err)
	}
	return problems
}

func ignore(int, int) {}

func TestMediaMovesToABucketAndBack(t *testing.T) {
	s := newStorage(t)
	var first *store.Media
	for width := range 5 {
		m, err := s.upload(100 + width)
		if err != nil {
			t.Fatal(err)
		}
		first = m
	}
	s.puts.Store(3)
	if err := s.MoveMedia(t.Context(), store.InBucket, ignore); err == nil {
		t.Fatal("moved into a bucket that refuses")
	} else if strings.Contains(err.Error(), "SECRET") {
		t.Errorf("the secret is in %v", err)
	}
	s.wants(first, 2)
	if _, err := s.upload(300); err == nil {
		t.Error("an upload was taken that the bucket refuses")
	}
	s.puts.Store(-1)
	moved := 0
	if err := s.MoveMedia(t.Context(), store.InBucket, func(n, left int) { moved = n }); err != nil || moved != 2 {
		t.Errorf("the rest: %d moved, %v", moved, err)
	}
	s.wants(first, 0)
	second, err := s.upload(200)
	if err != nil {
		t.Fatal(err)
	}
	s.wants(second, 0)
	if p := s.verify(); len(p) != 0 {
		t.Errorf("findings %v", p)
	}
	if err := s.MoveMedia(t.Context(), store.OnDisk, ignore); err != nil {
		t.Fatal(err)
	}
	s.wants(second, 6)
	s.set("media_bucket", "")
	s.wants(first, 6)
	if p := s.verify(); len(p) != 0 {
		t.Errorf("findings %v", p)
	}
}

func TestVerifyAndPruneFindWhatIsWrong(t *testing.T) {
	s := newStorage(t)
	for width := range 3 {
		if _, err := s.upload(100 + width); err != nil {
			t.Fatal(err)
		}
	}
	files := s.files()
	if err := os.Remove(files[0]); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(files[1], []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	stray := filepath.Join(s.folder, "media", "ab", "ab", strings.Repeat("ab", 32))
	if err := os.MkdirAll(filepath.Dir(stray), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(stray, []byte("stray"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(stray, time.Time{}, time.Now().Add(-3*time.Hour)); err != nil {
		t.Fatal(err)
	}
	count := map[store.FileProblem]int{}
	for _, p := range s.verify() {
		count[p]++
	}
	if len(count) != 3 || count[store.FileMissing] != 1 || count[store.FileDamaged] != 1 || count[store.FileStray] != 1 {
		t.Errorf("findings %v", count)
	}
	s.now.Add(25 * time.Hour.Milliseconds())
	plan, err := s.PlanPrune(t.Context())
	if err != nil || plan.Loose != 3 || plan.Strays != 1 || plan.StrayBytes != 5 || len(s.files()) != 3 {
		t.Errorf("plan %+v, %v, with %d files", plan, err, len(s.files()))
	}
	if err := s.PruneMedia(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, err := s.RemoveStrays(t.Context()); n != 1 || err != nil {
		t.Errorf("%d strays removed, %v", n, err)
	}
	if left := s.files(); len(left) != 0 {
		t.Errorf("left %v", left)
	}
}
