package templates

// Gallery is the pictures and films of a post, as its card shows them.
type Gallery struct {
	Shown []Attachment
	More  int    // that are not shown
	URL   string // where they are
}

// MediaForm is one file in the composer.
type MediaForm struct {
	ID         int64
	Number     int // from 1
	Kind       string
	Preview    string // path, or empty
	Alt        string
	Focus      string    // the exact focal point
	Box        [4]string // of pictures: left, top, right and bottom of what must stay in sight, in per cent
	TakesStill bool      // sound and video: a picture and captions may be handed in for it
	Captions   []Track
	Languages  []Choice // that captions may be in
	Lang       string   // the one that is chosen
}

// Track is the captions of sound or video in one language.
type Track struct {
	Path, Lang string
	Label      string // the language in itself
}

// galleryMost is how many pictures a card in a list shows.
const galleryMost = 4

// Class says how the pictures are laid out.
func (g Gallery) Class() string {
	switch len(g.Shown) {
	case 1:
		return "n1"
	case 2:
		return "n2"
	case 3:
		return "n3"
	case 4:
		return "n4"
	}
	return "nn"
}

// visual says whether an attachment has something to see here.
func (a Attachment) visual() bool {
	return a.Kind == "image" && a.Preview != "" || a.film()
}

// film says whether an attachment is shown as a film: sound with captions is one
// too, since browsers show captions of nothing else.
func (a Attachment) film() bool {
	return a.Source != "" && (a.Kind == "video" || a.Kind == "audio" && len(a.Captions) > 0)
}

// Player says how an attachment to see is shown.
func (a Attachment) Player() string {
	if a.film() {
		return "film"
	}
	return "picture"
}

// Gallery are the attachments of a post to see; nil if there are none.
func (p Post) Gallery() *Gallery {
	g := &Gallery{URL: p.URL}
	for _, a := range p.Attachments {
		switch {
		case !a.visual():
		case len(g.Shown) < galleryMost || p.AllMedia:
			g.Shown = append(g.Shown, a)
		default:
			g.More++
		}
	}
	if len(g.Shown) == 0 {
		return nil
	}
	return g
}

// Blurs are tiny blurred pictures of what a card shows closed.
func (p Post) Blurs() []string {
	var list []string
	for _, a := range p.Attachments {
		if a.visual() && a.Blur != "" && len(list) < galleryMost {
			list = append(list, a.Blur)
		}
	}
	return list
}

// Files are the attachments of a post to hear or to follow a link to.
func (p Post) Files() []Attachment {
	var list []Attachment
	for _, a := range p.Attachments {
		if !a.visual() {
			list = append(list, a)
		}
	}
	return list
}
