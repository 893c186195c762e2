package templates

// AltPage is /posts/{id}/alt: the descriptions of a post's files, and what is
// suggested for them.
type AltPage struct {
	*Frame
	URL   string // of the post
	Own   bool   // the viewer's own post: they answer, others suggest
	Files []AltFile
}

// AltFile is one of them.
type AltFile struct {
	ID, PostID int64
	Number     int // from 1
	Kind       string
	Preview    string // path, or empty
	Alt        string
	Suggested  []AltSuggested // to the author all, to others their own
	Typed      string         // in the field for a suggestion
	Limit      int            // of its characters
	Wrong      bool           // what was typed is refused
}

// AltSuggested is a description that somebody suggests.
type AltSuggested struct {
	ID   int64
	From Account
	Text string
}

func (AltPage) name() string { return "post_alt" }
