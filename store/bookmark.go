package store

import (
	"context"
	"database/sql"
	"errors"

	"seedling/store/content"
)

// BookmarkFolder holds some of a member's bookmarks.
type BookmarkFolder struct {
	ID    int64
	Name  string
	Emoji string // or ""
	Posts int
}

// BookmarkFolders returns a member's folders, by name.
func (db *DB) BookmarkFolders(ctx context.Context, accountID int64) ([]*BookmarkFolder, error) {
	var list []*BookmarkFolder
	err := db.rows(ctx, `SELECT f.id, f.name, f.emoji, (SELECT COUNT(*) FROM bookmark b WHERE b.folder_id = f.id) FROM bookmark_folder f
		WHERE f.account_id = ? ORDER BY f.name COLLATE NOCASE, f.id`, []any{accountID}, func(rows *sql.Rows) error {
		var f BookmarkFolder
		err := rows.Scan(&f.ID, &f.Name, &f.Emoji, &f.Posts)
		list = append(list, &f)
		return err
	})
	return list, err
}

// SaveBookmarkFolder stores a new folder of a member (ID 0; it is then set), or
// changes one. ErrNotFound if they have none such.
func (db *DB) SaveBookmarkFolder(ctx context.Context, accountID int64, f *BookmarkFolder) error {
	name, err := line("name", f.Name, maxFolderName)
	if err != nil {
		return err
	}
	if _, ok := content.Emoji(f.Emoji); f.Emoji != "" && !ok {
		return &InputError{Field: "emoji", Problem: InputRefused}
	}
	return db.write(ctx, "save bookmark folder", func(t *tx) error {
		if f.ID != 0 {
			n, err := t.exec(`UPDATE bookmark_folder SET name = ?, emoji = ? WHERE id = ? AND account_id = ?`, name, f.Emoji, f.ID, accountID)
			return errors.Join(err, missingIf(n == 0))
		}
		var n int
		if err := t.row(`SELECT COUNT(*) FROM bookmark_folder WHERE account_id = ?`, []any{accountID}, &n); err != nil {
			return err
		}
		if n >= maxFolders {
			return &InputError{Field: "name", Problem: InputMany, Limit: maxFolders}
		}
		f.ID, f.Name = t.db.ids.next(), name
		_, err := t.exec(`INSERT INTO bookmark_folder (id, account_id, name, emoji) VALUES (?, ?, ?, ?)`, f.ID, accountID, f.Name, f.Emoji)
		return err
	})
}

// DeleteBookmarkFolder removes a member's folder; its bookmarks stay, in none.
func (db *DB) DeleteBookmarkFolder(ctx context.Context, accountID, folderID int64) error {
	return db.write(ctx, "delete bookmark folder", func(t *tx) error {
		n, err := t.exec(`DELETE FROM bookmark_folder WHERE id = ? AND account_id = ?`, folderID, accountID)
		return errors.Join(err, missingIf(n == 0))
	})
}

// FileBookmark puts a member's bookmark of a post into a folder of theirs; 0
// takes it out. ErrNotFound if they have no such folder, or not kept the post.
func (db *DB) FileBookmark(ctx context.Context, accountID, postID, folderID int64) error {
	return db.write(ctx, "file bookmark", func(t *tx) error {
		n, err := t.exec(`UPDATE bookmark SET folder_id = NULLIF(?3, 0) WHERE account_id = ?1 AND post_id = ?2
			AND (?3 = 0 OR EXISTS (SELECT 1 FROM bookmark_folder f WHERE f.id = ?3 AND f.account_id = ?1))`, accountID, postID, folderID)
		return errors.Join(err, missingIf(n == 0))
	})
}

// SavedQuery narrows a list of saved posts; the zero value does not.
type SavedQuery struct {
	Text   string // in the post's text, its warning or its author's names
	Folder int64  // bookmarks alone
}

// SearchBookmarks lists what an account keeps and a query finds, newest saved first.
func (db *DB) SearchBookmarks(ctx context.Context, accountID int64, q SavedQuery, c Cursor) (*PostPage, error) {
	return db.searchSaved(ctx, "bookmark", ` AND (?6 = 0 OR s.folder_id = ?6)`, accountID, q, c)
}

// SearchFavourites lists what an account favourited and a query finds, newest first.
func (db *DB) SearchFavourites(ctx context.Context, accountID int64, q SavedQuery, c Cursor) (*PostPage, error) {
	return db.searchSaved(ctx, "favourite", ` AND ?6 = 0`, accountID, q, c)
}

// searchSaved looks through the member's own rows: what one person saves is
// little enough to be read as it is.
func (db *DB) searchSaved(ctx context.Context, table, narrowed string, accountID int64, q SavedQuery, c Cursor) (*PostPage, error) {
	if len(q.Text) > maxSavedQuery {
		return &PostPage{}, nil
	}
	like := ""
	if q.Text != "" {
		like = "%" + likePrefix(q.Text)
	}
	return db.timeline(ctx, table, AsMember(accountID), c, `SELECT s.id, s.post_id, 0 FROM `+table+` s JOIN post p ON p.id = s.post_id
		JOIN account a ON a.id = p.account_id WHERE s.account_id = ?1 AND `+visible+narrowed+`
		AND (?5 = '' OR p.html LIKE ?5 ESCAPE '\' OR p.title LIKE ?5 ESCAPE '\' OR p.content_warning LIKE ?5 ESCAPE '\'
			OR a.username LIKE ?5 ESCAPE '\' OR a.display_name LIKE ?5 ESCAPE '\')
		AND `+c.clause("s.id", 3), append(AsMember(accountID).args(c.args()...), like, q.Folder))
}
