// What the platform can do with a handle or a link: copy it, or hand it on.

import { toast, word } from './say.js';

export async function offer() {
  const handle = document.querySelector('.prof .handle [dir=ltr]');
  if (!handle || document.querySelector('.prof .copy')) return;
  const share = 'share' in navigator, copies = 'clipboard' in navigator;
  if (!share && !copies) return;
  const button = document.createElement('button');
  button.className = 'btn quiet copy';
  button.type = 'button';
  button.textContent = await word(copies ? 'copy' : 'share');
  button.addEventListener('click', async () => {
    if (!copies) return navigator.share({ title: document.title, url: location.href }).catch(() => {});
    await navigator.clipboard.writeText(handle.textContent);
    toast(await word('copied'));
  });
  handle.parentElement.append(button);
}
