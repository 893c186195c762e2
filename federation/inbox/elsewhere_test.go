package inbox_test

import (
	"strconv"
	"testing"
	"time"

	"seedling/federation/fedtest"
	"seedling/store"
	"seedling/store/content"
)

// fetchJobs does the jobs that read posts and approvals.
func (w *world) fetchJobs() {
	w.Helper()
	for range 3 { // what is read adds more
		jobs, err := w.db.ClaimJobs(ctx, 20, time.Minute)
		w.must(err)
		for _, j := range jobs {
			switch j.Kind {
			case store.JobFetch:
				w.must(w.resolver.FetchPost(ctx, j.Payload))
			case store.JobGrant:
				id, err := strconv.ParseInt(j.Payload, 10, 64)
				w.must(err)
				if err := w.resolver.CheckGrant(ctx, id); err != nil {
					w.Logf("approval: %v", err)
				}
			}
			w.must(w.db.FinishJob(ctx, j.ID))
		}
	}
}

func askAll(can ...string) map[string]any {
	policy := map[string]any{}
	for _, c := range can {
		policy[c] = map[string]any{"manualApproval": public}
	}
	return map[string]any{"interactionPolicy": policy}
}

// inThread says whether a post stands in the thread of another, for everybody,
// and how many replies that one shows.
func (w *world) inThread(parent, reply string) (stands bool, count int) {
	w.Helper()
	th, err := w.db.Thread(ctx, w.post(parent).ID, store.Viewer{})
	w.must(err)
	for _, r := range th.Replies {
		stands = stands || r.Post != nil && r.Post.URI == reply
	}
	return stands, th.Post.RepliesCount
}

// TestRepliesElsewhereNeedTheirApproval: a reply between two other servers to a
// post whose author wants to be asked is in the thread once its approval was
// seen, however it comes, and as a post of its author's all the time.
func TestRepliesElsewhereNeedTheirApproval(t *testing.T) {
	const parent, stampID, replyID = "https://far.example/notes/p", "https://far.example/stamps/1", "https://third.example/notes/r"
	stamp := func(change map[string]any) map[string]any {
		doc := map[string]any{"@context": "https://www.w3.org/ns/activitystreams", "id": stampID, "type": "ReplyAuthorization",
			"attributedTo": "https://far.example/users/bob", "interactingObject": replyID, "interactionTarget": parent}
		for k, v := range change {
			doc[k] = v
		}
		return doc
	}
	type scene struct {
		*world
		carol *fedtest.Actor
		reply func(more map[string]any) map[string]any
	}
	create := func(s scene, more map[string]any) {
		s.send(s.carol, s.carol.Activity("Create", s.reply(more)), 202)
	}
	for name, c := range map[string]struct {
		policy map[string]any
		stamp  map[string]any
		play   func(s scene)
		want   bool
	}{
		"without": {askAll("canReply"), stamp(nil), func(s scene) { create(s, nil) }, false},
		"nobody may": {map[string]any{"interactionPolicy": map[string]any{"canReply": map[string]any{"automaticApproval": []any{"https://far.example/users/bob"}}}},
			stamp(nil), func(s scene) { create(s, nil) }, false},
		"everybody may":     {map[string]any{"interactionPolicy": map[string]any{"canReply": map[string]any{"automaticApproval": public}}}, stamp(nil), func(s scene) { create(s, nil) }, true},
		"no such server":    {map[string]any{"commentsEnabled": false}, stamp(nil), func(s scene) { create(s, nil) }, true},
		"shown":             {askAll("canReply"), stamp(nil), func(s scene) { create(s, map[string]any{"replyAuthorization": stampID}) }, true},
		"shown, old word":   {askAll("canReply"), stamp(map[string]any{"type": "ReplyApproval"}), func(s scene) { create(s, map[string]any{"approvedBy": stampID}) }, true},
		"for another reply": {askAll("canReply"), stamp(map[string]any{"interactingObject": replyID + "2"}), func(s scene) { create(s, map[string]any{"approvedBy": stampID}) }, false},
		"of another deed":   {askAll("canReply"), stamp(map[string]any{"type": "LikeAuthorization"}), func(s scene) { create(s, map[string]any{"approvedBy": stampID}) }, false},
		"by another":        {askAll("canReply"), stamp(map[string]any{"attributedTo": "https://far.example/users/eve"}), func(s scene) { create(s, map[string]any{"approvedBy": stampID}) }, false},
		"on another host":   {askAll("canReply"), stamp(nil), func(s scene) { create(s, map[string]any{"approvedBy": "https://third.example/stamps/1"}) }, false},
		"shown later": {askAll("canReply"), stamp(nil), func(s scene) {
			create(s, nil)
			s.send(s.carol, s.carol.Activity("Update", s.reply(map[string]any{"approvedBy": stampID})), 202)
		}, true},
		"by the author's word": {askAll("canReply"), stamp(nil), func(s scene) {
			create(s, nil)
			s.send(s.bob, s.bob.Activity("Accept", replyID), 202)
		}, true},
		"by the word of another": {askAll("canReply"), stamp(nil), func(s scene) {
			create(s, nil)
			s.send(s.eve, s.eve.Activity("Accept", replyID), 202)
		}, false},
		"answer to a request": {askAll("canReply"), stamp(nil), func(s scene) {
			create(s, nil)
			s.send(s.bob, s.bob.Activity("Accept", map[string]any{"type": "ReplyRequest", "id": "https://third.example/requests/1",
				"actor": s.carol.ID, "object": parent, "instrument": replyID}, map[string]any{"result": stampID}), 202)
		}, true},
		"taken back": {askAll("canReply"), stamp(nil), func(s scene) {
			create(s, map[string]any{"approvedBy": stampID})
			s.fetchJobs()
			s.send(s.bob, s.bob.Activity("Delete", stampID), 202)
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			third := w.net.Server("third.example")
			s := scene{world: w, carol: third.Actor("carol")}
			s.reply = func(more map[string]any) map[string]any {
				return note(s.carol, replyID, "<p>well</p>", map[string]any{"inReplyTo": parent}, more)
			}
			w.far.Handle("/stamps/1", c.stamp)
			w.send(w.bob, w.bob.Activity("Create", note(w.bob, parent, "<p>mine</p>", c.policy)), 202)
			c.play(s)
			w.fetchJobs()
			stands, n := w.inThread(parent, replyID)
			if stands != c.want || (n == 1) != c.want {
				t.Errorf("in the thread: %t, counted %d; want %t", stands, n, c.want)
			}
			v, err := w.db.PostVisibleTo(ctx, w.post(replyID).ID, store.Viewer{})
			if err != nil || (v.Approval == store.ApprovalUnproven) == c.want {
				t.Errorf("by itself it is %+v (%v), want to be shown and to say so", v, err)
			}
		})
	}
}

