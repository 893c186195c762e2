package api

import (
	"net/http"
	"slices"
	"strconv"

	"seedling/store"
)

// policy is the entity NotificationPolicy.
type policy struct {
	NotFollowing    string        `json:"for_not_following"`
	NotFollowers    string        `json:"for_not_followers"`
	NewAccounts     string        `json:"for_new_accounts"`
	PrivateMentions string        `json:"for_private_mentions"`
	LimitedAccounts string        `json:"for_limited_accounts"`
	Summary         policySummary `json:"summary"`
}

type policySummary struct {
	Requests      int `json:"pending_requests_count"`
	Notifications int `json:"pending_notifications_count"`
}

var verdicts = []string{store.AcceptNotification: "accept", store.HoldNotification: "filter", store.DropNotification: "drop"}

// showPolicy is GET v2/notifications/policy.
func (s *Server) showPolicy(w http.ResponseWriter, r *request) error {
	p, err := s.db.NotificationPolicy(r.Context(), r.me())
	if err != nil {
		return err
	}
	held, err := s.held(r)
	if err != nil {
		return err
	}
	return s.json(w, policy{verdicts[p.NotFollowing], verdicts[p.NotFollowers], verdicts[p.NewAccounts], verdicts[p.PrivateMentions], verdicts[p.LimitedAccounts], held})
}

// held counts what the policy holds back.
func (s *Server) held(r *request) (n policySummary, err error) {
	n.Requests, n.Notifications, err = s.db.CountHeld(r.Context(), r.me())
	return n, err
}

// changePolicy stores the policy as change leaves it.
func (s *Server) changePolicy(r *request, change func(*store.NotificationPolicy) error) error {
	p, err := s.db.NotificationPolicy(r.Context(), r.me())
	if err != nil {
		return err
	}
	if err := change(&p); err != nil {
		return err
	}
	return s.db.SetNotificationPolicy(r.Context(), r.me(), p)
}

