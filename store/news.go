package store

import (
	"errors"
	"sync"
)

// News says that something was committed that open pages and streams show. It
// is kept nowhere: who listens hears it, and looks up what it needs.
//
// News are of this process alone. What the command line changes beside a
// running server is stored as always, but unheard until somebody looks.
type News struct {
	Kind      NewsKind
	AccountID int64      // whom it is about: see the kinds
	PostID    int64      // of what happened to a post
	EntryID   int64      // its line in a list: the post's, boost's or notification's id
	Emoji     string     // of a reaction: which
	Scope     *PostScope // of what is gone: who could see it
}

// NewsKind is what happened.
type NewsKind int

// The kinds of news.
const (
	NewsPost                 NewsKind = iota // a post is new
	NewsEdit                                 // a post was changed
	NewsDelete                               // a post is gone
	NewsBoost                                // AccountID boosted a post
	NewsUnboost                              // AccountID took a boost back
	NewsNotification                         // AccountID is told something
	NewsRead                                 // AccountID has seen or dismissed notifications
	NewsStanding                             // AccountID changed how they stand to others, or others to them
	NewsFilters                              // AccountID changed their filters
	NewsConversation                         // a private post in a conversation of AccountID
	NewsMerged                               // AccountID accepted what strangers did
	NewsAnnouncement                         // EntryID was announced to all, or changed
	NewsAnnouncementGone                     // EntryID is announced no more
	NewsAnnouncementReaction                 // somebody reacted to EntryID, or no longer does
	NewsAccess                               // a token or session of AccountID ended, or they may not log in any more
)

// events hands what was committed to whoever listens.
type events struct {
	mu        sync.Mutex
	listeners map[*Listener]bool
}

// Listener hears events until it is closed. One that reads too slowly misses
// some, and is told that it did: a write never waits for it.
type Listener struct {
	C      <-chan News
	c      chan News
	events *events
	mu     sync.Mutex
	missed bool
}

// Listen returns a listener that may be behind by so many events.
func (db *DB) Listen(behind int) *Listener {
	c := make(chan News, behind)
	l := &Listener{C: c, c: c, events: &db.events}
	db.events.mu.Lock()
	defer db.events.mu.Unlock()
	if db.events.listeners == nil {
		db.events.listeners = map[*Listener]bool{}
	}
	db.events.listeners[l] = true
	return l
}

// Close ends it. C is not closed.
func (l *Listener) Close() {
	l.events.mu.Lock()
	defer l.events.mu.Unlock()
	delete(l.events.listeners, l)
}

// Missed says whether events were lost since it was last asked.
func (l *Listener) Missed() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	missed := l.missed
	l.missed = false
	return missed
}

// heard says whether anybody listens: if not, what only listeners need is not looked up.
func (e *events) heard() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.listeners) > 0
}

// publish never blocks.
func (e *events) publish(ev News) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for l := range e.listeners {
		select {
		case l.c <- ev:
		default:
			l.mu.Lock()
			l.missed = true
			l.mu.Unlock()
		}
	}
}

// publish tells of an event once the operation is on the disk.
func (t *tx) publish(ev News) {
	t.onCommit(func() { t.db.events.publish(ev) })
}

// standingChanged tells that how members stand to others is to be read again.
func (t *tx) standingChanged(accounts ...int64) {
	for _, id := range accounts {
		t.publish(News{Kind: NewsStanding, AccountID: id})
	}
}

// publishGone tells that a post, or its line by a booster, is gone, with who
// could see it: afterwards nobody knows. Without listeners nothing is looked up.
func publishGone(t *tx, n News) error {
	if !t.db.events.heard() {
		return nil
	}
	scope, err := readScope(t.query(), n.PostID)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if n.Kind == NewsUnboost {
		if scope.Booster, err = readBooster(t.query(), n.AccountID, n.PostID); err != nil {
			return err
		}
	}
	n.Scope = scope
	t.publish(n)
	return nil
}
