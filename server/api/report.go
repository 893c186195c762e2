package api

import (
	"errors"
	"net/http"

	"seedling/store"
)

// report is the entity Report.
type report struct {
	ID          string   `json:"id"`
	Taken       bool     `json:"action_taken"`
	TakenAt     *string  `json:"action_taken_at"`
	Category    string   `json:"category"`
	Comment     string   `json:"comment"`
	Forwarded   bool     `json:"forwarded"`
	CreatedAt   string   `json:"created_at"`
	StatusIDs   []string `json:"status_ids"`
	RuleIDs     []string `json:"rule_ids"`
	Collections []string `json:"collection_ids"`
	Target      *account `json:"target_account"`
}

// reportCategory is a category in the API's words, and back.
var reportCategories = map[string]store.ReportCategory{
	"": store.ReportOther, "other": store.ReportOther, "spam": store.ReportSpam, "violation": store.ReportRule, "legal": store.ReportLegal,
}

func reportCategory(c store.ReportCategory) string {
	if c == store.ReportRule {
		return "violation"
	}
	return c.String()
}

// createReport is POST reports.
func (s *Server) createReport(w http.ResponseWriter, r *request) error {
	accountID, err := r.idParam("account_id")
	if err != nil {
		return err
	}
	category, ok := reportCategories[r.params.Get("category")]
	if !ok {
		return invalid("Category is not included in the list")
	}
	n := store.NewReport{ReporterID: r.me(), AccountID: accountID, PostIDs: r.idList("status_ids"), Category: category,
		Comment: r.params.Get("comment"), Forward: r.params.Bool("forward", false)}
	for _, rule := range r.idList("rule_ids") {
		n.Rules = append(n.Rules, int(rule)-1) // the API counts from 1
	}
	if len(n.Rules) > 0 {
		n.Category = store.ReportRule
	}
	a, err := s.db.Account(r.Context(), accountID)
	if err != nil {
		return err
	}
	reportID, err := s.db.CreateReport(r.Context(), n)
	if err != nil {
		return explainReport(err)
	}
	e, err := s.entities(r)
	if err != nil {
		return err
	}
	people, err := e.accounts(r.Context(), []*store.Account{a})
	if err != nil {
		return err
	}
	v := report{ID: id(reportID), Category: reportCategory(n.Category), Comment: n.Comment, Forwarded: n.Forward && !a.Local(),
		CreatedAt: moment(store.IDTime(reportID)), StatusIDs: []string{}, RuleIDs: []string{}, Collections: []string{}, Target: people[0]}
	for _, postID := range n.PostIDs {
		v.StatusIDs = append(v.StatusIDs, id(postID))
	}
	for _, rule := range n.Rules {
		v.RuleIDs = append(v.RuleIDs, id(int64(rule)+1))
	}
	return s.json(w, v)
}

// explainReport says why nothing was reported.
func explainReport(err error) error {
	var wrong *store.ReportError
	if !errors.As(err, &wrong) {
		return err
	}
	if wrong.Problem == store.ReportTooMany {
		return &apiError{http.StatusTooManyRequests, "Too many reports"}
	}
	return invalid("%s", wrong.Problem)
}
