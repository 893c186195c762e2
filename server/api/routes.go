package api

import (
	"context"
	"net/http"
	"strings"

	"seedling/server/oauth"
	"seedling/store"

	"github.com/julienschmidt/httprouter"
)

// newRoutes lists every endpoint, with who may use it. The router refuses a
// fixed segment beside a wildcard, so there are three: the first holds literal
// paths, the second patterns below two fixed segments or more (filters/keywords/:id),
// the third the others (filters/:id/keywords). What is below an endpoint is told
// by its group's file.
func (s *Server) newRoutes() http.Handler {
	t := newTable(s)
	s.instanceRoutes(t)
	s.accountRoutes(t)
	s.statusRoutes(t)
	s.mediaRoutes(t)
	s.timelineRoutes(t)
	s.notificationRoutes(t)
	s.pushRoutes(t)
	s.listRoutes(t)
	s.collectionRoutes(t)
	s.filterRoutes(t)
	s.tagRoutes(t)
	s.exploreRoutes(t)
	s.akkomaRoutes(t)
	s.adminRoutes(t)
	return t.fixed
}

// table is the routes while they are listed.
type table struct {
	s                     *Server
	fixed, deep, patterns *httprouter.Router
}

func newTable(s *Server) *table {
	t := &table{s: s, fixed: newRouter(), deep: newRouter(), patterns: newRouter()}
	t.fixed.NotFound, t.deep.NotFound = t.deep, t.patterns
	none := s.handle(public(""), s.notFound)
	t.patterns.NotFound = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodOptions {
			preflight(w)
			return
		}
		none(w, r, nil)
	})
	return t
}

func newRouter() *httprouter.Router {
	r := httprouter.New()
	r.RedirectFixedPath, r.RedirectTrailingSlash = false, false
	r.HandleMethodNotAllowed, r.HandleOPTIONS = false, false
	return r
}

// on adds an endpoint below /api/.
func (t *table) on(method, path string, a access, h handler) {
	t.add(method, path, t.s.handle(a, h))
}

// early adds an endpoint below v1 and, where apps of the time ask that were
// written before it was final, below v1_alpha.
func (t *table) early(method, path string, a access, h handler) {
	t.on(method, path, a, h)
	t.on(method, "v1_alpha"+strings.TrimPrefix(path, "v1"), a, h)
}

// upload adds an endpoint that takes bodies of up to so many bytes.
func (t *table) upload(method, path string, maxBody int64, a access, h handler) {
	t.add(method, path, t.s.handleBody(a, maxBody, h))
}

func (t *table) add(method, path string, h httprouter.Handle) {
	router := t.fixed
	if before, _, pattern := strings.Cut(path, ":"); pattern {
		router = t.patterns
		if strings.Count(before, "/") > 2 {
			router = t.deep
		}
	}
	router.Handle(method, "/api/"+path, h)
}

func (s *Server) instanceRoutes(t *table) {
	t.on("GET", "v1/instance", public(""), s.showInstanceOld)
	t.on("GET", "v2/instance", public(""), s.showInstance)
	t.on("GET", "v1/instance/rules", public(""), s.showRules)
	t.on("GET", "v1/instance/extended_description", public(""), s.showDescription)
	t.on("GET", "v1/instance/privacy_policy", public(""), s.showPrivacy)
	t.on("GET", "v1/instance/terms_of_service", public(""), s.showTerms)
	t.on("GET", "v1/instance/terms_of_service/:date", public(""), s.showTerms)
	t.on("GET", "v1/instance/domain_blocks", public(""), s.showSiteBlocks)
	t.on("GET", "v1/instance/activity", public(""), s.showActivity)
	t.on("GET", "v1/instance/peers", public(""), s.showPeers)
	t.on("GET", "v1/instance/translation_languages", public(""), s.nothing)
	t.on("POST", "v1/emails/confirmations", app("write:accounts"), s.sendConfirmation)
	t.on("GET", "v1/emails/check_confirmation", app(""), s.checkConfirmation)
	t.on("GET", "v1/custom_emojis", public(""), s.showEmojis)
	t.on("GET", "v2/search", public("read:search"), s.search)
	t.on("GET", "v1/search", public("read:search"), s.searchOld)
	t.on("GET", "v1/preferences", member("read:accounts"), s.showPreferences)
	t.on("GET", "v1/markers", member("read:statuses"), s.showMarkers)
	t.on("POST", "v1/markers", member("write:statuses"), s.setMarkers)
}

