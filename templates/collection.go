package templates

// ListsPage is /lists.
type ListsPage struct {
	*Frame
	Lists []ListRow
	Form  ListForm // of a new one
}

// ListRow is one of the member's lists.
type ListRow struct {
	ID        int64
	Title     string
	Accounts  int
	Exclusive bool
}

// ListForm makes or changes a list.
type ListForm struct {
	Title, Replies string
	Exclusive      bool
}

// ListPage is /lists/{id}/edit: what a list is, and who stands in it.
type ListPage struct {
	*Frame
	ID     int64
	Form   ListForm
	Handle string // of somebody to be added
	People []AccountCard
	Pager  Pager
}

// TagsPage is /tags: the followed and the muted hashtags.
type TagsPage struct {
	*Frame
	Tags   []TagRow
	Muted  []FilterRow
	Follow string // what was typed
	Mute   string
	Pager  Pager
}

// TagRow is a followed hashtag.
type TagRow struct{ Name, Text string }

// FiltersPage is /settings/filters.
type FiltersPage struct {
	*Frame
	Filters []FilterRow
}

// FilterRow is one filter in the list.
type FilterRow struct {
	ID      int64
	Title   string
	Phrases []string
	Posts   int
	Action  string // warn, hide or blur
	Until   Moment
	Ended   bool
}

// FilterPage is the form of a new filter or a stored one.
type FilterPage struct {
	*Frame
	ID    int64 // 0: new
	Form  FilterForm
	Tried bool // the preview was asked for
	Of    int  // posts looked at
	Found []Post
}

// FilterForm is what a filter is.
type FilterForm struct {
	Title    string
	Phrases  string // one a line
	Patterns string // one a line
	Whole    bool
	Contexts []Ticked
	Action   string
	Until    string // keep, ever, day, week or month
	Ends     Moment // of a stored filter
}

// WhyPage is /posts/{id}/why.
type WhyPage struct {
	*Frame
	Post    *Post // nil: one that is not shown, and why not
	Reasons []Msg
	General bool   // with what may be the reason in general, and a form to ask for it again
	Address string // of the post on its own server, if that was asked about
	LogIn   string // URL, for a visitor
}

func (ListsPage) name() string   { return "lists" }
func (ListPage) name() string    { return "list" }
func (TagsPage) name() string    { return "tags" }
func (FiltersPage) name() string { return "filters" }
func (FilterPage) name() string  { return "filter" }
func (WhyPage) name() string     { return "why" }

// filterTimes are how long a filter may last; one that ends may keep its time.
func filterTimes(ends Moment) []Choice {
	if ends.IsZero() {
		return choices("filters.for_", "ever", "day", "week", "month")
	}
	return choices("filters.for_", "keep", "ever", "day", "week", "month")
}

// ListTimelinePage is /lists/{id}.
type ListTimelinePage struct {
	*Frame
	Title string
	ID    int64
	Posts []Post
	Pager Pager
	Show  *ShowPanel
}

func (ListTimelinePage) name() string { return "list_timeline" }
