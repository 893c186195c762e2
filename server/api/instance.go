package api

import (
	"cmp"
	"math"
	"net/http"
	"net/url"
	"strconv"

	"seedling/store"
	"seedling/store/media"
)

// apiVersion is how far Mastodon's API is spoken (api_versions.mastodon): 7 has
// quotes, 9 the profile's own methods, 10 collections and the words of
// notifications that an app does not know.
const apiVersion = 10

// versionText is the version as apps parse it: the one of Mastodon whose API
// this is, first.
func (s *Server) versionText() string {
	return "4.6.0 (compatible; Seedling " + s.version + ")"
}

// rule is the entity Rule.
type rule struct {
	ID           string   `json:"id"`
	Text         string   `json:"text"`
	Hint         string   `json:"hint"`
	Translations struct{} `json:"translations"`
}

func rulesOf(rules []store.HouseRule) []rule {
	list := []rule{}
	for i, r := range rules {
		list = append(list, rule{ID: strconv.Itoa(i + 1), Text: r.Text, Hint: r.Hint})
	}
	return list
}

// showRules is GET instance/rules.
func (s *Server) showRules(w http.ResponseWriter, r *request) error {
	rules, err := s.db.HouseRules(r.Context())
	if err != nil {
		return err
	}
	return s.json(w, rulesOf(rules))
}

// configuration is what apps must know to let people write.
func (s *Server) configuration(f instanceFacts) map[string]any {
	settings := f.settings
	return map[string]any{
		"urls":  map[string]any{"streaming": s.streamingURL(), "about": s.db.URL() + "/about", "privacy_policy": s.db.URL() + "/privacy", "terms_of_service": f.terms},
		"vapid": map[string]any{"public_key": f.pushKey},
		"accounts": map[string]int{"max_featured_tags": 10, "max_pinned_statuses": store.MaxPins, "max_profile_fields": store.MaxFields,
			"profile_field_name_limit": store.MaxFieldText, "profile_field_value_limit": store.MaxFieldText,
			"max_display_name_length": store.MaxDisplayName, "max_note_length": store.MaxBio},
		"statuses": map[string]any{"max_characters": settings.PostLimit, "max_media_attachments": settings.PostMedia, "characters_reserved_per_url": charactersPerURL,
			"supported_mime_types": []string{"text/plain", "text/markdown"}},
		"media_attachments": map[string]any{"supported_mime_types": media.Accepted(), "description_limit": 1500,
			"image_size_limit": settings.PictureLimit << 20, "image_matrix_limit": settings.PictureSize * 1_000_000, "video_size_limit": min(settings.StreamLimit<<20, math.MaxInt32), "video_frame_rate_limit": 120, "video_matrix_limit": 8_294_400},
		"polls": map[string]int{"max_options": store.MaxPollOptions, "max_characters_per_option": store.MaxPollOption,
			"min_expiration": int(store.MinPollTime.Seconds()), "max_expiration": int(store.MaxPollTime.Seconds())},
		"translation":        map[string]bool{"enabled": false},
		"timelines_access":   timelinesAccess(settings),
		"limited_federation": settings.Federation != store.FederationOpen,
	}
}

// timelinesAccess says who may read which timelines.
func timelinesAccess(settings store.Settings) map[string]any {
	who := "public"
	if !settings.PublicTimelines {
		who = "authenticated"
	}
	feeds := map[string]string{"local": who, "remote": who}
	return map[string]any{"live_feeds": feeds, "hashtag_feeds": feeds, "trending_link_feeds": map[string]string{"local": "disabled", "remote": "disabled"}}
}

// streamingURL is where streams are.
func (s *Server) streamingURL() string {
	u, err := url.Parse(s.db.URL())
	if err != nil {
		return ""
	}
	u.Scheme = map[string]string{"https": "wss", "http": "ws"}[u.Scheme]
	return u.String()
}

