package outbox

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"

	"seedling/federation/fetch"
	"seedling/store"
)

// causeOf sorts the answers that are no success, for people to read.
func causeOf(status int) store.Cause {
	switch status {
	case http.StatusUnauthorized:
		return store.CauseSignature
	case http.StatusForbidden:
		return store.CauseForbidden
	case http.StatusNotFound, http.StatusGone:
		return store.CauseGone
	case http.StatusRequestEntityTooLarge:
		return store.CauseLarge
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return store.CauseBusy
	}
	switch {
	case status >= 500:
		return store.CauseBroken
	case status >= 400:
		return store.CauseInvalid
	case status >= 300:
		return store.CauseMoved
	}
	return ""
}

// causeOfError sorts why there was no answer.
func causeOfError(e *fetch.Error) store.Cause {
	var dns *net.DNSError
	var record tls.RecordHeaderError
	var untrusted *tls.CertificateVerificationError
	var name x509.HostnameError
	switch {
	case e.Kind == fetch.Timeout:
		return store.CauseTimeout
	case errors.As(e, &dns) && dns.IsNotFound:
		return store.CauseName
	case errors.As(e, &untrusted), errors.As(e, &record), errors.As(e, &name):
		return store.CauseTrust
	case e.Kind == fetch.Backoff && e.Status != 0:
		return causeOf(e.Status)
	}
	return store.CauseConnect
}
