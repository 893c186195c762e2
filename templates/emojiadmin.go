package templates

// EmojiAdminPage is /admin/emoji: our own emoji, or those of another server.
type EmojiAdminPage struct {
	*Frame
	Form    EmojiForm // what was typed
	Groups  []EmojiAdminGroup
	Sources []EmojiSource
	From    string // the other server; empty: ours
	Query   string // what their names must hold
	Next    string // the last name, if there are more
}

// EmojiEditPage is /admin/emoji/{id}.
type EmojiEditPage struct {
	*Frame
	Row  EmojiRow
	Form EmojiForm
}

// EmojiForm is the fields that describe an emoji.
type EmojiForm struct{ Name, Category, Aliases, Licence, Credits string }

// EmojiAdminGroup is a category.
type EmojiAdminGroup struct {
	Category string
	Rows     []EmojiRow
}

// EmojiRow is one emoji.
type EmojiRow struct {
	ID                                                 int64
	Name, Picture, Category, Aliases, Licence, Credits string
	Disabled                                           bool
}

// EmojiSource is a server whose emoji were seen here.
type EmojiSource struct {
	Host  string
	Count int
}
