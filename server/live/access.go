package live

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"seedling/server/oauth"
	"seedling/server/throttle"
	"seedling/store"
)

// refuse answers with an error as the client API has it.
func refuse(w http.ResponseWriter, status int, text string) {
	oauth.SetCORS(w.Header())
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "private, no-store")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]string{"error": text})
}

// fail answers with what went wrong before a stream began.
func (s *Server) fail(w http.ResponseWriter, err error) {
	var p *problem
	switch {
	case errors.As(err, &p):
		if p == errFull {
			w.Header().Set("Retry-After", "60")
		}
		refuse(w, p.status, p.text)
	case errors.Is(err, store.ErrClosed):
		refuse(w, errStopping.status, errStopping.text)
	default:
		s.log.Error("stream failed", "error", err)
		refuse(w, http.StatusInternalServerError, "Internal server error")
	}
}

func preflight(w http.ResponseWriter) {
	oauth.SetCORS(w.Header())
	w.WriteHeader(http.StatusNoContent)
}

// bearer finds the token of a request: in its header, in the query, or, since
// browsers let a page set no header of a WebSocket, as the name of a protocol.
func bearer(r *http.Request) (secret string, protocol bool) {
	if kind, token, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(kind, "Bearer") {
		return strings.TrimSpace(token), false
	}
	if token := r.URL.Query().Get("access_token"); token != "" {
		return token, false
	}
	token := strings.TrimSpace(r.Header.Get("Sec-WebSocket-Protocol"))
	return token, token != ""
}

// open makes the stream of whoever asks. Streams are for members alone.
func (s *Server) open(r *http.Request) (*stream, error) {
	secret, _ := bearer(r)
	if secret == "" {
		return nil, errToken
	}
	token, user, err := s.db.Token(r.Context(), secret)
	if errors.Is(err, store.ErrNotFound) || err == nil && user == nil {
		return nil, errInvalid
	}
	if err != nil {
		return nil, err
	}
	st := newStream(user.Account.ID, throttle.Network(r.RemoteAddr))
	st.tokenID, st.scopes, st.queue = token.ID, token.Scopes, make(chan []byte, maxQueue)
	st.notifications = oauth.Allow(token.Scopes, "read:notifications")
	if s.now().Sub(token.UsedAt) > time.Hour {
		if err := s.db.TouchToken(r.Context(), token); err != nil {
			return nil, err
		}
	}
	return st, nil
}

// may refuses a channel that the stream's token, or member, may not follow.
func (s *Server) may(ctx context.Context, st *stream, c channel) error {
	if !c.allowed(st.scopes) {
		return errScope
	}
	if c.kind != channelList {
		return nil
	}
	_, err := s.db.List(ctx, st.accountID, c.list)
	if errors.Is(err, store.ErrNotFound) {
		return errNoList
	}
	return err
}

// check ends those of a member's streams that may not go on.
func (s *Server) check(ctx context.Context, accountID int64) error {
	return s.checkStreams(ctx, s.streamsOf(accountID))
}

// checkAll checks every stream: what other processes changed is not heard.
func (s *Server) checkAll(ctx context.Context) {
	var all []opened
	s.mu.RLock()
	for _, m := range s.members {
		for st := range m.streams {
			all = append(all, opened{stream: st})
		}
	}
	s.mu.RUnlock()
	if err := s.checkStreams(ctx, all); err != nil && ctx.Err() == nil {
		s.log.Error("streams not checked", "error", err)
	}
}

func (s *Server) checkStreams(ctx context.Context, list []opened) error {
	var tokens, sessions []int64
	for _, st := range list {
		if st.tokenID != 0 {
			tokens = append(tokens, st.tokenID)
		} else {
			sessions = append(sessions, st.sessionID)
		}
	}
	liveTokens, err := s.db.LiveTokens(ctx, tokens)
	if err != nil {
		return err
	}
	liveSessions, err := s.db.LiveSessions(ctx, sessions)
	if err != nil {
		return err
	}
	for _, st := range list {
		if st.tokenID != 0 && !liveTokens[st.tokenID] || st.tokenID == 0 && !liveSessions[st.sessionID] {
			st.end(endAccess)
		}
	}
	return nil
}
