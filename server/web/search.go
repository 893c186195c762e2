package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"seedling/store"
	"seedling/store/content"
	"seedling/templates"
)

// Found is what a look-up led to: an account or a post that is stored now. One
// of the two is 0.
type Found struct{ AccountID, PostID int64 }

// Lookup finds what a person pasted, a handle or the address of a profile or a
// post, by asking its server. Its errors are *LookupError where the reader can
// be told what happened; they may also be the store's.
type Lookup func(ctx context.Context, query string) (Found, error)

// LookupError says at which step a look-up failed.
type LookupError struct {
	Step LookupStep
	Host string // which server was asked
	Name string // LookupNoWebFinger: for whom
	Err  error  // the cause, for the log; may be nil
}

func (e *LookupError) Error() string {
	text := "look up at " + e.Host + ": " + string(e.Step)
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

func (e *LookupError) Unwrap() error { return e.Err }

// LookupStep is what went wrong. Each has a sentence, lookup.STEP.
type LookupStep string

// The ways in which a look-up fails.
const (
	LookupNoHost         LookupStep = "no_host"         // no server of that name
	LookupUnreachable    LookupStep = "unreachable"     // it does not answer
	LookupNoWebFinger    LookupStep = "no_webfinger"    // it knows nobody of that name
	LookupRefused        LookupStep = "refused"         // it does not tell us
	LookupNotFound       LookupStep = "not_found"       // nothing at that address
	LookupGone           LookupStep = "gone"            // it was deleted
	LookupNotActivityPub LookupStep = "not_activitypub" // a page that is no profile and no post
	LookupBlocked        LookupStep = "blocked"         // we do not talk with it
	LookupWrong          LookupStep = "wrong"           // another thing than was asked for
	LookupFailed         LookupStep = "failed"          // anything else
)

// Bounds of a search.
const (
	searchResults = 40
	maxQuery      = 2000            // bytes
	lookupWait    = 5 * time.Second // for another server
)

// showSearch is /search?q=: people known here by name, and whatever a handle or
// a link leads to.
func (s *Server) showSearch(w http.ResponseWriter, r *request) error {
	query := strings.TrimSpace(r.query("q"))
	if len(query) > maxQuery {
		return refuse(http.StatusBadRequest, "error.query_long")
	}
	if tag, ok := strings.CutPrefix(query, "#"); ok && content.ValidTag(tag) {
		return redirect(w, r, tagPath(tag))
	}
	p := templates.SearchPage{Frame: s.frame(r), Query: query}
	p.NoIndex = true
	if query == "" {
		return s.render(w, r, http.StatusOK, p)
	}
	if isAddress(query) {
		path, err := s.lookUp(r, query)
		if err == nil {
			return redirect(w, r, path)
		}
		sentence, err := s.lookupSentence(err, query)
		if err != nil {
			return err
		}
		p.Lookup = &templates.Lookup{Failed: sentence}
	}
	return s.renderResults(w, r, p)
}

func (s *Server) renderResults(w http.ResponseWriter, r *request, p templates.SearchPage) error {
	accounts, err := s.db.SearchAccounts(r.Context(), r.asViewer(), p.Query, searchResults)
	if err != nil {
		return err
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	if p.People, err = c.people(r.Context(), accounts); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, p)
}

// isAddress says whether a query names one thing: @user@host, acct:user@host or
// an address.
func isAddress(query string) bool {
	if webAddress(query) != "" {
		return true
	}
	h, err := content.ParseHandle(query)
	return err == nil && h.Host != ""
}

// lookUp finds the page here of what a query names: among what is known, else
// by asking its server.
func (s *Server) lookUp(r *request, query string) (path string, err error) {
	path, err = s.known(r, query)
	if !errors.Is(err, store.ErrNotFound) || s.lookup == nil {
		return path, err
	}
	ctx, cancel := context.WithTimeout(r.Context(), lookupWait)
	defer cancel()
	found, err := s.lookup(ctx, query)
	if err != nil {
		return "", err
	}
	return s.pathOf(r, found)
}

// known finds what is stored. Links to pages of this server count too.
func (s *Server) known(r *request, query string) (string, error) {
	ctx := r.Context()
	if webAddress(query) == "" {
		h, err := content.ParseHandle(query)
		if err != nil {
			return "", store.ErrNotFound
		}
		a, err := s.db.AccountByHandle(ctx, h)
		if err != nil || a.State != store.AccountActive {
			return "", errors.Join(err, store.ErrNotFound)
		}
		return a.Path(), nil
	}
	if path, ok := strings.CutPrefix(query, s.db.URL()+"/@"); ok {
		if path, ok := localPath("/@" + path); ok {
			return path, nil
		}
	}
	if p, err := s.db.PostByLink(ctx, query); err == nil {
		return s.pathOf(r, Found{PostID: p.ID})
	}
	a, err := s.db.AccountByURI(ctx, query)
	if err != nil {
		return "", err
	}
	return s.pathOf(r, Found{AccountID: a.ID})
}

// pathOf is the page of a thing that was found, if the viewer may see it.
func (s *Server) pathOf(r *request, f Found) (string, error) {
	if f.PostID != 0 {
		v, err := s.db.PostVisibleTo(r.Context(), f.PostID, r.asViewer())
		if err != nil {
			return "", err
		}
		return v.Path() + "#p" + strconv.FormatInt(v.ID, 10), nil
	}
	a, err := s.db.Account(r.Context(), f.AccountID)
	if err != nil {
		return "", err
	}
	if a.State != store.AccountActive {
		return "", store.ErrNotFound
	}
	return a.Path(), nil
}

// lookupSentence says why a look-up led nowhere, or returns an error that the
// reader can't be told.
func (s *Server) lookupSentence(err error, query string) (*templates.Msg, error) {
	host, name := hostOf(query), ""
	if h, err := content.ParseHandle(query); err == nil {
		host, name = h.Host, h.Username
	}
	step := LookupStep("")
	var failed *LookupError
	switch {
	case errors.As(err, &failed):
		step, host, name = failed.Step, failed.Host, failed.Name
	case errors.Is(err, store.ErrGone):
		step = LookupGone
	case errors.Is(err, store.ErrNotFound) && (host == s.db.AccountDomain() || host == s.db.Host()):
		return nil, nil // this server says so below: nothing found
	case errors.Is(err, store.ErrNotFound):
		step = LookupNotFound
	case errors.Is(err, context.DeadlineExceeded):
		step = LookupUnreachable
	default:
		return nil, err
	}
	m := templates.M("lookup."+string(step), "host", host, "name", name)
	return &m, nil
}
