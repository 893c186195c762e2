package outbox

// Where the needs are known from.
const (
	srcMastodon  = "mastodon/documentation content/en/spec/activitypub.md"
	srcPleroma   = "akkoma docs/development/ap_extensions.md"
	srcMisskey   = "misskey packages/backend/src/core/activitypub/type.ts"
	srcGTS       = "gotosocial docs/federation"
	srcPixelfed  = "evanp/activitypub-bot issue 202"
	srcPeerTube  = "docs.joinpeertube.org/api/activitypub"
	srcLemmy     = "lemmy crates/apub/assets/lemmy, mastodon"
	srcBookWyrm  = "bookwyrm FEDERATION.md, bookwyrm/activitypub/note.py"
	srcIceshrimp = "Iceshrimp.NET FEDERATION.md"
	srcGroups    = "FEP-1b12"
	srcSpec      = "ActivityPub §6, §7"
	srcPolls     = "FEP-9967"
	srcQuotes    = "FEP-044f, FEP-e232, interop"
	srcFollows   = "writefreely activitypub.go, plume, nextcloud/social docs/Architecture.md"
)

// needs is the table. Addresses are those of the peer's.
func needs(p *peer) []need {
	me, them, thing := p.alice.URI, p.of.URI, p.thing.URI
	followers := p.alice.FollowersURI
	all := []need{
		// Posts.
		{"", "post", "type", "Create", srcSpec},
		{"", "post", "object.type", "Note", srcMastodon},
		{"", "post", "object.id", starts("https://here.example/ap/posts/"), srcSpec},
		{"", "post", "object.attributedTo", me, srcSpec},
		{"", "post", "object.url", starts("https://here.example/@alice/"), srcMastodon},
		{"", "post", "object.published", some{}, srcBookWyrm},
		{"", "post", "object.content", starts("<p>"), srcMastodon},
		{"", "post", "object.contentMap.en", starts("<p>"), srcMastodon},
		{"", "post", "object.source.content", some{}, srcPleroma},
		{"", "post", "object.summary", null{}, srcMastodon},
		{"", "post", "object.sensitive", false, srcMastodon},
		{"", "post", "object.inReplyTo", null{}, srcMastodon},
		{"", "post", "object.attachment", list{}, srcMastodon},
		{"", "post", "object.to", list{public}, srcMastodon},
		{"", "post", "object.cc", list{followers, them}, srcMastodon},
		{"", "post", "to", list{public}, srcPeerTube},
		{"", "post", "cc", list{followers, them}, srcPeerTube},
		{"", "post", "object.tag.0.type", "Mention", srcMastodon},
		{"", "post", "object.tag.0.href", them, srcMastodon},
		{"", "post", "object.tag.0.name", "@pia@peer.example", srcMastodon},
		{"", "post", "object.tag.1.type", "Hashtag", srcMastodon},
		{"", "post", "object.tag.1.name", "#moss", srcMastodon},
		{"", "post", "object.tag.1.href", starts("https://here.example/tags/"), srcMastodon},
		{"", "post", "object.context", starts("https://here.example/"), srcPleroma},
		{"", "post", "object.conversation", some{}, srcPleroma},
		{"", "post", "", goesTo{"https://peer.example/inbox"}, srcSpec},
		{"", "warned", "object.summary", "spoiler", srcMastodon},
		{"", "warned", "object.sensitive", true, srcMastodon},
		{"", "direct", "object.to", list{them}, srcMastodon},
		{"", "direct", "object.tag.0.href", them, srcMastodon},

		// Polls.
		{"", "poll", "object.type", "Question", srcPolls},
		{"", "poll", "object.oneOf.0.type", "Note", srcPolls},
		{"", "poll", "object.oneOf.0.name", "Yes", srcPolls},
		{"", "poll", "object.oneOf.0.replies.type", "Collection", srcPolls},
		{"", "poll", "object.oneOf.0.replies.totalItems", float64(0), srcPolls},
		{"", "poll", "object.anyOf", absent{}, srcMisskey},
		{"", "poll", "object.endTime", some{}, srcPolls},
		{"", "poll", "object.votersCount", float64(0), srcMastodon},
		{"", "counts", "type", "Update", srcPolls},
		{"", "counts", "object.oneOf.0.replies.totalItems", float64(1), srcPolls},
		{"", "counts", "object.updated", absent{}, "or it is shown as edited: " + srcMastodon},
		{"", "vote", "object.type", "Note", srcPolls},
		{"", "vote", "object.name", "Yes", srcPolls},
		{"", "vote", "object.inReplyTo", "https://peer.example/polls/1", srcPolls},
		{"", "vote", "object.attributedTo", me, srcPolls},
		{"", "vote", "object.content", absent{}, srcPolls},
		{"", "vote", "object.to", list{them}, srcPolls},
		{"", "vote", "cc.0", absent{}, srcPolls},

		// Quotes.
		{"", "quote", "object.quoteUrl", thing, srcMisskey},
		{"", "quote", "object.quoteUri", thing, srcPleroma},
		{"", "quote", "object._misskey_quote", thing, srcMisskey},
		{"", "quote", "object.quote", thing, srcQuotes},
		{"", "quote", "object.tag.0.type", "Link", srcQuotes},
		{"", "quote", "object.tag.0.href", thing, srcQuotes},

		// Replies, edits, deletions.
		{"", "reply", "object.inReplyTo", thing, srcSpec},
		{"", "reply", "object.cc", list{them}, srcPeerTube},
		{"", "reply", "object.to", list{public}, srcPeerTube},
		{"", "reply", "object.tag.0.href", them, "or nobody is told of it: " + srcMastodon},
		{"", "edit", "type", "Update", srcSpec},
		{"", "edit", "object.updated", some{}, srcMastodon},
		{"", "edit", "object.to", list{public}, srcMastodon},
		{"", "edit", "object.inReplyTo", thing, srcMastodon},
		{"", "delete", "object.type", "Tombstone", srcMastodon},
		{"", "delete", "object.id", starts("https://here.example/ap/posts/"), srcMastodon},
		{"", "delete", "to", list{public}, srcLemmy},
		{"", "delete", "", goesTo{"https://peer.example/inbox"}, srcSpec},

		// Boosts, favourites and reactions.
		{"", "boost", "type", "Announce", srcMastodon},
		{"", "boost", "object", thing, "by its id alone: " + srcMastodon},
		{"", "boost", "published", some{}, srcMastodon},
		{"", "boost", "to", list{public}, srcMastodon},
		{"", "boost", "cc", list{followers, them}, srcMastodon},
		{"", "unboost", "object.type", "Announce", srcMastodon},
		{"", "unboost", "object.object", thing, srcMastodon},
		{"", "unboost", "object.actor", me, srcMastodon},
		{"", "unboost", "actor", me, srcMastodon},
		{"", "favourite", "type", "Like", srcMastodon},
		{"", "favourite", "object", thing, "by its id alone: " + srcLemmy},
		{"", "favourite", "content", absent{}, "or it is a reaction: " + srcMisskey},
		{"", "unfavourite", "type", "Undo", srcMastodon},
		{"", "unfavourite", "object.type", "Like", srcMastodon},
		{"", "unfavourite", "object.object", thing, srcLemmy},
		{"misskey sharkey iceshrimp mitra", "react", "type", "Like", srcMisskey},
		{"misskey sharkey iceshrimp", "react", "_misskey_reaction", "🌱", srcMisskey},
		{"pleroma akkoma iceshrimp.net", "react", "type", "EmojiReact", srcPleroma + ", " + srcIceshrimp},
		{"mastodon", "react", "type", "EmojiReact", "it must not be a Like, which would count as a favourite: " + srcMastodon},
		{"pleroma akkoma misskey sharkey iceshrimp iceshrimp.net mitra", "react", "content", "🌱", srcPleroma},
		{"", "react", "object", thing, srcPleroma},
		{"", "unreact", "object.content", "🌱", srcPleroma},
		{"", "unreact", "object.object", thing, srcPleroma},

		// Follows and blocks.
		{"", "follow", "type", "Follow", srcFollows},
		{"", "follow", "object", them, srcFollows},
		{"", "follow", "id", starts("https://here.example/ap/follows/"), srcFollows},
		{"", "follow", "", goesTo{p.of.Inbox}, "not the shared inbox: " + srcFollows},
		{"", "unfollow", "object.type", "Follow", srcFollows},
		{"", "unfollow", "object.actor", me, srcFollows},
		{"", "unfollow", "object.object", them, srcFollows},
		{"", "accept", "object.id", "https://peer.example/follows/1", "echoed whole: " + srcFollows},
		{"", "accept", "object.type", "Follow", srcMastodon},
		{"", "accept", "object.actor", them, srcMastodon},
		{"", "accept", "object.object", me, srcMastodon},
		{"", "reject", "object.id", "https://peer.example/follows/1", srcMastodon},
		{"", "reject", "object.actor", them, srcMastodon},
		{"", "block", "object", them, srcMastodon},
		{"", "block", "target", absent{}, "or it is a ban from a community: " + srcLemmy},
		{"", "unblock", "object.type", "Block", srcMastodon},
		{"", "unblock", "object.object", them, srcMastodon},

		// Accounts.
		{"", "pin", "type", "Add", srcMastodon},
		{"", "pin", "target", p.alice.FeaturedURI, srcMastodon},
		{"", "pin", "object", starts("https://here.example/ap/posts/"), srcMastodon},
		{"", "unpin", "type", "Remove", srcMastodon},
		{"", "unpin", "target", p.alice.FeaturedURI, srcMastodon},
		{"", "move", "object", me, srcMastodon},
		{"", "move", "target", them, srcMastodon},
		{"", "move", "to", list{followers}, srcMastodon},
		{"", "flag", "object", list{them, thing}, srcMastodon},
		{"", "flag", "object.0", them, srcMastodon},
		{"", "flag", "content", "spam", srcMastodon},
		{"", "flag", "", goesTo{p.of.Inbox}, srcGTS},
		{"", "profile", "type", "Update", srcMastodon},
		{"", "profile", "to", list{public}, srcMastodon},
		{"", "profile", "object.type", "Person", srcMastodon},
		{"", "profile", "object.preferredUsername", "alice", srcMastodon},
		{"", "profile", "object.name", "Alice", srcMastodon},
		{"", "profile", "object.summary", starts("<p>"), srcMastodon},
		{"", "profile", "object.url", starts("https://here.example/@alice"), srcMastodon},
		{"", "profile", "object.inbox", p.alice.Inbox, srcSpec},
		{"", "profile", "object.outbox", p.alice.OutboxURI, srcSpec},
		{"", "profile", "object.followers", followers, srcSpec},
		{"", "profile", "object.following", p.alice.FollowingURI, srcSpec},
		{"", "profile", "object.featured", p.alice.FeaturedURI, srcMastodon},
		{"", "profile", "object.endpoints.sharedInbox", starts("https://here.example/"), srcSpec},
		{"", "profile", "object.publicKey.id", me + "#main-key", srcMastodon},
		{"", "profile", "object.publicKey.owner", me, srcMastodon},
		{"", "profile", "object.publicKey.publicKeyPem", starts("-----BEGIN PUBLIC KEY-----"), srcMastodon},
		{"", "profile", "object.manuallyApprovesFollowers", false, "missing counts as private: " + srcPixelfed},
		{"", "profile", "object.discoverable", false, srcMastodon},
		{"", "profile", "object.indexable", true, "FEP-5feb"},
		{"", "profile", "object.published", some{}, srcMastodon},
		{"", "profile", "object.webfinger", "alice@here.example", "FEP-2c59"},
		{"", "profile", "object.attachment.0.type", "PropertyValue", "FEP-fb2a"},
		{"", "profile", "object.attachment.0.name", "Web", "FEP-fb2a"},
		{"", "profile", "object.tag", list{}, srcMastodon},
		{"", "profile", "actor", me, srcMastodon},
		{"", "profile", "object.id", me, srcMastodon},
		{"", "profile", "", goesTo{"https://peer.example/inbox"}, srcSpec},
		{"", "move", "type", "Move", srcMastodon},
		{"", "move", "actor", me, srcMastodon},
		{"", "move", "", goesTo{"https://peer.example/inbox"}, srcMastodon},
		{"", "gone", "type", "Delete", srcMastodon},
		{"", "gone", "actor", me, srcMastodon},
		{"", "gone", "object", me, "by its id alone: " + srcMastodon},
		{"", "gone", "to", list{public}, srcMastodon},
		{"", "gone", "", goesTo{"https://peer.example/inbox"}, srcMastodon},
		{"", "aliased", "object.alsoKnownAs", list{p.bob.URI}, srcMastodon},
	}
	if p.group == nil {
		return all
	}
	// Communities.
	inbox := goesTo{"https://peer.example/inbox"}
	return append(all,
		need{"", "reply", "object.audience", p.group.URI, srcLemmy},
		need{"", "reply", "object.cc", list{p.group.URI, them}, srcLemmy},
		need{"", "reply", "cc", list{p.group.URI}, srcLemmy},
		need{"", "reply", "", inbox, srcGroups},
		need{"", "edit", "object.audience", p.group.URI, srcLemmy},
		need{"", "edit", "cc", list{p.group.URI}, srcLemmy},
		need{"", "delete", "", inbox, srcGroups},
		need{"", "thread", "object.cc", list{p.group.URI}, srcLemmy},
		need{"", "thread", "object.tag.0.href", p.group.URI, srcLemmy},
		need{"", "thread", "object.content", starts("<p>Which moss"), "its first line is the title: " + srcLemmy},
		need{"", "thread", "object.audience", p.group.URI, srcGroups},
		need{"", "favourite", "", goesTo{p.of.Inbox}, srcGroups},
		need{"", "downvote", "type", "Dislike", srcLemmy},
		need{"", "downvote", "object", thing, "by its id alone: " + srcLemmy},
		need{"", "downvote", "", goesTo{p.of.Inbox}, srcLemmy},
		need{"", "undownvote", "type", "Undo", srcLemmy},
		need{"", "undownvote", "object.type", "Dislike", srcLemmy},
		need{"", "undownvote", "object.object", thing, srcLemmy},
	)
}
