package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"seedling/store"
	"seedling/store/content"
	"seedling/templates"
)

// maxClosedMessage bounds what visitors read where nobody can join, in characters.
const maxClosedMessage = 1_000

// showAdminSettings is /admin/settings.
func (s *Server) showAdminSettings(w http.ResponseWriter, r *request) error {
	v, err := s.db.Settings(r.Context())
	if err != nil {
		return err
	}
	return s.renderAdminSettings(w, r, http.StatusOK, templates.AdminForm{
		Title: v.Name, Description: v.Description, JoinMode: string(v.Registrations),
		ClosedMessage: v.ClosedMessage, PostLimit: strconv.Itoa(v.PostLimit), PublicTimelines: v.PublicTimelines,
		PublicExplore: v.PublicExplore, PublicProfiles: v.PublicProfiles, PublicSearch: v.PublicSearch, ShowBlocks: string(v.ShowBlocks),
		ContactEmail: v.ContactEmail, ContactAccount: v.ContactAccount, AuthorizedFetch: v.AuthorizedFetch,
		Federation: string(v.Federation), AllowedHosts: strings.Join(v.AllowedHosts, "\n"), BlockedHosts: strings.Join(v.BlockedHosts, "\n"),
		BubbleHosts: strings.Join(v.BubbleHosts, "\n"), PictureLimit: strconv.Itoa(v.PictureLimit), PictureSize: strconv.Itoa(v.PictureSize), MediaLimit: strconv.Itoa(v.StreamLimit),
		PostMedia: strconv.Itoa(v.PostMedia), MediaCache: strconv.Itoa(v.MediaCache), EmojiKB: strconv.Itoa(v.EmojiKB),
		AltReminder: v.AltReminder, LinkCards: v.LinkCards,
	})
}

func (s *Server) renderAdminSettings(w http.ResponseWriter, r *request, status int, form templates.AdminForm, errs ...templates.FieldError) error {
	page := templates.AdminSettingsPage{Frame: s.frame(r), Form: form}
	page.Errors = errs
	return s.render(w, r, status, page)
}

// updateAdminSettings saves all settings of the instance, or none.
func (s *Server) updateAdminSettings(w http.ResponseWriter, r *request) error {
	form := templates.AdminForm{
		Title: r.text("title"), Description: strings.TrimSpace(r.form.Get("description")),
		JoinMode: r.form.Get("join_mode"), ClosedMessage: strings.TrimSpace(r.form.Get("closed_message")),
		PostLimit: r.text("post_limit"), PublicTimelines: r.on("public_timelines"),
		PublicExplore: r.on("public_explore"), PublicProfiles: r.on("public_profiles"), PublicSearch: r.on("public_search"), ShowBlocks: r.form.Get("show_blocks"),
		ContactEmail: r.text("contact_email"), ContactAccount: strings.TrimPrefix(r.text("contact_account"), "@"), AuthorizedFetch: r.on("authorized_fetch"),
		Federation: r.form.Get("federation"), AllowedHosts: strings.TrimSpace(r.form.Get("allowed_hosts")), BlockedHosts: strings.TrimSpace(r.form.Get("blocked_hosts")),
		BubbleHosts: strings.TrimSpace(r.form.Get("bubble_hosts")), PictureLimit: r.text("picture_limit"), PictureSize: r.text("picture_megapixels"), MediaLimit: r.text("media_limit"),
		PostMedia: r.text("post_media"), MediaCache: r.text("media_cache"), EmojiKB: r.text("emoji_kb"),
		AltReminder: r.on("alt_reminder"), LinkCards: r.on("link_cards"),
	}
	var errs []templates.FieldError
	if content.Count(form.ClosedMessage) > maxClosedMessage {
		errs = append(errs, mistake("closed_message", "settings.too_long", "n", maxClosedMessage))
	}
	if form.ContactAccount != "" {
		_, err := s.db.UserByName(r.Context(), form.ContactAccount)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if err != nil {
			errs = append(errs, mistake("contact_account", "admin.contact_nobody"))
		}
	}
	if len(errs) > 0 {
		return s.renderAdminSettings(w, r, http.StatusUnprocessableEntity, form, errs...)
	}
	err := s.db.SetSettings(r.Context(), map[string]string{
		"name": form.Title, "description": form.Description, "registrations": form.JoinMode,
		"closed_message": form.ClosedMessage, "post_limit": form.PostLimit, "public_timelines": strconv.FormatBool(form.PublicTimelines),
		"public_explore": strconv.FormatBool(form.PublicExplore), "public_profiles": strconv.FormatBool(form.PublicProfiles),
		"public_search": strconv.FormatBool(form.PublicSearch), "show_blocks": form.ShowBlocks,
		"contact_email": form.ContactEmail, "contact_account": form.ContactAccount,
		"authorized_fetch": strconv.FormatBool(form.AuthorizedFetch),
		"federation":       form.Federation, "allowed_hosts": form.AllowedHosts, "blocked_hosts": form.BlockedHosts,
		"bubble_hosts": form.BubbleHosts, "picture_limit": form.PictureLimit, "picture_megapixels": form.PictureSize, "media_limit": form.MediaLimit, "post_media": form.PostMedia,
		"media_cache": form.MediaCache, "emoji_kb": form.EmojiKB,
		"alt_reminder": strconv.FormatBool(form.AltReminder), "link_cards": strconv.FormatBool(form.LinkCards),
	})
	var wrong *store.SettingError
	if errors.As(err, &wrong) {
		return s.renderAdminSettings(w, r, http.StatusUnprocessableEntity, form, settingMistake(wrong))
	}
	if err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.saved")})
	return redirect(w, r, "/admin/settings")
}

// settingMistake puts the store's word on a setting into a sentence beside the
// field that holds it.
func settingMistake(err *store.SettingError) templates.FieldError {
	switch err.Key {
	case "name":
		return mistake("title", "admin.name_wrong")
	case "description":
		return mistake("description", "admin.description_long")
	case "registrations":
		return mistake("join_mode", "settings.choose")
	case "federation":
		return mistake("federation", "settings.choose")
	case "show_blocks":
		return mistake("show_blocks", "settings.choose")
	case "contact_email":
		return mistake("contact_email", "admin.contact_wrong")
	case "contact_account":
		return mistake("contact_account", "admin.contact_nobody")
	case "allowed_hosts", "blocked_hosts", "bubble_hosts":
		return hostsMistake(err)
	case "post_limit":
		return mistake("post_limit", "admin.wrong_number", "min", 1, "max", 100_000)
	}
	if most := store.MostOf(err.Key); most > 0 {
		return mistake(err.Key, "admin.wrong_number", "min", 1, "max", most)
	}
	return mistake("", "settings.choose")
}

func hostsMistake(err *store.SettingError) templates.FieldError {
	switch {
	case err.Line != "":
		return mistake(err.Key, "admin.hosts_wrong", "line", err.Line)
	case err.Own:
		return mistake(err.Key, "admin.hosts_own")
	}
	return mistake(err.Key, "admin.hosts_many", "n", store.MostHosts(err.Key))
}
