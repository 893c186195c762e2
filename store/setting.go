package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"seedling/store/media"
)

// Settings are what the admins decide, typed. Each has a key on the command line.
type Settings struct {
	Name            string // of the instance
	Description     string // plain text, a paragraph or two
	Rules           []string
	Registrations   Registrations
	ClosedMessage   string       // shown on the sign-up page while it is closed
	PostLimit       int          // characters, as people count them
	PictureLimit    int          // megabytes of a picture that a member hands in
	PictureSize     int          // megapixels of such a picture
	StreamLimit     int          // megabytes of sound and video
	PostMedia       int          // files of one post
	AltReminder     bool         // who posts a picture without a description is asked once
	LinkCards       bool         // posts show what the page they link to says of itself
	MediaStorage    MediaStorage // where files are kept: see MoveMedia, which changes it
	Bucket          string       // see media.OpenBucket; "": none
	MediaCache      int          // gigabytes that files from elsewhere may take here
	BackupsKept     int          // copies of the database in the data folder
	PublicTimelines bool         // visitors may read the local and federated timelines
	EmojiKB         int          // what the picture of a custom emoji may have
	AuthorizedFetch bool         // other servers must say who reads, in every request for a document

	// What visitors may read beside PublicTimelines, and what else is said of
	// this server.
	PublicExplore  bool   // the directory, tags and posts that are talked about
	PublicProfiles bool   // lists of a member's posts
	PublicSearch   bool   // what members wrote
	ShowBlocks     ShowTo // which servers are blocked
	ContactEmail   string
	ContactAccount string // name of a member; "": the first owner

	Federation                 Federation // see Policy
	AllowedHosts, BlockedHosts HostList

	BubbleHosts HostList // the servers of the bubble timeline, beside this one; none: there is no such timeline
}

// SearchForVisitors says whether visitors may search. Who closed the timelines
// does not want their posts to be found this way.
func (s Settings) SearchForVisitors() bool { return s.PublicSearch && s.PublicTimelines }

// PopularForVisitors says whether visitors may read the posts that are talked about.
func (s Settings) PopularForVisitors() bool { return s.PublicExplore && s.PublicTimelines }

// Registrations is who may sign up.
type Registrations string

// ShowTo is who is shown something.
type ShowTo string

// Who may be shown something.
const (
	ShowNobody  ShowTo = "none"
	ShowMembers ShowTo = "members"
	ShowAll     ShowTo = "all"
)

// The four modes of signing up.
const (
	RegistrationsOpen     Registrations = "open"
	RegistrationsApproval Registrations = "approval"
	RegistrationsInvite   Registrations = "invite"
	RegistrationsClosed   Registrations = "closed"
)

func defaultSettings() Settings {
	return Settings{Name: "Seedling", Registrations: RegistrationsApproval, PostLimit: 5000, PublicTimelines: true, EmojiKB: 256, Federation: FederationOpen,
		PictureLimit: 16, PictureSize: mostMegapixels, StreamLimit: 100, PostMedia: 8, AltReminder: true, LinkCards: true, MediaCache: 10, MediaStorage: OnDisk, BackupsKept: 3,
		PublicExplore: true, PublicProfiles: true, PublicSearch: true, ShowBlocks: ShowMembers}
}

// settingKeys are the settings in the order in which they are listed.
var settingKeys = []string{"name", "description", "rules", "registrations", "closed_message", "post_limit", "public_timelines", "authorized_fetch", "emoji_kb",
	"picture_limit", "picture_megapixels", "media_limit", "post_media", "alt_reminder", "link_cards", "media_cache", "media_storage", "media_bucket", "backups_kept",
	"public_explore", "public_profiles", "public_search", "show_blocks", "contact_email", "contact_account",
	"federation", "allowed_hosts", "blocked_hosts", "bubble_hosts"}

// SettingKeys lists the keys of Setting and SetSetting.
func SettingKeys() []string { return slices.Clone(settingKeys) }

