package store

import (
	"context"
	"crypto/rsa"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"seedling/store/content"
)

// User is the log-in of a local account.
type User struct {
	Account           *Account
	Email             string
	Role              Role
	State             UserState
	Reason            string // why they want to join
	Preferences       Preferences
	NotificationsRead int64 // the newest notification that was seen
	CreatedAt         time.Time
}

// Role is what a member may do.
type Role int

// The roles, each with what the ones before it may.
const (
	Member Role = iota
	Moderator
	Admin
	Owner
)

// String returns the role as the command line writes it.
func (r Role) String() string {
	if r < Member || r > Owner {
		return fmt.Sprintf("role %d", int(r))
	}
	return [...]string{"member", "moderator", "admin", "owner"}[r]
}

// ParseRole reads a role as the command line writes it.
func ParseRole(s string) (Role, error) {
	for r := Member; r <= Owner; r++ {
		if s == r.String() {
			return r, nil
		}
	}
	return 0, fmt.Errorf("unknown role %q; the roles are member, moderator, admin and owner", s)
}

// UserState is whether a user may log in.
type UserState int

// The states of a user.
const (
	UserActive   UserState = iota
	UserPending            // asked to join, and nobody has decided
	UserDisabled           // may not log in; what they wrote stays
)

// Preferences are a member's own choices.
type Preferences struct {
	Theme      string         `json:"theme,omitempty"`     // "", light, dark
	TextSize   string         `json:"text_size,omitempty"` // "", s, l, xl
	Still      bool           `json:"still,omitempty"`     // pictures and emoji do not move
	Accent     string         `json:"accent,omitempty"`    // "", blue, violet, rose, rust, teal
	Density    string         `json:"density,omitempty"`   // "", compact
	Lines      string         `json:"lines,omitempty"`     // "", short
	Avatars    string         `json:"avatars,omitempty"`   // "", round
	Media      string         `json:"media,omitempty"`     // "", show, hide
	Underline  bool           `json:"underline,omitempty"` // links
	LessMotion bool           `json:"less_motion,omitempty"`
	Contrast   bool           `json:"contrast,omitempty"` // more of it
	NoCounts   bool           `json:"no_counts,omitempty"`
	OpenCW     bool           `json:"open_cw,omitempty"` // warnings are shown opened
	NoKeys     bool           `json:"no_keys,omitempty"` // keyboard shortcuts of the pages are off
	Visibility Visibility     `json:"visibility,omitempty"`
	Format     content.Format `json:"format,omitempty"`
	Language   string         `json:"language,omitempty"` // of new posts, BCP 47
	Warning    string         `json:"warning,omitempty"`  // that new posts begin with
	Sensitive  bool           `json:"sensitive,omitempty"`
	AskBoost   bool           `json:"ask_boost,omitempty"` // before a post is boosted
	ShowApp    bool           `json:"show_app,omitempty"`  // others are told with which app a post was written
	Alt        AltRule        `json:"alt,omitempty"`       // what becomes of pictures without a description

	Policy InteractionPolicy `json:"policy,omitempty"` // that new posts begin with

	Omits      Omits `json:"omits,omitzero"`        // from timelines
	FoldBoosts bool  `json:"fold_boosts,omitempty"` // boosts in a row are one line of home that opens

	NoLinkCards bool   `json:"no_link_cards,omitempty"` // posts show nothing of the pages they link to
	HiddenNotes string `json:"hidden_notes,omitempty"`  // kinds that the list of notifications leaves out, with commas

	Locale       string `json:"locale,omitempty"` // of the pages, BCP 47; "": as the browser asks
	Zone         string `json:"zone,omitempty"`   // of times, an IANA name; "": UTC
	HalfDayClock bool   `json:"half_day_clock,omitempty"`
}

// ErrZone says that a time zone is not one of the IANA database.
var ErrZone = errors.New("unknown time zone")

// maxZoneName bounds the bytes of a zone's name; the longest has 32.
const maxZoneName = 40

// ParseZone finds a time zone by its IANA name; an empty name is UTC. The
// machine's own zone is nothing that a member can mean.
func ParseZone(name string) (*time.Location, error) {
	if name == "Local" || len(name) > maxZoneName {
		return nil, ErrZone
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, ErrZone
	}
	return zone, nil
}

