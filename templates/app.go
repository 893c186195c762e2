package templates

// AuthorizePage is /oauth/authorize: an app asks to act for the member.
type AuthorizePage struct {
	*Frame
	App    ConnectingApp
	Groups []ScopeGroup
	Fields []Pair // the app's question, to be sent back
}

// ConnectingApp is an app as it describes itself, which nobody has checked.
type ConnectingApp struct {
	Name     string
	Website  string // address, or empty
	Host     string // of the address that the member goes on to
	Scheme   string // of an app's own address, where there is no host
	CopyCode bool   // the member copies a code instead
}

// ScopeGroup is what an app may do of one kind.
type ScopeGroup struct {
	Title string   // message key
	Parts []string // message keys; empty: everything of the kind
	Grave bool     // more than apps usually need
}

// CodePage shows the code that a member copies into an app.
type CodePage struct {
	*Frame
	App  string
	Code string
}

// AppsPage is /settings/apps: the apps that may act for the member.
type AppsPage struct {
	*Frame
	Rows []ConnectedApp
}

// ConnectedApp is one of them.
type ConnectedApp struct {
	ID      int64
	Name    string // empty: tokens of the command line
	Website string
	Groups  []ScopeGroup
	Since   Moment
	Used    Moment // zero: never
}
