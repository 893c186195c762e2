// Unsent text: kept in this browser two seconds after typing, by member and by
// what it answers, and given back when the same form is opened again.

import { word } from './say.js';
import { ago } from './times.js';

const helped = new WeakSet(), pause = 2000;

// keyOf names the text of a form: one for each post that is answered, quoted or edited.
function keyOf(form) {
  const of = name => form.elements[name]?.value ?? '';
  const me = document.querySelector('a.mine, a.me')?.getAttribute('href') ?? '';
  return ['draft', me, form.getAttribute('action'), of('reply_to'), of('quote')].join(' ');
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
  const keep = () => {
    clearTimeout(timer);
    if (text.value.trim() && text.value !== text.defaultValue) localStorage.setItem(key, JSON.stringify({ text: text.value, cw: cw?.value, at: Date.now() }));
    else localStorage.removeItem(key);
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, pause);
  };
  form.addEventListener('input', later);
  if (text.value !== text.defaultValue) later(); // typed before this was loaded
  addEventListener('pagehide', () => timer && !form.dataset.sent && keep());
  // The server has the text from here on: it shows the form again if it can't post it.
  form.addEventListener('submit', () => {
    form.dataset.sent = 'yes';
    clearTimeout(timer);
    localStorage.removeItem(key);
  });
}

// giveBack fills in what was not sent, and offers to throw it away.
async function giveBack(form, key, text, cw) {
  const kept = read(key);
  if (!kept?.text || kept.text === text.value || text.value !== text.defaultValue) return;
  const before = [text.value, cw?.value];
  text.value = kept.text;
  if (cw && kept.cw) cw.value = kept.cw;
  text.dispatchEvent(new Event('input', { bubbles: true }));
  const note = document.createElement('p'), drop = document.createElement('button');
  const at = await ago(Date.now() - kept.at) ?? new Date(kept.at).toLocaleDateString(document.documentElement.lang);
  note.className = 'kept';
  note.setAttribute('role', 'status');
  note.append(await word('kept', { time: at }) + ' ', drop);
  drop.type = 'button';
  drop.className = 'linkish';
  drop.textContent = await word('discard');
  drop.addEventListener('click', () => {
    [text.value] = before;
    if (cw) cw.value = before[1];
    localStorage.removeItem(key);
    note.remove();
    text.focus();
  });
  text.after(note);
}
