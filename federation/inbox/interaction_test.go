package inbox_test

import (
	"strconv"
	"testing"
	"time"

	"seedling/federation/fedtest"
	"seedling/store"
	"seedling/store/content"
	"seedling/store/storetest"
)

const public = "https://www.w3.org/ns/activitystreams#Public"

// grantJobs does the jobs that read approvals, and returns their errors.
func (w *world) grantJobs() (failed []error) {
	w.Helper()
	jobs, err := w.db.ClaimJobs(ctx, 20, time.Minute)
	w.must(err)
	for _, j := range jobs {
		if j.Kind == store.JobGrant {
			id, err := strconv.ParseInt(j.Payload, 10, 64)
			w.must(err)
			if err := w.resolver.CheckGrant(ctx, id); err != nil {
				failed = append(failed, err)
			}
		}
		w.must(w.db.FinishJob(ctx, j.ID))
	}
	return failed
}

// told lists the outbox by kind, oldest first.
func (w *world) told(kind store.OutboxKind) (list []*store.OutboxItem) {
	w.Helper()
	all, err := w.db.Outbox(ctx, 100)
	w.must(err)
	for _, o := range all {
		if o.Kind == kind {
			list = append(list, o)
		}
	}
	return list
}

// TestPolicyShapes reads the forms in which servers say who may do what.
func TestPolicyShapes(t *testing.T) {
	only := map[string]any{"always": "https://far.example/users/bob"}
	for name, c := range map[string]struct {
		said                    map[string]any
		reply, boost, favourite store.Verdict
	}{
		"nothing": {nil, store.Permitted, store.Permitted, store.Permitted},
		"GoToSocial, old": {map[string]any{"interactionPolicy": map[string]any{"canReply": map[string]any{"always": []any{"https://far.example/users/bob"}, "approvalRequired": public}, "canAnnounce": only}},
			store.MustAsk, store.Refused, store.Permitted},
		"GoToSocial, new": {map[string]any{"interactionPolicy": map[string]any{"canLike": map[string]any{"automaticApproval": []any{}, "manualApproval": []any{public}}, "canReply": map[string]any{"automaticApproval": public}}},
			store.Permitted, store.Permitted, store.MustAsk},
		"an empty rule": {map[string]any{"interactionPolicy": map[string]any{"canReply": map[string]any{}, "canLike": nil}}, store.Permitted, store.Permitted, store.Permitted},
		"Pixelfed": {map[string]any{"commentsEnabled": false, "capabilities": map[string]any{"announce": public, "like": public, "reply": nil}},
			store.Refused, store.Permitted, store.Permitted},
		"PeerTube":      {map[string]any{"commentsEnabled": false}, store.Refused, store.Permitted, store.Permitted},
		"PeerTube, new": {map[string]any{"commentsPolicy": 2, "canReply": nil}, store.Refused, store.Permitted, store.Permitted},
		"rubbish":       {map[string]any{"interactionPolicy": "no", "capabilities": []any{1}, "commentsPolicy": "x"}, store.Permitted, store.Permitted, store.Permitted},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			const id = "https://far.example/notes/1"
			more := []map[string]any{}
			if c.said != nil {
				more = append(more, c.said)
			}
			w.send(w.bob, w.bob.Activity("Create", note(w.bob, id, "<p>mine</p>", more...)), 202)
			v, err := w.db.PostVisibleTo(ctx, w.post(id).ID, store.AsMember(w.alice.ID))
			w.must(err)
			for d, want := range map[store.Deed]store.Verdict{store.DeedReply: c.reply, store.DeedBoost: c.boost, store.DeedFavourite: c.favourite} {
				if got := v.Verdict(d); got != want {
					t.Errorf("%s is %d for a member, want %d", d, got, want)
				}
			}
		})
	}
}