func (s *Server) accountRoutes(t *table) {
	t.on("POST", "v1/accounts", app("write:accounts"), s.createAccount)
	t.on("GET", "v1/accounts", public("read:accounts"), s.showAccounts)
	t.on("GET", "v1/accounts/verify_credentials", access{members, ""}, s.aboutSelf(s.showSelf))
	t.upload("PATCH", "v1/accounts/update_credentials", maxPictures, member("write:accounts"), s.updateSelf)
	t.on("GET", "v1/profile", access{members, ""}, s.aboutSelf(s.showProfile))
	t.upload("PATCH", "v1/profile", maxPictures, member("write:accounts"), s.changeProfile)
	t.upload("PUT", "v1/profile", maxPictures, member("write:accounts"), s.changeProfile) // masto.js: Mastodon takes either
	t.early("GET", "v1/accounts/:id/collections", public("read:collections"), s.showCollectionsOf)
	t.early("GET", "v1/accounts/:id/in_collections", member("read:collections"), s.showCollectionsWith)
	t.on("DELETE", "v1/profile/avatar", member("write:accounts"), s.removePicture(store.MediaAvatar))
	t.on("DELETE", "v1/profile/header", member("write:accounts"), s.removePicture(store.MediaHeader))
	t.on("GET", "v1/accounts/lookup", public("read:accounts"), s.lookupAccount)
	t.on("GET", "v1/accounts/search", member("read:accounts"), s.searchAccounts)
	t.on("GET", "v1/accounts/relationships", member("read:follows"), s.showRelationships)
	t.on("GET", "v1/accounts/familiar_followers", member("read:follows"), s.showFamiliar)
	t.on("GET", "v1/accounts/:id", public("read:accounts"), s.showAccount)
	t.on("GET", "v1/accounts/:id/statuses", public("read:statuses"), s.showAccountStatuses)
	t.on("GET", "v1/accounts/:id/followers", public("read:accounts"), s.showFollowers)
	t.on("GET", "v1/accounts/:id/following", public("read:accounts"), s.showFollowing)
	t.on("POST", "v1/accounts/:id/follow", member("write:follows"), s.follow)
	t.on("POST", "v1/accounts/:id/unfollow", member("write:follows"), s.relate(s.db.Unfollow))
	t.on("POST", "v1/accounts/:id/remove_from_followers", member("write:follows"), s.relate(s.db.RejectFollow))
	t.on("POST", "v1/accounts/:id/block", member("write:blocks"), s.relate(s.db.Block))
	t.on("POST", "v1/accounts/:id/unblock", member("write:blocks"), s.relate(s.db.Unblock))
	t.on("POST", "v1/accounts/:id/mute", member("write:mutes"), s.mute)
	t.on("POST", "v1/accounts/:id/unmute", member("write:mutes"), s.relate(s.db.Unmute))
	t.on("POST", "v1/accounts/:id/note", member("write:accounts"), s.note)
	t.on("GET", "v1/mutes", member("read:mutes"), s.showMutes)
	t.on("GET", "v1/blocks", member("read:blocks"), s.showBlocks)
	t.on("GET", "v1/domain_blocks", member("read:blocks"), s.showHostBlocks)
	t.on("GET", "v1/domain_blocks/preview", member("read:blocks"), s.previewHostBlock)
	t.on("POST", "v1/domain_blocks", member("write:blocks"), s.blockHost)
	t.on("DELETE", "v1/domain_blocks", member("write:blocks"), s.unblockHost)
	t.on("GET", "v1/endorsements", member("read:accounts"), s.showEndorsed)
	t.on("GET", "v1/accounts/:id/endorsements", public("read:accounts"), s.showEndorsementsOf)
	t.on("POST", "v1/accounts/:id/endorse", member("write:accounts"), s.relate(s.db.Endorse))
	t.on("POST", "v1/accounts/:id/unendorse", member("write:accounts"), s.relate(s.db.Unendorse))
	t.on("POST", "v1/accounts/:id/pin", member("write:accounts"), s.relate(s.db.Endorse))
	t.on("POST", "v1/accounts/:id/unpin", member("write:accounts"), s.relate(s.db.Unendorse))
	t.on("GET", "v1/follow_requests", member("read:follows"), s.showRequests)
	t.on("POST", "v1/follow_requests/:id/authorize", member("write:follows"), s.relate(s.db.AcceptFollow))
	t.on("POST", "v1/follow_requests/:id/reject", member("write:follows"), s.relate(s.rejectRequest))
}

