package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strconv"
	"strings"
	"time"

	"seedling/store/content"
)

// Limits of link cards. What pages say of themselves is cut to them.
const (
	maxCardURL         = 2_048 // bytes; longer links have no card
	maxCardTitle       = 300   // characters
	maxCardDescription = 500
	maxCardName        = 100 // of a site and of an author
	maxCardLanguage    = 35  // bytes

	cardFresh     = 30 * 24 * time.Hour // a page is not read again before that
	cardJitter    = time.Minute         // many servers hear of a post at once, and its links must not be asked all at once
	ownCardJitter = 2 * time.Second     // of a post written here
	cardLoose     = 24 * time.Hour      // how long a card stays that no post has
	firstCardWait = 15 * time.Minute    // after a failure; doubles with every one in a row
	goneCardWait  = 3 * 24 * time.Hour  // of what its server says is not there, or is nothing to show
	lastCardWait  = 30 * 24 * time.Hour
)

// CardKind is what a link leads to.
type CardKind int

// The kinds of cards. Nothing is shown of the first.
const (
	CardNone CardKind = iota
	CardPage
	CardPicture  // a picture alone
	CardDocument // another file that readers know how to open
)

// Card is what a page says of itself. All of it is plain text and comes from
// whoever wrote the page.
type Card struct {
	ID          int64
	URL         string
	Kind        CardKind
	Title       string
	Description string
	Site        string
	Language    string // BCP 47, as claimed; "" unknown

	AuthorName, AuthorURL string
	// Author is the account that the page names as its author, if that account
	// says that pages of Host may do so.
	Author   *Account
	AuthorID int64  // for KeepCard
	Host     string // where the page was found in the end

	ImageURL                string // elsewhere: see ImagePath
	ImageAlt                string
	ImageWidth, ImageHeight int // as claimed; 0 unknown
	PublishedAt             time.Time
}

// RemoteCard is the use of the picture of a link card.
const RemoteCard RemoteUse = "card"

// CardImagePath is where the picture of a card is served from here; "" if it
// has none.
func (db *DB) CardImagePath(c *Card) string { return db.RemotePath(RemoteCard, c.ID, c.ImageURL) }

// Names says whether an account lets pages of a host name it as their author:
// the host, or one above it, is among the sites that its owner listed
// (fediverse:creator and attributionDomains, as Mastodon has them).
func (a *Account) Names(host string) bool {
	for _, site := range a.AttributionDomains {
		if host == site || strings.HasSuffix(host, "."+site) {
			return true
		}
	}
	return false
}

// cardLink is the link of a post that gets a card, or "": it has none, or
// leads here, or is in a private message, whose links may be meant for one
// person alone.
func (db *DB) cardLink(p *Post, settings Settings) string {
	if p.Visibility == Direct || !settings.LinkCards {
		return ""
	}
	link, _, _ := strings.Cut(content.FirstLink(p.HTML), "#")
	u, err := url.Parse(link)
	if err != nil || len(link) > maxCardURL || u.Host == "" || u.User != nil || strings.EqualFold(u.Host, db.host) {
		return ""
	}
	return link
}

// setCard gives a post the card of a link, "" for none. The page is read by a
// job, unless it was lately.
func setCard(t *tx, p *Post, link string) error {
	if link == "" {
		_, err := t.exec(`UPDATE post SET card_id = NULL WHERE id = ? AND card_id IS NOT NULL`, p.ID)
		return err
	}
	var id, fetched, retry int64
	err := t.row(`SELECT id, fetched_at, retry_at FROM card WHERE url = ?`, []any{link}, &id, &fetched, &retry)
	if errors.Is(err, ErrNotFound) {
		id = t.db.ids.next()
		_, err = t.exec(`INSERT INTO card (id, url, made_at) VALUES (?, ?, ?)`, id, link, millis(t.now))
	}
	if err != nil {
		return err
	}
	if _, err := t.exec(`UPDATE post SET card_id = ? WHERE id = ?`, id, p.ID); err != nil {
		return err
	}
	if !cardDue(t.now, fetched, retry) {
		return nil
	}
	jitter := cardJitter
	if _, own := t.db.localPostID(p.URI); own {
		jitter = ownCardJitter
	}
	text := strconv.FormatInt(id, 10)
	return addJob(t, NewJob{Kind: JobCard, Key: text, Payload: text, Delay: rand.N(jitter)})
}

func cardDue(now time.Time, fetched, retry int64) bool {
	return fromMillis(retry).Before(now) && (fetched == 0 || fromMillis(fetched).Before(now.Add(-cardFresh)))
}

// CardDue returns the link of a card whose page is to be read now. ErrNotFound
// if the card is gone, was read meanwhile, or cards are off.
func (db *DB) CardDue(ctx context.Context, id int64) (link string, err error) {
	settings, err := db.Settings(ctx)
	if err != nil {
		return "", err
	}
	var fetched, retry int64
	if err := db.row(ctx, `SELECT url, fetched_at, retry_at FROM card WHERE id = ?`, []any{id}, &link, &fetched, &retry); err != nil {
		return "", err
	}
	if !settings.LinkCards || !cardDue(db.now(), fetched, retry) {
		return "", ErrNotFound
	}
	return link, nil
}

