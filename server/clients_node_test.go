package server_test

import (
	"os"
	"os/exec"
	"path/filepath"
)

// clientModules names the folder whose node_modules was installed from
// testdata/clients/package-lock.json.
const clientModules = "CLIENT_MODULES"

// walkNode walks with a library of JavaScript. A script finds its modules beside
// itself alone, so it runs in a folder that has both.
func walkNode(script string, arguments ...string) func(*clientTest) {
	return func(s *clientTest) {
		node, err := exec.LookPath("node")
		if err != nil {
			absent(s.t, "%s needs Node.js (Debian's package nodejs)", script)
		}
		modules := filepath.Join(os.Getenv(clientModules), "node_modules")
		if _, err := os.Stat(filepath.Join(modules, "masto")); os.Getenv(clientModules) == "" || err != nil {
			absent(s.t, "%s needs what npm installs of testdata/clients/package.json, in the folder %s", script, clientModules)
		}
		folder := s.t.TempDir()
		for _, name := range []string{"walk.mjs", script} {
			text, err := os.ReadFile(filepath.Join("testdata/clients", name))
			if err == nil {
				err = os.WriteFile(filepath.Join(folder, name), text, 0o600)
			}
			if err != nil {
				s.t.Fatal(err)
			}
		}
		if err := os.Symlink(modules, filepath.Join(folder, "node_modules")); err != nil {
			s.t.Fatal(err)
		}
		s.walk(s.command(node, append([]string{filepath.Join(folder, script)}, arguments...)...))
	}
}
