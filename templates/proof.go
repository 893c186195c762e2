package templates

// ProofPage is /settings/profile/links.
type ProofPage struct {
	*Frame
	URL     string // of the member's profile
	Running bool   // the pages are being looked at
	Rows    []ProofRow
}

// ProofRow is one address in a member's profile.
type ProofRow struct {
	URL    string
	Found  string // what was seen: a key under proof.found_
	Looked Moment // zero: nobody has looked yet
	Since  Moment // marked as the member's; zero: it is not
}