const userColumns = `u.email, u.role, u.state, u.reason, u.preferences, u.notifications_read, u.created_at`

// scanUser reads accountColumns and userColumns, then more.
func scanUser(s scanner, more ...any) (*User, error) {
	var u User
	var err error
	r := userRow{user: &u}
	if u.Account, err = scanAccount(s, append(r.dest(), more...)...); err != nil {
		return nil, err
	}
	return &u, r.finish()
}

// userRow is where userColumns are read to.
type userRow struct {
	user        *User
	preferences string
	created     int64
}

func (r *userRow) dest() []any {
	u := r.user
	return []any{&u.Email, &u.Role, &u.State, &u.Reason, &r.preferences, &u.NotificationsRead, &r.created}
}

func (r *userRow) finish() error {
	r.user.CreatedAt = fromMillis(r.created)
	if r.preferences == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(r.preferences), &r.user.Preferences); err != nil {
		return fmt.Errorf("preferences of account %d: %w", r.user.Account.ID, err)
	}
	return nil
}

// userFrom reads one user, whose account is mostly in memory: select says what
// else to read, from is what follows FROM with user u and account a.
func (db *DB) userFrom(ctx context.Context, more string, dest []any, from string, args ...any) (*User, error) {
	ctx, err := brief(ctx)
	if err != nil {
		return nil, err
	}
	var u User
	var id, version int64
	r := userRow{user: &u}
	row := append([]any{&id, &version}, r.dest()...)
	err = db.row(ctx, `SELECT a.id, a.version, `+userColumns+more+` FROM `+from, args, append(row, dest...)...)
	if err != nil {
		return nil, err
	}
	if u.Account, err = db.accountIn(ctx, id, version); err != nil {
		return nil, err
	}
	return &u, r.finish()
}

func (db *DB) user(ctx context.Context, where string, args ...any) (*User, error) {
	return db.userFrom(ctx, "", nil, `user u JOIN account a ON a.id = u.account_id WHERE `+where, args...)
}

// User returns the user of a local account.
func (db *DB) User(ctx context.Context, accountID int64) (*User, error) {
	return db.user(ctx, `u.account_id = ?`, accountID)
}

// UserByName returns a user by name.
func (db *DB) UserByName(ctx context.Context, name string) (*User, error) {
	return db.user(ctx, `a.username = ? COLLATE NOCASE AND a.host = ''`, strings.TrimPrefix(name, "@"))
}

func (db *DB) users(ctx context.Context, where string, args ...any) ([]*User, error) {
	var list []*User
	err := db.rows(ctx, `SELECT `+accountColumns+`, `+userColumns+` FROM user u JOIN account a ON a.id = u.account_id WHERE `+where,
		args, func(rows *sql.Rows) error {
			u, err := scanUser(rows)
			list = append(list, u)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("list users: %w", err)
	}
	return list, nil
}

// UsersByID returns the users among accounts, by account.
func (db *DB) UsersByID(ctx context.Context, accountIDs []int64) (map[int64]*User, error) {
	list, err := db.users(ctx, `u.account_id IN (SELECT value FROM json_each(?))`, idList(accountIDs))
	found := make(map[int64]*User, len(list))
	for _, u := range list {
		found[u.Account.ID] = u
	}
	return found, err
}

// Users lists all users that are not deleted, by name.
func (db *DB) Users(ctx context.Context) ([]*User, error) {
	return db.users(ctx, `a.state <> 2 ORDER BY a.username`)
}

// Staff lists the owners, admins and moderators, highest first.
func (db *DB) Staff(ctx context.Context) ([]*User, error) {
	return db.users(ctx, `u.role > 0 AND u.state = 0 AND a.state = 0 ORDER BY u.role DESC, a.username`)
}

// PendingUsers lists who waits to be let in, longest first.
func (db *DB) PendingUsers(ctx context.Context) ([]*User, error) {
	return db.users(ctx, `u.state = 1 AND a.state = 0 ORDER BY u.account_id`)
}

// CountPending counts who waits to be let in.
func (db *DB) CountPending(ctx context.Context) (int, error) {
	var n int
	err := db.row(ctx, `SELECT COUNT(*) FROM user u JOIN account a ON a.id = u.account_id WHERE u.state = 1 AND a.state = 0`, nil, &n)
	return n, err
}

// HasOwner says whether an owner exists; before that the set-up page is open to
// whoever has its link.
func (db *DB) HasOwner(ctx context.Context) (bool, error) {
	var n int
	err := db.row(ctx, `SELECT COUNT(*) FROM user WHERE role = ?`, []any{Owner}, &n)
	return n > 0, err
}

func staffNames(t *tx) ([]string, error) {
	var names []string
	err := t.rows(`SELECT a.username FROM user u JOIN account a ON a.id = u.account_id WHERE u.role > 0`, nil, func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		names = append(names, name)
		return err
	})
	return names, err
}

