package api

import (
	"errors"
	"net/http"
	"strings"

	"seedling/store"

	"github.com/julienschmidt/httprouter"
)

// adminBlock is the entity Admin::DomainBlock. A server stands in a list of the
// settings, so its name is its id.
type adminBlock struct {
	adminAllow
	Digest       string  `json:"digest"`
	Severity     string  `json:"severity"`
	RejectMedia  bool    `json:"reject_media"`
	RejectReport bool    `json:"reject_reports"`
	Private      *string `json:"private_comment"`
	Public       *string `json:"public_comment"`
	Obfuscate    bool    `json:"obfuscate"`
}

// adminAllow is the entity Admin::DomainAllow.
type adminAllow struct {
	ID        string `json:"id"`
	Domain    string `json:"domain"`
	CreatedAt string `json:"created_at"`
}

// adminHost makes the entity of a server in a list.
func adminHost(list store.HostListName, h store.ListedHost) any {
	v := adminAllow{ID: h.Host, Domain: h.Host, CreatedAt: moment(h.Since)}
	if list == store.HostsAllowed {
		return v
	}
	return adminBlock{adminAllow: v, Digest: digest(h.Host), Severity: "suspend", RejectMedia: true, RejectReport: true,
		Private: stringOrNil(h.Private), Public: stringOrNil(h.Public), Obfuscate: h.Obfuscate}
}

// showHosts is GET admin/domain_blocks and admin/domain_allows.
func (s *Server) showHosts(list store.HostListName) handler {
	return func(w http.ResponseWriter, r *request) error {
		hosts, err := s.db.ListedHosts(r.Context(), list)
		if err != nil {
			return err
		}
		out := make([]any, len(hosts))
		for i, h := range hosts {
			out[i] = adminHost(list, h)
		}
		return s.json(w, out)
	}
}

// showHost is GET admin/domain_blocks/:id and its like.
func (s *Server) showHost(list store.HostListName) handler {
	return func(w http.ResponseWriter, r *request) error {
		h, err := s.db.ListedHost(r.Context(), list, r.path.ByName("id"))
		if err != nil {
			return err
		}
		return s.json(w, adminHost(list, h))
	}
}

// addHost is POST admin/domain_blocks and its like.
func (s *Server) addHost(list store.HostListName) handler {
	return func(w http.ResponseWriter, r *request) error {
		host := strings.ToLower(strings.TrimSpace(r.params.Get("domain")))
		if host == "" || strings.ContainsAny(host, "\n\r") {
			return invalid("Domain can't be blank")
		}
		h, err := s.db.ListedHost(r.Context(), list, host)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		h.Host = host
		return s.listHost(w, r, list, h)
	}
}

// changeBlock is PUT admin/domain_blocks/:id. What is not sent stays.
func (s *Server) changeBlock(w http.ResponseWriter, r *request) error {
	h, err := s.db.ListedHost(r.Context(), store.HostsBlocked, r.path.ByName("id"))
	if err != nil {
		return err
	}
	return s.listHost(w, r, store.HostsBlocked, h)
}

// listHost puts a server into a list, with what was sent of it. The only severity
// is that nothing is exchanged.
func (s *Server) listHost(w http.ResponseWriter, r *request, list store.HostListName, h store.ListedHost) error {
	if severity := r.params.Get("severity"); list == store.HostsBlocked && severity != "" && severity != "suspend" {
		return invalid("Severity can only be suspend on this server")
	}
	for name, text := range map[string]*string{"private_comment": &h.Private, "public_comment": &h.Public} {
		if r.params.Has(name) {
			*text = strings.TrimSpace(r.params.Get(name))
		}
	}
	h.Obfuscate = r.params.Bool("obfuscate", h.Obfuscate)
	err := s.db.ListHost(r.Context(), list, h)
	var wrong *store.SettingError
	if errors.As(err, &wrong) {
		return invalid("Domain %s", wrong.Problem)
	}
	if err != nil {
		return err
	}
	r.path = httprouter.Params{{Key: "id", Value: h.Host}}
	return s.showHost(list)(w, r)
}

// removeHost is DELETE admin/domain_blocks/:id and its like.
func (s *Server) removeHost(list store.HostListName) handler {
	return func(w http.ResponseWriter, r *request) error {
		if err := s.db.UnlistHost(r.Context(), list, r.path.ByName("id")); err != nil {
			return err
		}
		return s.empty(w)
	}
}
