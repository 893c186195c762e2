package store

import (
	"context"
	"errors"
	"time"
)

// Grant is what a member allowed an app.
type Grant struct {
	AppID, AccountID int64
	RedirectURI      string
	Scopes           string
	Challenge        string // of PKCE, S256 (RFC 7636 §4.2); "" none
}

// codeAge is how long a code may be exchanged.
const codeAge = 10 * time.Minute

// keepCode is how long it is remembered that a code was exchanged, so that a
// second use can end what came of the first.
const keepCode = 24 * time.Hour

// CreateCode stores a grant and returns the code that its app exchanges for a
// token. ErrForbidden if the member may not log in.
func (db *DB) CreateCode(ctx context.Context, g Grant) (code string, err error) {
	code, hash := newSecret()
	return code, db.write(ctx, "create code", func(t *tx) error {
		active, err := t.exists(`SELECT 1 FROM user u JOIN account a ON a.id = u.account_id
			WHERE u.account_id = ? AND u.state = 0 AND a.state = 0`, g.AccountID)
		if err != nil {
			return err
		}
		if !active {
			return ErrForbidden
		}
		if _, err := t.exec(`DELETE FROM oauth_code WHERE created_at < ?`, millis(t.now.Add(-keepCode))); err != nil {
			return err
		}
		_, err = t.exec(`INSERT INTO oauth_code (hash, app_id, account_id, redirect_uri, scopes, challenge, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			hash, g.AppID, g.AccountID, g.RedirectURI, g.Scopes, g.Challenge, millis(t.now))
		return err
	})
}

// ExchangeCode turns a code into an access token, once. check looks at the
// grant and may refuse it, which leaves the code as it was; it must not call
// the store. ErrNotFound is any code that is unknown, another app's, too old or
// was used: in that last case the token of the first use ends too, since one of
// the two users stole it (RFC 6749 §4.1.2).
func (db *DB) ExchangeCode(ctx context.Context, appID int64, code string, check func(Grant) error) (token string, k Token, err error) {
	used := false
	err = db.write(ctx, "exchange code", func(t *tx) error {
		g := Grant{AppID: appID}
		hash := hashSecret(code)
		var created, tokenID int64
		err := t.row(`SELECT account_id, redirect_uri, scopes, challenge, created_at, token_id FROM oauth_code WHERE hash = ? AND app_id = ?`,
			[]any{hash, appID}, &g.AccountID, &g.RedirectURI, &g.Scopes, &g.Challenge, &created, &tokenID)
		if err != nil {
			return err
		}
		if tokenID != 0 {
			used = true
			t.publish(News{Kind: NewsAccess, AccountID: g.AccountID})
			_, err := t.exec(`DELETE FROM token WHERE id = ?`, tokenID)
			return err
		}
		if t.now.Sub(fromMillis(created)) > codeAge {
			return ErrNotFound
		}
		if err := check(g); err != nil {
			return err
		}
		k = Token{AppID: appID, AccountID: g.AccountID, Scopes: g.Scopes, CreatedAt: t.now}
		if token, k.ID, err = insertToken(t, k); err != nil {
			return err
		}
		n, err := t.exec(`UPDATE oauth_code SET token_id = ? WHERE hash = ?`, k.ID, hash)
		return errors.Join(err, missingIf(n == 0))
	})
	if err == nil && used {
		err = ErrNotFound
	}
	return token, k, err
}
