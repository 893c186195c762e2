// Relative times: refreshed each minute, in the server's own words, while they
// are younger than a day. Older ones do not change while a page is read.

import { word } from './say.js';

const minute = 60_000, hour = 60 * minute, day = 24 * hour;

// ago puts an age into words, or into nothing where the server's stay.
export async function ago(age) {
  if (age < minute) return word('now');
  if (age < hour) return word('minutes', { n: Math.floor(age / minute) });
  if (age < day) return word('hours', { n: Math.floor(age / hour) });
}

export async function refresh() {
  for (const t of document.querySelectorAll('.when time, .s time')) {
    const text = await ago(Date.now() - Date.parse(t.dateTime));
    if (text && t.textContent !== text) t.textContent = text;
  }
}
