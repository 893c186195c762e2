package api

import (
	"context"

	"seedling/store"
)

// conversation is the entity Conversation.
type conversation struct {
	ID       string     `json:"id"`
	Unread   bool       `json:"unread"`
	Accounts []*account `json:"accounts"`
	Last     *status    `json:"last_status"`
}

// conversations makes the entities.
func (e *entities) conversations(ctx context.Context, list []*store.Conversation) ([]*conversation, error) {
	var people []*store.Account
	var last []*store.PostView
	for _, c := range list {
		people, last = append(people, c.People...), append(last, c.Last)
	}
	accounts, err := e.accounts(ctx, people)
	if err != nil {
		return nil, err
	}
	statuses, err := e.statuses(ctx, last)
	if err != nil {
		return nil, err
	}
	out := make([]*conversation, len(list))
	for i, c := range list {
		n := len(c.People)
		out[i] = &conversation{ID: id(c.ID), Unread: c.Unread, Accounts: accounts[:n:n], Last: statuses[i]}
		accounts = accounts[n:]
	}
	return out, nil
}
