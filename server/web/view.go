package web

import (
	"context"
	"html/template"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"seedling/store"
	"seedling/store/content"
	"seedling/templates"
)

// view.go and the files beside it turn the store's types into what templates
// show. safeHTML is the only place in the program where a string becomes HTML
// that templates do not escape; a test looks for others.

// safeHTML passes on what package content vouches for.
func safeHTML(h content.HTML) template.HTML { return template.HTML(h.String()) }

// accountView is an account as it stands beside a post or in a list. role is
// its user's, Member for everyone else.
func accountView(db *store.DB, a *store.Account, role store.Role) templates.Account {
	v := templates.Account{
		ID: a.ID, DisplayName: a.Name(), User: a.Username, Host: a.Host, URL: a.Path(),
		Avatar: avatarPath(db, a), Bot: a.Bot, Group: a.Kind == store.Group, Locked: a.Locked, Moved: a.MovedToURI != "",
	}
	if role > store.Member {
		v.Role = role.String()
	}
	return v
}

// cards turns what the store returns into the cards of one page, as its viewer
// sees them. What it needs beside that is loaded once.
type cards struct {
	ctx         context.Context // of the request that this page answers
	log         *slog.Logger
	emoji       emojis
	db          *store.DB
	viewer      int64     // 0: a visitor
	now         time.Time // in the viewer's zone
	half        bool      // the viewer's clock has twelve hours
	staff       map[int64]store.Role
	noLinkCards bool
	open        bool                 // content warnings are shown opened
	media       string               // files: "" hides what is sensitive, show nothing, hide all
	results     bool                 // of polls are shown before the viewer has voted
	place       store.FilterContexts // where the cards stand: 0 for public timelines
}

// newCards prepares the cards of one page.
func (s *Server) newCards(r *request) (*cards, error) {
	roles, err := s.staffRoles(r.Context())
	if err != nil {
		return nil, err
	}
	now := s.moment(r, s.now())
	still := r.viewer != nil && r.viewer.Preferences.Still
	noCards := r.viewer != nil && r.viewer.Preferences.NoLinkCards
	c := &cards{noLinkCards: noCards, ctx: r.Context(), log: s.log, emoji: emojis{still: still}, db: s.db, viewer: r.viewerID(), now: now.Now, half: now.Half, staff: roles}
	if r.viewer != nil {
		c.open, c.media = r.viewer.Preferences.OpenCW, r.viewer.Preferences.Media
	}
	return c, nil
}

// rolesFor is how long a new role may take to show beside a name.
const rolesFor = 5 * time.Second

// roles are those of the staff, kept for a moment, since every page shows them.
type roles struct {
	of    map[int64]store.Role
	since time.Time
}

func (s *Server) staffRoles(ctx context.Context) (map[int64]store.Role, error) {
	now := s.now()
	if kept := s.roles.Load(); kept != nil && now.Sub(kept.since).Abs() < rolesFor {
		return kept.of, nil
	}
	staff, err := s.db.Staff(ctx)
	if err != nil {
		return nil, err
	}
	of := make(map[int64]store.Role, len(staff))
	for _, u := range staff {
		of[u.Account.ID] = u.Role
	}
	s.roles.Store(&roles{of, now})
	return of, nil
}

func (c *cards) moment(t time.Time) templates.Moment {
	return templates.Moment{At: t, Now: c.now, Half: c.half}
}

func (c *cards) account(a *store.Account) templates.Account {
	v := accountView(c.db, a, c.staff[a.ID])
	v.Rich = c.rich(a.EmojiHost(), a.DisplayName)
	return v
}

// posts are the cards of a timeline.
func (c *cards) posts(views []*store.PostView) []templates.Post {
	list := make([]templates.Post, 0, len(views))
	var boosters []*store.Account
	for _, v := range views {
		boosters = append(boosters, v.BoostedBy...)
	}
	c.meet(boosters...)
	for _, v := range views {
		if !c.hides(v) {
			list = append(list, c.entry(v))
		}
	}
	return list
}

