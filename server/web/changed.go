package web

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"seedling/templates"
)

// savedText is one of the texts of a form that replaces what is saved.
type savedText struct{ field, saved, typed string }

// seenOf marks what a form is filled from: one mark for each of its texts. The
// form has them in its hidden field "seen".
func seenOf(texts []savedText) string {
	var marks []string
	for _, v := range texts {
		sum := sha256.Sum256([]byte(v.saved))
		marks = append(marks, base64.RawURLEncoding.EncodeToString(sum[:9]))
	}
	return strings.Join(marks, ".")
}

// changed says which texts were changed since the form was filled, in another tab
// perhaps, and are not what is sent now. What is saved stands beside each: with
// what was typed both are on the page, and the next press of Save replaces it.
func (r *request) changed(texts []savedText) (errs []templates.FieldError) {
	seen := r.form.Get("seen")
	before, now := strings.Split(seen, "."), strings.Split(seenOf(texts), ".")
	if seen == "" || len(before) != len(now) {
		return nil // a form without marks
	}
	for i, v := range texts {
		if before[i] == now[i] || v.typed == v.saved {
			continue
		}
		if v.saved == "" {
			errs = append(errs, mistake(v.field, "error.emptied"))
		} else {
			m := mistake(v.field, "error.changed")
			m.Saved = v.saved
			errs = append(errs, m)
		}
	}
	return errs
}
