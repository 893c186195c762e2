package store

import (
	"context"
	"errors"
)

// ErrPressed is the answer to a write that was done before, by the same press of
// a form: see [Once].
var ErrPressed = errors.New("this form was sent before")

// press is one form that is being sent.
type press struct {
	key  []byte
	done bool // its first write is on the disk; only the writer looks
}

type pressContext struct{}

// Once returns a context whose first write is noted under a key in its own
// transaction, and refused with ErrPressed if the key is noted already: whatever
// happens between two presses of one form, a restart too, makes one thing.
//
// It stands in the context, and not among the arguments of each operation that
// makes something, because it is a fact of the request and not of the thing.
func Once(ctx context.Context, key []byte) context.Context {
	return context.WithValue(ctx, pressContext{}, &press{key: key})
}

// oncePressed is do with the key of the context's press, if it has one.
func oncePressed(ctx context.Context, do func(*tx) error) func(*tx) error {
	p, ok := ctx.Value(pressContext{}).(*press)
	if !ok {
		return do
	}
	return func(t *tx) error {
		if p.done {
			return do(t)
		}
		if err := t.notePress(p.key); err != nil {
			return err
		}
		t.onCommit(func() { p.done = true })
		return do(t)
	}
}

// notePress takes a key, and drops some of those that nobody can press again.
func (t *tx) notePress(key []byte) error {
	_, err := t.exec(`DELETE FROM press WHERE key IN (SELECT key FROM press WHERE at < ? LIMIT ?)`, millis(t.now.Add(-keepFormToken)), maxPressesDropped)
	if err != nil {
		return err
	}
	n, err := t.exec(`INSERT OR IGNORE INTO press (key, led_to, at) VALUES (?, '', ?)`, key, millis(t.now))
	if err == nil && n == 0 {
		err = ErrPressed
	}
	return err
}

// PressLedTo keeps where a press led.
func (db *DB) PressLedTo(ctx context.Context, key []byte, path string) error {
	if len(path) > maxPressPath {
		return nil
	}
	return db.write(ctx, "note where a press led", func(t *tx) error {
		_, err := t.exec(`UPDATE press SET led_to = ? WHERE key = ?`, path, key)
		return err
	})
}

// ForgetPress has a press that failed after its first write be possible again.
func (db *DB) ForgetPress(ctx context.Context, key []byte) error {
	return db.write(ctx, "forget a press", func(t *tx) error {
		_, err := t.exec(`DELETE FROM press WHERE key = ?`, key)
		return err
	})
}

// Pressed is where a press led that was noted; empty if that is not known.
// ErrNotFound if there was none.
func (db *DB) Pressed(ctx context.Context, key []byte) (path string, err error) {
	err = db.row(ctx, `SELECT led_to FROM press WHERE key = ?`, []any{key}, &path)
	return path, err
}
