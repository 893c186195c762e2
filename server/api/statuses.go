package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"seedling/store"
	"seedling/store/content"
)

// entryOf finds the post or boost that the path names, as the reader sees it.
func (s *Server) entryOf(r *request) (*store.PostView, error) {
	entryID, err := r.id("id")
	if err != nil {
		return nil, err
	}
	return s.db.Entry(r.Context(), entryID, r.viewer())
}

// answerStatus answers with one post.
func (s *Server) answerStatus(w http.ResponseWriter, r *request, v *store.PostView) error {
	e, err := s.entities(r)
	if err != nil {
		return err
	}
	status, err := e.status(r.Context(), v)
	if err != nil {
		return err
	}
	return s.json(w, status)
}

// showStatus is GET statuses/:id.
func (s *Server) showStatus(w http.ResponseWriter, r *request) error {
	v, err := s.entryOf(r)
	if err != nil {
		return err
	}
	return s.answerStatus(w, r, v)
}

// showStatuses is GET statuses?id[]=.
func (s *Server) showStatuses(w http.ResponseWriter, r *request) error {
	views, err := s.db.PostsVisibleTo(r.Context(), append(r.idList("id"), r.idList("ids")...), r.viewer()) // ids: Akkoma's
	if err != nil {
		return err
	}
	return s.page(w, r, &store.PostPage{Posts: views})
}

// showContext is GET statuses/:id/context.
func (s *Server) showContext(w http.ResponseWriter, r *request) error {
	v, err := s.entryOf(r)
	if err != nil {
		return err
	}
	t, err := s.db.Thread(r.Context(), v.ID, r.viewer())
	if err != nil {
		return err
	}
	if err := s.refreshThread(w, r, t); err != nil {
		return err
	}
	var above []*store.PostView
	for _, a := range t.Ancestors {
		if a != nil {
			above = append(above, a)
		}
	}
	below := flatten(nil, t.Replies)
	e, err := s.entities(r)
	if err != nil {
		return err
	}
	all, err := e.statuses(r.Context(), append(above, below...))
	if err != nil {
		return err
	}
	return s.json(w, struct {
		Ancestors   []*status `json:"ancestors"`
		Descendants []*status `json:"descendants"`
	}{all[:len(above)], all[len(above):]})
}

// flatten lists the posts of branches, each before its answers.
func flatten(list []*store.PostView, branches []*store.Reply) []*store.PostView {
	for _, b := range branches {
		if b.Post != nil {
			list = append(list, b.Post)
		}
		list = flatten(list, b.Children)
	}
	return list
}

// onPost does something to the post that the path names and answers with how
// it is then. A post that its reader can't see is not found, whatever is done.
func (s *Server) onPost(do func(ctx context.Context, me, postID int64) error) handler {
	return func(w http.ResponseWriter, r *request) error {
		v, err := s.entryOf(r)
		if err != nil {
			return err
		}
		if err := do(r.Context(), r.me(), v.ID); err != nil {
			return err
		}
		if v, err = s.db.PostVisibleTo(r.Context(), v.ID, r.viewer()); err != nil {
			return err
		}
		return s.answerStatus(w, r, v)
	}
}

// boost is POST statuses/:id/reblog, which answers with the boost.
func (s *Server) boost(w http.ResponseWriter, r *request) error {
	v, err := s.entryOf(r)
	if err != nil {
		return err
	}
	if !store.MayBoost(v.Post, r.me()) {
		return store.ErrNotFound // as Mastodon says it
	}
	circle := store.Public
	if name := r.params.Get("visibility"); name != "" {
		if circle, err = parseVisibility(name); err != nil {
			return err
		}
	}
	if err := s.db.BoostTo(r.Context(), r.me(), v.ID, circle); errors.Is(err, store.ErrAsksFirst) {
		return invalid("The author wants to be asked before a boost, and one for fewer people cannot wait")
	} else if err != nil {
		return err
	}
	if v, err = s.db.BoostBy(r.Context(), r.me(), v.ID); err != nil {
		return err
	}
	return s.answerStatus(w, r, v)
}

