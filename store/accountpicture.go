package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"seedling/store/media"
)

// AccountPictures is what AvatarURL and HeaderURL do not tell of the pictures of
// a local account.
type AccountPictures struct {
	AvatarAlt   string `json:"avatar_alt,omitempty"`
	HeaderAlt   string `json:"header_alt,omitempty"`
	AvatarStill string `json:"avatar_still,omitempty"` // URL of a smaller one that does not move, "" if AvatarURL serves for that
	HeaderStill string `json:"header_still,omitempty"`
}

// SetAccountPicture gives a member an avatar (MediaAvatar) or a banner
// (MediaHeader), with its description, and tells other servers. The one before
// is removed. *media.RefusedError or *MediaError say what is wrong with it.
func (db *DB) SetAccountPicture(ctx context.Context, accountID int64, use MediaUse, body io.Reader, alt string) error {
	m, err := db.upload(ctx, Upload{OwnerID: accountID, Body: body, MediaText: MediaText{Description: alt}}, use, media.Limits{Picture: maxAvatarBytes})
	if err != nil {
		return err
	}
	return db.changePicture(ctx, accountID, use, m.ID, db.storedURL(m.File), db.storedURL(m.Small), alt)
}

// RemoveAccountPicture takes a member's avatar or banner away.
func (db *DB) RemoveAccountPicture(ctx context.Context, accountID int64, use MediaUse) error {
	return db.changePicture(ctx, accountID, use, 0, "", "", "")
}

// DescribeAccountPicture changes the description of an avatar or banner.
func (db *DB) DescribeAccountPicture(ctx context.Context, accountID int64, use MediaUse, alt string) error {
	if err := (MediaText{Description: alt}).check(); err != nil {
		return err
	}
	return db.write(ctx, "describe picture", func(t *tx) error {
		a, err := txAccount(t, `a.id = ? AND a.host = '' AND a.state = 0`, accountID)
		if err != nil {
			return err
		}
		a.Pictures.describe(use, alt)
		return savePictures(t, a)
	})
}

func (p *AccountPictures) describe(use MediaUse, alt string) {
	if use == MediaAvatar {
		p.AvatarAlt = alt
	} else {
		p.HeaderAlt = alt
	}
}

func (db *DB) changePicture(ctx context.Context, accountID int64, use MediaUse, mediaID int64, url, still, alt string) error {
	return db.write(ctx, "change picture", func(t *tx) error {
		a, err := txAccount(t, `a.id = ? AND a.host = '' AND a.state = 0`, accountID)
		if err != nil {
			return err
		}
		if use == MediaAvatar {
			a.AvatarURL, a.Pictures.AvatarStill = url, still
		} else {
			a.HeaderURL, a.Pictures.HeaderStill = url, still
		}
		a.Pictures.describe(use, alt)
		if _, err := t.exec(`DELETE FROM media WHERE owner_id = ? AND use = ? AND id <> ?`, accountID, use, mediaID); err != nil {
			return err
		}
		return savePictures(t, a)
	})
}

func savePictures(t *tx, a *Account) error {
	text, err := json.Marshal(a.Pictures)
	if err != nil {
		return fmt.Errorf("pictures of account %d: %w", a.ID, err)
	}
	if _, err := t.exec(`UPDATE account SET avatar_url = ?, header_url = ?, pictures = ? WHERE id = ?`, a.AvatarURL, a.HeaderURL, string(text), a.ID); err != nil {
		return err
	}
	return addOutbox(t, OutboxUpdateAccount, a.ID, OutboxDetail{})
}

// removeUploads lets go of all that a member handed in, when the account ends;
// what is on posts goes with them.
func removeUploads(t *tx, accountID int64) error {
	_, gone := t.exec(`DELETE FROM media WHERE owner_id = ? AND post_id IS NULL`, accountID)
	_, bare := t.exec(`UPDATE account SET avatar_url = '', header_url = '', pictures = '' WHERE id = ?`, accountID)
	return errors.Join(gone, bare)
}
