// Passkeys: asks the device, and sends its answer as a field of the form.

const bytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0));
const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
const ids = list => (list ?? []).map(c => ({ ...c, id: bytes(c.id) }));

async function ask(options) {
  const o = options.publicKey;
  o.challenge = bytes(o.challenge);
  if (o.user) {
    o.user.id = bytes(o.user.id);
    o.excludeCredentials = ids(o.excludeCredentials);
    return navigator.credentials.create({ publicKey: o });
  }
  o.allowCredentials = ids(o.allowCredentials);
  return navigator.credentials.get({ publicKey: o });
}

function answer(key) {
  const response = {};
  for (const name of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'])
    if (key.response[name]) response[name] = text(key.response[name]);
  if (key.response.getTransports) response.transports = key.response.getTransports();
  return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, clientExtensionResults: {}, response });
}

export function offer(form) {
  if (!globalThis.PublicKeyCredential) return form.remove();
  form.hidden = false;
  form.addEventListener('submit', async e => {
    e.preventDefault();
    const said = form.querySelector('[role=status]');
    said.textContent = '';
    try {
      const sent = await fetch(form.dataset.passkey, { method: 'POST', body: new URLSearchParams(new FormData(form)), redirect: 'error' });
      if (!sent.ok) throw new Error(sent.status);
      form.elements.credential.value = answer(await ask(await sent.json()));
      form.submit();
    } catch (err) {
      console.info('passkey', err.name);
      said.textContent = said.dataset.failed;
    }
  });
}