func (s *Server) statusRoutes(t *table) {
	write, favourites, bookmarks, accounts := member("write:statuses"), member("write:favourites"), member("write:bookmarks"), member("write:accounts")
	t.on("POST", "v1/statuses", write, s.createStatus)
	t.on("GET", "v1/statuses", public("read:statuses"), s.showStatuses)
	t.on("GET", "v1/statuses/:id", public("read:statuses"), s.showStatus)
	t.on("PUT", "v1/statuses/:id", write, s.updateStatus)
	t.on("DELETE", "v1/statuses/:id", write, s.deleteStatus)
	t.on("GET", "v1/statuses/:id/context", public("read:statuses"), s.showContext)
	t.on("GET", "v1_alpha/async_refreshes/:id", member("read:statuses"), s.showRefresh)
	t.on("GET", "v1/statuses/:id/history", public("read:statuses"), s.showHistory)
	t.on("GET", "v1/statuses/:id/source", member("read:statuses"), s.showSource)
	t.on("GET", "v1/statuses/:id/card", public("read:statuses"), s.showCard)
	t.on("GET", "v1/statuses/:id/favourited_by", public("read:accounts"), s.showFavouriters)
	t.on("GET", "v1/statuses/:id/reblogged_by", public("read:accounts"), s.showBoosters)
	t.on("POST", "v1/statuses/:id/favourite", favourites, s.onPost(s.db.Favourite))
	t.on("POST", "v1/statuses/:id/unfavourite", favourites, s.onPost(s.db.Unfavourite))
	t.on("POST", "v1/statuses/:id/reblog", write, s.boost)
	t.on("POST", "v1/statuses/:id/unreblog", write, s.onPost(s.db.Unboost))
	t.on("POST", "v1/statuses/:id/bookmark", bookmarks, s.onPost(s.db.Bookmark))
	t.on("POST", "v1/statuses/:id/unbookmark", bookmarks, s.onPost(s.db.Unbookmark))
	t.on("POST", "v1/statuses/:id/pin", accounts, s.onPost(s.pin))
	t.on("POST", "v1/statuses/:id/unpin", accounts, s.onPost(s.db.Unpin))
	t.on("POST", "v1/statuses/:id/translate", public("read:statuses"), s.translate)
	t.on("POST", "v1/statuses/:id/mute", member("write:mutes"), s.onPost(s.muteThread(store.ThreadMuted)))
	t.on("POST", "v1/statuses/:id/unmute", member("write:mutes"), s.onPost(s.muteThread(store.ThreadAsUsual)))
	t.on("GET", "v1/statuses/:id/quotes", public("read:statuses"), s.showQuotes)
	t.on("POST", "v1/statuses/:id/quotes/:quote_id/revoke", write, s.revokeQuote)
	t.on("PUT", "v1/statuses/:id/interaction_policy", write, s.setInteractionPolicy)
	t.on("GET", "v1/scheduled_statuses", member("read:statuses"), s.showScheduled)
	t.on("GET", "v1/scheduled_statuses/:id", member("read:statuses"), s.showOneScheduled)
	t.on("PUT", "v1/scheduled_statuses/:id", write, s.reschedule)
	t.on("DELETE", "v1/scheduled_statuses/:id", write, s.deleteScheduled)
	t.on("GET", "v1/polls/:id", public("read:statuses"), s.showPoll)
	t.on("POST", "v1/polls/:id/votes", write, s.vote)
}