// TestApprovalMustBeTheAuthors: what a member asked for is done when the author's
// server shows the approval (attack: forged, borrowed and replayed ones).
func TestApprovalMustBeTheAuthors(t *testing.T) {
	const id, stampID = "https://far.example/notes/1", "https://far.example/stamps/1"
	for name, c := range map[string]struct {
		stampURI string
		change   map[string]any
		other    bool // the Accept is by somebody else
		status   int
		want     bool
	}{
		"good":                {stampID, nil, false, 202, true},
		"old name":            {stampID, map[string]any{"type": "LikeApproval"}, false, 202, true},
		"no stamp":            {"", nil, false, 202, true},
		"of another deed":     {stampID, map[string]any{"type": "ReplyAuthorization"}, false, 202, false},
		"of another post":     {stampID, map[string]any{"interactionTarget": "https://far.example/notes/2"}, false, 202, false},
		"of another's like":   {stampID, map[string]any{"interactingObject": "https://here.example/ap/likes/1"}, false, 202, false},
		"by another":          {stampID, map[string]any{"attributedTo": "https://far.example/users/eve"}, false, 202, false},
		"with another id":     {stampID, map[string]any{"id": "https://far.example/stamps/2"}, false, 202, false},
		"on another host":     {"https://third.example/stamps/1", nil, false, 403, false},
		"accepted by another": {stampID, nil, true, 202, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			ask := map[string]any{"interactionPolicy": map[string]any{"canLike": map[string]any{"manualApproval": public}}}
			w.send(w.bob, w.bob.Activity("Create", note(w.bob, id, "<p>mine</p>", ask)), 202)
			p := w.post(id)
			w.must(w.db.Favourite(ctx, w.alice.ID, p.ID))
			asked := w.told(store.OutboxAsk)
			if len(asked) != 1 || len(w.told(store.OutboxFavourite)) != 0 {
				t.Fatalf("%d requests are sent, want 1 and no Like", len(asked))
			}
			stamp := map[string]any{"@context": []any{"https://www.w3.org/ns/activitystreams"}, "id": stampID, "type": "LikeAuthorization",
				"attributedTo": w.bob.ID, "interactingObject": asked[0].Quoting, "interactionTarget": id}
			for k, v := range c.change {
				stamp[k] = v
			}
			w.far.Handle("/stamps/1", stamp)
			by := w.bob
			if c.other {
				by = w.far.Actor("eve")
			}
			request := map[string]any{"type": "LikeRequest", "id": asked[0].ActivityURI, "actor": w.alice.URI, "object": id, "instrument": asked[0].Quoting}
			accept := by.Activity("Accept", request)
			if c.stampURI != "" {
				accept["result"] = c.stampURI
			}
			w.send(by, accept, c.status)
			w.grantJobs()
			v, err := w.db.PostVisibleTo(ctx, p.ID, store.AsMember(w.alice.ID))
			w.must(err)
			if v.Favourited != c.want || v.Waits(store.DeedFavourite) == c.want {
				t.Fatalf("favourited %t, waiting %t, want %t", v.Favourited, v.Waits(store.DeedFavourite), c.want)
			}
			if !c.want {
				return
			}
			w.send(w.bob, w.bob.Activity("Reject", asked[0].Quoting), 202)
			w.send(w.bob, accept, 202) // a replay brings nothing back
			w.grantJobs()
			if v, err = w.db.PostVisibleTo(ctx, p.ID, store.AsMember(w.alice.ID)); err != nil || v.Favourited {
				t.Errorf("after a refusal and the old approval again it is favourited %t (%v)", v.Favourited, err)
			}
		})
	}
}

