// Live counts: numbers in the title, in the badges and on a link to what is
// new. Nothing on the page moves, and hidden tabs hold no connection.

import { word } from './say.js';

let source, failures = 0;
const title = document.title, most = 5;

export function start() {
  document.addEventListener('visibilitychange', () => document.hidden ? stop() : open());
  if (!document.hidden) open();
}

function stop() {
  source?.close();
  source = undefined;
}

function open() {
  if (source || failures >= most) return;
  source = new EventSource('/live?home=' + shown());
  source.addEventListener('counts', e => show(JSON.parse(e.data)).catch(console.warn));
  source.onerror = () => ++failures >= most && stop();
}

// shown is the first entry of the home timeline that this page has.
const shown = () => location.pathname === '/home' && !location.search ? document.querySelector('.readmark input[name=id]')?.value ?? '' : '';

async function show(counts) {
  failures = 0;
  badge('/notifications', counts.notifications);
  badge('/follow-requests', counts.requests);
  badge('/messages', counts.messages);
  document.title = counts.notifications ? `(${counts.notifications}) ${title}` : title;
  if (shown() && counts.home) await pill(counts.home);
}

// badge writes a number beside every link to a page.
function badge(path, n) {
  if (n === undefined) return;
  for (const link of document.querySelectorAll(`.nav a[href="${path}"], .bottom a[href="${path}"]`)) {
    const old = link.querySelector('.count');
    if (!n) old?.remove();
    else if (old) old.firstChild.data = n;
    else link.append(Object.assign(document.createElement('span'), { className: 'count', textContent: n }));
  }
}

// pill is the link to the new posts: the reader decides when they come.
async function pill(n) {
  let link = document.querySelector('.newpill');
  if (!link) {
    link = Object.assign(document.createElement('a'), { className: 'newpill', href: '/home' });
    document.querySelector('main .feed')?.before(link);
  }
  link.textContent = await word('newer', { n });
}
