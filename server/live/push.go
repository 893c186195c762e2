package live

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"seedling/federation/fetch"
	"seedling/server/api"
	"seedling/store"
	"seedling/store/content"

	webpush "github.com/SherClockHolmes/webpush-go"
)

// PusherConfig is what pushes need.
type PusherConfig struct {
	DB     *store.DB
	API    *api.Server
	Client *fetch.Client
	Now    func() time.Time // nil: time.Now
}

// Pusher wakes browsers and apps through the push services that they named (RFC
// 8030). What it sends only they can read (RFC 8291, or for apps that know no
// better its draft); the services learn when, and how much.
type Pusher struct {
	db     *store.DB
	api    *api.Server
	client *fetch.Client
	now    func() time.Time
}

// NewPusher checks the configuration.
func NewPusher(c PusherConfig) (*Pusher, error) {
	if c.DB == nil || c.API == nil || c.Client == nil {
		return nil, errors.New("push: a store, the API and a client are needed")
	}
	p := &Pusher{db: c.DB, api: c.API, client: c.Client, now: c.Now}
	if p.now == nil {
		p.now = time.Now
	}
	return p, nil
}

// Run does one job of kind store.JobPush. What is gone by now, or too old, needs
// no push.
func (p *Pusher) Run(ctx context.Context, payload string) error {
	subscriptionID, noticeID, err := parsePayload(payload)
	if err != nil {
		return err
	}
	sub, err := p.db.Push(ctx, subscriptionID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	n, err := notification(ctx, p.db, sub.AccountID, noticeID)
	if err != nil || n == nil || p.now().Sub(n.CreatedAt) > pushTTL {
		return err
	}
	m, err := p.message(ctx, sub, n)
	if err != nil {
		return err
	}
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return p.send(ctx, sub, text)
}

func parsePayload(payload string) (subscriptionID, noticeID int64, err error) {
	a, b, _ := strings.Cut(payload, " ")
	subscriptionID, err = strconv.ParseInt(a, 10, 64)
	if err == nil {
		noticeID, err = strconv.ParseInt(b, 10, 64)
	}
	if err != nil {
		return 0, 0, fmt.Errorf("push %q: %w", payload, store.ErrForbidden)
	}
	return subscriptionID, noticeID, nil
}

// pushMessage is what apps read, as Mastodon has it: its Web::NotificationSerializer
// has the ID as a number, and apps that are strict want one.
type pushMessage struct {
	AccessToken string `json:"access_token"` // empty for a browser, and until the app has used it since the start
	Locale      string `json:"preferred_locale"`
	ID          int64  `json:"notification_id"`
	Type        string `json:"notification_type"`
	Icon        string `json:"icon"`
	Title       string `json:"title"`
	Body        string `json:"body"`
	Path        string `json:"path,omitempty"` // of the page that it is about, for our own script in a browser
}

// message is a notification in the language of its reader: the one that they
// chose, else the one of the page where their browser subscribed.
func (p *Pusher) message(ctx context.Context, sub *store.PushSubscription, n *store.Notification) (*pushMessage, error) {
	reader, err := p.db.User(ctx, sub.AccountID)
	if err != nil {
		return nil, err
	}
	locale := cmp.Or(reader.Preferences.Locale, sub.Locale)
	title, err := p.api.NoticeTitle(locale, n, sub.AccountID)
	if err != nil {
		return nil, err
	}
	m := &pushMessage{Locale: cmp.Or(locale, "en"), ID: n.ID, Type: api.NoticeType(n.Kind), Icon: p.api.AvatarURL(n.From), Title: title}
	if sub.SessionID != 0 {
		m.Path = pageAbout(n)
	} else {
		m.AccessToken = p.api.TokenSecret(sub.TokenID)
	}
	if n.Post != nil {
		m.Body = n.Post.ContentWarning
		if m.Body == "" {
			m.Body = content.PlainText(n.Post.HTML)
		}
	}
	if runes := []rune(m.Body); len(runes) > maxPushText {
		m.Body = string(runes[:maxPushText]) + "…"
	}
	return m, nil
}

// pageAbout is the path of the page that a notification is about.
func pageAbout(n *store.Notification) string {
	switch {
	case n.Post != nil:
		return n.Post.Path()
	case n.Kind == store.NotifyFollow, n.Kind == store.NotifyFollowed:
		return n.From.Path()
	}
	return "/notifications"
}

// send encrypts a text and brings it to the push service. A subscription that
// the service does not know any more (404, 410: RFC 8030 §7.3) is removed.
func (p *Pusher) send(ctx context.Context, sub *store.PushSubscription, text []byte) error {
	private, public, err := p.db.PushKey(ctx)
	if err != nil {
		return err
	}
	bring := p.sendStandard
	if sub.Draft {
		bring = p.sendDraft
	}
	status, err := bring(ctx, sub, text, private, public)
	if err != nil {
		return fmt.Errorf("push to %s: %w", sub.Endpoint, err)
	}
	switch {
	case status < 300:
		return nil
	case status == http.StatusNotFound, status == http.StatusGone:
		return p.db.PushGone(ctx, sub.ID)
	case status == http.StatusTooManyRequests, status >= 500:
		return fmt.Errorf("push to %s: the service answers %d", sub.Endpoint, status)
	default:
		return fmt.Errorf("push to %s: the service answers %d: %w", sub.Endpoint, status, store.ErrForbidden)
	}
}

// sendStandard encrypts a text as aes128gcm (RFC 8291) and brings it to the push
// service.
func (p *Pusher) sendStandard(ctx context.Context, sub *store.PushSubscription, text []byte, private, public string) (status int, err error) {
	resp, err := webpush.SendNotificationWithContext(ctx, text,
		&webpush.Subscription{Endpoint: sub.Endpoint, Keys: webpush.Keys{P256dh: sub.PublicKey, Auth: sub.Auth}},
		&webpush.Options{HTTPClient: guarded{p.client}, Subscriber: p.db.URL(), TTL: int(pushTTL / time.Second), Urgency: webpush.UrgencyNormal,
			VAPIDPublicKey: public, VAPIDPrivateKey: private})
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, nil
}

// guarded lets the library send through the one client that leaves the machine:
// where a push goes is for strangers to say.
type guarded struct{ client *fetch.Client }

// Do is the method that the library calls.
func (g guarded) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	resp, err := g.client.Post(r.Context(), r.URL.String(), body, func(out *http.Request) error {
		for name, values := range r.Header {
			out.Header[name] = values
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: resp.Status, Body: io.NopCloser(bytes.NewReader(nil))}, nil
}
