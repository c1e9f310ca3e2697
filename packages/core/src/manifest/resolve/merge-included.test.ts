import { expect, test } from 'vitest'
import { codeFrame, formatDiagnostic, sortDiagnostics } from '../../diagnostic.ts'
import type { Asset, Manifest } from '../manifest.ts'
import { parseManifest } from '../parse/parse.ts'
import { createJsonSchema } from '../parse/schema.ts'
import { type IncludeProblem, mergeManifests } from './merge-included.ts'
import { resolveManifest } from './resolve.ts'

/** Resolves a root manifest and the files that it includes, and formats the mistakes. */
function resolveFiles(
  root: string,
  included: Readonly<Record<string, string>>,
  problems: readonly IncludeProblem[] = [],
): { manifest: Manifest; assetByName: Record<string, Asset>; reported: string[] } {
  const parsed = parseManifest(root, 'images.yaml')
  const parts = Object.entries(included).map(([path, text]) =>
    parseManifest(text, path, 'included'),
  )
  const merged = mergeManifests({ ...parsed, file: parsed.file! }, parts, problems)
  const { manifest, diagnostics } = resolveManifest(merged)
  const all = sortDiagnostics([...merged.diagnostics, ...diagnostics], merged.files)
  const textOf = (file: string): string => (file === 'images.yaml' ? root : included[file]!)
  for (const diagnostic of all) {
    expect(diagnostic.frame, formatDiagnostic(diagnostic)).toBe(
      codeFrame(textOf(diagnostic.place.file), diagnostic.place),
    )
  }
  const reported = all
    .filter(({ severity }) => severity === 'error')
    .map(
      ({ code, place, message, hint }) =>
        `${place.file}:${place.line}:${place.column} ${code.replace('manifest/', '')}: ${message}${hint === undefined ? '' : ` → ${hint}`}`,
    )
  return {
    manifest,
    reported,
    assetByName: Object.fromEntries(manifest.assets.map((asset) => [asset.name, asset])),
  }
}

const head = 'version: 1\n'
const root = `${head}include: [shop/images.yaml]\n`

test('resolves the pictures of every file, each with its place, sorted by name', () => {
  const { manifest, reported } = resolveFiles(
    `${root}assets:\n  hero: { prompt: A hill, alt: A hill }\n`,
    {
      'shop/images.yaml': `${head}assets:\n  mug: { prompt: A mug, alt: A mug }\n  cup: { prompt: A cup, alt: A cup }\n`,
    },
  )
  expect(reported).toEqual([])
  expect(manifest.files).toEqual(['images.yaml', 'shop/images.yaml'])
  expect(
    manifest.assets.map(({ name, place }) => `${name} ${place.file}:${place.line}:${place.column}`),
  ).toEqual(['cup shop/images.yaml:4:3', 'hero images.yaml:4:3', 'mug shop/images.yaml:3:3'])
})

test('requires no assets in a manifest that includes others', () => {
  expect(resolveFiles(root, { 'shop/images.yaml': `${head}assets: {}\n` }).reported).toEqual([])
  expect(parseManifest(head, 'images.yaml').diagnostics).toHaveLength(1)
  expect(createJsonSchema()).toMatchObject({
    required: ['version'],
    anyOf: [{ required: ['assets'] }, { required: ['include'] }],
  })
})

test('shares styles, presets and profiles over all files, whichever file defines them', () => {
  const rootText = `${root}styles: { brand: { append: Warm } }\nassets:\n  hero: { prompt: A hill, alt: A hill, style: shop, outputs: [tile] }\n`
  const shop = `${head}styles: { shop: { extends: brand, append: Studio } }\npresets: { tile: { width: 10, height: 10, formats: [png] } }\nassets:\n  mug: { prompt: A mug, alt: A mug, style: brand }\n`
  const { assetByName, reported } = resolveFiles(rootText, { 'shop/images.yaml': shop })
  expect(reported).toEqual([])
  expect(assetByName['hero']).toMatchObject({
    prompt: 'A hill. Warm. Studio',
    outputs: [{ file: 'tile.png' }],
  })
  expect(assetByName['mug']!.prompt).toBe('A mug. Warm')
})

