package main

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"seedling": main})
}

// TestCommands runs the scripts that show what the program does when it is
// called: what it prints and where, its exit codes, and what it refuses.
func TestCommands(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "server/command/testdata",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Values[runningKey{}] = new(*running)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"serve": serveInScript, "stop": stopInScript, "get": getInScript, "version-of": setVersion, "oneline": oneLine, "picture": picture,
		},
	})
}

// running is a server that a script has started.
type running struct {
	cmd     *exec.Cmd
	address string
	errors  bytes.Buffer
	printed chan []byte // the rest of its output, once it has ended
}

// server is the place of a script's server.
func server(ts *testscript.TestScript) **running { return ts.Value(runningKey{}).(**running) }

type runningKey struct{}

// serveInScript starts "seedling serve ARGS" and waits until it listens. What
// it printed so far is the file serve.out, its set-up link $SETUP.
func serveInScript(ts *testscript.TestScript, neg bool, args []string) {
	s := &running{cmd: exec.Command("seedling", append([]string{"serve"}, args...)...), printed: make(chan []byte, 1)}
	s.cmd.Dir, s.cmd.Stderr = ts.Getenv("WORK"), &s.errors
	s.cmd.Env = slices.DeleteFunc(os.Environ(), func(pair string) bool { return strings.HasPrefix(pair, "SEEDLING_") })
	out, err := s.cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(s.cmd.Start())
	ts.Defer(func() { s.cmd.Process.Kill() }) // does nothing after stop
	var text strings.Builder
	lines := bufio.NewReader(out)
	for !strings.Contains(text.String(), "Listening on ") || lines.Buffered() > 0 {
		line, err := lines.ReadString('\n')
		if err != nil {
			s.cmd.Wait()
			ts.Fatalf("the server ended: %s%s", text.String(), s.errors.String())
		}
		text.WriteString(line)
	}
	go func() {
		rest, _ := io.ReadAll(lines)
		s.printed <- rest
	}()
	s.address = regexp.MustCompile(`Listening on \S+ \(([^)]+)\)`).FindStringSubmatch(text.String())[1]
	ts.Setenv("SETUP", regexp.MustCompile(`\S*/setup\?key=\S+|$`).FindString(text.String()))
	ts.Check(os.WriteFile(ts.MkAbs("serve.out"), []byte(text.String()), 0o600))
	*server(ts) = s
}

// stopInScript ends the server as a service manager does, and wants exit code
// 0. Its log is the file serve.log.
func stopInScript(ts *testscript.TestScript, neg bool, args []string) {
	s := *server(ts)
	ts.Check(s.cmd.Process.Signal(syscall.SIGTERM))
	<-s.printed
	err := s.cmd.Wait()
	ts.Check(os.WriteFile(ts.MkAbs("serve.log"), s.errors.Bytes(), 0o600))
	if err != nil {
		ts.Fatalf("the server stopped with %v: %s", err, s.errors.String())
	}
}

// getInScript asks the running server for a public URL: get URL STATUS.
func getInScript(ts *testscript.TestScript, neg bool, args []string) {
	u, err := url.Parse(args[0])
	ts.Check(err)
	dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, (*server(ts)).address)
	}
	client := &http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}, Timeout: 10 * time.Second}
	resp, err := client.Get(u.String())
	ts.Check(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	ts.Check(err)
	if got := fmt.Sprint(resp.StatusCode); got != args[1] {
		ts.Fatalf("GET %s: got %s, want %s: %.500s", u, got, args[1], body)
	}
}

// setVersion makes a database one of another version: version-of FILE NUMBER.
func setVersion(ts *testscript.TestScript, neg bool, args []string) {
	db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	_, err = db.Exec("PRAGMA user_version = " + args[1])
	ts.Check(errors.Join(err, db.Close()))
}

// oneLine wants a file to have exactly one line: oneline FILE.
func oneLine(ts *testscript.TestScript, neg bool, args []string) {
	text := ts.ReadFile(args[0])
	if strings.Count(text, "\n") != 1 || !strings.HasSuffix(text, "\n") {
		ts.Fatalf("%s has not one line:\n%s", args[0], text)
	}
}

// picture makes a small PNG: picture FILE.
func picture(ts *testscript.TestScript, neg bool, args []string) {
	var b bytes.Buffer
	ts.Check(png.Encode(&b, image.NewGray(image.Rect(0, 0, 16, 16))))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b.Bytes(), 0o600))
}

// goPackage is what go list tells of a package.
type goPackage struct {
	ImportPath   string
	Imports      []string // without those of tests
	TestImports  []string
	XTestImports []string
	Deps         []string
}

func projectPackages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports,TestImports,XTestImports,Deps", "./...")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var list []goPackage
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
}

