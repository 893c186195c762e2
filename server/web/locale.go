package web

import (
	"net/url"
	"strings"
	"time"
	_ "time/tzdata" // the zones of the world: not every machine has them

	"seedling/store"
	"seedling/templates"
)

// language is the one that pages speak to the viewer: chosen, or asked for by
// the browser; on the way to an app, the one in which that is.
func (r *request) language() templates.Language {
	if l, ok := r.appLanguage(); ok {
		return l
	}
	chosen := ""
	if r.viewer != nil {
		chosen = r.viewer.Preferences.Locale
	}
	return templates.MatchLanguage(chosen, r.Header.Get("Accept-Language"))
}

// appLanguage is the language that an app asks for with lang at
// /oauth/authorize, also while its member logs in on the way there.
func (r *request) appLanguage() (l templates.Language, ok bool) {
	asked := ""
	switch r.URL.Path {
	case authorizePath:
		asked = orElse(r.form.Get("lang"), r.query("lang"))
	case "/login", "/login/2fa":
		next, err := url.Parse(orElse(r.form.Get("next"), r.query("next")))
		if err == nil && next.Path == authorizePath {
			asked = next.Query().Get("lang")
		}
	}
	code, _, _ := strings.Cut(asked, "-") // de-AT
	for _, l := range templates.Languages() {
		if strings.EqualFold(l.Code, code) {
			return l, true
		}
	}
	return l, false
}

// words are those of that language.
func (s *Server) words(r *request) *templates.Catalogue {
	return s.pages.WordsIn(r.language().Code)
}

// zone is the one that times are shown in to the viewer. A zone is read from
// the database of zones once.
func (s *Server) zone(r *request) *time.Location {
	if r.viewer == nil || r.viewer.Preferences.Zone == "" {
		return time.UTC
	}
	name := r.viewer.Preferences.Zone
	if kept, ok := s.zones.Load(name); ok {
		return kept.(*time.Location)
	}
	zone, err := store.ParseZone(name)
	if err != nil {
		return time.UTC
	}
	s.zones.Store(name, zone)
	return zone
}

// moment is a time as pages show it to the viewer.
func (s *Server) moment(r *request, t time.Time) templates.Moment {
	return templates.Moment{At: t, Now: s.now().In(s.zone(r)), Half: r.viewer != nil && r.viewer.Preferences.HalfDayClock}
}

// localeChoices are the languages of the pages, each by its own name, after
// that of the browser.
func localeChoices() []templates.Choice {
	list := []templates.Choice{{Label: "settings.locale_auto"}}
	for _, l := range templates.Languages() {
		list = append(list, templates.Choice{Value: l.Code, Text: l.Name})
	}
	return list
}

// zoneNames are offered for filling in; any other of the IANA database is
// taken too.
var zoneNames = []string{
	"Africa/Cairo", "Africa/Casablanca", "Africa/Johannesburg", "Africa/Lagos", "Africa/Nairobi",
	"America/Anchorage", "America/Argentina/Buenos_Aires", "America/Bogota", "America/Caracas", "America/Chicago", "America/Denver",
	"America/Halifax", "America/Lima", "America/Los_Angeles", "America/Mexico_City", "America/Montevideo", "America/New_York",
	"America/Santiago", "America/Sao_Paulo", "America/St_Johns", "America/Toronto", "America/Vancouver",
	"Asia/Baghdad", "Asia/Bangkok", "Asia/Beirut", "Asia/Colombo", "Asia/Dhaka", "Asia/Dubai", "Asia/Ho_Chi_Minh", "Asia/Hong_Kong",
	"Asia/Jakarta", "Asia/Jerusalem", "Asia/Karachi", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Manila", "Asia/Riyadh", "Asia/Seoul",
	"Asia/Shanghai", "Asia/Singapore", "Asia/Taipei", "Asia/Tashkent", "Asia/Tehran", "Asia/Tokyo",
	"Atlantic/Azores", "Atlantic/Reykjavik", "Australia/Adelaide", "Australia/Brisbane", "Australia/Perth", "Australia/Sydney",
	"Europe/Amsterdam", "Europe/Athens", "Europe/Berlin", "Europe/Brussels", "Europe/Bucharest", "Europe/Budapest", "Europe/Copenhagen",
	"Europe/Dublin", "Europe/Helsinki", "Europe/Istanbul", "Europe/Kyiv", "Europe/Lisbon", "Europe/London", "Europe/Madrid",
	"Europe/Moscow", "Europe/Oslo", "Europe/Paris", "Europe/Prague", "Europe/Rome", "Europe/Sofia", "Europe/Stockholm", "Europe/Vienna",
	"Europe/Warsaw", "Europe/Zurich", "Pacific/Auckland", "Pacific/Honolulu",
}
