package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"seedling/store"
	"seedling/store/content"
	"seedling/templates"
)

// whyNotPath explains why there is no post at an address.
func whyNotPath(address string) string { return "/why-not?url=" + url.QueryEscape(address) }

// isPostPath says whether a path of this server looks like that of a post.
func isPostPath(path string) bool {
	name, id, _ := strings.Cut(strings.TrimPrefix(path, "/@"), "/")
	return strings.HasPrefix(path, "/@") && name != "" && positive(id) != 0
}

// showWhyNot is /why-not?url=: why there is no post at an address, of this server
// or another. It is answered from the address alone, so that a post which is
// hidden looks as one that never was; what the reader or this server decided
// about its author's name or host is named.
func (s *Server) showWhyNot(w http.ResponseWriter, r *request) error {
	address := strings.TrimSpace(r.query("url"))
	if len(address) > maxQuery {
		return refuse(http.StatusBadRequest, "error.query_long")
	}
	p := templates.WhyPage{Frame: s.frame(r), General: true}
	p.NoIndex = true
	author, path := s.authorIn(address)
	if path == "" {
		p.Address = webAddress(address)
	}
	if r.viewer == nil && path != "" {
		p.LogIn = "/login?next=" + url.QueryEscape(path)
	}
	var err error
	if p.Reasons, err = s.refusedHost(r, author.Host); err != nil {
		return err
	}
	own, err := s.ownRules(r, author)
	if err != nil {
		return err
	}
	p.Reasons = append(own, p.Reasons...)
	return s.render(w, r, http.StatusOK, p)
}

// authorIn reads what an address says of who wrote what stands there, and, of an
// address of this server, its path.
func (s *Server) authorIn(address string) (author content.Handle, path string) {
	path, ok := localPath(strings.TrimPrefix(address, s.db.URL()))
	if !ok {
		return content.Handle{Host: hostOf(webAddress(address))}, ""
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(path, "/@"), "/")
	author, err := content.ParseHandle(name)
	if err != nil {
		return content.Handle{}, path
	}
	return author, path
}

// refusedHost is the sentence about a server that this one does not speak with,
// for those who may see which ones these are.
func (s *Server) refusedHost(r *request, host string) ([]templates.Msg, error) {
	settings, err := s.db.Settings(r.Context())
	if err != nil || host == "" || !showsBlocks(r, settings) || settings.Policy().Allows(host) {
		return nil, err
	}
	return []templates.Msg{templates.M("why.host_refused", "host", host)}, nil
}

// ownRules are what the reader decided about an author or their server.
func (s *Server) ownRules(r *request, author content.Handle) (list []templates.Msg, err error) {
	if r.viewer == nil {
		return nil, nil
	}
	var rel store.Relation
	if author.Username != "" {
		if rel, err = s.relationByName(r, author); err != nil {
			return nil, err
		}
	}
	if author.Host != "" && !rel.HostBlocked {
		ties, err := s.db.HostTies(r.Context(), r.viewerID(), author.Host)
		if err != nil && inputMistakes(err) == nil && !errors.Is(err, store.ErrForbidden) { // no name of a host, or this server
			return nil, err
		}
		rel.HostBlocked = ties.Blocked
	}
	name := "\u2066" + author.String() + "\u2069" // isolated: a handle runs from left to right in any sentence
	if rel.Blocking {
		list = append(list, templates.M("why.you_block", "name", name))
	}
	if rel.Muting {
		list = append(list, templates.M("why.muted", "name", name))
	}
	if rel.HostBlocked {
		list = append(list, templates.M("why.host_blocked", "host", author.Host))
	}
	return list, nil
}

// relationByName is how the reader stands to an account; none is known: not at all.
func (s *Server) relationByName(r *request, author content.Handle) (store.Relation, error) {
	a, err := s.db.AccountByHandle(r.Context(), author)
	if errors.Is(err, store.ErrNotFound) {
		return store.Relation{}, nil
	}
	if err != nil {
		return store.Relation{}, err
	}
	return s.db.Relation(r.Context(), r.viewerID(), a.ID)
}
