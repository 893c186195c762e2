package content

// Bounds on what comes from outside. They are far above what people write and
// keep every function here linear in time and memory.
const (
	maxInput    = 1 << 20 // bytes of HTML that are read; the rest is cut
	maxOutput   = 1 << 20 // bytes of HTML that Sanitise writes
	maxSource   = 1 << 17 // bytes of plain text, which grows when links are marked up
	maxMarkdown = 1 << 15 // bytes of Markdown; a longer text is read as plain
	maxMarks    = 4000    // characters that may be Markdown marks; with more it is plain too
	maxDepth    = 64      // elements open at once; deeper ones are unwrapped
	maxElements = 10_000  // elements in one fragment; then only their text is kept
	maxURL      = 4096    // bytes of a link; a longer one stays text
	maxTitle    = 500     // bytes of a title attribute
	maxUsername = 128     // bytes
	maxHost     = 253     // bytes, RFC 1035 §2.3.4
	maxTag      = 200     // bytes of a hashtag
	maxCluster  = 64      // bytes of one visible character in a line; the longest emoji have 35

	shownURL = 30 // graphemes of a link's address that are shown, as Mastodon does
)