// A reply that arrives before what it answers is judged when that comes, and is
// read again for the approval that it shows.
func TestRepliesElsewhereBeforeTheirParent(t *testing.T) {
	const parent, stampID = "https://far.example/notes/p", "https://far.example/stamps/1"
	w := newWorld(t)
	third := w.net.Server("third.example")
	carol := third.Actor("carol")
	approved := note(carol, "https://third.example/notes/a", "<p>approved</p>", map[string]any{"inReplyTo": parent, "approvedBy": stampID})
	forward := note(carol, "https://third.example/notes/b", "<p>not asked</p>", map[string]any{"inReplyTo": parent})
	third.Handle("/notes/a", approved)
	third.Handle("/notes/b", forward)
	w.far.Handle("/stamps/1", map[string]any{"@context": "https://www.w3.org/ns/activitystreams", "id": stampID, "type": "ReplyAuthorization",
		"attributedTo": w.bob.ID, "interactingObject": approved["id"], "interactionTarget": parent})
	w.send(carol, carol.Activity("Create", approved), 202)
	w.send(carol, carol.Activity("Create", forward), 202)
	w.send(w.bob, w.bob.Activity("Create", note(w.bob, parent, "<p>mine</p>", askAll("canReply"))), 202)
	w.fetchJobs()
	if stands, _ := w.inThread(parent, forward["id"].(string)); stands {
		t.Error("the reply that nobody approved of is in the thread")
	}
	if stands, n := w.inThread(parent, approved["id"].(string)); !stands || n != 1 {
		t.Errorf("the approved reply is in the thread: %t, and %d are counted", stands, n)
	}
}

