package templates

import "time"

// Page is what [Set.Render] can render: every struct of this package whose
// name ends in Page. Each embeds a [Frame].
type Page interface {
	// name is the template's name, which is also its file: pages/NAME.html.
	name() string
	frame() *Frame
}

// Frame is what every page shows around its own content. The handler's
// framework (server/web) fills it; page handlers only set the fields below
// "set by the page".
type Frame struct {
	Site     Site
	Viewer   *Viewer // nil for visitors
	CSRF     string  // value of the hidden field "csrf" of every form
	Filled   string  // value of the hidden field "seen" of forms that replace texts: what they were filled from
	Once     string  // value of the hidden field "once" of forms that make something: new on each page
	Path     string  // path and query of this page: where small actions return to
	Flashes  []Flash // from the page before
	Lang     string  // BCP 47, of the page's own words; empty: en
	Dir      string  // ltr or rtl; empty: ltr
	Theme    string  // light, dark, or empty for the browser's wish
	TextSize string  // s, l, xl, or empty for medium
	NoKeys   bool    // the viewer turned the keyboard shortcuts off
	Look     Look
	Now      time.Time

	// Set by the page.

	Errors      []FieldError // mistakes in a form: summary, "Error: " before the title
	NoIndex     bool         // ask search engines to stay away
	Canonical   string       // URL of the page that this one is a copy of, or empty
	Alternate   string       // URL of the same thing as ActivityStreams JSON, or empty
	Description string       // for search results and link cards, plain text, or empty
	Feed        string       // path of this page as a feed, without .atom or .rss, or empty
	OEmbed      string       // URL of this page as oEmbed, or empty
	Card        *OpenGraph   // what other sites show of this page, or nil
	RefreshIn   int          // seconds until the page loads itself again; 0: never
}

func (f *Frame) frame() *Frame { return f }

// Look is what a reader chose beside theme and text size; empty is the usual.
type Look struct {
	Accent, Density, Lines, Avatars           string
	Underline, LessMotion, Contrast, NoCounts bool
}

// Site describes this server.
type Site struct {
	Name        string // shown in the brand and in titles
	Host        string // the account domain, the part of handles after the second @
	Description string // one paragraph, plain text, may be empty
	Version     string // of the software
	SourceURL   string // where the source of the running version is (AGPL)
	JoinMode    string // open, approval, invite or closed
	ShowLocal   bool   // visitors may read the local timeline
	Passkeys    bool   // members can log in with one
	ShowExplore bool   // visitors may see Explore
	ShowSearch  bool   // visitors may search
}

// Viewer is the logged-in member who looks at the page.
type Viewer struct {
	ID            int64
	Name          string // local part of the handle
	DisplayName   string // never empty: falls back to Name
	Avatar        string // path of the picture
	Admin         bool   // sees the administration
	Moderator     bool   // sees sign-ups and reports
	Notifications int    // unread
	Messages      int    // conversations with something new
	Requests      int    // open follow requests
	SignUps       int    // waiting for approval; only for moderators
	Reports       int    // open; only for moderators
}

// Flash is one sentence about what the request before did.
type Flash struct {
	Bad bool // something failed: announced as an alert
	Msg Msg

	Undo *Undo `json:",omitempty"` // nil: nothing, or it cannot be taken back
}

// Undo is the small action that takes back what a flash tells of.
type Undo struct{ Path, On string }

// OpenGraph is what other sites show of a page beside its title and its
// description (ogp.me, and Twitter's cards).
type OpenGraph struct {
	Kind          string // article or profile
	URL           string // of the page
	Image, Alt    string // URL of a picture and what it shows, or empty
	Width, Height int    // of the picture; 0: not known
	Large         bool   // the picture is worth more than a corner
}

// Tab is one entry of a tab row. Key is the message with its words.
type Tab struct {
	Key     string
	URL     string
	Icon    string // name in the sprite, or empty
	Current bool
}

// Pager holds the links at the end of a list; an empty one is not shown.
type Pager struct {
	Newer string // URL with ?after=
	Older string // URL with ?before=
}

// Any says whether there is a page to go to.
func (p Pager) Any() bool { return p.Newer != "" || p.Older != "" }

// FieldError is a mistake in the form field called Field (its name attribute).
// An empty Field is a mistake of the form as a whole.
type FieldError struct {
	Field string
	Msg   Msg
	Saved string // what is saved meanwhile, to stand beside what was typed
}

// Moment is a time as pages show it: in words relative to Now, with the full
// date beside it, in the zone of Now. The zero Moment is shown as nothing.
type Moment struct {
	At, Now time.Time
	Half    bool // the reader's clock has twelve hours
}

// local is the time in the reader's zone.
func (m Moment) local() time.Time { return m.At.In(m.Now.Location()) }

// IsZero says whether there is no time to show.
func (m Moment) IsZero() bool { return m.At.IsZero() }

// Choice is one option of a select or a group of radio buttons. Label and Hint
// are message keys, Text is used instead where the words are not ours (names of
// languages).
type Choice struct {
	Value string
	Label string
	Hint  string
	Text  string
	Icon  string
}

// FrameOf gives the frame of any page, for what is filled in last.
func FrameOf(p Page) *Frame { return p.frame() }
