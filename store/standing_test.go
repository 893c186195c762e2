package store

import (
	"context"
	crand "crypto/rand"
	"crypto/rsa"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"
)

// crowd is a store with members, people elsewhere, and random ties among them.
type crowd struct {
	db      *DB
	random  *rand.Rand
	members []int64
	all     []int64
	posts   []int64
	boosts  [][3]int64 // id, account, post
	lists   map[int64][]int64
}

// TestStandingAgreesWithSQL holds the two ways of deciding who sees what
// together, over thousands of combinations of visibility, follows, mentions,
// blocks, mutes, lists, languages, suspensions and hidden servers.
func TestStandingAgreesWithSQL(t *testing.T) {
	for seed := range uint64(3) {
		c := newCrowd(t, seed)
		c.tie(t)
		c.write(t)
		c.compare(t)
	}
}

func newCrowd(t *testing.T, seed uint64) *crowd {
	t.Helper()
	ctx := context.Background()
	db, err := Open(ctx, Config{Path: filepath.Join(t.TempDir(), "seedling.db"), URL: "https://here.example"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	c := &crowd{db: db, random: rand.New(rand.NewPCG(seed, 7)), lists: map[int64][]int64{}}
	key, err := rsa.GenerateKey(crand.Reader, 2048) // nobody signs
	if err != nil {
		t.Fatal(err)
	}
	for i := range 6 {
		u, err := db.CreateUser(ctx, NewUser{Name: fmt.Sprintf("member%d", i), PasswordHash: "nobody logs in", Key: key})
		if err != nil {
			t.Fatal(err)
		}
		c.members = append(c.members, u.Account.ID)
	}
	c.all = append(c.all, c.members...)
	for i := range 6 {
		host := fmt.Sprintf("far%d.example", i%2)
		a := &Account{URI: fmt.Sprintf("https://%s/u/%d", host, i), Username: fmt.Sprintf("u%d", i), Host: host, Inbox: "https://" + host + "/inbox"}
		if err := db.SaveRemoteAccount(ctx, a); err != nil {
			t.Fatal(err)
		}
		c.all = append(c.all, a.ID)
	}
	return c
}

// exec writes a row as it is, past all rules.
func (c *crowd) exec(t *testing.T, query string, args ...any) {
	t.Helper()
	err := c.db.write(context.Background(), "raw", func(x *tx) error {
		_, err := x.exec(query, args...)
		return err
	})
	if err != nil {
		t.Fatalf("%s %v: %v", query, args, err)
	}
}

func (c *crowd) one(of int) bool { return c.random.IntN(of) == 0 }

func (c *crowd) pick(ids []int64) int64 { return ids[c.random.IntN(len(ids))] }

// tie makes random relations.
func (c *crowd) tie(t *testing.T) {
	languages := []string{"", "", ",en,", ",de,fr,"}
	for _, from := range c.all {
		for _, to := range c.all {
			if from == to {
				continue
			}
			if c.one(2) {
				c.exec(t, `INSERT INTO follow (id, uri, account_id, target_id, accepted, created_at, boosts, languages) VALUES (?1, 'f' || ?1, ?2, ?3, ?4, 1, ?5, ?6)`,
					c.db.ids.next(), from, to, !c.one(4), !c.one(3), languages[c.random.IntN(len(languages))])
			}
			if c.one(8) {
				c.exec(t, `INSERT INTO block (id, uri, account_id, target_id, created_at) VALUES (?1, 'b' || ?1, ?2, ?3, 1)`, c.db.ids.next(), from, to)
			}
		}
	}
	for _, m := range c.members {
		for _, to := range c.all {
			if m != to && c.one(8) {
				c.exec(t, `INSERT INTO mute (account_id, target_id, id, notifications) VALUES (?, ?, ?, 0)`, m, to, c.db.ids.next())
			}
		}
		if c.one(4) {
			c.exec(t, `INSERT INTO host_block (account_id, host, id) VALUES (?, 'far1.example', ?)`, m, c.db.ids.next())
		}
		for i := range 3 {
			id := c.db.ids.next()
			c.exec(t, `INSERT INTO list (id, account_id, title, replies, exclusive) VALUES (?, ?, 'l', ?, ?)`, id, m, i, c.one(4))
			c.lists[m] = append(c.lists[m], id)
			for _, to := range c.all {
				if to != m && c.one(4) {
					c.exec(t, `INSERT INTO list_member (list_id, account_id, owner_id, id) VALUES (?, ?, ?, ?)`, id, to, m, c.db.ids.next())
				}
			}
		}
	}
	for _, a := range c.all[3:] {
		switch c.random.IntN(8) {
		case 0:
			c.exec(t, `UPDATE account SET flags = flags | 32 WHERE id = ?`, a)
		case 1:
			c.exec(t, `UPDATE account SET flags = flags | 64 WHERE id = ?`, a)
		case 2:
			c.exec(t, `UPDATE account SET state = 1 WHERE id = ?`, a)
		}
	}
}

// write makes random posts and boosts.
func (c *crowd) write(t *testing.T) {
	languages := []string{"", "en", "EN-gb", "de", "it"}
	for range 150 {
		id := c.db.ids.next()
		var answers any = int64(0)
		var parent, uri any
		thread := id
		if len(c.posts) > 0 && c.one(3) {
			parent = c.pick(c.posts)
			thread = c.pick(c.posts)
			answers = c.pick(c.all)
		} else if c.one(8) {
			uri = fmt.Sprintf("https://gone.example/%d", id)
		}
		approval := 0
		if c.one(6) {
			approval = 1 + c.random.IntN(2)
		}
		c.exec(t, `INSERT INTO post (id, uri, account_id, kind, visibility, timeline, reply_to_id, reply_to_account_id, reply_to_uri, approval, language, created_at, thread_id, html)
			VALUES (?1, 'p' || ?1, ?2, 0, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, '')`, id, c.pick(c.all), c.random.IntN(5), c.random.IntN(3), parent, answers, uri,
			approval, languages[c.random.IntN(len(languages))], millis(time.Now()), thread)
		c.posts = append(c.posts, id)
		for c.one(2) {
			c.exec(t, `INSERT OR IGNORE INTO mention (post_id, account_id) VALUES (?, ?)`, id, c.pick(c.all))
		}
		if c.one(2) {
			boost, by := c.db.ids.next(), c.pick(c.all)
			c.exec(t, `INSERT INTO boost (id, uri, account_id, post_id, visibility, created_at) VALUES (?1, 'x' || ?1, ?2, ?3, ?4, 1)`, boost, by, id, 2*(c.random.IntN(4)/3))
			c.boosts = append(c.boosts, [3]int64{boost, by, id})
		}
		if c.one(10) {
			c.exec(t, `INSERT OR IGNORE INTO thread_choice (account_id, thread_id, choice) VALUES (?, ?, ?)`, c.pick(c.members), thread, 1+c.random.IntN(2))
		}
	}
	for _, m := range c.members {
		for _, p := range c.posts {
			c.exec(t, `INSERT INTO home (account_id, id, post_id) VALUES (?1, ?2, ?2)`, m, p)
		}
		for _, b := range c.boosts {
			c.exec(t, `INSERT INTO home (account_id, id, post_id) VALUES (?, ?, ?)`, m, b[0], b[2])
		}
	}
}

// agree reports where the two ways differ, and counts how often each said yes.
func agree(t *testing.T, what string, viewer, entry int64, sql, predicate bool, count map[string][2]int) {
	t.Helper()
	if sql != predicate {
		t.Errorf("%s: viewer %d, entry %d: SQL says %t, the predicate %t", what, viewer, entry, sql, predicate)
	}
	n := count[what]
	if sql {
		n[0]++
	} else {
		n[1]++
	}
	count[what] = n
}

func (c *crowd) compare(t *testing.T) {
	ctx, count := context.Background(), map[string][2]int{}
	for _, m := range c.members {
		s, err := c.db.Standing(ctx, m)
		if err != nil {
			t.Fatal(err)
		}
		home := c.entries(t, m, `SELECT h.id FROM home h JOIN post p ON p.id = h.post_id JOIN account a ON a.id = p.account_id
			LEFT JOIN boost b ON b.id = h.id AND h.id <> h.post_id
			LEFT JOIN follow f ON f.account_id = ?1 AND f.target_id = COALESCE(b.account_id, p.account_id)
			WHERE h.account_id = ?1 AND ?2 AND `+heardHome+` AND `+bringing+` AND `+notAway+` AND `+visible)
		sees := c.entries(t, m, `SELECT p.id FROM post p JOIN account a ON a.id = p.account_id WHERE `+visible)
		hears := c.entries(t, m, `SELECT p.id FROM post p JOIN account a ON a.id = p.account_id WHERE ?2 AND `+heard)
		lists := map[int64]listShows{}
		for _, l := range c.lists[m] {
			lists[l] = c.listed(t, m, l)
		}
		for _, id := range c.posts {
			scope, err := c.db.Scope(ctx, id)
			if err != nil {
				t.Fatal(err)
			}
			agree(t, "visible", m, id, sees[id], s.Sees(scope), count)
			agree(t, "heard", m, id, hears[id], s.Hears(scope), count)
			agree(t, "home", m, id, home[id], s.ShowsAtHome(scope), count)
			for l, shows := range lists {
				agree(t, "list", m, id, shows.entries[id], s.InList(l, scope), count)
			}
		}
		for _, b := range c.boosts {
			scope, err := c.db.Scope(ctx, b[2])
			if err != nil {
				t.Fatal(err)
			}
			if scope, err = c.db.BoostedBy(ctx, scope, b[1]); err != nil {
				t.Fatal(err)
			}
			agree(t, "boost at home", m, b[0], home[b[0]], s.ShowsAtHome(scope), count)
			for l, shows := range lists {
				// A list shows a post once, by whichever entry: not by each that might.
				in := s.InList(l, scope)
				agree(t, "boost in list", m, b[0], shows.entries[b[0]] || in && shows.posts[b[2]], in, count)
			}
		}
	}
	for what, n := range count {
		if n[0] < 20 || n[1] < 20 {
			t.Errorf("%s: %d yes, %d no: too few to prove anything", what, n[0], n[1])
		}
	}
}

func (c *crowd) entries(t *testing.T, viewer int64, query string) map[int64]bool {
	t.Helper()
	found, err := c.db.live(context.Background(), query, AsMember(viewer).args()...)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// listed are the entries of a list: its timeline shows a post once for all who
// boosted it, so it is asked for one entry at a time.
// listShows are the entries of a list's timeline, and the posts that they show.
type listShows struct{ entries, posts map[int64]bool }

func (c *crowd) listed(t *testing.T, viewer, list int64) listShows {
	t.Helper()
	found := listShows{map[int64]bool{}, map[int64]bool{}}
	for before := int64(0); ; {
		page, err := c.db.ListTimeline(context.Background(), viewer, list, Cursor{Before: before, Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		if page.Top == 0 {
			return found
		}
		for _, v := range page.Posts {
			found.entries[v.EntryID], found.posts[v.Post.ID] = true, true
		}
		before = page.Top
	}
}
