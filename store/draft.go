package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"seedling/store/content"
)

// SavedDraft is what a member began to write and kept: a draft, or with a time
// a scheduled post.
type SavedDraft struct {
	ID int64
	Draft
	PublishAt time.Time  // zero: a draft
	Problem   *PostError // why it could not be posted at its time; it waits for its author then
	SavedAt   time.Time
}

// Version is what Draft.SeenAt must be for a change of this version.
func (d *SavedDraft) Version() int64 { return millis(d.SavedAt) }

// Scheduled says whether it is posted by itself.
func (d *SavedDraft) Scheduled() bool { return !d.PublishAt.IsZero() }

// draftBody is a Draft as it is kept.
type draftBody struct {
	Text           string              `json:"text,omitempty"`
	Format         content.Format      `json:"format,omitempty"`
	ContentWarning string              `json:"cw,omitempty"`
	Sensitive      bool                `json:"sensitive,omitempty"`
	Language       string              `json:"lang,omitempty"`
	Visibility     Visibility          `json:"visibility"`
	ReplyToID      int64               `json:"reply_to,omitempty"`
	QuoteID        int64               `json:"quote,omitempty"`
	Policy         InteractionPolicy   `json:"policy,omitempty"`
	Poll           *NewPoll            `json:"poll,omitempty"`
	MediaIDs       []int64             `json:"media,omitempty"`
	MediaTexts     map[int64]MediaText `json:"media_texts,omitempty"`
	ExpiresIn      time.Duration       `json:"expires_in,omitempty"`
	AppID          int64               `json:"app,omitempty"`
}

func bodyOf(d Draft) draftBody {
	return draftBody{Text: d.Source.Text, Format: d.Source.Format, ContentWarning: d.ContentWarning, Sensitive: d.Sensitive,
		Language: d.Language, Visibility: d.Visibility, ReplyToID: d.ReplyToID, QuoteID: d.QuoteID, Policy: d.Policy,
		Poll: d.Poll, MediaIDs: d.MediaIDs, MediaTexts: d.MediaTexts, ExpiresIn: d.ExpiresIn, AppID: d.AppID}
}

func (b draftBody) draft(authorID int64) Draft {
	return Draft{AuthorID: authorID, Source: content.Source{Text: b.Text, Format: b.Format}, ContentWarning: b.ContentWarning,
		Sensitive: b.Sensitive, Language: b.Language, Visibility: b.Visibility, ReplyToID: b.ReplyToID, QuoteID: b.QuoteID,
		Policy: b.Policy, Poll: b.Poll, MediaIDs: b.MediaIDs, MediaTexts: b.MediaTexts, ExpiresIn: b.ExpiresIn, AppID: b.AppID}
}

const draftColumns = `d.id, d.account_id, d.body, d.publish_at, d.problem, COALESCE(d.token, ''), d.saved_at`

func scanDraft(s scanner) (*SavedDraft, error) {
	var d SavedDraft
	var account, publish, saved int64
	var body, problem, token string
	if err := s.Scan(&d.ID, &account, &body, &publish, &problem, &token, &saved); err != nil {
		return nil, translate(err)
	}
	var b draftBody
	if err := json.Unmarshal([]byte(body), &b); err != nil {
		return nil, fmt.Errorf("draft %d: %w", d.ID, err)
	}
	d.Draft = b.draft(account)
	d.DraftID, d.Token, d.PublishAt, d.SavedAt = d.ID, token, fromMillis(publish), fromMillis(saved)
	if problem != "" {
		d.Problem = new(PostError)
		if err := json.Unmarshal([]byte(problem), d.Problem); err != nil {
			return nil, fmt.Errorf("draft %d: %w", d.ID, err)
		}
	}
	return &d, nil
}

