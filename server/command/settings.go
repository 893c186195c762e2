package command

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"seedling/store"

	"github.com/urfave/cli/v2"
)

func (p *Program) settingsCommands() []*cli.Command {
	return []*cli.Command{p.settingsList(), p.settingsGet(), p.settingsSet()}
}

func (p *Program) settingsList() *cli.Command {
	return p.leafStore("list", "", "list the settings", []cli.Flag{jsonFlag()}, func(c *cli.Context, db *store.DB) error {
		values := map[string]string{}
		for _, key := range store.SettingKeys() {
			value, err := db.Setting(c.Context, key)
			if err != nil {
				return err
			}
			values[key] = value
		}
		if c.Bool("json") {
			return writeJSON(p.Stdout, values)
		}
		w := tabwriter.NewWriter(p.Stdout, 0, 0, 2, ' ', 0)
		for _, key := range store.SettingKeys() {
			fmt.Fprintf(w, "%s\t%s\n", key, strings.ReplaceAll(values[key], "\n", " / "))
		}
		return w.Flush()
	})
}

func (p *Program) settingsGet() *cli.Command {
	return p.leafStore("get", "KEY", "print one setting", nil, func(c *cli.Context, db *store.DB) error {
		value, err := db.Setting(c.Context, c.Args().First())
		if err != nil {
			return err
		}
		return p.printf("%s\n", value)
	})
}

func (p *Program) settingsSet() *cli.Command {
	return p.leafStore("set", "KEY VALUE", "change one setting; a running server notices within a second", nil,
		func(c *cli.Context, db *store.DB) error {
			key := c.Args().First()
			if err := db.SetSetting(c.Context, key, c.Args().Get(1)); err != nil {
				return err
			}
			value, err := db.Setting(c.Context, key)
			if err != nil {
				return err
			}
			return p.printf("%s is %q now\n", key, value)
		})
}
