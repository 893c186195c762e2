package store

import "fmt"

// Visibility is who may see a post, besides its author and whom it mentions.
type Visibility int

// The visibilities. LocalOnly never leaves this server.
const (
	Public    Visibility = iota // everyone, and in the public timelines
	Unlisted                    // everyone who finds it ("quiet public")
	Followers                   // who follows the author
	Direct                      // the people mentioned
	LocalOnly                   // the members of this server
)

var visibilityNames = [...]string{"public", "unlisted", "followers", "direct", "local"}

// String returns the visibility as forms write it.
func (v Visibility) String() string {
	if v < Public || v > LocalOnly {
		return fmt.Sprintf("visibility %d", int(v))
	}
	return visibilityNames[v]
}

// ParseVisibility reads a visibility as forms write it.
func ParseVisibility(s string) (Visibility, error) {
	for i, name := range visibilityNames {
		if s == name {
			return Visibility(i), nil
		}
	}
	return 0, fmt.Errorf("unknown visibility %q", s)
}

// Within returns v, narrowed so that it is not wider than its parent: what was
// said among few is not answered before many. Where neither circle holds the
// other, the people mentioned are left.
func (v Visibility) Within(parent Visibility) Visibility {
	switch {
	case v == parent:
		return v
	case v == Direct || parent == Direct:
		return Direct
	case v == LocalOnly && parent == Followers || v == Followers && parent == LocalOnly:
		return Direct
	case v == LocalOnly || parent == LocalOnly:
		return LocalOnly
	}
	return max(v, parent)
}

// Viewer is who looks: a member, somebody on another server (signed requests),
// or, as zero value, a visitor.
type Viewer struct {
	AccountID int64
	Member    bool // of this server
}

// AsMember is the viewer of a logged-in account.
func AsMember(accountID int64) Viewer { return Viewer{AccountID: accountID, Member: true} }

// AsRemote is the viewer of an account elsewhere.
func AsRemote(accountID int64) Viewer { return Viewer{AccountID: accountID} }

// boostShown is whether the viewer ?1 may see that the boost b of the post p was
// made, if they may see p: one for a smaller circle than the post is for the
// followers of who boosted it.
const boostShown = `(b.visibility <= 1 OR b.visibility = p.visibility OR b.account_id = ?1
	OR EXISTS (SELECT 1 FROM follow bf WHERE bf.account_id = ?1 AND bf.target_id = b.account_id AND bf.accepted))`

// visible is the one place that decides who may see a post: a condition on a
// post p and its author a, with the viewer as ?1 and whether they are a member
// as ?2. When two rules meet, the stricter wins: a block hides in both
// directions whatever else would show the post, and nothing is shown of those who
// are suspended, here or by their own server (flagSuspended), or whose server is
// not spoken with (flagHidden). A reply that waits for the agreement of whom it
// answers is seen by them and its author alone; one elsewhere that shows no
// approval (4) is seen as a post, and in no thread but its own.
const visible = `(a.state = 0 AND a.flags & 96 = 0 AND (p.account_id = ?1 OR (
	(p.approval IN (0, 4) OR p.approval = 1 AND p.reply_to_account_id = ?1)
	AND (p.visibility <= 1
	 OR (p.visibility = 4 AND ?2)
	 OR (p.visibility = 2 AND EXISTS (SELECT 1 FROM follow vf WHERE vf.account_id = ?1 AND vf.target_id = p.account_id AND vf.accepted))
	 OR (p.visibility IN (2, 3) AND EXISTS (SELECT 1 FROM mention vm WHERE vm.post_id = p.id AND vm.account_id = ?1)))
	AND ` + notBlocked + `)))`

// shown holds of accounts that lists of people name.
const shown = `a.state = 0 AND a.flags & 64 = 0`

// notBlocked holds if neither the viewer ?1 nor the author a blocked the other.
const notBlocked = `(?1 = 0 OR (NOT EXISTS (SELECT 1 FROM block vb WHERE vb.account_id = a.id AND vb.target_id = ?1)
	AND NOT EXISTS (SELECT 1 FROM block vc WHERE vc.account_id = ?1 AND vc.target_id = a.id)))`

// args puts the viewer's arguments before others.
func (v Viewer) args(more ...any) []any {
	return append([]any{v.AccountID, v.Member}, more...)
}
