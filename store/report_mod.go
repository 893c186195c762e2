package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"seedling/store/content"
)

// Report is what moderators see of a report.
type Report struct {
	ID        int64
	Account   *Account // who is reported
	Reporter  *Account // a member; nil for a report from elsewhere, and of a member who is gone
	Host      string   // of the server that reports, "": this one
	Category  ReportCategory
	Rules     []string // their words when it was made
	Comment   string
	Forwarded bool     // the account's server was told
	Assigned  *Account // who looks after it, or nil
	Resolved  *Account // who resolved it, or nil
	CreatedAt time.Time
	// ResolvedAt is zero while the report is open.
	ResolvedAt time.Time

	Posts []ReportedPost
	Notes []ReportNote // of [DB.Report] alone, oldest first
}

// Open says whether the report is still to be dealt with.
func (r *Report) Open() bool { return r.ResolvedAt.IsZero() }

// ReportedPost is a post as it was when it was reported.
type ReportedPost struct {
	PostID     int64
	URI        string
	Visibility Visibility
	Text       string // plain
	Gone       bool   // it was deleted since
}

// ReportNote is what a moderator wrote about a report, for the others.
type ReportNote struct {
	ID        int64
	Author    *Account // nil: gone
	Text      string
	CreatedAt time.Time
}

// ReportPage is a part of the list of reports.
type ReportPage struct {
	Reports      []*Report
	Older, Newer int64
}

const reportColumns = `r.id, r.account_id, COALESCE(r.reporter_id, 0), r.host, r.category, r.rules, r.comment, r.forwarded,
	COALESCE(r.assigned_id, 0), COALESCE(r.resolved_id, 0), r.resolved_at, r.created_at`

// Reports lists the open reports or the resolved ones, newest first; with an
// account, only those about it.
func (db *DB) Reports(ctx context.Context, open bool, accountID int64, c Cursor) (*ReportPage, error) {
	list, err := db.reports(ctx, `(r.resolved_at = 0) = ?1 AND (?2 = 0 OR r.account_id = ?2) AND `+c.clause("r.id", 3),
		append([]any{open, accountID}, c.args()...)...)
	if err != nil {
		return nil, err
	}
	var page ReportPage
	page.Reports, page.Older, page.Newer = trim(c, list, func(r *Report) int64 { return r.ID })
	return &page, nil
}

// CountOpenReports counts the reports that wait for a moderator.
func (db *DB) CountOpenReports(ctx context.Context) (n int, err error) {
	err = db.row(ctx, `SELECT COUNT(*) FROM report WHERE resolved_at = 0`, nil, &n)
	return n, err
}

// Report returns one report with its posts and notes.
func (db *DB) Report(ctx context.Context, id int64) (*Report, error) {
	list, err := db.reports(ctx, `r.id = ?`, id)
	if err == nil && len(list) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("report %d: %w", id, err)
	}
	r := list[0]
	r.Notes, err = db.reportNotes(ctx, id)
	return r, err
}

