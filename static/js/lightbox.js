// Pictures in a dialog: arrows go through those of the post, with the words for
// people who do not see them. Sound and film keep the browser's own controls.

import { word } from './say.js';

let box, links, at;

const make = (tag, className, text) => Object.assign(document.createElement(tag), { className, textContent: text ?? '' });

async function build() {
  box = make('dialog', 'lightbox');
  const button = async (name, text, does) => {
    const b = make('button', 'act ' + name, text);
    b.setAttribute('aria-label', await word(name));
    b.addEventListener('click', does);
    return b;
  };
  const figure = make('figure');
  const img = make('img');
  img.addEventListener('click', () => zoom());
  figure.append(img, make('figcaption'));
  box.append(figure, await button('zoom', '⤢', () => zoom()), await button('previous', '←', () => step(-1)), make('p', 'at'), await button('next', '→', () => step(1)), await button('close', '×', () => box.close()));
  box.querySelector('.at').setAttribute('aria-live', 'polite');
  box.addEventListener('click', e => e.target === box && box.close());
  box.addEventListener('keydown', e => {
    const toEnd = document.documentElement.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    if (e.key === '+' || e.key === '-') zoom(e.key === '+');
    if (!box.classList.contains('zoomed') && e.key.startsWith('Arrow') && e.key !== 'ArrowUp' && e.key !== 'ArrowDown') step(e.key === toEnd ? 1 : -1);
  });
  document.body.append(box);
}

// zoom shows the picture in its own size, or whole again. The figure takes the
// focus then, so that arrow keys move about in it.
function zoom(on = !box.classList.contains('zoomed')) {
  const figure = box.querySelector('figure');
  box.classList.toggle('zoomed', on);
  box.querySelector('.zoom').setAttribute('aria-pressed', String(on));
  figure.tabIndex = on ? 0 : -1;
  if (on) figure.focus();
}

async function step(by) {
  zoom(false);
  at = (at + by + links.length) % links.length;
  const small = links[at].querySelector('img'), img = box.querySelector('img');
  img.src = links[at].href;
  img.alt = small.alt;
  box.setAttribute('aria-label', await word('picture', { n: at + 1, total: links.length }));
  box.querySelector('.at').textContent = links.length > 1 ? await word('picture', { n: at + 1, total: links.length }) : '';
  box.querySelector('figcaption').textContent = small.alt;
  for (const b of box.querySelectorAll('.previous, .next')) b.hidden = links.length < 2;
}

// show opens the picture behind a link of a post.
export async function show(link) {
  const ours = new URL(link.href).origin === location.origin && !link.pathname.startsWith('/@');
  if (!ours) throw new Error('a picture elsewhere');
  if (!box) await build();
  links = [...link.closest('.media').querySelectorAll('a:has(img)')].filter(a => !a.closest('details.alt'));
  at = links.indexOf(link);
  await step(0);
  box.showModal();
}
