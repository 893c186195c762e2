package api

import (
	"context"
	"net/http"
	"time"

	"seedling/store"
	"seedling/store/content"
)

// accountMore is what Akkoma says of an account. It stands in every post, so
// what is false is left out. The relationship is asked for by itself.
type accountMore struct {
	URI             string `json:"ap_id"`
	Admin           bool   `json:"is_admin,omitempty"`
	Moderator       bool   `json:"is_moderator,omitempty"`
	HideFavourites  bool   `json:"hide_favorites"` // nobody sees another's favourites
	HideFollowers   bool   `json:"hide_followers,omitempty"`
	HideFollows     bool   `json:"hide_follows,omitempty"`
	HideFollowerNum bool   `json:"hide_followers_count,omitempty"`
	HideFollowNum   bool   `json:"hide_follows_count,omitempty"`

	Told *toldMore `json:"notification_settings,omitempty"` // of one's own
}

// toldMore is what Akkoma says of what a member is told.
type toldMore struct {
	BlockStrangers bool `json:"block_from_strangers"`
	HideContents   bool `json:"hide_notification_contents"` // never: see setBlockStrangers
}

func (e *entities) accountMore(a *store.Account) accountMore {
	role := e.staff[a.ID]
	return accountMore{URI: a.URI, Admin: role >= store.Admin, Moderator: role >= store.Moderator, HideFavourites: true,
		HideFollowers: a.HidesNetwork, HideFollows: a.HidesNetwork, HideFollowerNum: a.HidesCounts, HideFollowNum: a.HidesCounts}
}

// statusMore is what Akkoma says of a status.
type statusMore struct {
	Local     bool       `json:"local"`
	ReplyTo   *string    `json:"in_reply_to_account_acct"`
	Reactions []reaction `json:"emoji_reactions"`
	ExpiresAt *string    `json:"expires_at"`
	Muted     bool       `json:"thread_muted"`
	QuoteID   *string    `json:"quote_id,omitempty"`
	Quote     *status    `json:"quote,omitempty"`
}

func (e *entities) statusMore(v *store.PostView, q *quote) *statusMore {
	m := &statusMore{Local: v.Author.Local(), Reactions: e.reactions(v), ExpiresAt: momentOrNil(v.ExpiresAt), Muted: v.Thread == store.ThreadMuted}
	if q != nil && q.Status != nil {
		m.Quote, m.QuoteID = q.Status, &q.Status.ID
	}
	if v.ReplyTo != nil {
		m.ReplyTo = stringOrNil(v.ReplyTo.Acct())
	}
	return m
}

// Features are the words by which clients of Akkoma and Pleroma know what they may
// offer, here and in NodeInfo. Not among them: chats, which are a protocol of
// Pleroma's alone that Akkoma has given up; packs of emoji that servers share,
// relays and scrobbles by app.
func Features() []string {
	return []string{"pleroma_api", "akkoma_api", "mastodon_api", "mastodon_api_streaming", "polls", "quote_posting", "editing", "multifetch", "bubble_timeline",
		"pleroma_emoji_reactions", "custom_emoji_reactions", "pleroma_custom_emoji_reactions", "exposable_reactions", "profile_directory", "v2_suggestions",
		"pleroma:api/v1/notifications:include_types_filter"}
}

// instanceMore is what Akkoma says of the server.
func instanceMore(settings store.Settings) map[string]any {
	return map[string]any{
		"metadata": map[string]any{
			"account_activation_required": false,
			"features":                    Features(),
			"federation":                  map[string]bool{"enabled": settings.Federation != store.FederationOff},
			"fields_limits": map[string]int{"max_fields": store.MaxFields, "max_remote_fields": store.MaxFields,
				"name_length": store.MaxFieldText, "value_length": store.MaxFieldText},
			"post_formats": []string{"text/plain", "text/markdown"},
		},
	}
}

// pollLimits are those of a poll, under the names that Pleroma gives them.
func pollLimits() map[string]int {
	return map[string]int{"max_options": store.MaxPollOptions, "max_option_chars": store.MaxPollOption,
		"min_expiration": int(store.MinPollTime.Seconds()), "max_expiration": int(store.MaxPollTime.Seconds())}
}

// showHealth is GET pleroma/healthcheck: whether the store answers.
func (s *Server) showHealth(w http.ResponseWriter, r *request) error {
	if _, err := s.db.Settings(r.Context()); err != nil {
		return err
	}
	return s.json(w, map[string]bool{"healthy": true})
}

// showCaptcha is GET pleroma/captcha: there is none.
func (s *Server) showCaptcha(w http.ResponseWriter, _ *request) error {
	return s.json(w, map[string]any{"type": "none", "seconds_valid": 300})
}

