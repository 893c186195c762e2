package templates

// PostPart is one post as its page shows it, without the page around: what a
// script gets for a small action and puts in place of what stood there.
type PostPart struct {
	*Frame
	Post  Post
	Focus bool // the post is the one that its page is about
}

// FollowPart is the button between the viewer and an account, with the sentence
// that the next page would have begun with.
type FollowPart struct {
	*Frame
	Person AccountCard
}

func (PostPart) name() string   { return "postpart" }
func (FollowPart) name() string { return "followpart" }

// KeysPage is /keys: the keyboard shortcuts, and a switch for members.
type KeysPage struct {
	*Frame
	Groups []KeyGroup
	On     bool
}

// KeyGroup is a heading with its keys. Title is a message key.
type KeyGroup struct {
	Title string
	Keys  []Key
}

// Key is what is pressed, one key after the other, and the message that says
// what that does.
type Key struct {
	Press []string
	Does  string
}

func (KeysPage) name() string { return "keys" }