// level says how far down a room is: imports point down, or stay in the room.
func level(path string) int {
	for n, room := range [][]string{
		{"seedling/server"},
		{"seedling/federation"},
		{"seedling/store/content", "seedling/store/media", "seedling/store/emojipack", "seedling/store/migrations", "seedling/templates", "seedling/static"},
	} {
		for _, prefix := range room {
			if path == prefix || strings.HasPrefix(path, prefix+"/") {
				return []int{1, 2, 4}[n]
			}
		}
	}
	if strings.HasPrefix(path, "seedling/store") {
		return 3
	}
	return 0 // main
}

// onlyIn names what may be imported in one place only: the key, or what is
// below it, only by packages that the value names.
var onlyIn = map[string][]string{
	"github.com/superseriousbusiness/activity": {"seedling/federation/vocab"},
	"github.com/urfave/cli":                    {"seedling/server/command"},
	"github.com/BurntSushi/toml":               {"seedling/server/command", "seedling/templates"},
	"database/sql":                             {"seedling/store", "seedling/store/content"}, // content: sql/driver, see below
	"modernc.org/sqlite":                       {"seedling/store"},
	"html/template":                            {"seedling/templates", "seedling/server/web"},  // web: for safe HTML of the store
	"seedling/templates":                       {"seedling/server/web", "seedling/server/api"}, // api: words of notifications
	"seedling/static":                          {"seedling/server/web"},
	"seedling/store/migrations":                {"seedling/store"},
	"seedling/store/storetest":                 {}, // tests only
	"seedling/federation/fedtest":              {}, // tests only
}

// without names what a package must not even have indirectly. The store has
// net/http below it, by the client of a bucket in store/media: its own files
// must not import that.
var without = map[string][]string{
	"seedling/store":              {"html/template", "seedling/federation", "seedling/server"},
	"seedling/store/content":      {"net/http", "database/sql", "seedling/store"},
	"seedling/federation/httpsig": {"database/sql", "seedling/store"},
	"seedling/federation/fetch":   {"database/sql", "seedling/store"},
	"seedling/templates":          {"database/sql", "net/http", "seedling/store"},
	"seedling/static":             {"database/sql", "seedling/store"},
}

// within says whether path is prefix or below it.
func within(path, prefix string) bool { return path == prefix || strings.HasPrefix(path, prefix+"/") }

// TestImportsPointDown holds the arrows of the map of rooms: main -> server ->
// federation -> store -> store/content, store/media; templates and static are
// leaves of server/web.
func TestImportsPointDown(t *testing.T) {
	for _, p := range projectPackages(t) {
		for _, path := range p.Imports {
			if within(path, "seedling") && level(path) < level(p.ImportPath) {
				t.Errorf("%s imports %s, which is above it", p.ImportPath, path)
			}
			for place, owners := range onlyIn {
				if within(path, place) && !within(p.ImportPath, place) && !slices.Contains(owners, p.ImportPath) &&
					!within(p.ImportPath, "seedling/federation/fedtest") && !within(p.ImportPath, "seedling/store/storetest") {
					t.Errorf("%s imports %s, which only %q may", p.ImportPath, path, owners)
				}
			}
		}
		if within(p.ImportPath, "seedling/store") && p.ImportPath != "seedling/store/media" && slices.Contains(p.Imports, "net/http") {
			t.Errorf("%s imports net/http", p.ImportPath)
		}
		for _, place := range without[p.ImportPath] {
			for _, path := range p.Deps {
				if path == place || place == "seedling/federation" && within(path, place) || place == "seedling/server" && within(path, place) {
					t.Errorf("%s depends on %s", p.ImportPath, path)
				}
			}
		}
		for _, path := range slices.Concat(p.TestImports, p.XTestImports) {
			if within(path, "seedling") && level(path) < level(p.ImportPath) {
				t.Errorf("a test of %s imports %s, which is above it", p.ImportPath, path)
			}
		}
	}
}

// TestFederationDocument wants what FEDERATION.md points to to be there (FEP-67ff).
func TestFederationDocument(t *testing.T) {
	text, err := os.ReadFile("FEDERATION.md")
	if err != nil {
		t.Fatal(err)
	}
	paths := regexp.MustCompile("`((?:federation|server|store)/[\\w./]+)`").FindAllSubmatch(text, -1)
	if len(paths) < 5 {
		t.Errorf("it names %d files", len(paths))
	}
	for _, m := range paths {
		if _, err := os.Stat(string(m[1])); err != nil {
			t.Error(err)
		}
	}
}

// TestTopLevel holds the layout: new things belong into a room.
func TestTopLevel(t *testing.T) {
	allowed := []string{
		"main.go", "main_test.go", "server", "store", "federation", "templates", "static", "go.mod", "go.sum",
		"README.md", "LICENSE", "FEDERATION.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md",
		"data", "seedling", // of whoever tries it out; git ignores them
	}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := e.Name()
		if strings.HasPrefix(name, ".") || filepath.Ext(name) == ".test" || filepath.Ext(name) == ".out" {
			continue
		}
		if !slices.Contains(allowed, name) {
			t.Errorf("%s stands at the top, where only %q may", name, allowed)
		}
	}
}
