package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"seedling/store/content"
)

// SaveRemoteAccount stores what an account's own server says of it, new or again,
// and sets a.ID. An account is known by its URI: under another handle it is
// the same, and the old one goes on leading to it. ErrGone
// for one that was deleted, ErrConflict if its key belongs to another. emoji are
// those that its document defines.
func (db *DB) SaveRemoteAccount(ctx context.Context, a *Account, emoji ...EmojiTag) error {
	if a.Host == "" || db.IsLocal(a.URI) {
		return fmt.Errorf("save %s as a remote account: %w", a.URI, ErrForbidden)
	}
	trimRemote(a)
	return db.write(ctx, "save remote account", func(t *tx) error {
		if err := receiveEmoji(t, a.EmojiHost(), emoji, maxAccountEmoji); err != nil {
			return err
		}
		old, err := txAccount(t, `a.uri = ?`, a.URI)
		if errors.Is(err, ErrNotFound) {
			a.ID = db.ids.next()
			a.FetchedAt = t.now
			return errors.Join(insertAccount(t, a), saveAssertionKeys(t, a.ID, a.NewAssertionKeys), keepReach(t, a), askSoftware(t, a), offersEd25519(t, a))
		}
		if err != nil {
			return err
		}
		if old.State == AccountDeleted {
			return ErrGone
		}
		a.ID = old.ID
		_, err = t.exec(`UPDATE account SET kind = ?, username = ?, host = ?, display_name = ?, bio = ?, fields = ?, url = ?, inbox = ?, shared_inbox = ?,
				outbox_uri = ?, followers_uri = ?, following_uri = ?, featured_uri = ?, key_uri = ?, public_key = ?,
				avatar_url = ?, header_url = ?, moved_to_uri = ?, also_known_as = ?, flags = (flags & 64) | ?, fetched_at = ? WHERE id = ?`,
			a.Kind, a.Username, a.Host, a.DisplayName, a.Bio, encodeFields(a.Fields), a.URL, a.Inbox, a.SharedInbox,
			a.OutboxURI, a.FollowersURI, a.FollowingURI, a.FeaturedURI, a.KeyURI, a.PublicKey,
			a.AvatarURL, a.HeaderURL, a.MovedToURI, encodeJSON(a.AlsoKnownAs), a.flags(), millis(t.now), old.ID)
		return errors.Join(err, keepFormerHandle(t, old, a), saveAssertionKeys(t, a.ID, a.NewAssertionKeys), keepReach(t, a), askSoftware(t, a), offersEd25519(t, a))
	})
}

// trimRemote cuts what another server sent to our limits.
func trimRemote(a *Account) {
	a.DisplayName = content.CleanLine(a.DisplayName, maxDisplayName)
	if len(a.Fields) > 2*maxFields {
		a.Fields = a.Fields[:2*maxFields]
	}
	for i := range a.Fields {
		a.Fields[i].Name = content.CleanLine(a.Fields[i].Name, maxFieldText)
	}
	a.AlsoKnownAs = a.AlsoKnownAs[:min(len(a.AlsoKnownAs), 20)]
	a.AttributionDomains = a.AttributionDomains[:min(len(a.AttributionDomains), maxAttributions)]
}

// SetRemoteCounts stores how many posts, followers and follows an account's
// server claims, -1 for those it hides, and notes that its outbox was read now.
func (db *DB) SetRemoteCounts(ctx context.Context, accountID int64, posts, followers, following int) error {
	return db.write(ctx, "set remote counts", func(t *tx) error {
		_, err := t.exec(`UPDATE account SET remote_posts = ?, remote_followers = ?, remote_following = ?, outbox_at = ? WHERE id = ? AND host <> ''`,
			max(posts, 0), max(followers, -1), max(following, -1), millis(t.now), accountID)
		return err
	})
}

