package web

import (
	"net/url"
	"strings"

	"seedling/store"
	"seedling/store/content"
)

// relink lets the mentions and hashtags of a post lead to their pages here,
// wherever its author's server has them lead.
func (c *cards) relink(v *store.PostView) content.HTML {
	mentions := make(map[string]string, 2*len(v.Mentions))
	for _, a := range v.Mentions {
		mentions[a.URL], mentions[a.URI] = a.Path(), a.Path()
	}
	host := hostOf(v.Author.URI)
	return content.Relink(text(v), func(href string) (string, bool) {
		if path, ok := mentions[href]; ok {
			return path, true
		}
		if path, ok := c.ownPath(href); ok {
			return path, true
		}
		if v.Author.Local() {
			return "", false
		}
		tag, ok := tagOf(href, host)
		return tagPath(tag), ok
	})
}

// relinkOwn does so for a bio, which comes without a list of its mentions.
func (c *cards) relinkOwn(h content.HTML) content.HTML {
	return content.Relink(h, c.ownPath)
}

// ownPath turns an address of this server into its path.
func (c *cards) ownPath(href string) (string, bool) {
	path, ok := strings.CutPrefix(href, c.db.URL())
	return path, ok && strings.HasPrefix(path, "/")
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

func tagPath(tag string) string { return "/tags/" + url.PathEscape(tag) }

// tagPrefixes begin the path of a hashtag's page: Mastodon and most others,
// Pleroma and Akkoma, Friendica and Hubzilla, Pixelfed.
var tagPrefixes = []string{"/tags/", "/tag/", "/search?tag=", "/discover/tags/"}

// tagOf reads the hashtag from a link to its page on the author's own server.
// On other hosts such a link is a link like any other.
func tagOf(href, host string) (string, bool) {
	_, rest, ok := strings.Cut(href, "://")
	if !ok || host == "" {
		return "", false
	}
	rest, ok = strings.CutPrefix(rest, host)
	if !ok {
		return "", false
	}
	for _, prefix := range tagPrefixes {
		name, ok := strings.CutPrefix(rest, prefix)
		if !ok {
			continue
		}
		if i := strings.IndexAny(name, "?#&/"); i >= 0 {
			name = name[:i]
		}
		name, err := url.PathUnescape(name)
		return name, err == nil && content.ValidTag(name)
	}
	return "", false
}
