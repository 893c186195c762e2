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
