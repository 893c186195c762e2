package vocab

import "strings"

// Intent is what somebody wants to do at their own server with something of
// another one (FEP-3b86).
type Intent string

// The intents that we know. An object is an account or a post.
const (
	IntentFollow   Intent = "Follow"
	IntentLike     Intent = "Like"
	IntentAnnounce Intent = "Announce"
	IntentObject   Intent = "Object" // look at it, and decide then
)

const relIntent = "https://w3id.org/fep/3b86/"

// IntentTemplate is where a server takes an intent: an address with {object} in it.
type IntentTemplate struct {
	Intent   Intent
	Template string
}

// intent reads the link of an intent. Mastodon calls the template href; some
// write the name in lower case. Of other placeholders we fill none, and what
// can't be left empty is of no use to us.
func (v *Value) intent() (IntentTemplate, bool) {
	name, ok := strings.CutPrefix(v.word("rel"), relIntent)
	if !ok {
		return IntentTemplate{}, false
	}
	for _, i := range []Intent{IntentFollow, IntentLike, IntentAnnounce, IntentObject} {
		if !strings.EqualFold(name, string(i)) {
			continue
		}
		for _, key := range []string{"template", "href"} {
			before, after, ok := strings.Cut(v.Text(key), "{object}")
			after = strings.NewReplacer("{on-success}", "", "{on-cancel}", "").Replace(after)
			if ok && cleanURI(before+after) != "" {
				return IntentTemplate{i, before + "{object}" + after}, true
			}
		}
	}
	return IntentTemplate{}, false
}
