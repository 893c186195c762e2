package web

import (
	"net/http"
	"strconv"
	"time"

	"seedling/server/throttle"
	"seedling/templates"
)

// How often something may be tried before its window ends. An account's limit
// is lower than what guessing needs and higher than what a forgetful person
// tries; whoever locks somebody out this way does so for a quarter of an hour.
const (
	tryWindow      = 15 * time.Minute
	triesAccount   = 10 // wrong passwords for one name
	triesAddress   = 30 // wrong passwords from one address: many people may share it
	triesCode      = 5  // wrong codes of one member
	joinWindow     = time.Hour
	joinsAddress   = 60 // forms sent
	signUpsAddress = 5  // accounts made without an invitation
)

// throttles are all counters of one server; nil: nothing is throttled.
type throttles struct {
	account, address *throttle.Table // passwords
	codes            *throttle.Table // second steps
	joins, signUps   *throttle.Table
	aways            *throttle.Table // other servers asked for visitors
}

func newThrottles() *throttles {
	return &throttles{
		account: throttle.New(triesAccount, tryWindow),
		address: throttle.New(triesAddress, tryWindow),
		codes:   throttle.New(triesCode, tryWindow),
		aways:   throttle.New(awaysAddress, awayWindow),
		joins:   throttle.New(joinsAddress, joinWindow),
		signUps: throttle.New(signUpsAddress, joinWindow),
	}
}

// network is what counts as one address.
func (s *Server) network(r *request) string { return throttle.Network(s.client(r.Request)) }

// tooMany tells the browser and the reader when to come back. The sentence
// belongs to the whole form, which the caller shows again with status 429.
func tooMany(w http.ResponseWriter, wait time.Duration) templates.FieldError {
	w.Header().Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
	return mistake("", "error.try_later", "n", int((wait+time.Minute-1)/time.Minute))
}
