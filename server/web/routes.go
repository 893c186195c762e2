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
	r := routes{get: reads(fixed), post: s.writes(fixed), getPattern: reads(patterns), postPattern: s.writes(patterns)}
	s.routeVisitors(r)
	s.routeTimelines(r)
	s.routeScripts(r)
	s.routeProfiles(r)
	s.routePosts(r)
	s.routeSettings(r)
	s.routeStaff(r)
	fixed.Handler(http.MethodGet, "/static/*file", s.assets)
	fixed.Handler(http.MethodHead, "/static/*file", s.assets)
	r.getPattern("/avatars/:file", s.showAvatar)
	r.getPattern("/blur/:hash", s.showBlur)
	s.routeFiles(patterns)
	return fixed
}

// routes registers pages (get) and forms (post), under literal paths and patterns.
type routes struct {
	get, post, getPattern, postPattern func(path string, h httprouter.Handle)
}

// routeVisitors registers for visitors, and those who come in.
func (s *Server) routeVisitors(r routes) {
	r.get("/", s.page(s.showLanding))
	r.get("/about", s.page(s.showAbout))
	r.get("/about/rules", s.page(s.showRules))
	r.get("/about/blocks", s.page(s.showServerBlocks))
	r.get("/about/blocks.csv", s.page(s.showServerBlocksCSV))
	r.get("/privacy", s.page(s.showPrivacy))
	r.get("/terms", s.page(s.showTerms))
	r.get("/explore", s.openTo(exploreOpen, s.showExplore))
	r.get("/source", s.page(s.showSource))
	r.get("/setup", s.page(s.showSetup))
	r.post("/setup", s.page(s.createOwner))
	r.get("/setup/1", s.page(s.showSetupStart))
	r.get("/setup/2", s.page(s.showSetupStart))
	r.get("/setup/3", s.role(store.Owner, s.showSetupPlace))
	r.post("/setup/3", s.role(store.Owner, s.saveSetupPlace))
	r.get("/setup/4", s.role(store.Owner, s.showSetupStorage))
	r.post("/setup/4", s.role(store.Owner, s.saveSetupStorage))
	r.get("/setup/5", s.role(store.Owner, s.showSelfTest))
	r.get("/join", s.page(s.showJoin))
	r.post("/join", s.page(s.createAccount))
	r.getPattern("/invite/:code", s.page(s.showInvite))
	r.getPattern("/join/waiting/:key", s.page(s.showWaiting))
	r.postPattern("/join/waiting/:key", s.page(s.changeReason))
	r.getPattern("/join/waiting/:key/withdraw", s.page(s.showWithdraw))
	r.postPattern("/join/waiting/:key/withdraw", s.page(s.withdrawSignUp))
	r.get(welcomePaths[0], s.loggedIn(s.showWelcomeProfile))
	r.post(welcomePaths[0], s.loggedIn(s.saveWelcomeProfile))
	r.get(welcomePaths[1], s.loggedIn(s.showWelcomeFollow))
	r.post(welcomePaths[1], s.loggedIn(s.followWelcomeTags))
	r.get(welcomePaths[2], s.loggedIn(s.showWelcomeHandles))
	r.post(welcomePaths[2], s.loggedIn(s.followWelcomeHandles))
	r.get(welcomePaths[3], s.loggedIn(s.showWelcomeLook))
	r.post(welcomePaths[3], s.loggedIn(s.saveWelcomeLook))
	r.get("/login", s.page(s.showLogin))
	r.post("/login", s.page(s.createSession))
	r.get("/login/2fa", s.page(s.showSecond))
	r.post("/login/2fa", s.page(s.checkSecond))
	r.post("/login/passkey", s.page(s.withPasskeys(s.logInByPasskey)))
	r.post("/login/passkey/options", s.page(s.withPasskeys(s.offerPasskey)))
	r.post("/logout", s.page(s.deleteSession))
	r.get("/password/forgot", s.page(s.showForgotten))
	r.getPattern("/password/reset/:token", s.page(s.showNewPassword))
	r.postPattern("/password/reset/:token", s.page(s.setNewPassword))
	r.get(authorizePath, s.loggedIn(s.showAuthorize))
	r.post(authorizePath, s.loggedIn(s.authorize))
}

