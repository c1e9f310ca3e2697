import { expect, test } from 'vitest'
import { LimnError } from '../../errors.ts'
import { resolveText } from '../testing.ts'
import { type AssetEdit, editAsset } from './edit-asset.ts'

/** A name, the manifest, the edit of `hero`, and the parts of the text that it replaces. */
type Shape = [name: string, before: string, edit: AssetEdit, after: string]

const long =
  'A lighthouse at dawn over a calm sea, seen from the cliffs, with a small red boat that leaves the harbour below'

const head = '# Pictures of the site\nversion: 1\n\nassets:\n'
const rest = '\n  # The other one\n  other: { prompt: B,   alt: "b" } # keep\n'

/** Shapes of an entry between `head` and `rest`. */
const entries: Shape[] = [
  [
    'a plain prompt',
    '  hero:\n    prompt: A hill\n    alt: A\n',
    { prompt: 'A lake' },
    '  hero:\n    prompt: A lake\n    alt: A\n',
  ],
  [
    'a comment after the value',
    '  hero:\n    prompt: A hill # draft\n    alt: A\n',
    { prompt: 'A lake' },
    '  hero:\n    prompt: A lake # draft\n    alt: A\n',
  ],
  [
    'a comment in the place of a value',
    '  hero:\n    prompt: A hill\n    alt: # to do\n    model: gpt-image-2\n',
    { alt: 'A lake' },
    '  hero:\n    prompt: A hill\n    alt: A lake # to do\n    model: gpt-image-2\n',
  ],
  [
    'a comment in the place of the last value, several lines',
    '  hero:\n    alt: A\n    prompt:   # to do\n',
    { prompt: 'A lake\nat dusk' },
    '  hero:\n    alt: A\n    prompt:   |- # to do\n      A lake\n      at dusk\n',
  ],
  [
    'a comment right after the colon, which becomes a focal point',
    '  hero:\n    prompt: A hill\n    position: #to do\n',
    { focus: { x: 0.5, y: 0.25 } },
    '  hero:\n    prompt: A hill\n    position: { x: 0.5, y: 0.25 } #to do\n',
  ],
  [
    'a list in brackets, whose last entry another one replaces',
    '  hero:\n    prompt: A\n    style: [a, b]\n',
    { styles: ['a', 'c'] },
    '  hero:\n    prompt: A\n    style: [a, c]\n',
  ],
  [
    'a list in brackets, reversed after a new entry',
    '  hero:\n    prompt: A\n    style: [ a,b , c ]\n',
    { styles: ['d', 'c', 'b', 'a'] },
    '  hero:\n    prompt: A\n    style: [ d, c,b , a ]\n',
  ],
  [
    'a list in brackets over several lines, with another last entry',
    '  hero:\n    prompt: A\n    outputs: [\n      og, # wide\n      { name: s, width: 64 }\n    ]\n',
    { outputs: ['og', 'card'] },
    '  hero:\n    prompt: A\n    outputs: [\n      og,\n      card, # wide\n    ]\n',
  ],
  [
    'a list in brackets over several lines, without its last entries',
    '  hero:\n    prompt: A\n    style: [\n      a, # soft\n      b, # hard\n      c # loud\n    ]\n',
    { styles: ['a'] },
    '  hero:\n    prompt: A\n    style: [\n      a, # soft # loud\n    ]\n',
  ],
  [
    'a list with a name twice',
    '  hero:\n    prompt: A\n    outputs:\n      - og # 1\n      - { preset: og, formats: [png] } # 2\n',
    { outputs: ['og', 'og', 'card'] },
    '  hero:\n    prompt: A\n    outputs:\n      - og # 1\n      - { preset: og, formats: [png] } # 2\n      - card\n',
  ],
  [
    'double quotes',
    '  hero:\n    prompt: "A hill"\n',
    { prompt: 'A lake' },
    '  hero:\n    prompt: "A lake"\n',
  ],
  [
    'single quotes',
    "  hero:\n    prompt: 'A hill'\n",
    { prompt: "A lake's shore" },
    "  hero:\n    prompt: 'A lake''s shore'\n",
  ],
  [
    'a text that YAML would read as a comment',
    '  hero:\n    prompt: A hill\n',
    { prompt: 'Paint it #ff0000 # now' },
    '  hero:\n    prompt: "Paint it #ff0000 # now"\n',
  ],
  [
    'a text that YAML would read as a map',
    '  hero:\n    prompt: A hill\n',
    { prompt: 'Scene: a "lake"' },
    '  hero:\n    prompt: \'Scene: a "lake"\'\n',
  ],
  [
    'a text that YAML would read as a number',
    '  hero:\n    prompt: A\n    alt: A\n',
    { alt: '2026' },
    '  hero:\n    prompt: A\n    alt: "2026"\n',
  ],
  [
    'a text that older YAML would read as a boolean',
    '  hero:\n    prompt: A\n    alt: A\n',
    { alt: 'No' },
    '  hero:\n    prompt: A\n    alt: "No"\n',
  ],
  [
    'an empty text',
    '  hero:\n    prompt: A\n    alt: A\n',
    { alt: '' },
    '  hero:\n    prompt: A\n    alt: ""\n',
  ],
  [
    'several lines in place of one',
    '  hero:\n    prompt: A hill\n    alt: A\n',
    { prompt: 'A lake.\n\nNo people.' },
    '  hero:\n    prompt: |-\n      A lake.\n\n      No people.\n    alt: A\n',
  ],
  [
    'several lines before a comment',
    '  hero:\n    prompt: A hill # draft\n    alt: A\n',
    { prompt: 'A lake.\nNo people.' },
    '  hero:\n    prompt: |- # draft\n      A lake.\n      No people.\n    alt: A\n',
  ],
  [
    'a long line in place of a short one',
    '  hero:\n    prompt: A hill\n    alt: A\n',
    { prompt: long },
    '  hero:\n    prompt: >-\n      A lighthouse at dawn over a calm sea, seen from the cliffs, with a small red boat that leaves\n      the harbour below\n    alt: A\n',
  ],
  [
    'a long line in place of a long one',
    `  hero:\n    prompt: ${long}\n`,
    { prompt: `${long} now` },
    `  hero:\n    prompt: ${long} now\n`,
  ],
  [
    'a folded block',
    '  hero:\n    prompt: >\n      A hill\n      at dawn.\n\n    alt: A\n',
    { prompt: 'A lake at dusk.' },
    '  hero:\n    prompt: >\n      A lake at dusk.\n\n    alt: A\n',
  ],
  [
    'a literal block',
    '  hero:\n    prompt: |\n      A hill\n      at dawn.\n    alt: A\n',
    { prompt: 'A lake\nat dusk.\n' },
    '  hero:\n    prompt: |\n      A lake\n      at dusk.\n    alt: A\n',
  ],
  [
    'a block with a comment in its first line',
    '  hero:\n    prompt: >- # ours\n      A hill\n    alt: A\n',
    { prompt: 'A lake' },
    '  hero:\n    prompt: >- # ours\n      A lake\n    alt: A\n',
  ],
  [
    'a block that becomes a text with a leading space',
    '  hero:\n    prompt: >- # ours\n      A hill\n    alt: A\n',
    { prompt: ' A lake' },
    '  hero:\n    prompt: " A lake" # ours\n    alt: A\n',
  ],
  [
    'a block with paragraphs',
    '  hero:\n    prompt: >-\n      A hill\n    alt: A\n',
    { prompt: 'A lake\n\nNo people\nNo text' },
    '  hero:\n    prompt: >-\n      A lake\n\n\n      No people\n\n      No text\n    alt: A\n',
  ],
  [
    'a plain text over two lines',
    '  hero:\n    prompt: A hill\n      at dawn\n    alt: A\n',
    { prompt: 'A lake' },
    '  hero:\n    prompt: A lake\n    alt: A\n',
  ],
  [
    'Chinese',
    '  hero:\n    prompt: 灯塔\n',
    { prompt: '清晨的灯塔，平静的海面：远处有一只小船' },
    '  hero:\n    prompt: 清晨的灯塔，平静的海面：远处有一只小船\n',
  ],
  [
    'control characters',
    '  hero:\n    prompt: A\n',
    { prompt: 'A\u0007 \u0085 hill' },
    '  hero:\n    prompt: "A\\u0007 \\u0085 hill"\n',
  ],
  [
    'line breaks of Windows in the new text',
    '  hero:\n    prompt: |-\n      A\n',
    { prompt: 'A\r\nB' },
    '  hero:\n    prompt: |-\n      A\n      B\n',
  ],
  [
    'a tag',
    '  hero:\n    prompt: !!str 12\n',
    { prompt: 'A lake' },
    '  hero:\n    prompt: !!str A lake\n',
  ],
  [
    'a new alt after the prompt',
    '  hero:\n    prompt: A hill # x\n    # outputs\n    outputs: [og]\n',
    { alt: 'A hill' },
    '  hero:\n    prompt: A hill # x\n    alt: A hill\n    # outputs\n    outputs: [og]\n',
  ],
  [
    'a new key after a block',
    '  hero:\n    prompt: >\n      A hill\n\n    outputs: [og]\n',
    { model: 'gpt-image-2' },
    '  hero:\n    prompt: >\n      A hill\n    model: gpt-image-2\n\n    outputs: [og]\n',
  ],
  [
    'several new keys',
    '  hero:\n    prompt: A hill\n    outputs: [og]\n',
    { model: 'gpt-image-2', quality: 'high', alt: 'A', styles: ['ink'] },
    '  hero:\n    prompt: A hill\n    style: ink\n    model: gpt-image-2\n    quality: high\n    alt: A\n    outputs: [og]\n',
  ],
  [
    'an indentation of four',
    '  hero:\n      prompt: A hill\n',
    { prompt: 'A lake\nNo text', alt: 'A' },
    '  hero:\n      prompt: |-\n          A lake\n          No text\n      alt: A\n',
  ],
  [
    'an entry in braces',
    '  hero: { prompt: A hill, alt: A } # note\n',
    { prompt: 'A lake, calm' },
    '  hero: { prompt: "A lake, calm", alt: A } # note\n',
  ],
  [
    'a new key in braces',
    '  hero: { prompt: A hill, outputs: [og] }\n',
    { alt: 'A' },
    '  hero: { prompt: A hill, alt: A, outputs: [og] }\n',
  ],
  [
    'several lines in braces',
    '  hero: { prompt: A hill }\n',
    { prompt: 'A\nB' },
    '  hero: { prompt: "A\\nB" }\n',
  ],
  [
    'braces over several lines',
    '  hero: {\n    prompt: A hill, # one\n    outputs: [og],\n  }\n',
    { quality: 'high' },
    '  hero: {\n    prompt: A hill,\n    quality: high, # one\n    outputs: [og],\n  }\n',
  ],
  [
    'a style that becomes a list',
    '  hero:\n    prompt: A\n    style: ink # all\n',
    { styles: ['ink', 'vector'] },
    '  hero:\n    prompt: A\n    style: [ink, vector] # all\n',
  ],
  [
    'another style',
    '  hero:\n    prompt: A\n    style: ink\n',
    { styles: ['vector'] },
    '  hero:\n    prompt: A\n    style: vector\n',
  ],
  [
    'no style any more',
    '  hero:\n    prompt: A\n    # Look\n    style: [ink] # all\n    alt: A\n',
    { styles: [] },
    '  hero:\n    prompt: A\n    # Look\n    alt: A\n',
  ],
  [
    'no style any more, in braces',
    '  hero: { prompt: A, style: ink }\n',
    { styles: [] },
    '  hero: { prompt: A }\n',
  ],
  [
    'a list with dashes',
    '  hero:\n    prompt: A\n    outputs:\n      - og # cards\n      # big\n      - preset: card\n        widths: [400]\n      - banner\n',
    { outputs: ['og', 'card', 'favicon', 'banner'] },
    '  hero:\n    prompt: A\n    outputs:\n      - og # cards\n      # big\n      - preset: card\n        widths: [400]\n      - favicon\n      - banner\n',
  ],
  [
    'an entry that leaves a list with dashes',
    '  hero:\n    prompt: A\n    outputs:\n      - og\n      - { width: 640, height: 360 } # own\n      - banner\n',
    { outputs: ['og', '640x360'] },
    '  hero:\n    prompt: A\n    outputs:\n      - og\n      - { width: 640, height: 360 } # own\n',
  ],
  [
    'a list with dashes in another order',
    '  hero:\n    prompt: A\n    outputs:\n    - og\n    - card\n',
    { outputs: ['new', 'card', 'og'] },
    '  hero:\n    prompt: A\n    outputs:\n    - new\n    - card\n    - og\n',
  ],
  [
    'no output any more, with dashes',
    '  hero:\n    prompt: A\n    outputs: # files\n      - og\n      - card\n    alt: A\n',
    { outputs: [] },
    '  hero:\n    prompt: A\n    outputs: [] # files\n    alt: A\n',
  ],
  [
    'other outputs, with dashes',
    '  hero:\n    prompt: A\n    outputs:\n      - og\n',
    { outputs: ['card', 'banner'] },
    '  hero:\n    prompt: A\n    outputs:\n      - card\n      - banner\n',
  ],
  [
    'a list in brackets',
    '  hero:\n    prompt: A\n    outputs: [og, { preset: card, widths: [400] }, banner]\n',
    { outputs: ['card', 'banner', 'favicon'] },
    '  hero:\n    prompt: A\n    outputs: [{ preset: card, widths: [400] }, banner, favicon]\n',
  ],
  [
    'the end of a list in brackets',
    '  hero:\n    prompt: A\n    outputs: [og, card, banner]\n',
    { outputs: ['og'] },
    '  hero:\n    prompt: A\n    outputs: [og]\n',
  ],
  [
    'brackets over several lines',
    '  hero:\n    prompt: A\n    outputs: [\n      og, # one\n      card,\n    ]\n',
    { outputs: ['og', 'card', 'banner'] },
    '  hero:\n    prompt: A\n    outputs: [\n      og, # one\n      card,\n      banner,\n    ]\n',
  ],
  [
    'new outputs',
    '  hero:\n    prompt: A\n',
    { outputs: ['og', 'card'] },
    '  hero:\n    prompt: A\n    outputs: [og, card]\n',
  ],
  [
    'a new focal point',
    '  hero:\n    prompt: A\n    outputs: [og]\n',
    { focus: { x: 0.33333, y: 0 } },
    '  hero:\n    prompt: A\n    position: { x: 0.333, y: 0 }\n    outputs: [og]\n',
  ],
  [
    'a focal point in place of a name',
    '  hero:\n    prompt: A\n    position: top # sky\n',
    { focus: { x: 1, y: 0.25 } },
    '  hero:\n    prompt: A\n    position: { x: 1, y: 0.25 } # sky\n',
  ],
  [
    'a focal point in two lines',
    '  hero:\n    prompt: A\n    position:\n      x: 0.1 # left\n      y: 0.2\n',
    { focus: { x: 0.5, y: 0.6 } },
    '  hero:\n    prompt: A\n    position:\n      x: 0.5 # left\n      y: 0.6\n',
  ],
  [
    'a mask',
    '  hero:\n    prompt: A\n    edit:\n      image: ./a.png\n',
    { mask: './images.masks/hero.png' },
    '  hero:\n    prompt: A\n    edit:\n      image: ./a.png\n      mask: ./images.masks/hero.png\n',
  ],
  [
    'a mask in braces',
    '  hero:\n    prompt: A\n    edit: { image: ./a.png, mask: ./b.png }\n',
    { mask: './c.png' },
    '  hero:\n    prompt: A\n    edit: { image: ./a.png, mask: ./c.png }\n',
  ],
  [
    'keys in another order',
    '  hero:\n    outputs: [og]\n    alt: A\n    prompt: A\n',
    { model: 'gpt-image-2' },
    '  hero:\n    outputs: [og]\n    alt: A\n    prompt: A\n    model: gpt-image-2\n',
  ],
]

