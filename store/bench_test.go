package store

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"seedling/store/content"
)

// plainInserts measures what SQLite alone does on this machine: one prepared
// INSERT of a post's size per synced transaction of 64.
func plainInserts(b *testing.B) float64 {
	db, err := sql.Open("sqlite", dsn(filepath.Join(b.TempDir(), "raw.db"), false))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(`CREATE TABLE raw (id INTEGER PRIMARY KEY, body TEXT) STRICT`); err != nil {
		b.Fatal(err)
	}
	body := string(make([]byte, 600))
	const n, batch = 6400, 64
	start := time.Now()
	for i := 0; i < n; i += batch {
		t, err := db.Begin()
		if err != nil {
			b.Fatal(err)
		}
		st, err := t.Prepare(`INSERT INTO raw (body) VALUES (?)`)
		if err != nil {
			b.Fatal(err)
		}
		for range batch {
			if _, err := st.Exec(body); err != nil {
				b.Fatal(err)
			}
		}
		st.Close()
		if err := t.Commit(); err != nil {
			b.Fatal(err)
		}
	}
	return n / time.Since(start).Seconds()
}

// BenchmarkGroupCommit measures small writes from 64 callers at once, each
// answered when it is on the disk, against plain inserts in the same run.
func BenchmarkGroupCommit(b *testing.B) {
	raw := plainInserts(b)
	db := openTest(b)
	ctx := context.Background()
	var n atomic.Int64
	b.SetParallelism(32)
	b.ResetTimer()
	start := time.Now()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			key := strconv.FormatInt(n.Add(1), 10)
			if err := db.write(ctx, "bench", func(t *tx) error { return putSetting(t, key, "x") }); err != nil {
				b.Error(err)
			}
		}
	})
	rate := float64(b.N) / time.Since(start).Seconds()
	b.ReportMetric(rate, "writes/s")
	b.ReportMetric(rate/raw, "of-plain-inserts")
}

// BenchmarkReceivePost measures a remote post with all that follows from it.
func BenchmarkReceivePost(b *testing.B) {
	raw := plainInserts(b)
	db := openTest(b)
	ctx := context.Background()
	author := benchCast(b, db)
	html := content.Sanitise("<p>" + fmt.Sprintf("%0300d", 1) + "</p>")
	var n atomic.Int64
	b.SetParallelism(32)
	b.ResetTimer()
	start := time.Now()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			uri := "https://far.example/notes/" + strconv.FormatInt(n.Add(1), 10)
			if _, err := db.ReceivePost(ctx, &RemotePost{Post: Post{URI: uri, URL: uri, AccountID: author.ID, HTML: html, CreatedAt: time.Now()}}); err != nil {
				b.Error(err)
			}
		}
	})
	rate := float64(b.N) / time.Since(start).Seconds()
	b.ReportMetric(rate, "posts/s")
	b.ReportMetric(rate/raw, "of-plain-inserts")
	b.StopTimer()
	var pages, size int64
	if err := db.row(ctx, `SELECT page_count, page_size FROM pragma_page_count, pragma_page_size`, nil, &pages, &size); err == nil {
		b.ReportMetric(float64(pages*size)/float64(b.N), "file-bytes/post")
	}
}

// benchCast makes a member and a remote author whom the member follows.
func benchCast(b *testing.B, db *DB) *Account {
	b.Helper()
	ctx := context.Background()
	u, err := db.CreateUser(ctx, NewUser{Name: "alice", Password: "correct horse battery"})
	if err != nil {
		b.Fatal(err)
	}
	a := &Account{URI: "https://far.example/users/bob", Username: "bob", Host: "far.example", Inbox: "https://far.example/inbox", CreatedAt: time.Now()}
	if err := db.SaveRemoteAccount(ctx, a); err != nil {
		b.Fatal(err)
	}
	if err := db.Follow(ctx, u.Account.ID, a.ID); err != nil {
		b.Fatal(err)
	}
	if err := db.ReceiveAccept(ctx, FollowRef{AccountID: u.Account.ID, TargetID: a.ID}); err != nil {
		b.Fatal(err)
	}
	return a
}

// BenchmarkHomeTimeline reads a page of 20 posts. Set SEEDLING_BENCH_POSTS to
// 1000000 to see it at a million stored posts; the default is 1,000 and 50,000.
func BenchmarkHomeTimeline(b *testing.B) {
	sizes := []int{1_000, 50_000}
	if n, err := strconv.Atoi(os.Getenv("SEEDLING_BENCH_POSTS")); err == nil {
		sizes = []int{1_000, n}
	}
	for _, size := range sizes {
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			db := openTest(b)
			author := benchCast(b, db)
			fillPosts(b, db, author, size)
			ctx := context.Background()
			alice, err := db.UserByName(ctx, "alice")
			if err != nil {
				b.Fatal(err)
			}
			b.ResetTimer()
			for range b.N {
				page, err := db.HomeTimeline(ctx, alice.Account.ID, Cursor{})
				if err != nil || len(page.Posts) != 20 {
					b.Fatalf("%d posts, %v", len(page.Posts), err)
				}
			}
		})
	}
}

// fillPosts stores n posts, a third of them replies, in large transactions.
func fillPosts(b *testing.B, db *DB, author *Account, n int) {
	b.Helper()
	html := content.Sanitise("<p>" + fmt.Sprintf("%0300d", 1) + "</p>")
	start := time.Now().Add(-time.Duration(n) * time.Second)
	for i := 0; i < n; i += 5000 {
		err := db.write(context.Background(), "fill", func(t *tx) error {
			for k := i; k < min(i+5000, n); k++ {
				uri := "https://far.example/notes/" + strconv.Itoa(k)
				p := &Post{URI: uri, URL: uri, AccountID: author.ID, HTML: html, CreatedAt: start.Add(time.Duration(k) * time.Second)}
				if k%3 == 2 {
					p.ReplyToURI = "https://far.example/notes/" + strconv.Itoa(k-1)
				}
				if err := insertPost(t, p, author, addressed{}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReceiveFindablePost is BenchmarkReceivePost with a text of many words
// whose author lets it be found: what the index of searches adds.
func BenchmarkReceiveFindablePost(b *testing.B) {
	db := openTest(b)
	ctx := context.Background()
	author := benchCast(b, db)
	if _, err := db.writer.conn.ExecContext(ctx, `UPDATE account SET flags = 8 WHERE id = ?`, author.ID); err != nil {
		b.Fatal(err)
	}
	var n atomic.Int64
	b.SetParallelism(32)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			n := int(n.Add(1))
			var text strings.Builder
			for i := range 50 { // 300 characters; words as rare as in a natural text
				fmt.Fprintf(&text, "w%d ", (n*131+i*i*i*7919)%(i*400+20))
			}
			uri := "https://far.example/notes/" + strconv.Itoa(n)
			post := Post{URI: uri, URL: uri, AccountID: author.ID, HTML: content.Sanitise("<p>" + text.String() + "</p>"), CreatedAt: time.Now()}
			if _, err := db.ReceivePost(ctx, &RemotePost{Post: post}); err != nil {
				b.Error(err)
			}
		}
	})
	b.StopTimer()
	var size, index int64
	err := db.row(ctx, `SELECT page_count * page_size, (SELECT SUM(LENGTH(block)) FROM post_search_data) FROM pragma_page_count, pragma_page_size`, nil, &size, &index)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(size)/float64(b.N), "file-bytes/post")
	b.ReportMetric(float64(index)/float64(b.N), "index-bytes/post")
}
