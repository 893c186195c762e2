package templates

import "html/template"

// Account is someone as they stand in a post's header, in lists and in cards.
type Account struct {
	ID          int64
	DisplayName string        // never empty: falls back to the local part
	Rich        template.HTML // the same with pictures for custom emoji, or empty if there are none; see Post.HTML
	User        string        // local part of the handle
	Host        string        // empty for local accounts
	URL         string        // path of the profile here: /@user or /@user@host
	Avatar      string        // path of the picture
	Role        string        // owner, admin, moderator or empty
	Bot         bool
	Group       bool // a community
	Locked      bool
	Moved       bool // to another account
}

// Handle is @user for local accounts, else @user@host.
func (a Account) Handle() string {
	if a.Host == "" {
		return "@" + a.User
	}
	return "@" + a.User + "@" + a.Host
}

// Post is one post card, as one viewer sees it.
type Post struct {
	ID     int64
	URL    string // path of the thread page here
	Origin string // URL on the author's server; empty for local posts
	Author Account

	// HTML is the text. Only server/web's view.go fills it, from the type that
	// store/content alone can make.
	Title          string        // of an article, or empty
	RichTitle      template.HTML // see Account.Rich
	HTML           template.HTML
	Excerpt        string // instead of HTML: the beginning of a long text, with the rest behind "Read on"
	Facts          *Facts // of a post that is no note
	Lang           string // BCP 47 or empty
	ContentWarning string
	RichWarning    template.HTML // see Account.Rich
	OpenWarning    bool          // show the text without asking
	Visibility     string        // public, unlisted, followers, direct or local
	Created        Moment
	Edited         Moment
	Expires        Moment // when it deletes itself
	Attachments    []Attachment
	HideMedia      bool // until someone opens them
	AllMedia       bool // more than four pictures are shown too
	Poll           *Poll
	Quote          *Quote
	Card           *LinkCard // of the page that it links to

	BoostedBy     *Account // set: shown because they boosted it
	BoostedOthers int      // and how many more
	ReplyTo       *ReplyRef
	Group         *Account // the community that it stands in
	Closed        bool     // which takes no more replies to it
	ByMod         bool     // its author moderates that
	Votes         bool     // which also counts votes against it
	Downvotes     int      // those, as known here
	Pinned        bool     // shown as pinned (on the author's profile)

	Replies, Boosts, Favourites int // as known here
	Reactions                   []Reaction

	// What the viewer did and may do. Visitors have none of it.
	Favourited, Boosted, Bookmarked bool
	Downvoted                       bool
	PinnedByMe                      bool
	CanQuote                        bool
	Approval                        string // of a reply: waiting, refused, each also with _video, unproven or empty
	NoReply, NoFavourite            bool   // the author keeps it for others
	NoReaction                      bool   // as NoFavourite, and nobody can be asked
	NoBoostRule                     bool
	WaitingBoost, WaitingFavourite  bool    // the viewer's, for the author's agreement
	CanBoost                        bool    // else the button is a lock that says why
	Describable                     bool    // has files for which a description can be suggested
	Mine                            bool    // shows edit, delete, redraft, pin
	FromTag                         string  // the followed hashtag that brought it, without #
	Thread                          string  // muted or watched, by the viewer
	EntryID                         int64   // its place in the timeline
	More                            int     // how many more its author wrote below it, folded into it
	Strip                           []Post  // set: it is no post, and stands for boosts in a row
	Folded                          *Folded // set: one line that opens
	Covered                         string  // the filter that covers its pictures, or empty
	Tag                             string  // message key of a tag beside the name: "post.started", "post.you", or empty
}

// ReplyRef says whom a post answers.
type ReplyRef struct {
	Name string        // empty if unknown: "Replying to a post"
	Rich template.HTML // see Account.Rich
	URL  string        // path of the parent here, or its URL elsewhere
	Away bool          // it is elsewhere
}

