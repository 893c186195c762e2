package oauth

import "time"

// Limits of what apps send, and how often.
const (
	maxScopes       = 60     // more than there are
	maxAppName      = 100    // characters
	maxWebsite      = 500    // bytes
	maxRedirectURIs = 20     // of one app
	maxRedirectURI  = 2_000  // bytes
	maxState        = 4_000  // bytes that an app wants back
	maxBody         = 64_000 // bytes of a request

	appsWindow   = 10 * time.Minute
	appsPerHost  = 30 // registrations from one address: people who share one sign in at the same time
	tokensWindow = 5 * time.Minute
	tokensPer    = 60 // token requests from one address

	pruneEvery = time.Hour
)
