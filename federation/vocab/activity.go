package vocab

import (
	"slices"
	"time"
)

// Activity is something an actor did: Create, Announce, Follow and so on.
type Activity struct {
	ID   string // may be "": GoToSocial sends Delete without
	Type string // as written, without a prefix; possibly one we do not know

	Actor      Ref   // always with an ID
	Object     Ref   // the first of Objects
	Objects    []Ref // Flag and Delete send several
	Target     Ref   // Add, Remove, Move, Block from a community
	Origin     Ref
	Result     Ref // Accept of an interaction request (FEP-044f)
	Instrument Ref // QuoteRequest (FEP-044f)

	To, CC, Audience []string

	Name      string
	Summary   string // reason of a Flag, a Block or a moderator's Delete
	Content   string // text of a Flag
	Reaction  string // emoji or :shortcode: of a Like or EmojiReact; "": a favourite
	Emojis    []Emoji
	Published time.Time
	Updated   time.Time
	EndTime   time.Time // of a Block

	RemoveData bool // Lemmy: delete or ban with everything written

	Value *Value // for what is not read here
	Raw   []byte // as received, without white space around it
}

// Activity reads v as an activity. It needs a type and an actor with an id;
// whether there has to be an object depends on the type and is left to the
// caller.
func (v *Value) Activity() (*Activity, error) {
	a := &Activity{ID: v.ID(), Type: v.Type(), Actor: v.Ref("actor"), Value: v, Raw: v.Raw()}
	if a.Type == "" {
		return nil, &ShapeError{"activity", "it has no type"}
	}
	if a.Actor.ID == "" {
		return nil, &ShapeError{"activity", "it has no actor with an http or https id"}
	}
	a.Objects = v.Refs("object", MaxObjects)
	if len(a.Objects) > 0 {
		a.Object = a.Objects[0]
	}
	a.Target, a.Origin = v.Ref("target"), v.Ref("origin")
	a.Result, a.Instrument = v.Ref("result"), v.Ref("instrument")

	a.To, a.CC, a.Audience = v.recipients("to"), v.recipients("cc"), v.recipients("audience")

	a.Name = clipRunes(v.Text("name"), MaxNameRunes)
	a.Summary = clipBytes(v.Text("summary"), MaxSummaryBytes)
	a.Content = clipBytes(v.Text("content"), MaxContentBytes)
	a.Published, a.Updated, a.EndTime = v.Time("published"), v.Time("updated"), v.Time("endTime")
	a.RemoveData = v.Bool("removeData")
	a.Reaction = v.reaction(a.Type)
	if a.Reaction != "" {
		a.Emojis = v.tags().emojis
	}
	return a, nil
}

// reaction reads the emoji of an EmojiReact, or of a Like as Misskey and its
// descendants send it (FEP-c0e0).
func (v *Value) reaction(activityType string) string {
	if activityType != "EmojiReact" && activityType != "Like" {
		return ""
	}
	s := v.Text("content")
	if s == "" {
		s = v.Text("_misskey_reaction")
	}
	if len(s) > MaxWordBytes {
		return ""
	}
	return s
}

// recipients reads one of to, cc, bto, bcc and audience.
func (v *Value) recipients(key string) []string {
	var uris []string
	for e := range v.all(key) {
		if len(uris) == MaxRecipients {
			break
		}
		uri := ""
		if e.isObject() {
			uri = e.uri()
		} else {
			uri = recipient(e.text())
		}
		if uri != "" {
			uris = append(uris, uri)
		}
	}
	return uris
}

// Visibility is who an object is for, as its addressing says.
type Visibility int

// The four visibilities the network agrees on.
const (
	VisibilityDirect    Visibility = iota // only who is named
	VisibilityFollowers                   // the author's followers, and who is named
	VisibilityUnlisted                    // everyone, but kept out of public timelines
	VisibilityPublic                      // everyone
)

func (v Visibility) String() string {
	switch v {
	case VisibilityPublic:
		return "public"
	case VisibilityUnlisted:
		return "unlisted"
	case VisibilityFollowers:
		return "followers"
	default:
		return "direct"
	}
}

// visibility applies the rule of the network: Public in to is public, Public in
// cc is unlisted, the author's followers are followers, anything else is
// direct. The followers collection is compared, never guessed from its path;
// in doubt the result is the narrower one.
func visibility(to, cc []string, followersURI string) Visibility {
	switch {
	case slices.Contains(to, Public):
		return VisibilityPublic
	case slices.Contains(cc, Public):
		return VisibilityUnlisted
	case followersURI != "" && (slices.Contains(to, followersURI) || slices.Contains(cc, followersURI)):
		return VisibilityFollowers
	}
	return VisibilityDirect
}

// Visibility says who the activity, such as an Announce, is for. followersURI is the
// followers collection of its actor, or "" if that is not known.
func (a *Activity) Visibility(followersURI string) Visibility {
	return visibility(a.To, a.CC, followersURI)
}