// Attachment is one file of a post.
type Attachment struct {
	Kind          string // image, video, audio or other
	URL           string // where the file itself is
	Source        string // path of the file on this server, or empty: then a link is shown
	Preview       string // path of a picture on this server, or empty
	Moves         bool   // it is animated, and stands still here until it is pointed at
	Still         string // the same without movement; of a film: what is shown before it plays
	Blur          string // path of a tiny blurred picture of it, or empty
	Blurhash      string // from which a script draws that picture, or empty
	Tone          string // one colour for it, as #rrggbb, or empty
	Type          string // media type
	Alt           string
	Focus         string // classes that keep a point in sight, see web's focusClass
	Width, Height int    // of the preview, or of the file where there is none; 0: unknown
	Captions      []Track
}

// Composer is the form for writing a post: inline above a timeline, under a
// post as a reply, or on its own page.
type Composer struct {
	ID             string // prefix of element ids, unique on the page, e.g. "c"
	Action         string // where it posts to; empty: /posts
	Full           bool   // all fields; otherwise text, warning and visibility
	Text           string
	ContentWarning string
	Visibility     string   // value of the chosen one
	Visibilities   []Choice // what may be chosen (a reply is never wider than its parent)
	Lang           string
	Languages      []Choice
	Format         string        // plain or markdown
	Limit          int           // characters
	ReplyTo        int64         // 0: not a reply
	Quote          int64         // what it quotes, 0: nothing
	Policy         []PolicyField // who may do what with it
	ReplyName      string        // whom it answers, for the label
	Conversation   int64         // in which it is written, 0: elsewhere
	Token          string        // makes a second press of the button harmless
	Avatar         string
	Poll           *PollForm
	Emoji          []EmojiGroup // to choose from; nil: not asked for
	Media          []MediaForm
	Accept         string // the types that may be added, for the file field
	MediaLimit     int    // files
	Sensitive      bool   // the files may disturb
	AskAlt         bool   // a picture has no description: the button asks to post without
	Draft          int64  // the saved draft that it is, 0: none
	DraftSeen      string // its version
	Schedule       string // when it is to be posted, as a field of the browser; empty: now
	Expire         string // after how long it deletes itself, one of Expiries; empty: never
	Expiries       []Choice
	Zone           string // that Schedule is in
	Edit           bool   // changes a post: the button says Save, visibility is fixed
}

// Node is one reply in the tree under a post. Either Post or Gap is set.
type Node struct {
	Post     *Post
	Gap      string // deleted, hidden or unknown: the post is missing, its replies are not
	To       string // "to @sam" on branches that are not indented any more, or empty
	ToID     int64  // the post of To
	Narrow   bool   // To is for windows that indent less
	Children []Node
	GoesOn   bool   // the children are posts in which the author goes on, each from the one before: not indented
	Below    int    // how many posts a branch that can be folded has below it, or 0
	Next     int64  // the first post of the next branch, or 0
	Continue string // URL of the rest of a branch that is too deep, or empty
	More     int    // how many posts that rest has
}

// HomePage is /home, /local, /bubble and /federated: a tab row, a composer for members
// and posts.
type HomePage struct {
	*Frame
	Kind          string   // home, local, bubble or federated
	Hosts         []string // whom the bubble holds, beside this server
	Tabs          []Tab
	Announcements []Announcement // on top of home
	Composer      *Composer      // nil for visitors
	Posts         []Post
	Pager         Pager
	Here          int64         // the post above which the viewer has not read yet, or 0
	Newest        int64         // on the newest page: up to where "I have read this" marks, or 0
	Suggest       []AccountCard // shown beside, and below an empty home
	InUse         []TagUse      // on an empty home: hashtags to look at
	Show          *ShowPanel    // nil for visitors
}

// ServerPage is what is known here of another server's public posts.
type ServerPage struct {
	*Frame
	Host  string
	Posts []Post
	Pager Pager
}

