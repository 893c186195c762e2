package templates

import (
	"html/template"
	"strconv"
)

// Announcement is what the admins say to all members, as one of them sees it.
type Announcement struct {
	ID         int64
	HTML       template.HTML // see Post.HTML
	Text       string        // the source, for admins
	At         Moment        // since when it is shown
	From, Till Moment        // zero: at once, until it is removed
	Over       bool          // for admins: its time has passed
	Ahead      bool          // for admins: its time has not come
	Dismissed  bool
	Reactions  []Reaction
}

// QuickEmoji are offered under an announcement; any other can be typed.
func (Announcement) QuickEmoji() []string { return []string{"👍", "❤️", "🎉", "😢", "🤔"} }

// AnnouncementsPage is /announcements: all that is announced now.
type AnnouncementsPage struct {
	*Frame
	Rows []Announcement
}

// AdminAnnouncementsPage is /admin/announcements and, with an ID, the page of
// one of them.
type AdminAnnouncementsPage struct {
	*Frame
	Form AnnouncementForm
	Rows []Announcement
}

// AnnouncementForm is what an admin fills in. From and Till are times of the
// admin's zone, as datetime-local fields have them.
type AnnouncementForm struct {
	ID               int64 // 0: a new one
	Text, From, Till string
	AllDay           bool
}

// Action is where the form is sent to.
func (f AnnouncementForm) Action() string {
	if f.ID == 0 {
		return "/admin/announcements"
	}
	return "/admin/announcements/" + itoa(f.ID)
}

// HouseRule is one of the server's rules.
type HouseRule struct{ Text, Hint string }

// AdminRulesPage is /admin/rules. Rules ends with some empty rows.
type AdminRulesPage struct {
	*Frame
	Rules []HouseRule
}

// AdminTextsPage is /admin/pages: pages in the admins' own words.
type AdminTextsPage struct {
	*Frame
	About, Privacy, Terms string
}

// TermsPage is /terms.
type TermsPage struct {
	*Frame
	HTML   template.HTML // see Post.HTML; empty: nobody wrote any
	Edited Moment
}

// BlocksPage is /about/blocks: servers that are not spoken with.
type BlocksPage struct {
	*Frame
	Hosts []BlockedHost
}

// BlockedHost is a server that is not spoken with.
type BlockedHost struct {
	Name   string
	Reason string // may be empty
}

// ExplorePage is /explore.
type ExplorePage struct {
	*Frame
	People []AccountCard
	Tags   []TagUse
	Posts  []Post
}

// TagUse is a hashtag that is talked about.
type TagUse struct {
	Name, URL     string
	Posts, People int
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func (AnnouncementsPage) name() string      { return "announcements" }
func (AdminAnnouncementsPage) name() string { return "admin_announcements" }
func (AdminRulesPage) name() string         { return "admin_rules" }
func (AdminTextsPage) name() string         { return "admin_texts" }
func (TermsPage) name() string              { return "terms" }
func (BlocksPage) name() string             { return "blocks" }
func (ExplorePage) name() string            { return "explore" }

// FeedsPage is /settings/feeds: addresses for feed readers.
type FeedsPage struct {
	*Frame
	Public string // the profile, whose feeds anybody may read
	Name   string // what was typed
	Made   []FeedAddress
	Rows   []FeedKey
}

func (FeedsPage) name() string { return "settings_feeds" }

// FeedAddress is one that was just made. Text is used where the words are not
// ours.
type FeedAddress struct{ Label, Text, URL string }

// FeedKey is what opens a member's private feeds.
type FeedKey struct {
	ID   int64
	Name string
	Made Moment
	Used Moment // zero: never
}

// EmbedPage is a public post alone, for frames of other sites.
type EmbedPage struct {
	*Frame
	Post Post
	Base string // address of this server
}

func (EmbedPage) name() string { return "embed" }
