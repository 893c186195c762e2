package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"
)

// PostScope is all of a post that decides who sees it and in which timelines:
// with a [Standing] it answers without a query what visibility.go and heard.go
// answer in SQL. It is what the post was when it was read.
type PostScope struct {
	PostID    int64
	AccountID int64
	Host      string // of its author; "": here
	Tags      []string
	CreatedAt time.Time
	Booster   Booster // who brought it, if it is a boost

	gone           bool // its author is suspended, deleted, or hidden
	visibility     Visibility
	approval       Approval
	answers        int64 // whose post it answers, 0: nobody's that is known
	answersUnknown bool  // it answers a post that is not here
	timeline       int
	thread         int64
	language       string
	media          bool
	mentions       sortedIDs
}

// Booster is who shows a post around.
type Booster struct {
	AccountID int64 // 0: nobody
	Host      string
	hidden    bool
	circle    Visibility // of the boost
}

// sortedIDs is a sorted list of ids: it takes a fifth of the room of a map.
type sortedIDs []int64

func (s sortedIDs) has(id int64) bool {
	_, found := slices.BinarySearch(s, id)
	return found
}

// query is how to read, inside a write or beside.
type query struct {
	row  func(query string, args []any, dest ...any) error
	rows func(query string, args []any, scan func(*sql.Rows) error) error
}

func (t *tx) query() query { return query{t.row, t.rows} }

func (db *DB) query(ctx context.Context) query {
	return query{
		func(q string, args []any, dest ...any) error { return db.row(ctx, q, args, dest...) },
		func(q string, args []any, scan func(*sql.Rows) error) error { return db.rows(ctx, q, args, scan) },
	}
}

// Scope reads the scope of a post.
func (db *DB) Scope(ctx context.Context, postID int64) (*PostScope, error) {
	s, err := readScope(db.query(ctx), postID)
	if err != nil {
		return nil, fmt.Errorf("scope of post %d: %w", postID, err)
	}
	return s, nil
}

func readScope(q query, postID int64) (*PostScope, error) {
	s := PostScope{PostID: postID}
	var created int64
	err := q.row(`SELECT p.account_id, a.host, NOT (a.state = 0 AND a.flags & 96 = 0), p.visibility, p.approval, p.reply_to_account_id,
			p.reply_to_uri IS NOT NULL, p.timeline, p.thread_id, p.language, p.created_at, EXISTS (SELECT 1 FROM attachment x WHERE x.post_id = p.id)
		FROM post p JOIN account a ON a.id = p.account_id WHERE p.id = ?`, []any{postID}, &s.AccountID, &s.Host, &s.gone, &s.visibility, &s.approval,
		&s.answers, &s.answersUnknown, &s.timeline, &s.thread, &s.language, &created, &s.media)
	if err != nil {
		return nil, err
	}
	s.CreatedAt = fromMillis(created)
	err = q.rows(`SELECT account_id, '' FROM mention WHERE post_id = ?1 UNION ALL
		SELECT 0, t.name FROM post_tag x JOIN tag t ON t.id = x.tag_id WHERE x.post_id = ?1`, []any{postID}, func(rows *sql.Rows) error {
		var id int64
		var tag string
		err := rows.Scan(&id, &tag)
		if id != 0 {
			s.mentions = append(s.mentions, id)
		} else {
			s.Tags = append(s.Tags, tag)
		}
		return err
	})
	slices.Sort(s.mentions)
	return &s, err
}

// readBooster reads who shows a post around, and to whom: to nobody but
// followers, if they do not any more.
func readBooster(q query, accountID, postID int64) (Booster, error) {
	b := Booster{AccountID: accountID}
	err := q.row(`SELECT host, flags & 64 <> 0, COALESCE((SELECT visibility FROM boost WHERE account_id = ?1 AND post_id = ?2), 2) FROM account WHERE id = ?1`,
		[]any{accountID, postID}, &b.Host, &b.hidden, &b.circle)
	return b, err
}

// BoostedBy returns the scope of the same post as somebody shows it around.
func (db *DB) BoostedBy(ctx context.Context, s *PostScope, accountID int64) (*PostScope, error) {
	b, err := readBooster(db.query(ctx), accountID, s.PostID)
	if err != nil {
		return nil, fmt.Errorf("booster %d: %w", accountID, err)
	}
	boosted := *s
	boosted.Booster = b
	return &boosted, nil
}

// InPublic says whether the post stands in a part of the public timelines.
func (s *PostScope) InPublic(k PublicKind) bool {
	return s.timeline > 0 && s.Booster.AccountID == 0 && s.in(k)
}

func (s *PostScope) in(k PublicKind) bool {
	switch {
	case k.Local && !k.Remote && s.Host != "", k.Remote && !k.Local && s.Host == "":
		return false
	}
	return !k.Media || s.media
}

// InTag says whether the post stands in the timeline of a hashtag, folded.
func (s *PostScope) InTag(tag string, k PublicKind) bool {
	return s.Booster.AccountID == 0 && (s.visibility == Public || s.visibility == LocalOnly) && s.in(k) && slices.Contains(s.Tags, tag)
}

// Direct says whether the post is a message to the people that it names.
func (s *PostScope) Direct() bool { return s.visibility == Direct }
