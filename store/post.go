package store

import (
	"context"
	"database/sql"
	"fmt"
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

const attachmentColumns = `id, kind, url, preview_url, media_type, description, width, height, blurhash, duration, focal_x, focal_y, COALESCE(media_id, 0),
	EXISTS (SELECT 1 FROM remote_file r WHERE r.url = attachment.url AND r.retry_at > CAST(unixepoch('subsec') * 1000 AS INTEGER)),
	media_type = 'image/gif' OR EXISTS (SELECT 1 FROM media m WHERE m.id = attachment.media_id AND m.animated)`

// scanAttachment reads what stands before attachmentColumns, then those.
func scanAttachment(s scanner, before ...any) (*Attachment, error) {
	var a Attachment
	var duration int64
	err := s.Scan(append(before, &a.ID, &a.Kind, &a.URL, &a.PreviewURL, &a.MediaType, &a.Description, &a.Width, &a.Height, &a.Blurhash,
		&duration, &a.FocalX, &a.FocalY, &a.MediaID, &a.Broken, &a.Animated)...)
	a.Duration = time.Duration(duration) * time.Millisecond
	return &a, translate(err)
}

// IsReply says whether the post answers another, stored or not.
func (p *Post) IsReply() bool { return p.ReplyToID != 0 || p.ReplyToURI != "" }

// Leaves says whether other servers may hear of the post.
func (p *Post) Leaves() bool { return p.Visibility != LocalOnly }

// PostView is a post as one viewer sees it, with what its card shows.
type PostView struct {
	*Post
	Author      *Account
	Mentions    []*Account // whom it addresses by name
	Attachments []*Attachment
	Poll        *Poll      // of a question
	Reactions   []Reaction // oldest first
	ReplyTo     *Account   // whom it answers, nil if unknown
	Group       *Account   // the community it stands in, nil if none is known
	groupID     int64
	ParentURI   string     // the ActivityPub id of what it answers, stored or not
	BoostedBy   []*Account // who brought it into this timeline; empty: it is there itself
	EntryID     int64      // its place in the timeline: the post's or the boost's id
	Quote       *QuoteView // what it quotes
	Card        *Card      // of the page that it links to; not for those with files or a quote
	cardID      int64
	Policy      InteractionPolicy
	ReplyStamp  string // by which whom it answers approves
	OnVideo     bool   // what it answers is a video, whose owner may hold comments for review
	relation    relation
	waiting     int      // bits: the viewer's deeds that wait for the author
	Emojis      EmojiSet // custom emoji in the post, in the names beside it, and among the reactions

	Favourited, Boosted, Bookmarked, Pinned bool // by the viewer; Pinned: by its author
	Downvoted                               bool // by the viewer, in a community
	ByModerator                             bool // of the community that it stands in

	// What the viewer said about it, or about its author.
	FromTag  string        // the followed hashtag, as first written, that alone brought it into home
	Muted    bool          // its author, or their server: folded away where it is shown at all
	Thread   ThreadChoice  // its thread
	Filtered []FilterMatch // wherever the filters act: see FilteredIn
}

// Path is the address of the post's page on this server.
func (v *PostView) Path() string {
	return v.Author.Path() + "/" + strconv.FormatInt(v.ID, 10)
}

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

// viewPosts loads posts with all that their cards show, in the order of ids,
// leaving out what the viewer may not see: a fixed number of queries, however
// many posts there are.
func (db *DB) viewPosts(ctx context.Context, ids []int64, viewer Viewer) ([]*PostView, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	byID, err := db.loadViews(ctx, ids, viewer)
	if err != nil {
		return nil, err
	}
	if err := db.fillQuotes(ctx, byID, viewer); err != nil {
		return nil, err
	}
	views := make([]*PostView, 0, len(ids))
	for _, id := range ids {
		if v := byID[id]; v != nil {
			if v.Quote != nil {
				v.Card = nil
			}
			views = append(views, v)
		}
	}
	return views, nil
}

// loadViews is viewPosts without what the posts quote, by their ids.
func (db *DB) loadViews(ctx context.Context, ids []int64, viewer Viewer) (map[int64]*PostView, error) {
	byID := make(map[int64]*PostView, len(ids))
	var changed []int64
	err := db.rows(ctx, `SELECT p.id, p.version,
			p.favourites_count > 0 AND EXISTS (SELECT 1 FROM favourite x WHERE x.post_id = p.id AND x.account_id = ?1),
			p.boosts_count > 0 AND EXISTS (SELECT 1 FROM boost x WHERE x.post_id = p.id AND x.account_id = ?1),
			?1 <> 0 AND EXISTS (SELECT 1 FROM bookmark x WHERE x.post_id = p.id AND x.account_id = ?1),
			p.downvotes_count > 0 AND EXISTS (SELECT 1 FROM downvote x WHERE x.post_id = p.id AND x.account_id = ?1),
			p.group_uri <> '' AND EXISTS (SELECT 1 FROM moderator x JOIN account g ON g.id = x.group_id WHERE x.account_id = p.account_id AND g.uri = p.group_uri),
			EXISTS (SELECT 1 FROM pin x WHERE x.post_id = p.id AND x.account_id = p.account_id),
			CASE WHEN p.group_uri = '' THEN 0 ELSE COALESCE((SELECT x.id FROM account x WHERE x.uri = p.group_uri AND x.kind = 3 AND x.state = 0), 0) END,
			COALESCE((SELECT x.uri FROM post x WHERE x.id = p.reply_to_id), p.reply_to_uri, ''),
			?1 <> 0 AND NOT (`+heard+`),
			COALESCE((SELECT x.choice FROM thread_choice x WHERE x.account_id = ?1 AND x.thread_id = p.thread_id), 0),
			p.policy, CASE WHEN `+openSQL+` THEN 0 ELSE `+relationSQL+` END,
			COALESCE((SELECT SUM(DISTINCT 1 << x.deed) FROM interaction x WHERE x.post_id = p.id AND x.account_id = ?1 AND x.state = 1), 0),
			CASE WHEN p.reply_to_id IS NULL THEN '' ELSE COALESCE((SELECT x.stamp_uri FROM interaction x WHERE x.made_id = p.id AND x.deed = 0 AND x.state = 3), '') END,
			p.reply_to_id IS NOT NULL AND EXISTS (SELECT 1 FROM post x WHERE x.id = p.reply_to_id AND x.kind = 5),
			COALESCE(p.card_id, 0)
		FROM post p JOIN account a ON a.id = p.account_id
		WHERE p.id IN (SELECT value FROM json_each(?3)) AND `+visible,
		viewer.args(idList(ids)), func(rows *sql.Rows) error {
			var v PostView
			var id, version int64
			if err := rows.Scan(&id, &version, &v.Favourited, &v.Boosted, &v.Bookmarked, &v.Downvoted, &v.ByModerator, &v.Pinned, &v.groupID, &v.ParentURI, &v.Muted, &v.Thread,
				&v.Policy, &v.relation, &v.waiting, &v.ReplyStamp, &v.OnVideo, &v.cardID); err != nil {
				return err
			}
			if v.Post = db.posts.get(id, version); v.Post == nil {
				changed = append(changed, id)
			}
			byID[id] = &v
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("load posts: %w", err)
	}
	if err := db.readPosts(ctx, changed, byID); err != nil {
		return nil, err
	}
	people := make(map[int64]bool, 2*len(ids))
	for id, v := range byID {
		v.EntryID = id
		people[v.AccountID] = true
		if v.ReplyToAccountID != 0 {
			people[v.ReplyToAccountID] = true
		}
		if v.groupID != 0 {
			people[v.groupID] = true
		}
	}
	if err := db.fillViews(ctx, byID, people); err != nil {
		return nil, err
	}
	if err := db.fillPolls(ctx, byID, viewer); err != nil {
		return nil, err
	}
	if err := db.fillReactions(ctx, byID, viewer); err != nil {
		return nil, err
	}
	if err := db.fillCards(ctx, byID); err != nil {
		return nil, err
	}
	if err := db.fillEmoji(ctx, byID); err != nil {
		return nil, err
	}
	return byID, db.fillFilters(ctx, byID, viewer)
}

// readPosts reads the rows of posts into views, and keeps them. Those that are
// gone meanwhile leave.
func (db *DB) readPosts(ctx context.Context, ids []int64, views map[int64]*PostView) error {
	if len(ids) == 0 {
		return nil
	}
	err := db.rows(ctx, `SELECT `+postColumns+`, p.version FROM post p WHERE p.id IN (SELECT value FROM json_each(?))`,
		[]any{idList(ids)}, func(rows *sql.Rows) error {
			var version int64
			p, err := scanPost(rows, &version)
			if err != nil {
				return err
			}
			db.posts.put(p.ID, version, p)
			views[p.ID].Post = p
			return nil
		})
	if err != nil {
		return fmt.Errorf("load posts: %w", err)
	}
	for _, id := range ids {
		if views[id].Post == nil {
			delete(views, id)
		}
	}
	return nil
}

// fillViews adds the people and the attachments of posts.
func (db *DB) fillViews(ctx context.Context, views map[int64]*PostView, people map[int64]bool) error {
	if len(views) == 0 {
		return nil
	}
	ids := make([]int64, 0, len(views))
	for id := range views {
		ids = append(ids, id)
	}
	set := idList(ids)
	type mention struct{ post, account int64 }
	var mentions []mention
	err := db.rows(ctx, `SELECT post_id, account_id FROM mention WHERE post_id IN (SELECT value FROM json_each(?))`,
		[]any{set}, func(rows *sql.Rows) error {
			var m mention
			err := rows.Scan(&m.post, &m.account)
			mentions = append(mentions, m)
			people[m.account] = true
			return err
		})
	if err != nil {
		return fmt.Errorf("load mentions: %w", err)
	}
	accounts, err := db.accountsByID(ctx, people)
	if err != nil {
		return err
	}
	for _, v := range views {
		v.Author, v.ReplyTo, v.Group = accounts[v.AccountID], accounts[v.ReplyToAccountID], accounts[v.groupID]
	}
	for _, m := range mentions {
		if a := accounts[m.account]; a != nil {
			views[m.post].Mentions = append(views[m.post].Mentions, a)
		}
	}
	err = db.rows(ctx, `SELECT post_id, `+attachmentColumns+` FROM attachment
		WHERE post_id IN (SELECT value FROM json_each(?)) ORDER BY id`, []any{set}, func(rows *sql.Rows) error {
		var post int64
		a, err := scanAttachment(rows, &post)
		if err == nil {
			a.serve(db)
			views[post].Attachments = append(views[post].Attachments, a)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("load attachments: %w", err)
	}
	return db.loadCaptions(ctx, views)
}