// checkKept refuses what is too much or nothing to keep. A draft may be what no
// post can be: too long, or with half a poll.
func checkKept(d Draft) error {
	text := strings.TrimSpace(d.Source.Text) != "" || strings.TrimSpace(d.ContentWarning) != ""
	asks := d.Poll != nil && strings.TrimSpace(strings.Join(d.Poll.Options, "")) != ""
	switch size := len(d.Source.Text) + len(d.ContentWarning); {
	case !text && !asks && len(d.MediaIDs) == 0:
		return &PostError{Problem: PostEmpty}
	case size > maxDraftBytes:
		return &PostError{Problem: PostTooLong, Limit: maxDraftBytes, Length: size}
	case d.Poll != nil && (len(d.Poll.Options) > 2*MaxPollOptions || len(strings.Join(d.Poll.Options, "")) > maxDraftBytes):
		return &PostError{Problem: PostManyOptions, Limit: MaxPollOptions, Length: len(d.Poll.Options)}
	}
	for _, m := range d.MediaTexts {
		if len(m.Description) > maxDraftBytes {
			return &PostError{Problem: PostAltLong, Limit: MaxAlt, Length: content.Count(m.Description)}
		}
	}
	return nil
}

// SaveDraft keeps what a member has written so far: as a new draft, or in the
// place of d.DraftID or of the one that was saved with the same Token. One that
// was scheduled is so no more. ErrStale if there is a newer version than
// d.SeenAt (0: whatever there is); a draft that is gone is made anew, so that no
// text is lost. *PostError if it can't be kept.
func (db *DB) SaveDraft(ctx context.Context, d Draft) (*SavedDraft, error) {
	if err := checkKept(d); err != nil {
		return nil, err
	}
	settings, err := db.Settings(ctx)
	if err != nil {
		return nil, err
	}
	if len(d.MediaIDs) > settings.PostMedia {
		return nil, &PostError{Problem: PostManyMedia, Limit: settings.PostMedia, Length: len(d.MediaIDs)}
	}
	var id int64
	err = db.write(ctx, "save draft", func(t *tx) error {
		id, err = keepDraft(t, d, time.Time{})
		return err
	})
	if err != nil {
		return nil, err
	}
	return db.SavedDraft(ctx, d.AuthorID, id)
}

// Schedule has a draft posted at a time. It is checked like a post that is to be
// made now, and once more then. d.DraftID, Token and SeenAt are as for SaveDraft,
// but one that is gone is not made anew: PostDraftGone.
func (db *DB) Schedule(ctx context.Context, d Draft, at time.Time) (*SavedDraft, error) {
	now := db.now()
	if !at.After(now) || at.Sub(now) > MaxSchedule {
		return nil, &PostError{Problem: PostBadTime}
	}
	if _, err := db.compose(ctx, d); err != nil {
		return nil, err
	}
	var id int64
	err := db.write(ctx, "schedule post", func(t *tx) (err error) {
		if err := canBePosted(t, d); err != nil {
			return err
		}
		id, err = keepDraft(t, d, at)
		return err
	})
	if err != nil {
		return nil, err
	}
	return db.SavedDraft(ctx, d.AuthorID, id)
}

// canBePosted looks for what would already refuse a scheduled post.
func canBePosted(t *tx, d Draft) error {
	p := &Post{AccountID: d.AuthorID, Visibility: d.Visibility}
	if err := answer(t, p, d.ReplyToID); err != nil {
		return err
	}
	if d.QuoteID != 0 {
		if _, err := txVisible(t, d.QuoteID, AsMember(d.AuthorID)); errors.Is(err, ErrNotFound) {
			return &PostError{Problem: PostQuoteGone}
		} else if err != nil {
			return err
		}
	}
	_, err := attachable(t, d.AuthorID, 0, d.MediaIDs, d.MediaTexts)
	return err
}

// keepDraft writes a draft and returns its id.
func keepDraft(t *tx, d Draft, at time.Time) (int64, error) {
	if _, err := txAccount(t, `a.id = ? AND a.host = '' AND a.state = 0`, d.AuthorID); err != nil {
		return 0, err
	}
	id, err := draftToReplace(t, d)
	if err != nil {
		return 0, err
	}
	if id == 0 && d.DraftID != 0 && !at.IsZero() {
		return 0, &PostError{Problem: PostDraftGone}
	}
	saved := millis(t.now)
	if id == 0 {
		id, err = insertDraft(t, d, at)
	} else {
		// A version is known by its time: no two of a draft have the same.
		_, err = t.exec(`UPDATE draft SET body = ?, publish_at = ?, problem = '', saved_at = MAX(?, saved_at + 1) WHERE id = ?`,
			encodeJSON(bodyOf(d)), millis(at), saved, id)
	}
	if err != nil {
		return 0, err
	}
	if err := holdMedia(t, id, d); err != nil || at.IsZero() {
		return id, err
	}
	return id, publishLater(t, id, at)
}

