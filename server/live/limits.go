package live

import "time"

// Limits of streams.
const (
	maxNews        = 4096 // the store may be ahead by
	maxQueue       = 128  // messages that a stream may be behind by; then it is ended
	maxPerAccount  = 40   // streams: apps and pages of one member
	maxPerAddress  = 300  // streams: a household, a school
	maxStreams     = 20_000
	maxChannels    = 40      // timelines on one socket
	maxRequest     = 4 << 10 // bytes of what a client says on a socket
	realtime       = 6 * time.Hour
	checkEvery     = time.Minute      // whether tokens are still good: the command line is not heard
	standingAge    = 10 * time.Minute // then it is read again, for the same reason
	pingEvery      = 30 * time.Second // sockets
	beatEvery      = 15 * time.Second // server-sent events
	writeTimeout   = 10 * time.Second // for one message to a reader
	countsEvery    = time.Second      // a page is told at most so often
	maxCountedHome = 100              // new posts that are counted
)

// Limits of web push.
const (
	vapidAge    = 12 * time.Hour // RFC 8292 §2: a day at most
	pushTTL     = 48 * time.Hour // a push service keeps a message for a device that is off; then it is old
	maxPushText = 200            // runes of the text
)