// text returns the setting as the command line shows it.
func (s *Settings) text(key string) (string, error) {
	switch key {
	case "name":
		return s.Name, nil
	case "description":
		return s.Description, nil
	case "rules":
		return strings.Join(s.Rules, "\n"), nil
	case "registrations":
		return string(s.Registrations), nil
	case "closed_message":
		return s.ClosedMessage, nil
	case "post_limit":
		return strconv.Itoa(s.PostLimit), nil
	case "picture_limit", "picture_megapixels", "media_limit", "post_media", "media_cache", "backups_kept":
		return strconv.Itoa(*s.number(key)), nil
	case "alt_reminder":
		return strconv.FormatBool(s.AltReminder), nil
	case "link_cards":
		return strconv.FormatBool(s.LinkCards), nil
	case "media_storage":
		return string(s.MediaStorage), nil
	case "media_bucket":
		return s.Bucket, nil
	case "public_timelines":
		return strconv.FormatBool(s.PublicTimelines), nil
	case "public_explore", "public_profiles", "public_search":
		return strconv.FormatBool(*s.open(key)), nil
	case "show_blocks":
		return string(s.ShowBlocks), nil
	case "contact_email":
		return s.ContactEmail, nil
	case "contact_account":
		return s.ContactAccount, nil
	case "emoji_kb":
		return strconv.Itoa(s.EmojiKB), nil
	case "authorized_fetch":
		return strconv.FormatBool(s.AuthorizedFetch), nil
	case "federation":
		return string(s.Federation), nil
	case "allowed_hosts":
		return strings.Join(s.AllowedHosts, "\n"), nil
	case "blocked_hosts":
		return strings.Join(s.BlockedHosts, "\n"), nil
	case "bubble_hosts":
		return strings.Join(s.BubbleHosts, "\n"), nil
	}
	return "", &SettingError{Key: key, Problem: "unknown; the keys are " + strings.Join(settingKeys, ", ")}
}

// SettingError says what is wrong with a setting.
type SettingError struct {
	Key, Problem string
	Line         string // of a list: the wrong one, where it is about a line
	Own          bool   // of blocked_hosts: this server is among them
}

func (e *SettingError) Error() string { return fmt.Sprintf("setting %s: %s", e.Key, e.Problem) }

// set reads a value as text, or says why it can't be.
func (s *Settings) set(key, value string) error {
	value = strings.TrimSpace(value)
	switch key {
	case "name":
		if value == "" || len(value) > maxInstanceName {
			return &SettingError{Key: key, Problem: fmt.Sprintf("must have 1 to %d bytes", maxInstanceName)}
		}
		s.Name = value
	case "description":
		if len(value) > maxDescription {
			return &SettingError{Key: key, Problem: fmt.Sprintf("must have at most %d bytes", maxDescription)}
		}
		s.Description = value
	case "rules":
		s.Rules = nonEmptyLines(value)
	case "registrations":
		switch r := Registrations(value); r {
		case RegistrationsOpen, RegistrationsApproval, RegistrationsInvite, RegistrationsClosed:
			s.Registrations = r
		default:
			return &SettingError{Key: key, Problem: "must be open, approval, invite or closed"}
		}
	case "closed_message":
		s.ClosedMessage = value
	case "post_limit":
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 || n > maxPostLimit {
			return &SettingError{Key: key, Problem: fmt.Sprintf("must be a number from 1 to %d", maxPostLimit)}
		}
		s.PostLimit = n
	case "picture_limit", "picture_megapixels", "media_limit", "post_media", "media_cache", "backups_kept":
		n, err := strconv.Atoi(value)
		if most := mediaMost[key]; err != nil || n < 1 || n > most {
			return &SettingError{Key: key, Problem: fmt.Sprintf("must be a number from 1 to %d", most)}
		}
		*s.number(key) = n
	case "alt_reminder":
		b, err := strconv.ParseBool(value)
		if err != nil {
			return &SettingError{Key: key, Problem: "must be true or false"}
		}
		s.AltReminder = b
	case "link_cards":
		b, err := strconv.ParseBool(value)
		if err != nil {
			return &SettingError{Key: key, Problem: "must be true or false"}
		}
		s.LinkCards = b
	case "media_storage", "media_bucket":
		return s.setStorage(key, value)
	case "public_timelines":
		b, err := strconv.ParseBool(value)
		if err != nil {
			return &SettingError{Key: key, Problem: "must be true or false"}
		}
		s.PublicTimelines = b
	case "public_explore", "public_profiles", "public_search":
		b, err := strconv.ParseBool(value)
		if err != nil {
			return &SettingError{Key: key, Problem: "must be true or false"}
		}
		*s.open(key) = b
	case "show_blocks", "contact_email", "contact_account":
		return s.setSaid(key, value)
	case "emoji_kb":
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 || n > maxEmojiKB {
			return &SettingError{Key: key, Problem: fmt.Sprintf("must be a number from 1 to %d", maxEmojiKB)}
		}
		s.EmojiKB = n
	case "authorized_fetch":
		b, err := strconv.ParseBool(value)
		if err != nil {
			return &SettingError{Key: key, Problem: "must be true or false"}
		}
		s.AuthorizedFetch = b
	case "federation":
		switch f := Federation(value); f {
		case FederationOpen, FederationAllowlist, FederationOff:
			s.Federation = f
		default:
			return &SettingError{Key: key, Problem: "must be open, allowlist or off"}
		}
	case "allowed_hosts", "blocked_hosts", "bubble_hosts":
		return s.setHosts(key, value)
	default:
		_, err := s.text(key)
		return err
	}
	return nil
}

