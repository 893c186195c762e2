package server_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"

	"seedling/federation/fedtest"
	"seedling/federation/httpsig"
)

// brokenOff is a request that was never answered in full.
type brokenOff struct{ err error }

func (e *brokenOff) Error() string { return "broken off: " + e.err.Error() }

// exchange sends a request and reads the whole answer.
func exchange(client *http.Client, r *http.Request) (status int, body []byte, err error) {
	resp, err := client.Do(r)
	if err != nil {
		return 0, nil, &brokenOff{err}
	}
	defer resp.Body.Close()
	if body, err = io.ReadAll(resp.Body); err != nil {
		return 0, nil, &brokenOff{err}
	}
	return resp.StatusCode, body, nil
}

// sender is another server that delivers one post after the other.
type sender struct {
	actor  *fedtest.Actor
	number int
	inbox  string
	client *http.Client

	body     []byte // the Create that waits for an answer
	mark     string
	uri      string
	accepted []string // marks
	uris     []string // of the same posts
	broken   int
}

func newSender(a *fedtest.Actor, number int, inbox string) *sender {
	return &sender{actor: a, number: number, inbox: inbox, client: &http.Client{Transport: &http.Transport{}, Timeout: processTimeout}}
}

// step delivers a new post, or again the one that was not answered.
func (s *sender) step() error {
	if s.body == nil {
		if err := s.write(); err != nil {
			return err
		}
	}
	r, err := http.NewRequest(http.MethodPost, s.inbox, bytes.NewReader(s.body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", fedtest.ActivityType)
	if err := httpsig.SignCavage(r, s.body, httpsig.Key{ID: s.actor.KeyID, Private: s.actor.Key}, time.Now()); err != nil {
		return err
	}
	status, answer, err := exchange(s.client, r)
	if err != nil {
		s.broken++
		return err
	}
	if status != http.StatusAccepted {
		return fmt.Errorf("delivery of %s: got %d: %.200s", s.mark, status, answer)
	}
	s.accepted, s.uris, s.body = append(s.accepted, s.mark), append(s.uris, s.uri), nil
	return nil
}

func (s *sender) write() (err error) {
	s.mark = fmt.Sprintf("seed-%d-%d", s.number, len(s.accepted))
	note := s.actor.Note("<p>" + s.mark + "</p>")
	s.uri, _ = note["id"].(string)
	s.body, err = json.Marshal(s.actor.Activity("Create", note))
	return err
}

// author is the member, who writes one post after the other.
type author struct {
	client *http.Client
	base   string

	form   url.Values // the filled-in form that waits for an answer
	mark   string
	posted []string // marks
	broken int
}

// newAuthor writes with the session of a browser.
func newAuthor(b *browser) *author {
	return &author{base: b.base, client: &http.Client{
		Jar: b.client.Jar, Transport: &http.Transport{}, Timeout: processTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// step writes a new post, or sends again the form that was not answered.
func (a *author) step() error {
	if a.form == nil {
		if err := a.write(); err != nil {
			return err
		}
	}
	r, err := http.NewRequest(http.MethodPost, a.base+"/posts", strings.NewReader(a.form.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", a.base)
	status, answer, err := exchange(a.client, r)
	if err != nil {
		a.broken++
		return err
	}
	if status != http.StatusSeeOther {
		return fmt.Errorf("posting %s: got %d: %.2000s", a.mark, status, answer)
	}
	a.posted, a.form = append(a.posted, a.mark), nil
	return nil
}

// write opens the composer and fills it in.
func (a *author) write() error {
	r, err := http.NewRequest(http.MethodGet, a.base+"/compose", nil)
	if err != nil {
		return err
	}
	status, body, err := exchange(a.client, r)
	if err != nil {
		return err
	}
	doc, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		return err
	}
	form := find(doc, func(n *html.Node) bool { return n.Data == "form" && attr(n, "action") == "/posts" })
	if form == nil {
		return fmt.Errorf("/compose answers %d and has no form: %.2000s", status, body)
	}
	a.mark = fmt.Sprintf("leaf-%d", len(a.posted))
	a.form = formValues(form)
	a.form.Set("text", a.mark)
	a.form.Set("visibility", "public")
	return nil
}
