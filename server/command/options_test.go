package command

import (
	"bytes"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

// configured reads the options of serve as the program would.
func configured(t *testing.T, args, environ []string) (configuration, error) {
	t.Helper()
	var conf configuration
	p := &Program{Environ: environ}
	command := leaf("serve", "", "", flags(serveOptions), func(c *cli.Context) (err error) {
		conf, err = p.configure(c, serveOptions)
		return err
	})
	var out bytes.Buffer
	app := &cli.App{Commands: []*cli.Command{command}, Writer: &out, ErrWriter: &out, ExitErrHandler: func(*cli.Context, error) {}}
	err := app.Run(append([]string{"seedling", "serve"}, args...))
	return conf, err
}

func writeFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "seedling.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDefaults(t *testing.T) {
	c, err := configured(t, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.Data != "./data" || c.Listen != "localhost:8080" || c.URL != "" || c.AccountDomain != "" || c.NoRateLimits || c.logJSON || c.logLevel != 0 {
		t.Errorf("got %+v", c)
	}
}

// TestPrecedence gives each option in all three ways and takes them away one
// after the other.
func TestPrecedence(t *testing.T) {
	values := map[string][3]string{ // flag, environment, file
		"data":           {"flag", "env", "file"},
		"listen":         {"flag:1", "env:2", "file:3"},
		"url":            {"https://flag.example", "https://env.example", "https://file.example"},
		"account-domain": {"flag.example", "env.example", "file.example"},
		"media-host":     {"flag.example", "env.example", "file.example"},
		"ffmpeg":         {"/a/ffmpeg", "/b/ffmpeg", "/c/ffmpeg"},
		"trusted-proxy":  {"10.0.0.0/8", "11.0.0.0/8", "12.0.0.0/8"},
		"allow-private":  {"10.0.0.0/8", "11.0.0.0/8", "12.0.0.0/8"},
		"dial-only":      {"10.0.0.0/8", "11.0.0.0/8", "12.0.0.0/8"},
		"rate-limits":    {"off", "on", "off"},
		"log-level":      {"debug", "warn", "error"},
		"log-format":     {"json", "text", "json"},
	}
	show := map[string]func(c configuration) string{
		"data": func(c configuration) string { return c.Data }, "listen": func(c configuration) string { return c.Listen },
		"url": func(c configuration) string { return c.URL }, "account-domain": func(c configuration) string { return c.AccountDomain },
		"media-host":    func(c configuration) string { return c.MediaHost },
		"ffmpeg":        func(c configuration) string { return c.FFmpeg },
		"trusted-proxy": func(c configuration) string { return c.TrustedProxies[0].String() },
		"allow-private": func(c configuration) string { return c.AllowPrivate[0].String() },
		"dial-only":     func(c configuration) string { return c.DialOnly[0].String() },
		"rate-limits":   func(c configuration) string { return map[bool]string{true: "off", false: "on"}[c.NoRateLimits] },
		"log-level":     func(c configuration) string { return strings.ToLower(c.logLevel.String()) },
		"log-format":    func(c configuration) string { return map[bool]string{true: "json", false: "text"}[c.logJSON] },
	}
	for _, o := range serveOptions {
		v, ok := values[o.name]
		if !ok {
			t.Errorf("option %s is not tested", o.name)
			continue
		}
		file := writeFile(t, fmt.Sprintf("%s = %q\n", o.name, v[2]))
		flag, environ := []string{"--" + o.name, v[0]}, []string{env(o.name) + "=" + v[1]}
		for i, args := range [][]string{append(flag, "--config", file), {"--config", file}, {"--config", file}} {
			if i == 2 {
				environ = []string{env(o.name) + "="} // empty is as good as not there
			}
			c, err := configured(t, args, environ)
			if err != nil {
				t.Errorf("%s: %v", o.name, err)
				continue
			}
			if got := show[o.name](c); got != v[i] {
				t.Errorf("%s, way %d of 3: got %s, want %s", o.name, i+1, got, v[i])
			}
		}
	}
}

func TestFileForms(t *testing.T) {
	c, err := configured(t, nil, []string{"SEEDLING_CONFIG=" + writeFile(t,
		"trusted-proxy = [\"127.0.0.1\", \"::1\"]\nallow-private = \"10.0.0.0/8, fd00::/8\"\nrate-limits = false\n")})
	if err != nil {
		t.Fatal(err)
	}
	want := []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("::1/128")}
	if !slices.Equal(c.TrustedProxies, want) || len(c.AllowPrivate) != 2 || !c.NoRateLimits {
		t.Errorf("got %+v", c)
	}
	c, err = configured(t, []string{"--trusted-proxy", "127.0.0.1", "--trusted-proxy", "::1"}, nil)
	if err != nil || !slices.Equal(c.TrustedProxies, want) {
		t.Errorf("a flag given twice: got %v, %v, want %v", c.TrustedProxies, err, want)
	}
}

