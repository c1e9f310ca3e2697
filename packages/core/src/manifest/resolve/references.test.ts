import { expect, test } from 'vitest'
import { hashRequest, requestOf } from '../../identity/request.ts'
import type { Asset, Manifest } from '../manifest.ts'
import { parseManifest } from '../parse/parse.ts'
import { resolveText } from '../testing.ts'
import { mergeManifests } from './merge-included.ts'
import { resolveManifest } from './resolve.ts'

const resolve = (lines: string): ReturnType<typeof resolveText> =>
  resolveText(`version: 1\nprovider: openai\ndefaults: { outputs: [card] }\n${lines}`)

const find = (manifest: Manifest | undefined, name: string): Asset =>
  manifest!.assets.find((asset) => asset.name === name)!

const sent = (manifest: Manifest | undefined, name: string): string[] =>
  find(manifest, name).inputs.map(({ role, kind, target }) => `${role} ${kind} ${target}`)

const errors = (lines: string): string[] =>
  resolve(lines)
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ place: { line, column }, message, hint }) => `${line}:${column} ${message} ${hint}`)

test('sends the references of a style, of those that it extends, and of a character', () => {
  const { manifest, diagnostics } = resolve(`characters:
  mia: { prompt: A girl with a red scarf, style: brand }
styles:
  base: { references: [./brand/board.png] }
  brand: { extends: base, append: Warm., references: [logo, characters/mia] }
assets:
  logo: { prompt: A logo, alt: x, style: brand }
  hero: { prompt: A harbour, alt: x, style: brand, references: [./photo.jpg] }
  duo: { prompt: A picnic, alt: x, character: mia, style: base }
  plain: { prompt: A tree, alt: x }
`)
  expect(diagnostics).toEqual([])
  expect(sent(manifest, 'hero')).toEqual([
    'reference file photo.jpg',
    'reference file brand/board.png',
    'reference asset logo',
    'reference asset characters/mia',
  ])
  expect(find(manifest, 'hero').operation).toBe('edit')
  expect(sent(manifest, 'duo')).toEqual([
    'reference asset characters/mia',
    'reference file brand/board.png',
  ])
  // The pictures that a style refers to do not receive one another.
  expect(sent(manifest, 'logo')).toEqual(['reference file brand/board.png'])
  expect(sent(manifest, 'characters/mia')).toEqual(['reference file brand/board.png'])
  expect(find(manifest, 'plain')).toMatchObject({ operation: 'generate', inputs: [] })
})

test.each([
  ['references: [./brand/board.png]', ['reference file brand/board.png']],
  ['edit: { image: brand/board.png }', ['image file brand/board.png']],
  [
    'edit: { image: logo, mask: ./brand/board.png }',
    ['image asset logo', 'mask file brand/board.png', 'reference file brand/board.png'],
  ],
])('sends no picture twice: %s', (yaml, expected) => {
  const { manifest } = resolve(`styles: { brand: { references: [./brand/board.png] } }
assets:
  logo: { prompt: A logo, alt: x }
  hero: { prompt: A harbour, alt: x, style: brand, ${yaml} }
`)
  expect(sent(manifest, 'hero')).toEqual(expected)
})

test('sends no reference for an existing picture', () => {
  const { manifest } = resolve(`styles: { brand: { references: [./board.png] } }
characters: { tom: { source: ./tom.png, style: brand } }
assets: { hero: { source: ./hero.png, alt: x, style: brand } }
`)
  expect(sent(manifest, 'hero')).toEqual([])
  expect(find(manifest, 'characters/tom').source).toMatchObject({
    path: 'tom.png',
    place: { line: 5, column: 30 },
  })
})

test.each([
  [
    'A girl with a red scarf',
    undefined,
    /^Character sheet: 3 views .*: front, side, back\. .*A girl with a red scarf$/,
  ],
  ['A girl with a red scarf', '[smile]', /^Character sheet: 1 view .*: smile\. /],
  ['戴红围巾的女孩', undefined, /^角色设定图：.*3个视图.*正面、侧面、背面。.*戴红围巾的女孩$/],
])('generates a sheet of views of a character: %s %s', (prompt, views, expected) => {
  const { manifest, diagnostics } = resolve(
    `characters: { mia: { prompt: ${prompt}${views === undefined ? '' : `, views: ${views}`} } }\nassets: {}\n`,
  )
  expect(diagnostics).toEqual([])
  expect(find(manifest, 'characters/mia')).toMatchObject({
    prompt: expect.stringMatching(expected),
    size: '1536x1024',
    place: { line: 4, column: 15 },
  })
})