// draftToReplace finds the draft that d is a new version of; 0 for none.
func draftToReplace(t *tx, d Draft) (id int64, err error) {
	var saved int64
	err = t.row(`SELECT id, saved_at FROM draft WHERE account_id = ?1 AND (id = ?2 OR token = NULLIF(?3, '') AND ?2 = 0)`,
		[]any{d.AuthorID, d.DraftID, d.Token}, &id, &saved)
	switch {
	case errors.Is(err, ErrNotFound):
		return 0, nil
	case err == nil && d.SeenAt != 0 && d.SeenAt != saved:
		return 0, ErrStale
	}
	return id, err
}

func insertDraft(t *tx, d Draft, at time.Time) (int64, error) {
	var drafts, scheduled int
	err := t.row(`SELECT COUNT(*) FILTER (WHERE publish_at = 0), COUNT(*) FILTER (WHERE publish_at > 0) FROM draft WHERE account_id = ?`,
		[]any{d.AuthorID}, &drafts, &scheduled)
	switch {
	case err != nil:
		return 0, err
	case at.IsZero() && drafts >= maxDrafts:
		return 0, &PostError{Problem: PostManyDrafts, Limit: maxDrafts}
	case !at.IsZero() && scheduled >= maxScheduled:
		return 0, &PostError{Problem: PostManyScheduled, Limit: maxScheduled}
	}
	id := t.db.ids.next()
	// A token that is taken is that of a draft which is replaced by its id.
	_, err = t.exec(`INSERT INTO draft (id, account_id, body, publish_at, token, saved_at)
		SELECT ?1, ?2, ?3, ?4, CASE WHEN EXISTS (SELECT 1 FROM draft x WHERE x.account_id = ?2 AND x.token = ?5) THEN NULL ELSE NULLIF(?5, '') END, ?6`,
		id, d.AuthorID, encodeJSON(bodyOf(d)), millis(at), d.Token, millis(t.now))
	return id, err
}

// holdMedia notes the uploads that a draft holds, and what is said of them.
func holdMedia(t *tx, id int64, d Draft) error {
	if _, err := t.exec(`DELETE FROM draft_media WHERE draft_id = ?`, id); err != nil {
		return err
	}
	_, err := t.exec(`INSERT INTO draft_media (draft_id, media_id) SELECT ?, m.id FROM media m
		WHERE m.id IN (SELECT value FROM json_each(?)) AND m.owner_id = ? AND m.use = 0 AND m.post_id IS NULL`, id, idList(d.MediaIDs), d.AuthorID)
	return err
}

// SavedDraft returns a draft or scheduled post of a member.
func (db *DB) SavedDraft(ctx context.Context, accountID, id int64) (*SavedDraft, error) {
	s, err := db.stmt(ctx, `SELECT `+draftColumns+` FROM draft d WHERE d.id = ? AND d.account_id = ?`)
	if err != nil {
		return nil, err
	}
	return scanDraft(s.QueryRowContext(ctx, id, accountID))
}

// DraftPage is a part of a member's drafts or scheduled posts.
type DraftPage struct {
	Drafts       []*SavedDraft
	Older, Newer int64
}

// Drafts lists a member's drafts, newest first.
func (db *DB) Drafts(ctx context.Context, accountID int64, c Cursor) (*DraftPage, error) {
	return db.drafts(ctx, `d.publish_at = 0`, accountID, c)
}

// Scheduled lists a member's scheduled posts, the newest made first.
func (db *DB) Scheduled(ctx context.Context, accountID int64, c Cursor) (*DraftPage, error) {
	return db.drafts(ctx, `d.publish_at > 0`, accountID, c)
}

