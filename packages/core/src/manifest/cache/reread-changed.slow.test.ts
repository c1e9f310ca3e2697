import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Manifest } from '../manifest.ts'
import { parseManifest } from '../parse/parse.ts'
import { mergeManifests } from '../resolve/merge-included.ts'
import { resolveManifest } from '../resolve/resolve.ts'
import type { ManifestText } from './cached-manifest.ts'
import { packManifest, unpackManifest } from './columns.ts'
import { patchManifest, type Patched } from './reread-changed.ts'

/** Reads a whole text; `undefined` if it has a mistake. */
function readWhole(text: string): Manifest | undefined {
  const parsed = parseManifest(text, 'images.yaml')
  if (parsed.file === undefined || parsed.diagnostics.length > 0) return undefined
  const { manifest, diagnostics } = resolveManifest({ ...parsed, file: parsed.file })
  return diagnostics.some(({ severity }) => severity === 'error') ? undefined : manifest
}

/** As `readWhole`, of several files: the root's first. */
function readFiles(files: readonly ManifestText[]): Manifest | undefined {
  const [root, ...included] = files.map(({ path, text }, number) =>
    parseManifest(text, path, number === 0 ? 'root' : 'included'),
  )
  if (root?.file === undefined) return undefined
  const merged = mergeManifests({ ...root, file: root.file }, included)
  const { manifest, diagnostics } = resolveManifest(merged)
  return [...merged.diagnostics, ...diagnostics].some(({ severity }) => severity === 'error')
    ? undefined
    : manifest
}

/** Converts a value as caching does: JSON has no `undefined`. */
function kept<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}

function patch(before: string, text: string): Patched | undefined {
  return patchManifest({
    files: [{ path: 'images.yaml', text }],
    before: {
      files: [{ path: 'images.yaml', text: before }],
      manifest: kept(packManifest(readWhole(before)!)),
    },
    provider: undefined,
    profile: undefined,
  })
}

const head =
  'version: 1\nprovider: openai\nstyles:\n  brand: { append: Warm. }\ndefaults:\n  outputs: [{ name: s, width: 64, height: 64, formats: [webp] }]\nassets:\n'
const base = `${head}  hero:\n    prompt: A lighthouse\n    alt: A\n  team: { prompt: Four people, alt: B }\n\n  # The last one\n  shop:\n    prompt: >-\n      A shop\n      by the sea\n    style: brand\n`

const lines = [
  '    prompt: A windmill',
  '    prompt: "A windmill"',
  "    prompt: 'A",
  "      windmill'",
  '    alt: C',
  '    style: brand',
  '    style: none',
  '    matrix: { n: [1, 2] }',
  '    matrix: {',
  '      n: [1]',
  '  }',
  '  }',
  '  hero:',
  '  team: { prompt: D }',
  '  mug:',
  '    edit: { image: hero }',
  '    source: a.png',
  '    outputs: [og]',
  '    outputs:',
  '      - og',
  '      - { width: 32 }',
  '    prompt: |',
  '     A',
  '     B',
  '',
  '# left',
  '  # in',
  '\t',
  'presets: {}',
  'styles: {}',
  '  x',
  '   y: z',
  '    prompt: &a A',
  '    alt: *a',
  '    prompt: Mugs & cups * 2',
  '    model: nothing',
  '    quality: low',
  '    decorative: true',
  'provider: local',
  '    prompt: 灯塔：晨光',
  '\u2028    alt: D',
  '    prompt: Four people',
  ']',
  '...',
  '---',
].map((line) => `${line}\n`)

const cut = (text: string, at: number): number => at % (text.length + 1)

/** A text with some lines, or any characters, in place of others. */
const edited = fc
  .tuple(
    fc.constantFrom(
      base,
      `${base}vars: { a: b }\n`,
      base.replace('    style: brand\n', ''),
      base.replaceAll('\n', '\r\n'),
    ),
    fc.nat(),
    fc.nat({ max: 60 }),
    fc.oneof(
      fc.array(fc.constantFrom(...lines), { maxLength: 4 }).map((own) => own.join('')),
      fc.string({ maxLength: 6 }),
      fc.constantFrom('x', '\n', '  ', '"', '{', 'prompt'),
    ),
    fc.boolean(),
  )
  .map(([before, from, length, insert, atLines]) => {
    const place = (offset: number): number =>
      atLines ? before.lastIndexOf('\n', offset) + 1 : offset
    const start = place(cut(before, from))
    const end = Math.max(start, place(Math.min(before.length, start + length)))
    return { before, text: before.slice(0, start) + insert + before.slice(end) }
  })

test('returns what reading the whole text returns, or nothing, for any edit', () => {
  let patched = 0
  fc.assert(
    fc.property(edited, ({ before, text }) => {
      const found = patch(before, text)
      if (found === undefined) return
      patched++
      expect(unpackManifest(kept(found.manifest))).toEqual(kept(readWhole(text)))
    }),
    { numRuns: 2000 },
  )
  expect(patched, 'texts that were patched').toBeGreaterThan(20)
})

const among = (count: number, change: (text: string) => string): [string, string] => {
  const text =
    head +
    Array.from(
      { length: count },
      (_, number) => `  asset-${number}:\n    prompt: Picture ${number}\n`,
    ).join('')
  return [text, change(text)]
}

test('parses only the entries that changed, and moves those after them', () => {
  const [before, text] = among(50, (whole) =>
    whole.replace('Picture 7\n', 'Picture seven\n    alt: A\n'),
  )
  const found = patch(before, text)!
  expect(found.changed).toEqual(['asset-7'])
  expect(unpackManifest(found.manifest)).toEqual(readWhole(text))
  expect(readWhole(text)!.warnings).toHaveLength(49)
})

