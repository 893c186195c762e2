package command

import (
	"io"
	"log/slog"

	"seedling/server"

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
		s, err := server.New(c.Context, conf.Config)
		if err != nil {
			return err
		}
		return s.Run(c.Context)
	})
}

func newLog(w io.Writer, level slog.Level, json bool) *slog.Logger {
	options := &slog.HandlerOptions{Level: level}
	if json {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
