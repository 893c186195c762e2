package templates

// MembersPage is /admin/users.
type MembersPage struct {
	*Frame
	Tabs  []Tab
	Show  string // the chosen tab, as in the address
	Query string
	Rows  []MemberRow
	Pager Pager
}

func (MembersPage) name() string { return "admin_members" }

// MemberRow is a member as the staff sees them.
type MemberRow struct {
	Account
	Link   string // path of their page in the administration
	Rank   string // member, moderator, admin or owner
	State  string // active, pending or disabled
	Joined Moment
	Seen   Moment // zero: not lately
}

// MemberPage is /admin/users/{id}.
type MemberPage struct {
	*Frame
	MemberRow
	Email   string // or empty
	Reason  string // for joining, or empty
	Codes   bool   // a log-in asks for more than the password
	Actions []string
	Log     []StaffLine
}

func (MemberPage) name() string { return "admin_member" }

// MemberActPage asks before something is done to a member:
// /admin/users/{id}/{act}.
type MemberActPage struct {
	*Frame
	MemberRow
	Act    string // role, disable, enable, factors or link
	Reason string
	Roles  []Choice // that the viewer can give
}

func (MemberActPage) name() string { return "admin_member_act" }

// NewMemberPage is /admin/users/new.
type NewMemberPage struct {
	*Frame
	Name, Email, Role string
	Roles             []Choice
}

func (NewMemberPage) name() string { return "admin_member_new" }

// StaffLogPage is /mod/log.
type StaffLogPage struct {
	*Frame
	Rows  []StaffLine
	Pager Pager
}

func (StaffLogPage) name() string { return "mod_log" }

// StaffLine is one thing that staff did.
type StaffLine struct {
	ID            int64
	Actor         string // empty: the command line
	Action        string // the message is members.did_ACTION
	Account       string
	Path          string // of that member in the administration; empty for who may not see it
	Before, After string // roles, or empty
	Reason        string
	At            Moment
}

// RoleChoices are the roles of these names.
func RoleChoices(names ...string) []Choice { return choices("role.", names...) }

// ForgottenPage is /password/forgot.
type ForgottenPage struct {
	*Frame
	Contact        string // mail address, or empty
	ContactAccount *Account
}

func (ForgottenPage) name() string { return "password_forgot" }

// NewPasswordPage is /password/reset/{token}.
type NewPasswordPage struct {
	*Frame
	Name   string // whose password
	Action string // path that the form goes to
}

func (NewPasswordPage) name() string { return "password_reset" }

// ModOverviewPage is /mod.
type ModOverviewPage struct {
	*Frame
	Todo []Todo
	Log  []StaffLine
}

func (ModOverviewPage) name() string { return "mod_overview" }