func (s *Server) timelineRoutes(t *table) {
	t.on("GET", "v1/timelines/home", member("read:statuses"), s.showHome)
	t.on("GET", "v1/timelines/public", public("read:statuses"), s.showPublic)
	t.on("GET", "v1/timelines/bubble", public("read:statuses"), s.showBubble)
	t.on("GET", "v1/timelines/direct", member("read:statuses"), s.showDirect)
	t.on("GET", "v1/timelines/tag/:tag", public("read:statuses"), s.showTag)
	t.on("GET", "v1/bookmarks", member("read:bookmarks"), s.showBookmarks)
	t.on("GET", "v1/favourites", member("read:favourites"), s.showFavourites)
}

func (s *Server) notificationRoutes(t *table) {
	read, write := member("read:notifications"), member("write:notifications")
	t.on("GET", "v1/notifications", read, s.showNotifications)
	t.on("GET", "v1/notifications/unread_count", read, s.countNotifications)
	t.on("POST", "v1/notifications/clear", write, s.clearNotifications)
	t.on("POST", "v1/notifications/dismiss", write, s.dismissNotification)
	t.on("GET", "v1/notifications/:id", read, s.showNotification)
	t.on("POST", "v1/notifications/:id/dismiss", write, s.dismissNotification)
	t.on("GET", "v2/notifications", read, s.showNotificationGroups)
	t.on("GET", "v2/notifications/unread_count", read, s.countGroups)
	t.on("GET", "v2/notifications/:group_key", read, s.showNotificationGroup)
	t.on("GET", "v2/notifications/:group_key/accounts", read, s.showGroupAccounts)
	t.on("POST", "v2/notifications/:group_key/dismiss", write, s.dismissGroup)
	t.on("GET", "v1/notifications/policy", read, s.showOldPolicy)
	t.on("PATCH", "v1/notifications/policy", write, s.setOldPolicy)
	t.on("PUT", "v1/notifications/policy", write, s.setOldPolicy) // Mastodon's Android app
	t.on("GET", "v2/notifications/policy", read, s.showPolicy)
	t.on("PATCH", "v2/notifications/policy", write, s.setPolicy)
	t.on("PUT", "v2/notifications/policy", write, s.setPolicy) // masto.js: Mastodon takes either
	t.on("GET", "v1/notifications/requests", read, s.showNoticeRequests)
	t.on("GET", "v1/notifications/requests/merged", read, s.noticesMerged)
	t.on("POST", "v1/notifications/requests/accept", write, s.acceptNotices)
	t.on("POST", "v1/notifications/requests/dismiss", write, s.dismissNotices)
	t.on("GET", "v1/notifications/requests/:id", read, s.showNoticeRequest)
	t.on("POST", "v1/notifications/requests/:id/accept", write, s.acceptNotices)
	t.on("POST", "v1/notifications/requests/:id/dismiss", write, s.dismissNotices)
	t.on("GET", "v1/conversations", member("read:statuses"), s.showConversations)
	t.on("DELETE", "v1/conversations/:id", member("write:conversations"), s.deleteConversation)
	t.on("POST", "v1/conversations/:id/read", member("write:conversations"), s.readConversation)
	t.on("GET", "v1/announcements", member(""), s.showAnnouncements)
	t.on("POST", "v1/announcements/:id/dismiss", member("write:accounts"), s.dismissAnnouncement)
	t.on("PUT", "v1/announcements/:id/reactions/:name", member("write:favourites"), s.reactToAnnouncement)
	t.on("DELETE", "v1/announcements/:id/reactions/:name", member("write:favourites"), s.unreactToAnnouncement)
	t.on("POST", "v1/reports", member("write:reports"), s.createReport)
}

func (s *Server) listRoutes(t *table) {
	read, write := member("read:lists"), member("write:lists")
	t.on("GET", "v1/lists", read, s.showLists)
	t.on("POST", "v1/lists", write, s.createList)
	t.on("GET", "v1/lists/:id", read, s.showOneList)
	t.on("PUT", "v1/lists/:id", write, s.updateList)
	t.on("DELETE", "v1/lists/:id", write, s.deleteList)
	t.on("GET", "v1/lists/:id/accounts", read, s.showListAccounts)
	t.on("POST", "v1/lists/:id/accounts", write, s.addToList)
	t.on("DELETE", "v1/lists/:id/accounts", write, s.removeFromList)
	t.on("GET", "v1/accounts/:id/lists", read, s.showListsWith)
	t.on("GET", "v1/timelines/list/:id", read, s.showListTimeline)
}

