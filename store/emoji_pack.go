package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"seedling/store/emojipack"
	"seedling/store/media"
)

// ImportedEmoji is what became of a pack.
type ImportedEmoji struct {
	Added   []string
	Skipped []SkippedEmoji
}

// SkippedEmoji is an emoji of a pack that was not taken, with the reason: an
// *EmojiError, a *media.RefusedError, or one of the package emojipack.
type SkippedEmoji struct {
	Name string
	Err  error
}

// ImportEmoji takes the emoji of a zip archive over, with their categories,
// aliases and licences. One that can't be taken, or whose shortcode is in use,
// is skipped; an archive that is no pack is an *emojipack.Error.
func (db *DB) ImportEmoji(ctx context.Context, r io.ReaderAt, size int64) (*ImportedEmoji, error) {
	settings, err := db.Settings(ctx)
	if err != nil {
		return nil, err
	}
	list, err := emojipack.Open(r, size, emojipack.Limits{Picture: int64(settings.EmojiKB) << 10})
	if err != nil {
		return nil, err
	}
	var done ImportedEmoji
	for _, e := range list {
		err := db.importOne(ctx, e)
		switch {
		case err == nil:
			done.Added = append(done.Added, e.Name)
		case skips(err):
			done.Skipped = append(done.Skipped, SkippedEmoji{cut(e.Name, maxEmojiText), err})
		default:
			return &done, fmt.Errorf("import emoji %q: %w", e.Name, err)
		}
	}
	return &done, nil
}

// skips says whether an error is of one emoji of a pack, not of ours.
func skips(err error) bool {
	var wrong *EmojiError
	var refused *media.RefusedError
	var damaged *emojipack.Error
	return errors.As(err, &wrong) || errors.As(err, &refused) || errors.As(err, &damaged) || errors.Is(err, emojipack.ErrLarge)
}

func (db *DB) importOne(ctx context.Context, e *emojipack.Emoji) error {
	info, err := EmojiInfo{Name: e.Name, Category: e.Category, Aliases: e.Aliases, Licence: e.Licence, Credits: e.Credits}.clean()
	if err != nil {
		return err
	}
	if _, err := db.OwnEmoji(ctx, info.Name); err == nil { // before its picture is read
		return &EmojiError{Problem: EmojiTaken}
	}
	picture, err := e.Read()
	if err != nil {
		return err
	}
	_, err = db.AddEmoji(ctx, info, bytes.NewReader(picture))
	return err
}

// ExportEmoji writes the emoji of this server as a zip archive that ImportEmoji,
// Akkoma, Pleroma and Misskey read.
func (db *DB) ExportEmoji(ctx context.Context, w io.Writer) error {
	list, err := db.OwnEmojis(ctx, true)
	if err != nil {
		return err
	}
	pack := emojipack.NewWriter(w, db.accountDomain)
	for _, e := range list {
		if err := db.exportOne(ctx, pack, e); err != nil {
			return err
		}
	}
	return pack.Close()
}

func (db *DB) exportOne(ctx context.Context, pack *emojipack.Writer, e *CustomEmoji) error {
	file, of, err := db.OpenFile(ctx, e.File().Hash)
	if err != nil {
		return fmt.Errorf("export emoji %s: %w", e.Name, err)
	}
	defer file.Close()
	about := emojipack.Emoji{Name: e.Name, Category: e.Category, Aliases: e.Aliases, Licence: e.Licence, Credits: e.Credits}
	return pack.Add(about, media.Ext(of.Type), file)
}
