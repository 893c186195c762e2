package vocab

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
)

// SoftwareName is what NodeInfo calls us. Peers branch on this name, so it is
// not one that another system has.
const SoftwareName = "seedling"

// WebFingerDoc is our answer about an account (RFC 7033).
type WebFingerDoc struct {
	Subject     string // acct:user@host
	Aliases     []string
	Self        string // the actor's id
	ProfilePage string
	Subscribe   string // a template with {uri} in it, or ""
	Interact    string // a template with {object} in it, or "": for all intents of FEP-3b86 that we take
}

type jrdLink struct {
	Rel      string `json:"rel"`
	Type     string `json:"type,omitempty"`
	Href     string `json:"href,omitempty"`
	Template string `json:"template,omitempty"`
}

// WebFingerJSON writes the JRD.
func WebFingerJSON(d WebFingerDoc) ([]byte, error) {
	c := uriCheck{what: "WebFinger"}
	c.need("self", d.Self)
	c.allow("profile page", d.ProfilePage)
	if c.err != nil {
		return nil, c.err
	}
	if user, host, ok := strings.Cut(strings.TrimPrefix(d.Subject, "acct:"), "@"); !ok || user == "" || host == "" {
		return nil, &BuildError{"WebFinger", "subject", d.Subject}
	}
	links := []jrdLink{{Rel: relSelf, Type: typeAS, Href: d.Self}}
	if d.ProfilePage != "" {
		links = append(links, jrdLink{Rel: relProfile, Type: "text/html", Href: d.ProfilePage})
	}
	if d.Subscribe != "" {
		links = append(links, jrdLink{Rel: relSubscribe, Template: d.Subscribe})
	}
	for _, intent := range []Intent{IntentFollow, IntentLike, IntentAnnounce, IntentObject} {
		if d.Interact != "" {
			links = append(links, jrdLink{Rel: relIntent + string(intent), Template: d.Interact})
		}
	}
	return marshal(struct {
		Subject string    `json:"subject"`
		Aliases []string  `json:"aliases,omitempty"`
		Links   []jrdLink `json:"links"`
	}{d.Subject, d.Aliases, links})
}

// webFingerTemplate is where host-meta sends those who ask about an account
// (RFC 6415). base has no slash at its end.
func webFingerTemplate(base string) string {
	return base + "/.well-known/webfinger?resource={uri}"
}

// HostMetaXML writes /.well-known/host-meta for a server at base, such as
// https://a.example.
func HostMetaXML(base string) []byte {
	var template bytes.Buffer
	if err := xml.EscapeText(&template, []byte(webFingerTemplate(base))); err != nil {
		panic(err) // a Buffer does not fail
	}
	return fmt.Appendf(nil, `<?xml version="1.0" encoding="UTF-8"?>
<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">
  <Link rel="lrdd" type="application/jrd+json" template="%s"/>
</XRD>
`, template.Bytes())
}

// HostMetaJSON writes /.well-known/host-meta.json.
func HostMetaJSON(base string) ([]byte, error) {
	return marshal(struct {
		Links []jrdLink `json:"links"`
	}{[]jrdLink{{Rel: "lrdd", Type: "application/jrd+json", Template: webFingerTemplate(base)}}})
}

// NodeInfoDoc is what we say about this server.
type NodeInfoDoc struct {
	SoftwareVersion  string
	Repository       string // 2.1 only, optional
	Homepage         string // 2.1 only, optional
	OpenRegistration bool
	Users            int64
	ActiveMonth      int64
	ActiveHalfyear   int64
	Posts            int64
	Metadata         map[string]any // nodeName, nodeDescription, ...; may be nil
}

type nodeInfoJSON struct {
	Version           string           `json:"version"`
	Software          nodeInfoSoftware `json:"software"`
	Protocols         []string         `json:"protocols"`
	Services          nodeInfoServices `json:"services"`
	OpenRegistrations bool             `json:"openRegistrations"`
	Usage             nodeInfoUsage    `json:"usage"`
	Metadata          map[string]any   `json:"metadata"`
}

type nodeInfoSoftware struct {
	Name       string `json:"name"`
	Version    string `json:"version"`
	Repository string `json:"repository,omitempty"`
	Homepage   string `json:"homepage,omitempty"`
}

type nodeInfoServices struct {
	Inbound  []string `json:"inbound"`
	Outbound []string `json:"outbound"`
}

type nodeInfoUsage struct {
	Users struct {
		Total          int64 `json:"total"`
		ActiveMonth    int64 `json:"activeMonth"`
		ActiveHalfyear int64 `json:"activeHalfyear"`
	} `json:"users"`
	LocalPosts int64 `json:"localPosts"`
}

// NodeInfoJSON writes the document of version "2.0" or "2.1".
func NodeInfoJSON(d NodeInfoDoc, version string) ([]byte, error) {
	if version != "2.0" && version != "2.1" {
		return nil, fmt.Errorf("nodeinfo: no version %q", version)
	}
	n := nodeInfoJSON{
		Version:           version,
		Software:          nodeInfoSoftware{Name: SoftwareName, Version: d.SoftwareVersion},
		Protocols:         []string{"activitypub"},
		Services:          nodeInfoServices{Inbound: []string{}, Outbound: []string{}},
		OpenRegistrations: d.OpenRegistration,
		Metadata:          d.Metadata,
	}
	if version == "2.1" {
		n.Software.Repository, n.Software.Homepage = d.Repository, d.Homepage
	}
	if n.Metadata == nil {
		n.Metadata = map[string]any{}
	}
	n.Usage.Users.Total = d.Users
	n.Usage.Users.ActiveMonth = d.ActiveMonth
	n.Usage.Users.ActiveHalfyear = d.ActiveHalfyear
	n.Usage.LocalPosts = d.Posts
	return marshal(n)
}

// NodeInfoLinksJSON writes /.well-known/nodeinfo for documents at prefix plus
// "2.0" and "2.1".
func NodeInfoLinksJSON(prefix string) ([]byte, error) {
	return marshal(struct {
		Links []jrdLink `json:"links"`
	}{[]jrdLink{
		{Rel: nodeInfoRel + "2.0", Href: prefix + "2.0"},
		{Rel: nodeInfoRel + "2.1", Href: prefix + "2.1"},
	}})
}
