package command

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// The readers of options: each takes the text of a flag, a variable or a key
// of the file, and says in one line what is wrong with it.

type prefixes = []netip.Prefix

func setData(c *configuration, text string) error {
	if strings.TrimSpace(text) == "" {
		return errors.New("the name of a folder is missing")
	}
	c.Data = text
	return nil
}

func setListen(c *configuration, text string) error {
	_, port, err := net.SplitHostPort(text)
	if err != nil {
		return fmt.Errorf("%q is not HOST:PORT, as in localhost:8080", text)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return fmt.Errorf("%q has no port from 0 to 65535", text)
	}
	c.Listen = text
	return nil
}

// setURL takes only what can be the root of everybody's ids: a scheme and a
// host, and a port if it is not the scheme's own.
func setURL(c *configuration, text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return fmt.Errorf("%q is not a public URL, as in https://social.example.org", text)
	}
	switch {
	case u.User != nil:
		return errors.New("a public URL has no user name or password")
	case u.Path != "" && u.Path != "/":
		return fmt.Errorf("%q has a path; Seedling needs a host of its own", text)
	case u.RawQuery != "" || u.ForceQuery:
		return fmt.Errorf("%q has a query", text)
	case u.Fragment != "" || strings.HasSuffix(text, "#"):
		return fmt.Errorf("%q has a fragment", text)
	}
	host, err := cleanHost(u.Host, map[string]string{"http": "80", "https": "443"}[u.Scheme])
	if err != nil {
		return err
	}
	c.URL = u.Scheme + "://" + host
	return nil
}

func setAccountDomain(c *configuration, text string) error {
	host, err := cleanHost(text, "443")
	if err != nil {
		return err
	}
	c.AccountDomain = host
	return nil
}

func setMediaHost(c *configuration, text string) (err error) {
	c.MediaHost, err = cleanHost(text, "443")
	return err
}

func setFFmpeg(c *configuration, text string) error {
	c.FFmpeg = strings.TrimSpace(text)
	return nil
}

// cleanHost brings a host, with or without a port, to the one form in which it
// is compared: lower case, ASCII (RFC 5891), no usual port.
func cleanHost(text, usualPort string) (string, error) {
	problem := fmt.Errorf("%q is not the name of a host, as in social.example.org", text)
	name, port := text, ""
	if strings.LastIndexByte(text, ':') > strings.LastIndexByte(text, ']') {
		var err error
		if name, port, err = net.SplitHostPort(text); err != nil {
			return "", problem
		}
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return "", fmt.Errorf("%q has no port from 1 to 65535", text)
		}
	}
	if address, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil {
		name = address.String()
	} else if name, err = idna.Lookup.ToASCII(name); err != nil || name == "" || strings.HasSuffix(name, ".") {
		return "", problem
	}
	if port != "" && port != usualPort {
		return net.JoinHostPort(name, port), nil
	}
	if strings.Contains(name, ":") {
		return "[" + name + "]", nil
	}
	return name, nil
}

// setPrefixes reads ranges of addresses; a lone address is a range of one.
func setPrefixes(field func(*configuration) *prefixes) func(*configuration, string) error {
	return func(c *configuration, text string) error {
		var list prefixes
		for part := range strings.SplitSeq(text, ",") {
			part = strings.TrimSpace(part)
			if part == "" {
				continue
			}
			prefix, err := netip.ParsePrefix(part)
			if address, ok := netip.ParseAddr(part); ok == nil && address.Zone() == "" {
				prefix, err = netip.PrefixFrom(address, address.BitLen()), nil
			}
			if err != nil || prefix.Addr().Is4In6() {
				return fmt.Errorf("%q is not a range of addresses, as in 10.0.0.0/8", part)
			}
			list = append(list, prefix.Masked())
		}
		*field(c) = list
		return nil
	}
}

func setRateLimits(c *configuration, text string) error {
	if text != "on" && text != "off" {
		return fmt.Errorf("%q is neither on nor off", text)
	}
	c.NoRateLimits = text == "off"
	return nil
}

func setLogLevel(c *configuration, text string) error {
	levels := map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}
	level, ok := levels[text]
	if !ok {
		return fmt.Errorf("%q is none of debug, info, warn and error", text)
	}
	c.logLevel = level
	return nil
}

func setLogFormat(c *configuration, text string) error {
	if text != "text" && text != "json" {
		return fmt.Errorf("%q is neither text nor json", text)
	}
	c.logJSON = text == "json"
	return nil
}