// routeTimelines registers timelines, and what a member keeps.
func (s *Server) routeTimelines(r routes) {
	r.get("/home", s.loggedIn(s.showTimeline("home")))
	r.get("/announcements", s.loggedIn(s.showAnnouncements))
	r.postPattern("/announcements/:id/dismiss", s.loggedIn(s.dismissAnnouncement))
	r.postPattern("/announcements/:id/react", s.loggedIn(s.reactToAnnouncement))
	r.get("/local", s.inPublic(s.showTimeline("local")))
	r.get("/local.atom", s.page(s.showLocalFeed))
	r.get("/local.rss", s.page(s.showLocalFeed))
	r.getPattern("/feeds/:key/:what", s.page(s.showPrivateFeed))
	r.getPattern("/feeds/:key/:what/:id", s.page(s.showListFeed))
	r.get("/federated", s.inPublic(s.showTimeline("federated")))
	r.get("/bubble", s.inPublic(s.showTimeline("bubble")))
	r.getPattern("/servers/:host", s.loggedIn(s.showServer))
	r.post("/home/read", s.loggedIn(s.readHome))
	r.post("/home/show", s.loggedIn(s.updateShownIn("home")))
	r.post("/local/show", s.loggedIn(s.updateShownIn("local")))
	r.post("/bubble/show", s.loggedIn(s.updateShownIn("bubble")))
	r.post("/federated/show", s.loggedIn(s.updateShownIn("federated")))
	r.getPattern("/tags/:tag", s.page(s.showTagOrFeed))
	r.get("/tags", s.loggedIn(s.showTags))
	r.post("/tags", s.loggedIn(s.createTagFollow))
	r.post("/tags/mute", s.loggedIn(s.once(s.muteTag)))
	r.postPattern("/tags/:tag/follow", s.loggedIn(s.updateTagFollow))
	r.get("/lists", s.loggedIn(s.showLists))
	r.post("/lists", s.loggedIn(s.once(s.createList)))
	r.getPattern("/lists/:id", s.loggedIn(s.showListTimeline))
	r.postPattern("/lists/:id", s.loggedIn(s.updateList))
	r.getPattern("/lists/:id/edit", s.loggedIn(s.showListEdit))
	r.postPattern("/lists/:id/show", s.loggedIn(s.updateListShown))
	r.postPattern("/lists/:id/members", s.loggedIn(s.updateListMember))
	r.getPattern("/lists/:id/delete", s.loggedIn(s.showListDelete))
	r.postPattern("/lists/:id/delete", s.loggedIn(s.deleteList))
	r.get("/bookmarks", s.loggedIn(s.showBookmarks))
	r.post("/bookmarks/folders", s.loggedIn(s.once(s.createFolder)))
	r.postPattern("/bookmarks/folders/:id", s.loggedIn(s.updateFolder))
	r.postPattern("/bookmarks/folders/:id/delete", s.loggedIn(s.deleteFolder))
	r.postPattern("/posts/:id/folder", s.loggedIn(s.fileBookmark))
	r.get("/favourites", s.loggedIn(s.showFavourites))
	r.get("/notifications", s.loggedIn(s.showNotifications))
	r.post("/notifications/read", s.loggedIn(s.readNotifications))
	r.post("/notifications/show", s.loggedIn(s.updateShown))
	r.post("/notifications/dismiss", s.loggedIn(s.dismissNotification))
	r.get("/notifications/filtered", s.loggedIn(s.showHeld))
	r.post("/notifications/filtered", s.loggedIn(s.answerHeld))
	r.get("/messages", s.loggedIn(s.showMessages))
	r.getPattern("/messages/:id", s.loggedIn(s.showMessage))
	r.postPattern("/messages/:id/read", s.loggedIn(s.readMessage))
	r.postPattern("/messages/:id/mute", s.loggedIn(s.muteMessage))
	r.postPattern("/messages/:id/remove", s.loggedIn(s.removeMessage))
	r.get("/search", s.page(s.showSearch))
}

