package api

import (
	"net/http"

	"seedling/store"
)

// showConversations is GET conversations.
func (s *Server) showConversations(w http.ResponseWriter, r *request) error {
	c, err := r.cursor(pageSize, maxPage)
	if err != nil {
		return err
	}
	p, err := s.db.Conversations(r.Context(), r.me(), c)
	if err != nil {
		return err
	}
	e, err := s.entities(r)
	if err != nil {
		return err
	}
	list, err := e.conversations(r.Context(), p.Conversations)
	if err != nil {
		return err
	}
	s.setLink(w, r, p.Older, p.Top)
	return s.json(w, list)
}

// deleteConversation is DELETE conversations/:id.
func (s *Server) deleteConversation(w http.ResponseWriter, r *request) error {
	conversationID, err := r.id("id")
	if err != nil {
		return err
	}
	if err := s.db.RemoveConversation(r.Context(), r.me(), conversationID); err != nil {
		return err
	}
	return s.empty(w)
}

// readConversation is POST conversations/:id/read.
func (s *Server) readConversation(w http.ResponseWriter, r *request) error {
	conversationID, err := r.id("id")
	if err != nil {
		return err
	}
	if err := s.db.ReadConversation(r.Context(), r.me(), conversationID, false); err != nil {
		return err
	}
	return s.answerConversation(w, r, conversationID)
}

func (s *Server) answerConversation(w http.ResponseWriter, r *request, conversationID int64) error {
	c, err := s.db.Conversation(r.Context(), r.me(), conversationID)
	if err != nil {
		return err
	}
	e, err := s.entities(r)
	if err != nil {
		return err
	}
	list, err := e.conversations(r.Context(), []*store.Conversation{c})
	if err != nil {
		return err
	}
	return s.json(w, list[0])
}
