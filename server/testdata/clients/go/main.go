// Command clients walks through an app's day with go-mastodon, as two people.
// It is a module of its own, so that the server's module does not depend on it.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/mattn/go-mastodon"
)

const (
	scopes    = "read write follow push"
	outOfBand = "urn:ietf:wg:oauth:2.0:oob"
	wait      = 20 * time.Second // for an event
)

// walker is the two people, and what failed.
type walker struct {
	ctx        context.Context
	mira, olga *mastodon.Client
	her, him   *mastodon.Account
	first      *mastodon.Status
	failed     int
}

func main() {
	log.SetFlags(log.Lshortfile)
	w := &walker{ctx: context.Background()}
	codes := bufio.NewScanner(os.Stdin)
	w.mira, w.her = w.signIn("mira", codes)
	w.olga, w.him = w.signIn("olga", codes)
	w.first = w.post(w.mira, mastodon.Toot{Status: "The very first #seeds"})
	for _, part := range []func(){w.instance, w.posts, w.actions, w.media, w.relations, w.timelines, w.notifications, w.search, w.lists, w.filters, w.polls, w.streams} {
		part()
	}
	w.same("revoked", w.olga.RevokeToken(w.ctx), nil)
	if _, err := w.olga.GetAccountCurrentUser(w.ctx); err == nil {
		w.fail("a revoked token still works")
	}
	if w.failed > 0 {
		os.Exit(1)
	}
}

func (w *walker) fail(format string, args ...any) {
	w.failed++
	_ = log.Output(3, fmt.Sprintf(format, args...))
}

// same compares what prints.
func (w *walker) same(what string, got, want any) {
	if fmt.Sprint(got) != fmt.Sprint(want) {
		w.fail("%s: got %v, want %v", what, got, want)
	}
}

// need returns v; a walk can't go on without it.
func need[T any](v T, err error) T {
	if err != nil {
		_ = log.Output(2, err.Error())
		os.Exit(1)
	}
	return v
}

func (w *walker) signIn(name string, codes *bufio.Scanner) (*mastodon.Client, *mastodon.Account) {
	base := os.Getenv("BASE_URL")
	app := need(mastodon.RegisterApp(w.ctx, &mastodon.AppConfig{Server: base, ClientName: "go-mastodon", Scopes: scopes, RedirectURIs: outOfBand, Website: "https://go.example"}))
	fmt.Println("allow", name, app.AuthURI)
	codes.Scan()
	c := mastodon.NewClient(&mastodon.Config{Server: base, ClientID: app.ClientID, ClientSecret: app.ClientSecret})
	need(0, c.GetUserAccessToken(w.ctx, codes.Text(), app.RedirectURI))
	me := need(c.GetAccountCurrentUser(w.ctx))
	w.same("signed in", me.Username, name)
	w.same("app", need(c.VerifyAppCredentials(w.ctx)).Name, "go-mastodon")
	return c, me
}

// post writes a status and checks what every status has.
func (w *walker) post(c *mastodon.Client, toot mastodon.Toot) *mastodon.Status {
	s := need(c.PostStatus(w.ctx, &toot))
	w.whole(s)
	return s
}

// whole checks that statuses have what no app can do without.
func (w *walker) whole(list ...*mastodon.Status) []*mastodon.Status {
	for _, s := range list {
		if s.ID == "" || s.URI == "" || s.URL == "" || s.CreatedAt.IsZero() || s.Visibility == "" || s.Account.ID == "" || s.Account.Acct == "" ||
			s.Account.Avatar == "" || s.Account.Header == "" || s.Account.URL == "" || s.Account.CreatedAt.IsZero() ||
			s.MediaAttachments == nil || s.Mentions == nil || s.Tags == nil || s.Emojis == nil || s.Account.Fields == nil || s.Account.Emojis == nil {
			w.fail("not whole: %+v", *s)
		}
	}
	return list
}

func ids(list []*mastodon.Status) (found []string) {
	for _, s := range list {
		found = append(found, string(s.ID))
	}
	return found
}

