package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"seedling/store/content"
)

// Staff is who changes something of a member, and why. The zero Staff is whoever
// has the command line of this machine, and may do all of it.
type Staff struct {
	AccountID int64
	Reason    string // for the log, may be empty
}

// StaffAction is what staff did to a member.
type StaffAction string

// The actions.
const (
	StaffCreated  StaffAction = "created"  // made the account
	StaffRole     StaffAction = "role"     // gave another role
	StaffDisabled StaffAction = "disabled" // logged them out and keeps them out
	StaffEnabled  StaffAction = "enabled"
	StaffFactors  StaffAction = "factors" // ended their codes and passkeys
	StaffLink     StaffAction = "link"    // made a link for a new password
)

// StaffEntry is a line of the log of what staff did.
type StaffEntry struct {
	ID            int64
	ActorID       int64  // 0: the command line
	Actor         string // name as it was then; "" for the command line
	Action        StaffAction
	AccountID     int64
	Account       string // name as it was then
	Before, After string // roles, where they changed
	Reason        string
	At            time.Time
}

// MayChange says whether somebody of this role may change something of a member
// of another role: an owner of all, others of those below them.
func (r Role) MayChange(other Role) bool { return r >= Moderator && (r > other || r == Owner) }

// MayGive says whether somebody of this role may give another role: only an owner
// makes admins and owners.
func (r Role) MayGive(other Role) bool { return r >= Admin && (r > other || r == Owner) }

// roleOf reads the role of a user.
func roleOf(t *tx, accountID int64) (Role, error) {
	var role Role
	err := t.row(`SELECT u.role FROM user u JOIN account a ON a.id = u.account_id WHERE u.account_id = ? AND a.state <> 2`, []any{accountID}, &role)
	return role, err
}

// check refuses what this staff may not do to a member (ErrForbidden, see
// Role.MayChange). A reason that is too long is an *InputError.
func (by Staff) check(t *tx, accountID int64) error {
	if content.Count(by.Reason) > maxReason {
		return &InputError{Field: "reason", Problem: InputLong, Limit: maxReason}
	}
	role, err := roleOf(t, accountID)
	if err != nil || by.AccountID == 0 {
		return err
	}
	mine, err := roleOf(t, by.AccountID)
	if err != nil {
		return err
	}
	if !mine.MayChange(role) {
		return fmt.Errorf("%s does this to %s: %w", mine, role, ErrForbidden)
	}
	return nil
}

// log adds a line. Both accounts are named as they are called now.
func (by Staff) log(t *tx, action StaffAction, accountID int64, before, after string) error {
	_, err := t.exec(`INSERT INTO staff_log (id, actor_id, actor, action, account_id, account, before, after, reason)
		SELECT ?1, ?2, COALESCE((SELECT username FROM account WHERE id = ?2), ''), ?3, a.id, a.username, ?5, ?6, ?7 FROM account a WHERE a.id = ?4`,
		t.db.ids.next(), by.AccountID, action, accountID, before, after, by.Reason)
	return err
}