test.each(entries)('edits %s, and nothing else', (_, before, edit, after) => {
  for (const [wrap, eol] of wraps) {
    const text = wrap(`${head}${before}${rest}`).replaceAll('\n', eol)
    const line = text.split('\n').findIndex((each) => each.startsWith('  hero:')) + 1
    for (const place of [{ key: 'hero' }, { key: 'hero', line }, { key: 'hero', line: 2 }]) {
      expect(editAsset(text, place, edit)).toBe(
        wrap(`${head}${after}${rest}`).replaceAll('\n', eol),
      )
    }
  }
})

const wraps: [wrap: (text: string) => string, eol: string][] = [
  [(text) => text, '\n'],
  [(text) => text, '\r\n'],
  [(text) => `\uFEFF${text}`, '\n'],
  [(text) => text.trimEnd(), '\n'],
]

/** Whole manifests. */
const manifests: Shape[] = [
  [
    'the last line without a line break',
    'version: 1\nassets:\n  hero:\n    prompt: A',
    { alt: 'A', prompt: 'B' },
    'version: 1\nassets:\n  hero:\n    prompt: B\n    alt: A',
  ],
  [
    'JSON',
    '{\n  "version": 1,\n  "assets": {\n    "hero": {\n      "prompt": "A",\n      "outputs": ["og"]\n    }\n  }\n}\n',
    { prompt: 'B: c', alt: 'A', outputs: ['og', 'card'], focus: { x: 0.1, y: 0.2 } },
    '{\n  "version": 1,\n  "assets": {\n    "hero": {\n      "prompt": "B: c",\n      "alt": "A",\n      "position": { "x": 0.1, "y": 0.2 },\n      "outputs": ["og", "card"]\n    }\n  }\n}\n',
  ],
  [
    'a value that is taken over: only this asset changes',
    'version: 1\nassets:\n  a:\n    prompt: &p A\n  hero:\n    prompt: *p\n',
    { prompt: 'B' },
    'version: 1\nassets:\n  a:\n    prompt: &p A\n  hero:\n    prompt: B\n',
  ],
  [
    'a value that others take over: they change too',
    'version: 1\nassets:\n  hero:\n    prompt: &p A\n  b:\n    prompt: *p\n',
    { prompt: 'B' },
    'version: 1\nassets:\n  hero:\n    prompt: &p B\n  b:\n    prompt: *p\n',
  ],
  [
    'a merged key: it is overridden',
    'version: 1\nassets:\n  a: &base\n    prompt: A\n    alt: a\n  hero:\n    <<: *base\n    prompt: H\n',
    { alt: 'h' },
    'version: 1\nassets:\n  a: &base\n    prompt: A\n    alt: a\n  hero:\n    <<: *base\n    prompt: H\n    alt: h\n',
  ],
  [
    'a matrix: the template changes',
    'version: 1\nassets:\n  hero:\n    prompt: A {color} mug\n    matrix:\n      color: [red, blue]\n',
    { prompt: 'A {color} cup' },
    'version: 1\nassets:\n  hero:\n    prompt: A {color} cup\n    matrix:\n      color: [red, blue]\n',
  ],
  [
    'a key in quotes',
    'version: 1\nassets:\n  "hero": {prompt: "A"}\n',
    { prompt: 'B', alt: 'C' },
    'version: 1\nassets:\n  "hero": {prompt: "B", alt: C}\n',
  ],
  [
    'a list that is taken over',
    'version: 1\nassets:\n  a:\n    prompt: A\n    outputs: &o [og]\n  hero:\n    prompt: B\n    outputs: *o\n',
    { outputs: ['og', 'card'] },
    'version: 1\nassets:\n  a:\n    prompt: A\n    outputs: &o [og]\n  hero:\n    prompt: B\n    outputs: [og, card]\n',
  ],
]

