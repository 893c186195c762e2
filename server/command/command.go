// Package command is the command line: it reads arguments, the environment and
// the configuration file, calls the server or the same methods of the store
// that the pages call, and prints what was done. It is the only package that
// knows of flags and environment variables, and holds no rules and no SQL.
//
// Read [Program.Run] first, then options.go (what can be configured, and where).
// Each group of subcommands has a file.
package command

import (
	"context"
	"fmt"
	"io"
	"strings"

	"seedling/server"

	"github.com/urfave/cli/v2"
)

// Program is one call of the program with all that it may read and write.
type Program struct {
	Args           []string // the program's name first
	Environ        []string // as os.Environ gives it
	Stdin          io.Reader
	Stdout, Stderr io.Writer
}

// Run does what the arguments say and returns the exit code: 0 only if it was
// done. What went wrong is one line on Stderr.
func (p *Program) Run(ctx context.Context) int {
	app := p.app()
	args, err := reorder(app, p.Args)
	if err == nil {
		err = app.RunContext(ctx, args)
	}
	if err != nil {
		fmt.Fprintf(p.Stderr, "seedling: %s\n", oneLine(err.Error()))
		return 1
	}
	return 0
}

// oneLine joins the lines of a text.
func oneLine(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }), "; ")
}

// app describes all commands.
func (p *Program) app() *cli.App {
	return &cli.App{
		Name:            "seedling",
		HelpName:        "seedling",
		Usage:           "a Fediverse server for a small community",
		Description:     "Options may stand before or after names. `seedling COMMAND --help` tells more.",
		HideVersion:     true,
		HideHelpCommand: true,
		Reader:          p.Stdin,
		Writer:          p.Stdout,
		ErrWriter:       p.Stderr,
		ExitErrHandler:  func(*cli.Context, error) {}, // Run reports errors
		OnUsageError:    usageError,
		Action:          needsSubcommand,
		Commands: []*cli.Command{
			p.serve(),
			group("account", "the people of this instance", p.accountCommands()),
			group("token", "access tokens for programs", []*cli.Command{p.tokenCreate()}),
			group("settings", "what the admins decide", p.settingsCommands()),
			group("emoji", "the custom emoji of this instance", p.emojiCommands()),
			group("media", "the files that are kept here", p.mediaCommands()),
			group("relay", "servers that pass public posts on between many", p.relayCommands()),
			p.backup(),
			p.version(),
		},
	}
}

// group is a command that only holds others.
func group(name, usage string, commands []*cli.Command) *cli.Command {
	return &cli.Command{Name: name, Usage: usage, Subcommands: commands, HideHelpCommand: true,
		OnUsageError: usageError, Action: needsSubcommand}
}

// leaf is a command that does something. Its arguments are named in usage as
// in "NAME ROLE"; a last one in brackets may be left out.
func leaf(name, arguments, usage string, flags []cli.Flag, action cli.ActionFunc) *cli.Command {
	return &cli.Command{Name: name, ArgsUsage: arguments, Usage: usage, Flags: flags, HideHelpCommand: true,
		OnUsageError: usageError, Action: func(c *cli.Context) error {
			if err := checkArguments(c, arguments); err != nil {
				return err
			}
			return action(c)
		}}
}

func checkArguments(c *cli.Context, arguments string) error {
	want := strings.Fields(arguments)
	switch {
	case c.NArg() < len(want):
		return fmt.Errorf("%s is missing; see %s --help", want[c.NArg()], c.Command.HelpName)
	case c.NArg() > len(want):
		return fmt.Errorf("%q is one argument too many; see %s --help", c.Args().Get(len(want)), c.Command.HelpName)
	}
	return nil
}

// usageError words what urfave/cli says of options that it does not know.
func usageError(c *cli.Context, err error, _ bool) error {
	name := c.App.HelpName
	if c.Command != nil && c.Command.HelpName != "" {
		name = c.Command.HelpName
	}
	return fmt.Errorf("%w; see %s --help", err, name)
}

// needsSubcommand answers a call that names no command.
func needsSubcommand(c *cli.Context) error {
	if err := cli.ShowSubcommandHelp(c); err != nil {
		return err
	}
	return fmt.Errorf("no command is given")
}

// version prints what is running.
func (p *Program) version() *cli.Command {
	return leaf("version", "", "print the version", nil, func(*cli.Context) error {
		_, err := fmt.Fprintln(p.Stdout, "seedling", server.VersionText())
		return err
	})
}
