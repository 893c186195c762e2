package oauth

import (
	"fmt"
	"slices"
	"strings"
)

// Scopes are what a token may be used for, each an area (read) or a part of one
// (read:statuses).
type Scopes []string

// areas are the scopes of the client API with their parts. follow is an old
// word for parts of read and write; admin is Pleroma's for both areas of it.
var areas = map[string][]string{
	"read": {"accounts", "blocks", "bookmarks", "collections", "favourites", "filters", "follows", "lists", "mutes", "notifications", "search", "statuses"},
	"write": {"accounts", "blocks", "bookmarks", "collections", "conversations", "favourites", "filters", "follows", "lists", "media", "mutes",
		"notifications", "reports", "statuses"},
	"follow":      nil,
	"push":        nil,
	"profile":     nil,
	"admin":       nil,
	"admin:read":  adminParts,
	"admin:write": adminParts,
}

var adminParts = []string{"accounts", "reports", "domain_allows", "domain_blocks", "ip_blocks", "email_domain_blocks", "canonical_email_blocks"}

// followParts are the parts that follow stands for.
var followParts = []string{"read:blocks", "write:blocks", "read:follows", "write:follows", "read:mutes", "write:mutes"}

// Known lists every scope, whole areas before their parts.
func Known() []string {
	var list []string
	for area, parts := range areas {
		list = append(list, area)
		for _, part := range parts {
			list = append(list, area+":"+part)
		}
	}
	slices.Sort(list)
	return list
}

// ParseScopes reads scopes with spaces (or, as some apps send them, + or
// commas) between. Each is kept once.
func ParseScopes(text string) (Scopes, error) {
	var list Scopes
	for _, scope := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" +,\t\n", r) }) {
		if !known(scope) {
			return nil, fmt.Errorf("there is no scope %q", scope)
		}
		if !slices.Contains(list, scope) {
			list = append(list, scope)
		}
		if len(list) > maxScopes {
			return nil, fmt.Errorf("more than %d scopes", maxScopes)
		}
	}
	return list, nil
}

func known(scope string) bool {
	if _, ok := areas[scope]; ok {
		return true
	}
	i := strings.LastIndexByte(scope, ':')
	return i > 0 && slices.Contains(areas[scope[:i]], scope[i+1:])
}

// String writes the scopes as they are stored and sent.
func (s Scopes) String() string { return strings.Join(s, " ") }

// Allow says whether one of the scopes is the one that is needed, or an area
// that holds it.
func (s Scopes) Allow(need string) bool { return Allow(s.String(), need) }

// Within says whether all that s allows is allowed by wider too.
func (s Scopes) Within(wider Scopes) bool {
	return !slices.ContainsFunc(s, func(scope string) bool { return !wider.Allow(scope) })
}

// Allow is [Scopes.Allow] for scopes as a token stores them, without parsing.
func Allow(granted, need string) bool {
	for scope := range strings.SplitSeq(granted, " ") {
		if scope == need || strings.HasPrefix(need, scope) && need[len(scope)] == ':' {
			return true
		}
		if scope == "follow" && slices.Contains(followParts, need) {
			return true
		}
	}
	return false
}
