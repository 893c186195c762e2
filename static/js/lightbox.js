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
  figure.append(make('img'), make('figcaption'));
  box.append(figure, await button('previous', '←', () => step(-1)), make('p', 'at'), await button('next', '→', () => step(1)), await button('close', '×', () => box.close()));
  box.querySelector('.at').setAttribute('aria-live', 'polite');
  box.addEventListener('click', e => e.target === box && box.close());
  box.addEventListener('keydown', e => {
    const toEnd = document.documentElement.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    if (e.key.startsWith('Arrow') && e.key !== 'ArrowUp' && e.key !== 'ArrowDown') step(e.key === toEnd ? 1 : -1);
  });
  document.body.append(box);
}

async function step(by) {
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
