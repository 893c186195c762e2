package store

import "sync"

// An account has forty columns and a post thirty, a page shows the same few of
// them over and over, and reading a column costs more than anything else of a
// query. So rows that were read stay in memory with their version, which a
// trigger raises with every change. A look-up asks for ids and versions alone,
// and reads the rows that are new or have changed. What it returns is thus
// never older than its snapshot, even after changes by another process. Who may
// see a post is never kept: the look-up asks it each time.

// kept holds rows in memory. It is empty as its zero value.
type kept[T any] struct {
	mu   sync.RWMutex
	rows map[int64]keptRow[T]
}

type keptRow[T any] struct {
	version int64
	row     T // never changed; handed out as copies
}

// maxKept bounds the memory: accounts have some 2 KB each, posts with what
// belongs to them some 3 KB.
const maxKept = 3_000

// get is a copy of a row if it is kept in that version, else nil.
func (k *kept[T]) get(id, version int64) *T {
	k.mu.RLock()
	defer k.mu.RUnlock()
	have, ok := k.rows[id]
	if !ok || have.version != version {
		return nil
	}
	return &have.row
}

// put keeps a copy. When there are too many all are dropped: those in use are
// back at once.
func (k *kept[T]) put(id, version int64, row *T) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.rows == nil || len(k.rows) >= maxKept {
		k.rows = make(map[int64]keptRow[T])
	}
	k.rows[id] = keptRow[T]{version, *row}
}