// SetRemotePins replaces the pinned posts of an account elsewhere, in order:
// its own, or those that stand in it if it is a community.
func (db *DB) SetRemotePins(ctx context.Context, accountID int64, postURIs []string) error {
	return db.write(ctx, "set remote pins", func(t *tx) error {
		if _, err := t.exec(`DELETE FROM pin WHERE account_id = ?`, accountID); err != nil {
			return err
		}
		for _, uri := range slices.Backward(postURIs) {
			if _, err := t.exec(`INSERT OR IGNORE INTO pin (id, account_id, post_id) SELECT ?1, ?2, id FROM post WHERE uri = ?3
				AND (account_id = ?2 OR group_uri = (SELECT g.uri FROM account g WHERE g.id = ?2 AND g.kind = 3))`,
				db.ids.next(), accountID, uri); err != nil {
				return err
			}
		}
		return nil
	})
}

// RemotePost is a post of an account elsewhere, as vocab and content made it.
type RemotePost struct {
	Post
	Poll        *Poll   // what it asks; its post is of kind Question
	Mentions    []int64 // accounts it names or addresses that are known here
	Tags        []string
	Attachments []*Attachment
	Emoji       []EmojiTag // custom emoji that it defines
	Quote       RemoteQuote
	Policy      InteractionPolicy // as its server says it
	AskedURI    string            // of the request that it came with
	ReplyStamp  string            // by which whom it answers approves, as it says
}

func (r *RemotePost) addressed() addressed {
	to := addressed{mentions: r.Mentions, tags: r.Tags, attachments: r.Attachments}
	to.mentions = to.mentions[:min(len(to.mentions), maxMentions)]
	to.tags = to.tags[:min(len(to.tags), maxTags)]
	return to
}

// ReceivePost stores a post of an account elsewhere, with jobs that complete it.
// A post that is stored already is left as it is: fresh is false. ErrGone if it
// was deleted before, or its author was.
func (db *DB) ReceivePost(ctx context.Context, r *RemotePost) (fresh bool, err error) {
	r.ContentWarning = content.CleanLine(r.ContentWarning, maxWarning)
	r.trimPoll()
	settings, err := db.Settings(ctx)
	if err != nil {
		return false, err
	}
	err = db.write(ctx, "receive post", func(t *tx) error {
		known, err := t.exists(`SELECT 1 FROM post WHERE uri = ?`, r.URI)
		if err != nil || known {
			return err
		}
		fresh, err = receivePost(t, r, settings)
		return err
	})
	return fresh, err
}

// receivePost stores a post that is not stored yet. fresh is false if it answers
// somebody who refuses that.
func receivePost(t *tx, r *RemotePost, settings Settings) (fresh bool, err error) {
	gone, err := t.exists(`SELECT 1 FROM tombstone WHERE uri = ? AND account_id = ?`, r.URI, r.AccountID)
	if err != nil {
		return false, err
	}
	author, err := txAccount(t, `a.id = ?`, r.AccountID)
	if err != nil {
		return false, err
	}
	if gone || author.State == AccountDeleted {
		return false, ErrGone
	}
	if r.CreatedAt.IsZero() || r.CreatedAt.After(t.now) {
		r.CreatedAt = t.now
	}
	held, refused, err := admitReply(t, r)
	if err != nil || refused {
		return false, err
	}
	if err := insertPost(t, &r.Post, author, r.addressed()); err != nil {
		return false, err
	}
	if err := keepHeldReply(t, held, r.ID); err != nil {
		return false, err
	}
	if err := receiveEmoji(t, author.EmojiHost(), r.Emoji, maxPostEmoji); err != nil {
		return false, err
	}
	if r.Poll != nil {
		r.Poll.FetchedAt = t.now
		if err := insertPoll(t, r.ID, r.Poll); err != nil {
			return false, err
		}
	}
	if err := receiveQuote(t, r); err != nil {
		return false, err
	}
	if err := holdAdopted(t, &r.Post); err != nil {
		return false, err
	}
	if err := r.receiveCard(t, settings); err != nil {
		return false, err
	}
	if err := indexPost(t, r.ID); err != nil {
		return false, err
	}
	if err := meetGroup(t, &r.Post); err != nil {
		return false, err
	}
	return true, completeLater(t, &r.Post)
}

