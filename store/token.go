package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Token is an access token of the client API, without its secret.
type Token struct {
	ID        int64
	AccountID int64  // 0: the app acts for itself
	AppID     int64  // 0: made by the command line
	Scopes    string // with spaces between
	CreatedAt time.Time
	UsedAt    time.Time // about; zero: never
}

// CreateToken makes an access token without an app and returns it; only its
// hash is kept.
func (db *DB) CreateToken(ctx context.Context, accountID int64, scopes string) (token string, err error) {
	err = db.write(ctx, "create token", func(t *tx) error {
		token, _, err = insertToken(t, Token{AccountID: accountID, Scopes: scopes})
		return err
	})
	return token, err
}

// CreateAppToken makes an access token with which an app acts for itself.
func (db *DB) CreateAppToken(ctx context.Context, appID int64, scopes string) (token string, createdAt time.Time, err error) {
	err = db.write(ctx, "create app token", func(t *tx) error {
		createdAt = t.now
		token, _, err = insertToken(t, Token{AppID: appID, Scopes: scopes})
		return err
	})
	return token, createdAt, err
}

// SignUpToken makes an access token for a member who signed up through an app,
// perhaps not let in yet: it works once they are.
func (db *DB) SignUpToken(ctx context.Context, accountID, appID int64, scopes string) (token string, createdAt time.Time, err error) {
	err = db.write(ctx, "create token", func(t *tx) error {
		createdAt = t.now
		token, _, err = insertToken(t, Token{AccountID: accountID, AppID: appID, Scopes: scopes})
		return err
	})
	return token, createdAt, err
}

// insertToken stores a new token. An account has only so many: the ones that
// were used longest ago end.
func insertToken(t *tx, k Token) (token string, id int64, err error) {
	token, hash := newSecret()
	id = t.db.ids.next()
	_, err = t.exec(`INSERT INTO token (id, hash, account_id, app_id, scopes, created_at) VALUES (?, ?, NULLIF(?, 0), NULLIF(?, 0), ?, ?)`,
		id, hash, k.AccountID, k.AppID, k.Scopes, millis(t.now))
	if err != nil {
		return "", 0, err
	}
	owner, ownerID, most := "account_id", k.AccountID, maxTokens
	if k.AccountID == 0 {
		owner, ownerID, most = "account_id IS NULL AND app_id", k.AppID, maxAppTokens
	}
	_, err = t.exec(`DELETE FROM token WHERE `+owner+` = ?1 AND id NOT IN
		(SELECT id FROM token WHERE `+owner+` = ?1 ORDER BY MAX(used_at, created_at) DESC, id DESC LIMIT ?2)`, ownerID, most)
	return token, id, err
}

// ErrNotLetIn says that a token is of somebody who asked to join and waits. It is
// an ErrNotFound too.
var ErrNotLetIn = fmt.Errorf("waits to be let in: %w", ErrNotFound)

// Token returns an access token by its secret, with the user that it acts for,
// or nil if an app acts for itself. ErrNotFound also covers tokens of users who
// may not log in; of those who are not let in yet it is ErrNotLetIn.
func (db *DB) Token(ctx context.Context, secret string) (*Token, *User, error) {
	var k Token
	var created, used int64
	const columns = `k.id, COALESCE(k.account_id, 0), COALESCE(k.app_id, 0), k.scopes, k.created_at, k.used_at`
	dest := []any{&k.ID, &k.AccountID, &k.AppID, &k.Scopes, &created, &used}
	u, err := db.userFrom(ctx, `, `+columns, dest, `token k JOIN user u ON u.account_id = k.account_id JOIN account a ON a.id = k.account_id
		WHERE k.hash = ? AND u.state = 0 AND a.state = 0`, hashSecret(secret))
	if errors.Is(err, ErrNotFound) {
		u = nil
		err = db.row(ctx, `SELECT `+columns+` FROM token k WHERE k.hash = ? AND k.account_id IS NULL`, []any{hashSecret(secret)}, dest...)
	}
	if errors.Is(err, ErrNotFound) {
		var waits bool
		if err := db.row(ctx, `SELECT EXISTS (SELECT 1 FROM token k JOIN user u ON u.account_id = k.account_id WHERE k.hash = ? AND u.state = 1)`,
			[]any{hashSecret(secret)}, &waits); err == nil && waits {
			return nil, nil, ErrNotLetIn
		}
	}
	if err != nil {
		return nil, nil, err
	}
	k.CreatedAt, k.UsedAt = fromMillis(created), fromMillis(used)
	return &k, u, nil
}

// TouchToken notes that a token was used, if that was not noted lately.
func (db *DB) TouchToken(ctx context.Context, k *Token) error {
	if db.now().Sub(k.UsedAt) < tokenUsedEvery {
		return nil
	}
	return db.write(ctx, "touch token", func(t *tx) error {
		_, err := t.exec(`UPDATE token SET used_at = ? WHERE id = ?`, millis(t.now), k.ID)
		return err
	})
}

