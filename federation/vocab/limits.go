package vocab

import (
	"time"
	"unicode/utf8"
)

// Limits on what is read from a foreign document. A document beyond one of the
// first four is refused by [Parse]; beyond the others it is read as far as the
// limit goes, because one oversized list is no reason to lose a post.
const (
	// MaxDocumentBytes is the largest document that is parsed. Callers bound
	// what they read from the network more tightly.
	MaxDocumentBytes = 4 << 20
	// MaxDepth is how deep objects and arrays may nest, the top object being 1.
	MaxDepth = 64
	// MaxValues is how many values (not counting keys) a document may hold.
	MaxValues = 100_000
	// MaxMembers is how many keys one object may have.
	MaxMembers = 2000

	// MaxURIBytes bounds ids, links and every other URI; longer ones are absent.
	MaxURIBytes = 2048

	// MaxRecipients bounds each of to, cc, bto, bcc and audience.
	MaxRecipients = 1000
	// MaxObjects bounds the objects of one activity (Flag and Delete send lists).
	MaxObjects = 200
	// MaxItems bounds the items taken from one collection page.
	MaxItems = 1000
	// MaxAuthors bounds attributedTo.
	MaxAuthors = 16
	// MaxMentions, MaxHashtags and MaxEmojis bound what is taken from tag.
	MaxMentions = 200
	MaxHashtags = 100
	MaxEmojis   = 200
	// MaxAttachments bounds the media of one object.
	MaxAttachments = 64
	// MaxCaptions bounds the captions of a film.
	MaxCaptions = 40
	// MaxLinks bounds the entries of url, nested ones included.
	MaxLinks = 64
	// MaxPollOptions bounds oneOf and anyOf.
	MaxPollOptions = 100
	// MaxFields bounds the profile fields of an actor.
	MaxFields = 32
	// MaxAliases bounds alsoKnownAs, and the aliases of a WebFinger answer.
	MaxAliases = 64
	// MaxKeys bounds publicKey and assertionMethod.
	MaxKeys = 8

	// MaxNameRunes bounds display names and titles.
	MaxNameRunes = 500
	// MaxUsernameBytes is the longest preferredUsername; longer ones are absent.
	MaxUsernameBytes = 255
	// MaxContentBytes bounds content and source text.
	MaxContentBytes = 1 << 20
	// MaxSummaryBytes bounds content warnings, abstracts and profile texts.
	MaxSummaryBytes = 64 << 10
	// MaxAltRunes bounds the description of an attachment.
	MaxAltRunes = 10_000
	// MaxFieldNameRunes and MaxFieldValueRunes bound one profile field.
	MaxFieldNameRunes  = 255
	MaxFieldValueRunes = 4096
	// MaxTagRunes bounds the name of a mention or hashtag.
	MaxTagRunes = 300
	// MaxShortcodeBytes is the longest emoji shortcode; longer ones are absent.
	MaxShortcodeBytes = 128
	// MaxPEMBytes is the longest public key text; longer ones are absent.
	MaxPEMBytes = 16 << 10
	// MaxWordBytes bounds small words: media types, types, rels, versions.
	MaxWordBytes = 255
	// MaxPixels bounds width and height; a size beyond it is unknown.
	MaxPixels = 65_535
)

// minTime and maxTime bound every date read; others are absent. The store keeps
// milliseconds in an int64, pages show years, and neither has use for year 1.
var (
	minTime = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)
	maxTime = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)
)

// clipRunes cuts s after n runes.
func clipRunes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// clipBytes cuts s after at most n bytes, never inside a rune.
func clipBytes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
