/**
 * The script of the document of a comparison: switches between the views, and moves the sliders. It
 * sets no markup. Without it, the pictures are side by side.
 */
export const script = `
'use strict';
const bar = document.querySelector('.bar');
const buttons = [...document.querySelectorAll('.bar button')];
const show = (mode) => {
  document.body.dataset.mode = mode;
  for (const button of buttons) button.setAttribute('aria-pressed', String(button.value === mode));
};
if (document.querySelector('.pair.both')) {
  bar.hidden = false;
  show('side');
}
for (const button of buttons) button.addEventListener('click', () => show(button.value));
for (const slide of document.querySelectorAll('.slide')) {
  const [input, line] = slide.children;
  const after = slide.parentElement.querySelector('.after');
  const move = () => {
    const split = input.value + '%';
    line.style.left = split;
    if (document.body.dataset.mode === 'slider') after.style.clipPath = 'inset(0 0 0 ' + split + ')';
    else after.style.clipPath = '';
  };
  input.addEventListener('input', move);
  new MutationObserver(move).observe(document.body, { attributeFilter: ['data-mode'] });
  move();
}
`
