package vocab

import (
	"maps"
	"slices"
	"time"

	"github.com/superseriousbusiness/activity/streams"
	as "github.com/superseriousbusiness/activity/streams/vocab"
)

// ActorDoc is what we publish about an account, or about this server itself
// (Application). URIs are given by the caller; ID, Type, Username, Inbox and
// Outbox are needed.
type ActorDoc struct {
	ID, Type    string // Person, Service, Application or Group
	Username    string
	Name        string // plain text
	SummaryHTML string // safe HTML
	URL         string // the page for people

	Inbox, Outbox, SharedInbox string
	Followers, Following       string
	Featured, FeaturedTags     string

	PublicKeyID, PublicKeyPEM string // ID#main-key is the usual id
	AssertionMethods          []AssertionMethod

	Icon, Image *Picture
	Fields      []Field // values are safe HTML
	Emojis      []Emoji
	Hashtags    []Tag

	AlsoKnownAs        []string
	AttributionDomains []string // hosts
	MovedTo            string

	Locked       bool // manuallyApprovesFollowers, always written: Pixelfed takes its absence for true
	Discoverable bool
	Indexable    bool // FEP-5feb
	Memorial     bool
	Suspended    bool

	Published, Updated time.Time
	Webfinger          string // user@host, FEP-2c59
}

// Picture is an avatar or header.
type Picture struct {
	URL, MediaType string
	Description    string
}

// JSON builds the document.
func (d ActorDoc) JSON() ([]byte, error) { return finish(d.build()) }

// keyMembers are what everyone may know of an actor.
var keyMembers = []string{"id", "type", "preferredUsername", "inbox", "endpoints", "publicKey", "assertionMethod"}

// KeyJSON builds the document for who may not see the profile: whose key it is,
// and where it receives.
func (d ActorDoc) KeyJSON() ([]byte, error) {
	m, err := d.build()
	maps.DeleteFunc(m, func(key string, _ any) bool { return !slices.Contains(keyMembers, key) })
	return finish(m, err)
}

// libraryActor is what the actor types of activity/streams have in common.
type libraryActor interface {
	as.Type
	SetJSONLDId(as.JSONLDIdProperty)
	SetActivityStreamsPreferredUsername(as.ActivityStreamsPreferredUsernameProperty)
	SetActivityStreamsName(as.ActivityStreamsNameProperty)
	SetActivityStreamsSummary(as.ActivityStreamsSummaryProperty)
	SetActivityStreamsUrl(as.ActivityStreamsUrlProperty)
	SetActivityStreamsInbox(as.ActivityStreamsInboxProperty)
	SetActivityStreamsOutbox(as.ActivityStreamsOutboxProperty)
	SetActivityStreamsFollowers(as.ActivityStreamsFollowersProperty)
	SetActivityStreamsFollowing(as.ActivityStreamsFollowingProperty)
	SetActivityStreamsManuallyApprovesFollowers(as.ActivityStreamsManuallyApprovesFollowersProperty)
	SetActivityStreamsIcon(as.ActivityStreamsIconProperty)
	SetActivityStreamsImage(as.ActivityStreamsImageProperty)
	SetActivityStreamsAttachment(as.ActivityStreamsAttachmentProperty)
	SetActivityStreamsTag(as.ActivityStreamsTagProperty)
	SetTootFeatured(as.TootFeaturedProperty)
	SetTootDiscoverable(as.TootDiscoverableProperty)
	SetW3IDSecurityV1PublicKey(as.W3IDSecurityV1PublicKeyProperty)
}

func (d ActorDoc) build() (tree, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	var a libraryActor
	switch d.Type {
	case "Person":
		a = streams.NewActivityStreamsPerson()
	case "Service":
		a = streams.NewActivityStreamsService()
	case "Application":
		a = streams.NewActivityStreamsApplication()
	case "Group":
		a = streams.NewActivityStreamsGroup()
	default:
		return nil, &BuildError{"actor", "type", d.Type}
	}
	d.setProfile(a)
	d.setCollections(a)
	d.setKey(a)
	m, err := serialize(a)
	if err != nil {
		return nil, err
	}
	d.extend(m)
	return m, nil
}

func (d ActorDoc) check() error {
	c := uriCheck{what: "actor"}
	c.need("id", d.ID)
	c.need("inbox", d.Inbox)
	c.need("outbox", d.Outbox)
	c.allow("url", d.URL)
	c.allow("followers", d.Followers)
	c.allow("following", d.Following)
	c.allow("featured", d.Featured)
	c.allow("featuredTags", d.FeaturedTags)
	c.allow("sharedInbox", d.SharedInbox)
	c.allow("movedTo", d.MovedTo)
	c.all("alsoKnownAs", d.AlsoKnownAs)
	if d.PublicKeyPEM != "" {
		c.need("publicKey", d.PublicKeyID)
	}
	for _, a := range d.AssertionMethods {
		c.need("assertionMethod", a.ID)
	}
	for _, p := range []*Picture{d.Icon, d.Image} {
		if p != nil {
			c.need("picture", p.URL)
		}
	}
	if d.Username == "" && c.err == nil {
		c.err = &BuildError{"actor", "preferredUsername", ""}
	}
	return c.err
}

