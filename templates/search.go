package templates

// SearchHelp is one line of how to search: what to type and the message that
// explains it.
type SearchHelp struct{ Code, Key string }

// searchHelp explains the operators that store.ParseSearch reads.
func searchHelp() []SearchHelp {
	return []SearchHelp{
		{"moss fern", "search.help_words"}, {`"moss and fern"`, "search.help_phrase"}, {"moss -fern", "search.help_not"}, {"seed*", "search.help_begin"},
		{"from:sam@there.example", "search.help_from"}, {"has:media", "search.help_has"}, {"is:reply", "search.help_reply"}, {"in:library", "search.help_library"},
		{"#moss", "search.help_tag"}, {"lang:de", "search.help_lang"}, {"after:2026-01-31 before:2026-03-01", "search.help_dates"},
	}
}
