package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"seedling/store/content"
)

// Draft is what a member wrote and wants to post.
type Draft struct {
	AuthorID       int64
	Source         content.Source
	ContentWarning string
	Sensitive      bool
	Language       string
	Visibility     Visibility
	ReplyToID      int64
	QuoteID        int64 // what it quotes, 0: nothing
	Policy         InteractionPolicy
	Poll           *NewPoll            // what it asks, or nil
	MediaIDs       []int64             // uploads that it shows, in their order
	MediaTexts     map[int64]MediaText // what is said of them from now on, by id; of others it stays
	ExpiresIn      time.Duration       // after which the post deletes itself; 0: never
	Token          string              // of the form: the same one again returns the first post, for a while
	AppID          int64               // the app that it is written with, 0: none

	DraftID int64 // the saved draft that it is, which is gone when it is posted; 0: none
	SeenAt  int64 // SavedDraft.Version of the one that the author had before them, 0: whatever there is
}

// PostError says why a draft can't be posted; nothing was stored.
type PostError struct {
	Problem PostProblem
	Limit   int    // PostTooLong, PostWarningTooLong: what is allowed
	Length  int    // and what it has
	Handle  string // PostBlocked: by whom
}

func (e *PostError) Error() string { return "post: " + string(e.Problem) }

// PostProblem is what is wrong with a draft.
type PostProblem string

// The ways in which a draft is refused.
const (
	PostEmpty           PostProblem = "is empty"
	PostTooLong         PostProblem = "is too long"
	PostWarningTooLong  PostProblem = "has too long a content warning"
	PostTooManyMentions PostProblem = "mentions too many people"
	PostParentGone      PostProblem = "answers a post that is deleted or hidden"
	PostBlocked         PostProblem = "is to somebody who blocked you"
	PostClosed          PostProblem = "answers a thread that its community closed"
	PostQuoteGone       PostProblem = "quotes a post that is deleted or hidden"
	PostReplyRefused    PostProblem = "answers a post whose author takes no replies from its author"
	PostQuoteRefused    PostProblem = "quotes a post that may not be quoted"
	PostFewOptions      PostProblem = "asks with too few options"
	PostManyOptions     PostProblem = "asks with too many options"
	PostOptionTooLong   PostProblem = "has too long an option"
	PostOptionTwice     PostProblem = "has the same option twice"
	PostPollTime        PostProblem = "asks for too short or too long a time"
)

// composed is a draft made ready outside the transaction.
type composed struct {
	html       content.HTML
	poll       *Poll // without its end
	tags       []string
	mentions   []int64
	unresolved []content.Handle // people elsewhere who are not known here yet
	settings   Settings
}

// CreatePost posts a draft: the post with everything that follows from it, and
// the outbox row. It returns *PostError if the draft can't be posted as it is.
func (db *DB) CreatePost(ctx context.Context, d Draft) (*Post, error) {
	ready, err := db.compose(ctx, d)
	if err != nil {
		return nil, err
	}
	var post *Post
	err = db.write(ctx, "create post", func(t *tx) error {
		if post, err = postByToken(t, d); err == nil {
			_, err = t.exec(`DELETE FROM draft WHERE id = ? AND account_id = ?`, d.DraftID, d.AuthorID)
			return err
		}
		if !errors.Is(err, ErrNotFound) {
			return err
		}
		post, err = createPost(t, d, ready)
		return err
	})
	return post, err
}

func postByToken(t *tx, d Draft) (*Post, error) {
	if d.Token == "" {
		return nil, ErrNotFound
	}
	return txPost(t, `p.account_id = ? AND p.token = ?`, d.AuthorID, d.Token)
}

