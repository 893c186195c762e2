package command

import (
	"errors"
	"fmt"

	"seedling/store"

	"github.com/urfave/cli/v2"
)

func (p *Program) mediaCommands() []*cli.Command {
	return []*cli.Command{p.mediaMove(), p.mediaVerify(), p.mediaPrune()}
}

func (p *Program) mediaMove() *cli.Command {
	to := &cli.StringFlag{Name: "to", Usage: "disk, or s3: the bucket of the setting media_bucket", Required: true}
	return p.leafStore("move", "", "keep files in another place from now on, and move there those that are kept; may be broken off and called again", []cli.Flag{to},
		func(c *cli.Context, db *store.DB) error {
			moved := 0
			err := db.MoveMedia(c.Context, store.MediaStorage(c.String("to")), func(n, left int) {
				if moved = n; n%100 == 0 {
					fmt.Fprintf(p.Stderr, "%d moved, %d to go\n", n, left)
				}
			})
			if err != nil {
				return fmt.Errorf("%d files moved; call again for the rest: %w", moved, err)
			}
			return p.printf("%d files moved; new ones are kept there\n", moved)
		})
}

func (p *Program) mediaVerify() *cli.Command {
	quick := &cli.BoolFlag{Name: "quick", Usage: "compare sizes alone, and do not read the files"}
	return p.leafStore("verify", "", "check that every row has its file, every file its row, and that each is what its name says", []cli.Flag{quick},
		func(c *cli.Context, db *store.DB) error {
			var failed error
			check, err := db.VerifyMedia(c.Context, !c.Bool("quick"), func(f store.MediaFinding) {
				failed = errors.Join(failed, p.printf("%s\t%s\t%d bytes\t%s\n", f.Problem, f.Hash, f.Size, f.Where))
			})
			if err := errors.Join(err, failed); err != nil {
				return err
			}
			if check.Wrong > 0 {
				return fmt.Errorf("%d files checked, %d findings", check.Files, check.Wrong)
			}
			return p.printf("%d files, %d bytes: all well\n", check.Files, check.Bytes)
		})
}

func (p *Program) mediaPrune() *cli.Command {
	dry := &cli.BoolFlag{Name: "dry-run", Usage: "say what would be removed, and remove nothing"}
	return p.leafStore("prune", "", "remove uploads that are on no post, files that nobody needs, and of the cache what is over its budget", []cli.Flag{dry},
		func(c *cli.Context, db *store.DB) error {
			plan, err := db.PlanPrune(c.Context)
			if err != nil {
				return err
			}
			err = p.printf("uploads on no post: %d\nfiles that nobody needs: %d, %d bytes\nfiles that nobody knows: %d, %d bytes\nof the cache, with %d of %d bytes: %d, %d bytes\n",
				plan.Loose, plan.Unnamed, plan.UnnamedBytes, plan.Strays, plan.StrayBytes, plan.CacheBytes, plan.CacheLimit, plan.Evicted, plan.EvictedBytes)
			if err != nil || c.Bool("dry-run") {
				return err
			}
			if err := errors.Join(db.EvictRemoteFiles(c.Context), db.PruneMedia(c.Context)); err != nil {
				return err
			}
			if _, err := db.RemoveStrays(c.Context); err != nil {
				return err
			}
			return p.printf("removed\n")
		})
}
