package store

import (
	"context"
	"errors"
	"time"
)

// NotificationVerdict is what becomes of what a stranger does.
type NotificationVerdict int

// The verdicts. What is held waits with who did it for the member's answer.
const (
	AcceptNotification NotificationVerdict = iota
	HoldNotification
	DropNotification
)

// NotificationPolicy is of whom, and of what, a member wants to be told.
type NotificationPolicy struct {
	NotFollowing    NotificationVerdict // people whom the member does not follow
	NotFollowers    NotificationVerdict // people who do not follow the member, or not for three days yet
	NewAccounts     NotificationVerdict // accounts made in the last thirty days
	PrivateMentions NotificationVerdict // private posts from elsewhere, of people not followed, that answer nothing of the member's
	LimitedAccounts NotificationVerdict // accounts that the moderators limit; nobody can be yet

	Messages MessageRule // whom PrivateMentions lets through; never MessagesAll, see MessageRule

	Off    []NotificationKind // of these the member is not told at all
	NoPush []NotificationKind // these stay on the pages
}

// Of two things in a policy: an account is new for newAccount, a follower for
// newFollower.
const (
	newAccount  = 30 * 24 * time.Hour
	newFollower = 3 * 24 * time.Hour
)

// usualPolicy holds for who chose none. It is that of Mastodon, so that apps
// show people what they know.
func usualPolicy() NotificationPolicy {
	return NotificationPolicy{PrivateMentions: HoldNotification, LimitedAccounts: HoldNotification}
}

// fields are the verdicts in the order of the table's columns.
func (p *NotificationPolicy) fields() []*NotificationVerdict {
	return []*NotificationVerdict{&p.NotFollowing, &p.NotFollowers, &p.NewAccounts, &p.PrivateMentions, &p.LimitedAccounts}
}

const policyColumns = `np.not_following, np.not_followers, np.new_accounts, np.private_mentions, np.limited_accounts, np.off, np.no_push, np.messages`

func scanNotificationPolicy(scan func(dest ...any) error) (NotificationPolicy, error) {
	var p NotificationPolicy
	var off, noPush int64
	dest := make([]any, 0, 8)
	for _, v := range p.fields() {
		dest = append(dest, v)
	}
	err := scan(append(dest, &off, &noPush, &p.Messages)...)
	if errors.Is(err, ErrNotFound) {
		return usualPolicy(), nil
	}
	p.Off, p.NoPush = kindsOf(off), kindsOf(noPush)
	return p, err
}

// kindBits and kindsOf write kinds as bits of a number and back.
func kindBits(kinds []NotificationKind) (bits int64) {
	for _, k := range kinds {
		bits |= 1 << k
	}
	return bits
}

