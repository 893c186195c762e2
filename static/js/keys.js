// Keyboard shortcuts. They move the real focus and press the real controls, so
// that whatever these do without a keyboard happens with it. /keys lists them.

let before = '';

const posts = () => [...document.querySelectorAll('main article.post, main details.folded[id]')].filter(p => !p.closest('.quoted, details:not([open]) > article'));
const current = () => document.activeElement.closest('article.post, details.folded[id]');

function move(by) {
  const list = posts(), at = list.indexOf(current());
  const next = list[at < 0 ? (by > 0 ? 0 : list.length - 1) : at + by];
  if (!next) return;
  next.tabIndex = -1;
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
}

const click = what => (current() ?? document.querySelector('.focusp'))?.querySelector(what)?.click();
const go = path => location.assign(path);

const does = {
  j: () => move(1), k: () => move(-1),
  o: () => click('.when a'), x: () => click('.cw > summary'),
  r: () => click('.acts a[href*="reply_to"]'), b: () => click('.acts .boost'), f: () => click('.acts .fav'),
  e: () => click('.acts a[href$="/react"]'), m: () => click('.acts .mark'),
  n: write, '/': search, '.': () => document.querySelector('.newpill')?.click(), '?': () => go('/keys'),
  'g h': () => go('/home'), 'g l': () => go('/local'), 'g b': () => go('/bookmarks'), 'g n': () => go('/notifications'),
};

function write() {
  const field = document.querySelector('form.composer textarea, form.compose textarea[name=text]');
  if (field) field.focus();
  else go('/compose');
}

function search() {
  const field = [...document.querySelectorAll('input[type=search]')].find(f => f.checkVisibility());
  if (field) field.focus();
  else go('/search');
}

// press does what a key stands for, after the key before it.
export function press(key) {
  const chord = before === 'g' ? 'g ' + key : key;
  before = chord === 'g' ? 'g' : '';
  does[chord]?.();
}
