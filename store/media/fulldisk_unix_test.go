//go:build unix

package media

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
)

// limitedFolder names the folder of a test that runs once more, in a process
// that may write only small files.
const limitedFolder = "SEEDLING_TEST_LIMITED_FOLDER"

// TestADiskThatFillsUpLeavesNothing: the system itself refuses to write more, in
// the middle of a file, in a process of its own.
func TestADiskThatFillsUpLeavesNothing(t *testing.T) {
	if folder := os.Getenv(limitedFolder); folder != "" {
		takeWithoutRoom(t, folder)
		return
	}
	again := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	again.Env = append(os.Environ(), limitedFolder+"="+t.TempDir())
	out, err := again.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("in a process that may write little: %v\n%s", err, out)
	}
}

func takeWithoutRoom(t *testing.T, folder string) {
	f, err := OpenFolder(folder)
	if err != nil {
		t.Fatal(err)
	}
	signal.Ignore(syscall.SIGXFSZ)
	for name, body := range map[string][]byte{"a film": append(mp4File(), box("free", make([]byte, 200<<10))...), "a photo": jpegOf(t, photo(1600, 1200))} {
		for _, most := range []uint64{20, 48 << 10, 150 << 10} {
			if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: most, Max: 1 << 40}); err != nil {
				t.Fatal(err)
			}
			_, err := f.Take(context.Background(), bytes.NewReader(body), all, unrecorded)
			if !errors.Is(err, ErrNoRoom) {
				t.Errorf("%s of %d bytes where %d may be written: got %v, want %v", name, len(body), most, err, ErrNoRoom)
			}
			if n := filesIn(t, f); n != 0 {
				t.Errorf("%s: %d files are left", name, n)
			}
		}
	}
}