// TestRefused: every impossible value is named with the place where it stands.
func TestRefused(t *testing.T) {
	flags := map[string][]string{
		"listen":         {"", "8080", "localhost", "localhost:http", "localhost:70000", "a:b:c"},
		"account-domain": {"", "https://example.org", "example.org/", "a b", "exa_mple.org", "example.org.", "user@example.org"},
		"media-host":     {"https://media.example.org", "media.example.org/", "a b"},
		"url": {"", "example.org", "//example.org", "ftp://example.org", "https://", "https://example.org/path", "https://example.org/?q", "https://example.org?",
			"https://example.org/#f", "https://example.org#", "https://user:pass@example.org", "https://example.org:0", "https://example.org:99999",
			"https://exa mple.org", "https://-example.org", "https://example.org."},
		"trusted-proxy": {"localhost", "10.0.0.0/33", "10.0.0.0/8,x", "::ffff:10.0.0.0/104"},
		"allow-private": {"private"},
		"dial-only":     {"1.2.3"},
		"rate-limits":   {"", "maybe", "true"},
		"log-level":     {"", "loud", "INFO"},
		"log-format":    {"", "xml"},
		"data":          {"", " "},
	}
	for name, texts := range flags {
		for _, text := range texts {
			_, err := configured(t, []string{"--" + name + "=" + text}, nil)
			if err == nil || !strings.HasPrefix(err.Error(), "--"+name+": ") || strings.Contains(err.Error(), "\n") {
				t.Errorf("--%s=%q: got %v, want one line that names the flag", name, text, err)
			}
		}
	}
	files := []string{"listn = \"x:1\"", "listen = 8080", "listen = [\"a:1\"]", "dial-only = [1]", "log-level = true", "listen", "[serve]\nlisten = \"a:1\"", "url = \"x\""}
	for _, text := range files {
		path := writeFile(t, text)
		_, err := configured(t, []string{"--config", path}, nil)
		if err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("file %q: got %v, want an error that names the file", text, err)
		}
	}
	if _, err := configured(t, []string{"--config", "missing.toml"}, nil); err == nil {
		t.Error("a missing configuration file is not refused")
	}
	if _, err := configured(t, nil, []string{"SEEDLING_LISTEN=x"}); err == nil || !strings.HasPrefix(err.Error(), "SEEDLING_LISTEN: ") {
		t.Errorf("got %v, want an error that names the variable", err)
	}
}

func TestURLIsBroughtToOneForm(t *testing.T) {
	tests := map[string]string{
		"https://Social.Example.ORG/":   "https://social.example.org",
		"HTTPS://social.example.org":    "https://social.example.org",
		"https://example.org:443":       "https://example.org",
		"http://example.org:80":         "http://example.org",
		"https://example.org:8443":      "https://example.org:8443",
		"https://bücher.example":        "https://xn--bcher-kva.example",
		"http://127.0.0.1:8080":         "http://127.0.0.1:8080",
		"http://[::1]:8080/":            "http://[::1]:8080",
		"http://[0:0:0:0:0:0:0:1]":      "http://[::1]",
		"http://localhost:8080":         "http://localhost:8080",
		"https://xn--bcher-kva.example": "https://xn--bcher-kva.example",
	}
	for text, want := range tests {
		c, err := configured(t, []string{"--url", text}, nil)
		if err != nil || c.URL != want {
			t.Errorf("%s: got %q, %v, want %q", text, c.URL, err, want)
		}
	}
}

func TestUnknownVariables(t *testing.T) {
	tests := map[string]bool{
		"SEEDLING_LISTEN=x": true, "SEEDLING_CONFIG=x": true, "SEEDLING_LISTN=x": false, "OTHER=x": true,
		"SEEDLING_SERVICE_HOST=10.0.0.1": true, "SEEDLING_PORT=tcp://10.0.0.1:80": true, "SEEDLING_PORT_80_TCP=x": true,
	}
	for pair, ok := range tests {
		p := &Program{Environ: []string{"HOME=/", pair}}
		if err := p.checkEnvironment(); (err == nil) != ok {
			t.Errorf("%s: got %v, want accepted: %v", pair, err, ok)
		}
	}
}

// TestReadmeNamesEveryOption holds the README's table.
func TestReadmeNamesEveryOption(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range serveOptions {
		if row := fmt.Sprintf("| `--%s` | `%s` | `%s` |", o.name, env(o.name), o.name); !strings.Contains(string(text), row) {
			t.Errorf("README.md has no row %s", row)
		}
	}
}
