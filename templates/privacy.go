package templates

// PrivacySettingsPage is /settings/privacy.
type PrivacySettingsPage struct {
	*Frame
	Form PrivacyForm
}

// PrivacyForm is the fields of that page.
type PrivacyForm struct {
	Lock, Discoverable, Indexable      bool
	HideFollows, HideCounts, HidePosts bool
	Messages                           string // usual, followed, nobody or all
	Policy                             []PolicyField
}

// messageRules are from whom private posts come without being asked.
func messageRules() []Choice { return choices("seen.from_", "usual", "followed", "nobody", "all") }

// altRules are what becomes of pictures without a description.
func altRules() []Choice { return choices("settings.alt_", "usual", "remind", "require", "off") }

// PostFilterPage is /posts/{id}/filter.
type PostFilterPage struct {
	*Frame
	Post    Post
	Filters []Ticked // the member's, those with the post ticked
	Name    string   // typed: of a new one
}