// instanceFacts are what both versions of the entity need.
type instanceFacts struct {
	settings store.Settings
	stats    store.Stats
	rules    []store.HouseRule
	pushKey  string
	contact  *account // of the one whom the admins name, or the first of the staff
	language string   // of the one to contact
	terms    *string  // where they are, if there are any
}

func (s *Server) instanceFacts(r *request) (f instanceFacts, err error) {
	if f.settings, err = s.db.Settings(r.Context()); err != nil {
		return f, err
	}
	if f.rules, err = s.db.HouseRules(r.Context()); err != nil {
		return f, err
	}
	if f.stats, err = s.db.Stats(r.Context()); err != nil {
		return f, err
	}
	if f.pushKey, err = s.pushKey(r.Context()); err != nil {
		return f, err
	}
	terms, err := s.db.SitePage(r.Context(), store.PageTerms)
	if err != nil {
		return f, err
	}
	if !terms.EditedAt.IsZero() {
		f.terms = stringOrNil(s.db.URL() + "/terms")
	}
	f.language = "en"
	staff, err := s.db.Staff(r.Context())
	if err != nil || len(staff) == 0 {
		return f, err
	}
	e, err := s.entities(r)
	if err != nil {
		return f, err
	}
	for i, u := range staff {
		if i == 0 || u.Account.Username == f.settings.ContactAccount {
			f.contact, f.language = e.account(u.Account), cmp.Or(u.Preferences.Locale, "en")
		}
	}
	return f, nil
}

// showInstance is GET v2/instance.
func (s *Server) showInstance(w http.ResponseWriter, r *request) error {
	f, err := s.instanceFacts(r)
	if err != nil {
		return err
	}
	mode := f.settings.Registrations
	return s.json(w, map[string]any{
		"pleroma": instanceMore(f.settings),
		"domain":  s.db.AccountDomain(), "title": f.settings.Name, "version": s.versionText(), "source_url": s.db.URL() + "/source",
		"description":   f.settings.Description,
		"usage":         map[string]any{"users": map[string]int{"active_month": f.stats.ActiveMonth}},
		"thumbnail":     map[string]any{"url": s.noHeader(), "blurhash": nil, "versions": map[string]string{}},
		"icon":          []struct{}{},
		"languages":     []string{f.language},
		"configuration": s.configuration(f),
		"registrations": map[string]any{"enabled": mode == store.RegistrationsOpen || mode == store.RegistrationsApproval,
			"approval_required": mode == store.RegistrationsApproval, "reason_required": mode == store.RegistrationsApproval,
			"message": stringOrNil(f.settings.ClosedMessage), "min_age": nil, "url": s.db.URL() + "/join"},
		"api_versions": map[string]int{"mastodon": apiVersion},
		"contact":      map[string]any{"email": f.settings.ContactEmail, "account": f.contact},
		"rules":        rulesOf(f.rules),
	})
}

// showInstanceOld is GET v1/instance.
func (s *Server) showInstanceOld(w http.ResponseWriter, r *request) error {
	f, err := s.instanceFacts(r)
	if err != nil {
		return err
	}
	mode := f.settings.Registrations
	return s.json(w, map[string]any{
		"max_toot_chars": f.settings.PostLimit, "max_media_attachments": f.settings.PostMedia, "poll_limits": pollLimits(), "pleroma": instanceMore(f.settings),
		"uri": s.db.AccountDomain(), "title": f.settings.Name, "short_description": f.settings.Description, "description": f.settings.Description, "email": f.settings.ContactEmail,
		"version": s.versionText(), "urls": map[string]string{"streaming_api": s.streamingURL()},
		"stats":     map[string]int{"user_count": f.stats.Users, "status_count": f.stats.LocalPosts, "domain_count": f.stats.Instances},
		"thumbnail": s.noHeader(), "languages": []string{f.language}, "registrations": mode == store.RegistrationsOpen || mode == store.RegistrationsApproval,
		"approval_required": mode == store.RegistrationsApproval, "invites_enabled": mode == store.RegistrationsInvite,
		"configuration": s.configuration(f), "contact_account": f.contact, "rules": rulesOf(f.rules),
	})
}
