package command

import (
	"fmt"
	"path/filepath"

	"seedling/store"

	"github.com/urfave/cli/v2"
)

func (p *Program) backup() *cli.Command {
	files := &cli.BoolFlag{Name: "files", Usage: "copy the files that members handed in too, to the folder media in FOLDER: those that are not there yet"}
	return p.leafStore("backup", "FOLDER", "copy the database to a new folder in FOLDER and check the copy, also while the server runs", []cli.Flag{files},
		func(c *cli.Context, db *store.DB) error {
			folder, err := filepath.Abs(c.Args().First())
			if err != nil {
				return err
			}
			b, err := db.BackUp(c.Context, folder, c.Bool("files"))
			if store.NoRoom(err) {
				return fmt.Errorf("there is not enough room: %w", err)
			}
			if err != nil {
				return err
			}
			if err := p.printf("%s: %d bytes, checked; %d files of members, %d bytes\n", filepath.Join(folder, b.Name), b.Bytes, b.Files, b.FileBytes); err != nil {
				return err
			}
			if b.Missing > 0 {
				return fmt.Errorf("%d of the files are missing; see seedling media verify", b.Missing)
			}
			return nil
		})
}