test('overrides the root’s defaults and vars with a file’s own, for its own pictures only', () => {
  const rootText = `${root}provider: openai\ndefaults: { model: gpt-image-2, quality: low }\nvars: { brand: Acme, tone: dark }\nassets:\n  hero: { prompt: '{{brand}} {{tone}}', alt: A }\n`
  const shop = `${head}defaults: { quality: high, outputs: [og] }\nvars: { tone: light }\nassets:\n  mug: { prompt: '{{brand}} {{tone}}', alt: A }\n  cup: { prompt: '{{tone}}', alt: A, quality: medium, vars: { tone: own } }\n`
  const { assetByName, reported } = resolveFiles(rootText, { 'shop/images.yaml': shop })
  expect(reported).toEqual([])
  expect(assetByName['hero']).toMatchObject({
    prompt: 'Acme dark',
    quality: 'low',
    model: 'gpt-image-2',
    outputs: [{ preset: 'full' }, { preset: 'full' }],
  })
  expect(assetByName['mug']).toMatchObject({
    prompt: 'Acme light',
    quality: 'high',
    model: 'gpt-image-2',
    outputs: [{ preset: 'og' }],
  })
  expect(assetByName['cup']).toMatchObject({ prompt: 'own', quality: 'medium' })
})

test.each([
  ['./badge.png', 'shop/badge.png'],
  ['brand/badge.png', 'shop/brand/badge.png'],
  ['../brand/badge.png', 'brand/badge.png'],
  ['brand\\badge.png', 'shop/brand/badge.png'],
])('resolves the source %s from the file’s own folder', (written, path) => {
  const { assetByName, reported } = resolveFiles(root, {
    'shop/images.yaml': `${head}assets:\n  badge: { source: '${written}', decorative: true }\n`,
  })
  expect(reported).toEqual([])
  expect(assetByName['badge']!.source).toMatchObject({
    path,
    place: { file: 'shop/images.yaml', line: 3 },
  })
})

test.each([['../../badge.png'], ['/etc/badge.png'], ['C:\\badge.png']])(
  'keeps the source %s out',
  (written) => {
    const { reported } = resolveFiles(root, {
      'shop/images.yaml': `${head}assets:\n  badge: { source: '${written}', decorative: true }\n`,
    })
    expect(reported).toHaveLength(1)
    expect(reported[0]).toMatch(
      /^shop\/images\.yaml:3:20 path: The source must be inside the project/,
    )
  },
)

test('resolves input files from the file’s own folder, and assets by name from every file', () => {
  const shop = `${head}assets:\n  mug: { edit: { image: ./mug.png, mask: mask.png }, references: [hero, ../hall.jpg], prompt: A mug, alt: A }\n`
  const { assetByName, reported } = resolveFiles(
    `${root}assets:\n  hero: { prompt: A hill, alt: A hill }\n`,
    { 'shop/images.yaml': shop },
  )
  expect(reported).toEqual([])
  expect(
    assetByName['mug']!.inputs.map(({ kind, target, place }) => [kind, target, place.file]),
  ).toEqual([
    ['file', 'shop/mug.png', 'shop/images.yaml'],
    ['file', 'shop/mask.png', 'shop/images.yaml'],
    ['asset', 'hero', 'shop/images.yaml'],
    ['file', 'hall.jpg', 'shop/images.yaml'],
  ])
})

