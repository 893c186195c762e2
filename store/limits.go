package store

import "time"

// Limits of what is kept, in one place. Text from other servers is cut to
// them, text of members refused over them.
const (
	// MaxEmojiSide is the width and height in pixels that an emoji of ours may have.
	MaxEmojiSide = 1024

	maxInstanceName = 100     // bytes
	maxDescription  = 5_000   // bytes
	maxPostLimit    = 100_000 // what an admin may set, in characters
	maxUsername     = 30      // of a local account
	maxDisplayName  = 100     // characters
	maxBio          = 1_000   // characters of a local bio
	maxFields       = 8       // profile fields of a local account
	maxFieldText    = 500     // characters of a field's name or value
	maxReason       = 500     // characters of a request to join
	maxPassword     = 1_000   // bytes
	minPassword     = 12      // characters
	maxWarning      = 500     // characters
	maxMentions     = 100     // accounts that one post may address by name
	maxTags         = 50      // hashtags of one post
	maxPins         = 10      // per account
	maxReactions    = 20      // different emoji of one account under one post
	maxEmojiText    = 64      // bytes of a refused emoji that errors repeat
	maxPostEmoji    = 100     // custom emoji that one post from elsewhere may define
	maxAccountEmoji = 100     // and one account
	maxHostEmoji    = 5_000   // custom emoji that are known of one other server
	maxEmojiSet     = 2_000   // words that are looked up as emoji for one page
	maxShortcode    = 64      // bytes of a shortcode of ours
	maxEmojiAliases = 20      // of one emoji
	maxOwnEmoji     = 10_000  // emoji of ours
	maxEmojiKB      = 10_000  // what an admin may set for one of them
	maxEmojiSources = 500     // servers in the list of those whose emoji were seen
	maxIconURL      = 2_048   // bytes
	maxLicence      = 500     // bytes of an emoji's licence, credits and the like
	maxHostList     = 10_000  // lines of allowed or blocked hosts
	maxBubbleHosts  = 100     // servers of the bubble timeline
	maxRelayURL     = 500     // bytes
	maxSoftware     = 100     // bytes of what a server says it runs
	maxFeaturedTags = 10      // hashtags on a profile
	maxAttributions = 100     // hosts whose pages may name an account as author
	maxAliases      = 10      // other accounts that a local one may stand for
	maxAncestors    = 200     // posts above the one that is looked at
	maxDescendants  = 1_000   // posts below it
	maxReconciled   = 100     // follows that are ended because another server does not know them, or us
	maxFollows      = 10_000  // per local account
	maxPasted       = 200     // handles to follow that a member pastes at once
	maxSessions     = 50      // per account, the oldest end
	maxTokens       = 200     // access tokens per account, the oldest end
	maxAppTokens    = 20      // access tokens with which an app acts for itself
	maxEdits        = 200     // versions kept of one post
	maxFamiliar     = 200     // followers that a member follows too, of all accounts asked for
	maxPageSize     = 80      // posts, accounts or notifications a page
	maxDeliveryText = 500     // bytes of an error kept with a delivery
	maxJobAttempts  = 12
	maxReportText   = 2_000  // characters of a member's report or a moderator's note
	maxReportBytes  = 10_000 // of a report from elsewhere
	maxReportPosts  = 20     // posts of one report
	maxReportNotes  = 500    // of one report
	maxHostQueue    = 5_000  // deliveries that wait for a host that fails
	pruneBatch      = 2_000  // rows removed by one write

	maxPressPath      = 2_000 // bytes of where a form led
	maxPressesDropped = 100   // presses that are too old, at each new one

	maxReportsOfMember = 40 // within reportsWithin
	maxReportsOfHost   = 40

	// completionLost is after how long the job that completes a thread is taken
	// to have been given up.
	completionLost = time.Hour

	// keepDeliveries is how long it is known what became of telling each server
	// of a post, and how long failed jobs are kept.
	keepDeliveries = 30 * 24 * time.Hour

	keepAppToken   = time.Hour           // for so long an app that repeats an Idempotency-Key gets the first post, as at Mastodon
	keepFormToken  = 7 * 24 * time.Hour  // and a browser that sends a form again
	repeatedWithin = 5 * time.Minute     // and the same text in another form is asked about
	undoWithin     = 10 * time.Minute    // a bookmark that is set again is in its folder
	keepUnusedApp  = 30 * 24 * time.Hour // an app that nobody allowed anything
	tokenUsedEvery = 6 * time.Hour       // how exact Token.UsedAt is kept: a use is rarely a write

	maxStamps  = 200 // approvals that are listed of one post
	maxAdopted = 50  // replies that are read again when their parent arrives
)

