package store

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// When the pages that a profile links to are looked at again.
const (
	proveAgain = 30 * 24 * time.Hour
	proveSoon  = 24 * time.Hour // if one of them did not answer
)

// FieldLook is what a look at the page brought that a field links to.
type FieldLook int

// What can be seen.
const (
	FieldUnseen      FieldLook = iota // nobody has looked yet
	FieldLinksBack                    // it links back to the profile
	FieldLinksNot                     // it does not
	FieldUnreadable                   // there is no page
	FieldUnreachable                  // it can't be had now: what was known of it holds
)

// Link is the address that a field of a local account consists of, or "": what
// can be proven to be its owner's.
func (f Field) Link() string {
	text := strings.TrimSpace(f.Text)
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || strings.ContainsAny(text, " \t\n\"<>") {
		return ""
	}
	return text
}

// keepProofs takes over what was proven of fields that stay, and has the others
// proven.
func keepProofs(t *tx, accountID int64, fields []Field) error {
	before, err := txAccount(t, `a.id = ?`, accountID)
	if err != nil {
		return err
	}
	known := map[string]Field{}
	for _, f := range before.Fields {
		known[f.Link()] = f
	}
	links := false
	for i, f := range fields {
		if link := f.Link(); link != "" {
			was := known[link]
			fields[i].VerifiedAt, fields[i].LookedAt, fields[i].Found, links = was.VerifiedAt, was.LookedAt, was.Found, true
		}
	}
	if !links {
		return nil
	}
	return proveNow(t, accountID)
}

func proveNow(t *tx, accountID int64) error {
	id := strconv.FormatInt(accountID, 10)
	return addJob(t, NewJob{Kind: JobProof, Key: id, Payload: id})
}

// ProveFields has the pages looked at that a member's profile links to.
func (db *DB) ProveFields(ctx context.Context, accountID int64) error {
	return db.write(ctx, "prove fields", func(t *tx) error { return proveNow(t, accountID) })
}

// Proving says whether those pages are being looked at just now.
func (db *DB) Proving(ctx context.Context, accountID int64) (running bool, err error) {
	err = db.row(ctx, `SELECT EXISTS (SELECT 1 FROM job WHERE kind = ? AND payload = ? AND run_at <= ? AND failed_at = 0)`,
		[]any{string(JobProof), strconv.FormatInt(accountID, 10), millis(db.now())}, &running)
	return running, err
}

// SetFieldProofs notes what was seen at the addresses in a member's profile; what
// is not named stays as it was. They are looked at again after a while, and sooner
// if one could not be had.
func (db *DB) SetFieldProofs(ctx context.Context, accountID int64, seen map[string]FieldLook) error {
	return db.write(ctx, "set field proofs", func(t *tx) error {
		a, err := txAccount(t, `a.id = ? AND a.state = 0 AND a.host = ''`, accountID)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		links, again := false, proveAgain
		for i, f := range a.Fields {
			link := f.Link()
			found := seen[link]
			links = links || link != ""
			switch {
			case link == "" || found == FieldLinksNot || found == FieldUnreadable:
				a.Fields[i].VerifiedAt = time.Time{}
			case found == FieldLinksBack && f.VerifiedAt.IsZero():
				a.Fields[i].VerifiedAt = t.now
			}
			if found != FieldUnseen {
				a.Fields[i].LookedAt, a.Fields[i].Found = t.now, found
			}
			if link != "" && found == FieldUnreachable {
				again = proveSoon
			}
		}
		if _, err := t.exec(`UPDATE account SET fields = ? WHERE id = ?`, encodeFields(a.Fields), accountID); err != nil || !links {
			return err
		}
		return proveLater(t, accountID, again)
	})
}

// proveLater adds the job for the next time, unless one waits already that runs
// before. Its key names its day: the job that runs now is still there, under
// another.
func proveLater(t *tx, accountID int64, after time.Duration) error {
	id, due := strconv.FormatInt(accountID, 10), t.now.Add(after)
	waits, err := t.exists(`SELECT 1 FROM job WHERE kind = ? AND payload = ? AND run_at > ? AND run_at <= ? AND failed_at = 0`,
		string(JobProof), id, millis(t.now), millis(due))
	if err != nil || waits {
		return err
	}
	return addJob(t, NewJob{Kind: JobProof, Key: fmt.Sprintf("%s %s", id, due.UTC().Format(time.DateOnly)), Payload: id, Delay: after})
}
