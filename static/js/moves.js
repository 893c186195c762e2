// Pictures that stand still, as their reader wants, move while they are pointed at.

export function play(img) {
  const still = img.src, moving = img.closest('a').href;
  if (still === moving || !img.matches(':hover')) return; // the pointer came twice, or went on, while this was loaded
  img.src = moving;
  img.addEventListener('pointerleave', () => { img.src = still; }, { once: true });
}
