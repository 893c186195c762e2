package inbox_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"seedling/federation/fedtest"
	"seedling/store"
	"seedling/store/content"
	"seedling/store/storetest"
)

// club is a community on far.example, where bob and eve live. carol writes from
// elsewhere.
type club struct {
	*world
	group, carol *fedtest.Actor
	third        *fedtest.Server
}

func newClub(t *testing.T) *club {
	c := &club{world: newWorld(t)}
	c.group = c.far.Actor("moss", map[string]any{"type": "Group", "featured": "https://far.example/users/moss/featured"})
	c.third = c.net.Server("third.example")
	c.carol = c.third.Actor("carol")
	return c
}

const asPublic = "https://www.w3.org/ns/activitystreams#Public"

// page is a post in the community, as Lemmy writes it.
func (c *club) page(by *fedtest.Actor, id, title string, more ...map[string]any) map[string]any {
	p := map[string]any{"id": id, "type": "Page", "attributedTo": by.ID, "name": title, "audience": c.group.ID,
		"to": []string{c.group.ID, asPublic}, "cc": []string{}, "published": time.Now().UTC().Format(time.RFC3339)}
	for _, m := range more {
		for k, v := range m {
			p[k] = v
		}
	}
	return p
}

// announces delivers what the group announces.
func (c *club) announces(what any, want int) {
	c.Helper()
	c.send(c.group, c.group.Activity("Announce", what), want)
}

// work runs the jobs that read posts, as the server does.
func (c *club) work() {
	c.Helper()
	for range 10 {
		jobs, err := c.db.ClaimJobs(ctx, 20, time.Minute)
		c.must(err)
		if len(jobs) == 0 {
			return
		}
		for _, j := range jobs {
			switch j.Kind {
			case store.JobBoost:
				err = c.inbox.RunBoost(ctx, j.Payload)
			case store.JobFetch:
				err = c.resolver.FetchPost(ctx, j.Payload)
			}
			if err != nil {
				c.Logf("%s %s: %v", j.Kind, j.Payload, err)
			}
			c.must(c.db.FinishJob(ctx, j.ID))
		}
	}
}

func (c *club) boosts(uri string, want int) *store.Post {
	c.Helper()
	p := c.post(uri)
	if p.BoostsCount != want {
		c.Errorf("%s has %d boosts, want %d", uri, p.BoostsCount, want)
	}
	return p
}

// Lemmy announces a Create, and for others the Page itself: one post, shown once.
func TestGroupAnnouncesCreateAndPage(t *testing.T) {
	c := newClub(t)
	id := "https://far.example/post/1"
	p := c.page(c.bob, id, "A title")
	c.far.Handle("/post/1", p)
	c.announces(c.bob.Activity("Create", p), 202)
	c.work() // bob is not known yet
	c.announces(p, 202)
	c.work()
	if got := c.boosts(id, 1); got.Title != "A title" || got.GroupURI != c.group.ID {
		t.Errorf("stored %q in %q", got.Title, got.GroupURI)
	}
	// Now bob is known, and his server is the group's: nothing is asked.
	before := len(c.far.Requests(nil))
	c.announces(c.bob.Activity("Create", c.page(c.bob, "https://far.example/post/2", "Taken as it came")), 202)
	c.boosts("https://far.example/post/2", 1)
	if n := len(c.far.Requests(nil)); n != before {
		t.Errorf("%d requests for what the group's own server brought", n-before)
	}
}

func TestGroupIsNoProofOfOtherHosts(t *testing.T) {
	c := newClub(t)
	id := "https://third.example/notes/1"
	c.third.Handle("/notes/1", note(c.carol, id, "<p>true</p>", map[string]any{"cc": []string{c.group.ID}}))
	c.announces(c.carol.Activity("Create", note(c.carol, id, "<p>forged</p>")), 202)
	c.work()
	if got := c.boosts(id, 1); got.HTML.String() != "<p>true</p>" || got.GroupURI != c.group.ID {
		t.Errorf("stored %q in %q", got.HTML, got.GroupURI)
	}
	later := map[string]any{"updated": time.Now().Add(time.Minute).UTC().Format(time.RFC3339)}
	c.announces(c.carol.Activity("Update", note(c.carol, id, "<p>forged</p>", later)), 202)
	c.work()
	if got := c.post(id); got.HTML.String() != "<p>true</p>" {
		t.Errorf("a forged edit was stored: %q", got.HTML)
	}
}

// An activity that is announced by its id is read from its own server.
func TestGroupAnnouncesByID(t *testing.T) {
	c := newClub(t)
	id := "https://third.example/notes/1"
	c.third.Handle("/notes/1", note(c.carol, id, "<p>true</p>", map[string]any{"cc": []string{c.group.ID}}))
	create := c.carol.Activity("Create", note(c.carol, id, "<p>true</p>"))
	create["id"] = "https://third.example/activities/1"
	c.third.Handle("/activities/1", create)
	c.announces("https://third.example/activities/1", 202)
	c.work()
	c.boosts(id, 1)
}