// routeScripts registers what scripts ask for.
func (s *Server) routeScripts(r routes) {
	r.get("/complete", s.loggedIn(s.showCompletions))
	r.get("/live", s.loggedIn(s.showLive))
	r.get("/words.json", s.page(s.showWords))
	r.get("/why-not", s.page(s.showWhyNot))
	r.get("/push-worker.js", s.page(s.showPushWorker))
	r.get("/keys", s.page(s.showKeys))
	r.post("/keys", s.loggedIn(s.updateKeys))
}

// routeProfiles registers profiles, and posts with their threads. What stands under a name is told
// apart in profileroutes.go.
func (s *Server) routeProfiles(r routes) {
	r.getPattern("/@:name", s.page(s.showProfile))
	r.getPattern("/@:name/:id", s.page(s.showUnderName))
	r.getPattern("/@:name/:id/:list", s.page(s.showListOfPost))
	r.postPattern("/@:name/:action", s.page(s.postUnderName))
	r.getPattern("/collections/:id", s.page(s.showCollection))
	r.getPattern("/collections/:id/leave", s.loggedIn(s.showCollectionLeave))
	r.postPattern("/collections/:id/leave", s.loggedIn(s.leaveCollection))
	r.getPattern("/interact/:id", s.page(s.showInteract))
	r.postPattern("/interact/:id", s.page(s.interact))
	r.get(InteractPath, s.loggedIn(s.showAuthorizeInteraction))
	r.get("/follow-requests", s.loggedIn(s.showRequests))
	r.postPattern("/follow-requests/:id/accept", s.loggedIn(s.acceptRequest))
	r.postPattern("/follow-requests/:id/reject", s.loggedIn(s.rejectRequest))
}

// routePosts registers writing, and what a member does with a post.
func (s *Server) routePosts(r routes) {
	r.get("/compose", s.loggedIn(s.showCompose))
	r.post("/compose", s.loggedIn(s.expandComposer))
	r.post("/posts", s.loggedIn(s.createPost))
	r.get("/drafts", s.loggedIn(s.showDrafts))
	r.post("/drafts", s.loggedIn(s.createDraft))
	r.get("/scheduled", s.loggedIn(s.showScheduled))
	r.postPattern("/drafts/:id/publish", s.loggedIn(s.publishDraft))
	r.getPattern("/drafts/:id/delete", s.loggedIn(s.showDraftDelete))
	r.postPattern("/drafts/:id/delete", s.loggedIn(s.deleteDraft))
	r.getPattern("/posts/:id/edit", s.loggedIn(s.showEdit))
	r.postPattern("/posts/:id/edit", s.loggedIn(s.updatePost))
	r.getPattern("/posts/:id/delete", s.loggedIn(s.showDelete))
	r.postPattern("/posts/:id/delete", s.loggedIn(s.deletePost))
	r.getPattern("/posts/:id/redraft", s.loggedIn(s.showRedraft))
	r.postPattern("/posts/:id/redraft", s.loggedIn(s.redraftPost))
	r.postPattern("/posts/:id/favourite", s.loggedIn(s.toggle(s.favourite, s.db.Unfavourite)))
	r.postPattern("/posts/:id/downvote", s.loggedIn(s.toggle(s.downvote, s.db.Undownvote)))
	r.getPattern("/posts/:id/boost", s.loggedIn(s.showBoost))
	r.postPattern("/posts/:id/boost", s.loggedIn(s.askToBoost(s.boost)))
	r.get("/emoji.json", s.page(s.showEmojiJSON))
	r.getPattern("/posts/:id/react", s.loggedIn(s.showPicker))
	r.postPattern("/posts/:id/react", s.loggedIn(s.react))
	r.postPattern("/posts/:id/bookmark", s.loggedIn(s.bookmark))
	r.postPattern("/posts/:id/pin", s.loggedIn(s.pin))
	r.getPattern("/posts/:id/delivery", s.loggedIn(s.showDelivery))
	r.postPattern("/posts/:id/delivery", s.loggedIn(s.sendAgain))
	r.getPattern("/posts/:id/policy", s.loggedIn(s.showPolicy))
	r.postPattern("/posts/:id/policy", s.loggedIn(s.setPolicy))
	r.getPattern("/posts/:id/alt", s.loggedIn(s.showAlt))
	r.postPattern("/posts/:id/alt", s.loggedIn(s.suggestAlt))
	r.postPattern("/suggestions/:id/accept", s.loggedIn(s.acceptAlt))
	r.postPattern("/suggestions/:id/decline", s.loggedIn(s.declineAlt))
	r.postPattern("/posts/:id/revoke", s.loggedIn(s.revokeStamp))
	r.get("/interactions", s.loggedIn(s.showAsked))
	r.postPattern("/interactions/:id/accept", s.loggedIn(s.answerAsked(true)))
	r.postPattern("/interactions/:id/reject", s.loggedIn(s.answerAsked(false)))
	r.postPattern("/posts/:id/fetch-replies", s.loggedIn(s.fetchReplies))
	r.postPattern("/polls/:id/vote", s.loggedIn(s.vote))
	r.getPattern("/posts/:id/filter", s.loggedIn(s.showPostFilter))
	r.postPattern("/posts/:id/filter", s.loggedIn(s.once(s.updatePostFilter)))
	r.getPattern("/posts/:id/why", s.loggedIn(s.showWhy))
	r.postPattern("/posts/:id/thread", s.loggedIn(s.chooseThread))
	r.getPattern("/report/:what", s.loggedIn(s.showReport))
	r.postPattern("/report/:what", s.loggedIn(s.createReport))
}

