package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"testing"

	"seedling/federation/actor"
	"seedling/federation/fetch"
	"seedling/federation/vocab"
	"seedling/server/web"
	"seedling/store"
	"seedling/store/content"
)

// TestLookupErrorsAreExplained: each way in which another server can fail has
// its own sentence on the page.
func TestLookupErrorsAreExplained(t *testing.T) {
	const finger, page = "https://a.example/.well-known/webfinger?resource=acct:x", "https://a.example/users/x"
	handle := func(err error) error {
		return &actor.NoSuchHandle{Handle: content.Handle{Username: "x", Host: "a.example"}, Err: err}
	}
	tests := []struct {
		err  error
		want web.LookupStep
	}{
		{&fetch.Error{Kind: fetch.Unreachable, URL: page, Err: &net.DNSError{IsNotFound: true}}, web.LookupNoHost},
		{&fetch.Error{Kind: fetch.Unreachable, URL: page, Err: errors.New("reset")}, web.LookupUnreachable},
		{&fetch.Error{Kind: fetch.Timeout, URL: page}, web.LookupUnreachable},
		{&fetch.Error{Kind: fetch.Backoff, URL: page}, web.LookupUnreachable},
		{&fetch.Error{Kind: fetch.Backoff, URL: page, Status: 404}, web.LookupNotFound},
		{&fetch.Error{Kind: fetch.Refused, URL: page}, web.LookupBlocked},
		{&fetch.Error{Kind: fetch.Status, URL: page, Status: 404}, web.LookupNotFound},
		{&fetch.Error{Kind: fetch.Status, URL: page, Status: 410}, web.LookupGone},
		{&fetch.Error{Kind: fetch.Status, URL: page, Status: 401}, web.LookupRefused},
		{&fetch.Error{Kind: fetch.Status, URL: page, Status: 403}, web.LookupRefused},
		{&fetch.Error{Kind: fetch.Status, URL: page, Status: 500}, web.LookupFailed},
		{&fetch.Error{Kind: fetch.TooLarge, URL: page}, web.LookupFailed},
		{&fetch.Error{Kind: fetch.TooManyRedirects, URL: page}, web.LookupFailed},
		{&fetch.Error{Kind: fetch.WrongType, URL: page}, web.LookupNotActivityPub},
		{handle(&fetch.Error{Kind: fetch.Status, URL: finger, Status: 404}), web.LookupNoWebFinger},
		{handle(&fetch.Error{Kind: fetch.Status, URL: finger, Status: 410}), web.LookupNoWebFinger},
		{handle(&fetch.Error{Kind: fetch.WrongType, URL: finger}), web.LookupNoWebFinger},
		{handle(&fetch.Error{Kind: fetch.Status, URL: page, Status: 410}), web.LookupGone},
		{handle(&fetch.Error{Kind: fetch.Timeout, URL: finger}), web.LookupUnreachable},
		{handle(store.ErrNotFound), web.LookupNoWebFinger},
		{handle(store.ErrGone), web.LookupGone},
		{&actor.Untrusted{URI: page}, web.LookupWrong},
		{&vocab.ShapeError{}, web.LookupNotActivityPub},
		{fmt.Errorf("read: %w", &vocab.ParseError{}), web.LookupNotActivityPub},
		{context.DeadlineExceeded, web.LookupUnreachable},
	}
	for _, test := range tests {
		for query, name := range map[string]string{"@x@a.example": "x", page: ""} {
			var got *web.LookupError
			if err := explain(test.err, query); !errors.As(err, &got) || got.Step != test.want || got.Host != "a.example" || got.Name != name {
				t.Errorf("%#v for %s: got %v, want step %s at a.example for %q", test.err, query, err, test.want, name)
			}
		}
	}
	for _, ours := range []error{store.ErrClosed, store.ErrNotFound, errors.New("disk full")} {
		if got := explain(ours, page); got != ours {
			t.Errorf("%v: got %v, want it as it is", ours, got)
		}
	}
	if got := explain(actor.ErrNotALink, "hello"); !errors.Is(got, store.ErrNotFound) {
		t.Errorf("a text that is no address: got %v, want %v", got, store.ErrNotFound)
	}
}