// setHosts reads a setting that lists servers.
func (s *Settings) setHosts(key, value string) error {
	list, wrong := parseHostList(value)
	if wrong == nil && key == "bubble_hosts" {
		wrong = checkBubble(list)
	}
	if wrong != nil {
		wrong.Key = key
		return wrong
	}
	switch key {
	case "allowed_hosts":
		s.AllowedHosts = list
	case "blocked_hosts":
		s.BlockedHosts = list
	case "bubble_hosts":
		s.BubbleHosts = list
	}
	return nil
}

// open is the field of a setting about what visitors may read.
func (s *Settings) open(key string) *bool {
	switch key {
	case "public_explore":
		return &s.PublicExplore
	case "public_profiles":
		return &s.PublicProfiles
	}
	return &s.PublicSearch
}

// setSaid reads a setting about what is said of this server.
func (s *Settings) setSaid(key, value string) error {
	switch key {
	case "show_blocks":
		switch to := ShowTo(value); to {
		case ShowNobody, ShowMembers, ShowAll:
			s.ShowBlocks = to
		default:
			return &SettingError{Key: key, Problem: "must be none, members or all"}
		}
	case "contact_email":
		if len(value) > maxContact || checkEmail(value) != nil {
			return &SettingError{Key: key, Problem: "must be a mail address"}
		}
		s.ContactEmail = value
	case "contact_account":
		value = strings.TrimPrefix(value, "@")
		if len(value) > maxUsername {
			return &SettingError{Key: key, Problem: "must be the name of a member"}
		}
		s.ContactAccount = value
	}
	return nil
}

// mostMegapixels is what can be decoded in the memory that there is for pictures.
const mostMegapixels = media.MaxPixels / 1_000_000

// mediaMost is the most that an admin may allow, by key: megabytes, megapixels,
// files of a post, gigabytes.
var mediaMost = map[string]int{"picture_limit": 64, "picture_megapixels": mostMegapixels, "media_limit": 4000, "post_media": 32, "media_cache": 100_000, "backups_kept": 100}

// MostOf is the most that an admin may set a number about files or backups to, by its key;
// 0 for other keys.
func MostOf(key string) int {
	if key == "emoji_kb" {
		return maxEmojiKB
	}
	return mediaMost[key]
}

// MostHosts is how many lines a setting that lists servers may have.
func MostHosts(key string) int {
	if key == "bubble_hosts" {
		return maxBubbleHosts
	}
	return maxHostList
}

