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

// conversation makes the entity.
func (e *entities) conversation(ctx context.Context, c *store.Conversation) (*conversation, error) {
	people, err := e.accounts(ctx, c.People)
	if err != nil {
		return nil, err
	}
	last, err := e.status(ctx, c.Last)
	if err != nil {
		return nil, err
	}
	return &conversation{ID: id(c.ID), Unread: c.Unread, Accounts: people, Last: last}, nil
}
