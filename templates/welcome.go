package templates

// WelcomePage is one of the steps that a new member is led through:
// /welcome/1 to 4.
type WelcomePage struct {
	*Frame
	Step, Steps          int
	Action, Before, Next string // where Save, Back and Skip lead; Before is empty on the first

	Profile  ProfileForm // of step 1
	Pictures []PictureForm

	People []AccountCard // of step 2
	Tags   []WelcomeTag
	Typed  string // more hashtags, or of step 3 the handles

	Lock, Discoverable bool // of step 4

	Look    AppearanceForm
	Locales []Choice
}

// WelcomeTag is a hashtag in use that a new member may tick.
type WelcomeTag struct {
	TagUse
	On bool
}

func (WelcomePage) name() string { return "welcome" }