func (s *Server) collectionRoutes(t *table) {
	write := member("write:collections")
	t.early("POST", "v1/collections", write, s.createCollection)
	t.early("GET", "v1/collections/:id", public("read:collections"), s.showCollection)
	t.early("PATCH", "v1/collections/:id", write, s.updateCollection)
	t.early("DELETE", "v1/collections/:id", write, s.deleteCollection)
	t.early("POST", "v1/collections/:id/items", write, s.addCollectionItem)
	t.early("DELETE", "v1/collections/:id/items/:item_id", write, s.removeCollectionItem)
	t.early("POST", "v1/collections/:id/items/:item_id/revoke", write, s.leaveCollection)
}

func (s *Server) filterRoutes(t *table) {
	read, write := member("read:filters"), member("write:filters")
	t.on("GET", "v2/filters", read, s.showFilters)
	t.on("POST", "v2/filters", write, s.createFilter)
	t.on("GET", "v2/filters/:id", read, s.showFilter)
	t.on("PUT", "v2/filters/:id", write, s.updateFilter)
	t.on("DELETE", "v2/filters/:id", write, s.deleteFilter)
	t.on("GET", "v2/filters/:id/keywords", read, s.showKeywords)
	t.on("POST", "v2/filters/:id/keywords", write, s.createKeyword)
	t.on("GET", "v2/filters/keywords/:id", read, s.showKeyword)
	t.on("PUT", "v2/filters/keywords/:id", write, s.updateKeyword)
	t.on("DELETE", "v2/filters/keywords/:id", write, s.deleteKeyword)
	t.on("GET", "v2/filters/:id/statuses", read, s.showFilterPosts)
	t.on("POST", "v2/filters/:id/statuses", write, s.addFilterPost)
	t.on("GET", "v2/filters/statuses/:id", read, s.showFilterPost)
	t.on("DELETE", "v2/filters/statuses/:id", write, s.removeFilterPost)
	t.on("GET", "v1/filters", read, s.showOldFilters)
	t.on("POST", "v1/filters", write, s.createOldFilter)
	t.on("GET", "v1/filters/:id", read, s.showOldFilter)
	t.on("PUT", "v1/filters/:id", write, s.updateOldFilter)
	t.on("DELETE", "v1/filters/:id", write, s.deleteOldFilter)
}

func (s *Server) tagRoutes(t *table) {
	write := member("write:accounts")
	t.on("GET", "v1/tags/:name", public(""), s.showOneTag)
	t.on("POST", "v1/tags/:name/follow", member("write:follows"), s.onTag(s.followTag))
	t.on("POST", "v1/tags/:name/unfollow", member("write:follows"), s.onTag(s.unfollowTag))
	t.on("POST", "v1/tags/:name/feature", write, s.onTag(s.featureTag))
	t.on("POST", "v1/tags/:name/unfeature", write, s.onTag(s.unfeatureTag))
	t.on("GET", "v1/followed_tags", member("read:follows"), s.showFollowedTags)
	t.on("GET", "v1/featured_tags", member("read:accounts"), s.showOwnFeaturedTags)
	t.on("POST", "v1/featured_tags", write, s.createFeaturedTag)
	t.on("DELETE", "v1/featured_tags/:id", write, s.deleteFeaturedTag)
	t.on("GET", "v1/featured_tags/suggestions", member("read:accounts"), s.suggestTags)
	t.on("GET", "v1/accounts/:id/featured_tags", public("read:accounts"), s.showFeaturedTags)
}

func (s *Server) exploreRoutes(t *table) {
	t.on("GET", "v1/suggestions", member("read"), s.showOldSuggestions)
	t.on("GET", "v2/suggestions", member("read"), s.showSuggestions)
	t.on("DELETE", "v1/suggestions/:id", member("write:accounts"), s.dismissSuggestion)
	t.on("GET", "v1/directory", public(""), s.showDirectory)
	t.on("GET", "v1/trends", public(""), s.showTrendingTags)
	t.on("GET", "v1/trends/tags", public(""), s.showTrendingTags)
	t.on("GET", "v1/trends/statuses", public(""), s.showTrendingPosts)
	t.on("GET", "v1/trends/links", public(""), s.none)
}

