package templates

// SetupStepPage is one of the steps after [SetupPage], which is the first two:
// /setup/3 to 5, for the owner.
type SetupStepPage struct {
	*Frame
	Step, Steps          int
	Action, Before, Next string // where Save, Back and Skip lead; empty: there is none

	Checks []Check // of step 5

	Form         SetupForm // of step 3
	Rules        string    // one a line
	ContactEmail string

	Cache, Kept, Folder string // of step 4
	Free                int64
	FreeKnown           bool
}

func (SetupStepPage) name() string { return "setup_step" }

// Check is something that was looked at.
type Check struct {
	Key    string // the messages are selftest.KEY and, if it is not OK, selftest.KEY_bad
	OK     bool
	Detail string // what was found, as the program says it, or empty
}
