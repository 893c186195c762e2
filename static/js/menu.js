// Menus: Escape and a click elsewhere close them, and the focus returns.

let open;

const close = focus => {
  if (!open) return;
  const menu = open;
  open = undefined;
  const had = menu.contains(document.activeElement);
  menu.open = false;
  if (focus && had) menu.querySelector('summary').focus();
};

addEventListener('keydown', e => {
  if (e.key === 'Escape' && open?.open) {
    e.preventDefault();
    close(true);
  }
});
addEventListener('click', e => open?.contains(e.target) || close(false));
addEventListener('focusin', e => open?.contains(e.target) || close(false));

// watch closes menu when the reader is done with it.
export function watch(menu) {
  if (open && open !== menu) close(false);
  open = menu;
}
