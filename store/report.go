package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"seedling/store/content"
)

// ReportCategory is what somebody is reported for.
type ReportCategory int

// The categories of reports.
const (
	ReportOther ReportCategory = iota
	ReportSpam
	ReportRule // it breaks rules of this server
	ReportLegal
)

var reportCategories = [...]string{"other", "spam", "rule", "legal"}

// String names the category as forms write it.
func (c ReportCategory) String() string { return reportCategories[c] }

// ParseReportCategory reads a category as forms write it.
func ParseReportCategory(s string) (ReportCategory, bool) {
	i := slices.Index(reportCategories[:], s)
	return ReportCategory(max(i, 0)), i >= 0
}

// NewReport is what a member reports to the moderators.
type NewReport struct {
	ReporterID int64
	AccountID  int64
	PostIDs    []int64 // of that account
	Category   ReportCategory
	Rules      []int // of ReportRule: their places in Settings.Rules
	Comment    string
	Forward    bool   // tell the account's server, without saying who reports
	Token      string // of the form: sent twice it makes one report
}

// RemoteReport is what another server reports about an account of this one. Who
// reports there is not kept.
type RemoteReport struct {
	URI       string // of the Flag, may be ""
	Host      string
	FromID    int64 // the account that sent it
	AccountID int64
	PostURIs  []string
	Comment   string
}

// ReportError says why a report is refused; nothing was stored.
type ReportError struct {
	Problem ReportProblem
	Limit   int
}

func (e *ReportError) Error() string { return "report: " + string(e.Problem) }

// ReportProblem is what is wrong with a report.
type ReportProblem string

// The ways in which a report is refused.
const (
	ReportTooLong ReportProblem = "the comment is too long"
	ReportTooMany ReportProblem = "too many reports in a short time"
	ReportNoRule  ReportProblem = "no rule is chosen"
	ReportPosts   ReportProblem = "too many posts are chosen"
)

// CreateReport stores a member's report, tells the moderators, and has the
// account's server told if it is to be. It returns the report's id: with a token
// that was used before, that of the first. *ReportError for what is too much,
// ErrForbidden for a report about oneself, ErrNotFound for an account or a post
// that is not there for the member or not of that account.
func (db *DB) CreateReport(ctx context.Context, n NewReport) (id int64, err error) {
	settings, err := db.Settings(ctx)
	if err != nil {
		return 0, err
	}
	rules, err := n.check(settings)
	if err != nil {
		return 0, err
	}
	err = db.write(ctx, "report", func(t *tx) error {
		id, err = createReport(t, n, rules)
		return err
	})
	return id, err
}

// check looks at what needs no store and gives the words of the rules.
func (n *NewReport) check(s Settings) (rules []string, err error) {
	n.Comment = strings.TrimSpace(n.Comment)
	switch {
	case n.ReporterID == n.AccountID:
		return nil, fmt.Errorf("report oneself: %w", ErrForbidden)
	case content.Count(n.Comment) > maxReportText:
		return nil, &ReportError{ReportTooLong, maxReportText}
	case len(n.PostIDs) > maxReportPosts:
		return nil, &ReportError{ReportPosts, maxReportPosts}
	case n.Category != ReportRule:
		return nil, nil
	}
	for i, rule := range s.Rules {
		if slices.Contains(n.Rules, i) {
			rules = append(rules, rule)
		}
	}
	if len(rules) == 0 {
		return nil, &ReportError{Problem: ReportNoRule}
	}
	return rules, nil
}

func createReport(t *tx, n NewReport, rules []string) (int64, error) {
	key := "form:" + strconv.FormatInt(n.ReporterID, 10) + ":" + n.Token
	if n.Token == "" {
		key = "new:" + strconv.FormatInt(t.db.ids.next(), 10)
	}
	if id, err := reportByKey(t, key); err == nil || !errors.Is(err, ErrNotFound) {
		return id, err
	}
	a, err := txAccount(t, `a.id = ? AND a.state <> 2 AND a.kind <> 2`, n.AccountID)
	if err != nil {
		return 0, err
	}
	if err := reportLimit(t, `reporter_id = ?`, n.ReporterID, maxReportsOfMember); err != nil {
		return 0, err
	}
	var posts []*Post
	for _, id := range n.PostIDs {
		p, err := txVisible(t, id, AsMember(n.ReporterID))
		if err == nil && p.AccountID != a.ID {
			err = ErrNotFound
		}
		if err != nil {
			return 0, err
		}
		posts = append(posts, p)
	}
	forward := n.Forward && !a.Local()
	id := t.db.ids.next()
	_, err = t.exec(`INSERT INTO report (id, account_id, reporter_id, key, category, rules, comment, forwarded, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id, a.ID, n.ReporterID, key, n.Category, encodeJSON(rules), n.Comment, forward, millis(t.now))
	if err == nil {
		err = keepReported(t, id, posts)
	}
	if err == nil {
		err = tellStaff(t, id, a.ID, n.ReporterID)
	}
	if err != nil || !forward {
		return id, err
	}
	return id, forwardReport(t, id, a, posts, n.Comment)
}

// forwardReport has the server itself tell that of the reported account. What
// was written for few is left out: it would say who reports.
func forwardReport(t *tx, id int64, a *Account, posts []*Post, comment string) error {
	actor, err := txInstanceActor(t)
	if err != nil {
		return err
	}
	d := OutboxDetail{TargetID: a.ID, ActivityURI: t.db.base + "/ap/flags/" + strconv.FormatInt(id, 10), Comment: comment}
	for _, p := range posts {
		if p.Visibility <= Unlisted {
			d.Reported = append(d.Reported, p.URI)
		}
	}
	return addOutbox(t, OutboxFlag, actor, d)
}

// ReceiveReport stores what another server reports and tells the moderators. The
// same again changes nothing. *ReportError if its host has sent too many.
func (db *DB) ReceiveReport(ctx context.Context, r RemoteReport) error {
	r.Comment = cut(strings.TrimSpace(r.Comment), maxReportBytes)
	return db.write(ctx, "receive report", func(t *tx) error {
		a, err := txAccount(t, `a.id = ? AND a.host = '' AND a.state <> 2 AND a.kind <> 2`, r.AccountID)
		if err != nil {
			return err
		}
		if again, err := reportedBefore(t, r); err != nil || again {
			return err
		}
		if err := reportLimit(t, `host = ?`, r.Host, maxReportsOfHost); err != nil {
			return err
		}
		posts, err := reportedPosts(t, r)
		if err != nil {
			return err
		}
		id := t.db.ids.next()
		_, err = t.exec(`INSERT INTO report (id, account_id, host, key, category, comment, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			id, a.ID, r.Host, r.key(id), ReportOther, r.Comment, millis(t.now))
		if err == nil {
			err = keepReported(t, id, posts)
		}
		if err != nil {
			return err
		}
		return tellStaff(t, id, a.ID, r.FromID)
	})
}

