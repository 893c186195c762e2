package web

import (
	"net/http"

	"seedling/store"

	"github.com/julienschmidt/httprouter"
)

// newRoutes lists every page and form, in the order of ui.md §3. The router
// refuses a fixed segment beside a wildcard, so there are two: the first holds
// literal paths, the second patterns.
func (s *Server) newRoutes() http.Handler {
	fixed, patterns := newRouter(), newRouter()
	fixed.NotFound = patterns
	patterns.NotFound = plain(s.page(notFound))
	get, post := reads(fixed), s.writes(fixed)
	getPattern, postPattern := reads(patterns), s.writes(patterns)

	fixed.Handler(http.MethodGet, "/static/*file", s.assets)
	fixed.Handler(http.MethodHead, "/static/*file", s.assets)

	// Visitors, and coming in.
	get("/", s.page(s.showLanding))
	get("/about", s.page(s.showAbout))
	get("/about/rules", s.page(s.showRules))
	get("/about/blocks", s.page(s.showServerBlocks))
	get("/about/blocks.csv", s.page(s.showServerBlocksCSV))
	get("/privacy", s.page(s.showPrivacy))
	get("/terms", s.page(s.showTerms))
	get("/explore", s.openTo(exploreOpen, s.showExplore))
	get("/source", s.page(s.showSource))
	get("/setup", s.page(s.showSetup))
	post("/setup", s.page(s.createOwner))
	get("/join", s.page(s.showJoin))
	post("/join", s.page(s.createAccount))
	getPattern("/invite/:code", s.page(s.showInvite))
	getPattern("/join/waiting/:key", s.page(s.showWaiting))
	postPattern("/join/waiting/:key/withdraw", s.page(s.withdrawSignUp))
	get(welcomePaths[0], s.loggedIn(s.showWelcomeProfile))
	post(welcomePaths[0], s.loggedIn(s.saveWelcomeProfile))
	get(welcomePaths[1], s.loggedIn(s.showWelcomeFollow))
	post(welcomePaths[1], s.loggedIn(s.followWelcomeTags))
	get(welcomePaths[2], s.loggedIn(s.showWelcomeLook))
	post(welcomePaths[2], s.loggedIn(s.saveWelcomeLook))
	get("/login", s.page(s.showLogin))
	post("/login", s.page(s.createSession))
	get("/login/2fa", s.page(s.showSecond))
	post("/login/2fa", s.page(s.checkSecond))
	post("/login/passkey", s.page(s.withPasskeys(s.logInByPasskey)))
	post("/login/passkey/options", s.page(s.withPasskeys(s.offerPasskey)))
	post("/logout", s.page(s.deleteSession))
	get("/oauth/authorize", s.loggedIn(s.showAuthorize))
	post("/oauth/authorize", s.loggedIn(s.authorize))

	// Timelines, and what a member keeps.
	get("/home", s.loggedIn(s.showHome))
	get("/announcements", s.loggedIn(s.showAnnouncements))
	postPattern("/announcements/:id/dismiss", s.loggedIn(s.dismissAnnouncement))
	postPattern("/announcements/:id/react", s.loggedIn(s.reactToAnnouncement))
	get("/local", s.inPublic(s.showLocal))
	get("/local.atom", s.page(s.showLocalFeed))
	get("/local.rss", s.page(s.showLocalFeed))
	getPattern("/feeds/:key/:what", s.page(s.showPrivateFeed))
	getPattern("/feeds/:key/:what/:id", s.page(s.showListFeed))
	get("/federated", s.inPublic(s.showFederated))
	get("/bubble", s.inPublic(s.showBubble))
	getPattern("/servers/:host", s.loggedIn(s.showServer))
	post("/home/read", s.loggedIn(s.readHome))
	getPattern("/tags/:tag", s.page(s.showTagOrFeed))
	get("/tags", s.loggedIn(s.showTags))
	post("/tags", s.loggedIn(s.createTagFollow))
	post("/tags/mute", s.loggedIn(s.muteTag))
	postPattern("/tags/:tag/follow", s.loggedIn(s.updateTagFollow))
	get("/lists", s.loggedIn(s.showLists))
	post("/lists", s.loggedIn(s.createList))
	getPattern("/lists/:id", s.loggedIn(s.showListTimeline))
	postPattern("/lists/:id", s.loggedIn(s.updateList))
	getPattern("/lists/:id/edit", s.loggedIn(s.showListEdit))
	postPattern("/lists/:id/members", s.loggedIn(s.updateListMember))
	getPattern("/lists/:id/delete", s.loggedIn(s.showListDelete))
	postPattern("/lists/:id/delete", s.loggedIn(s.deleteList))
	get("/bookmarks", s.loggedIn(s.showBookmarks))
	post("/bookmarks/folders", s.loggedIn(s.createFolder))
	postPattern("/bookmarks/folders/:id", s.loggedIn(s.updateFolder))
	postPattern("/bookmarks/folders/:id/delete", s.loggedIn(s.deleteFolder))
	postPattern("/posts/:id/folder", s.loggedIn(s.fileBookmark))
	get("/favourites", s.loggedIn(s.showFavourites))
	get("/notifications", s.loggedIn(s.showNotifications))
	post("/notifications/read", s.loggedIn(s.readNotifications))
	post("/notifications/show", s.loggedIn(s.updateShown))
	post("/notifications/dismiss", s.loggedIn(s.dismissNotification))
	get("/notifications/filtered", s.loggedIn(s.showHeld))
	post("/notifications/filtered", s.loggedIn(s.answerHeld))
	get("/messages", s.loggedIn(s.showMessages))
	getPattern("/messages/:id", s.loggedIn(s.showMessage))
	postPattern("/messages/:id/read", s.loggedIn(s.readMessage))
	postPattern("/messages/:id/mute", s.loggedIn(s.muteMessage))
	postPattern("/messages/:id/remove", s.loggedIn(s.removeMessage))
	get("/search", s.page(s.showSearch))

	// For scripts.
	get("/complete", s.loggedIn(s.showCompletions))
	get("/live", s.loggedIn(s.showLive))
	get("/words.json", s.page(s.showWords))
	get("/keys", s.page(s.showKeys))
	post("/keys", s.loggedIn(s.updateKeys))

	// Profiles, and posts with their threads. What stands under a name is told
	// apart in profileroutes.go.
	getPattern("/@:name", s.page(s.showProfile))
	getPattern("/@:name/:id", s.page(s.showUnderName))
	getPattern("/@:name/:id/:list", s.page(s.showListOfPost))
	postPattern("/@:name/:action", s.page(s.postUnderName))
	getPattern("/interact/:id", s.page(s.showInteract))
	postPattern("/interact/:id", s.page(s.interact))
	get(InteractPath, s.loggedIn(s.showAuthorizeInteraction))
	get("/follow-requests", s.loggedIn(s.showRequests))
	postPattern("/follow-requests/:id/accept", s.loggedIn(s.acceptRequest))
	postPattern("/follow-requests/:id/reject", s.loggedIn(s.rejectRequest))

	// Writing, and what a member does with a post.
	get("/compose", s.loggedIn(s.showCompose))
	post("/compose", s.loggedIn(s.expandComposer))
	post("/posts", s.loggedIn(s.createPost))
	get("/drafts", s.loggedIn(s.showDrafts))
	post("/drafts", s.loggedIn(s.createDraft))
	get("/scheduled", s.loggedIn(s.showScheduled))
	postPattern("/drafts/:id/publish", s.loggedIn(s.publishDraft))
	getPattern("/drafts/:id/delete", s.loggedIn(s.showDraftDelete))
	postPattern("/drafts/:id/delete", s.loggedIn(s.deleteDraft))
	getPattern("/posts/:id/edit", s.loggedIn(s.showEdit))
	postPattern("/posts/:id/edit", s.loggedIn(s.updatePost))
	getPattern("/posts/:id/delete", s.loggedIn(s.showDelete))
	postPattern("/posts/:id/delete", s.loggedIn(s.deletePost))
	getPattern("/posts/:id/redraft", s.loggedIn(s.showRedraft))
	postPattern("/posts/:id/redraft", s.loggedIn(s.redraftPost))
	postPattern("/posts/:id/favourite", s.loggedIn(s.toggle(s.favourite, s.db.Unfavourite)))
	postPattern("/posts/:id/downvote", s.loggedIn(s.toggle(s.downvote, s.db.Undownvote)))
	getPattern("/posts/:id/boost", s.loggedIn(s.showBoost))
	postPattern("/posts/:id/boost", s.loggedIn(s.askToBoost(s.toggle(s.boost, s.db.Unboost))))
	get("/emoji.json", s.page(s.showEmojiJSON))
	getPattern("/posts/:id/react", s.loggedIn(s.showPicker))
	postPattern("/posts/:id/react", s.loggedIn(s.react))
	postPattern("/posts/:id/bookmark", s.loggedIn(s.toggle(s.db.Bookmark, s.db.Unbookmark)))
	postPattern("/posts/:id/pin", s.loggedIn(s.pin))
	getPattern("/posts/:id/delivery", s.loggedIn(s.showDelivery))
	postPattern("/posts/:id/delivery", s.loggedIn(s.sendAgain))
	getPattern("/posts/:id/policy", s.loggedIn(s.showPolicy))
	postPattern("/posts/:id/policy", s.loggedIn(s.setPolicy))
	getPattern("/posts/:id/alt", s.loggedIn(s.showAlt))
	postPattern("/posts/:id/alt", s.loggedIn(s.suggestAlt))
	postPattern("/suggestions/:id/accept", s.loggedIn(s.acceptAlt))
	postPattern("/suggestions/:id/decline", s.loggedIn(s.declineAlt))
	postPattern("/posts/:id/revoke", s.loggedIn(s.revokeStamp))
	get("/interactions", s.loggedIn(s.showAsked))
	postPattern("/interactions/:id/accept", s.loggedIn(s.answerAsked(true)))
	postPattern("/interactions/:id/reject", s.loggedIn(s.answerAsked(false)))
	postPattern("/posts/:id/fetch-replies", s.loggedIn(s.fetchReplies))
	postPattern("/polls/:id/vote", s.loggedIn(s.vote))
	getPattern("/posts/:id/filter", s.loggedIn(s.showPostFilter))
	postPattern("/posts/:id/filter", s.loggedIn(s.updatePostFilter))
	getPattern("/posts/:id/why", s.loggedIn(s.showWhy))
	postPattern("/posts/:id/thread", s.loggedIn(s.chooseThread))
	getPattern("/report/:what", s.loggedIn(s.showReport))
	postPattern("/report/:what", s.loggedIn(s.createReport))

	// Settings.
	get("/menu", s.loggedIn(s.showMenu))
	get("/settings/profile", s.loggedIn(s.showProfileSettings))
	post("/settings/profile", s.loggedIn(s.updateProfile))
	get("/settings/privacy", s.loggedIn(s.showPrivacySettings))
	post("/settings/privacy", s.loggedIn(s.updatePrivacySettings))
	get("/settings/posting", s.loggedIn(s.showPosting))
	post("/settings/posting", s.loggedIn(s.updatePosting))
	get("/settings/appearance", s.loggedIn(s.showAppearance))
	post("/settings/appearance", s.loggedIn(s.updateAppearance))
	get("/settings/notifications", s.loggedIn(s.showNotificationSettings))
	post("/settings/notifications", s.loggedIn(s.updateNotificationSettings))
	get("/settings/filters", s.loggedIn(s.showFilters))
	post("/settings/filters", s.loggedIn(s.createFilter))
	getPattern("/settings/filters/:id", s.loggedIn(s.showFilter))
	postPattern("/settings/filters/:id", s.loggedIn(s.updateFilter))
	postPattern("/settings/filters/:id/delete", s.loggedIn(s.deleteFilter))
	get("/settings/mutes", s.loggedIn(s.showMutes))
	get("/settings/blocks", s.loggedIn(s.showBlocks))
	get("/settings/domains", s.loggedIn(s.showHosts))
	post("/settings/domains", s.loggedIn(s.findHost))
	getPattern("/domains/:host/block", s.loggedIn(s.showHostBlock))
	postPattern("/domains/:host/block", s.loggedIn(s.updateHostBlock))
	get("/settings/security", s.loggedIn(s.showSecurity))
	post("/settings/security/password", s.loggedIn(s.updatePassword))
	get("/settings/security/2fa", s.loggedIn(s.showCodes))
	post("/settings/security/2fa", s.loggedIn(s.confirmCodes))
	post("/settings/security/2fa/start", s.loggedIn(s.startCodes))
	post("/settings/security/2fa/codes", s.loggedIn(s.renewRecovery))
	post("/settings/security/2fa/end", s.loggedIn(s.endCodes))
	post("/settings/security/passkeys", s.loggedIn(s.withPasskeys(s.createPasskey)))
	post("/settings/security/passkeys/options", s.loggedIn(s.withPasskeys(s.offerNewPasskey)))
	postPattern("/settings/security/passkeys/:id/remove", s.loggedIn(s.removePasskey))
	postPattern("/settings/security/sessions/:id/end", s.loggedIn(s.endSession))
	post("/settings/security/sessions/end-all", s.loggedIn(s.endOtherSessions))
	get("/settings/apps", s.loggedIn(s.showApps))
	postPattern("/settings/apps/:id/revoke", s.loggedIn(s.disconnectApp))
	get("/settings/feeds", s.loggedIn(s.showFeedSettings))
	post("/settings/feeds", s.loggedIn(s.createFeedKey))
	postPattern("/settings/feeds/:id/revoke", s.loggedIn(s.revokeFeedKey))
	get("/settings/migration", s.loggedIn(s.showMigration))
	post("/settings/migration/alias", s.loggedIn(s.createAlias))
	post("/settings/migration/alias/remove", s.loggedIn(s.deleteAlias))
	post("/settings/migration/move", s.loggedIn(s.moveAccount))
	post("/settings/migration/return", s.loggedIn(s.returnHome))
	get("/settings/delete", s.loggedIn(s.showLeave))
	post("/settings/delete", s.loggedIn(s.deleteAccount))

	// Moderation and administration.
	get("/mod/reports", s.role(store.Moderator, s.showReports))
	getPattern("/mod/reports/:id", s.role(store.Moderator, s.showModReport))
	postPattern("/mod/reports/:id/note", s.role(store.Moderator, s.addReportNote))
	postPattern("/mod/reports/:id/assign", s.role(store.Moderator, s.assignReport))
	postPattern("/mod/reports/:id/resolve", s.role(store.Moderator, s.resolveReport))
	postPattern("/mod/reports/:id/reopen", s.role(store.Moderator, s.reopenReport))
	get("/mod/signups", s.role(store.Moderator, s.showSignUps))
	postPattern("/mod/signups/:id/approve", s.role(store.Moderator, s.approveSignUp))
	postPattern("/mod/signups/:id/reject", s.role(store.Moderator, s.rejectSignUp))
	get("/admin/settings", s.role(store.Admin, s.showAdminSettings))
	post("/admin/settings", s.role(store.Admin, s.updateAdminSettings))
	get("/admin/announcements", s.role(store.Admin, s.showAdminAnnouncements))
	post("/admin/announcements", s.role(store.Admin, s.createAnnouncement))
	getPattern("/admin/announcements/:id", s.role(store.Admin, s.showAdminAnnouncement))
	postPattern("/admin/announcements/:id", s.role(store.Admin, s.updateAnnouncement))
	postPattern("/admin/announcements/:id/delete", s.role(store.Admin, s.deleteAnnouncement))
	get("/admin/rules", s.role(store.Admin, s.showAdminRules))
	post("/admin/rules", s.role(store.Admin, s.updateAdminRules))
	get("/admin/pages", s.role(store.Admin, s.showAdminTexts))
	post("/admin/pages", s.role(store.Admin, s.updateAdminTexts))
	get("/admin/invites", s.role(store.Admin, s.showInvites))
	post("/admin/invites", s.role(store.Admin, s.createInvite))
	postPattern("/admin/invites/:id/revoke", s.role(store.Admin, s.revokeInvite))
	get("/admin/federation", s.role(store.Admin, s.showFederation))
	getPattern("/admin/federation/:host", s.role(store.Admin, s.showHost))
	postPattern("/admin/federation/:host/retry", s.role(store.Admin, s.retryHost))
	getPattern("/admin/federation/:host/drop", s.role(store.Admin, s.showDropQueue))
	postPattern("/admin/federation/:host/drop", s.role(store.Admin, s.dropQueue))
	get("/admin/relays", s.role(store.Admin, s.showRelays))
	post("/admin/relays", s.role(store.Admin, s.createRelay))
	postPattern("/admin/relays/:id/remove", s.role(store.Admin, s.removeRelay))
	get("/admin/emoji", s.role(store.Admin, s.showAdminEmoji))
	post("/admin/emoji", s.role(store.Admin, s.createEmoji))
	post("/admin/emoji/import", s.role(store.Admin, s.importEmoji))
	get("/admin/emoji/export", s.role(store.Admin, s.exportEmoji))
	getPattern("/admin/emoji/:id", s.role(store.Admin, s.showEmoji))
	postPattern("/admin/emoji/:id/edit", s.role(store.Admin, s.updateEmoji))
	postPattern("/admin/emoji/:id/enable", s.role(store.Admin, s.enableEmoji))
	postPattern("/admin/emoji/:id/delete", s.role(store.Admin, s.deleteEmoji))
	postPattern("/admin/emoji/:id/copy", s.role(store.Admin, s.copyEmoji))
	get("/admin/jobs", s.role(store.Admin, s.showJobs))
	postPattern("/admin/jobs/:id/retry", s.role(store.Admin, s.restartJob))
	postPattern("/admin/jobs/:id/delete", s.role(store.Admin, s.deleteJob))
	getPattern("/avatars/:file", s.showAvatar)
	getPattern("/media/:file", s.showFile)
	getPattern("/blur/:hash", s.showBlur)
	getPattern("/remote/:use/:id/:key", s.showRemote)

	return fixed
}

// reads registers a page for GET and, as RFC 9110 §9.3.2 wants it, for HEAD,
// whose body net/http leaves out.
func reads(r *httprouter.Router) func(path string, h httprouter.Handle) {
	return func(path string, h httprouter.Handle) {
		r.GET(path, h)
		r.HEAD(path, h)
	}
}

// writes registers a form, and lists it.
func (s *Server) writes(r *httprouter.Router) func(path string, h httprouter.Handle) {
	return func(path string, h httprouter.Handle) {
		s.forms = append(s.forms, path)
		r.POST(path, h)
	}
}

func newRouter() *httprouter.Router {
	r := httprouter.New()
	r.RedirectFixedPath = false
	r.RedirectTrailingSlash = false
	r.HandleMethodNotAllowed = false // a GET of a form's path is a 404 like any other
	return r
}

// plain drops the router's parameters.
func plain(h httprouter.Handle) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h(w, r, nil) })
}

func notFound(http.ResponseWriter, *request) error { return store.ErrNotFound }