// setPolicy is PATCH v2/notifications/policy. What is not sent stays.
func (s *Server) setPolicy(w http.ResponseWriter, r *request) error {
	err := s.changePolicy(r, func(p *store.NotificationPolicy) error {
		for name, verdict := range map[string]*store.NotificationVerdict{"for_not_following": &p.NotFollowing, "for_not_followers": &p.NotFollowers,
			"for_new_accounts": &p.NewAccounts, "for_private_mentions": &p.PrivateMentions, "for_limited_accounts": &p.LimitedAccounts} {
			text := r.params.Get(name)
			if text == "" {
				continue
			}
			i := slices.Index(verdicts, text)
			if i < 0 {
				return invalid("%s is not included in the list", name)
			}
			*verdict = store.NotificationVerdict(i)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.showPolicy(w, r)
}

// oldPolicy is the entity NotificationPolicy before 4.3, which knows of no
// dropping.
type oldPolicy struct {
	NotFollowing    bool          `json:"filter_not_following"`
	NotFollowers    bool          `json:"filter_not_followers"`
	NewAccounts     bool          `json:"filter_new_accounts"`
	PrivateMentions bool          `json:"filter_private_mentions"`
	Summary         policySummary `json:"summary"`
}

// showOldPolicy is GET v1/notifications/policy.
func (s *Server) showOldPolicy(w http.ResponseWriter, r *request) error {
	p, err := s.db.NotificationPolicy(r.Context(), r.me())
	if err != nil {
		return err
	}
	away := func(v store.NotificationVerdict) bool { return v != store.AcceptNotification }
	held, err := s.held(r)
	if err != nil {
		return err
	}
	return s.json(w, oldPolicy{away(p.NotFollowing), away(p.NotFollowers), away(p.NewAccounts), away(p.PrivateMentions), held})
}

// setOldPolicy is PUT v1/notifications/policy. What is not sent stays, and so does
// what is dropped and to be filtered.
func (s *Server) setOldPolicy(w http.ResponseWriter, r *request) error {
	err := s.changePolicy(r, func(p *store.NotificationPolicy) error {
		for name, verdict := range map[string]*store.NotificationVerdict{"filter_not_following": &p.NotFollowing, "filter_not_followers": &p.NotFollowers,
			"filter_new_accounts": &p.NewAccounts, "filter_private_mentions": &p.PrivateMentions} {
			switch {
			case !r.params.Has(name):
			case !r.params.Bool(name, false):
				*verdict = store.AcceptNotification
			case *verdict == store.AcceptNotification:
				*verdict = store.HoldNotification
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.showOldPolicy(w, r)
}

// setBlockStrangers is PUT pleroma/notification_settings: Akkoma's two switches. The
// words of pushes can't be hidden here.
func (s *Server) setBlockStrangers(w http.ResponseWriter, r *request) error {
	if r.params.Bool("hide_notification_contents", false) {
		return invalid("Pushes always hold the words of the notification")
	}
	err := s.changePolicy(r, func(p *store.NotificationPolicy) error {
		switch {
		case !r.params.Has("block_from_strangers"):
		case r.params.Bool("block_from_strangers", false):
			p.NotFollowing = store.DropNotification
		case p.NotFollowing == store.DropNotification:
			p.NotFollowing = store.AcceptNotification
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.json(w, map[string]string{"status": "success"})
}

// noticeRequest is the entity NotificationRequest.
type noticeRequest struct {
	ID        string   `json:"id"`
	CreatedAt string   `json:"created_at"`
	UpdatedAt string   `json:"updated_at"`
	Count     string   `json:"notifications_count"`
	Account   *account `json:"account"`
	Last      *status  `json:"last_status"`
}

// noticeRequests makes the entities.
func (s *Server) noticeRequests(r *request, requests []*store.NotificationRequest) ([]noticeRequest, error) {
	e, err := s.entities(r)
	if err != nil {
		return nil, err
	}
	var people []*store.Account
	var posts []*store.PostView
	for _, q := range requests {
		if people = append(people, q.From); q.Last != nil {
			posts = append(posts, q.Last)
		}
	}
	if err := e.load(r.Context(), posts); err != nil {
		return nil, err
	}
	accounts, err := e.accounts(r.Context(), people)
	if err != nil {
		return nil, err
	}
	list := make([]noticeRequest, len(requests))
	for i, q := range requests {
		list[i] = noticeRequest{ID: id(q.ID), CreatedAt: moment(q.CreatedAt), UpdatedAt: moment(q.UpdatedAt), Count: strconv.Itoa(q.Count), Account: accounts[i]}
		if q.Last != nil {
			list[i].Last = e.post(q.Last)
		}
	}
	return list, nil
}

// showNoticeRequests is GET notifications/requests.
func (s *Server) showNoticeRequests(w http.ResponseWriter, r *request) error {
	c, err := r.cursor(peoplePage, maxPeople)
	if err != nil {
		return err
	}
	p, err := s.db.NotificationRequests(r.Context(), r.me(), c)
	if err != nil {
		return err
	}
	list, err := s.noticeRequests(r, p.Requests)
	if err != nil {
		return err
	}
	s.setLink(w, r, p.Older, p.Top)
	return s.json(w, list)
}

// noticeRequest finds the request that the path names.
func (s *Server) noticeRequest(r *request) (*store.NotificationRequest, error) {
	requestID, err := r.id("id")
	if err != nil {
		return nil, err
	}
	return s.db.NotificationRequest(r.Context(), r.me(), requestID)
}

// showNoticeRequest is GET notifications/requests/:id.
func (s *Server) showNoticeRequest(w http.ResponseWriter, r *request) error {
	q, err := s.noticeRequest(r)
	if err != nil {
		return err
	}
	list, err := s.noticeRequests(r, []*store.NotificationRequest{q})
	if err != nil {
		return err
	}
	return s.json(w, list[0])
}

// acceptNotices and dismissNotices answer requests: the one that the path names,
// or those whose ids are sent.
func (s *Server) acceptNotices(w http.ResponseWriter, r *request) error {
	ids, err := s.answered(r)
	if err != nil {
		return err
	}
	if err := s.db.AcceptNotificationRequests(r.Context(), r.me(), ids); err != nil {
		return err
	}
	return s.empty(w)
}

func (s *Server) dismissNotices(w http.ResponseWriter, r *request) error {
	ids, err := s.answered(r)
	if err != nil {
		return err
	}
	if err := s.db.DismissNotificationRequests(r.Context(), r.me(), ids); err != nil {
		return err
	}
	return s.empty(w)
}

func (s *Server) answered(r *request) ([]int64, error) {
	if r.path.ByName("id") == "" {
		return r.idList("id"), nil
	}
	q, err := s.noticeRequest(r)
	if err != nil {
		return nil, err
	}
	return []int64{q.ID}, nil
}

// noticesMerged is GET notifications/requests/merged: what was accepted stands in
// the list at once.
func (s *Server) noticesMerged(w http.ResponseWriter, _ *request) error {
	return s.json(w, map[string]bool{"merged": true})
}
