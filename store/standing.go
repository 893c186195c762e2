package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// Standing is how a member stands to everybody else: what visibility.go and
// heard.go look up for each row, in memory for whoever reads along for hours.
// It is as it was when it was read; NewsStanding tells when to read it again.
type Standing struct {
	AccountID int64

	following, followers sortedIDs
	blocking, blockedBy  sortedIDs
	muted, threads       sortedIDs // accounts; muted threads
	away                 sortedIDs // in exclusive lists
	noBoosts             sortedIDs
	languages            map[int64]string // as the column has it
	tags                 map[string]bool  // hashtags that they follow
	hosts                map[string]bool
	lists                map[int64]*listStanding
	filters              []*compiledFilter
}

type listStanding struct {
	replies   ListReplies
	exclusive bool
	members   sortedIDs
}

// The parts of a standing, as its query names them.
const (
	partFollow = iota
	partFollower
	partBlock
	partBlocked
	partMute
	partHost
	partThread
	partList
	partListed
	partTag
)

// Standing reads how a member stands to everybody else.
func (db *DB) Standing(ctx context.Context, accountID int64) (*Standing, error) {
	s := &Standing{AccountID: accountID}
	err := db.rows(ctx, `SELECT 0, target_id, accepted, boosts, languages FROM follow WHERE account_id = ?1
		UNION ALL SELECT 1, account_id, 0, 0, '' FROM follow WHERE target_id = ?1 AND accepted
		UNION ALL SELECT 2, target_id, 0, 0, '' FROM block WHERE account_id = ?1
		UNION ALL SELECT 3, account_id, 0, 0, '' FROM block WHERE target_id = ?1
		UNION ALL SELECT 4, target_id, 0, 0, '' FROM mute WHERE account_id = ?1
		UNION ALL SELECT 5, 0, 0, 0, host FROM host_block WHERE account_id = ?1
		UNION ALL SELECT 6, thread_id, 0, 0, '' FROM thread_choice WHERE account_id = ?1 AND choice = 1
		UNION ALL SELECT 7, id, replies, exclusive, '' FROM list WHERE account_id = ?1
		UNION ALL SELECT 8, account_id, list_id, 0, '' FROM list_member WHERE owner_id = ?1
		UNION ALL SELECT 9, 0, 0, 0, t.name FROM tag_follow tf JOIN tag t ON t.id = tf.tag_id WHERE tf.account_id = ?1`, []any{accountID}, func(rows *sql.Rows) error {
		var part int
		var id, a, b int64
		var text string
		err := rows.Scan(&part, &id, &a, &b, &text)
		s.add(part, id, a, b, text)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("standing of %d: %w", accountID, err)
	}
	s.sort()
	s.filters, err = db.compiledFilters(ctx, accountID)
	return s, err
}

func (s *Standing) add(part int, id, a, b int64, text string) {
	switch part {
	case partFollow:
		s.addFollow(id, a != 0, b != 0, text)
	case partFollower:
		s.followers = append(s.followers, id)
	case partBlock:
		s.blocking = append(s.blocking, id)
	case partBlocked:
		s.blockedBy = append(s.blockedBy, id)
	case partMute:
		s.muted = append(s.muted, id)
	case partHost:
		if s.hosts == nil {
			s.hosts = map[string]bool{}
		}
		s.hosts[text] = true
	case partThread:
		s.threads = append(s.threads, id)
	case partList:
		s.list(id).replies, s.list(id).exclusive = ListReplies(a), b != 0
	case partTag:
		if s.tags == nil {
			s.tags = map[string]bool{}
		}
		s.tags[text] = true
	case partListed:
		l := s.list(a)
		l.members = append(l.members, id)
	}
}

func (s *Standing) addFollow(id int64, accepted, boosts bool, languages string) {
	if accepted {
		s.following = append(s.following, id)
	}
	if !boosts {
		s.noBoosts = append(s.noBoosts, id)
	}
	if languages != "" {
		if s.languages == nil {
			s.languages = map[int64]string{}
		}
		s.languages[id] = languages
	}
}

func (s *Standing) list(id int64) *listStanding {
	if s.lists == nil {
		s.lists = map[int64]*listStanding{}
	}
	if s.lists[id] == nil {
		s.lists[id] = &listStanding{}
	}
	return s.lists[id]
}

func (s *Standing) sort() {
	for _, l := range s.lists {
		slices.Sort(l.members)
		if l.exclusive {
			s.away = append(s.away, l.members...)
		}
	}
	for _, set := range []sortedIDs{s.following, s.followers, s.blocking, s.blockedBy, s.muted, s.threads, s.away, s.noBoosts} {
		slices.Sort(set)
	}
}

// Sees is the condition visible of visibility.go for a member.
func (s *Standing) Sees(p *PostScope) bool {
	if p.gone {
		return false
	}
	if p.AccountID == s.AccountID {
		return true
	}
	if p.approval != ApprovalNone && p.approval != ApprovalUnproven && !(p.approval == ApprovalWaiting && p.answers == s.AccountID) {
		return false
	}
	if s.blocking.has(p.AccountID) || s.blockedBy.has(p.AccountID) {
		return false
	}
	switch p.visibility {
	case Public, Unlisted, LocalOnly:
		return true
	case Followers:
		return s.following.has(p.AccountID) || p.mentions.has(s.AccountID)
	case Direct:
		return p.mentions.has(s.AccountID)
	}
	return false
}

// Hears is the condition heard of heard.go.
func (s *Standing) Hears(p *PostScope) bool {
	return !s.muted.has(p.AccountID) && !s.hosts[p.Host]
}

// hearsHome is the condition heardHome.
func (s *Standing) hearsHome(p *PostScope) bool {
	b := p.Booster
	return s.Hears(p) && !s.muted.has(p.answers) && !s.threads.has(p.thread) &&
		(b.AccountID == 0 || !s.muted.has(b.AccountID) && !s.blocking.has(b.AccountID) && !b.hidden && !s.hosts[b.Host])
}

// brings is the condition bringing, of the follow of who brought the post.
func (s *Standing) brings(p *PostScope) bool {
	by := p.bringer()
	if p.Booster.AccountID != 0 && s.noBoosts.has(by) {
		return false
	}
	wanted := s.languages[by]
	if wanted == "" || p.language == "" {
		return true
	}
	language, _, _ := strings.Cut(p.language, "-")
	return strings.Contains(wanted, ","+strings.ToLower(language)+",")
}

// bringer is who boosted the post, or wrote it.
func (p *PostScope) bringer() int64 {
	if p.Booster.AccountID != 0 {
		return p.Booster.AccountID
	}
	return p.AccountID
}

// ShowsAtHome says whether a line of home is shown: what HomeTimeline asks of
// the lines that are there.
func (s *Standing) ShowsAtHome(p *PostScope) bool {
	return s.Sees(p) && s.hearsHome(p) && s.brings(p) && !s.away.has(p.bringer())
}

// InList says whether a list of the member has the post: see ListTimeline.
func (s *Standing) InList(listID int64, p *PostScope) bool {
	l := s.lists[listID]
	if l == nil || !l.members.has(p.bringer()) || !s.Sees(p) || !s.hearsHome(p) || !s.brings(p) {
		return false
	}
	if p.Booster.AccountID != 0 {
		return s.seesBoost(p)
	}
	return p.visibility != Direct && s.listReplies(l, p)
}

// seesBoost is the condition boostShown.
func (s *Standing) seesBoost(p *PostScope) bool {
	b := p.Booster
	return b.circle <= Unlisted || b.circle == p.visibility || b.AccountID == s.AccountID || s.following.has(b.AccountID)
}

func (s *Standing) listReplies(l *listStanding, p *PostScope) bool {
	if !p.answersUnknown && (p.answers == 0 || p.answers == s.AccountID || p.answers == p.AccountID) {
		return true
	}
	switch l.replies {
	case RepliesToList:
		return l.members.has(p.answers)
	case RepliesToFollowed:
		return s.following.has(p.answers)
	}
	return false
}

// BringsHome says whether a post that is gone may have stood in the member's
// home: ShowsAtHome, of what those whom they follow, a hashtag that they follow,
// or they themselves brought.
func (s *Standing) BringsHome(p *PostScope) bool {
	by := p.bringer()
	return s.ShowsAtHome(p) && (by == s.AccountID || s.following.has(by) || p.timeline > 0 && slices.ContainsFunc(p.Tags, func(tag string) bool { return s.tags[tag] }))
}
