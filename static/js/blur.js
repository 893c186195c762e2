// Pictures on their way: what their blurhash tells of them is drawn in their
// place, where the page alone has one colour, and goes when they are there.

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~';
const number = text => [...text].reduce((n, c) => n * 83 + digits.indexOf(c), 0);
const toLinear = v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
const toByte = v => Math.round(255 * (v <= .0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - .055));
const signedSquare = v => Math.sign(v) * v * v;
const width = 32, height = 24;

// components are the colours of the waves that a blurhash is made of.
function components(hash) {
  const dc = number(hash.slice(2, 6)), most = (number(hash[1]) + 1) / 166;
  const list = [[dc >> 16, dc >> 8 & 255, dc & 255].map(toLinear)];
  for (let i = 6; i < hash.length; i += 2) {
    const ac = number(hash.slice(i, i + 2));
    list.push([Math.floor(ac / 361), Math.floor(ac / 19) % 19, ac % 19].map(v => signedSquare((v - 9) / 9) * most));
  }
  return list;
}

// draw makes a canvas of a blurhash.
function draw(hash) {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const size = number(hash[0]), across = size % 9 + 1, colours = components(hash);
  const context = canvas.getContext('2d'), image = context.createImageData(width, height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
    const sum = [0, 0, 0];
    colours.forEach((colour, n) => {
      const wave = Math.cos(Math.PI * x * (n % across) / width) * Math.cos(Math.PI * y * Math.floor(n / across) / height);
      for (let c = 0; c < 3; c++) sum[c] += colour[c] * wave;
    });
    image.data.set([...sum.map(toByte), 255], 4 * (y * width + x));
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

// show draws a picture that is not there yet.
export function show(img) {
  if (img.complete) return;
  const canvas = draw(img.dataset.blurhash);
  const done = () => canvas.remove();
  img.addEventListener('load', done, { once: true });
  img.addEventListener('error', done, { once: true });
  img.closest('picture').before(canvas);
}