test.each([
  ['A girl at sea', '', 'A girl at sea. Input picture 1 shows mia: draw'],
  ['海边的女孩', '', '海边的女孩。 输入图片1是mia：'],
  ['A girl at sea', 'edit: { image: ./sea.png }', 'A girl at sea. Input picture 2 shows mia:'],
])('says which input picture shows a character: %s %s', (prompt, yaml, expected) => {
  const { manifest } = resolve(
    `characters: { mia: { prompt: A girl } }\nassets: { hero: { prompt: ${prompt}, alt: x, character: mia, ${yaml} } }\n`,
  )
  expect(find(manifest, 'hero').prompt).toContain(expected)
})

test.each([
  ['character: mai', '5:49 There is no character "mai". Did you mean "mia"?'],
  ['character: [mia, 汤姆]', '5:55 There is no character "汤姆". Define it below `characters:`.'],
  [
    'style: lost',
    '6:32 There is no asset "nowhere". Name an asset, or a file such as ./photos/shop.png.',
  ],
  [
    'style: outside',
    '7:27 Input pictures must be inside the project, but "../board.png" is not. Copy the file into the project, and write its path relative to the manifest.',
  ],
])('explains a mistake at %s', (yaml, expected) => {
  expect(
    errors(`characters: { mia: { prompt: A girl } }
assets: { hero: { prompt: A, alt: x, ${yaml} } }
styles: { lost: { references: [nowhere] },
  outside: { references: [../board.png] } }
`),
  ).toEqual([expected])
})

test('names a model that accepts more references', () => {
  const brand = Array.from({ length: 17 }, (_, index) => `./board-${index}.png`)
  const styles = `styles: { a: { references: [${brand.slice(0, 9).join(', ')}] }, b: { references: [${brand.slice(9).join(', ')}] } }`
  expect(errors(`${styles}\nassets: { hero: { prompt: A, alt: x, style: [a, b] } }\n`)).toEqual([
    expect.stringMatching(/^5:38 .* accepts at most 16 input pictures per request, not 17\./),
  ])
  expect(
    errors(
      `styles: { a: { references: [./a.png, ./b.png] } }\nassets: { hero: { prompt: A, alt: x, model: dall-e-2, style: a } }\n`,
    ),
  ).toEqual([
    expect.stringMatching(
      /^5:\d+ dall-e-2 accepts at most one input picture per request, not 2\. Use a model that supports it, for example gpt-image-/,
    ),
  ])
})

test('reports characters and styles that need one another', () => {
  expect(
    errors(`characters: { mia: { prompt: A girl, style: a }, tom: { prompt: A boy, style: b } }
styles: { a: { references: [characters/tom] }, b: { references: [characters/mia] } }
assets: {}
`),
  ).toEqual([
    expect.stringContaining(
      '"characters/mia" depends on itself: characters/mia → characters/tom → characters/mia.',
    ),
  ])
})

test('rejects an asset with the name of a sheet', () => {
  expect(
    errors(
      `characters: { mia: { prompt: A girl } }\nassets: { characters/mia: { prompt: A, alt: x } }\n`,
    ),
  ).toEqual([
    '5:11 The character "mia" already defines a picture named "characters/mia". Rename one of them.',
  ])
})

test('resolves the paths of a style and a character from the file that defines them', () => {
  const root = parseManifest(
    'version: 1\nprovider: openai\ninclude: [brand/*.yaml]\nassets: { hero: { prompt: A, alt: x, style: brand, character: mia } }\n',
    'images.yaml',
  )
  const brand = parseManifest(
    'version: 1\nstyles: { brand: { references: [./board.png] } }\ncharacters: { mia: { source: mia.png } }\nassets: {}\n',
    'brand/brand.yaml',
    'included',
  )
  const merged = mergeManifests({ ...root, file: root.file! }, [brand])
  const { manifest } = resolveManifest(merged)
  expect(sent(manifest, 'hero')).toEqual([
    'reference asset characters/mia',
    'reference file brand/board.png',
  ])
  expect(find(manifest, 'hero').inputs[1]!.place).toMatchObject({
    file: 'brand/brand.yaml',
    line: 2,
  })
  expect(find(manifest, 'characters/mia').source).toMatchObject({ path: 'brand/mia.png' })
})

test('keeps the request of an asset without references', () => {
  const { manifest } = resolve('assets: { hero: { prompt: A lighthouse, alt: x } }\n')
  expect(hashRequest(requestOf(find(manifest, 'hero')))).toBe(
    '84a8f526e3e6c9e757c700f26fa2357bd9a447465fa4330a435921d48caf8219',
  )
})