// NewUser is what is needed to make a user.
type NewUser struct {
	Name     string
	Email    string // may be empty
	Password string
	Role     Role
	Quiet    bool // not in the directory, not in search engines

	// What takes a while to make, of somebody who brings it along.
	PasswordHash string          // in place of a password: see [HashPassword]
	Key          *rsa.PrivateKey // nil makes one
}

// CreateUser makes an account that may log in at once, by command line or
// set-up. It returns *NameError, *PasswordError, *EmailError or ErrConflict
// (the mail address is taken).
func (db *DB) CreateUser(ctx context.Context, n NewUser) (*User, error) {
	return db.createUser(ctx, n, UserActive, nil)
}

// EmailError says that a mail address can't be one.
type EmailError struct{ Email string }

func (e *EmailError) Error() string { return fmt.Sprintf("%q is not a mail address", e.Email) }

func checkEmail(email string) error {
	if email == "" {
		return nil
	}
	a, err := mail.ParseAddress(email)
	if err != nil || a.Address != email || len(email) > 254 {
		return &EmailError{email}
	}
	return nil
}

// SetEmail changes a member's mail address, which they can log in with; "" removes
// it. *EmailError, or ErrConflict if somebody else has it.
func (db *DB) SetEmail(ctx context.Context, accountID int64, email string) error {
	email = strings.TrimSpace(email)
	if err := checkEmail(email); err != nil {
		return err
	}
	return db.write(ctx, "set e-mail", func(t *tx) error {
		n, err := t.exec(`UPDATE user SET email = ? WHERE account_id = ?`, email, accountID)
		return errors.Join(err, missingIf(err == nil && n == 0))
	})
}

// createUser checks n, hashes and makes keys, and then writes; more is run in
// the same transaction before anything is inserted.
func (db *DB) createUser(ctx context.Context, n NewUser, state UserState, more func(t *tx, u *newUserRow) error) (*User, error) {
	name, err := CleanName(n.Name)
	if err != nil {
		return nil, err
	}
	if err := checkEmail(n.Email); err != nil {
		return nil, err
	}
	row := newUserRow{email: n.Email, password: n.PasswordHash, role: n.Role, state: state}
	if row.password == "" {
		if err := checkPassword(n.Password, name); err != nil {
			return nil, err
		}
		row.password = HashPassword(n.Password)
	}
	keys, err := newKeyPair(n.Key)
	if err != nil {
		return nil, err
	}
	account := &Account{Username: name, Discoverable: !n.Quiet, Indexable: !n.Quiet}
	err = db.write(ctx, "create user", func(t *tx) error {
		if err := checkNameFree(t, name); err != nil {
			return err
		}
		if more != nil {
			if err := more(t, &row); err != nil {
				return err
			}
		}
		if err := insertLocalAccount(t, account, keys); err != nil {
			return err
		}
		return insertUser(t, account.ID, row)
	})
	if err != nil {
		return nil, err
	}
	return db.User(ctx, account.ID)
}

type newUserRow struct {
	email, password, reason string
	role                    Role
	state                   UserState
	waitingKey              []byte
	inviteID                int64
}