// showEmojiPack is GET /api/pleroma/emoji: all custom emoji by name.
func (s *Server) showEmojiPack(w http.ResponseWriter, r *request) error {
	list, err := s.db.OwnEmojis(r.Context(), false)
	if err != nil {
		return err
	}
	type entry struct {
		URL  string   `json:"image_url"`
		Tags []string `json:"tags"`
	}
	out := map[string]entry{}
	for _, c := range list {
		e := entry{s.emoji(c).URL, []string{}}
		if c.Category != "" {
			e.Tags = []string{c.Category}
		}
		out[c.Name] = e
	}
	return s.json(w, out)
}

// readNotices is POST pleroma/notifications/read: one, or all up to one.
func (s *Server) readNotices(w http.ResponseWriter, r *request) error {
	name := "max_id"
	if r.params.Has("id") {
		name = "id"
	}
	upTo, err := r.idParam(name)
	if err != nil {
		return err
	}
	if upTo == 0 {
		return invalid("id or max_id is needed")
	}
	if err := s.db.ReadNotifications(r.Context(), r.me(), upTo); err != nil {
		return err
	}
	c := store.Cursor{Before: upTo + 1, Limit: pageSize}
	if name == "id" {
		c.After, c.Limit = upTo-1, 1
	}
	p, err := s.db.NotificationsWhere(r.Context(), r.me(), store.NotificationQuery{}, c)
	if err != nil {
		return err
	}
	list, err := s.notifications(r, p.Notifications)
	if err != nil {
		return err
	}
	if name == "max_id" {
		return s.json(w, list)
	}
	if len(list) == 0 {
		return store.ErrNotFound
	}
	return s.json(w, list[0])
}

// subscribe chooses whether the member is told of all that somebody writes whom
// they follow.
func (s *Server) subscribe(notify bool) func(ctx context.Context, me, other int64) error {
	return func(ctx context.Context, me, other int64) error {
		relation, err := s.db.Relation(ctx, me, other)
		if err != nil {
			return err
		}
		if !relation.Following && !relation.Requested {
			return store.ErrForbidden
		}
		o := relation.Options
		o.Notify = notify
		return s.db.SetFollowOptions(ctx, me, other, o)
	}
}

// akkomaConversation finds the conversation that the path names and answers
// with it; pleroma/conversations/:id.
func (s *Server) akkomaConversation(w http.ResponseWriter, r *request) error {
	conversationID, err := r.id("id")
	if err != nil {
		return err
	}
	return s.answerConversation(w, r, conversationID)
}

// conversationPosts is GET pleroma/conversations/:id/statuses.
func (s *Server) conversationPosts(w http.ResponseWriter, r *request) error {
	conversationID, err := r.id("id")
	if err != nil {
		return err
	}
	if _, err := s.db.Conversation(r.Context(), r.me(), conversationID); err != nil {
		return err
	}
	return s.showList(w, r, func(ctx context.Context, me int64, c store.Cursor) (*store.PostPage, error) {
		return s.db.ConversationPosts(ctx, me, conversationID, c)
	})
}

// preview answers what a post would look like, which is stored nowhere.
func (s *Server) preview(w http.ResponseWriter, r *request, d store.Draft) error {
	named := content.Find(d.Source).Mentions
	if n := content.Count(d.Source.Text); n == 0 || len(named) > maxTags {
		return invalid("Text can't be blank, or names too many people")
	}
	e, err := s.entities(r)
	if err != nil {
		return err
	}
	people, err := s.db.AccountsByHandle(r.Context(), named)
	if err != nil {
		return err
	}
	html := content.Render(d.Source, content.Resolver{
		Mention: func(h content.Handle) (string, bool) {
			if a := people[h]; a != nil && a.State == store.AccountActive { // as a post names people
				return a.URL, true
			}
			return "", false
		},
		Tag: func(name string) string { return e.tag(name).URL },
	})
	now := s.now()
	v := e.post(&store.PostView{Author: r.user.Account, Post: &store.Post{AccountID: r.me(), HTML: html, ContentWarning: d.ContentWarning,
		Sensitive: d.Sensitive, Visibility: d.Visibility, Language: d.Language, CreatedAt: now.Truncate(time.Millisecond)}})
	return s.json(w, v)
}

// showFavouritesOf is GET pleroma/accounts/:id/favourites. They are shown to
// their owner alone, as every account's hide_favorites says.
func (s *Server) showFavouritesOf(w http.ResponseWriter, r *request) error {
	accountID, err := r.id("id")
	if err != nil {
		return err
	}
	if _, err := s.db.Account(r.Context(), accountID); err != nil {
		return err
	}
	if accountID != r.me() {
		return &apiError{status: http.StatusForbidden, text: "Can't get favorites"}
	}
	return s.showFavourites(w, r)
}