// routeSettings registers settings.
func (s *Server) routeSettings(r routes) {
	r.get("/menu", s.loggedIn(s.showMenu))
	r.get("/settings/profile", s.loggedIn(s.showProfileSettings))
	r.post("/settings/profile", s.loggedIn(s.updateProfile))
	r.get(proofPath, s.loggedIn(s.showProof))
	r.post(proofPath, s.loggedIn(s.askForProof))
	r.get("/settings/privacy", s.loggedIn(s.showPrivacySettings))
	r.post("/settings/privacy", s.loggedIn(s.updatePrivacySettings))
	r.get("/settings/posting", s.loggedIn(s.showPosting))
	r.post("/settings/posting", s.loggedIn(s.updatePosting))
	r.get("/settings/appearance", s.loggedIn(s.showAppearance))
	r.post("/settings/appearance", s.loggedIn(s.updateAppearance))
	r.get("/settings/notifications", s.loggedIn(s.showNotificationSettings))
	r.post("/settings/notifications", s.loggedIn(s.updateNotificationSettings))
	r.post("/settings/notifications/browser", s.loggedIn(s.wakeBrowser))
	r.postPattern("/settings/notifications/woken/:id/remove", s.loggedIn(s.letSleep))
	r.get("/settings/filters", s.loggedIn(s.showFilters))
	r.post("/settings/filters", s.loggedIn(s.once(s.createFilter)))
	r.getPattern("/settings/filters/:id", s.loggedIn(s.showFilter))
	r.postPattern("/settings/filters/:id", s.loggedIn(s.updateFilter))
	r.getPattern("/settings/filters/:id/delete", s.loggedIn(s.showFilterDelete))
	r.postPattern("/settings/filters/:id/delete", s.loggedIn(s.deleteFilter))
	r.get("/settings/mutes", s.loggedIn(s.showMutes))
	r.get("/settings/blocks", s.loggedIn(s.showBlocks))
	r.get("/settings/domains", s.loggedIn(s.showHosts))
	r.post("/settings/domains", s.loggedIn(s.findHost))
	r.getPattern("/domains/:host/block", s.loggedIn(s.showHostBlock))
	r.postPattern("/domains/:host/block", s.loggedIn(s.updateHostBlock))
	r.get("/settings/security", s.loggedIn(s.showSecurity))
	r.post("/settings/security/password", s.loggedIn(s.updatePassword))
	r.post("/settings/security/email", s.loggedIn(s.updateEmail))
	r.get("/settings/security/2fa", s.loggedIn(s.showCodes))
	r.post("/settings/security/2fa", s.loggedIn(s.confirmCodes))
	r.post("/settings/security/2fa/start", s.loggedIn(s.startCodes))
	r.post("/settings/security/2fa/codes", s.loggedIn(s.renewRecovery))
	r.post("/settings/security/2fa/end", s.loggedIn(s.endCodes))
	r.post("/settings/security/passkeys", s.loggedIn(s.withPasskeys(s.createPasskey)))
	r.post("/settings/security/passkeys/options", s.loggedIn(s.withPasskeys(s.offerNewPasskey)))
	r.postPattern("/settings/security/passkeys/:id/remove", s.loggedIn(s.removePasskey))
	r.postPattern("/settings/security/sessions/:id/end", s.loggedIn(s.endSession))
	r.post("/settings/security/sessions/end-all", s.loggedIn(s.endOtherSessions))
	r.get("/settings/apps", s.loggedIn(s.showApps))
	r.postPattern("/settings/apps/:id/revoke", s.loggedIn(s.disconnectApp))
	r.get("/settings/data", s.loggedIn(s.showData))
	r.post("/settings/data", s.loggedIn(s.askForTakeout))
	r.getPattern("/settings/data/:file", s.loggedIn(s.saveTakeout))
	r.get("/settings/feeds", s.loggedIn(s.showFeedSettings))
	r.post("/settings/feeds", s.loggedIn(s.createFeedKey))
	r.getPattern("/settings/feeds/:id/revoke", s.loggedIn(s.showFeedKeyRevoke))
	r.postPattern("/settings/feeds/:id/revoke", s.loggedIn(s.revokeFeedKey))
	r.get("/settings/migration", s.loggedIn(s.showMigration))
	r.post("/settings/migration/alias", s.loggedIn(s.createAlias))
	r.post("/settings/migration/alias/remove", s.loggedIn(s.deleteAlias))
	r.post("/settings/migration/move", s.loggedIn(s.moveAccount))
	r.post("/settings/migration/return", s.loggedIn(s.returnHome))
	r.get("/settings/delete", s.loggedIn(s.showLeave))
	r.post("/settings/delete", s.loggedIn(s.deleteAccount))
}

