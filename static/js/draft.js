// Unsent text: kept two seconds after typing, in this browser by member and by
// what it answers, and as a draft on the server while that can be reached. It is
// given back when the same form is opened again.

import { word } from './say.js';
import { ago } from './times.js';

const helped = new WeakSet(), pause = 2000;

// keyOf names the text of a form: one for each post that is answered, quoted or
// edited, and for each draft that was opened.
function keyOf(form) {
  const of = name => form.elements[name]?.value ?? '';
  const me = document.querySelector('a.mine, a.me')?.getAttribute('href') ?? '';
  return ['draft', me, form.getAttribute('action'), of('reply_to'), of('quote'), of('draft')].join(' ');
}

const read = key => {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
};

export function help(form) {
  const text = form.elements.text, cw = form.elements.cw;
  if (helped.has(form) || !text) return;
  helped.add(form);
  const key = keyOf(form);
  giveBack(form, key, text, cw);
  let timer;
  const here = sent => {
    clearTimeout(timer);
    const typed = text.value.trim() && text.value !== text.defaultValue;
    if (typed) localStorage.setItem(key, JSON.stringify({ text: text.value, cw: cw?.value, at: Date.now(), draft: form.elements.draft?.value, draft_seen: form.elements.draft_seen?.value, sent }));
    else localStorage.removeItem(key);
    return typed;
  };
  const keep = () => here() && toServer(form, key).catch(console.warn); // this browser still has it
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, pause);
  };
  form.addEventListener('input', later);
  if (text.value !== text.defaultValue) later(); // typed before this was loaded
  addEventListener('pagehide', () => timer && !form.dataset.sent && keep());
  // The server has the text from here on, if it can be reached: see app.js for what ends this copy.
  form.addEventListener('submit', () => {
    form.dataset.sent = 'yes';
    here(true);
  });
}

// put fills in a hidden field, which the short form has not.
function put(form, name, value) {
  const field = form.elements[name] ?? form.appendChild(Object.assign(document.createElement('input'), { type: 'hidden', name }));
  field.value = value;
}

// toServer saves the form as its button for drafts would. A draft that another
// tab has changed meanwhile stays as that left it.
async function toServer(form, key) {
  if (form.getAttribute('action') !== '/posts' || form.dataset.saving) return;
  form.dataset.saving = 'yes';
  const body = new FormData(form);
  body.set('action', 'draft');
  body.delete('media');
  const answer = await fetch('/drafts', { method: 'POST', body, headers: { Accept: 'text/html' } }).finally(() => delete form.dataset.saving);
  const now = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('form.compose');
  if (!answer.ok || !now?.elements.draft) return;
  const draft = { draft: now.elements.draft.value, draft_seen: now.elements.draft_seen.value };
  for (const name in draft) put(form, name, draft[name]);
  const kept = read(key);
  if (kept) localStorage.setItem(key, JSON.stringify({ ...kept, ...draft }));
}

// giveBack fills in what was not sent, and offers to throw it away. The place of
// the offer is there at once and its words come when they are here: the buttons
// below move one time, not under a hand.
async function giveBack(form, key, text, cw) {
  const kept = read(key);
  if (!kept?.text || kept.text === text.value || text.value !== text.defaultValue) return;
  const before = [text.value, cw?.value];
  text.value = kept.text;
  if (cw && kept.cw) cw.value = kept.cw;
  for (const name of ['draft', 'draft_seen']) if (kept[name]) put(form, name, kept[name]);
  const note = document.createElement('p'), drop = document.createElement('button');
  note.className = 'kept';
  note.setAttribute('role', 'status');
  note.textContent = '\u00a0';
  text.after(note);
  text.dispatchEvent(new Event('input', { bubbles: true }));
  drop.type = 'button';
  drop.className = 'linkish';
  drop.addEventListener('click', () => {
    [text.value] = before;
    if (cw) cw.value = before[1];
    localStorage.removeItem(key);
    if (kept.draft) fetch(`/drafts/${kept.draft}/delete`, { method: 'POST', body: new URLSearchParams({ csrf: form.elements.csrf.value }) }).catch(console.warn);
    for (const name of ['draft', 'draft_seen']) form.elements[name]?.remove();
    note.remove();
    text.focus();
  });
  const at = await ago(Date.now() - kept.at) ?? new Date(kept.at).toLocaleDateString(document.documentElement.lang);
  const said = await word('kept', { time: at }) + ' ';
  drop.textContent = await word('discard');
  note.replaceChildren(said, drop);
}