// compose checks the text of a draft, renders it and looks up whom it names.
func (db *DB) compose(ctx context.Context, d Draft) (*composed, error) {
	settings, err := db.Settings(ctx)
	if err != nil {
		return nil, err
	}
	if err := checkMedia(settings, d.MediaIDs, d.MediaTexts); err != nil {
		return nil, err
	}
	if strings.TrimSpace(d.Source.Text) == "" && len(d.MediaIDs) == 0 {
		return nil, &PostError{Problem: PostEmpty}
	}
	if n := content.Count(d.Source.Text); n > settings.PostLimit {
		return nil, &PostError{Problem: PostTooLong, Limit: settings.PostLimit, Length: n}
	}
	if n := content.Count(d.ContentWarning); n > maxWarning {
		return nil, &PostError{Problem: PostWarningTooLong, Limit: maxWarning, Length: n}
	}
	if err := checkExpiry(d.ExpiresIn); err != nil {
		return nil, err
	}
	var poll *Poll
	if d.Poll != nil {
		if poll, err = d.Poll.check(); err != nil {
			return nil, err
		}
	}
	ready, err := db.render(ctx, d.Source)
	if err != nil {
		return nil, err
	}
	ready.poll, ready.settings = poll, settings
	return ready, nil
}

// render turns a source into HTML with the people, tags and links it names.
func (db *DB) render(ctx context.Context, source content.Source) (*composed, error) {
	found := content.Find(source)
	if len(found.Mentions) > maxMentions {
		return nil, &PostError{Problem: PostTooManyMentions, Limit: maxMentions, Length: len(found.Mentions)}
	}
	ready := &composed{tags: found.Tags[:min(len(found.Tags), maxTags)]}
	urls := make(map[content.Handle]string, len(found.Mentions))
	for _, h := range found.Mentions {
		a, err := db.AccountByHandle(ctx, h)
		switch {
		case err == nil && a.State == AccountActive:
			urls[h] = a.URL
			ready.mentions = append(ready.mentions, a.ID)
		case errors.Is(err, ErrNotFound) && h.Host != "" && h.Host != db.accountDomain && h.Host != db.host:
			ready.unresolved = append(ready.unresolved, h)
		case err != nil && !errors.Is(err, ErrNotFound):
			return nil, err
		}
	}
	ready.html = content.Render(source, content.Resolver{
		Mention: func(h content.Handle) (string, bool) { url, ok := urls[h]; return url, ok },
		Tag:     func(name string) string { return db.base + "/tags/" + foldTag(name) },
	})
	return ready, nil
}

func createPost(t *tx, d Draft, ready *composed) (*Post, error) {
	author, err := txAccount(t, `a.id = ? AND a.state = 0`, d.AuthorID)
	if err != nil {
		return nil, err
	}
	p := &Post{ID: t.db.ids.next(), AccountID: author.ID, Visibility: d.Visibility, Sensitive: d.Sensitive || d.ContentWarning != "",
		ContentWarning: d.ContentWarning, HTML: ready.html, Source: d.Source, Language: d.Language, CreatedAt: t.now}
	if ready.poll != nil {
		p.Kind = Question
	}
	if err := answer(t, p, d.ReplyToID); err != nil {
		return nil, err
	}
	if err := refuseBlocked(t, author.ID, ready.mentions); err != nil {
		return nil, err
	}
	if err := takeDraft(t, d); err != nil {
		return nil, err
	}
	id := strconv.FormatInt(p.ID, 10)
	p.URI, p.URL = t.db.base+"/ap/posts/"+id, author.URL+"/"+id
	files, err := attachable(t, author.ID, p.ID, d.MediaIDs, d.MediaTexts)
	if err != nil {
		return nil, err
	}
	if err := insertPost(t, p, author, addressed{mentions: ready.mentions, tags: ready.tags, attachments: files}); err != nil {
		return nil, err
	}
	if err := attach(t, p.ID, files); err != nil {
		return nil, err
	}
	if len(files) == 0 && d.QuoteID == 0 {
		if err := setCard(t, p, t.db.cardLink(p, ready.settings)); err != nil {
			return nil, err
		}
	}
	if err := keepOwnPolicy(t, p, d.Policy); err != nil {
		return nil, err
	}
	if err := quotePost(t, p, d.QuoteID); err != nil {
		return nil, err
	}
	if ready.poll != nil {
		if err := askPoll(t, p.ID, ready.poll, d.Poll.Lasts); err != nil {
			return nil, err
		}
	}
	if err := expireLater(t, p, d.ExpiresIn); err != nil {
		return nil, err
	}
	if err := indexPost(t, p.ID); err != nil {
		return nil, err
	}
	if d.Token != "" {
		if _, err := t.exec(`UPDATE post SET token = ? WHERE id = ?`, d.Token, p.ID); err != nil {
			return nil, err
		}
	}
	if err := keepAppName(t, p.ID, d.AppID); err != nil {
		return nil, err
	}
	if !p.Leaves() {
		return p, nil
	}
	unknownGroup, err := groupUnknown(t, p)
	if err != nil {
		return nil, err
	}
	if len(ready.unresolved) > 0 || unknownGroup {
		// Whom it names elsewhere must be found first; then it is published (see PublishResolved).
		return p, addJob(t, NewJob{Kind: JobPublish, Key: id, Payload: id})
	}
	return p, publishPost(t, p)
}

