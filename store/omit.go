package store

import "context"

// Omit is what a member leaves out of a timeline on the pages, and is remembered
// for each of their timelines. Apps have filters of their own: the client API
// reads without.
type Omit int

// What can be left out, added up.
const (
	OmitBoosts Omit = 1 << iota
	OmitReplies
	OmitMedia // posts with attachments
	OmitText  // posts without
	OmitBots  // posts by bots, and their boosts
)

// check refuses what would leave nothing.
func (o Omit) check() error {
	switch {
	case o < 0 || o >= OmitBots<<1:
		return &InputError{Field: "omit", Problem: InputRefused}
	case o&(OmitMedia|OmitText) == OmitMedia|OmitText:
		return &InputError{Field: "media", Problem: InputRefused}
	}
	return nil
}

// condition is what a post p and its author a must be to be left in. It begins
// with AND, or is empty.
func (o Omit) condition() string {
	text := ``
	if o&OmitReplies != 0 {
		text += ` AND p.reply_to_id IS NULL AND p.reply_to_uri IS NULL`
	}
	if o&OmitMedia != 0 {
		text += ` AND NOT EXISTS (SELECT 1 FROM attachment om WHERE om.post_id = p.id)`
	}
	if o&OmitText != 0 {
		text += ` AND EXISTS (SELECT 1 FROM attachment om WHERE om.post_id = p.id)`
	}
	if o&OmitBots != 0 {
		text += ` AND a.flags & 2 = 0`
	}
	return text
}

// boosted is the same of the boost b that may have brought the post.
func (o Omit) boosted() string {
	text := ``
	if o&OmitBoosts != 0 {
		text += ` AND b.id IS NULL`
	}
	if o&OmitBots != 0 {
		text += ` AND (b.id IS NULL OR NOT EXISTS (SELECT 1 FROM account ob WHERE ob.id = b.account_id AND ob.flags & 2))`
	}
	return text
}

// Omits is what a member leaves out of the timelines that everybody has. That of
// a list is in [List].
type Omits struct {
	Home      Omit `json:"home,omitempty"`
	Local     Omit `json:"local,omitempty"`
	Bubble    Omit `json:"bubble,omitempty"`
	Federated Omit `json:"federated,omitempty"`
}

// In is what is left out of the timeline with this name.
func (o *Omits) In(name string) *Omit {
	switch name {
	case "home":
		return &o.Home
	case "local":
		return &o.Local
	case "bubble":
		return &o.Bubble
	case "federated":
		return &o.Federated
	}
	return nil
}

// SetOmit remembers what a member leaves out of the timeline with this name:
// home, local, bubble or federated. ErrNotFound if there is none such,
// *InputError if nothing would be left.
func (db *DB) SetOmit(ctx context.Context, accountID int64, timeline string, o Omit) error {
	if new(Omits).In(timeline) == nil {
		return ErrNotFound
	}
	if err := o.check(); err != nil {
		return err
	}
	return db.write(ctx, "set what a timeline leaves out", func(t *tx) error {
		return changePreferences(t, accountID, func(p *Preferences) { *p.Omits.In(timeline) = o })
	})
}

// SetListOmit is SetOmit of a member's list.
func (db *DB) SetListOmit(ctx context.Context, accountID, listID int64, o Omit) error {
	if err := o.check(); err != nil {
		return err
	}
	return db.write(ctx, "set what a list leaves out", func(t *tx) error {
		n, err := t.exec(`UPDATE list SET omit = ? WHERE id = ? AND account_id = ?`, o, listID, accountID)
		if err != nil {
			return err
		}
		return missingIf(n == 0)
	})
}
