package store

import (
	"context"
	"database/sql"
	"fmt"
)

// Peers lists the servers that this one has heard of and speaks with, by name.
func (db *DB) Peers(ctx context.Context) ([]string, error) {
	settings, err := db.Settings(ctx)
	if err != nil {
		return nil, err
	}
	policy := settings.Policy()
	var hosts []string
	err = db.rows(ctx, `SELECT host FROM instance ORDER BY host LIMIT ?`, []any{maxPeers}, func(rows *sql.Rows) error {
		var host string
		err := rows.Scan(&host)
		if err == nil && policy.Allows(host) {
			hosts = append(hosts, host)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list peers: %w", err)
	}
	return hosts, nil
}
