package command

import (
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"

	"seedling/server"

	"github.com/BurntSushi/toml"
	"github.com/urfave/cli/v2"
)

// configuration is what the options of serve add up to.
type configuration struct {
	server.Config
	logLevel slog.Level
	logJSON  bool
}

// option is one thing that can be configured: as the flag --NAME, as the
// environment variable SEEDLING_NAME, or as the key NAME of the configuration
// file. The first of these that is there counts.
type option struct {
	name     string
	example  string // of a value
	usage    string // names the value in backquotes
	standard string // if nobody says anything; "" leaves it to the server
	list     bool   // several values: commas in text, an array in the file
	set      func(c *configuration, text string) error
}

// dataOptions say where the data is and whose it is: every command has them.
var dataOptions = []option{
	{name: "data", example: "/var/lib/seedling", usage: "keep all data in the folder `DIR`, made if missing", standard: "./data", set: setData},
	{name: "url", example: "https://social.example.org", set: setURL,
		usage: "the public `URL`; it can't change once the data is founded (new: http://localhost with the port of --listen)"},
	{name: "account-domain", example: "example.org", set: setAccountDomain,
		usage: "the `HOST` in the handles of members; it can't change either (new: the host of the URL)"},
}

// serveOptions are all options.
var serveOptions = append(slices.Clone(dataOptions),
	option{name: "listen", example: "localhost:8080", usage: "listen on `HOST:PORT`", standard: server.DefaultListen, set: setListen},
	option{name: "media-host", example: "media.example.org", usage: "serve files from this second `HOST` of this server, and nothing else there", set: setMediaHost},
	option{name: "ffmpeg", example: "/usr/bin/ffmpeg", usage: "make still pictures of films with the program at `PATH`", set: setFFmpeg},
	option{name: "trusted-proxy", example: "127.0.0.1", usage: "believe the X-Forwarded-For of these proxies: `CIDR,...`", list: true,
		set: setPrefixes(func(c *configuration) *prefixes { return &c.TrustedProxies })},
	option{name: "allow-private", example: "10.1.0.0/16", usage: "fetch from these private addresses all the same: `CIDR,...`", list: true,
		set: setPrefixes(func(c *configuration) *prefixes { return &c.AllowPrivate })},
	option{name: "dial-only", example: "127.0.0.0/8", usage: "fetch from these addresses, private or not, and from no others: `CIDR,...`", list: true,
		set: setPrefixes(func(c *configuration) *prefixes { return &c.DialOnly })},
	option{name: "rate-limits", example: "on", usage: "limits on log-ins and sign-ups, `on|off`; off only for tests", standard: "on", set: setRateLimits},
	option{name: "log-level", example: "info", usage: "log from this `LEVEL` on: debug, info, warn or error", standard: "info", set: setLogLevel},
	option{name: "log-format", example: "text", usage: "write the log as `text|json`", standard: "text", set: setLogFormat},
)

// configFlag names the file.
var configFlag = &cli.StringFlag{Name: "config", Usage: "read options of serve from the TOML `FILE`, their names as keys [$SEEDLING_CONFIG]"}

// env is the environment variable of an option.
func env(name string) string {
	return "SEEDLING_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// flags returns --config and the flags of some options.
func flags(options []option, more ...cli.Flag) []cli.Flag {
	list := []cli.Flag{configFlag}
	for _, o := range options {
		usage := fmt.Sprintf("%s [$%s]", o.usage, env(o.name))
		if o.list {
			list = append(list, &cli.StringSliceFlag{Name: o.name, Usage: usage})
		} else {
			list = append(list, &cli.StringFlag{Name: o.name, Usage: usage, DefaultText: o.standard})
		}
	}
	return append(list, more...)
}

// configure reads some options from where they are given.
func (p *Program) configure(c *cli.Context, options []option) (configuration, error) {
	var conf configuration
	path := c.String("config")
	if path == "" {
		path = p.getenv("SEEDLING_CONFIG")
	}
	file, err := readFile(path)
	if err != nil {
		return conf, err
	}
	for _, o := range options {
		text, source := p.find(c, o, path, file)
		if source == "" && text == "" {
			continue
		}
		if err := o.set(&conf, text); err != nil {
			return conf, fmt.Errorf("%s: %w", source, err)
		}
	}
	return conf, nil
}

// find returns the text of an option and, for a message, where it was found.
func (p *Program) find(c *cli.Context, o option, path string, file map[string]string) (text, source string) {
	if c.IsSet(o.name) {
		if o.list {
			return strings.Join(c.StringSlice(o.name), ","), "--" + o.name
		}
		return c.String(o.name), "--" + o.name
	}
	if text := p.getenv(env(o.name)); text != "" { // empty is as good as not there: compose files write that
		return text, env(o.name)
	}
	if text, ok := file[o.name]; ok {
		return text, path + ": " + o.name
	}
	return o.standard, ""
}

// readFile reads the configuration file into texts as a flag has them; no path
// is an empty file. Unknown keys and values of a strange kind are refused.
func readFile(path string) (map[string]string, error) {
	values := map[string]string{}
	if path == "" {
		return values, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	var raw map[string]any
	if _, err := toml.Decode(string(text), &raw); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for key, value := range raw {
		at := slices.IndexFunc(serveOptions, func(o option) bool { return o.name == key })
		if at < 0 {
			return nil, fmt.Errorf("%s: unknown key %q; the keys are %s", path, key, optionNames())
		}
		if values[key], err = fileValue(serveOptions[at], value); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", path, key, err)
		}
	}
	return values, nil
}

// fileValue turns a value of the file into the text that a flag would have.
func fileValue(o option, value any) (string, error) {
	switch v := value.(type) {
	case string:
		return v, nil
	case bool:
		if o.name == "rate-limits" {
			return map[bool]string{true: "on", false: "off"}[v], nil
		}
	case []any:
		var texts []string
		for _, item := range v {
			text, ok := item.(string)
			if !ok {
				return "", fmt.Errorf("%v must be text in quotes", item)
			}
			texts = append(texts, text)
		}
		if o.list {
			return strings.Join(texts, ","), nil
		}
	}
	return "", fmt.Errorf("%v is no value for it; write text in quotes, as in %s = %q", value, o.name, o.example)
}

func optionNames() string {
	var names []string
	for _, o := range serveOptions {
		names = append(names, o.name)
	}
	return strings.Join(names, ", ")
}

// getenv returns a variable of the environment, or "".
func (p *Program) getenv(name string) string {
	value := ""
	for _, pair := range p.Environ {
		if v, ok := strings.CutPrefix(pair, name+"="); ok {
			value = v // the last one, as in a shell
		}
	}
	return value
}

// checkEnvironment refuses variables that look like ours and are none: a
// mistyped one would be ignored in silence. Container systems set addresses of
// a service named seedling under names like ours; those pass.
func (p *Program) checkEnvironment() error {
	for _, pair := range p.Environ {
		name, _, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, "SEEDLING_") || name == "SEEDLING_CONFIG" ||
			name == "SEEDLING_PORT" || strings.HasPrefix(name, "SEEDLING_PORT_") || strings.HasPrefix(name, "SEEDLING_SERVICE_") {
			continue
		}
		if !slices.ContainsFunc(serveOptions, func(o option) bool { return env(o.name) == name }) {
			return fmt.Errorf("unknown environment variable %s; the options are %s", name, optionNames())
		}
	}
	return nil
}