// key tells copies of one report apart from others. One activity may report
// several accounts.
func (r RemoteReport) key(id int64) string {
	if r.URI == "" {
		return "new:" + strconv.FormatInt(id, 10)
	}
	return "flag:" + strconv.FormatInt(r.AccountID, 10) + ":" + r.URI
}

// reportedBefore finds the same activity, or an open report that says the same.
func reportedBefore(t *tx, r RemoteReport) (bool, error) {
	return t.exists(`SELECT 1 FROM report WHERE key = ?1 OR host = ?2 AND account_id = ?3 AND comment = ?4 AND resolved_at = 0
		AND (SELECT COUNT(*) FROM report_post WHERE report_id = id) >= ?5`, r.key(0), r.Host, r.AccountID, r.Comment, len(r.PostURIs))
}

// reportedPosts finds the posts of a report from elsewhere. Those that the
// reporting server can't know, by whatever guess, are not shown to moderators
// either.
func reportedPosts(t *tx, r RemoteReport) ([]*Post, error) {
	var posts []*Post
	for _, uri := range r.PostURIs[:min(len(r.PostURIs), maxReportPosts)] {
		id, ok := t.db.localPostID(uri)
		if !ok {
			continue
		}
		p, err := txPost(t, `p.id = ?1 AND p.account_id = ?2 AND (p.visibility <= 2 OR p.visibility = 3
			AND EXISTS (SELECT 1 FROM mention m JOIN account a ON a.id = m.account_id WHERE m.post_id = p.id AND a.host = ?3))`, id, r.AccountID, r.Host)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		posts = append(posts, p)
	}
	return posts, nil
}

func reportByKey(t *tx, key string) (id int64, err error) {
	err = t.row(`SELECT id FROM report WHERE key = ?`, []any{key}, &id)
	return id, err
}

// reportLimit bounds the reports of one source within reportsWithin.
func reportLimit(t *tx, source string, arg any, limit int) error {
	var n int
	err := t.row(`SELECT COUNT(*) FROM report WHERE `+source+` AND created_at > ?`, []any{arg, millis(t.now.Add(-reportsWithin))}, &n)
	if err == nil && n >= limit {
		return &ReportError{ReportTooMany, limit}
	}
	return err
}

func keepReported(t *tx, reportID int64, posts []*Post) error {
	for _, p := range posts {
		_, err := t.exec(`INSERT OR IGNORE INTO report_post (report_id, post_id, uri, visibility, text) VALUES (?, ?, ?, ?, ?)`,
			reportID, p.ID, p.URI, p.Visibility, reportedText(p))
		if err != nil {
			return err
		}
	}
	return nil
}

// reportedText is what a post said, as plain text.
func reportedText(p *Post) string {
	var parts []string
	for _, part := range []string{p.Title, p.ContentWarning, content.Excerpt(p.HTML, maxReportText)} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "\n\n")
}

// tellStaff notifies the moderators of a report, except the reported one.
func tellStaff(t *tx, reportID, reportedID, fromID int64) error {
	var ids []int64
	err := t.rows(`SELECT account_id FROM user WHERE role >= ? AND state = 0 AND account_id <> ?`, []any{Moderator, reportedID}, func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	})
	for _, id := range ids {
		err = errors.Join(err, notify(t, id, NotifyReport, fromID, 0))
	}
	if err != nil {
		return err
	}
	_, err = t.exec(`UPDATE notification SET report_id = ?1 WHERE report_id IS NULL AND kind = ?2 AND from_id = ?3 AND created_at = ?4`,
		reportID, NotifyReport, fromID, millis(t.now))
	return err
}

// reportsWithin is the time in which reports of one source are counted.
const reportsWithin = 24 * time.Hour
