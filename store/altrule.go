package store

import "errors"

// AltRule is what becomes of a member's pictures without a description.
type AltRule string

// The rules; the zero value is what the server does.
const (
	AltUsual   AltRule = ""
	AltRemind  AltRule = "remind"  // the pages ask once
	AltRequire AltRule = "require" // they are not posted
	AltOff     AltRule = "off"
)

// PostUndescribed is a new picture without a description, of a member who wants none such.
const PostUndescribed PostProblem = "has a picture without a description"

// refuseUndescribed holds AltRequire.
func refuseUndescribed(t *tx, authorID int64) error {
	var rule AltRule
	err := t.row(`SELECT COALESCE(json_extract(NULLIF(preferences, ''), '$.alt'), '') FROM user WHERE account_id = ?`, []any{authorID}, &rule)
	if errors.Is(err, ErrNotFound) || err == nil && rule != AltRequire {
		return nil
	}
	return errors.Join(err, &PostError{Problem: PostUndescribed})
}
