package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"seedling/store/content"
)

// Profile is what members say of themselves. Who sees it is ChangePrivacy's.
type Profile struct {
	DisplayName string
	Bio         string
	BioFormat   content.Format
	Fields      []Field // Name and Text
	Bot         bool
}

// Profile is what a member says of themselves so far, to change a part of it.
func (a *Account) Profile() Profile {
	return Profile{DisplayName: a.DisplayName, Bio: a.BioSource, BioFormat: a.BioFormat, Fields: a.Fields, Bot: a.Bot}
}

// ProfileError says which part of a profile is too long, or too many.
type ProfileError struct {
	Part  string // display_name, bio, fields
	Limit int
}

func (e *ProfileError) Error() string { return fmt.Sprintf("%s: more than %d", e.Part, e.Limit) }

// UpdateProfile stores a member's profile and tells other servers.
func (db *DB) UpdateProfile(ctx context.Context, accountID int64, p Profile) error {
	if content.Count(p.DisplayName) > maxDisplayName {
		return &ProfileError{"display_name", maxDisplayName}
	}
	if content.Count(p.Bio) > maxBio {
		return &ProfileError{"bio", maxBio}
	}
	fields, err := db.renderFields(ctx, p.Fields)
	if err != nil {
		return err
	}
	bio, err := db.render(ctx, content.Source{Text: p.Bio, Format: p.BioFormat})
	if err != nil {
		return err
	}
	kind, bot := Person, 0
	if p.Bot {
		kind, bot = Service, flagBot
	}
	return db.write(ctx, "update profile", func(t *tx) error {
		if err := keepProofs(t, accountID, fields); err != nil {
			return err
		}
		n, err := t.exec(`UPDATE account SET kind = ?, display_name = ?, bio = ?, bio_source = ?, bio_format = ?, fields = ?, flags = (flags & ~?) | ? WHERE id = ? AND host = '' AND state = 0`,
			kind, content.CleanLine(p.DisplayName, maxDisplayName), bio.html, p.Bio, p.BioFormat, encodeFields(fields), flagBot, bot, accountID)
		if err := errors.Join(err, missingIf(n == 0)); err != nil {
			return err
		}
		return addOutbox(t, OutboxUpdateAccount, accountID, OutboxDetail{})
	})
}

func (db *DB) renderFields(ctx context.Context, in []Field) ([]Field, error) {
	var out []Field
	for _, f := range in {
		if f.Name == "" && f.Text == "" {
			continue
		}
		if content.Count(f.Name) > maxFieldText || content.Count(f.Text) > maxFieldText {
			return nil, &ProfileError{"fields", maxFieldText}
		}
		ready, err := db.render(ctx, content.Source{Text: f.Text, Format: content.Plain})
		if err != nil {
			return nil, err
		}
		value := ready.html
		if link := f.Link(); link != "" {
			value = content.OwnLink(link)
		}
		out = append(out, Field{Name: content.CleanLine(f.Name, maxFieldText), Value: value, Text: f.Text})
	}
	if len(out) > maxFields {
		return nil, &ProfileError{"fields", maxFields}
	}
	return out, nil
}

// DeleteAccount ends a local account for good: it can't log in any more, nothing
// of it is shown, other servers are told, and a job removes what it wrote. Its
// name is not given out again. The last owner can't be deleted (ErrForbidden).
func (db *DB) DeleteAccount(ctx context.Context, accountID int64) error {
	return db.write(ctx, "delete account", func(t *tx) error {
		t.publish(News{Kind: NewsAccess, AccountID: accountID})
		if err := keepAnOwner(t, accountID); err != nil {
			return err
		}
		told, err := knownElsewhere(t, accountID)
		if err != nil {
			return err
		}
		n, err := t.exec(`UPDATE account SET state = ?, display_name = '', bio = '', bio_source = '', fields = '' WHERE id = ? AND host = '' AND state <> ?1`,
			AccountDeleted, accountID)
		if err := errors.Join(err, missingIf(n == 0)); err != nil {
			return err
		}
		if err := leaveAll(t, accountID); err != nil {
			return err
		}
		if err := removeUploads(t, accountID); err != nil {
			return err
		}
		if _, err := t.exec(`DELETE FROM user WHERE account_id = ?`, accountID); err != nil {
			return err
		}
		return addOutbox(t, OutboxDeleteAccount, accountID, OutboxDetail{Told: told})
	})
}

// knownElsewhere lists the accounts elsewhere whose servers know of a member:
// followers, followed, and whom they mentioned or answered.
func knownElsewhere(t *tx, accountID int64) ([]int64, error) {
	var ids []int64
	err := t.rows(`SELECT id FROM account WHERE host <> '' AND id IN (
			SELECT account_id FROM follow WHERE target_id = ?1
			UNION SELECT target_id FROM follow WHERE account_id = ?1
			UNION SELECT m.account_id FROM mention m JOIN post p ON p.id = m.post_id WHERE p.account_id = ?1
			UNION SELECT reply_to_account_id FROM post WHERE account_id = ?1)`, []any{accountID}, func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}