// pin is Pin; others' posts can't be pinned, which is no secret.
func (s *Server) pin(ctx context.Context, me, postID int64) error {
	err := s.db.Pin(ctx, me, postID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return invalid("Someone else's post cannot be pinned")
	case errors.Is(err, store.ErrForbidden):
		return invalid("You have already pinned the maximum number of posts, or the post is direct")
	}
	return err
}

// muteThread chooses what the member wants of the thread.
func (s *Server) muteThread(choice store.ThreadChoice) func(context.Context, int64, int64) error {
	return func(ctx context.Context, me, postID int64) error { return s.db.ChooseThread(ctx, me, postID, choice) }
}

func (s *Server) showFavouriters(w http.ResponseWriter, r *request) error {
	v, err := s.entryOf(r)
	if err != nil {
		return err
	}
	return s.showPeople(w, r, v.ID, s.db.FavouritersOf)
}

func (s *Server) showBoosters(w http.ResponseWriter, r *request) error {
	v, err := s.entryOf(r)
	if err != nil {
		return err
	}
	return s.showPeople(w, r, v.ID, s.db.BoostersOf)
}

// createStatus is POST statuses. The same Idempotency-Key again returns the
// first post.
func (s *Server) createStatus(w http.ResponseWriter, r *request) error {
	d, err := s.readDraft(r)
	if err != nil {
		return err
	}
	if r.params.Bool("preview", false) { // Akkoma's
		return s.preview(w, r, d)
	}
	at, err := r.scheduledAt()
	if err != nil {
		return err
	}
	if !at.IsZero() {
		return s.schedule(w, r, d, at)
	}
	p, err := s.db.CreatePost(r.Context(), d)
	if err != nil {
		return err
	}
	v, err := s.db.PostVisibleTo(r.Context(), p.ID, r.viewer())
	if err != nil {
		return err
	}
	return s.answerStatus(w, r, v)
}

// readDraft reads what a member wants to post.
func (s *Server) readDraft(r *request) (store.Draft, error) {
	preferences := r.user.Preferences
	d := store.Draft{
		AuthorID: r.me(), ContentWarning: strings.TrimSpace(r.params.Get("spoiler_text")), Sensitive: r.params.Bool("sensitive", preferences.Sensitive),
		Source: textFrom(r), Language: cleanLanguage(r.params.Get("language")), Visibility: preferences.Visibility,
	}
	if !r.params.Has("language") {
		d.Language = preferences.Language
	}
	var err error
	if text := r.params.Get("visibility"); text != "" {
		if d.Visibility, err = parseVisibility(text); err != nil {
			return d, err
		}
	}
	if d.ReplyToID, err = s.entryParam(r, "in_reply_to_id"); err != nil {
		return d, err
	}
	quoted := "quoted_status_id"
	if !r.params.Has(quoted) {
		quoted = "quote_id" // Akkoma's
	}
	if d.QuoteID, err = s.entryParam(r, quoted); err != nil {
		return d, err
	}
	if d.Poll, err = readPoll(r); err != nil {
		return d, err
	}
	if d.Policy, err = r.quotePolicy(preferences.Policy); err != nil {
		return d, err
	}
	if seconds, ok := r.params.Int("expires_in"); ok { // Akkoma's; a poll has its own below poll[…]
		d.ExpiresIn = time.Duration(min(max(seconds, 0), maxExpirySeconds)) * time.Second
	}
	d.AppID = r.token.AppID
	if d.MediaIDs, err = r.mediaIDs(); err != nil {
		return d, err
	}
	d.MediaTexts = mediaTexts(r)
	if key := r.Header.Get("Idempotency-Key"); key != "" && len(key) <= maxIdempotencyKey {
		sum := sha256.Sum256([]byte(key))
		d.Token = fmt.Sprintf("api %d %s", r.token.AppID, hex.EncodeToString(sum[:16]))
	}
	return d, nil
}

// textFrom is the text of a post, without the empty lines around it.
func textFrom(r *request) content.Source {
	text := strings.ReplaceAll(r.params.Get("status"), "\r\n", "\n")
	return content.Source{Text: strings.TrimRight(strings.TrimLeft(text, "\n"), " \t\n"), Format: sourceFormat(r.params.Get("content_type"))}
}

