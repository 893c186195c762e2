package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"
	"time"
)

func openTest(t testing.TB) *DB {
	t.Helper()
	db, err := Open(context.Background(), Config{Path: filepath.Join(t.TempDir(), "seedling.db"), URL: "https://here.example"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func setting(t *tx, key, value string) error { return putSetting(t, key, value) }

func TestFailedWriteRollsBackAlone(t *testing.T) {
	db := openTest(t)
	ctx := context.Background()
	broken := errors.New("broken")
	var wg sync.WaitGroup
	for i := range 100 {
		wg.Go(func() {
			err := db.write(ctx, "test", func(t *tx) error {
				if err := setting(t, fmt.Sprintf("k%d", i), "x"); err != nil {
					return err
				}
				switch i % 3 {
				case 1:
					return broken
				case 2:
					panic("oops")
				}
				return nil
			})
			if (err == nil) != (i%3 == 0) || i%3 == 1 && !errors.Is(err, broken) {
				t.Errorf("write %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	var n int
	if err := db.row(ctx, `SELECT COUNT(*) FROM setting WHERE key LIKE 'k%'`, nil, &n); err != nil || n != 34 {
		t.Errorf("%d rows stored, %v; want 34", n, err)
	}
}

func TestHooksRunOnlyAfterTheCommit(t *testing.T) {
	db := openTest(t)
	ran := 0
	for _, fail := range []bool{true, false} {
		_ = db.write(context.Background(), "test", func(t *tx) error {
			t.onCommit(func() { ran++ })
			if fail {
				return errors.New("no")
			}
			return nil
		})
	}
	if ran != 1 {
		t.Errorf("hooks ran %d times, want once", ran)
	}
}

func TestReadersCannotWrite(t *testing.T) {
	db := openTest(t)
	if _, err := db.readDB.Exec(`DELETE FROM setting`); err == nil {
		t.Error("a reader's connection wrote")
	}
}

func TestClosedStoreRefusesWrites(t *testing.T) {
	db := openTest(t)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := db.write(context.Background(), "late", func(*tx) error { return nil }); !errors.Is(err, ErrClosed) {
		t.Errorf("write after close: %v, want ErrClosed", err)
	}
}

func TestIdsGoUpWithTheClockBack(t *testing.T) {
	db := openTest(t)
	a := db.ids.next()
	now := db.now
	db.ids.now = func() time.Time { return now().Add(-time.Hour) }
	if b := db.ids.next(); b <= a {
		t.Errorf("id %d after %d", b, a)
	}
}

func TestFailedMigrationChangesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	pool, err := sql.Open("sqlite", dsn(path, false))
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	ctx := context.Background()
	conn, err := pool.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	good := fstest.MapFS{"0001_a.sql": {Data: []byte(`CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (1);`)}}
	if err := migrate(ctx, conn, good); err != nil {
		t.Fatal(err)
	}
	conn.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	bad := fstest.MapFS{"0001_a.sql": good["0001_a.sql"],
		"0002_b.sql": {Data: []byte(`DELETE FROM a; CREATE TABLE b (x INTEGER) STRICT;`)},
		"0003_c.sql": {Data: []byte(`INSERT INTO nowhere VALUES (1);`)}}
	if err := migrate(ctx, conn, bad); err == nil {
		t.Fatal("a broken migration succeeded")
	}
	conn.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`)
	after, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(before) != string(after) {
		t.Error("a failed migration changed the file")
	}
	if err := migrate(ctx, conn, fstest.MapFS{"0000_old.sql": {}}); !errors.Is(err, ErrNewer) {
		t.Errorf("a newer database: %v, want ErrNewer", err)
	}
}