// TestDeedsFromElsewhereAreHeldOrRefused: the policy of a member's post holds
// for those who ask and for those who do not.
func TestDeedsFromElsewhereAreHeldOrRefused(t *testing.T) {
	for _, politely := range []bool{false, true} {
		for rule, want := range map[store.Rule]store.Verdict{
			{Said: true, Ask: store.CircleEveryone}: store.MustAsk, {Said: true}: store.Refused, {Said: true, Always: store.CircleEveryone}: store.Permitted,
		} {
			w := newWorld(t)
			p := storetest.Post(t, w.db, w.alice, "mine", store.Public)
			var policy store.InteractionPolicy
			for _, d := range store.Deeds {
				policy = policy.With(d, rule)
			}
			w.must(w.db.SetPolicy(ctx, w.alice.ID, p.ID, policy))
			reply := note(w.bob, "https://far.example/notes/r", "<p>well</p>", map[string]any{"inReplyTo": p.URI})
			acts := []map[string]any{w.bob.Activity("Create", reply), w.bob.Activity("Like", p.URI), w.bob.Activity("Announce", p.URI, map[string]any{"to": []any{public}})}
			if politely {
				for i, kind := range []string{"ReplyRequest", "LikeRequest", "AnnounceRequest"} {
					var done any = acts[i]
					if i == 0 {
						done = reply
					}
					acts[i] = w.bob.Activity(kind, p.URI, map[string]any{"instrument": done})
				}
			}
			for _, act := range acts {
				w.send(w.bob, act, 202)
				w.send(w.bob, act, 202)
			}
			v, err := w.db.PostVisibleTo(ctx, p.ID, store.Viewer{})
			w.must(err)
			list, err := w.db.Requests(ctx, w.alice.ID, 0, 10)
			w.must(err)
			refused, granted := len(w.told(store.OutboxRefuse)), len(w.told(store.OutboxGrant))
			got := [...]int{v.RepliesCount + v.FavouritesCount + v.BoostsCount, len(list), refused, granted}
			expected := [...]int{map[store.Verdict]int{store.Permitted: 3}[want], map[store.Verdict]int{store.MustAsk: 3}[want], map[store.Verdict]int{store.Refused: 3}[want], 0}
			if politely && want == store.Permitted {
				expected[3] = granted // each is answered
				if granted < 3 {
					t.Errorf("%d requests are granted, want 3", granted)
				}
			}
			if got != expected {
				t.Errorf("politely %t, verdict %d: done, held, refused, granted are %v, want %v", politely, want, got, expected)
			}
			if want != store.MustAsk {
				continue
			}
			for _, r := range list {
				w.must(w.db.AnswerRequest(ctx, w.alice.ID, r.ID, true))
			}
			if v, err = w.db.PostVisibleTo(ctx, p.ID, store.Viewer{}); err != nil || v.RepliesCount+v.FavouritesCount+v.BoostsCount != 3 || len(w.told(store.OutboxGrant)) != 3 {
				t.Errorf("after alice agreed %d replies, %d favourites and %d boosts count (%v)", v.RepliesCount, v.FavouritesCount, v.BoostsCount, err)
			}
		}
	}
}

func TestRequestsThatLie(t *testing.T) {
	w := newWorld(t)
	p := storetest.Post(t, w.db, w.alice, "mine", store.Public)
	eve := w.far.Actor("eve")
	for name, c := range map[string]struct {
		by     *fedtest.Actor
		kind   string
		done   any
		status int
	}{
		"a like of another host":   {w.bob, "LikeRequest", "https://third.example/likes/1", 403},
		"a like by another":        {w.bob, "LikeRequest", eve.Activity("Like", p.URI), 403},
		"a like of something else": {w.bob, "LikeRequest", w.bob.Activity("Like", "https://far.example/notes/9"), 403},
		"a reply to another post":  {w.bob, "ReplyRequest", note(w.bob, "https://far.example/notes/x", "<p>x</p>"), 403},
		"a reply by another":       {w.bob, "ReplyRequest", note(eve, "https://far.example/notes/y", "<p>y</p>", map[string]any{"inReplyTo": p.URI}), 403},
		"nothing":                  {w.bob, "AnnounceRequest", nil, 400},
	} {
		t.Log(name)
		w.send(c.by, c.by.Activity(c.kind, p.URI, map[string]any{"instrument": c.done}), c.status)
	}
}

// TestRefusedReplyStaysWithItsAuthor: also one that nobody asked about.
func TestRefusedReplyStaysWithItsAuthor(t *testing.T) {
	w := newWorld(t)
	const id = "https://far.example/notes/1"
	w.send(w.bob, w.bob.Activity("Create", note(w.bob, id, "<p>mine</p>")), 202)
	reply, err := w.db.CreatePost(ctx, store.Draft{AuthorID: w.alice.ID, Source: content.Source{Text: "well"}, ReplyToID: w.post(id).ID})
	w.must(err)
	eve := w.far.Actor("eve")
	w.send(eve, eve.Activity("Reject", reply.URI), 202)
	if _, err := w.db.PostVisibleTo(ctx, reply.ID, store.Viewer{}); err != nil {
		t.Errorf("after the Reject of somebody else the reply is hidden: %v", err)
	}
	w.send(w.bob, w.bob.Activity("Reject", reply.URI), 202)
	if _, err := w.db.PostVisibleTo(ctx, reply.ID, store.Viewer{}); err == nil {
		t.Error("everybody sees the refused reply")
	}
	v, err := w.db.PostVisibleTo(ctx, reply.ID, store.AsMember(w.alice.ID))
	if err != nil || v.Approval != store.ApprovalRefused {
		t.Errorf("alice sees %+v (%v), want her refused reply", v, err)
	}
}
