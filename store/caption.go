package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"

	"golang.org/x/text/language"

	"seedling/store/media"
)

// Caption is what is said in sound or video, as text in one language.
type Caption struct {
	ID       int64  // of a post elsewhere
	Language string // BCP 47
	Name     string // of the language, as another server says; may be empty
	URL      string // of a post elsewhere: where it is there
	File     media.File
}

// CaptionPath is where captions are served. It is on the host of the pages in
// any case: browsers take the captions of a film from no other.
func (db *DB) CaptionPath(c Caption) string {
	if c.URL != "" {
		return db.remotePath(RemoteCaption, c.ID, c.URL)
	}
	return FilePath(c.File)
}

// maxCaptions is how many languages one upload may have captions in.
const maxCaptions = 20

// The ways in which captions are refused, beside those of a *media.RefusedError.
const (
	CaptionsTooMany  MediaProblem = "has captions in too many languages"
	CaptionsNoTongue MediaProblem = "has captions in no language"
)

// SetCaptions gives an upload of sound or video captions in a language, instead
// of those it had in it, and returns the upload that has them: as SetThumbnail
// it makes a new one of an upload that is on a post.
func (db *DB) SetCaptions(ctx context.Context, ownerID, id int64, tongue string, body io.Reader) (with int64, err error) {
	tag, err := language.Parse(tongue)
	if err != nil || tag == language.Und {
		return 0, &MediaError{Problem: CaptionsNoTongue}
	}
	taken, err := db.takeCaptions(ctx, body)
	if err != nil {
		return 0, err
	}
	err = db.write(ctx, "set captions", func(t *tx) error {
		if with, err = looseCopy(t, ownerID, id); err != nil {
			return err
		}
		_, err := t.exec(`INSERT INTO media_caption (media_id, language, hash) SELECT id, ?2, ?3 FROM media WHERE id = ?1
			ON CONFLICT DO UPDATE SET hash = excluded.hash`, with, tag.String(), string(taken.Hash))
		if err != nil {
			return err
		}
		var n int
		if err := t.row(`SELECT COUNT(*) FROM media_caption WHERE media_id = ?`, []any{with}, &n); err != nil {
			return err
		}
		if n > maxCaptions {
			return &MediaError{Problem: CaptionsTooMany, Limit: maxCaptions}
		}
		return nil
	})
	return with, err
}

// RemoveCaptions takes the captions in a language off an upload, and returns the
// upload that is without them: see SetCaptions.
func (db *DB) RemoveCaptions(ctx context.Context, ownerID, id int64, tongue string) (without int64, err error) {
	err = db.write(ctx, "remove captions", func(t *tx) error {
		if without, err = looseCopy(t, ownerID, id); err != nil {
			return err
		}
		n, err := t.exec(`DELETE FROM media_caption WHERE media_id = ? AND language = ?`, without, tongue)
		return errors.Join(err, missingIf(n == 0))
	})
	return without, err
}

// insertCaptions writes down the captions of a film elsewhere.
func insertCaptions(t *tx, a *Attachment) error {
	if a.MediaID != 0 {
		return nil // those of an upload stand with it
	}
	for _, c := range a.Captions {
		if _, err := t.exec(`INSERT INTO attachment_caption (id, attachment_id, language, name, url) VALUES (?, ?, ?, ?, ?)`,
			t.db.ids.next(), a.ID, c.Language, c.Name, c.URL); err != nil {
			return err
		}
	}
	return nil
}

// loadCaptions gives the sound and video of posts their captions.
func (db *DB) loadCaptions(ctx context.Context, views map[int64]*PostView) error {
	films := map[int64]*Attachment{}
	var ids []int64
	for _, v := range views {
		for _, a := range v.Attachments {
			if a.Kind == AttachedVideo || a.Kind == AttachedAudio {
				films[a.ID], ids = a, append(ids, a.ID)
			}
		}
	}
	if len(ids) == 0 {
		return nil
	}
	err := db.rows(ctx, `SELECT attachment_id, id, language, name, url, '', '', 0 FROM attachment_caption WHERE attachment_id IN (SELECT value FROM json_each(?1))
		UNION ALL SELECT a.id, 0, c.language, '', '', f.hash, f.media_type, f.size
			FROM attachment a JOIN media_caption c ON c.media_id = a.media_id JOIN file f ON f.hash = c.hash WHERE a.id IN (SELECT value FROM json_each(?1))
		ORDER BY 1, 2, 3`, []any{idList(ids)}, func(rows *sql.Rows) error {
		of, c, err := scanCaption(rows)
		if err == nil {
			films[of].Captions = append(films[of].Captions, c)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("load captions: %w", err)
	}
	return nil
}

// loadUploadCaptions gives uploads their captions.
func (db *DB) loadUploadCaptions(ctx context.Context, list []*Media) error {
	films := map[int64]*Media{}
	var ids []int64
	for _, m := range list {
		if m.Kind != AttachedImage {
			films[m.ID], ids = m, append(ids, m.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	err := db.rows(ctx, `SELECT c.media_id, 0, c.language, '', '', f.hash, f.media_type, f.size
		FROM media_caption c JOIN file f ON f.hash = c.hash WHERE c.media_id IN (SELECT value FROM json_each(?)) ORDER BY 1, 3`,
		[]any{idList(ids)}, func(rows *sql.Rows) error {
			of, c, err := scanCaption(rows)
			if err == nil {
				films[of].Captions = append(films[of].Captions, c)
			}
			return err
		})
	if err != nil {
		return fmt.Errorf("load captions of uploads: %w", err)
	}
	return nil
}

// scanCaption reads what the captions are of, and one of them.
func scanCaption(s scanner) (of int64, c Caption, err error) {
	err = s.Scan(&of, &c.ID, &c.Language, &c.Name, &c.URL, &c.File.Hash, &c.File.Type, &c.File.Size)
	return of, c, translate(err)
}
