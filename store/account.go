package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"seedling/store/content"
)

// Account is anyone with an inbox, here or elsewhere.
type Account struct {
	ID          int64
	URI         string // ActivityPub id
	Kind        AccountKind
	State       AccountState
	Username    string
	Host        string // "" here
	DisplayName string
	Bio         content.HTML
	BioSource   string         // of a local account: what its owner wrote
	BioFormat   content.Format // of BioSource
	Fields      []Field
	URL         string // the page for people

	Inbox, SharedInbox                                 string
	OutboxURI, FollowersURI, FollowingURI, FeaturedURI string
	FeaturedTagsURI                                    string         // of an account elsewhere
	ModeratorsURI                                      string         // the list of who moderates a community elsewhere
	KeyURI, PublicKey                                  string         // PEM
	NewAssertionKeys                                   []AssertionKey // for SaveRemoteAccount alone; see DB.AssertionKeys

	AvatarURL, HeaderURL string // at its own server; of one here see DB.ServedURL, of one elsewhere never shown directly
	Pictures             AccountPictures
	MovedToURI           string
	AlsoKnownAs          []string
	AttributionDomains   []string // whose pages may name it as their author
	HidesNetwork         bool     // of a member: whom they follow, and who follows them, is not shown
	HidesCounts          bool     // of a member: how many those are is not shown
	HidesPosts           bool     // of a member: visitors get no list of its posts; each has its page all the same

	Locked, Bot, Discoverable, Indexable, Memorial bool
	Suspended                                      bool // by its own server: its posts are not shown
	Hidden                                         bool // its server is not spoken with (see Policy)

	// What this server knows of.
	PostsCount, FollowersCount, FollowingCount int
	// What the account's own server says, for a remote account; -1 if it hides it.
	RemotePosts, RemoteFollowers, RemoteFollowing int

	CreatedAt  time.Time
	FetchedAt  time.Time // its document was read; zero for a local account
	OutboxAt   time.Time // its recent posts were read
	LastPostAt time.Time // of those that everybody may see; zero: none is known

	avatarPath, headerPath keptPath // of an account elsewhere that was in memory
}

// Field is a row of a profile.
type Field struct {
	Name  string       `json:"name"`
	Value content.HTML `json:"-"`
	Text  string       `json:"text,omitempty"` // of a local account: as written

	VerifiedAt time.Time `json:"-"` // since when the page that it links to is known to link back; zero: not known
	LookedAt   time.Time `json:"-"` // of a local account: when that page was looked at; zero: not yet
	Found      FieldLook `json:"-"` // what was seen then
}

// AccountKind is what an account stands for.
type AccountKind int

// The kinds of accounts, as ActivityPub names them.
const (
	Person AccountKind = iota
	Service
	Application
	Group
	Organization
)

// AccountState is whether an account takes part.
type AccountState int

// The states of an account. Nothing of a suspended or deleted one is shown.
const (
	AccountActive AccountState = iota
	AccountSuspended
	AccountDeleted
)

const (
	flagLocked = 1 << iota
	flagBot
	flagDiscoverable
	flagIndexable
	flagMemorial
	flagSuspended // see visible
	flagHidden    // see ApplyPolicy; not of the account's own making
	flagHidesCounts
	flagHidesPosts
)

// Local says whether the account lives here.
func (a *Account) Local() bool { return a.Host == "" }

// Acct is the handle as other pages of this server write it: alice, bob@there.example.
func (a *Account) Acct() string {
	if a.Local() {
		return a.Username
	}
	return a.Username + "@" + a.Host
}

// Name is the display name, or the user name where there is none.
func (a *Account) Name() string {
	if a.DisplayName != "" {
		return a.DisplayName
	}
	return a.Username
}

// Path is the address of the account's page on this server.
func (a *Account) Path() string { return "/@" + a.Acct() }

// DeliverTo is the inbox to send to: the shared one if its server has one.
func (a *Account) DeliverTo() string {
	if a.SharedInbox != "" {
		return a.SharedInbox
	}
	return a.Inbox
}

func (a *Account) flags() int {
	n := 0
	for i, set := range []bool{a.Locked, a.Bot, a.Discoverable, a.Indexable, a.Memorial, a.Suspended} {
		if set {
			n |= 1 << i
		}
	}
	return n
}

