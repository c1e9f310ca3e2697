import { expect, test } from 'vitest'
import { looksLikeSvg } from './decode.ts'
import { readMaster } from './read-master.ts'
import { formatPixelsAsSvg, sanitizeSvg } from './sanitize-svg.ts'
import { plain } from './testing.ts'

const SVG = 'xmlns="http://www.w3.org/2000/svg"'
const clean = (svg: string): string =>
  new TextDecoder().decode(sanitizeSvg(new TextEncoder().encode(svg)))
const PNG =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

test.each([
  [
    'shapes, gradients and their use',
    `<svg ${SVG} viewBox="0 0 9 9"><defs><linearGradient id="a"><stop offset="0" stop-color="#f00"/></linearGradient></defs><rect width="9" height="9" fill="url(#a)"/><use href="#b"/></svg>`,
  ],
  [
    'text of any script',
    `<svg ${SVG}><title>灯塔 &amp; sea</title><text x="1" y="2">é</text></svg>`,
  ],
  [
    'styles that load nothing',
    `<svg ${SVG}><style>.a{fill:url(#b)}</style><path class="a" style="fill:red" d="M0 0"/></svg>`,
  ],
  [
    'pixels that stand in the file',
    `<svg ${SVG}><image href="${PNG}" width="1" height="1"/></svg>`,
  ],
  [
    'movement',
    `<svg ${SVG}><circle r="1"><animate attributeName="r" from="1" to="2" dur="1s"/></circle></svg>`,
  ],
  ['CRLF', `<svg ${SVG}>\r\n<rect/>\r\n</svg>\r\n`],
  ['an XML declaration', `<?xml version="1.0" encoding="UTF-8"?>\n<svg ${SVG}/>`],
])('keeps %s, byte for byte', (_, svg) => {
  expect(clean(svg)).toBe(svg)
})

test.each([
  ['a script', '<script>alert(1)</script>'],
  [
    'a script of another namespace',
    '<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>',
  ],
  [
    'a script in metadata',
    '<metadata><script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script></metadata>',
  ],
  [
    'HTML',
    '<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" src="https://evil.example"/></foreignObject>',
  ],
  ['a handler', '<rect onload="alert(1)"/>'],
  ['a handler in capitals', '<rect ONCLICK="alert(1)"/>'],
  ['a link', '<a href="javascript:alert(1)"><rect/></a>'],
  [
    'a link of old',
    '<use xlink:href="https://evil.example/a.svg#b" xmlns:xlink="http://www.w3.org/1999/xlink"/>',
  ],
  ['a link by an entity', '<use href="java&#115;cript:alert(1)"/>'],
  ['a picture from elsewhere', '<image href="https://evil.example/x.png"/>'],
  ['a picture that is an SVG', '<image href="data:image/svg+xml;base64,PHN2Zz48L3N2Zz4="/>'],
  ['a file of the machine', '<image href="file:///etc/passwd"/>'],
  [
    'an animation of a link',
    '<use href="#a"><animate attributeName="href" to="https://evil.example/a.svg"/></use>',
  ],
  ['a set', '<rect><set attributeName="onclick" to="alert(1)"/></rect>'],
  ['a style that loads', '<style>@import url(https://evil.example/a.css);</style>'],
  [
    'a style that loads by an escape',
    String.raw`<style>a{background:\75rl(https://evil.example)}</style>`,
  ],
  ['a style that loads by a comment', '<style>a{background:u/**/rl(https://evil.example)}</style>'],
  [
    'a style that loads between quotes that look like a comment',
    `<rect style="font-family:'/*';fill:url(https://evil.example);font-family:'*/'"/>`,
  ],
  ['an attribute that loads', '<rect fill="url(https://evil.example/a.svg#b)"/>'],
  ['an attribute that loads, in quotes', `<rect style="fill:url('//evil.example/a')"/>`],
  ['a base', '<g xml:base="https://evil.example/"/>'],
  ['a comment', '<!-- alert(1) -->'],
  ['an instruction', '<?xml-stylesheet href="https://evil.example/a.css"?>'],
])('removes %s, and keeps the rest', (_, part) => {
  const svg = clean(
    `<svg ${SVG} width="10" height="10"><g>${part}</g><rect width="3" height="3"/></svg>`,
  )
  expect(svg).not.toMatch(/alert|evil|script|passwd|svg\+xml|<a |<set|iframe/i)
  expect(svg).toContain('<rect width="3" height="3"/>')
  // What came out is clean, and so stays as it is.
  expect(clean(svg)).toBe(svg)
})

