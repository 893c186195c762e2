package federation

import (
	"context"
	"net/http"
	"sync"
	"time"

	"seedling/federation/vocab"
	"seedling/store"
)

// usageAge is how long the counts in NodeInfo are kept: counting reads a good
// part of the users.
const usageAge = 10 * time.Minute

// usageCache keeps the counts; one request at a time counts anew.
type usageCache struct {
	mu     sync.Mutex
	stats  store.Stats
	readAt time.Time
}

// usageNow returns the counts. If they can't be read, it is the last ones:
// crawlers take an error here for the death of a server.
func (d *Documents) usageNow(ctx context.Context) store.Stats {
	c := &d.usage
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.readAt.IsZero() && d.now().Sub(c.readAt).Abs() < usageAge {
		return c.stats
	}
	stats, err := d.db.Stats(ctx)
	if err != nil {
		if ctx.Err() == nil {
			d.log.ErrorContext(ctx, "count for nodeinfo", "err", err)
		}
		return c.stats
	}
	c.stats, c.readAt = stats, d.now()
	return stats
}

func (d *Documents) nodeInfoIndex(w http.ResponseWriter, r *http.Request, _ int64) error {
	answer{contentType: "application/json", body: d.nodeInfoLinks, cache: cacheDiscovery, anyOrigin: true}.write(w, r)
	return nil
}

// nodeInfo describes this server (NodeInfo 2.0 and 2.1, FEP-f1d5).
func (d *Documents) nodeInfo(version string) handler {
	contentType := `application/json; profile="http://nodeinfo.diaspora.software/ns/schema/` + version + `#"`
	return func(w http.ResponseWriter, r *http.Request, _ int64) error {
		settings, err := d.db.Settings(r.Context())
		if err != nil {
			return err
		}
		stats := d.usageNow(r.Context())
		metadata, err := d.nodeMetadata(r.Context(), settings)
		if err != nil {
			return err
		}
		body, err := vocab.NodeInfoJSON(vocab.NodeInfoDoc{
			SoftwareVersion: d.software.Version, Repository: d.software.SourceURL, Homepage: d.software.Homepage,
			OpenRegistration: anyoneMayAsk(settings.Registrations),
			Users:            int64(stats.Users), ActiveMonth: int64(stats.ActiveMonth), ActiveHalfyear: int64(stats.ActiveHalfYear), Posts: int64(stats.LocalPosts),
			Metadata: metadata,
		}, version)
		if err != nil {
			return err
		}
		answer{contentType: contentType, body: body, cache: cacheDiscovery, anyOrigin: true}.write(w, r)
		return nil
	}
}

// anyoneMayAsk says whether a stranger can sign up, perhaps to be approved:
// that is what Mastodon, and so the lists of servers, take openRegistrations for.
func anyoneMayAsk(r store.Registrations) bool {
	return r == store.RegistrationsOpen || r == store.RegistrationsApproval
}

// nodeMetadata is what NodeInfo leaves to each software, with the names that
// Akkoma and Mastodon use. Of the staff it names who is in lists of people
// anyway; which servers are blocked is nobody's business.
func (d *Documents) nodeMetadata(ctx context.Context, s store.Settings) (map[string]any, error) {
	staff, err := d.db.Staff(ctx)
	if err != nil {
		return nil, err
	}
	names := []string{}
	for _, u := range staff {
		if u.Account.Discoverable {
			names = append(names, u.Account.URI)
		}
	}
	return map[string]any{
		"nodeName": s.Name, "nodeDescription": s.Description,
		"features": append([]string{}, d.software.Features...), "staffAccounts": names,
		"federation":                map[string]any{"enabled": s.Federation != store.FederationOff},
		"postFormats":               []string{"text/plain", "text/markdown"},
		"pollLimits":                map[string]any{"max_options": store.MaxPollOptions},
		"private":                   !s.PublicTimelines,
		"invitesEnabled":            s.Registrations == store.RegistrationsInvite,
		"accountActivationRequired": s.Registrations == store.RegistrationsApproval,
	}, nil
}
