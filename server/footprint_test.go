package server_test

import (
	"debug/elf"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"testing"
	"time"
)

// TestFootprint holds that the binary needs nothing but the kernel, and logs
// how long a start takes and how much memory the server has at rest. Those two
// depend on the machine, so nothing is asserted of them: go test -v shows them.
func TestFootprint(t *testing.T) {
	binary := build(t)
	checkStatic(t, binary)
	if info, err := os.Stat(binary); err == nil {
		t.Logf("binary: %.1f MB", float64(info.Size())/1e6)
	}
	p := newProgram(t, binary)
	logStart(t, p, "first start")
	logStart(t, p, "second start")
}

// checkStatic holds that no dynamic linker is asked for, and no shared library.
func checkStatic(t *testing.T, binary string) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Logf("%s has no ELF files: whether the binary is static is not checked", runtime.GOOS)
		return
	}
	f, err := elf.Open(binary)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, part := range f.Progs {
		if part.Type == elf.PT_INTERP {
			t.Error("the binary has a PT_INTERP part: it is linked dynamically")
		}
	}
	if libraries, err := f.ImportedLibraries(); err == nil && len(libraries) > 0 {
		t.Errorf("the binary needs %v", libraries)
	}
}

// logStart starts the server, and stops it in good order.
func logStart(t *testing.T, p *program, what string) {
	t.Helper()
	began := time.Now()
	run := p.serve()
	run.ready()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: processTimeout}
	resp, err := client.Get(p.url() + "/about")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	t.Logf("%s: %v from the start of the process to its first answer (%d)", what, time.Since(began).Round(time.Millisecond), resp.StatusCode)
	if bytes := resident(run.cmd.Process.Pid); bytes > 0 {
		t.Logf("%s: %d kB resident at rest", what, bytes>>10)
	}
	run.stop()
}

var vmRSS = regexp.MustCompile(`VmRSS:\s*(\d+) kB`)

// resident is the memory that a process holds, in bytes; 0 where there is no /proc.
func resident(pid int) int {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	found := vmRSS.FindSubmatch(status)
	if found == nil {
		return 0
	}
	kb, _ := strconv.Atoi(string(found[1]))
	return kb << 10
}
