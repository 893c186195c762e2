package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"seedling/store/content"
)

// Reach is what a member says of themselves besides the profile: which hashtags
// they stand for, and on whose pages they may be named as author.
type Reach struct {
	FeaturedTags       []string // without #
	AttributionDomains []string // hosts
}

// SetReach stores it and tells other servers. It returns *ProfileError, of part
// featured_tags or attribution_domains, if something is too long or no tag or host.
func (db *DB) SetReach(ctx context.Context, accountID int64, r Reach) error {
	tags, err := checkTags(r.FeaturedTags)
	if err != nil {
		return err
	}
	domains, err := checkDomains(r.AttributionDomains)
	if err != nil {
		return err
	}
	return db.write(ctx, "set reach", func(t *tx) error {
		a, err := txAccount(t, `a.id = ? AND a.host = '' AND a.state = 0`, accountID)
		if err != nil {
			return err
		}
		changed, err := setFeaturedTags(t, accountID, tags)
		if err != nil {
			return err
		}
		if slices.Equal(a.AttributionDomains, domains) && !changed {
			return nil
		}
		if _, err := t.exec(`UPDATE account SET attribution_domains = ? WHERE id = ?`, encodeJSON(domains), accountID); err != nil {
			return err
		}
		return addOutbox(t, OutboxUpdateAccount, accountID, OutboxDetail{})
	})
}

func checkTags(names []string) ([]string, error) {
	var tags []string
	seen := map[string]bool{}
	for _, name := range names {
		name = strings.TrimPrefix(strings.TrimSpace(name), "#")
		if !content.ValidTag(name) {
			return nil, &ProfileError{"featured_tags", maxFeaturedTags}
		}
		if fold := foldTag(name); !seen[fold] {
			seen[fold] = true
			tags = append(tags, name)
		}
	}
	if len(tags) > maxFeaturedTags {
		return nil, &ProfileError{"featured_tags", maxFeaturedTags}
	}
	return tags, nil
}

func checkDomains(lines []string) ([]string, error) {
	wrong := &ProfileError{"attribution_domains", maxAttributions}
	if len(lines) > maxAttributions {
		return nil, wrong
	}
	var hosts []string
	for _, line := range lines {
		h, err := content.ParseHandle("x@" + strings.TrimSpace(line))
		if err != nil || h.Host == "" {
			return nil, wrong
		}
		if !slices.Contains(hosts, h.Host) {
			hosts = append(hosts, h.Host)
		}
	}
	return hosts, nil
}

// keepReach stores what another server says besides the profile.
func keepReach(t *tx, a *Account) error {
	_, err := t.exec(`UPDATE account SET featured_tags_uri = ?, attribution_domains = ?, moderators_uri = ? WHERE id = ?`,
		a.FeaturedTagsURI, encodeJSON(a.AttributionDomains), a.ModeratorsURI, a.ID)
	return err
}

// FeaturedTag is a hashtag on a profile.
type FeaturedTag struct {
	ID     int64
	Name   string    // as its account writes it
	Posts  int       // public ones of the account with it, that are stored here
	LastAt time.Time // of the newest of them; zero: none
}

