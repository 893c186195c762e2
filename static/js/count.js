// How many characters are left: counted as people see them, shown all the time
// near the end, said at 50, 10 and 0.

import { say, word } from './say.js';

const helped = new WeakSet(), near = 100, saidAt = [50, 10, 0];
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

const length = text => {
  let n = 0;
  for (const _ of graphemes.segment(text)) n++;
  return n;
};

export function help(form) {
  const limit = Number(form.dataset.limit), field = form.querySelector('textarea[name=text]');
  if (helped.has(form) || !limit || !field) return;
  helped.add(form);
  const shown = document.createElement('p');
  shown.className = 'left';
  shown.hidden = true;
  field.after(shown);
  let last = limit;
  const count = async () => {
    const left = limit - length(field.value);
    shown.hidden = left > near;
    shown.classList.toggle('over', left < 0);
    if (!shown.hidden) shown.textContent = await word(left < 0 ? 'over' : 'left', { n: Math.abs(left) });
    if (saidAt.some(n => last > n && left <= n) || left < 0 && last >= 0) say(shown.textContent);
    last = left;
  };
  field.addEventListener('input', count);
  count();
}
