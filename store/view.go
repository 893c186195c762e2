package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
)

// PostView is a post as one viewer sees it, with what its card shows.
type PostView struct {
	*Post
	kept        *keptPost // where the post is from: never changed
	Author      *Account
	Mentions    []*Account // whom it addresses by name
	Attachments []*Attachment
	Poll        *Poll      // of a question
	Reactions   []Reaction // oldest first
	ReplyTo     *Account   // whom it answers, nil if unknown
	Group       *Account   // the community it stands in, nil if none is known
	ParentURI   string     // the ActivityPub id of what it answers, stored or not
	BoostedBy   []*Account // who brought it into this timeline; empty: it is there itself
	EntryID     int64      // its place in the timeline: the post's or the boost's id
	Quote       *QuoteView // what it quotes
	Card        *Card      // of the page that it links to; not for those with files or a quote
	Tags        []string   // folded
	QuotesCount int        // how many posts quote it, as far as is known here
	App         *AppName   // it was written with, nil: none is known
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
	FromTag     string        // the followed hashtag, as first written, that alone brought it into home
	Muted       bool          // its author, or their server: folded away where it is shown at all
	HostBlocked bool          // it is the server that the viewer blocked
	Thread      ThreadChoice  // its thread
	Filtered    []FilterMatch // wherever the filters act: see FilteredIn
}

// Path is the address of the post's page on this server.
func (v *PostView) Path() string {
	return v.Author.Path() + "/" + strconv.FormatInt(v.ID, 10)
}

// viewPosts loads posts with all that their cards show, in the order of ids,
// leaving out what the viewer may not see: a fixed number of queries, however
// many posts there are.
func (db *DB) viewPosts(ctx context.Context, ids []int64, viewer Viewer) ([]*PostView, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	ctx, err := brief(ctx)
	if err != nil {
		return nil, err
	}
	seen, err := db.glances(ctx, ids, viewer)
	if err != nil {
		return nil, err
	}
	return db.viewGlances(ctx, ids, seen, viewer)
}