// number is the field of a setting that is a number, about files or backups.
func (s *Settings) number(key string) *int {
	switch key {
	case "picture_limit":
		return &s.PictureLimit
	case "picture_megapixels":
		return &s.PictureSize
	case "media_limit":
		return &s.StreamLimit
	case "post_media":
		return &s.PostMedia
	case "backups_kept":
		return &s.BackupsKept
	}
	return &s.MediaCache
}

func nonEmptyLines(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// settingsCache keeps the settings for a moment: the command line may change
// them in another process.
type settingsCache struct {
	mu      sync.Mutex
	value   Settings
	readAt  time.Time
	invalid bool
}

const settingsAge = time.Second

// Settings returns the settings, at most a second old.
func (db *DB) Settings(ctx context.Context) (Settings, error) {
	c := &db.settings
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.invalid && !c.readAt.IsZero() && db.now().Sub(c.readAt).Abs() < settingsAge {
		return c.value, nil
	}
	s := defaultSettings()
	err := db.rows(ctx, `SELECT key, value FROM setting`, nil, func(rows *sql.Rows) error {
		var key, value string
		if err := rows.Scan(&key, &value); err != nil {
			return err
		}
		if !slices.Contains(settingKeys, key) {
			return nil
		}
		return s.set(key, value)
	})
	if err != nil {
		return Settings{}, fmt.Errorf("read settings: %w", err)
	}
	c.value, c.readAt, c.invalid = s, db.now(), false
	return s, nil
}

// Setting returns one setting as text, without the secret that may be in it.
func (db *DB) Setting(ctx context.Context, key string) (string, error) {
	s, err := db.Settings(ctx)
	if err != nil {
		return "", err
	}
	s.Bucket = redacted(s.Bucket)
	return s.text(key)
}

// SetSetting changes one setting, given as text. It returns a *SettingError for
// an unknown key or an impossible value.
func (db *DB) SetSetting(ctx context.Context, key, value string) error {
	return db.SetSettings(ctx, map[string]string{key: value})
}

// SetSettings changes several settings at once, or none of them.
func (db *DB) SetSettings(ctx context.Context, values map[string]string) error {
	if _, err := db.checkSettings(values); err != nil { // what is wrong is said as it is, without what was about to be done
		return err
	}
	return db.write(ctx, "change settings", func(t *tx) error { return setSettings(t, values) })
}

func setSettings(t *tx, values map[string]string) error {
	check, err := t.db.checkSettings(values)
	if err != nil {
		return err
	}
	policy := false
	for key := range values {
		text, _ := check.text(key)
		same, err := t.exists(`SELECT 1 FROM setting WHERE key = ? AND value = ?`, key, text)
		if err != nil {
			return err
		}
		if same {
			continue
		}
		policy = policy || slices.Contains(policyKeys, key)
		if err := putSetting(t, key, text); err != nil {
			return err
		}
		if list := HostListName(key); list == HostsBlocked || list == HostsAllowed {
			if err := keepListed(t, list, list.of(check)); err != nil {
				return err
			}
		}
	}
	t.onCommit(t.db.forgetSettings)
	if policy {
		return policyChanged(t)
	}
	return nil
}

// checkSettings reads values, or says what is wrong with one.
func (db *DB) checkSettings(values map[string]string) (*Settings, error) {
	check := defaultSettings()
	for key, value := range values {
		if err := check.set(key, value); err != nil {
			return nil, err
		}
	}
	for _, own := range []string{db.host, db.accountDomain} {
		if check.BlockedHosts.Has(own) {
			return nil, &SettingError{Key: "blocked_hosts", Problem: "must not hold this server, " + own, Own: true}
		}
	}
	return &check, nil
}

func (db *DB) forgetSettings() {
	db.settings.mu.Lock()
	db.settings.invalid = true
	db.settings.mu.Unlock()
}

func putSetting(t *tx, key, value string) error {
	_, err := t.exec(`INSERT INTO setting (key, value) VALUES (?, ?)
		ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
	return err
}
