package web

import (
	"strings"

	"seedling/templates"
)

// browsers and systems are what User-Agent lines are looked through for, in
// this order: most browsers name others that they are like.
var browsers = []struct{ sign, name string }{
	{"Edg", "Edge"}, {"OPR/", "Opera"}, {"Opera", "Opera"}, {"Vivaldi/", "Vivaldi"}, {"SamsungBrowser/", "Samsung Internet"},
	{"YaBrowser/", "Yandex Browser"}, {"DuckDuckGo/", "DuckDuckGo"}, {"Ddg/", "DuckDuckGo"},
	{"FxiOS/", "Firefox"}, {"Firefox/", "Firefox"}, {"CriOS/", "Chrome"}, {"HeadlessChrome/", "Chrome"}, {"Chrome/", "Chrome"},
	{"Epiphany/", "GNOME Web"}, {"Safari/", "Safari"},
	{"Lynx/", "Lynx"}, {"w3m/", "w3m"}, {"Links", "Links"}, {"ELinks", "ELinks"}, {"curl/", "curl"},
}

var systems = []struct{ sign, name string }{
	{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"Macintosh", "Mac"},
	{"CrOS", "ChromeOS"}, {"FreeBSD", "FreeBSD"}, {"OpenBSD", "OpenBSD"}, {"Linux", "Linux"}, {"X11", "Unix"},
}

// browserName says in words which browser a User-Agent line belongs to, well
// enough to recognise one's own. Nothing of the line itself is shown.
func browserName(words *templates.Catalogue, agent string) string {
	browser, system := "", ""
	for _, b := range browsers {
		if strings.Contains(agent, b.sign) {
			browser = b.name
			break
		}
	}
	for _, o := range systems {
		if strings.Contains(agent, o.sign) {
			system = o.name
			break
		}
	}
	if browser == "" {
		browser = words.T("browser.unknown")
	}
	if system == "" {
		return browser
	}
	return words.T("browser.on", "browser", browser, "system", system)
}
