import { expect, test } from 'vitest'
import type { Comparison } from './comparison.ts'
import { listFailures, parseFailOn } from './policies.ts'
import { createComparedProject, manifest } from './testing.ts'

const cutOut = manifest.replace('A lighthouse at dusk', 'A cut-out lighthouse')
const generated = manifest.replace('version: 1', 'version: 1\nprovenance: on')

test.each<[string, string, [from: string, to: string], string[]]>([
  ['nothing worse', manifest, ['at dusk', 'at dawn'], []],
  ['another alt text', manifest, ['alt: A lighthouse', 'alt: A tower'], []],
  ['no alt text', manifest, [', alt: A lighthouse', ''], ['hero alt']],
  ['no alt text, as it is decorative', manifest, ['alt: A lighthouse', "alt: ''"], []],
  [
    'a removed asset',
    manifest,
    ['  cup: { prompt: A cup of tea on a table, alt: A cup }\n', ''],
    [],
  ],
  [
    'no mark',
    generated,
    ['provenance: on', 'provenance: off'],
    ['cup mark', 'hero mark', 'product/mug mark'],
  ],
  ['an opaque picture', cutOut, ['A cut-out lighthouse', 'A lighthouse'], ['hero transparency']],
  [
    'a filled output',
    cutOut,
    [
      'alt: A lighthouse',
      "alt: A lighthouse, outputs: [{ name: s, width: 64, height: 64, formats: [webp], background: '#fff' }]",
    ],
    ['hero transparency'],
  ],
  [
    'a filled output of an opaque picture',
    manifest,
    [
      'alt: A lighthouse',
      "alt: A lighthouse, outputs: [{ name: s, width: 64, height: 64, formats: [webp], background: '#fff' }]",
    ],
    [],
  ],
  [
    'a smaller picture',
    manifest,
    ['alt: A mug', 'alt: A mug, size: 128x256'],
    ['product/mug size'],
  ],
  ['a larger picture', manifest, ['alt: A mug', 'alt: A mug, size: 512x256'], []],
  [
    'a smaller output',
    manifest,
    ['alt: A mug', 'alt: A mug, outputs: [{ name: s, width: 32, height: 64, formats: [webp] }]'],
    ['product/mug size'],
  ],
  [
    'files that grow',
    manifest.replace('formats: [webp]', 'formats: [webp], quality: 50'),
    ['quality: 50', 'quality: 60'],
    ['cup bytes', 'hero bytes', 'product/mug bytes'],
  ],
  [
    'files that grow by less than a tenth',
    manifest.replace('formats: [webp]', 'formats: [webp], quality: 50'),
    ['quality: 50', 'quality: 54'],
    [],
  ],
  [
    'another output',
    manifest,
    ['outputs: [', 'outputs: [{ name: b, width: 200, height: 200, formats: [png] }, '],
    [],
  ],
])('finds %s', async (_, text, [from, to], expected) => {
  const { compare, edit, generate, git } = await createComparedProject(text)
  git('switch', '--quiet', '--create', 'branch')
  edit(from, to)
  await generate()
  const { regressions } = (await compare({ head: 'branch' })).comparison
  expect(regressions.map(({ asset, code }) => `${asset} ${code}`)).toEqual(expected)
})

test('finds that a picture no longer moves', async () => {
  const { compare, commit, edit, generate, git, read, write } = await createComparedProject()
  write(
    'images.lock',
    read('images.lock')
      .toString()
      .replace(/("hero"[^]*?)"height"/, '$1"frames": 8, "height"'),
  )
  commit()
  git('switch', '--quiet', '--create', 'branch')
  edit('at dusk', 'at dawn')
  await generate()
  const { regressions } = (await compare()).comparison
  expect(regressions).toEqual([
    {
      asset: 'hero',
      code: 'animation',
      message: 'The picture had 8 frames, and is a still one now.',
    },
  ])
})

test.each([
  ['regression', ['bytes', 'alt', 'mark', 'transparency', 'animation', 'size']],
  ['alt', ['alt']],
  ['alt, mark', ['alt', 'mark']],
])('parses --fail-on %s', (value, expected) => {
  expect(parseFailOn(value)).toEqual(expected)
})

test.each(['', 'alts', 'regressions', 'alt,,mark', '__proto__'])(
  'rejects --fail-on %j',
  (value) => {
    expect(() => parseFailOn(value)).toThrow(/--fail-on does not know/)
  },
)

test.each<[number | undefined, number, boolean]>([
  [undefined, 5000, false],
  [5000, 5000, false],
  [4999, 5000, true],
  [0, 0, false],
  [0, -10, false],
  [0, 1, true],
])('allows %s bytes: %s more fails %s', (maxBytes, growth, isFailure) => {
  const comparison = {
    totals: { bytesBefore: 1000, bytesAfter: 1000 + growth },
    pages: null,
    regressions: [],
  } as unknown as Comparison
  expect(listFailures(comparison, { maxBytes, failOn: [] })).toHaveLength(isFailure ? 1 : 0)
})
