package web

import (
	"errors"
	"net/http"

	"seedling/store"
	"seedling/templates"
)

// showWhy is /posts/{id}/why: what brought a post, and what acts on it. Of one
// that the viewer does not see it says no more than that: whether it exists is
// not told.
func (s *Server) showWhy(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	why, err := s.db.WhyPost(r.Context(), r.viewerID(), id)
	p := templates.WhyPage{Frame: s.frame(r)}
	switch {
	case errors.Is(err, store.ErrGone):
		p.Reasons = []templates.Msg{templates.M("why.gone")}
		return s.render(w, r, http.StatusGone, p)
	case errors.Is(err, store.ErrNotFound):
		p.Reasons = []templates.Msg{templates.M("why.unknown")}
		p.General = true
		return s.render(w, r, http.StatusNotFound, p)
	case err != nil:
		return err
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	card := c.post(why.Post)
	card.Folded = nil // it was asked for
	p.Post, p.Reasons = &card, append(broughtBy(why, r.viewerID()), actsOn(why)...)
	return s.render(w, r, http.StatusOK, p)
}

// broughtBy is what brings a post to its reader.
func broughtBy(why *store.Why, viewerID int64) (list []templates.Msg) {
	v := why.Post
	if v.AccountID == viewerID {
		list = append(list, templates.M("why.own"))
	}
	if why.Relation.Following {
		list = append(list, templates.M("why.follow", "name", v.Author.Name()))
		if v.IsReply() && v.ReplyToAccountID != v.AccountID {
			list = append(list, templates.M("why.reply"))
		}
	}
	for _, a := range why.Boosters {
		list = append(list, templates.M("why.boosted", "name", a.Name()))
	}
	for _, t := range why.Tags {
		list = append(list, templates.M("why.tag", "tag", t.Text))
	}
	for _, l := range why.Lists {
		list = append(list, templates.M("why.list", "name", v.Author.Name(), "list", l.Title))
	}
	if why.Named {
		list = append(list, templates.M("why.mentioned"))
	}
	switch v.Visibility {
	case store.Public:
		list = append(list, templates.M("why.public"))
	case store.Unlisted:
		list = append(list, templates.M("why.unlisted"))
	case store.Followers:
		list = append(list, templates.M("why.followers"))
	case store.LocalOnly:
		list = append(list, templates.M("why.local"))
	}
	return list
}

// actsOn is what the reader said that acts on a post.
func actsOn(why *store.Why) (list []templates.Msg) {
	v := why.Post
	if why.Relation.Muting {
		list = append(list, templates.M("why.muted", "name", v.Author.Name()))
	}
	if why.Relation.HostBlocked {
		list = append(list, templates.M("why.host_blocked", "host", v.Author.Host))
	}
	if v.Thread == store.ThreadMuted {
		list = append(list, templates.M("why.thread_muted"))
	}
	for _, l := range why.Lists {
		if l.Exclusive {
			list = append(list, templates.M("why.exclusive", "list", l.Title))
		}
	}
	for _, m := range v.Filtered {
		list = append(list, templates.M("why.filtered", "title", m.Filter.Title))
	}
	return list
}
