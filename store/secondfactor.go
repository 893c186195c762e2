package store

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

// ErrWrongCode says that a code is not right, was taken before, or is of
// another time.
var ErrWrongCode = errors.New("wrong code")

// SecondFactors is what a member's log-in asks beside the password.
type SecondFactors struct {
	On       bool // codes of an app are asked for
	Since    time.Time
	Pending  string // the secret of an app that has not shown a code yet; empty: none
	Recovery int    // recovery codes that are left
}

// CodesURL is what an app that makes codes reads of the secret that is pending, in
// the form that they all know.
func (f SecondFactors) CodesURL(host, name string) string {
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + host + ":" + name}
	u.RawQuery = url.Values{"secret": {f.Pending}, "issuer": {host}}.Encode()
	return u.String()
}

// The codes of apps: those that every app makes (RFC 6238 §5.2), and how many
// steps before and after now are good, for clocks that are not quite right.
const (
	codeStep   = 30 // seconds
	codeWindow = 1
)

// A recovery code is 80 random bits, so a plain hash keeps it.
const (
	recoveryCodes = 10
	recoveryBytes = 10
)

// SecondFactors returns what a member's log-in asks beside the password.
func (db *DB) SecondFactors(ctx context.Context, accountID int64) (SecondFactors, error) {
	var f SecondFactors
	var secret string
	var confirmed int64
	err := db.row(ctx, `SELECT COALESCE(t.secret, ''), COALESCE(t.confirmed_at, 0), (SELECT COUNT(*) FROM recovery_code r WHERE r.account_id = u.account_id)
		FROM user u LEFT JOIN totp t ON t.account_id = u.account_id WHERE u.account_id = ?`, []any{accountID}, &secret, &confirmed, &f.Recovery)
	if err != nil {
		return f, fmt.Errorf("second factors: %w", err)
	}
	if f.On = confirmed > 0; f.On {
		f.Since = fromMillis(confirmed)
	} else {
		f.Pending = secret
	}
	return f, nil
}

// StartTOTP makes a secret for a member's app. It counts once the app has shown
// a code (ConfirmTOTP). ErrConflict if codes are asked for already.
func (db *DB) StartTOTP(ctx context.Context, accountID int64) error {
	secret := make([]byte, 20) // as long as the hash (RFC 4226 §4, R6)
	rand.Read(secret)          // never fails
	return db.write(ctx, "start TOTP", func(t *tx) error {
		if on, err := t.exists(`SELECT 1 FROM totp WHERE account_id = ? AND confirmed_at > 0`, accountID); err != nil || on {
			return errors.Join(err, conflictIf(on))
		}
		_, err := t.exec(`INSERT OR REPLACE INTO totp (account_id, secret) VALUES (?, ?)`,
			accountID, base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret))
		return err
	})
}

// ConfirmTOTP asks for codes from now on, and returns recovery codes, which are
// never shown again. ErrWrongCode, ErrNotFound if nothing was started.
func (db *DB) ConfirmTOTP(ctx context.Context, accountID int64, code string) (recovery []string, err error) {
	err = db.write(ctx, "confirm TOTP", func(t *tx) error {
		if err := takeAppCode(t, accountID, code, false); err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE totp SET confirmed_at = ? WHERE account_id = ?`, millis(t.now), accountID); err != nil {
			return err
		}
		recovery, err = newRecoveryCodes(t, accountID)
		return err
	})
	return recovery, err
}

// CheckCode takes a code of a member's app, or one of their recovery codes,
// once. ErrWrongCode for any other; ErrNotFound if no codes are asked for.
func (db *DB) CheckCode(ctx context.Context, accountID int64, code string) (SignInWay, error) {
	way := SignInCode
	err := db.write(ctx, "check code", func(t *tx) error {
		err := takeAppCode(t, accountID, code, true)
		if !errors.Is(err, ErrWrongCode) {
			return err
		}
		way = SignInRecovery
		n, err := t.exec(`DELETE FROM recovery_code WHERE account_id = ? AND hash = ?`, accountID, hashSecret(recoveryText(code)))
		if err == nil && n == 0 {
			return ErrWrongCode
		}
		return err
	})
	return way, err
}

// takeAppCode checks a code against the clock. One that was taken, and any
// before it, is wrong (RFC 6238 §5.2).
func takeAppCode(t *tx, accountID int64, code string, confirmed bool) error {
	var secret string
	var last int64
	if err := t.row(`SELECT secret, last_step FROM totp WHERE account_id = ? AND (confirmed_at > 0) = ?`, []any{accountID, confirmed}, &secret, &last); err != nil {
		return err
	}
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	now := t.now.Unix() / codeStep
	for step := now - codeWindow; step <= now+codeWindow; step++ {
		want, err := totp.GenerateCodeCustom(secret, time.Unix(step*codeStep, 0), totp.ValidateOpts{Period: codeStep, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			return fmt.Errorf("make a code: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && step > last {
			_, err := t.exec(`UPDATE totp SET last_step = ? WHERE account_id = ?`, step, accountID)
			return err
		}
	}
	return ErrWrongCode
}

// NewRecoveryCodes makes new recovery codes; the old ones end. ErrForbidden if
// no codes are asked for.
func (db *DB) NewRecoveryCodes(ctx context.Context, accountID int64) (codes []string, err error) {
	err = db.write(ctx, "new recovery codes", func(t *tx) error {
		on, err := t.exists(`SELECT 1 FROM totp WHERE account_id = ? AND confirmed_at > 0`, accountID)
		if err != nil {
			return err
		}
		if !on {
			return ErrForbidden
		}
		codes, err = newRecoveryCodes(t, accountID)
		return err
	})
	return codes, err
}

func newRecoveryCodes(t *tx, accountID int64) ([]string, error) {
	if _, err := t.exec(`DELETE FROM recovery_code WHERE account_id = ?`, accountID); err != nil {
		return nil, err
	}
	codes := make([]string, recoveryCodes)
	for i := range codes {
		b := make([]byte, recoveryBytes)
		rand.Read(b) // never fails
		text := strings.ToLower(base32.StdEncoding.EncodeToString(b))
		codes[i] = text[:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:]
		if _, err := t.exec(`INSERT INTO recovery_code (account_id, hash) VALUES (?, ?)`, accountID, hashSecret(recoveryText(codes[i]))); err != nil {
			return nil, err
		}
	}
	return codes, nil
}

// recoveryText is a recovery code as it is hashed, however it was typed.
func recoveryText(code string) string {
	return strings.ToLower(strings.NewReplacer("-", "", " ", "", "0", "o", "1", "l").Replace(strings.TrimSpace(code)))
}

// EndTOTP asks for no codes any more, and ends one that was only started.
func (db *DB) EndTOTP(ctx context.Context, accountID int64) error {
	return db.write(ctx, "end TOTP", func(t *tx) error { return endTOTP(t, accountID) })
}

func endTOTP(t *tx, accountID int64) error {
	if _, err := t.exec(`DELETE FROM recovery_code WHERE account_id = ?`, accountID); err != nil {
		return err
	}
	_, err := t.exec(`DELETE FROM totp WHERE account_id = ?`, accountID)
	return err
}