// akkomaRoutes are the endpoints that Akkoma has beside Mastodon's.
func (s *Server) akkomaRoutes(t *table) {
	t.on("GET", "v1/pleroma/statuses/:id/reactions", public("read:statuses"), s.showReactions)
	t.on("GET", "v1/pleroma/statuses/:id/reactions/:emoji", public("read:statuses"), s.showReactions)
	t.on("PUT", "v1/pleroma/statuses/:id/reactions/:emoji", member("write:statuses"), s.react)
	t.on("DELETE", "v1/pleroma/statuses/:id/reactions/:emoji", member("write:statuses"), s.unreact)
	t.on("POST", "v1/pleroma/notifications/read", member("write:notifications"), s.readNotices)
	t.on("POST", "v1/pleroma/accounts/:id/subscribe", member("write:follows"), s.relate(s.subscribe(true)))
	t.on("POST", "v1/pleroma/accounts/:id/unsubscribe", member("write:follows"), s.relate(s.subscribe(false)))
	t.on("GET", "v1/pleroma/accounts/:id/favourites", member("read:favourites"), s.showFavouritesOf)
	t.on("GET", "v1/pleroma/conversations/:id", member("read:statuses"), s.akkomaConversation)
	t.on("GET", "v1/pleroma/conversations/:id/statuses", member("read:statuses"), s.conversationPosts)
	t.on("GET", "v1/pleroma/healthcheck", public(""), s.showHealth)
	t.on("GET", "v1/pleroma/captcha", public(""), s.showCaptcha)
	t.on("GET", "pleroma/captcha", public(""), s.showCaptcha)
	t.on("GET", "pleroma/healthcheck", public(""), s.showHealth)
	t.on("GET", "pleroma/emoji", public(""), s.showEmojiPack)
	t.on("GET", "pleroma/emoji.json", public(""), s.showEmojiPack)
	t.on("GET", "pleroma/aliases", member("read:accounts"), s.showAliases)
	t.on("PUT", "pleroma/aliases", member("write:accounts"), s.addAlias)
	t.on("DELETE", "pleroma/aliases", member("write:accounts"), s.removeAlias)
	t.on("POST", "pleroma/move_account", member("write:accounts"), s.moveAccount)
	t.on("POST", "pleroma/change_password", member("write:accounts"), s.changePassword)
	t.on("POST", "pleroma/disable_account", member("write:accounts"), s.disableAccount)
	t.on("POST", "pleroma/delete_account", member("write:accounts"), s.deleteAccount)
	t.on("GET", "oauth_tokens", member("read:accounts"), s.showTokens)
	t.on("DELETE", "oauth_tokens/:id", member("write:accounts"), s.endTokens)
	t.on("GET", "v1/pleroma/backups", member("read:accounts"), s.showBackups)
	t.on("POST", "v1/pleroma/backups", member("write:accounts"), s.createBackup)
	t.on("POST", "pleroma/change_email", member("write:accounts"), s.changeEmail)
	t.on("PUT", "pleroma/notification_settings", member("write:accounts"), s.setBlockStrangers)
	t.on("GET", "pleroma/accounts/mfa", member("read:accounts"), s.showFactors)
	t.on("GET", "pleroma/accounts/mfa/backup_codes", member("write:accounts"), s.newRecoveryCodes)
	t.on("GET", "pleroma/accounts/mfa/setup/:method", member("write:accounts"), s.startCodes)
	t.on("POST", "pleroma/accounts/mfa/confirm/:method", member("write:accounts"), s.confirmCodes)
	t.on("DELETE", "pleroma/accounts/mfa/:method", member("write:accounts"), s.endCodes)
	t.on("GET", "pleroma/frontend_configurations", public(""), s.nothing)
}

