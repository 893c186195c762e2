package store

import (
	"database/sql"
	"errors"
)

// The ways in which the files of a draft are refused.
const (
	PostManyMedia PostProblem = "has too many files"
	PostMediaGone PostProblem = "has a file that is not there any more"
	PostAltLong   PostProblem = "has a file with too long a description"
)

// checkMedia refuses what can't be on a post, before anything is looked up.
func checkMedia(settings Settings, ids []int64, texts map[int64]MediaText) error {
	if len(ids) > settings.PostMedia {
		return &PostError{Problem: PostManyMedia, Limit: settings.PostMedia, Length: len(ids)}
	}
	for _, text := range texts {
		var wrong *MediaError
		if err := text.check(); errors.As(err, &wrong) && wrong.Problem == AltTooLong {
			return &PostError{Problem: PostAltLong, Limit: wrong.Limit, Length: wrong.Length}
		} else if err != nil {
			return err
		}
	}
	return nil
}

// attachable loads the uploads that are to be on a post, with what is newly said
// of them, as attachments. They must be the author's, and on no other post.
func attachable(t *tx, authorID, postID int64, ids []int64, texts map[int64]MediaText) ([]*Attachment, error) {
	var list []*Attachment
	seen := map[int64]bool{}
	for _, id := range ids {
		if seen[id] {
			continue
		}
		seen[id] = true
		s, err := t.w.stmt(background, `SELECT `+mediaColumns+mediaTables+`WHERE m.id = ? AND m.owner_id = ? AND m.use = 0 AND (m.post_id IS NULL OR m.post_id = ?)`)
		if err != nil {
			return nil, err
		}
		m, err := scanMedia(s.QueryRow(id, authorID, postID))
		if errors.Is(err, ErrNotFound) {
			return nil, &PostError{Problem: PostMediaGone}
		}
		if err != nil {
			return nil, err
		}
		if text, ok := texts[id]; ok {
			m.MediaText = text
		}
		if m.Kind == AttachedImage && m.Description == "" && m.PostID == 0 {
			if err := refuseUndescribed(t, authorID); err != nil {
				return nil, err
			}
		}
		list = append(list, m.attachment(t.db))
	}
	return list, nil
}

// Attachments are what a post would show of uploads.
func (db *DB) Attachments(list []*Media) []*Attachment {
	shown := make([]*Attachment, len(list))
	for i, m := range list {
		shown[i] = m.attachment(db)
		shown[i].serve(db)
	}
	return shown
}

// attachment is what a post shows of an upload.
func (m *Media) attachment(db *DB) *Attachment {
	return &Attachment{Kind: m.Kind, URL: db.storedURL(m.File), MediaType: m.File.Type, PreviewURL: db.storedURL(m.Small), Description: m.Description,
		Width: m.Width, Height: m.Height, Blurhash: m.Blurhash, FocalX: m.FocalX, FocalY: m.FocalY, Duration: m.Duration, MediaID: m.ID, Animated: m.Animated}
}

// serve lets a file of a post here be shown from where it is served.
func (a *Attachment) serve(db *DB) {
	if a.MediaID != 0 {
		a.URL, a.PreviewURL = db.ServedURL(a.URL), db.ServedURL(a.PreviewURL)
	}
}

// attach binds uploads to the post that now shows them, and lets go of those
// that it showed before.
func attach(t *tx, postID int64, list []*Attachment) error {
	ids := make([]int64, len(list))
	for i, a := range list {
		ids[i] = a.MediaID
		if _, err := t.exec(`UPDATE media SET post_id = ?, description = ?, focal_x = ?, focal_y = ? WHERE id = ?`,
			postID, a.Description, a.FocalX, a.FocalY, a.MediaID); err != nil {
			return err
		}
	}
	_, err := t.exec(`UPDATE media SET post_id = NULL, created_at = ? WHERE post_id = ? AND id NOT IN (SELECT value FROM json_each(?))`,
		millis(t.now), postID, idList(ids))
	return err
}

// mediaOn lists the uploads that a post shows, in their order.
func mediaOn(t *tx, postID int64) (ids []int64, err error) {
	err = t.rows(`SELECT media_id FROM attachment WHERE post_id = ? AND media_id IS NOT NULL ORDER BY id`, []any{postID}, func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}

// sameFiles says whether a post from elsewhere shows these files already, with
// the same descriptions and as many captions.
func sameFiles(t *tx, postID int64, list []*Attachment) (bool, error) {
	same, n := true, 0
	err := t.rows(`SELECT url, description, (SELECT COUNT(*) FROM attachment_caption c WHERE c.attachment_id = attachment.id) FROM attachment
		WHERE post_id = ? ORDER BY id`, []any{postID}, func(rows *sql.Rows) error {
		var url, description string
		var captions int
		err := rows.Scan(&url, &description, &captions)
		same = same && n < len(list) && list[n].URL == url && list[n].Description == description && len(list[n].Captions) == captions
		n++
		return err
	})
	return same && n == len(list), err
}
