package templates

import (
	"strings"

	"golang.org/x/text/feature/plural"
)

// ScriptWords are the messages that scripts put together themselves: those of
// the table "script", and how long ago something was. Each is a text with its
// {placeholders}, or one for each plural category that the language has.
func (c *Catalogue) ScriptWords() map[string]any {
	words := map[string]any{}
	for key, m := range c.messages {
		if name, ok := strings.CutPrefix(key, "script."); ok {
			words[name] = m.source()
		}
	}
	for _, name := range []string{"now", "minutes", "hours"} {
		words[name] = c.messages["time."+name].source()
	}
	return words
}

// source is the message as it was written.
func (m *message) source() any {
	if !m.plural {
		return join(m.forms[plural.Other])
	}
	forms := map[string]string{}
	for category, form := range pluralForms {
		if pieces := m.forms[form]; pieces != nil {
			forms[category] = join(pieces)
		}
	}
	return forms
}

func join(pieces []piece) string {
	var b strings.Builder
	for _, p := range pieces {
		if p.arg {
			b.WriteString("{" + p.text + "}")
		} else {
			b.WriteString(p.text)
		}
	}
	return b.String()
}
