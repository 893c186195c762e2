package outbox

import (
	"context"
	"slices"

	"seedling/federation/fetch"
	"seedling/federation/vocab"
	"seedling/store"
)

// audience is whom something is addressed to, as URIs.
type audience struct{ to, cc []string }

// audienceOf addresses what is done with a post as the post itself is (see
// vocab.PostDoc): to its author's followers and to those named, with Public in
// to, in cc, or nowhere. What is local-only is addressed to nobody.
func audienceOf(v store.Visibility, followers string, named []string) audience {
	switch v {
	case store.Public:
		return audience{[]string{vocab.Public}, distinct(followers, named...)}
	case store.Unlisted:
		return audience{[]string{followers}, distinct(vocab.Public, named...)}
	case store.Followers:
		return audience{[]string{followers}, distinct("", named...)}
	case store.Direct:
		return audience{to: distinct("", named...)}
	}
	return audience{}
}

// distinct lists first and more, each once and without "".
func distinct(first string, more ...string) []string {
	var list []string
	for _, uri := range append([]string{first}, more...) {
		if uri != "" && !slices.Contains(list, uri) {
			list = append(list, uri)
		}
	}
	return list
}

// inboxes lists where something with a visibility goes: to the author's
// followers, unless it is direct, and to more accounts.
func (b builder) inboxes(ctx context.Context, v store.Visibility, authorID int64, more []int64) ([]store.Inbox, error) {
	var list []store.Inbox
	if v < store.Direct {
		var err error
		if list, err = b.db.FollowerInboxes(ctx, authorID); err != nil {
			return nil, err
		}
	}
	others, err := b.db.InboxesOf(ctx, more)
	if err != nil {
		return nil, err
	}
	return b.usable(append(list, others...)), nil
}

// usable drops what can't be delivered to, what is here, and what is there twice.
func (b builder) usable(list []store.Inbox) []store.Inbox {
	seen := make(map[string]bool, len(list))
	return slices.DeleteFunc(list, func(in store.Inbox) bool {
		twice := seen[in.URL]
		seen[in.URL] = true
		return twice || in.Host == "" || b.db.IsLocal(in.URL)
	})
}

// target is the account elsewhere that a deed is about, with its own inbox: not
// every server takes a Follow or Like for one of its people at the shared one.
// ErrNotFound if nothing can be sent to it.
func (b builder) target(ctx context.Context, d deed) (*store.Account, []store.Inbox, error) {
	a, err := b.db.Account(ctx, d.TargetID)
	if err != nil {
		return nil, nil, err
	}
	if a.Local() || a.State == store.AccountDeleted || a.Inbox == "" {
		return nil, nil, store.ErrNotFound
	}
	list := b.usable([]store.Inbox{{URL: a.Inbox, Host: fetch.HostOf(a.Inbox)}})
	if len(list) == 0 {
		return nil, nil, store.ErrNotFound
	}
	return a, list, nil
}

// withTold adds the servers of told that list does not reach yet.
func (b builder) withTold(list, told []store.Inbox) []store.Inbox {
	reached := make(map[string]bool, len(list))
	for _, in := range list {
		reached[in.Host] = true
	}
	for _, in := range told {
		if !reached[in.Host] {
			list = append(list, in)
		}
	}
	return b.usable(list)
}

// only keeps the inboxes of one server.
func only(host string, list []store.Inbox) []store.Inbox {
	return slices.DeleteFunc(list, func(in store.Inbox) bool { return in.Host != host })
}
