// Small actions in place: the form is sent as it is, and the server's own HTML
// replaces what the action changed. What did not work is undone and said.

import { say, toast, word } from './say.js';

word('unreachable').catch(() => {}); // there is no time to ask for it once the network is gone

const parse = html => new DOMParser().parseFromString(html, 'text/html');

// act sends the form of a small action as its button would.
export async function act(form, button, action) {
  const post = (button ?? form).closest('article');
  const part = action.includes('/follow') ? 'follow' : post?.classList.contains('focusp') ? 'focus' : 'post';
  const body = new URLSearchParams(new FormData(form, button));
  const undo = foresee(button);
  form.setAttribute('aria-busy', 'true');
  try {
    const answer = await fetch(action, { method: 'POST', body, headers: { 'X-Fragment': part, Accept: 'text/html' } });
    const doc = parse(await answer.text());
    if (answer.headers.get('X-Fragment') !== part) return refused(answer, doc, undo, form, button);
    const ended = button?.value === '0';
    if (part === 'follow') replaceFollow(button, doc);
    else replacePost(post, button, doc);
    if (ended) offerBack(action, doc);
  } catch (err) {
    undo();
    console.warn(err);
    toast(await word('unreachable').catch(() => String(err)), true);
  } finally {
    form.removeAttribute('aria-busy');
  }
}

// foresee shows what will be, and gives the way back.
function foresee(button) {
  const was = button?.getAttribute('aria-pressed');
  if (was) button.setAttribute('aria-pressed', String(was !== 'true'));
  return () => was && button.setAttribute('aria-pressed', was);
}

// refused deals with an answer that is a page. One that asks for something, a
// password or a confirmation, must be seen; the rest is one sentence.
async function refused(answer, doc, undo, form, button) {
  undo();
  if (answer.redirected) return location.assign(answer.url);
  if (doc.querySelector('main form')) {
    form.dataset.plain = 'yes';
    return form.requestSubmit(button);
  }
  const why = doc.querySelector('main h1 + p') ?? doc.querySelector('main h1');
  toast(why?.textContent.trim() || await word('refused'), true);
}

// replacePost puts the new actions, chips and poll of a post in place.
function replacePost(post, button, doc) {
  const old = document.getElementById(post.id || post.closest('[id^=p]').id), now = doc.querySelector('article');
  const own = (root, what) => [...root.querySelectorAll(what)].find(n => !n.closest('.quoted'));
  const acts = own(old, '.acts'), at = place(button);
  for (const what of ['.meta', '.pollform, .poll', '.pollfoot']) {
    const a = own(old, what), b = own(now, what);
    if (a && b) a.replaceWith(b);
  }
  own(old, '.chips')?.remove();
  const chips = own(now, '.chips');
  if (chips) acts.before(chips);
  acts.replaceWith(own(now, '.acts'));
  refocus(old, at);
}

// replaceFollow puts the new button beside an account, wherever it stands.
function replaceFollow(button, doc) {
  const at = button.getAttribute('formaction'), now = doc.querySelector('button, a');
  for (const old of document.querySelectorAll('button')) {
    if (old.getAttribute('formaction') !== at || old.closest('.menu')) continue;
    const copy = document.importNode(now, true);
    const had = old === document.activeElement || old === button;
    old.replaceWith(copy);
    if (had) copy.focus();
  }
  if (button.value !== '0') say(doc.querySelector('[role=status]')?.textContent ?? ''); // a toast says the end of it
}

// offerBack shows what was ended, where people may miss it, with a button that
// presses again what stands in its place.
async function offerBack(action, doc) {
  const text = action.endsWith('/bookmark') ? await word('unmarked') : action.endsWith('/follow') ? doc.querySelector('[role=status]')?.textContent : '';
  if (!text) return;
  const undo = document.createElement('button'), label = await word('undo'), box = toast(text);
  undo.className = 'btn quiet';
  undo.textContent = label;
  undo.addEventListener('click', () => {
    box.remove();
    [...document.querySelectorAll('button[form=act]')].find(b => b.getAttribute('formaction') === action && b.value === '1')?.click();
  });
  box.append(undo);
}

// place remembers where a button stands among the controls of its post.
const place = button => ({
  action: button?.getAttribute('formaction')?.split('?')[0],
  value: button?.name === 'emoji' ? button.value : undefined,
});

// refocus gives the focus to what took a button's place, and says its state.
function refocus(post, at) {
  const same = [...post.querySelectorAll('button')].find(b => b.getAttribute('formaction')?.split('?')[0] === at.action && (at.value === undefined || b.value === at.value));
  (same ?? post.querySelector('.poll') ?? post).focus({ preventScroll: true });
  if (!same) {
    post.tabIndex = -1;
    post.focus({ preventScroll: true });
  }
}
