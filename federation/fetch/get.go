package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"

	"seedling/federation/httpsig"
)

// activityAccept names both types of ActivityPub §3.2: some servers answer
// HTML if only one of them is asked for.
const activityAccept = `application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"`

const activityProfile = "https://www.w3.org/ns/activitystreams"

// request is what a GET asks for.
type request struct {
	accept string
	signed bool
	check  func(contentType string) error
}

// Object fetches an ActivityStreams document, signed as the instance actor. It
// takes no other content type than the two of ActivityPub §3.2: an upload of
// any other type must never be read as an activity (CVE-2024-25623).
//
// Whether the document's id is the address that was asked for, and of the host
// of Document.URL, is for the caller to judge.
func (c *Client) Object(ctx context.Context, uri string) (*Document, error) {
	return c.get(ctx, uri, request{accept: activityAccept, signed: c.config.Sign != nil, check: checkActivity})
}

// JSON fetches a document of any JSON type, unsigned: WebFinger and NodeInfo.
func (c *Client) JSON(ctx context.Context, uri, accept string) (*Document, error) {
	return c.get(ctx, uri, request{accept: accept, check: checkJSON})
}

func checkActivity(contentType string) error {
	media, params, err := mime.ParseMediaType(contentType)
	switch {
	case err != nil:
	case media == "application/activity+json":
		return nil
	case media == "application/ld+json" && slices.Contains(strings.Fields(params["profile"]), activityProfile):
		return nil
	}
	return fmt.Errorf("%.80q is no ActivityStreams type", contentType)
}

func checkJSON(contentType string) error {
	media, _, err := mime.ParseMediaType(contentType)
	if err == nil && (media == "application/json" || media == "text/json" ||
		strings.HasPrefix(media, "application/") && strings.HasSuffix(media, "+json")) {
		return nil
	}
	return fmt.Errorf("%.80q is no JSON type", contentType)
}

// get follows redirects by hand, so that every hop is normalised, checked,
// limited and signed like the first.
func (c *Client) get(ctx context.Context, uri string, q request) (*Document, error) {
	call := ctx
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	var seen []string
	for {
		t, err := c.target(ctx, uri)
		if err != nil {
			return nil, err
		}
		seen = append(seen, t.uri)
		doc, next, err := c.hop(call, ctx, t, q)
		if err != nil {
			c.config.Log.Debug("fetch failed", "url", t.uri, "error", err)
			return nil, err
		}
		if next == "" {
			return doc, nil
		}
		if len(seen) > maxRedirects || slices.Contains(seen, next) {
			return nil, &Error{Kind: TooManyRedirects, URL: seen[0]}
		}
		if t.Scheme == "https" && strings.HasPrefix(next, "http:") {
			return nil, &Error{Kind: Refused, URL: next, Err: errors.New("a redirect leads from https to http")}
		}
		uri = next
	}
}

// target is an address that may be asked. Its text is kept beside what
// net/url makes of it, since ids are compared byte for byte.
type target struct {
	uri string // normalised, without fragment
	*url.URL
}

// target normalises an address and refuses what may not be dialled.
func (c *Client) target(ctx context.Context, uri string) (target, error) {
	normal, err := NormaliseURI(uri)
	if err != nil {
		return target{}, &Error{Kind: Refused, URL: shorten(uri), Err: err}
	}
	normal, _, _ = strings.Cut(normal, "#")
	u, err := url.Parse(normal)
	if err != nil {
		return target{}, &Error{Kind: Refused, URL: shorten(uri), Err: errors.New("the address cannot be read")}
	}
	if err := c.config.checkURL(u); err != nil {
		return target{}, &Error{Kind: Refused, URL: normal, Err: err}
	}
	if c.config.Allow != nil {
		if err := c.config.Allow(ctx, u.Host); err != nil {
			return target{}, &Error{Kind: Refused, URL: normal, Err: err}
		}
	}
	return target{normal, u}, nil
}

// shorten keeps a foreign address fit for a log line.
func shorten(uri string) string {
	if len(uri) > 100 {
		uri = uri[:100]
	}
	return strings.ToValidUTF8(strings.Map(printable, uri), "")
}

// hop makes one request, or two if the first is not believed. It returns the document, or where to go next.
func (c *Client) hop(call, ctx context.Context, t target, q request) (*Document, string, error) {
	if err := c.remembered(t, q); err != nil {
		return nil, "", err
	}
	leave := c.enterGet(ctx, t)
	if leave == nil {
		return nil, "", waitError(call, t.uri)
	}
	defer leave()
	if err := c.remembered(t, q); err != nil { // the host may have failed while we waited
		return nil, "", err
	}
	resp, err := c.knock(call, ctx, t, q)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	return c.read(call, t, resp, q)
}

// knock asks, and if the signature is not believed asks again with one of
// another scheme.
func (c *Client) knock(call, ctx context.Context, t target, q request) (*http.Response, error) {
	if !q.signed {
		return c.ask(call, ctx, t, q, "")
	}
	schemes := []httpsig.Scheme{httpsig.Cavage, httpsig.RFC9421}
	if c.config.Schemes != nil {
		schemes = c.config.Schemes(ctx, t.Host)
	}
	for i, scheme := range schemes {
		resp, err := c.ask(call, ctx, t, q, scheme)
		switch {
		case err != nil:
			return nil, err
		case i < len(schemes)-1 && scheme.Doubted(resp.StatusCode):
			discard(resp)
			continue
		}
		if resp.StatusCode == http.StatusOK && (i > 0 || scheme == httpsig.Ed25519) && c.config.Takes != nil {
			c.config.Takes(ctx, t.Host, scheme)
		}
		return resp, nil
	}
	return nil, &Error{Kind: Refused, URL: t.uri, Err: errors.New("there is no way to sign for its host")}
}

