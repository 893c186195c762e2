package web

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"seedling/store"
	"seedling/templates"
)

// Inbound tells how many deliveries of other servers had no effect since the
// start, by type or reason.
type Inbound func() (ignored, refused map[string]int)

// maxReasons is how many types or reasons are listed, the most frequent first.
const maxReasons = 50

// hostTabs are the parts of the list of servers, by ?show=.
var hostTabs = []struct {
	show, key string
	filter    store.HostFilter
	count     func(store.HostCounts) int
}{
	{"", "federation.show_all", store.AllHosts, func(c store.HostCounts) int { return c.Hosts }},
	{"failing", "federation.show_failing", store.FailingHosts, func(c store.HostCounts) int { return c.Failing }},
	{"waiting", "federation.show_waiting", store.HostsWithQueue, func(store.HostCounts) int { return 0 }},
}

// showFederation is /admin/federation: the servers that are known, and how well
// they are.
func (s *Server) showFederation(w http.ResponseWriter, r *request) error {
	counts, err := s.db.CountHosts(r.Context())
	if err != nil {
		return err
	}
	page := templates.FederationPage{Frame: s.frame(r), Waiting: counts.Waiting}
	filter := store.AllHosts
	show := r.query("show")
	for _, tab := range hostTabs {
		if show == tab.show {
			filter = tab.filter
		}
		page.Tabs = append(page.Tabs, templates.CountTab{Key: tab.key, N: tab.count(counts), URL: listURL(r.URL.Path, tab.show, ""), Current: show == tab.show})
	}
	hosts, err := s.db.Hosts(r.Context(), filter, r.query("after"), serversPerPage+1)
	if err != nil {
		return err
	}
	if len(hosts) > serversPerPage {
		hosts = hosts[:serversPerPage]
		page.Next = listURL(r.URL.Path, show, hosts[serversPerPage-1].Host)
	}
	for _, h := range hosts {
		page.Rows = append(page.Rows, s.hostView(r, h))
	}
	if s.inbound != nil {
		ignored, refused := s.inbound()
		page.Ignored, page.Refused = counted(ignored), counted(refused)
	}
	return s.render(w, r, http.StatusOK, page)
}

// counted sorts counters, the largest first.
func counted(n map[string]int) []templates.Counted {
	keys := slices.SortedFunc(maps.Keys(n), func(a, b string) int { return cmp.Or(cmp.Compare(n[b], n[a]), cmp.Compare(a, b)) })
	var list []templates.Counted
	for _, key := range keys[:min(len(keys), maxReasons)] {
		list = append(list, templates.Counted{What: key, N: n[key]})
	}
	return list
}

func (s *Server) hostView(r *request, h *store.HostHealth) templates.Host {
	v := templates.Host{
		Name: h.Host, Software: h.Software, Version: h.Version, Heard: s.moment(r, h.HeardAt), Delivered: s.moment(r, h.DeliveredAt),
		Waiting: h.Waiting, Oldest: s.moment(r, h.OldestAt), FailingSince: s.moment(r, h.FailingSince), Failures: h.Failures,
		Cause: string(h.Cause), Reason: h.Text, Signature: h.Signature,
	}
	if h.RetryAt.After(s.now()) {
		v.RetryAt = s.moment(r, h.RetryAt)
	}
	return v
}

// hostOfPath is the server that a path names.
func (s *Server) hostOfPath(r *request) (*store.HostHealth, error) {
	return s.db.HostHealth(r.Context(), r.param("host"))
}

func hostPath(host string) string { return "/admin/federation/" + url.PathEscape(host) }

// showHost is /admin/federation/{host}.
func (s *Server) showHost(w http.ResponseWriter, r *request) error {
	h, err := s.hostOfPath(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, templates.HostPage{Frame: s.frame(r), Host: s.hostView(r, h)})
}

// retryHost has a failing server tried at once.
func (s *Server) retryHost(w http.ResponseWriter, r *request) error {
	if err := s.db.RetryHost(r.Context(), r.param("host")); err != nil {
		return err
	}
	return s.backWith(w, r, hostPath(r.param("host")), "flash.host_retried")
}

// showDropQueue asks before everything that waits for a server is dropped.
func (s *Server) showDropQueue(w http.ResponseWriter, r *request) error {
	h, err := s.hostOfPath(r)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, templates.ConfirmPage{
		Frame: s.frame(r), Title: templates.M("federation.drop_title", "host", h.Host),
		Body:   []templates.Msg{templates.M("federation.drop_text", "n", h.Waiting), templates.M("federation.drop_authors")},
		Action: hostPath(h.Host) + "/drop", Button: "federation.drop", Danger: true, Cancel: hostPath(h.Host),
	})
}

// dropQueue drops everything that waits for a server.
func (s *Server) dropQueue(w http.ResponseWriter, r *request) error {
	if _, err := s.db.DropQueue(r.Context(), r.param("host")); err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.queue_dropped")})
	return redirect(w, r, hostPath(r.param("host")))
}
