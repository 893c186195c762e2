package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// CeremonyKind is what has begun in a browser.
type CeremonyKind string

// The kinds of ceremonies.
const (
	CeremonyCode       CeremonyKind = "code"        // the password was right, a code is asked for
	CeremonyPasskey    CeremonyKind = "passkey"     // a passkey was asked to log in
	CeremonyNewPasskey CeremonyKind = "new-passkey" // a device was asked for a new one
)

// CeremonyAge is how long a ceremony may take.
const CeremonyAge = 10 * time.Minute

// Ceremony is something that begins with one request of a browser and ends with
// another, soon.
type Ceremony struct {
	Kind      CeremonyKind
	AccountID int64  // 0: nobody yet
	Detail    string // what the end has to know
}

// BeginCeremony keeps c and returns the secret by which the browser ends it.
func (db *DB) BeginCeremony(ctx context.Context, c Ceremony) (secret string, err error) {
	secret, hash := newSecret()
	return secret, db.write(ctx, "begin ceremony", func(t *tx) error {
		if _, err := t.exec(`DELETE FROM ceremony WHERE created_at < ?`, millis(t.now.Add(-CeremonyAge))); err != nil {
			return err
		}
		// Whoever asks for challenges without end drives out older ones.
		if _, err := t.exec(`DELETE FROM ceremony WHERE hash IN (SELECT hash FROM ceremony ORDER BY created_at DESC LIMIT -1 OFFSET ?)`, maxCeremonies); err != nil {
			return err
		}
		_, err := t.exec(`INSERT INTO ceremony (hash, kind, account_id, detail, created_at) VALUES (?, ?, ?, ?, ?)`, hash, c.Kind, c.AccountID, c.Detail, millis(t.now))
		return err
	})
}

// Ceremony returns what was begun under a secret, which may be tried again.
// ErrNotFound if there is none of this kind, or it is too long ago.
func (db *DB) Ceremony(ctx context.Context, secret string, kind CeremonyKind) (*Ceremony, error) {
	c := Ceremony{Kind: kind}
	err := db.row(ctx, `SELECT account_id, detail FROM ceremony WHERE hash = ? AND kind = ? AND created_at > ?`,
		[]any{hashSecret(secret), kind, millis(db.now().Add(-CeremonyAge))}, &c.AccountID, &c.Detail)
	if err != nil {
		return nil, err
	}
	return &c, nil
}

// EndCeremony takes what was begun under a secret: nobody else gets it.
// ErrNotFound as of Ceremony.
func (db *DB) EndCeremony(ctx context.Context, secret string, kind CeremonyKind) (*Ceremony, error) {
	c := Ceremony{Kind: kind}
	err := db.write(ctx, "end ceremony", func(t *tx) error {
		return t.row(`DELETE FROM ceremony WHERE hash = ? AND kind = ? AND created_at > ? RETURNING account_id, detail`,
			[]any{hashSecret(secret), kind, millis(t.now.Add(-CeremonyAge))}, &c.AccountID, &c.Detail)
	})
	if err != nil {
		return nil, err
	}
	return &c, nil
}

// SignInWay is how somebody proved to be a member.
type SignInWay string

// The ways to sign in. Failed ones are of those who knew the password.
const (
	SignInPassword   SignInWay = "password"
	SignInCode       SignInWay = "code"
	SignInRecovery   SignInWay = "recovery"
	SignInPasskey    SignInWay = "passkey"
	SignInFailedCode SignInWay = "failed"
)

// SignIn is a line of a member's log of sign-ins.
type SignIn struct {
	ID        int64
	AccountID int64
	Way       SignInWay
	UserAgent string
	Address   string
	At        time.Time
}

// LogSignIn writes a line of a member's log.
func (db *DB) LogSignIn(ctx context.Context, s SignIn) error {
	return db.write(ctx, "log sign-in", func(t *tx) error {
		_, err := t.exec(`INSERT INTO sign_in (id, account_id, way, user_agent, address, created_at) VALUES (?, ?, ?, ?, ?, ?)`,
			t.db.ids.next(), s.AccountID, s.Way, cut(s.UserAgent, maxUserAgent), s.Address, millis(t.now))
		if err != nil {
			return err
		}
		_, err = t.exec(`DELETE FROM sign_in WHERE account_id = ?1 AND id NOT IN (SELECT id FROM sign_in WHERE account_id = ?1 ORDER BY id DESC LIMIT ?2)`,
			s.AccountID, maxSignIns)
		return err
	})
}

// SignIns lists a member's log, newest first.
func (db *DB) SignIns(ctx context.Context, accountID int64) ([]*SignIn, error) {
	var list []*SignIn
	err := db.rows(ctx, `SELECT id, account_id, way, user_agent, address, created_at FROM sign_in WHERE account_id = ? ORDER BY id DESC`, []any{accountID}, func(rows *sql.Rows) error {
		var s SignIn
		var at int64
		err := rows.Scan(&s.ID, &s.AccountID, &s.Way, &s.UserAgent, &s.Address, &at)
		s.At = fromMillis(at)
		list = append(list, &s)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list sign-ins: %w", err)
	}
	return list, nil
}