func kindsOf(bits int64) (kinds []NotificationKind) {
	for _, k := range NotificationKinds() {
		if bits&(1<<k) != 0 {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// NotificationPolicy returns a member's policy.
func (db *DB) NotificationPolicy(ctx context.Context, accountID int64) (NotificationPolicy, error) {
	return scanNotificationPolicy(func(dest ...any) error {
		return db.row(ctx, `SELECT `+policyColumns+` FROM notification_policy np WHERE np.account_id = ?`, []any{accountID}, dest...)
	})
}

// SetNotificationPolicy changes what a member is told from now on. An
// *InputError names the verdict or kind that is none.
func (db *DB) SetNotificationPolicy(ctx context.Context, accountID int64, p NotificationPolicy) error {
	for _, v := range p.fields() {
		if *v < AcceptNotification || *v > DropNotification {
			return &InputError{Field: "policy", Problem: InputRefused}
		}
	}
	for _, k := range append(append([]NotificationKind{}, p.Off...), p.NoPush...) {
		if k < 0 || int(k) >= len(notificationKinds) {
			return &InputError{Field: "kinds", Problem: InputRefused}
		}
	}
	return db.write(ctx, "set notification policy", func(t *tx) error { return putNotificationPolicy(t, accountID, p) })
}

func putNotificationPolicy(t *tx, accountID int64, p NotificationPolicy) error {
	args := []any{accountID}
	for _, v := range p.fields() {
		args = append(args, *v)
	}
	_, err := t.exec(`INSERT OR REPLACE INTO notification_policy (account_id, not_following, not_followers, new_accounts, private_mentions, limited_accounts, off, no_push, messages)
		SELECT u.account_id, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 FROM user u WHERE u.account_id = ?1`, append(args, kindBits(p.Off), kindBits(p.NoPush), p.Messages)...)
	return err
}

func txNotificationPolicy(t *tx, accountID int64) (NotificationPolicy, error) {
	return scanNotificationPolicy(func(dest ...any) error {
		return t.row(`SELECT `+policyColumns+` FROM notification_policy np WHERE np.account_id = ?`, []any{accountID}, dest...)
	})
}

// ofStrangers says whether the policy about people holds for a kind: what the
// member asked for, or must know, comes in any case.
func (k NotificationKind) ofStrangers() bool {
	switch k {
	case NotifyMention, NotifyReply, NotifyFollow, NotifyFollowRequest, NotifyFavourite, NotifyBoost, NotifyReaction, NotifyQuote, NotifyAsked, NotifyAlt:
		return true
	}
	return false
}

// judge says what a member's policy makes of a deed. Accounts that are not
// members are told nothing.
func judge(t *tx, accountID int64, kind NotificationKind, fromID, postID int64) (NotificationVerdict, error) {
	member, err := t.exists(`SELECT 1 FROM user WHERE account_id = ?`, accountID)
	if err != nil || !member {
		return DropNotification, err
	}
	p, err := txNotificationPolicy(t, accountID)
	if err != nil {
		return DropNotification, err
	}
	if kindBits(p.Off)&(1<<kind) != 0 {
		return DropNotification, nil
	}
	if !kind.ofStrangers() {
		return AcceptNotification, nil
	}
	return p.judge(t, accountID, kind, fromID, postID)
}

// judge looks at who did it. The strictest verdict counts, unless the member
// accepted them once, or they run this place.
func (p *NotificationPolicy) judge(t *tx, accountID int64, kind NotificationKind, fromID, postID int64) (NotificationVerdict, error) {
	verdict := AcceptNotification
	for _, rule := range []struct {
		verdict NotificationVerdict
		holds   string // for ?1 the member, ?2 who did it, ?3 the post, ?4 and ?5 since when somebody is new
	}{
		{p.NotFollowing, notFollowing},
		{p.NotFollowers, `NOT EXISTS (SELECT 1 FROM follow f WHERE f.account_id = ?2 AND f.target_id = ?1 AND f.accepted AND f.created_at <= ?5)`},
		{p.NewAccounts, `EXISTS (SELECT 1 FROM account a WHERE a.id = ?2 AND a.created_at > ?4)`},
		{p.PrivateMentions, privateMention(kind, p.Messages)},
	} {
		if rule.verdict <= verdict {
			continue
		}
		// Each parameter is named once more, as not every rule uses all of them.
		holds, err := t.exists(`SELECT 1 WHERE `+rule.holds+`
			AND NOT EXISTS (SELECT 1 FROM notification_permission np WHERE np.account_id = ?1 AND np.from_id = ?2)
			AND NOT EXISTS (SELECT 1 FROM user s WHERE s.account_id = ?2 AND s.role > 0) AND ?3 = ?3 AND ?4 = ?4 AND ?5 = ?5`,
			accountID, fromID, postID, millis(t.now.Add(-newAccount)), millis(t.now.Add(-newFollower)))
		if err != nil {
			return DropNotification, err
		}
		if holds {
			verdict = rule.verdict
		}
	}
	return verdict, nil
}

const notFollowing = `NOT EXISTS (SELECT 1 FROM follow f WHERE f.account_id = ?1 AND f.target_id = ?2 AND f.accepted)`

// privateMention holds of a private post that nobody asked for, from whom the
// rule does not let through: it answers no post of the member, who wrote none in
// its thread. Usually people of one server are no strangers to each other.
func privateMention(kind NotificationKind, rule MessageRule) string {
	if kind != NotifyMention {
		return `FALSE`
	}
	from := `TRUE`
	switch rule {
	case MessagesUsual:
		from = notFollowing + ` AND EXISTS (SELECT 1 FROM account a WHERE a.id = ?2 AND a.host <> '')`
	case MessagesFollowed:
		from = notFollowing
	}
	return from + ` AND EXISTS (SELECT 1 FROM post p WHERE p.id = ?3 AND p.visibility = 3 AND NOT EXISTS
		(SELECT 1 FROM post o WHERE o.thread_id = p.thread_id AND o.visibility = 3 AND o.account_id = ?1))`
}
