// Files: sent as soon as they are chosen, pasted or dropped, with their
// progress. The server's answer is its own form, and its part takes the place.

import { say, toast, word } from './say.js';

const helped = new WeakSet();

export function help(form) {
  import('./focal.js').then(m => m.help(form)).catch(console.warn);
  import('./order.js').then(m => m.help(form, () => send(form, []))).catch(console.warn);
  if (helped.has(form)) return;
  helped.add(form);
  form.addEventListener('change', e => e.target.matches('input[type=file][name=media]') && e.target.files.length && send(form, []));
  form.addEventListener('paste', e => take(form, e, e.clipboardData));
  form.addEventListener('dragover', e => e.dataTransfer.types.includes('Files') && e.preventDefault());
  form.addEventListener('drop', e => take(form, e, e.dataTransfer));
}

function take(form, e, from) {
  const files = [...from.files];
  if (!files.length) return;
  e.preventDefault();
  send(form, files);
}

// send posts the form as its button for files would.
async function send(form, files) {
  const body = new FormData(form), bar = document.createElement('progress');
  body.set('action', 'add-media');
  for (const f of files) body.append('media', f);
  const names = body.getAll('media').map(f => f.name).filter(Boolean).join(', ');
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute('aria-label', await word('sending', { name: names }));
  form.querySelector('.sendagain')?.remove();
  place(form).before(bar);
  if (names) say(bar.getAttribute('aria-label'));
  try {
    swap(form, await post(form.getAttribute('action'), body, done => { bar.value = done; }));
  } catch (err) {
    console.warn(err);
    toast(await word('unreachable'), true);
    await offerAgain(form, files);
  } finally {
    bar.remove();
  }
}

// place is before what the progress stands.
const place = form => form.querySelector('.addfiles') ?? form.querySelector('.tools') ?? form.lastElementChild;

// offerAgain keeps files that did not arrive: those that were pasted or dropped
// stand in no field.
async function offerAgain(form, files) {
  const again = document.createElement('button');
  again.type = 'button';
  again.className = 'btn quiet sendagain';
  again.textContent = await word('again');
  again.addEventListener('click', () => send(form, files));
  place(form).before(again);
}

// post sends a form with its progress, which fetch does not tell.
const post = (path, body, progress) => new Promise((done, failed) => {
  const x = new XMLHttpRequest();
  x.responseType = 'document';
  x.upload.onprogress = e => e.lengthComputable && progress(e.loaded / e.total);
  x.onload = () => x.response ? done(x.response) : failed(new Error('no page: ' + x.status));
  x.onerror = () => failed(new Error('not sent'));
  x.open('POST', path);
  x.send(body);
});

// swap puts the files of the answer into the form. The short form has no place
// for them: there the answer's long form takes over.
function swap(form, doc) {
  const now = doc.querySelector('form.compose');
  const wrong = doc.querySelector('.problems li, main h1');
  if (!now) return toast(wrong?.textContent ?? '', true);
  const old = form.querySelector('.mediafields'), part = now.querySelector('.mediafields');
  if (doc.querySelector('.mediafields .err')) toast(doc.querySelector('.mediafields .err').textContent, true);
  const put = old ? part : now;
  (old ?? form).replaceWith(put);
  const next = [...put.querySelectorAll('.mediafields textarea, textarea[name^=alt-]')].at(-1);
  help(put.closest('form') ?? put);
  (next ?? put.querySelector('input[type=file]'))?.focus();
}
