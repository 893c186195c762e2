package outbox

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/content"
	"seedling/store/storetest"
)

const public = "https://www.w3.org/ns/activitystreams#Public"

// peer is somebody on a server of some software, with a thing of theirs that
// alice acts upon, and all that she was heard to do.
type peer struct {
	*town
	of    *store.Account
	group *store.Account // nil: their software has none
	thing *store.Post
	heard map[string]sent
}

// sent is one activity, as JSON, with its inboxes.
type sent struct {
	doc     any
	inboxes []string
}

// things are what the software publishes that members answer; others have notes.
var things = map[string]store.PostKind{
	"peertube": store.Video, "lemmy": store.Page, "mbin": store.Page, "piefed": store.Page, "writefreely": store.Article,
	"plume": store.Article, "wordpress": store.Article, "mobilizon": store.Event, "funkwhale": store.Audio,
}

// groups are the software whose things stand in a community.
var groups = []string{"lemmy", "mbin", "piefed", "nodebb"}

// newPeer lets alice do to somebody all that members can do.
func newPeer(t *testing.T, software string) *peer {
	t.Helper()
	now := testTime
	db := storetest.Open(t, store.Config{URL: storetest.URL, Now: func() time.Time { now = now.Add(time.Second); return now }})
	p := &peer{town: &town{db: db, alice: storetest.Member(t, db, "alice")}, heard: map[string]sent{}}
	p.of = storetest.Remote(t, db, "pia@peer.example")
	p.bob = storetest.Remote(t, db, "bob@there.example")
	must(t, db.SetSoftware(t.Context(), "peer.example", software, "1.0"))
	if slices.Contains(groups, software) {
		p.group = storetest.Remote(t, db, "moss@peer.example")
		p.group.Kind = store.Group
		must(t, db.SaveRemoteAccount(t.Context(), p.group))
	}
	p.thing = storetest.Receive(t, db, p.of, "https://peer.example/things/1", "<p>Look</p>", func(r *store.RemotePost) {
		if r.Kind = things[software]; r.Kind != store.Note {
			r.Title = "A thing"
		}
		if p.group != nil {
			r.GroupURI = p.group.URI
		}
	})
	p.act(t)
	return p
}

// hear builds what was told since, under a name: the last thing said to the peer.
func (p *peer) hear(t *testing.T, name string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	all := drain(t, p.db)
	if len(all) == 0 {
		t.Fatalf("%s: nothing is told", name)
	}
	for _, m := range all {
		s := sent{inboxes: urls(m.inboxes)}
		must(t, json.Unmarshal(m.body, &s.doc))
		if _, taken := p.heard[name]; !taken || text(s.doc, "type") != "QuoteRequest" {
			p.heard[name] = s
		}
	}
}