func (db *DB) reports(ctx context.Context, where string, args ...any) ([]*Report, error) {
	type people struct{ account, reporter, assigned, resolved int64 }
	var list []*Report
	var of []people
	ids := map[int64]bool{}
	err := db.rows(ctx, `SELECT `+reportColumns+` FROM report r WHERE `+where, args, func(rows *sql.Rows) error {
		var r Report
		var p people
		var rules string
		var resolved, created int64
		err := rows.Scan(&r.ID, &p.account, &p.reporter, &r.Host, &r.Category, &rules, &r.Comment, &r.Forwarded, &p.assigned, &p.resolved, &resolved, &created)
		if err == nil && rules != "" {
			err = json.Unmarshal([]byte(rules), &r.Rules)
		}
		r.ResolvedAt, r.CreatedAt = fromMillis(resolved), fromMillis(created)
		for _, id := range []int64{p.account, p.reporter, p.assigned, p.resolved} {
			ids[id] = true
		}
		list, of = append(list, &r), append(of, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list reports: %w", err)
	}
	accounts, err := db.accountsByID(ctx, ids)
	for i, r := range list {
		r.Account, r.Reporter = accounts[of[i].account], accounts[of[i].reporter]
		r.Assigned, r.Resolved = accounts[of[i].assigned], accounts[of[i].resolved]
	}
	return list, errors.Join(err, db.fillReportedPosts(ctx, list))
}

// ReportsByID returns the reports among ids.
func (db *DB) ReportsByID(ctx context.Context, ids []int64) (map[int64]*Report, error) {
	found := map[int64]*Report{}
	if len(ids) == 0 {
		return found, nil
	}
	list, err := db.reports(ctx, `r.id IN (SELECT value FROM json_each(?))`, idList(ids))
	for _, r := range list {
		found[r.ID] = r
	}
	return found, err
}

// fillReportedPosts adds to reports the posts that they are about.
func (db *DB) fillReportedPosts(ctx context.Context, reports []*Report) error {
	byID := map[int64]*Report{}
	ids := make([]int64, len(reports))
	for i, r := range reports {
		byID[r.ID], ids[i] = r, r.ID
	}
	return db.rows(ctx, `SELECT x.report_id, x.post_id, x.uri, x.visibility, x.text, p.id IS NULL FROM report_post x LEFT JOIN post p ON p.id = x.post_id
		WHERE x.report_id IN (SELECT value FROM json_each(?)) ORDER BY x.post_id`, []any{idList(ids)}, func(rows *sql.Rows) error {
		var id int64
		var p ReportedPost
		err := rows.Scan(&id, &p.PostID, &p.URI, &p.Visibility, &p.Text, &p.Gone)
		byID[id].Posts = append(byID[id].Posts, p)
		return err
	})
}

func (db *DB) reportNotes(ctx context.Context, id int64) ([]ReportNote, error) {
	var list []ReportNote
	var by []int64
	ids := map[int64]bool{}
	err := db.rows(ctx, `SELECT id, COALESCE(account_id, 0), text, created_at FROM report_note WHERE report_id = ? ORDER BY id`, []any{id}, func(rows *sql.Rows) error {
		var n ReportNote
		var author, created int64
		err := rows.Scan(&n.ID, &author, &n.Text, &created)
		n.CreatedAt = fromMillis(created)
		ids[author] = true
		list, by = append(list, n), append(by, author)
		return err
	})
	if err != nil {
		return nil, err
	}
	accounts, err := db.accountsByID(ctx, ids)
	for i := range list {
		list[i].Author = accounts[by[i]]
	}
	return list, err
}

// AddReportNote writes a note of a moderator on a report. *ReportError if it is
// too long or there are too many.
func (db *DB) AddReportNote(ctx context.Context, moderatorID, reportID int64, text string) error {
	text = strings.TrimSpace(text)
	if content.Count(text) > maxReportText {
		return &ReportError{ReportTooLong, maxReportText}
	}
	return db.write(ctx, "note on report", func(t *tx) error {
		var n int
		err := t.row(`SELECT (SELECT COUNT(*) FROM report_note WHERE report_id = r.id) FROM report r WHERE r.id = ?`, []any{reportID}, &n)
		if err == nil && n >= maxReportNotes {
			err = &ReportError{ReportTooMany, maxReportNotes}
		}
		if err != nil || text == "" {
			return err
		}
		_, err = t.exec(`INSERT INTO report_note (id, report_id, account_id, text, created_at) VALUES (?, ?, ?, ?, ?)`,
			t.db.ids.next(), reportID, moderatorID, text, millis(t.now))
		return err
	})
}

// AssignReport says which moderator looks after a report; 0: nobody.
func (db *DB) AssignReport(ctx context.Context, reportID, moderatorID int64) error {
	return db.changeReport(ctx, "assign report", `assigned_id = NULLIF(?, 0)`, moderatorID, reportID)
}

// ResolveReport ends a report. Of one that is resolved already nothing changes.
func (db *DB) ResolveReport(ctx context.Context, moderatorID, reportID int64) error {
	return db.write(ctx, "resolve report", func(t *tx) error {
		n, err := t.exec(`UPDATE report SET resolved_id = ?, resolved_at = ? WHERE id = ? AND resolved_at = 0`, moderatorID, millis(t.now), reportID)
		if err != nil || n > 0 {
			return err
		}
		known, err := t.exists(`SELECT 1 FROM report WHERE id = ?`, reportID)
		return errors.Join(err, missingIf(err == nil && !known))
	})
}

// ReopenReport makes a resolved report open again.
func (db *DB) ReopenReport(ctx context.Context, reportID int64) error {
	return db.changeReport(ctx, "reopen report", `resolved_id = NULL, resolved_at = ?`, 0, reportID)
}

func (db *DB) changeReport(ctx context.Context, what, set string, value, reportID int64) error {
	return db.write(ctx, what, func(t *tx) error {
		n, err := t.exec(`UPDATE report SET `+set+` WHERE id = ?`, value, reportID)
		return errors.Join(err, missingIf(err == nil && n == 0))
	})
}
