package store

// MessageRule is from whom private posts come to a member without being asked.
// Those of others are held back as requests. Answers in a conversation that the
// member took part in always come.
type MessageRule int

// The rules.
const (
	MessagesUsual    MessageRule = iota // people whom they follow, and members of this server
	MessagesFollowed                    // people whom they follow
	MessagesNobody
	MessagesAll // everybody
)

var messageRules = [...]string{"usual", "followed", "nobody", "all"}

// String returns the rule as forms write it.
func (m MessageRule) String() string { return messageRules[m] }

// ParseMessageRule reads a rule as forms write it; *InputError if there is none such.
func ParseMessageRule(s string) (MessageRule, error) {
	for i, name := range messageRules {
		if s == name {
			return MessageRule(i), nil
		}
	}
	return 0, &InputError{Field: "messages", Problem: InputRefused}
}

// MessageRule is what the policy says about private posts.
func (p *NotificationPolicy) MessageRule() MessageRule {
	if p.PrivateMentions == AcceptNotification {
		return MessagesAll
	}
	return p.Messages
}

// setMessageRule changes a policy's part about private posts: those that were
// dropped are dropped on, unless everybody may write.
func setMessageRule(t *tx, accountID int64, rule MessageRule) error {
	p, err := txNotificationPolicy(t, accountID)
	if err != nil {
		return err
	}
	switch {
	case p.MessageRule() == rule:
		return nil
	case rule == MessagesAll:
		p.PrivateMentions = AcceptNotification
		return putNotificationPolicy(t, accountID, p)
	case p.PrivateMentions == AcceptNotification:
		p.PrivateMentions = HoldNotification
	}
	p.Messages = rule
	return putNotificationPolicy(t, accountID, p)
}