func (p *peer) act(t *testing.T) {
	t.Helper()
	db, ctx, me, of := p.db, t.Context(), p.alice.ID, p.of
	write := func(d store.Draft) *store.Post {
		t.Helper()
		d.AuthorID = me
		if d.Source.Format == "" {
			d.Source.Format = content.Plain
		}
		post, err := db.CreatePost(ctx, d)
		must(t, err)
		return post
	}
	drain(t, db)
	p.hear(t, "follow", db.Follow(ctx, me, of.ID))
	p.hear(t, "unfollow", db.Unfollow(ctx, me, of.ID))
	p.hear(t, "accept", db.ReceiveFollow(ctx, of.ID, me, "https://peer.example/follows/1"))
	post := write(store.Draft{Source: content.Source{Text: "Hello @pia@peer.example #moss"}, Language: "en"})
	p.hear(t, "post", nil)
	write(store.Draft{Source: content.Source{Text: "the end"}, ContentWarning: "spoiler"})
	p.hear(t, "warned", nil)
	poll := write(store.Draft{Source: content.Source{Text: "Tea?"}, Poll: &store.NewPoll{Options: []string{"Yes", "No"}, Lasts: time.Hour}})
	p.hear(t, "poll", nil)
	must(t, db.ReceiveVote(ctx, of.ID, poll.ID, "Yes"))
	p.hear(t, "counts", db.TellCounts(ctx, poll.ID))
	write(store.Draft{Source: content.Source{Text: "see this"}, QuoteID: p.thing.ID})
	p.hear(t, "quote", nil)
	reply := write(store.Draft{Source: content.Source{Text: "Nice."}, ReplyToID: p.thing.ID})
	p.hear(t, "reply", nil)
	write(store.Draft{Source: content.Source{Text: "psst @pia@peer.example"}, Visibility: store.Direct})
	p.hear(t, "direct", nil)
	_, err := db.UpdatePost(ctx, me, reply.ID, store.Edit{Source: content.Source{Text: "Very nice.", Format: content.Plain}})
	p.hear(t, "edit", err)
	p.hear(t, "delete", db.DeletePost(ctx, me, reply.ID))
	p.hear(t, "boost", db.Boost(ctx, me, p.thing.ID))
	p.hear(t, "unboost", db.Unboost(ctx, me, p.thing.ID))
	p.hear(t, "favourite", db.Favourite(ctx, me, p.thing.ID))
	p.hear(t, "unfavourite", db.Unfavourite(ctx, me, p.thing.ID))
	p.hear(t, "react", db.React(ctx, me, p.thing.ID, "🌱"))
	p.hear(t, "unreact", db.Unreact(ctx, me, p.thing.ID, "🌱"))
	p.hear(t, "pin", db.Pin(ctx, me, post.ID))
	p.hear(t, "unpin", db.Unpin(ctx, me, post.ID))
	theirs := storetest.Receive(t, db, of, "https://peer.example/polls/1", "<p>Tea?</p>", func(r *store.RemotePost) {
		r.Kind, r.Poll = store.Question, &store.Poll{Options: []store.PollOption{{Name: "Yes"}, {Name: "No"}}}
	})
	p.hear(t, "vote", db.Vote(ctx, me, theirs.ID, []int{0}))
	_, err = db.CreateReport(ctx, store.NewReport{ReporterID: me, AccountID: of.ID, PostIDs: []int64{p.thing.ID}, Comment: "spam", Forward: true})
	p.hear(t, "flag", err)
	if p.group != nil {
		p.hear(t, "downvote", db.Downvote(ctx, me, p.thing.ID))
		p.hear(t, "undownvote", db.Undownvote(ctx, me, p.thing.ID))
		write(store.Draft{Source: content.Source{Text: "Which moss is this? @moss@peer.example"}})
		p.hear(t, "thread", nil)
	}
	must(t, db.ChangePrivacy(ctx, me, store.PrivacyChange{Discoverable: new(false)}))
	p.hear(t, "profile", db.UpdateProfile(ctx, me, store.Profile{DisplayName: "Alice", Bio: "I garden.", Fields: []store.Field{{Name: "Web", Text: "https://alice.example/"}}}))
	of.AlsoKnownAs = []string{p.alice.URI}
	must(t, db.SaveRemoteAccount(ctx, of))
	must(t, db.AddAlias(ctx, me, p.bob.URI))
	p.hear(t, "aliased", nil)
	p.hear(t, "move", db.MoveAccount(ctx, me, of.ID))
	must(t, db.ReturnHome(ctx, me))
	drain(t, db)
	p.hear(t, "reject", db.RejectFollow(ctx, me, of.ID))
	p.hear(t, "block", db.Block(ctx, me, of.ID))
	p.hear(t, "unblock", db.Unblock(ctx, me, of.ID))
	p.hear(t, "gone", db.DeleteAccount(ctx, me))
}

// at follows a path of keys and indices ("object.tag.0.name"); nil if it ends early.
func at(doc any, path string) any {
	for key := range strings.SplitSeq(path, ".") {
		switch v := doc.(type) {
		case map[string]any:
			doc = v[key]
		case []any:
			var i int
			if _, err := fmt.Sscan(key, &i); err != nil || i >= len(v) {
				return nil
			}
			doc = v[i]
		default:
			return nil
		}
	}
	return doc
}

func text(doc any, path string) string {
	s, _ := at(doc, path).(string)
	return s
}

