package command

import (
	"io"
	"log/slog"
	"os"
	"runtime/debug"

	"seedling/server"
	"seedling/server/web"

	"github.com/urfave/cli/v2"
)

// serve runs the server until it is told to stop.
func (p *Program) serve() *cli.Command {
	return leaf("serve", "", "run the server", flags(serveOptions), func(c *cli.Context) error {
		if err := p.checkEnvironment(); err != nil {
			return err
		}
		conf, err := p.configure(c, serveOptions)
		if err != nil {
			return err
		}
		conf.Log = newLog(p.Stderr, conf.logLevel, conf.logJSON)
		conf.Out = p.Stdout
		tuneMemory()
		s, err := server.New(c.Context, conf.Config)
		if err != nil {
			return err
		}
		return s.Run(c.Context)
	})
}

// tuneMemory lets the garbage collector work less often, see web.GarbagePercent.
// Above the limit it works as often as it must. GOGC and GOMEMLIMIT, if set, have
// the say.
func tuneMemory() {
	const limit = 200 << 20
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(web.GarbagePercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(limit)
	}
}

func newLog(w io.Writer, level slog.Level, json bool) *slog.Logger {
	options := &slog.HandlerOptions{Level: level}
	if json {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
