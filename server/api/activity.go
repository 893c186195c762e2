package api

import (
	"net/http"
	"strconv"
)

// activityWeeks is how far back instance/activity goes, as at Mastodon.
const activityWeeks = 12

// showActivity is GET instance/activity: what happened in the last weeks, this
// one first. Its numbers are texts.
func (s *Server) showActivity(w http.ResponseWriter, r *request) error {
	weeks, err := s.db.Activity(r.Context(), activityWeeks)
	if err != nil {
		return err
	}
	type activity struct {
		Week          string `json:"week"`
		Statuses      string `json:"statuses"`
		Logins        string `json:"logins"`
		Registrations string `json:"registrations"`
	}
	list := make([]activity, len(weeks))
	for i, week := range weeks {
		list[i] = activity{strconv.FormatInt(week.Begin.Unix(), 10), strconv.Itoa(week.Posts), strconv.Itoa(week.Logins), strconv.Itoa(week.Registrations)}
	}
	return s.json(w, list)
}
