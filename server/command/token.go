package command

import (
	"fmt"

	"seedling/server/oauth"
	"seedling/store"

	"github.com/urfave/cli/v2"
)

// tokenCreate prints the token alone, so that a script can take it as it is.
func (p *Program) tokenCreate() *cli.Command {
	scopes := &cli.StringFlag{Name: "scopes", Usage: "`SCOPES` of the client API", Value: "read write follow push"}
	return p.onUser("create", "NAME", "make an access token of the client API and print it", []cli.Flag{scopes},
		func(c *cli.Context, db *store.DB, u *store.User) error {
			scopes, err := oauth.ParseScopes(c.String("scopes"))
			if err != nil {
				return fmt.Errorf("--scopes: %w", err)
			}
			if len(scopes) == 0 {
				return fmt.Errorf("--scopes: none is given")
			}
			if u.State != store.UserActive {
				return fmt.Errorf("%s is %s and can't use a token", handle(db, u), stateText(u.State))
			}
			token, err := db.CreateToken(c.Context, u.Account.ID, scopes.String())
			if err != nil {
				return err
			}
			return p.printf("%s\n", token)
		})
}
