package command

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// reorder lets options stand anywhere: urfave/cli takes them only between the
// command they belong to and its first argument. It returns the program's
// name, the path of commands, all options, "--", and the other arguments.
//
// What follows a "--" is never an option. An option that no command knows
// stays one, so that urfave/cli refuses it by name.
func reorder(app *cli.App, args []string) ([]string, error) {
	if len(args) == 0 {
		return nil, fmt.Errorf("the program was started without its name")
	}
	valued := map[string]bool{}
	flagsWithValue(app.Commands, valued)

	path, options, rest := args[:1:1], []string{}, []string{}
	commands := app.Commands
	for i := 1; i < len(args); i++ {
		arg := args[i]
		switch {
		case arg == "--":
			rest = append(rest, args[i+1:]...)
			i = len(args)
		case len(arg) > 1 && arg[0] == '-':
			options = append(options, arg)
			if valued[strings.TrimLeft(arg, "-")] && i+1 < len(args) {
				i++
				options = append(options, args[i])
			}
		case len(commands) > 0:
			next := slices.IndexFunc(commands, func(c *cli.Command) bool { return c.HasName(arg) })
			if next < 0 {
				return nil, fmt.Errorf("there is no command %q; see seedling --help", strings.Join(append(path[1:], arg), " "))
			}
			path, commands = append(path, arg), commands[next].Subcommands
		default:
			rest = append(rest, arg)
		}
	}
	return slices.Concat(path, options, []string{"--"}, rest), nil
}

// flagsWithValue collects the options that are followed by a value. The same
// name means the same in every command.
func flagsWithValue(commands []*cli.Command, valued map[string]bool) {
	for _, c := range commands {
		for _, f := range c.Flags {
			if doc, ok := f.(cli.DocGenerationFlag); ok && doc.TakesValue() {
				for _, name := range f.Names() {
					valued[name] = true
				}
			}
		}
		flagsWithValue(c.Subcommands, valued)
	}
}
