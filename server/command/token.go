package command

import (
	"fmt"
	"regexp"
	"strings"

	"seedling/store"

	"github.com/urfave/cli/v2"
)

// scopePattern is a scope of the client API: a whole area, or a part of it as
// in write:statuses.
var scopePattern = regexp.MustCompile(`^(read|write|follow|push|profile|admin)(:[a-z_]+)*$`)

// tokenCreate prints the token alone, so that a script can take it as it is.
func (p *Program) tokenCreate() *cli.Command {
	scopes := &cli.StringFlag{Name: "scopes", Usage: "`SCOPES` of the client API", Value: "read write follow push"}
	return p.onUser("create", "NAME", "make an access token of the client API and print it", []cli.Flag{scopes},
		func(c *cli.Context, db *store.DB, u *store.User) error {
			scopes := strings.Fields(c.String("scopes"))
			if len(scopes) == 0 {
				return fmt.Errorf("--scopes: none is given")
			}
			for _, scope := range scopes {
				if !scopePattern.MatchString(scope) {
					return fmt.Errorf("--scopes: there is no scope %q", scope)
				}
			}
			if u.State != store.UserActive {
				return fmt.Errorf("%s is %s and can't use a token", handle(db, u), stateText(u.State))
			}
			token, err := db.CreateToken(c.Context, u.Account.ID, strings.Join(scopes, " "))
			if err != nil {
				return err
			}
			return p.printf("%s\n", token)
		})
}
