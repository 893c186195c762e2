package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"seedling/store"
	"seedling/store/content"
	"seedling/templates"
)

// recentEmoji is how many of a member's own emoji stand first in the picker.
const recentEmoji = 16

// showPicker is /posts/{id}/react: where a member chooses an emoji for a post.
func (s *Server) showPicker(w http.ResponseWriter, r *request) error {
	v, err := s.postOfPath(r)
	if err != nil {
		return err
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	p := templates.ReactPage{Frame: s.frame(r), Post: c.post(v), Query: r.query("q"), Back: s.cameFrom(r, v.Path())}
	if len(p.Query) > 100 {
		p.Query = ""
	}
	if p.Groups, err = s.emojiGroups(r, c, v, p.Query); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, p)
}

// emojiGroups are what the picker offers: what was typed, what is under the post
// and what the member used lately, then our own by category, and the selection.
func (s *Server) emojiGroups(r *request, c *cards, v *store.PostView, query string) ([]templates.EmojiGroup, error) {
	groups := s.pages.EmojiGroups(r.language().Code, query)
	if e, ok := content.Emoji(strings.TrimSpace(query)); ok {
		return slices.Insert(groups, 0, templates.EmojiGroup{Title: "emoji.group_typed", Emoji: []string{e}}), nil
	}
	own, err := s.db.OwnEmojis(r.Context(), false)
	if err != nil {
		return nil, err
	}
	c.know(own)
	groups = append(c.customGroups(own, query), groups...)
	if query != "" {
		return groups, nil
	}
	recent, err := s.db.RecentEmoji(r.Context(), r.viewerID(), recentEmoji)
	if err != nil {
		return nil, err
	}
	lately := templates.EmojiGroup{Title: "emoji.group_recent"}
	for _, text := range recent {
		c.offer(&lately, store.Emoji{Text: text})
	}
	here := templates.EmojiGroup{Title: "emoji.group_here"}
	for _, reaction := range v.Reactions {
		if !reaction.Mine {
			c.offer(&here, reaction.Emoji)
		}
	}
	for _, g := range []templates.EmojiGroup{lately, here} {
		if len(g.Emoji)+len(g.Custom) > 0 {
			groups = slices.Insert(groups, 0, g)
		}
	}
	return groups, nil
}

// cameFrom is the page of this server that led here, or otherwise.
func (s *Server) cameFrom(r *request, otherwise string) string {
	if path, ok := localPath(r.query("back")); ok {
		return path
	}
	path, ours := strings.CutPrefix(r.Referer(), s.db.URL())
	if path, ok := localPath(path); ours && ok && !strings.HasPrefix(path, r.URL.Path) {
		return path
	}
	return otherwise
}

// react is POST /posts/{id}/react: on=0 takes the emoji back, anything else
// gives it. A chip says so in its address, because a button has only one value.
func (s *Server) react(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	do := s.db.React
	if r.form.Get("on") == "0" || r.query("on") == "0" {
		do = s.db.Unreact
	}
	err = do(r.Context(), r.viewerID(), id, r.text("emoji"))
	switch {
	case errors.Is(err, store.ErrNotEmoji):
		return refuse(http.StatusUnprocessableEntity, "error.not_emoji")
	case errors.Is(err, store.ErrKept):
		return refuse(http.StatusForbidden, "error.react_rule")
	case errors.Is(err, store.ErrForbidden):
		return refuse(http.StatusForbidden, "error.reactions")
	case err != nil:
		return err
	}
	return s.backToPost(w, r, id)
}

// showReactions is /@name/{id}/reactions: who reacted with what.
func (s *Server) showReactions(w http.ResponseWriter, r *request) error {
	v, err := s.postOfPath(r)
	if err != nil {
		return err
	}
	page, err := s.db.ReactorsOf(r.Context(), v.ID, r.asViewer(), r.storeCursor(peoplePerPage))
	if err != nil {
		return err
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	accounts := make([]*store.Account, len(page.Reactors))
	for i, reactor := range page.Reactors {
		accounts[i] = reactor.Account
	}
	relations, err := c.relations(r.Context(), accounts)
	if err != nil {
		return err
	}
	p := templates.PeoplePage{Frame: s.frame(r), Title: "people.reactions", Back: v.Path(), Pager: r.links(page.Older, page.Newer)}
	p.NoIndex = true
	c.meet(accounts...)
	for _, reactor := range page.Reactors {
		card := c.person(reactor.Account, relations[reactor.Account.ID])
		card.Emoji, card.EmojiPicture = reactor.Emoji.Text, c.picture(reactor.Emoji)
		p.People = append(p.People, card)
	}
	return s.render(w, r, http.StatusOK, p)
}

// reactions are the chips under a post.
func (c *cards) reactions(list []store.Reaction) []templates.Reaction {
	views := make([]templates.Reaction, len(list))
	for i, r := range list {
		views[i] = templates.Reaction{Emoji: r.Text, Picture: c.picture(r.Emoji), Value: r.Key(), Count: r.Count, Mine: r.Mine}
	}
	return views
}

// used adds the emoji of a notification to those of others, each once.
func (c *cards) used(list []templates.UsedEmoji, more []store.Emoji) []templates.UsedEmoji {
	for _, e := range more {
		u := templates.UsedEmoji{Text: e.Text, Picture: c.picture(e)}
		if !slices.Contains(list, u) {
			list = append(list, u)
		}
	}
	return list
}