// answer links a reply to its parent, which must be visible to the author, and
// narrows its visibility to the parent's.
func answer(t *tx, p *Post, parentID int64) error {
	if parentID == 0 {
		return nil
	}
	parent, err := txVisible(t, parentID, AsMember(p.AccountID))
	if errors.Is(err, ErrNotFound) {
		if other, err := txPost(t, `p.id = ?`, parentID); err == nil {
			if err := refuseBlocked(t, p.AccountID, []int64{other.AccountID}); err != nil {
				return err
			}
		}
		return &PostError{Problem: PostParentGone}
	}
	if err != nil {
		return err
	}
	if err := refuseLocked(t, parent.ID); err != nil {
		return err
	}
	switch verdict, err := verdictOn(t, DeedReply, parent, p.AccountID); {
	case err != nil:
		return err
	case verdict == Refused:
		return &PostError{Problem: PostReplyRefused}
	case verdict == MustAsk:
		p.Approval = ApprovalWaiting
	}
	p.ReplyToID, p.ReplyToAccountID = parent.ID, parent.AccountID
	p.Visibility = p.Visibility.Within(parent.Visibility)
	return nil
}

// refuseBlocked refuses a post that addresses somebody who blocked its author.
func refuseBlocked(t *tx, authorID int64, mentions []int64) error {
	for _, id := range mentions {
		var name, host string
		err := t.row(`SELECT a.username, a.host FROM block b JOIN account a ON a.id = b.account_id
			WHERE b.account_id = ? AND b.target_id = ?`, []any{id, authorID}, &name, &host)
		if err == nil {
			return &PostError{Problem: PostBlocked, Handle: content.Handle{Username: name, Host: host}.String()}
		}
		if !errors.Is(err, ErrNotFound) {
			return err
		}
	}
	return nil
}

// Unresolved lists whom a post names that is not known here yet.
func (db *DB) Unresolved(ctx context.Context, p *Post) ([]content.Handle, error) {
	ready, err := db.render(ctx, p.Source)
	if err != nil {
		return nil, err
	}
	return ready.unresolved, nil
}

// PublishResolved renders a post again, now that whom it names could be looked
// up, addresses them, and hands it to the outbox. It is the end of JobPublish.
func (db *DB) PublishResolved(ctx context.Context, postID int64) error {
	p, err := db.Post(ctx, postID)
	if errors.Is(err, ErrNotFound) {
		return nil // deleted meanwhile
	}
	if err != nil {
		return err
	}
	ready, err := db.render(ctx, p.Source)
	if err != nil {
		return err
	}
	return db.write(ctx, "publish post", func(t *tx) error {
		n, err := t.exec(`UPDATE post SET html = ? WHERE id = ?`, ready.html, postID)
		if err != nil || n == 0 {
			return err
		}
		if err := insertAddressed(t, p, addressed{mentions: ready.mentions}); err != nil {
			return err
		}
		if err := standResolved(t, p, ready.mentions); err != nil {
			return err
		}
		return publishPost(t, p)
	})
}

// Edit is a new version of a post.
type Edit struct {
	Source         content.Source
	ContentWarning string
	Sensitive      bool
	Language       string
	MediaIDs       []int64             // uploads that it shows from now on; nil: those that it shows already
	MediaTexts     map[int64]MediaText // what is said of them from now on, by id; of others it stays
	Poll           *NewPoll            // what it asks from now on: other options or answers are a new poll, in which nobody has voted
	NoPoll         bool                // it asks nothing any more; without this and Poll, what it asks stays
	// SeenAt is the EditedAt (or zero) of the version that the author had before
	// them: ErrStale if there is a newer one.
	SeenAt int64

	answersAlt int64 // the upload for which a suggested description is taken, see AcceptAlt
}

