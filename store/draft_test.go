package store_test

import (
	"errors"
	"image/color"
	"slices"
	"strings"
	"testing"
	"time"

	"seedling/store"
	"seedling/store/content"
	"seedling/store/storetest"
)

// desk is a store with a clock that tests move, and one member.
type desk struct {
	*store.DB
	t     *testing.T
	now   time.Time
	alice *store.Account
}

func newDesk(t *testing.T) *desk {
	d := &desk{t: t, now: time.Now().Truncate(time.Millisecond)}
	d.DB = storetest.Open(t, store.Config{URL: storetest.URL, Now: func() time.Time { return d.now }})
	d.alice = storetest.Member(t, d.DB, "alice")
	return d
}

func (d *desk) text(text string) store.Draft {
	return store.Draft{AuthorID: d.alice.ID, Source: content.Source{Text: text, Format: content.Plain}}
}

// work does the jobs that are due, as the runner does.
func (d *desk) work() {
	d.t.Helper()
	jobs, err := d.ClaimJobs(ctx, 100, time.Minute)
	must(d.t, err)
	for _, j := range jobs {
		d.do(j)
		must(d.t, d.FinishJob(ctx, j.ID))
	}
}

func (d *desk) do(j *store.Job) {
	d.t.Helper()
	id := int64(0)
	for _, c := range j.Payload {
		id = id*10 + int64(c-'0')
	}
	switch j.Kind {
	case store.JobScheduled:
		must(d.t, d.PublishDue(ctx, id))
	case store.JobExpire:
		must(d.t, d.ExpirePost(ctx, id))
	case store.JobTidy:
		must(d.t, d.Tidy(ctx, id))
	}
}

// posts are the texts of alice's posts, newest first.
func (d *desk) posts() []string {
	d.t.Helper()
	page, err := d.ProfileTimeline(ctx, d.alice.ID, store.ProfileReplies, store.AsMember(d.alice.ID), store.Cursor{Limit: 80})
	must(d.t, err)
	var list []string
	for _, v := range page.Posts {
		list = append(list, v.Source.Text)
	}
	return list
}

func (d *desk) drafts() (drafts, scheduled []*store.SavedDraft) {
	d.t.Helper()
	one, err := d.Drafts(ctx, d.alice.ID, store.Cursor{})
	must(d.t, err)
	other, err := d.Scheduled(ctx, d.alice.ID, store.Cursor{})
	must(d.t, err)
	return one.Drafts, other.Drafts
}

func problemOf(err error) store.PostProblem {
	var bad *store.PostError
	if errors.As(err, &bad) {
		return bad.Problem
	}
	return ""
}

func TestADraftIsKeptWholeAndGoneWhenPosted(t *testing.T) {
	d := newDesk(t)
	red := upload(t, d.DB, d.alice, dot(t, color.RGBA{R: 255, A: 255}), "")
	in := d.text("half a thought")
	in.ContentWarning, in.Language, in.Visibility, in.Token, in.ExpiresIn = "weather", "de", store.Followers, "t1", 3*time.Hour
	in.Poll = &store.NewPoll{Options: []string{"one", ""}, Multiple: true}
	in.MediaIDs, in.MediaTexts = []int64{red.ID}, map[int64]store.MediaText{red.ID: {Description: "red", FocalX: 0.5}}
	saved, err := d.SaveDraft(ctx, in)
	must(t, err)
	if saved.Source != in.Source || saved.ContentWarning != "weather" || saved.Language != "de" || saved.Visibility != store.Followers || saved.ExpiresIn != 3*time.Hour ||
		!slices.Equal(saved.Poll.Options, in.Poll.Options) || !slices.Equal(saved.MediaIDs, in.MediaIDs) || saved.MediaTexts[red.ID].FocalX != 0.5 {
		t.Errorf("saved %+v, want %+v", saved.Draft, in)
	}

	in.Source.Text = "a whole thought" // the same form again: no second draft
	again, err := d.SaveDraft(ctx, in)
	if err != nil || again.ID != saved.ID || again.Version() == saved.Version() {
		t.Fatalf("saved again as %+v, %v; want a new version of draft %d", again, err, saved.ID)
	}
	stale := again.Draft
	stale.SeenAt = saved.Version()
	if _, err := d.SaveDraft(ctx, stale); !errors.Is(err, store.ErrStale) {
		t.Errorf("a change of an old version: %v, want ErrStale", err)
	}
	d.now = d.now.Add(48 * time.Hour)
	must(t, d.PruneMedia(ctx))
	if !kept(d.DB, red.File) {
		t.Error("the file of a draft is gone after two days")
	}

	if _, err := d.PublishDraft(ctx, d.alice.ID, again.ID); problemOf(err) != store.PostFewOptions {
		t.Errorf("posting half a poll: %v", err)
	}
	again.Poll = nil
	p, err := d.CreatePost(ctx, again.Draft)
	must(t, err)
	if _, err := d.SavedDraft(ctx, d.alice.ID, again.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the draft of a post: %v, want ErrNotFound", err)
	}
	v, err := d.PostVisibleTo(ctx, p.ID, store.AsMember(d.alice.ID))
	if err != nil || alts(v) != "red" || v.ExpiresAt != d.now.Add(3*time.Hour).UTC() {
		t.Errorf("posted %+v, %v", v, err)
	}
	if twice, err := d.CreatePost(ctx, again.Draft); err != nil || twice.ID != p.ID {
		t.Errorf("a second press: %v, %v; want the first post", twice, err)
	}
	again.Token = "other"
	if _, err := d.CreatePost(ctx, again.Draft); problemOf(err) != store.PostDraftGone {
		t.Errorf("posting a draft that another tab posted: %v", err)
	}
	if back, err := d.SaveDraft(ctx, again.Draft); err != nil || back.ID == again.ID {
		t.Errorf("saving it is no loss: got %+v, %v", back, err)
	}
}

