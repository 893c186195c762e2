package templates

// PolicyField is for whom one deed with a post is: reply, boost, favourite or quote.
type PolicyField struct {
	Name    string
	Value   string // of the chosen one
	Choices []Choice
	Ask     bool // whom the choice leaves out may ask
}

// PolicyStamp is an approval that the author gave.
type PolicyStamp struct {
	ID   int64
	Deed string
	URI  string // "": no address that a browser opens
	Text string
}

// PolicyPage is /posts/{id}/policy.
type PolicyPage struct {
	*Frame
	Post   Post
	Fields []PolicyField
	Stamps []PolicyStamp
}

// Asked is something that waits for the member's answer.
type Asked struct {
	ID   int64
	Deed string
	From Account
	At   Moment
	Post Post
	Made *Post  // the reply or the quoting post
	Away string // where a quoting post is that is not stored
}

// AskedPage is /interactions.
type AskedPage struct {
	*Frame
	Rows []Asked
}
