package vocab

import "strings"

const (
	asContext       = "https://www.w3.org/ns/activitystreams"
	securityContext = "https://w3id.org/security/v1"
	multikeyContext = "https://w3id.org/security/multikey/v1" // FEP-521a
)

// iriTerm defines a term whose value is a URI.
func iriTerm(id string) tree { return tree{"@id": id, "@type": "@id"} }

// terms defines what the ActivityStreams context leaves out. Definitions are
// those that the inventors of each term use.
func terms() tree {
	return tree{
		"Hashtag":                   "as:Hashtag",
		"sensitive":                 "as:sensitive",
		"manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
		"movedTo":                   iriTerm("as:movedTo"),
		"alsoKnownAs":               iriTerm("as:alsoKnownAs"),

		"Emoji":              "toot:Emoji",
		"blurhash":           "toot:blurhash",
		"discoverable":       "toot:discoverable",
		"indexable":          "toot:indexable",
		"attributionDomains": tree{"@id": "toot:attributionDomains", "@type": "@id"},
		"memorial":           "toot:memorial",
		"suspended":          "toot:suspended",
		"featured":           iriTerm("toot:featured"),
		"featuredTags":       iriTerm("toot:featuredTags"),
		"votersCount":        "toot:votersCount",
		"focalPoint":         tree{"@id": "toot:focalPoint", "@container": "@list"},

		"PropertyValue": "schema:PropertyValue",
		"value":         "schema:value",

		"conversation": "ostatus:conversation",

		"EmojiReact":        "litepub:EmojiReact",
		"_misskey_reaction": "misskey:_misskey_reaction",

		"quote":                 iriTerm("https://w3id.org/fep/044f#quote"),
		"quoteAuthorization":    iriTerm("https://w3id.org/fep/044f#quoteAuthorization"),
		"QuoteRequest":          "https://w3id.org/fep/044f#QuoteRequest",
		"QuoteAuthorization":    "https://w3id.org/fep/044f#QuoteAuthorization",
		"quoteUri":              "fedibird:quoteUri",
		"quoteUrl":              "as:quoteUrl",
		"_misskey_quote":        "misskey:_misskey_quote",
		"interactionPolicy":     iriTerm("gts:interactionPolicy"),
		"canQuote":              iriTerm("gts:canQuote"),
		"automaticApproval":     iriTerm("gts:automaticApproval"),
		"manualApproval":        iriTerm("gts:manualApproval"),
		"always":                iriTerm("gts:always"),
		"approvalRequired":      iriTerm("gts:approvalRequired"),
		"canReply":              iriTerm("gts:canReply"),
		"canLike":               iriTerm("gts:canLike"),
		"canAnnounce":           iriTerm("gts:canAnnounce"),
		"approvedBy":            iriTerm("gts:approvedBy"),
		"replyAuthorization":    iriTerm("gts:replyAuthorization"),
		"likeAuthorization":     iriTerm("gts:likeAuthorization"),
		"announceAuthorization": iriTerm("gts:announceAuthorization"),
		"replyApproval":         "pt:replyApproval",
		"LikeRequest":           "gts:LikeRequest",
		"ReplyRequest":          "gts:ReplyRequest",
		"AnnounceRequest":       "gts:AnnounceRequest",
		"LikeAuthorization":     "gts:LikeAuthorization",
		"ReplyAuthorization":    "gts:ReplyAuthorization",
		"AnnounceAuthorization": "gts:AnnounceAuthorization",
		"interactingObject":     iriTerm("gts:interactingObject"),
		"interactionTarget":     iriTerm("gts:interactionTarget"),

		"assertionMethod": tree{"@id": "sec:assertionMethod", "@type": "@id", "@container": "@set"},

		"webfinger": "https://purl.archive.org/socialweb/webfinger#webfinger", // FEP-2c59
	}
}

// namespaces are what the prefixes in terms stand for; as is defined by the
// ActivityStreams context itself.
var namespaces = map[string]string{
	"toot":     "http://joinmastodon.org/ns#",
	"schema":   "http://schema.org#",
	"ostatus":  "http://ostatus.org#",
	"litepub":  "http://litepub.social/ns#",
	"gts":      "https://gotosocial.org/ns#",
	"fedibird": "http://fedibird.com/ns#",
	"pt":       "https://joinpeertube.org/ns#",
	"sec":      "https://w3id.org/security#",
	"misskey":  "https://misskey-hub.net/ns#",
}

// contextOf gives the @context of a document: complete for the terms it uses,
// so that JSON-LD processors keep them all (Iceshrimp.NET is one), and no
// longer than that.
func contextOf(m tree) any {
	c := contextBuilder{known: terms(), inline: tree{}}
	c.visit(m)
	list := []any{asContext}
	if c.security {
		list = append(list, securityContext)
	}
	if c.multikey {
		list = append(list, multikeyContext)
	}
	if len(c.inline) > 0 {
		list = append(list, c.inline)
	}
	if len(list) == 1 {
		return asContext
	}
	return list
}

type contextBuilder struct {
	known    tree
	inline   tree
	security bool
	multikey bool
}

func (c *contextBuilder) visit(v any) {
	switch v := v.(type) {
	case tree:
		for key, value := range v {
			c.term(key)
			if name, ok := value.(string); ok && key == "type" {
				c.term(name)
			}
			if !strings.HasSuffix(key, "Map") { // its keys are languages
				c.visit(value)
			}
		}
	case []any:
		for _, e := range v {
			c.visit(e)
		}
	case []tree:
		for _, e := range v {
			c.visit(e)
		}
	}
}

func (c *contextBuilder) term(name string) {
	if name == "publicKey" {
		c.security = true
		return
	}
	if name == "Multikey" {
		c.multikey = true
		return
	}
	definition, ok := c.known[name]
	if !ok {
		return
	}
	c.inline[name] = definition
	id, ok := definition.(string)
	if !ok {
		id, _ = definition.(tree)["@id"].(string)
	}
	prefix, _, _ := strings.Cut(id, ":")
	if namespace, ok := namespaces[prefix]; ok {
		c.inline[prefix] = namespace
	}
}
