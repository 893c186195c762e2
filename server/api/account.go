package api

import (
	"cmp"
	"context"
	"html"
	"strings"
	"time"

	"seedling/store"
)

// account is the entity Account.
type account struct {
	ID             string  `json:"id"`
	Username       string  `json:"username"`
	Acct           string  `json:"acct"`
	DisplayName    string  `json:"display_name"`
	Locked         bool    `json:"locked"`
	Bot            bool    `json:"bot"`
	Group          bool    `json:"group"`
	Discoverable   bool    `json:"discoverable"`
	Indexable      bool    `json:"indexable"`
	NoIndex        bool    `json:"noindex"`
	CreatedAt      string  `json:"created_at"`
	Note           string  `json:"note"`
	URL            string  `json:"url"`
	URI            string  `json:"uri"`
	Avatar         string  `json:"avatar"`
	AvatarStatic   string  `json:"avatar_static"`
	AvatarText     string  `json:"avatar_description"`
	Header         string  `json:"header"`
	HeaderStatic   string  `json:"header_static"`
	HeaderText     string  `json:"header_description"`
	FollowersCount int     `json:"followers_count"`
	FollowingCount int     `json:"following_count"`
	StatusesCount  int     `json:"statuses_count"`
	LastStatusAt   *string `json:"last_status_at"`
	HideLists      bool    `json:"hide_collections"`
	accountTabs
	Memorial  bool     `json:"memorial,omitempty"`
	Suspended bool     `json:"suspended,omitempty"`
	Limited   bool     `json:"limited,omitempty"`
	Moved     *account `json:"moved,omitempty"`
	Emojis    []emoji  `json:"emojis"`
	Roles     []badge  `json:"roles"`
	Fields    []field  `json:"fields"`

	FeatureApproval *approval `json:"feature_approval"` // who may put it into a collection

	Pleroma accountMore    `json:"pleroma"`
	Source  *accountSource `json:"source,omitempty"` // of one's own
	Role    *role          `json:"role,omitempty"`   // of one's own
}

// accountTabs are the tabs of a profile, which are the same for everybody here.
type accountTabs struct {
	ShowMedia        bool `json:"show_media"`
	ShowMediaReplies bool `json:"show_media_replies"`
	ShowFeatured     bool `json:"show_featured"`
}

var allTabs = accountTabs{ShowMedia: true, ShowMediaReplies: true, ShowFeatured: true}

// field is a row of a profile.
type field struct {
	Name       string  `json:"name"`
	Value      string  `json:"value"`
	VerifiedAt *string `json:"verified_at"`
}

// badge is a role as everybody sees it beside a name.
type badge struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Color string `json:"color"`
}

// role is a role as its holder sees it.
type role struct {
	badge
	Permissions string `json:"permissions"`
	Highlighted bool   `json:"highlighted"`
}

// accountSource is what a member wrote, to be edited.
type accountSource struct {
	Privacy      string   `json:"privacy"`
	Sensitive    bool     `json:"sensitive"`
	Language     string   `json:"language"`
	Note         string   `json:"note"`
	Fields       []field  `json:"fields"`
	Requests     int      `json:"follow_requests_count"`
	HideLists    bool     `json:"hide_collections"`
	Discoverable bool     `json:"discoverable"`
	Indexable    bool     `json:"indexable"`
	QuotePolicy  string   `json:"quote_policy"`
	Attribution  []string `json:"attribution_domains"`
}

// account makes the entity. The accounts that others moved to must have been
// loaded by loadMoved.
func (e *entities) account(a *store.Account) *account {
	v := &account{
		ID: id(a.ID), Username: a.Username, Acct: a.Acct(), DisplayName: a.DisplayName, Locked: a.Locked, Bot: a.Bot, Group: a.Kind == store.Group,
		Discoverable: a.Discoverable, Indexable: a.Indexable, NoIndex: !a.Indexable, CreatedAt: moment(a.CreatedAt.UTC().Truncate(24 * time.Hour)), Note: a.Bio.String(), URL: a.URL, URI: a.URI,
		FollowersCount: max(a.FollowersCount, a.RemoteFollowers), FollowingCount: max(a.FollowingCount, a.RemoteFollowing),
		StatusesCount: max(a.PostsCount, a.RemotePosts), Memorial: a.Memorial,
		Suspended: a.Suspended || a.State != store.AccountActive,
		Emojis:    e.s.emojis(a.Emoji(e.emoji)), Roles: e.badges(a), Fields: fieldsOf(a), HideLists: a.HidesNetwork, accountTabs: allTabs, Pleroma: e.accountMore(a),
	}
	v.FeatureApproval = featureApproval(a)
	if !a.ShowsCountsTo(e.viewer) {
		v.FollowersCount, v.FollowingCount = 0, 0
	}
	if v.URL == "" {
		v.URL = a.URI
	}
	if !a.LastPostAt.IsZero() {
		day := a.LastPostAt.UTC().Format("2006-01-02")
		v.LastStatusAt = &day
	}
	v.Avatar, v.AvatarStatic = e.s.avatarURLs(a)
	v.Header, v.HeaderStatic = e.s.headerURLs(a)
	v.AvatarText, v.HeaderText = a.Pictures.AvatarAlt, a.Pictures.HeaderAlt
	if to := e.moved[a.MovedToURI]; to != nil && a.MovedToURI != "" {
		v.Moved = e.account(notMoved(to))
	}
	return v
}

