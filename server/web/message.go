package web

import (
	"net/http"
	"slices"
	"strconv"

	"seedling/store"
	"seedling/templates"
)

// showMessages is /messages: the member's conversations.
func (s *Server) showMessages(w http.ResponseWriter, r *request) error {
	page, err := s.db.Conversations(r.Context(), r.viewerID(), r.storeCursor(peoplePerPage))
	if err != nil {
		return err
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	p := templates.MessagesPage{Frame: s.frame(r), Pager: r.links(page.Older, page.Newer)}
	for _, v := range page.Conversations {
		p.Rows = append(p.Rows, c.conversation(v))
	}
	return s.render(w, r, http.StatusOK, p)
}

func (c *cards) conversation(v *store.Conversation) templates.ConversationRow {
	row := templates.ConversationRow{ID: v.ID, Excerpt: excerptOf(v.Last), Mine: v.Last.AccountID == c.viewer, At: c.moment(v.Last.CreatedAt), Unread: v.Unread, Muted: v.Muted}
	for _, a := range v.People {
		row.People = append(row.People, c.account(a))
	}
	return row
}

// conversationOfPath is the member's conversation that the path names.
func (s *Server) conversationOfPath(r *request) (*store.Conversation, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, err
	}
	return s.db.Conversation(r.Context(), r.viewerID(), id)
}

// showMessage is /messages/{id}: the posts like lines of a chat, and a form for
// the next. Looking at the newest marks the conversation as read.
func (s *Server) showMessage(w http.ResponseWriter, r *request) error {
	v, err := s.conversationOfPath(r)
	if err != nil {
		return err
	}
	posts, err := s.db.ConversationPosts(r.Context(), r.viewerID(), v.ID, r.storeCursor(peoplePerPage))
	if err != nil {
		return err
	}
	c, err := s.newCards(r)
	if err != nil {
		return err
	}
	p := templates.MessagePage{Frame: s.frame(r), ConversationRow: c.conversation(v), Posts: c.posts(posts.Posts)}
	slices.Reverse(p.Posts)
	links := r.links(posts.Older, posts.Newer)
	p.Older, p.Newer = links.Older, links.Newer
	if p.Newer == "" {
		composer, err := s.newReply(r, v.Last)
		if err != nil {
			return err
		}
		composer.Conversation = v.ID
		if v.Last.AccountID == r.viewerID() && len(v.People) > 0 {
			composer.ReplyName = v.People[0].Name() // not oneself
		}
		p.Composer = &composer
	}
	if v.Unread && p.Newer == "" && r.Method == http.MethodGet && r.Header.Get("Sec-Purpose") == "" {
		if err := s.db.ReadConversation(r.Context(), r.viewerID(), v.ID, false); err != nil {
			return err
		}
	}
	return s.render(w, r, http.StatusOK, p)
}

// readMessage is POST /messages/{id}/read; unread=1 is the way back.
func (s *Server) readMessage(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if err := s.db.ReadConversation(r.Context(), r.viewerID(), id, r.form.Get("unread") == "1"); err != nil {
		return err
	}
	if r.form.Get("unread") == "1" { // not back to the page that would mark it as read
		s.flash(w, templates.Flash{Msg: templates.M("flash.talk_unread")})
		return redirect(w, r, "/messages")
	}
	return s.backWith(w, r, "/messages", "flash.read")
}

// muteMessage is POST /messages/{id}/mute: on=1 mutes the thread, on=0 ends that.
func (s *Server) muteMessage(w http.ResponseWriter, r *request) error {
	v, err := s.conversationOfPath(r)
	if err != nil {
		return err
	}
	choice, flash := store.ThreadAsUsual, "flash.talk_unmuted"
	if r.on("on") {
		choice, flash = store.ThreadMuted, "flash.talk_muted"
	}
	if err := s.db.ChooseThread(r.Context(), r.viewerID(), v.Last.ID, choice); err != nil {
		return err
	}
	return s.backWith(w, r, "/messages/"+strconv.FormatInt(v.ID, 10), flash)
}

// removeMessage is POST /messages/{id}/remove.
func (s *Server) removeMessage(w http.ResponseWriter, r *request) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if err := s.db.RemoveConversation(r.Context(), r.viewerID(), id); err != nil {
		return err
	}
	s.flash(w, templates.Flash{Msg: templates.M("flash.talk_removed")})
	return redirect(w, r, "/messages")
}