test.each(manifests)('edits %s', (_, before, edit, after) => {
  expect(editAsset(before, { key: 'hero', line: 3 }, edit)).toBe(after)
})

const refused: [name: string, text: string, edit: AssetEdit, message: RegExp][] = [
  [
    'an entry that is an alias',
    'assets:\n  a: &a { prompt: A }\n  hero: *a\n',
    { prompt: 'B' },
    /takes over everything from \*a/,
  ],
  ['invalid YAML', 'assets:\n  hero: { prompt: A\n', { prompt: 'B' }, /has mistakes/],
  [
    'an entry of another file',
    'assets:\n  a: { prompt: A }\n',
    { prompt: 'B' },
    /not written below/,
  ],
  [
    'a mask of an asset that edits nothing',
    'assets:\n  hero: { prompt: A }\n',
    { mask: './m.png' },
    /no `edit` of its own/,
  ],
  ['an entry without keys', 'assets:\n  hero:\n', { prompt: 'B' }, /has no keys/],
  [
    'an entry that removes an anchor others use',
    'assets:\n  hero:\n    prompt: A\n    style: &s [ink]\n  b: { prompt: B, style: *s }\n',
    { styles: [] },
    /can't edit/,
  ],
]

test.each(refused)('refuses %s', (_, text, edit, message) => {
  const attempt = (): string => editAsset(text, { key: 'hero' }, edit)
  expect(attempt).toThrow(LimnError)
  expect(attempt).toThrow(message)
})

