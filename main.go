// Seedling is a Fediverse server for a small community: one program, one data
// folder, pages that need no JavaScript. Start with README.md; the commands are
// in server/command and the parts are put together in server/server.go.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"seedling/server/command"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	p := command.Program{Args: os.Args, Environ: os.Environ(), Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}
	os.Exit(p.Run(ctx))
}
