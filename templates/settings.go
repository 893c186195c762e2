package templates

// ProfileSettingsPage is /settings/profile.
type ProfileSettingsPage struct {
	*Frame
	Form     ProfileForm
	Pictures []PictureForm
}

// PictureForm is the avatar or the banner in the profile settings.
type PictureForm struct {
	Field  string // avatar or header
	Path   string // of the picture, "" for none
	Alt    string
	Accept string // the types that it may have
}

// ProfileForm is the fields of the profile settings. Fields always has eight
// rows, the last of them empty.
type ProfileForm struct {
	DisplayName, Bio string
	Format           string // of Bio: markdown, else plain
	Fields           []Pair
	Bot              bool
	Tags, Sites      string // hashtags on the profile in a row, and hosts, one a line
	Seen             string // see Frame.Filled; empty: what is saved now
}

// AppearancePage is /settings/appearance.
type AppearancePage struct {
	*Frame
	Form    AppearanceForm
	Locales []Choice
	Zones   []string // offered for filling in
}

// AppearanceForm holds the values of that page.
type AppearanceForm struct {
	FoldBoosts bool
	Theme      string // auto, light or dark
	Size       string // s, m, l or xl
	Locale     string // of the pages; empty: as the browser asks
	Zone       string // of times, an IANA name
	Clock      string // 24 or 12
	Still      bool   // pictures and emoji do not move

	Accent, Density, Lines, Avatars, Media                    string
	Underline, LessMotion, Contrast, HideCounts, OpenWarnings bool
	Cards                                                     bool // posts show the pages they link to
}

// MigrationPage is /settings/migration.
type MigrationPage struct {
	*Frame
	Handle        string // the member's own, @user@host
	Aliases       []AliasRow
	Alias, Target string   // what was typed
	MovedTo       *Account // where the member has moved, if that is known here
	MovedURL      string   // its address; empty: not moved
}

// AliasRow is an account that may move to the member's.
type AliasRow struct {
	URI  string
	Name string // handle, or the address where that is not known
	URL  string // path of its profile here, or empty
}

// LeavePage is /settings/delete.
type LeavePage struct {
	*Frame
	Name string // what was typed to confirm
}

// AdminSettingsPage is /admin/settings.
type AdminSettingsPage struct {
	*Frame
	Form AdminForm
}

// AdminForm is the fields of the instance's settings.
type AdminForm struct {
	Title, Description, JoinMode, ClosedMessage, PostLimit                string
	PublicTimelines, AuthorizedFetch                                      bool
	PublicExplore, PublicProfiles, PublicSearch                           bool
	ShowBlocks                                                            string // none, members or all
	ContactEmail, ContactAccount                                          string
	Federation, AllowedHosts, BlockedHosts, BubbleHosts                   string // the lists: a host a line
	PictureLimit, PictureSize, MediaLimit, PostMedia, MediaCache, EmojiKB string // numbers
	AltReminder, LinkCards                                                bool
}

// SignUpsPage is /mod/signups.
type SignUpsPage struct {
	*Frame
	Rows  []SignUp
	Pager Pager
}

// SignUp is one request to join.
type SignUp struct {
	ID     int64
	Name   string
	Reason string
	Email  string // the domain alone, or empty
	At     Moment
}

// InvitesPage is /admin/invites.
type InvitesPage struct {
	*Frame
	Uses    string // what was typed
	Expires string // chosen value
	Created string // the link just made, shown once on top
	Rows    []Invite
	Pager   Pager
}

// Invite is one link that lets people join.
type Invite struct {
	ID      int64
	URL     string
	By      string // name of who made it
	Used    int
	Max     int // 0: no limit
	Created Moment
	Expires Moment // zero: never
	Dead    bool   // used up, expired or revoked
}