// completeLater adds the job that reads what a reply answers, if somebody here
// would see the reply.
func completeLater(t *tx, p *Post) error {
	if p.ReplyToURI == "" {
		return nil
	}
	seen, err := t.exists(`SELECT 1 FROM follow f JOIN user u ON u.account_id = f.account_id WHERE f.target_id = ?1 AND f.accepted
		UNION ALL SELECT 1 FROM mention m JOIN user u ON u.account_id = m.account_id WHERE m.post_id = ?2 LIMIT 1`, p.AccountID, p.ID)
	if err != nil || !seen {
		return err
	}
	id := strconv.FormatInt(p.ID, 10)
	return addJob(t, NewJob{Kind: JobParent, Key: id, Payload: id})
}

// ReceiveEdit stores a newer version of a post of an account elsewhere. What it
// answers, who wrote it and who may see it do not change. An older or equal
// version changes nothing; ErrNotFound if the post is not stored.
func (db *DB) ReceiveEdit(ctx context.Context, r *RemotePost) error {
	r.ContentWarning = content.CleanLine(r.ContentWarning, maxWarning)
	r.trimPoll()
	settings, err := db.Settings(ctx)
	if err != nil {
		return err
	}
	return db.write(ctx, "receive edit", func(t *tx) error {
		old, err := txPost(t, `p.uri = ? AND p.account_id = ?`, r.URI, r.AccountID)
		if err != nil {
			return err
		}
		if r.EditedAt.IsZero() || r.EditedAt.After(t.now) {
			r.EditedAt = t.now
		}
		if r.EditedAt.Before(old.EditedAt) {
			return nil
		}
		if err := keepPolicy(t, old.ID, r); err != nil {
			return err
		}
		if err := receiveEmoji(t, hostOf(old.URI), r.Emoji, maxPostEmoji); err != nil {
			return err
		}
		if err := updateQuote(t, old, r.Quote); err != nil {
			return err
		}
		if err := claimApproval(t, old, r.ReplyStamp); err != nil {
			return err
		}
		newer := r.EditedAt.After(old.EditedAt)
		asksElse, err := receivePoll(t, old, r.Poll, newer)
		if err != nil || !newer {
			return err
		}
		same, err := sameFiles(t, old.ID, r.Attachments)
		if err != nil || sameText(old, &r.Post) && !asksElse && same {
			return err
		}
		r.Visibility = old.Visibility
		if err := replacePost(t, old, &r.Post, r.addressed()); err != nil {
			return err
		}
		return r.receiveCard(t, settings)
	})
}

// sameText says whether two versions read alike: servers also send updates when
// only counts have changed.
func sameText(a, b *Post) bool {
	return a.HTML == b.HTML && a.Title == b.Title && a.ContentWarning == b.ContentWarning && a.Sensitive == b.Sensitive &&
		a.Facts.text() == b.Facts.text()
}

// ReceiveDelete deletes a post by the account elsewhere that wrote it. If the
// post is not stored, a tombstone keeps a late copy out.
func (db *DB) ReceiveDelete(ctx context.Context, accountID int64, uri string) error {
	return db.write(ctx, "receive delete", func(t *tx) error {
		p, err := txPost(t, `p.uri = ?`, uri)
		if errors.Is(err, ErrNotFound) {
			_, err = t.exec(`INSERT OR IGNORE INTO tombstone (uri, id, account_id, public, deleted_at) VALUES (?, 0, ?, 0, ?)`, uri, accountID, millis(t.now))
			return err
		}
		if err != nil {
			return err
		}
		if p.AccountID != accountID {
			return ErrForbidden
		}
		return removePost(t, p)
	})
}