// Limits of what a member says about accounts, tags and posts.
const (
	maxMute            = 10 * 365 * 24 * time.Hour
	maxPushEndpoint    = 2_000  // bytes of the address of a push subscription
	maxHostBlocks      = 1_000  // servers that a member wants nothing of
	maxFollowLanguages = 30     // of one follow
	maxNote            = 2_000  // characters noted down about an account
	maxCollections     = 50     // of a member
	maxCollectionItems = 25     // accounts in one, as at Mastodon
	maxCollectionName  = 40     // characters
	maxCollectionText  = 100    // characters
	maxEndorsements    = 20     // accounts featured on a profile
	maxPeers           = 20_000 // servers in the public list
	maxLists           = 100    // of a member
	maxListAccounts    = 500    // in one list
	maxListTitle       = 100    // characters
	maxTagFollows      = 500    // of a member
	maxFilters         = 100    // of a member
	maxFilterTitle     = 100    // characters
	maxPhrases         = 100    // of a filter
	maxPhrase          = 200    // characters
	maxPatterns        = 20     // regular expressions in all filters of a member
	maxPatternSize     = 1_000  // parts of one, unrolled
	maxFilterPosts     = 500    // of a filter
	maxFilterText      = 20_000 // bytes of a post that filters look at
	maxCachedFilters   = 1_000  // members whose filters are kept in memory
	filterPreview      = 40     // posts of home on which a filter is tried
	whyBoosters        = 5      // of a post, named when it is explained
	maxFolders         = 50     // of a member, for bookmarks
	maxFolderName      = 60     // characters
	maxSavedQuery      = 200    // bytes
)

// Limits of what guards a log-in.
const (
	maxPasskeys    = 20 // of a member
	maxPasskeyName = 60 // characters
	maxCeremonies  = 2_000
	maxSignIns     = 50  // lines of a member's log
	maxUserAgent   = 300 // bytes
)

// Limits of searches.
const (
	maxSearchText   = 20_000 // bytes of a post that can be found
	maxSimilar      = 40     // characters of a word for which similar ones are looked for
	similarAmong    = 500    // tags that are compared with it
	maxAccountQuery = 300    // bytes of a name that is looked for
	maxSearchWords  = 40     // words and operators of a query
	maxLanguageMark = 16     // bytes
	indexBatch      = 200    // posts that are put into the index by one write
	searchTime      = 3 * time.Second
)

// Limits of what a member writes and keeps for later.
const (
	maxDrafts     = 200     // of a member
	maxScheduled  = 300     // of a member
	maxDraftBytes = 500_000 // of a draft's text and warning; a post's own limit is checked when it is posted
	maxTidyCount  = 100_000 // favourites or boosts for which a post stays

	// MaxModerators is how many moderators of a community elsewhere are kept.
	MaxModerators = 50
	tidyBatch     = 50 // old posts deleted at once
	tidyPause     = time.Minute
	tidyEvery     = 24 * time.Hour

	// MinTidyDays and MaxTidyDays bound the age at which posts delete themselves by rule.
	MinTidyDays = 7
	MaxTidyDays = 3_660
)

// Limits that apps are told, so that they refuse what the store would.
const (
	MaxPins        = maxPins
	MaxFields      = maxFields
	MaxFieldText   = maxFieldText
	MaxDisplayName = maxDisplayName
	MaxBio         = maxBio
)

// Limits of what the admins say to all.
const (
	maxAnnouncement      = 5_000   // characters
	maxAnnouncements     = 200     // kept
	maxAnnouncementEmoji = 50      // different ones under one
	maxPageText          = 100_000 // characters of a page in the admins' own words
	maxRules             = 100
	maxRule              = 500   // characters
	maxRuleHint          = 2_000 // characters
	maxContact           = 254   // bytes of the address for questions
)

// Limits of finding people and posts, and of private feeds.
const (
	maxDirectory   = 10_000 // how far into the directory apps may page
	maxTrendPosts  = 10_000 // public posts that are looked at for what is talked about
	trendDays      = 7
	trendsAge      = time.Minute // how old it may be
	maxFeedKeys    = 20          // of a member
	maxFeedKeyName = 60          // characters
)

// Limits of archives that members ask for.
const (
	takeoutEvery = 7 * 24 * time.Hour
	takeoutKept  = 7 * 24 * time.Hour
)
