package server_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/net/html"

	"seedling/federation/fedtest"
	"seedling/server"
)

// The small disk.
const (
	diskSize     = "24m"
	longPost     = 4500 // characters; a few hundred fill what the database has reserved
	maxLongPosts = 3000
)

// fullDisk is a member's server on a disk of its own that the test fills.
type fullDisk struct {
	t      *testing.T
	data   string // as seen from outside of the server
	base   string
	token  string
	member *browser
}

// TestFullDisk: with no room left nothing that was answered with success is
// lost, everything that was not says so and gives back what was sent, pages can
// still be read, and it goes on once there is room.
func TestFullDisk(t *testing.T) {
	if testing.Short() {
		t.Skip("starts programs")
	}
	d := newFullDisk(t)
	remote := fedtest.New(t)
	fan := remote.Actor("fan")
	follows := fan.Activity("Follow", d.actor(remote))

	d.checkBackup()
	filler := d.fill()
	marks, refused := d.postUntilRefused()
	d.checkRefusal(refused)
	d.checkAPI()
	d.checkUpload()
	if resp := fan.Post(t, d.base+"/ap/inbox", follows); resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" {
		t.Errorf("a delivery is answered %d (Retry-After %q), want 503 and when to come back", resp.StatusCode, resp.Header.Get("Retry-After"))
	}
	if p := d.member.open("/home"); p.status != http.StatusOK {
		t.Errorf("/home answers %d while the disk is full", p.status)
	}

	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	d.member.page = refused
	if p := d.member.submit("/posts", nil); p.status != http.StatusOK {
		t.Fatalf("sent again with room on the disk: %d, %.500s", p.status, p.text)
	}
	if got, want := d.posts(), len(marks)+1; got != want {
		t.Errorf("%d posts are stored, want %d: each that was answered with success, and the one sent again", got, want)
	}
	if resp := fan.Post(t, d.base+"/ap/inbox", follows); resp.StatusCode != http.StatusAccepted {
		t.Errorf("the delivery sent again is answered %d", resp.StatusCode)
	}
	d.checkFiles()
}

// newFullDisk starts a server whose data lie on a small disk in memory.
func newFullDisk(t *testing.T) *fullDisk {
	t.Helper()
	p := newProgram(t, build(t))
	if err := os.MkdirAll(p.data, 0o700); err != nil {
		t.Fatal(err)
	}
	mount := []string{"unshare", "--map-root-user", "--mount", "sh", "-c", `mount -t tmpfs -o mode=700,size=` + diskSize + ` tmpfs "$0" && exec "$@"`, p.data}
	if text, err := exec.Command(mount[0], append(mount[1:], "true")...).CombinedOutput(); err != nil {
		t.Skipf("NOT TESTED: this machine lets nobody mount a disk in memory: %v %s", err, text)
	}
	p.inside = mount
	run := p.serve()
	run.ready()
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the server's log:\n%s", lastLines(run.out.String(), 20))
		}
	})
	pid := fmt.Sprint(run.cmd.Process.Pid)
	p.beside = []string{"nsenter", "--target", pid, "--user", "--mount", "--preserve-credentials"}
	p.run("account", "create", "alice", "--password", password, "--role", "owner")
	d := &fullDisk{t: t, data: filepath.Join("/proc", pid, "root", p.data), base: p.url(), token: strings.TrimSpace(p.run("token", "create", "alice"))}
	d.member = newBrowser(t, d.base, nil)
	d.member.broken = true
	d.member.open("/login")
	if p := d.member.submit("/login", map[string]string{"login": "alice", "password": password}); p.path != "/home" {
		t.Fatalf("after the log-in at %s: %.300s", p.path, p.text)
	}
	return d
}

// actor is the id of the member's actor.
func (d *fullDisk) actor(remote *fedtest.Server) string {
	d.t.Helper()
	u, _ := url.Parse(d.base)
	found := remote.Fetch(d.t, d.base+"/.well-known/webfinger?resource=acct:alice@"+u.Host)
	links, _ := found["links"].([]any)
	for _, l := range links {
		if l, _ := l.(map[string]any); l["rel"] == "self" {
			id, _ := l["href"].(string)
			return id
		}
	}
	d.t.Fatalf("WebFinger names no actor: %v", found)
	return ""
}

// fill writes a file until there is no room.
func (d *fullDisk) fill() (name string) {
	d.t.Helper()
	name = filepath.Join(d.data, "filler")
	f, err := os.Create(name)
	if err != nil {
		d.t.Fatal(err)
	}
	defer f.Close()
	for block := make([]byte, 4096); err == nil; {
		_, err = f.Write(block)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		d.t.Fatalf("the filler ends with %v", err)
	}
	return name
}