// TestDeedsElsewhereNeedTheirApproval: boosts and favourites likewise.
func TestDeedsElsewhereNeedTheirApproval(t *testing.T) {
	const parent = "https://far.example/notes/p"
	w := newWorld(t)
	carol := w.net.Server("third.example").Actor("carol")
	w.send(w.bob, w.bob.Activity("Create", note(w.bob, parent, "<p>mine</p>", askAll("canLike", "canAnnounce"))), 202)
	counts := func() [2]int {
		p := w.post(parent)
		return [2]int{p.FavouritesCount, p.BoostsCount}
	}
	for i, kind := range []string{"Like", "Announce"} {
		id, stampID := "https://third.example/acts/"+kind, "https://far.example/stamps/"+kind
		w.far.Handle("/stamps/"+kind, map[string]any{"@context": "https://www.w3.org/ns/activitystreams", "id": stampID, "type": kind + "Authorization",
			"attributedTo": w.bob.ID, "interactingObject": id, "interactionTarget": parent})
		bare := carol.Activity(kind, parent, map[string]any{"id": id, "to": []any{public}})
		w.send(carol, bare, 202)
		w.fetchJobs()
		if got := counts(); got[i] != 0 {
			t.Errorf("%s without an approval: counted %v", kind, got)
		}
		shown := carol.Activity(kind, parent, map[string]any{"id": id, "to": []any{public}, "approvedBy": stampID})
		w.send(carol, shown, 202)
		w.fetchJobs()
		if got := counts(); got[i] != 1 {
			t.Errorf("%s with its approval: counted %v", kind, got)
		}
		w.send(carol, carol.Activity("Undo", bare), 202)
		if got := counts(); got[i] != 0 {
			t.Errorf("%s undone: counted %v", kind, got)
		}
	}
}

// TestCommentsHeldForReview: PeerTube's owner of a video lets a member's comment
// through, or does not.
func TestCommentsHeldForReview(t *testing.T) {
	const id = "https://far.example/videos/1"
	w := newWorld(t)
	video := note(w.bob, id, "<p>bats</p>", map[string]any{"type": "Video", "name": "Bats", "commentsPolicy": 3, "canReply": nil})
	w.send(w.bob, w.bob.Activity("Create", video), 202)
	comment := func(text string, to int64) *store.Post {
		p, err := w.db.CreatePost(ctx, store.Draft{AuthorID: w.alice.ID, Source: content.Source{Text: text}, ReplyToID: to})
		w.must(err)
		return p
	}
	good, bad := comment("seven", w.post(id).ID), comment("spam", w.post(id).ID)
	if n := len(w.told(store.OutboxAsk)); n != 2 || len(w.told(store.OutboxCreatePost)) != 0 {
		t.Fatalf("%d are asked for and %d published, want 2 and none", n, len(w.told(store.OutboxCreatePost)))
	}
	seen := func(p *store.Post, viewer store.Viewer) (*store.PostView, bool) {
		v, err := w.db.PostVisibleTo(ctx, p.ID, viewer)
		return v, err == nil
	}
	if _, ok := seen(good, store.Viewer{}); ok {
		t.Error("everybody sees the comment that waits")
	}
	if v, ok := seen(good, store.AsMember(w.alice.ID)); !ok || v.Approval != store.ApprovalWaiting || !v.OnVideo {
		t.Errorf("alice sees %+v", v)
	}
	approve := func(by *fedtest.Actor, kind string, p *store.Post) map[string]any {
		return by.Activity(kind, p.URI, map[string]any{"inReplyTo": id})
	}
	w.send(w.eve, approve(w.eve, "ApproveReply", good), 202)
	if _, ok := seen(good, store.Viewer{}); ok {
		t.Error("somebody else let the comment through")
	}
	act := approve(w.bob, "ApproveReply", good)
	w.send(w.bob, act, 202)
	w.send(w.bob, act, 202)
	v, ok := seen(good, store.Viewer{})
	if !ok || v.ReplyStamp != act["id"] || len(w.told(store.OutboxCreatePost)) != 1 {
		t.Errorf("after its approval: visible %t, shows %+v, published %d", ok, v, len(w.told(store.OutboxCreatePost)))
	}
	w.send(w.bob, approve(w.bob, "RejectReply", bad), 202)
	if v, ok := seen(bad, store.AsMember(w.alice.ID)); !ok || v.Approval != store.ApprovalRefused {
		t.Errorf("alice sees the rejected comment as %+v", v)
	}
	// A comment on a comment waits over there, and is told of only when it is rejected.
	carol := w.net.Server("third.example").Actor("carol")
	between := note(carol, "https://third.example/notes/c", "<p>eight</p>", map[string]any{"inReplyTo": id})
	w.send(carol, carol.Activity("Create", between), 202)
	below := comment("nine", w.post("https://third.example/notes/c").ID)
	w.send(w.bob, approve(w.bob, "RejectReply", below), 202)
	if v, ok := seen(below, store.AsMember(w.alice.ID)); !ok || v.Approval != store.ApprovalRefused {
		t.Errorf("alice sees the rejected comment on a comment as %+v", v)
	}
}