// entryParam reads a parameter that names a post or a boost of one, as the id
// of the post; 0 if it was not sent.
func (s *Server) entryParam(r *request, name string) (int64, error) {
	entryID, err := r.idParam(name)
	if err != nil || entryID == 0 {
		return 0, err
	}
	v, err := s.db.Entry(r.Context(), entryID, r.viewer())
	if err != nil {
		return 0, err
	}
	return v.ID, nil
}

// readPoll reads what a post asks, or nil.
func readPoll(r *request) (*store.NewPoll, error) {
	p := r.params.Below("poll")
	options := p.All("options")
	if len(options) == 0 {
		return nil, nil
	}
	seconds, ok := p.Int("expires_in")
	if !ok {
		return nil, invalid("Expires in can't be blank")
	}
	return &store.NewPoll{Options: options, Multiple: p.Bool("multiple", false), HideResults: p.Bool("hide_totals", false),
		Lasts: time.Duration(min(max(seconds, 0), int64(store.MaxPollTime/time.Second)+1)) * time.Second}, nil
}

// updateStatus is PUT statuses/:id. An app knows no versions: it changes the
// one that is there. One that sends the text sends the poll too: without it the
// post asks nothing any more, as at Mastodon.
func (s *Server) updateStatus(w http.ResponseWriter, r *request) error {
	v, err := s.ownPost(r)
	if err != nil {
		return err
	}
	e := store.Edit{Source: textFrom(r), ContentWarning: strings.TrimSpace(r.params.Get("spoiler_text")),
		Sensitive: r.params.Bool("sensitive", false), Language: v.Language, SeenAt: v.Version()}
	if !r.params.Has("status") {
		e.Source = v.Source
	}
	if r.params.Has("language") {
		e.Language = cleanLanguage(r.params.Get("language"))
	}
	if r.params.Get("content_type") == "" {
		e.Source.Format = v.Source.Format
	}
	if r.params.Has("media_ids") {
		ids, err := r.mediaIDs()
		if err != nil {
			return err
		}
		e.MediaIDs = append([]int64{}, ids...)
	}
	e.MediaTexts = mediaTexts(r)
	policy, err := r.quotePolicy(v.Policy)
	if err != nil {
		return err
	}
	if e.Poll, err = readPoll(r); err != nil {
		return err
	}
	e.NoPoll = e.Poll == nil && r.params.Has("status")
	if _, err := s.db.UpdatePost(r.Context(), r.me(), v.ID, e); err != nil {
		return err
	}
	if policy != v.Policy {
		if err := s.db.SetPolicy(r.Context(), r.me(), v.ID, policy); err != nil {
			return err
		}
	}
	return s.showStatus(w, r)
}

// ownPost finds a post that the member wrote. Others' are not found.
func (s *Server) ownPost(r *request) (*store.PostView, error) {
	v, err := s.entryOf(r)
	if err != nil {
		return nil, err
	}
	if v.AccountID != r.me() || len(v.BoostedBy) > 0 {
		return nil, store.ErrNotFound
	}
	return v, nil
}

// deleteStatus is DELETE statuses/:id, which answers with the post and its
// source, to be written anew. A boost is taken back.
func (s *Server) deleteStatus(w http.ResponseWriter, r *request) error {
	if err := s.takeDelete(w, r); err != nil {
		return err
	}
	v, err := s.entryOf(r)
	if err != nil {
		return err
	}
	if len(v.BoostedBy) > 0 && v.BoostedBy[0].ID == r.me() {
		if err := s.db.Unboost(r.Context(), r.me(), v.ID); err != nil {
			return err
		}
		return s.answerStatus(w, r, v)
	}
	if v, err = s.ownPost(r); err != nil {
		return err
	}
	e, err := s.entities(r)
	if err != nil {
		return err
	}
	status, err := e.status(r.Context(), v)
	if err != nil {
		return err
	}
	status.Text = &v.Source.Text
	remove := s.db.TakeBackPost // apps post its text and its media again: "delete and re-draft"
	if r.params.Bool("delete_media", false) {
		remove = s.db.DeletePost
	}
	if err := remove(r.Context(), r.me(), v.ID); err != nil {
		return err
	}
	return s.json(w, status)
}

