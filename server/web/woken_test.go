package web

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

func TestABrowserIsWokenUntilToldNotTo(t *testing.T) {
	s, c := newVillage(t)
	p := s.member("mira")
	const page, form = "/settings/notifications", "/settings/notifications/browser"
	v := p.get(page).wants(http.StatusOK, "None so far").fields(form)
	for _, wrong := range []string{"", "http://push.example/"} {
		v.Set("endpoint", wrong)
		p.post(form, v).wants(http.StatusUnprocessableEntity, "cannot be woken")
	}
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	s.must(err)
	v.Set("endpoint", "https://push.example/1")
	v.Set("p256dh", base64.RawURLEncoding.EncodeToString(key.PublicKey().Bytes()))
	v.Set("auth", base64.RawURLEncoding.EncodeToString(make([]byte, 16)))
	p.agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
	on := p.post(form, v).leadsTo(page).wants(http.StatusOK, "This browser is notified now", "this browser").lacks("Notify this browser")
	s.member("mira").get(page).wants(http.StatusOK, "Notify this browser").lacks("None so far")
	list, err := s.db.Woken(t.Context(), c.mira.ID)
	s.must(err)
	if len(list) != 1 {
		t.Fatalf("woken: %+v, want one", list)
	}
	remove := page + "/woken/" + strconv.FormatInt(list[0].ID, 10) + "/remove"
	if !strings.Contains(on.body, `formaction="`+remove+`"`) {
		t.Fatalf("no button for %s", remove)
	}
	stranger := s.member("fay")
	token := stranger.get(page).fields(page)
	stranger.post(remove, token).wants(http.StatusSeeOther)
	p.get(page).wants(http.StatusOK, "this browser")
	p.post(remove, v).leadsTo(page).wants(http.StatusOK, "Nothing more is sent there", "None so far", "Notify this browser")
}

func TestThePushWorkerStandsAtTheTop(t *testing.T) {
	s := newFoundedSite(t)
	got := s.person().get("/push-worker.js").wants(http.StatusOK)
	if kind := got.header.Get("Content-Type"); !strings.HasPrefix(kind, "text/javascript") || got.header.Get("Cache-Control") != "no-cache" || !strings.Contains(got.body, "notificationclick") {
		t.Errorf("type %q, cache %q: %.80s", kind, got.header.Get("Cache-Control"), got.body)
	}
}
