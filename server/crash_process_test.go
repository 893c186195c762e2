package server_test

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// program is the built binary with a data folder and an address of its own: what
// a person starts, ends and starts again.
type program struct {
	t      testing.TB
	binary string
	data   string
	listen string
	inside []string // what the server is started by: nothing, or a command that ends as the server
	beside []string // what other commands are started by
}

// processTimeout is how long a process may take to start or to stop.
const processTimeout = 30 * time.Second

// build makes the binary as it is made for people.
func build(t testing.TB) (binary string) {
	t.Helper()
	binary = filepath.Join(t.TempDir(), "seedling")
	cmd := exec.Command("go", "build", "-o", binary, "seedling")
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0")
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, text)
	}
	return binary
}

// newProgram is a binary with a folder that does not exist yet.
func newProgram(t testing.TB, binary string) *program {
	t.Helper()
	return &program{t: t, binary: binary, data: filepath.Join(t.TempDir(), "data"), listen: freeAddress(t)}
}

// freeAddress finds a port that stays free between two runs of a server. It is
// below those that systems give to outgoing connections: the many of a test
// would take it, or even be connected to themselves.
func freeAddress(t testing.TB) string {
	t.Helper()
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", 15000+rand.IntN(15000))
		if l, err := net.Listen("tcp", address); err == nil {
			l.Close()
			return address
		}
	}
	t.Fatal("no port is free")
	return ""
}

func (p *program) url() string { return "http://" + p.listen }

// environ is that of the tests without what is meant for them: a server takes
// variables that it does not know for mistakes.
func environ() []string {
	return slices.DeleteFunc(os.Environ(), func(pair string) bool { return strings.HasPrefix(pair, "SEEDLING_") })
}

// run runs a command to its end and returns what it printed.
func (p *program) run(arguments ...string) string {
	p.t.Helper()
	line := append(append(slices.Clone(p.beside), p.binary), append(arguments, "--data", p.data)...)
	cmd := exec.Command(line[0], line[1:]...)
	cmd.Env = environ()
	text, err := cmd.CombinedOutput()
	if err != nil {
		p.t.Fatalf("seedling %s: %v\n%s", strings.Join(arguments, " "), err, text)
	}
	return string(text)
}

// process is one run of the server.
type process struct {
	t         testing.TB
	cmd       *exec.Cmd
	out       *announced
	listening <-chan struct{} // closed once it takes connections
	ended     chan struct{}
	err       error       // once ended
	killed    atomic.Bool // set before the signal is sent
}

// announced collects what a server prints, and tells when it listens.
type announced struct {
	output
	once      sync.Once
	listening chan struct{}
}

func (a *announced) Write(b []byte) (int, error) {
	n, err := a.output.Write(b)
	if strings.Contains(a.String(), "Listening on ") {
		a.once.Do(func() { close(a.listening) })
	}
	return n, err
}

// serve starts the server. It ends with the test at the latest.
func (p *program) serve() *process {
	p.t.Helper()
	out := &announced{listening: make(chan struct{})}
	r := &process{t: p.t, out: out, listening: out.listening, ended: make(chan struct{})}
	line := append(slices.Clone(p.inside), p.binary, "serve", "--data", p.data, "--listen", p.listen, "--url", p.url(),
		"--dial-only", "127.0.0.0/8", "--rate-limits", "off", "--log-level", "warn")
	r.cmd = exec.Command(line[0], line[1:]...)
	r.cmd.Env = environ()
	r.cmd.Stdout, r.cmd.Stderr = out, out
	if err := r.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	go func() {
		r.err = r.cmd.Wait()
		close(r.ended)
	}()
	p.t.Cleanup(func() {
		r.kill()
		<-r.ended
	})
	return r
}

// ready waits until the server takes connections; false if it was killed before.
func (r *process) ready() bool {
	r.t.Helper()
	timeout := time.NewTimer(processTimeout)
	defer timeout.Stop()
	select {
	case <-r.listening:
		return true
	case <-r.ended:
		if !r.killed.Load() {
			r.t.Fatalf("the server ended by itself: %v\n%s", r.err, r.out)
		}
	case <-timeout.C:
		r.t.Fatalf("the server does not listen after %v:\n%s", processTimeout, r.out)
	}
	return false
}

// kill ends the server with SIGKILL: nothing of its own can run any more.
func (r *process) kill() {
	r.killed.Store(true)
	_ = r.cmd.Process.Kill() // an error says that it has ended
}

// stop ends the server in good order.
func (r *process) stop() {
	r.t.Helper()
	if err := r.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		r.t.Fatal(err)
	}
	timeout := time.NewTimer(processTimeout)
	defer timeout.Stop()
	select {
	case <-r.ended:
		if r.err != nil {
			r.t.Fatalf("the server stopped with %v\n%s", r.err, r.out)
		}
	case <-timeout.C:
		r.t.Fatalf("the server does not stop within %v\n%s", processTimeout, r.out)
	}
}
