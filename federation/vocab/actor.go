package vocab

import (
	"strings"
	"time"

	"seedling/store/content"
)

// Actor is anyone with an inbox, as another server describes them.
type Actor struct {
	ID, Type    string
	Username    string // preferredUsername; "" is possible, the handle comes from WebFinger then
	Name        string // plain text; may hold :shortcodes:
	SummaryHTML string // foreign HTML, not sanitised; WriteFreely sends Markdown
	URL         string // the page for people; "" if none is given

	Inbox, SharedInbox, Outbox string
	Followers, Following       string
	Featured, FeaturedTags     string
	Moderators                 string // of a Group: the collection of who moderates it (FEP-1b12)

	PublicKeyID, PublicKeyPEM, PublicKeyOwner string
	AssertionMethods                          []AssertionMethod // FEP-521a

	IconURL, ImageURL string
	Fields            []Field
	Emojis            []Emoji
	Hashtags          []Tag // of the profile text

	AlsoKnownAs        []string
	AttributionDomains []string // hosts whose pages may name the actor as author (Mastodon)
	MovedTo            string

	Locked       bool // manuallyApprovesFollowers
	Bot          bool // Service or Application
	Discoverable bool
	Indexable    bool // FEP-5feb: only true if the actor says so
	Memorial     bool
	Suspended    bool

	Published    time.Time
	Updated      time.Time
	Webfinger    string // user@host, FEP-2c59; believe it only after a round trip
	AttributedTo []Ref  // owners of a PeerTube channel; Lemmy's moderators collection

	Value *Value // for what is not read here
}

// Field is a row of a profile (PropertyValue, FEP-fb2a).
type Field struct {
	Name  string // plain text
	Value string // foreign HTML, not sanitised
}

// AssertionMethod is a key for object proofs (FEP-521a).
type AssertionMethod struct {
	ID, Controller     string
	PublicKeyMultibase string
}

// PublicKey is a key for HTTP signatures. Owner is only what the document
// claims: the actor has to point back.
type PublicKey struct {
	ID, Owner, PEM string
}

// Actor reads v as an actor. It needs an id, and a type of an actor or an inbox.
func (v *Value) Actor() (*Actor, error) {
	a := &Actor{ID: v.ID(), Type: v.Type(), Inbox: v.URI("inbox"), Value: v}
	if a.ID == "" {
		return nil, &ShapeError{"actor", "it has no http or https id"}
	}
	if !actorTypes[a.Type] && a.Inbox == "" {
		return nil, &ShapeError{"actor", "it is not of an actor's type and has no inbox"}
	}
	a.Bot = a.Type == "Service" || a.Type == "Application"
	v.readProfile(a)
	v.readCollections(a)
	v.readKeys(a)
	v.readFlags(a)
	return a, nil
}

func (v *Value) readProfile(a *Actor) {
	if a.Username = v.Text("preferredUsername"); len(a.Username) > MaxUsernameBytes {
		a.Username = ""
	}
	name, _ := v.Lang("name")
	a.Name = clipRunes(name, MaxNameRunes)
	summary, _ := v.Lang("summary")
	a.SummaryHTML = clipBytes(summary, MaxSummaryBytes)
	a.URL = bestPage(v.links("url"))
	a.IconURL, a.ImageURL = v.imageURL("icon"), v.imageURL("image")
	a.Fields = v.fields()
	tags := v.tags()
	a.Emojis, a.Hashtags = tags.emojis, tags.hashtags
	a.Published, a.Updated = v.Time("published"), v.Time("updated")
	a.Webfinger = handle(v.Text("webfinger"))
	a.AttributedTo = v.Refs("attributedTo", MaxAuthors)
}

func (v *Value) readCollections(a *Actor) {
	a.Outbox, a.Followers, a.Following = v.URI("outbox"), v.URI("followers"), v.URI("following")
	a.Featured, a.FeaturedTags = v.URI("featured"), v.URI("featuredTags")
	if a.Type == "Group" {
		a.Moderators = v.moderators()
	}
	if endpoints := v.Child("endpoints"); endpoints != nil {
		a.SharedInbox = endpoints.URI("sharedInbox")
	}
	if a.SharedInbox == "" { // Misskey has it at the top as well, Sharkey only there
		a.SharedInbox = v.URI("sharedInbox")
	}
}

