package fetch

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Limits of fetching files, which may be large: no more than what the caller
// reads of them is bounded by time.
const (
	maxFilesPerHost = 4                // at once
	fileIdle        = 20 * time.Second // without a byte
	fileTimeout     = 30 * time.Minute // to the last byte
)

// File is a picture, sound or video that is being fetched. Body must be closed.
type File struct {
	URL          string // where it was found in the end, after redirects
	ContentType  string // as sent
	Length       int64  // of Body, -1 unknown
	Partial      bool   // Body is the range that was asked for
	ContentRange string // of a part: as sent
	Body         io.ReadCloser
}

// File fetches a file of any type, unsigned, under the same guards as all else.
// byteRange is the header Range to send, or "". What is read of the body, and
// what it is, is for the caller to bound and to judge.
func (c *Client) File(ctx context.Context, uri, byteRange string) (*File, error) {
	var seen []string
	for {
		t, err := c.target(ctx, uri)
		if err != nil {
			return nil, err
		}
		seen = append(seen, t.uri)
		file, next, err := c.fileHop(ctx, t, byteRange)
		if err != nil || next == "" {
			return file, err
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

// fileHop makes one request. It returns the file, or where to go next.
func (c *Client) fileHop(call context.Context, t target, byteRange string) (*File, string, error) {
	q := request{accept: "*/*"}
	if err := c.remembered(t, q); err != nil {
		return nil, "", err
	}
	ctx, cancel := context.WithTimeout(call, fileTimeout)
	leave := c.fileGate.enter(ctx, t.Host)
	if leave == nil {
		cancel()
		return nil, "", waitError(call, t.uri)
	}
	body := &fileBody{idle: time.AfterFunc(c.config.Timeout, cancel), end: func() { cancel(); leave() }}
	resp, err := c.askFile(ctx, t, byteRange)
	if err != nil {
		body.Close()
		return nil, "", c.failed(call, t, err)
	}
	body.body = resp.Body
	if next, err := redirect(t, resp); next != "" || err != nil {
		body.Close()
		return nil, next, err
	}
	partial := resp.StatusCode == http.StatusPartialContent && byteRange != ""
	if resp.StatusCode != http.StatusOK && !partial {
		defer body.Close()
		return nil, "", c.statusError(t, resp, q)
	}
	c.memory.hostAnswered(t.Host)
	return &File{URL: t.uri, ContentType: resp.Header.Get("Content-Type"), Length: resp.ContentLength,
		Partial: partial, ContentRange: resp.Header.Get("Content-Range"), Body: body}, "", nil
}

func (c *Client) askFile(ctx context.Context, t target, byteRange string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, t.uri, nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("User-Agent", c.config.UserAgent)
	r.Header.Set("Accept", "*/*")
	r.Header.Set("Accept-Encoding", "identity") // or net/http asks for gzip, and lengths and ranges are lost
	if byteRange != "" {
		r.Header.Set("Range", byteRange)
	}
	return c.gets.Do(r)
}

// fileBody ends the request when nothing comes for a while, or when it is closed.
type fileBody struct {
	body io.ReadCloser // nil before the answer
	idle *time.Timer
	end  func()
}

func (b *fileBody) Read(p []byte) (int, error) {
	b.idle.Reset(fileIdle)
	return b.body.Read(p)
}

// Close breaks off what was not read.
func (b *fileBody) Close() error {
	if b.end == nil {
		return nil
	}
	b.idle.Stop()
	b.end()
	b.end = nil
	if b.body == nil {
		return nil
	}
	return b.body.Close()
}