// FeaturedTags lists the hashtags that an account shows on its profile.
func (db *DB) FeaturedTags(ctx context.Context, accountID int64) ([]*FeaturedTag, error) {
	var list []*FeaturedTag
	err := db.rows(ctx, `SELECT f.id, f.name, COUNT(p.id), COALESCE(MAX(p.created_at), 0) FROM featured_tag f
		LEFT JOIN post_tag x ON x.tag_id = f.tag_id AND x.post_id IN (SELECT o.id FROM post o WHERE o.account_id = ?1 AND o.visibility <= 1)
		LEFT JOIN post p ON p.id = x.post_id
		WHERE f.account_id = ?1 GROUP BY f.id ORDER BY f.id`, []any{accountID}, func(rows *sql.Rows) error {
		var f FeaturedTag
		var last int64
		err := rows.Scan(&f.ID, &f.Name, &f.Posts, &last)
		f.LastAt = fromMillis(last)
		list = append(list, &f)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("featured tags of %d: %w", accountID, err)
	}
	return list, nil
}

// FeatureTag puts a hashtag on a member's profile; one that is there stays.
// *ProfileError if it is none, or there are too many.
func (db *DB) FeatureTag(ctx context.Context, accountID int64, name string) (*FeaturedTag, error) {
	err := db.changeTags(ctx, accountID, func(names []string) ([]string, error) {
		return checkTags(append(names, name))
	})
	if err != nil {
		return nil, err
	}
	list, err := db.FeaturedTags(ctx, accountID)
	if err != nil {
		return nil, err
	}
	fold := foldTag(strings.TrimPrefix(strings.TrimSpace(name), "#"))
	i := slices.IndexFunc(list, func(f *FeaturedTag) bool { return foldTag(f.Name) == fold })
	if i < 0 {
		return nil, ErrNotFound
	}
	return list[i], nil
}

// UnfeatureTag takes a hashtag from a member's profile, by its id there.
func (db *DB) UnfeatureTag(ctx context.Context, accountID, id int64) error {
	return db.write(ctx, "unfeature tag", func(t *tx) error {
		n, err := t.exec(`DELETE FROM featured_tag WHERE id = ? AND account_id = ?`, id, accountID)
		if err := errors.Join(err, missingIf(n == 0)); err != nil {
			return err
		}
		return addOutbox(t, OutboxUpdateAccount, accountID, OutboxDetail{})
	})
}

func (db *DB) changeTags(ctx context.Context, accountID int64, change func([]string) ([]string, error)) error {
	return db.write(ctx, "feature tag", func(t *tx) error {
		if _, err := txAccount(t, `a.id = ? AND a.host = '' AND a.state = 0`, accountID); err != nil {
			return err
		}
		names, err := tagNames(t, accountID)
		if err != nil {
			return err
		}
		if names, err = change(names); err != nil {
			return err
		}
		changed, err := setFeaturedTags(t, accountID, names)
		if err != nil || !changed {
			return err
		}
		return addOutbox(t, OutboxUpdateAccount, accountID, OutboxDetail{})
	})
}

func tagNames(t *tx, accountID int64) ([]string, error) {
	var names []string
	err := t.rows(`SELECT name FROM featured_tag WHERE account_id = ? ORDER BY id`, []any{accountID}, func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		names = append(names, name)
		return err
	})
	return names, err
}

// SetRemoteFeaturedTags stores the hashtags that the server of an account
// elsewhere lists for it.
func (db *DB) SetRemoteFeaturedTags(ctx context.Context, accountID int64, names []string) error {
	valid := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !content.ValidTag(name) })
	tags, err := checkTags(valid[:min(len(valid), maxFeaturedTags)])
	if err != nil {
		return err
	}
	return db.write(ctx, "set remote featured tags", func(t *tx) error {
		_, err := setFeaturedTags(t, accountID, tags)
		return err
	})
}

// setFeaturedTags replaces the tags of an account, if they are others.
func setFeaturedTags(t *tx, accountID int64, names []string) (changed bool, err error) {
	before, err := tagNames(t, accountID)
	if err != nil || slices.Equal(before, names) {
		return false, err
	}
	for _, name := range before {
		if !slices.Contains(names, name) {
			if _, err := t.exec(`DELETE FROM featured_tag WHERE account_id = ? AND name = ?`, accountID, name); err != nil {
				return false, err
			}
		}
	}
	for _, name := range names {
		if slices.Contains(before, name) {
			continue
		}
		var id int64
		err := t.row(`INSERT INTO tag (name, text) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET name = name RETURNING id`, []any{foldTag(name), name}, &id)
		if err != nil {
			return false, err
		}
		if _, err := t.exec(`INSERT OR IGNORE INTO featured_tag (id, account_id, tag_id, name) VALUES (?, ?, ?, ?)`, t.db.ids.next(), accountID, id, name); err != nil {
			return false, err
		}
	}
	return true, nil
}
