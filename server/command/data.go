package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"seedling/server"
	"seedling/store"

	"github.com/urfave/cli/v2"
)

// withStore opens the store for one command, whether or not the server is
// running on it. An instance is founded only if its public URL is given: one
// that nobody chose could not be changed any more.
func (p *Program) withStore(do func(c *cli.Context, db *store.DB) error) cli.ActionFunc {
	return func(c *cli.Context) error {
		conf, err := p.configure(c, dataOptions)
		if err != nil {
			return err
		}
		db, err := openStore(c.Context, conf)
		if err != nil {
			return err
		}
		return errors.Join(do(c, db), db.Close())
	}
}

func openStore(ctx context.Context, conf configuration) (*store.DB, error) {
	path := server.DatabasePath(conf.Data)
	if conf.URL == "" {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s: %w", conf.Data, store.ErrNotFounded)
		}
	} else if err := server.PrepareFolder(conf.Data); err != nil {
		return nil, err
	}
	return store.Open(ctx, store.Config{Path: path, URL: conf.URL, AccountDomain: conf.AccountDomain})
}

// leafStore is a command on the store.
func (p *Program) leafStore(name, arguments, usage string, more []cli.Flag, do func(c *cli.Context, db *store.DB) error) *cli.Command {
	return leaf(name, arguments, usage, flags(dataOptions, more...), p.withStore(do))
}

// printf writes to Stdout, for people.
func (p *Program) printf(format string, args ...any) error {
	_, err := fmt.Fprintf(p.Stdout, format, args...)
	return err
}
