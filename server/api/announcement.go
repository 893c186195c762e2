package api

import "seedling/store"

// announcement is the entity Announcement.
type announcement struct {
	ID          string                 `json:"id"`
	Content     string                 `json:"content"`
	StartsAt    *string                `json:"starts_at"`
	EndsAt      *string                `json:"ends_at"`
	AllDay      bool                   `json:"all_day"`
	PublishedAt string                 `json:"published_at"`
	UpdatedAt   string                 `json:"updated_at"`
	Read        *bool                  `json:"read,omitempty"`
	Mentions    []mention              `json:"mentions"`
	Statuses    []status               `json:"statuses"`
	Tags        []tag                  `json:"tags"`
	Emojis      []emoji                `json:"emojis"`
	Reactions   []announcementReaction `json:"reactions"`
}

// announcementReaction is the entity Reaction of an announcement.
type announcementReaction struct {
	Name      string `json:"name"`
	Count     int    `json:"count"`
	Me        *bool  `json:"me,omitempty"`
	URL       string `json:"url,omitempty"` // of a custom emoji
	StaticURL string `json:"static_url,omitempty"`
}

// announcement makes the entity; member says that it is for the one who was
// asked about when it was loaded.
func (s *Server) announcement(a *store.Announcement, member bool) *announcement {
	v := &announcement{
		ID: id(a.ID), Content: a.HTML.String(), StartsAt: momentOrNil(a.StartsAt), EndsAt: momentOrNil(a.EndsAt), AllDay: a.AllDay,
		PublishedAt: moment(a.PublishedAt()), UpdatedAt: moment(a.EditedAt),
		Mentions: []mention{}, Statuses: []status{}, Tags: []tag{}, Emojis: []emoji{}, Reactions: make([]announcementReaction, len(a.Reactions)),
	}
	if member {
		v.Read = &a.Dismissed
	}
	for i, r := range a.Reactions {
		v.Reactions[i] = announcementReaction{Name: emojiName(r.Emoji), Count: r.Count}
		if member {
			v.Reactions[i].Me = &r.Mine
		}
	}
	return v
}
