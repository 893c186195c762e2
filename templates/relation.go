package templates

// Folded says why a post is shown as one line that opens.
type Folded struct {
	Muted  bool   // its author, or their server
	Host   bool   // it is the server
	Titles string // of the filters that found it
}

// OptionsPage is /@x/options: all that the viewer says about one account.
type OptionsPage struct {
	*Frame
	Account   Account
	Follows   bool // or asked to
	Following bool
	Boosts    bool
	Notify    bool
	Languages []Ticked
	Lists     []Ticked
	Note      string
	Endorsed  bool
}

// Ticked is a choice of which several may be on.
type Ticked struct {
	Value, Text string
	On          bool
}

// MutePage is /@x/mute, which says in words what a mute does.
type MutePage struct {
	*Frame
	Account       Account
	Until         string
	Notifications bool
}

// SaidPage is /settings/mutes, /settings/blocks and /settings/domains.
type SaidPage struct {
	*Frame
	Kind  string // mutes, blocks or domains
	Rows  []SaidRow
	Hosts []string
	Host  string // what was typed
	Pager Pager
}

// SaidRow is an account that is muted or blocked.
type SaidRow struct {
	Account
	Until         Moment // zero: for good
	Notifications bool   // those are muted too
}

func (OptionsPage) name() string { return "options" }
func (MutePage) name() string    { return "mute" }
func (SaidPage) name() string    { return "said" }
