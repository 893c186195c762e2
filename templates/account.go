package templates

import "html/template"

// Relation is what there is between the viewer and an account.
type Relation struct {
	Self       bool
	Following  bool
	Requested  bool // asked to follow, not answered yet
	FollowedBy bool
	Blocking   bool
	BlockedBy  bool
	Asks       bool // asks to follow the viewer

	Muting, HostBlocked, HidesBoosts bool
}

// AccountCard is a row in a list of people.
type AccountCard struct {
	Account
	Bio          string        // plain text; two lines are shown
	RichBio      template.HTML // see Account.Rich
	Relation     Relation
	Since        Moment // when it joined, for "New neighbours"; may be zero
	Request      bool   // the row offers Accept and Reject instead of Follow
	Emoji        string // with what they reacted, in the list of who did
	EmojiPicture string // path of a custom one's, or empty
}

// ProfilePage is one account's page.
type ProfilePage struct {
	*Frame
	Profile     Profile
	Tab         string // posts, replies, media, followers, following or about
	Tabs        []Tab
	Pinned      []Post
	Posts       []Post
	People      []AccountCard // followers or following
	Hidden      bool          // the account hides this list
	Closed      bool          // visitors may not read the posts
	Own         bool          // that is the account's own choice
	Featured    []AccountCard // people whom the account features
	Collections []CollectionRow
	Pager       Pager
	Remote      *RemoteNote   // for remote accounts
	Visits      *RemoteFollow // for visitors of local accounts: the "follow from your own server" panel
}

// Profile is the upper part of the profile page.
type Profile struct {
	Account
	Bio                              template.HTML // see Post.HTML
	Lang                             string
	Banner                           string // path of a picture, or empty for our drawing
	Fields                           []ProfileField
	Joined                           Moment
	Posts                            int
	Following                        int
	Followers                        int
	FollowersHidden, FollowingHidden bool // the numbers are not told
	ListsHidden                      bool // nor is who they are
	Tags                             []ProfileTag
	Moderators                       []Account // of a community
	Relation                         Relation
	MovedTo                          *Account // the new account, if Moved and it is known here
	MovedURL                         string   // its address
	Memorial                         bool     // of somebody who died
	Suspended                        bool     // by their own server
	Note                             string   // what the viewer noted down about them
	RequestsMe                       bool     // they ask to follow the viewer: Accept and Reject above
}

// ProfileTag is a hashtag that an account shows on its profile.
type ProfileTag struct {
	Name, URL string
}

// ProfileField is a line of the table on a profile.
type ProfileField struct {
	Name     string
	Rich     template.HTML // see Account.Rich
	Value    template.HTML // see Post.HTML
	Verified bool
}

// RemoteNote says how much of a remote account is known here.
type RemoteNote struct {
	Host     string
	URL      string // the profile on its own server
	Known    int    // posts held here
	Total    int    // posts it says it has; 0: unknown
	CanFetch bool
}

// RemoteFollow is the form by which visitors act from their own server.
type RemoteFollow struct {
	Action  string // where it posts to
	Handle  string // what was typed
	Name    string // whom or whose post it is about
	Title   string // message key of the heading; empty: away.title
	Message string // message key of the explanation
	Go      string // with an empty Action: path of the page with the form
	Copy    string // with an empty Action: what to search for on one's own server
	Login   string // path of "log in here instead", with next
}

// RemoteFollowPage is that form as a page of its own: for errors, or with the
// URL to copy when the visitor's server offers no way.
type RemoteFollowPage struct {
	*Frame
	Form RemoteFollow
	Copy string // URL to search for on one's own server, or empty
}

// NotificationsPage is /notifications.
type NotificationsPage struct {
	*Frame
	Tabs   []Tab
	Rows   []Notification
	Pager  Pager
	Unread bool     // shows "Mark all as read"
	Held   int      // people whom the member's policy holds back
	Kinds  []Ticked // what the first tab shows; none on the others
	Asking bool     // the tab of requests
}

// Notification is one row.
type Notification struct {
	ID      int64
	Key     string // of the group, by which it is dismissed
	Kind    string // as the store writes it, or ownpoll, or reportaway
	Unread  bool
	From    []Account // newest first; at least one, at most five are shown
	Others  int       // how many more did the same
	At      Moment
	Post    *Post       // mention, reply and quote: the whole card
	Emoji   []UsedEmoji // reaction: with what, each once
	Excerpt string      // favourite, boost, reaction, edit: the post's first line
	URL     string      // what Excerpt links to
	Answer  string      // alt: where it is answered
	Reason  string      // signup: what they wrote; reportaway: the host it is from
}

// UsedEmoji is one that somebody reacted with.
type UsedEmoji struct {
	Text    string
	Picture string // path of that of a custom one, or empty
}

// RequestsPage is /follow-requests.
type RequestsPage struct {
	*Frame
	People []AccountCard
	Pager  Pager
}

// SearchPage is /search.
type SearchPage struct {
	*Frame
	Query    string
	Tab      string // people, posts or tags
	Tabs     []Tab
	People   []AccountCard
	Posts    []Post
	Tags     []TagCount
	Slow     bool   // posts: it took too long
	Plain    string // nothing found: the words without operators, or empty
	PlainURL string
	Nobody   string     // nothing found: the handle after from: that nobody known has, or empty
	Odd      string     // nothing found: what looks like operators and is none, or empty
	Similar  []TagCount // nothing found: tags that are written nearly like it
	Lookup   *Lookup    // set when the query was a handle or a link
	Why      string     // URL of why there may be nothing at a link, or empty
	Pager    Pager
}

// TagCount is a hashtag with the number of its posts known here.
type TagCount struct {
	Name  string // without #
	Posts int
}

// Lookup is what came of asking another server.
type Lookup struct {
	Waiting bool // still asking: the page has no tabs, and a header by which it reloads itself
	Failed  *Msg // which step failed, in words

	Open, Host string // the address of what can be looked at on its own server only, or empty
}
