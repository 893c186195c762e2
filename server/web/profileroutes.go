package web

import (
	"net/http"
	"slices"

	"seedling/store"
)

// The router takes a number and a word in the same place of a path for the
// same parameter, so these handlers tell them apart.

// showUnderName is /@name/{id}, the tabs of a profile, and /@name/block, /mute and /options.
func (s *Server) showUnderName(w http.ResponseWriter, r *request) error {
	what := r.param("id")
	switch {
	case positive(what) != 0:
		return s.showThread(w, r)
	case what == "block":
		return s.forMember(w, r, s.showBlock)
	case what == "mute":
		return s.forMember(w, r, s.showMute)
	case what == "remote-follow":
		return s.showRemoteFollow(w, r)
	case what == "options":
		return s.forMember(w, r, s.showOptions)
	case what != "posts" && slices.Contains(profileTabs, what):
		return s.showProfileTab(w, r, what)
	}
	return store.ErrNotFound
}

// forMember does what loggedIn does, for one of several handlers of a route.
func (s *Server) forMember(w http.ResponseWriter, r *request, h handler) error {
	if r.viewer == nil {
		return toLogin(w, r)
	}
	return h(w, r)
}

// showListOfPost is /@name/{id}/history, /boosts, /favourites and /reactions.
func (s *Server) showListOfPost(w http.ResponseWriter, r *request) error {
	switch r.param("list") {
	case "history":
		return s.showHistory(w, r)
	case "boosts":
		return s.showBoosts(w, r)
	case "favourites":
		return s.showFavouriters(w, r)
	case "embed":
		return s.showEmbed(w, r)
	case "reactions":
		return s.showReactions(w, r)
	}
	return store.ErrNotFound
}

// postUnderName is POST /@name/remote-follow, which is for visitors, and for
// members all of actOnAccount.
func (s *Server) postUnderName(w http.ResponseWriter, r *request) error {
	switch {
	case r.param("action") == "remote-follow":
		return s.remoteFollow(w, r)
	case r.viewer == nil:
		return errSessionEnded
	}
	return s.actOnAccount(w, r)
}

// actOnAccount is POST /@name/follow, /block, /fetch and what relation.go,
// mute.go and options.go have beside them.
func (s *Server) actOnAccount(w http.ResponseWriter, r *request) error {
	switch r.param("action") {
	case "follow":
		return s.updateFollow(w, r)
	case "block":
		return s.updateBlock(w, r)
	case "fetch":
		return s.fetchAccount(w, r)
	case "mute":
		return s.updateMute(w, r)
	case "options":
		return s.updateOptions(w, r)
	case "note":
		return s.updateNote(w, r)
	case "lists":
		return s.updateLists(w, r)
	case "endorse":
		return s.updateEndorsement(w, r)
	case "hide-boosts":
		return s.hideBoosts(w, r)
	case "remove-follower":
		return s.removeFollower(w, r)
	}
	return store.ErrNotFound
}