// moderators is the collection of who moderates a group: FEP-1b12 has it as
// attributedTo, WordPress as moderators too. Embedded owners, as PeerTube's
// channels have them, are none.
func (v *Value) moderators() string {
	if uri := v.URI("moderators"); uri != "" {
		return uri
	}
	if by := v.Refs("attributedTo", 2); len(by) == 1 && by[0].Embedded == nil {
		return by[0].ID
	}
	return ""
}

func (v *Value) readKeys(a *Actor) {
	if key := v.publicKey(a.ID); key != nil {
		a.PublicKeyID, a.PublicKeyOwner, a.PublicKeyPEM = key.ID, key.Owner, key.PEM
	}
	for e := range v.all("assertionMethod") {
		if len(a.AssertionMethods) == MaxKeys {
			break
		}
		m := AssertionMethod{ID: e.ID(), Controller: e.URI("controller"), PublicKeyMultibase: e.Text("publicKeyMultibase")}
		if m.ID != "" && m.PublicKeyMultibase != "" && len(m.PublicKeyMultibase) <= MaxPEMBytes {
			a.AssertionMethods = append(a.AssertionMethods, m)
		}
	}
}

func (v *Value) readFlags(a *Actor) {
	a.Locked = v.Bool("manuallyApprovesFollowers")
	a.Discoverable, a.Indexable = v.Bool("discoverable"), v.Bool("indexable")
	a.Memorial, a.Suspended = v.Bool("memorial"), v.Bool("suspended")
	a.AlsoKnownAs = v.URIs("alsoKnownAs", MaxAliases)
	a.AttributionDomains = v.hosts("attributionDomains", MaxAliases)
	if a.MovedTo = v.URI("movedTo"); a.MovedTo == "" {
		a.MovedTo = v.URI("movedToUri") // Sharkey
	}
}

// PublicKey reads the key with the given id out of v, which is what its URI
// answered: the key alone, or the actor with the key inside. With id "" the
// first usable key is taken.
func (v *Value) PublicKey(id string) (*PublicKey, error) {
	if pem := v.pem(); pem != "" {
		return &PublicKey{ID: v.ID(), Owner: v.keyOwner(), PEM: pem}, nil
	}
	for _, key := range v.publicKeys() {
		if id == "" || key.ID == id {
			return &key, nil
		}
	}
	return nil, &ShapeError{"public key", "there is no such key"}
}

// publicKey prefers the key that names its actor as owner.
func (v *Value) publicKey(actorID string) *PublicKey {
	keys := v.publicKeys()
	for i := range keys {
		if keys[i].Owner == actorID {
			return &keys[i]
		}
	}
	if len(keys) > 0 {
		return &keys[0]
	}
	return nil
}

func (v *Value) publicKeys() []PublicKey {
	var keys []PublicKey
	for e := range v.all("publicKey") {
		if len(keys) == MaxKeys {
			break
		}
		if pem := e.pem(); pem != "" {
			keys = append(keys, PublicKey{ID: e.ID(), Owner: e.keyOwner(), PEM: pem})
		}
	}
	return keys
}

func (v *Value) pem() string {
	pem := v.Text("publicKeyPem")
	if len(pem) > MaxPEMBytes {
		return ""
	}
	return pem
}

func (v *Value) keyOwner() string {
	if owner := v.URI("owner"); owner != "" {
		return owner
	}
	return v.URI("controller")
}

// fields reads the profile's rows. Attachments of other kinds, such as the Note
// of (streams) or proofs of Mitra, are left out.
func (v *Value) fields() []Field {
	var fields []Field
	for e := range v.all("attachment") {
		if len(fields) == MaxFields {
			break
		}
		if !e.isObject() || e.Type() != "PropertyValue" {
			continue
		}
		f := Field{clipRunes(e.Text("name"), MaxFieldNameRunes), clipRunes(e.Text("value"), MaxFieldValueRunes)}
		if f != (Field{}) {
			fields = append(fields, f)
		}
	}
	return fields
}

// handle cleans user@host as FEP-2c59 and WebFinger write it.
func handle(s string) string {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "acct:"), "@")
	if user, host, ok := strings.Cut(s, "@"); !ok || user == "" || host == "" || len(s) > 2*MaxUsernameBytes {
		return ""
	}
	return s
}

// hosts reads a list of host names. Others are left out.
func (v *Value) hosts(key string, limit int) []string {
	var hosts []string
	for e := range v.all(key) {
		if h, err := content.ParseHandle("x@" + strings.TrimSpace(e.text())); err == nil && h.Host != "" && len(hosts) < limit {
			hosts = append(hosts, h.Host)
		}
	}
	return hosts
}
