package templates

// Reaction is a chip under a post: an emoji with how many chose it.
type Reaction struct {
	Emoji   string // 🌱, or :shortcode: of a custom one
	Picture string // path of a custom one's, or empty
	Value   string // the emoji in forms: a custom one with its host
	Count   int
	Mine    bool // the viewer is among them
}

// chipsShown is how many chips stand under a post; the rest are in its list.
const chipsShown = 12

// Chips are the reactions that are shown under the post.
func (p Post) Chips() []Reaction { return p.Reactions[:min(len(p.Reactions), chipsShown)] }

// MoreChips is how many kinds of reactions find no room there.
func (p Post) MoreChips() int { return max(len(p.Reactions)-chipsShown, 0) }

// Reacted is how many reactions there are.
func (p Post) Reacted() (n int) {
	for _, r := range p.Reactions {
		n += r.Count
	}
	return n
}

// ReactPage is where a member chooses an emoji for a post.
type ReactPage struct {
	*Frame
	Post   Post
	Query  string
	Groups []EmojiGroup
	Back   string // path that the choice leads back to
}
