package live

import (
	"net/http"
	"strconv"
	"strings"

	"seedling/server/oauth"
	"seedling/store"
	"seedling/store/content"
)

// channel is one timeline that a stream follows.
type channel struct {
	kind   channelKind
	name   []string // as messages name it: with the tag, as the client wrote it, or the list behind
	public store.PublicKind
	tag    string // folded
	list   int64
}

type channelKind int

const (
	channelUser channelKind = iota
	channelNotifications
	channelPublic
	channelTag
	channelList
	channelDirect
)

// is says whether two channels are the same, be a tag written in two ways.
func (c channel) is(other channel) bool {
	return c.kind == other.kind && c.public == other.public && c.tag == other.tag && c.list == other.list
}

// key names the channel among others.
func (c channel) key() string { return strings.Join(c.name, "\n") }

// problem is why a stream can't be had, as clients are told.
type problem struct {
	status int
	text   string
}

func (p *problem) Error() string { return p.text }

var (
	errUnknown = &problem{http.StatusNotFound, "Unknown stream type"}
	errNoTag   = &problem{http.StatusBadRequest, "Missing tag name parameter"}
	errNoList  = &problem{http.StatusNotFound, "Not authorized to stream this list"}
	errScope   = &problem{http.StatusForbidden, "Access token does not have the required scopes"}
	errToken   = &problem{http.StatusUnauthorized, "Missing access token"}
	errInvalid = &problem{http.StatusUnauthorized, "Invalid access token"}
)

// parseChannel reads a channel by the name of its stream and its parameters.
// onlyMedia is the parameter of older clients.
func parseChannel(stream, tag, list string, onlyMedia bool) (channel, error) {
	kind, rest, _ := strings.Cut(stream, ":")
	switch {
	case stream == "user":
		return channel{kind: channelUser, name: []string{stream}}, nil
	case stream == "user:notification":
		return channel{kind: channelNotifications, name: []string{stream}}, nil
	case stream == "direct":
		return channel{kind: channelDirect, name: []string{stream}}, nil
	case stream == "list":
		id, err := strconv.ParseInt(list, 10, 64)
		if err != nil || id <= 0 {
			return channel{}, errNoList
		}
		return channel{kind: channelList, list: id, name: []string{stream, strconv.FormatInt(id, 10)}}, nil
	case stream == "hashtag", stream == "hashtag:local":
		bare := strings.TrimPrefix(tag, "#")
		if !content.ValidTag(bare) {
			return channel{}, errNoTag
		}
		return channel{kind: channelTag, tag: content.FoldTag(bare), public: store.PublicKind{Local: rest == "local"}, name: []string{stream, tag}}, nil
	case kind == "public":
		return publicChannel(stream, rest, onlyMedia)
	}
	return channel{}, errUnknown
}

// publicChannel reads public, public:local, public:remote:media and their like.
func publicChannel(stream, rest string, onlyMedia bool) (channel, error) {
	c := channel{kind: channelPublic}
	part, more, _ := strings.Cut(rest, ":")
	switch part {
	case "local":
		c.public.Local = true
	case "remote":
		c.public.Remote = true
	case "media":
		c.public.Media = more == ""
	}
	if more == "media" && (c.public.Local || c.public.Remote) {
		c.public.Media = true
		more = ""
	}
	if more != "" || part != "" && c.public == (store.PublicKind{}) || strings.HasSuffix(stream, ":") {
		return channel{}, errUnknown
	}
	if onlyMedia && !c.public.Media {
		c.public.Media = true
		stream += ":media"
	}
	c.name = []string{stream}
	return c, nil
}

// allowed says whether a token may follow a channel.
func (c channel) allowed(scopes string) bool {
	if c.kind == channelNotifications {
		return oauth.Allow(scopes, "read:notifications")
	}
	return oauth.Allow(scopes, "read:statuses")
}
