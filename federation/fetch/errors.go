package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

// Kind tells callers what to do about an error.
type Kind int

// The kinds of [Error].
const (
	Refused          Kind = iota + 1 // by our own rules; asking again will not help
	Unreachable                      // no such name, no connection, no trust, or it broke off
	Timeout                          // no complete answer in time
	Status                           // an answer, but not 200
	TooLarge                         // more than the limit
	WrongType                        // not the kind of document that was asked for
	TooManyRedirects                 // or a circle of them
	Backoff                          // not tried: it failed a moment ago, or too much is under way
	Canceled                         // by the caller
)

// Error is every error that [Client.Object], [Client.JSON] and [Client.Post]
// return about a peer. Its text is one sentence for people.
type Error struct {
	Kind       Kind
	URL        string        // that was asked last
	Status     int           // of kind Status, and of Backoff after one
	RetryAfter time.Duration // what the peer asked for, or how long we will not try; 0 if unknown
	Err        error         // the cause; may be nil
}

func (e *Error) Error() string {
	switch e.Kind {
	case Refused:
		return fmt.Sprintf("%s is not dialled: %v", e.URL, e.Err)
	case Unreachable:
		return fmt.Sprintf("%s cannot be reached: %v", e.URL, e.Err)
	case Timeout:
		return e.URL + " did not answer in time"
	case Status:
		return strings.TrimSpace(fmt.Sprintf("%s answered %d %s", e.URL, e.Status, http.StatusText(e.Status)))
	case TooLarge:
		return e.URL + " sent more than we take"
	case WrongType:
		return fmt.Sprintf("%s sent another kind of document: %v", e.URL, e.Err)
	case TooManyRedirects:
		return e.URL + " redirects too often"
	case Backoff:
		return fmt.Sprintf("%s is not asked now: %v", e.URL, e.Err)
	case Canceled:
		return "asking " + e.URL + " was broken off"
	}
	return fmt.Sprintf("%s: %v", e.URL, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// Gone reports that the server says the thing is not there: 404 or 410.
func (e *Error) Gone() bool {
	return e.Status == http.StatusNotFound || e.Status == http.StatusGone
}

// Temporary reports that asking again later may help.
func (e *Error) Temporary() bool {
	switch e.Kind {
	case Unreachable, Timeout, Canceled:
		return true
	case Status, Backoff:
		return e.Status == 0 || e.Status >= 500 || e.Status == http.StatusTooManyRequests || e.Status == http.StatusRequestTimeout
	}
	return false
}

// transportError sorts what net/http reports. call is the caller's context,
// inner the one with our deadline.
func transportError(call context.Context, uri string, err error) *Error {
	var guard errAddress
	var network net.Error
	switch {
	case errors.As(err, &guard):
		return &Error{Kind: Refused, URL: uri, Err: guard}
	case errors.Is(call.Err(), context.Canceled):
		return &Error{Kind: Canceled, URL: uri, Err: context.Canceled}
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded),
		errors.As(err, &network) && network.Timeout():
		return &Error{Kind: Timeout, URL: uri, Err: err}
	}
	return &Error{Kind: Unreachable, URL: uri, Err: plainCause(err)}
}

// plainCause drops the wrapping that repeats the method and the address.
func plainCause(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}