func names(list []*mastodon.Account) (found []string) {
	for _, a := range list {
		found = append(found, a.Acct)
	}
	return found
}

func (w *walker) instance() {
	found := need(w.mira.GetInstance(w.ctx))
	if found.Title == "" || found.Version == "" || found.URLs["streaming_api"] == "" || found.Stats.UserCount < 2 || found.Configuration.Statuses == nil {
		w.fail("instance: %+v", found)
	}
	need(w.mira.GetInstancePeers(w.ctx))
	need(w.mira.GetTrendingStatuses(w.ctx, nil))
	need(w.mira.GetEndorsements(w.ctx, nil))
}

func (w *walker) posts() {
	post := w.post(w.mira, mastodon.Toot{Status: "Sown #beans", Visibility: "unlisted", Language: "en", SpoilerText: "Garden", Sensitive: true})
	w.same("as written", []any{post.Visibility, post.Language, post.SpoilerText, post.Sensitive, post.Tags[0].Name}, []any{"unlisted", "en", "Garden", true, "beans"})
	for _, visibility := range []string{"public", "unlisted", "private", "direct"} {
		w.same("visibility", w.post(w.mira, mastodon.Toot{Status: "For " + visibility, Visibility: visibility}).Visibility, visibility)
	}
	reply := w.post(w.olga, mastodon.Toot{Status: "An answer, @mira", InReplyToID: post.ID})
	w.same("reply to", []any{reply.InReplyToID, reply.Mentions[0].Acct}, []any{post.ID, "mira"})
	w.same("thread", ids(w.whole(need(w.mira.GetStatusContext(w.ctx, post.ID)).Descendants...)), []mastodon.ID{reply.ID})
	edited := need(w.mira.UpdateStatus(w.ctx, &mastodon.Toot{Status: "Grown #beans"}, post.ID))
	if !strings.Contains(edited.Content, "Grown") || edited.EditedAt.IsZero() {
		w.fail("edited: %+v", edited)
	}
	w.same("versions", len(need(w.mira.GetStatusHistory(w.ctx, post.ID))), 2)
	w.same("source", need(w.mira.GetStatusSource(w.ctx, post.ID)).Text, "Grown #beans")
	gone := w.post(w.mira, mastodon.Toot{Status: "Gone soon"})
	need(0, w.mira.DeleteStatus(w.ctx, gone.ID))
	_, err := w.mira.GetStatus(w.ctx, gone.ID)
	if refused := (*mastodon.APIError)(nil); !errors.As(err, &refused) || refused.StatusCode != 404 {
		w.fail("a deleted post: %v", err)
	}
}

func (w *walker) actions() {
	post := w.post(w.mira, mastodon.Toot{Status: "To be liked"})
	w.same("favourited", need(w.olga.Favourite(w.ctx, post.ID)).Favourited, true)
	w.same("boosted", need(w.olga.Reblog(w.ctx, post.ID)).Reblog.ID, post.ID)
	w.same("bookmarked", need(w.olga.Bookmark(w.ctx, post.ID)).Bookmarked, true)
	w.same("by whom", [2]any{names(need(w.mira.GetFavouritedBy(w.ctx, post.ID, nil))), names(need(w.mira.GetRebloggedBy(w.ctx, post.ID, nil)))}, "[[olga] [olga]]")
	w.same("lists of them", [2]any{ids(w.whole(need(w.olga.GetBookmarks(w.ctx, nil))...)), ids(w.whole(need(w.olga.GetFavourites(w.ctx, nil))...))}, fmt.Sprintf("[[%s] [%[1]s]]", post.ID))
	w.same("undone", []any{need(w.olga.Unfavourite(w.ctx, post.ID)).Favourited, need(w.olga.Unreblog(w.ctx, post.ID)).Reblogged, need(w.olga.Unbookmark(w.ctx, post.ID)).Bookmarked}, "[false false false]")
}

