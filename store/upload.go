package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"time"

	"seedling/store/content"
	"seedling/store/media"
)

// Limits of what members hand in.
const (
	// MaxAlt is how many characters the description of a file may have.
	MaxAlt = 1_500

	maxLoose       = 200            // uploads of one member that are on no post
	looseAge       = 24 * time.Hour // how long such an upload stays
	maxAvatarBytes = 8 << 20        // of an avatar or banner
)

// MediaUse is what an upload is for.
type MediaUse int

// The uses of uploads.
const (
	MediaPost MediaUse = iota
	MediaAvatar
	MediaHeader
)

// Media is a file that a member handed in.
type Media struct {
	ID      int64
	OwnerID int64
	PostID  int64 // 0: on no post yet, removed after a day
	Kind    AttachmentKind
	File    media.File
	Small   media.File // a still picture for lists, none if File serves for that
	MediaText
	Width, Height int // pixels, 0 unknown
	Duration      time.Duration
	Animated      bool
	Blurhash      string
	Color         string // its mean as #rrggbb
	CreatedAt     time.Time
	Captions      []Caption // of sound and video
}

// MediaText is what a member says of a file.
type MediaText struct {
	Description    string  // for those who do not see or hear it
	FocalX, FocalY float64 // what must stay in sight when it is cropped: -1 to 1, from left to right and from bottom to top
}

// check cuts nothing: what is too long or outside is refused.
func (m MediaText) check() error {
	if n := content.Count(m.Description); n > MaxAlt {
		return &MediaError{Problem: AltTooLong, Limit: MaxAlt, Length: n}
	}
	if !(m.FocalX >= -1 && m.FocalX <= 1 && m.FocalY >= -1 && m.FocalY <= 1) { // NaN is outside
		return &MediaError{Problem: FocusOutside}
	}
	return nil
}

// MediaError says why an upload is not taken, or its text. What is wrong with a
// file itself is a *media.RefusedError.
type MediaError struct {
	Problem       MediaProblem
	Limit, Length int
}

func (e *MediaError) Error() string { return "upload: " + string(e.Problem) }

// MediaProblem is what is wrong with an upload.
type MediaProblem string

// The ways in which an upload is refused.
const (
	AltTooLong   MediaProblem = "has too long a description"
	FocusOutside MediaProblem = "has a focal point outside of it"
	MediaTooMany MediaProblem = "is one too many that is on no post"
	NotAPicture  MediaProblem = "is no picture"
)

// Upload is a file that a member hands in for a post.
type Upload struct {
	OwnerID int64
	Body    io.Reader
	MediaText
}

// Upload keeps a file of a member, on no post yet: CreatePost and UpdatePost take
// it by its id within a day. It returns *media.RefusedError or *MediaError if the
// file or its text can't be taken; nothing is kept then.
func (db *DB) Upload(ctx context.Context, u Upload) (*Media, error) {
	settings, err := db.Settings(ctx)
	if err != nil {
		return nil, err
	}
	return db.upload(ctx, u, MediaPost, settings.uploadLimits())
}

// uploadLimits are how large an upload may be.
func (s Settings) uploadLimits() media.Limits {
	stream := int64(s.StreamLimit) << 20
	return media.Limits{Picture: int64(s.PictureLimit) << 20, Pixels: int64(s.PictureSize) * 1_000_000, Sound: stream, Video: stream}
}

func (db *DB) upload(ctx context.Context, u Upload, use MediaUse, limits media.Limits) (*Media, error) {
	if err := u.check(); err != nil {
		return nil, err
	}
	taken, err := db.takeFile(ctx, u.Body, limits)
	if err != nil {
		return nil, err
	}
	m := mediaOf(taken)
	m.OwnerID, m.MediaText = u.OwnerID, u.MediaText
	err = db.write(ctx, "upload", func(t *tx) error {
		if use == MediaPost {
			if err := refuseTooMany(t, u.OwnerID); err != nil {
				return err
			}
		}
		if err := insertMedia(t, m, use); err != nil {
			return err
		}
		return askPoster(t, m)
	})
	if err != nil {
		return nil, err
	}
	return m, nil
}

