package api

import (
	"net/url"

	"seedling/store"
)

// status is the entity Status. What depends on the reader is left out for
// visitors.
type status struct {
	ID               string       `json:"id"`
	CreatedAt        string       `json:"created_at"`
	InReplyTo        *string      `json:"in_reply_to_id"`
	InReplyToAccount *string      `json:"in_reply_to_account_id"`
	Sensitive        bool         `json:"sensitive"`
	SpoilerText      string       `json:"spoiler_text"`
	Visibility       string       `json:"visibility"`
	LocalOnly        bool         `json:"local_only"`
	Language         *string      `json:"language"`
	URI              string       `json:"uri"`
	URL              string       `json:"url"`
	RepliesCount     int          `json:"replies_count"`
	ReblogsCount     int          `json:"reblogs_count"`
	FavouritesCount  int          `json:"favourites_count"`
	QuotesCount      int          `json:"quotes_count"`
	EditedAt         *string      `json:"edited_at"`
	Content          string       `json:"content"`
	Text             *string      `json:"text,omitempty"` // of a status that is being deleted: its source
	Reblog           *status      `json:"reblog"`
	Application      *application `json:"application,omitempty"`
	Account          *account     `json:"account"`
	Attachments      []attachment `json:"media_attachments"`
	Mentions         []mention    `json:"mentions"`
	Tags             []tag        `json:"tags"`
	Emojis           []emoji      `json:"emojis"`
	Card             *card        `json:"card"`
	Poll             *poll        `json:"poll"`
	Quote            *quote       `json:"quote"`
	QuoteApproval    *approval    `json:"quote_approval,omitempty"`

	Pleroma *statusMore `json:"pleroma"`

	*own
}

// own is what of a status depends on its reader.
type own struct {
	Favourited bool       `json:"favourited"`
	Reblogged  bool       `json:"reblogged"`
	Muted      bool       `json:"muted"`
	Bookmarked bool       `json:"bookmarked"`
	Pinned     *bool      `json:"pinned,omitempty"` // of one's own
	Filtered   []filtered `json:"filtered"`
}

// application is the app that a status was written with.
type application struct {
	Name    string  `json:"name"`
	Website *string `json:"website"`
}

// mention is somebody whom a status names.
type mention struct {
	ID       string `json:"id"`
	Username string `json:"username"`
	URL      string `json:"url"`
	Acct     string `json:"acct"`
}

// tag is a hashtag of a status.
type tag struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// visibilityName is a visibility in the API's words. What stays on this server
// is private with local_only beside it: apps know no other word.
func visibilityName(v store.Visibility) string {
	switch v {
	case store.Followers, store.LocalOnly:
		return "private"
	}
	return v.String()
}

// entry is a post where it stands in a timeline: a boost is a status of its own
// that holds the other.
func (e *entities) entry(v *store.PostView) *status {
	s := e.post(v)
	if len(v.BoostedBy) == 0 {
		return s
	}
	by := v.BoostedBy[0]
	boost := *s
	boost.ID, boost.CreatedAt = id(v.EntryID), moment(store.IDTime(v.EntryID))
	known := e.boosts[v.EntryID]
	boost.URI, boost.URL, boost.Visibility = known.URI, known.URI, visibilityName(known.Visibility)
	boost.Account, boost.Reblog = e.account(by), s
	boost.InReplyTo, boost.InReplyToAccount, boost.EditedAt = nil, nil, nil
	boost.Attachments, boost.Mentions, boost.Tags, boost.Emojis = []attachment{}, []mention{}, []tag{}, []emoji{}
	boost.Card, boost.Poll, boost.Quote, boost.Application = nil, nil, nil, nil
	return &boost
}

// post makes the entity of a post, without the boost that brought it.
func (e *entities) post(v *store.PostView) *status {
	e.emoji = v.Emojis // those in the names beside it too
	s := &status{
		ID: id(v.ID), CreatedAt: moment(v.CreatedAt), InReplyTo: idOrNil(v.ReplyToID), InReplyToAccount: idOrNil(v.ReplyToAccountID),
		Sensitive: v.Sensitive, SpoilerText: v.ContentWarning, Visibility: visibilityName(v.Visibility), LocalOnly: v.Visibility == store.LocalOnly,
		Language: stringOrNil(v.Language), URI: v.URI, URL: v.URL,
		RepliesCount: v.RepliesCount, ReblogsCount: v.BoostsCount, FavouritesCount: v.FavouritesCount, QuotesCount: v.QuotesCount,
		EditedAt: momentOrNil(v.EditedAt), Content: contentOf(v), Account: e.account(v.Author),
		Attachments: e.s.attachments(v), Mentions: mentionsOf(v.Mentions), Tags: e.tags(v.Tags), Emojis: e.s.emojis(v.Emoji()),
		Card: e.card(v.Card), Poll: e.poll(v), Quote: e.quote(v), QuoteApproval: approvalOf(v, e.viewer.AccountID),
	}
	s.Pleroma = e.statusMore(v, s.Quote)
	if app := v.App; app != nil && (e.showApps[v.AccountID] || v.AccountID == e.viewer.AccountID) {
		s.Application = &application{Name: app.Name, Website: stringOrNil(app.Website)}
	}
	if s.URL == "" {
		s.URL = v.URI
	}
	if e.viewer.AccountID != 0 {
		s.own = &own{Favourited: v.Favourited, Reblogged: v.Boosted, Muted: v.Thread == store.ThreadMuted, Bookmarked: v.Bookmarked, Filtered: filteredBy(v)}
		if v.AccountID == e.viewer.AccountID {
			s.own.Pinned = &v.Pinned
		}
	}
	return s
}

// contentOf is the text of a post, under its title if it has one.
func contentOf(v *store.PostView) string {
	if v.Title == "" {
		return v.HTML.String()
	}
	return "<p><strong>" + escape(v.Title) + "</strong></p>" + v.HTML.String()
}

func mentionsOf(accounts []*store.Account) []mention {
	list := make([]mention, len(accounts))
	for i, a := range accounts {
		list[i] = mention{ID: id(a.ID), Username: a.Username, URL: a.URL, Acct: a.Acct()}
	}
	return list
}

func (e *entities) tags(names []string) []tag {
	list := make([]tag, len(names))
	for i, name := range names {
		list[i] = e.tag(name)
	}
	return list
}

func (e *entities) tag(name string) tag {
	return tag{Name: name, URL: e.s.db.URL() + "/tags/" + url.PathEscape(name)}
}
