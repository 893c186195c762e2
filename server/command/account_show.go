package command

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"seedling/store"

	"github.com/urfave/cli/v2"
)

// accountView is an account as --json shows it.
type accountView struct {
	ID          string    `json:"id"` // text: too large for the numbers of JavaScript
	Name        string    `json:"name"`
	Handle      string    `json:"handle"`
	URI         string    `json:"uri"`
	URL         string    `json:"url"`
	DisplayName string    `json:"display_name"`
	Email       string    `json:"email"`
	Role        string    `json:"role"`
	State       string    `json:"state"` // active, waiting or disabled
	Locked      bool      `json:"locked"`
	Bot         bool      `json:"bot"`
	Posts       int       `json:"posts"`
	Followers   int       `json:"followers"`
	Following   int       `json:"following"`
	Aliases     []string  `json:"aliases"`  // URIs of accounts that may move here
	MovedTo     string    `json:"moved_to"` // URI, or empty
	CreatedAt   time.Time `json:"created_at"`
}

func viewOf(db *store.DB, u *store.User) accountView {
	a := u.Account
	return accountView{
		ID: strconv.FormatInt(a.ID, 10), Name: a.Username, Handle: handle(db, u), URI: a.URI, URL: db.URL() + "/@" + a.Username,
		DisplayName: a.DisplayName, Email: u.Email, Role: u.Role.String(), State: stateText(u.State), Locked: a.Locked, Bot: a.Bot,
		Posts: a.PostsCount, Followers: a.FollowersCount, Following: a.FollowingCount, CreatedAt: u.CreatedAt,
		Aliases: append([]string{}, a.AlsoKnownAs...), MovedTo: a.MovedToURI,
	}
}

func stateText(s store.UserState) string {
	switch s {
	case store.UserActive:
		return "active"
	case store.UserPending:
		return "waiting"
	case store.UserDisabled:
		return "disabled"
	}
	return fmt.Sprintf("state %d", int(s))
}

func jsonFlag() cli.Flag { return &cli.BoolFlag{Name: "json", Usage: "as JSON, for scripts"} }

func (p *Program) accountList() *cli.Command {
	return p.leafStore("list", "", "list the accounts", []cli.Flag{jsonFlag()}, func(c *cli.Context, db *store.DB) error {
		users, err := db.Users(c.Context)
		if err != nil {
			return err
		}
		views := []accountView{}
		for _, u := range users {
			views = append(views, viewOf(db, u))
		}
		if c.Bool("json") {
			return writeJSON(p.Stdout, views)
		}
		w := tabwriter.NewWriter(p.Stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "NAME\tROLE\tSTATE\tPOSTS\tSINCE\tMAIL")
		for _, v := range views {
			fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%s\t%s\n", v.Name, v.Role, v.State, v.Posts, v.CreatedAt.Format(time.DateOnly), v.Email)
		}
		return w.Flush()
	})
}

func (p *Program) accountShow() *cli.Command {
	return p.onUser("show", "NAME", "show one account", []cli.Flag{jsonFlag()},
		func(c *cli.Context, db *store.DB, u *store.User) error {
			v := viewOf(db, u)
			if c.Bool("json") {
				return writeJSON(p.Stdout, v)
			}
			w := tabwriter.NewWriter(p.Stdout, 0, 0, 2, ' ', 0)
			for _, row := range [][2]string{
				{"handle", v.Handle}, {"name shown", v.DisplayName}, {"page", v.URL}, {"uri", v.URI}, {"role", v.Role}, {"state", v.State},
				{"mail", v.Email}, {"locked", strconv.FormatBool(v.Locked)}, {"bot", strconv.FormatBool(v.Bot)},
				{"posts", strconv.Itoa(v.Posts)}, {"followers", strconv.Itoa(v.Followers)}, {"following", strconv.Itoa(v.Following)},
				{"aliases", strings.Join(v.Aliases, " ")}, {"moved to", v.MovedTo},
				{"since", v.CreatedAt.Format(time.RFC3339)},
			} {
				fmt.Fprintf(w, "%s\t%s\n", row[0], row[1])
			}
			return w.Flush()
		})
}

func writeJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}
