package command

import (
	"errors"
	"fmt"

	"seedling/store"

	"github.com/urfave/cli/v2"
)

func (p *Program) accountCommands() []*cli.Command {
	return []*cli.Command{
		p.accountCreate(), p.accountList(), p.accountShow(), p.accountPassword(),
		p.accountRole(), p.accountDisable(), p.accountEnable(), p.accountDelete(),
		p.accountAlias(), p.accountMove(), p.accountResetFactors(),
	}
}

// onUser is a command on the user whose name is the first argument.
func (p *Program) onUser(name, arguments, usage string, more []cli.Flag, do func(c *cli.Context, db *store.DB, u *store.User) error) *cli.Command {
	return p.leafStore(name, arguments, usage, more, func(c *cli.Context, db *store.DB) error {
		u, err := db.UserByName(c.Context, c.Args().First())
		if errors.Is(err, store.ErrNotFound) {
			return fmt.Errorf("there is no account %q here", c.Args().First())
		}
		if err != nil {
			return err
		}
		return do(c, db, u)
	})
}

func (p *Program) accountRole() *cli.Command {
	return p.onUser("role", "NAME ROLE", "make somebody owner, admin, moderator or member", nil,
		func(c *cli.Context, db *store.DB, u *store.User) error {
			role, err := store.ParseRole(c.Args().Get(1))
			if err != nil {
				return err
			}
			if err := lastOwner(db.SetRole(c.Context, store.Staff{}, u.Account.ID, role)); err != nil {
				return err
			}
			return p.printf("%s is %s now\n", handle(db, u), role)
		})
}

func (p *Program) accountDisable() *cli.Command {
	return p.onUser("disable", "NAME", "log somebody out everywhere and keep them out", nil,
		func(c *cli.Context, db *store.DB, u *store.User) error {
			if err := lastOwner(db.DisableUser(c.Context, store.Staff{}, u.Account.ID)); err != nil {
				return err
			}
			return p.printf("%s is disabled\n", handle(db, u))
		})
}

func (p *Program) accountEnable() *cli.Command {
	return p.onUser("enable", "NAME", "let somebody log in who was disabled or waits for approval", nil,
		func(c *cli.Context, db *store.DB, u *store.User) error {
			if err := db.EnableUser(c.Context, store.Staff{}, u.Account.ID); err != nil {
				return err
			}
			return p.printf("%s may log in\n", handle(db, u))
		})
}

func (p *Program) accountDelete() *cli.Command {
	yes := &cli.BoolFlag{Name: "yes", Usage: "do not ask on a terminal"}
	return p.onUser("delete", "NAME", "delete somebody and what they wrote, here and elsewhere, for good", []cli.Flag{yes},
		func(c *cli.Context, db *store.DB, u *store.User) error {
			if !c.Bool("yes") {
				if err := p.confirm(fmt.Sprintf("This can't be undone. Type the name to delete %s: ", handle(db, u)), u.Account.Username); err != nil {
					return err
				}
			}
			if err := lastOwner(db.DeleteAccount(c.Context, u.Account.ID)); err != nil {
				return err
			}
			return p.printf("%s is deleted\n", handle(db, u))
		})
}

func (p *Program) accountResetFactors() *cli.Command {
	return p.onUser("reset-2fa", "NAME", "let somebody who lost their app and passkeys in with the password alone", nil,
		func(c *cli.Context, db *store.DB, u *store.User) error {
			if err := db.ResetSecondFactors(c.Context, store.Staff{}, u.Account.ID); err != nil {
				return err
			}
			return p.printf("%s logs in with the password alone; passkeys and codes are ended\n", handle(db, u))
		})
}

// lastOwner words the one refusal that these commands can meet.
func lastOwner(err error) error {
	if errors.Is(err, store.ErrForbidden) {
		return errors.New("this is the last owner; make somebody else owner first")
	}
	return err
}

func handle(db *store.DB, u *store.User) string {
	return "@" + u.Account.Username + "@" + db.AccountDomain()
}
