package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"seedling/store/content"
)

// HouseRule is one of the server's rules. Its place in the list is its number.
type HouseRule struct {
	Text string // one line
	Hint string // what it means; may be empty
}

// HouseRules lists the rules in their order.
func (db *DB) HouseRules(ctx context.Context) ([]HouseRule, error) {
	s, err := db.Settings(ctx)
	if err != nil {
		return nil, err
	}
	hints := map[string]string{}
	err = db.rows(ctx, `SELECT rule, hint FROM rule_hint`, nil, func(rows *sql.Rows) error {
		var rule, hint string
		err := rows.Scan(&rule, &hint)
		hints[rule] = hint
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list rules: %w", err)
	}
	rules := make([]HouseRule, len(s.Rules))
	for i, text := range s.Rules {
		rules[i] = HouseRule{Text: text, Hint: hints[text]}
	}
	return rules, nil
}

// SetHouseRules replaces the rules and what explains them. It returns *InputError if
// there are too many, or for one that is too long.
func (db *DB) SetHouseRules(ctx context.Context, rules []HouseRule) error {
	if len(rules) > maxRules {
		return &InputError{Field: "rules", Problem: InputMany, Limit: maxRules}
	}
	lines := make([]string, len(rules))
	for i, r := range rules {
		var err error
		if lines[i], err = line("rule", r.Text, maxRule); err != nil {
			return err
		}
		if content.Count(r.Hint) > maxRuleHint {
			return &InputError{Field: "hint", Problem: InputLong, Limit: maxRuleHint}
		}
	}
	return db.write(ctx, "set rules", func(t *tx) error {
		if err := putSetting(t, "rules", strings.Join(lines, "\n")); err != nil {
			return err
		}
		if _, err := t.exec(`DELETE FROM rule_hint`); err != nil {
			return err
		}
		for i, r := range rules {
			if hint := strings.TrimSpace(r.Hint); hint != "" {
				if _, err := t.exec(`INSERT OR REPLACE INTO rule_hint (rule, hint) VALUES (?, ?)`, lines[i], hint); err != nil {
					return err
				}
			}
		}
		t.onCommit(db.forgetSettings)
		return nil
	})
}
