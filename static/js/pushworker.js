// What the browser runs when it is woken: it shows what the server sent, already
// in the reader's language, and opens the page that it is about.

addEventListener('install', () => skipWaiting());

addEventListener('push', e => {
  const told = e.data?.json();
  if (!told) return;
  e.waitUntil(registration.showNotification(told.title, {
    body: told.body, icon: told.icon, tag: told.notification_id, lang: told.preferred_locale,
    dir: told.preferred_locale === 'ar' ? 'rtl' : 'auto', data: told.path,
  }));
});

async function open(path) {
  const to = new URL(path ?? '/notifications', location.origin);
  if (to.origin !== location.origin) return;
  const windows = await clients.matchAll({ type: 'window' });
  const there = windows.find(w => w.url === to.href);
  await (there ? there.focus() : clients.openWindow(to.href));
}

addEventListener('notificationclick', e => {
  e.notification.close();
  e.waitUntil(open(e.notification.data));
});