// post is one card.
func (c *cards) post(v *store.PostView) templates.Post {
	mine := c.viewer != 0 && v.AccountID == c.viewer
	c.learn(v.Emojis)
	host := v.Author.EmojiHost()
	p := templates.Post{
		ID: v.ID, URL: v.Path(), Author: c.account(v.Author),
		Title: v.Title, RichTitle: c.rich(host, v.Title), HTML: safeHTML(c.emojify(host, c.relink(v))), Lang: v.Language,
		ContentWarning: v.ContentWarning, RichWarning: c.rich(host, v.ContentWarning), OpenWarning: c.open, Visibility: v.Visibility.String(),
		Created: c.moment(v.CreatedAt), Edited: c.moment(v.EditedAt), Expires: c.moment(v.ExpiresAt), Attachments: attachments(c.db, v.Attachments, c.emoji.still), HideMedia: c.media == "hide" || v.Sensitive && c.media == "", AllMedia: true, Poll: c.poll(v),
		ReplyTo: c.replyRef(v), Replies: v.RepliesCount, Boosts: v.BoostsCount, Favourites: v.FavouritesCount, Reactions: c.reactions(v.Reactions),
		Favourited: v.Favourited, Boosted: v.Boosted, Bookmarked: v.Bookmarked, PinnedByMe: mine && v.Pinned,
		CanBoost: c.viewer != 0 && store.MayBoost(v.Post, c.viewer), Mine: mine,
		Describable: describable(v),
	}
	if !v.Author.Local() {
		p.Origin = webAddress(v.URL, v.URI)
	}
	if len(v.BoostedBy) > 0 {
		by := c.account(v.BoostedBy[0])
		p.BoostedBy, p.BoostedOthers = &by, len(v.BoostedBy)-1
	}
	p.Card = c.linkCard(v)
	p.Facts, p.Quote, p.CanQuote = facts(v), c.quote(v), c.viewer != 0 && v.MayQuote(c.viewer)
	c.community(&p, v)
	c.fold(&p, v)
	c.permissions(&p, v)
	return p
}

// replyRef says whom a post answers; nil if nobody.
func (c *cards) replyRef(v *store.PostView) *templates.ReplyRef {
	if !v.IsReply() {
		return nil
	}
	ref := &templates.ReplyRef{}
	if a := v.ReplyTo; a != nil && a.State == store.AccountActive {
		ref.Name, ref.Rich = a.Name(), c.rich(a.EmojiHost(), a.DisplayName)
		if v.ReplyToID != 0 {
			ref.URL = postPath(a, v.ReplyToID)
		}
	}
	if ref.URL == "" {
		ref.URL, ref.Away = webAddress(v.ReplyToURI), true
	}
	return ref
}

// postPath is where a post of an account is shown.
func postPath(author *store.Account, postID int64) string {
	return author.Path() + "/" + strconv.FormatInt(postID, 10)
}

func attachmentKind(k store.AttachmentKind) string {
	switch k {
	case store.AttachedImage:
		return "image"
	case store.AttachedVideo:
		return "video"
	case store.AttachedAudio:
		return "audio"
	}
	return "other"
}

// webAddress is the first of some addresses from outside that a link may lead
// to, or "".
func webAddress(addresses ...string) string {
	for _, a := range addresses {
		if strings.HasPrefix(a, "https://") || strings.HasPrefix(a, "http://") {
			return a
		}
	}
	return ""
}

// person is a row in a list of people.
func (c *cards) person(a *store.Account, rel store.Relation) templates.AccountCard {
	bio := content.Excerpt(a.Bio, bioExcerpt)
	return templates.AccountCard{Account: c.account(a), Bio: bio, RichBio: c.rich(a.EmojiHost(), bio), Relation: c.relation(a, rel)}
}

// bioExcerpt is how many characters of a bio stand in a list of people.
const bioExcerpt = 160

func (c *cards) relation(a *store.Account, rel store.Relation) templates.Relation {
	return templates.Relation{
		Self: a.ID == c.viewer, Following: rel.Following, Requested: rel.Requested, FollowedBy: rel.FollowedBy,
		Blocking: rel.Blocking, BlockedBy: rel.BlockedBy, Asks: rel.Asked,
		Muting: rel.Muting, HostBlocked: rel.HostBlocked, HidesBoosts: rel.Following && !rel.Options.Boosts,
	}
}

// people are the rows of a list, without those between whom and the viewer
// there is a block.
func (c *cards) people(ctx context.Context, accounts []*store.Account) ([]templates.AccountCard, error) {
	relations, err := c.relations(ctx, accounts)
	if err != nil {
		return nil, err
	}
	c.meet(accounts...)
	list := make([]templates.AccountCard, 0, len(accounts))
	for _, a := range accounts {
		rel := relations[a.ID]
		if rel.Blocking || rel.BlockedBy {
			continue
		}
		list = append(list, c.person(a, rel))
	}
	return list, nil
}

func (c *cards) relations(ctx context.Context, accounts []*store.Account) (map[int64]store.Relation, error) {
	ids := make([]int64, len(accounts))
	for i, a := range accounts {
		ids[i] = a.ID
	}
	return c.db.Relations(ctx, c.viewer, ids)
}
