// The order of files, changed by dragging their handles. The buttons beside them
// do the same.

const done = new WeakSet();
let moved;

// help gives the files of a form a handle each; then is called when one was
// put elsewhere.
export function help(form, then) {
  const list = form.querySelector('.mediafields ol');
  if (!list || done.has(list) || list.children.length < 2) return;
  done.add(list);
  for (const li of list.children) li.querySelector('.buttons')?.prepend(handle(li));
  list.addEventListener('dragover', e => {
    const over = e.target.closest?.('.mediafields li');
    if (!moved || !over || over.parentNode !== list) return;
    e.preventDefault();
    if (over === moved) return;
    const box = over.getBoundingClientRect();
    e.clientY < box.top + box.height / 2 ? over.before(moved) : over.after(moved);
  });
  list.addEventListener('drop', e => moved && e.preventDefault());
  list.addEventListener('dragend', () => {
    const changed = moved && order(list) !== moved.dataset.before;
    moved = undefined;
    if (changed) then();
  });
}

const order = list => [...list.querySelectorAll('[name=media_id]')].map(i => i.value).join();

function handle(li) {
  const h = document.createElement('span');
  h.className = 'draghandle';
  h.draggable = true;
  h.textContent = '⠿';
  h.setAttribute('aria-hidden', 'true');
  h.addEventListener('dragstart', e => {
    moved = li;
    li.dataset.before = order(li.parentNode);
    e.dataTransfer.effectAllowed = 'move';
    e.dataTransfer.setData('text/plain', '');
    e.dataTransfer.setDragImage(li, 0, 0);
  });
  return h;
}
