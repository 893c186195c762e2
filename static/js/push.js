// Push for this browser: asks for leave, and sends where it can be woken as
// fields of the form.

const bytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0));
const same = (buffer, key) => buffer && String(new Uint8Array(buffer)) === String(key);

async function subscribe(key) {
  if (await Notification.requestPermission() !== 'granted') throw new DOMException('no leave', 'NotAllowedError');
  await navigator.serviceWorker.register('/push-worker.js');
  const { pushManager } = await navigator.serviceWorker.ready;
  const old = await pushManager.getSubscription();
  if (old && !same(old.options.applicationServerKey, key)) await old.unsubscribe(); // of a server that stood here before
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

export function offer(form) {
  if (!navigator.serviceWorker || !globalThis.PushManager || !globalThis.Notification) return;
  form.hidden = false;
  form.addEventListener('submit', async e => {
    e.preventDefault();
    const said = form.querySelector('[role=status]');
    said.textContent = '';
    try {
      const { endpoint, keys } = (await subscribe(bytes(form.dataset.push))).toJSON();
      for (const [name, value] of Object.entries({ endpoint, ...keys })) if (form.elements[name]) form.elements[name].value = value;
      form.submit();
    } catch (err) {
      console.info('push', err.name);
      said.textContent = err.name === 'NotAllowedError' ? said.dataset.denied : said.dataset.failed;
    }
  });
}
