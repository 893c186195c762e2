// The part of a picture that must stay in sight, pointed at on the picture. The
// four number fields under it say the same, and are what is sent.

const done = new WeakSet();
const around = 10; // per cent on each side of the point

const clamp = v => Math.min(100, Math.max(0, v));

// help lets the pictures of a form be pointed at.
export function help(form) {
  for (const fields of form.querySelectorAll('.focalbox')) {
    const img = fields.closest('li')?.querySelector('img');
    if (img && !done.has(fields)) {
      done.add(fields);
      offer(img, document.importNode(fields.querySelector('template').content, true).firstElementChild, [...fields.querySelectorAll('input[type=number]')]);
    }
  }
}

function offer(img, over, inputs) {
  const frame = document.createElement('span'), spot = over.querySelector('rect');
  frame.className = 'focal';
  img.draggable = false;
  img.replaceWith(frame);
  frame.append(img, over);
  const show = () => {
    const [left, top, right, bottom] = inputs.map(i => i.valueAsNumber || 0);
    const at = { x: left, y: top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
    for (const name in at) spot.setAttribute(name, at[name]);
  };
  const point = e => {
    const box = img.getBoundingClientRect();
    const x = clamp((e.clientX - box.left) / box.width * 100), y = clamp((e.clientY - box.top) / box.height * 100);
    const dx = Math.min(around, x, 100 - x), dy = Math.min(around, y, 100 - y);
    [x - dx, y - dy, x + dx, y + dy].forEach((v, i) => { inputs[i].value = Math.round(v); });
    show();
  };
  frame.addEventListener('pointerdown', e => {
    if (e.button) return;
    e.preventDefault();
    frame.setPointerCapture(e.pointerId);
    point(e);
  });
  frame.addEventListener('pointermove', e => frame.hasPointerCapture(e.pointerId) && point(e));
  inputs.forEach(i => i.addEventListener('input', show));
  show();
}