func mediaOf(t *media.Taken) *Media {
	m := &Media{File: t.File, Small: t.Small, Width: t.Width, Height: t.Height, Duration: t.Duration,
		Animated: t.Animated, Blurhash: t.Blurhash, Color: t.Color}
	switch t.Kind {
	case media.Picture:
		m.Kind = AttachedImage
	case media.Video:
		m.Kind = AttachedVideo
	case media.Sound:
		m.Kind = AttachedAudio
	}
	return m
}

func refuseTooMany(t *tx, ownerID int64) error {
	var n int
	if err := t.row(`SELECT COUNT(*) FROM media WHERE owner_id = ? AND use = 0 AND post_id IS NULL AND NOT `+held, []any{ownerID}, &n); err != nil {
		return err
	}
	if n >= maxLoose {
		return &MediaError{Problem: MediaTooMany, Limit: maxLoose}
	}
	return nil
}

// held says that a draft holds an upload, which stays with it.
const held = `EXISTS (SELECT 1 FROM draft_media x WHERE x.media_id = media.id)`

func insertMedia(t *tx, m *Media, use MediaUse) error {
	m.ID, m.CreatedAt = t.db.ids.next(), t.now
	_, err := t.exec(`INSERT INTO media (id, owner_id, use, kind, hash, small_hash, description, focal_x, focal_y, width, height, duration, animated, blurhash, color, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		m.ID, m.OwnerID, use, m.Kind, string(m.File.Hash), nullHash(m.Small.Hash), m.Description, m.FocalX, m.FocalY,
		m.Width, m.Height, m.Duration.Milliseconds(), m.Animated, m.Blurhash, m.Color, millis(m.CreatedAt))
	return err
}

const mediaColumns = `m.id, m.owner_id, COALESCE(m.post_id, 0), m.kind, m.hash, f.media_type, f.size,
	COALESCE(s.hash, ''), COALESCE(s.media_type, ''), COALESCE(s.size, 0), m.description, m.focal_x, m.focal_y,
	m.width, m.height, m.duration, m.animated, m.blurhash, m.color, m.created_at`

const mediaTables = ` FROM media m JOIN file f ON f.hash = m.hash LEFT JOIN file s ON s.hash = m.small_hash `

// scanMedia reads mediaColumns, then more.
func scanMedia(s scanner, more ...any) (*Media, error) {
	var m Media
	var duration, created int64
	dest := []any{&m.ID, &m.OwnerID, &m.PostID, &m.Kind, &m.File.Hash, &m.File.Type, &m.File.Size,
		&m.Small.Hash, &m.Small.Type, &m.Small.Size, &m.Description, &m.FocalX, &m.FocalY,
		&m.Width, &m.Height, &duration, &m.Animated, &m.Blurhash, &m.Color, &created}
	if err := s.Scan(append(dest, more...)...); err != nil {
		return nil, translate(err)
	}
	m.Duration, m.CreatedAt = time.Duration(duration)*time.Millisecond, fromMillis(created)
	return &m, nil
}

// Media lists uploads of a member by their ids, in that order; what is not the
// member's is left out.
func (db *DB) Media(ctx context.Context, ownerID int64, ids ...int64) ([]*Media, error) {
	byID := map[int64]*Media{}
	err := db.rows(ctx, `SELECT `+mediaColumns+mediaTables+`WHERE m.owner_id = ? AND m.use = 0 AND m.id IN (SELECT value FROM json_each(?))`,
		[]any{ownerID, idList(ids)}, func(rows *sql.Rows) error {
			m, err := scanMedia(rows)
			if err == nil {
				byID[m.ID] = m
			}
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("load uploads: %w", err)
	}
	list := inOrder(byID, ids)
	return list, db.loadUploadCaptions(ctx, list)
}

func inOrder(byID map[int64]*Media, ids []int64) []*Media {
	var list []*Media
	for _, id := range ids {
		if m := byID[id]; m != nil {
			list = append(list, m)
			delete(byID, id)
		}
	}
	return list
}

// DescribeMedia changes what a member says of an upload that is on no post yet.
// For one that is on a post, UpdatePost does it and tells other servers.
func (db *DB) DescribeMedia(ctx context.Context, ownerID, id int64, text MediaText) error {
	if err := text.check(); err != nil {
		return err
	}
	return db.write(ctx, "describe upload", func(t *tx) error {
		n, err := t.exec(`UPDATE media SET description = ?, focal_x = ?, focal_y = ? WHERE id = ? AND owner_id = ? AND use = 0 AND post_id IS NULL`,
			text.Description, text.FocalX, text.FocalY, id, ownerID)
		return errors.Join(err, missingIf(n == 0))
	})
}

// SetThumbnail gives an upload of sound or video a still picture, and returns the
// upload that has it: for one that is on a post already this is a new one of the
// same file, which an edit then puts in its place.
func (db *DB) SetThumbnail(ctx context.Context, ownerID, id int64, body io.Reader) (with int64, err error) {
	taken, err := db.takeFile(ctx, body, media.Limits{Picture: maxAvatarBytes})
	if err != nil {
		return 0, err
	}
	still := taken.File
	if !taken.Small.IsZero() {
		still = taken.Small
	}
	err = db.write(ctx, "set thumbnail", func(t *tx) error {
		if with, err = looseCopy(t, ownerID, id); err != nil {
			return err
		}
		n, err := t.exec(`UPDATE media SET small_hash = ?, blurhash = ?, color = ? WHERE id = ?`,
			string(still.Hash), taken.Blurhash, taken.Color, with)
		return errors.Join(err, missingIf(n == 0))
	})
	return with, err
}

// looseCopy is an upload of sound or video that is on no post: itself, or a new
// one of the same file.
func looseCopy(t *tx, ownerID, id int64) (int64, error) {
	s, err := t.w.stmt(background, `SELECT `+mediaColumns+mediaTables+`WHERE m.id = ? AND m.owner_id = ? AND m.use = 0 AND m.kind <> ?`)
	if err != nil {
		return 0, err
	}
	m, err := scanMedia(s.QueryRow(id, ownerID, AttachedImage))
	if err != nil || m.PostID == 0 {
		return id, err
	}
	if err := refuseTooMany(t, ownerID); err != nil {
		return 0, err
	}
	if err := insertMedia(t, m, MediaPost); err != nil {
		return 0, err
	}
	_, err = t.exec(`INSERT INTO media_caption (media_id, language, hash) SELECT ?, language, hash FROM media_caption WHERE media_id = ?`, m.ID, id)
	return m.ID, err
}

// DeleteMedia removes an upload that is on no post.
func (db *DB) DeleteMedia(ctx context.Context, ownerID, id int64) error {
	return db.write(ctx, "delete upload", func(t *tx) error {
		n, err := t.exec(`DELETE FROM media WHERE id = ? AND owner_id = ? AND use = 0 AND post_id IS NULL`, id, ownerID)
		return errors.Join(err, missingIf(n == 0))
	})
}

// PruneMedia removes uploads that came onto no post within a day, and files that
// no row names any more.
func (db *DB) PruneMedia(ctx context.Context) error {
	err := db.write(ctx, "prune uploads", func(t *tx) error {
		_, err := t.exec(`DELETE FROM media WHERE use = 0 AND post_id IS NULL AND created_at < ? AND NOT `+held, millis(t.now.Add(-looseAge)))
		return err
	})
	if err != nil {
		return err
	}
	return db.removeFiles(ctx)
}