func (w *walker) media() {
	file := need(os.Open(os.Getenv("PICTURE")))
	defer file.Close()
	picture := need(w.mira.UploadMediaFromMedia(w.ctx, &mastodon.Media{File: file, Description: "Stripes", Focus: "0.5,-0.5"}))
	w.same("kind", []any{picture.Type, picture.Description, picture.Meta.Original.Width}, "[image Stripes 64]")
	post := w.post(w.mira, mastodon.Toot{Status: "A picture", MediaIDs: []mastodon.ID{picture.ID}, Sensitive: true})
	w.same("attached", []any{len(post.MediaAttachments), post.MediaAttachments[0].ID, post.Sensitive}, []any{1, picture.ID, true})
	me := need(w.mira.AccountUpdate(w.ctx, &mastodon.Profile{DisplayName: mastodon.String("Mira"), Note: mastodon.String("Grows #beans"), Fields: &[]mastodon.Field{{Name: "Garden", Value: "big"}}}))
	w.same("profile", []any{me.DisplayName, me.Fields[0].Name}, "[Mira Garden]")
}

func (w *walker) relations() {
	w.same("following", need(w.olga.AccountFollow(w.ctx, w.her.ID)).Following, true)
	need(w.mira.AccountFollow(w.ctx, w.him.ID))
	w.same("followers", [2]any{names(need(w.mira.GetAccountFollowers(w.ctx, w.her.ID, nil))), names(need(w.mira.GetAccountFollowing(w.ctx, w.her.ID, nil)))}, "[[olga] [olga]]")
	w.same("relation", need(w.olga.GetAccountRelationships(w.ctx, []string{string(w.her.ID)}))[0].FollowedBy, true)
	w.same("found", []any{need(w.olga.AccountLookup(w.ctx, "mira")).ID, names(need(w.olga.AccountsSearch(w.ctx, "mir", 5)))}, []any{w.her.ID, "[mira]"})
	w.same("muted", []any{need(w.mira.AccountMute(w.ctx, w.him.ID)).Muting, names(need(w.mira.GetMutes(w.ctx, nil))), need(w.mira.AccountUnmute(w.ctx, w.him.ID)).Muting}, "[true [olga] false]")
	w.same("blocked", []any{need(w.mira.AccountBlock(w.ctx, w.him.ID)).Blocking, names(need(w.mira.GetBlocks(w.ctx, nil))), need(w.mira.AccountUnblock(w.ctx, w.him.ID)).Blocking}, "[true [olga] false]")
	locked := true
	need(w.mira.AccountUpdate(w.ctx, &mastodon.Profile{Locked: &locked}))
	w.same("requested", need(w.olga.AccountFollow(w.ctx, w.her.ID)).Requested, true)
	w.same("requests", names(need(w.mira.GetFollowRequests(w.ctx, nil))), "[olga]")
	need(0, w.mira.FollowRequestAuthorize(w.ctx, w.him.ID))
	locked = false
	need(w.mira.AccountUpdate(w.ctx, &mastodon.Profile{Locked: &locked}))
	need(w.mira.AccountFollow(w.ctx, w.him.ID))
	need(w.mira.TagFollow(w.ctx, "beans"))
	w.same("tags", need(w.mira.TagsFollowed(w.ctx, nil))[0].Name, "beans")
	need(w.mira.TagUnfollow(w.ctx, "beans"))
}

func (w *walker) timelines() {
	for n := range 5 {
		w.post(w.mira, mastodon.Toot{Status: fmt.Sprint("Number ", n, " #count")})
	}
	page := mastodon.Pagination{Limit: 2}
	one := w.whole(need(w.mira.GetTimelineHome(w.ctx, &page))...)
	two := w.whole(need(w.mira.GetTimelineHome(w.ctx, &mastodon.Pagination{Limit: 2, MaxID: page.MaxID}))...) // the library read it from Link
	if len(one) != 2 || len(two) != 2 || two[0].ID.Compare(one[1].ID) >= 0 {
		w.fail("pages: %v, then %v", ids(one), ids(two))
	}
	w.same("all of a tag", len(w.whole(need(w.mira.GetTimelineHashtag(w.ctx, "count", false, nil))...)), 5)
	for _, local := range []bool{true, false} {
		if list := ids(w.whole(need(w.olga.GetTimelinePublic(w.ctx, local, &mastodon.Pagination{Limit: 40}))...)); !slices.Contains(list, string(w.first.ID)) {
			w.fail("public, local %v: %v lacks %s", local, list, w.first.ID)
		}
	}
}

