package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"seedling/store/content"
)

// SignUp is a request to join.
type SignUp struct {
	NewUser
	Reason string // asked for when sign-ups are approved
	Invite string // the code of an invitation
}

// Errors of signing up.
var (
	ErrSignUpClosed   = errors.New("nobody can join now")
	ErrInviteNeeded   = errors.New("an invitation is needed")
	ErrInviteUsed     = errors.New("this invitation is used up, expired or was never made")
	ErrReasonNeeded   = errors.New("a reason is needed")
	ErrReasonTooLong  = errors.New("the reason is too long")
	ErrDecidedAlready = errors.New("the request was decided already")
)

// SignUp makes a new member as the mode of registration allows. A member who
// must be approved gets a waiting key: the secret of a page that shows the state
// of the request. It returns the errors above and those of CreateUser.
func (db *DB) SignUp(ctx context.Context, s SignUp) (u *User, waitingKey string, err error) {
	settings, err := db.Settings(ctx)
	if err != nil {
		return nil, "", err
	}
	if content.Count(s.Reason) > maxReason {
		return nil, "", ErrReasonTooLong
	}
	s.Role = Member
	state := UserActive
	switch {
	case s.Invite != "": // an invitation opens every mode but closed
		if settings.Registrations == RegistrationsClosed {
			return nil, "", ErrSignUpClosed
		}
	case settings.Registrations == RegistrationsClosed:
		return nil, "", ErrSignUpClosed
	case settings.Registrations == RegistrationsInvite:
		return nil, "", ErrInviteNeeded
	case settings.Registrations == RegistrationsApproval:
		if s.Reason == "" {
			return nil, "", ErrReasonNeeded
		}
		state = UserPending
	}
	var hash []byte
	if state == UserPending {
		waitingKey, hash = newSecret()
	}
	u, err = db.createUser(ctx, s.NewUser, state, func(t *tx, row *newUserRow) error {
		row.reason, row.waitingKey = s.Reason, hash
		if s.Invite == "" {
			return nil
		}
		row.inviteID, err = useInvite(t, s.Invite)
		return err
	})
	return u, waitingKey, err
}

// WaitingUser returns who asked to join with this waiting key.
func (db *DB) WaitingUser(ctx context.Context, key string) (*User, error) {
	return db.user(ctx, `u.waiting_key = ?`, hashSecret(key))
}

// ChangeReason replaces the reason of a request to join. It returns the errors of
// SignUp, ErrNotFound, or ErrDecidedAlready.
func (db *DB) ChangeReason(ctx context.Context, key, reason string) error {
	switch {
	case reason == "":
		return ErrReasonNeeded
	case content.Count(reason) > maxReason:
		return ErrReasonTooLong
	}
	u, err := db.WaitingUser(ctx, key)
	if err != nil {
		return err
	}
	return db.write(ctx, "change the reason of a request to join", func(t *tx) error {
		n, err := t.exec(`UPDATE user SET reason = ? WHERE account_id = ? AND state = ?`, reason, u.Account.ID, UserPending)
		if err == nil && n == 0 {
			return ErrDecidedAlready
		}
		return err
	})
}

// WithdrawSignUp forgets a request to join; the name is free again.
func (db *DB) WithdrawSignUp(ctx context.Context, key string) error {
	u, err := db.WaitingUser(ctx, key)
	if err != nil {
		return err
	}
	return db.RejectUser(ctx, Staff{}, u.Account.ID)
}

// ApproveUser lets in who asked to join. ErrDecidedAlready if nobody waits,
// ErrForbidden if it is not for this staff to decide (see Role.MayChange).
func (db *DB) ApproveUser(ctx context.Context, by Staff, accountID int64) error {
	return db.write(ctx, "approve user", func(t *tx) error {
		if err := mayDecide(t, by, accountID); err != nil {
			return err
		}
		_, err := t.exec(`UPDATE user SET state = ?, to_welcome = 1 WHERE account_id = ?`, UserActive, accountID)
		return err
	})
}

// mayDecide refuses to decide on who does not wait, and staff who may not.
func mayDecide(t *tx, by Staff, accountID int64) error {
	pending, err := t.exists(`SELECT 1 FROM user WHERE account_id = ? AND state = ?`, accountID, UserPending)
	if err != nil {
		return err
	}
	if !pending {
		return ErrDecidedAlready
	}
	return by.check(t, accountID)
}

