package store

import (
	"context"
	"strconv"
	"strings"
	"time"

	"seedling/store/content"
)

// Post is one authored message, local or remote.
type Post struct {
	ID               int64  // ours, time-ordered: a timeline is ORDER BY id
	URI              string // ActivityPub id, unique across the network
	AccountID        int64
	Kind             PostKind
	Visibility       Visibility
	Sensitive        bool
	URL              string // the page for people at its own server
	Title            string // of an article and the like
	ContentWarning   string
	HTML             content.HTML
	Source           content.Source // of a local post: as written
	Language         string         // BCP 47, "" unknown
	ReplyToID        int64          // 0: not a reply, or its parent is not stored
	ReplyToAccountID int64
	ReplyToURI       string   // only while the parent is not stored
	Facts            Facts    // of a post that is no note
	Context          string   // the collection of its thread (FEP-7888), or a mere name; "": unknown
	Conversation     string   // the older name of the same
	GroupURI         string   // the community it stands in, "": none; an account of any kind, or unknown
	Locked           bool     // its community takes no more replies to it
	Approval         Approval // of a reply, by whom it answers

	RepliesCount, BoostsCount, FavouritesCount int
	DownvotesCount                             int // of a post in a community

	CreatedAt time.Time // as its author's server says; shown, never used for paging
	EditedAt  time.Time // zero: never
	ExpiresAt time.Time // when a post of a member deletes itself; zero: never
}

// PostKind is what a post was made as.
type PostKind int

// The kinds of posts, as ActivityPub names them. Other is all that is unknown
// but has a text or a title.
const (
	Note PostKind = iota
	Article
	Page
	Question
	Event
	Video
	Audio
	Image
	Other
)

// Attachment is a picture, sound or video of a post.
type Attachment struct {
	ID            int64
	Kind          AttachmentKind
	URL           string // of a post here: where it is served; else at its own server, and never loaded by a reader's browser
	PreviewURL    string // a still picture of it for lists, in the same place, or ""
	MediaType     string
	Description   string // alt text
	Width, Height int    // pixels, 0 unknown
	Blurhash      string
	Duration      time.Duration // 0 unknown

	FocalX, FocalY float64 // see MediaText
	Broken         bool    // of a post elsewhere: it can't be had now
	MediaID        int64   // of a post here: the upload
	Animated       bool    // a picture that moves, as far as is known
	Captions       []Caption
}

// AttachmentKind is how an attachment is shown.
type AttachmentKind int

// The kinds of attachments.
const (
	AttachedFile AttachmentKind = iota
	AttachedImage
	AttachedVideo
	AttachedAudio
)

// IsReply says whether the post answers another, stored or not.
func (p *Post) IsReply() bool { return p.ReplyToID != 0 || p.ReplyToURI != "" }

// Leaves says whether other servers may hear of the post.
func (p *Post) Leaves() bool { return p.Visibility != LocalOnly }

const postColumns = `p.id, p.uri, p.account_id, p.kind, p.visibility, p.sensitive, p.url, p.title, p.content_warning, p.html,
	p.source, p.format, p.language, COALESCE(p.reply_to_id, 0), p.reply_to_account_id, COALESCE(p.reply_to_uri, ''),
	p.facts, p.context, p.conversation, p.group_uri, p.locked, p.approval, p.replies_count, p.boosts_count, p.favourites_count, p.downvotes_count, p.created_at, p.edited_at, p.expires_at`

// scanPost reads postColumns, then more.
func scanPost(s scanner, more ...any) (*Post, error) {
	var p Post
	var created, edited, expires int64
	dest := []any{&p.ID, &p.URI, &p.AccountID, &p.Kind, &p.Visibility, &p.Sensitive, &p.URL, &p.Title, &p.ContentWarning, &p.HTML,
		&p.Source.Text, &p.Source.Format, &p.Language, &p.ReplyToID, &p.ReplyToAccountID, &p.ReplyToURI,
		&p.Facts, &p.Context, &p.Conversation, &p.GroupURI, &p.Locked, &p.Approval, &p.RepliesCount, &p.BoostsCount, &p.FavouritesCount, &p.DownvotesCount, &created, &edited, &expires}
	if err := s.Scan(append(dest, more...)...); err != nil {
		return nil, translate(err)
	}
	p.CreatedAt, p.EditedAt, p.ExpiresAt = fromMillis(created), fromMillis(edited), fromMillis(expires)
	return &p, nil
}

// Post returns a post by its id, whoever may see it: for the server's own work.
func (db *DB) Post(ctx context.Context, id int64) (*Post, error) {
	s, err := db.stmt(ctx, `SELECT `+postColumns+` FROM post p WHERE p.id = ?`)
	if err != nil {
		return nil, err
	}
	return scanPost(s.QueryRowContext(ctx, id))
}

// PostByURI returns a post by its ActivityPub id, whoever may see it.
func (db *DB) PostByURI(ctx context.Context, uri string) (*Post, error) {
	s, err := db.stmt(ctx, `SELECT `+postColumns+` FROM post p WHERE p.uri = ?`)
	if err != nil {
		return nil, err
	}
	return scanPost(s.QueryRowContext(ctx, uri))
}

// PostByLink returns a post by its ActivityPub id or by the address of its page.
func (db *DB) PostByLink(ctx context.Context, link string) (*Post, error) {
	if id, ok := db.localPostID(link); ok {
		return db.Post(ctx, id)
	}
	return db.PostByURI(ctx, link)
}

// localPostID reads the id from an address of this server: /ap/posts/1 or /@alice/1.
func (db *DB) localPostID(link string) (int64, bool) {
	path, ok := strings.CutPrefix(link, db.base+"/")
	if !ok || !strings.HasPrefix(path, "@") && !strings.HasPrefix(path, "ap/posts/") {
		return 0, false
	}
	id, err := strconv.ParseInt(path[strings.LastIndexByte(path, '/')+1:], 10, 64)
	return id, err == nil
}

// PostVisibleTo returns a post as a viewer sees it. ErrNotFound also covers
// "not for you"; ErrGone is returned for one that was public and is deleted.
func (db *DB) PostVisibleTo(ctx context.Context, id int64, viewer Viewer) (*PostView, error) {
	views, err := db.viewPosts(ctx, []int64{id}, viewer)
	if err != nil {
		return nil, err
	}
	if len(views) == 1 {
		return views[0], nil
	}
	var public bool
	err = db.row(ctx, `SELECT public FROM tombstone WHERE id = ?`, []any{id}, &public)
	if err == nil && public {
		return nil, ErrGone
	}
	return nil, ErrNotFound
}

// Tombstone says when a public post was deleted, by its ActivityPub id.
func (db *DB) Tombstone(ctx context.Context, uri string) (time.Time, error) {
	var at int64
	err := db.row(ctx, `SELECT deleted_at FROM tombstone WHERE uri = ? AND public`, []any{uri}, &at)
	return fromMillis(at), err
}
