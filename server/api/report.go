package api

import (
	"errors"
	"net/http"
	"slices"

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
	reportID, err := s.db.CreateReport(r.Context(), n)
	if err != nil {
		return explainReport(err)
	}
	made, err := s.db.ReportsByID(r.Context(), []int64{reportID})
	if err != nil {
		return err
	}
	list, err := s.reports(r, made)
	if err != nil {
		return err
	}
	return s.json(w, list[reportID])
}

// reports makes the entities.
func (s *Server) reports(r *request, made map[int64]*store.Report) (map[int64]*report, error) {
	if len(made) == 0 {
		return nil, nil
	}
	e, err := s.entities(r)
	if err != nil {
		return nil, err
	}
	rules, err := s.db.HouseRules(r.Context())
	if err != nil {
		return nil, err
	}
	var people []*store.Account
	for _, n := range made {
		people = append(people, n.Account)
	}
	if err := e.loadPeople(r.Context(), people); err != nil {
		return nil, err
	}
	list := make(map[int64]*report, len(made))
	for reportID, n := range made {
		list[reportID] = e.report(n, rules)
	}
	return list, nil
}

// report makes the entity. Of the rules that it names those have an id that stand
// as they did when it was made.
func (e *entities) report(n *store.Report, rules []store.HouseRule) *report {
	v := &report{ID: id(n.ID), Taken: !n.Open(), TakenAt: momentOrNil(n.ResolvedAt), Category: reportCategory(n.Category), Comment: n.Comment, Forwarded: n.Forwarded,
		CreatedAt: moment(n.CreatedAt), StatusIDs: []string{}, RuleIDs: []string{}, Collections: []string{}, Target: e.account(n.Account)}
	for _, p := range n.Posts {
		v.StatusIDs = append(v.StatusIDs, id(p.PostID))
	}
	for i, rule := range rules {
		if slices.Contains(n.Rules, rule.Text) {
			v.RuleIDs = append(v.RuleIDs, id(int64(i)+1))
		}
	}
	return v
}

// explainReport says why nothing was reported.
func explainReport(err error) error {
	var wrong *store.ReportError
	if !errors.As(err, &wrong) {
		return err
	}
	if wrong.Problem == store.ReportTooMany {
		return &apiError{status: http.StatusTooManyRequests, text: "Too many reports"}
	}
	return invalid("%s", wrong.Problem)
}