test('reports a name that two files define at the second, with the place of the first', () => {
  const rootText = `${root}styles: { brand: { append: Warm } }\nassets:\n  hero: { prompt: A hill, alt: A hill }\n`
  const shop = `${head}styles:\n  brand: { append: Cold }\npresets: { tile: { width: 10 } }\nassets:\n  hero: { prompt: A mug, alt: A mug }\n  Mug: { prompt: A mug, alt: A mug }\n`
  const team = `${head}presets: { tile: { width: 20 } }\nassets:\n  mug: { prompt: A mug, alt: A mug }\n`
  expect(resolveFiles(rootText, { 'shop/images.yaml': shop, 'team.yaml': team }).reported).toEqual([
    'shop/images.yaml:3:3 duplicate-name: There are two styles named "brand". → Rename one of them; the other is at images.yaml:3:11.',
    'shop/images.yaml:6:3 duplicate-name: There are two assets named "hero". → Rename one of them; the other is at images.yaml:5:3.',
    'team.yaml:2:12 duplicate-name: There are two presets named "tile". → Rename one of them; the other is at shop/images.yaml:4:12.',
    'team.yaml:4:3 name-collision: "mug" and "Mug" differ only in case: on many disks they are the same file. → Rename one of them. The other is at shop/images.yaml:7:3.',
  ])
})

test('reports keys that only the root can have, whatever their values', () => {
  const shop = `${head}include: x.yaml\nprovider: opnai\nout: public\nprovenance: off\nassets: {}\n`
  const { reported } = resolveFiles(root, { 'shop/images.yaml': shop })
  expect(reported).toEqual(
    ['include', 'provider', 'out', 'provenance'].map(
      (key, index) =>
        `shop/images.yaml:${index + 2}:1 root-only: \`${key}\` is allowed only in the root manifest. → Remove the key from this included file, or move it to the root manifest.`,
    ),
  )
})

test('requires a version and assets in every file', () => {
  expect(
    resolveFiles(root, { 'a.yaml': 'assets: {}\n', 'b.yaml': head, 'c.yaml': '' }).reported.map(
      (line) => line.replace(/ → .*/, ''),
    ),
  ).toEqual([
    'a.yaml:1:1 missing: `version` is missing.',
    'b.yaml:1:1 missing: `assets` is missing.',
    'c.yaml:1:1 empty: The manifest is empty.',
  ])
})

test('points at the file that has a wrong default', () => {
  const rootText = `${root}provider: openai\ndefaults: { size: 1000x1000 }\nassets: {}\n`
  const a = `${head}defaults: { quality: ultra, outputs: [nope] }\nassets:\n  a: { prompt: A, alt: A, size: 1024x1024 }\n`
  const b = `${head}assets:\n  b: { prompt: B, alt: B }\n`
  expect(
    resolveFiles(rootText, { 'a.yaml': a, 'b.yaml': b }).reported.map((line) =>
      line.replace(/: .*/, ''),
    ),
  ).toEqual(['images.yaml:4:19 size', 'a.yaml:2:22 quality', 'a.yaml:2:39 unknown-preset'])
})

test('reports the mistakes of all files, file by file, each from its top', () => {
  const rootText = `${head}include: [a.yaml, nope.yaml, b.yaml]\nassets:\n  hero: { prompt: A, alt: A, qualty: low }\n`
  const a = `${head}assets:\n  a: { prompt: A, alt: A, outputs: [{ widht: 1 }] }\n  a2: { alt: A }\n`
  const b = `${head}assets:\n  b: { prompt: 'A {{thing}}', alt: A }\n`
  const { reported } = resolveFiles(rootText, { 'a.yaml': a, 'b.yaml': b }, [
    { entry: 1, message: 'There is no file nope.yaml.', hint: 'Check the path.' },
  ])
  expect(reported.map((line) => line.replace(/: .*/, ''))).toEqual([
    'images.yaml:2:19 include',
    'images.yaml:4:30 unknown-key',
    'a.yaml:3:39 unknown-key',
    'a.yaml:4:3 missing',
    'b.yaml:3:16 unknown-variable',
  ])
})
