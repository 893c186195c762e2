package api

import (
	"cmp"
	"context"
	"net/http"

	"seedling/server/param"
	"seedling/store"
)

// pushSubscription is the entity WebPushSubscription. Its ID is a number, whatever
// the documentation says: Mastodon's is one, and apps in Swift read no other.
type pushSubscription struct {
	ID        int64           `json:"id"`
	Endpoint  string          `json:"endpoint"`
	Standard  bool            `json:"standard"`
	Alerts    map[string]bool `json:"alerts"`
	ServerKey string          `json:"server_key"`
	Policy    string          `json:"policy"`
}

func (s *Server) pushRoutes(t *table) {
	push := member("push")
	t.on("GET", "v1/push/subscription", push, s.showPush)
	t.on("POST", "v1/push/subscription", push, s.createPush)
	t.on("PUT", "v1/push/subscription", push, s.updatePush)
	t.on("DELETE", "v1/push/subscription", push, s.deletePush)
}

// pushEntity answers with a subscription.
func (s *Server) pushEntity(w http.ResponseWriter, r *request, p *store.PushSubscription) error {
	key, err := s.pushKey(r.Context())
	if err != nil {
		return err
	}
	v := pushSubscription{ID: p.ID, Endpoint: p.Endpoint, Standard: !p.Draft, Alerts: map[string]bool{}, ServerKey: key, Policy: p.Policy.String()}
	for _, t := range noticeTypes {
		v.Alerts[t.name] = false
	}
	for _, k := range p.Kinds {
		if name := noticeType(k); name != "" {
			v.Alerts[name] = true
		}
	}
	return s.json(w, v)
}

// pushKey is what apps need to subscribe at a push service.
func (s *Server) pushKey(ctx context.Context) (string, error) {
	_, public, err := s.db.PushKey(ctx)
	return public, err
}

// readPush reads what a subscription is to hear of. The policy is documented
// within data for POST and beside it for PUT, and apps send either.
func readPush(params param.Values, p *store.PushSubscription) (err error) {
	p.Kinds = nil
	data := params.Below("data")
	alerts := data.Below("alerts")
	for _, t := range noticeTypes {
		if alerts.Bool(t.name, false) {
			p.Kinds = append(p.Kinds, t.kinds...)
		}
	}
	if text := cmp.Or(params.Get("policy"), data.Get("policy")); text != "" {
		p.Policy, err = store.ParsePushPolicy(text)
	}
	return err
}

// createPush is POST push/subscription: in place of the one that the token had.
func (s *Server) createPush(w http.ResponseWriter, r *request) error {
	given := r.params.Below("subscription")
	keys := given.Below("keys")
	p := &store.PushSubscription{AccountID: r.me(), TokenID: r.token.ID, Endpoint: given.Get("endpoint"), PublicKey: keys.Get("p256dh"), Auth: keys.Get("auth"),
		Draft: !given.Bool("standard", false)}
	if err := readPush(r.params, p); err != nil {
		return err
	}
	if err := s.db.SubscribePush(r.Context(), p); err != nil {
		return err
	}
	return s.pushEntity(w, r, p)
}

// showPush is GET push/subscription.
func (s *Server) showPush(w http.ResponseWriter, r *request) error {
	p, err := s.db.PushOf(r.Context(), r.token.ID, 0)
	if err != nil {
		return err
	}
	return s.pushEntity(w, r, p)
}

// updatePush is PUT push/subscription.
func (s *Server) updatePush(w http.ResponseWriter, r *request) error {
	p, err := s.db.PushOf(r.Context(), r.token.ID, 0)
	if err != nil {
		return err
	}
	if err := readPush(r.params, p); err != nil {
		return err
	}
	if err := s.db.ChangePush(r.Context(), p); err != nil {
		return err
	}
	return s.pushEntity(w, r, p)
}

// deletePush is DELETE push/subscription.
func (s *Server) deletePush(w http.ResponseWriter, r *request) error {
	if err := s.db.UnsubscribePush(r.Context(), r.token.ID, 0); err != nil {
		return err
	}
	return s.empty(w)
}
