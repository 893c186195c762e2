package live

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"seedling/server/throttle"
)

// counts is what an open page shows beside its words.
type counts struct {
	Home          int `json:"home"` // posts newer than the page, up to maxCountedHome
	Notifications int `json:"notifications"`
	Requests      int `json:"requests"`
	Messages      int `json:"messages"`
}

// ServeCounts is the stream of an open page, whose member and session the
// caller has found: an event "counts" at its beginning and whenever something
// may have changed. The parameter home is the first entry of the home timeline
// that the page shows.
func (s *Server) ServeCounts(w http.ResponseWriter, r *http.Request, accountID, sessionID int64) {
	st := newStream(accountID, throttle.Network(r.RemoteAddr))
	st.sessionID, st.counts = sessionID, true
	if err := s.join(st); err != nil {
		s.fail(w, err)
		return
	}
	defer s.leave(st)
	top, _ := strconv.ParseInt(r.URL.Query().Get("home"), 10, 64)
	out, err := begin(w)
	if err != nil {
		return
	}
	beat := time.NewTicker(beatEvery)
	defer beat.Stop()
	var told counts
	for first := true; err == nil; first = false {
		now, countErr := s.count(r.Context(), accountID, top)
		if countErr != nil {
			if r.Context().Err() == nil {
				s.log.Error("page not counted for", "error", countErr)
			}
			return
		}
		if first || now != told {
			if err = out.write(now.line()); err != nil {
				return
			}
			told = now
		}
		err = st.waitForNews(r.Context(), out, beat)
	}
}

// waitForNews returns nil when something may have changed, at most once in
// countsEvery.
func (st *stream) waitForNews(ctx context.Context, out *events, beat *time.Ticker) error {
	pause := time.NewTimer(countsEvery)
	defer pause.Stop()
	rested := false
	wake := (<-chan struct{})(nil)
	for {
		if rested {
			wake = st.wake
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-st.ended:
			return errStopping
		case <-wake:
			return nil
		case <-pause.C:
			rested = true
		case <-beat.C:
			if err := out.write([]byte(heartbeat)); err != nil {
				return err
			}
		}
	}
}

func (c counts) line() []byte {
	payload, _ := json.Marshal(c) // numbers alone: it can't fail
	return message{"counts", payload}.line()
}

// count counts what a member has not seen.
func (s *Server) count(ctx context.Context, accountID, top int64) (c counts, err error) {
	u, err := s.db.User(ctx, accountID)
	if err != nil {
		return c, err
	}
	if top > 0 {
		if c.Home, err = s.db.CountNewer(ctx, accountID, top, maxCountedHome); err != nil {
			return c, err
		}
	}
	if c.Notifications, err = s.db.UnreadNotifications(ctx, u); err != nil {
		return c, err
	}
	if c.Requests, err = s.db.CountFollowRequests(ctx, accountID); err != nil {
		return c, err
	}
	c.Messages, err = s.db.UnreadConversations(ctx, accountID)
	return c, err
}
