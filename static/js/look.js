// The appearance that is chosen shows at once, before it is saved: the page
// itself is the sample. What is not saved is gone with the page.

// By field: the attribute of the page, and what stands for the usual.
const fields = {
  theme: ['theme', 'auto'], accent: ['accent', 'green'], text_size: ['text', 'm'], density: ['density', 'airy'], lines: ['lines', 'full'], avatars: ['avatars', 'soft'],
  underline: ['links', '', 'underlined'], less_motion: ['motion', '', 'less'], contrast: ['contrast', '', 'more'], hide_counts: ['counts', '', 'off'],
};

export function watch(form) {
  form.addEventListener('change', e => {
    const [attribute, usual, ticked] = fields[e.target.name] ?? [];
    if (!attribute) return;
    const value = ticked ? e.target.checked && ticked : e.target.value;
    if (value && value !== usual) document.documentElement.dataset[attribute] = value;
    else delete document.documentElement.dataset[attribute];
  });
}