// DeleteRemoteAccount hides an account that its own server deleted; a job
// removes what it left.
func (db *DB) DeleteRemoteAccount(ctx context.Context, accountID int64) error {
	return db.write(ctx, "delete remote account", func(t *tx) error {
		n, err := t.exec(`UPDATE account SET state = ?, display_name = '', bio = '', fields = '', key_uri = '', public_key = '' WHERE id = ? AND host <> ''`,
			AccountDeleted, accountID)
		if err := errors.Join(err, missingIf(n == 0), saveAssertionKeys(t, accountID, nil)); err != nil {
			return err
		}
		return leaveAll(t, accountID)
	})
}

// leaveAll takes a deleted account out of all follows, blocks and lists, and
// adds the job that removes its posts.
func leaveAll(t *tx, accountID int64) error {
	var follows []followRow
	err := t.rows(`SELECT id, uri, account_id, target_id, accepted FROM follow WHERE account_id = ?1 OR target_id = ?1`, []any{accountID}, func(rows *sql.Rows) error {
		var f followRow
		err := rows.Scan(&f.id, &f.uri, &f.accountID, &f.targetID, &f.accepted)
		follows = append(follows, f)
		return err
	})
	if err != nil {
		return err
	}
	for _, f := range follows {
		if err := removeFollow(t, f); err != nil {
			return err
		}
	}
	for _, query := range []string{
		`DELETE FROM block WHERE account_id = ?1 OR target_id = ?1`,
		`DELETE FROM notification WHERE account_id = ?1 OR from_id = ?1`,
		`DELETE FROM bookmark WHERE account_id = ?1`,
		`DELETE FROM home WHERE account_id = ?1`,
	} {
		if _, err := t.exec(query, accountID); err != nil {
			return err
		}
	}
	id := strconv.FormatInt(accountID, 10)
	return addJob(t, NewJob{Kind: JobPurge, Key: id, Payload: id})
}

// PurgeAccount removes some of what a deleted account left and says whether
// that was all. It works in steps, so that no other write waits long.
func (db *DB) PurgeAccount(ctx context.Context, accountID int64) (done bool, err error) {
	const step = 200
	err = db.write(ctx, "purge account", func(t *tx) error {
		if _, err := txAccount(t, `a.id = ? AND a.state = 2`, accountID); err != nil {
			return err
		}
		posts, err := purgePosts(t, accountID, step)
		if err != nil || posts == step {
			return err
		}
		boosts, err := purgeDeeds(t, accountID, "boost", "boosts_count", step)
		if err != nil || boosts == step {
			return err
		}
		favourites, err := purgeDeeds(t, accountID, "favourite", "favourites_count", step)
		if err != nil || favourites == step {
			return err
		}
		downvotes, err := purgeDeeds(t, accountID, "downvote", "downvotes_count", step)
		if err != nil || downvotes == step {
			return err
		}
		reactions, err := purgeReactions(t, accountID, step)
		done = err == nil && reactions < step
		return err
	})
	if done {
		err = db.sweepTakeouts(ctx)
	}
	return done, err
}

func purgePosts(t *tx, accountID int64, limit int) (n int, err error) {
	var posts []*Post
	err = t.rows(`SELECT `+postColumns+` FROM post p WHERE p.account_id = ? LIMIT ?`, []any{accountID, limit}, func(rows *sql.Rows) error {
		p, err := scanPost(rows)
		posts = append(posts, p)
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, p := range posts {
		if err := removePost(t, p); err != nil {
			return 0, err
		}
	}
	return len(posts), nil
}

// purgeDeeds removes boosts or favourites and takes them out of their counter.
func purgeDeeds(t *tx, accountID int64, table, counter string, limit int) (n int, err error) {
	if _, err := t.exec(`UPDATE post SET `+counter+` = MAX(`+counter+` - 1, 0)
		WHERE id IN (SELECT post_id FROM `+table+` WHERE account_id = ? ORDER BY id LIMIT ?)`, accountID, limit); err != nil {
		return 0, err
	}
	removed, err := t.exec(`DELETE FROM `+table+` WHERE id IN (SELECT id FROM `+table+` WHERE account_id = ? ORDER BY id LIMIT ?)`, accountID, limit)
	return int(removed), err
}
