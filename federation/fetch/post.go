package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode"
)

// Response is a peer's answer to a delivery, whatever it says.
type Response struct {
	Status     int
	RetryAfter time.Duration // 0 if the peer did not say
	Body       string        // its beginning, as one line of printable text
}

// Post delivers an activity to an inbox. sign is called when every other
// header is set. Redirects are not followed: they arrive as a Response with
// that status. An error means that there was no answer.
//
// Deliveries do not look at what GETs remember: when to try again is for the
// delivery lanes to decide.
func (c *Client) Post(ctx context.Context, inbox string, body []byte, sign func(*http.Request) error) (*Response, error) {
	t, err := c.target(ctx, inbox)
	if err != nil {
		return nil, err
	}
	call := ctx
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	leave := c.postGate.enter(ctx, t.Host)
	if leave == nil {
		return nil, waitError(call, t.uri)
	}
	defer leave()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, t.uri, bytes.NewReader(body))
	if err != nil {
		return nil, &Error{Kind: Refused, URL: t.uri, Err: errors.New("the address cannot be read")}
	}
	r.Header.Set("User-Agent", c.config.UserAgent)
	r.Header.Set("Content-Type", "application/activity+json")
	// Activities have ids, so a second copy does nothing. Saying so, without
	// sending the header, lets net/http try once more on a new connection if
	// the kept one was closed under our hands.
	r.Header["Idempotency-Key"] = nil
	if sign != nil {
		if err := sign(r); err != nil {
			return nil, fmt.Errorf("deliver to %s: %w", t.uri, err)
		}
	}
	resp, err := c.posts.Do(r)
	if err != nil {
		return nil, transportError(call, t.uri, err)
	}
	defer resp.Body.Close()
	if err := ctx.Err(); err != nil { // a 200 may be what the peer makes of our breaking off
		return nil, transportError(call, t.uri, err)
	}
	c.memory.hostAnswered(t.Host)
	// The status decides. A peer that drips its answer may not hold the place.
	timer := time.AfterFunc(drainTimeout, cancel)
	defer timer.Stop()
	return &Response{Status: resp.StatusCode, RetryAfter: c.retryAfter(resp), Body: reason(resp.Body)}, nil
}

// reason reads the beginning of an answer, and the rest of it if that is
// short, so that the connection can be used again.
func reason(body io.Reader) string {
	text := make([]byte, maxReason)
	n, _ := io.ReadFull(body, text)
	_, _ = io.CopyN(io.Discard, body, maxDrain)
	line := strings.Map(printable, strings.ToValidUTF8(string(text[:n]), ""))
	return strings.Join(strings.Fields(line), " ")
}

// printable turns what could break a log line or a page into a space.
func printable(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return ' '
}