// viewGlances is viewPosts of those posts that the viewer is known to see.
func (db *DB) viewGlances(ctx context.Context, ids []int64, seen map[int64]glance, viewer Viewer) ([]*PostView, error) {
	ctx, err := brief(ctx)
	if err != nil {
		return nil, err
	}
	byID, err := db.loadViews(ctx, seen, viewer)
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

// loadViews is viewGlances without what the posts quote, by their ids. Only the
// first two steps concern every post; the others ask for those posts alone that
// have what is looked for, which is known then.
func (db *DB) loadViews(ctx context.Context, seen map[int64]glance, viewer Viewer) (map[int64]*PostView, error) {
	views, err := db.glancedPosts(ctx, seen)
	if err != nil || len(views) == 0 {
		return views, err
	}
	if err := db.fillPeople(ctx, views, seen); err != nil {
		return nil, err
	}
	for _, fill := range []func(context.Context, map[int64]*PostView, Viewer) error{
		db.fillGroups, db.fillFiles, db.fillConsent, db.fillPolls, db.fillReactions, db.fillCards, db.fillEmoji, db.fillFilters,
	} {
		if err := fill(ctx, views, viewer); err != nil {
			return nil, err
		}
	}
	return views, nil
}

// marks are what a viewer did with a post and said about it, in one number:
// each column of a row costs more than an operation upon it.
type marks int64

const (
	markFavourited marks = 1 << iota
	markBoosted
	markBookmarked
	markDownvoted
	markMuted
	markHost

	markThread = iota // how far the ThreadChoice is shifted
)

// marksSQL computes the marks of the viewer ?1 on a post p of author a.
const marksSQL = `CASE WHEN ?1 = 0 THEN 0 ELSE
	(p.favourites_count > 0 AND EXISTS (SELECT 1 FROM favourite x WHERE x.post_id = p.id AND x.account_id = ?1))
	+ 2 * (p.boosts_count > 0 AND EXISTS (SELECT 1 FROM boost x WHERE x.post_id = p.id AND x.account_id = ?1))
	+ 4 * EXISTS (SELECT 1 FROM bookmark x WHERE x.post_id = p.id AND x.account_id = ?1)
	+ 8 * (p.downvotes_count > 0 AND EXISTS (SELECT 1 FROM downvote x WHERE x.post_id = p.id AND x.account_id = ?1))
	+ 16 * ` + mutedAuthor + `
	+ 32 * ` + blockedHost + `
	+ 64 * COALESCE((SELECT x.choice FROM thread_choice x WHERE x.account_id = ?1 AND x.thread_id = p.thread_id), 0) END`

// glance is all of a post that has to be asked for each time: in which versions
// it and its author are, and the viewer's marks on it.
type glance struct {
	post, author int64
	marks        marks
}

// glanceColumns are a glance of the viewer ?1 at a post p of author a.
const glanceColumns = `p.version, a.version, ` + marksSQL

// glances looks at those posts that the viewer may see.
func (db *DB) glances(ctx context.Context, ids []int64, viewer Viewer) (map[int64]glance, error) {
	seen := make(map[int64]glance, len(ids))
	err := db.rows(ctx, `SELECT p.id, `+glanceColumns+` FROM post p JOIN account a ON a.id = p.account_id
		WHERE p.id IN (SELECT value FROM json_each(?3)) AND `+visible, viewer.args(idList(ids)), func(rows *sql.Rows) error {
		var id int64
		var g glance
		err := rows.Scan(&id, &g.post, &g.author, &g.marks)
		seen[id] = g
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("look at posts: %w", err)
	}
	return seen, nil
}

// idsWhere lists the posts of which something holds.
func idsWhere(views map[int64]*PostView, holds func(*PostView) bool) []int64 {
	var ids []int64
	for id, v := range views {
		if holds(v) {
			ids = append(ids, id)
		}
	}
	return ids
}

// fillGroups finds the communities that posts stand in.
func (db *DB) fillGroups(ctx context.Context, views map[int64]*PostView, _ Viewer) error {
	ids := idsWhere(views, func(v *PostView) bool { return v.GroupURI != "" })
	if len(ids) == 0 {
		return nil
	}
	groups, who := make(map[int64]int64, len(ids)), map[int64]bool{}
	err := db.rows(ctx, `SELECT p.id, CASE WHEN g.kind = 3 AND g.state = 0 THEN g.id ELSE 0 END,
			EXISTS (SELECT 1 FROM moderator m WHERE m.group_id = g.id AND m.account_id = p.account_id)
		FROM post p JOIN account g ON g.uri = p.group_uri WHERE p.id IN (SELECT value FROM json_each(?))`, []any{idList(ids)}, func(rows *sql.Rows) error {
		var post, group int64
		var moderates bool
		err := rows.Scan(&post, &group, &moderates)
		groups[post], who[group], views[post].ByModerator = group, true, moderates
		return err
	})
	if err != nil {
		return fmt.Errorf("load the communities of posts: %w", err)
	}
	accounts, err := db.accountsByID(ctx, who)
	if err != nil {
		return err
	}
	for post, group := range groups {
		views[post].Group = accounts[group]
	}
	return nil
}

// fillPeople adds who wrote posts, and whom they answer and mention.
func (db *DB) fillPeople(ctx context.Context, views map[int64]*PostView, seen map[int64]glance) error {
	who := make(map[int64]bool, len(views))
	for id, v := range views {
		if v.Author = db.accounts.get(v.AccountID, seen[id].author); v.Author == nil {
			who[v.AccountID] = true
		}
		if v.ReplyToAccountID != 0 {
			who[v.ReplyToAccountID] = true
		}
		for _, id := range v.kept.mentions {
			who[id] = true
		}
	}
	accounts, err := db.accountsByID(ctx, who)
	if err != nil {
		return err
	}
	for _, v := range views {
		if v.Author == nil {
			v.Author = accounts[v.AccountID]
		}
		v.ReplyTo = accounts[v.ReplyToAccountID]
		for _, id := range v.kept.mentions {
			if a := accounts[id]; a != nil {
				v.Mentions = append(v.Mentions, a)
			}
		}
	}
	return nil
}

// fillConsent notes how the viewer stands to the authors of posts that are not
// for everybody to answer, boost, favourite and quote, and what of it waits for them.
func (db *DB) fillConsent(ctx context.Context, views map[int64]*PostView, viewer Viewer) error {
	ids := idsWhere(views, func(v *PostView) bool { return !v.Policy.open() || v.kept.asked })
	if len(ids) == 0 {
		return nil
	}
	err := db.rows(ctx, `SELECT p.id, CASE WHEN `+openSQL+` THEN 0 ELSE `+relationSQL+` END,
			COALESCE((SELECT SUM(DISTINCT 1 << x.deed) FROM interaction x WHERE x.post_id = p.id AND x.account_id = ?1 AND x.state = 1), 0)
		FROM post p WHERE p.id IN (SELECT value FROM json_each(?2))`, []any{viewer.AccountID, idList(ids)}, func(rows *sql.Rows) error {
		var id int64
		var r relation
		var waiting int
		err := rows.Scan(&id, &r, &waiting)
		views[id].relation, views[id].waiting = r, waiting
		return err
	})
	if err != nil {
		return fmt.Errorf("load whom posts are for: %w", err)
	}
	return nil
}

// fillFiles adds the pictures, sounds and videos of posts.
func (db *DB) fillFiles(ctx context.Context, views map[int64]*PostView, _ Viewer) error {
	var elsewhere []string
	for _, v := range views {
		for _, a := range v.kept.attachments {
			a.serve(db)
			v.Attachments = append(v.Attachments, &a)
			if a.MediaID == 0 {
				elsewhere = append(elsewhere, a.URL)
			}
		}
	}
	if err := db.findBroken(ctx, views, elsewhere); err != nil {
		return err
	}
	return db.loadCaptions(ctx, views)
}

// findBroken notes which files of other servers can't be had now.
func (db *DB) findBroken(ctx context.Context, views map[int64]*PostView, urls []string) error {
	if len(urls) == 0 {
		return nil
	}
	broken := map[string]bool{}
	err := db.rows(ctx, `SELECT url FROM remote_file WHERE url IN (SELECT value FROM json_each(?)) AND retry_at > ?`,
		[]any{encodeJSON(urls), millis(db.now())}, func(rows *sql.Rows) error {
			var url string
			err := rows.Scan(&url)
			broken[url] = true
			return err
		})
	if err != nil {
		return fmt.Errorf("load broken files: %w", err)
	}
	for _, v := range views {
		for _, a := range v.Attachments {
			a.Broken = broken[a.URL] && a.MediaID == 0
		}
	}
	return nil
}
