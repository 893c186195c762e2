package server

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// Version is the version of Seedling.
const Version = "0.1.0"

// sourcePath is where the source code of this version is offered (AGPL-3.0 §13).
const sourcePath = "/source"

// VersionText is the version with what it was built from and for.
func VersionText() string {
	revision := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				revision = ", commit " + s.Value[:12]
			}
		}
	}
	return fmt.Sprintf("%s (%s, %s/%s%s)", Version, runtime.Version(), runtime.GOOS, runtime.GOARCH, revision)
}