// ask makes one GET, signed unless scheme is "".
func (c *Client) ask(call, ctx context.Context, t target, q request, scheme httpsig.Scheme) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, t.uri, nil)
	if err != nil {
		return nil, &Error{Kind: Refused, URL: t.uri, Err: errors.New("the address cannot be read")}
	}
	r.Header.Set("User-Agent", c.config.UserAgent)
	r.Header.Set("Accept", q.accept)
	if scheme != "" {
		if err := c.config.Sign(r, scheme); err != nil {
			return nil, fmt.Errorf("fetch %s: %w", t.uri, err)
		}
	}
	resp, err := c.gets.Do(r)
	if err != nil {
		return nil, c.failed(call, t, err)
	}
	return resp, nil
}

// discard ends with an answer so that its connection can be used again.
func discard(resp *http.Response) {
	_, _ = io.CopyN(io.Discard, resp.Body, maxDrain)
	resp.Body.Close()
}

// enterGet waits for a place at the host, and for one at the domain it is part
// of: whoever owns a domain can make up any number of hosts below it.
func (c *Client) enterGet(ctx context.Context, t target) (leave func()) {
	leaveHost := c.getGate.enter(ctx, t.Host)
	if leaveHost == nil {
		return nil
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(t.Hostname())
	if err != nil {
		domain = t.Hostname() // an address, or a name without a dot
	}
	leaveDomain := c.domainGate.enter(ctx, domain)
	if leaveDomain == nil {
		leaveHost()
		return nil
	}
	return func() { leaveDomain(); leaveHost() }
}

// failed remembers a host that did not answer, unless our caller gave up.
func (c *Client) failed(call context.Context, t target, err error) error {
	e := transportError(call, t.uri, err)
	if call.Err() == nil && (e.Kind == Unreachable || e.Kind == Timeout) {
		c.memory.hostFailed(t.Host, 0)
	}
	return e
}

// remembered refuses to ask for what failed a moment ago.
func (c *Client) remembered(t target, q request) error {
	if wait := c.memory.hostWait(t.Host); wait > 0 {
		return &Error{Kind: Backoff, URL: t.uri, RetryAfter: wait, Err: errors.New("its server did not answer a moment ago")}
	}
	if status, wait := c.memory.missed(q.accept + " " + t.uri); status != 0 {
		return &Error{Kind: Status, URL: t.uri, Status: status, RetryAfter: wait}
	}
	return nil
}

func waitError(call context.Context, uri string) error {
	if errors.Is(call.Err(), context.Canceled) {
		return &Error{Kind: Canceled, URL: uri, Err: context.Canceled}
	}
	return &Error{Kind: Backoff, URL: uri, Err: errors.New("too many requests to its server are under way")}
}

// read takes the answer in: a redirect, a refusal or a document.
func (c *Client) read(call context.Context, t target, resp *http.Response, q request) (*Document, string, error) {
	if next, err := redirect(t, resp); next != "" || err != nil {
		c.memory.hostAnswered(t.Host)
		return nil, next, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, "", c.statusError(t, resp, q)
	}
	contentType := resp.Header.Get("Content-Type")
	if err := q.check(contentType); err != nil {
		return nil, "", &Error{Kind: WrongType, URL: t.uri, Err: err}
	}
	// net/http asks for gzip, inflates it and removes the header. What is left
	// was not asked for.
	if e := resp.Header.Get("Content-Encoding"); e != "" && e != "identity" {
		return nil, "", &Error{Kind: WrongType, URL: t.uri, Err: fmt.Errorf("the content encoding %.20q was not asked for", e)}
	}
	if resp.ContentLength > maxBody {
		return nil, "", &Error{Kind: TooLarge, URL: t.uri}
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1)) // inflated bytes
	if err != nil {
		return nil, "", c.failed(call, t, err)
	}
	c.memory.hostAnswered(t.Host)
	if len(body) > maxBody {
		return nil, "", &Error{Kind: TooLarge, URL: t.uri}
	}
	return &Document{URL: t.uri, ContentType: contentType, Body: body}, "", nil
}

// redirect returns the normalised address that an answer sends us to, if any.
func redirect(t target, resp *http.Response) (string, error) {
	switch resp.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return "", nil
	}
	location, err := t.Parse(resp.Header.Get("Location"))
	if err != nil || resp.Header.Get("Location") == "" {
		return "", &Error{Kind: Status, URL: t.uri, Status: resp.StatusCode}
	}
	next, err := NormaliseURI(location.String())
	if err != nil {
		return "", &Error{Kind: Refused, URL: shorten(location.Redacted()), Err: err}
	}
	return next, nil
}

// statusError remembers a refusal for as long as it is likely to last.
func (c *Client) statusError(t target, resp *http.Response, q request) error {
	e := &Error{Kind: Status, URL: t.uri, Status: resp.StatusCode, RetryAfter: c.retryAfter(resp)}
	switch resp.StatusCode {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		c.memory.hostFailed(t.Host, e.RetryAfter)
		return e
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusGone:
		c.memory.miss(q.accept+" "+t.uri, resp.StatusCode)
	}
	c.memory.hostAnswered(t.Host)
	return e
}

// retryAfter reads the header of RFC 9110 §10.2.3: seconds or a date.
func (c *Client) retryAfter(resp *http.Response) time.Duration {
	value := resp.Header.Get("Retry-After")
	if seconds, err := strconv.Atoi(value); err == nil {
		return time.Duration(max(0, min(seconds, 1<<24))) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, min(at.Sub(c.config.Now()), 1<<24*time.Second))
	}
	return 0
}