const accountColumns = `a.id, a.uri, a.kind, a.state, a.username, a.host, a.display_name, a.bio, a.bio_source, a.bio_format, a.fields, a.url,
	a.inbox, a.shared_inbox, a.outbox_uri, a.followers_uri, a.following_uri, a.featured_uri, a.key_uri, a.public_key,
	a.avatar_url, a.header_url, a.pictures, a.moved_to_uri, a.also_known_as, a.flags,
	a.posts_count, a.followers_count, a.following_count, a.remote_posts, a.remote_followers, a.remote_following,
	a.created_at, a.fetched_at, a.outbox_at, a.last_post_at, a.featured_tags_uri, a.attribution_domains, a.hides_network, a.moderators_uri`

// scanner is a row or the rows of a query.
type scanner interface{ Scan(dest ...any) error }

// scanAccount reads accountColumns, then more.
func scanAccount(s scanner, more ...any) (*Account, error) {
	var a Account
	var fields, aliases, pictures, domains string
	var flags int
	var created, fetched, outbox, wrote int64
	dest := []any{&a.ID, &a.URI, &a.Kind, &a.State, &a.Username, &a.Host, &a.DisplayName, &a.Bio, &a.BioSource, &a.BioFormat, &fields, &a.URL,
		&a.Inbox, &a.SharedInbox, &a.OutboxURI, &a.FollowersURI, &a.FollowingURI, &a.FeaturedURI, &a.KeyURI, &a.PublicKey,
		&a.AvatarURL, &a.HeaderURL, &pictures, &a.MovedToURI, &aliases, &flags,
		&a.PostsCount, &a.FollowersCount, &a.FollowingCount, &a.RemotePosts, &a.RemoteFollowers, &a.RemoteFollowing,
		&created, &fetched, &outbox, &wrote, &a.FeaturedTagsURI, &domains, &a.HidesNetwork, &a.ModeratorsURI}
	if err := s.Scan(append(dest, more...)...); err != nil {
		return nil, translate(err)
	}
	a.Locked, a.Bot, a.Discoverable = flags&flagLocked != 0, flags&flagBot != 0, flags&flagDiscoverable != 0
	a.Indexable, a.Memorial = flags&flagIndexable != 0, flags&flagMemorial != 0
	a.Suspended, a.Hidden = flags&flagSuspended != 0, flags&flagHidden != 0
	a.HidesCounts, a.HidesPosts = flags&flagHidesCounts != 0, flags&flagHidesPosts != 0
	a.CreatedAt, a.FetchedAt, a.OutboxAt, a.LastPostAt = fromMillis(created), fromMillis(fetched), fromMillis(outbox), fromMillis(wrote)
	var err error
	if a.Fields, err = decodeFields(fields); err != nil {
		return nil, fmt.Errorf("fields of account %d: %w", a.ID, err)
	}
	if pictures != "" {
		if err := json.Unmarshal([]byte(pictures), &a.Pictures); err != nil {
			return nil, fmt.Errorf("pictures of account %d: %w", a.ID, err)
		}
	}
	if aliases != "" {
		if err := json.Unmarshal([]byte(aliases), &a.AlsoKnownAs); err != nil {
			return nil, fmt.Errorf("aliases of account %d: %w", a.ID, err)
		}
	}
	if domains != "" {
		if err := json.Unmarshal([]byte(domains), &a.AttributionDomains); err != nil {
			return nil, fmt.Errorf("attribution domains of account %d: %w", a.ID, err)
		}
	}
	return &a, nil
}

// storedField is a Field as JSON in the database.
type storedField struct {
	Name string `json:"n"`
	HTML string `json:"h"`
	Text string `json:"t,omitempty"`

	Verified int64     `json:"v,omitempty"`
	Looked   int64     `json:"l,omitempty"`
	Found    FieldLook `json:"f,omitempty"`
}

func encodeFields(fields []Field) string {
	if len(fields) == 0 {
		return ""
	}
	stored := make([]storedField, len(fields))
	for i, f := range fields {
		stored[i] = storedField{f.Name, f.Value.String(), f.Text, millis(f.VerifiedAt), millis(f.LookedAt), f.Found}
	}
	return encodeJSON(stored)
}

