package api

import (
	"cmp"
	"net/http"
	"strconv"
	"time"

	"seedling/store"
)

// scheduled is the entity ScheduledStatus.
type scheduled struct {
	ID          string          `json:"id"`
	At          string          `json:"scheduled_at"`
	Params      scheduledParams `json:"params"`
	Attachments []attachment    `json:"media_attachments"`
}

// scheduledParams is what the post will be made of.
type scheduledParams struct {
	Text          string         `json:"text"`
	Poll          *scheduledPoll `json:"poll"`
	MediaIDs      []string       `json:"media_ids"` // null: none
	Sensitive     bool           `json:"sensitive"`
	SpoilerText   string         `json:"spoiler_text"`
	Visibility    string         `json:"visibility"`
	InReplyTo     *string        `json:"in_reply_to_id"`
	Language      string         `json:"language"` // never empty: an app reads no list in which one is
	Quoted        *string        `json:"quoted_status_id"`
	ApplicationID int64          `json:"application_id"`
	ScheduledAt   *string        `json:"scheduled_at"`
	Idempotency   *string        `json:"idempotency"`
	RateLimit     bool           `json:"with_rate_limit"`
}

type scheduledPoll struct {
	Options    []string `json:"options"`
	ExpiresIn  string   `json:"expires_in"` // a number
	Multiple   bool     `json:"multiple"`
	HideTotals bool     `json:"hide_totals"`
}

// scheduledList makes the entities of scheduled posts.
func (s *Server) scheduledList(r *request, drafts []*store.SavedDraft) ([]*scheduled, error) {
	var ids []int64
	for _, d := range drafts {
		ids = append(ids, d.MediaIDs...)
	}
	files := map[int64]*store.Media{}
	if len(ids) > 0 {
		found, err := s.db.Media(r.Context(), r.me(), ids...)
		if err != nil {
			return nil, err
		}
		for _, m := range found {
			files[m.ID] = m
		}
	}
	list := make([]*scheduled, len(drafts))
	for i, d := range drafts {
		list[i] = s.scheduledOf(r.user, d, files)
	}
	return list, nil
}

// scheduledOf makes the entity of a scheduled post.
func (s *Server) scheduledOf(author *store.User, d *store.SavedDraft, files map[int64]*store.Media) *scheduled {
	v := &scheduled{ID: id(d.ID), At: moment(d.PublishAt), Attachments: []attachment{}, Params: scheduledParams{
		Text: d.Source.Text, Sensitive: d.Sensitive, SpoilerText: d.ContentWarning, Visibility: visibilityName(d.Visibility),
		InReplyTo: idOrNil(d.ReplyToID), Language: cmp.Or(d.Language, author.Preferences.Language, author.Preferences.Locale, "en"), Quoted: idOrNil(d.QuoteID), ApplicationID: d.AppID}}
	if p := d.Poll; p != nil {
		v.Params.Poll = &scheduledPoll{p.Options, strconv.Itoa(int(p.Lasts.Seconds())), p.Multiple, p.HideResults}
	}
	for _, mediaID := range d.MediaIDs {
		if m := files[mediaID]; m != nil {
			v.Params.MediaIDs = append(v.Params.MediaIDs, id(m.ID))
			v.Attachments = append(v.Attachments, s.upload(m))
		}
	}
	return v
}

// scheduledAt reads when a post is to be made; zero: now.
func (r *request) scheduledAt() (time.Time, error) {
	text := r.params.Get("scheduled_at")
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05 -0700", "2006-01-02"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, nil
		}
	}
	return time.Time{}, invalid("Scheduled at is no time")
}

// schedule keeps a draft until its time.
func (s *Server) schedule(w http.ResponseWriter, r *request, d store.Draft, at time.Time) error {
	saved, err := s.db.Schedule(r.Context(), d, at)
	if err != nil {
		return err
	}
	return s.answerScheduled(w, r, saved)
}

func (s *Server) answerScheduled(w http.ResponseWriter, r *request, d *store.SavedDraft) error {
	list, err := s.scheduledList(r, []*store.SavedDraft{d})
	if err != nil {
		return err
	}
	return s.json(w, list[0])
}

// showScheduled is GET scheduled_statuses.
func (s *Server) showScheduled(w http.ResponseWriter, r *request) error {
	c, err := r.cursor(pageSize, maxPage)
	if err != nil {
		return err
	}
	p, err := s.db.Scheduled(r.Context(), r.me(), c)
	if err != nil {
		return err
	}
	list, err := s.scheduledList(r, p.Drafts)
	if err != nil {
		return err
	}
	s.setLink(w, r, p.Older, p.Newer)
	return s.json(w, list)
}

// scheduledDraft finds the scheduled post that the path names. Drafts that have
// no time are not found: apps know none.
func (s *Server) scheduledDraft(r *request) (*store.SavedDraft, error) {
	draftID, err := r.id("id")
	if err != nil {
		return nil, err
	}
	d, err := s.db.SavedDraft(r.Context(), r.me(), draftID)
	if err == nil && !d.Scheduled() {
		err = store.ErrNotFound
	}
	return d, err
}

// showOneScheduled is GET scheduled_statuses/:id.
func (s *Server) showOneScheduled(w http.ResponseWriter, r *request) error {
	d, err := s.scheduledDraft(r)
	if err != nil {
		return err
	}
	return s.answerScheduled(w, r, d)
}

// reschedule is PUT scheduled_statuses/:id.
func (s *Server) reschedule(w http.ResponseWriter, r *request) error {
	d, err := s.scheduledDraft(r)
	if err != nil {
		return err
	}
	at, err := r.scheduledAt()
	if err != nil {
		return err
	}
	if at.IsZero() {
		return invalid("Scheduled at can't be blank")
	}
	if d, err = s.db.Reschedule(r.Context(), r.me(), d.ID, at); err != nil {
		return err
	}
	return s.answerScheduled(w, r, d)
}

// deleteScheduled is DELETE scheduled_statuses/:id.
func (s *Server) deleteScheduled(w http.ResponseWriter, r *request) error {
	d, err := s.scheduledDraft(r)
	if err != nil {
		return err
	}
	if err := s.db.DeleteDraft(r.Context(), r.me(), d.ID); err != nil {
		return err
	}
	return s.empty(w)
}
