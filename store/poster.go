package store

import (
	"context"
	"errors"
	"io/fs"
	"strconv"
	"time"

	"seedling/store/media"
)

// maxPosterBytes is how many bytes a still picture may have that is made here.
const maxPosterBytes = 8 << 20

// askPoster has a still picture made of a film that came without one, if there
// is a program for that.
func askPoster(t *tx, m *Media) error {
	if t.db.ffmpeg == nil || m.Kind != AttachedVideo || !m.Small.IsZero() {
		return nil
	}
	id := strconv.FormatInt(m.ID, 10)
	return addJob(t, NewJob{Kind: JobPoster, Key: id, Payload: id})
}

// MakePoster makes a still picture of an uploaded film, and shows it with the
// post if there is one by now. It is the end of JobPoster: a film of which none
// can be made stays without.
func (db *DB) MakePoster(ctx context.Context, mediaID int64) error {
	film, ok, err := db.filmWithoutPoster(ctx, mediaID)
	if err != nil || !ok || db.ffmpeg == nil {
		return err
	}
	files, err := db.fileStorage(ctx)
	if err != nil {
		return err
	}
	still, err := files.Still(ctx, db.ffmpeg, film.File, film.Duration)
	if errors.Is(err, media.ErrNoStill) || errors.Is(err, fs.ErrNotExist) {
		db.log.Info("no still picture of a film", "media", mediaID, "error", err)
		return nil
	}
	if err != nil {
		return err
	}
	taken, err := db.takeFile(ctx, still, media.Limits{Picture: maxPosterBytes})
	var refused *media.RefusedError
	if errors.As(err, &refused) {
		db.log.Info("no still picture of a film", "media", mediaID, "error", err)
		return nil
	}
	if err != nil {
		return err
	}
	return db.setPoster(ctx, mediaID, taken)
}

// filmWithoutPoster reads the upload; ok is false if there is nothing to do.
func (db *DB) filmWithoutPoster(ctx context.Context, mediaID int64) (film Media, ok bool, err error) {
	var lasts int64
	err = db.row(ctx, `SELECT m.hash, f.media_type, f.size, m.duration FROM media m JOIN file f ON f.hash = m.hash
		WHERE m.id = ? AND m.kind = ? AND m.small_hash IS NULL`, []any{mediaID, AttachedVideo}, &film.File.Hash, &film.File.Type, &film.File.Size, &lasts)
	if errors.Is(err, ErrNotFound) {
		return film, false, nil
	}
	film.Duration = time.Duration(lasts) * time.Millisecond
	return film, err == nil, err
}

func (db *DB) setPoster(ctx context.Context, mediaID int64, taken *media.Taken) error {
	still := taken.File
	if !taken.Small.IsZero() {
		still = taken.Small
	}
	return db.write(ctx, "set poster", func(t *tx) error {
		n, err := t.exec(`UPDATE media SET small_hash = ?, blurhash = ?, color = ? WHERE id = ? AND small_hash IS NULL`,
			string(still.Hash), taken.Blurhash, taken.Color, mediaID)
		if err != nil || n == 0 {
			return err
		}
		_, err = t.exec(`UPDATE attachment SET preview_url = ?, blurhash = ? WHERE media_id = ? AND preview_url = ''`, db.storedURL(still), taken.Blurhash, mediaID)
		return err
	})
}
