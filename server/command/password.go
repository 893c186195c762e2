package command

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"seedling/store"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"
)

func passwordFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "password", Usage: "the `PASSWORD`; other users of this machine may see it, --password-stdin hides it"},
		&cli.BoolFlag{Name: "password-stdin", Usage: "read the password from standard input"},
	}
}

func (p *Program) accountPassword() *cli.Command {
	return p.onUser("password", "NAME", "set a new password, log out everywhere and end all tokens", passwordFlags(),
		func(c *cli.Context, db *store.DB, u *store.User) error {
			password, generated, err := p.password(c)
			if err != nil {
				return err
			}
			if err := db.SetPassword(c.Context, u.Account.ID, password, 0); err != nil {
				return err
			}
			if err := p.printf("%s has a new password and is logged out everywhere\n", handle(db, u)); err != nil {
				return err
			}
			return p.tellGenerated(password, generated)
		})
}

// maxPasswordLine bounds what is read from standard input, in bytes.
const maxPasswordLine = 4096

// password takes the password from the flags, or asks for it on a terminal, or
// makes one.
func (p *Program) password(c *cli.Context) (password string, generated bool, err error) {
	switch {
	case c.IsSet("password") && c.Bool("password-stdin"):
		return "", false, errors.New("--password and --password-stdin exclude each other")
	case c.IsSet("password"):
		return c.String("password"), false, nil
	case c.Bool("password-stdin"):
		line, err := readLine(p.Stdin)
		return line, false, err
	}
	if t := p.terminal(); t != nil {
		password, err = p.askPassword(t)
		if err != nil || password != "" {
			return password, false, err
		}
	}
	return rand.Text(), true, nil
}

// tellGenerated shows a password that nobody has seen yet.
func (p *Program) tellGenerated(password string, generated bool) error {
	if !generated {
		return nil
	}
	return p.printf("password: %s (shown only now; it can be changed on the settings page)\n", password)
}

// terminal is standard input if a person sits at it.
func (p *Program) terminal() *os.File {
	if f, ok := p.Stdin.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return f
	}
	return nil
}

// askPassword asks twice, since nothing is shown. Empty: the person wants one made.
func (p *Program) askPassword(t *os.File) (string, error) {
	first, err := p.askHidden(t, "Password (empty: one is made): ")
	if err != nil || first == "" {
		return "", err
	}
	second, err := p.askHidden(t, "Once more: ")
	if err != nil {
		return "", err
	}
	if first != second {
		return "", errors.New("the two passwords differ")
	}
	return first, nil
}

func (p *Program) askHidden(t *os.File, question string) (string, error) {
	fmt.Fprint(p.Stderr, question)
	text, err := term.ReadPassword(int(t.Fd()))
	fmt.Fprintln(p.Stderr)
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return string(text), nil
}

// confirm asks a person at a terminal to type want. A script is not asked.
func (p *Program) confirm(question, want string) error {
	if p.terminal() == nil {
		return nil
	}
	fmt.Fprint(p.Stderr, question)
	line, err := readLine(p.Stdin)
	if err != nil {
		return err
	}
	if strings.TrimPrefix(strings.TrimSpace(line), "@") != want {
		return errors.New("nothing was done")
	}
	return nil
}

// readLine reads the first line of what is piped in.
func readLine(r io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(r, maxPasswordLine)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read standard input: %w", err)
	}
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", errors.New("standard input is empty")
	}
	return line, nil
}
