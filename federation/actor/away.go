package actor

import (
	"context"
	"net/url"
	"strings"

	"seedling/federation/fetch"
	"seedling/federation/vocab"
	"seedling/store"
	"seedling/store/content"
)

// softwareTemplates are where software takes what its members want to interact
// with, for servers that do not say. What is not here is not guessed: a path of
// other software leads nowhere (Mastodon 26995).
var softwareTemplates = map[string]string{
	"mastodon": "/authorize_interaction?uri={uri}", "hometown": "/authorize_interaction?uri={uri}", "pixelfed": "/authorize_interaction?uri={uri}",
	"pleroma": "/ostatus_subscribe?acct={uri}", "akkoma": "/ostatus_subscribe?acct={uri}",
	"misskey": "/authorize-follow?acct={uri}", "sharkey": "/authorize-follow?acct={uri}", "firefish": "/authorize-follow?acct={uri}",
	"friendica": "/contact/follow?url={uri}", "hubzilla": "/follow?url={uri}", "peertube": "/remote-interaction?uri={uri}",
	"lemmy": "/search?q={uri}", vocab.SoftwareName: "/authorize_interaction?uri={uri}",
}

// Away is the address at which a visitor's own server lets them do what they
// intend with something of ours. who is their handle or the name of their
// server; ErrNotALink if it is neither, ErrNotFound if the server does not say.
// In this order count: the intents that WebFinger lists (FEP-3b86), its
// template for following (which servers take for all else too), and what is
// known of the software that NodeInfo names.
func (r *Resolver) Away(ctx context.Context, who string, intent vocab.Intent, uri string) (string, error) {
	host, resource, err := r.whoIs(who)
	if err != nil {
		return "", err
	}
	w, err := r.webfinger(ctx, host, resource)
	if err == nil {
		if address := fill(w.TemplateFor(intent), uri); address != "" {
			return address, nil
		}
	} else if ctx.Err() != nil {
		return "", err
	}
	info, problem := r.nodeInfo(ctx, host)
	if problem != nil {
		if err == nil {
			err = problem
		}
		return "", err
	}
	path := softwareTemplates[info.Software]
	if path == "" {
		return "", store.ErrNotFound
	}
	scheme := "https://"
	if strings.HasPrefix(r.db.URL(), "http://") {
		scheme = "http://"
	}
	return fill(scheme+host+path, uri), nil
}

// whoIs reads a handle, or the name of a server or an address on it, which is
// asked about itself.
func (r *Resolver) whoIs(who string) (host, resource string, err error) {
	if h, err := content.ParseHandle(who); err == nil && h.Host != "" {
		return h.Host, "acct:" + h.Username + "@" + h.Host, nil
	}
	name := strings.ToLower(strings.TrimSpace(who))
	if _, address, ok := strings.Cut(name, "://"); ok && strings.HasPrefix(name, "http") {
		name, _, _ = strings.Cut(address, "/") // the server of a profile knows as much as the profile
	}
	name = strings.TrimSuffix(name, "/")
	uri, err := fetch.NormaliseURI("https://" + name + "/")
	if err != nil || !strings.Contains(name, ".") && !strings.Contains(name, ":") || strings.ContainsAny(name, "/@ ") {
		return "", "", ErrNotALink
	}
	return fetch.HostOf(uri), uri, nil
}

// fill puts an address into a template, or returns "" for a template that leads
// nowhere on the web.
func fill(template, uri string) string {
	address := strings.NewReplacer("{uri}", url.QueryEscape(uri), "{object}", url.QueryEscape(uri)).Replace(template)
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return ""
	}
	return u.String()
}
