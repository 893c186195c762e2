package vocab

import "strings"

// WebFinger is what a host says about an account (RFC 7033).
type WebFinger struct {
	Subject     string // as written, such as acct:user@host; Hubzilla leaves the host out
	Aliases     []string
	Self        string     // the actor's id: the first of Selves
	Selves      []SelfLink // Lemmy lists a Person and a Group of one name
	ProfilePage string
	Subscribe   string // a template with {uri} in it, or ""
	Intents     []IntentTemplate
}

// TemplateFor is where what is intended can be done, with {object} or {uri} in it,
// or "".
func (w *WebFinger) TemplateFor(intent Intent) string {
	for _, want := range []Intent{intent, IntentObject} {
		for _, i := range w.Intents {
			if i.Intent == want {
				return i.Template
			}
		}
	}
	return w.Subscribe
}

// SelfLink leads to an actor.
type SelfLink struct {
	Href string
	Type string // of the actor, if it is said
}

// Handle splits Subject into user and host; host may be "".
func (w *WebFinger) Handle() (user, host string) {
	user, host, _ = strings.Cut(strings.TrimPrefix(strings.TrimPrefix(w.Subject, "acct:"), "@"), "@")
	return user, strings.ToLower(host)
}

const (
	relSelf      = "self"
	relProfile   = "http://webfinger.net/rel/profile-page"
	relSubscribe = "http://ostatus.org/schema/1.0/subscribe"
	typeAS       = "application/activity+json"
	// relActorType is the property by which Lemmy tells a Group from a Person.
	relActorType = "https://www.w3.org/ns/activitystreams#type"
)

// ReadWebFinger reads an answer of /.well-known/webfinger.
func ReadWebFinger(body []byte) (*WebFinger, error) {
	v, err := Parse(body)
	if err != nil {
		return nil, err
	}
	w := &WebFinger{Subject: v.word("subject"), Aliases: v.URIs("aliases", MaxAliases)}
	var ld []SelfLink
	links := 0
	for e := range v.all("links") {
		if links++; links > MaxLinks {
			break
		}
		switch rel, href := e.word("rel"), e.URI("href"); {
		case rel == relSelf && href != "" && isActivityType(e.Text("type")):
			self := SelfLink{Href: href, Type: e.actorTypeProperty()}
			if mediaType(e.Text("type")) == typeAS {
				w.Selves = append(w.Selves, self)
			} else {
				ld = append(ld, self)
			}
		case rel == relProfile && w.ProfilePage == "":
			w.ProfilePage = href
		case rel == relSubscribe && w.Subscribe == "":
			w.Subscribe = e.template()
		default:
			if i, ok := e.intent(); ok {
				w.Intents = append(w.Intents, i)
			}
		}
	}
	if w.Selves = append(w.Selves, ld...); len(w.Selves) > 0 {
		w.Self = w.Selves[0].Href
	}
	return w, nil
}

func (v *Value) actorTypeProperty() string {
	properties := v.Child("properties")
	if properties == nil {
		return ""
	}
	return typeName(properties.word(relActorType))
}

// template reads an address with {uri} in it. Some hosts spell the placeholder
// with capitals; those are taken for none.
func (v *Value) template() string {
	s := v.Text("template")
	before, after, ok := strings.Cut(s, "{uri}")
	if !ok || cleanURI(before+after) == "" {
		return ""
	}
	return s
}

// NodeInfo is what a host says about its software.
type NodeInfo struct {
	Version          string // of the schema
	Software         string // lower case
	SoftwareVersion  string
	Protocols        []string
	OpenRegistration bool
	Users            int64 // -1 if unknown, as the next three
	ActiveMonth      int64
	ActiveHalfyear   int64
	Posts            int64
	NodeName         string // plain text, from metadata
}

// nodeInfoVersions are the schemas we can read, best first.
var nodeInfoVersions = []string{"2.1", "2.0", "1.1", "1.0"}

const nodeInfoRel = "http://nodeinfo.diaspora.software/ns/schema/"

// ReadNodeInfoLinks reads /.well-known/nodeinfo and gives the address of the
// document of the highest version we know, or "".
func ReadNodeInfoLinks(body []byte) (string, error) {
	v, err := Parse(body)
	if err != nil {
		return "", err
	}
	best, found := len(nodeInfoVersions), ""
	for e := range v.all("links") {
		rel := e.word("rel")
		for rank, version := range nodeInfoVersions[:best] {
			if href := e.URI("href"); rel == nodeInfoRel+version && href != "" {
				best, found = rank, href
				break
			}
		}
	}
	return found, nil
}

// ReadNodeInfo reads a NodeInfo document of any version.
func ReadNodeInfo(body []byte) (*NodeInfo, error) {
	v, err := Parse(body)
	if err != nil {
		return nil, err
	}
	n := &NodeInfo{Version: v.word("version"), OpenRegistration: v.Bool("openRegistrations")}
	if software := v.Child("software"); software != nil {
		n.Software, n.SoftwareVersion = strings.ToLower(software.word("name")), software.word("version")
	}
	for e := range v.all("protocols") {
		if p := e.text(); p != "" && len(p) <= MaxWordBytes && len(n.Protocols) < MaxAliases {
			n.Protocols = append(n.Protocols, p)
		}
	}
	usage := v.Child("usage")
	n.Posts = usage.count("localPosts")
	var users *Value
	if usage != nil {
		users = usage.Child("users")
	}
	n.Users, n.ActiveMonth, n.ActiveHalfyear = users.count("total"), users.count("activeMonth"), users.count("activeHalfyear")
	if metadata := v.Child("metadata"); metadata != nil {
		n.NodeName = clipRunes(metadata.Text("nodeName"), MaxNameRunes)
	}
	return n, nil
}

// count reads a number that cannot be negative; -1 is unknown. v may be nil.
func (v *Value) count(key string) int64 {
	if v == nil {
		return -1
	}
	if n, ok := v.Int(key); ok && n >= 0 {
		return n
	}
	return -1
}