func (w *walker) notifications() {
	need(w.olga.Favourite(w.ctx, w.first.ID))
	mention := w.post(w.olga, mastodon.Toot{Status: "Hello @mira", Visibility: "direct"})
	kinds := map[string]*mastodon.Notification{}
	for _, n := range need(w.mira.GetNotifications(w.ctx, &mastodon.Pagination{Limit: 40})) {
		if n.ID == "" || n.CreatedAt.IsZero() || n.Account.Acct == "" {
			w.fail("not whole: %+v", n)
		}
		if kinds[n.Type] == nil {
			kinds[n.Type] = n
		}
	}
	for _, kind := range []string{"mention", "favourite", "follow"} {
		if kinds[kind] == nil {
			w.fail("no %s in %v", kind, kinds)
			return
		}
	}
	w.same("mention", kinds["mention"].Status.ID, mention.ID)
	for _, n := range need(w.mira.GetNotificationsExclude(w.ctx, &[]string{"mention"}, nil)) {
		if n.Type == "mention" {
			w.fail("an excluded kind came")
		}
	}
	need(0, w.mira.DismissNotification(w.ctx, kinds["mention"].ID))
	talk := need(w.mira.GetConversations(w.ctx, nil))[0]
	w.same("conversation", []any{talk.Unread, names(talk.Accounts), talk.LastStatus.ID}, []any{true, "[olga]", mention.ID})
	need(0, w.mira.MarkConversationAsRead(w.ctx, talk.ID))
	need(0, w.mira.ClearNotifications(w.ctx))
	w.same("cleared", len(need(w.mira.GetNotifications(w.ctx, nil))), 0)
}

func (w *walker) search() {
	w.same("people", names(need(w.mira.Search(w.ctx, "olga", false)).Accounts), "[olga]")
	w.same("an address", ids(w.whole(need(w.mira.Search(w.ctx, w.first.URL, true)).Statuses...)), []mastodon.ID{w.first.ID})
	w.same("tags", need(w.mira.Search(w.ctx, "seeds", false)).Hashtags[0].Name, "seeds")
}

func (w *walker) lists() {
	list := need(w.mira.CreateList(w.ctx, "Friends"))
	w.same("renamed", need(w.mira.RenameList(w.ctx, list.ID, "Good friends")).Title, "Good friends")
	need(0, w.mira.AddToList(w.ctx, list.ID, w.him.ID))
	w.same("on it", names(need(w.mira.GetListAccounts(w.ctx, list.ID))), "[olga]")
	w.same("lists with", need(w.mira.GetAccountLists(w.ctx, w.him.ID))[0].ID, list.ID)
	post := w.post(w.olga, mastodon.Toot{Status: "For the list"})
	w.same("timeline", w.whole(need(w.mira.GetTimelineList(w.ctx, list.ID, nil))...)[0].ID, post.ID)
	need(0, w.mira.RemoveFromList(w.ctx, list.ID, w.him.ID))
	need(0, w.mira.DeleteList(w.ctx, list.ID))
	w.same("lists", len(need(w.mira.GetLists(w.ctx))), 0)
}

