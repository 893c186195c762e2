package templates

import (
	"html/template"
	"strconv"
	"time"
)

// funcs are what templates may call beside html/template's own.
func (e *edition) funcs(c Config) template.FuncMap {
	w := e.words
	return template.FuncMap{
		"t":             w.T,      // t "key" "name" value...
		"tm":            w.TM,     // tm .Msg
		"around":        w.Around, // {{$a := around "key" "name"}}{{$a.Before}}<b>…</b>{{$a.After}}
		"parts":         w.Parts,  // {{range parts "key" "name emoji"}}{{if .Slot}}…{{else}}{{.Text}}{{end}}{{end}}
		"emojiname":     w.EmojiName,
		"num":           func(n int) string { return w.Number(int64(n)) },
		"ago":           w.Ago,
		"left":          w.Left,
		"date":          w.Date,
		"day":           w.Day,
		"month":         w.Month,
		"iso":           func(m Moment) string { return m.At.UTC().Format("2006-01-02T15:04:05Z") },
		"rfc3339":       func(t time.Time) string { return t.Format(time.RFC3339) },
		"when":          w.When,
		"lasts":         w.Lasts,
		"bytes":         w.Bytes,
		"clock":         func(m Moment) string { return w.clock(m.local(), m.Half) },
		"asset":         c.Asset,
		"head":          head,
		"searchhelp":    searchHelp,
		"in":            func(f *Frame, v any) In { return In{f, v} },
		"field":         newField,
		"pollfield":     PollField,
		"mistakes":      mistakes,
		"first":         func(n int, a []Account) []Account { return a[:min(n, len(a))] },
		"row":           func(i int) int { return i + 1 },
		"statuskey":     statusKey,
		"fedmodes":      func() []Choice { return choices("admin.federation_", "open", "allowlist", "off") },
		"add":           func(a, b int) int { return a + b },
		"showto":        func() []Choice { return choices("admin.show_", "none", "members", "all") },
		"joinmodes":     func() []Choice { return choices("admin.mode_", "open", "approval", "invite", "closed") },
		"themes":        func() []Choice { return choices("settings.theme_", "auto", "light", "dark") },
		"accents":       func() []Choice { return choices("settings.accent_", "green", "blue", "violet", "rose", "rust", "teal") },
		"avatarshapes":  func() []Choice { return choices("settings.avatars_", "soft", "round") },
		"densities":     func() []Choice { return choices("settings.density_", "airy", "compact") },
		"lines":         func() []Choice { return choices("settings.lines_", "full", "short") },
		"mediachoices":  func() []Choice { return choices("settings.media_", "sensitive", "show", "hide") },
		"sizes":         func() []Choice { return choices("settings.size_", "s", "m", "l", "xl") },
		"listreplies":   func() []Choice { return choices("lists.replies_", "list", "followed", "none") },
		"filteractions": func() []Choice { return choices("filters.do_", "warn", "hide", "blur") },
		"filtertimes":   filterTimes,
		"mutetimes":     func() []Choice { return choices("mute.for_", "ever", "hour", "day", "week", "month") },
		"clocks":        func() []Choice { return choices("settings.clock_", "24", "12") },
		"verdicts":      verdicts,
		"messagerules":  messageRules,
		"altrules":      altRules,
		"expiries":      func() []Choice { return choices("invites.for_", "day", "week", "month", "never") },
	}
}

// In hands a part the frame beside its own value.
type In struct {
	F *Frame
	V any
}

// Head is the frame with what one page says about itself.
type Head struct {
	*Frame
	Title string
	Shape string // wide (main and side column), two (sidebar and one column), two topics (the same with a menu beside it, where there is room), narrow (a small form)
	Back  string // path of the way back, shown on phones in place of the brand
	Nav   string // which entry of the main navigation is current
}

func head(f *Frame, title, shape, back, nav string) Head {
	return Head{Frame: f, Title: title, Shape: shape, Back: back, Nav: nav}
}

// choices are options whose words are the messages prefix + value.
func choices(prefix string, values ...string) []Choice {
	list := make([]Choice, len(values))
	for i, v := range values {
		list[i] = Choice{Value: v, Label: prefix + v}
	}
	return list
}

// statusKey is the part of a message key that stands for an HTTP status.
func statusKey(status int) string {
	switch status {
	case 400, 403, 404, 410, 413, 422, 429, 503, 507:
		return strconv.Itoa(status)
	}
	return "500"
}

// Ago puts a moment into words relative to its now: "12 min", "3 h",
// "yesterday", "3 days", then the date. The future (a remote clock that is
// ahead) is now.
func (c *Catalogue) Ago(m Moment) string {
	d := m.Now.Sub(m.At)
	switch days := int(d / (24 * time.Hour)); {
	case d < time.Minute:
		return c.T("time.now")
	case d < time.Hour:
		return c.T("time.minutes", "n", int(d/time.Minute))
	case d < 24*time.Hour:
		return c.T("time.hours", "n", int(d/time.Hour))
	case days == 1:
		return c.T("time.yesterday")
	case days < 7:
		return c.T("time.days", "n", days)
	}
	return c.Day(m)
}

// Day is the date, with the year unless it is this one.
func (c *Catalogue) Day(m Moment) string {
	at := m.local()
	return c.day(at, at.Year() != m.Now.Year())
}

// Date is the full date and time, with the zone.
func (c *Catalogue) Date(m Moment) string {
	at := m.local()
	return c.T("time.full", "date", c.day(at, true), "time", c.clock(at, m.Half), "zone", zoneName(at))
}

// clock is the time of day: 17:05, or 5:05 pm.
func (c *Catalogue) clock(at time.Time, half bool) string {
	if !half {
		return at.Format("15:04")
	}
	key := "time.am"
	if at.Hour() >= 12 {
		key = "time.pm"
	}
	return c.T(key, "time", at.Format("3:04"))
}

// Month is the month and year, for "joined".
func (c *Catalogue) Month(m Moment) string {
	at := m.local()
	return c.T("time.month_year", "month", c.monthName(at.Month()), "year", strconv.Itoa(at.Year()))
}

func (c *Catalogue) day(t time.Time, year bool) string {
	key := "time.day"
	if year {
		key = "time.day_year"
	}
	day := strconv.Itoa(t.Day())
	if t.Day() == 1 {
		day = c.T("time.first")
	}
	return c.T(key, "day", day, "month", c.monthName(t.Month()), "year", strconv.Itoa(t.Year()))
}

func (c *Catalogue) monthName(m time.Month) string {
	return c.T("month.m" + strconv.Itoa(int(m)))
}
