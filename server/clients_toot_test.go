package server_test

import (
	"os/exec"
	"path"
	"regexp"
	"strings"
)

// toot is the program of one person, with settings of its own.
type toot struct {
	*clientTest
	name string
	env  []string
}

var tootLogin = regexp.MustCompile(`^https?://\S+/oauth/authorize\S*$`)

// newToot signs a person in: toot prints an address and reads the code.
func newToot(s *clientTest, name string) *toot {
	s.t.Helper()
	cmd := s.command("toot", "login", "--disable-https", "--instance", s.program.listen)
	c := &toot{s, name, cmd.Env}
	s.talk(cmd, func(line string, say func(string)) {
		if tootLogin.MatchString(line) {
			say("n") // not in a browser of its own
			say(s.allow(name, line))
		}
	})
	return c
}

// run runs one command and checks that it prints the texts.
func (c *toot) run(arguments []string, texts ...string) string {
	c.t.Helper()
	cmd := exec.Command("toot", arguments...)
	cmd.Env = c.env
	out, err := cmd.CombinedOutput()
	if err != nil {
		c.t.Errorf("%s: toot %q: %v\n%s", c.name, arguments, err, out)
	}
	for _, text := range texts {
		if !strings.Contains(string(out), text) {
			c.t.Errorf("%s: toot %q does not print %q:\n%s", c.name, arguments, text, out)
		}
	}
	return string(out)
}

// post writes a post and returns its id.
func (c *toot) post(arguments ...string) string {
	c.t.Helper()
	return path.Base(strings.TrimSpace(c.run(append([]string{"post"}, arguments...), "Toot posted")))
}

// walkToot walks with toot, the program for the command line.
func walkToot(s *clientTest) {
	if _, err := exec.LookPath("toot"); err != nil {
		absent(s.t, "toot (Debian's package toot)")
	}
	mira, olga := newToot(s, "mira"), newToot(s, "olga")
	mira.run([]string{"whoami"}, "@mira")
	mira.run([]string{"auth"}, "mira@"+s.program.listen)
	mira.run([]string{"instance", "--disable-https", s.program.listen}, "Seedling")
	mira.run([]string{"whois", "olga"}, "@olga")

	id := mira.post("A post from a terminal #seeds", "--language", "en")
	reply := olga.post("An answer, @mira", "--reply-to", id, "--spoiler-text", "Plants")
	mira.run([]string{"thread", id}, "from a terminal", "An answer", "ID "+reply)
	mira.post("A picture", "--media", s.picture, "--description", "Stripes", "--sensitive")
	mira.run([]string{"upload", s.picture}, "media")
	mira.run([]string{"post", "Later", "--scheduled-in", "2 hours"}, "scheduled for")
	mira.run([]string{"timeline", "--once"}, "A picture", "Media:")
	mira.run([]string{"timeline", "--once", "--public", "--local"}, "A picture")
	mira.run([]string{"timeline", "--once", "--tag", "seeds"}, "from a terminal")

	olga.run([]string{"follow", "mira"}, "now following")
	olga.run([]string{"following", "olga"}, "@mira")
	mira.run([]string{"followers", "mira"}, "@olga")
	for _, verb := range []string{"favourite", "reblog", "bookmark"} {
		olga.run([]string{verb, id}, "✓")
	}
	olga.run([]string{"reblogged_by", id}, "@olga")
	olga.run([]string{"bookmarks", "--once"}, "from a terminal")
	mira.run([]string{"pin", id}, "✓")
	mira.run([]string{"notifications"}, "now follows you", "mentioned you", "favourited your status", "reblogged your status")
	mira.run([]string{"notifications", "--clear"}, "Cleared")
	mira.run([]string{"search", "olga"}, "@olga")
	mira.run([]string{"search", "#seeds"}, "#seeds")
	mira.run([]string{"tags_follow", "beans"}, "✓")
	mira.run([]string{"tags_followed"}, "#beans")
	mira.run([]string{"tags_unfollow", "beans"}, "✓")
	for _, verb := range []string{"mute", "unmute"} {
		mira.run([]string{verb, "olga"}, "✓")
	}
	for _, verb := range []string{"unfavourite", "unreblog", "unbookmark"} {
		olga.run([]string{verb, id}, "✓")
	}
	mira.run([]string{"unpin", id}, "✓")
	mira.run([]string{"delete", id}, "✓")
	mira.run([]string{"block", "olga"}, "✓")
	mira.run([]string{"logout", "mira@" + s.program.listen}, "logged out")
}
