package outbox

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"seedling/federation/fetch"
	"seedling/federation/followersync"
	"seedling/federation/httpsig"
	"seedling/store"
)

// The kinds of signatures as the store keeps them with a host.
const (
	SignCavage  = "cavage"
	SignRFC9421 = "rfc9421"
)

// outcome is how a delivery went.
type outcome int

const (
	unknown outcome = iota // broken off, since we stop
	arrived
	refused // this one, for good; the next may arrive
	expired // it waited too long
	failed  // the host: to be tried again
)

// answer is an outcome with what the host said.
type answer struct {
	outcome    outcome
	status     int
	cause      store.Cause
	reason     string
	retryAfter time.Duration
	signature  string // the kind that was used
}

// send signs and posts a delivery. After a 401 it is signed the other way and
// posted once more, since a host does not say which it takes. An error is one
// of our own.
func (r *Runner) send(ctx context.Context, l *lane, d *store.Delivery) (answer, error) {
	key, err := r.keys.key(ctx, d.AccountID)
	var never *unusableKey
	if errors.As(err, &never) {
		return answer{outcome: refused, cause: store.CauseKey, reason: "it can't be signed: " + never.Error()}, nil
	}
	if err != nil {
		return answer{}, err
	}
	followers, err := r.sums.header(ctx, d)
	if err != nil {
		return answer{}, err
	}
	kind := SignCavage
	if l.signature == SignRFC9421 {
		kind = SignRFC9421
	}
	a := r.post(ctx, d, key, kind, followers)
	if a.status == http.StatusUnauthorized {
		a = r.post(ctx, d, key, otherKind(kind), followers)
	}
	if a.status == http.StatusUnauthorized {
		a.signature = "" // neither: there is nothing to remember
		if d.Attempts < maxUnauthorised {
			a.outcome = failed // Mastodon answers so too when it could not fetch our key just now
		}
	}
	return a, nil
}

func otherKind(kind string) string {
	if kind == SignCavage {
		return SignRFC9421
	}
	return SignCavage
}

// post signs a delivery and sends it, with what it says about followers.
func (r *Runner) post(ctx context.Context, d *store.Delivery, key httpsig.Key, kind, followers string) answer {
	digest := r.digests.of(d)
	resp, err := r.config.Client.Post(ctx, d.Inbox, d.Body, func(req *http.Request) error {
		if followers != "" {
			req.Header.Set(followersync.Name, followers)
		}
		if kind == SignRFC9421 {
			return httpsig.SignRFC9421WithDigest(req, digest, key, r.config.Now())
		}
		return httpsig.SignCavageWithDigest(req, digest, key, r.config.Now())
	})
	if err != nil {
		return notAnswered(ctx, err)
	}
	reason := strings.TrimSpace(fmt.Sprintf("%d %s", resp.Status, http.StatusText(resp.Status)))
	if resp.Body != "" {
		reason += ": " + resp.Body
	}
	return answer{outcome: meaning(resp.Status), status: resp.Status, cause: causeOf(resp.Status), reason: reason, retryAfter: resp.RetryAfter, signature: kind}
}

// notAnswered tells a host that can't be reached from an inbox that is never to
// be asked.
func notAnswered(ctx context.Context, err error) answer {
	var e *fetch.Error
	switch {
	case ctx.Err() != nil:
		return answer{outcome: unknown}
	case errors.As(err, &e) && e.Kind != fetch.Refused:
		return answer{outcome: failed, cause: causeOfError(e), reason: err.Error(), retryAfter: e.RetryAfter}
	}
	return answer{outcome: refused, cause: store.CauseAddress, reason: err.Error()}
}

// meaning says what a status means for a delivery. A 4xx is about this activity
// or this inbox, with the usual exceptions; everything else about the host. A
// redirect for good is a refusal: the new address comes with the actor.
func meaning(status int) outcome {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests,
		http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect:
		return failed
	case http.StatusNotImplemented:
		return refused
	}
	switch {
	case status >= 200 && status < 300:
		return arrived
	case status >= 300 && status < 500:
		return refused
	}
	return failed
}
