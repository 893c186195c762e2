package vocab

import (
	"cmp"
	"net/url"
	"strings"

	"seedling/federation/httpsig"
	"seedling/store"
	"seedling/store/content"
)

// Origin is this server's public address, without a slash at its end, and the
// domain of the handles it gives out: what store.DB has as URL and
// AccountDomain.
type Origin struct {
	URL, AccountDomain string
	MediaURL           string // of the host that files are served from; "": URL
}

func (at Origin) media() string { return cmp.Or(at.MediaURL, at.URL) }

// served is where a file of ours is served, of which the host of the pages is
// stored.
func (at Origin) served(uri string) string {
	if path, ok := strings.CutPrefix(uri, at.URL+"/media/"); ok {
		return at.media() + "/media/" + path
	}
	return uri
}

// actorKinds are the types of actors as the store keeps them.
var actorKinds = map[string]store.AccountKind{
	"Person": store.Person, "Service": store.Service, "Application": store.Application,
	"Group": store.Group, "Organization": store.Organization,
}

// AccountDoc describes an account of this server to other servers. Of a
// suspended one it says only that it is, and the key, with which what it did
// before can be checked.
func AccountDoc(a *store.Account, at Origin) ActorDoc {
	d := ActorDoc{
		ID: a.URI, Type: actorType(a.Kind), Username: a.Username, Webfinger: a.Username + "@" + at.AccountDomain,
		URL: a.URL, Inbox: a.Inbox, SharedInbox: a.SharedInbox, Outbox: a.OutboxURI,
		Followers: a.FollowersURI, Following: a.FollowingURI, Featured: a.FeaturedURI,
		PublicKeyID: a.KeyURI, PublicKeyPEM: a.PublicKey,
		Locked: a.Locked, Published: a.CreatedAt,
	}
	if a.Kind == store.Application { // the server itself has no profile
		d.URL = at.URL + "/about"
	}
	if a.State != store.AccountActive {
		d.Suspended = true
		return d
	}
	d.Name, d.SummaryHTML = a.Name(), a.Bio.String()
	for _, f := range a.Fields {
		d.Fields = append(d.Fields, Field{Name: f.Name, Value: f.Value.String()})
	}
	d.Icon, d.Image = picture(at.served(a.AvatarURL), a.Pictures.AvatarAlt), picture(at.served(a.HeaderURL), a.Pictures.HeaderAlt)
	d.AlsoKnownAs, d.MovedTo = a.AlsoKnownAs, a.MovedToURI
	d.AttributionDomains = a.AttributionDomains
	if a.Kind != store.Application {
		d.FeaturedTags = a.URI + "/featured_tags"
	}
	d.Discoverable, d.Indexable, d.Memorial = a.Discoverable, a.Indexable, a.Memorial
	return d
}

func actorType(k store.AccountKind) string {
	switch k {
	case store.Service:
		return "Service"
	case store.Application:
		return "Application"
	case store.Group:
		return "Group"
	}
	return "Person"
}

func picture(uri, alt string) *Picture {
	if cleanURI(uri) == "" {
		return nil
	}
	return &Picture{URL: uri, MediaType: guessMediaType(uri), Description: alt}
}

// Account turns an actor into an account of the given host, which the caller
// has from WebFinger: its handle is known only after that round trip. An actor
// without preferredUsername needs a.Username set before. The account has no id
// yet, and nobody has checked that the actor may speak for its URI.
//
// Keys are taken over only from the actor's own origin and where the actor is
// their owner, so that no actor can claim the key of another (CVE-2025-54888).
func (a *Actor) Account(host string) (*store.Account, error) {
	handle, err := content.ParseHandle(a.Username + "@" + host)
	if err != nil || handle.Host == "" || handle.Username != a.Username {
		return nil, &ShapeError{"actor", "its user name or host can't be part of a handle"}
	}
	if a.Inbox == "" {
		return nil, &ShapeError{"actor", "it has no inbox"}
	}
	account := &store.Account{
		URI: a.ID, Kind: actorKinds[a.Type], Username: handle.Username, Host: handle.Host,
		DisplayName: a.Name, Bio: content.Sanitise(a.SummaryHTML), URL: cmp.Or(a.URL, a.ID),
		Inbox: a.Inbox, SharedInbox: a.SharedInbox, OutboxURI: a.Outbox,
		FollowersURI: a.Followers, FollowingURI: a.Following, FeaturedURI: a.Featured,
		AvatarURL: a.IconURL, HeaderURL: a.ImageURL,
		MovedToURI: a.MovedTo, AlsoKnownAs: a.AlsoKnownAs, FeaturedTagsURI: a.FeaturedTags, ModeratorsURI: a.Moderators, AttributionDomains: a.AttributionDomains,
		Locked: a.Locked, Bot: a.Bot, Discoverable: a.Discoverable, Indexable: a.Indexable, Memorial: a.Memorial, Suspended: a.Suspended,
		CreatedAt: a.Published,
	}
	for _, f := range a.Fields {
		account.Fields = append(account.Fields, store.Field{Name: f.Name, Value: content.Sanitise(f.Value)})
	}
	if a.ownsKey() {
		account.KeyURI, account.PublicKey = a.PublicKeyID, a.PublicKeyPEM
	}
	account.NewAssertionKeys = a.assertionKeys()
	return account, nil
}

func (a *Actor) ownsKey() bool {
	return (a.PublicKeyOwner == "" || a.PublicKeyOwner == a.ID) && a.PublicKeyID != "" && sameOrigin(a.PublicKeyID, a.ID)
}

// WithKeys returns the document with the Ed25519 keys of its account.
func (d ActorDoc) WithKeys(keys []store.AssertionKey) ActorDoc {
	d.AssertionMethods = nil
	for _, k := range keys {
		d.AssertionMethods = append(d.AssertionMethods, AssertionMethod{ID: k.URI, Controller: d.ID, PublicKeyMultibase: httpsig.EncodeMultikey(k.Public)})
	}
	return d
}

// assertionKeys takes over the Ed25519 keys that the actor controls and that
// are of its own origin, for the same reason as ownsKey. Keys of other kinds,
// as Mitra publishes beside them, are not used.
func (a *Actor) assertionKeys() []store.AssertionKey {
	var keys []store.AssertionKey
	for _, m := range a.AssertionMethods {
		key, err := httpsig.ParseMultikey(m.PublicKeyMultibase)
		if err == nil && m.Controller == a.ID && sameOrigin(m.ID, a.ID) {
			keys = append(keys, store.AssertionKey{URI: m.ID, Public: key})
		}
	}
	return keys
}

// sameOrigin says whether two URIs, cleaned by cleanURI, are of one server.
func sameOrigin(a, b string) bool {
	x, err := url.Parse(a)
	if err != nil {
		return false
	}
	y, err := url.Parse(b)
	return err == nil && x.Scheme == y.Scheme && x.Host == y.Host
}