// postUntilRefused uses up what the database has reserved. It returns the marks
// of the posts that were taken and the answer to the one that was not.
func (d *fullDisk) postUntilRefused() (marks []string, refused *page) {
	d.t.Helper()
	for i := range maxLongPosts {
		mark := fmt.Sprintf("leaf-%d ", i)
		d.member.open("/compose")
		p := d.member.submit("/posts", map[string]string{"text": mark + strings.Repeat("x", longPost)})
		if p.status != http.StatusOK {
			return marks, p
		}
		marks = append(marks, mark)
	}
	d.t.Fatalf("%d posts are taken though the disk is full", len(marks))
	return nil, nil
}

// checkBackup asks for a copy of the database for which there is no room, while
// there still is for all else: that is said, and nothing is left of it.
func (d *fullDisk) checkBackup() {
	d.t.Helper()
	most := filepath.Join(d.data, "most")
	if err := os.WriteFile(most, make([]byte, 8<<20), 0o600); err != nil {
		d.t.Fatal(err)
	}
	d.member.open("/admin/backup")
	d.member.submit("/admin/backup", nil)
	d.member.waitFor("/admin/backup", "say that there is no room", func(p *page) bool { return strings.Contains(p.text, "not enough room on the disk") })
	if left, err := os.ReadDir(filepath.Join(d.data, "backups")); err != nil || len(left) > 0 {
		d.t.Errorf("after the backup that did not fit: %v, %v", left, err)
	}
	if err := os.Remove(most); err != nil {
		d.t.Fatal(err)
	}
}

func (d *fullDisk) checkRefusal(p *page) {
	d.t.Helper()
	if p.status != http.StatusInsufficientStorage || !strings.Contains(p.text, "disk is full") {
		d.t.Errorf("the post is answered %d: %.300s", p.status, p.text)
	}
	kept := find(p.doc, func(n *html.Node) bool { return n.Data == "textarea" })
	if kept == nil || !strings.Contains(textOf(kept), strings.Repeat("x", longPost)) {
		d.t.Errorf("the text is not given back: %.300s", p.text)
	}
}

func (d *fullDisk) call(method, path, mediaType string, body io.Reader) (int, map[string]any) {
	d.t.Helper()
	r, err := http.NewRequest(method, d.base+path, body)
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+d.token)
	r.Header.Set("Content-Type", mediaType)
	resp, err := d.member.client.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		d.t.Fatalf("%s %s: %v", method, path, err)
	}
	return resp.StatusCode, answer
}

func (d *fullDisk) checkAPI() {
	d.t.Helper()
	form := url.Values{"status": {strings.Repeat("y", longPost)}}
	status, answer := d.call(http.MethodPost, "/api/v1/statuses", "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
	if text, _ := answer["error"].(string); status != http.StatusInsufficientStorage || !strings.Contains(text, "disk is full") {
		d.t.Errorf("an app is answered %d, %v", status, answer)
	}
}

// checkUpload sends a picture that does not fit.
func (d *fullDisk) checkUpload() {
	d.t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 400, 400))
	for i := range img.Pix {
		img.Pix[i] = uint8(rand.Uint32()) | 1
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "noise.png")
	if err != nil {
		d.t.Fatal(err)
	}
	if err := errors.Join(png.Encode(part, img), form.Close()); err != nil {
		d.t.Fatal(err)
	}
	status, answer := d.call(http.MethodPost, "/api/v2/media", form.FormDataContentType(), &body)
	if text, _ := answer["error"].(string); status != http.StatusInsufficientStorage || !strings.Contains(text, "disk is full") {
		d.t.Errorf("an upload is answered %d, %v", status, answer)
	}
}

func (d *fullDisk) posts() int {
	d.t.Helper()
	_, me := d.call(http.MethodGet, "/api/v1/accounts/verify_credentials", "", nil)
	count, _ := me["statuses_count"].(float64)
	return int(count)
}

// checkFiles looks at a copy of the database, since SQLite would not find its
// way into the server's disk, and for what the refused upload may have left.
func (d *fullDisk) checkFiles() {
	d.t.Helper()
	file := server.DatabasePath(d.data)
	copied := filepath.Join(d.t.TempDir(), filepath.Base(file))
	for _, suffix := range []string{"", "-wal"} {
		content, err := os.ReadFile(file + suffix)
		if err := errors.Join(err, os.WriteFile(copied+suffix, content, 0o600)); err != nil {
			d.t.Fatal(err)
		}
	}
	checkIntegrity(d.t, copied)
	err := filepath.WalkDir(d.data, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() && strings.HasPrefix(e.Name(), "new-") {
			d.t.Errorf("%s is left", e.Name())
		}
		return err
	})
	if err != nil {
		d.t.Error(err)
	}
}
