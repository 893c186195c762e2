package store

import (
	"context"
	"errors"
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
	NotAgain       bool                // it is refused if its author wrote just this a moment ago
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
	PostRepeated        PostProblem = "was posted a moment ago"
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
		if err := refuseRepeated(t, d); err != nil {
			return err
		}
		post, err = createPost(t, d, ready)
		return err
	})
	return post, err
}

// refuseRepeated keeps a text that the Back button brought back in a new form,
// which has a new token, from being posted once more unasked.
func refuseRepeated(t *tx, d Draft) error {
	if !d.NotAgain || len(d.MediaIDs) > 0 || d.Poll != nil {
		return nil
	}
	again, err := t.exists(`SELECT 1 FROM post p WHERE p.id = (SELECT MAX(n.id) FROM post n WHERE n.account_id = ?1) AND p.created_at > ?2
		AND p.source = ?3 AND p.content_warning = ?4 AND p.visibility = ?5 AND COALESCE(p.reply_to_id, 0) = ?6 AND p.kind = 0
		AND NOT EXISTS (SELECT 1 FROM attachment x WHERE x.post_id = p.id)`,
		d.AuthorID, millis(t.now.Add(-repeatedWithin)), d.Source.Text, d.ContentWarning, d.Visibility, d.ReplyToID)
	if err == nil && again {
		err = &PostError{Problem: PostRepeated}
	}
	return err
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
	known, err := db.AccountsByHandle(ctx, found.Mentions)
	if err != nil {
		return nil, err
	}
	urls := make(map[content.Handle]string, len(found.Mentions))
	for _, h := range found.Mentions {
		switch a := known[h]; {
		case a != nil && a.State == AccountActive:
			urls[h] = a.URL
			ready.mentions = append(ready.mentions, a.ID)
		case a == nil && db.storedHost(h) != "":
			ready.unresolved = append(ready.unresolved, h)
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
	quoted, err := quotable(t, p, d.QuoteID)
	if err != nil {
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
	if err := furnish(t, p, d, ready, quoted, len(files) > 0); err != nil {
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

// furnish stores what a member's new post has beside its text and its files.
func furnish(t *tx, p *Post, d Draft, ready *composed, quoted *PostView, files bool) error {
	if !files && quoted == nil {
		if err := setCard(t, p, t.db.cardLink(p, ready.settings)); err != nil {
			return err
		}
	}
	if err := keepOwnPolicy(t, p, d.Policy); err != nil {
		return err
	}
	if err := quotePost(t, p, quoted); err != nil {
		return err
	}
	if ready.poll != nil {
		if err := askPoll(t, p.ID, ready.poll, d.Poll.Lasts); err != nil {
			return err
		}
	}
	if err := expireLater(t, p, d.ExpiresIn); err != nil {
		return err
	}
	if err := indexPost(t, p.ID); err != nil {
		return err
	}
	if d.Token != "" {
		if _, err := t.exec(`UPDATE post SET token = ? WHERE id = ?`, d.Token, p.ID); err != nil {
			return err
		}
	}
	return keepAppName(t, p.ID, d.AppID)
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