func (db *DB) drafts(ctx context.Context, which string, accountID int64, c Cursor) (*DraftPage, error) {
	var list []*SavedDraft
	err := db.rows(ctx, `SELECT `+draftColumns+` FROM draft d WHERE d.account_id = ?1 AND `+which+` AND `+c.clause("d.id", 2),
		append([]any{accountID}, c.args()...), func(rows *sql.Rows) error {
			d, err := scanDraft(rows)
			list = append(list, d)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("list drafts: %w", err)
	}
	var page DraftPage
	page.Drafts, page.Older, page.Newer = trim(c, list, func(d *SavedDraft) int64 { return d.ID })
	return &page, nil
}

// DeleteDraft removes a draft or a scheduled post; its uploads go with the next
// clearing up.
func (db *DB) DeleteDraft(ctx context.Context, accountID, id int64) error {
	return db.write(ctx, "delete draft", func(t *tx) error {
		n, err := t.exec(`DELETE FROM draft WHERE id = ? AND account_id = ?`, id, accountID)
		return errors.Join(err, missingIf(n == 0))
	})
}

// Reschedule moves a scheduled post to another time.
func (db *DB) Reschedule(ctx context.Context, accountID, id int64, at time.Time) (*SavedDraft, error) {
	d, err := db.SavedDraft(ctx, accountID, id)
	if err != nil {
		return nil, err
	}
	if !d.Scheduled() {
		return nil, ErrNotFound
	}
	d.Draft.SeenAt = d.Version()
	return db.Schedule(ctx, d.Draft, at)
}

// PublishDraft posts a draft or a scheduled post now.
func (db *DB) PublishDraft(ctx context.Context, accountID, id int64) (*Post, error) {
	d, err := db.SavedDraft(ctx, accountID, id)
	if err != nil {
		return nil, err
	}
	d.Draft.SeenAt = d.Version()
	return db.CreatePost(ctx, d.Draft)
}

func publishLater(t *tx, id int64, at time.Time) error {
	text := strconv.FormatInt(id, 10)
	return addJob(t, NewJob{Kind: JobScheduled, Key: text + " " + strconv.FormatInt(millis(at), 10), Payload: text, Delay: at.Sub(t.now)})
}

// PublishDue posts a scheduled post whose time has come: the post is made and
// the draft is gone in one transaction, so that it is done once however often
// the job runs. What can't be posted any more waits for its author, with the
// reason. It is the end of JobScheduled.
func (db *DB) PublishDue(ctx context.Context, id int64) error {
	var accountID int64
	err := db.row(ctx, `SELECT account_id FROM draft WHERE id = ? AND publish_at > 0 AND publish_at <= ? AND problem = ''`,
		[]any{id, millis(db.now())}, &accountID)
	if errors.Is(err, ErrNotFound) {
		return nil // posted, deleted or moved to another time
	}
	if err != nil {
		return err
	}
	d, err := db.SavedDraft(ctx, accountID, id)
	if err != nil {
		return err
	}
	u, err := db.User(ctx, accountID)
	if err != nil {
		return err
	}
	var bad *PostError
	if d.Draft.SeenAt = d.Version(); u.State != UserActive {
		bad = &PostError{Problem: PostAuthorStopped}
	} else if _, err = db.CreatePost(ctx, d.Draft); errors.Is(err, ErrStale) {
		return err // changed at this moment: the job looks again
	} else if !errors.As(err, &bad) {
		return err
	}
	if bad.Problem == PostDraftGone {
		return nil
	}
	return db.write(ctx, "note why a scheduled post failed", func(t *tx) error {
		_, err := t.exec(`UPDATE draft SET problem = ? WHERE id = ? AND saved_at = ?`, encodeJSON(bad), id, d.Version())
		return err
	})
}

// takeDraft removes the draft that is posted now.
func takeDraft(t *tx, d Draft) error {
	if d.DraftID == 0 {
		return nil
	}
	id, err := draftToReplace(t, d)
	if err != nil {
		return err
	}
	if id == 0 {
		return &PostError{Problem: PostDraftGone}
	}
	_, err = t.exec(`DELETE FROM draft WHERE id = ?`, id)
	return err
}