func decodeFields(text string) ([]Field, error) {
	if text == "" {
		return nil, nil
	}
	var stored []storedField
	if err := json.Unmarshal([]byte(text), &stored); err != nil {
		return nil, err
	}
	fields := make([]Field, len(stored))
	for i, f := range stored {
		fields[i] = Field{Name: f.Name, Text: f.Text, VerifiedAt: fromMillis(f.Verified), LookedAt: fromMillis(f.Looked), Found: f.Found}
		if err := fields[i].Value.Scan(f.HTML); err != nil {
			return nil, err
		}
	}
	return fields, nil
}

// encodeJSON encodes values of our own types, which can't fail; an empty list or map is "".
func encodeJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("store: encode %T: %v", v, err))
	}
	if s := string(b); s != "null" && s != "[]" && s != "{}" {
		return s
	}
	return ""
}

func (db *DB) account(ctx context.Context, where string, args ...any) (*Account, error) {
	s, err := db.stmt(ctx, `SELECT `+accountColumns+` FROM account a WHERE `+where)
	if err != nil {
		return nil, err
	}
	return scanAccount(s.QueryRowContext(ctx, args...))
}

// Account returns an account by its id, also one that is suspended or deleted.
func (db *DB) Account(ctx context.Context, id int64) (*Account, error) {
	return db.account(ctx, `a.id = ?`, id)
}

// AccountByURI returns an account by its ActivityPub id.
func (db *DB) AccountByURI(ctx context.Context, uri string) (*Account, error) {
	return db.account(ctx, `a.uri = ?`, uri)
}

// AccountByKey returns the account that a key belongs to, of either kind.
func (db *DB) AccountByKey(ctx context.Context, keyURI string) (*Account, error) {
	if keyURI == "" {
		return nil, ErrNotFound
	}
	a, err := db.account(ctx, `a.key_uri = ? AND a.key_uri <> ''`, keyURI)
	if errors.Is(err, ErrNotFound) {
		return db.account(ctx, `a.id = (SELECT account_id FROM assertion_key WHERE uri = ?)`, keyURI)
	}
	return a, err
}

// AccountByHandle returns an account by user name and host ("" or our own
// account domain: here). When a name was given to a new actor, the newest has it.
func (db *DB) AccountByHandle(ctx context.Context, h content.Handle) (*Account, error) {
	host := db.storedHost(h)
	if host == "" {
		return db.account(ctx, `a.username = ? COLLATE NOCASE AND a.host = ''`, h.Username)
	}
	a, err := db.account(ctx, `a.username = ? COLLATE NOCASE AND a.host = ? ORDER BY a.state, a.id DESC LIMIT 1`, h.Username, host)
	if errors.Is(err, ErrNotFound) {
		return db.accountByFormerHandle(ctx, h)
	}
	return a, err
}

// storedHost is the host of a handle as accounts have it: "" for our own names.
func (db *DB) storedHost(h content.Handle) string {
	if h.Host == db.accountDomain || h.Host == db.host {
		return ""
	}
	return h.Host
}

