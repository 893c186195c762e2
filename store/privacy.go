package store

import (
	"context"
	"encoding/json"
)

// PrivacyChange is what a member changes of who finds them, who sees what of
// them and who may do what. What is nil stays.
type PrivacyChange struct {
	Locked       *bool // they decide who follows
	Discoverable *bool // in the directory and in suggestions
	Indexable    *bool // by search engines and other servers' search
	HidesNetwork *bool // whom they follow and who follows them is not shown
	HidesCounts  *bool // how many those are is not shown
	HidesPosts   *bool // visitors get no list of their posts

	Messages *MessageRule
	Policy   *InteractionPolicy // that new posts begin with
}

// flags are the bits of the account's flags that are given.
func (c *PrivacyChange) flags() map[int]*bool {
	return map[int]*bool{flagLocked: c.Locked, flagDiscoverable: c.Discoverable, flagIndexable: c.Indexable,
		flagHidesCounts: c.HidesCounts, flagHidesPosts: c.HidesPosts}
}

// ChangePrivacy changes what is given, and tells other servers if the account is
// another one for them. *InputError if there is no such rule for messages.
func (db *DB) ChangePrivacy(ctx context.Context, accountID int64, c PrivacyChange) error {
	if c.Messages != nil && (*c.Messages < MessagesUsual || *c.Messages > MessagesAll) {
		return &InputError{Field: "messages", Problem: InputRefused}
	}
	return db.write(ctx, "change privacy", func(t *tx) error {
		if err := changeShown(t, accountID, c); err != nil {
			return err
		}
		if c.Messages != nil {
			if err := setMessageRule(t, accountID, *c.Messages); err != nil {
				return err
			}
		}
		if c.Policy == nil {
			return nil
		}
		return changePreferences(t, accountID, func(p *Preferences) { p.Policy = *c.Policy })
	})
}

// changeShown changes what stands with the account itself.
func changeShown(t *tx, accountID int64, c PrivacyChange) error {
	var before int
	var hides bool
	if err := t.row(`SELECT flags, hides_network FROM account WHERE id = ? AND host = '' AND state = 0`, []any{accountID}, &before, &hides); err != nil {
		return err
	}
	flags, hidden := before, hides
	for bit, set := range c.flags() {
		switch {
		case set == nil:
		case *set:
			flags |= bit
		default:
			flags &^= bit
		}
	}
	if c.HidesNetwork != nil {
		hidden = *c.HidesNetwork
	}
	if flags == before && hidden == hides {
		return nil
	}
	if _, err := t.exec(`UPDATE account SET flags = ?, hides_network = ? WHERE id = ?`, flags, hidden, accountID); err != nil {
		return err
	}
	return addOutbox(t, OutboxUpdateAccount, accountID, OutboxDetail{})
}

// changePreferences changes a part of a member's preferences.
func changePreferences(t *tx, accountID int64, change func(*Preferences)) error {
	var text string
	if err := t.row(`SELECT preferences FROM user WHERE account_id = ?`, []any{accountID}, &text); err != nil {
		return err
	}
	var p Preferences
	if text != "" {
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			return err
		}
	}
	change(&p)
	_, err := t.exec(`UPDATE user SET preferences = ? WHERE account_id = ?`, encodeJSON(p), accountID)
	return err
}

// ShowsPostsTo says whether a viewer gets lists of the account's posts: see
// HidesPosts. Which posts those hold is decided by visibility.go.
func (a *Account) ShowsPostsTo(v Viewer) bool { return !a.HidesPosts || v.AccountID != 0 }

// ShowsPosts says the same where the admins have their say too: they may keep
// everybody's lists from visitors.
func (s Settings) ShowsPosts(a *Account, v Viewer) bool {
	return (s.PublicProfiles || v.AccountID != 0) && a.ShowsPostsTo(v)
}

// ShowsNetworkTo says whether a viewer may see whom the account follows, and who
// follows it.
func (a *Account) ShowsNetworkTo(v Viewer) bool { return !a.HidesNetwork || a.ID == v.AccountID }

// ShowsCountsTo says the same of how many those are.
func (a *Account) ShowsCountsTo(v Viewer) bool { return !a.HidesCounts || a.ID == v.AccountID }
