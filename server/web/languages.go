package web

import (
	"slices"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"seedling/templates"
)

// languageChoices are the languages that a post can be marked with, each by its
// own name, in the order of their codes; the first is no mark.
func languageChoices() []templates.Choice {
	list := make([]templates.Choice, 0, len(languages)+1)
	list = append(list, templates.Choice{Label: "settings.no_language"})
	for _, l := range languages {
		list = append(list, templates.Choice{Value: l.code, Text: l.name})
	}
	return list
}

// languagesByName are those that a post can be in, as the viewer's language
// sorts their names. Those that the viewer writes and reads come first.
func (r *request) languagesByName() []templates.Choice {
	list := languageChoices()[1:]
	order := collate.New(language.Make(r.language().Code))
	slices.SortFunc(list, func(a, b templates.Choice) int { return order.CompareString(a.Text, b.Text) })
	ownFirst(list, r.viewer.Preferences.Language, r.language().Code)
	return list
}

// ownFirst moves some languages to the front of a list, in the order of own.
func ownFirst(list []templates.Choice, own ...string) {
	rank := func(c templates.Choice) int {
		if i := slices.Index(own, c.Value); i >= 0 {
			return i
		}
		return len(own)
	}
	slices.SortStableFunc(list, func(a, b templates.Choice) int { return rank(a) - rank(b) })
}

var languages = []struct{ code, name string }{
	{"af", "Afrikaans"}, {"ar", "العربية"}, {"ast", "Asturianu"}, {"az", "Azərbaycanca"}, {"be", "Беларуская"}, {"bg", "Български"},
	{"bn", "বাংলা"}, {"br", "Brezhoneg"}, {"bs", "Bosanski"}, {"ca", "Català"}, {"ckb", "سۆرانی"}, {"cs", "Čeština"}, {"cy", "Cymraeg"},
	{"da", "Dansk"}, {"de", "Deutsch"}, {"el", "Ελληνικά"}, {"en", "English"}, {"eo", "Esperanto"}, {"es", "Español"}, {"et", "Eesti"},
	{"eu", "Euskara"}, {"fa", "فارسی"}, {"fi", "Suomi"}, {"fo", "Føroyskt"}, {"fr", "Français"}, {"fy", "Frysk"}, {"ga", "Gaeilge"},
	{"gd", "Gàidhlig"}, {"gl", "Galego"}, {"gsw", "Schwiizertüütsch"}, {"gu", "ગુજરાતી"}, {"he", "עברית"}, {"hi", "हिन्दी"}, {"hr", "Hrvatski"},
	{"hu", "Magyar"}, {"hy", "Հայերեն"}, {"id", "Bahasa Indonesia"}, {"is", "Íslenska"}, {"it", "Italiano"}, {"ja", "日本語"}, {"ka", "ქართული"},
	{"kab", "Taqbaylit"}, {"kk", "Қазақша"}, {"km", "ខ្មែរ"}, {"kn", "ಕನ್ನಡ"}, {"ko", "한국어"}, {"ku", "Kurdî"}, {"la", "Latina"},
	{"lb", "Lëtzebuergesch"}, {"lt", "Lietuvių"}, {"lv", "Latviešu"}, {"mi", "Te Reo Māori"}, {"mk", "Македонски"}, {"ml", "മലയാളം"},
	{"mn", "Монгол"}, {"mr", "मराठी"}, {"ms", "Bahasa Melayu"}, {"mt", "Malti"}, {"my", "ဗမာစာ"}, {"nb", "Norsk bokmål"}, {"ne", "नेपाली"},
	{"nl", "Nederlands"}, {"nn", "Norsk nynorsk"}, {"oc", "Occitan"}, {"pa", "ਪੰਜਾਬੀ"}, {"pl", "Polski"}, {"pt", "Português"},
	{"ro", "Română"}, {"ru", "Русский"}, {"sc", "Sardu"}, {"se", "Davvisámegiella"}, {"si", "සිංහල"}, {"sk", "Slovenčina"}, {"sl", "Slovenščina"},
	{"sq", "Shqip"}, {"sr", "Српски"}, {"sv", "Svenska"}, {"sw", "Kiswahili"}, {"ta", "தமிழ்"}, {"te", "తెలుగు"}, {"th", "ไทย"}, {"tl", "Tagalog"},
	{"tr", "Türkçe"}, {"uk", "Українська"}, {"ur", "اردو"}, {"uz", "Oʻzbekcha"}, {"vi", "Tiếng Việt"}, {"yi", "ייִדיש"}, {"zh", "中文"}, {"zu", "isiZulu"},
}