// showSource is GET statuses/:id/source: what a member wrote, to be edited.
func (s *Server) showSource(w http.ResponseWriter, r *request) error {
	v, err := s.ownPost(r)
	if err != nil {
		return err
	}
	return s.json(w, map[string]string{"id": id(v.ID), "text": v.Source.Text, "spoiler_text": v.ContentWarning,
		"content_type": contentType(v.Source.Format)})
}

// contentType is Akkoma's word for how a text is written.
func contentType(f content.Format) string {
	if f == content.Markdown {
		return "text/markdown"
	}
	return "text/plain"
}

// version is the entity StatusEdit.
type version struct {
	Content     string       `json:"content"`
	SpoilerText string       `json:"spoiler_text"`
	Sensitive   bool         `json:"sensitive"`
	CreatedAt   string       `json:"created_at"`
	Account     *account     `json:"account"`
	Poll        *poll        `json:"poll,omitempty"`
	Attachments []attachment `json:"media_attachments"`
	Emojis      []emoji      `json:"emojis"`
}

// showHistory is GET statuses/:id/history: all versions, oldest first, with the
// one of now.
func (s *Server) showHistory(w http.ResponseWriter, r *request) error {
	v, err := s.entryOf(r)
	if err != nil {
		return err
	}
	old, err := s.db.PostHistory(r.Context(), v.ID, r.viewer())
	if err != nil {
		return err
	}
	e, err := s.entities(r)
	if err != nil {
		return err
	}
	author, host := e.account(v.Author), v.Author.EmojiHost()
	var texts []string
	for _, o := range old {
		texts = append(texts, o.HTML.String(), o.ContentWarning)
	}
	known, err := s.db.EmojiIn(r.Context(), host, texts...)
	if err != nil {
		return err
	}
	list := []version{}
	for _, o := range old {
		list = append(list, version{Content: o.HTML.String(), SpoilerText: o.ContentWarning, Sensitive: o.Sensitive,
			CreatedAt: moment(time.UnixMilli(o.WrittenAt)), Account: author, Attachments: []attachment{}, Emojis: s.emojis(known.In(host, o.HTML.String(), o.ContentWarning))})
	}
	written := v.EditedAt
	if written.IsZero() {
		written = v.CreatedAt
	}
	list = append(list, version{Content: contentOf(v), SpoilerText: v.ContentWarning, Sensitive: v.Sensitive, CreatedAt: moment(written),
		Account: author, Poll: e.poll(v), Attachments: s.attachments(v), Emojis: s.emojis(v.Emoji())})
	return s.json(w, list)
}

// showCard is GET statuses/:id/card, as older apps ask for it.
func (s *Server) showCard(w http.ResponseWriter, r *request) error {
	v, err := s.entryOf(r)
	if err != nil {
		return err
	}
	if v.Card == nil {
		return s.empty(w)
	}
	e, err := s.entities(r)
	if err != nil {
		return err
	}
	return s.json(w, e.card(v.Card))
}

// translate says that nobody translates here.
func (s *Server) translate(w http.ResponseWriter, r *request) error {
	if _, err := s.entryOf(r); err != nil {
		return err
	}
	return &apiError{status: http.StatusNotFound, text: "Translation is not available on this server"}
}

// explainPost says why a text can't be posted.
func explainPost(e *store.PostError) *apiError {
	text := string(e.Problem)
	switch e.Problem {
	case store.PostEmpty:
		text = "Text can't be blank"
	case store.PostTooLong:
		text = fmt.Sprintf("Text character limit of %d exceeded", e.Limit)
	case store.PostWarningTooLong:
		text = fmt.Sprintf("Content warning character limit of %d exceeded", e.Limit)
	case store.PostParentGone, store.PostQuoteGone:
		return &apiError{status: http.StatusNotFound, text: "Record not found"}
	case store.PostFewOptions:
		text = "Options must be more than one"
	case store.PostManyOptions:
		text = fmt.Sprintf("Options can't contain more than %d items", store.MaxPollOptions)
	case store.PostOptionTooLong:
		text = fmt.Sprintf("Options can't be longer than %d characters each", store.MaxPollOption)
	case store.PostOptionTwice:
		text = "Options contain duplicate items"
	case store.PostPollTime:
		text = "Expires in is too soon or too far into the future"
	default:
		text = "The post " + text
	}
	return &apiError{status: http.StatusUnprocessableEntity, text: "Validation failed: " + text}
}
