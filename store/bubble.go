package store

import (
	"context"
	"fmt"
	"strings"

	"seedling/store/content"
)

// checkBubble refuses what the bubble can't have: it names servers one by one,
// so that people can see who is in it, and not too many to be listed.
func checkBubble(hosts HostList) *SettingError {
	if len(hosts) > maxBubbleHosts {
		return &SettingError{Problem: fmt.Sprintf("must have at most %d lines", maxBubbleHosts)}
	}
	for _, host := range hosts {
		if strings.HasPrefix(host, "*.") {
			return &SettingError{Problem: fmt.Sprintf("has the line %q: name each server", host), Line: host}
		}
	}
	return nil
}

// BubbleTimeline is the public posts of this server and of those that the admins
// chose for the bubble. ErrNotFound if they chose none.
func (db *DB) BubbleTimeline(ctx context.Context, viewer Viewer, c Cursor) (*PostPage, error) {
	settings, err := db.Settings(ctx)
	if err != nil {
		return nil, err
	}
	if len(settings.BubbleHosts) == 0 {
		return nil, ErrNotFound
	}
	return db.hostsTimeline(ctx, "bubble", append(HostList{""}, settings.BubbleHosts...), viewer, c)
}

// ServerTimeline is the public posts of another server that this one has.
// ErrNotFound if it has nobody from there.
func (db *DB) ServerTimeline(ctx context.Context, host string, viewer Viewer, c Cursor) (*PostPage, error) {
	h, err := content.ParseHandle("x@" + host)
	if err != nil {
		return nil, ErrNotFound
	}
	var known int64
	if err := db.row(ctx, `SELECT a.id FROM account a WHERE a.host = ? AND a.state = 0 LIMIT 1`, []any{h.Host}, &known); err != nil {
		return nil, err
	}
	return db.hostsTimeline(ctx, "server", HostList{h.Host}, viewer, c)
}

// hostsTimeline is the part of the federated timeline that comes from some servers.
func (db *DB) hostsTimeline(ctx context.Context, what string, hosts HostList, viewer Viewer, c Cursor) (*PostPage, error) {
	return db.timeline(ctx, what, viewer, c, `SELECT p.id, p.id, 0 FROM post p INDEXED BY post_federated JOIN account a ON a.id = p.account_id
		WHERE p.timeline > 0 AND a.host IN (SELECT value FROM json_each(?5)) AND `+visible+` AND `+heard+c.Without.condition()+` AND `+c.clause("p.id", 3),
		append(viewer.args(c.args()...), encodeJSON(hosts)))
}