test.each(['Mugs & cups', '2 * 3 mugs', 'Mugs &'])('parses only an entry with %j', (prompt) => {
  const [before, text] = among(20, (whole) => whole.replace('Picture 7\n', `${prompt}\n`))
  expect(patch(before, text)!.changed).toEqual(['asset-7'])
})

test.each<[what: string, change: (text: string) => string]>([
  ['a name is new', (text) => text.replace('asset-7:', 'other:')],
  ['an entry is gone', (text) => text.replace('  asset-7:\n    prompt: Picture 7\n', '')],
  ['another asks for the same', (text) => text.replace('Picture 7\n', 'Picture 8\n')],
  [
    'one is made from another',
    (text) => text.replace('Picture 7\n', 'Picture 7\n    edit: { image: asset-8 }\n'),
  ],
  ['there is a mistake', (text) => text.replace('Picture 7\n', 'Picture 7\n    promt: x\n')],
  ['an anchor is set', (text) => text.replace('Picture 7\n', '&x Picture seven\n')],
  ['something else changed', (text) => text.replace('Warm.', 'Cold.')],
  [
    'something else changed too',
    (text) => text.replace('Warm.', 'Cold.').replace('Picture 7\n', 'Picture seven\n'),
  ],
  [
    'a key at the left edge ends the entries',
    (text) => text.replace('Picture 7\n', 'Picture seven\nvars:\n'),
  ],
])('returns nothing if %s', (_, change) => {
  const [before, text] = among(20, change)
  expect(patch(before, text)).toBeUndefined()
})

const rootText =
  'version: 1\nprovider: openai\ninclude: [more/*.yaml]\nstyles:\n  brand: { append: Warm. }\ndefaults:\n  quality: low\nassets:\n  lead: { prompt: A lead }\n'
const included = (number: number): string =>
  `version: 1\ndefaults:\n  outputs: [{ name: s, width: 64, height: 64, formats: [webp] }]\nassets:\n${Array.from({ length: 5 }, (_, own) => `  part-${number}/asset-${own}:\n    prompt: Picture ${own} of ${number}\n    style: brand\n`).join('')}vars: { part: p${number} }\n`
const several = (): ManifestText[] => [
  { path: 'images.yaml', text: rootText },
  ...[1, 2, 3].map((number) => ({ path: `more/${number}.yaml`, text: included(number) })),
]

function patchFiles(
  before: readonly ManifestText[],
  files: readonly ManifestText[],
): Patched | undefined {
  return patchManifest({
    files,
    before: { files: before, manifest: kept(packManifest(readFiles(before)!)) },
    provider: undefined,
    profile: undefined,
  })
}

const change = (
  files: readonly ManifestText[],
  number: number,
  from: string,
  to: string,
): ManifestText[] =>
  files.map((file, at) => (at === number ? { ...file, text: file.text.replace(from, to) } : file))

test.each<[where: string, files: ManifestText[], changed: string[]]>([
  [
    'one that is included',
    change(several(), 2, 'Picture 1 of 2\n', 'Another {{part}}\n    alt: A\n'),
    ['part-2/asset-1'],
  ],
  ['the root', change(several(), 0, 'A lead', 'Another lead'), ['lead']],
  [
    'several',
    change(
      change(change(several(), 0, 'A lead', 'Another'), 1, 'Picture 4 of 1', 'One'),
      3,
      'Picture 0 of 3',
      'Three',
    ),
    ['lead', 'part-1/asset-4', 'part-3/asset-0'],
  ],
])('parses only the entries that changed in %s of a manifest’s files', (_, files, changed) => {
  const found = patchFiles(several(), files)!
  expect(found.changed).toEqual(changed)
  expect(unpackManifest(kept(found.manifest))).toEqual(kept(readFiles(files)))
})

test.each<[what: string, files: ManifestText[]]>([
  ['what a file says for all its pictures changed', change(several(), 2, 'width: 64', 'width: 32')],
  ['a name is new', change(several(), 2, 'part-2/asset-1:', 'other:')],
  ['another file asks for the same', change(several(), 2, 'Picture 1 of 2', 'Picture 1 of 3')],
  [
    'a file has a key that only the root may have',
    change(several(), 2, 'Picture 1 of 2\n', 'Another\nprovider: local\n'),
  ],
  ['a file is gone', several().slice(0, 3)],
  [
    'two files changed places',
    several().map((file, at, all) =>
      at === 1
        ? { ...file, path: all[2]!.path }
        : at === 2
          ? { ...file, path: all[1]!.path }
          : file,
    ),
  ],
  ['nothing changed', several()],
])('returns nothing for several files if %s', (_, files) => {
  expect(patchFiles(several(), files)).toBeUndefined()
})

test('returns what reading all files returns, or nothing, for any edit of one of them', () => {
  let patched = 0
  fc.assert(
    fc.property(
      fc.nat({ max: 3 }),
      fc.noBias(fc.nat({ max: 9999 })),
      fc.nat({ max: 4 }),
      fc.oneof({ arbitrary: fc.constantFrom('x', '7', ' '), weight: 3 }, fc.constantFrom(...lines)),
      (number, from, length, insert) => {
        const before = several()
        const { text } = before[number]!
        const start = insert.endsWith('\n')
          ? text.lastIndexOf('\n', cut(text, from)) + 1
          : cut(text, from)
        const files = before.map((file, at) =>
          at === number
            ? { ...file, text: text.slice(0, start) + insert + text.slice(start + length) }
            : file,
        )
        const found = patchFiles(before, files)
        if (found === undefined) return
        patched++
        expect(unpackManifest(kept(found.manifest))).toEqual(kept(readFiles(files)))
      },
    ),
    { numRuns: 300 },
  )
  expect(patched, 'edits that were patched').toBeGreaterThan(10)
})
