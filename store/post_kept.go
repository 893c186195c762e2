package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"
)

// keptPost is a post with what belongs to it and is the same whoever looks: all
// that stays in memory of it, in one version. Triggers raise the version with
// every change of a row that is read here (migration 0035).
type keptPost struct {
	Post
	parentURI   string // the ActivityPub id of what it answers, stored or not
	onVideo     bool   // that is a film
	replyStamp  string
	policy      InteractionPolicy
	cardID      int64
	mentions    []int64
	attachments []Attachment // as stored: without captions, and not said to be broken
	tags        []string
	quotes      int // how many posts quote it
	app         *AppName
	pinned      bool

	quotesOne, hasReactions bool // there are rows to be looked up
	asked                   bool // somebody waits for its author
}

// keptColumns are read after postColumns.
const keptColumns = `p.version, COALESCE((SELECT x.uri FROM post x WHERE x.id = p.reply_to_id), p.reply_to_uri, ''),
	p.reply_to_id IS NOT NULL AND EXISTS (SELECT 1 FROM post x WHERE x.id = p.reply_to_id AND x.kind = 5),
	CASE WHEN p.reply_to_id IS NULL THEN '' ELSE COALESCE((SELECT x.stamp_uri FROM interaction x WHERE x.made_id = p.id AND x.deed = 0 AND x.state = 3), '') END,
	p.policy, COALESCE(p.card_id, 0),
	(SELECT COUNT(*) FROM quote x WHERE x.quoted_id = p.id AND x.state <> 3),
	EXISTS (SELECT 1 FROM pin x WHERE x.post_id = p.id AND x.account_id = p.account_id),
	EXISTS (SELECT 1 FROM quote x WHERE x.post_id = p.id),
	EXISTS (SELECT 1 FROM reaction x WHERE x.post_id = p.id),
	EXISTS (SELECT 1 FROM interaction x WHERE x.post_id = p.id AND x.state = 1)`

// scanKept reads postColumns and keptColumns.
func scanKept(s scanner) (k *keptPost, version int64, err error) {
	k = &keptPost{}
	p, err := scanPost(s, &version, &k.parentURI, &k.onVideo, &k.replyStamp, &k.policy, &k.cardID, &k.quotes, &k.pinned, &k.quotesOne, &k.hasReactions, &k.asked)
	if err != nil {
		return nil, 0, err
	}
	k.Post = *p
	return k, version, nil
}

// view begins a view of the post for somebody with these marks on it.
func (k *keptPost) view(m marks) *PostView {
	return &PostView{
		Post: &k.Post, kept: k, EntryID: k.ID,
		ParentURI: k.parentURI, OnVideo: k.onVideo, ReplyStamp: k.replyStamp, Policy: k.policy,
		Tags: slices.Clip(k.tags), QuotesCount: k.quotes, App: k.app, Pinned: k.pinned,
		Favourited: m&markFavourited != 0, Boosted: m&markBoosted != 0, Bookmarked: m&markBookmarked != 0, Downvoted: m&markDownvoted != 0,
		Muted: m&(markMuted|markHost) != 0, HostBlocked: m&markHost != 0, Thread: ThreadChoice(m >> markThread),
	}
}

// glancedPosts begins the views of posts, which come from memory where they are
// known in the versions that were seen. Those that are gone meanwhile are left out.
func (db *DB) glancedPosts(ctx context.Context, seen map[int64]glance) (map[int64]*PostView, error) {
	views := make(map[int64]*PostView, len(seen))
	var changed []int64
	for id, g := range seen {
		if k := db.posts.get(id, g.post); k != nil {
			views[id] = k.view(g.marks)
		} else {
			changed = append(changed, id)
		}
	}
	if len(changed) == 0 {
		return views, nil
	}
	read, err := db.readPosts(ctx, changed)
	if err != nil {
		return nil, fmt.Errorf("load posts: %w", err)
	}
	for id, k := range read {
		views[id] = k.view(seen[id].marks)
	}
	return views, nil
}

// readPosts reads posts, and keeps them. Their versions come first: what is read
// after that is never older than they say.
func (db *DB) readPosts(ctx context.Context, ids []int64) (map[int64]*keptPost, error) {
	posts, versions, set := make(map[int64]*keptPost, len(ids)), make(map[int64]int64, len(ids)), idList(ids)
	err := db.rows(ctx, `SELECT `+postColumns+`, `+keptColumns+` FROM post p WHERE p.id IN (SELECT value FROM json_each(?))`,
		[]any{set}, func(rows *sql.Rows) error {
			k, version, err := scanKept(rows)
			if err == nil {
				posts[k.ID], versions[k.ID] = k, version
			}
			return err
		})
	if err != nil {
		return nil, err
	}
	if err := db.readNames(ctx, posts, set); err != nil {
		return nil, err
	}
	if err := db.readAttachments(ctx, posts, set); err != nil {
		return nil, err
	}
	for id, k := range posts {
		db.posts.put(id, versions[id], k)
	}
	return posts, nil
}

// readNames reads whom posts mention, their hashtags and what they were written with.
func (db *DB) readNames(ctx context.Context, posts map[int64]*keptPost, set string) error {
	return db.rows(ctx, `SELECT x.post_id, x.account_id, '', '', 0 FROM mention x WHERE x.post_id IN (SELECT value FROM json_each(?1))
		UNION ALL SELECT x.post_id, 0, t.name, '', 0 FROM post_tag x JOIN tag t ON t.id = x.tag_id WHERE x.post_id IN (SELECT value FROM json_each(?1))
		UNION ALL SELECT x.post_id, 0, n.name, n.website, 1 FROM post_app x JOIN app_name n ON n.id = x.app_name_id
			WHERE x.post_id IN (SELECT value FROM json_each(?1))`, []any{set}, func(rows *sql.Rows) error {
		var id, account int64
		var name, website string
		var isApp bool
		if err := rows.Scan(&id, &account, &name, &website, &isApp); err != nil {
			return err
		}
		switch k := posts[id]; {
		case k == nil: // gone meanwhile
		case account != 0:
			k.mentions = append(k.mentions, account)
		case isApp:
			k.app = &AppName{Name: name, Website: website}
		default:
			k.tags = append(k.tags, name)
		}
		return nil
	})
}

const attachmentColumns = `id, kind, url, preview_url, media_type, description, width, height, blurhash, duration, focal_x, focal_y, COALESCE(media_id, 0),
	media_type = 'image/gif' OR EXISTS (SELECT 1 FROM media m WHERE m.id = attachment.media_id AND m.animated)`

// readAttachments reads the files of posts.
func (db *DB) readAttachments(ctx context.Context, posts map[int64]*keptPost, set string) error {
	return db.rows(ctx, `SELECT post_id, `+attachmentColumns+` FROM attachment WHERE post_id IN (SELECT value FROM json_each(?)) ORDER BY id`,
		[]any{set}, func(rows *sql.Rows) error {
			var a Attachment
			var post, duration int64
			err := rows.Scan(&post, &a.ID, &a.Kind, &a.URL, &a.PreviewURL, &a.MediaType, &a.Description, &a.Width, &a.Height, &a.Blurhash,
				&duration, &a.FocalX, &a.FocalY, &a.MediaID, &a.Animated)
			a.Duration = time.Duration(duration) * time.Millisecond
			if k := posts[post]; err == nil && k != nil {
				k.attachments = append(k.attachments, a)
			}
			return err
		})
}
