package storetest

import (
	"database/sql"
	"fmt"

	_ "modernc.org/sqlite" // the driver
)

// PostID is the id of the i-th post of [InsertPosts].
func PostID(i int) int64 { return (190_000_000_000 + int64(i)) << 20 }

// InsertPosts writes posts straight into the file of a store, each with a mention
// and a link, and their lines in one home timeline: that is what makes a million
// of them possible before breakfast. The first author is local and writes every
// tenth.
func InsertPosts(path string, posts int, viewerID int64, authors []int64) error {
	db, err := sql.Open("sqlite", path+"?_pragma=synchronous(off)&_pragma=busy_timeout(10000)&_pragma=foreign_keys(off)")
	if err != nil {
		return err
	}
	defer db.Close()
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	post, err := tx.Prepare(`INSERT INTO post (id, uri, account_id, visibility, timeline, url, html, language, boosts_count, favourites_count, created_at)
		VALUES (?1, ?2, ?3, 0, ?4, ?2, ?5, 'en', ?1 % 3, ?1 % 50, ?6)`)
	if err != nil {
		return err
	}
	line, err := tx.Prepare(`INSERT INTO home (account_id, id, post_id) VALUES (?1, ?2, ?2)`)
	if err != nil {
		return err
	}
	mention, err := tx.Prepare(`INSERT INTO mention (post_id, account_id) VALUES (?, ?)`)
	if err != nil {
		return err
	}
	for i := range posts {
		id, author, timeline := PostID(i), authors[1+i%(len(authors)-1)], 1
		if i%10 == 0 {
			author, timeline = authors[0], 2
		}
		html := fmt.Sprintf(`<p>Day %d on the window sill. <a href="https://here.example/@mira" class="mention">@mira</a> the tomatoes have opinions about the light already, and the basil is simply pretending not to notice.</p><p>Spare trays for anyone in walking distance, <a href="https://far1.example/tags/seedswap" rel="tag">#seedswap</a></p>`, i)
		if _, err := post.Exec(id, fmt.Sprintf("https://far.example/posts/%d", i), author, timeline, html, 1_700_000_000_000+int64(i)); err != nil {
			return err
		}
		if _, err := line.Exec(viewerID, id); err != nil {
			return err
		}
		if _, err := mention.Exec(id, authors[0]); err != nil {
			return err
		}
	}
	return tx.Commit()
}