func (d ActorDoc) setProfile(a libraryActor) {
	a.SetJSONLDId(idOf(d.ID))
	username := streams.NewActivityStreamsPreferredUsernameProperty()
	username.SetXMLSchemaString(d.Username)
	a.SetActivityStreamsPreferredUsername(username)
	name := streams.NewActivityStreamsNameProperty()
	name.AppendXMLSchemaString(d.Name)
	a.SetActivityStreamsName(name)
	summary := streams.NewActivityStreamsSummaryProperty()
	summary.AppendXMLSchemaString(d.SummaryHTML)
	a.SetActivityStreamsSummary(summary)
	if d.URL != "" {
		a.SetActivityStreamsUrl(urlOf(d.URL))
	}
	if d.Icon != nil {
		icon := streams.NewActivityStreamsIconProperty()
		icon.AppendActivityStreamsImage(d.Icon.image())
		a.SetActivityStreamsIcon(icon)
	}
	if d.Image != nil {
		image := streams.NewActivityStreamsImageProperty()
		image.AppendActivityStreamsImage(d.Image.image())
		a.SetActivityStreamsImage(image)
	}
	attachment := streams.NewActivityStreamsAttachmentProperty()
	for _, f := range d.Fields {
		attachment.AppendSchemaPropertyValue(f.propertyValue())
	}
	a.SetActivityStreamsAttachment(attachment)
	tag := streams.NewActivityStreamsTagProperty()
	appendEmojis(tag, d.Emojis)
	appendHashtags(tag, d.Hashtags)
	a.SetActivityStreamsTag(tag)
}

func (d ActorDoc) setCollections(a libraryActor) {
	inbox := streams.NewActivityStreamsInboxProperty()
	inbox.SetIRI(iri(d.Inbox))
	a.SetActivityStreamsInbox(inbox)
	outbox := streams.NewActivityStreamsOutboxProperty()
	outbox.SetIRI(iri(d.Outbox))
	a.SetActivityStreamsOutbox(outbox)
	if d.Followers != "" {
		followers := streams.NewActivityStreamsFollowersProperty()
		followers.SetIRI(iri(d.Followers))
		a.SetActivityStreamsFollowers(followers)
	}
	if d.Following != "" {
		following := streams.NewActivityStreamsFollowingProperty()
		following.SetIRI(iri(d.Following))
		a.SetActivityStreamsFollowing(following)
	}
	if d.Featured != "" {
		featured := streams.NewTootFeaturedProperty()
		featured.SetIRI(iri(d.Featured))
		a.SetTootFeatured(featured)
	}
	locked := streams.NewActivityStreamsManuallyApprovesFollowersProperty()
	locked.Set(d.Locked)
	a.SetActivityStreamsManuallyApprovesFollowers(locked)
	discoverable := streams.NewTootDiscoverableProperty()
	discoverable.Set(d.Discoverable)
	a.SetTootDiscoverable(discoverable)
}

func (d ActorDoc) setKey(a libraryActor) {
	if d.PublicKeyPEM == "" {
		return
	}
	key := streams.NewW3IDSecurityV1PublicKey()
	key.SetJSONLDId(idOf(d.PublicKeyID))
	owner := streams.NewW3IDSecurityV1OwnerProperty()
	owner.SetIRI(iri(d.ID))
	key.SetW3IDSecurityV1Owner(owner)
	pem := streams.NewW3IDSecurityV1PublicKeyPemProperty()
	pem.Set(d.PublicKeyPEM)
	key.SetW3IDSecurityV1PublicKeyPem(pem)
	property := streams.NewW3IDSecurityV1PublicKeyProperty()
	property.AppendW3IDSecurityV1PublicKey(key)
	a.SetW3IDSecurityV1PublicKey(property)
}

// setAssertionMethods publishes the Ed25519 keys (FEP-521a).
func (d ActorDoc) setAssertionMethods(m tree) {
	var methods []tree
	for _, a := range d.AssertionMethods {
		methods = append(methods, tree{"id": a.ID, "type": "Multikey", "controller": d.ID, "publicKeyMultibase": a.PublicKeyMultibase})
	}
	if len(methods) > 0 {
		m["assertionMethod"] = methods
	}
}

// extend adds what the library has no property for, or writes otherwise.
func (d ActorDoc) extend(m tree) {
	lists(m, "attachment", "tag")
	if d.SharedInbox != "" {
		m["endpoints"] = tree{"sharedInbox": d.SharedInbox}
	}
	d.setAssertionMethods(m)
	m["indexable"] = d.Indexable
	if len(d.AttributionDomains) > 0 {
		m["attributionDomains"] = d.AttributionDomains
	}
	if len(d.AlsoKnownAs) > 0 {
		m["alsoKnownAs"] = d.AlsoKnownAs
	}
	setText(m, "featuredTags", d.FeaturedTags)
	setText(m, "movedTo", d.MovedTo)
	setText(m, "webfinger", d.Webfinger)
	setTrue(m, "memorial", d.Memorial)
	setTrue(m, "suspended", d.Suspended)
	setTime(m, "published", d.Published)
	setTime(m, "updated", d.Updated)
}

func (p *Picture) image() as.ActivityStreamsImage {
	image := streams.NewActivityStreamsImage()
	image.SetActivityStreamsUrl(urlOf(p.URL))
	if p.MediaType != "" {
		image.SetActivityStreamsMediaType(mediaTypeOf(p.MediaType))
	}
	if p.Description != "" {
		image.SetActivityStreamsName(nameOf(p.Description))
	}
	return image
}

func (f Field) propertyValue() as.SchemaPropertyValue {
	pv := streams.NewSchemaPropertyValue()
	pv.SetActivityStreamsName(nameOf(f.Name))
	value := streams.NewSchemaValueProperty()
	value.Set(f.Value)
	pv.SetSchemaValue(value)
	return pv
}
