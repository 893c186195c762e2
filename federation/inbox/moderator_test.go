package inbox_test

import (
	"net/http"
	"slices"
	"testing"

	"seedling/store"
)

// Who stands on the list of a community's own server moderates it without the
// community repeating it; nobody else does (FEP-1b12).
func TestModeratorsOfACommunity(t *testing.T) {
	c := newClub(t)
	mods := "https://far.example/users/moss/moderators"
	c.group.Change(map[string]any{"attributedTo": mods})
	c.far.Handle("/users/moss/moderators", map[string]any{"id": mods, "type": "OrderedCollection", "orderedItems": []any{c.eve.ID}})
	id := "https://third.example/notes/1"
	c.third.Handle("/notes/1", c.page(c.carol, id, "Off topic"))
	c.announces(id, 202)
	c.work()
	group, err := c.db.AccountByURI(ctx, c.group.ID)
	c.must(err)
	group, err = c.resolver.Refresh(ctx, group)
	c.must(err)
	c.must(c.resolver.ReadOutbox(ctx, group.ID))
	listed := func(want ...string) {
		t.Helper()
		accounts, err := c.db.Moderators(ctx, group.ID)
		c.must(err)
		var got []string
		for _, a := range accounts {
			got = append(got, a.Username)
		}
		if !slices.Equal(got, want) {
			t.Errorf("moderators %v, want %v", got, want)
		}
	}
	listed("eve")

	lock := c.eve.Activity("Lock", id)
	c.send(c.bob, c.bob.Activity("Lock", id), 202)
	if c.post(id).Locked {
		t.Error("somebody who is no moderator locked a thread")
	}
	c.send(c.eve, lock, 202)
	if !c.post(id).Locked {
		t.Error("a moderator's Lock did nothing")
	}
	c.send(c.eve, c.eve.Activity("Undo", lock), 202)
	if c.post(id).Locked {
		t.Error("a moderator's Undo of a Lock did nothing")
	}
	c.send(c.eve, c.eve.Activity("Add", id, map[string]any{"target": c.group.ID + "/featured"}), 202)
	pins, err := c.db.PinnedPosts(ctx, group.ID, store.AsMember(c.alice.ID))
	if err != nil || len(pins) != 1 {
		t.Errorf("%d pinned posts, %v; want 1", len(pins), err)
	}

	c.announces(c.eve.Activity("Add", c.bob.ID, map[string]any{"target": mods}), 202)
	listed("bob", "eve")
	c.send(c.bob, c.bob.Activity("Remove", c.eve.ID, map[string]any{"target": mods}), 202)
	listed("bob")
	c.send(c.eve, c.eve.Activity("Add", c.eve.ID, map[string]any{"target": mods}), 202) // not hers any more
	listed("bob")

	c.send(c.eve, c.eve.Activity("Delete", id), http.StatusForbidden)
	c.post(id)
	c.send(c.bob, c.bob.Activity("Delete", id), 202)
	c.missing(id)
}
