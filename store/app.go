package store

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"strings"
	"time"
)

// App is a program that speaks the client API on behalf of members, as it
// described itself. Anybody can register one, under any name.
type App struct {
	ID           int64
	ClientID     string
	Name         string
	Website      string   // https or http, "" none
	RedirectURIs []string // where members are sent back to; compared byte for byte
	Scopes       string   // what it may ask for, with spaces between
	CreatedAt    time.Time

	secret []byte
}

// SecretIs says whether a secret is the app's own, in constant time.
func (a *App) SecretIs(secret string) bool {
	return subtle.ConstantTimeCompare(a.secret, hashSecret(secret)) == 1
}

const appColumns = `p.id, p.client_id, p.secret, p.name, p.website, p.redirect_uris, p.scopes, p.created_at`

func scanApp(s scanner, more ...any) (*App, error) {
	var a App
	var uris string
	var created int64
	dest := []any{&a.ID, &a.ClientID, &a.secret, &a.Name, &a.Website, &uris, &a.Scopes, &created}
	if err := s.Scan(append(dest, more...)...); err != nil {
		return nil, translate(err)
	}
	a.RedirectURIs, a.CreatedAt = strings.Split(uris, "\n"), fromMillis(created)
	return &a, nil
}

// CreateApp registers an app: its ID, ClientID and CreatedAt are set. The
// secret is returned once; only its hash is kept. What the app says of itself
// was checked by the caller.
func (db *DB) CreateApp(ctx context.Context, a *App) (secret string, err error) {
	secret, a.secret = newSecret()
	a.ClientID = rand.Text()
	return secret, db.write(ctx, "create app", func(t *tx) error {
		a.ID, a.CreatedAt = t.db.ids.next(), t.now
		_, err := t.exec(`INSERT INTO app (id, client_id, secret, name, website, redirect_uris, scopes, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			a.ID, a.ClientID, a.secret, a.Name, a.Website, strings.Join(a.RedirectURIs, "\n"), a.Scopes, millis(t.now))
		return err
	})
}

// AppByClientID returns an app by what it was registered as.
func (db *DB) AppByClientID(ctx context.Context, clientID string) (*App, error) {
	s, err := db.stmt(ctx, `SELECT `+appColumns+` FROM app p WHERE p.client_id = ?`)
	if err != nil {
		return nil, err
	}
	return scanApp(s.QueryRowContext(ctx, clientID))
}

// App returns an app by its row.
func (db *DB) App(ctx context.Context, id int64) (*App, error) {
	s, err := db.stmt(ctx, `SELECT `+appColumns+` FROM app p WHERE p.id = ?`)
	if err != nil {
		return nil, err
	}
	return scanApp(s.QueryRowContext(ctx, id))
}

// PruneApps forgets apps that nobody has used: registered long ago, and
// without a token or a code. A few at a time, so that nobody waits for it.
func (db *DB) PruneApps(ctx context.Context) error {
	for {
		var n int64
		err := db.write(ctx, "prune apps", func(t *tx) (err error) {
			n, err = t.exec(`DELETE FROM app WHERE id IN (SELECT p.id FROM app p WHERE p.created_at < ?1
				AND NOT EXISTS (SELECT 1 FROM token k WHERE k.app_id = p.id)
				AND NOT EXISTS (SELECT 1 FROM oauth_code c WHERE c.app_id = p.id) LIMIT ?2)`,
				millis(t.now.Add(-keepUnusedApp)), pruneBatch)
			return err
		})
		if err != nil {
			return fmt.Errorf("prune apps: %w", err)
		}
		if n < pruneBatch {
			return nil
		}
	}
}
