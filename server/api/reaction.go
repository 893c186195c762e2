package api

import (
	"net/http"
	"strings"

	"seedling/store"
	"seedling/store/content"
)

// reaction is Akkoma's entity of an emoji under a status.
type reaction struct {
	Name     string     `json:"name"` // 🌱, name, or name@host
	Count    int        `json:"count"`
	Me       bool       `json:"me"`
	URL      *string    `json:"url"`                // of a custom emoji
	Accounts []*account `json:"accounts,omitempty"` // no account_ids beside them: megalodon would take those for the accounts
}

// emojiKey reads an emoji from the path as the store's keys are: apps leave the
// colons of shortcodes out.
func (r *request) emojiKey(name string) string {
	text := r.path.ByName(name)
	if _, ok := content.Emoji(text); ok || strings.HasPrefix(text, ":") {
		return text
	}
	return ":" + text + ":"
}

// emojiName is an emoji as apps name it.
func emojiName(e store.Emoji) string { return strings.Trim(e.Key(), ":") }

// emojiURL is the picture of a custom emoji, or nil.
func (s *Server) emojiURL(known store.EmojiSet, e store.Emoji) *string {
	if !e.Custom() {
		return nil
	}
	c := known.Find(e.Host, strings.Trim(e.Text, ":"))
	if c == nil {
		return nil
	}
	return stringOrNil(s.emoji(c).URL)
}

// reactions are those under a post.
func (e *entities) reactions(v *store.PostView) []reaction {
	list := make([]reaction, len(v.Reactions))
	for i, x := range v.Reactions {
		list[i] = reaction{Name: emojiName(x.Emoji), Count: x.Count, Me: x.Mine, URL: e.s.emojiURL(v.Emojis, x.Emoji)}
	}
	return list
}

// showReactions is GET pleroma/statuses/:id/reactions and .../reactions/:emoji:
// who reacted with what.
func (s *Server) showReactions(w http.ResponseWriter, r *request) error {
	v, err := s.entryOf(r)
	if err != nil {
		return err
	}
	p, err := s.db.ReactorsOf(r.Context(), v.ID, r.viewer(), store.Cursor{Limit: maxPeople})
	if err != nil {
		return err
	}
	e, err := s.entities(r)
	if err != nil {
		return err
	}
	people := make([]*store.Account, len(p.Reactors))
	for i, x := range p.Reactors {
		people[i] = x.Account
	}
	accounts, err := e.accounts(r.Context(), people)
	if err != nil {
		return err
	}
	list := e.reactions(v)
	for i, x := range p.Reactors {
		for j := range list {
			if list[j].Name == emojiName(x.Emoji) {
				list[j].Accounts = append(list[j].Accounts, accounts[i])
			}
		}
	}
	if r.path.ByName("emoji") != "" {
		list = only(list, strings.Trim(r.emojiKey("emoji"), ":"))
	}
	return s.json(w, list)
}

func only(list []reaction, name string) []reaction {
	for _, x := range list {
		if x.Name == name {
			return []reaction{x}
		}
	}
	return []reaction{}
}

// react and unreact are PUT and DELETE pleroma/statuses/:id/reactions/:emoji.
func (s *Server) react(w http.ResponseWriter, r *request) error {
	v, err := s.entryOf(r)
	if err != nil {
		return err
	}
	if err := s.db.React(r.Context(), r.me(), v.ID, r.emojiKey("emoji")); err != nil {
		return err
	}
	return s.showStatus(w, r)
}

func (s *Server) unreact(w http.ResponseWriter, r *request) error {
	v, err := s.entryOf(r)
	if err != nil {
		return err
	}
	if err := s.db.Unreact(r.Context(), r.me(), v.ID, r.emojiKey("emoji")); err != nil {
		return err
	}
	return s.showStatus(w, r)
}
