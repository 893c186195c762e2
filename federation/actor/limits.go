package actor

import "time"

// Limits of what is read for one job. What a document may hold is bounded by
// vocab, one request by fetch.
const (
	maxParents       = 40 // hops upwards in one job
	maxOutboxItems   = 20 // posts of a profile that are read
	maxOutboxBoosts  = 5  // boosts of a profile whose posts are fetched
	maxPinned        = 10
	maxFollowerPages = 1_000   // of the part of a followers collection that lives here
	maxFollowersPage = 20_000  // on one of them
	maxFollowersHere = 100_000 // in all; what is kept of them is the ids of members
	maxFeaturedTags  = 10
	refreshEvery     = 5 * time.Minute // how often a failed signature may refresh a key
)

// Limits of completing one thread.
const (
	maxThreadPosts    = 1_000            // that are looked at, stored before or not
	maxThreadDepth    = 40               // replies of replies, from where it began
	maxThreadHosts    = 120              // servers
	maxThreadPerHost  = 600              // requests to one of them
	maxThreadHostTime = 40 * time.Second // of waiting for one of them, all requests together
	maxThreadTime     = 3 * time.Minute
	maxThreadPages    = 12               // of one collection
	maxThreadItems    = 500              // of one collection
	threadWorkers     = 12               // requests at once
	threadPerHost     = 3                // of them to one host
	lookupPause       = 10 * time.Minute // between two runs that looking a post up starts
	threadSaveEvery   = 25               // posts, then what came so far is stored
)
