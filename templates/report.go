package templates

// ReportPage is /report/{post or account}: one step of reporting somebody to
// the moderators.
type ReportPage struct {
	*Frame
	Step    string // what, posts, comment or done
	Path    string // of this report: where each step goes
	Account Account
	Form    ReportForm

	Rules []CheckChoice // step what
	Posts []CheckChoice // step posts

	Blocking bool // step done: the reporter blocks the account already
	Muting   bool // or mutes it
}

// ReportForm is what was answered so far. Each step carries it on.
type ReportForm struct {
	Category string // spam, rule, legal, other, or empty
	Rules    []string
	Posts    []string
	Comment  string
	Forward  bool
	Token    string
}

// CheckChoice is one of several things that may be chosen together.
type CheckChoice struct {
	Value string
	Text  string // not ours: shown as it is
	At    Moment // zero: none
	On    bool
}

// Categories are what somebody can be reported for. Rules can't be chosen where
// there are none.
func (p ReportPage) Categories() []Choice {
	list := []Choice{{Value: "spam", Label: "report.for_spam", Hint: "report.for_spam_hint"}}
	if len(p.Rules) > 0 {
		list = append(list, Choice{Value: "rule", Label: "report.for_rule", Hint: "report.for_rule_hint"})
	}
	return append(list, Choice{Value: "legal", Label: "report.for_legal", Hint: "report.for_legal_hint"},
		Choice{Value: "other", Label: "report.for_other", Hint: "report.for_other_hint"})
}

// ReportsPage is /mod/reports.
type ReportsPage struct {
	*Frame
	Tabs  []Tab
	Open  bool // the list is of the open ones
	Rows  []Report
	Pager Pager
}

// Report is a report in the list, and the head of its page.
type Report struct {
	ID        int64
	Account   Account
	Reporter  *Account // nil: another server, or a member who is gone
	Host      string   // of that server
	Category  string   // message key
	Rules     []string
	Comment   string
	Forwarded bool
	Assigned  *Account
	Resolved  *Account
	Open      bool
	At        Moment
	Ended     Moment
}

// ModReportPage is /mod/reports/{id}.
type ModReportPage struct {
	*Frame
	Report Report
	Mine   bool // the viewer looks after it
	Posts  []ReportedPost
	Notes  []ReportNote
	Note   string // what was typed
}

// ReportedPost is a post as it was when it was reported.
type ReportedPost struct {
	URL        string // empty: it can't be looked at
	Text       string
	Visibility string
	Gone       bool
}

// ReportNote is what a moderator wrote about a report.
type ReportNote struct {
	Author *Account // nil: gone
	Text   string
	At     Moment
}
