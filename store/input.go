package store

import (
	"strings"

	"seedling/store/content"
)

// InputError says why something that a member wants kept can't be; nothing was
// stored.
type InputError struct {
	Field   string // as forms name it
	Problem InputProblem
	Limit   int // InputLong, InputMany: what is allowed
}

func (e *InputError) Error() string { return e.Field + ": " + string(e.Problem) }

// InputProblem is what is wrong with a field.
type InputProblem string

// The ways in which a field is refused.
const (
	InputEmpty   InputProblem = "is empty"
	InputLong    InputProblem = "is too long"
	InputMany    InputProblem = "are too many"
	InputRefused InputProblem = "is not one of the choices"
	InputPattern InputProblem = "is no pattern that can be used"
)

// line checks a one-line text of 1 to limit characters.
func line(field, text string, limit int) (string, error) {
	text = strings.Join(strings.Fields(text), " ")
	switch {
	case text == "":
		return "", &InputError{Field: field, Problem: InputEmpty}
	case len(text) > 16*limit || content.Count(text) > limit:
		return "", &InputError{Field: field, Problem: InputLong, Limit: limit}
	}
	return text, nil
}
