package store

import "fmt"

// Deed is what people do with somebody's post and its author may keep for some.
type Deed int

// The deeds.
const (
	DeedReply Deed = iota
	DeedBoost
	DeedFavourite
	DeedQuote
)

// Deeds lists them all.
var Deeds = [...]Deed{DeedReply, DeedBoost, DeedFavourite, DeedQuote}

var deedNames = [...]string{"reply", "boost", "favourite", "quote"}

// String returns the deed as forms write it.
func (d Deed) String() string {
	if d < DeedReply || d > DeedQuote {
		return fmt.Sprintf("deed %d", int(d))
	}
	return deedNames[d]
}

// Circle is a set of people around a post, besides its author.
type Circle int

// The circles; the zero value is nobody.
const (
	CircleEveryone  Circle = 1 << iota // who can see the post
	CircleFollowers                    // who follows the author
	CircleFollowing                    // whom the author follows
	CircleNamed                        // whom the post mentions
)

// Rule is for whom one deed is.
type Rule struct {
	Said   bool   // the author's server knows of such rules
	Always Circle // may do it without asking
	Ask    Circle // may do it when the author agrees
}

// InteractionPolicy is the rules of a post, one for each deed, in 9 bits each.
// The zero value has none: all is permitted to who can see the post.
type InteractionPolicy int64

const (
	ruleBits   = 9
	circleBits = 4
	circleMask = 1<<circleBits - 1

	saidBits  InteractionPolicy = 1 | 1<<ruleBits | 1<<(2*ruleBits) | 1<<(3*ruleBits)
	provenBit InteractionPolicy = 1 << (ruleBits * int64(len(Deeds)))
)

// Proven says that the author's server gives whoever is permitted an approval to
// show, so that who has none is not (GoToSocial). Others have rules and no such
// thing (Pixelfed, PeerTube): what reaches us of theirs is taken as permitted.
func (p InteractionPolicy) Proven() bool { return p&provenBit != 0 }

// WithProof returns the policy as one of a server that gives approvals.
func (p InteractionPolicy) WithProof() InteractionPolicy {
	if p == 0 {
		return 0
	}
	return p | provenBit
}

// Rule returns what holds for one deed.
func (p InteractionPolicy) Rule(d Deed) Rule {
	bits := p >> (ruleBits * int(d))
	return Rule{bits&1 != 0, Circle(bits>>1) & circleMask, Circle(bits>>(1+circleBits)) & circleMask}
}

// With returns the policy with another rule for one deed.
func (p InteractionPolicy) With(d Deed, r Rule) InteractionPolicy {
	shift := ruleBits * int(d)
	p &^= (1<<ruleBits - 1) << shift
	if !r.Said {
		return p
	}
	return p | InteractionPolicy(1|r.Always<<1|r.Ask<<(1+circleBits))<<shift
}

// open says that whatever the rules are about is for everybody, as it is in most
// posts of Mastodon: how somebody stands to the post need not be known.
func (p InteractionPolicy) open() bool { return p&saidBits<<1&^p == 0 }

// openSQL is open for a post p.
var openSQL = fmt.Sprintf(`((p.policy & %d) << 1) & ~p.policy = 0`, saidBits)

// unquotable is whether nobody may quote a post x: the rule for quotes is said, and
// for no circle.
var unquotable = fmt.Sprintf(`(x.policy >> %d) & %d = 1`, ruleBits*int(DeedQuote), 1<<ruleBits-1)

// Verdict is whether somebody may do something with a post.
type Verdict int

// The verdicts.
const (
	Permitted Verdict = iota
	MustAsk           // the author is asked first
	Refused
)

// relation is how somebody stands to a post, as relationSQL computes it.
type relation int

const (
	relFollower relation = 1 << iota
	relFollowed
	relNamed
	relSelf
)

// relationSQL computes the relation of the account ?1 to a post p.
const relationSQL = `EXISTS (SELECT 1 FROM follow rf WHERE rf.account_id = ?1 AND rf.target_id = p.account_id AND rf.accepted)
	+ 2 * EXISTS (SELECT 1 FROM follow rg WHERE rg.account_id = p.account_id AND rg.target_id = ?1 AND rg.accepted)
	+ 4 * (p.reply_to_account_id = ?1 OR EXISTS (SELECT 1 FROM mention rm WHERE rm.post_id = p.id AND rm.account_id = ?1))
	+ 8 * (p.account_id = ?1)`

func (c Circle) holds(r relation) bool {
	return c&CircleEveryone != 0 || c&CircleFollowers != 0 && r&relFollower != 0 ||
		c&CircleFollowing != 0 && r&relFollowed != 0 || c&CircleNamed != 0 && r&relNamed != 0
}

// judge applies the rule of one deed. Whom a post names or answers may always answer it:
// nobody is to be talked about without a word of their own (GoToSocial). At
// another server only its own knows who its author's followers are: they ask too,
// and it says yes by itself.
func (p InteractionPolicy) judge(d Deed, r relation, remote bool) Verdict {
	rule := p.Rule(d)
	switch {
	case !rule.Said, r&relSelf != 0, d == DeedReply && r&relNamed != 0, rule.Always&CircleEveryone != 0:
		return Permitted
	case rule.Always.holds(r) && !remote:
		return Permitted
	case rule.Always.holds(r), rule.Ask.holds(r):
		return MustAsk
	}
	return Refused
}

// Approval is how far the author of what a reply answers agrees to it.
type Approval int

// The states of approval.
const (
	ApprovalNone    Approval = iota // none is needed, or it was given
	ApprovalWaiting                 // seen by its author and by who is asked
	ApprovalRefused                 // seen by its author only
	approvalGiven                   // of rows that keep what was asked

	// ApprovalUnproven is of replies between two other servers whose approval was
	// not seen: they stand by themselves, and in no thread.
	ApprovalUnproven
)

// verdictOn says whether an account may do something with a stored post.
func verdictOn(t *tx, d Deed, p *Post, accountID int64) (Verdict, error) {
	var policy InteractionPolicy
	var rel relation
	err := t.row(`SELECT p.policy, `+relationSQL+` FROM post p WHERE p.id = ?2`, []any{accountID, p.ID}, &policy, &rel)
	if err != nil || policy == 0 {
		return Permitted, err
	}
	return policy.judge(d, rel, !t.db.IsLocal(p.URI)), nil
}
