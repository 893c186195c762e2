package api

import "time"

// Limits of what apps may ask for.
const (
	pageSize          = 20 // posts, notifications: what comes if the app does not say
	maxPage           = 40 // posts, notifications
	peoplePage        = 40 // accounts
	maxPeople         = 80 // accounts
	maxFaces          = 8  // accounts that a group of notifications names
	maxCardFaces      = 4  // accounts that a collection in a list names, beside its owner
	maxOffset         = 10_000
	maxTrends         = 40
	maxIDs            = 80  // things asked for by id in one request
	maxRelations      = 400 // the same, of relationships: apps ask for all that they show
	charactersPerURL  = 23  // as apps count a link
	maxExpirySeconds  = 10 * 365 * 24 * 3600
	maxFilterSeconds  = 10 * 365 * 24 * 3600
	maxFollowedTags   = 200 // a page
	maxMeasureDays    = 400
	maxDimensions     = 12  // in one request
	maxHosts          = 200 // a page
	maxMuteSeconds    = 10 * 365 * 24 * 3600
	maxUpload         = 1 << 30 // bytes of a request with files; the settings say less of each file
	maxTags           = 20      // in one request
	maxQuery          = 2_000   // bytes of a search
	maxIdempotencyKey = 500     // bytes

	maxPictures = 20 << 20         // bytes of a request with an avatar and a banner
	uploadTime  = 10 * time.Minute // for a request with files
	lookupWait  = 8 * time.Second  // for another server
	staffAge    = time.Minute      // how long a new role may take to show beside a name
)

// Rate limits, those of Mastodon: apps know how to live with them.
const (
	requestWindow       = 5 * time.Minute
	requestsPerToken    = 300
	requestsPerAccount  = 1_500
	requestsPerAddress  = 300 // without a token
	deleteWindow        = 30 * time.Minute
	deletesPerAccount   = 30
	signUpWindow        = 30 * time.Minute
	signUpsPerAddress   = 5
	passwordWindow      = 30 * time.Minute
	passwordsPerAccount = 10 // that an app tries
)