// Version is what Edit.SeenAt must be for a change of this version of p.
func (p *Post) Version() int64 { return millis(p.EditedAt) }

// UpdatePost replaces the text of an author's own post and keeps the old one.
func (db *DB) UpdatePost(ctx context.Context, authorID, postID int64, e Edit) (*Post, error) {
	ids, err := db.mediaAfter(ctx, postID, e)
	if err != nil {
		return nil, err
	}
	ready, err := db.compose(ctx, Draft{Source: e.Source, ContentWarning: e.ContentWarning, MediaIDs: ids, MediaTexts: e.MediaTexts, Poll: e.Poll})
	if err != nil {
		return nil, err
	}
	var p *Post
	err = db.write(ctx, "update post", func(t *tx) error {
		old, err := txPost(t, `p.id = ? AND p.account_id = ?`, postID, authorID)
		if err != nil {
			return err
		}
		if old.Version() != e.SeenAt {
			return ErrStale
		}
		if err := refuseBlocked(t, authorID, ready.mentions); err != nil {
			return err
		}
		edited := *old
		p = &edited
		p.Source, p.HTML, p.ContentWarning, p.Language = e.Source, ready.html, e.ContentWarning, e.Language
		p.Sensitive, p.EditedAt = e.Sensitive || e.ContentWarning != "", t.now
		files, err := attachable(t, authorID, postID, ids, e.MediaTexts)
		if err != nil {
			return err
		}
		if err := replacePost(t, old, p, addressed{mentions: ready.mentions, tags: ready.tags, attachments: files}); err != nil {
			return err
		}
		if err := setCard(t, p, t.db.cardLink(p, ready.settings)); err != nil {
			return err
		}
		if err := answerAlt(t, e.answersAlt); err != nil {
			return err
		}
		if err := changePoll(t, p, e, ready.poll); err != nil {
			return err
		}
		if err := attach(t, postID, files); err != nil || !p.Leaves() || p.Approval != ApprovalNone {
			return err
		}
		told, err := toldOf(t, p)
		if err != nil {
			return err
		}
		return addOutbox(t, OutboxUpdatePost, authorID, OutboxDetail{PostID: postID, Told: told})
	})
	return p, err
}

// mediaAfter lists the uploads that a post shows after an edit.
func (db *DB) mediaAfter(ctx context.Context, postID int64, e Edit) ([]int64, error) {
	if e.MediaIDs != nil {
		return e.MediaIDs, nil
	}
	var ids []int64
	err := db.rows(ctx, `SELECT media_id FROM attachment WHERE post_id = ? AND media_id IS NOT NULL ORDER BY id`, []any{postID}, func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}

// DeletePost deletes an author's own post with its uploads.
func (db *DB) DeletePost(ctx context.Context, authorID, postID int64) error {
	return db.write(ctx, "delete post", func(t *tx) error {
		p, err := txPost(t, `p.id = ? AND p.account_id = ?`, postID, authorID)
		if err != nil {
			return err
		}
		return withdraw(t, p)
	})
}

// Redraft makes a draft of an author's own post, with its files, its poll and
// all else that can be written again, and deletes the post, both or nothing.
func (db *DB) Redraft(ctx context.Context, authorID, postID int64) (*SavedDraft, error) {
	var id int64
	err := db.write(ctx, "redraft post", func(t *tx) error {
		d, p, err := takeBack(t, authorID, postID)
		if err != nil {
			return err
		}
		if id, err = keepDraft(t, *d, time.Time{}); err != nil {
			return err
		}
		return withdraw(t, p)
	})
	if err != nil {
		return nil, err
	}
	return db.SavedDraft(ctx, authorID, id)
}

// TakeBackPost is Redraft for an app that keeps the text itself: the uploads
// stay for a day, to be posted again.
func (db *DB) TakeBackPost(ctx context.Context, authorID, postID int64) (d *Draft, err error) {
	err = db.write(ctx, "take back post", func(t *tx) error {
		var p *Post
		if d, p, err = takeBack(t, authorID, postID); err != nil {
			return err
		}
		return withdraw(t, p)
	})
	return d, err
}

// takeBack returns a post as a draft and lets go of its uploads.
func takeBack(t *tx, authorID, postID int64) (*Draft, *Post, error) {
	p, err := txPost(t, `p.id = ? AND p.account_id = ?`, postID, authorID)
	if err != nil {
		return nil, nil, err
	}
	poll, err := txPoll(t, postID, 0)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, nil, err
	}
	media, err := mediaOn(t, postID)
	if err != nil {
		return nil, nil, err
	}
	d := &Draft{AuthorID: authorID, Source: p.Source, ContentWarning: p.ContentWarning, Sensitive: p.Sensitive, MediaIDs: media,
		Language: p.Language, Visibility: p.Visibility, ReplyToID: p.ReplyToID, Poll: poll.again(p.CreatedAt)}
	if !p.ExpiresAt.IsZero() {
		d.ExpiresIn = p.ExpiresAt.Sub(p.CreatedAt)
	}
	err = t.row(`SELECT p.policy, COALESCE((SELECT q.quoted_id FROM quote q WHERE q.post_id = p.id), 0) FROM post p WHERE p.id = ?`, []any{postID}, &d.Policy, &d.QuoteID)
	return d, p, errors.Join(err, attach(t, postID, nil))
}