// KeepCard stores what the page of a card says. What is too long is cut, and
// what is no web address left out.
func (db *DB) KeepCard(ctx context.Context, c Card) error {
	c.trim()
	return db.write(ctx, "keep card", func(t *tx) error {
		n, err := t.exec(`UPDATE card SET kind = ?, title = ?, description = ?, site = ?, language = ?, author_name = ?, author_url = ?, author_id = NULLIF(?, 0), host = ?,
				image_url = ?, image_alt = ?, image_width = ?, image_height = ?, published_at = ?, fetched_at = ?, failures = 0, retry_at = 0, last_error = '' WHERE id = ?`,
			c.Kind, c.Title, c.Description, c.Site, c.Language, c.AuthorName, c.AuthorURL, c.AuthorID, c.Host,
			c.ImageURL, c.ImageAlt, c.ImageWidth, c.ImageHeight, millis(c.PublishedAt), millis(t.now), c.ID)
		return errors.Join(err, missingIf(n == 0))
	})
}

func (c *Card) trim() {
	c.Title, c.Description = content.CleanLine(c.Title, maxCardTitle), content.CleanLine(c.Description, maxCardDescription)
	c.Site, c.AuthorName = content.CleanLine(c.Site, maxCardName), content.CleanLine(c.AuthorName, maxCardName)
	c.ImageAlt = content.CleanLine(c.ImageAlt, MaxAlt)
	if len(c.Language) > maxCardLanguage {
		c.Language = ""
	}
	if !webLink(c.AuthorURL) {
		c.AuthorURL = ""
	}
	if !webLink(c.ImageURL) {
		c.ImageURL = ""
	}
	if c.PublishedAt.Unix() < 0 {
		c.PublishedAt = time.Time{}
	}
}

// webLink says whether an address from outside may become a link or be fetched.
func webLink(address string) bool {
	u, err := url.Parse(address)
	return err == nil && len(address) <= maxCardURL && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http")
}

// BrokenCard notes that the page of a card can't be read, and when it may be
// asked for again, which then a new post with its link does. What was read of it
// before stays. gone says that asking soon would end the same.
func (db *DB) BrokenCard(ctx context.Context, id int64, reason string, gone bool) error {
	return db.write(ctx, "note broken card", func(t *tx) error {
		var failures int
		if err := t.row(`SELECT failures FROM card WHERE id = ?`, []any{id}, &failures); err != nil {
			return err
		}
		wait := firstCardWait
		if gone {
			wait = goneCardWait
		}
		wait = min(wait<<min(failures, 12), lastCardWait)
		_, err := t.exec(`UPDATE card SET failures = failures + 1, retry_at = ?, last_error = ? WHERE id = ?`, millis(t.now.Add(wait)), cut(reason, maxDeliveryText), id)
		return err
	})
}

// PruneCards removes cards that no post has.
func (db *DB) PruneCards(ctx context.Context) error {
	return db.write(ctx, "prune cards", func(t *tx) error {
		_, err := t.exec(`DELETE FROM card WHERE id IN (SELECT c.id FROM card c WHERE c.made_at < ?1 AND c.fetched_at < ?1
			AND NOT EXISTS (SELECT 1 FROM post p WHERE p.card_id = c.id) LIMIT ?2)`, millis(t.now.Add(-cardLoose)), pruneBatch)
		return err
	})
}

const cardColumns = `id, url, kind, title, description, site, language, author_name, author_url, COALESCE(author_id, 0), host,
	image_url, image_alt, image_width, image_height, published_at`

func scanCard(s scanner) (*Card, error) {
	var c Card
	var published int64
	err := s.Scan(&c.ID, &c.URL, &c.Kind, &c.Title, &c.Description, &c.Site, &c.Language, &c.AuthorName, &c.AuthorURL, &c.AuthorID, &c.Host,
		&c.ImageURL, &c.ImageAlt, &c.ImageWidth, &c.ImageHeight, &published)
	if published != 0 {
		c.PublishedAt = fromMillis(published)
	}
	return &c, translate(err)
}

// fillCards adds the cards of posts: none to a post with files, which are what
// it shows, and none where nothing is known.
func (db *DB) fillCards(ctx context.Context, views map[int64]*PostView, _ Viewer) error {
	var ids []int64
	for _, v := range views {
		if v.kept.cardID != 0 && len(v.Attachments) == 0 {
			ids = append(ids, v.kept.cardID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	settings, err := db.Settings(ctx)
	if err != nil || !settings.LinkCards {
		return err
	}
	cards := make(map[int64]*Card, len(ids))
	authors := map[int64]bool{}
	err = db.rows(ctx, `SELECT `+cardColumns+` FROM card WHERE id IN (SELECT value FROM json_each(?)) AND kind > 0`, []any{idList(ids)}, func(rows *sql.Rows) error {
		c, err := scanCard(rows)
		if err == nil && c.AuthorID != 0 {
			authors[c.AuthorID] = true
		}
		cards[c.ID] = c
		return err
	})
	if err != nil {
		return fmt.Errorf("load cards: %w", err)
	}
	if len(authors) > 0 {
		people, err := db.accountsByID(ctx, authors)
		if err != nil {
			return err
		}
		for _, c := range cards {
			if a := people[c.AuthorID]; a != nil && a.State == AccountActive && !a.Hidden && !a.Suspended && a.Names(c.Host) {
				c.Author = a
			}
		}
	}
	for _, v := range views {
		if len(v.Attachments) == 0 {
			v.Card = cards[v.kept.cardID]
		}
	}
	return nil
}

// receiveCard gives a post from elsewhere its card. The first link of one that
// quotes, or shows files, is often no more than their address.
func (r *RemotePost) receiveCard(t *tx, settings Settings) error {
	link := ""
	if r.Quote.URI == "" && len(r.Attachments) == 0 {
		link = t.db.cardLink(&r.Post, settings)
	}
	return setCard(t, &r.Post, link)
}
