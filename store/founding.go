package store

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// The keys under which a store keeps what it was founded with.
const (
	keyURL           = "founded.url"
	keyAccountDomain = "founded.account_domain"
)

// found checks the address that the store was founded with, or founds it.
func (db *DB) found(ctx context.Context, c Config) error {
	given := strings.TrimSuffix(c.URL, "/")
	var founded, domain string
	err := db.row(ctx, `SELECT value FROM setting WHERE key = ?`, []any{keyURL}, &founded)
	if errors.Is(err, ErrNotFound) {
		if given == "" {
			return ErrNotFounded
		}
		return db.foundAs(ctx, given, c.AccountDomain)
	}
	if err != nil {
		return fmt.Errorf("read the founding address: %w", err)
	}
	if err := db.row(ctx, `SELECT value FROM setting WHERE key = ?`, []any{keyAccountDomain}, &domain); err != nil {
		return fmt.Errorf("read the founding domain: %w", err)
	}
	if given != "" && given != founded {
		return &FoundedError{"URL", founded, given}
	}
	if c.AccountDomain != "" && c.AccountDomain != domain {
		return &FoundedError{"account domain", domain, c.AccountDomain}
	}
	if err := db.setAddress(founded, domain); err != nil {
		return err
	}
	return db.giveAssertionKeys(ctx)
}

func (db *DB) setAddress(base, domain string) error {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" {
		return fmt.Errorf("public URL %q has no host", base)
	}
	db.base, db.host = base, u.Host
	db.accountDomain = domain
	return nil
}

func (db *DB) foundAs(ctx context.Context, base, domain string) error {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" {
		return fmt.Errorf("public URL %q has no host", base)
	}
	if domain == "" {
		domain = u.Host
	}
	if err := db.setAddress(base, domain); err != nil {
		return err
	}
	keys, err := newKeyPair(nil)
	if err != nil {
		return err
	}
	return db.write(ctx, "found the instance", func(t *tx) error {
		if err := putSetting(t, keyURL, base); err != nil {
			return err
		}
		if err := putSetting(t, keyAccountDomain, domain); err != nil {
			return err
		}
		return insertInstanceActor(t, keys)
	})
}
