package outbox

import (
	"context"

	"seedling/federation/fetch"
	"seedling/store"
)

// toGroupToo sends a message also to the community in which the post stands
// that it is about: the group counts votes and announces them (FEP-1b12).
func (b builder) toGroupToo(ctx context.Context, d deed, m *message, err error) (*message, error) {
	if err != nil || m == nil {
		return m, err
	}
	p, err := b.db.Post(ctx, d.PostID)
	if err != nil || p.GroupURI == "" {
		return m, unlessGone(err)
	}
	group, err := b.db.AccountByURI(ctx, p.GroupURI)
	if err != nil {
		return m, unlessGone(err)
	}
	if group.Kind == store.Group && group.State == store.AccountActive && group.Inbox != "" && !sameHost(m, group) {
		m.inboxes = b.usable(append(m.inboxes, store.Inbox{URL: group.Inbox, Host: fetch.HostOf(group.Inbox)}))
	}
	return m, nil
}

// sameHost says whether the community's server gets the message anyway.
func sameHost(m *message, group *store.Account) bool {
	for _, in := range m.inboxes {
		if in.Host == fetch.HostOf(group.Inbox) {
			return true
		}
	}
	return false
}
