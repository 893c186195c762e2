package media

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rclone/gofakes3"
	"github.com/rclone/gofakes3/s3mem"
)

// listing is a backend that takes an empty delimiter for none, as S3 does.
type listing struct{ *s3mem.Backend }

func (l listing) ListBucket(ctx context.Context, name string, prefix *gofakes3.Prefix, page gofakes3.ListBucketPage) (*gofakes3.ObjectList, error) {
	if prefix != nil && prefix.Delimiter == "" {
		prefix.HasDelimiter = false
	}
	return l.Backend.ListBucket(ctx, name, prefix, page)
}

// s3Server is an S3-compatible server that checks signatures, with a bucket
// "files". handle may look at requests before it; it is nil or says whether it
// answered.
func s3Server(t *testing.T, handle func(http.ResponseWriter, *http.Request) bool) *httptest.Server {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket(t.Context(), "files"); err != nil {
		t.Fatal(err)
	}
	faker := gofakes3.New(listing{backend}, gofakes3.WithV4Auth(map[string]string{"KEY": "SECRET"})).Server()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if handle == nil || !handle(w, r) {
			faker.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(srv.Close)
	return srv
}

func bucketAt(t *testing.T, srv *httptest.Server, secret, path string) *Bucket {
	t.Helper()
	return patientBucketAt(t, srv, secret, path, bucketAnswer)
}

// patientBucketAt waits so long for an answer.
func patientBucketAt(t *testing.T, srv *httptest.Server, secret, path string, answer time.Duration) *Bucket {
	t.Helper()
	b, err := openBucket(strings.Replace(srv.URL, "http://", "http://KEY:"+secret+"@", 1)+path, answer)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func inBucket(t *testing.T, b *Bucket) *Files {
	t.Helper()
	f, err := OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	f.Use(b, nil)
	return f
}

func TestBucketKeepsFiles(t *testing.T) {
	ctx := context.Background()
	b := bucketAt(t, s3Server(t, nil), "SECRET", "/files/pre/fix")
	f := inBucket(t, b)
	body := jpegOf(t, photo(900, 700))
	got, err := f.Take(ctx, bytes.NewReader(body), all, unrecorded)
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Open(ctx, got.File)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	whole, err := io.ReadAll(r)
	if err != nil || int64(len(whole)) != got.Size {
		t.Fatalf("read %d of %d bytes, %v", len(whole), got.Size, err)
	}
	if _, err := r.Seek(-7, io.SeekEnd); err != nil {
		t.Fatal(err)
	}
	if end, err := io.ReadAll(r); err != nil || !bytes.Equal(end, whole[len(whole)-7:]) {
		t.Errorf("the end: %x, %v, want %x", end, err, whole[len(whole)-7:])
	}
	if ok, err := Check(ctx, b, got.File); !ok || err != nil {
		t.Errorf("check: %v, %v", ok, err)
	}
	names := map[Hash]int64{}
	if err := b.Walk(ctx, func(k Kept) error { names[k.Hash] = k.Size; return nil }); err != nil || len(names) != 2 || names[got.Hash] != got.Size {
		t.Errorf("the bucket has %v, %v, want the picture and its small variant", names, err)
	}
	if entries, _ := filepath.Glob(filepath.Join(f.folder.path, "*", "*")); len(entries) != 0 {
		t.Errorf("left on the disk: %v", entries)
	}
	if err := errors.Join(f.Remove(ctx, got.Hash), f.Remove(ctx, got.Hash)); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Open(ctx, got.File); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("open what was removed: %v", err)
	}
}

func TestBucketIsReadAndWrittenInParts(t *testing.T) {
	ctx := context.Background()
	b := bucketAt(t, s3Server(t, nil), "SECRET", "/files")
	f := inBucket(t, b)
	large := bytes.Repeat([]byte("0123456789abcdef"), (bucketPart+bucketPart/2)/16)
	s, err := f.stage(ctx, bytes.NewReader(large), 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	defer s.discard()
	file, err := s.seal("video/mp4")
	if err != nil {
		t.Fatal(err)
	}
	if err := b.keep(ctx, s); err != nil {
		t.Fatal(err)
	}
	if ok, err := Check(ctx, b, file); !ok || err != nil {
		t.Errorf("check: %v, %v", ok, err)
	}
}

func TestBucketThatFailsIsAClearErrorAndLeavesNothing(t *testing.T) {
	busy := func(w http.ResponseWriter, r *http.Request) bool {
		http.Error(w, "busy", http.StatusServiceUnavailable)
		return true
	}
	hangs := func(w http.ResponseWriter, r *http.Request) bool {
		io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
		return true
	}
	for name, b := range map[string]*Bucket{
		"wrong secret": bucketAt(t, s3Server(t, nil), "WRONG", "/files"),
		"no bucket":    bucketAt(t, s3Server(t, nil), "SECRET", "/elsewhere"),
		"busy":         bucketAt(t, s3Server(t, busy), "SECRET", "/files"),
		"hangs":        patientBucketAt(t, s3Server(t, hangs), "SECRET", "/files", 100*time.Millisecond),
	} {
		f := inBucket(t, b)
		_, err := f.Take(t.Context(), bytes.NewReader(jpegOf(t, photo(60, 60))), all, unrecorded)
		var failed *StorageError
		if !errors.As(err, &failed) || strings.Contains(err.Error(), "SECRET") || strings.Contains(err.Error(), "WRONG") {
			t.Errorf("%s: %v, want an error of the storage without its secret", name, err)
		}
		if left, err := os.ReadDir(f.temp()); err != nil || len(left) != 0 {
			t.Errorf("%s: left behind %v, %v", name, left, err)
		}
	}
}

func TestAddressesOfBuckets(t *testing.T) {
	for _, bad := range []string{"", "files", "https://s3.example/files", "https://KEY:SECRET@s3.example", "https://KEY@s3.example/files", "ftp://KEY:SECRET@s3.example/files", "https://KEY:SECRET@s3.example:x/files"} {
		if _, err := OpenBucket(bad); err == nil || strings.Contains(err.Error(), "@s3") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
