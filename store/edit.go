package store

import (
	"context"
	"database/sql"
	"fmt"

	"seedling/store/content"
)

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
