// Completion of @people, #tags and :emoji: while a member writes: a list below
// the text that the arrow keys walk, Enter takes and Escape closes.

import { say, word } from './say.js';

const helped = new WeakSet(), answers = new Map(), pause = 150;
const beginning = /(?:^|[\s(])([@#][\p{L}\p{N}_.@-]{1,60}|:[\p{L}\p{N}_]{2,60})$/u;

async function ask(query) {
  if (!answers.has(query)) {
    const answer = await fetch('/complete?q=' + encodeURIComponent(query), { headers: { Accept: 'application/json' } });
    if (!answer.ok || answer.redirected) return [];
    answers.set(query, await answer.json());
  }
  return answers.get(query);
}

export function help(form) {
  for (const field of form.querySelectorAll('textarea[name=text]')) {
    if (helped.has(field)) continue;
    helped.add(field);
    new Completion(field);
  }
}

class Completion {
  constructor(field) {
    this.field = field;
    field.setAttribute('aria-autocomplete', 'list');
    field.addEventListener('input', () => this.later());
    field.addEventListener('keydown', e => this.key(e));
    field.addEventListener('blur', () => this.close());
    this.later(); // something was typed before this was loaded
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look().catch(console.warn), pause);
  }

  // begun is what the cursor stands at the end of.
  begun() {
    const { field } = this;
    if (field.selectionStart !== field.selectionEnd) return '';
    return beginning.exec(field.value.slice(0, field.selectionStart))?.[1] ?? '';
  }

  async look() {
    const query = this.begun();
    if (!query || document.activeElement !== this.field) return this.close(); // a text that was given back is not being written
    const found = await ask(query);
    if (this.begun() !== query) return;
    this.close();
    if (!found.length || found[0].text === query) return;
    this.query = query;
    this.open(found);
    say(await word('choices', { n: found.length }));
  }

  open(found) {
    const list = this.list = document.createElement('ul');
    list.className = 'completions';
    list.id = this.field.id + '-list';
    list.setAttribute('role', 'listbox');
    word('suggestions').then(text => list.setAttribute('aria-label', text)).catch(() => {});
    list.append(...found.map((f, i) => this.option(f, i)));
    list.addEventListener('mousedown', e => {
      e.preventDefault(); // the field keeps the focus
      const option = e.target.closest('[role=option]');
      if (option) this.take(option);
    });
    this.field.after(list);
    this.field.setAttribute('aria-controls', list.id);
    this.mark(0);
  }

  option(f, i) {
    const li = document.createElement('li'), text = document.createElement('bdi');
    li.id = this.field.id + '-o' + i;
    li.dataset.text = f.text;
    li.setAttribute('role', 'option');
    if (f.picture) li.append(Object.assign(new Image(24, 24), { src: f.picture, alt: '' }));
    text.textContent = f.text;
    li.append(text);
    if (f.name) li.append(Object.assign(document.createElement('span'), { className: 'muted', dir: 'auto', textContent: f.name }));
    return li;
  }

  mark(i) {
    const options = [...this.list.children];
    this.at = (i + options.length) % options.length;
    options.forEach((o, n) => o.setAttribute('aria-selected', String(n === this.at)));
    this.field.setAttribute('aria-activedescendant', options[this.at].id);
    options[this.at].scrollIntoView({ block: 'nearest' });
  }

  key(e) {
    if (!this.list || e.isComposing) return;
    if (e.key === 'ArrowDown') this.mark(this.at + 1);
    else if (e.key === 'ArrowUp') this.mark(this.at - 1);
    else if (e.key === 'Enter' || e.key === 'Tab') this.take(this.list.children[this.at]);
    else if (e.key === 'Escape') this.close();
    else return;
    e.preventDefault();
    e.stopPropagation();
  }

  take(option) {
    const { field } = this, end = field.selectionStart;
    field.setRangeText(option.dataset.text + ' ', end - this.query.length, end, 'end');
    this.close();
    field.focus();
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }

  close() {
    this.list?.remove();
    this.list = undefined;
    this.field.removeAttribute('aria-activedescendant');
    this.field.removeAttribute('aria-controls');
  }
}
