package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"seedling/server/param"
	"seedling/store"
)

// apiError is an answer that is an error: what the app is told, and, so that it
// can say it beside the field, what is wrong with which parameter.
type apiError struct {
	status  int
	text    string
	details map[string][]detail
}

// detail is what is wrong with a parameter: one of Mastodon's codes, and words.
type detail struct {
	Code string `json:"error"`
	Text string `json:"description"`
}

// wrongField says what is wrong with a parameter; name is what people call it.
func wrongField(field, name, code, problem string) *apiError {
	return &apiError{http.StatusUnprocessableEntity, "Validation failed: " + name + " " + problem, map[string][]detail{field: {{code, problem}}}}
}

// inputCodes are Mastodon's codes for what is wrong with a field.
var inputCodes = map[store.InputProblem]string{
	store.InputEmpty: "ERR_BLANK", store.InputLong: "ERR_TOO_LONG", store.InputMany: "ERR_TOO_LONG", store.InputRefused: "ERR_INCLUSION", store.InputPattern: "ERR_INVALID",
}

func (e *apiError) Error() string { return e.text }

// invalid says why what was sent can't be taken, in Mastodon's words.
func invalid(format string, args ...any) error {
	return &apiError{status: http.StatusUnprocessableEntity, text: "Validation failed: " + fmt.Sprintf(format, args...)}
}

// badRequest is for what no app should send.
func badRequest(format string, args ...any) error {
	return &apiError{status: http.StatusBadRequest, text: fmt.Sprintf(format, args...)}
}

// explain says what an error looks like. This is the one table from errors to
// statuses. What a member may not see does not exist, and so is what is deleted.
func explain(err error) *apiError {
	var own *apiError
	var wrong *param.Error
	var post *store.PostError
	var vote *store.VoteError
	var profile *store.ProfileError
	var input *store.InputError
	if e := explainMedia(err); e != nil {
		return e
	}
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &wrong):
		return &apiError{status: wrong.Status, text: wrong.Problem}
	case errors.As(err, &post):
		return explainPost(post)
	case errors.As(err, &vote):
		return &apiError{status: http.StatusUnprocessableEntity, text: "Validation failed: " + voteProblems[vote.Problem]}
	case errors.As(err, &profile):
		return &apiError{status: http.StatusUnprocessableEntity, text: fmt.Sprintf("Validation failed: %s: the limit is %d", profile.Part, profile.Limit)}
	case errors.As(err, &input):
		return wrongField(input.Field, input.Field+":", inputCodes[input.Problem], string(input.Problem))
	case errors.Is(err, store.ErrNotEmoji):
		return &apiError{status: http.StatusUnprocessableEntity, text: "Validation failed: Name is not a recognized emoji"}
	case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrGone):
		return &apiError{status: http.StatusNotFound, text: "Record not found"}
	case errors.Is(err, store.ErrForbidden), errors.Is(err, store.ErrBlocked), errors.Is(err, store.ErrMoved):
		return errRole
	case errors.Is(err, store.ErrConflict), errors.Is(err, store.ErrStale):
		return &apiError{status: http.StatusConflict, text: "Conflict during update, please try again"}
	case errors.Is(err, store.ErrClosed):
		return &apiError{status: http.StatusServiceUnavailable, text: "The server is stopping"}
	case store.NoRoom(err):
		return &apiError{status: http.StatusInsufficientStorage, text: "The server's disk is full: nothing was saved. Tell its admin, and try again later"}
	}
	return &apiError{status: http.StatusInternalServerError, text: "There was a problem on the server"}
}

var voteProblems = map[store.VoteProblem]string{
	store.VoteOwn:     "You cannot vote in your own polls",
	store.VoteEnded:   "The poll has already ended",
	store.VoteTwice:   "You have already voted on this poll",
	store.VoteNothing: "No option is chosen",
	store.VoteMany:    "Only one option may be chosen",
	store.VoteUnknown: "The chosen vote option does not exist",
}

// fail answers with an error. Only those that nobody expected are logged.
func (s *Server) fail(w http.ResponseWriter, r *request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // the app has gone
	}
	e := explain(err)
	if e.status == http.StatusInternalServerError {
		s.log.Error("client API failed", "method", r.Method, "path", r.URL.Path, "error", err)
	}
	if e.status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="Seedling", error="invalid_token"`)
	}
	s.answer(w, e.status, struct {
		Error   string              `json:"error"`
		Details map[string][]detail `json:"details,omitempty"`
	}{e.text, e.details})
}

// notFound answers what there is not, as JSON: apps try what they know.
func (s *Server) notFound(w http.ResponseWriter, r *request) error { return store.ErrNotFound }
