package web

import (
	"net/http"
	"net/url"
	"strconv"

	"seedling/store"
	"seedling/templates"
)

// serversPerPage is how many servers a list shows, by name.
const serversPerPage = 100

// deliveryTabs are the parts of a post's delivery page, by ?show=.
var deliveryTabs = []struct {
	show, key string
	filter    store.DeliveryFilter
	count     func(store.DeliveryCounts) int
}{
	{"", "delivery.show_all", store.AllDeliveries, store.DeliveryCounts.Total},
	{"waiting", "delivery.show_waiting", store.WaitingDeliveries, func(c store.DeliveryCounts) int { return c.Waiting }},
	{"failed", "delivery.show_failed", store.FailedDeliveries, func(c store.DeliveryCounts) int { return c.Failed }},
	{"arrived", "delivery.show_arrived", store.ArrivedDeliveries, func(c store.DeliveryCounts) int { return c.Arrived }},
}

// showDelivery is /posts/{id}/delivery: what became of a member's own post at
// each server that was to be told.
func (s *Server) showDelivery(w http.ResponseWriter, r *request) error {
	v, err := s.ownPost(r)
	if err != nil {
		return err
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	counts, err := s.db.CountPostDeliveries(r.Context(), v.ID)
	if err != nil {
		return err
	}
	page := templates.PostDeliveryPage{Frame: s.frame(r), Post: c.post(v)}
	filter := store.AllDeliveries
	show := r.query("show")
	for _, tab := range deliveryTabs {
		if show == tab.show {
			filter = tab.filter
		}
		page.Tabs = append(page.Tabs, templates.CountTab{Key: tab.key, N: tab.count(counts), URL: listURL(deliveryPath(v.ID), tab.show, ""), Current: show == tab.show})
	}
	list, err := s.db.PostDeliveries(r.Context(), v.ID, filter, r.query("after"), serversPerPage+1)
	if err != nil {
		return err
	}
	if len(list) > serversPerPage {
		list = list[:serversPerPage]
		page.Next = listURL(deliveryPath(v.ID), show, list[serversPerPage-1].Host)
	}
	for _, d := range list {
		page.Rows = append(page.Rows, s.deliveryView(r, d))
	}
	return s.render(w, r, http.StatusOK, page)
}

func deliveryPath(postID int64) string {
	return "/posts/" + strconv.FormatInt(postID, 10) + "/delivery"
}

// listURL is a list of servers with a part of it chosen, from after a host on.
func listURL(path, show, after string) string {
	q := url.Values{}
	if show != "" {
		q.Set("show", show)
	}
	if after != "" {
		q.Set("after", after)
	}
	return (&url.URL{Path: path, RawQuery: q.Encode()}).String()
}

func (s *Server) deliveryView(r *request, d *store.PostDelivery) templates.PostDelivery {
	v := templates.PostDelivery{
		Host: d.Host, At: s.moment(r, d.At), RetryAt: s.moment(r, d.RetryAt), Cause: string(d.Cause), Reason: d.Text,
	}
	switch {
	case d.State == store.DeliveryArrived:
		v.State = "arrived"
		return v
	case d.State == store.DeliveryRefused:
		v.State = "refused"
	case d.State == store.DeliveryGivenUp:
		v.State = "given_up"
	case d.RetryAt.After(s.now()):
		v.State = "retrying"
	default:
		v.State = "waiting"
	}
	v.ToldAt = s.moment(r, d.ToldAt)
	return v
}

// sendAgain is POST /posts/{id}/delivery: tell one server once more.
func (s *Server) sendAgain(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if err := s.db.SendAgain(r.Context(), r.viewerID(), id, r.text("host")); err != nil {
		return err
	}
	return s.backWith(w, r, deliveryPath(id), "flash.sent_again")
}