// RevokeToken ends a token, given its secret, by the app that it belongs to.
// ErrForbidden if it belongs to another; one that is not there is no error (RFC
// 7009 §2.2).
func (db *DB) RevokeToken(ctx context.Context, appID int64, secret string) error {
	return db.write(ctx, "revoke token", func(t *tx) error {
		var id, owner, accountID int64
		err := t.row(`SELECT id, COALESCE(app_id, 0), COALESCE(account_id, 0) FROM token WHERE hash = ?`, []any{hashSecret(secret)}, &id, &owner, &accountID)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if owner != appID {
			return fmt.Errorf("a token of another app: %w", ErrForbidden)
		}
		t.publish(News{Kind: NewsAccess, AccountID: accountID})
		_, err = t.exec(`DELETE FROM token WHERE id = ?`, id)
		return err
	})
}

// ConnectedApp is an app that holds tokens of a member.
type ConnectedApp struct {
	App    *App // nil: tokens of the command line
	ID     int64
	Scopes []string // of each token
	Since  time.Time
	UsedAt time.Time // zero: never
}

// ConnectedApps lists the apps that may act for a member, last used first.
func (db *DB) ConnectedApps(ctx context.Context, accountID int64) ([]*ConnectedApp, error) {
	var list []*ConnectedApp
	byID := map[int64]*ConnectedApp{}
	err := db.rows(ctx, `SELECT COALESCE(p.id, 0), COALESCE(p.name, ''), COALESCE(p.website, ''), k.scopes, k.created_at, k.used_at
		FROM token k LEFT JOIN app p ON p.id = k.app_id WHERE k.account_id = ? ORDER BY MAX(k.used_at, k.created_at) DESC`,
		[]any{accountID}, func(rows *sql.Rows) error {
			var a App
			var scopes string
			var created, used int64
			if err := rows.Scan(&a.ID, &a.Name, &a.Website, &scopes, &created, &used); err != nil {
				return err
			}
			c := byID[a.ID]
			if c == nil {
				c = &ConnectedApp{ID: a.ID, Since: fromMillis(created), UsedAt: fromMillis(used)}
				if a.ID != 0 {
					c.App = &a
				}
				byID[a.ID] = c
				list = append(list, c)
			}
			c.add(scopes, fromMillis(created), fromMillis(used))
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("list connected apps: %w", err)
	}
	return list, nil
}

// add counts one more token of the app.
func (c *ConnectedApp) add(scopes string, created, used time.Time) {
	c.Scopes = append(c.Scopes, scopes)
	if created.Before(c.Since) {
		c.Since = created
	}
	if used.After(c.UsedAt) {
		c.UsedAt = used
	}
}

// DisconnectApp ends all tokens that an app has of a member; 0 stands for the
// command line.
func (db *DB) DisconnectApp(ctx context.Context, accountID, appID int64) error {
	return db.write(ctx, "disconnect app", func(t *tx) error {
		t.publish(News{Kind: NewsAccess, AccountID: accountID})
		if _, err := t.exec(`DELETE FROM oauth_code WHERE account_id = ? AND app_id = ?`, accountID, appID); err != nil {
			return err
		}
		_, err := t.exec(`DELETE FROM token WHERE account_id = ? AND COALESCE(app_id, 0) = ?`, accountID, appID)
		return err
	})
}

// LiveTokens returns which of the tokens are still good: there, and of members
// who may log in.
func (db *DB) LiveTokens(ctx context.Context, ids []int64) (map[int64]bool, error) {
	return db.live(ctx, `SELECT k.id FROM token k JOIN user u ON u.account_id = k.account_id JOIN account a ON a.id = k.account_id
		WHERE k.id IN (SELECT value FROM json_each(?1)) AND u.state = 0 AND a.state = 0`, idList(ids))
}

// LiveSessions returns which of the sessions are still good.
func (db *DB) LiveSessions(ctx context.Context, ids []int64) (map[int64]bool, error) {
	return db.live(ctx, `SELECT s.id FROM session s JOIN user u ON u.account_id = s.account_id JOIN account a ON a.id = s.account_id
		WHERE s.id IN (SELECT value FROM json_each(?1)) AND s.seen_at > ?2 AND u.state = 0 AND a.state = 0`, idList(ids), millis(db.now().Add(-SessionAge)))
}

func (db *DB) live(ctx context.Context, query string, args ...any) (map[int64]bool, error) {
	live := map[int64]bool{}
	err := db.rows(ctx, query, args, func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		live[id] = true
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("check who is logged in: %w", err)
	}
	return live, nil
}
