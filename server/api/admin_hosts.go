package api

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"seedling/store"
)

// adminHost is the entities Admin::DomainBlock and Admin::DomainAllow. A server
// stands in a list of the settings, so its name is its id.
type adminHost struct {
	ID           string `json:"id"`
	Domain       string `json:"domain"`
	Digest       string `json:"digest,omitempty"`
	CreatedAt    string `json:"created_at"`
	Severity     string `json:"severity,omitempty"`
	RejectMedia  *bool  `json:"reject_media,omitempty"`
	RejectReport *bool  `json:"reject_reports,omitempty"`
	Private      string `json:"private_comment"`
	Public       string `json:"public_comment"`
	Obfuscate    bool   `json:"obfuscate"`
}

// hostList is one of the two lists of servers in the settings.
type hostList struct {
	key   string
	list  func(store.Settings) store.HostList
	block bool
}

var (
	blockedHosts = hostList{"blocked_hosts", func(s store.Settings) store.HostList { return s.BlockedHosts }, true}
	allowedHosts = hostList{"allowed_hosts", func(s store.Settings) store.HostList { return s.AllowedHosts }, false}
)

func (l hostList) entity(host string) adminHost {
	v := adminHost{ID: host, Domain: host, CreatedAt: "1970-01-01T00:00:00.000Z"} // since when is not kept
	if l.block {
		yes := true
		v.Severity, v.RejectMedia, v.RejectReport = "suspend", &yes, &yes
		v.Digest = digest(host)
	}
	return v
}

// showHosts is GET admin/domain_blocks and admin/domain_allows.
func (s *Server) showHosts(l hostList) handler {
	return func(w http.ResponseWriter, r *request) error {
		settings, err := s.db.Settings(r.Context())
		if err != nil {
			return err
		}
		list := []adminHost{}
		for _, host := range l.list(settings) {
			list = append(list, l.entity(host))
		}
		return s.json(w, list)
	}
}

// showHost is GET admin/domain_blocks/:id and its like.
func (s *Server) showHost(l hostList) handler {
	return func(w http.ResponseWriter, r *request) error {
		settings, err := s.db.Settings(r.Context())
		if err != nil {
			return err
		}
		host := r.path.ByName("id")
		if !slices.Contains(l.list(settings), host) {
			return store.ErrNotFound
		}
		return s.json(w, l.entity(host))
	}
}

// addHost is POST admin/domain_blocks and its like. The only severity is that
// nothing is exchanged.
func (s *Server) addHost(l hostList) handler {
	return func(w http.ResponseWriter, r *request) error {
		host := strings.ToLower(strings.TrimSpace(r.params.Get("domain")))
		if host == "" || strings.ContainsAny(host, "\n\r") {
			return invalid("Domain can't be blank")
		}
		if severity := r.params.Get("severity"); l.block && severity != "" && severity != "suspend" {
			return invalid("Severity can only be suspend on this server")
		}
		err := s.changeHosts(r, l, func(list []string) []string { return append(list, host) })
		if err != nil {
			return err
		}
		return s.json(w, l.entity(host))
	}
}

// removeHost is DELETE admin/domain_blocks/:id and its like.
func (s *Server) removeHost(l hostList) handler {
	return func(w http.ResponseWriter, r *request) error {
		host := r.path.ByName("id")
		settings, err := s.db.Settings(r.Context())
		if err != nil {
			return err
		}
		if !slices.Contains(l.list(settings), host) {
			return store.ErrNotFound
		}
		if err := s.changeHosts(r, l, func(list []string) []string {
			return slices.DeleteFunc(list, func(other string) bool { return other == host })
		}); err != nil {
			return err
		}
		return s.empty(w)
	}
}

func (s *Server) changeHosts(r *request, l hostList, change func([]string) []string) error {
	settings, err := s.db.Settings(r.Context())
	if err != nil {
		return err
	}
	list := change(slices.Clone([]string(l.list(settings))))
	err = s.db.SetSetting(r.Context(), l.key, strings.Join(list, "\n"))
	var wrong *store.SettingError
	if errors.As(err, &wrong) {
		return invalid("Domain %s", wrong.Problem)
	}
	return err
}