test.each([
  'A hill',
  ' leading',
  'trailing ',
  '- a',
  '? b',
  'a: b',
  '#c',
  "it's",
  '"q"',
  '\\',
  '\t',
  'a\tb',
  '@x',
  '`x`',
  '%x',
  '!x',
  '&x',
  '*x',
  '|',
  '>',
  '[',
  '{a}',
  ',',
  'null',
  '~',
  'true',
  '0x1F',
  '1e3',
  '.5',
  '---',
  '...',
  '<<',
  '=',
  'a\nb',
  'a\n b',
  '\na',
  'a\n',
  'a\n\n',
  'a  b',
  `${long}\n\n${long}`,
  `  ${long}`,
  '山\n水',
  '\u{1F600}',
  'a #b',
  'x: y #z',
  "'",
  '"',
  `${long}  ${long} `,
  'a\n\n\n\nb',
  'a\n\tb',
])('gives the text %j back', (value) => {
  for (const old of ['A', '"A"', "'A'", '>\n      A', '|\n      A', '|+\n      A\n', 'A # c']) {
    const text = editAsset(
      `version: 1\nassets:\n  hero:\n    prompt: ${old}\n    alt: Z\n`,
      { key: 'hero', line: 3 },
      { prompt: value, alt: value },
    )
    const flow = editAsset(
      `version: 1\nassets: { hero: { prompt: ${old.startsWith('>') || old.startsWith('|') || old.includes('#') ? 'A' : old} } }\n`,
      { key: 'hero', line: 3 },
      { prompt: value },
    )
    const [asset, flowAsset] = [text, flow].map((each) => resolveText(each).manifest!.assets[0]!)
    expect(asset!.ownPrompt).toBe(value.normalize('NFC').trim())
    expect(asset!.alt).toBe(value)
    expect(flowAsset!.ownPrompt).toBe(value.normalize('NFC').trim())
  }
})

