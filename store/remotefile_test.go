package store

import (
	"context"
	"path/filepath"
	"testing"
	"time"
)

// TestEvictionMakesTheMostRoomForTheLeastLoss has three copies over the budget:
// the large one that nobody looked at for long goes, though a small one is older.
func TestEvictionMakesTheMostRoomForTheLeastLoss(t *testing.T) {
	ctx := context.Background()
	db, err := Open(ctx, Config{Path: filepath.Join(t.TempDir(), "seedling.db"), URL: "https://here.example"})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.write(ctx, "fill", func(t *tx) error {
		for _, f := range []struct {
			url  string
			size int64
			idle time.Duration
		}{{"small-old", 1_000, 72 * time.Hour}, {"large-old", 900_000, 48 * time.Hour}, {"large-new", 900_000, time.Minute}} {
			if _, err := t.exec(`INSERT INTO file (hash, media_type, size, kept_at) VALUES (?, 'image/png', ?, ?)`, f.url, f.size, millis(t.now)); err != nil {
				return err
			}
			if _, err := t.exec(`INSERT INTO remote_file (url, hash, size, used_at) VALUES (?1, ?1, ?2, ?3)`, f.url, f.size, millis(t.now.Add(-f.idle))); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.evictTo(ctx, 1_000_000); err != nil {
		t.Fatal(err)
	}
	for url, want := range map[string]bool{"small-old": true, "large-old": false, "large-new": true} {
		if got, err := db.RemoteFile(ctx, url); err != nil || got.File.IsZero() == want {
			t.Errorf("%s: kept %v, %v, want %v", url, !got.File.IsZero(), err, want)
		}
	}
}