// routeStaff registers moderation and administration.
func (s *Server) routeStaff(r routes) {
	r.get("/mod/reports", s.role(store.Moderator, s.showReports))
	r.getPattern("/mod/reports/:id", s.role(store.Moderator, s.showModReport))
	r.postPattern("/mod/reports/:id/note", s.role(store.Moderator, s.once(s.addReportNote)))
	r.postPattern("/mod/reports/:id/assign", s.role(store.Moderator, s.assignReport))
	r.postPattern("/mod/reports/:id/resolve", s.role(store.Moderator, s.resolveReport))
	r.postPattern("/mod/reports/:id/reopen", s.role(store.Moderator, s.reopenReport))
	r.get("/mod/signups", s.role(store.Moderator, s.showSignUps))
	r.postPattern("/mod/signups/:id/approve", s.role(store.Moderator, s.approveSignUp))
	r.postPattern("/mod/signups/:id/reject", s.role(store.Moderator, s.rejectSignUp))
	r.get("/admin", s.role(store.Admin, s.showOverview))
	r.get("/admin/storage", s.role(store.Admin, s.showStorage))
	r.post("/admin/storage/count", s.role(store.Admin, s.countStorage))
	r.get("/admin/backup", s.role(store.Admin, s.showBackups))
	r.post("/admin/backup", s.role(store.Admin, s.askForBackup))
	r.post("/admin/backup/kept", s.role(store.Admin, s.updateBackupsKept))
	r.getPattern("/admin/backup/:name/download", s.role(store.Owner, s.downloadBackup))
	r.getPattern("/admin/backup/:name/delete", s.role(store.Admin, s.showBackupDelete))
	r.postPattern("/admin/backup/:name/delete", s.role(store.Admin, s.deleteBackup))
	r.get("/mod", s.role(store.Moderator, s.showModeration))
	r.get("/mod/log", s.role(store.Moderator, s.showStaffLog))
	r.get("/admin/users", s.role(store.Admin, s.showMembers))
	r.get("/admin/users/new", s.role(store.Admin, s.showNewMember))
	r.post("/admin/users/new", s.role(store.Admin, s.once(s.createMember)))
	r.getPattern("/admin/users/:id", s.role(store.Admin, s.showMember))
	r.getPattern("/admin/users/:id/:act", s.role(store.Admin, s.showMemberAct))
	r.postPattern("/admin/users/:id/:act", s.role(store.Admin, s.actOnMember))
	r.get("/admin/settings", s.role(store.Admin, s.showAdminSettings))
	r.post("/admin/settings", s.role(store.Admin, s.updateAdminSettings))
	r.get("/admin/announcements", s.role(store.Admin, s.showAdminAnnouncements))
	r.post("/admin/announcements", s.role(store.Admin, s.once(s.createAnnouncement)))
	r.getPattern("/admin/announcements/:id", s.role(store.Admin, s.showAdminAnnouncement))
	r.postPattern("/admin/announcements/:id", s.role(store.Admin, s.updateAnnouncement))
	r.getPattern("/admin/announcements/:id/delete", s.role(store.Admin, s.showAnnouncementDelete))
	r.postPattern("/admin/announcements/:id/delete", s.role(store.Admin, s.deleteAnnouncement))
	r.get("/admin/rules", s.role(store.Admin, s.showAdminRules))
	r.post("/admin/rules", s.role(store.Admin, s.updateAdminRules))
	r.get("/admin/pages", s.role(store.Admin, s.showAdminTexts))
	r.post("/admin/pages", s.role(store.Admin, s.updateAdminTexts))
	r.get("/admin/invites", s.role(store.Admin, s.showInvites))
	r.post("/admin/invites", s.role(store.Admin, s.once(s.createInvite)))
	r.getPattern("/admin/invites/:id/revoke", s.role(store.Admin, s.showInviteRevoke))
	r.postPattern("/admin/invites/:id/revoke", s.role(store.Admin, s.revokeInvite))
	r.get("/admin/federation", s.role(store.Admin, s.showFederation))
	r.getPattern("/admin/federation/:host", s.role(store.Admin, s.showHost))
	r.postPattern("/admin/federation/:host/retry", s.role(store.Admin, s.retryHost))
	r.getPattern("/admin/federation/:host/drop", s.role(store.Admin, s.showDropQueue))
	r.postPattern("/admin/federation/:host/drop", s.role(store.Admin, s.dropQueue))
	r.get("/admin/relays", s.role(store.Admin, s.showRelays))
	r.post("/admin/relays", s.role(store.Admin, s.once(s.createRelay)))
	r.getPattern("/admin/relays/:id/remove", s.role(store.Admin, s.showRelayRemove))
	r.postPattern("/admin/relays/:id/remove", s.role(store.Admin, s.removeRelay))
	r.get("/admin/emoji", s.role(store.Admin, s.showAdminEmoji))
	r.post("/admin/emoji", s.role(store.Admin, s.once(s.createEmoji)))
	r.post("/admin/emoji/import", s.role(store.Admin, s.importEmoji))
	r.get("/admin/emoji/export", s.role(store.Admin, s.exportEmoji))
	r.getPattern("/admin/emoji/:id", s.role(store.Admin, s.showEmoji))
	r.postPattern("/admin/emoji/:id/edit", s.role(store.Admin, s.updateEmoji))
	r.postPattern("/admin/emoji/:id/enable", s.role(store.Admin, s.enableEmoji))
	r.getPattern("/admin/emoji/:id/delete", s.role(store.Admin, s.showEmojiDelete))
	r.postPattern("/admin/emoji/:id/delete", s.role(store.Admin, s.deleteEmoji))
	r.postPattern("/admin/emoji/:id/copy", s.role(store.Admin, s.copyEmoji))
	r.get("/admin/jobs", s.role(store.Admin, s.showJobs))
	r.postPattern("/admin/jobs/:id/retry", s.role(store.Admin, s.restartJob))
	r.postPattern("/admin/jobs/:id/delete", s.role(store.Admin, s.deleteJob))
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
