package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// moveEvery is how often an account may take its followers along: somebody who
// has its key could otherwise send them around for ever.
const moveEvery = 7 * 24 * time.Hour

// carryStep is how many followers are carried over in one write.
const carryStep = 50

// MoveError says why an account can't move to another.
type MoveError struct{ Problem MoveProblem }

// MoveProblem is what stands against a move.
type MoveProblem string

// What stands against a move.
const (
	MoveToItself MoveProblem = "an account can't move to itself"
	MoveNotThere MoveProblem = "the new account is suspended or deleted"
	MoveNoAlias  MoveProblem = "the new account does not name the old one as an alias" // in alsoKnownAs
	MoveChain    MoveProblem = "the new account has moved itself"
	MoveTooSoon  MoveProblem = "the account has moved a short while ago"
)

func (e *MoveError) Error() string { return string(e.Problem) }

// AddAlias makes a member's account name another one, known here, as theirs:
// only then can that one move to it. Other servers are told. *ProfileError if
// there are too many, ErrForbidden for the account itself.
func (db *DB) AddAlias(ctx context.Context, accountID int64, uri string) error {
	return db.changeAliases(ctx, accountID, func(t *tx, a *Account) ([]string, error) {
		other, err := txAccount(t, `a.uri = ? AND a.state <> 2`, uri)
		if err != nil {
			return nil, err
		}
		if other.ID == accountID {
			return nil, fmt.Errorf("an alias of itself: %w", ErrForbidden)
		}
		if slices.Contains(a.AlsoKnownAs, uri) {
			return a.AlsoKnownAs, nil
		}
		if len(a.AlsoKnownAs) >= maxAliases {
			return nil, &ProfileError{"aliases", maxAliases}
		}
		return append(a.AlsoKnownAs, uri), nil
	})
}

// RemoveAlias takes an alias back. ErrNotFound if there is no such alias.
func (db *DB) RemoveAlias(ctx context.Context, accountID int64, uri string) error {
	return db.changeAliases(ctx, accountID, func(_ *tx, a *Account) ([]string, error) {
		i := slices.Index(a.AlsoKnownAs, uri)
		if i < 0 {
			return nil, ErrNotFound
		}
		return slices.Delete(slices.Clone(a.AlsoKnownAs), i, i+1), nil
	})
}

func (db *DB) changeAliases(ctx context.Context, accountID int64, change func(*tx, *Account) ([]string, error)) error {
	return db.write(ctx, "change aliases", func(t *tx) error {
		a, err := txAccount(t, `a.id = ? AND a.host = '' AND a.state = 0`, accountID)
		if err != nil {
			return err
		}
		aliases, err := change(t, a)
		if err != nil || slices.Equal(aliases, a.AlsoKnownAs) {
			return err
		}
		if _, err := t.exec(`UPDATE account SET also_known_as = ? WHERE id = ?`, encodeJSON(aliases), accountID); err != nil {
			return err
		}
		return addOutbox(t, OutboxUpdateAccount, accountID, OutboxDetail{})
	})
}

// MayMove returns a *MoveError while an account has to wait before it may take
// its followers along again.
func (db *DB) MayMove(ctx context.Context, accountID int64) error {
	var at int64
	if err := db.row(ctx, `SELECT moved_at FROM account WHERE id = ?`, []any{accountID}, &at); err != nil {
		return err
	}
	return checkMovedAt(at, db.now())
}

func checkMovedAt(at int64, now time.Time) error {
	if at > 0 && now.Sub(fromMillis(at)) < moveEvery {
		return &MoveError{MoveTooSoon}
	}
	return nil
}

// MoveAccount moves a member to another account, which must name theirs as an
// alias. What is stored of that account must be fresh. Followers elsewhere are
// told, those here carried over by a job; posts stay. Why not is a *MoveError.
func (db *DB) MoveAccount(ctx context.Context, accountID, targetID int64) error {
	return db.write(ctx, "move account", func(t *tx) error {
		a, err := txAccount(t, `a.id = ? AND a.host = '' AND a.state = 0 AND a.kind <> 2`, accountID)
		if err != nil {
			return err
		}
		target, err := move(t, a, targetID)
		if err != nil {
			return err
		}
		if err := addOutbox(t, OutboxUpdateAccount, accountID, OutboxDetail{}); err != nil {
			return err
		}
		return addOutbox(t, OutboxMove, accountID, OutboxDetail{TargetID: targetID, ObjectURI: target.URI})
	})
}

// ReceiveMove notes that an account elsewhere has moved, and adds the job that
// carries its followers here over. What is stored of both accounts must be
// fresh. The same move once more changes nothing. Why not is a *MoveError.
func (db *DB) ReceiveMove(ctx context.Context, accountID, targetID int64) error {
	return db.write(ctx, "receive move", func(t *tx) error {
		a, err := txAccount(t, `a.id = ? AND a.host <> '' AND a.state = 0`, accountID)
		if err != nil {
			return err
		}
		target, err := move(t, a, targetID)
		var no *MoveError
		if errors.As(err, &no) && no.Problem == MoveTooSoon && target != nil && a.MovedToURI == target.URI {
			return nil
		}
		return err
	})
}

