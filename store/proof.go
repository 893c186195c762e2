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

// proveAgain is when the pages that a profile links to are looked at again.
const proveAgain = 30 * 24 * time.Hour

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
	proven := map[string]time.Time{}
	for _, f := range before.Fields {
		proven[f.Link()] = f.VerifiedAt
	}
	links := false
	for i, f := range fields {
		if link := f.Link(); link != "" {
			fields[i].VerifiedAt, links = proven[link], true
		}
	}
	if !links {
		return nil
	}
	id := strconv.FormatInt(accountID, 10)
	return addJob(t, NewJob{Kind: JobProof, Key: id, Payload: id})
}

// SetFieldProofs notes which addresses in a member's profile link back to it;
// what is not named stays as it was. They are looked at again after a while.
func (db *DB) SetFieldProofs(ctx context.Context, accountID int64, proofs map[string]bool) error {
	return db.write(ctx, "set field proofs", func(t *tx) error {
		a, err := txAccount(t, `a.id = ? AND a.state = 0 AND a.host = ''`, accountID)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		links := false
		for i, f := range a.Fields {
			link := f.Link()
			proven, looked := proofs[link]
			links = links || link != ""
			switch {
			case link == "" || looked && !proven:
				a.Fields[i].VerifiedAt = time.Time{}
			case looked && f.VerifiedAt.IsZero():
				a.Fields[i].VerifiedAt = t.now
			}
		}
		if _, err := t.exec(`UPDATE account SET fields = ? WHERE id = ?`, encodeFields(a.Fields), accountID); err != nil || !links {
			return err
		}
		return proveLater(t, accountID)
	})
}

// proveLater adds the job for the next time, unless one waits already. Its key
// names its day: the job that runs now is still there, under another.
func proveLater(t *tx, accountID int64) error {
	id, due := strconv.FormatInt(accountID, 10), t.now.Add(proveAgain)
	waits, err := t.exists(`SELECT 1 FROM job WHERE kind = ? AND payload = ? AND run_at > ? AND failed_at = 0`, string(JobProof), id, millis(t.now))
	if err != nil || waits {
		return err
	}
	return addJob(t, NewJob{Kind: JobProof, Key: fmt.Sprintf("%s %s", id, due.UTC().Format(time.DateOnly)), Payload: id, Delay: proveAgain})
}
