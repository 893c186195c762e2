// The one script of every page. It knows when each enhancement is first wanted
// and loads it then. Where that fails, the page does what it does without.

const wanted = new Map();

// use loads an enhancement once and hands it to what is to be done with it.
const use = (name, load, then, otherwise) => {
  if (!wanted.has(name)) wanted.set(name, load());
  wanted.get(name).then(then).catch(err => {
    console.warn(name, err);
    otherwise?.();
  });
};

const small = /^\/(posts\/\d+\/(favourite|downvote|boost|bookmark|react)|@[^/]+\/follow)(\?|$)/;

// Small actions: the same form, sent without leaving the page.
addEventListener('submit', e => {
  const form = e.target, button = e.submitter;
  const action = button?.getAttribute('formaction') ?? form.getAttribute('action') ?? '';
  if (form.dataset.plain || button?.dataset.plain !== undefined || !(form.id === 'act' && small.test(action) || form.matches('.pollform'))) return;
  e.preventDefault();
  use('place', () => import('./place.js'), m => m.act(form, button, action), () => {
    form.dataset.plain = 'yes';
    form.requestSubmit(button);
  });
});

// Writing: each helper of the composer on its own.
const helpWriting = field => {
  const form = field.closest('form.composer, form.compose');
  if (!form) return;
  use('count', () => import('./count.js'), m => m.help(form));
  use('draft', () => import('./draft.js'), m => m.help(form));
  use('complete', () => import('./complete.js'), m => m.help(form));
  use('upload', () => import('./upload.js'), m => m.help(form));
};
addEventListener('focusin', e => e.target.matches('textarea, input[type=file]') && helpWriting(e.target));
addEventListener('dragenter', e => {
  const field = e.target.closest?.('form.composer, form.compose')?.querySelector('textarea');
  if (field) helpWriting(field);
});

addEventListener('click', e => {
  if (e.defaultPrevented || e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
  const picture = e.target.closest('.media a:has(img)');
  const older = e.target.closest('.pager a[rel=next]');
  if (picture) {
    e.preventDefault();
    use('lightbox', () => import('./lightbox.js'), m => m.show(picture), () => location.assign(picture.href));
  } else if (older && document.querySelector('main .feed')) {
    e.preventDefault();
    use('older', () => import('./older.js'), m => m.load(older), () => location.assign(older.href));
  }
});

addEventListener('pointerover', e => {
  if (e.pointerType === 'mouse' && e.target.matches('img[data-moves]')) use('moves', () => import('./moves.js'), m => m.play(e.target));
});

addEventListener('toggle', e => {
  const menu = e.target;
  if (menu.open && menu.matches?.('details.menu')) use('menu', () => import('./menu.js'), m => m.watch(menu));
}, true);

addEventListener('keydown', e => {
  if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing || document.body.dataset.keys === 'off') return;
  if (e.key.length > 1 || e.target.closest?.('input, textarea, select, dialog, [contenteditable]')) return;
  use('keys', () => import('./keys.js'), m => m.press(e.key));
  if (e.key === '/') e.preventDefault(); // some browsers search the page with it
});

// Pictures that should be seen and are still on their way after a moment.
const late = new IntersectionObserver(seen => {
  for (const { target, isIntersecting } of seen) {
    if (!isIntersecting) continue;
    late.unobserve(target);
    setTimeout(() => target.complete || use('blur', () => import('./blur.js'), m => m.show(target)), 400);
  }
}, { rootMargin: '50%' });

// A text that arrived leads to a page that says so: it is forgotten before that
// can be left again.
if (performance.getEntriesByType('navigation')[0]?.redirectCount && document.querySelector('.flash:not(.bad)')) {
  for (const key of drafts()) {
    try {
      if (JSON.parse(localStorage[key]).sent) localStorage.removeItem(key);
    } catch { /* not written by us */ }
  }
}

// drafts are the keys under which this browser keeps texts.
function drafts() {
  try {
    return Object.keys(localStorage).filter(k => k.startsWith('draft '));
  } catch { // a browser that keeps nothing
    return [];
  }
}

const idle = globalThis.requestIdleCallback ?? (f => setTimeout(f, 200));
idle(() => {
  if (document.body.classList.contains('signed')) use('live', () => import('./live.js'), m => m.start());
  if (document.querySelector('.prof .handle')) use('share', () => import('./share.js'), m => m.offer());
  for (const form of document.querySelectorAll('[data-passkey]')) use('passkey', () => import('./passkey.js'), m => m.offer(form));
  for (const form of document.querySelectorAll('[data-look]')) use('look', () => import('./look.js'), m => m.watch(form));
  for (const form of document.querySelectorAll('[data-push]')) use('push', () => import('./push.js'), m => m.offer(form));
  for (const tab of document.querySelectorAll('.tabs > [aria-current]')) bringIntoRow(tab);
  for (const img of document.querySelectorAll('img[data-blurhash]')) img.complete || late.observe(img);
  draftWaits();
});

// bringIntoRow scrolls a row of tabs, and nothing else, to the current one.
function bringIntoRow(tab) {
  const at = tab.getBoundingClientRect(), row = tab.parentElement.getBoundingClientRect();
  if (at.left < row.left || at.right > row.right) tab.parentElement.scrollLeft += (at.left + at.right - row.left - row.right) / 2;
}

// An unsent text comes back without being asked for, and so does one that was
// sent and did not arrive.
function draftWaits() {
  const form = document.querySelector('form.composer, form.compose');
  if (form && drafts().length) helpWriting(form.querySelector('textarea'));
}

setInterval(() => document.hidden || use('times', () => import('./times.js'), m => m.refresh()), 60_000);
