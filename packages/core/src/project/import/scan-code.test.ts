import { expect, test } from 'vitest'
import { scanCode } from './scan-code.ts'

test.each([
  ['HTML', '<img src="a.png" width="40" alt="A &#38; B">', { widths: [40, 80], alt: 'A & B' }],
  ['HTML without quotes', '<IMG SRC=a.png WIDTH=40 ALT=Fox>', { widths: [40, 80], alt: 'Fox' }],
  [
    'sizes',
    '<img src="a.png" sizes="(max-width: 90px) 30px, 50px">',
    { widths: [30, 60, 50, 100] },
  ],
  ['srcset', '<source srcset="a.png 300w, b.png 600w">', { widths: [300] }],
  ['densities', '<img srcset="b.png, a.png 2x" width="20">', { widths: [40] }],
  [
    'JSX',
    "import a from './a.png'\n<Image src={a.src} width={40} alt={`Fox`} onClick={() => '}'} />",
    { path: './a.png', widths: [40, 80], alt: 'Fox' },
  ],
  [
    'Vue',
    '<script>const a = new URL("./a.png", import.meta.url)</script><img :src="a" :width="40" :alt="x">',
    { path: './a.png', widths: [40, 80], alt: undefined },
  ],
  [
    'Svelte',
    "<script>import src from '$lib/a.png'</script><img {src} alt=\"\" height='9'>",
    { path: '$lib/a.png', height: 9, alt: '' },
  ],
  [
    'Astro',
    "import a from '~/a.png';\n<Picture src={a} widths={[240, 540]} alt='Fox' />",
    { path: '~/a.png', widths: [240, 540], alt: 'Fox' },
  ],
  ['Markdown', 'See ![A fox](a.png "Title") and more', { alt: 'A fox' }],
  ['Markdown with spaces', '![A fox](<my a.png>)', { path: 'my a.png', alt: 'A fox' }],
  ['CSS', '.a { background: url(a.png#x) no-repeat }', {}],
  ['CSS in quotes', ".a { background: url('my a.png?v=2') }", { path: 'my a.png' }],
  ['a string', "const list = ['b.txt', '/img/a.png']", { path: '/img/a.png' }],
])('finds a picture in %s', (_, code, expected) => {
  expect(scanCode(code)).toContainEqual(expect.objectContaining({ path: 'a.png', ...expected }))
})

test.each([
  ['an unfinished tag', `<img alt="${'{'.repeat(20_000)}`],
  ['many starts of tags', '<a '.repeat(50_000)],
  ['many starts of braces', '<a {'.repeat(50_000)],
  ['one long word', 'x'.repeat(900_000)],
  ['many extensions', '.png'.repeat(100_000)],
  ['many brackets', '!['.repeat(100_000)],
])('reads %s without a long wait', (_, code) => {
  expect(scanCode(code).every(({ alt }) => alt === undefined)).toBe(true)
})

test('takes no text that code computes', () => {
  const [found] = scanCode('<img src="a.png" alt="{{ title }}" width="{{ w }}">')
  expect(found).toEqual({ path: 'a.png', widths: [], height: undefined, alt: undefined })
})
