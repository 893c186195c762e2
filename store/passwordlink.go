package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"
)

// PasswordLinkAge is how long a link for a new password is good.
const PasswordLinkAge = 3 * 24 * time.Hour

// CreateMember makes an account for somebody who will choose their password by
// a link, whose secret it returns. Errors as of CreateUser; ErrForbidden for a
// role that this staff can't give.
func (db *DB) CreateMember(ctx context.Context, by Staff, n NewUser) (u *User, secret string, err error) {
	if by.AccountID != 0 {
		mine, err := db.User(ctx, by.AccountID)
		if err != nil {
			return nil, "", err
		}
		if !mine.Role.MayGive(n.Role) {
			return nil, "", fmt.Errorf("make an account as %s: %w", n.Role, ErrForbidden)
		}
	}
	n.Password = rand.Text() + rand.Text() // nobody's
	if u, err = db.createUser(ctx, n, UserActive, nil); err != nil {
		return nil, "", err
	}
	secret, hash := newSecret()
	return u, secret, db.write(ctx, "create member", func(t *tx) error {
		if _, err := t.exec(`UPDATE user SET to_welcome = 1 WHERE account_id = ?`, u.Account.ID); err != nil {
			return err
		}
		if err := putPasswordLink(t, u.Account.ID, hash); err != nil {
			return err
		}
		return by.log(t, StaffCreated, u.Account.ID, "", n.Role.String())
	})
}

// NewPasswordLink makes a link with which a member who lost their password
// chooses a new one, and returns its secret. An earlier link ends. ErrForbidden
// if this staff may not do that to them.
func (db *DB) NewPasswordLink(ctx context.Context, by Staff, accountID int64) (secret string, err error) {
	secret, hash := newSecret()
	return secret, db.write(ctx, "new password link", func(t *tx) error {
		if err := by.check(t, accountID); err != nil {
			return err
		}
		if err := putPasswordLink(t, accountID, hash); err != nil {
			return err
		}
		return by.log(t, StaffLink, accountID, "", "")
	})
}

func putPasswordLink(t *tx, accountID int64, hash []byte) error {
	_, err := t.exec(`INSERT OR REPLACE INTO password_link (account_id, hash, created_at) VALUES (?, ?, ?)`, accountID, hash, millis(t.now))
	return err
}

// PasswordLinkUser returns whose link this is; ErrNotFound if it is used, too
// old or nobody's.
func (db *DB) PasswordLinkUser(ctx context.Context, secret string) (*User, error) {
	return db.user(ctx, `u.account_id = (SELECT account_id FROM password_link WHERE hash = ? AND created_at > ?) AND u.state = 0 AND a.state = 0`,
		hashSecret(secret), millis(db.now().Add(-PasswordLinkAge)))
}

// UsePasswordLink sets the password of the member whose link this is, once, and
// ends all their sessions and tokens. ErrNotFound as of PasswordLinkUser, or a
// *PasswordError.
func (db *DB) UsePasswordLink(ctx context.Context, secret, password string) (*User, error) {
	u, err := db.PasswordLinkUser(ctx, secret)
	if err != nil {
		return nil, err
	}
	if err := checkPassword(password, u.Account.Username); err != nil {
		return nil, err
	}
	hash := HashPassword(password)
	return u, db.write(ctx, "use password link", func(t *tx) error {
		n, err := t.exec(`DELETE FROM password_link WHERE account_id = ? AND hash = ?`, u.Account.ID, hashSecret(secret))
		if err := errors.Join(err, missingIf(n == 0)); err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE user SET password = ? WHERE account_id = ?`, hash, u.Account.ID); err != nil {
			return err
		}
		return endAccess(t, u.Account.ID, 0)
	})
}
