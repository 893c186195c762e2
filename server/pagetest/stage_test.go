package pagetest

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"seedling/federation/fedtest"
	"seedling/server"
)

// stage is two servers that know each other, and a browser that finds both
// under their names, over TLS.
type stage struct {
	t       *testing.T // of what is tested now
	whole   *testing.T // until whose end everything lives
	browser context.Context
	here    *village // nobody has set it up
	there   *village
	link    string // sets here up
	scripts scriptMode
}

// scriptMode is what becomes of the scripts of our pages.
type scriptMode string

const (
	scriptsOff    scriptMode = "off"
	scriptsOn     scriptMode = "on"
	scriptsBroken scriptMode = "broken" // the first comes, what it asks for does not
)

// saying is where a server tells whoever started it how to set it up.
type saying chan string

func (s saying) Write(text []byte) (int, error) {
	if link := setUpLink.FindString(string(text)); link != "" {
		s <- link
	}
	return len(text), nil
}

// newStage starts both servers until the test ends.
func newStage(t *testing.T, mode scriptMode) *stage {
	t.Helper()
	path := chromium(t)
	internet := fedtest.NewNetwork(t)
	st := &stage{t: t, whole: t, scripts: mode}
	var rules []string
	for _, server := range []struct {
		at   **village
		host string
	}{{&st.here, "willow.example"}, {&st.there, "hollow.example"}} {
		listener := internet.Listen(server.host)
		rules = append(rules, fmt.Sprintf("MAP %s:443 %s", server.host, listener.Addr()))
		var link string
		if *server.at, link = serve(t, internet, server.host, listener); st.link == "" {
			st.link = link
		}
	}
	ctx, cancel := chromedp.NewContext(context.Background(), chromedp.WithAllocatorOptions(chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("ignore-certificate-errors", true), chromedp.Flag("host-resolver-rules", strings.Join(rules, ","))))
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start chromium: %v", err)
	}
	st.browser = ctx
	return st
}

var setUpLink = regexp.MustCompile(`/setup\?key=\S+`)

// serve runs a server under a host name, and returns the path that sets it up.
func serve(t *testing.T, internet *fedtest.Network, host string, listener net.Listener) (v *village, link string) {
	t.Helper()
	v = &village{t: t, base: "https://" + host, logs: &logs{}}
	said := make(saying, 1)
	s, err := server.New(t.Context(), server.Config{Data: t.TempDir(), URL: v.base, Listener: listener, Dial: internet.Dial, RootCAs: internet.RootCAs(),
		NoRateLimits: true, Out: said, Log: slog.New(slog.NewTextHandler(v.logs, &slog.HandlerOptions{Level: slog.LevelWarn}))})
	v.must(err)
	v.db = s.DB()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("%s ended with %v", host, err)
		}
	})
	return v, <-said
}

// looks is how somebody reads pages.
type looks struct {
	width    int
	dark     bool
	language string
}

// allLooks are taken in turn.
var allLooks = []looks{{320, false, "en"}, {768, true, "ar"}, {1280, false, "ar"}, {320, true, "ar"}, {768, false, "en"}, {1280, true, "en"}}

// tab opens a window at one of the servers, for somebody who is not logged in.
func (st *stage) tab(at *village, how looks) *tab {
	st.t.Helper()
	b := at.newTab(st.whole, st.browser, visitor)
	b.t = st.t
	b.scripts(st.scripts != scriptsOff)
	if st.scripts == scriptsBroken {
		command(b, network.Enable, network.EnableParams{})
		command(b, network.SetBlockedURLs, network.SetBlockedURLsParams{URLPatterns: []*network.BlockPattern{
			{URLPattern: "*://*:*/static/js/app.*"}, {URLPattern: "*://*:*/static/js/*", Block: true}}})
	}
	b.wear(how)
	return b
}

// wear has the pages look another way from now on.
func (b *tab) wear(how looks) {
	b.t.Helper()
	b.window(how.width, 900)
	scheme := "light"
	if how.dark {
		scheme = "dark"
	}
	b.medium("", &emulation.MediaFeature{Name: "prefers-color-scheme", Value: scheme})
	command(b, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": how.language}})
	b.how = how
}
