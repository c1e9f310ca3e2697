import { expect, test } from 'vitest'
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
