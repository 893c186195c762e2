package web

import "testing"

func TestAdminChoosesLimitsOfMediaAndTheBubble(t *testing.T) {
	s := newFoundedSite(t)
	olga := s.member("olga")
	const path = "/admin/settings"
	form := olga.get(path).wants(200, "Posts and media").fields(path)
	for field, wrong := range map[string]string{"picture_limit": "0", "media_limit": "x", "post_media": "33", "media_cache": "", "emoji_kb": "-1", "bubble_hosts": "*.near.example"} {
		before := form.Get(field)
		form.Set(field, wrong)
		olga.post(path, form).wants(422, "There is a problem").holds(`id="e-` + field)
		form.Set(field, before)
	}
	form.Set("picture_limit", "5")
	form.Set("bubble_hosts", "near.example")
	form.Del("link_cards")
	olga.post(path, form).leadsTo(path).wants(200, "Saved.")
	v, err := s.db.Settings(t.Context())
	s.must(err)
	if v.PictureLimit != 5 || v.LinkCards || !v.AltReminder || !v.BubbleHosts.Has("near.example") {
		t.Errorf("saved: pictures %d, cards %v, reminder %v, bubble %v", v.PictureLimit, v.LinkCards, v.AltReminder, v.BubbleHosts)
	}
}
