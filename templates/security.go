package templates

// SecurityPage is /settings/security.
type SecurityPage struct {
	*Frame
	Email    string // that the member can log in with too, or empty
	Sessions []Session
	Codes    CodesState
	Passkeys []Passkey
	SignIns  []SignIn
}

// CodesState is whether a log-in asks for a code beside the password.
type CodesState struct {
	On       bool
	Since    Moment
	Pending  bool // an app was given the secret and has not shown a code yet
	Recovery int  // codes that are left
}

// Session is one place where the member is logged in.
type Session struct {
	ID      int64
	Browser string // in words, such as "Firefox on Linux"
	Address string // network address, or empty
	Created Moment
	Seen    Moment
	Current bool
}

// Passkey is a key of a device that may log in.
type Passkey struct {
	ID            int64
	Name          string
	Created, Used Moment // Used zero: never
}

// SignIn is a line of the log of sign-ins.
type SignIn struct {
	Way     string // as the store writes it
	Browser string
	Address string
	At      Moment
}

// SecondPage is /login/2fa.
type SecondPage struct {
	*Frame
	Next  string
	Again string // see LoginPage
	Keep  []Pair
}

// CodesPage is /settings/security/2fa: the secret for an app, as a picture of
// Size by Size squares and as text.
type CodesPage struct {
	*Frame
	Secret  string
	Size    int
	Squares string // the dark ones, as the path of an SVG
}

// RecoveryPage shows new recovery codes, this once.
type RecoveryPage struct {
	*Frame
	Codes []string
}

func (SecondPage) name() string   { return "login_second" }
func (CodesPage) name() string    { return "settings_codes" }
func (RecoveryPage) name() string { return "settings_recovery" }

// Quiet is how far the light border of the picture goes, that readers need.
func (p CodesPage) Quiet() int { return p.Size + 8 }
