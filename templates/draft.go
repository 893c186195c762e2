package templates

// DraftsPage is /drafts and /scheduled.
type DraftsPage struct {
	*Frame
	Kind  string // drafts or scheduled
	Rows  []DraftRow
	Pager Pager
}

// DraftRow is a draft or a scheduled post in its list.
type DraftRow struct {
	ID            int64
	Text, Warning string // the text shortened
	Lang          string
	Visibility    string
	Files         int
	Poll, Reply   bool
	Saved         Moment
	At            Moment // when it is posted; zero: a draft
	Problem       *Msg   // why it was not posted
}

// PostingPage is /settings/posting.
type PostingPage struct {
	*Frame
	Form             PostingForm
	Visibilities     []Choice
	Languages        []Choice
	Ages             []Choice // after which posts can be deleted
	Files, Described int      // on the member's posts, and how many of them have a description
}

// PostingForm holds the values of that page: what new posts start with, and
// which old ones are deleted.
type PostingForm struct {
	Visibility, Lang, Format, Warning                    string
	Sensitive, AskBoost, ShowApp                         bool
	Alt                                                  string // usual, remind, require or off
	Days                                                 string // "0": none are deleted
	Pinned, Favourited, Bookmarked, Media, Polls, Direct bool   // are kept
	MinFavourites, MinBoosts                             string
}
