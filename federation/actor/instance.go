package actor

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"seedling/federation/fetch"
	"seedling/federation/vocab"
)

// ReadInstance asks a server what software it runs (NodeInfo, FEP-f1d5). Its
// name can't be guessed from anything else, and some of what we send depends on it.
func (r *Resolver) ReadInstance(ctx context.Context, host string) error {
	info, err := r.nodeInfo(ctx, host)
	if err != nil {
		return err
	}
	return r.db.SetSoftware(ctx, host, info.Software, info.SoftwareVersion)
}

// nodeInfo asks a server what it runs.
func (r *Resolver) nodeInfo(ctx context.Context, host string) (*vocab.NodeInfo, error) {
	const accept = "application/json"
	doc, err := r.wellKnown(ctx, host, "/.well-known/nodeinfo", accept)
	if err != nil {
		return nil, err
	}
	link, err := vocab.ReadNodeInfoLinks(doc.Body)
	if err != nil {
		return nil, err
	}
	// Some put the document on another name of theirs; that one may lie for itself.
	if fetch.HostOf(link) != host {
		return nil, &Untrusted{doc.URL, "its NodeInfo is on another host"}
	}
	if doc, err = r.client.JSON(ctx, link, accept); err != nil {
		return nil, err
	}
	return vocab.ReadNodeInfo(doc.Body)
}

// wellKnown fetches a path of a host. A server on plain http, which is for
// trying out, asks others that way first.
func (r *Resolver) wellKnown(ctx context.Context, host, path, accept string) (*fetch.Document, error) {
	if strings.HasPrefix(r.db.URL(), "http://") {
		doc, err := r.client.JSON(ctx, "http://"+host+path, accept)
		if err == nil || answered(err) {
			return doc, err
		}
	}
	return r.client.JSON(ctx, "https://"+host+path, accept)
}

// answered tells a host that said no over plain http from one that may speak
// https instead: to ask it so would fail, and it would be left alone for that.
// Servers that want TLS say 400.
func answered(err error) bool {
	var e *fetch.Error
	return errors.As(err, &e) && e.Status != 0 && e.Status != http.StatusBadRequest
}
