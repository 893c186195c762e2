package web

import (
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"reflect"
	"strings"

	"seedling/store"
	"seedling/store/content"
	"seedling/templates"
)

// emojis are the custom emoji that one page knows of, with how its reader wants
// to see them.
type emojis struct {
	known   store.EmojiSet
	learned uintptr // the set that was copied last: the posts of a page share theirs
	still   bool
}

// learn adds what came with posts.
func (c *cards) learn(set store.EmojiSet) {
	if len(set) == 0 {
		return
	}
	if p := reflect.ValueOf(set).Pointer(); p != c.emoji.learned {
		c.emoji.learned = p
		c.remember(set)
	}
}

func (c *cards) remember(set store.EmojiSet) {
	if c.emoji.known == nil {
		c.emoji.known = make(store.EmojiSet, len(set))
	}
	maps.Copy(c.emoji.known, set)
}

// meet loads the emoji of accounts that are about to be shown, at once. A page
// without pictures is better than none: what fails is logged.
func (c *cards) meet(accounts ...*store.Account) {
	set, err := c.db.EmojiOf(c.ctx, accounts...)
	if err != nil {
		c.log.Error("emoji not loaded", "error", err)
		return
	}
	c.remember(set)
}

// has says whether a text has emoji. What was not loaded with the rest of the
// page is looked up.
func (c *cards) has(host, text string) bool {
	found, asked := false, false
	for name := range content.Shortcodes(text) {
		key := store.EmojiName{Host: host, Name: name}
		e, known := c.emoji.known[key]
		if !known && !asked {
			asked = true
			set, err := c.db.EmojiIn(c.ctx, host, text)
			if err != nil {
				c.log.Error("emoji not loaded", "error", err)
				return false
			}
			c.remember(set)
			e = c.emoji.known[key]
		}
		found = found || e != nil
	}
	return found
}

// rich is a line of text with pictures for its custom emoji, "" if it has none.
func (c *cards) rich(host, text string) template.HTML {
	if !c.has(host, text) {
		return ""
	}
	return safeHTML(content.EmojifyLine(text, c.pictures(host)))
}

// emojify puts pictures for custom emoji into a text.
func (c *cards) emojify(host string, h content.HTML) content.HTML {
	if !c.has(host, h.String()) {
		return h
	}
	return content.Emojify(h, c.pictures(host))
}

func (c *cards) pictures(host string) func(string) (content.EmojiPicture, bool) {
	return func(name string) (content.EmojiPicture, bool) {
		e := c.emoji.known.Find(host, name)
		if e == nil {
			return content.EmojiPicture{}, false
		}
		path := emojiPath(c.db, e, c.emoji.still)
		return content.EmojiPicture{Path: path, Width: e.Width, Height: e.Height}, path != ""
	}
}

// emojiPath is where the picture of an emoji is on this server.
func emojiPath(db *store.DB, e *store.CustomEmoji, still bool) string {
	switch {
	case e.Host != "":
		path := db.RemotePath(store.RemoteEmoji, e.ID, e.IconURL)
		if still && path != "" {
			path += "?small=1"
		}
		return path
	case still:
		return db.FileSource(e.Still())
	}
	return db.FileSource(e.File())
}

// picture is that of a reaction, "" for a Unicode emoji.
func (c *cards) picture(e store.Emoji) string {
	if !e.Custom() || !c.has(e.Host, e.Text) {
		return ""
	}
	p, _ := c.pictures(e.Host)(e.Text[1 : len(e.Text)-1])
	return p.Path
}

// know adds emoji that were loaded otherwise.
func (c *cards) know(list []*store.CustomEmoji) {
	set := make(store.EmojiSet, len(list))
	for _, e := range list {
		set[store.EmojiName{Host: e.Host, Name: e.Name}] = e
	}
	c.remember(set)
}

// offer adds an emoji to a group of the picker. A custom one without a picture,
// which was deleted or disabled, can't be chosen any more.
func (c *cards) offer(g *templates.EmojiGroup, e store.Emoji) {
	if !e.Custom() {
		g.Emoji = append(g.Emoji, e.Text)
	} else if picture := c.picture(e); picture != "" {
		g.Custom = append(g.Custom, templates.CustomEmoji{Name: e.Text, Value: e.Key(), Picture: picture})
	}
}

// customGroups are our own emoji by category, those whose name or an alias holds
// every word of a query.
func (c *cards) customGroups(list []*store.CustomEmoji, query string) []templates.EmojiGroup {
	words := strings.Fields(strings.ToLower(query))
	var groups []templates.EmojiGroup
	last := ""
	for _, e := range list {
		if !matches(strings.ToLower(e.Name+" "+strings.Join(e.Aliases, " ")), words) {
			continue
		}
		if len(groups) == 0 || e.Category != last {
			groups = append(groups, templates.EmojiGroup{Title: "emoji.group_custom", Text: e.Category})
			last = e.Category
		}
		g := &groups[len(groups)-1]
		g.Custom = append(g.Custom, templates.CustomEmoji{Name: e.Code(), Value: e.Code(), Picture: emojiPath(c.db, e, c.emoji.still)})
	}
	return groups
}

func matches(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// emojiJSON is an emoji in /emoji.json.
type emojiJSON struct {
	Shortcode string   `json:"shortcode"`
	URL       string   `json:"url"`
	StillURL  string   `json:"still_url"`
	Category  string   `json:"category,omitempty"`
	Aliases   []string `json:"aliases,omitempty"`
}

// showEmojiJSON is /emoji.json: what scripts complete names from.
func (s *Server) showEmojiJSON(w http.ResponseWriter, r *request) error {
	list, err := s.db.OwnEmojis(r.Context(), false)
	if err != nil {
		return err
	}
	out := make([]emojiJSON, len(list))
	for i, e := range list {
		out[i] = emojiJSON{e.Name, emojiPath(s.db, e, false), emojiPath(s.db, e, true), e.Category, e.Aliases}
	}
	body, err := json.Marshal(out)
	if err != nil {
		return fmt.Errorf("list of emoji: %w", err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "private, max-age=300")
	_, err = w.Write(body)
	return err
}

// addEmoji is the composer's emoji without scripts: a button opens them, and
// each of them ends the text when it is pressed. It says whether one of those
// was pressed.
func (s *Server) addEmoji(r *request, in *composing) (bool, error) {
	code := r.form.Get("emoji")
	if code != "" {
		if text := in.form.Text; text != "" && !strings.HasSuffix(text, " ") && !strings.HasSuffix(text, "\n") {
			in.form.Text += " "
		}
		in.form.Text += code + " "
	}
	if code == "" && r.form.Get("action") != "emoji" && r.form.Get("add") != "emoji" {
		return false, nil
	}
	own, err := s.db.OwnEmojis(r.Context(), false)
	if err != nil {
		return false, err
	}
	c, err := s.newCards(r)
	if err != nil {
		return false, err
	}
	in.form.Emoji = append(c.customGroups(own, ""), s.pages.EmojiGroups(r.language().Code, "")...)
	return true, nil
}
