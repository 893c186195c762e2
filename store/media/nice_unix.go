//go:build unix

package media

import "syscall"

// beNice lets a process wait for all others. Where that is refused it runs as
// it is.
func beNice(pid int) { _ = syscall.Setpriority(syscall.PRIO_PROCESS, pid, 19) }
