package server_test

import (
	"os/exec"
	"path/filepath"
)

// walkGo walks with go-mastodon, from a module of its own beside its script.
func walkGo(s *clientTest) {
	const module = "testdata/clients/go"
	download := exec.Command("go", "mod", "download")
	download.Dir = module
	if text, err := download.CombinedOutput(); err != nil {
		absent(s.t, "go-mastodon: go mod download: %v\n%s", err, text)
	}
	walk := filepath.Join(s.t.TempDir(), "walk")
	build := exec.Command("go", "build", "-o", walk, ".")
	build.Dir = module
	if text, err := build.CombinedOutput(); err != nil {
		s.t.Fatalf("go build: %v\n%s", err, text)
	}
	s.walk(s.command(walk))
}
