package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

// maxBatch bounds how many writes share one commit, so that none waits long for
// the others' work.
const maxBatch = 512

// write is one operation waiting for the writer.
type write struct {
	name string
	do   func(*tx) error
	done chan error
	tx   *tx
}

// tx is what an operation works with: the writing connection, inside a
// savepoint. It takes no context: a statement that is interrupted would roll
// back the transaction that many operations share.
type tx struct {
	w     *writer
	db    *DB
	now   time.Time // one "now" for the whole operation
	after []func()  // run once it is committed
}

// writer owns the one connection that writes. A goroutine gathers the waiting
// writes into one transaction, each in its own savepoint, commits once, and
// then answers all of them.
type writer struct {
	conn  *sql.Conn
	queue chan *write
	stmts map[string]*sql.Stmt // used by the goroutine alone
	quit  chan struct{}
	ended chan struct{}
}

func newWriter(conn *sql.Conn) *writer {
	return &writer{
		conn:  conn,
		queue: make(chan *write, maxBatch),
		stmts: make(map[string]*sql.Stmt),
		quit:  make(chan struct{}),
		ended: make(chan struct{}),
	}
}

// write runs do inside the group commit and returns when it is on the disk, or
// was rolled back alone because do failed. A context that ends while the
// operation waits for its turn does not undo it: the answer is then unknown.
func (db *DB) write(ctx context.Context, name string, do func(*tx) error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	op := &write{name: name, do: oncePressed(ctx, do), done: make(chan error, 1)}
	select {
	case db.writer.queue <- op:
	case <-db.writer.quit:
		return fmt.Errorf("%s: %w", name, ErrClosed)
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", name, ctx.Err())
	}
	select {
	case err := <-op.done:
		return wrap(name, err)
	case <-db.writer.ended:
		// The writer may have answered just before it ended.
		select {
		case err := <-op.done:
			return wrap(name, err)
		default:
			return fmt.Errorf("%s: %w", name, ErrClosed)
		}
	}
}

func wrap(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", name, translate(err))
}

// run gathers and commits until quit; what was queued by then is still done.
func (w *writer) run(db *DB) {
	defer close(w.ended)
	batch := make([]*write, 0, maxBatch)
	for {
		select {
		case op := <-w.queue:
			batch = append(batch[:0], op)
		case <-w.quit:
			select {
			case op := <-w.queue:
				batch = append(batch[:0], op)
			default:
				return
			}
		}
	gather:
		for len(batch) < maxBatch {
			select {
			case op := <-w.queue:
				batch = append(batch, op)
			default:
				break gather
			}
		}
		w.commit(db, batch)
	}
}

// commit runs a batch in one transaction and answers each of its writes.
func (w *writer) commit(db *DB, batch []*write) {
	ctx := context.Background()
	now := db.now()
	errs := make([]error, len(batch))
	err := w.exec(ctx, "BEGIN IMMEDIATE")
	if err == nil {
		for i, op := range batch {
			op.tx = &tx{w: w, db: db, now: now}
			if errs[i], err = w.savepoint(ctx, op); err != nil {
				break
			}
		}
		if err == nil {
			err = w.exec(ctx, "COMMIT")
		}
		if err != nil {
			// The transaction may be over already; then this says so and is harmless.
			_ = w.exec(ctx, "ROLLBACK")
		}
	}
	for i, op := range batch {
		if err != nil {
			op.done <- fmt.Errorf("commit: %w", err)
			continue
		}
		if errs[i] == nil {
			for _, f := range op.tx.after {
				f()
			}
		}
		op.done <- errs[i]
	}
}

// savepoint runs one operation; its own failure is failed, one of the whole
// transaction is fatal.
func (w *writer) savepoint(ctx context.Context, op *write) (failed, fatal error) {
	if err := w.exec(ctx, "SAVEPOINT op"); err != nil {
		return nil, err
	}
	if failed = runOp(op); failed == nil {
		return nil, w.exec(ctx, "RELEASE op")
	}
	if err := w.exec(ctx, "ROLLBACK TO op"); err != nil {
		return failed, errors.Join(failed, err) // a full disk ends the whole transaction by itself
	}
	return failed, w.exec(ctx, "RELEASE op")
}

// runOp turns a panic into an error of that operation alone.
func runOp(op *write) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return op.do(op.tx)
}

// stmt returns the prepared statement of a query, made at its first use.
func (w *writer) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s := w.stmts[query]; s != nil {
		return s, nil
	}
	s, err := w.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("prepare %q: %w", query, err)
	}
	w.stmts[query] = s
	return s, nil
}

func (w *writer) exec(ctx context.Context, query string) error {
	s, err := w.stmt(ctx, query)
	if err != nil {
		return err
	}
	_, err = s.ExecContext(ctx)
	return err
}

// exec runs a statement and returns how many rows it changed.
func (t *tx) exec(query string, args ...any) (int64, error) {
	s, err := t.w.stmt(context.Background(), query)
	if err != nil {
		return 0, err
	}
	res, err := s.Exec(args...)
	if err != nil {
		return 0, translate(err)
	}
	return res.RowsAffected()
}

// row scans one row; no row is ErrNotFound.
func (t *tx) row(query string, args []any, dest ...any) error {
	s, err := t.w.stmt(context.Background(), query)
	if err != nil {
		return err
	}
	return translate(s.QueryRow(args...).Scan(dest...))
}

// rows calls scan for each row.
func (t *tx) rows(query string, args []any, scan func(*sql.Rows) error) error {
	s, err := t.w.stmt(context.Background(), query)
	if err != nil {
		return err
	}
	rows, err := s.Query(args...)
	if err != nil {
		return translate(err)
	}
	return eachRow(rows, scan)
}

// ids collects the ids that a query returns.
func (t *tx) ids(query string, args ...any) (ids []int64, err error) {
	err = t.rows(query, args, func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}

// exists says whether the query has a row.
func (t *tx) exists(query string, args ...any) (bool, error) {
	var one int
	err := t.row(query, args, &one)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// onCommit runs f once the operation is on the disk; f must not block.
func (t *tx) onCommit(f func()) { t.after = append(t.after, f) }

func eachRow(rows *sql.Rows, scan func(*sql.Rows) error) error {
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return translate(rows.Err())
}
