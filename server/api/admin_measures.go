package api

import (
	"net/http"
	"strconv"
	"time"

	"seedling/store"
)

// measure is the entity Admin::Measure. Its numbers are texts.
type measure struct {
	Key      string       `json:"key"`
	Unit     *string      `json:"unit"`
	Total    string       `json:"total"`
	Previous string       `json:"previous_total"` // of as many days before
	Data     []measureDay `json:"data"`
}

type measureDay struct {
	Date  string `json:"date"`
	Value string `json:"value"`
}

// measures are those of Mastodon's that are counted here.
var measures = map[string]store.Measure{
	"new_users": store.MeasureNewUsers, "active_users": store.MeasureActiveUsers,
	"opened_reports": store.MeasureOpenedReports, "resolved_reports": store.MeasureResolvedReports,
}

// showMeasures is POST admin/measures: for each key what was counted on each day.
// Keys that are not counted here are left out.
func (s *Server) showMeasures(w http.ResponseWriter, r *request) error {
	from, to, err := r.days()
	if err != nil {
		return err
	}
	days := int(to.Sub(from)/(24*time.Hour)) + 1
	list := []measure{}
	for _, key := range r.params.All("keys") {
		what, ok := measures[key]
		if !ok || len(list) == len(measures) {
			continue
		}
		v, err := s.measure(r, key, what, from, days)
		if err != nil {
			return err
		}
		list = append(list, v)
	}
	return s.json(w, list)
}

func (s *Server) measure(r *request, key string, what store.Measure, from time.Time, days int) (measure, error) {
	v := measure{Key: key, Data: []measureDay{}}
	counts, err := s.db.MeasureDays(r.Context(), what, from.AddDate(0, 0, -days), 2*days)
	if err != nil {
		return v, err
	}
	sum := func(list []int) string {
		n := 0
		for _, count := range list {
			n += count
		}
		return strconv.Itoa(n)
	}
	v.Previous, v.Total = sum(counts[:days]), sum(counts[days:])
	for i, n := range counts[days:] {
		v.Data = append(v.Data, measureDay{moment(from.AddDate(0, 0, i)), strconv.Itoa(n)})
	}
	return v, nil
}

// days reads from which day to which is to be counted.
func (r *request) days() (from, to time.Time, err error) {
	from, okFrom := readDay(r.params.Get("start_at"))
	to, okTo := readDay(r.params.Get("end_at"))
	if !okFrom || !okTo || to.Before(from) || to.Sub(from) >= maxMeasureDays*24*time.Hour {
		err = invalid("Start at and end at must be dates, at most %d days apart", maxMeasureDays)
	}
	return from, to, err
}

// readDay reads a day, or the day of a moment.
func readDay(text string) (time.Time, bool) {
	for _, layout := range []string{"2006-01-02", time.RFC3339} {
		if at, err := time.Parse(layout, text); err == nil && at.Year() >= 2000 {
			return at.UTC().Truncate(24 * time.Hour), true
		}
	}
	return time.Time{}, false
}