func TestGroupVotes(t *testing.T) {
	c := newClub(t)
	id := "https://far.example/post/1"
	c.announces(c.page(c.bob, id, "x"), 202)
	c.far.Handle("/post/1", c.page(c.bob, id, "x"))
	c.work()
	ours := storetest.Post(t, c.db, c.alice, "mine", store.Public)
	count := func(uri string, want int, why string) {
		t.Helper()
		if got := c.post(uri).FavouritesCount; got != want {
			t.Errorf("%d favourites after %s, want %d", got, why, want)
		}
	}
	like := c.eve.Activity("Like", id)
	c.announces(like, 202)
	c.work() // eve is not known yet
	count(id, 1, "a Like by somebody on the group's host")
	c.announces(like, 202)
	c.work()
	count(id, 1, "the same again")
	c.announces(c.carol.Activity("Like", id), 202)
	c.work()
	count(id, 1, "a Like from elsewhere")

	// Who votes the other way takes the first vote back.
	against := func(want int, why string) {
		t.Helper()
		if got := c.post(id).DownvotesCount; got != want {
			t.Errorf("%d votes against it after %s, want %d", got, why, want)
		}
	}
	dislike := c.eve.Activity("Dislike", id)
	c.announces(dislike, 202)
	c.announces(dislike, 202)
	count(id, 0, "a Dislike by who liked it")
	against(1, "a Dislike, twice")
	c.announces(c.eve.Activity("Undo", dislike), 202)
	against(0, "Undo")
	c.announces(dislike, 202)
	c.announces(like, 202)
	against(0, "a Like by who disliked it")
	count(id, 1, "a Like by who disliked it")
	c.announces(c.eve.Activity("Undo", like), 202)
	count(id, 0, "Undo")

	// Elsewhere's Like of a member's post is asked for.
	real := c.carol.Activity("Like", ours.URI)
	real["id"] = "https://third.example/likes/1"
	forged := c.carol.Activity("Like", ours.URI)
	forged["id"] = "https://third.example/likes/2"
	c.announces(forged, 202)
	c.work()
	count(ours.URI, 0, "a forged Like")
	c.third.Handle("/likes/1", real)
	c.announces(real, 202)
	c.work()
	count(ours.URI, 1, "a Like that is found at its own server")
}

func TestGroupModerates(t *testing.T) {
	c := newClub(t)
	other := c.far.Actor("other", map[string]any{"type": "Group"})
	id := "https://third.example/notes/1"
	c.third.Handle("/notes/1", c.page(c.carol, id, "Off topic"))
	c.announces(id, 202)
	c.work()
	c.post(id)

	remove := c.bob.Activity("Delete", id, map[string]any{"summary": "off topic"})
	c.send(c.bob, remove, http.StatusForbidden) // a moderator's word alone
	c.send(other, other.Activity("Announce", remove), http.StatusForbidden)
	c.post(id)
	c.announces(remove, 202)
	c.missing(id)
	// It does not come back by itself, nor by another group, but when restored.
	c.send(other, other.Activity("Announce", c.bob.Activity("Undo", remove)), 202)
	c.work()
	c.missing(id)
	c.announces(c.bob.Activity("Undo", remove), 202)
	c.work()
	c.post(id)

	c.announces(c.bob.Activity("Lock", id), 202)
	answer := func() error {
		_, err := c.db.CreatePost(ctx, store.Draft{AuthorID: c.alice.ID, Source: content.Source{Text: "but"}, ReplyToID: c.post(id).ID})
		return err
	}
	var closed *store.PostError
	if err := answer(); !errors.As(err, &closed) || closed.Problem != store.PostClosed {
		t.Errorf("an answer in a locked thread: %v, want refused", err)
	}
	c.announces(c.bob.Activity("Undo", c.bob.Activity("Lock", id)), 202)
	c.must(answer())

	pin := map[string]any{"target": "https://far.example/users/moss/featured"}
	c.announces(c.bob.Activity("Add", id, pin), 202)
	group, err := c.db.AccountByURI(ctx, c.group.ID)
	c.must(err)
	pins := func() int {
		list, err := c.db.PinnedPosts(ctx, group.ID, store.AsMember(c.alice.ID))
		c.must(err)
		return len(list)
	}
	if n := pins(); n != 1 {
		t.Errorf("%d pinned posts, want 1", n)
	}
	c.announces(c.bob.Activity("Remove", id, pin), 202)
	if n := pins(); n != 0 {
		t.Errorf("%d pinned posts after Remove, want none", n)
	}
	c.announces(c.bob.Activity("Block", c.carol.ID, map[string]any{"target": c.group.ID}), 202)
	c.announces(c.bob.Activity("Add", c.carol.ID, map[string]any{"target": "https://far.example/users/moss/moderators"}), 202)
	c.announces(c.bob.Activity("Undo", "https://far.example/activities/gone"), 202)
	if n := c.inbox.Ignored()["Announce of Block"]; n != 1 {
		t.Errorf("ignored %v", c.inbox.Ignored())
	}
}

