package command

import (
	"errors"
	"fmt"
	"text/tabwriter"

	"seedling/store"

	"github.com/urfave/cli/v2"
)

func (p *Program) relayCommands() []*cli.Command {
	return []*cli.Command{p.relayAdd(), p.relayList(), p.relayRemove()}
}

func (p *Program) relayAdd() *cli.Command {
	return p.leafStore("add", "URL", "subscribe to a relay: URL is its inbox (Mastodon's kind, ends with /inbox) or its actor (LitePub's)", nil,
		func(c *cli.Context, db *store.DB) error {
			r, err := db.AddRelay(c.Context, c.Args().First())
			if errors.Is(err, store.ErrConflict) {
				return fmt.Errorf("relay %s is there already", c.Args().First())
			}
			if err != nil {
				return err
			}
			return p.printf("asked the %s relay %s; see `seedling relay list` for its answer\n", r.Kind, r.URL)
		})
}

// relayRow is a relay as --json prints it.
type relayRow struct {
	URL   string `json:"url"`
	Kind  string `json:"kind"`
	State string `json:"state"`
}

func (p *Program) relayList() *cli.Command {
	return p.leafStore("list", "", "list the relays with their state: waiting, accepted or refused", []cli.Flag{jsonFlag()},
		func(c *cli.Context, db *store.DB) error {
			list, err := db.Relays(c.Context)
			if err != nil {
				return err
			}
			rows := []relayRow{}
			for _, r := range list {
				rows = append(rows, relayRow{r.URL, r.Kind.String(), r.State.String()})
			}
			if c.Bool("json") {
				return writeJSON(p.Stdout, rows)
			}
			w := tabwriter.NewWriter(p.Stdout, 0, 0, 2, ' ', 0)
			for _, r := range rows {
				fmt.Fprintf(w, "%s\t%s\t%s\n", r.URL, r.Kind, r.State)
			}
			return w.Flush()
		})
}

func (p *Program) relayRemove() *cli.Command {
	return p.leafStore("remove", "URL", "end the subscription to a relay", nil, func(c *cli.Context, db *store.DB) error {
		address := c.Args().First()
		list, err := db.Relays(c.Context)
		if err != nil {
			return err
		}
		for _, r := range list {
			if r.URL == address {
				if err := db.RemoveRelay(c.Context, r.ID); err != nil {
					return err
				}
				return p.printf("left the relay %s\n", address)
			}
		}
		return fmt.Errorf("there is no relay %s", address)
	})
}