// withdraw deletes a post of a member, with the uploads that are on it, and has
// other servers told.
func withdraw(t *tx, p *Post) error {
	if p.Leaves() {
		told, err := toldOf(t, p)
		if err != nil {
			return err
		}
		if err := addOutbox(t, OutboxDeletePost, p.AccountID, OutboxDetail{PostID: p.ID, ObjectURI: p.URI, Visibility: p.Visibility, Told: told}); err != nil {
			return err
		}
	}
	return removePost(t, p)
}

// toldOf lists the remote accounts whose servers may hold a post beside the
// author's followers': whom it names, who answered, boosted,
// favourited or reacted to it.
func toldOf(t *tx, p *Post) ([]int64, error) {
	var ids []int64
	err := t.rows(`SELECT id FROM account WHERE host <> '' AND id IN (
			SELECT account_id FROM mention WHERE post_id = ?1
			UNION SELECT account_id FROM post WHERE reply_to_id = ?1
			UNION SELECT account_id FROM boost WHERE post_id = ?1
			UNION SELECT account_id FROM favourite WHERE post_id = ?1
			UNION SELECT account_id FROM poll_vote WHERE post_id = ?1
			UNION SELECT account_id FROM reaction WHERE post_id = ?1
			UNION SELECT id FROM account WHERE uri = ?3
			UNION SELECT ?2)`, []any{p.ID, p.ReplyToAccountID, p.GroupURI}, func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}

// PostVersion is an earlier text of a post.
type PostVersion struct {
	Title, ContentWarning string
	HTML                  content.HTML
	Sensitive             bool
	WrittenAt             int64 // Unix milliseconds
}

// PostHistory lists the earlier versions of a post that the viewer may see,
// oldest first. Whom a private post only names since an edit does not see what
// was said before.
func (db *DB) PostHistory(ctx context.Context, postID int64, viewer Viewer) ([]*PostVersion, error) {
	var list []*PostVersion
	err := db.rows(ctx, `SELECT e.title, e.content_warning, e.html, e.sensitive, e.created_at
		FROM post_edit e JOIN post p ON p.id = e.post_id JOIN account a ON a.id = p.account_id
		WHERE e.post_id = ?3 AND `+visible+` AND (p.visibility NOT IN (2, 3) OR p.account_id = ?1
			OR p.visibility = 2 AND EXISTS (SELECT 1 FROM follow f WHERE f.account_id = ?1 AND f.target_id = p.account_id AND f.accepted))
		ORDER BY e.id`, viewer.args(postID), func(rows *sql.Rows) error {
		var v PostVersion
		err := rows.Scan(&v.Title, &v.ContentWarning, &v.HTML, &v.Sensitive, &v.WrittenAt)
		list = append(list, &v)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("history of post %d: %w", postID, err)
	}
	return list, nil
}