// AccountsByHandle returns the accounts among handles that are known, by the
// handle, each as AccountByHandle finds it.
func (db *DB) AccountsByHandle(ctx context.Context, handles []content.Handle) (map[content.Handle]*Account, error) {
	found := make(map[content.Handle]*Account, len(handles))
	if len(handles) == 0 {
		return found, nil
	}
	pairs := make([][2]string, len(handles))
	for i, h := range handles {
		pairs[i] = [2]string{h.Username, db.storedHost(h)}
	}
	err := db.rows(ctx, `SELECT `+accountColumns+`, h.key FROM json_each(?) h JOIN account a ON a.id = COALESCE(
			(SELECT id FROM account WHERE username = h.value ->> 0 COLLATE NOCASE AND host = h.value ->> 1 ORDER BY state, id DESC LIMIT 1),
			(SELECT account_id FROM former_handle WHERE host = h.value ->> 1 AND username = h.value ->> 0))`,
		[]any{encodeJSON(pairs)}, func(rows *sql.Rows) error {
			var i int
			a, err := scanAccount(rows, &i)
			if err == nil {
				found[handles[i]] = a
			}
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("load accounts by handle: %w", err)
	}
	return found, nil
}

// Handle is @user@host for people on other servers.
func (db *DB) Handle(a *Account) content.Handle {
	host := a.Host
	if host == "" {
		host = db.accountDomain
	}
	return content.Handle{Username: a.Username, Host: host}
}

// AccountsByURI returns the accounts among uris that are known, by URI.
func (db *DB) AccountsByURI(ctx context.Context, uris []string) (map[string]*Account, error) {
	found := make(map[string]*Account, len(uris))
	if len(uris) == 0 {
		return found, nil
	}
	err := db.rows(ctx, `SELECT `+accountColumns+` FROM account a WHERE a.uri IN (SELECT value FROM json_each(?))`,
		[]any{encodeJSON(uris)}, func(rows *sql.Rows) error {
			a, err := scanAccount(rows)
			if err == nil {
				found[a.URI] = a
			}
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("load accounts by URI: %w", err)
	}
	return found, nil
}

// idSet writes ids as a JSON array for json_each.
func idSet(ids map[int64]bool) string {
	list := make([]int64, 0, len(ids))
	for id := range ids {
		list = append(list, id)
	}
	return idList(list)
}

func idList(ids []int64) string {
	var b strings.Builder
	b.WriteByte('[')
	for i, id := range ids {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.FormatInt(id, 10))
	}
	b.WriteByte(']')
	return b.String()
}

// localURIs fills in the addresses of a local account.
func (db *DB) localURIs(a *Account) {
	a.URI = db.base + "/ap/actors/" + strconv.FormatInt(a.ID, 10)
	a.URL = db.base + "/@" + a.Username
	a.Inbox = a.URI + "/inbox"
	a.SharedInbox = db.base + "/ap/inbox"
	a.OutboxURI = a.URI + "/outbox"
	a.FollowersURI = a.URI + "/followers"
	a.FollowingURI = a.URI + "/following"
	a.FeaturedURI = a.URI + "/featured"
	a.KeyURI = a.URI + "#main-key"
}

// insertAccount stores a with everything that its columns hold.
func insertAccount(t *tx, a *Account) error {
	_, err := t.exec(`INSERT INTO account (id, uri, kind, state, username, host, display_name, bio, bio_source, fields, url,
			inbox, shared_inbox, outbox_uri, followers_uri, following_uri, featured_uri, key_uri, public_key,
			avatar_url, header_url, moved_to_uri, also_known_as, flags, remote_posts, remote_followers, remote_following,
			created_at, fetched_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		a.ID, a.URI, a.Kind, a.State, a.Username, a.Host, a.DisplayName, a.Bio, a.BioSource, encodeFields(a.Fields), a.URL,
		a.Inbox, a.SharedInbox, a.OutboxURI, a.FollowersURI, a.FollowingURI, a.FeaturedURI, a.KeyURI, a.PublicKey,
		a.AvatarURL, a.HeaderURL, a.MovedToURI, encodeJSON(a.AlsoKnownAs), a.flags(),
		a.RemotePosts, a.RemoteFollowers, a.RemoteFollowing, millis(a.CreatedAt), millis(a.FetchedAt))
	return err
}

// insertLocalAccount stores a new account of this server with its key.
func insertLocalAccount(t *tx, a *Account, keys keyPair) error {
	a.ID = t.db.ids.next()
	t.db.localURIs(a)
	a.PublicKey = keys.public
	a.CreatedAt = t.now
	if err := insertAccount(t, a); err != nil {
		return err
	}
	if _, err := t.exec(`INSERT INTO private_key (account_id, pem) VALUES (?, ?)`, a.ID, keys.private); err != nil {
		return err
	}
	return insertAssertionKey(t, a.ID, a.URI, keys.seed)
}

// insertInstanceActor makes the account that signs for the server itself.
func insertInstanceActor(t *tx, keys keyPair) error {
	a := &Account{Kind: Application, Username: instanceName, Bot: true, Locked: true, DisplayName: "Seedling"}
	if err := insertLocalAccount(t, a, keys); err != nil {
		return err
	}
	return putSetting(t, keyInstanceActor, strconv.FormatInt(a.ID, 10))
}

// instanceName is the user name of the instance actor. It holds a dot, so no
// member can have it.
const (
	instanceName     = "instance.actor"
	keyInstanceActor = "founded.actor"
)

// InstanceActor returns the account that signs for the server itself.
func (db *DB) InstanceActor(ctx context.Context) (*Account, error) {
	return db.account(ctx, `a.id = (SELECT CAST(value AS INTEGER) FROM setting WHERE key = ?)`, keyInstanceActor)
}
