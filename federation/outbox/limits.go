package outbox

import "time"

// Limits of the lanes. Those that [Config] has a field for are its defaults.
const (
	maxInFlight     = 256 // requests at once to hosts that are well
	maxDoubtful     = 32  // requests at once to hosts that failed or dawdled last time
	maxOvertime     = 768 // requests that gave their place up because they take long
	maxCommits      = 512 // outcomes waiting to be written, their places given back
	maxKeys         = 512 // parsed private keys
	maxDigests      = 256 // activities whose digest is kept
	maxSlow         = 4096
	maxUnauthorised = 2  // attempts answered 401 to both kinds of signature that are made again
	maxTries        = 20 // of an outbox row that can't be read
	outboxBatch     = 64
	patience        = 250 * time.Millisecond // then a request gives its place to another host
	slowAfter       = 3 * time.Second        // a host that took so long is doubtful the next time
	pollEvery       = 30 * time.Second       // for rows that other processes wrote
	localPause      = 5 * time.Second        // after an error of our own machine
	maxLocalPause   = time.Minute
	wakePause       = 5 * time.Second // at least so long between two attempts at a woken host
	stopGrace       = 2 * time.Second // for requests under way when the server stops
	minRetryAfter   = time.Second
	patientRetries  = 8 // failures in a row for which a host's own short Retry-After is believed
	firstRetry      = time.Minute
	lastRetry       = 6 * time.Hour
	giveUpAfter     = 7 * 24 * time.Hour // the store bounds how much may wait for a host
	maxHeard        = 4096               // hosts heard of since they were last written down
	pruneEvery      = time.Hour
)
