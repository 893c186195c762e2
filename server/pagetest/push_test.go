package pagetest

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"testing"
)

// TestABrowserAsksToBeWoken presses the switch of the settings. Headless Chromium
// has no push service: the page's own script is given what one would answer.
func TestABrowserAsksToBeWoken(t *testing.T) {
	browser := newBrowser(t)
	v := newVillage(t)
	b := v.newTab(t, browser, member)
	b.window(1280, 900)
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	v.must(err)
	const form = `document.querySelector('form[data-push]')`
	b.open("/settings/notifications")
	b.until("the switch is offered", `!`+form+`.hidden`)
	b.accessible("/settings/notifications with the switch")
	js[bool](b, `(() => { Notification.requestPermission = async () => 'denied'; return true; })()`)
	b.press(`form[data-push] button`)
	b.until("it says that the browser does not allow it", form+`.querySelector('[role=status]').textContent === `+form+`.querySelector('[role=status]').dataset.denied`)
	js[bool](b, `(() => { Notification.requestPermission = async () => 'granted';
  PushManager.prototype.subscribe = async o => ({ toJSON: () => ({ endpoint: location.origin + '/made-up', expirationTime: null,
    keys: { p256dh: o.userVisibleOnly && o.applicationServerKey.length === 65 ? %s : '', auth: %s } }) });
  return true; })()`, quote(base64.RawURLEncoding.EncodeToString(key.PublicKey().Bytes())), quote(base64.RawURLEncoding.EncodeToString(make([]byte, 16))))
	b.press(`form[data-push] button`)
	b.until("the browser is in the list, and no switch is left", `document.querySelector('#woken .sessions li .tag') && !`+form)
	b.until("the worker is there for all pages", `(window.ready ??= navigator.serviceWorker.ready.then(r => window.worker = r)) && window.worker?.active?.scriptURL.endsWith('/push-worker.js') && window.worker.scope === location.origin + '/'`)
	b.press(`#woken .sessions button`)
	b.until("it is not woken any more", `!document.querySelector('#woken .sessions') && `+form)
	b.quiet()
}
