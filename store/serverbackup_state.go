package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// BackupState is what is known of backups, beside the copies themselves.
type BackupState struct {
	LastAt time.Time `json:"last_at"` // zero: none was made
	LastIn string    `json:"last_in"` // folder

	FailedAt time.Time     `json:"failed_at"` // zero: the last one was made
	Failure  BackupFailure `json:"failure"`
	Text     string        `json:"text"` // as the system said it

	Running bool `json:"-"` // one is asked for, or being made
}

// BackupFailure is why a backup could not be made.
type BackupFailure string

// The reasons.
const (
	BackupNoRoom  BackupFailure = "no_room"
	BackupDamaged BackupFailure = "damaged"
	BackupOther   BackupFailure = "other"
)

// keyBackup is the setting that keeps the BackupState as JSON.
const keyBackup = "backup.state"

// noteBackup keeps how a backup ended.
func (db *DB) noteBackup(ctx context.Context, folder string, made *ServerBackup, failed error) error {
	state, err := db.BackupState(ctx)
	if err != nil {
		return err
	}
	if failed == nil {
		state = BackupState{LastAt: made.MadeAt, LastIn: folder}
	} else {
		state.FailedAt, state.Failure, state.Text = db.now().UTC(), BackupOther, cut(failed.Error(), maxDeliveryText)
		switch {
		case NoRoom(failed):
			state.Failure = BackupNoRoom
		case errors.Is(failed, ErrBackupDamaged):
			state.Failure = BackupDamaged
		}
	}
	return db.write(ctx, "note backup", func(t *tx) error { return putSetting(t, keyBackup, encodeJSON(state)) })
}

// BackupState says when the last backup was made, and what became of the last one
// that was asked for.
func (db *DB) BackupState(ctx context.Context) (s BackupState, err error) {
	var text string
	if err := db.row(ctx, `SELECT value FROM setting WHERE key = ?`, []any{keyBackup}, &text); err != nil && !errors.Is(err, ErrNotFound) {
		return s, fmt.Errorf("state of backups: %w", err)
	}
	if text != "" {
		if err := json.Unmarshal([]byte(text), &s); err != nil {
			return s, fmt.Errorf("state of backups: %w", err)
		}
	}
	s.Running, err = db.JobWaits(ctx, JobBackUp)
	return s, err
}

// AskForBackup has a backup made in the server's own folder, in the background.
// One that is asked for or made already is that one.
func (db *DB) AskForBackup(ctx context.Context) error {
	return db.write(ctx, "ask for a backup", func(t *tx) error {
		asked, err := t.exists(`SELECT 1 FROM job WHERE kind = ? AND failed_at = 0`, JobBackUp)
		if err != nil || asked {
			return err
		}
		return addJob(t, NewJob{Kind: JobBackUp, Key: "all"})
	})
}

// BackUpHere does JobBackUp: it makes a backup in the server's own folder
// and removes those that are more than are to be kept.
func (db *DB) BackUpHere(ctx context.Context) error {
	if _, err := db.BackUp(ctx, db.BackupFolder(), false); err != nil {
		return err
	}
	settings, err := db.Settings(ctx)
	if err != nil {
		return err
	}
	list, err := ServerBackups(db.BackupFolder())
	if err != nil {
		return err
	}
	for _, b := range list[min(len(list), settings.BackupsKept):] {
		if err := removeBackup(db.BackupFolder(), b.Name); err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
	}
	return nil
}