test('rewrites an SVG that declares another encoding as UTF-8', () => {
  expect(
    clean(`<?xml version="1.0" encoding="Shift_JIS"?><svg ${SVG}><title>灯塔</title></svg>`),
  ).toBe(`<svg ${SVG}><title>灯塔</title></svg>\n`)
})

test.each([
  [
    'UTF-16 with a byte order mark',
    Buffer.from(`\uFEFF<svg ${SVG}><title>é</title></svg>`, 'utf16le'),
  ],
  [
    'UTF-16 with a declaration',
    Buffer.from(
      `<?xml version="1.0" encoding="UTF-16"?><svg ${SVG}><title>é</title></svg>`,
      'utf16le',
    ).swap16(),
  ],
  [
    'Latin-1',
    Buffer.from(
      `<?xml version="1.0" encoding="ISO-8859-1"?><svg ${SVG}><title>é</title></svg>`,
      'latin1',
    ),
  ],
  [
    'a namespace by an entity, as Illustrator writes it',
    Buffer.from(
      `<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd" [<!ENTITY ns "http://www.w3.org/2000/svg">]><svg xmlns="&ns;"><title>é</title></svg>`,
    ),
  ],
  [
    'elements with a prefix',
    Buffer.from(`<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:title>é</s:title></s:svg>`),
  ],
])('rewrites %s as plain UTF-8', (_, bytes) => {
  expect(looksLikeSvg(bytes)).toBe(true)
  expect(new TextDecoder().decode(sanitizeSvg(bytes))).toBe(`<svg ${SVG}><title>é</title></svg>\n`)
})

test.each([
  ['no XML', '<svg'],
  ['HTML', '<html><svg/></html>'],
  ['an SVG of no namespace', '<svg/>'],
  [
    'bombs of entities',
    `<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><svg ${SVG}><title>&b;</title></svg>`,
  ],
])('rejects %s', (_, text) => {
  expect(() => clean(text)).toThrow(
    expect.objectContaining({ name: 'LimnError', code: 'picture/unreadable' }),
  )
})

test('removes elements nested too deeply', () => {
  const svg = clean(`<svg ${SVG}>${'<g>'.repeat(1000)}<rect/>${'</g>'.repeat(1000)}</svg>`)
  expect(svg).not.toContain('<rect')
})

test('distinguishes an SVG from other text and pictures', async () => {
  const is = (text: string): boolean => looksLikeSvg(new TextEncoder().encode(text))
  expect(
    [
      `<svg ${SVG}/>`,
      `\uFEFF <?xml version="1.0"?><svg ${SVG}/>`,
      `<!-- ${'-> '.repeat(30_000)} --><!DOCTYPE svg [<!ENTITY a "]>">]><svg ${SVG}/>`,
      `<s:svg xmlns:s="http://www.w3.org/2000/svg"/>`,
      'svg',
      '<html><svg></svg></html>',
      '<!-- <svg> --><p/>',
      '{}',
      '',
    ].map(is),
  ).toEqual([true, true, true, true, false, false, false, false, false])
  expect(looksLikeSvg(await plain(2, 2).png().toBuffer())).toBe(false)
})

test('reports an SVG’s own size, and renders a preview', async () => {
  const picture = await readMaster(
    new TextEncoder().encode(
      `<svg ${SVG} width="64" height="32"><rect width="64" height="32" fill="#ff0000"/><script>alert(1)</script></svg>`,
    ),
  )
  expect(picture).toMatchObject({
    format: 'svg',
    extension: 'svg',
    width: 64,
    height: 32,
    pixels: { width: 512, height: 256 },
  })
  expect([...picture.pixels.data.subarray(0, 3)]).toEqual([255, 0, 0])
  expect(new TextDecoder().decode(picture.bytes)).not.toContain('script')
})

test('embeds pixels in an SVG that passes the sanitizer', async () => {
  const png = await plain(4, 2, '#0f0').png().toBuffer()
  const svg = formatPixelsAsSvg(png, { width: 4, height: 2 })
  expect(clean(svg)).toBe(svg)
  expect(await readMaster(new TextEncoder().encode(svg))).toMatchObject({ width: 4, height: 2 })
})
