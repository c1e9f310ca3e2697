import { expect, test } from 'vitest'
import { masterShapeOf, sizeNotes } from './size-notes.ts'
import { createWorld } from './testing.ts'

const project = (outputs: string): ReturnType<typeof createWorld> => {
  const world = createWorld(`version: 1
provider: local
assets: { logo: { source: ./logo.png, alt: A logo, outputs: [${outputs}] } }
`)
  world.lock.assets.clear()
  world.inventory.sources = new Map([['logo.png', { bytes: 1, sha256: 'a'.repeat(64) }]])
  return world
}

function notesOf(outputs: string, width: number, height: number): string[] {
  const world = project(outputs)
  world.inventory.sourceSizes = new Map([['logo.png', { width, height }]])
  return world.plan().notes.map(({ text }) => text)
}

test('notes what a new source loses before anything is cut from it', () => {
  expect(notesOf('{ name: og, width: 1200, height: 630, formats: [webp] }', 200, 200)).toEqual([
    'og is scaled up 6.0× from 200x200. Use a larger `source`, or smaller outputs.',
  ])
  expect(notesOf('{ name: icon, width: 64, height: 64, formats: [png] }', 600, 200)).toEqual([
    'icon keeps 33 % of the picture (600x200). Set `fit: contain` to show all of it, or use a `source` of that shape.',
  ])
  expect(notesOf('favicons', 1800, 600).every((note) => note.includes('keeps 33 %'))).toBe(true)
})

test('measures the enlargement of a picture that is shown whole', () => {
  const contain = '{ name: a, width: 1200, height: 600, fit: contain, formats: [png] }'
  expect(notesOf(contain, 400, 400)).toEqual([
    'a is scaled up 1.5× from 400x400. Use a larger `source`, or smaller outputs.',
  ])
  expect(notesOf(contain, 700, 700)).toEqual([])
  const padded = '{ name: a, width: 1000, height: 1000, padding: 0.25, formats: [png] }'
  expect(notesOf(padded, 500, 500)).toEqual([])
  expect(notesOf(padded, 250, 500)).toEqual([])
})

test.each([
  ['an SVG, which is sharp at every size', 'source: ./logo.svg'],
  ['a source that only shrinks', 'source: ./logo.png'],
])('notes nothing about %s', (_, source) => {
  const outputs = source.endsWith('svg')
    ? '{ name: a, width: 2000, height: 500, formats: [png] }'
    : '{ name: a, width: 2000, formats: [png] }'
  const world = createWorld(
    `version: 1\nprovider: local\nassets: { logo: { ${source}, alt: A, outputs: [${outputs}] } }\n`,
  )
  world.lock.assets.clear()
  const path = source.slice('source: ./'.length)
  world.inventory.sources = new Map([[path, { bytes: 1, sha256: 'a'.repeat(64) }]])
  world.inventory.sourceSizes = new Map([[path, { width: 24, height: 24 }]])
  expect(world.plan().notes).toEqual([])
})

test.each([
  [
    'a size of its own that is too small',
    '512x512',
    false,
    'generated',
    512,
    /Set a larger `size`/,
  ],
  [
    'the largest size of its model',
    '1024x1024',
    true,
    'generated',
    1024,
    /model that supports a larger size/,
  ],
  [
    'an older size than the model would get',
    '1024x1024',
    true,
    'generated',
    512,
    /Set a larger `size`/,
  ],
  ['an adopted picture', '1024x1024', true, 'adopted', 512, /adopt a larger picture/],
  ['a pinned picture', '512x512', false, 'pinned', 512, /adopt a larger picture/],
] as const)('suggests only what can be done about %s', (_, size, isSizeAuto, state, edge, fix) => {
  const world = createWorld(
    'version: 1\nprovider: local\nassets: { a: { prompt: A, alt: A, outputs: [{ name: big, width: 4000, height: 4000, formats: [png] }] } }\n',
  )
  const asset = world.manifest.assets[0]!
  const master = masterShapeOf({ ...asset, size, isSizeAuto }, { width: edge, height: edge }, state)
  const [note, ...others] = sizeNotes(asset.outputs, master)
  expect(note).toMatch(fix)
  if (state !== 'generated') expect(note).not.toContain('`size`')
  expect(others).toEqual([])
})