// adminRoutes are what staff may do with an app.
func (s *Server) adminRoutes(t *table) {
	scope := func(what string) (read, write access) {
		return member("admin:read:" + what), member("admin:write:" + what)
	}
	read, write := scope("accounts")
	mod := func(h handler) handler { return s.staffOnly(store.Moderator, h) }
	admin := func(h handler) handler { return s.staffOnly(store.Admin, h) }
	t.on("GET", "v1/admin/accounts", read, mod(s.showAdminAccounts))
	t.on("GET", "v2/admin/accounts", read, mod(s.showAdminAccounts))
	t.on("GET", "v1/admin/accounts/:id", read, mod(s.showAdminAccount))
	t.on("POST", "v1/admin/accounts/:id/approve", write, mod(s.onMember(s.db.ApproveUser)))
	t.on("POST", "v1/admin/accounts/:id/reject", write, mod(s.rejectMember))
	t.on("POST", "v1/admin/accounts/:id/enable", write, admin(s.onMember(s.db.EnableUser)))
	t.on("POST", "v1/admin/accounts/:id/action", write, admin(s.actOnMember))
	read, write = scope("reports")
	t.on("GET", "v1/admin/reports", read, mod(s.showAdminReports))
	t.on("GET", "v1/admin/reports/:id", read, mod(s.onReport(func(*request, int64) error { return nil })))
	t.on("POST", "v1/admin/reports/:id/assign_to_self", write, mod(s.onReport(func(r *request, n int64) error { return s.db.AssignReport(r.Context(), n, r.me()) })))
	t.on("POST", "v1/admin/reports/:id/unassign", write, mod(s.onReport(func(r *request, n int64) error { return s.db.AssignReport(r.Context(), n, 0) })))
	t.on("POST", "v1/admin/reports/:id/resolve", write, mod(s.onReport(func(r *request, n int64) error { return s.db.ResolveReport(r.Context(), r.me(), n) })))
	t.on("POST", "v1/admin/reports/:id/reopen", write, mod(s.onReport(func(r *request, n int64) error { return s.db.ReopenReport(r.Context(), n) })))
	t.on("GET", "v1/admin/trends/tags", member("admin:read"), mod(s.showAdminTrendingTags))
	t.on("GET", "v1/admin/trends/statuses", member("admin:read"), mod(s.showTrendingPosts))
	t.on("GET", "v1/admin/trends/links", member("admin:read"), mod(s.none))
	t.on("GET", "v1/admin/tags/:id", member("admin:read"), mod(s.showAdminTag))
	t.on("POST", "v1/admin/dimensions", member("admin:read"), mod(s.showDimensions))
	t.on("POST", "v1/admin/measures", member("admin:read"), mod(s.showMeasures))
	read, write = scope("domain_blocks")
	t.on("GET", "v1/admin/domain_blocks", read, admin(s.showHosts(store.HostsBlocked)))
	t.on("POST", "v1/admin/domain_blocks", write, admin(s.addHost(store.HostsBlocked)))
	t.on("GET", "v1/admin/domain_blocks/:id", read, admin(s.showHost(store.HostsBlocked)))
	t.on("PUT", "v1/admin/domain_blocks/:id", write, admin(s.changeBlock))
	t.on("DELETE", "v1/admin/domain_blocks/:id", write, admin(s.removeHost(store.HostsBlocked)))
	read, write = scope("domain_allows")
	t.on("GET", "v1/admin/domain_allows", read, admin(s.showHosts(store.HostsAllowed)))
	t.on("POST", "v1/admin/domain_allows", write, admin(s.addHost(store.HostsAllowed)))
	t.on("GET", "v1/admin/domain_allows/:id", read, admin(s.showHost(store.HostsAllowed)))
	t.on("DELETE", "v1/admin/domain_allows/:id", write, admin(s.removeHost(store.HostsAllowed)))
}

// rejectRequest refuses who asks to follow; who follows already stays.
func (s *Server) rejectRequest(ctx context.Context, me, other int64) error {
	relation, err := s.db.Relation(ctx, me, other)
	if err != nil || !relation.Asked {
		return err
	}
	return s.db.RejectFollow(ctx, me, other)
}

// preflight answers a browser that asks whether a page may ask.
func preflight(w http.ResponseWriter) {
	oauth.SetCORS(w.Header())
	w.WriteHeader(http.StatusNoContent)
}
