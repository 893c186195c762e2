package web

import (
	"net/http"
	"time"

	"seedling/store"
	"seedling/store/content"
	"seedling/templates"
)

// showHistory is /@name/{id}/history: the versions of a post, newest first,
// each with what changed.
func (s *Server) showHistory(w http.ResponseWriter, r *request) error {
	v, err := s.postOfPath(r)
	if err != nil {
		return err
	}
	old, err := s.db.PostHistory(r.Context(), v.ID, r.asViewer())
	if err != nil {
		return err
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	p := templates.HistoryPage{Frame: s.frame(r), Post: c.post(v)}
	p.NoIndex = true
	if len(old) > 0 {
		p.Versions = c.versions(v, old)
	}
	p.Private = len(old) == 0 && !v.EditedAt.IsZero() // there are some, not for this viewer
	return s.render(w, r, http.StatusOK, p)
}

// version is one state of a post as plain text.
type version struct {
	at            time.Time
	warning, text string
}

// versions compares each version with the one before.
func (c *cards) versions(v *store.PostView, old []*store.PostVersion) []templates.Version {
	var list []version
	for _, o := range old {
		list = append(list, version{time.UnixMilli(o.WrittenAt), o.ContentWarning, titled(o.Title, o.HTML)})
	}
	list = append(list, version{v.EditedAt, v.ContentWarning, titled(v.Title, v.HTML)})
	var views []templates.Version
	for i := len(list) - 1; i >= 0; i-- {
		now := list[i]
		view := templates.Version{At: c.moment(now.at), First: i == 0}
		if i == 0 {
			view.ContentWarning, view.Text = whole(now.warning), whole(now.text)
		} else {
			view.ContentWarning = diffWords(list[i-1].warning, now.warning)
			view.Text = diffWords(list[i-1].text, now.text)
		}
		views = append(views, view)
	}
	return views
}

func titled(title string, html content.HTML) string {
	text := content.PlainText(html)
	if title == "" {
		return text
	}
	return title + "\n\n" + text
}

func whole(text string) []templates.DiffPart {
	if text == "" {
		return nil
	}
	return []templates.DiffPart{{Text: text}}
}
