package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"

	"seedling/templates"
)

// Bounds of completion.
const (
	completions     = 8
	maxCompletedFor = 100 // bytes of what was typed
)

// completion is something that can stand in a text.
type completion struct {
	Text    string `json:"text"`              // what is written
	Name    string `json:"name,omitempty"`    // what it is called
	Picture string `json:"picture,omitempty"` // path
}

// showCompletions is /complete?q=: the ends of a beginning that a member types,
// @ for people, # for tags, : for emoji.
func (s *Server) showCompletions(w http.ResponseWriter, r *request) error {
	list, query := []completion{}, r.query("q")
	var err error
	if utf8.ValidString(query) && len(query) > 1 && len(query) <= maxCompletedFor {
		switch rest := query[1:]; query[0] {
		case '@':
			list, err = s.completePeople(r, rest)
		case '#':
			list, err = s.completeTags(r, rest)
		case ':':
			list, err = s.completeEmoji(r, rest)
		}
	}
	if err != nil {
		return err
	}
	return writeJSON(w, list)
}

func (s *Server) completePeople(r *request, name string) ([]completion, error) {
	accounts, err := s.db.SearchAccounts(r.Context(), r.asViewer(), name, completions)
	if err != nil {
		return nil, err
	}
	list := make([]completion, len(accounts))
	for i, a := range accounts {
		list[i] = completion{"@" + a.Acct(), a.Name(), avatarPath(s.db, a)}
	}
	return list, nil
}

func (s *Server) completeTags(r *request, name string) ([]completion, error) {
	tags, err := s.db.SearchTags(r.Context(), name, completions)
	if err != nil {
		return nil, err
	}
	list := make([]completion, len(tags))
	for i, tag := range tags {
		list[i] = completion{Text: "#" + tag}
	}
	return list, nil
}

func (s *Server) completeEmoji(r *request, name string) ([]completion, error) {
	own, err := s.db.OwnEmojis(r.Context(), false)
	if err != nil {
		return nil, err
	}
	c, err := s.newCards(r)
	if err != nil {
		return nil, err
	}
	query := strings.ReplaceAll(name, "_", " ")
	words := s.words(r)
	list := []completion{}
	for _, g := range append(c.customGroups(own, query), s.pages.EmojiGroups(r.language().Code, query)...) {
		for _, e := range g.Custom {
			list = append(list, completion{e.Value, "", e.Picture})
		}
		for _, e := range g.Emoji {
			list = append(list, completion{Text: e, Name: words.EmojiName(e)})
		}
	}
	return list[:min(len(list), completions)], nil
}

// showWords is /words.json?lang=: the words that scripts need, which no page
// carries.
func (s *Server) showWords(w http.ResponseWriter, r *request) error {
	language := templates.MatchLanguage(r.query("lang"), "")
	w.Header().Set("Cache-Control", "private, max-age=3600")
	return writeJSON(w, s.pages.WordsIn(language.Code).ScriptWords())
}

// writeJSON answers a script.
func writeJSON(w http.ResponseWriter, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("answer a script: %w", err)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(body) // the reader having gone is nobody's error
	return nil
}