test.each([
  [
    'adds them below each other',
    'assets:\n  hero:\n    prompt: A # x\n    outputs: [og]\n',
    { alt: 'A hill', altSuggested: true },
    'assets:\n  hero:\n    prompt: A # x\n    alt: A hill\n    altSuggested: true\n    outputs: [og]\n',
  ],
  [
    'adds them in braces',
    'assets: { hero: { prompt: A, outputs: [og] } }\n',
    { alt: 'A hill', altSuggested: true },
    'assets: { hero: { prompt: A, alt: A hill, altSuggested: true, outputs: [og] } }\n',
  ],
  [
    'removes the mark alone',
    'assets:\n  hero:\n    prompt: A\n    alt: A hill # seen\n    altSuggested: true\n',
    { altSuggested: false },
    'assets:\n  hero:\n    prompt: A\n    alt: A hill # seen\n',
  ],
  [
    'removes the mark from braces',
    'assets: { hero: { prompt: A, alt: A hill, altSuggested: true } }\n',
    { altSuggested: false },
    'assets: { hero: { prompt: A, alt: A hill } }\n',
  ],
  [
    'removes the mark with a new text of a person',
    'assets:\n  hero: { prompt: A, alt: A hill, altSuggested: true }\n  b: { prompt: B, alt: B, altSuggested: true }\n',
    { alt: 'A mountain' },
    'assets:\n  hero: { prompt: A, alt: A mountain }\n  b: { prompt: B, alt: B, altSuggested: true }\n',
  ],
  [
    'leaves an entry without a mark alone',
    'assets: { hero: { prompt: A, alt: A hill } }\n',
    { altSuggested: false },
    'assets: { hero: { prompt: A, alt: A hill } }\n',
  ],
])('edits suggested alt texts: %s', (_, text, edit, expected) => {
  expect(editAsset(text, { key: 'hero' }, edit)).toBe(expected)
})