func TestWhatIsNoDraft(t *testing.T) {
	d := newDesk(t)
	bob := storetest.Member(t, d.DB, "bob")
	for name, c := range map[string]struct {
		change func(*store.Draft)
		want   store.PostProblem
	}{
		"nothing":    {func(in *store.Draft) { in.Source.Text = " \n" }, store.PostEmpty},
		"a novel":    {func(in *store.Draft) { in.Source.Text = strings.Repeat("x", 600_000) }, store.PostTooLong},
		"many files": {func(in *store.Draft) { in.MediaIDs = make([]int64, 99) }, store.PostManyMedia},
		"options":    {func(in *store.Draft) { in.Poll = &store.NewPoll{Options: make([]string, 99)} }, store.PostManyOptions},
	} {
		in := d.text("x")
		c.change(&in)
		if _, err := d.SaveDraft(ctx, in); problemOf(err) != c.want {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
	saved, err := d.SaveDraft(ctx, d.text("mine"))
	must(t, err)
	if _, err := d.SavedDraft(ctx, bob.ID, saved.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("bob reads it: %v", err)
	}
	if err := d.DeleteDraft(ctx, bob.ID, saved.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("bob deletes it: %v", err)
	}
	theirs := d.text("taken")
	theirs.AuthorID, theirs.DraftID = bob.ID, saved.ID
	if _, err := d.CreatePost(ctx, theirs); problemOf(err) != store.PostDraftGone {
		t.Errorf("bob posts it: %v", err)
	}
	if got, err := d.SavedDraft(ctx, d.alice.ID, saved.ID); err != nil || got.Source.Text != "mine" {
		t.Errorf("afterwards it is %+v, %v", got, err)
	}
}

// TestAScheduledPostIsPostedOnce runs the job again as after a crash.
func TestAScheduledPostIsPostedOnce(t *testing.T) {
	d := newDesk(t)
	s, err := d.Schedule(ctx, d.text("good morning"), d.now.Add(time.Hour))
	must(t, err)
	if _, err := d.Reschedule(ctx, d.alice.ID, s.ID, d.now.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	d.now = d.now.Add(time.Hour)
	d.work()
	if got := d.posts(); len(got) != 0 {
		t.Fatalf("posted %q before its time", got)
	}
	d.now = d.now.Add(time.Hour)
	jobs, err := d.ClaimJobs(ctx, 10, time.Minute)
	must(t, err)
	for range 2 {
		for _, j := range jobs {
			d.do(j)
		}
	}
	d.now = d.now.Add(time.Hour) // the lease is over, nobody finished the job
	d.work()
	_, waiting := d.drafts()
	if got := d.posts(); !slices.Equal(got, []string{"good morning"}) || len(waiting) != 0 {
		t.Errorf("posted %q, waiting %v; want it once", got, waiting)
	}
}

func TestAScheduledPostThatCantBePostedWaits(t *testing.T) {
	d := newDesk(t)
	parent := storetest.Post(t, d.DB, d.alice, "first", store.Public)
	in := d.text("second")
	in.ReplyToID = parent.ID
	_, err := d.Schedule(ctx, in, d.now.Add(time.Hour))
	must(t, err)
	must(t, d.DeletePost(ctx, d.alice.ID, parent.ID))
	d.now = d.now.Add(time.Hour)
	d.work()
	_, waiting := d.drafts()
	if len(waiting) != 1 || waiting[0].Problem == nil || waiting[0].Problem.Problem != store.PostParentGone {
		t.Fatalf("waiting: %+v; want it with the reason", waiting)
	}
	for _, at := range []time.Time{{}, d.now, d.now.Add(-time.Hour), d.now.AddDate(2, 0, 0)} {
		if _, err := d.Schedule(ctx, d.text("x"), at); problemOf(err) != store.PostBadTime {
			t.Errorf("at %v: %v, want PostBadTime", at, err)
		}
	}
	must(t, d.DisableUser(ctx, store.Staff{}, storetest.Member(t, d.DB, "x").ID))
}

func TestRedraftLosesNothing(t *testing.T) {
	d := newDesk(t)
	red := upload(t, d.DB, d.alice, dot(t, color.White), "white")
	in := d.text("said")
	in.ContentWarning, in.MediaIDs, in.Poll = "w", []int64{red.ID}, &store.NewPoll{Options: []string{"a", "b"}, Lasts: time.Hour}
	p, err := d.CreatePost(ctx, in)
	must(t, err)
	back, err := d.Redraft(ctx, d.alice.ID, p.ID)
	must(t, err)
	drafts, _ := d.drafts()
	if len(drafts) != 1 || drafts[0].ID != back.ID || back.Source.Text != "said" || back.ContentWarning != "w" || back.Poll == nil || !slices.Equal(back.MediaIDs, in.MediaIDs) {
		t.Errorf("drafts %+v, want %+v", drafts, in)
	}
	if _, err := d.Redraft(ctx, d.alice.ID, p.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a second time: %v", err)
	}
	d.now = d.now.Add(48 * time.Hour)
	must(t, d.PruneMedia(ctx))
	if _, err := d.PublishDraft(ctx, d.alice.ID, back.ID); err != nil {
		t.Errorf("post it again: %v", err)
	}
}

func TestPostsExpire(t *testing.T) {
	d := newDesk(t)
	for _, lasts := range []time.Duration{time.Minute, -time.Hour, 400 * 24 * time.Hour} {
		in := d.text("x")
		in.ExpiresIn = lasts
		if _, err := d.CreatePost(ctx, in); problemOf(err) != store.PostBadExpiry {
			t.Errorf("for %v: %v", lasts, err)
		}
	}
	in := d.text("gone soon")
	in.ExpiresIn = time.Hour
	p, err := d.CreatePost(ctx, in)
	must(t, err)
	storetest.Post(t, d.DB, d.alice, "stays", store.Public)
	must(t, d.ExpirePost(ctx, p.ID)) // too early: nothing happens
	d.now = d.now.Add(59 * time.Minute)
	d.work()
	if got := d.posts(); len(got) != 2 {
		t.Fatalf("after 59 minutes: %q", got)
	}
	d.now = d.now.Add(time.Minute)
	d.work()
	if got := d.posts(); !slices.Equal(got, []string{"stays"}) {
		t.Errorf("after an hour: %q", got)
	}
	if _, err := d.PostVisibleTo(ctx, p.ID, store.Viewer{}); !errors.Is(err, store.ErrGone) {
		t.Errorf("its page: %v, want ErrGone", err)
	}
}

func TestOldPostsAreDeletedByRule(t *testing.T) {
	d := newDesk(t)
	pinned := storetest.Post(t, d.DB, d.alice, "pinned", store.Public)
	must(t, d.Pin(ctx, d.alice.ID, pinned.ID))
	liked := storetest.Post(t, d.DB, d.alice, "liked", store.Public)
	must(t, d.Favourite(ctx, storetest.Member(t, d.DB, "bob").ID, liked.ID))
	bookmarked := storetest.Post(t, d.DB, d.alice, "bookmarked", store.Public)
	must(t, d.Bookmark(ctx, d.alice.ID, bookmarked.ID))
	for range 60 {
		storetest.Post(t, d.DB, d.alice, "chatter", store.Public)
	}
	d.now = d.now.AddDate(0, 0, 40)
	storetest.Post(t, d.DB, d.alice, "fresh", store.Public)
	for _, bad := range []store.Tidying{{Days: 1}, {Days: 99_999}, {Days: 30, MinBoosts: -1}, {Days: 30, MinFavourites: 1 << 30}} {
		var wrong *store.InputError
		if err := d.SetTidying(ctx, d.alice.ID, bad); !errors.As(err, &wrong) {
			t.Errorf("%+v: %v, want an InputError", bad, err)
		}
	}
	rules := store.UsualTidying
	rules.Days, rules.MinFavourites = 30, 1
	must(t, d.SetTidying(ctx, d.alice.ID, rules))
	if got, err := d.Tidying(ctx, d.alice.ID); err != nil || got != rules {
		t.Errorf("rules are %+v, %v; want %+v", got, err, rules)
	}
	d.work()
	if left := len(d.posts()); left != 14 {
		t.Errorf("after the first turn %d posts are left, want 14", left)
	}
	must(t, d.Tidy(ctx, d.alice.ID)) // a second job for the same time does nothing
	d.now = d.now.Add(time.Minute)
	d.work()
	if got := d.posts(); !slices.Equal(got, []string{"fresh", "bookmarked", "liked", "pinned"}) {
		t.Errorf("left: %q", got)
	}
	rules.Days = 0
	must(t, d.SetTidying(ctx, d.alice.ID, rules))
	d.now = d.now.AddDate(1, 0, 0)
	d.work()
	if got := len(d.posts()); got != 4 {
		t.Errorf("switched off, %d are left", got)
	}
}
