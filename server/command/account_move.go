package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"seedling/federation"
	"seedling/store"
	"seedling/store/content"

	"github.com/urfave/cli/v2"
)

// How long a command waits for the running server, which alone asks others, and
// how often it looks.
const (
	serverWait = 40 * time.Second
	serverLook = 100 * time.Millisecond
)

// accountAlias names an account elsewhere as a member's own, so that it can move here.
func (p *Program) accountAlias() *cli.Command {
	return p.onUser("alias", "NAME add|remove HANDLE", "name another account as somebody's own, so that it may move here", nil,
		func(c *cli.Context, db *store.DB, u *store.User) error {
			other := c.Args().Get(2)
			switch what := c.Args().Get(1); what {
			case "add":
				if err := addAlias(c.Context, db, u, other); err != nil {
					return err
				}
				return p.printf("%s has the alias %s now; %s may move to it\n", handle(db, u), other, other)
			case "remove":
				if err := removeAlias(c.Context, db, u, other); err != nil {
					return err
				}
				return p.printf("%s is no alias of %s any more\n", other, handle(db, u))
			default:
				return fmt.Errorf("%q is neither add nor remove", what)
			}
		})
}

// addAlias does it at once for an account that is known here; others are looked
// up by the running server.
func addAlias(ctx context.Context, db *store.DB, u *store.User, other string) error {
	if _, err := namedURI(other); err != nil {
		return err
	}
	a, err := knownAccount(ctx, db, other)
	if errors.Is(err, store.ErrNotFound) {
		m := federation.MigrationJob{AccountID: u.Account.ID, Handle: other}
		err = await(ctx, db, store.NewJob{Kind: store.JobAlias, Key: m.Key(), Payload: m.Payload()})
	} else if err == nil {
		err = db.AddAlias(ctx, u.Account.ID, a.URI)
	}
	var many *store.ProfileError
	switch {
	case errors.As(err, &many):
		return fmt.Errorf("%s has %d aliases already", handle(db, u), many.Limit)
	case errors.Is(err, store.ErrForbidden):
		return fmt.Errorf("%s can't be an alias of itself", handle(db, u))
	}
	return err
}

func removeAlias(ctx context.Context, db *store.DB, u *store.User, other string) error {
	uri, err := namedURI(other)
	if err != nil {
		return err
	}
	if a, err := knownAccount(ctx, db, other); err == nil {
		uri = a.URI
	}
	if !slices.Contains(u.Account.AlsoKnownAs, uri) {
		return fmt.Errorf("%s is no alias of %s", other, handle(db, u))
	}
	return db.RemoveAlias(ctx, u.Account.ID, uri)
}

// namedURI says whether a text is a handle or an address, which it returns.
func namedURI(text string) (string, error) {
	if len(text) > 8 && (text[:8] == "https://" || text[:7] == "http://") {
		return text, nil
	}
	if _, err := content.ParseHandle(text); err != nil {
		return "", fmt.Errorf("%q is not a handle, as in @name@server.example", text)
	}
	return "", nil
}

func knownAccount(ctx context.Context, db *store.DB, text string) (*store.Account, error) {
	if uri, err := namedURI(text); err != nil || uri != "" {
		return db.AccountByURI(ctx, uri)
	}
	h, err := content.ParseHandle(text)
	if err != nil {
		return nil, store.ErrNotFound
	}
	a, err := db.AccountByHandle(ctx, h)
	if err == nil && a.State == store.AccountDeleted {
		return nil, store.ErrNotFound
	}
	return a, err
}

// accountMove moves a member to another account. The running server does it: the
// other account is read anew, and must name this one.
func (p *Program) accountMove() *cli.Command {
	return p.onUser("move", "NAME HANDLE", "move somebody's followers to another account, which must have this one as its alias", nil,
		func(c *cli.Context, db *store.DB, u *store.User) error {
			other := c.Args().Get(1)
			if _, err := namedURI(other); err != nil {
				return err
			}
			if err := db.MayMove(c.Context, u.Account.ID); err != nil {
				return err
			}
			m := federation.MigrationJob{AccountID: u.Account.ID, Handle: other}
			if err := await(c.Context, db, store.NewJob{Kind: store.JobLeave, Key: m.Key(), Payload: m.Payload()}); err != nil {
				return err
			}
			return p.printf("%s has moved to %s; its followers are being told\n", handle(db, u), other)
		})
}

// await hands a job to the running server and returns its outcome. A job that no
// server took is taken back, so that it isn't done some other day.
func await(ctx context.Context, db *store.DB, j store.NewJob) error {
	if err := db.AddJob(ctx, j); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, serverWait)
	defer cancel()
	tick := time.NewTicker(serverLook)
	defer tick.Stop()
	for {
		failed, err := db.JobOutcome(ctx, j.Kind, j.Key)
		switch {
		case errors.Is(err, store.ErrNotFound):
			return nil
		case err == nil && failed != "":
			return errors.Join(errors.New(failed), db.CancelJob(ctx, j.Kind, j.Key))
		case err != nil && ctx.Err() == nil:
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return errors.Join(errors.New("no running server took this up in time; start it with `seedling serve`, and try again"),
				db.CancelJob(context.WithoutCancel(ctx), j.Kind, j.Key))
		}
	}
}
