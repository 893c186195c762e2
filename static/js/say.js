// What scripts say: words in the language of the page, and two live regions.

let words;

// load gets the words once.
const load = () => words ??= fetch('/words.json?lang=' + encodeURIComponent(document.documentElement.lang)).then(r => {
  if (!r.ok) throw new Error('no words: ' + r.status);
  return r.json();
}).catch(err => {
  words = undefined;
  throw err;
});

const plural = new Intl.PluralRules(document.documentElement.lang || 'en');
const number = new Intl.NumberFormat(document.documentElement.lang || 'en');

// word gives a message with its values put in; n chooses the plural form.
export async function word(name, values = {}) {
  let text = (await load())[name] ?? name;
  if (typeof text === 'object') text = text[plural.select(values.n)] ?? text.other;
  return text.replace(/\{(\w+)\}/g, (_, v) => typeof values[v] === 'number' ? number.format(values[v]) : values[v] ?? '');
}

// region is a polite live region that nobody sees.
function region() {
  let r = document.getElementById('said');
  if (!r) {
    r = document.createElement('div');
    r.id = 'said';
    r.className = 'sr';
    r.setAttribute('aria-live', 'polite');
    document.querySelector('main').append(r);
  }
  return r;
}

// say tells screen readers something, once they have finished.
export const say = text => { region().textContent = text; };

const toastFor = 8000;

// toast shows a sentence at the edge for a while; it stays while it is pointed
// at or holds the focus.
export function toast(text, bad = false) {
  document.querySelector('.toast')?.remove();
  const box = document.createElement('div');
  box.className = bad ? 'toast bad' : 'toast';
  box.setAttribute('role', bad ? 'alert' : 'status');
  document.querySelector('main').append(box);
  box.textContent = text;
  const leave = () => box.matches(':hover, :focus-within') ? setTimeout(leave, 1000) : box.remove();
  setTimeout(leave, toastFor);
  return box;
}