// move checks a move and does what is the same for accounts here and elsewhere.
func move(t *tx, a *Account, targetID int64) (*Account, error) {
	target, err := txAccount(t, `a.id = ?`, targetID)
	if err != nil {
		return nil, err
	}
	if err := checkMove(a, target); err != nil {
		return target, err
	}
	var movedAt int64
	if err := t.row(`SELECT moved_at FROM account WHERE id = ?`, []any{a.ID}, &movedAt); err != nil {
		return target, err
	}
	if err := checkMovedAt(movedAt, t.now); err != nil {
		return target, err
	}
	if _, err := t.exec(`UPDATE account SET moved_to_uri = ?, moved_at = ? WHERE id = ?`, target.URI, millis(t.now), a.ID); err != nil {
		return target, err
	}
	return target, addJob(t, NewJob{Kind: JobCarry, Key: strconv.FormatInt(a.ID, 10), Payload: encodeJSON(Carry{From: a.ID, To: targetID})})
}

// checkMove holds the rules: without the alias anybody could take the followers
// of somebody else, and a chain could be a loop.
func checkMove(a, target *Account) error {
	switch {
	case a.ID == target.ID:
		return &MoveError{MoveToItself}
	case target.State != AccountActive || target.Kind == Application:
		return &MoveError{MoveNotThere}
	case !slices.Contains(target.AlsoKnownAs, a.URI):
		return &MoveError{MoveNoAlias}
	case target.MovedToURI != "":
		return &MoveError{MoveChain}
	}
	return nil
}

// ReturnHome ends a member's move: their account can be followed again. The
// followers stay where they are.
func (db *DB) ReturnHome(ctx context.Context, accountID int64) error {
	return db.write(ctx, "return home", func(t *tx) error {
		n, err := t.exec(`UPDATE account SET moved_to_uri = '' WHERE id = ? AND host = '' AND state = 0 AND moved_to_uri <> ''`, accountID)
		if err != nil || n == 0 {
			return err
		}
		return addOutbox(t, OutboxUpdateAccount, accountID, OutboxDetail{})
	})
}

// Carry is the payload of JobCarry.
type Carry struct{ From, To int64 }

// CarryFollowers lets the members who follow a moved account follow the new one
// instead. It works in steps, so that no other write waits long, and may be
// repeated.
func (db *DB) CarryFollowers(ctx context.Context, payload string) error {
	var c Carry
	if err := json.Unmarshal([]byte(payload), &c); err != nil {
		return fmt.Errorf("carry followers: payload %q: %w", payload, ErrForbidden)
	}
	for after, done := int64(0), false; !done; {
		err := db.write(ctx, "carry followers", func(t *tx) error {
			list, err := localFollowers(t, c.From, after)
			if err != nil {
				return err
			}
			for _, f := range list {
				if err := carry(t, f, c.To); err != nil {
					return err
				}
				after = f.id
			}
			done = len(list) < carryStep
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// localFollowers lists the next follows and requests of members.
func localFollowers(t *tx, targetID, after int64) ([]followRow, error) {
	var list []followRow
	err := t.rows(`SELECT f.id, f.uri, f.account_id, f.target_id, f.accepted FROM follow f JOIN user u ON u.account_id = f.account_id
		WHERE f.target_id = ? AND f.id > ? ORDER BY f.id LIMIT ?`, []any{targetID, after, carryStep}, func(rows *sql.Rows) error {
		var f followRow
		err := rows.Scan(&f.id, &f.uri, &f.accountID, &f.targetID, &f.accepted)
		list = append(list, f)
		return err
	})
	return list, err
}

// carry replaces one follow. Where the new account can't be followed (a block,
// or it is the follower), the old follow stays as it is.
func carry(t *tx, f followRow, targetID int64) error {
	if f.accountID == targetID {
		return nil
	}
	err := follow(t, f.accountID, targetID)
	if errors.Is(err, ErrBlocked) || errors.Is(err, ErrForbidden) || errors.Is(err, ErrMoved) || errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := unfollow(t, f.accountID, f.targetID); err != nil {
		return err
	}
	return notify(t, f.accountID, NotifyMoved, f.targetID, 0)
}

// JobOutcome tells whoever waits for a job how it stands: ErrNotFound when it is
// done, and the reason if it was given up.
func (db *DB) JobOutcome(ctx context.Context, kind JobKind, key string) (failed string, err error) {
	var failedAt int64
	err = db.row(ctx, `SELECT failed_at, last_error FROM job WHERE kind = ? AND key = ?`, []any{kind, key}, &failedAt, &failed)
	if err != nil || failedAt == 0 {
		return "", err
	}
	return failed, nil
}

// CancelJob removes a job that nobody waits for any more.
func (db *DB) CancelJob(ctx context.Context, kind JobKind, key string) error {
	return db.write(ctx, "cancel job", func(t *tx) error {
		_, err := t.exec(`DELETE FROM job WHERE kind = ? AND key = ?`, kind, key)
		return err
	})
}
