package templates

// HeldPage is /notifications/filtered: whom the member's policy holds back.
type HeldPage struct {
	*Frame
	Rows  []HeldRow
	Pager Pager
}

// HeldRow is one of them.
type HeldRow struct {
	ID      int64
	From    AccountCard
	Count   int
	Excerpt string // of what they wrote last, or empty
	URL     string // of that post
	At      Moment
}

// NotificationSettingsPage is /settings/notifications.
type NotificationSettingsPage struct {
	*Frame
	Kinds  []KindRow
	Policy []PolicyRow
	Woken  []Woken
	Key    string // with which this browser can subscribe; empty: it has
}

// Woken is a browser or an app that is woken by push.
type Woken struct {
	ID    int64
	Name  string // empty: a token that no app asked for
	Since Moment
	Here  bool // the browser that asks
}

// KindRow is a kind of notifications and where the member wants it.
type KindRow struct {
	Kind       string
	Page, Push bool
}

// PolicyRow is a rule about strangers and what it does.
type PolicyRow struct{ Name, Value string }

// MessagesPage is /messages.
type MessagesPage struct {
	*Frame
	Rows  []ConversationRow
	Pager Pager
}

// ConversationRow is one conversation in the list.
type ConversationRow struct {
	ID            int64
	People        []Account // nobody: a note to oneself
	Excerpt       string
	Mine          bool // the last line is the member's
	At            Moment
	Unread, Muted bool
}

// MessagePage is /messages/{id}.
type MessagePage struct {
	*Frame
	ConversationRow
	Posts    []Post // oldest first
	Composer *Composer
	Older    string // URL of what came before, or empty
	Newer    string
}

func (HeldPage) name() string                 { return "notifications_filtered" }
func (NotificationSettingsPage) name() string { return "settings_notifications" }
func (MessagesPage) name() string             { return "messages" }
func (MessagePage) name() string              { return "message" }

// verdicts are what a rule about strangers can do.
func verdicts() []Choice { return choices("told.do_", "accept", "filter", "drop") }
