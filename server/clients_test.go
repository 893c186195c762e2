package server_test

import (
	"bufio"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// The tests of clients run programs that other people wrote, as they are
// packaged, against the built server. Each walks in its own language through what
// an app does; a member allows it on the pages, as for any app. Where a client is
// absent its test is skipped, unless clientsRequired says that it must be there.

const (
	clientsRequired = "CLIENT_TESTS" // "required": an absent client is a failure
	walkTimeout     = 3 * time.Minute
)

// people are those who use the clients.
var people = []string{"mira", "olga"}

// clientTest is a server with its people, each before a browser.
type clientTest struct {
	t        *testing.T
	program  *program
	browsers map[string]*browser
	picture  string // a file
}

// TestRealClients lets every client walk; each on a server of its own.
func TestRealClients(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("starts programs")
	}
	binary := build(t)
	for name, walk := range map[string]func(*clientTest){
		"Mastodon.py":            walkPython,
		"toot":                   walkToot,
		"go-mastodon":            walkGo,
		"masto.js":               walkNode("masto.mjs"),
		"megalodon for Mastodon": walkNode("megalodon.mjs", "mastodon"),
		"megalodon for Pleroma":  walkNode("megalodon.mjs", "pleroma"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			walk(newClientTest(t, binary))
		})
	}
}

func newClientTest(t *testing.T, binary string) *clientTest {
	t.Helper()
	s := &clientTest{t: t, program: newProgram(t, binary), browsers: map[string]*browser{}, picture: filepath.Join(t.TempDir(), "picture.png")}
	run := s.program.serve()
	run.ready()
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the server's log:\n%s", lastLines(run.out.String(), 40))
		}
	})
	for _, name := range people {
		s.program.run("account", "create", name, "--password", password)
		b := newBrowser(t, s.program.url(), nil)
		b.open("/login")
		if p := b.submit("/login", map[string]string{"login": name, "password": password}); p.path != "/home" {
			t.Fatalf("%s is at %s after the log-in: %.300s", name, p.path, p.text)
		}
		s.browsers[name] = b
	}
	s.paint()
	return s
}

// paint writes the picture that clients upload.
func (s *clientTest) paint() {
	s.t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 64, 48))
	for i := range 64 * 48 {
		img.Set(i%64, i/64, color.RGBA{uint8(i), uint8(i / 16), 90, 255})
	}
	f, err := os.Create(s.picture)
	if err != nil {
		s.t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		s.t.Fatal(err)
	}
}

// allow opens the address that a client shows and returns the code to type there.
func (s *clientTest) allow(name, address string) string {
	s.t.Helper()
	b := s.browsers[name]
	if b == nil {
		s.t.Fatalf("nobody is called %q", name)
	}
	b.open(address)
	_, p := b.decide("allow")
	code := find(p.doc, func(n *html.Node) bool { return n.Data == "code" })
	if code == nil {
		s.t.Fatalf("no code is shown to %s: %.500s", name, p.text)
	}
	return textOf(code)
}

// absent skips the test, or fails it where clients are required.
func absent(t *testing.T, format string, a ...any) {
	t.Helper()
	if os.Getenv(clientsRequired) == "required" {
		t.Fatalf("a required client is absent: "+format, a...)
	}
	t.Skipf("NOT TESTED, this client is absent: "+format, a...)
}

// command is a client's program with what it needs to know.
func (s *clientTest) command(name string, arguments ...string) *exec.Cmd {
	cmd := exec.Command(name, arguments...)
	home := s.t.TempDir()
	cmd.Env = append(os.Environ(), "BASE_URL="+s.program.url(), "PICTURE="+s.picture, "HOME="+home, "XDG_CONFIG_HOME="+home,
		"PYTHONUNBUFFERED=1", "PYTHONDONTWRITEBYTECODE=1", "NO_COLOR=1")
	return cmd
}

// walk runs a script to its end. A line "allow NAME ADDRESS" of its output asks a
// person to allow the client; the script reads the code.
func (s *clientTest) walk(cmd *exec.Cmd) {
	s.t.Helper()
	s.talk(cmd, func(line string, say func(string)) {
		var name, address string
		if n, _ := fmt.Sscanf(line, "allow %s %s", &name, &address); n == 2 {
			say(s.allow(name, address))
		}
	})
}

// talk runs a program to its end, hears its lines and may answer them.
func (s *clientTest) talk(cmd *exec.Cmd, heard func(line string, say func(string))) (text string) {
	s.t.Helper()
	var errors output
	cmd.Stderr = &errors
	in, err := cmd.StdinPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	late := time.AfterFunc(walkTimeout, func() { _ = cmd.Process.Kill() })
	defer late.Stop()
	var said strings.Builder
	for lines := bufio.NewScanner(out); lines.Scan(); {
		said.WriteString(lines.Text() + "\n")
		heard(lines.Text(), func(answer string) { _, _ = io.WriteString(in, answer+"\n") })
	}
	if err := cmd.Wait(); err != nil {
		s.t.Fatalf("%s: %v\n%s\n%s", strings.Join(cmd.Args, " "), err, said.String(), errors.String())
	}
	return said.String()
}

// walkPython walks with Mastodon.py.
func walkPython(s *clientTest) {
	python := ""
	for _, candidate := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(candidate, "-c", "import mastodon").Run() == nil {
			python = candidate
		}
	}
	if python == "" {
		absent(s.t, "Mastodon.py (Debian's package python3-mastodon)")
	}
	s.walk(s.command(python, "testdata/clients/mastodon_py.py"))
}
