package templates

import "html/template"

// LandingPage is / for visitors.
type LandingPage struct {
	*Frame
	Posts   []Post // newest public ones
	Staff   []AccountCard
	Members int
	Pager   Pager
}

// UnfoundedPage is / before the instance is set up.
type UnfoundedPage struct{ *Frame }

// LoginPage is /login.
type LoginPage struct {
	*Frame
	Login string // what was typed as name or e-mail
	Next  string // local path to go on to

	// A form that was sent after its session had ended: where it goes, and its
	// fields, to be offered again after the log-in.
	Again string
	Keep  []Pair
}

// JoinPage is /join, in the mode of Frame.Site.JoinMode.
type JoinPage struct {
	*Frame
	Form    JoinForm
	Rules   []string
	Message string // why sign-up is closed, or what the admins want to know; plain text, may be empty
	Started string // opaque time stamp: forms that come back too fast are a machine's
}

// JoinForm is what was typed on the sign-up page. Passwords never come back.
type JoinForm struct {
	Name, Email, Reason, Invite string
	AskEmail                    bool // the admins want an address
	Agree, Quiet                bool
}

// JoinWaitingPage tells how a request to join stands.
type JoinWaitingPage struct {
	*Frame
	Name     string
	State    string // waiting, accepted, or rejected (withdrawn and unknown requests too)
	Reason   string
	Change   string // path that replaces the reason, or empty
	Withdraw string // path that takes the request back, or empty
}

// SetupPage founds the instance: its owner and its name.
type SetupPage struct {
	*Frame
	Key  string // the one-time key, kept in a hidden field
	Form SetupForm

	Address   string // the public URL
	Handle    string // what a member's looks like
	Elsewhere string // the host of handles, if it is another
	Checks    []Check
}

// SetupForm is what was typed on the set-up page.
type SetupForm struct {
	Name, Email                  string // of the owner
	Title, Description, JoinMode string // of the instance
}

// AboutPage is /about.
type AboutPage struct {
	*Frame
	Description    template.HTML // see Post.HTML; may be empty
	Rules          []string
	Staff          []AccountCard
	Contact        string
	ContactAccount *Account // whom to ask; may be nil
	ShowBlocks     bool     // there is a page of them that the reader may see
	HasTerms       bool
	Members        int
	Posts          int
	Instances      int
}

// RulesPage is /about/rules.
type RulesPage struct {
	*Frame
	Rules []HouseRule
}

// PrivacyPage is /privacy.
type PrivacyPage struct {
	*Frame
	HTML        template.HTML // what the admins say of it; may be empty
	SessionDays int           // how long a session lives without a visit
}

// SourcePage is /source where nobody said where the source code is: it names
// the licence, and whom to ask.
type SourcePage struct {
	*Frame
	Staff []AccountCard
}

// ErrorPage is every failure that ends a request: 400, 403, 404, 410, 413,
// 422, 429, 500, 503 and 507.
type ErrorPage struct {
	*Frame
	Status int
	Msg    *Msg   // says more than the status's own sentence, or nil
	Number string // 500: what to tell the admin
	Retry  *Retry // what was typed, to be sent again
	Why    string // 404, 410: URL of what may be the reason, or empty
	Back   string // path of the page whose button was pressed, or empty
}

// Retry is a form that repeats a request whose token had expired or that failed
// on our side. Passwords are left out.
type Retry struct {
	Action string
	Fields []Pair
	Texts  []Pair // long texts, shown so that they can be copied
}

// MenuPage is /menu, the phone's menu as a page.
type MenuPage struct{ *Frame }
