package command

import (
	"errors"
	"fmt"

	"seedling/store"

	"github.com/urfave/cli/v2"
)

func (p *Program) accountCreate() *cli.Command {
	more := append(passwordFlags(),
		&cli.StringFlag{Name: "email", Usage: "mail `ADDRESS` to log in with, besides the name"},
		&cli.StringFlag{Name: "role", Usage: "`ROLE`: owner, admin, moderator or member", Value: "member"},
	)
	return p.leafStore("create", "NAME", "make an account that may log in at once", more, func(c *cli.Context, db *store.DB) error {
		role, err := store.ParseRole(c.String("role"))
		if err != nil {
			return fmt.Errorf("--role: %w", err)
		}
		password, generated, err := p.password(c)
		if err != nil {
			return err
		}
		u, err := db.CreateUser(c.Context, store.NewUser{Name: c.Args().First(), Email: c.String("email"), Password: password, Role: role})
		var name *store.NameError
		switch {
		case errors.As(err, &name):
			return name
		case errors.Is(err, store.ErrConflict):
			return fmt.Errorf("the mail address %s is taken", c.String("email"))
		}
		if err != nil {
			return err
		}
		if err := p.printf("%s made (%s), %s/@%s\n", handle(db, u), u.Role, db.URL(), u.Account.Username); err != nil {
			return err
		}
		return p.tellGenerated(password, generated)
	})
}