// ThreadPage is one post with its ancestors and its replies.
type ThreadPage struct {
	*Frame
	Back        string // path of the way back; empty: /
	Ancestors   []Node // from the first post down to the parent; gaps have no children
	Post        Post
	Composer    *Composer // nil for visitors
	ReplyCount  int
	Replies     []Node
	Sort        string   // "" (oldest first) or new
	SortURL     string   // the other order
	Flat        bool     // the replies stand in a row, not as a tree
	ViewURL     string   // the other view
	WarningsURL string   // opens all warnings; empty if there are none, or all are open
	CanFetch    bool     // other servers can be asked for more of it
	Fetched     *Fetched // what came when they were, nil if they never were
	People      []ThreadPerson
	Visits      *RemoteFollow // for visitors: how to answer from another server
	Cut         bool          // there are more replies than a thread holds
	MoreURL     string        // the replies that found no room on this page, or empty
}

// ThreadPerson is one row of "In this thread".
type ThreadPerson struct {
	Account
	Posts   int
	Started bool
}

// ComposePage is the whole composer: new post, reply, edit, or redraft.
type ComposePage struct {
	*Frame
	Title    string // message key: compose.title, compose.reply, compose.edit or compose.redraft
	Composer Composer
	Parent   *Post     // the post that is answered
	Quoted   *Quote    // what is quoted
	Preview  *Post     // what it will look like
	Alone    bool      // nobody but its author would read the post of the preview
	Readers  []Account // who will read a direct post, as far as known from its text
	Asks     bool      // the post that is edited has a poll, in which people may have voted
	Newer    *Newer    // a change that came too late: what was saved meanwhile, or nil
}

// Newer is what another tab saved of a post or a draft that is being changed.
type Newer struct {
	Warning, Text string
	Descriptions  []string // of its files, in their order
	Options       []string // of its poll
}

// ConfirmPage asks before something that cannot be taken back: deleting a
// post, blocking someone, ending all sessions, revoking an invite.
type ConfirmPage struct {
	*Frame
	Title   Msg    // the question, as heading
	Body    []Msg  // what will happen, a sentence each
	Action  string // where the button posts to
	Button  string // message key
	Danger  bool
	Cancel  string // path of the way back
	Post    *Post  // what it is about
	Account *AccountCard
	Hidden  []Pair   // further fields
	Circles []Choice // whom a boost may be for, the widest first
}

// Pair is a name and a value: a hidden field.
type Pair struct{ Name, Value string }

// HistoryPage shows the versions of a post, newest first.
type HistoryPage struct {
	*Frame
	Post     Post
	Versions []Version
	Private  bool // earlier versions are not for this viewer
}

// Version is one state of a post, with what changed against the one before.
type Version struct {
	At             Moment
	First          bool
	ContentWarning []DiffPart
	Text           []DiffPart // the source text, as differences
}

// DiffPart is a run of text that stayed (""), was added ("ins") or removed
// ("del").
type DiffPart struct{ Op, Text string }

// PeoplePage is a list of accounts: who boosted or favourited a post, or asks
// to follow. Posts of the first two are shown above the list.
type PeoplePage struct {
	*Frame
	Title  string // message key: people.boosts or people.favourites
	Back   string // path of the way back
	People []AccountCard
	Pager  Pager
}

// SavedPage is /bookmarks and /favourites.
type SavedPage struct {
	*Frame
	Kind  string // bookmarks or favourites
	Query string // what was looked for in them
	Posts []Post
	Pager Pager

	Folders []Folder   // of bookmarks
	Form    FolderForm // of the folder that is shown; ID 0: of a new one
}

// Folder is a folder of bookmarks.
type Folder struct {
	ID          int64
	Name, Emoji string
	Posts       int
	Current     bool
}

// FolderForm is the fields of a folder of bookmarks.
type FolderForm struct {
	ID          int64
	Name, Emoji string
}

// TagPage is the public posts with one hashtag.
type TagPage struct {
	*Frame
	Tag     string // without #
	Follows bool   // the viewer follows it
	Posts   []Post
	Pager   Pager
}