// A need is what a software must find in an activity, to understand it. Its
// source says where that is known from.
type need struct {
	software string // by names with spaces between; "": all
	deed     string
	path     string
	want     any // of the kinds below, or the value itself
	source   string
}

// The kinds of wants.
type (
	list   []string // a JSON array that holds these
	absent struct{}
	some   struct{} // there, and neither null nor empty
	null   struct{} // there, as null
	starts string
	goesTo []string // these inboxes are among those it goes to
)

func (n need) problem(s sent) string {
	got := at(s.doc, n.path)
	switch want := n.want.(type) {
	case list:
		all, ok := got.([]any)
		if !ok {
			return "is no array"
		}
		for _, one := range want {
			if !slices.Contains(all, any(one)) {
				return "does not hold " + one
			}
		}
	case goesTo:
		for _, one := range want {
			if !slices.Contains(s.inboxes, one) {
				return fmt.Sprintf("goes to %q, not to %s", s.inboxes, one)
			}
		}
	case absent:
		if has(s.doc, n.path) {
			return "is there"
		}
	case null:
		if !has(s.doc, n.path) || got != nil {
			return "is not null"
		}
	case some:
		if got == nil || got == "" {
			return "is missing"
		}
	case starts:
		if s, _ := got.(string); !strings.HasPrefix(s, string(want)) {
			return "does not begin with " + string(want)
		}
	default:
		if got != want {
			return fmt.Sprintf("is not %v", want)
		}
	}
	return ""
}

func has(doc any, path string) bool {
	i := strings.LastIndexByte(path, '.')
	if i >= 0 {
		doc, path = at(doc, path[:i]), path[i+1:]
	}
	m, _ := doc.(map[string]any)
	_, ok := m[path]
	return ok
}

// TestWhatOtherSoftwareNeeds holds every activity that a member can cause to
// what each software is known to need.
func TestWhatOtherSoftwareNeeds(t *testing.T) {
	for _, software := range []string{"mastodon", "pleroma", "akkoma", "misskey", "sharkey", "iceshrimp", "iceshrimp.net", "gotosocial", "pixelfed", "peertube",
		"funkwhale", "friendica", "lemmy", "mbin", "piefed", "nodebb", "bookwyrm", "writefreely", "plume", "nextcloud", "mobilizon", "wordpress", "ghost", "hubzilla", "mitra"} {
		t.Run(software, func(t *testing.T) {
			p := newPeer(t, software)
			p.everyActivity(t)
			for _, n := range needs(p) {
				if n.software != "" && !slices.Contains(strings.Fields(n.software), software) {
					continue
				}
				s, ok := p.heard[n.deed]
				if !ok {
					t.Errorf("%s is never told", n.deed)
				} else if problem := n.problem(s); problem != "" {
					t.Errorf("%s: %s %s (%s); it is %v in %v", n.deed, n.path, problem, n.source, at(s.doc, n.path), s.doc)
				}
			}
		})
	}
}

// everyActivity checks what all need of all: a context, an id and an actor that
// are plain strings, recipients as arrays, Public in its full spelling.
func (p *peer) everyActivity(t *testing.T) {
	t.Helper()
	for name, s := range p.heard {
		body, err := json.Marshal(s.doc)
		must(t, err)
		if at(s.doc, "@context") == nil || !strings.HasPrefix(text(s.doc, "id"), storetest.URL+"/") || !strings.HasPrefix(text(s.doc, "actor"), storetest.URL+"/") {
			t.Errorf("%s: its context, id or actor is not as it should be: %s", name, body)
		}
		for _, part := range []any{s.doc, at(s.doc, "object")} {
			for _, key := range []string{"to", "cc", "tag", "attachment"} {
				m, _ := part.(map[string]any)
				if _, isList := m[key].([]any); m[key] != nil && !isList {
					t.Errorf("%s: %s is no array: %s", name, key, body)
				}
			}
		}
		if strings.Contains(string(body), `"as:Public"`) {
			t.Errorf("%s: Public is abbreviated", name)
		}
		if a := readBack(t, body); a.Type == "" || a.Actor.ID == "" {
			t.Errorf("%s: read back as %+v", name, a)
		}
	}
}