// Welcome says, once, whether a member is still to be led through the first
// steps.
func (db *DB) Welcome(ctx context.Context, accountID int64) (first bool, err error) {
	err = db.row(ctx, `SELECT to_welcome FROM user WHERE account_id = ?`, []any{accountID}, &first)
	if !first || err != nil {
		return false, err
	}
	return first, db.write(ctx, "welcome", func(t *tx) error {
		n, err := t.exec(`UPDATE user SET to_welcome = 0 WHERE account_id = ? AND to_welcome`, accountID)
		first = n > 0
		return err
	})
}

// RejectUser removes who asked to join. The account never took part, so
// nothing of it is left and its name is free again.
func (db *DB) RejectUser(ctx context.Context, by Staff, accountID int64) error {
	return db.write(ctx, "reject user", func(t *tx) error {
		if err := mayDecide(t, by, accountID); err != nil {
			return err
		}
		_, err := t.exec(`DELETE FROM account WHERE id = ?`, accountID)
		return err
	})
}

// Invite is a link that lets people join.
type Invite struct {
	ID        int64
	Code      string
	CreatedBy *Account
	MaxUses   int // 0: any number
	Uses      int
	ExpiresAt time.Time // zero: never
	CreatedAt time.Time
}

// Usable says whether somebody could still join by it at the given time.
func (i *Invite) Usable(now time.Time) bool {
	return (i.MaxUses == 0 || i.Uses < i.MaxUses) && (i.ExpiresAt.IsZero() || now.Before(i.ExpiresAt))
}

// CreateInvite makes an invitation for maxUses people (0: any number) that ends
// after validFor (0: never).
func (db *DB) CreateInvite(ctx context.Context, by int64, maxUses int, validFor time.Duration) (*Invite, error) {
	secret, _ := newSecret()
	inv := &Invite{ID: db.ids.next(), Code: secret[:12], MaxUses: max(maxUses, 0)}
	err := db.write(ctx, "create invite", func(t *tx) error {
		inv.CreatedAt = t.now
		if validFor > 0 {
			inv.ExpiresAt = t.now.Add(validFor)
		}
		_, err := t.exec(`INSERT INTO invite (id, code, created_by, max_uses, expires_at, created_at) VALUES (?, ?, ?, ?, ?, ?)`,
			inv.ID, inv.Code, by, inv.MaxUses, millis(inv.ExpiresAt), millis(t.now))
		return err
	})
	if err != nil {
		return nil, err
	}
	return inv, nil
}

// Invites lists all invitations, newest first.
func (db *DB) Invites(ctx context.Context) ([]*Invite, error) {
	var list []*Invite
	err := db.rows(ctx, `SELECT `+accountColumns+`, i.id, i.code, i.max_uses, i.uses, i.expires_at, i.created_at
		FROM invite i JOIN account a ON a.id = i.created_by ORDER BY i.id DESC`, nil, func(rows *sql.Rows) error {
		var i Invite
		var expires, created int64
		a, err := scanAccount(rows, &i.ID, &i.Code, &i.MaxUses, &i.Uses, &expires, &created)
		i.CreatedBy, i.ExpiresAt, i.CreatedAt = a, fromMillis(expires), fromMillis(created)
		list = append(list, &i)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list invites: %w", err)
	}
	return list, nil
}

// RevokeInvite ends an invitation.
func (db *DB) RevokeInvite(ctx context.Context, id int64) error {
	return db.write(ctx, "revoke invite", func(t *tx) error {
		n, err := t.exec(`DELETE FROM invite WHERE id = ?`, id)
		return errors.Join(err, missingIf(n == 0))
	})
}

// InviteUsable says whether a code still lets somebody join.
func (db *DB) InviteUsable(ctx context.Context, code string) (bool, error) {
	var one int
	err := db.row(ctx, `SELECT 1 FROM invite WHERE code = ? AND (max_uses = 0 OR uses < max_uses) AND (expires_at = 0 OR expires_at > ?)`,
		[]any{code, millis(db.now())}, &one)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

func useInvite(t *tx, code string) (id int64, err error) {
	err = t.row(`UPDATE invite SET uses = uses + 1
		WHERE code = ? AND (max_uses = 0 OR uses < max_uses) AND (expires_at = 0 OR expires_at > ?) RETURNING id`,
		[]any{code, millis(t.now)}, &id)
	if errors.Is(err, ErrNotFound) {
		return 0, ErrInviteUsed
	}
	return id, err
}
