//go:build linux || darwin || freebsd

package store

import "syscall"

// freeSpace is how many bytes can still be written where a folder is; ok is false
// if that is not known.
func freeSpace(folder string) (free int64, ok bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return 0, false
	}
	return int64(s.Bavail) * int64(s.Bsize), true
}