func insertUser(t *tx, accountID int64, u newUserRow) error {
	_, err := t.exec(`INSERT INTO user (account_id, email, password, role, state, reason, waiting_key, invite_id, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		accountID, u.email, u.password, u.role, u.state, u.reason, u.waitingKey, u.inviteID, millis(t.now))
	return err
}

// SetUp makes the first owner and names the instance. It returns ErrConflict if
// an owner exists.
func (db *DB) SetUp(ctx context.Context, n NewUser, settings map[string]string) (*User, error) {
	check := defaultSettings()
	for key, value := range settings {
		if err := check.set(key, value); err != nil {
			return nil, err
		}
	}
	n.Role = Owner
	return db.createUser(ctx, n, UserActive, func(t *tx, _ *newUserRow) error {
		if has, err := t.exists(`SELECT 1 FROM user WHERE role = ?`, Owner); err != nil || has {
			return errors.Join(err, conflictIf(has))
		}
		for key := range settings {
			text, _ := check.text(key)
			if err := putSetting(t, key, text); err != nil {
				return err
			}
		}
		t.onCommit(db.forgetSettings)
		return nil
	})
}

func conflictIf(b bool) error {
	if b {
		return ErrConflict
	}
	return nil
}

// CheckPassword returns the user that a name or mail address and a password
// belong to, or ErrNotFound for any wrong pair, after the same time.
func (db *DB) CheckPassword(ctx context.Context, nameOrEmail, password string) (*User, error) {
	nameOrEmail = strings.TrimSpace(nameOrEmail)
	var id int64
	var hash string
	err := db.row(ctx, `SELECT u.account_id, u.password FROM user u JOIN account a ON a.id = u.account_id
		WHERE (a.username = ?1 COLLATE NOCASE AND a.host = '' OR u.email = ?2 COLLATE NOCASE AND u.email <> '') AND a.state <> 2`,
		[]any{strings.TrimPrefix(nameOrEmail, "@"), nameOrEmail}, &id, &hash)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, fmt.Errorf("look up user: %w", err)
	}
	if !passwordMatches(hash, password) {
		return nil, ErrNotFound
	}
	return db.User(ctx, id)
}

// SetPassword changes a password and ends all sessions but keep (0: all) and all tokens.
func (db *DB) SetPassword(ctx context.Context, accountID int64, password string, keepSession int64) error {
	u, err := db.User(ctx, accountID)
	if err != nil {
		return err
	}
	if err := checkPassword(password, u.Account.Username); err != nil {
		return err
	}
	hash := HashPassword(password)
	return db.write(ctx, "set password", func(t *tx) error {
		if _, err := t.exec(`UPDATE user SET password = ? WHERE account_id = ?`, hash, accountID); err != nil {
			return err
		}
		return endAccess(t, accountID, keepSession)
	})
}

// endAccess ends all sessions and tokens of an account but one session, and the
// link for a new password.
func endAccess(t *tx, accountID, keepSession int64) error {
	t.publish(News{Kind: NewsAccess, AccountID: accountID})
	if _, err := t.exec(`DELETE FROM session WHERE account_id = ? AND id <> ?`, accountID, keepSession); err != nil {
		return err
	}
	if _, err := t.exec(`DELETE FROM ceremony WHERE account_id = ?`, accountID); err != nil {
		return err
	}
	if _, err := t.exec(`DELETE FROM password_link WHERE account_id = ?`, accountID); err != nil {
		return err
	}
	_, err := t.exec(`DELETE FROM token WHERE account_id = ?`, accountID)
	return err
}

func missingIf(b bool) error {
	if b {
		return ErrNotFound
	}
	return nil
}

// SetPreferences stores a member's choices. *InputError if there is no such AltRule.
func (db *DB) SetPreferences(ctx context.Context, accountID int64, p Preferences) error {
	switch p.Alt {
	case AltUsual, AltRemind, AltRequire, AltOff:
	default:
		return &InputError{Field: "alt", Problem: InputRefused}
	}
	return db.write(ctx, "set preferences", func(t *tx) error {
		n, err := t.exec(`UPDATE user SET preferences = ? WHERE account_id = ?`, encodeJSON(p), accountID)
		return errors.Join(err, missingIf(n == 0))
	})
}