// StaffLog lists what staff did, newest first, before an entry (0: from the
// start): to one member, or with 0 to all.
func (db *DB) StaffLog(ctx context.Context, accountID, before int64, limit int) ([]*StaffEntry, error) {
	where := `?1 = 0`
	if accountID != 0 {
		where = `account_id = ?1`
	}
	var list []*StaffEntry
	err := db.rows(ctx, `SELECT id, actor_id, actor, action, account_id, account, before, after, reason FROM staff_log
		WHERE `+where+` AND (?2 = 0 OR id < ?2) ORDER BY id DESC LIMIT ?3`, []any{accountID, before, limit}, func(rows *sql.Rows) error {
		var e StaffEntry
		err := rows.Scan(&e.ID, &e.ActorID, &e.Actor, &e.Action, &e.AccountID, &e.Account, &e.Before, &e.After, &e.Reason)
		e.At = IDTime(e.ID)
		list = append(list, &e)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("log of the staff: %w", err)
	}
	return list, nil
}

// SetRole changes what a member may do. Only an owner makes admins and owners
// (ErrForbidden), and the last owner stays one (*LastOwnerError).
func (db *DB) SetRole(ctx context.Context, by Staff, accountID int64, role Role) error {
	return db.write(ctx, "set role", func(t *tx) error {
		if err := by.check(t, accountID); err != nil {
			return err
		}
		if mine, err := roleOf(t, by.AccountID); by.AccountID != 0 && (err != nil || !mine.MayGive(role)) {
			return errors.Join(err, ErrForbidden)
		}
		if role != Owner {
			if err := keepAnOwner(t, accountID); err != nil {
				return err
			}
		}
		before, err := roleOf(t, accountID)
		if err != nil || before == role {
			return err
		}
		if _, err := t.exec(`UPDATE user SET role = ? WHERE account_id = ?`, role, accountID); err != nil {
			return err
		}
		return by.log(t, StaffRole, accountID, before.String(), role.String())
	})
}

// LastOwnerError says that an instance would have no owner any more. It is an
// ErrForbidden too.
type LastOwnerError struct{}

func (*LastOwnerError) Error() string { return "the last owner stays one" }

// Is makes it an ErrForbidden.
func (*LastOwnerError) Is(target error) bool { return target == ErrForbidden }

// keepAnOwner refuses to lose the last owner.
func keepAnOwner(t *tx, accountID int64) error {
	is, err := t.exists(`SELECT 1 FROM user WHERE account_id = ? AND role = ?`, accountID, Owner)
	if err != nil || !is {
		return err
	}
	other, err := t.exists(`SELECT 1 FROM user WHERE account_id <> ? AND role = ? AND state = 0`, accountID, Owner)
	if err == nil && !other {
		return &LastOwnerError{}
	}
	return err
}

// DisableUser ends all sessions and tokens of a user, who can't log in until
// EnableUser. Members may do it to themselves. ErrForbidden as of SetRole.
func (db *DB) DisableUser(ctx context.Context, by Staff, accountID int64) error {
	return db.changeState(ctx, by, accountID, StaffDisabled, func(t *tx) (int, error) {
		if err := keepAnOwner(t, accountID); err != nil {
			return 0, err
		}
		n, err := t.exec(`UPDATE user SET state = ?1 WHERE account_id = ?2 AND state <> ?1`, UserDisabled, accountID)
		return int(n), errors.Join(err, endAccess(t, accountID, 0))
	})
}

// EnableUser lets a disabled or waiting user log in.
func (db *DB) EnableUser(ctx context.Context, by Staff, accountID int64) error {
	return db.changeState(ctx, by, accountID, StaffEnabled, func(t *tx) (int, error) {
		n, err := t.exec(`UPDATE user SET state = ?1, waiting_key = NULL WHERE account_id = ?2 AND state <> ?1`, UserActive, accountID)
		return int(n), err
	})
}

// changeState does something to a user's state and logs it if that changed it.
func (db *DB) changeState(ctx context.Context, by Staff, accountID int64, action StaffAction, change func(t *tx) (int, error)) error {
	return db.write(ctx, string(action)+" user", func(t *tx) error {
		if by.AccountID != accountID || action != StaffDisabled {
			if err := by.check(t, accountID); err != nil {
				return err
			}
		}
		n, err := change(t)
		if err != nil || n == 0 {
			return err
		}
		return by.log(t, action, accountID, "", "")
	})
}

// ResetSecondFactors lets somebody who lost their devices in with the password
// alone: no codes are asked for, and their passkeys end.
func (db *DB) ResetSecondFactors(ctx context.Context, by Staff, accountID int64) error {
	return db.write(ctx, "reset second factors", func(t *tx) error {
		if err := by.check(t, accountID); err != nil {
			return err
		}
		if err := endTOTP(t, accountID); err != nil {
			return err
		}
		if _, err := t.exec(`DELETE FROM ceremony WHERE account_id = ?`, accountID); err != nil {
			return err
		}
		if _, err := t.exec(`DELETE FROM passkey WHERE account_id = ?`, accountID); err != nil {
			return err
		}
		return by.log(t, StaffFactors, accountID, "", "")
	})
}