// What moderators remove of a member leaves the community and stays on the
// member's own page.
func TestGroupRemovesAPostOfOurs(t *testing.T) {
	c := newClub(t)
	c.must(c.db.Follow(ctx, c.alice.ID, mustFind(c, c.group.ID).ID))
	ours := storetest.Post(t, c.db, c.alice, "To the club @moss@far.example", store.Public)
	if got := c.post(ours.URI).GroupURI; got != c.group.ID {
		t.Fatalf("the post stands in %q", got)
	}
	c.announces(ours.URI, 202)
	c.boosts(ours.URI, 1)
	c.announces(c.bob.Activity("Delete", ours.URI), 202)
	if got := c.boosts(ours.URI, 0); got.GroupURI != "" {
		t.Errorf("it still stands in %q", got.GroupURI)
	}
}

func mustFind(c *club, uri string) *store.Account {
	c.Helper()
	a, err := c.resolver.ByURI(ctx, uri)
	c.must(err)
	return a
}

// A group shows every comment around; home gets the threads.
func TestGroupsCommentsStayInTheirThreads(t *testing.T) {
	c := newClub(t)
	group := mustFind(c, c.group.ID)
	c.must(c.db.Follow(ctx, c.alice.ID, group.ID))
	c.must(c.db.ReceiveAccept(ctx, store.FollowRef{AccountID: c.alice.ID, TargetID: group.ID}))
	c.far.Handle("/post/1", c.page(c.bob, "https://far.example/post/1", "Thread"))
	c.far.Handle("/comment/1", note(c.eve, "https://far.example/comment/1", "<p>Comment</p>",
		map[string]any{"inReplyTo": "https://far.example/post/1", "audience": c.group.ID}))
	c.announces("https://far.example/post/1", 202)
	c.work()
	c.announces(c.eve.Activity("Create", "https://far.example/comment/1"), 202)
	c.work()
	c.boosts("https://far.example/comment/1", 1)
	home, err := c.db.HomeTimeline(ctx, c.alice.ID, store.Cursor{})
	c.must(err)
	var titles []string
	for _, v := range home.Posts {
		titles = append(titles, v.Title)
	}
	if got := strings.Join(titles, "|"); got != "Thread" {
		t.Errorf("home has %q, want the thread alone", got)
	}
	for tab, want := range map[store.ProfileTab]int{store.ProfilePosts: 1, store.ProfileReplies: 2} {
		page, err := c.db.ProfileTimeline(ctx, group.ID, tab, store.AsMember(c.alice.ID), store.Cursor{})
		c.must(err)
		if len(page.Posts) != want {
			t.Errorf("the group's page %d has %d posts, want %d", tab, len(page.Posts), want)
		}
	}
}

// Lemmy's authors take deletions back; the post is read again.
func TestUndoOfADelete(t *testing.T) {
	c := newClub(t)
	id := "https://far.example/post/1"
	c.far.Handle("/post/1", c.page(c.bob, id, "Here again"))
	c.send(c.bob, c.bob.Activity("Create", c.page(c.bob, id, "Here again")), 202)
	deletion := c.bob.Activity("Delete", id)
	c.send(c.bob, deletion, 202)
	c.missing(id)
	c.send(c.eve, c.eve.Activity("Undo", c.eve.Activity("Delete", id)), 202)
	c.work()
	c.missing(id)
	c.send(c.bob, c.bob.Activity("Undo", deletion), 202)
	c.work()
	c.post(id)
}

// A moderator's Update of a community, from any host, is a reason to read the
// community, and no more.
func TestUpdateOfAGroupByAModerator(t *testing.T) {
	c := newClub(t)
	group := mustFind(c, c.group.ID)
	forged := c.group.Document()
	forged["name"] = "Forged"
	c.send(c.carol, c.carol.Activity("Update", forged), 202)
	jobs, err := c.db.ClaimJobs(ctx, 20, time.Minute)
	c.must(err)
	for _, j := range jobs {
		if j.Kind == store.JobRefresh {
			c.group.Change(map[string]any{"name": "Moss and more"})
			_, err := c.resolver.Refresh(ctx, group)
			c.must(err)
		}
	}
	if got := mustFind(c, c.group.ID).DisplayName; got != "Moss and more" {
		t.Errorf("the group is called %q", got)
	}
}
