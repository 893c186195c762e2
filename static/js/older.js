// Older posts in place: the next page is fetched, its posts are put at the end,
// and the address of the page follows, so that a reload shows them.

import { say, word } from './say.js';

export async function load(link) {
  const pager = link.closest('.pager'), feed = [...document.querySelectorAll('main .feed')].at(-1);
  link.setAttribute('aria-busy', 'true');
  const answer = await fetch(link.href, { headers: { Accept: 'text/html' } });
  const doc = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const more = [...doc.querySelectorAll('main .feed')].at(-1);
  if (!answer.ok || answer.redirected || !more) throw new Error('no older posts: ' + answer.status);
  const posts = [...more.children].filter(p => !p.id || !document.getElementById(p.id));
  feed.append(...posts);
  pager.replaceWith(doc.querySelector('main .pager') ?? '');
  history.replaceState(null, '', link.href);
  const first = posts.find(p => p.matches('.post')) ?? posts[0];
  if (first) {
    first.tabIndex = -1;
    first.focus();
  }
  say(await word('more', { n: posts.length }));
}