// notMoved is an account as one that others moved to is shown: without a
// further move, or two that name each other would never end.
func notMoved(a *store.Account) *store.Account {
	b := *a
	b.MovedToURI = ""
	return &b
}

// avatarURLs are the picture of an account, or one that is drawn for it, and
// one that does not move.
func (s *Server) avatarURLs(a *store.Account) (moving, still string) {
	switch {
	case a.AvatarURL == "":
		moving = s.here("/avatars/" + id(a.ID) + ".png")
	case !a.Local():
		moving = s.here(s.db.AvatarPath(a))
	default:
		return s.ownPictures(a.AvatarURL, a.Pictures.AvatarStill)
	}
	return moving, moving
}

// headerURLs are the wide picture of an account. Apps want one in any case.
func (s *Server) headerURLs(a *store.Account) (moving, still string) {
	switch {
	case a.HeaderURL == "":
		moving = s.noHeader()
	case !a.Local():
		moving = s.here(s.db.HeaderPath(a))
	default:
		return s.ownPictures(a.HeaderURL, a.Pictures.HeaderStill)
	}
	return moving, moving
}

// ownPictures are where a picture of a member is served, and a still one of it.
func (s *Server) ownPictures(stored, storedStill string) (moving, still string) {
	return s.db.ServedURL(stored), s.db.ServedURL(cmp.Or(storedStill, stored))
}

func (s *Server) noHeader() string { return s.here("/avatars/header.png") }

func fieldsOf(a *store.Account) []field {
	list := make([]field, len(a.Fields))
	for i, f := range a.Fields {
		list[i] = field{Name: f.Name, Value: bare(f.Value.String()), VerifiedAt: momentOrNil(f.VerifiedAt)}
	}
	return list
}

// bare is the HTML of a field without the paragraph around it: apps show it in a line.
func bare(html string) string {
	if inner, ok := strings.CutPrefix(html, "<p>"); ok && strings.Count(html, "<p>") == 1 {
		return strings.TrimSuffix(inner, "</p>")
	}
	return html
}

// badges are the roles of the staff.
func (e *entities) badges(a *store.Account) []badge {
	role := e.staff[a.ID]
	if role == store.Member {
		return []badge{}
	}
	return []badge{badgeOf(role)}
}

func badgeOf(r store.Role) badge {
	name := r.String()
	return badge{ID: id(int64(r)), Name: strings.ToUpper(name[:1]) + name[1:]}
}

// credential is the entity CredentialAccount: one's own account.
func (s *Server) credential(ctx context.Context, r *request, u *store.User) (*account, error) {
	e, err := s.entities(r)
	if err != nil {
		return nil, err
	}
	if err := e.loadPeople(ctx, []*store.Account{u.Account}); err != nil {
		return nil, err
	}
	requests, err := s.db.CountFollowRequests(ctx, u.Account.ID)
	if err != nil {
		return nil, err
	}
	v, a := e.account(u.Account), u.Account
	v.Source = &accountSource{Privacy: visibilityName(u.Preferences.Visibility), Sensitive: u.Preferences.Sensitive, Language: u.Preferences.Language, Note: a.BioSource, Fields: sourceFields(a),
		Requests: requests, Discoverable: a.Discoverable, Indexable: a.Indexable, QuotePolicy: quoteRuleName(u.Preferences.Policy),
		HideLists: a.HidesNetwork, Attribution: append([]string{}, a.AttributionDomains...)}
	policy, err := s.db.NotificationPolicy(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	v.Pleroma.Told = &toldMore{BlockStrangers: policy.NotFollowing == store.DropNotification}
	v.Role = &role{badge: badgeOf(u.Role), Permissions: permissions[u.Role], Highlighted: u.Role > store.Member}
	return v, nil
}

// permissions are the bits of Mastodon's roles that ours come closest to: 1 is
// administrator; 0x10 reports, 0x400 users; 0x10000 invites.
var permissions = map[store.Role]string{store.Member: "0", store.Moderator: "1040", store.Admin: "1", store.Owner: "1"}

// escape is text in HTML.
func escape(s string) string { return html.EscapeString(s) }
