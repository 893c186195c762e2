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
	SignEd25519 = "ed25519" // RFC 9421 with the Ed25519 key
)

// Kinds are the kinds of signatures to try for a host, the likeliest first.
// Ed25519 comes before RSA where it was taken before, or where people have such
// keys, which shows that their server can make them.
func Kinds(h store.HostState) []string {
	kinds := []string{SignCavage, SignRFC9421}
	if h.Signature == SignRFC9421 {
		kinds = []string{SignRFC9421, SignCavage}
	}
	if h.Signature == SignEd25519 || h.Ed25519 == store.Ed25519Offered {
		return []string{SignEd25519, SignRFC9421, SignCavage}
	}
	return kinds
}

// Scheme is the scheme of a kind of signature.
func Scheme(kind string) httpsig.Scheme {
	switch kind {
	case SignRFC9421:
		return httpsig.RFC9421
	case SignEd25519:
		return httpsig.Ed25519
	}
	return httpsig.Cavage
}

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

// send signs and posts a delivery, and if it is not believed signs it another
// way, since a host does not say which it takes. An error is one of our own.
func (r *Runner) send(ctx context.Context, l *lane, d *store.Delivery) (answer, error) {
	keys, err := r.keys.of(ctx, d.AccountID)
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
	var a answer
	kinds := keys.able(Kinds(store.HostState{Signature: l.signature, Ed25519: l.ed25519}))
	for _, kind := range kinds {
		if a = r.post(ctx, d, keys.key(kind), kind, followers); !Scheme(kind).Doubted(a.status) {
			break
		}
	}
	if a.outcome == arrived && kinds[0] == SignEd25519 && a.signature != SignEd25519 {
		l.ed25519 = store.Ed25519Refused
		if err := r.db.RefusesEd25519(ctx, d.Host); err != nil {
			r.log.Warn("outbox: remember the kind of signature", "host", d.Host, "error", err)
		}
	}
	if a.status == http.StatusUnauthorized {
		a.signature = "" // neither: there is nothing to remember
		if d.Attempts < maxUnauthorised {
			a.outcome = failed // Mastodon answers so too when it could not fetch our key just now
		}
	}
	return a, nil
}

// post signs a delivery and sends it, with what it says about followers.
func (r *Runner) post(ctx context.Context, d *store.Delivery, key httpsig.Key, kind, followers string) answer {
	digest := r.digests.of(d)
	resp, err := r.config.Client.Post(ctx, d.Inbox, d.Body, func(req *http.Request) error {
		if followers != "" {
			req.Header.Set(followersync.Name, followers)
		}
		if kind == SignCavage {
			return httpsig.SignCavageWithDigest(req, digest, key, r.config.Now())
		}
		return httpsig.SignRFC9421WithDigest(req, digest, key, r.config.Now())
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
