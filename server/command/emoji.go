package command

import (
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"seedling/store"

	"github.com/urfave/cli/v2"
)

func (p *Program) emojiCommands() []*cli.Command {
	return []*cli.Command{p.emojiAdd(), p.emojiList(), p.emojiRemove(), p.emojiSwitch("enable", "let an emoji be used and shown again", true),
		p.emojiSwitch("disable", "show an emoji as its name, and offer it to nobody", false), p.emojiImport(), p.emojiExport()}
}

func (p *Program) emojiAdd() *cli.Command {
	more := []cli.Flag{
		&cli.StringFlag{Name: "category", Usage: "where it stands in the picker"},
		&cli.StringSliceFlag{Name: "alias", Usage: "another word to find it by; may be given several times"},
		&cli.StringFlag{Name: "licence", Usage: "under which it may be used"},
		&cli.StringFlag{Name: "credits", Usage: "who made it"},
	}
	return p.leafStore("add", "SHORTCODE FILE", "make a custom emoji of a picture: PNG, GIF, WebP or JPEG", more, func(c *cli.Context, db *store.DB) error {
		file, err := os.Open(c.Args().Get(1))
		if err != nil {
			return err
		}
		defer file.Close()
		e, err := db.AddEmoji(c.Context, store.EmojiInfo{Name: c.Args().First(), Category: c.String("category"),
			Aliases: c.StringSlice("alias"), Licence: c.String("licence"), Credits: c.String("credits")}, file)
		if err != nil {
			return fmt.Errorf("add emoji %s: %w", c.Args().First(), err)
		}
		return p.printf("added %s\n", e.Code())
	})
}

// emojiRow is an emoji as --json prints it.
type emojiRow struct {
	Shortcode string   `json:"shortcode"`
	Category  string   `json:"category"`
	Aliases   []string `json:"aliases"`
	Licence   string   `json:"licence"`
	Credits   string   `json:"credits"`
	Type      string   `json:"type"`
	Size      int64    `json:"size"`
	Animated  bool     `json:"animated"`
	Disabled  bool     `json:"disabled"`
}

func (p *Program) emojiList() *cli.Command {
	return p.leafStore("list", "", "list the custom emoji of this server", []cli.Flag{jsonFlag()}, func(c *cli.Context, db *store.DB) error {
		list, err := db.OwnEmojis(c.Context, true)
		if err != nil {
			return err
		}
		rows := []emojiRow{}
		for _, e := range list {
			rows = append(rows, emojiRow{e.Name, e.Category, append([]string{}, e.Aliases...), e.Licence, e.Credits, e.MediaType, e.Size, e.StillHash != "", e.Disabled})
		}
		if c.Bool("json") {
			return writeJSON(p.Stdout, rows)
		}
		w := tabwriter.NewWriter(p.Stdout, 0, 0, 2, ' ', 0)
		for _, r := range rows {
			state := "enabled"
			if r.Disabled {
				state = "disabled"
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", r.Shortcode, r.Category, r.Type, state)
		}
		return w.Flush()
	})
}

// ownEmoji finds an emoji by its shortcode.
func ownEmoji(c *cli.Context, db *store.DB) (*store.CustomEmoji, error) {
	e, err := db.OwnEmoji(c.Context, c.Args().First())
	if errors.Is(err, store.ErrNotFound) {
		return nil, fmt.Errorf("there is no emoji %s", c.Args().First())
	}
	return e, err
}

func (p *Program) emojiRemove() *cli.Command {
	return p.leafStore("remove", "SHORTCODE", "delete a custom emoji; texts show its name then", nil, func(c *cli.Context, db *store.DB) error {
		e, err := ownEmoji(c, db)
		if err != nil {
			return err
		}
		if err := db.DeleteEmoji(c.Context, e.ID); err != nil {
			return err
		}
		return p.printf("removed %s\n", e.Code())
	})
}

func (p *Program) emojiSwitch(name, usage string, on bool) *cli.Command {
	return p.leafStore(name, "SHORTCODE", usage, nil, func(c *cli.Context, db *store.DB) error {
		e, err := ownEmoji(c, db)
		if err != nil {
			return err
		}
		if err := db.EnableEmoji(c.Context, e.ID, on); err != nil {
			return err
		}
		return p.printf("%sd %s\n", name, e.Code())
	})
}

func (p *Program) emojiImport() *cli.Command {
	return p.leafStore("import", "ZIP", "take the emoji of an archive over: packs of Akkoma and Pleroma, Misskey's export, or a zip of pictures", nil,
		func(c *cli.Context, db *store.DB) error {
			file, err := os.Open(c.Args().First())
			if err != nil {
				return err
			}
			defer file.Close()
			info, err := file.Stat()
			if err != nil {
				return err
			}
			done, err := db.ImportEmoji(c.Context, file, info.Size())
			if err != nil {
				return fmt.Errorf("import %s: %w", c.Args().First(), err)
			}
			for _, s := range done.Skipped {
				fmt.Fprintf(p.Stderr, "skipped %s: %s\n", s.Name, oneLine(s.Err.Error()))
			}
			return p.printf("added %d, skipped %d\n", len(done.Added), len(done.Skipped))
		})
}

func (p *Program) emojiExport() *cli.Command {
	return p.leafStore("export", "ZIP", "write all custom emoji to an archive that Seedling, Akkoma, Pleroma and Misskey read; - is stdout", nil,
		func(c *cli.Context, db *store.DB) error {
			name := c.Args().First()
			if name == "-" {
				return db.ExportEmoji(c.Context, p.Stdout)
			}
			file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
			if err != nil {
				return err
			}
			if err := exportTo(c, db, file); err != nil {
				os.Remove(name) // half an archive is of no use
				return err
			}
			return p.printf("wrote %s\n", name)
		})
}

func exportTo(c *cli.Context, db *store.DB, w io.WriteCloser) error {
	return errors.Join(db.ExportEmoji(c.Context, w), w.Close())
}
