package templates

import "sync"

// Speaker puts messages into words outside of pages, where the language is that
// of whoever will read them. A catalogue is read when it is first needed. The
// zero value is ready, and safe for concurrent use.
type Speaker struct {
	mu    sync.Mutex
	words map[string]*Catalogue
}

// Say is a message in a language that a member chose; "" is the fallback.
func (s *Speaker) Say(chosen string, m Msg) (string, error) {
	code := MatchLanguage(chosen, "").Code
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.words[code] == nil {
		c, err := LoadCatalogue(code)
		if err != nil {
			return "", err
		}
		if s.words == nil {
			s.words = map[string]*Catalogue{}
		}
		s.words[code] = c
	}
	return s.words[code].TM(m), nil
}