func (w *walker) filters() {
	made := need(w.mira.CreateFilter(w.ctx, &mastodon.Filter{Phrase: "slugs", Context: []string{"home", "public"}, WholeWord: true, ExpiresAt: time.Now().Add(time.Hour)}))
	w.same("filter", []any{made.Phrase, made.WholeWord}, "[slugs true]")
	w.same("changed", need(w.mira.UpdateFilter(w.ctx, made.ID, &mastodon.Filter{Phrase: "snails", Context: []string{"home"}})).Phrase, "snails")
	w.post(w.olga, mastodon.Toot{Status: "Such snails again"})
	w.same("filtered", need(w.mira.GetTimelineHome(w.ctx, &mastodon.Pagination{Limit: 1}))[0].Filtered[0].Filter.Title, "snails")
	need(0, w.mira.DeleteFilter(w.ctx, made.ID))
	w.same("filters", len(need(w.mira.GetFilters(w.ctx))), 0)
}

func (w *walker) polls() {
	asked := w.post(w.mira, mastodon.Toot{Status: "Which?", Poll: &mastodon.TootPoll{Options: []string{"Beans", "Peas"}, ExpiresInSeconds: 3600, Multiple: true}})
	voted := need(w.olga.PollVote(w.ctx, asked.Poll.ID, 0, 1))
	w.same("voted", []any{voted.Voted, voted.OwnVotes, voted.VotesCount, voted.VotersCount}, "[true [0 1] 2 1]")
	w.same("counted", need(w.mira.GetPoll(w.ctx, asked.Poll.ID)).Options, "[{Beans 1} {Peas 1}]")
}

func (w *walker) streams() {
	ctx, stop := context.WithCancel(w.ctx)
	defer stop()
	for name, open := range map[string]func(context.Context) (chan mastodon.Event, error){
		"WebSocket": w.mira.NewWSClient().StreamingWSUser, "server-sent events": w.mira.StreamingUser,
	} {
		w.stream(name, need(open(ctx)))
	}
}

// stream hears every kind of event on one stream.
func (w *walker) stream(name string, events chan mastodon.Event) {
	heard := func(fits func(mastodon.Event) bool) bool { return hear(events, wait, fits) }
	standing := false
	for range 100 { // the library does not say when its stream stands
		need(w.mira.PostStatus(w.ctx, &mastodon.Toot{Status: "Is anybody there?"}))
		if standing = hear(events, 200*time.Millisecond, func(e mastodon.Event) bool { _, ok := e.(*mastodon.UpdateEvent); return ok }); standing {
			break
		}
	}
	if !standing {
		w.fail("%s: nothing is heard", name)
		return
	}
	post := w.post(w.olga, mastodon.Toot{Status: "Hear this, @mira"})
	update, told := false, false
	if !heard(func(e mastodon.Event) bool {
		if u, ok := e.(*mastodon.UpdateEvent); ok && u.Status.ID == post.ID {
			update = len(w.whole(u.Status)) == 1
		}
		if n, ok := e.(*mastodon.NotificationEvent); ok && n.Notification.Status != nil && n.Notification.Status.ID == post.ID {
			told = n.Notification.Type == "mention"
		}
		return update && told
	}) {
		w.fail("%s: update heard %v, mention heard %v", name, update, told)
	}
	need(w.olga.UpdateStatus(w.ctx, &mastodon.Toot{Status: "Hear that, @mira"}, post.ID))
	if !heard(func(e mastodon.Event) bool {
		u, ok := e.(*mastodon.UpdateEditEvent)
		return ok && u.Status.ID == post.ID && strings.Contains(u.Status.Content, "that")
	}) {
		w.fail("%s: the edit is not heard", name)
	}
	need(0, w.olga.DeleteStatus(w.ctx, post.ID))
	if !heard(func(e mastodon.Event) bool { d, ok := e.(*mastodon.DeleteEvent); return ok && d.ID == post.ID }) {
		w.fail("%s: the deletion is not heard", name)
	}
}

// hear reads events until one fits.
func hear(events chan mastodon.Event, within time.Duration, fits func(mastodon.Event) bool) bool {
	late := time.After(within)
	for {
		select {
		case e, open := <-events:
			if !open {
				return false
			}
			if fits(e) {
				return true
			}
		case <-late:
			return false
		}
	}
}
